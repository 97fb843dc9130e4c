/* test_asleep.c - the machine, or the program, slept while a session was open */
#include "base/clock.h"
#include "mailaccess/error.h"
#include "peer.h"
#include "test.h"
#include "toy.h"

#include <stdio.h>

static uint64_t asleep; /* milliseconds, so far */

uint64_t __real_clock_now_ms(void);
uint64_t __wrap_clock_now_ms(void);

uint64_t __wrap_clock_now_ms(void)
{
    return __real_clock_now_ms() + asleep;
}

enum { EIGHT_HOURS = 8 * 3600 * 1000 };

static void script_answers(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_nap(150); /* until the client waits */
    peer_say(p, p->arg == NULL ? "* one\nOK\n" : "");
    peer_wait_close(p);
}

static struct toy *begin(struct peer *p, uint64_t *out_ticket)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};
    struct toy *t;
    const void *ev;

    a.host = "127.0.0.1";
    assert_int_equal(peer_start(p, script_answers, 4), 0);
    a.port = (uint32_t)p->port;
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, out_ticket), 0);
    assert_int_equal(toy_wait(t, *out_ticket, 15000), 0);
    assert_int_equal(toy_send(t, "x", 0, out_ticket), 0);
    assert_int_equal(mla_session_process(&t->session), 1);
    assert_int_equal(session_step(&t->session, *out_ticket, 0, &ev), MLA_E_TIMEOUT);
    return t;
}

static void an_answer_that_came_in_time_counts(void **state)
{
    struct peer p = {0};
    uint64_t ticket = 0;
    struct toy *t = begin(&p, &ticket);

    (void)state;
    peer_nap(400);
    asleep += EIGHT_HOURS;
    assert_int_equal(mla_session_timeout_ms(&t->session), 0);
    assert_int_equal(toy_wait(t, ticket, 5000), 0);
    toy_free(t);
    peer_stop(&p);
}

static void silence_is_noticed_at_once(void **state)
{
    struct peer p = {.arg = &p};
    uint64_t ticket = 0;
    struct toy *t = begin(&p, &ticket);
    mla_error err;

    (void)state;
    asleep += EIGHT_HOURS;
    assert_int_equal(mla_session_timeout_ms(&t->session), 0);
    assert_int_equal(mla_session_process(&t->session), MLA_E_DEADLINE);
    mla_session_error(&t->session, &err);
    assert_string_equal(err.message, "nothing received for 28800 s");
    toy_free(t);
    peer_stop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_came_in_time_counts),
        cmocka_unit_test(silence_is_noticed_at_once),
    };

    return cmocka_run_group_tests_name("net/asleep", tests, NULL, NULL);
}
