/* ours_pop3.c - the same work by libmailaccess: RETR commands are queued some way ahead, and go out
 * together where the server announces PIPELINING. */
#include "bench.h"

#include <mailaccess/mailaccess.h>
#include <mailaccess/pop3.h>

enum { AHEAD = 512 }; /* more than the library sends without an answer */

static void check(int rc, mla_pop3 *s, const char *what)
{
    mla_error err;

    if (rc >= 0)
        return;
    memset(&err, 0, sizeof err);
    if (s != NULL)
        mla_session_error(mla_pop3_session(s), &err);
    fprintf(stderr, "ours_pop3: %s: %s %s\n", what, mla_error_name(rc), err.message);
    exit(1);
}

static mla_pop3 *start(const struct bench *b)
{
    mla_connect_args where = {.struct_size = sizeof where, .host = "localhost"};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    mla_config *cfg;
    mla_pop3 *s;
    uint64_t t;

    check(mla_config_new(NULL, &cfg), NULL, "config");
    if (b->tls)
        check(mla_config_add_ca_file(cfg, b->ca, NULL), NULL, "CA file");
    else
        check(mla_config_set_cleartext_password(cfg, 1), NULL, "config");
    check(mla_config_set_mechanisms(cfg, "USER PLAIN"), NULL, "config"); /* as others log in */
    check(mla_pop3_new(cfg, &s, NULL), NULL, "new");
    mla_config_free(cfg);
    where.port = (uint32_t)b->port;
    where.security = b->tls ? MLA_SECURITY_TLS : MLA_SECURITY_NONE;
    who.password_len = 6;
    check(mla_session_connect(mla_pop3_session(s), &where, &t), s, "connect");
    check(mla_pop3_authenticate(s, &who, &t), s, "log-in");
    return s;
}

int main(int argc, char **argv)
{
    struct bench b;
    const mla_pop3_event *ev;
    unsigned asked = 0;
    mla_pop3 *s;
    uint64_t t = 0;

    bench_args(&b, argc, argv);
    s = start(&b);
    while (b.messages < b.count) {
        const mla_pop3_done *done;
        size_t n;
        int rc;

        for (; asked < b.count && asked < b.messages + AHEAD; asked++)
            check(mla_pop3_retr(s, asked + 1, &t), s, "RETR");
        rc = mla_pop3_step(s, t, -1, &ev);
        check(rc, s, "step");
        if (rc == 0)
            break;
        if (mla_pop3_event_chunk(ev, &n, NULL) != NULL)
            b.octets += n;
        else if ((done = mla_pop3_event_done(ev)) != NULL && done->command == MLA_POP3_CMD_RETR)
            b.messages += done->error == 0;
    }
    check(mla_pop3_quit(s, &t), s, "QUIT");
    check(mla_pop3_finish(s, t, -1), s, "QUIT");
    mla_pop3_free(s);
    return bench_done(&b);
}
