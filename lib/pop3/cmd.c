/* cmd.c - see cmd.h */
#include "pop3/cmd.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

/* RFC 1939 section 9; RFC 2449 section 5; STLS (RFC 2595 section 4) is a part of CONNECT. */
static const struct pop3_row rows[] = {
    {MLA_POP3_CMD_CONNECT, "STLS", ROW_BARRIER, BODY_NONE},
    {MLA_POP3_CMD_CAPA, "CAPA", ROW_AUTHORIZATION | ROW_TRANSACTION, BODY_CAPA},
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
    {MLA_POP3_CMD_UTF8, "UTF8", ROW_AUTHORIZATION | ROW_ANNOUNCED, BODY_NONE},
    {MLA_POP3_CMD_LANG, "LANG", ROW_AUTHORIZATION | ROW_TRANSACTION | ROW_ANNOUNCED, BODY_NONE},
    /* a barrier: nobody knows what it does */
    {MLA_POP3_CMD_OTHER, "", ROW_AUTHORIZATION | ROW_TRANSACTION | ROW_BARRIER, BODY_NONE},
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
    cmd->body = row->body;
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

int pop3_queue_insert(struct pop3_queue *q, const struct pop3_row *row, struct pop3_cmd *before,
                      struct pop3_cmd **out)
{
    struct pop3_cmd **at = &q->head;
    struct pop3_cmd *cmd = mem_zero(q->mem, sizeof *cmd);

    if (cmd == NULL)
        return MLA_E_NOMEM;
    cmd->row = row;
    cmd->body = row->body;
    cmd->hidden = 1;
    while (*at != before)
        at = &(*at)->next;
    cmd->next = before;
    *at = cmd;
    if (before == NULL)
        q->tail = cmd;
    *out = cmd;
    return 0;
}

/* A copy that the queue pays for. */
static int hold(struct pop3_queue *q, struct pop3_cmd *cmd, const char *text, char **out)
{
    size_t len;

    if (text == NULL)
        return 0;
    len = strlen(text);
    if (len >= q->max || q->held > q->max - len - 1)
        return MLA_E_LIMIT;
    *out = mem_dup(q->mem, text, len);
    if (*out == NULL)
        return MLA_E_NOMEM;
    q->held += len + 1;
    cmd->cost += len + 1;
    return 0;
}

int pop3_queue_words(struct pop3_queue *q, struct pop3_cmd *cmd, const char *arg,
                     const char *capability)
{
    int rc = hold(q, cmd, arg, &cmd->arg);

    return rc != 0 ? rc : hold(q, cmd, capability, &cmd->capability);
}

static void cmd_free(struct pop3_queue *q, struct pop3_cmd *cmd)
{
    q->held -= cmd->cost;
    sasl_creds_free(&cmd->creds);
    mem_free(q->mem, cmd->arg);
    mem_free(q->mem, cmd->capability);
    mem_free(q->mem, cmd);
}

void pop3_queue_drop(struct pop3_queue *q)
{
    struct pop3_cmd *cmd = q->tail;
    struct pop3_cmd *before = NULL;

    for (struct pop3_cmd *c = q->head; c != cmd; c = c->next)
        before = c;
    if (before != NULL)
        before->next = NULL;
    else
        q->head = NULL;
    q->tail = before;
    cmd_free(q, cmd);
}

void pop3_queue_pop(struct pop3_queue *q)
{
    struct pop3_cmd *cmd = q->head;

    q->head = cmd->next;
    if (q->head == NULL)
        q->tail = NULL;
    cmd_free(q, cmd);
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

int pop3_cmd_is_known(const char *line, size_t len)
{
    static const char *const others[] = {"USER", "PASS", "APOP"};
    const char *blank = memchr(line, ' ', len);
    size_t n = blank != NULL ? (size_t)(blank - line) : len;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(line, n, rows[i].verb))
            return 1;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (ascii_equal_word(line, n, others[i]))
            return 1;
    return 0;
}

static int write_words(const struct pop3_cmd *cmd, struct outq *out)
{
    int rc = outq_add_word(out, cmd->row->verb);

    if (rc == 0 && cmd->row->verb[0] != '\0')
        rc = outq_add_word(out, " ");
    if (rc == 0)
        rc = outq_add_word(out, cmd->arg);
    return rc != 0 ? rc : outq_add_word(out, "\r\n");
}

int pop3_cmd_write(const struct pop3_cmd *cmd, struct outq *out)
{
    char line[8 + 2 * (1 + NUM_U64_DIGITS) + 2];
    char *p = line;

    if (cmd->arg != NULL)
        return write_words(cmd, out);
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
