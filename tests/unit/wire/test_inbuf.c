/* test_inbuf.c - lib/wire/inbuf */
#include "mailaccess/types.h"
#include "test.h"
#include "wire/inbuf.h"

static void put(struct inbuf *b, const void *data, size_t n)
{
    const uint8_t *from = data;

    while (n != 0) {
        uint8_t *p;
        size_t room;

        assert_int_equal(inbuf_room(b, &p, &room), 0);
        assert_int_not_equal(room, 0);
        if (room > n)
            room = n;
        memcpy(p, from, room);
        inbuf_put(b, room);
        from += room;
        n -= room;
        if (n != 0)
            b->hungry = 1; /* the parser found nothing whole */
    }
}

static void keeps_what_is_not_taken_in_one_piece(void **state)
{
    struct inbuf b;

    (void)state;
    inbuf_init(&b, mem_default(), 8, 64);
    put(&b, "abcdefg", 7);
    inbuf_take(&b, 3);
    assert_int_equal(inbuf_len(&b), 4);
    assert_memory_equal(inbuf_data(&b), "defg", 4);
    put(&b, "h", 1); /* the last octet of room */
    b.hungry = 1;
    put(&b, "ijklm", 5);
    assert_memory_equal(inbuf_data(&b), "defghijklm", 10);
    assert_int_equal(b.taken, 3);
    inbuf_take(&b, 10);
    assert_int_equal(b.taken, 13);
    inbuf_free(&b);
}

static void neither_moves_nor_grows_before_the_parser_is_hungry(void **state)
{
    const uint8_t *before;
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    inbuf_init(&b, mem_default(), 8, 64);
    put(&b, "abcdefgh", 8);
    inbuf_take(&b, 6);
    before = inbuf_data(&b);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 0);
    assert_ptr_equal(inbuf_data(&b), before);
    b.hungry = 1;
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 6);
    assert_memory_equal(inbuf_data(&b), "gh", 2);
    inbuf_free(&b);
}

static void stays_where_it_is_while_lent(void **state)
{
    const uint8_t *before;
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    inbuf_init(&b, mem_default(), 8, 64);
    put(&b, "abcdefgh", 8);
    before = inbuf_data(&b);
    inbuf_take(&b, 8);
    b.lent = 1;
    b.hungry = 1;
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 0);
    assert_memory_equal(before, "abcdefgh", 8); /* what was taken can still be read */
    inbuf_rest(&b);
    assert_non_null(b.ptr);
    b.lent = 0;
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 8);
    inbuf_rest(&b);
    assert_null(b.ptr);
    inbuf_free(&b);
}

static void holds_exactly_its_maximum(void **state)
{
    char data[20];
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    memset(data, 'x', sizeof data);
    inbuf_init(&b, mem_default(), 8, 20);
    put(&b, data, 20);
    assert_int_equal(b.cap, 20);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 0);
    b.hungry = 1;
    assert_int_equal(inbuf_room(&b, &p, &room), MLA_E_FLOOD);
    inbuf_take(&b, 1);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 1);
    inbuf_free(&b);
    /* a first size above the maximum is the maximum */
    inbuf_init(&b, mem_default(), 100, 20);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 20);
    inbuf_free(&b);
}

static void rests_only_when_empty(void **state)
{
    struct inbuf b;

    (void)state;
    inbuf_init(&b, mem_default(), 8, 20);
    inbuf_rest(&b);
    put(&b, "ab", 2);
    inbuf_rest(&b);
    assert_memory_equal(inbuf_data(&b), "ab", 2);
    inbuf_take(&b, 2);
    inbuf_rest(&b);
    assert_null(b.ptr);
    put(&b, "cd", 2);
    assert_memory_equal(inbuf_data(&b), "cd", 2);
    assert_int_equal(b.taken, 2);
    inbuf_free(&b);
}

/* After a rest a little room does for news; what was asked for gets all of it at once. */
static void begins_small_behind_a_rest(void **state)
{
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    inbuf_init(&b, mem_default(), 65536, 65536 * 4);
    put(&b, "ab", 2);
    assert_int_equal(b.cap, 65536);
    inbuf_take(&b, 2);
    b.hungry = 1;
    inbuf_rest(&b);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(b.cap, 4096);
    put(&b, "* 4 EXISTS", 10);
    /* the parser has not looked at it yet: nothing moves */
    b.calm = 0;
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(b.cap, 4096);
    b.hungry = 1;
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(b.cap, 65536);
    assert_memory_equal(inbuf_data(&b), "* 4 EXISTS", 10);
    inbuf_free(&b);
}

/* Filled to the brim by itself: it was more than news. */
static void grows_when_the_small_room_is_full(void **state)
{
    static uint8_t full[4096];
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    inbuf_init(&b, mem_default(), 65536, 65536 * 4);
    inbuf_rest(&b); /* nothing is held yet: that is no rest */
    put(&b, "a", 1);
    assert_int_equal(b.cap, 65536);
    inbuf_take(&b, 1);
    b.hungry = 1;
    inbuf_rest(&b);
    put(&b, full, sizeof full);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 0);
    inbuf_take(&b, sizeof full);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_int_equal(room, 65536);
    inbuf_free(&b);
}

/* What another layer was given is gone; an event may still point at what was taken. */
static void drops_what_is_another_layers(void **state)
{
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    inbuf_init(&b, mem_default(), 16, 64);
    put(&b, "A1 OK\r\n\1\2\3", 10);
    inbuf_take(&b, 7);
    b.lent = 1;
    inbuf_drop(&b);
    assert_int_equal(inbuf_len(&b), 0);
    assert_int_equal(b.taken, 7);
    assert_true(b.hungry);
    assert_int_equal(inbuf_room(&b, &p, &room), 0);
    assert_ptr_equal(p, inbuf_data(&b));
    assert_memory_equal(b.ptr, "A1 OK\r\n", 7);
    assert_int_equal(room, 9);
    inbuf_free(&b);
}

static void failing_memory_loses_nothing(void **state)
{
    struct fail_mem f;
    struct inbuf b;
    uint8_t *p;
    size_t room;

    (void)state;
    fail_mem_init(&f, 1, 0);
    inbuf_init(&b, &f.mem, 8, 64);
    assert_int_equal(inbuf_room(&b, &p, &room), MLA_E_NOMEM);
    put(&b, "abcdefgh", 8);
    f.fail_at = f.calls + 1;
    b.hungry = 1;
    assert_int_equal(inbuf_room(&b, &p, &room), MLA_E_NOMEM);
    assert_memory_equal(inbuf_data(&b), "abcdefgh", 8);
    put(&b, "i", 1);
    assert_memory_equal(inbuf_data(&b), "abcdefghi", 9);
    inbuf_free(&b);
    assert_int_equal(f.held, 0);
}

/* Any split of a stream into pieces, any pace of taking: the same octets come out. */
static void any_rhythm_gives_the_same_octets(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 200; seed++) {
        uint32_t r = seed * 2654435761u;
        size_t in = 0;
        size_t out = 0;
        struct inbuf b;

        inbuf_init(&b, mem_default(), 16, 256);
        while (out < 3000) {
            uint8_t *p;
            size_t room;
            size_t n;

            r = r * 1664525u + 1013904223u;
            b.hungry = 1;
            assert_int_equal(inbuf_room(&b, &p, &room), 0);
            n = 1 + (r >> 24) % 40;
            n = n < room ? n : room;
            for (size_t i = 0; i < n; i++)
                p[i] = (uint8_t)((in + i) * 7);
            inbuf_put(&b, n);
            in += n;
            n = inbuf_len(&b) - (r >> 16) % (inbuf_len(&b) < 100 ? inbuf_len(&b) + 1 : 50);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(inbuf_data(&b)[i], (uint8_t)((out + i) * 7));
            inbuf_take(&b, n);
            out += n;
            assert_int_equal(b.taken, out);
        }
        inbuf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_not_taken_in_one_piece),
        cmocka_unit_test(neither_moves_nor_grows_before_the_parser_is_hungry),
        cmocka_unit_test(stays_where_it_is_while_lent),
        cmocka_unit_test(holds_exactly_its_maximum),
        cmocka_unit_test(rests_only_when_empty),
        cmocka_unit_test(begins_small_behind_a_rest),
        cmocka_unit_test(grows_when_the_small_room_is_full),
        cmocka_unit_test(drops_what_is_another_layers),
        cmocka_unit_test(failing_memory_loses_nothing),
        cmocka_unit_test(any_rhythm_gives_the_same_octets),
    };

    return cmocka_run_group_tests_name("wire/inbuf", tests, NULL, NULL);
}
