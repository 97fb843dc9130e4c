/* test_saslprep.c - lib/sasl/saslprep */
#include "codec/utf8.h"
#include "sasl/saslprep.h"
#include "test.h"

static int prepare(const char *text, int kind, char out[200])
{
    struct buf b;
    int rc;

    buf_init(&b, mem_default(), 199);
    rc = saslprep((mla_str){text, strlen(text)}, kind, &b);
    if (b.len != 0)
        memcpy(out, b.ptr, b.len);
    out[b.len] = '\0';
    buf_free(&b);
    return rc;
}

static void examples(void **state)
{
    static const struct {
        const char *in, *out; /* NULL: refused */
    } all[] = {
        /* RFC 4013 section 3 */
        {"I\xc2\xadX", "IX"},
        {"user", "user"},
        {"USER", "USER"},
        {"\xc2\xaa", "a"},
        {"\xe2\x85\xa8", "IX"},
        {"\x07", NULL},
        {"\xd8\xa7\x31", NULL},
        /* blanks (C.1.2), and what maps to nothing */
        {"a\xc2\xa0\xe3\x80\x80z", "a  z"},
        {"\xe2\x80\x8b", ""},
        {"", ""},
        /* composed, decomposed, reordered, Hangul */
        {"\xc3\xa4", "\xc3\xa4"},
        {"a\xcc\x88", "\xc3\xa4"},
        {"a\xcc\x88\xcc\xa3", "\xe1\xba\xa1\xcc\x88"},
        {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "\xea\xb0\x81"},
        {"\xea\xb0\x81", "\xea\xb0\x81"},
        {"\xf0\xaf\xa8\x9d", "\xf0\xaa\x98\x80"}, /* both beyond the Basic Multilingual Plane */
        /* right-to-left text alone, and with digits inside */
        {"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
        {"\xd7\xa9"
         "1\xd7\x9d",
         "\xd7\xa9"
         "1\xd7\x9d"},
        {"\xd7\xa9x\xd7\x9d", NULL},
        /* not UTF-8, private use, a tag, DEL, an object replacement */
        {"a\xff", NULL},
        {"\xed\xa0\x80", NULL},
        {"\xee\x80\x80", NULL},
        {"\xf3\xa0\x80\x81", NULL},
        {"\x7f", NULL},
        {"\xef\xbf\xbc", NULL},
    };
    char out[200];

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int rc = prepare(all[i].in, SASLPREP_STORED, out);

        assert_int_equal(rc, all[i].out != NULL ? 0 : MLA_E_SYNTAX);
        if (all[i].out != NULL)
            assert_string_equal(out, all[i].out);
    }
}

/* U+0221 came with Unicode 4.0. */
static void unassigned_characters_may_be_asked_for(void **state)
{
    char out[200];

    (void)state;
    assert_int_equal(prepare("\xc8\xa1", SASLPREP_STORED, out), MLA_E_SYNTAX);
    assert_int_equal(prepare("\xc8\xa1", SASLPREP_QUERY, out), 0);
    assert_string_equal(out, "\xc8\xa1");
}

static uint64_t sum_of(uint64_t h, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 1099511628211U;
    return h;
}

/* All where something happens, a few elsewhere. */
static int is_tried(uint32_t c)
{
    return (c < 0x3400 || (c >= 0xf800 && c < 0x10000) || (c >= 0x1d000 && c < 0x1d800) ||
            (c >= 0x2f7f0 && c < 0x2fa20) || c % 97 == 0) &&
           !(c >= 0xd800 && c < 0xe000);
}

/* Characters, alone and between a letter and two marks, against what Python makes of it:
 * lib/sasl/saslprep_tables.py --sum */
static void characters_against_another_opinion(void **state)
{
    uint64_t h = 14695981039346656037U;
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 1000);
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (!is_tried(c))
            continue;
        for (int k = 0; k < 3; k++) {
            uint8_t text[16] = "a";
            size_t at = (k & 1) != 0;
            int rc;

            at += utf8_write(c, text + at);
            if ((k & 1) != 0) {
                memcpy(text + at, "\xcc\xa3\xcc\x87", 4);
                at += 4;
            }
            buf_clear(&b);
            rc = saslprep((mla_str){(const char *)text, at},
                          k < 2 ? SASLPREP_STORED : SASLPREP_QUERY, &b);
            if (rc == 0)
                h = sum_of(sum_of(h, b.ptr, b.len), (const uint8_t *)"\xfe", 1);
            else
                h = sum_of(h, (const uint8_t *)"\xff", 1);
        }
    }
    buf_free(&b);
    assert_true(h == 0x73b3f4f2058b6d67);
}

static void names_are_escaped(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 20);
    assert_int_equal(sasl_add_name(&b, (mla_str){"a,b=c", 5}), 0);
    assert_int_equal(b.len, 9);
    assert_memory_equal(b.ptr, "a=2Cb=3Dc", 9);
    buf_clear(&b);
    assert_int_equal(sasl_add_prepared(&b, (mla_str){"\xc2\xad", 2}), MLA_E_SYNTAX);
    assert_int_equal(sasl_add_prepared(&b, (mla_str){"\xc2\xaa,", 3}), 0);
    assert_memory_equal(b.ptr, "a=2C", 4);
    buf_free(&b);
}

static void lives_without_memory(void **state)
{
    (void)state;
    for (size_t i = 1; i < 3; i++) {
        struct fail_mem f;
        struct buf b;

        fail_mem_init(&f, i, 0);
        buf_init(&b, &f.mem, 100);
        assert_int_equal(saslprep((mla_str){"\xc3\xa4", 2}, SASLPREP_QUERY, &b), MLA_E_NOMEM);
        buf_free(&b);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),
        cmocka_unit_test(unassigned_characters_may_be_asked_for),
        cmocka_unit_test(characters_against_another_opinion),
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(lives_without_memory),
    };

    return cmocka_run_group_tests_name("sasl/saslprep", tests, NULL, NULL);
}
