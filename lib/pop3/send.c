/* send.c - which command may be sent when: see inside.h */
#include "pop3/inside.h"

#include "base/fail.h"

static uint32_t state_flag(int state)
{
    return state == POP3_AUTHORIZATION ? ROW_AUTHORIZATION
           : state == POP3_TRANSACTION ? ROW_TRANSACTION
                                       : 0;
}

void pop3_predict(struct pop3_engine *e)
{
    int state = e->state == POP3_START ? POP3_AUTHORIZATION : e->state;

    for (const struct pop3_cmd *c = e->queue.head; c != NULL; c = c->next) {
        if (c->stage == CMD_ENDED)
            continue;
        if (c->row->id == MLA_POP3_CMD_AUTHENTICATE)
            state = POP3_TRANSACTION;
        else if (c->row->id == MLA_POP3_CMD_QUIT)
            state = POP3_UPDATE;
    }
    e->predicted = state;
}

int pop3_wrote(struct pop3_engine *e, struct pop3_cmd *cmd, int rc)
{
    if (rc != 0)
        return pop3_fatal(e, rc == MLA_E_NOMEM ? MLA_E_NOMEM : MLA_E_INTERNAL,
                          "no room for %s to be sent", cmd->row->verb);
    cmd->wire_end = e->port.out.added;
    pace_expect(&e->port.pace, e->port.now_ms);
    pace_command(&e->port.pace, e->port.now_ms, 1); /* nothing changes where one is under way */
    return 0;
}

/* Is what it needs announced? */
static int is_announced(const struct pop3_engine *e, const struct pop3_cmd *cmd)
{
    if ((cmd->row->flags & ROW_ANNOUNCED) != 0 && !pop3_caps_has(&e->caps, cmd->row->verb, NULL))
        return 0;
    return cmd->capability == NULL || pop3_caps_has(&e->caps, cmd->capability, NULL);
}

/* A command that cannot be sent any more: 1, and it ends without. */
static int refuse(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    if ((cmd->row->flags & state_flag(e->state)) == 0) {
        cmd->error = MLA_E_STATE;
        cmd->why = "it needs a log-in, which failed";
    } else if ((cmd->row->id == MLA_POP3_CMD_UIDL && e->no_uidl) ||
               (cmd->row->id == MLA_POP3_CMD_TOP && e->no_top) || !is_announced(e, cmd)) {
        cmd->error = MLA_E_UNSUPPORTED;
        cmd->why = "the server does not have it";
    } else {
        return 0;
    }
    cmd->stage = CMD_ENDED;
    return 1;
}

/* Must the capabilities be known before it can be judged? */
static int asks_first(const struct pop3_engine *e, const struct pop3_cmd *cmd)
{
    return e->caps.state == CAPS_UNKNOWN &&
           ((cmd->row->flags & ROW_ANNOUNCED) != 0 || cmd->capability != NULL);
}

int pop3_ask_capabilities(struct pop3_engine *e)
{
    struct pop3_cmd *cmd;

    if (pop3_queue_insert(&e->queue, pop3_row_of(MLA_POP3_CMD_CAPA), e->waiting, &cmd) != 0)
        return pop3_fatal(e, MLA_E_NOMEM, "out of memory for a command");
    e->waiting = cmd;
    return 0;
}

/* May cmd join what is under way? */
static int may_send(const struct pop3_engine *e, const struct pop3_cmd *cmd)
{
    /* Octets that nobody asked for are there: what follows could be taken for an answer (P11). */
    if (e->in_flight == 0)
        return inbuf_len(&e->port.in) == 0;
    return !e->barrier && (cmd->row->flags & ROW_BARRIER) == 0 && e->state == POP3_TRANSACTION &&
           e->flight_octets < POP3_FLIGHT && pop3_caps_has(&e->caps, "PIPELINING", NULL);
}

static int send_one(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    uint64_t before = e->port.out.added;
    int rc;

    cmd->stage = CMD_SENT;
    e->in_flight++;
    e->barrier = (cmd->row->flags & ROW_BARRIER) != 0;
    if (cmd->row->id == MLA_POP3_CMD_AUTHENTICATE)
        return pop3_auth_begin(e, cmd);
    rc = pop3_wrote(e, cmd, pop3_cmd_write(cmd, &e->port.out));
    cmd->octets = (size_t)(e->port.out.added - before);
    e->flight_octets += cmd->octets;
    if (cmd->row->id == MLA_POP3_CMD_DELE)
        e->deleted++;
    return rc;
}

int pop3_pump(struct pop3_engine *e)
{
    int rc = e->port.dead;

    while (rc >= 0 && e->waiting != NULL && e->link == LINK_DONE) {
        struct pop3_cmd *cmd = e->waiting;

        /* Only a barrier changes the state, so it is certain once none is under way. */
        if (e->barrier || (e->in_flight != 0 && !may_send(e, cmd)))
            break;
        if (asks_first(e, cmd)) {
            rc = pop3_ask_capabilities(e);
            continue;
        }
        if (!refuse(e, cmd)) {
            if (!may_send(e, cmd))
                break;
            rc = send_one(e, cmd);
        }
        e->waiting = cmd->next;
    }
    return rc < 0 ? rc : 0;
}
