/* test_deflate.c - lib/net/deflate over a stream in memory; sessions over it are in tests/net */
#include "deflate_below.h"

#if MLA_ZLIB

/* --- reading --- */

static void any_pieces_give_the_same_octets(void **state)
{
    static const size_t pieces[] = {0, 1, 2, 3, 7, 100};
    static const size_t rooms[] = {1, 2, 5, 300, 100000};
    static uint8_t text[20000];
    static uint8_t wire[20000];
    static uint8_t got[20000];
    size_t len = lines(text, sizeof text);
    size_t n = packed(text, len, Z_SYNC_FLUSH, wire, sizeof wire);

    (void)state;
    assert_true(n < len / 3);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        for (size_t k = 0; k < sizeof rooms / sizeof rooms[0]; k++) {
            for (int blocks = 0; blocks < 2; blocks++) {
                struct deflate_counts counts;
                mla_error err = {0};
                struct below b;
                struct stream *s;
                int rc = 1;

                below_init(&b, wire, n);
                b.piece = pieces[i];
                b.blocks = blocks;
                assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
                assert_int_equal(s->ops->open(s, 0, &err), 1);
                assert_int_equal(s->ops->fd(s), 77);
                assert_int_equal(read_to_end(s, &b, got, sizeof got, rooms[k], &rc, &err), len);
                assert_int_equal(rc, 0);
                assert_memory_equal(got, text, len);
                assert_int_equal(s->ops->held(s), 0);
                deflate_counts(s, &counts);
                assert_int_equal(counts.text_in, len);
                assert_int_equal(counts.wire_in, n);
                s->ops->close(s);
                assert_true(b.closed);
                s->ops->free(s);
                assert_int_equal(b.freed, 1);
            }
        }
    }
}

/* The first octets came with the answer to COMPRESS. */
static void early_octets_come_first(void **state)
{
    static uint8_t text[3000];
    static uint8_t wire[3000];
    static uint8_t got[3000];
    size_t len = lines(text, sizeof text);
    size_t n = packed(text, len, Z_SYNC_FLUSH, wire, sizeof wire);

    (void)state;
    for (size_t cut = 0; cut <= n; cut++) {
        uint8_t *early = malloc(cut + 1);
        mla_error err = {0};
        struct below b;
        struct stream *s;
        int rc;

        memcpy(early, wire, cut);
        below_init(&b, wire + cut, n - cut);
        b.end = STREAM_END;
        assert_int_equal(deflate_open(mem_default(), &b.base, early, cut, &s, &err), 0);
        free(early);
        assert_int_equal(s->ops->held(s), cut != 0 ? STREAM_NOW : 0);
        assert_int_equal(read_to_end(s, &b, got, sizeof got, 64, &rc, &err), len);
        assert_memory_equal(got, text, len);
        assert_int_equal(rc, STREAM_END);
        s->ops->free(s);
    }
}

static void octets_without_room_are_held(void **state)
{
    static uint8_t text[100000];
    static uint8_t wire[2000];
    uint8_t got[1000];
    size_t total = 0;
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t n;

    (void)state;
    memset(text, 'a', sizeof text);
    below_init(&b, wire, packed(text, sizeof text, Z_SYNC_FLUSH, wire, sizeof wire));
    b.last = 1;
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(s->ops->read(s, got, 0, &n, &err), 0);
    for (;;) {
        int rc = s->ops->read(s, got, sizeof got, &n, &err);

        if (rc == 0)
            break;
        total += n;
        assert_int_equal(rc, STREAM_SOME);
        /* the descriptor would not show them */
        assert_int_equal(s->ops->held(s), STREAM_NOW);
        assert_true(total <= sizeof text);
    }
    assert_int_equal(total, sizeof text);
    assert_int_equal(s->ops->held(s), 0);
    assert_int_equal(b.reads, 2);
    s->ops->free(s);

    /* with room for all of it no second read is needed */
    below_init(&b, wire, packed(text, 500, Z_SYNC_FLUSH, wire, sizeof wire));
    b.last = 1;
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(s->ops->read(s, got, sizeof got, &n, &err), STREAM_LAST);
    assert_int_equal(n, 500);
    s->ops->free(s);
}

/* M20: 1:1000, and no more memory than for one octet. */
static void bomb_goes_through_a_small_window(void **state)
{
    const size_t total = 64 << 20;
    uint8_t *zeros = calloc(1, 1 << 20);
    uint8_t *wire = malloc(1 << 20);
    uint8_t got[4096];
    struct fail_mem f;
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t sum = 0;
    size_t calls;
    z_stream z;

    (void)state;
    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = wire;
    z.avail_out = 1 << 20;
    for (size_t i = 0; i < total; i += 1 << 20) {
        z.next_in = zeros;
        z.avail_in = 1 << 20;
        assert_int_equal(deflate(&z, i + (1 << 20) < total ? Z_NO_FLUSH : Z_SYNC_FLUSH), Z_OK);
    }
    below_init(&b, wire, (1 << 20) - z.avail_out);
    deflateEnd(&z);
    assert_true(total / b.in_len > 1000);
    fail_mem_init(&f, 0, 0);
    assert_int_equal(deflate_open(&f.mem, &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(s->ops->read(s, got, sizeof got, &calls, &err), STREAM_SOME);
    sum = calls;
    calls = f.calls; /* the inflater makes its window once */
    for (;;) {
        size_t n = 0;
        int rc = s->ops->read(s, got, sizeof got, &n, &err);

        sum += n;
        if (rc == 0)
            break;
        assert_int_equal(rc, STREAM_SOME);
        /* it does not run ahead of its reader: what it has taken in is one buffer at the most */
        assert_true((uint64_t)b.in_at * 1000 <= sum + (uint64_t)16384 * 1000);
    }
    assert_int_equal(sum, total);
    assert_int_equal(f.calls, calls);
    s->ops->free(s);
    assert_int_equal(f.held, 0);
    free(wire);
    free(zeros);
}

/* Octets that come to nothing, for ever. */
static void much_for_nothing_is_an_error(void **state)
{
    static uint8_t wire[4 * DEFLATE_IDLE_MAX];
    static const uint8_t empty[5] = {0x00, 0x00, 0x00, 0xff, 0xff};
    uint8_t got[64];
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t n;
    int rc;

    (void)state;
    for (size_t i = 0; i < sizeof wire; i++)
        wire[i] = empty[i % 5];
    below_init(&b, wire, sizeof wire);
    b.piece = 1000;
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(s->ops->read(s, got, sizeof got, &n, &err), MLA_E_FLOOD);
    assert_non_null(strstr(err.message, "octets of compressed data hold not one octet of text"));
    assert_true(b.in_at <= DEFLATE_IDLE_MAX + 1000);
    s->ops->free(s);

    /* a text in between, and it may be as much again */
    memset(&err, 0, sizeof err);
    n = DEFLATE_IDLE_MAX - DEFLATE_IDLE_MAX % 5;
    n += packed("x", 1, Z_SYNC_FLUSH, wire + n, 64);
    for (size_t i = 0; i < DEFLATE_IDLE_MAX - 5; i++)
        wire[n + i] = empty[i % 5];
    below_init(&b, wire, n + DEFLATE_IDLE_MAX - 5 - (DEFLATE_IDLE_MAX - 5) % 5);
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(read_to_end(s, &b, got, sizeof got, 64, &rc, &err), 1);
    assert_int_equal(rc, 0);
    s->ops->free(s);
}

static int fails_with(const uint8_t *wire, size_t n, mla_error *err)
{
    static uint8_t got[70000];
    struct below b;
    struct stream *s;
    int rc;

    memset(err, 0, sizeof *err);
    below_init(&b, wire, n);
    b.end = STREAM_END;
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, err), 0);
    read_to_end(s, &b, got, sizeof got, 4096, &rc, err);
    s->ops->free(s);
    return rc;
}

/* M21, P24 */
static void garbage_is_an_error(void **state)
{
    static const char plain[] = "* 1 EXISTS\r\n* 2 FETCH (UID 1 FLAGS (\\Seen))\r\n";
    static const uint8_t reserved[] = {0x07}; /* a block of type 3 */
    static const uint8_t stored[] = {0x00, 0x05, 0x00, 0x00, 0x00};
    static const uint8_t zlib_head[] = {0x78, 0x9c, 0x4b, 0x4c, 0x04, 0x00, 0x02, 0x49, 0x01, 0x24};
    mla_error err;

    (void)state;
    assert_int_equal(fails_with(reserved, sizeof reserved, &err), MLA_E_PROTOCOL);
    assert_string_equal(err.message, "what the server sends is not DEFLATE: invalid block type");
    assert_int_equal(fails_with(stored, sizeof stored, &err), MLA_E_PROTOCOL);
    assert_int_equal(fails_with((const uint8_t *)plain, sizeof plain - 1, &err), MLA_E_PROTOCOL);
    assert_non_null(strstr(err.message, "is not DEFLATE"));
    assert_int_equal(fails_with(zlib_head, sizeof zlib_head, &err), MLA_E_PROTOCOL);
}

/* What came before the fault is there, in whatever pieces it came. */
static void text_before_a_fault_is_kept(void **state)
{
    uint8_t wire[64];
    uint8_t got[64];
    size_t n = packed("* OK last\r\n", 11, Z_SYNC_FLUSH, wire, sizeof wire);

    (void)state;
    wire[n++] = 0x07; /* a block of type 3 */
    for (size_t piece = 1; piece <= n; piece++) {
        mla_error err = {0};
        struct below b;
        struct stream *s;
        int rc;

        below_init(&b, wire, n);
        b.piece = piece;
        assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
        assert_int_equal(read_to_end(s, &b, got, sizeof got, 64, &rc, &err), 11);
        assert_memory_equal(got, "* OK last\r\n", 11);
        assert_int_equal(rc, MLA_E_PROTOCOL);
        s->ops->free(s);
    }
}

/* An end between two blocks is below's; one within a block, or behind a block that some bits of the
 * next one follow, is a cut. */
static void truncation_is_no_end(void **state)
{
    static uint8_t text[2000];
    static uint8_t wire[2000];
    size_t len = lines(text, sizeof text);
    size_t first = packed(text, len, Z_SYNC_FLUSH, wire, sizeof wire);
    mla_error err;

    (void)state;
    assert_int_equal(fails_with(wire, 0, &err), STREAM_END);
    for (size_t n = 1; n < first; n++)
        assert_int_equal(fails_with(wire, n, &err), STREAM_BROKEN);
    assert_int_equal(fails_with(wire, first, &err), STREAM_END);
    assert_int_equal(err.code, 0);
}

static void end_of_the_compressed_stream_is_the_end(void **state)
{
    uint8_t wire[64];
    mla_error err = {0};
    size_t n = packed("* BYE\r\n", 7, Z_FINISH, wire, sizeof wire);

    (void)state;
    for (size_t k = 1; k < n; k++)
        assert_int_equal(fails_with(wire, k, &err), STREAM_BROKEN);
    assert_int_equal(fails_with(wire, n, &err), STREAM_END);
    wire[n] = 0;
    assert_int_equal(fails_with(wire, n + 1, &err), MLA_E_PROTOCOL); /* M21 */
    assert_string_equal(err.message, "octets follow the end of the compressed stream");
}

static void errors_from_below_come_through(void **state)
{
    uint8_t got[8];
    uint8_t wire[64];
    size_t n = packed("ab", 2, Z_SYNC_FLUSH, wire, sizeof wire);
    mla_error err = {0};
    struct below b;
    struct stream *s;
    int rc;

    (void)state;
    below_init(&b, wire, n);
    b.end = MLA_E_IO;
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(read_to_end(s, &b, got, sizeof got, 8, &rc, &err), 2);
    assert_int_equal(rc, MLA_E_IO);
    s->ops->free(s);
}

/* --- writing --- */

static void what_is_written_is_flushed(void **state)
{
    static const size_t sizes[] = {1, 13, 4096, 300000};
    static const size_t takes[] = {0, 1, 5000};
    static uint8_t text[300000];
    static uint8_t got[400000];
    size_t len = lines(text, sizeof text / 2);

    (void)state;
    for (uint32_t i = (uint32_t)len, r = 1; i < sizeof text; i++, len++) /* what cannot shrink */
        text[i] = (uint8_t)((r = r * 1664525U + 1013904223U) >> 24);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t k = 0; k < sizeof takes / sizeof takes[0]; k++) {
            for (int blocks = 0; blocks < 2; blocks++) {
                struct deflate_counts counts;
                mla_error err = {0};
                struct below b;
                struct stream *s;

                below_init(&b, NULL, 0);
                b.out = malloc(BELOW_MAX);
                b.take = takes[k];
                b.blocks = blocks;
                assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
                write_all(s, text, len, sizes[i]);
                assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), len);
                assert_memory_equal(got, text, len);
                /* a second command, after the peer has seen all of the first */
                write_all(s, (const uint8_t *)"A2 NOOP\r\n", 9, 9);
                assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), len + 9);
                deflate_counts(s, &counts);
                assert_int_equal(counts.text_out, len + 9);
                assert_int_equal(counts.wire_out, b.out_len);
                s->ops->free(s);
                free(b.out);
            }
        }
    }
}

/* What was held back because more was to follow goes out with the next, and a write that was
 * refused then may be repeated when nothing follows any more. */
static void what_was_held_back_is_flushed_later(void **state)
{
    static uint8_t text[40000];
    static uint8_t got[50000];
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t put = 0;
    int rc = 0;

    (void)state;
    for (uint32_t i = 0, r = 1; i < sizeof text; i++)
        text[i] = (uint8_t)((r = r * 1664525U + 1013904223U) >> 24);
    below_init(&b, NULL, 0);
    b.out = malloc(BELOW_MAX);
    assert_int_equal(deflate_open(mem_default(), &b.base, NULL, 0, &s, &err), 0);
    assert_int_equal(s->ops->write(s, (const uint8_t *)"A1 NO", 5, 1, &put, &err), 1);
    assert_int_equal(put, 5);
    assert_int_equal(b.out_len, 0);
    assert_int_equal(s->ops->write(s, (const uint8_t *)"OP\r\n", 4, 0, &put, &err), 1);
    assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), 9);
    assert_memory_equal(got, "A1 NOOP\r\n", 9);
    b.blocks = 1;
    while (b.out_len < 30000)
        assert_int_equal(s->ops->write(s, text, sizeof text, 1, &put, &err), 0);
    while (rc == 0)
        rc = s->ops->write(s, text, sizeof text, 0, &put, &err);
    assert_int_equal(rc, 1);
    assert_int_equal(put, sizeof text);
    assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), 9 + sizeof text);
    assert_memory_equal(got + 9, text, sizeof text);
    s->ops->free(s);
    free(b.out);
}

/* --- memory --- */

static void failing_memory_is_survived(void **state)
{
    uint8_t wire[64];
    size_t n = packed("abc", 3, Z_SYNC_FLUSH, wire, sizeof wire);
    int done = 0;

    (void)state;
    for (size_t at = 1; !done; at++) {
        struct fail_mem f;
        mla_error err = {0};
        uint8_t got[16];
        struct below b;
        struct stream *s = NULL;
        int rc;

        fail_mem_init(&f, at, 0);
        below_init(&b, NULL, 0);
        rc = deflate_open(&f.mem, &b.base, wire, n, &s, &err);
        if (rc != 0) {
            assert_int_equal(rc, MLA_E_NOMEM);
            assert_int_equal(err.code, MLA_E_NOMEM);
            assert_int_equal(b.freed, 0); /* still the caller's */
        } else {
            read_to_end(s, &b, got, sizeof got, 16, &rc, &err);
            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            s->ops->free(s);
            assert_int_equal(b.freed, 1);
            done = f.calls < at;
        }
        assert_int_equal(f.held, 0);
        assert_true(at < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_pieces_give_the_same_octets),
        cmocka_unit_test(early_octets_come_first),
        cmocka_unit_test(octets_without_room_are_held),
        cmocka_unit_test(bomb_goes_through_a_small_window),
        cmocka_unit_test(much_for_nothing_is_an_error),
        cmocka_unit_test(garbage_is_an_error),
        cmocka_unit_test(text_before_a_fault_is_kept),
        cmocka_unit_test(truncation_is_no_end),
        cmocka_unit_test(end_of_the_compressed_stream_is_the_end),
        cmocka_unit_test(errors_from_below_come_through),
        cmocka_unit_test(what_is_written_is_flushed),
        cmocka_unit_test(what_was_held_back_is_flushed_later),
        cmocka_unit_test(failing_memory_is_survived),
    };

    return cmocka_run_group_tests_name("net/deflate", tests, NULL, NULL);
}

#else

static void says_that_it_is_not_built_in(void **state)
{
    mla_error err = {0};
    struct stream *s = NULL;

    (void)state;
    assert_false(deflate_built());
    assert_int_equal(deflate_open(mem_default(), NULL, NULL, 0, &s, &err), MLA_E_UNSUPPORTED);
    assert_string_equal(err.message, "compression is not built in");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_that_it_is_not_built_in),
    };

    return cmocka_run_group_tests_name("net/deflate", tests, NULL, NULL);
}

#endif
