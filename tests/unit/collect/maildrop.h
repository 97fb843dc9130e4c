/* maildrop.h - a POP3 server and a store in memory, and a client that collects: whole sessions
 * without I/O, in pieces of any size, on failing memory.
 *
 * Everything that the collector tells is kept as text, one event a line, so a test compares texts.
 */
#ifndef TEST_MAILDROP_H
#define TEST_MAILDROP_H

#include "collect/collect.h"
#include "test.h"

#include <stdio.h>

enum { MAILS = 64, RECORDS = 70, LOG = 20000 };

/* --- the server --- */

struct letter {
    char uidl[1200];
    char text[400];
    int is_marked; /* DELE */
    int is_bad;    /* RETR is refused */
    uint32_t size; /* announced; 0: the right one */
};

struct server {
    struct letter letter[MAILS];
    int count;
    int no_uidl;
    int no_top;
    int no_pipelining;
    int backwards;    /* listings in the other order */
    int uidl_refused; /* announced, and -ERR */
    int dele_refused;
    int expire_zero; /* QUIT deletes what RETR gave out */
    int quit_refused;
    int quit_silent;      /* the line breaks before QUIT's answer: deleted all the same */
    int quit_lost;        /* ... and nothing was deleted */
    int cut_after;        /* the line breaks after so many octets of answers; 0: never */
    const char *odd_line; /* in the LIST listing */
    int closed;
    int answers; /* commands answered */
    int retrs, tops, deles;
    int turns; /* times that the client had to wait */
};

static struct server server;

static inline void put_letter(const char *uidl, const char *text)
{
    struct letter *l = &server.letter[server.count++];

    memset(l, 0, sizeof *l);
    snprintf(l->uidl, sizeof l->uidl, "%s", uidl);
    snprintf(l->text, sizeof l->text, "%s", text);
}

static inline void drop_letter(int i)
{
    server.count--;
    memmove(&server.letter[i], &server.letter[i + 1],
            (size_t)(server.count - i) * sizeof server.letter[0]);
}

/* --- what goes over the line --- */

struct line {
    char out[LOG]; /* of the server */
    size_t out_len;
    char in[4000]; /* of the client */
    size_t in_len;
};

static struct line line;

__attribute__((format(printf, 1, 2))) static inline void answer(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    line.out_len +=
        (size_t)vsnprintf(line.out + line.out_len, sizeof line.out - line.out_len, fmt, ap);
    va_end(ap);
    assert_true(line.out_len < sizeof line.out);
}

static inline uint32_t size_of_letter(const struct letter *l)
{
    return l->size != 0 ? l->size : (uint32_t)strlen(l->text);
}

/* The text with its dots doubled; lines < 0: all of it. */
static inline void answer_text(const char *text, int lines)
{
    int in_body = 0;

    answer("+OK\r\n");
    while (*text != 0) {
        const char *end = strstr(text, "\r\n");
        size_t n = end != NULL ? (size_t)(end - text) + 2 : strlen(text);

        if (in_body && lines >= 0 && in_body++ > lines)
            break;
        answer("%s%.*s", *text == '.' ? "." : "", (int)n, text);
        if (!in_body && n == 2)
            in_body = 1;
        text += n;
    }
    answer(".\r\n");
}

static inline void list(int is_uidl)
{
    answer("+OK\r\n");
    for (int k = 0; k < server.count; k++) {
        int i = server.backwards ? server.count - 1 - k : k;

        if (is_uidl && server.letter[i].uidl[0] != 0)
            answer("%d %s\r\n", i + 1, server.letter[i].uidl);
        else if (!is_uidl)
            answer("%d %u\r\n", i + 1, size_of_letter(&server.letter[i]));
    }
    if (!is_uidl && server.odd_line != NULL)
        answer("%s\r\n", server.odd_line);
    answer(".\r\n");
}

static inline void expunge(void)
{
    for (int i = server.count; i-- > 0;)
        if (server.letter[i].is_marked)
            drop_letter(i);
}

static inline void quit_now(void)
{
    server.closed = 1;
    if (!server.quit_lost && !server.quit_refused)
        expunge();
    if (server.quit_refused)
        answer("-ERR some deleted messages not removed\r\n");
    else if (!server.quit_silent && !server.quit_lost)
        answer("+OK\r\n");
}

static inline void serve(const char *command)
{
    int number = 0;
    int lines = 0;
    struct letter *l = NULL;

    sscanf(command, "%*s %d %d", &number, &lines);
    if (number >= 1 && number <= server.count)
        l = &server.letter[number - 1];
    server.answers++;
    if (strncmp(command, "CAPA", 4) == 0)
        answer("+OK\r\nUSER\r\n%s%s%s%s.\r\n", server.expire_zero ? "EXPIRE 0\r\n" : "",
               server.no_uidl ? "" : "UIDL\r\n", server.no_top ? "" : "TOP\r\n",
               server.no_pipelining ? "" : "PIPELINING\r\n");
    else if (strncmp(command, "UIDL", 4) == 0 && (server.no_uidl || server.uidl_refused))
        answer("-ERR no\r\n");
    else if (strncmp(command, "UIDL", 4) == 0 || strncmp(command, "LIST", 4) == 0)
        list(command[0] == 'U');
    else if (strncmp(command, "QUIT", 4) == 0)
        quit_now();
    else if (strncmp(command, "TOP", 3) == 0 && server.no_top)
        answer("-ERR what?\r\n");
    else if (strncmp(command, "RETR", 4) != 0 && strncmp(command, "TOP", 3) != 0 &&
             strncmp(command, "DELE", 4) != 0)
        answer("+OK\r\n");
    else if (l == NULL || l->is_marked)
        answer("-ERR no such message\r\n");
    else if (command[0] == 'R' && l->is_bad)
        answer("-ERR damaged\r\n");
    else if (command[0] == 'R') {
        server.retrs++;
        answer_text(l->text, -1);
    } else if (command[0] == 'T') {
        server.tops++;
        answer_text(l->text, lines);
    } else if (server.dele_refused)
        answer("-ERR read-only\r\n");
    else {
        server.deles++;
        l->is_marked = 1;
        answer("+OK\r\n");
    }
}

/* --- the store --- */

struct kept {
    mla_seen_record r;
    char id[1100], header[80], note[1100];
    int is_there;
};

static struct kept kept[RECORDS];
static int store_fails_at; /* counts calls; 0: never */
static int store_calls;
static int commits;
static int uncommitted;
static struct mla_seen_store store;

static inline int store_step(void)
{
    return ++store_calls == store_fails_at ? MLA_E_IO : 0;
}

static inline struct kept *kept_of(const void *id, size_t len)
{
    for (int i = 0; i < RECORDS; i++)
        if (kept[i].is_there && kept[i].r.id.len == len && memcmp(kept[i].id, id, len) == 0)
            return &kept[i];
    return NULL;
}

static inline int store_lookup(void *user, const uint8_t *id, size_t len, mla_seen_record *out)
{
    struct kept *k = kept_of(id, len);

    (void)user;
    if (store_step() != 0)
        return MLA_E_IO;
    if (k != NULL)
        *out = k->r;
    return k != NULL;
}

static inline int store_add(void *user, const mla_seen_record *r)
{
    struct kept *k = kept_of(r->id.ptr, r->id.len);
    mla_seen_record in = *r;
    char id[1100], header[80], note[1100];

    (void)user;
    if (store_step() != 0)
        return MLA_E_IO;
    assert_true(in.id.len > 0 && in.id.len <= 1024 && in.header.len <= 64 && in.note.len <= 1024);
    for (int i = 0; k == NULL && i < RECORDS; i++)
        if (!kept[i].is_there)
            k = &kept[i];
    assert_non_null(k);
    memcpy(id, in.id.ptr, in.id.len); /* it may be the record's own */
    if (in.header.len != 0)
        memcpy(header, in.header.ptr, in.header.len);
    if (in.note.len != 0)
        memcpy(note, in.note.ptr, in.note.len);
    memset(k, 0, sizeof *k);
    memcpy(k->id, id, in.id.len);
    memcpy(k->header, header, in.header.len);
    memcpy(k->note, note, in.note.len);
    k->r = in;
    k->r.id.ptr = k->id;
    k->r.header.ptr = in.header.len != 0 ? k->header : NULL;
    k->r.note.ptr = in.note.len != 0 ? k->note : NULL;
    k->is_there = 1;
    uncommitted++;
    return 0;
}

static inline int store_remove(void *user, const uint8_t *id, size_t len)
{
    struct kept *k = kept_of(id, len);

    (void)user;
    if (store_step() != 0)
        return MLA_E_IO;
    if (k != NULL)
        k->is_there = 0;
    uncommitted++;
    return 0;
}

static inline int store_commit(void *user)
{
    (void)user;
    if (store_step() != 0)
        return MLA_E_IO;
    commits++;
    uncommitted = 0;
    return 0;
}

static inline int store_each(void *user, uint64_t *cursor, mla_seen_record *out)
{
    (void)user;
    if (store_step() != 0)
        return MLA_E_IO;
    while (*cursor < RECORDS) {
        struct kept *k = &kept[(*cursor)++];

        if (k->is_there) {
            *out = k->r;
            return 1;
        }
    }
    return 0;
}

static inline int kept_count(void)
{
    int n = 0;

    for (int i = 0; i < RECORDS; i++)
        n += kept[i].is_there;
    return n;
}

/* --- the client --- */

struct client {
    mla_collect_args args;
    size_t piece;   /* octets handed over at a time; 0: all there are */
    int store_none; /* the caller never says that anything is stored */
    int store_late; /* it says so once all has come, in the other order */
    int keep_all;   /* ... that what leaves shall not */
    int close_at;   /* it closes at the n-th event */
    const struct mem *mem;
    char log[LOG];
    char got[MAILS][500]; /* messages that were stored, in this test */
    int got_count;
    int error; /* how the session ended */
    mla_collect_summary sum;
};

static struct client client;
static uint32_t late[MAILS];
static int late_count;
static char coming_text[500];

__attribute__((format(printf, 1, 2))) static inline void tell(const char *fmt, ...)
{
    size_t n = strlen(client.log);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(client.log + n, sizeof client.log - n, fmt, ap);
    va_end(ap);
}

static inline void tell_message(const char *what, const mla_collect_message *m)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } flags[] = {{MLA_COLLECT_TOP, "top"},       {MLA_COLLECT_FULL, "full"},
                 {MLA_COLLECT_SHARED, "shared"}, {MLA_COLLECT_AGAIN, "again"},
                 {MLA_COLLECT_SAME, "same"},     {MLA_COLLECT_LEAVING, "leaving"}};

    tell("%s %u", what, m->number);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (m->flags & flags[i].flag)
            tell(" %s", flags[i].name);
    if (m->reason != 0 && m->reason != MLA_COLLECT_SKIP_KNOWN)
        tell(" reason=%u", m->reason);
    if (m->error != 0)
        tell(" error=%d", m->error);
    if (m->note.len != 0)
        tell(" note=%.*s", (int)m->note.len, m->note.ptr);
    tell("\n");
}

static inline void say_stored(struct collect *c, uint32_t number)
{
    char note[32];
    int n = snprintf(note, sizeof note, "file%u", number);
    int rc = collect_stored(c, number, (mla_str){note, (size_t)n});

    if (rc != 0) {
        tell("stored %u: %d\n", number, rc);
        return;
    }
}

static inline void on_end(struct collect *c, const mla_collect_message *m)
{
    tell_message("end", m);
    if (m->error != 0 || (m->flags & MLA_COLLECT_SAME) != 0) {
        assert_int_equal(collect_stored(c, m->number, (mla_str){NULL, 0}) == 0, 0);
        if (client.keep_all && (m->flags & MLA_COLLECT_LEAVING) != 0)
            assert_int_equal(collect_keep(c, m->number), 0);
        return;
    }
    assert_int_equal(m->octets, strlen(coming_text));
    memcpy(client.got[client.got_count++], coming_text, sizeof coming_text);
    if (client.store_late)
        late[late_count++] = m->number;
    else if (!client.store_none)
        say_stored(c, m->number);
}

static inline void on_event(struct collect *c, const struct mla_collect_event *ev)
{
    static int seen;
    const mla_collect_message *m = &ev->message;

    switch (ev->type) {
    case MLA_COLLECT_EV_PLAN:
        seen = 0;
        tell("plan %u: %u known, %u fresh, %u unsure\n", ev->plan.listed, ev->plan.known,
             ev->plan.fresh, ev->plan.unsure);
        break;
    case MLA_COLLECT_EV_BEGIN:
        coming_text[0] = 0;
        tell_message("begin", m);
        break;
    case MLA_COLLECT_EV_CHUNK:
        assert_int_equal(ev->chunk_offset, strlen(coming_text));
        assert_true(ev->chunk_offset + ev->chunk_len < sizeof coming_text);
        snprintf(coming_text + ev->chunk_offset, sizeof coming_text - ev->chunk_offset, "%.*s",
                 (int)ev->chunk_len, (const char *)ev->chunk);
        return;
    case MLA_COLLECT_EV_END:
        on_end(c, m);
        break;
    case MLA_COLLECT_EV_SKIPPED:
        tell_message("skip", m);
        if (client.keep_all && (m->flags & MLA_COLLECT_LEAVING) != 0)
            assert_int_equal(collect_keep(c, m->number), 0);
        break;
    case MLA_COLLECT_EV_ALL:
        tell("all\n");
        while (late_count > 0)
            say_stored(c, late[--late_count]);
        if (client.close_at == 0)
            assert_int_equal(collect_close(c), 0);
        break;
    case MLA_COLLECT_EV_DELETED:
        tell_message("deleted", m);
        break;
    case MLA_COLLECT_EV_RECONCILED:
        tell_message("reconciled", m);
        break;
    case MLA_COLLECT_EV_WARNING:
        tell("warning %u about %u\n", ev->warning.code, ev->warning.number);
        break;
    case MLA_COLLECT_EV_DONE:
        client.sum = ev->summary;
        tell("done %d\n", ev->summary.error);
        break;
    default:
        fail_msg("an event of type %d", ev->type);
    }
    if (++seen == client.close_at)
        assert_int_equal(collect_close(c), 0);
}

/* Moves octets both ways: 1 when something moved. */
static inline int move(struct engine *port)
{
    const uint8_t *p;
    uint8_t *to;
    size_t n;
    int moved = 0;

    while (outq_peek(&port->out, &p, &n, NULL) == 1) {
        assert_true(line.in_len + n < sizeof line.in);
        memcpy(line.in + line.in_len, p, n);
        line.in_len += n;
        outq_sent(&port->out, n);
        moved = 1;
    }
    if (line.out_len == 0 && line.in_len != 0 && !server.closed) {
        server.turns++;
        while (line.in_len != 0 && !server.closed) {
            char *end = memchr(line.in, '\n', line.in_len);
            char command[300];

            assert_non_null(end);
            n = (size_t)(end - line.in) + 1;
            snprintf(command, sizeof command, "%.*s", (int)n - 2, line.in);
            line.in_len -= n;
            memmove(line.in, line.in + n, line.in_len);
            serve(command);
        }
    }
    n = line.out_len;
    if (client.piece != 0 && n > client.piece)
        n = client.piece;
    if (server.cut_after != 0 && n >= (size_t)server.cut_after) {
        n = (size_t)server.cut_after - 1;
        server.closed = 1;
        line.out_len = n;
    }
    if (n != 0) {
        size_t room;

        if (inbuf_room(&port->in, &to, &room) != 0)
            return 0;
        n = n < room ? n : room;
        memcpy(to, line.out, n);
        line.out_len -= n;
        memmove(line.out, line.out + n, line.out_len);
        engine_got(port, n);
        if (server.cut_after != 0)
            server.cut_after -= (int)n;
        return n != 0 || moved;
    }
    if (server.closed && port->dead == 0) {
        port->ops->eof(port, 1);
        return 1;
    }
    return moved;
}

/* 1 once logged in. */
static inline int log_in(struct pop3_engine *engine)
{
    struct engine *port = pop3_engine_port(engine);
    mla_credentials in = {.user = "u", .password = "p", .password_len = 1};
    struct sasl_creds creds = {0};
    uint64_t t;

    if (pop3_engine_start(engine, 2, "h", 110, &t, NULL) != 0 || port->ops->connected(port) != 0 ||
        sasl_creds_copy(&creds, client.mem, &in, NULL) != 0)
        return 0;
    if (pop3_engine_authenticate(engine, &creds, &t, NULL) != 0) {
        sasl_creds_free(&creds);
        return 0;
    }
    answer("+OK\r\n");
    for (;;) {
        const struct mla_pop3_event *ev;
        int rc = pop3_engine_next(engine, &ev);

        if (rc < 0)
            return 0;
        if (rc == 1 && ev->type == MLA_POP3_EV_DONE && ev->ticket == t)
            return ev->done.error == 0;
        if (rc == 0 && !move(port))
            return 0;
    }
}

static inline void work(struct pop3_engine *engine, struct collect *c)
{
    for (;;) {
        const struct mla_collect_event *out;
        const struct mla_pop3_event *ev;
        int rc = collect_own(c, &out);

        if (rc == 1) {
            on_event(c, out);
            continue;
        }
        if (collect_is_over(c, &client.error))
            return;
        rc = pop3_engine_next(engine, &ev);
        if (rc < 0) {
            collect_dead(c, &pop3_engine_port(engine)->why);
        } else if (rc == 1) {
            if (collect_take(c, ev, &out))
                on_event(c, out);
        } else if (!move(pop3_engine_port(engine))) {
            assert_false(collect_is_idle(c));
            tell("stuck\n");
            return;
        }
    }
}

/* One session from the greeting to its end; 1 when the collector could begin. */
static inline int session(void)
{
    struct pop3_config cfg = {0};
    struct pop3_engine *engine;
    struct collect *c;
    int began = 0;

    server.closed = server.turns = server.answers = server.retrs = server.tops = server.deles = 0;
    for (int i = 0; i < server.count; i++)
        server.letter[i].is_marked = 0;
    line.out_len = line.in_len = 0;
    client.log[0] = 0;
    client.got_count = late_count = 0;
    client.error = 1;
    memset(&client.sum, 0, sizeof client.sum);
    if (client.mem == NULL)
        client.mem = mem_default();
    cfg.mem = client.mem;
    cfg.in_first = 4096;
    cfg.response_max = 100000;
    cfg.words_max = 20;
    cfg.queue_max = 1000000;
    cfg.cleartext = 1;
    store = (mla_seen_store){sizeof store, 0,         NULL, store_lookup, store_add, store_remove,
                             store_commit, store_each};
    client.args.struct_size = sizeof client.args;
    client.args.store = &store;
    if (client.args.now_s == 0)
        client.args.now_s = 1700000000;
    if (pop3_engine_new(&cfg, &engine) != 0)
        return 0;
    if (log_in(engine) && collect_new(client.mem, engine, &client.args, &c, NULL) == 0) {
        server.turns = 0;
        began = 1;
        work(engine, c);
        collect_free(c);
    }
    pop3_engine_free(engine);
    return began;
}

/* The session says exactly this. */
static inline void session_is(const char *want)
{
    assert_true(session());
    if (strcmp(client.log, want) != 0) {
        print_error("%s", client.log);
        fail_msg("instead of:\n%s", want);
    }
}

static inline void reset(void)
{
    memset(&server, 0, sizeof server);
    memset(&client, 0, sizeof client);
    for (int i = 0; i < RECORDS; i++)
        kept[i].is_there = 0;
    store_fails_at = store_calls = commits = uncommitted = 0;
}

#endif
