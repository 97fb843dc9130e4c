/* test_outq.c - lib/wire/outq */
#include "mailaccess/types.h"
#include "test.h"
#include "wire/outq.h"

/* Everything that is to be sent, step octets at a time. */
static size_t drain(struct outq *q, char *out, size_t step)
{
    const uint8_t *p;
    size_t at = 0;
    size_t n;

    while (outq_peek(q, &p, &n, NULL)) {
        n = n < step ? n : step;
        memcpy(out + at, p, n);
        at += n;
        outq_sent(q, n);
    }
    out[at] = '\0';
    return at;
}

static void sends_what_was_added_in_order(void **state)
{
    char out[64];
    struct outq q;

    (void)state;
    for (size_t step = 1; step < 20; step++) {
        outq_init(&q, mem_default(), 1000);
        assert_int_equal(outq_add_word(&q, "a LOGIN "), 0);
        assert_int_equal(outq_add_secret(&q, "secret", 6), 0);
        assert_int_equal(outq_add(&q, "\r\n", 2), 0);
        assert_int_equal(outq_add(&q, "", 0), 0);
        assert_int_equal(q.held, 16);
        assert_int_equal(drain(&q, out, step), 16);
        assert_string_equal(out, "a LOGIN secret\r\n");
        assert_int_equal(q.held, 0);
        assert_int_equal(q.added, 16);
        assert_int_equal(q.sent, 16);
        outq_free(&q);
    }
}

/* mbedTLS: a write that would block is repeated with the same pointer and length. */
static void offered_octets_neither_move_nor_grow(void **state)
{
    const uint8_t *first;
    const uint8_t *again;
    size_t n;
    size_t m;
    struct outq q;

    (void)state;
    outq_init(&q, mem_default(), 100000);
    assert_int_equal(outq_add_word(&q, "one"), 0);
    assert_int_equal(outq_add_word(&q, " two"), 0);
    assert_int_equal(outq_peek(&q, &first, &n, NULL), 1);
    assert_int_equal(n, 7);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(outq_add_word(&q, " and more and more and more"), 0);
    assert_int_equal(outq_peek(&q, &again, &m, NULL), 1);
    assert_ptr_equal(first, again);
    assert_int_equal(m, 7);
    outq_sent(&q, 2);
    assert_int_equal(outq_peek(&q, &again, &m, NULL), 1);
    assert_ptr_equal(first + 2, again);
    assert_int_equal(m, 5);
    outq_free(&q);
}

static void secrets_stand_alone_and_are_wiped(void **state)
{
    const uint8_t *p;
    size_t n;
    int secret;
    struct outq q;

    (void)state;
    outq_init(&q, mem_default(), 1000);
    assert_int_equal(outq_add_word(&q, "x"), 0);
    assert_int_equal(outq_add_secret(&q, "hunter2", 7), 0);
    assert_int_equal(outq_add_word(&q, "y"), 0);
    assert_int_equal(outq_peek(&q, &p, &n, &secret), 1);
    assert_false(secret);
    outq_sent(&q, n);
    assert_int_equal(outq_peek(&q, &p, &n, &secret), 1);
    assert_true(secret);
    assert_int_equal(n, 7);
    outq_sent(&q, 4);
    assert_memory_equal(p, "\0\0\0\0er2", 7); /* at once, not when the rest has gone */
    outq_sent(&q, 3);
    assert_int_equal(outq_peek(&q, &p, &n, &secret), 1);
    assert_false(secret);
    outq_free(&q);
}

static void holds_exactly_its_maximum(void **state)
{
    char out[16];
    struct outq q;

    (void)state;
    outq_init(&q, mem_default(), 10);
    assert_int_equal(outq_add(&q, "0123456789", 10), 0);
    assert_int_equal(outq_add(&q, "x", 1), MLA_E_LIMIT);
    assert_int_equal(outq_add_secret(&q, "x", 1), MLA_E_LIMIT);
    assert_int_equal(drain(&q, out, 4), 10);
    assert_string_equal(out, "0123456789");
    /* what was sent counts no longer */
    assert_int_equal(outq_add(&q, "x", 1), 0);
    assert_int_equal(outq_add(&q, out, (size_t)-1), MLA_E_LIMIT);
    outq_free(&q);
}

static void rewinding_takes_back_what_was_not_offered(void **state)
{
    char out[8000];
    struct outq q;
    uint64_t mark;

    (void)state;
    outq_init(&q, mem_default(), 100000);
    assert_int_equal(outq_add_word(&q, "keep "), 0);
    mark = q.added;
    assert_int_equal(outq_add_word(&q, "drop"), 0);
    assert_int_equal(outq_add_secret(&q, "secret", 6), 0);
    for (int i = 0; i < 300; i++)
        assert_int_equal(outq_add_word(&q, "a lot of it, in many chunks"), 0);
    outq_rewind(&q, mark);
    assert_int_equal(q.held, 5);
    assert_int_equal(q.added, mark);
    assert_int_equal(outq_add_word(&q, "this"), 0);
    assert_int_equal(drain(&q, out, 100), 9);
    assert_string_equal(out, "keep this");
    /* with a part sent already */
    assert_int_equal(outq_add_word(&q, "sent"), 0);
    outq_sent(&q, 2);
    mark = q.added;
    assert_int_equal(outq_add_secret(&q, "no", 2), 0);
    outq_rewind(&q, mark);
    assert_int_equal(q.held, 2);
    assert_int_equal(drain(&q, out, 1), 2);
    assert_string_equal(out, "nt");
    /* everything */
    mark = q.added;
    assert_int_equal(outq_add_word(&q, "x"), 0);
    outq_rewind(&q, mark);
    assert_int_equal(q.held, 0);
    assert_int_equal(drain(&q, out, 1), 0);
    outq_free(&q);
}

static void failing_memory_adds_nothing(void **state)
{
    char out[64];
    struct fail_mem f;
    struct outq q;

    (void)state;
    fail_mem_init(&f, 2, 0);
    outq_init(&q, &f.mem, 1000);
    assert_int_equal(outq_add_word(&q, "a"), 0);
    assert_int_equal(outq_add_secret(&q, "s", 1), MLA_E_NOMEM);
    assert_int_equal(q.held, 1);
    assert_int_equal(outq_add_word(&q, "b"), 0);
    assert_int_equal(drain(&q, out, 5), 2);
    assert_string_equal(out, "ab");
    assert_int_equal(outq_add_word(&q, "left over"), 0);
    outq_free(&q);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_what_was_added_in_order),
        cmocka_unit_test(offered_octets_neither_move_nor_grow),
        cmocka_unit_test(secrets_stand_alone_and_are_wiped),
        cmocka_unit_test(holds_exactly_its_maximum),
        cmocka_unit_test(rewinding_takes_back_what_was_not_offered),
        cmocka_unit_test(failing_memory_adds_nothing),
    };

    return cmocka_run_group_tests_name("wire/outq", tests, NULL, NULL);
}
