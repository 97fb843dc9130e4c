/* answer.c - octets to events: see inside.h */
#include "pop3/inside.h"

#include "base/fail.h"
#include "base/reason.h"
#include "base/slice.h"

#include <string.h>

static const char NOT_ASKED[] = "an answer that no command asked for";

/* --- lines --- */

/* The first line of the input, not taken yet: 1, or 0 when it has no end. */
static int peek_line(struct pop3_engine *e, struct pop3_line *out)
{
    size_t n = inbuf_len(&e->port.in);
    const uint8_t *p;
    const uint8_t *lf;

    if (n == e->scanned)
        return 0;
    p = inbuf_data(&e->port.in);
    lf = memchr(p + e->scanned, '\n', n - e->scanned);
    if (lf == NULL) {
        e->scanned = n;
        return 0;
    }
    out->ptr = p;
    out->total = (size_t)(lf - p) + 1;
    out->bare = lf == p || lf[-1] != '\r';
    out->len = out->total - 1 - !out->bare;
    return 1;
}

static void take_line(struct pop3_engine *e, const struct pop3_line *line)
{
    inbuf_take(&e->port.in, line->total);
    e->scanned = 0;
}

/* The text of the line, made safe, in case the connection ends with it. */
static void keep_last_words(struct pop3_engine *e, const struct pop3_reply *r)
{
    memset(&e->last_words, 0, sizeof e->last_words);
    if (r->status == REPLY_ERR && r->text.len != 0)
        fail(&e->last_words, MLA_E_CLOSED, "%.*s", (int)(r->text.len < 150 ? r->text.len : 150),
             r->text.ptr);
}

/* Reads a status line. A server that repeats a secret says it to nobody else through us; numbers
 * and names behind +OK are no text (STAT, LIST, UIDL). cmd NULL: no command asked for it. */
static void read_reply(struct pop3_engine *e, const struct pop3_cmd *cmd,
                       const struct pop3_line *line)
{
    struct pop3_reply *r = &e->reply;

    pop3_reply_parse(line->ptr, line->len, r);
    if (r->status == REPLY_OK && cmd != NULL &&
        ((cmd->row->flags & ROW_LIST) != 0 || cmd->row->id == MLA_POP3_CMD_STAT))
        return;
    if (r->status == REPLY_OK || r->status == REPLY_ERR)
        engine_hide(&e->port, r->text);
    if (r->code == MLA_POP3_CODE_OTHER)
        engine_hide(&e->port, r->code_raw);
}

/* The server ends the session with e->reply. */
static void note_farewell(struct pop3_engine *e)
{
    if (e->security != 1 || e->tls) /* else anybody may have written it (T16) */
        e->said = pop3_reason_of(&e->reply,
                                 REASON_BYE | (e->state < POP3_TRANSACTION ? REASON_LOGIN : 0U));
}

/* --- octets without a command --- */

/* Only a server that is about to leave may speak up: "-ERR idle for too long". */
static int read_unasked(struct pop3_engine *e)
{
    struct pop3_line line;

    if (inbuf_len(&e->port.in) == 0)
        return 0;
    if (*inbuf_data(&e->port.in) != '-')
        return pop3_fatal(e, MLA_E_PROTOCOL, "%s", NOT_ASKED);
    if (!peek_line(e, &line)) {
        e->unasked = 1; /* it began before any command could be its cause, and stays that */
        pace_expect(&e->port.pace, e->port.now_ms); /* its end is due */
        return 0;
    }
    read_reply(e, NULL, &line);
    if (e->reply.status != REPLY_ERR)
        return pop3_fatal(e, MLA_E_PROTOCOL, "%s", NOT_ASKED);
    keep_last_words(e, &e->reply);
    note_farewell(e);
    /* What came by eof() meanwhile says the same. */
    e->port.dead = 0;
    memset(&e->port.why, 0, sizeof e->port.why);
    return pop3_fatal(e, MLA_E_CLOSED, "the server closed the connection");
}

/* --- the connection --- */

static int read_greeting(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    mla_pop3_greeting *g = &e->ev.greeting;

    if (e->reply.status == REPLY_ERR) {
        note_farewell(e);
        return pop3_fatal(e, MLA_E_CLOSED, "the server refuses service");
    }
    if (e->reply.status != REPLY_OK)
        return pop3_fatal(e, MLA_E_PROTOCOL, "this is not the greeting of a POP3 server");
    g->struct_size = sizeof *g;
    g->is_tls = e->tls != 0;
    g->text = e->reply.text;
    sasl_bindings_known(&e->bindings, g->text, &e->is_cyrus);
    if (pop3_reply_stamp(g->text, &g->stamp) && buf_add(&e->stamp, g->stamp.ptr, g->stamp.len) != 0)
        return pop3_fatal(e, MLA_E_NOMEM, "out of memory for the greeting");
    e->ev.type = MLA_POP3_EV_GREETING;
    e->ev.ticket = cmd->ticket;
    pace_answered(&e->port.pace, e->port.now_ms, 0);
    e->link = e->security == 1 ? LINK_GREETED : LINK_UP;
    return 1;
}

static int send_stls(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    /* More than a greeting came: an answer guessed ahead (T10), or a farewell. */
    if (inbuf_len(&e->port.in) != 0)
        return read_unasked(e);
    e->link = LINK_STLS;
    return pop3_wrote(e, cmd, outq_add_word(&e->port.out, "STLS\r\n"));
}

/* The answer to STLS (RFC 2595 section 4). */
static int read_stls(struct pop3_engine *e)
{
    if (e->reply.status == REPLY_ERR)
        return pop3_fatal(e, MLA_E_INSECURE, "the server does not begin TLS");
    if (e->reply.status != REPLY_OK)
        return pop3_fatal(e, MLA_E_PROTOCOL, "neither yes nor no to STLS");
    e->link = LINK_HANDSHAKE;
    return 0;
}

static int read_link(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    return e->link == LINK_GREETING ? read_greeting(e, cmd) : read_stls(e);
}

/* --- status lines --- */

static mla_str no_text(void)
{
    return (mla_str){NULL, 0};
}

static void fill_done(struct pop3_engine *e)
{
    mla_pop3_done *done = &e->ev.done;

    done->status = (uint32_t)e->reply.status;
    done->is_tls = e->tls != 0;
    done->code = e->reply.code;
    done->code_raw = e->reply.code_raw;
}

/* An optional command that was not announced was tried and is refused: it is not there, and is not
 * tried again. About a single message UIDL may be refused for other reasons; where it was answered
 * before, or the server says by a code what the matter is, it is there. */
static int is_missing(struct pop3_engine *e, const struct pop3_cmd *cmd)
{
    int is_top = cmd->row->id == MLA_POP3_CMD_TOP;

    if ((cmd->row->flags & ROW_OPTIONAL) == 0 || e->caps.state == CAPS_UNKNOWN ||
        pop3_caps_has(&e->caps, cmd->row->verb, NULL) || (is_top ? e->top_works : e->uidl_works) ||
        e->reply.code > MLA_POP3_CODE_OTHER)
        return 0;
    if (is_top)
        e->no_top = 1;
    else if (cmd->number == 0)
        e->no_uidl = 1;
    return 1;
}

/* -ERR to a command. */
static int read_refusal(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    int error;

    /* after the log-in what is known stays known */
    if (cmd->row->id == MLA_POP3_CMD_CAPA && e->caps.state == CAPS_UNKNOWN)
        pop3_caps_refused(&e->caps);
    if (cmd->row->id == MLA_POP3_CMD_DELE)
        e->deleted--;
    if (cmd->row->id == MLA_POP3_CMD_QUIT)
        e->state = POP3_UPDATE;
    error = is_missing(e, cmd) ? MLA_E_UNSUPPORTED : pop3_reason_note(e, 0, MLA_E_NO);
    return pop3_end(e, error, e->reply.text);
}

/* More events come before DONE: its text is kept, since the buffer may move meanwhile. */
static int keep_status(struct pop3_engine *e)
{
    buf_clear(&e->status);
    if (e->reply.text.len != 0 && buf_add(&e->status, e->reply.text.ptr, e->reply.text.len) != 0)
        return pop3_fatal(e, MLA_E_NOMEM, "out of memory for an answer");
    return 0;
}

/* The server said yes and gave nothing that can be read, or about another message. */
static int end_unread(struct pop3_engine *e)
{
    e->valued = 0;
    return pop3_end(e, MLA_E_SYNTAX, e->reply.text);
}

/* A tag and what is behind it (RFC 6856 section 3.2): 1 and an event, or 0. */
static int read_language(struct pop3_engine *e, const struct pop3_cmd *cmd, mla_str text,
                         int is_selected)
{
    mla_pop3_language *l = &e->ev.language;
    struct slice s = slice_of(text.ptr, text.len);
    struct slice tag;

    slice_skip_spaces(&s);
    tag = slice_until(&s, ' ');
    if (tag.p == tag.end)
        return 0;
    slice_skip_spaces(&s);
    l->struct_size = sizeof *l;
    l->is_selected = is_selected != 0;
    l->tag = (mla_str){(const char *)tag.p, slice_left(&tag)};
    l->text = (mla_str){(const char *)s.p, slice_left(&s)};
    e->ev.type = MLA_POP3_EV_LANGUAGE;
    e->ev.ticket = cmd->ticket;
    return 1;
}

/* +OK to STAT or LANG, or to LIST or UIDL about one message. 1: an event, the command's DONE
 * follows. */
static int read_values(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    mla_pop3_item item;

    if (keep_status(e) != 0)
        return e->port.dead;
    e->valued = 1;
    if (cmd->row->id == MLA_POP3_CMD_STAT) {
        if (!pop3_reply_stat(e->reply.text, &e->ev.stat))
            return end_unread(e);
        e->ev.type = MLA_POP3_EV_STAT;
        e->ev.ticket = cmd->ticket;
        return 1;
    }
    if (cmd->row->id == MLA_POP3_CMD_LANG)
        return read_language(e, cmd, e->reply.text, 1) ? 1 : end_unread(e);
    if (!pop3_reply_item(e->reply.text, cmd->row->id == MLA_POP3_CMD_UIDL, &item) ||
        item.number != cmd->number)
        return end_unread(e);
    e->items[0] = item;
    e->ev.type = MLA_POP3_EV_ITEM;
    e->ev.ticket = cmd->ticket;
    e->ev.items = e->items;
    e->ev.item_count = 1;
    return 1;
}

/* The room for listings, made when the first one comes. */
static int need_items(struct pop3_engine *e)
{
    if (e->items == NULL)
        e->items = mem_array(e->cfg.mem, POP3_ITEMS, sizeof *e->items);
    if (e->items == NULL)
        return pop3_fatal(e, MLA_E_NOMEM, "out of memory for a listing");
    return 0;
}

/* A body follows. */
static int begin_body(struct pop3_engine *e, struct pop3_cmd *cmd, const struct pop3_line *line)
{
    e->body = cmd->row->id == MLA_POP3_CMD_AUTHENTICATE ? BODY_CAPA : cmd->body;
    e->body_offset = 0;
    e->listed = 0;
    dotline_begin(&e->dot, line->bare);
    pop3_caps_clear(&e->caps_next);
    if (keep_status(e) != 0)
        return e->port.dead;
    /* Long data has a pace of its own; a capability list is an answer like others. */
    if (e->body != BODY_CAPA)
        pace_bulk(&e->port.pace, e->port.now_ms, 1);
    return e->body == BODY_ITEMS ? need_items(e) : 0;
}

static int read_ok(struct pop3_engine *e, struct pop3_cmd *cmd, const struct pop3_line *line)
{
    int one = (cmd->row->flags & ROW_LIST) != 0 && cmd->number != 0;

    if (cmd->row->id == MLA_POP3_CMD_TOP)
        e->top_works = 1;
    if (cmd->row->id == MLA_POP3_CMD_UIDL)
        e->uidl_works = 1;
    if (cmd->body != BODY_NONE && !one)
        return begin_body(e, cmd, line);
    if (one && need_items(e) != 0)
        return e->port.dead;
    if (one || cmd->row->id == MLA_POP3_CMD_STAT || cmd->row->id == MLA_POP3_CMD_LANG)
        return read_values(e, cmd);
    if (cmd->row->id == MLA_POP3_CMD_UTF8)
        e->utf8 = 1;
    if (cmd->row->id == MLA_POP3_CMD_RSET)
        e->deleted = 0;
    if (cmd->row->id == MLA_POP3_CMD_QUIT)
        e->state = POP3_UPDATE;
    return pop3_end(e, 0, e->reply.text);
}

/* The status line of the first command of the queue. */
static int read_status(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct pop3_line line;
    int rc;

    if (inbuf_len(&e->port.in) == 0)
        return 0;
    if (e->port.out.sent < cmd->wire_end)
        return read_unasked(e);
    if (!peek_line(e, &line))
        return 0;
    take_line(e, &line);
    e->line = line;
    read_reply(e, cmd, &line);
    keep_last_words(e, &e->reply);
    /* One command of ours may be several answers: each has its own time. */
    pace_answered(&e->port.pace, e->port.now_ms, 1);
    if (e->link != LINK_DONE)
        return read_link(e, cmd);
    if (e->reply.status == REPLY_OTHER)
        return pop3_fatal(e, MLA_E_PROTOCOL, "the answer to %s is neither yes nor no",
                          cmd->row->verb);
    fill_done(e);
    if (cmd->row->id == MLA_POP3_CMD_AUTHENTICATE) {
        rc = pop3_auth_answer(e, cmd);
        if (rc == 0 && e->body == BODY_CAPA)
            rc = begin_body(e, cmd, &line);
        return rc;
    }
    if (e->reply.status == REPLY_MORE)
        return pop3_fatal(e, MLA_E_PROTOCOL, "a challenge that no command asked for");
    return e->reply.status == REPLY_OK ? read_ok(e, cmd, &line) : read_refusal(e, cmd);
}

/* --- bodies --- */

static mla_str status_text(struct pop3_engine *e)
{
    mla_str text = {(const char *)e->status.ptr, e->status.len};

    return e->status.len == 0 ? no_text() : text;
}

static int end_body(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    enum pop3_body body = e->body;

    e->body = BODY_NONE;
    pace_bulk(&e->port.pace, e->port.now_ms, 0);
    if (body == BODY_CAPA) {
        e->caps_next.state = CAPS_KNOWN;
        if (pop3_caps_read(&e->caps_next, (uint32_t)e->state) != 0)
            return pop3_fatal(e, MLA_E_NOMEM, "out of memory for capabilities");
        pop3_caps_replace(&e->caps, &e->caps_next);
        if (cmd->row->id == MLA_POP3_CMD_AUTHENTICATE)
            return pop3_auth_capa(e, cmd);
    }
    e->ev.done.status = REPLY_OK;
    e->ev.done.is_tls = e->tls != 0;
    return pop3_end(e, 0, status_text(e));
}

/* Is the line the end of the listing? Line ends count as wire/dotline says. */
static int is_end(const struct pop3_engine *e, const struct pop3_line *line)
{
    return line->len == 1 && line->ptr[0] == '.' && (!line->bare || e->dot.lf_only);
}

/* Dots undone, and the line ends counted. */
static void undot(struct pop3_engine *e, struct pop3_line *line)
{
    if (!line->bare)
        e->dot.lf_only = 0;
    if (line->len != 0 && line->ptr[0] == '.') {
        line->ptr++;
        line->len--;
    }
}

static int read_capa(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct pop3_line line;

    while (peek_line(e, &line)) {
        int rc;

        take_line(e, &line);
        if (is_end(e, &line))
            return end_body(e, cmd);
        undot(e, &line);
        rc = pop3_caps_add(&e->caps_next, line.ptr, line.len);
        if (rc != 0)
            return pop3_fatal(e, rc,
                              rc == MLA_E_FLOOD ? "too many capabilities"
                                                : "out of memory for capabilities");
    }
    return 0;
}

static int warn(struct pop3_engine *e, struct pop3_cmd *cmd, const struct pop3_line *line)
{
    mla_pop3_warning *w = &e->ev.warning;

    e->ev.type = MLA_POP3_EV_WARNING;
    e->ev.ticket = cmd->ticket;
    w->struct_size = sizeof *w;
    w->code = MLA_POP3_WARNING_LINE;
    w->raw = (mla_str){(const char *)line->ptr, line->len};
    return 1;
}

/* As many lines as there are, up to the room of one event. A line that cannot be read comes as an
 * event of its own, and costs none of the others. */
static int read_items(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    int is_uidl = cmd->row->id == MLA_POP3_CMD_UIDL;
    struct pop3_line line;
    uint32_t n = 0;

    while (n < POP3_ITEMS && peek_line(e, &line)) {
        struct pop3_line text = line;
        int good;

        if (is_end(e, &line)) {
            if (n != 0)
                break;
            take_line(e, &line);
            return end_body(e, cmd);
        }
        if (text.ptr[0] == '.' && text.len != 0) {
            text.ptr++;
            text.len--;
        }
        good = pop3_reply_item((mla_str){(const char *)text.ptr, text.len}, is_uidl, &e->items[n]);
        if (!good && n != 0)
            break;
        take_line(e, &line);
        if (!line.bare)
            e->dot.lf_only = 0;
        if (++e->listed > e->cfg.listing_max)
            return pop3_fatal(e, MLA_E_FLOOD, "a listing of more than %llu lines",
                              (unsigned long long)e->cfg.listing_max);
        if (!good)
            return warn(e, cmd, &text);
        n++;
    }
    if (n == 0)
        return 0;
    e->ev.type = MLA_POP3_EV_ITEM;
    e->ev.ticket = cmd->ticket;
    e->ev.items = e->items;
    e->ev.item_count = n;
    return 1;
}

static int read_langs(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct pop3_line line;

    if (!peek_line(e, &line))
        return 0;
    take_line(e, &line);
    if (is_end(e, &line))
        return end_body(e, cmd);
    undot(e, &line);
    if (++e->listed > e->cfg.listing_max)
        return pop3_fatal(e, MLA_E_FLOOD, "too many languages");
    if (!read_language(e, cmd, (mla_str){(const char *)line.ptr, line.len}, 0))
        return warn(e, cmd, &line);
    return 1;
}

static int read_data(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct inbuf *in = &e->port.in;
    size_t used = 0;
    int rc;

    if (inbuf_len(in) == 0)
        return 0;
    rc =
        dotline_next(&e->dot, inbuf_data(in), inbuf_len(in), &e->ev.chunk, &e->ev.chunk_len, &used);
    if (rc == DOTLINE_MORE)
        return 0;
    inbuf_take(in, used);
    if (rc == DOTLINE_END)
        return end_body(e, cmd);
    e->ev.type = MLA_POP3_EV_CHUNK;
    e->ev.ticket = cmd->ticket;
    e->ev.chunk_offset = e->body_offset;
    e->body_offset += e->ev.chunk_len;
    return 1;
}

static int read_body(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    switch (e->body) {
    case BODY_CAPA:
        return read_capa(e, cmd);
    case BODY_ITEMS:
        return read_items(e, cmd);
    case BODY_DATA:
        return read_data(e, cmd);
    case BODY_LANGS:
        return read_langs(e, cmd);
    case BODY_NONE:
        break;
    }
    return 0;
}

/* --- one step --- */

/* A command that ends without the server having been asked. */
static int end_refused(struct pop3_engine *e, const struct pop3_cmd *cmd)
{
    memset(&e->ev, 0, sizeof e->ev);
    memset(&e->text, 0, sizeof e->text);
    fail(&e->text, cmd->error, "%s", cmd->why);
    return pop3_end(e, cmd->error, (mla_str){e->text.message, strlen(e->text.message)});
}

static int end_valued(struct pop3_engine *e)
{
    e->valued = 0;
    e->ev.done.status = REPLY_OK;
    e->ev.done.is_tls = e->tls != 0;
    return pop3_end(e, 0, status_text(e));
}

static int read_step(struct pop3_engine *e)
{
    struct pop3_cmd *cmd = e->queue.head;

    if (e->unasked)
        return read_unasked(e);
    /* An honest server says nothing more in clear behind the +OK of STLS; the octets are meant to
     * be taken for answers that came under TLS (T07, T14). */
    if (e->link == LINK_HANDSHAKE)
        return inbuf_len(&e->port.in) == 0
                   ? 0
                   : pop3_fatal(e, MLA_E_PROTOCOL,
                                "octets were injected in clear before TLS began");
    if (e->link == LINK_GREETED)
        return send_stls(e, cmd);
    if (e->link == LINK_UP) {
        e->link = LINK_DONE;
        e->state = POP3_AUTHORIZATION;
        return pop3_end(e, 0, no_text());
    }
    if (cmd != NULL && cmd->stage == CMD_ENDED)
        return end_refused(e, cmd);
    if (cmd == NULL || cmd->stage == CMD_WAITING)
        return read_unasked(e);
    if (e->valued)
        return end_valued(e);
    if (e->auth.stage == AUTH_ASK)
        return pop3_auth_ask(e, cmd);
    if (e->auth.stage == AUTH_AGAIN && pop3_auth_again(e, cmd) < 0)
        return e->port.dead;
    return e->body != BODY_NONE ? read_body(e, cmd) : read_status(e, cmd);
}

int pop3_read(struct pop3_engine *e)
{
    struct inbuf *in = &e->port.in;

    for (;;) {
        uint64_t taken = in->taken;
        uint64_t ended = e->ended;
        int rc;

        if (e->state == POP3_UPDATE) {
            inbuf_take(in, inbuf_len(in)); /* whatever comes behind QUIT */
            return 0;
        }
        rc = read_step(e);
        if (rc != 0 || (in->taken == taken && e->ended == ended))
            return rc;
    }
}
