/* test_vec.c - every table of functions gives what the definition says, on octets that end at a
 * page nobody may touch, and all that is built on them is the same with each (X10) */
#include "test.h"

#include "codec/base64.h"
#include "codec/qp.h"
#include "codec/utf8.h"
#include "codec/vec.h"
#include "guard.h"

enum { MAX = 400, ROUNDS = 2000, WORD = 64 };

static uint64_t seed;

static size_t any(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

/* n octets of one of these kinds, some of them wrong. */
enum { BASE64, UTF8, QP, HEADER, BODY, ANY, KINDS };

static void fill(uint8_t *p, size_t n, int kind)
{
    static const char *const characters[] = {
        "a", "\xc3\xa4",     "\xe4\xbb\x8a",     "\xf0\x9f\x93\xa7",
        "Z", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", " "};
    static const char *const of_qp = "abc de=4F=\n=\r\n \t\r\nx=3d";
    static const char *const of_header = "Name-x: value\r\n continued \tX\n";
    static const char *const of_body = "word -\n--b\r\n--";
    size_t line = 4 * (1 + any(25));
    size_t faults = any(4) == 0 ? any(3) : 0;
    size_t plain = any(3);

    for (size_t i = 0; i < n;) {
        const char *c = characters[plain != 0 && any(3 * plain) != 0 ? 0 : any(8)];

        if (kind == UTF8 && strlen(c) <= n - i) {
            memcpy(p + i, c, strlen(c));
            i += strlen(c);
        } else if (kind == BASE64) {
            p[i] = i % (line + 2) == line       ? '\r'
                   : i % (line + 2) == line + 1 ? '\n'
                                                : (uint8_t)base64_alphabet[any(64)];
            i++;
        } else {
            p[i++] = kind == QP       ? (uint8_t)of_qp[any(22)]
                     : kind == HEADER ? (uint8_t)of_header[any(6) == 0 ? any(30) : any(5)]
                     : kind == BODY   ? (uint8_t)of_body[any(13)]
                                      : (uint8_t)any(256);
        }
    }
    for (; faults > 0 && n > 0; faults--)
        p[any(n)] = (uint8_t)any(256);
}

static size_t wanted_utf8(const uint8_t *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        uint32_t c;
        size_t bad;
        size_t len = utf8_read(p + i, n - i, &c, &bad);

        if (len == 0)
            break;
        i += len;
    }
    return i;
}

static void check_utf8(const struct vec *v, const uint8_t *p, size_t n)
{
    size_t got = v->utf8_run(p, n);
    size_t wanted = wanted_utf8(p, n);

    assert_true(got <= wanted);
    assert_int_equal(wanted_utf8(p, got), got);
    if (v != &vec_plain && strcmp(v->name, "SSE2") != 0)
        assert_true(got + WORD > wanted);
}

static void check_runs(const struct vec *v, const uint8_t *p, size_t n)
{
    size_t ascii = 0;
    size_t dash = 0;
    size_t nul = 0;

    while (ascii < n && p[ascii] < 0x80)
        ascii++;
    while (dash < n && !(p[dash] == '\n' && dash + 1 < n && p[dash + 1] == '-'))
        dash++;
    while (nul < dash && p[nul] != '\0')
        nul++;
    assert_int_equal(v->ascii_run(p, n), ascii);
    assert_int_equal(v->until_dash(p, n, 0), dash);
    assert_int_equal(v->until_dash(p, n, 1), nul);
    check_utf8(v, p, n);
}

/* What a field is, octet by octet; 0: none, or it may go on. */
static size_t wanted_field(const uint8_t *p, size_t n, struct vec_field *out)
{
    size_t i = 0;

    while (i < n && p[i] > 32 && p[i] < 127 && p[i] != ':')
        i++;
    if (i == 0 || i == n || p[i] != ':')
        return 0;
    out->name_len = i;
    out->odd = 0;
    for (i = 0; i + 1 < n; i++) {
        out->odd |= p[i] == '\0' || p[i] >= 0x80 || (p[i] == '\r' && p[i + 1] != '\n');
        if (p[i] == '\n' && p[i + 1] != ' ' && p[i + 1] != '\t')
            return i + 1;
    }
    return 0;
}

static void check_field(const struct vec *v, const uint8_t *p, size_t n)
{
    struct vec_field want = {0, 0};
    struct vec_field got = {0, 0};
    size_t wanted = wanted_field(p, n, &want);
    size_t len = v->field(p, n, &got);

    if (len == 0) {
        assert_true(wanted == 0 || n - wanted < WORD);
        return;
    }
    assert_int_equal(len, wanted);
    assert_int_equal(got.name_len, want.name_len);
    assert_int_equal(got.odd, want.odd);
}

static void check_copy(const struct vec *v, const uint8_t *p, size_t n, struct guard *g)
{
    uint8_t *out = guard_put(g, p, n);
    size_t wanted = 0;

    while (wanted < n && p[wanted] != '=' && p[wanted] != '\n')
        wanted++;
    memset(out, 'x', n);
    assert_int_equal(v->qp_copy(p, n, out), wanted);
    assert_memory_equal(out, p, wanted);
}

/* The room that base64_decode() may use, and not one octet more; the long way must agree. */
static void check_base64(const struct vec *v, const uint8_t *p, size_t n, struct guard *g)
{
    static const uint8_t zero[MAX];
    uint8_t *out = guard_put(g, zero, n / 4 * 3);
    uint8_t plain[MAX];
    size_t got;
    size_t want;
    size_t used = v->base64_decode(p, n, out, &got);

    assert_int_equal(used, vec_plain.base64_decode(p, n, plain, &want));
    assert_int_equal(got, want);
    assert_memory_equal(out, plain, got);
    used = v->base64_encode(p, n, (char *)guard_put(g, zero, 0) - n / 3 * 4);
    assert_true(used % 3 == 0 && n - used < 3);
    assert_int_equal(vec_plain.base64_encode(p, n, (char *)plain), used);
    assert_memory_equal(g->base + g->room - n / 3 * 4, plain,
                        used / 3 * 4 < MAX ? used / 3 * 4 : MAX);
}

static void test_tables(void **state)
{
    struct guard in;
    struct guard out;
    const struct vec *v;

    (void)state;
    assert_true(guard_init(&in, MAX));
    assert_true(guard_init(&out, 2 * MAX));
    for (size_t t = 0; (v = vec_table(t)) != NULL; t++) {
        print_message("# %s\n", v->name);
        seed = 1;
        for (int i = 0; i < ROUNDS; i++) {
            uint8_t data[MAX];
            size_t n = any(8) == 0 ? any(MAX) : any(100);
            const uint8_t *p;

            fill(data, n, i % KINDS);
            p = guard_put(&in, data, n);
            check_runs(v, p, n);
            check_field(v, p, n);
            check_copy(v, p, n, &out);
            if (n < MAX / 2)
                check_base64(v, p, n, &out);
        }
    }
    guard_free(&in);
    guard_free(&out);
}

/* Fields of all lengths, what is odd in them or right behind them. */
static void test_fields(void **state)
{
    static const char *const of_value[] = {"a", "b c", "\r\n ", "\n\t", "\r\nX:", "\n\r"};
    const struct vec *v;

    (void)state;
    for (size_t t = 0; (v = vec_table(t)) != NULL; t++) {
        seed = 3;
        for (int i = 0; i < 2 * ROUNDS; i++) {
            uint8_t in[MAX];
            size_t n = 0;

            for (size_t name = any(40); name > 0; name--)
                in[n++] = 'N';
            in[n++] = any(20) != 0 ? ':' : ' ';
            for (size_t words = any(40); words > 0; words--) {
                const char *w = any(30) == 0 ? "\r" : of_value[any(any(8) == 0 ? 6 : 4)];

                memcpy(in + n, w, strlen(w));
                n += strlen(w);
                if (any(40) == 0)
                    in[n++] = any(2) == 0 ? '\0' : 0xe4;
            }
            for (size_t rest = any(WORD); rest > 0; rest--)
                in[n++] = 'r';
            check_field(v, in, n);
        }
    }
}

/* Every octet in every place of a word. */
static void test_places(void **state)
{
    const struct vec *v;

    (void)state;
    for (size_t t = 0; (v = vec_table(t)) != NULL; t++)
        for (int c = 0; c < 256; c++)
            for (size_t at = 0; at < 48; at++) {
                uint8_t in[96];
                uint8_t out[96];
                uint8_t plain[96];
                size_t got;
                size_t want;

                memset(in, 'A', sizeof in);
                in[at] = (uint8_t)c;
                assert_int_equal(v->base64_decode(in, sizeof in, out, &got),
                                 vec_plain.base64_decode(in, sizeof in, plain, &want));
                assert_int_equal(got, want);
                assert_memory_equal(out, plain, got);
                check_runs(v, in, sizeof in);
                in[70] = ':';
                in[80] = '\n';
                check_field(v, in, sizeof in);
            }
}

/* All sequences of three octets that can matter, in the middle of a word and across two. */
static void test_utf8(void **state)
{
    static const uint8_t edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                    0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
                                    0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
    enum { N = sizeof edges };
    const struct vec *v;

    (void)state;
    for (size_t t = 0; (v = vec_table(t)) != NULL; t++)
        for (size_t i = 0; i < (size_t)N * N * N * 4; i++)
            for (size_t at = 5; at < 48; at += 25) {
                uint8_t in[64];

                memset(in, 'A', sizeof in);
                in[at] = edges[i / 4 % N];
                in[at + 1] = edges[i / 4 / N % N];
                in[at + 2] = edges[i / 4 / N / N];
                in[at + 3] = (uint8_t)("\x80\xbf\x41\xc3"[i % 4]);
                check_utf8(v, in, sizeof in);
            }
}

/* One text by all tables, in pieces that are cut anywhere. */
struct result {
    uint8_t base64[2 * MAX];
    uint8_t qp[2 * MAX + QP_HOLD];
    uint8_t encoded[2 * MAX];
    size_t base64_len;
    size_t qp_len;
    struct base64_dec base64_dec;
    struct qp_dec qp_dec;
    size_t bad;
    struct buf repaired;
};

static void decode_all(struct result *r, const uint8_t *p, size_t n, size_t piece)
{
    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < n; i += piece) {
        size_t len = n - i < piece ? n - i : piece;

        r->base64_len += base64_feed(&r->base64_dec, p + i, len, r->base64 + r->base64_len);
        r->qp_len += qp_feed(&r->qp_dec, p + i, len, r->qp + r->qp_len);
    }
    r->base64_len += base64_end(&r->base64_dec, r->base64 + r->base64_len);
    r->qp_len += qp_end(&r->qp_dec, r->qp + r->qp_len);
    base64_encode(p, n, (char *)r->encoded);
    r->bad = SIZE_MAX;
    buf_init(&r->repaired, mem_default(), 8 * MAX);
    assert_int_equal(utf8_repair(&r->repaired, p, n, &r->bad), 0);
}

static void same(const struct result *a, const struct result *b, size_t n)
{
    assert_int_equal(a->base64_len, b->base64_len);
    assert_memory_equal(a->base64, b->base64, b->base64_len);
    assert_int_equal(a->qp_len, b->qp_len);
    assert_memory_equal(a->qp, b->qp, b->qp_len);
    assert_int_equal(a->base64_dec.defects, b->base64_dec.defects);
    assert_memory_equal(a->base64_dec.at, b->base64_dec.at, sizeof a->base64_dec.at);
    assert_int_equal(a->qp_dec.defects, b->qp_dec.defects);
    assert_memory_equal(a->qp_dec.at, b->qp_dec.at, sizeof a->qp_dec.at);
    assert_memory_equal(a->encoded, b->encoded, base64_encoded_len(n));
    assert_int_equal(a->bad, b->bad);
    assert_int_equal(a->repaired.len, b->repaired.len);
    assert_memory_equal(a->repaired.ptr, b->repaired.ptr, b->repaired.len);
}

static void test_users(void **state)
{
    const struct vec *v;

    (void)state;
    seed = 2;
    for (int i = 0; i < ROUNDS; i++) {
        static struct result octetwise;
        static struct result r;
        uint8_t data[MAX];
        size_t n = 1 + any(MAX - 1);

        fill(data, n, i % KINDS);
        atomic_store(&vec_chosen, &vec_plain);
        decode_all(&octetwise, data, n, 1);
        for (size_t t = 0; (v = vec_table(t)) != NULL; t++) {
            atomic_store(&vec_chosen, v);
            decode_all(&r, data, n, any(2) == 0 ? n : 1 + any(n));
            same(&r, &octetwise, n);
            buf_free(&r.repaired);
        }
        buf_free(&octetwise.repaired);
    }
    atomic_store(&vec_chosen, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables), cmocka_unit_test(test_fields), cmocka_unit_test(test_places),
        cmocka_unit_test(test_utf8),   cmocka_unit_test(test_users),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
