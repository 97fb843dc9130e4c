/* test_engine.c - lib/wire/engine */
#include "base/fail.h"
#include "test.h"
#include "wire/engine.h"

static int ticks;

static int on_tick(struct engine *e)
{
    (void)e;
    return ++ticks == 3 ? MLA_E_PROTOCOL : 0;
}

static const struct engine_ops quiet_ops = {.tick = NULL};
static const struct engine_ops ticking_ops = {.tick = on_tick};
static const struct pace_limits limits = {30000, 60000, 1024, 60000, 0};

static void receive(struct engine *e, const char *text)
{
    size_t n = strlen(text);
    size_t room;
    uint8_t *p;

    assert_int_equal(inbuf_room(&e->in, &p, &room), 0);
    assert_true(room >= n);
    memcpy(p, text, n);
    engine_got(e, n);
}

static void time_never_goes_back(void **state)
{
    struct engine e;

    (void)state;
    engine_init(&e, &quiet_ops, mem_default(), 64, 64, 64, &limits);
    assert_int_equal(engine_tick(&e, 500), 0);
    assert_int_equal(engine_tick(&e, 400), 0);
    assert_int_equal(e.now_ms, 500);
    engine_drained(&e, 300);
    assert_int_equal(e.now_ms, 500);
    engine_free(&e);
}

static void a_deadline_kills(void **state)
{
    struct engine e;

    (void)state;
    engine_init(&e, &quiet_ops, mem_default(), 64, 64, 64, &limits);
    assert_int_equal(engine_tick(&e, 1000), 0);
    assert_true(engine_deadline(&e) == UINT64_MAX);
    pace_expect(&e.pace, e.now_ms);
    assert_int_equal(engine_deadline(&e), 31000);
    assert_int_equal(engine_tick(&e, 30999), 0);
    assert_int_equal(engine_tick(&e, 31000), MLA_E_DEADLINE);
    assert_int_equal(e.dead, MLA_E_DEADLINE);
    assert_true(engine_deadline(&e) == UINT64_MAX);
    assert_int_equal(engine_tick(&e, 31001), MLA_E_DEADLINE);
    engine_free(&e);
}

static void a_pause_of_the_callers_is_no_silence(void **state)
{
    struct engine e;

    (void)state;
    engine_init(&e, &quiet_ops, mem_default(), 64, 64, 64, &limits);
    assert_int_equal(engine_tick(&e, 1000), 0);
    /* A minute later the caller asks for something; no clock has been looked at since. */
    assert_int_equal(outq_add(&e.out, "A1 NOOP", 7), 0);
    pace_expect(&e.pace, e.now_ms);
    assert_int_equal(engine_tick(&e, 61000), 0);
    assert_int_equal(engine_deadline(&e), 91000);
    /* It cannot leave: that is the server's doing, and puts nothing off. */
    assert_int_equal(engine_tick(&e, 90999), 0);
    assert_int_equal(engine_tick(&e, 91000), MLA_E_DEADLINE);
    engine_free(&e);
}

static void octets_that_wait_for_the_consumer_are_no_silence(void **state)
{
    struct engine e;

    (void)state;
    engine_init(&e, &quiet_ops, mem_default(), 64, 64, 64, &limits);
    assert_int_equal(engine_tick(&e, 1000), 0);
    pace_expect(&e.pace, e.now_ms);
    receive(&e, "half an ans");
    assert_int_equal(engine_tick(&e, 100000), 0);
    /* the consumer has looked: from now on it is the server's turn */
    engine_drained(&e, 100000);
    assert_int_equal(engine_tick(&e, 129999), 0);
    /* looking again, in vain, puts nothing off */
    engine_drained(&e, 129999);
    assert_int_equal(engine_tick(&e, 130000), MLA_E_DEADLINE);
    engine_free(&e);
}

static void the_first_error_stands(void **state)
{
    mla_error one = {0};
    mla_error two = {0};
    struct engine e;

    (void)state;
    engine_init(&e, &quiet_ops, mem_default(), 64, 64, 64, &limits);
    receive(&e, "0123456789");
    inbuf_take(&e.in, 7);
    fail(&one, MLA_E_IO, "first");
    fail(&two, MLA_E_TLS, "second");
    assert_int_equal(engine_dead(&e, &one), MLA_E_IO);
    assert_int_equal(engine_dead(&e, &two), MLA_E_IO);
    assert_string_equal(e.why.message, "first");
    assert_int_equal(e.why.offset, 7); /* how far the parser had come */
    engine_free(&e);
}

static void an_engines_own_tick_comes_after_the_deadlines(void **state)
{
    struct engine e;

    (void)state;
    ticks = 0;
    engine_init(&e, &ticking_ops, mem_default(), 64, 64, 64, &limits);
    assert_int_equal(engine_tick(&e, 1), 0);
    assert_int_equal(engine_tick(&e, 2), 0);
    assert_int_equal(engine_tick(&e, 3), MLA_E_PROTOCOL);
    pace_expect(&e.pace, 3);
    assert_int_equal(engine_tick(&e, 40000), MLA_E_DEADLINE);
    assert_int_equal(ticks, 3);
    engine_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(a_deadline_kills),
        cmocka_unit_test(a_pause_of_the_callers_is_no_silence),
        cmocka_unit_test(octets_that_wait_for_the_consumer_are_no_silence),
        cmocka_unit_test(the_first_error_stands),
        cmocka_unit_test(an_engines_own_tick_comes_after_the_deadlines),
    };

    return cmocka_run_group_tests_name("wire/engine", tests, NULL, NULL);
}
