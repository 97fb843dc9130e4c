/* cmd.c - see cmd.h */
#include "pop3/cmd.h"

#include "base/num.h"

#include <string.h>

/* RFC 1939 section 9; RFC 2449 section 5; STLS (RFC 2595 section 4) is a part of CONNECT. */
static const struct pop3_row rows[] = {
    {MLA_POP3_CMD_CONNECT, "STLS", ROW_BARRIER, BODY_NONE},
    {MLA_POP3_CMD_CAPA, "CAPA", ROW_AUTHORIZATION | ROW_TRANSACTION | ROW_BARRIER, BODY_CAPA},
    {MLA_POP3_CMD_AUTHENTICATE, "AUTH", ROW_AUTHORIZATION | ROW_BARRIER, BODY_NONE},
    {MLA_POP3_CMD_STAT, "STAT", ROW_TRANSACTION, BODY_NONE},
    {MLA_POP3_CMD_LIST, "LIST", ROW_TRANSACTION | ROW_LIST, BODY_ITEMS},
    {MLA_POP3_CMD_UIDL, "UIDL", ROW_TRANSACTION | ROW_LIST | ROW_OPTIONAL, BODY_ITEMS},
    {MLA_POP3_CMD_TOP, "TOP", ROW_TRANSACTION | ROW_NUMBER | ROW_LINES | ROW_OPTIONAL, BODY_DATA},
    {MLA_POP3_CMD_RETR, "RETR", ROW_TRANSACTION | ROW_NUMBER, BODY_DATA},
    {MLA_POP3_CMD_DELE, "DELE", ROW_TRANSACTION | ROW_NUMBER, BODY_NONE},
    {MLA_POP3_CMD_NOOP, "NOOP", ROW_TRANSACTION, BODY_NONE},
    /* a barrier, so that it is known which marks it takes back */
    {MLA_POP3_CMD_RSET, "RSET", ROW_TRANSACTION | ROW_BARRIER, BODY_NONE},
    {MLA_POP3_CMD_QUIT, "QUIT", ROW_AUTHORIZATION | ROW_TRANSACTION, BODY_NONE},
};

const struct pop3_row *pop3_row_of(uint32_t id)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].id == id)
            return &rows[i];
    return NULL;
}

void pop3_queue_init(struct pop3_queue *q, const struct mem *mem, size_t max)
{
    memset(q, 0, sizeof *q);
    q->mem = mem;
    q->max = max;
}

int pop3_queue_push(struct pop3_queue *q, const struct pop3_row *row, struct sasl_creds *creds,
                    struct pop3_cmd **out)
{
    size_t cost = sizeof(struct pop3_cmd) + (creds != NULL ? creds->block_len : 0);
    struct pop3_cmd *cmd;

    if (cost > q->max || q->held > q->max - cost)
        return MLA_E_LIMIT;
    cmd = mem_zero(q->mem, sizeof *cmd);
    if (cmd == NULL)
        return MLA_E_NOMEM;
    cmd->row = row;
    cmd->cost = cost;
    if (creds != NULL) {
        cmd->creds = *creds;
        memset(creds, 0, sizeof *creds);
    }
    if (q->tail != NULL)
        q->tail->next = cmd;
    else
        q->head = cmd;
    q->tail = cmd;
    q->held += cost;
    *out = cmd;
    return 0;
}

void pop3_queue_pop(struct pop3_queue *q)
{
    struct pop3_cmd *cmd = q->head;

    q->head = cmd->next;
    if (q->head == NULL)
        q->tail = NULL;
    q->held -= cmd->cost;
    sasl_creds_free(&cmd->creds);
    mem_free(q->mem, cmd);
}

void pop3_queue_free(struct pop3_queue *q)
{
    while (q->head != NULL)
        pop3_queue_pop(q);
}

/* A space and a number; the end of what was written. */
static char *put_number(char *p, uint32_t value)
{
    *p++ = ' ';
    return p + num_format(p, value);
}

int pop3_cmd_write(const struct pop3_cmd *cmd, struct outq *out)
{
    char line[8 + 2 * (1 + NUM_U64_DIGITS) + 2];
    char *p = line;

    memcpy(p, cmd->row->verb, 4); /* a shorter one has its NUL in there */
    p += strlen(cmd->row->verb);
    if ((cmd->row->flags & (ROW_NUMBER | ROW_LIST)) != 0 && cmd->number != 0)
        p = put_number(p, cmd->number);
    if ((cmd->row->flags & ROW_LINES) != 0)
        p = put_number(p, cmd->lines);
    *p++ = '\r';
    *p++ = '\n';
    return outq_add(out, line, (size_t)(p - line));
}
