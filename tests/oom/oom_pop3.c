/* oom_pop3.c - a POP3 session from the greeting to QUIT, on failing memory. */
#include "oom.h"

#include <mailaccess/pop3.h>

static const struct {
    const char *verb;
    const char *answer;
} answers[] = {
    {"CAPA", "+OK\r\nUSER\r\nSASL PLAIN\r\nUIDL\r\nTOP\r\nPIPELINING\r\nRESP-CODES\r\n.\r\n"},
    {"AUTH", "+OK welcome\r\n"},
    {"STAT", "+OK 2 300\r\n"},
    {"LIST", "+OK\r\n1 100\r\n2 200\r\n.\r\n"},
    {"UIDL", "+OK\r\n2 second\r\n1 first\r\n.\r\n"},
    {"TOP", "+OK\r\nSubject: x\r\n\r\nline\r\n.\r\n"},
    {"RETR", "+OK 100 octets\r\nSubject: x\r\n\r\n..dot\r\nend\r\n.\r\n"},
    {"DELE", "+OK marked\r\n"},
    {"NOOP", "+OK\r\n"},
    {"RSET", "+OK\r\n"},
    {"QUIT", "+OK until later\r\n"},
};

static void saw_str(struct oom *o, mla_str s)
{
    oom_saw_number(o, s.len);
    if (s.ptr != NULL)
        oom_saw(o, s.ptr, s.len);
}

static void saw_event(struct oom *o, const mla_pop3_event *ev)
{
    const mla_pop3_done *done = mla_pop3_event_done(ev);
    const mla_pop3_stat *stat = mla_pop3_event_stat(ev);
    const uint8_t *chunk;
    size_t n;

    oom_saw_number(o, (uint64_t)mla_pop3_event_type(ev));
    oom_saw_number(o, mla_pop3_event_ticket(ev));
    if (done != NULL) {
        oom_saw_number(o, (uint64_t)done->error);
        oom_good(o, "DONE", done->error);
        saw_str(o, done->text);
    }
    if (stat != NULL)
        oom_saw_number(o, stat->size);
    for (uint32_t i = 0; i < mla_pop3_event_item_count(ev); i++) {
        oom_saw_number(o, mla_pop3_event_item(ev, i)->number);
        oom_saw_number(o, mla_pop3_event_item(ev, i)->size);
        saw_str(o, mla_pop3_event_item(ev, i)->uidl);
    }
    if ((chunk = mla_pop3_event_chunk(ev, &n, NULL)) != NULL)
        oom_saw(o, chunk, n);
}

/* Reads what there is; every second event is taken as well. */
static int drain(struct oom *o, void *user)
{
    mla_pop3 *s = user;
    const mla_pop3_event *ev;
    int rc;

    for (unsigned i = 0; (rc = mla_pop3_next(s, &ev)) == 1; i++) {
        mla_pop3_event *mine = NULL;

        if (i % 2 == 0) {
            saw_event(o, ev);
        } else if (oom_good(o, "take", mla_pop3_event_take(s, &mine))) {
            saw_event(o, mine);
        }
        mla_pop3_event_free(mine);
    }
    return oom_good(o, "next", rc);
}

static int say(struct oom *o, mla_pop3 *s, const char *text)
{
    return oom_feed(o, mla_pop3_session(s), text, strlen(text), drain, s);
}

/* Answers the client's first line: 1 done, 0 there is none, -1 the session is over. */
static int answer(struct oom *o, mla_pop3 *s)
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
            return say(o, s, answers[i].answer) ? 1 : -1;
    return say(o, s, "-ERR what?\r\n") ? 1 : -1;
}

static int play(struct oom *o, mla_pop3 *s)
{
    for (;;) {
        int came = oom_receive(o, mla_pop3_session(s));
        int answered = came < 0 ? -1 : answer(o, s);

        if (answered < 0)
            return 0;
        if (came == 0 && answered == 0)
            return drain(o, s);
    }
}

static int conversation(struct oom *o, mla_pop3 *s)
{
    mla_connect_args where = {.struct_size = sizeof where, .security = MLA_SECURITY_NONE};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    uint64_t t;

    where.host = "mail.example.test";
    who.password_len = 6;
    return oom_good(o, "attach", mla_session_attach(mla_pop3_session(s), &where, &t)) &&
           oom_good(o, "tick", mla_session_tick(mla_pop3_session(s), 1000)) &&
           oom_good(o, "authenticate", mla_pop3_authenticate(s, &who, &t)) &&
           say(o, s, "+OK hello <1.2@example.test>\r\n") && play(o, s) &&
           oom_good(o, "stat", mla_pop3_stat_maildrop(s, &t)) &&
           oom_good(o, "list", mla_pop3_list(s, 0, &t)) &&
           oom_good(o, "uidl", mla_pop3_uidl(s, 0, &t)) && play(o, s) &&
           oom_good(o, "top", mla_pop3_top(s, 1, 1, &t)) &&
           oom_good(o, "retr", mla_pop3_retr(s, 1, &t)) && play(o, s) &&
           oom_good(o, "dele", mla_pop3_dele(s, 1, &t)) &&
           oom_good(o, "noop", mla_pop3_noop(s, &t)) && oom_good(o, "rset", mla_pop3_rset(s, &t)) &&
           play(o, s) && oom_good(o, "quit", mla_pop3_quit(s, &t)) && play(o, s);
}

static void run(struct oom *o)
{
    mla_config *cfg = NULL;
    mla_pop3 *s = NULL;
    mla_error err;

    memset(&err, 0, sizeof err);
    if (oom_good(o, "config", mla_config_new(&o->allocator, &cfg)) &&
        oom_good(o, "cleartext", mla_config_set_cleartext_password(cfg, 1)) &&
        oom_good(o, "new", mla_pop3_new(cfg, &s, &err)))
        oom_saw_number(o, (uint64_t)conversation(o, s));
    mla_config_free(cfg);
    mla_pop3_free(s);
}

int main(void)
{
    int bad = oom_sweep("pop3", run, 1);

    printf("1..3\n");
    return bad;
}
