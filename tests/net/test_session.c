/* test_session.c - sessions over TCP without TLS: their course, their ends, what is told of them */
#include "base/clock.h"
#include "mailaccess/error.h"
#include "plain.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* --- the ordinary course --- */

static void script_talk(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, strcmp(p->line, "first") == 0 ? "* one\n** nobody's\n* two\nOK\n" : "NO\n");
    peer_line(p);
    peer_say(p, "NO\n");
    peer_line(p);
    peer_say(p, "BYE\n");
    p->octets = 0;
    p->handshake = peer_wait_close(p);
}

static void talks_from_greeting_to_goodbye(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t a = 0;
    uint64_t b = 0;
    const void *ev;
    int result;

    (void)state;
    assert_int_equal(peer_start(&p, script_talk, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_false(mla_session_is_tls(&t->session));
    assert_string_equal(mla_session_tls_version(&t->session), "");
    assert_int_equal(toy_send(t, "first", 0, &a), 0);
    assert_int_equal(toy_send(t, "second", 0, &b), 0);
    /* finish: others are open */
    assert_int_equal(session_finish(&t->session, a, 1000, &ev), MLA_E_BUSY);
    /* step hands out everything in the order of the wire, DONE included */
    assert_int_equal(session_step(&t->session, a, 5000, &ev), 1);
    assert_string_equal(((const struct toy_event *)ev)->text, "* one");
    assert_int_equal(session_step(&t->session, b, 5000, &ev), 1);
    assert_string_equal(((const struct toy_event *)ev)->text, "** nobody's");
    assert_int_equal(session_step(&t->session, b, 5000, &ev), 1);
    assert_int_equal(session_step(&t->session, b, 5000, &ev), 1);
    assert_true(((const struct toy_event *)ev)->done);
    assert_int_equal(((const struct toy_event *)ev)->ticket, a);
    /* a is over although its DONE came out of a step for b */
    assert_int_equal(session_step(&t->session, a, 0, &ev), 0);
    assert_null(ev);
    assert_int_equal(session_finish(&t->session, b, 5000, &ev), MLA_E_NO);
    assert_true(((const struct toy_event *)ev)->done);
    assert_error(t, MLA_E_NO, "NO");
    assert_int_equal(session_step(&t->session, b, 0, &ev), MLA_E_NO);
    assert_int_equal(session_step(&t->session, 77, 0, &ev), MLA_E_ARG);
    /* the session is healthy all the time; now it ends in order */
    assert_int_equal(toy_send(t, "bye", 0, &a), 0);
    assert_int_equal(toy_wait(t, a, 5000), 0);
    assert_int_equal(session_step(&t->session, 0, 5000, &ev), MLA_E_CLOSED);
    assert_int_equal(mla_session_fd(&t->session), -1);
    assert_int_equal(mla_session_wants(&t->session), MLA_WANT_CLOSE);
    assert_int_equal(t->session.protocol->result(t, a, &result), 1);
    toy_free(t);
    peer_stop(&p);
    assert_true(p.handshake); /* the client closed */
    assert_int_equal(p.octets, 0);
}

static void script_refuse(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p) || !peer_line(p))
        return;
    peer_say(p, "NO because\nNOT SENT\n");
    peer_line(p);
    peer_say(p, "OK\nNOT SENT\n");
    peer_line(p);
}

/* Who asks only after the last of several commands is told why the first one failed. */
static void later_commands_tell_the_first_failure(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t a = 0;
    uint64_t b = 0;

    (void)state;
    assert_int_equal(peer_start(&p, script_refuse, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "first", 0, &a), 0);
    assert_int_equal(toy_send(t, "second", 0, &b), 0);
    assert_int_equal(toy_wait(t, b, 5000), MLA_E_STATE);
    assert_error(t, MLA_E_STATE, "earlier failure: the server said NO (NO because)");
    /* a success in between ends the story */
    assert_int_equal(toy_send(t, "third", 0, &a), 0);
    assert_int_equal(toy_send(t, "fourth", 0, &b), 0);
    assert_int_equal(toy_wait(t, b, 5000), MLA_E_STATE);
    assert_error(t, MLA_E_STATE, "NOT SENT");
    toy_free(t);
    peer_stop(&p);
}

static void script_finish(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, "* mine\n* mine\n** nobody's\n* mine\nOK\n");
    peer_wait_close(p);
}

static void finish_drops_what_comes_in_between(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t a = 0;
    const void *ev;

    (void)state;
    assert_int_equal(peer_start(&p, script_finish, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "x", 0, &a), 0);
    assert_int_equal(session_finish(&t->session, a, 5000, &ev), 0);
    assert_true(((const struct toy_event *)ev)->done);
    assert_int_equal(session_finish(&t->session, a, 5000, &ev), 0);
    assert_null(ev);
    toy_free(t);
    peer_stop(&p);
}

/* M22: lines without end, now and then or as fast as they go; none of them is the answer. */
static void script_talkative(struct peer *p)
{
    char flood[4096];

    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    for (size_t i = 0; i < sizeof flood; i += 8)
        memcpy(flood + i, i % 16 == 0 ? "* mine.\n" : "** none\n", 8);
    while (p->arg == NULL ? peer_say(p, "* mine\n** nobody's\n")
                          : peer_send(p, flood, sizeof flood))
        peer_nap(p->arg == NULL ? 20 : 0);
}

static void a_talkative_server_makes_no_wait_longer(void **state)
{
    (void)state;
    for (int fast = 0; fast < 2; fast++) {
        struct peer p = {.arg = fast ? &p : NULL};
        mla_config *cfg;
        struct toy *t;
        uint64_t a = 0;
        uint64_t since;
        const void *ev;

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_ANSWER, 15000), 0);
        assert_int_equal(peer_start(&p, script_talkative, 4), 0);
        t = connected_to("127.0.0.1", p.port, cfg, 0);
        assert_int_equal(toy_send(t, "x", 0, &a), 0);
        since = clock_now_ms();
        assert_int_equal(session_finish(&t->session, a, 100, &ev), MLA_E_TIMEOUT);
        assert_true(clock_now_ms() - since < 10000);
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

/* T12, M14: part of a greeting, octet by octet, and lines of it without end. */
static void script_dribble(struct peer *p)
{
    if (!peer_accept(p))
        return;
    while (peer_say(p, "H"))
        peer_nap(20);
}

static int turns_until_dead(struct toy *t, const char *why)
{
    const void *ev;
    int turns = 0;
    int rc;

    for (;;) {
        struct pollfd pfd = {.fd = mla_session_fd(&t->session), .events = POLLIN};

        poll(&pfd, 1, mla_session_timeout_ms(&t->session));
        turns++;
        (void)mla_session_process(&t->session);
        while ((rc = session_next(&t->session, &ev)) == 1)
            ;
        if (rc < 0)
            break;
    }
    assert_int_equal(rc, MLA_E_DEADLINE);
    assert_error(t, rc, why);
    return turns;
}

static void a_dribbled_greeting_meets_the_deadline(void **state)
{
    (void)state;
    for (int blocking = 0; blocking < 2; blocking++) {
        struct peer p = {0};
        mla_config *cfg;
        struct toy *t;
        uint64_t ticket = 0;
        uint64_t since = clock_now_ms();
        mla_connect_args a;

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 200), 0);
        assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_ANSWER, 20000), 0);
        assert_int_equal(peer_start(&p, script_dribble, 4), 0);
        a = plain_to("127.0.0.1", p.port);
        assert_int_equal(toy_new(cfg, &t), 0);
        assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
        if (blocking)
            assert_int_equal(toy_wait(t, ticket, -1), MLA_E_DEADLINE);
        else /* one for each octet that came, and a few */
            assert_true(turns_until_dead(t, "first answers") < 40);
        assert_true(clock_now_ms() - since < 15000);
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

static void calls_out_of_order_are_refused(void **state)
{
    mla_connect_args a = plain_to("127.0.0.1", 1);
    struct toy *t;
    const void *ev;
    uint64_t ticket;
    const uint8_t *data;
    size_t n;

    (void)state;
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(session_step(&t->session, 0, 0, &ev), MLA_E_STATE);
    assert_int_equal(mla_session_process(&t->session), MLA_E_STATE);
    assert_int_equal(mla_session_wait(&t->session, 0), MLA_E_STATE);
    assert_int_equal(mla_session_output(&t->session, &data, &n), MLA_E_STATE);
    assert_int_equal(mla_session_fd(&t->session), -1);
    assert_int_equal(mla_session_wants(&t->session), 0);
    assert_int_equal(mla_session_timeout_ms(&t->session), -1);
    assert_int_equal(mla_session_connect(&t->session, NULL, &ticket), MLA_E_ARG);
    a.struct_size = 4;
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    a = plain_to(NULL, 1);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    assert_error(t, MLA_E_ARG, "host");
    a = plain_to("", 1); /* T40 */
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    a = plain_to("a b", 1);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    a = plain_to("localhost", 1);
    a.address = "localhost";
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    assert_error(t, MLA_E_ARG, "no IP address");
    a = plain_to("127.0.0.1", 65536);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    a = plain_to("127.0.0.1", 1);
    a.security = 3;
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    a.security = MLA_SECURITY_NONE;
    a.struct_size = offsetof(mla_connect_args, address); /* an older header's */
    a.address = "what is behind is not looked at";
    assert_int_equal(mla_session_adopt_fd(&t->session, -1, &a, &ticket), MLA_E_ARG);
    /* none of it spoiled the session */
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_STATE);
    assert_int_equal(mla_session_attach(&t->session, &a, &ticket), MLA_E_STATE);
    toy_free(t);
    assert_int_equal(mla_session_connect(NULL, &a, &ticket), MLA_E_ARG);
    assert_int_equal(mla_session_process(NULL), MLA_E_ARG);
    assert_int_equal(mla_session_interrupt(NULL), MLA_E_ARG);
}

/* --- ends in all places --- */

static const char *const cut_scripts[] = {"", "HEL", "HELLO\n", "HELLO\n* da", "HELLO\n* data\n"};

static void script_cut(struct peer *p)
{
    if (!peer_accept(p))
        return;
    peer_say(p, p->arg);
    if (strchr(p->arg, '\n') != NULL)
        peer_line(p);
    peer_close(p, 1);
}

static void closing_anywhere_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cut_scripts / sizeof cut_scripts[0]; i++) {
        int greets = strchr(cut_scripts[i], '\n') != NULL;
        struct peer p = {.arg = (void *)(uintptr_t)cut_scripts[i]};
        uint64_t ticket;
        struct toy *t;

        assert_int_equal(peer_start(&p, script_cut, 4), 0);
        t = connected_to("127.0.0.1", p.port, NULL, greets ? 0 : MLA_E_CLOSED);
        if (greets) {
            assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
            assert_int_equal(toy_wait(t, ticket, 5000), MLA_E_CLOSED);
            assert_int_equal(t->octets, i == 4 ? 6 : 0);
        }
        assert_error(t, MLA_E_CLOSED, "closed");
        toy_free(t);
        peer_stop(&p);
    }
}

static void script_answer_and_reset(struct peer *p)
{
    struct linger hard = {1, 0};

    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, "* last words\nOK\n");
    peer_line(p); /* the client has seen them */
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    peer_close(p, 0);
}

static void reset_is_an_error(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t a;
    uint64_t b;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_answer_and_reset, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "x", 0, &a), 0);
    assert_int_equal(toy_wait(t, a, 5000), 0);
    assert_int_equal(toy_send(t, "y", 0, &b), 0);
    rc = toy_wait(t, b, 5000);
    assert_true(rc == MLA_E_IO || rc == MLA_E_CLOSED);
    assert_true(mla_error_is_fatal(rc));
    toy_free(t);
    peer_stop(&p);
}

/* The answers that came before a write failed are read all the same. */
static void script_bye_and_close(struct peer *p)
{
    if (!peer_accept(p))
        return;
    peer_say(p, "HELLO\n* farewell\n");
    peer_close(p, 1);
}

static void last_words_are_read_before_a_failed_write(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_bye_and_close, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    peer_stop(&p);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
        (void)mla_session_process(&t->session);
        peer_nap(20); /* the answer to it is a RST */
    }
    rc = toy_wait(t, ticket, 5000);
    assert_true(rc == MLA_E_IO || rc == MLA_E_CLOSED);
    assert_int_equal(t->octets, 10);
    toy_free(t);
}

/* --- traces --- */

struct record {
    char text[4096];
    size_t len;
};

static void on_trace(void *user, int32_t what, const uint8_t *data, size_t len)
{
    struct record *r = user;
    int n = snprintf(r->text + r->len, sizeof r->text - r->len, "%d:%.*s|", (int)what, (int)len,
                     (const char *)data);

    r->len += n > 0 ? (size_t)n : 0;
}

/* A16 */
static void traces_hide_secrets(void **state)
{
    struct record r = {.len = 0};
    struct peer p = {0};
    mla_config *cfg;
    struct toy *t;
    uint64_t ticket;

    (void)state;
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_trace(cfg, on_trace, &r), 0);
    assert_int_equal(peer_start(&p, script_finish, 4), 0);
    t = connected_to("127.0.0.1", p.port, cfg, 0);
    assert_int_equal(toy_send(t, "hunter2", 1, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 5000), 0);
    assert_non_null(strstr(r.text, "3:connected to 127.0.0.1|"));
    assert_non_null(strstr(r.text, "2:HELLO\n|"));
    assert_non_null(strstr(r.text, "1:<secret 7>\n|"));
    assert_null(strstr(r.text, "hunter2"));
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* The same in a file, which is its owner's. */
static void traces_go_to_a_file(void **state)
{
    const char *const path = "trace-of-test";
    char text[4096];
    struct stat st;
    mla_error err;
    FILE *f;
    size_t n;

    (void)state;
    (void)unlink(path);
    for (int round = 0; round < 2; round++) {
        struct peer p = {0};
        mla_config *cfg;
        struct toy *t;
        uint64_t ticket;

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        assert_int_equal(mla_config_set_trace_file(cfg, NULL, 0, &err), MLA_E_ARG);
        assert_int_equal(mla_config_set_trace_file(cfg, "/no/such/folder/x", 0, &err), MLA_E_ARG);
        assert_non_null(strstr(err.message, "/no/such/folder/x"));
        assert_int_equal(mla_config_set_trace_file(cfg, path, round == 0 ? 0 : 90, &err), 0);
        assert_int_equal(peer_start(&p, script_finish, 4), 0);
        t = connected_to("127.0.0.1", p.port, cfg, 0);
        assert_int_equal(toy_send(t, "hunter2", 1, &ticket), 0);
        assert_int_equal(toy_wait(t, ticket, 5000), 0);
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
        f = fopen(path, "r");
        assert_non_null(f);
        n = fread(text, 1, sizeof text - 1, f);
        fclose(f);
        text[n] = '\0';
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(text[4], '-');
        assert_int_equal(strncmp(text + 23, "Z 1 * connected to 127.0.0.1\n", 29), 0);
        assert_null(strstr(text, "hunter2"));
        if (round == 0) {
            assert_non_null(strstr(text, "Z 1 < HELLO\n"));
            assert_non_null(strstr(text, "Z 1 > <secret 7>\n"));
        } else {
            assert_non_null(strstr(text, "\n(the trace ends here: it is too long)\n"));
            assert_null(strstr(text, "<secret"));
        }
        assert_int_equal(chmod(path, 0644), 0);
    }
    assert_int_equal(rename(path, "trace-of-test.target"), 0);
    assert_int_equal(symlink("trace-of-test.target", path), 0);
    {
        mla_config *cfg;

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        assert_int_equal(mla_config_set_trace_file(cfg, path, 0, NULL), MLA_E_ARG);
        mla_config_free(cfg);
    }
    (void)unlink(path);
    (void)unlink("trace-of-test.target");
}

/* --- memory --- */

static void failing_memory_is_survived(void **state)
{
    (void)state;
    for (int sticky = 0; sticky < 2; sticky++) {
        int rc = MLA_E_NOMEM;

        for (size_t n = 1; rc != 0; n++) {
            mla_connect_args a;
            mla_allocator alloc = {.struct_size = sizeof alloc};
            struct peer p = {0};
            struct fail_mem f;
            mla_config *cfg = NULL;
            struct toy *t = NULL;
            uint64_t ticket;
            int started = 0;

            assert_true(n < 100);
            fail_mem_init(&f, n, sticky);
            alloc.alloc = f.mem.alloc;
            alloc.resize = f.mem.resize;
            alloc.release = f.mem.release;
            alloc.user = f.mem.user;
            rc = mla_config_new(&alloc, &cfg);
            if (rc == 0)
                rc = toy_new(cfg, &t);
            if (rc == 0) {
                assert_int_equal(peer_start(&p, script_talk, 4), 0);
                started = 1;
                a = plain_to("127.0.0.1", p.port);
                rc = mla_session_connect(&t->session, &a, &ticket);
                if (rc == 0)
                    rc = toy_wait(t, ticket, 5000);
                if (rc == 0)
                    rc = toy_send(t, "first", 0, &ticket);
                if (rc == 0)
                    rc = toy_wait(t, ticket, 5000);
            }
            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            toy_free(t);
            mla_config_free(cfg);
            if (started) {
                /* a session that failed before it connected leaves the server waiting */
                int fd = socket(AF_INET, SOCK_STREAM, 0);
                struct sockaddr_in addr = {.sin_family = AF_INET,
                                           .sin_port = htons((uint16_t)p.port)};

                addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
                (void)connect(fd, (struct sockaddr *)&addr, sizeof addr);
                close(fd);
                peer_stop(&p);
            }
            assert_int_equal(f.held, 0);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_from_greeting_to_goodbye),
        cmocka_unit_test(later_commands_tell_the_first_failure),
        cmocka_unit_test(finish_drops_what_comes_in_between),
        cmocka_unit_test(a_talkative_server_makes_no_wait_longer),
        cmocka_unit_test(calls_out_of_order_are_refused),
        cmocka_unit_test(a_dribbled_greeting_meets_the_deadline),
        cmocka_unit_test(closing_anywhere_is_an_error),
        cmocka_unit_test(reset_is_an_error),
        cmocka_unit_test(last_words_are_read_before_a_failed_write),
        cmocka_unit_test(traces_hide_secrets),
        cmocka_unit_test(traces_go_to_a_file),
        cmocka_unit_test(failing_memory_is_survived),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/session", tests, NULL, NULL);
}
