/* test_charset_block.c - characters by the block are what they are one by one, whatever the C
 * library's iconv() makes of a fault. Linked so that each iconv() comes here first. */
#include "test.h"

#include "codec/charset_kinds.h"

#include <errno.h>
#include <iconv.h>

size_t __real_iconv(iconv_t cd, char **in, size_t *left, char **out, size_t *room);
size_t __wrap_iconv(iconv_t cd, char **in, size_t *left, char **out, size_t *room);

/* How iconv() behaves. */
enum {
    AS_IT_IS,
    ONE_BY_ONE, /* takes one character a call: what all others are compared with */
    COUNTS,     /* a "?" for each fault, and says how many: FreeBSD */
    STAYS,      /* says that there is a fault, but not where */
    GOES_ON,    /* stops inside the character with the fault */
    SWALLOWS,   /* stops behind it: glibc, in one place */
    HAS_YEN,    /* 0x5c is the yen sign */
    WAYS
};

static int way;
static int set_at_work;
static unsigned long calls;

static size_t counting(iconv_t cd, char **in, size_t *left, char **out, size_t *room)
{
    size_t count = 0;

    while (__real_iconv(cd, in, left, out, room) == (size_t)-1) {
        int len = charset_double_unit(set_at_work, (uint8_t *)*in, *left);

        if (errno != EILSEQ || len <= 0 || *room == 0)
            return (size_t)-1;
        __real_iconv(cd, NULL, NULL, NULL, NULL);
        *in += len;
        *left -= (size_t)len;
        *(*out)++ = '?';
        --*room;
        count++;
    }
    return count;
}

size_t __wrap_iconv(iconv_t cd, char **in, size_t *left, char **out, size_t *room)
{
    char *in_before = in != NULL ? *in : NULL;
    char *out_before = out != NULL ? *out : NULL;
    size_t left_before = left != NULL ? *left : 0;
    size_t rc;

    if (in == NULL || *left == 0)
        return __real_iconv(cd, in, left, out, room);
    calls++;
    if (way == ONE_BY_ONE &&
        charset_double_unit(set_at_work, (uint8_t *)*in, *left) != (int)*left) {
        errno = EILSEQ;
        return (size_t)-1;
    }
    if (way == COUNTS)
        return counting(cd, in, left, out, room);
    rc = __real_iconv(cd, in, left, out, room);
    if (rc == (size_t)-1 && way == STAYS) {
        *in = in_before;
        *left = left_before;
        errno = EILSEQ;
    }
    if (rc == (size_t)-1 && way == GOES_ON && *left > 1) {
        ++*in;
        --*left;
        errno = EILSEQ;
    }
    if (rc == (size_t)-1 && way == SWALLOWS) {
        int len = charset_double_unit(set_at_work, (uint8_t *)*in, *left);

        *in += len > 0 ? len : 0;
        *left -= len > 0 ? (size_t)len : 0;
        errno = EILSEQ;
    }
    for (; way == HAS_YEN && out_before < *out; out_before++)
        if (*out_before == '\\')
            *out_before = 'Y';
    return rc;
}

static uint32_t state;

static uint32_t next_random(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % below;
}

struct text_kind {
    const char *name;
    int set;
    uint8_t low, high; /* of first octets that texts are full of */
    uint8_t left, right;
};

static const struct text_kind kinds[] = {
    {"shift_jis", CHARSET_SJIS, 0x81, 0xea, 0x40, 0xfc},
    {"euc-jp", CHARSET_JP, 0xa1, 0xf4, 0xa1, 0xfe},
    {"gb2312", CHARSET_GB, 0xa1, 0xf7, 0xa1, 0xfe},
    {"gb18030", CHARSET_GB, 0x81, 0xfe, 0x40, 0xfe},
    {"big5", CHARSET_BIG5, 0x87, 0xfe, 0x40, 0xfe},
    {"euc-kr", CHARSET_KR, 0x81, 0xfd, 0x41, 0xfe},
    {"euc-tw", CHARSET_TW, 0xa1, 0xfd, 0xa1, 0xfe},
    {"iso-2022-jp", CHARSET_JP, 0x21, 0x74, 0x21, 0x7e},
    {"iso-2022-kr", CHARSET_KR, 0x21, 0x7d, 0x21, 0x7e},
    {"iso-2022-cn", CHARSET_GB, 0x21, 0x77, 0x21, 0x7e},
    {"iso-2022-cn", CHARSET_TW, 0x21, 0x7d, 0x21, 0x7e},
    {"hz", CHARSET_GB, 0x21, 0x77, 0x21, 0x7e},
};

enum { KINDS = sizeof kinds / sizeof kinds[0], SIZE = 6000, MUCH = 1 << 20 };

/* What else is found between the pairs: other characters, shifts and faults. */
static const struct {
    int set; /* -1: any */
    const char *text;
} others[] = {
    {-1, " "},
    {-1, " a\\b~ mail, and more of it in a row that is long\r\n"},
    {-1, "\r\n"},
    {-1, "\\"},
    {-1, "\xff"},
    {-1, "\x80"},
    {-1, "\xe9z"},
    {CHARSET_SJIS, "\xb1\xb2\xb3"},
    {CHARSET_SJIS, "\xf0\x40\xf9\xfc"},
    {CHARSET_JP, "\x8e\xb1\x8e\xb2"},
    {CHARSET_JP, "\x8f\xb0\xa1\x8f\xb0\xa2"},
    {CHARSET_GB, "\x81\x30\x81\x30\x82\x35\x90\x37\x84\x31\x82\x36"},
    {CHARSET_GB, "\xe3\x32\x9a\x36"},
    {CHARSET_BIG5, "\x88\x62\xa1\x45\xa1\x5a"},
    {CHARSET_TW, "\x8e\xa2\xa1\xa1\x8e\xa3\xa1\xa2"},
    {CHARSET_JP, "\x1b$B"},
    {CHARSET_JP, "\x1b$(D"},
    {CHARSET_JP, "\x1b(B"},
    {CHARSET_JP, "\x1b(J"},
    {CHARSET_JP, "\x1b(I12\x1b$B"},
    {-1, "\x0e"},
    {-1, "\x0f"},
    {CHARSET_GB, "~{"},
    {CHARSET_GB, "~}"},
    {CHARSET_GB, "~~~\r\n"},
    {CHARSET_GB, "\x1b$)A\x0e"},
    {CHARSET_KR, "\x1b$)C\x0e"},
    {CHARSET_TW, "\x1b$)G\x0e"},
    {CHARSET_TW, "\x1b$*H\x1bN!!\x1bN!\""},
};

static size_t make(const struct text_kind *kind, char *text, uint32_t faults)
{
    size_t n = 0;

    while (n < SIZE - 64) {
        uint32_t i = next_random(6 * sizeof others / sizeof others[0]);

        if (i < sizeof others / sizeof others[0]) {
            if (others[i].set == kind->set || others[i].set == -1) {
                memcpy(text + n, others[i].text, strlen(others[i].text));
                n += strlen(others[i].text);
            }
            continue;
        }
        for (uint32_t k = next_random(12); k > 0; k--) {
            text[n++] = (char)(kind->low + next_random(kind->high - kind->low + 1U));
            text[n++] = (char)(kind->left + next_random(kind->right - kind->left + 1U));
        }
    }
    for (; faults > 0; faults--)
        text[next_random((uint32_t)n)] = (char)next_random(256);
    return n;
}

/* asked: so many octets were converted before; with MUCH, what is asked for is kept. */
static uint32_t asked;

static void convert(const struct text_kind *kind, const char *text, size_t n, size_t cut,
                    struct buf *out, struct charset_note *note)
{
    struct charset_cache cache;
    struct charset_conv c;

    memset(&cache, 0, sizeof cache);
    cache.asked[kind->set] = asked;
    set_at_work = kind->set;
    assert_int_equal(charset_begin(&c, &cache, kind->name, strlen(kind->name)), 1);
    for (size_t at = 0; at < n; at += cut) {
        size_t len = cut < n - at ? cut : n - at;
        uint8_t *copy = malloc(len);

        memcpy(copy, text + at, len);
        assert_int_equal(charset_feed(&c, copy, len, out), 0);
        free(copy);
    }
    assert_int_equal(charset_end(&c, out), 0);
    *note = c.note;
    charset_cache_free(&cache);
}

static void same(const struct text_kind *kind, const char *text, size_t n, size_t cut,
                 const struct buf *want, const struct charset_note *want_note)
{
    struct charset_note note;
    struct buf got;

    buf_init(&got, mem_default(), want->len + 100);
    convert(kind, text, n, cut, &got, &note);
    for (size_t i = 0; i < want->len && i < got.len; i++)
        if (want->ptr[i] != got.ptr[i])
            fail_msg("%s, way %d, pieces of %zu: differs at %zu of %zu: %.20s, not %.20s",
                     kind->name, way, cut, i, want->len, got.ptr + i - 8, want->ptr + i - 8);
    assert_int_equal(got.len, want->len);
    assert_int_equal(note.flags, want_note->flags);
    assert_int_equal(note.at, want_note->at);
    buf_free(&got);
}

static void test_blocks_are_characters(void **state_)
{
    static const uint32_t faults[] = {0, 1500};
    static char text[SIZE];

    (void)state_;
    for (size_t i = 0; i < 2 * KINDS; i++) {
        const struct text_kind *kind = &kinds[i / 2];
        struct charset_note note;
        struct buf want;
        size_t n;

        state = (uint32_t)(77 + i);
        n = make(kind, text, faults[i % 2]);
        buf_init(&want, mem_default(), 8 * SIZE);
        way = ONE_BY_ONE;
        convert(kind, text, n, SIZE, &want, &note);
        assert_true(want.len > n / 2);
        for (way = AS_IT_IS; way < WAYS; way++) {
            asked = 0;
            same(kind, text, n, SIZE, &want, &note);
            asked = MUCH;
            same(kind, text, n, SIZE, &want, &note);
        }
        way = AS_IT_IS;
        same(kind, text, n, 1, &want, &note);
        same(kind, text, n, 3000, &want, &note);
        asked = 0;
        buf_free(&want);
    }
}

/* Pairs of all rows: converted, kept, and known. Every 8th of CP949 has 0xa2e8 among them. */
static void test_every_pair(void **state_)
{
    (void)state_;
    for (size_t i = 0; i < 7; i++) {
        static char text[2 * 256 * 256 * 2];
        const struct text_kind *kind = &kinds[i];
        struct charset_note note;
        struct buf want;
        size_t n = 0;

        for (unsigned turn = 0; turn < 2; turn++)
            for (unsigned pair = 0x8040; pair <= 0xffff; pair += kind->set == CHARSET_KR ? 8 : 7) {
                uint8_t p[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};

                if (charset_double_unit(kind->set, p, 2) == 2) {
                    memcpy(text + n, p, 2);
                    n += 2;
                }
            }
        buf_init(&want, mem_default(), 4 * sizeof text);
        way = ONE_BY_ONE;
        convert(kind, text, n / 2, SIZE, &want, &note);
        assert_non_null(buf_room(&want, want.len));
        memcpy(want.ptr + want.len, want.ptr, want.len);
        buf_grew(&want, want.len);
        way = AS_IT_IS;
        same(kind, text, n, 5000, &want, &note);
        asked = MUCH;
        same(kind, text, n, 5000, &want, &note);
        asked = 0;
        buf_free(&want);
    }
}

/* Blocks pay: few calls for much text, and few more where every other character is a fault. */
static void test_few_calls(void **state_)
{
    static char text[SIZE];
    struct charset_note note;
    struct buf out;

    (void)state_;
    way = AS_IT_IS;
    buf_init(&out, mem_default(), 8 * SIZE);
    for (size_t i = 0; i + 1 < SIZE; i += 2)
        memcpy(text + i, i % 64 == 0 ? "\r\n" : "\xb0\xa1", 2);
    calls = 0;
    convert(&kinds[1], text, SIZE, SIZE, &out, &note);
    assert_int_equal(note.flags, 0);
    assert_true(calls < 20);
    for (size_t i = 0; i + 1 < SIZE; i += 4)
        memcpy(text + i, "\xa9\xa9", 2); /* a row without characters */
    calls = 0;
    convert(&kinds[1], text, SIZE, SIZE, &out, &note);
    assert_int_equal(note.flags, CHARSET_INVALID);
    assert_true(calls < 3 * SIZE / 4);
    buf_free(&out);
}

/* Where memory is short, nothing is kept, and the text is the same. */
static void test_without_memory(void **state_)
{
    static char text[SIZE];
    struct charset_note note;
    struct buf want;
    struct buf got;
    struct fail_mem fm;

    (void)state_;
    state = 5;
    way = AS_IT_IS;
    buf_init(&want, mem_default(), 8 * SIZE);
    convert(&kinds[0], text, make(&kinds[0], text, 10), SIZE, &want, &note);
    fail_mem_init(&fm, 2, 1);
    asked = MUCH;
    buf_init(&got, &fm.mem, 8 * SIZE);
    assert_non_null(buf_room(&got, 6 * SIZE));
    state = 5;
    convert(&kinds[0], text, make(&kinds[0], text, 10), SIZE, &got, &note);
    assert_int_equal(got.len, want.len);
    assert_memory_equal(got.ptr, want.ptr, want.len);
    asked = 0;
    assert_true(fm.calls > 1);
    buf_free(&got);
    buf_free(&want);
    assert_int_equal(fm.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_are_characters),
        cmocka_unit_test(test_every_pair),
        cmocka_unit_test(test_few_calls),
        cmocka_unit_test(test_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
