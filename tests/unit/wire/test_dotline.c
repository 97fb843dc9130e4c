/* test_dotline.c - lib/wire/dotline */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "test.h"
#include "wire/dotline.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Everything that came out of one answer. */
struct result {
    char text[4096];
    size_t len;
    int ended;
    size_t used; /* octets of the input taken, the end included */
};

/* Feeds in pieces that end at the places in cuts (a bit an octet), else whole. */
static void run(const char *in, size_t n, int lf_only, uint32_t cuts, struct result *r)
{
    struct dotline d;
    size_t from = 0;
    size_t to = 0;

    memset(r, 0, sizeof *r);
    dotline_begin(&d, lf_only);
    while (to < n) {
        do
            to++;
        while (to < n && !(to < 32 && (cuts >> to & 1) != 0) && cuts != UINT32_MAX);
        for (;;) {
            const uint8_t *out = NULL;
            size_t out_n = 0;
            size_t used;
            int rc = dotline_next(&d, (const uint8_t *)in + from, to - from, &out, &out_n, &used);

            if (rc == DOTLINE_MORE) {
                assert_int_equal(used, 0);
                assert_true(to - from <= 2);
                break;
            }
            from += used;
            if (rc == DOTLINE_END) {
                r->ended = 1;
                r->used = from;
                return;
            }
            assert_true(out_n > 0 && out + out_n == (const uint8_t *)in + from);
            assert_true(r->len + out_n < sizeof r->text);
            memcpy(r->text + r->len, out, out_n);
            r->len += out_n;
        }
    }
    r->used = from;
}

/* The rule again, octet by octet, written to be read. */
static void reference(const char *in, size_t n, int lf_only, struct result *r)
{
    int start = 1;
    size_t i = 0;

    memset(r, 0, sizeof *r);
    while (i < n) {
        if (start && in[i] == '.') {
            if (i + 2 < n && in[i + 1] == '\r' && in[i + 2] == '\n') {
                r->ended = 1;
                r->used = i + 3;
                return;
            }
            if (lf_only && i + 1 < n && in[i + 1] == '\n') {
                r->ended = 1;
                r->used = i + 2;
                return;
            }
            if (i + 1 == n || (i + 2 == n && in[i + 1] == '\r'))
                break;
            i++;
        }
        start = 0;
        r->text[r->len++] = in[i];
        if (in[i] == '\n') {
            int crlf = r->len >= 2 && r->text[r->len - 2] == '\r';

            if (crlf)
                lf_only = 0;
            start = crlf || lf_only;
        }
        i++;
    }
    r->used = i;
}

static void same(const char *in, size_t n, int lf_only, uint32_t cuts)
{
    struct result a;
    struct result b;

    run(in, n, lf_only, cuts, &a);
    reference(in, n, lf_only, &b);
    if (a.len != b.len || memcmp(a.text, b.text, a.len) != 0 || a.ended != b.ended ||
        a.used != b.used) {
        print_error("input of %zu octets, lf %d, cuts %08x:\n%.*s\n", n, lf_only, cuts, (int)n, in);
        assert_true(0);
    }
}

static void expect(const char *in, int lf_only, const char *out, int ended)
{
    struct result r;

    run(in, strlen(in), lf_only, 0, &r);
    assert_string_equal(r.text, out);
    assert_int_equal(r.ended, ended);
}

static void dots_are_undone_exactly_once_P15(void **state)
{
    (void)state;
    expect("a\r\n..\r\n...b\r\n.c\r\n.\r\n", 0, "a\r\n.\r\n..b\r\nc\r\n", 1);
    expect(".\r\n", 0, "", 1);
    expect("\r\n.\r\n", 0, "\r\n", 1);
    expect("..\r\n.\r\n", 0, ".\r\n", 1);
    expect("a.\r\n.\r\n", 0, "a.\r\n", 1);
    expect("a\r\n.\r", 0, "a\r\n", 0);
    expect(".\rx\r\n.\r\n", 0, "\rx\r\n", 1);
}

static void a_bare_lf_neither_ends_nor_begins_a_line_P16(void **state)
{
    (void)state;
    expect("a\n.\nb\r\n.\r\n", 0, "a\n.\nb\r\n", 1);
    expect("a\n.\r\nb\r\n.\r\n", 0, "a\n.\r\nb\r\n", 1);
    expect("a\r\n.\nb\r\n.\r\n", 0, "a\r\n\nb\r\n", 1);
    expect("a\n..\r\n.\r\n", 0, "a\n..\r\n", 1);
}

static void servers_with_bare_lf_throughout(void **state)
{
    (void)state;
    expect("a\n..b\n.\n", 1, "a\n.b\n", 1);
    expect(".\n", 1, "", 1);
    /* one CRLF, and the strict rule counts from there on */
    expect("a\r\n.\nb\n.\nc\r\n.\r\n", 1, "a\r\n\nb\n.\nc\r\n", 1);
}

static void every_split_of_every_short_input(void **state)
{
    static const char alphabet[] = "a.\r\n";
    char in[8];

    (void)state;
    for (size_t n = 1; n <= 7; n++) {
        for (uint32_t word = 0; word < (uint32_t)1 << (2 * n); word++) {
            for (size_t i = 0; i < n; i++)
                in[i] = alphabet[word >> (2 * i) & 3];
            same(in, n, 0, 0);
            same(in, n, 1, 0);
            same(in, n, 0, UINT32_MAX);
            same(in, n, 1, UINT32_MAX);
            if (n <= 5)
                for (uint32_t cuts = 0; cuts < (uint32_t)1 << n; cuts++) {
                    same(in, n, 0, cuts);
                    same(in, n, 1, cuts);
                }
        }
    }
}

static void long_random_inputs(void **state)
{
    static const char alphabet[] = "abcdefgh.\r\n\n.\r";
    char in[200];
    uint32_t seed = 20261122;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t n;

        seed = seed * 1664525 + 1013904223;
        n = 1 + (seed >> 8) % sizeof in;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            in[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
            if (in[i] == '\r' && i + 2 < n && (seed & 1) != 0) {
                in[++i] = '\n';
                if ((seed & 2) != 0)
                    in[++i] = '.';
            }
        }
        same(in, n, round & 1, seed & ~(uint32_t)1);
    }
}

static void the_search_stays_inside(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_ptr_not_equal(two, MAP_FAILED);
    assert_int_equal(mprotect(two + page, page, PROT_NONE), 0);
    for (size_t n = 0; n <= 70; n++) {
        uint8_t *p = two + page - n;

        memset(p, 'x', n);
        assert_int_equal(dotline_find(p, n), n);
        for (size_t at = 1; at < n; at++) {
            p[at - 1] = '\n';
            assert_int_equal(dotline_find(p, n), n);
            p[at] = '.';
            assert_int_equal(dotline_find(p, n), at);
            p[at - 1] = p[at] = 'x';
        }
        if (n != 0) {
            p[n - 1] = '\n';
            assert_int_equal(dotline_find(p, n), n);
        }
    }
    munmap(two, 2 * page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dots_are_undone_exactly_once_P15),
        cmocka_unit_test(a_bare_lf_neither_ends_nor_begins_a_line_P16),
        cmocka_unit_test(servers_with_bare_lf_throughout),
        cmocka_unit_test(every_split_of_every_short_input),
        cmocka_unit_test(long_random_inputs),
        cmocka_unit_test(the_search_stays_inside),
    };

    return cmocka_run_group_tests_name("wire/dotline", tests, NULL, NULL);
}
