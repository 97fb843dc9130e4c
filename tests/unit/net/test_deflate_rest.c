/* test_deflate_rest.c - lib/net/deflate gives back what it holds, at any moment, and nobody notices
 */
#include "deflate_below.h"

#if MLA_ZLIB

/* --- memory that is counted, and looked through when it is given back --- */

static size_t held;
static size_t found; /* how often the word was in what was given back */
static size_t calls;
static size_t fail_at;

static const char word[] = "Xyzzy";

struct block {
    size_t size;
    size_t pad;
};

static void *counted_alloc(void *user, size_t size)
{
    struct block *b = ++calls == fail_at ? NULL : malloc(sizeof *b + size);

    (void)user;
    if (b == NULL)
        return NULL;
    b->size = size;
    held += size;
    memset(b + 1, 0xa5, size); /* all of it is looked through when it comes back */
    return b + 1;
}

static void counted_release(void *user, void *p)
{
    struct block *b = (struct block *)p - 1;
    const uint8_t *at = p;
    const uint8_t *end = at + b->size;

    (void)user;
    held -= b->size;
    while ((at = memchr(at, word[0], (size_t)(end - at))) != NULL && at + sizeof word <= end)
        found += memcmp(at++, word, sizeof word - 1) == 0;
    free(b);
}

static const struct mem counted = {counted_alloc, NULL, counted_release, NULL};

static struct stream *opened(struct below *b)
{
    mla_error err = {0};
    struct stream *s;

    held = found = calls = fail_at = 0;
    assert_int_equal(deflate_open(&counted, &b->base, NULL, 0, &s, &err), 0);
    return s;
}

/* A server's answers, each flushed; what is far behind comes again. */
static size_t answers(uint8_t *text, size_t max, uint8_t *wire, size_t wire_max, int flush,
                      size_t *out_n)
{
    size_t len = lines(text, max / 2);
    z_stream z;

    memcpy(text + len, text, len);
    len *= 2;
    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = wire;
    z.avail_out = (unsigned)wire_max;
    for (size_t at = 0, n; at < len; at += n) {
        n = (size_t)((uint8_t *)memchr(text + at, '\n', len - at) - (text + at)) + 1;
        z.next_in = text + at;
        z.avail_in = (unsigned)n;
        assert_int_equal(deflate(&z, flush), Z_OK);
        assert_int_not_equal(z.avail_out, 0);
    }
    deflateEnd(&z);
    *out_n = wire_max - z.avail_out;
    return len;
}

/* --- reading --- */

static void rests_anywhere_while_it_reads(void **state)
{
    static const size_t pieces[] = {0, 1, 100};
    static const size_t rooms[] = {1, 4096};
    static const int flushes[] = {Z_SYNC_FLUSH, Z_PARTIAL_FLUSH, Z_FULL_FLUSH, Z_NO_FLUSH};
    static uint8_t text[80000], wire[160000], got[80001];

    (void)state;
    for (size_t i = 0; i < 4 * 3 * 2 * 2; i++) {
        int flush = flushes[i % 4];
        struct deflate_counts counts;
        mla_error err = {0};
        struct below b;
        struct stream *s;
        size_t n, all = 0;
        size_t piece = pieces[i / 4 % 3], room = rooms[i / 12 % 2];
        size_t len = answers(text, piece == 1 || room == 1 ? 400 : sizeof text, wire, sizeof wire,
                             flush, &n);
        int rc, idle = 0;

        below_init(&b, wire, n);
        b.piece = piece;
        b.blocks = i / 24 != 0;
        s = opened(&b);
        do {
            size_t k = 0;

            rc = s->ops->read(s, got + all, room, &k, &err);
            assert_true(rc >= 0 && rc <= STREAM_LAST);
            all += k;
            idle = rc == 0 ? idle + 1 : 0;
            deflate_rest(s);
            deflate_rest(s);
        } while (idle < 2 || b.in_at < n);
        deflate_counts(s, &counts);
        assert_true(flush == Z_NO_FLUSH ? all <= len : all == len);
        assert_memory_equal(got, text, all);
        assert_int_equal(counts.text_in, all);
        assert_int_equal(counts.wire_in, n);
        s->ops->free(s);
        assert_int_equal(held, 0);
    }
}

/* What stays is what the next answer may repeat. */
static void only_what_was_received_is_kept(void **state)
{
    static uint8_t text[100000], wire[200000], got[100001];
    static const size_t lengths[] = {60, 3000, 100000};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        mla_error err = {0};
        struct below b;
        struct stream *s;
        size_t n, before, awake;
        size_t len =
            answers(text, lengths[i] * 2 < sizeof text ? 400 + lengths[i] * 2 : sizeof text, wire,
                    sizeof wire, Z_SYNC_FLUSH, &n);
        int rc;

        below_init(&b, wire, n);
        b.out = malloc(BELOW_MAX);
        s = opened(&b);
        before = held;
        assert_int_equal(read_to_end(s, &b, got, sizeof got, sizeof got, &rc, &err), len);
        assert_int_equal(rc, 0);
        write_all(s, (const uint8_t *)"A1 NOOP\r\n", 9, 9);
        awake = held;
        deflate_rest(s);
        assert_in_range(held - before, 1, (len < 32768 ? len : 32768) + 64);
        assert_true(held + 32768 < awake);
        s->ops->free(s);
        assert_int_equal(held, 0);
        free(b.out);
    }
}

/* Within a block, and with octets that nobody has asked for yet, the inflater stays. */
static void what_is_in_the_middle_of_something_stays(void **state)
{
    static uint8_t text[2000], wire[2000], got[2000];
    size_t len = lines(text, sizeof text);
    size_t n = packed(text, len, Z_SYNC_FLUSH, wire, sizeof wire);
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t k, before;
    int rc;

    (void)state;
    below_init(&b, wire, n - 6);
    s = opened(&b);
    k = read_to_end(s, &b, got, sizeof got, sizeof got, &rc, &err);
    before = held;
    deflate_rest(s);
    assert_int_equal(held, before);
    b.in_len = n;
    k += read_to_end(s, &b, got + k, sizeof got - k, sizeof got, &rc, &err);
    assert_int_equal(k, len);
    assert_memory_equal(got, text, len);
    deflate_rest(s);
    assert_true(held < before);
    s->ops->free(s);

    memset(&err, 0, sizeof err);
    below_init(&b, wire, n);
    s = opened(&b);
    assert_int_equal(s->ops->read(s, got, 10, &k, &err), STREAM_SOME);
    before = held;
    deflate_rest(s);
    assert_int_equal(held, before);
    assert_int_equal(s->ops->held(s), STREAM_NOW);
    s->ops->free(s);
}

/* An end is an end, a cut a cut, a fault a fault, with an inflater or without. */
static void ends_are_the_same(void **state)
{
    uint8_t wire[128], got[64];
    size_t first = packed("* OK hi\r\n", 9, Z_SYNC_FLUSH, wire, sizeof wire);

    (void)state;
    for (int i = 0; i < 5; i++) {
        static const int outcomes[] = {STREAM_END, STREAM_END, MLA_E_PROTOCOL, STREAM_BROKEN,
                                       MLA_E_PROTOCOL};
        mla_error err = {0};
        struct below b;
        struct stream *s;
        size_t k, n = first;
        int rc;

        if (i == 1 || i == 2)
            n += packed("* BYE\r\n", 7, Z_FINISH, wire + n, sizeof wire - n);
        if (i == 2)
            wire[n++] = 'x';
        if (i == 3)
            wire[n++] = 0;
        if (i == 4)
            wire[n++] = 7; /* a block of type 3 */
        below_init(&b, wire, first);
        s = opened(&b);
        assert_int_equal(s->ops->read(s, got, sizeof got, &k, &err), STREAM_SOME);
        assert_int_equal(s->ops->read(s, got, sizeof got, &k, &err), 0);
        deflate_rest(s);
        b.in_len = n;
        b.piece = 1;
        b.end = STREAM_END;
        while ((rc = s->ops->read(s, got, sizeof got, &k, &err)) == STREAM_SOME)
            deflate_rest(s);
        assert_int_equal(rc, outcomes[i]);
        deflate_rest(s);
        s->ops->free(s);
        assert_int_equal(held, 0);
    }
}

/* --- writing --- */

static void rests_anywhere_while_it_writes(void **state)
{
    static const size_t sizes[] = {1, 40, 9000, 20000};
    static const size_t takes[] = {0, 1, 3000};
    static uint8_t text[20000], got[20000];
    size_t len = lines(text, sizeof text / 2);

    (void)state;
    for (uint32_t r = 1; len < sizeof text; len++) /* what cannot shrink */
        text[len] = (uint8_t)((r = r * 1664525U + 1013904223U) >> 24);
    for (size_t i = 0; i < 4 * 3 * 2 * 2; i++) {
        int often = i / 24 != 0;
        struct deflate_counts counts;
        mla_error err = {0};
        struct below b;
        struct stream *s;
        size_t put, turns = 0;

        below_init(&b, NULL, 0);
        b.out = malloc(BELOW_MAX);
        b.take = takes[i / 4 % 3];
        b.blocks = i / 12 % 2 != 0;
        s = opened(&b);
        for (size_t at = 0, n, end = sizes[i % 4] < 9000 ? 150 * sizes[i % 4] / 4 : len; at < end;
             at += n) {
            int more, rc;

            n = sizes[i % 4] < end - at ? sizes[i % 4] : end - at;
            more = at + n < end && at % 3 == 0;
            do {
                rc = s->ops->write(s, text + at, n, more, &put, &err);
                assert_true(rc >= 0);
                if (often || turns % 3 == 0)
                    deflate_rest(s);
                turns++;
            } while (rc == 0);
            assert_int_equal(put, n);
            if (!more) {
                assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), at + n);
                assert_memory_equal(got, text, at + n);
            }
        }
        deflate_counts(s, &counts);
        assert_int_equal(counts.wire_out, b.out_len);
        s->ops->free(s);
        assert_int_equal(held, 0);
        free(b.out);
    }
}

/* Commands need little, a message gets what it needs, and behind it all of that goes again. */
static void the_compressor_is_as_large_as_what_is_said(void **state)
{
    static uint8_t text[65536], got[200000];
    size_t len = lines(text, sizeof text);
    struct below b;
    struct stream *s;
    size_t at_rest, put;
    mla_error err = {0};

    (void)state;
    below_init(&b, NULL, 0);
    b.out = malloc(BELOW_MAX);
    s = opened(&b);
    at_rest = held;
    assert_in_range(at_rest, 1, 1024);
    write_all(s, (const uint8_t *)"A1 NOOP\r\n", 9, 9);
    assert_in_range(held, 1024, 80 * 1024);
    /* what is held back when a message comes is not lost */
    assert_int_equal(s->ops->write(s, (const uint8_t *)"A", 1, 1, &put, &err), 1);
    write_all(s, text, len, len);
    assert_in_range(held, 1024, 80 * 1024);
    write_all(s, text, len, len);
    assert_in_range(held, 200 * 1024, 300 * 1024);
    write_all(s, (const uint8_t *)"A2 NOOP\r\n", 9, 9);
    assert_in_range(held, 200 * 1024, 300 * 1024);
    deflate_rest(s);
    assert_int_equal(held, at_rest);
    write_all(s, (const uint8_t *)"A3 NOOP\r\n", 9, 9);
    assert_in_range(held, 1024, 80 * 1024);
    assert_int_equal(unpacked(b.out, b.out_len, got, sizeof got), 2 * len + 28);
    assert_memory_equal(got, "A1 NOOP\r\nA", 10);
    assert_memory_equal(got + 10, text, len);
    assert_memory_equal(got + 10 + len, text, len);
    assert_memory_equal(got + 10 + 2 * len, "A2 NOOP\r\nA3 NOOP\r\n", 18);
    s->ops->free(s);
    free(b.out);
}

/* --- secrets and failing memory --- */

static void nothing_of_the_text_is_left_behind(void **state)
{
    static uint8_t text[9000], wire[9000], got[9001];
    mla_error err = {0};
    struct below b;
    struct stream *s;
    size_t n;
    int rc;

    (void)state;
    for (size_t i = 0; i < sizeof text; i += 6)
        memcpy(text + i, "Xyzzy\n", 6);
    n = packed(text, sizeof text, Z_SYNC_FLUSH, wire, sizeof wire);
    below_init(&b, wire, n);
    b.out = malloc(BELOW_MAX);
    s = opened(&b);
    for (int i = 0; i < 3; i++) {
        b.in_at = 0;
        assert_int_equal(read_to_end(s, &b, got, sizeof got, 1000, &rc, &err), sizeof text);
        write_all(s, text, sizeof text, i == 0 ? 100 : sizeof text);
        if (i != 2)
            deflate_rest(s);
    }
    s->ops->free(s);
    assert_int_equal(found, 0);
    assert_int_equal(held, 0);
    free(b.out);
}

static void failing_memory_is_survived(void **state)
{
    static uint8_t text[3000], wire[6000], got[3001];
    size_t n, len = answers(text, sizeof text, wire, sizeof wire, Z_SYNC_FLUSH, &n);
    int done = 0;

    (void)state;
    for (size_t at = 1; !done; at++) {
        mla_error err = {0};
        struct below b;
        struct stream *s;
        size_t all = 0, k, put;
        int rc = 1;

        below_init(&b, wire, n);
        b.piece = 400;
        b.out = malloc(BELOW_MAX);
        s = opened(&b);
        calls = 0;
        fail_at = at;
        while (rc > 0) {
            k = 0;
            rc = s->ops->read(s, got + all, sizeof got - all, &k, &err);
            all += k;
            deflate_rest(s);
            if (rc >= 0)
                put = 0, rc = s->ops->write(s, text, 100, 0, &put, &err);
            deflate_rest(s);
            if (b.in_at == n && all == len)
                break;
        }
        assert_true(rc == 1 || rc == MLA_E_NOMEM);
        assert_int_equal(rc < 0 ? err.code : 0, rc < 0 ? rc : 0);
        assert_memory_equal(got, text, all);
        done = calls < at;
        assert_true(!done || rc == 1);
        s->ops->free(s);
        assert_int_equal(held, 0);
        free(b.out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rests_anywhere_while_it_reads),
        cmocka_unit_test(only_what_was_received_is_kept),
        cmocka_unit_test(what_is_in_the_middle_of_something_stays),
        cmocka_unit_test(ends_are_the_same),
        cmocka_unit_test(rests_anywhere_while_it_writes),
        cmocka_unit_test(the_compressor_is_as_large_as_what_is_said),
        cmocka_unit_test(nothing_of_the_text_is_left_behind),
        cmocka_unit_test(failing_memory_is_survived),
    };

    return cmocka_run_group_tests_name("net/deflate_rest", tests, NULL, NULL);
}

#else

static void there_is_nothing_to_rest(void **state)
{
    (void)state;
    assert_false(deflate_built());
    deflate_rest(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_nothing_to_rest),
    };

    return cmocka_run_group_tests_name("net/deflate_rest", tests, NULL, NULL);
}

#endif
