/* test_utf7m.c - lib/codec/utf7m */
#include "test.h"

#include "codec/utf7m.h"
#include "guard.h"
#include "mailaccess/types.h"

/* Decodes right before an unreadable page. The text is the caller's; NULL when it was refused. */
static char *decode(const char *in, size_t n, size_t *out_len)
{
    char *out = malloc(utf7m_decoded_max(n));
    struct guard g;

    assert_non_null(out);
    assert_true(guard_init(&g, n));
    if (!utf7m_decode(guard_put(&g, in, n), n, out, out_len)) {
        free(out);
        out = NULL;
    }
    guard_free(&g);
    return out;
}

static void check(const char *utf7, const char *utf8)
{
    struct buf b;
    size_t len;
    char *text = decode(utf7, strlen(utf7), &len);

    assert_non_null(text);
    assert_int_equal(len, strlen(utf8));
    assert_memory_equal(text, utf8, len);
    free(text);
    buf_init(&b, mem_default(), 10000);
    assert_int_equal(utf7m_encode(&b, utf8, strlen(utf8)), 0);
    assert_string_equal(buf_text(&b), utf7);
    buf_free(&b);
}

/* RFC 3501 section 5.1.3 has the second and third. */
static void turns_names_both_ways(void **state)
{
    (void)state;
    check("INBOX", "INBOX");
    check("~peter/mail/&U,BTFw-/&ZeVnLIqe-",
          "~peter/mail/\345\217\260\345\214\227/\346\227\245\346\234\254\350\252\236");
    check("&U,BTF2XlZyyKng-", "\345\217\260\345\214\227\346\227\245\346\234\254\350\252\236");
    check("", "");
    check("&-", "&");
    check("&-&-", "&&");
    check("a&-b", "a&b");
    check("&AOk-&-&AOk-", "\303\251&\303\251");
    check("&AOk-", "\303\251");
    check("&AOkA6Q-", "\303\251\303\251");
    check("&AOkA6QDp-", "\303\251\303\251\303\251");
    check("&2D3eAA-", "\360\237\230\200");
    check("&2,,f,w-", "\364\217\277\277");
    check("&AAk-", "\t");
    check("&AH8-", "\177");
    check("&,,8-", "\357\277\277");
}

/* I13, Z04: there is one way to write a name; all others are refused. */
static void i13_refuses_other_forms(void **state)
{
    static const char *const bad[] = {
        "&",          "a&",       "&A",      "&AO",       "&AOk",       "&AOk.",
        "&AOl-",      "&AOkA-",   "&AOkAA-", "&AGE-",     "&ACY-",      "&AOk-&AOk-",
        "&A-",        "&AA-",     "&AAA-",   "&AAAA-",    "&2D0-",      "&3gA-",
        "&2D3YPd4A-", "&2D0AYQ-", "&AOk=-",  "&AO/p-",    "& AOk-",     "&AOk\n-",
        "\303\251",   "a\tb",     "\177",    "&AOk-\303", "&\303\251-",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t len;
        char *text = decode(bad[i], strlen(bad[i]), &len);

        if (text != NULL)
            print_message("taken: %s\n", bad[i]);
        assert_null(text);
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    static const struct {
        const char *in;
        size_t n;
    } bad[] = {{"a\377", 2}, {"\303", 1}, {"\355\240\200", 3}, {"\300\200", 2}, {"a\0b", 3}};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buf b;

        buf_init(&b, mem_default(), 1000);
        assert_int_equal(utf7m_encode(&b, bad[i].in, bad[i].n), MLA_E_CHARSET);
        buf_free(&b);
    }
}

/* Every character by itself and between others. */
static void all_characters_come_back(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
        char name[16] = "a";
        char back[64];
        struct buf b;
        size_t n = 1;
        size_t len;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        if (c < 0x80) {
            name[n++] = (char)c;
        } else if (c < 0x800) {
            name[n++] = (char)(0xc0 | c >> 6);
            name[n++] = (char)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            name[n++] = (char)(0xe0 | c >> 12);
            name[n++] = (char)(0x80 | (c >> 6 & 63));
            name[n++] = (char)(0x80 | (c & 63));
        } else {
            name[n++] = (char)(0xf0 | c >> 18);
            name[n++] = (char)(0x80 | (c >> 12 & 63));
            name[n++] = (char)(0x80 | (c >> 6 & 63));
            name[n++] = (char)(0x80 | (c & 63));
        }
        name[n++] = 'b';
        buf_init(&b, mem_default(), 1000);
        assert_int_equal(utf7m_encode(&b, name, n), 0);
        assert_true(utf7m_decoded_max(b.len) <= sizeof back);
        assert_int_equal(utf7m_decode(b.ptr, b.len, back, &len), 1);
        assert_int_equal(len, n);
        assert_memory_equal(back, name, n);
        buf_free(&b);
    }
}

static void keeps_to_the_buffers_limit(void **state)
{
    struct fail_mem f;
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 4);
    assert_int_equal(utf7m_encode(&b, "\303\251", 2), MLA_E_LIMIT);
    buf_free(&b);
    fail_mem_init(&f, 1, 1);
    buf_init(&b, &f.mem, 1000);
    assert_int_equal(utf7m_encode(&b, "\303\251", 2), MLA_E_NOMEM);
    buf_free(&b);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_names_both_ways),      cmocka_unit_test(i13_refuses_other_forms),
        cmocka_unit_test(refuses_what_is_not_utf8),   cmocka_unit_test(all_characters_come_back),
        cmocka_unit_test(keeps_to_the_buffers_limit),
    };

    return cmocka_run_group_tests_name("codec/utf7m", tests, NULL, NULL);
}
