/* oom_collect.c - a maildrop is collected, on failing memory: whatever fails, what a session has
 * said to be stored comes no second time, and in the end everything was stored. */
#include "oom.h"

#include <mailaccess/collect.h>
#include <mailaccess/pop3.h>
#include <mailaccess/seen.h>

#include <unistd.h>

static const struct {
    const char *verb;
    const char *answer;
} answers[] = {
    {"CAPA", "+OK\r\nUSER\r\nSASL PLAIN\r\nUIDL\r\nTOP\r\nPIPELINING\r\n.\r\n"},
    {"AUTH", "+OK welcome\r\n"},
    {"LIST", "+OK\r\n1 24\r\n2 17\r\n3 24\r\n.\r\n"},
    {"UIDL", "+OK\r\n2 second\r\n1 first\r\n3 first\r\n.\r\n"},
    {"TOP", "+OK\r\nSubject: x\r\n\r\n.\r\n"},
    {"RETR", "+OK\r\nSubject: x\r\n\r\n..dot\r\nend\r\n.\r\n"},
    {"DELE", "+OK marked\r\n"},
    {"QUIT", "+OK until later\r\n"},
};

static char path[] = "/tmp/oom-collect-XXXXXX";

struct talk {
    mla_pop3 *s;
    mla_collect *c;
    int is_over;
};

static int saw_message(struct oom *o, struct talk *t, int32_t type, const mla_collect_message *m)
{
    oom_saw_number(o, m->number);
    oom_saw_number(o, m->flags);
    oom_saw_number(o, m->note.len);
    if (m->id.ptr != NULL)
        oom_saw(o, m->id.ptr, m->id.len);
    if (type != MLA_COLLECT_EV_END)
        return 1;
    oom_good(o, "END", m->error);
    return m->error != 0 || oom_good(o, "stored", mla_collect_stored(t->c, m->number, "a file"));
}

/* Reads what there is: before the log-in the session's own events, then the collector's. */
static int drain(struct oom *o, void *user)
{
    struct talk *t = user;
    const mla_collect_event *ev;
    const mla_pop3_event *pev;
    int rc;

    if (t->c == NULL) {
        while ((rc = mla_pop3_next(t->s, &pev)) == 1)
            if (mla_pop3_event_done(pev) != NULL)
                oom_good(o, "DONE", mla_pop3_event_done(pev)->error);
        return oom_good(o, "next", rc);
    }
    while ((rc = mla_collect_next(t->c, &ev)) == 1) {
        int32_t type = mla_collect_event_type(ev);
        const mla_collect_message *m = mla_collect_event_message(ev);
        size_t n;
        const uint8_t *chunk = mla_collect_event_chunk(ev, &n, NULL);

        oom_saw_number(o, (uint64_t)type);
        if (chunk != NULL)
            oom_saw(o, chunk, n);
        else if (m != NULL && !saw_message(o, t, type, m))
            return 0;
        if (type == MLA_COLLECT_EV_ALL && !oom_good(o, "close", mla_collect_close(t->c)))
            return 0;
        t->is_over = type == MLA_COLLECT_EV_DONE;
    }
    return oom_good(o, "collect_next", rc);
}

static int say(struct oom *o, struct talk *t, const char *text)
{
    return oom_feed(o, mla_pop3_session(t->s), text, strlen(text), drain, t);
}

/* Answers the client's first line: 1 done, 0 there is none, -1 the session is over. */
static int answer(struct oom *o, struct talk *t)
{
    char line[1024];
    size_t n = oom_line(o);

    if (n == 0)
        return 0;
    if (n >= sizeof line)
        return -1;
    memcpy(line, o->in, n);
    line[n] = '\0';
    oom_eat(o, n);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (strncmp(line, answers[i].verb, strlen(answers[i].verb)) == 0)
            return say(o, t, answers[i].answer) ? 1 : -1;
    return say(o, t, "-ERR what?\r\n") ? 1 : -1;
}

static int play(struct oom *o, struct talk *t)
{
    for (;;) {
        int came = oom_receive(o, mla_pop3_session(t->s));
        int answered = came < 0 ? -1 : answer(o, t);

        if (answered < 0)
            return t->is_over;
        if (came == 0 && answered == 0)
            return drain(o, t);
    }
}

static int log_in(struct oom *o, struct talk *t)
{
    mla_connect_args where = {.struct_size = sizeof where, .security = MLA_SECURITY_NONE};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    uint64_t ticket;

    where.host = "mail.example.test";
    who.password_len = 6;
    return oom_good(o, "attach", mla_session_attach(mla_pop3_session(t->s), &where, &ticket)) &&
           oom_good(o, "tick", mla_session_tick(mla_pop3_session(t->s), 1000)) &&
           oom_good(o, "authenticate", mla_pop3_authenticate(t->s, &who, &ticket)) &&
           say(o, t, "+OK hello\r\n") && play(o, t);
}

static void session(struct oom *o, mla_config *cfg, const mla_seen_store *store, uint32_t policy)
{
    mla_collect_args args = {.struct_size = sizeof args, .policy = policy};
    struct talk t = {NULL, NULL, 0};

    args.store = store;
    args.now_s = 1700000000;
    o->in_len = 0;
    if (oom_good(o, "new", mla_pop3_new(cfg, &t.s, NULL)) && log_in(o, &t) &&
        oom_good(o, "collect_new", mla_collect_new(t.s, &args, &t.c)))
        oom_saw_number(o, (uint64_t)play(o, &t));
    mla_collect_free(t.c);
    mla_pop3_free(t.s);
}

static void run(struct oom *o)
{
    mla_seen_file *f = NULL;
    mla_config *cfg = NULL;
    mla_seen_store store;

    unlink(path);
    if (oom_good(o, "config", mla_config_new(&o->allocator, &cfg)) &&
        oom_good(o, "cleartext", mla_config_set_cleartext_password(cfg, 1)) &&
        oom_good(o, "open", mla_seen_file_open(cfg, path, &f, NULL)) &&
        oom_good(o, "store", mla_seen_file_store(f, "pop3:alice@mail.example.test", &store))) {
        session(o, cfg, &store, MLA_COLLECT_KEEP);
        if (!o->said_nomem)
            session(o, cfg, &store, MLA_COLLECT_DELETE);
        if (!o->said_nomem)
            oom_good(o, "compact", mla_seen_file_compact(f));
    }
    mla_seen_file_close(f);
    mla_config_free(cfg);
}

int main(void)
{
    int fd = mkstemp(path);
    int bad;

    if (fd < 0)
        return 1;
    close(fd);
    bad = oom_sweep("collect", run, 1);
    unlink(path);
    printf("1..3\n");
    return bad;
}
