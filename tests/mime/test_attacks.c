/* test_attacks.c - messages made to cost more than they weigh: X01-X08, X22, X23, M09, M11.
 *
 * What is measured is work, not time: how much memory is held at most, how often it is asked for,
 * and how many events come. All are bounded by the length of the message and by the limits. The
 * messages are of such a size that anything quadratic would run into the test's timeout. */
#include "../fake/test.h"

#include <mailaccess/mailaccess.h>
#include <stdio.h>

struct counting {
    size_t held, most, calls;
};

/* The size stands before each block. */
static void *counting_alloc(void *user, size_t size)
{
    struct counting *c = user;
    size_t *p = malloc(size + 16);

    if (p == NULL)
        return NULL;
    *p = size;
    c->calls++;
    c->held += size;
    if (c->held > c->most)
        c->most = c->held;
    return p + 2;
}

static void counting_release(void *user, void *ptr)
{
    struct counting *c = user;
    size_t *p = (size_t *)ptr - 2;

    c->held -= *p;
    free(p);
}

static void *counting_resize(void *user, void *ptr, size_t size)
{
    void *p = counting_alloc(user, size);

    if (p != NULL && ptr != NULL) {
        size_t old = ((size_t *)ptr)[-2];

        memcpy(p, ptr, old < size ? old : size);
        counting_release(user, ptr);
    }
    return p;
}

static struct counting counting;
static mla_config *cfg;

static int set_up(void **state)
{
    mla_allocator a = {sizeof a, 0, counting_alloc, counting_resize, counting_release, &counting};

    (void)state;
    return mla_config_new(&a, &cfg);
}

static int tear_down(void **state)
{
    (void)state;
    mla_config_free(cfg);
    return counting.held == 0 ? 0 : -1;
}

/* --- texts --- */

struct text {
    char *p;
    size_t len, room;
};

static void add(struct text *t, const char *s)
{
    size_t n = strlen(s);

    if (t->len + n + 1 > t->room) {
        t->room = 2 * (t->len + n + 1);
        t->p = realloc(t->p, t->room);
        assert_non_null(t->p);
    }
    memcpy(t->p + t->len, s, n + 1);
    t->len += n;
}

static void add_times(struct text *t, const char *s, size_t times)
{
    while (times-- > 0)
        add(t, s);
}

/* --- what a message comes to --- */

struct cost {
    size_t parts, warnings, events, most, calls, stream_most;
    uint64_t codes[4];
};

static size_t stream(const struct text *t, size_t step, struct cost *c)
{
    mla_parser *p;
    const mla_mime_event *ev;
    size_t parts = 0;
    int rc;

    counting.most = counting.held;
    assert_int_equal(mla_parser_new(cfg, NULL, &p), 0);
    for (size_t at = 0; at < t->len; at += step) {
        size_t n = t->len - at < step ? t->len - at : step;

        assert_int_equal(mla_parser_feed(p, (const uint8_t *)t->p + at, n, NULL), 0);
        while ((rc = mla_parser_next(p, &ev)) == 1) {
            c->events++;
            parts += ev->type == MLA_MIME_EV_PART;
        }
        assert_int_equal(rc, 0);
    }
    assert_int_equal(mla_parser_end(p), 0);
    while ((rc = mla_parser_next(p, &ev)) == 1) {
        c->events++;
        parts += ev->type == MLA_MIME_EV_PART;
    }
    assert_int_equal(rc, 0);
    c->stream_most = counting.most - counting.held;
    mla_parser_free(p);
    return parts;
}

static struct cost measure(struct text *t, int check)
{
    struct cost c;
    size_t calls = counting.calls;
    size_t held = counting.held;
    size_t plain = 0;
    mla_message *m;

    memset(&c, 0, sizeof c);
    counting.most = counting.held;
    assert_int_equal(mla_message_parse(cfg, NULL, (const uint8_t *)t->p, t->len, &m), 0);
    if (check)
        assert_int_equal(mla_message_check(m), 0);
    c.most = counting.most - held;
    c.calls = counting.calls - calls;
    c.parts = mla_message_part_count(m);
    c.warnings = mla_message_warning_count(m);
    for (uint32_t i = 0; i < c.warnings; i++) {
        int code = mla_message_warning(m, i, NULL);

        c.codes[code / 64] |= UINT64_C(1) << code % 64;
    }
    for (uint32_t i = 0; i < c.parts; i++)
        plain += (mla_part_flags(mla_message_part_at(m, i)) & MLA_PART_DECODED) == 0;
    mla_message_free(m);
    assert_int_equal(counting.held, held);
    assert_int_equal(stream(t, 4093, &c), plain);
    free(t->p);
    memset(t, 0, sizeof *t);
    return c;
}

static int has(const struct cost *c, int code)
{
    return (c->codes[code / 64] >> code % 64 & 1) != 0;
}

/* --- structure --- */

static void test_x01_nested_multiparts(void **state)
{
    struct text t = {NULL, 0, 0};
    char line[128];
    struct cost c;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        snprintf(line, sizeof line, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n",
                 i, i);
        add(&t, line);
    }
    c = measure(&t, 1);
    assert_int_equal(c.parts, 65);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_DEPTH));
    assert_true(c.most < 3 * 1024 * 1024);
    assert_true(c.stream_most < 64 * 1024);
}

static void test_x22_nested_messages(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add_times(&t, "Content-Type: message/rfc822\r\n\r\n", 20000);
    c = measure(&t, 1);
    assert_int_equal(c.parts, 65);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_DEPTH));
    assert_true(c.stream_most < 64 * 1024);
}

static void test_x02_many_parts(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    add_times(&t, "--b\r\n\r\nx\r\n", 200000);
    c = measure(&t, 1);
    assert_int_equal(c.parts, 10000);
    assert_int_equal(c.warnings, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_PARTS));
    assert_true(c.events < 4 * 10000 + 20);
    assert_true(c.stream_most < 64 * 1024);
}

static void test_x03_many_headers(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add_times(&t, "A:b\r\n", 500000);
    add(&t, "Content-Type: text/html\r\n\r\nbody");
    c = measure(&t, 1);
    assert_int_equal(c.parts, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_HEADERS));
    assert_true(c.events < 10000 + 10);
    assert_true(c.stream_most < 64 * 1024);
}

/* Exactly the limit, and one more */
static void test_header_limit_is_exact(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add_times(&t, "A:b\r\n", 10000);
    add(&t, "\r\nbody");
    c = measure(&t, 0);
    assert_int_equal(c.warnings, 0);
    add_times(&t, "A:b\r\n", 10001);
    add(&t, "\r\nbody");
    c = measure(&t, 0);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_HEADERS));
}

static void test_part_limit_is_exact(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    for (size_t n = 9999; n <= 10000; n++) {
        add(&t, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        add_times(&t, "--b\r\n\r\nx\r\n", n);
        add(&t, "--b--\r\n");
        c = measure(&t, 0);
        assert_int_equal(c.parts, 10000);
        assert_int_equal(has(&c, MLA_MIME_WARN_LIMIT_PARTS), n == 10000);
    }
}

static void test_x04_huge_header(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "Subject: x\r\n");
    add_times(&t, " folded again and again\r\n", (32 << 20) / 25);
    add(&t, "To: late@example.com\r\n\r\nbody");
    c = measure(&t, 0);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_HEADER_BYTES));
    assert_true(c.stream_most < 10 << 20);
    add(&t, "Subject: ");
    add_times(&t, "no line end at all, ", (32 << 20) / 20);
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_HEADER_BYTES));
    assert_true(c.stream_most < 10 << 20);
}

static void test_header_size_is_exact(void **state)
{
    mla_mime_limits limits;

    (void)state;
    memset(&limits, 0, sizeof limits);
    limits.struct_size = sizeof limits;
    limits.max_header_size = 20;
    for (int n = 19; n <= 22; n++) {
        char text[64];
        mla_message *m;
        mla_str value;

        /* "A: ...\r\n" of n octets, then the empty line */
        memset(text, 'x', sizeof text);
        memcpy(text, "A: ", 3);
        memcpy(text + n - 2, "\r\n\r\nbody", 8);
        assert_int_equal(mla_message_parse(NULL, &limits, (uint8_t *)text, (size_t)n + 6, &m), 0);
        assert_int_equal(mla_message_warning_count(m), n > 20);
        assert_int_equal(mla_part_header_at(mla_message_root(m), 0, NULL, &value, NULL), 0);
        assert_int_equal(value.len, n <= 20 ? n - 4 : 18);
        assert_int_equal(mla_part_body_length(mla_message_root(m)), 4);
        mla_message_free(m);
    }
}

/* --- values --- */

static void test_x05_many_addresses(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "From: a@b\r\nTo: ");
    add_times(&t, "a@b,\r\n ", 100000);
    add(&t, "\r\nCc: ");
    add_times(&t, "(((((((((;", 100000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_ADDRESSES));
    assert_true(c.most < 40 << 20);
}

static void test_x06_many_words(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "Subject: ");
    add_times(&t, "=?utf-8?Q?a?= ", 200000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_WORDS));
    assert_true(c.calls < 1000);
    add(&t, "Subject: ");
    add_times(&t, "=?utf-8?Q?a", 200000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(c.calls < 1000);
    add(&t, "Subject: ");
    add_times(&t, "=?koi8-r?Q?=F0?= =?iso-2022-jp?B?GyRCJCIbKEI=?= ", 9000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_WORDS));
}

static void test_x07_many_pieces(void **state)
{
    struct text t = {NULL, 0, 0};
    char line[64];
    struct cost c;

    (void)state;
    add(&t, "Content-Disposition: attachment");
    for (int i = 50000; i > 0; i--) {
        snprintf(line, sizeof line, ";\r\n filename*%d*=a", i - 1);
        add(&t, line);
    }
    add(&t, "\r\nContent-Type: text/plain; name*99999999999999999999=x");
    add_times(&t, "; name*0=y", 50000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_PARAMS));
    assert_true(has(&c, MLA_MIME_WARN_DUPLICATE_PARAMETER));
}

static void test_x25_many_ids(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "References: ");
    add_times(&t, "<a@b>\r\n ", 100000);
    add(&t, "\r\n\r\nbody");
    c = measure(&t, 1);
    assert_true(has(&c, MLA_MIME_WARN_LIMIT_IDS));
}

/* --- bodies --- */

static void test_x08_near_misses(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t,
        "Content-Type: multipart/mixed; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\r\n\r\n");
    add_times(&t, "--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 100000);
    add_times(&t, "--\n", 500000);
    add_times(&t, "-", 1000000);
    add_times(&t, "\r", 1000000);
    c = measure(&t, 1);
    assert_int_equal(c.parts, 1);
    assert_true(c.stream_most < 64 * 1024);
}

static void test_x23_blank_lines_and_preamble(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add_times(&t, "\r\n", 100000);
    c = measure(&t, 1);
    assert_int_equal(c.parts, 1);
    add(&t, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    add_times(&t, "a preamble without an end\r\n", (100 << 20) / 27);
    add(&t, "--b\r\n\r\nx\r\n--b--\r\n");
    c = measure(&t, 0);
    assert_int_equal(c.parts, 2);
    assert_true(c.most < 64 * 1024);
    assert_true(c.stream_most < 64 * 1024);
}

/* M19: a body of one line */
static void test_one_long_line(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;

    (void)state;
    add(&t, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n");
    add_times(&t, "0123456789abcde-", (48 << 20) / 16);
    c = measure(&t, 0);
    assert_int_equal(c.parts, 2);
    assert_true(c.stream_most < 64 * 1024);
}

/* A message in a message in a message, each encoded: what is decoded at most is bounded. */
static void test_encoded_messages(void **state)
{
    struct text t = {NULL, 0, 0};
    struct cost c;
    size_t len;

    (void)state;
    add_times(&t,
              "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
              20000);
    len = t.len;
    c = measure(&t, 0);
    assert_int_equal(c.parts, 5);
    assert_true(c.most < 5 * len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_x01_nested_multiparts),
        cmocka_unit_test(test_x22_nested_messages),
        cmocka_unit_test(test_x02_many_parts),
        cmocka_unit_test(test_x03_many_headers),
        cmocka_unit_test(test_header_limit_is_exact),
        cmocka_unit_test(test_part_limit_is_exact),
        cmocka_unit_test(test_x04_huge_header),
        cmocka_unit_test(test_header_size_is_exact),
        cmocka_unit_test(test_x05_many_addresses),
        cmocka_unit_test(test_x06_many_words),
        cmocka_unit_test(test_x07_many_pieces),
        cmocka_unit_test(test_x25_many_ids),
        cmocka_unit_test(test_x08_near_misses),
        cmocka_unit_test(test_x23_blank_lines_and_preamble),
        cmocka_unit_test(test_one_long_line),
        cmocka_unit_test(test_encoded_messages),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
