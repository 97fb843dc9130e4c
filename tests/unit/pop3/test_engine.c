/* test_engine.c - lib/pop3/engine: what transcripts do not reach. */
#include "pop3/engine.h"
#include "test.h"

static struct pop3_engine *engine;
static const struct mla_pop3_event *ev;

static void feed(const char *text)
{
    struct engine *port = pop3_engine_port(engine);
    size_t n = strlen(text);

    while (n != 0) {
        uint8_t *p;
        size_t room;

        assert_int_equal(inbuf_room(&port->in, &p, &room), 0);
        assert_int_not_equal(room, 0);
        room = room < n ? room : n;
        memcpy(p, text, room);
        engine_got(port, room);
        text += room;
        n -= room;
    }
}

static void send_all(void)
{
    struct engine *port = pop3_engine_port(engine);
    const uint8_t *p;
    size_t n;

    while (outq_peek(&port->out, &p, &n, NULL) == 1)
        outq_sent(&port->out, n);
}

/* The next event is of that type. */
static void next_is(int32_t type)
{
    assert_int_equal(pop3_engine_next(engine, &ev), 1);
    assert_int_equal(ev->type, type);
}

static void done_is(int32_t error)
{
    next_is(MLA_POP3_EV_DONE);
    assert_int_equal(ev->done.error, error);
}

static void log_in(uint64_t listing_max)
{
    struct pop3_config cfg = {0};
    mla_credentials in = {0};
    struct sasl_creds creds;
    uint64_t t;

    cfg.mem = mem_default();
    cfg.in_first = 100000; /* as long as an event is lent the octets stay where they are */
    cfg.response_max = 100000;
    cfg.words_max = 10;
    cfg.queue_max = 1000000;
    cfg.listing_max = listing_max;
    cfg.cleartext = 1;
    in.user = "u";
    in.password = "p";
    in.password_len = 1;
    assert_int_equal(pop3_engine_new(&cfg, &engine), 0);
    assert_int_equal(pop3_engine_command(engine, MLA_POP3_CMD_NOOP, 0, 0, &t, NULL), MLA_E_STATE);
    assert_int_equal(pop3_engine_start(engine, 2, "h", 110, &t, NULL), 0);
    assert_int_equal(pop3_engine_start(engine, 2, "h", 110, &t, NULL), MLA_E_STATE);
    assert_int_equal(pop3_engine_port(engine)->ops->connected(pop3_engine_port(engine)), 0);
    assert_int_equal(sasl_creds_copy(&creds, mem_default(), &in, NULL), 0);
    assert_int_equal(pop3_engine_authenticate(engine, &creds, &t, NULL), 0);
    feed("+OK\r\n");
    next_is(MLA_POP3_EV_GREETING);
    done_is(0);
    send_all();
    feed("-ERR\r\n");
    assert_int_equal(pop3_engine_next(engine, &ev), 0);
    send_all();
    feed("+OK\r\n");
    assert_int_equal(pop3_engine_next(engine, &ev), 0);
    send_all();
    feed("+OK\r\n");
    done_is(0);
    assert_int_equal(pop3_engine_state(engine), POP3_TRANSACTION);
}

static uint64_t command(uint32_t id, uint32_t number)
{
    uint64_t t = 0;

    assert_int_equal(pop3_engine_command(engine, id, number, 0, &t, NULL), 0);
    return t;
}

static void results_are_remembered_or_known_to_be_forgotten(void **state)
{
    uint64_t first_failed;
    uint64_t good;
    uint64_t last = 0;
    int result = -1;

    (void)state;
    log_in(0);
    first_failed = command(MLA_POP3_CMD_NOOP, 0);
    assert_int_equal(pop3_engine_result(engine, first_failed, &result), 0);
    assert_int_equal(pop3_engine_others(engine, first_failed), 0);
    assert_int_equal(pop3_engine_others(engine, 1), 1);
    send_all();
    feed("-ERR\r\n");
    done_is(MLA_E_NO);
    assert_int_equal(pop3_engine_result(engine, first_failed, &result), 1);
    assert_int_equal(result, MLA_E_NO);
    good = command(MLA_POP3_CMD_NOOP, 0);
    send_all();
    feed("+OK\r\n");
    done_is(0);
    assert_int_equal(pop3_engine_result(engine, good, &result), 1);
    assert_int_equal(result, 0);
    for (int i = 0; i < 1024; i++) {
        last = command(MLA_POP3_CMD_NOOP, 0);
        send_all();
        feed("-ERR\r\n");
        done_is(MLA_E_NO);
    }
    assert_int_equal(pop3_engine_result(engine, last, &result), 1);
    assert_int_equal(result, MLA_E_NO);
    assert_int_equal(pop3_engine_result(engine, good, &result), 1);
    assert_int_equal(result, 0);
    /* never told as a success */
    assert_int_equal(pop3_engine_result(engine, first_failed, &result), MLA_E_ARG);
    assert_int_equal(pop3_engine_result(engine, 0, &result), MLA_E_ARG);
    assert_int_equal(pop3_engine_result(engine, last + 1, &result), MLA_E_ARG);
    pop3_engine_free(engine);
}

static void a_listing_has_an_end_M17(void **state)
{
    (void)state;
    log_in(3);
    command(MLA_POP3_CMD_LIST, 0);
    send_all();
    feed("+OK\r\n1 1\r\n2 2\r\n3 3\r\n.\r\n");
    next_is(MLA_POP3_EV_ITEM);
    assert_int_equal(ev->item_count, 3);
    done_is(0);
    command(MLA_POP3_CMD_LIST, 0);
    send_all();
    feed("+OK\r\n1 1\r\n2 2\r\n3 3\r\n4 4\r\n.\r\n");
    done_is(MLA_E_FLOOD);
    assert_int_equal(pop3_engine_next(engine, &ev), MLA_E_FLOOD);
    pop3_engine_free(engine);
}

static void octets_of_an_event_do_not_move_while_more_come(void **state)
{
    const uint8_t *chunk;

    (void)state;
    log_in(0);
    command(MLA_POP3_CMD_RETR, 1);
    send_all();
    feed("+OK\r\nHello, ");
    next_is(MLA_POP3_EV_CHUNK);
    chunk = ev->chunk;
    feed("world\r\n.\r\n");
    assert_ptr_equal(ev->chunk, chunk);
    assert_memory_equal(chunk, "Hello, ", 7);
    next_is(MLA_POP3_EV_CHUNK);
    assert_int_equal(ev->chunk_offset, 7);
    done_is(0);
    pop3_engine_free(engine);
}

static void the_layer_below_may_fail(void **state)
{
    mla_error err = {.code = MLA_E_IO, .message = "input/output error"};

    (void)state;
    log_in(0);
    command(MLA_POP3_CMD_STAT, 0);
    command(MLA_POP3_CMD_NOOP, 0);
    send_all();
    feed("+OK 1 2\r\n");
    engine_dead(pop3_engine_port(engine), &err);
    /* what came before is given all the same */
    next_is(MLA_POP3_EV_STAT);
    done_is(0);
    done_is(MLA_E_IO);
    assert_int_equal(pop3_engine_next(engine, &ev), MLA_E_IO);
    assert_int_equal(pop3_engine_next(engine, &ev), MLA_E_IO);
    assert_int_equal(pop3_engine_state(engine), POP3_UPDATE);
    pop3_engine_free(engine);
}

static void compression_is_no_part_of_it(void **state)
{
    struct engine *port;

    (void)state;
    log_in(0);
    port = pop3_engine_port(engine);
    assert_int_equal(port->ops->compress_up(port), MLA_E_INTERNAL);
    assert_int_equal(port->ops->wants(port), ENGINE_CLOSE);
    pop3_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_remembered_or_known_to_be_forgotten),
        cmocka_unit_test(a_listing_has_an_end_M17),
        cmocka_unit_test(octets_of_an_event_do_not_move_while_more_come),
        cmocka_unit_test(the_layer_below_may_fail),
        cmocka_unit_test(compression_is_no_part_of_it),
    };

    return cmocka_run_group_tests_name("pop3/engine", tests, NULL, NULL);
}
