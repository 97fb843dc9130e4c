/* test_open.c - mla_imap_open(): one call from nothing to an open mailbox. */
#include "mailaccess/mailaccess.h"

#include "peer.h"
#include "test.h"

#include <stdio.h>

/* Reads a command and answers it; 1 when it begins with the words behind its tag. */
static int serve(struct peer *p, const char *words, const char *status)
{
    char text[600];
    const char *rest;

    if (!peer_line(p))
        return 0;
    rest = strchr(p->line, ' ');
    if (rest == NULL || strncmp(rest + 1, words, strlen(words)) != 0)
        return 0;
    snprintf(text, sizeof text, "%.*s %s\r\n", (int)(rest - p->line), p->line, status);
    return peer_say(p, text);
}

static void script_mailbox(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n") &&
        serve(p, "AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==", "OK [CAPABILITY IMAP4rev1] hello") &&
        serve(p, "EXAMINE \"INBOX\"", "OK [READ-ONLY] done"))
        peer_wait_close(p);
}

static void script_no(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n") &&
        serve(p, "AUTHENTICATE", "NO [AUTHENTICATIONFAILED] wrong password"))
        peer_wait_close(p);
}

static void script_hello(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "* OK [CAPABILITY IMAP4rev1] hi\r\n"))
        peer_wait_close(p);
}

struct world {
    struct peer peer;
    mla_config *cfg;
    mla_connect_args server;
    mla_credentials who;
    mla_imap_select_args inbox;
};

static void begin(struct world *w, void (*script)(struct peer *p))
{
    memset(w, 0, sizeof *w);
    assert_int_equal(peer_start(&w->peer, script, 4), 0);
    assert_int_equal(mla_config_new(NULL, &w->cfg), 0);
    assert_int_equal(mla_config_set_cleartext_password(w->cfg, 1), 0);
    w->server.struct_size = sizeof w->server;
    w->server.host = "127.0.0.1";
    w->server.port = (uint32_t)w->peer.port;
    w->server.security = MLA_SECURITY_NONE;
    w->who.struct_size = sizeof w->who;
    w->who.user = "alice";
    w->who.password = "secret";
    w->who.password_len = 6;
    w->inbox.struct_size = sizeof w->inbox;
    w->inbox.mailbox = "INBOX";
    w->inbox.read_only = 1;
}

static void end(struct world *w, mla_imap *s)
{
    mla_imap_free(s);
    mla_config_free(w->cfg);
    peer_stop(&w->peer);
}

static int until_over(mla_imap *s, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    do
        rc = mla_imap_step(s, ticket, 10000, &ev);
    while (rc == 1);
    return rc;
}

static void opens_a_mailbox(void **state)
{
    struct world w;
    mla_imap *s;
    mla_error err;
    uint64_t t;

    (void)state;
    begin(&w, script_mailbox);
    assert_int_equal(mla_imap_open(w.cfg, &w.server, &w.who, &w.inbox, &s, &t, &err), 0);
    assert_int_equal(until_over(s, t), 0);
    assert_string_equal(mla_imap_selected(s), "INBOX");
    assert_int_equal(mla_imap_is_read_only(s), 1);
    end(&w, s);
}

/* The ticket is that of the last step that was asked for. */
static void stops_where_it_is_told(void **state)
{
    struct world w;
    mla_imap *s;
    uint64_t t;

    (void)state;
    begin(&w, script_mailbox);
    assert_int_equal(mla_imap_open(w.cfg, &w.server, &w.who, NULL, &s, &t, NULL), 0);
    assert_int_equal(until_over(s, t), 0);
    assert_int_equal(mla_imap_state(s), MLA_IMAP_STATE_AUTHENTICATED);
    end(&w, s);
    begin(&w, script_hello);
    assert_int_equal(mla_imap_open(w.cfg, &w.server, NULL, NULL, &s, &t, NULL), 0);
    assert_int_equal(until_over(s, t), 0);
    assert_int_equal(mla_imap_state(s), MLA_IMAP_STATE_NOT_AUTHENTICATED);
    end(&w, s);
}

static void tells_what_failed_first(void **state)
{
    struct world w;
    mla_imap *s;
    mla_error err;
    uint64_t t;

    (void)state;
    begin(&w, script_no);
    assert_int_equal(mla_imap_open(w.cfg, &w.server, &w.who, &w.inbox, &s, &t, &err), 0);
    assert_int_equal(until_over(s, t), MLA_E_STATE);
    assert_int_equal(mla_imap_state(s), MLA_IMAP_STATE_NOT_AUTHENTICATED);
    end(&w, s);
}

static void leaves_nothing_behind(void **state)
{
    struct world w;
    mla_imap *s = (mla_imap *)(void *)&w;
    mla_error err;
    uint64_t t = 7;

    (void)state;
    memset(&w, 0, sizeof w);
    w.server.struct_size = sizeof w.server;
    w.inbox.struct_size = sizeof w.inbox;
    w.who.struct_size = sizeof w.who;
    assert_int_equal(mla_imap_open(NULL, &w.server, NULL, NULL, &s, &t, &err), MLA_E_ARG);
    assert_null(s);
    assert_int_equal(err.code, MLA_E_ARG);
    w.server.host = "127.0.0.1";
    w.who.user = "alice";
    w.who.password = "secret";
    w.who.password_len = 6;
    assert_int_equal(mla_imap_open(NULL, &w.server, &w.who, &w.inbox, &s, &t, &err), MLA_E_ARG);
    assert_null(s);
    assert_int_equal(err.code, MLA_E_ARG);
    w.inbox.mailbox = "INBOX";
    assert_int_equal(mla_imap_open(NULL, &w.server, NULL, &w.inbox, &s, &t, &err), MLA_E_STATE);
    assert_null(s);
    assert_int_equal(mla_imap_open(NULL, &w.server, NULL, NULL, &s, NULL, &err), MLA_E_ARG);
    assert_null(s);
    assert_int_equal(mla_imap_open(NULL, &w.server, NULL, NULL, NULL, &t, &err), MLA_E_ARG);
    assert_int_equal(t, 7);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_a_mailbox),
        cmocka_unit_test(stops_where_it_is_told),
        cmocka_unit_test(tells_what_failed_first),
        cmocka_unit_test(leaves_nothing_behind),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
