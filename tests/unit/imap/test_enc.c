#include "test.h"

#include "imap/enc.h"

static struct imap_enc enc;

static int setup(void **state)
{
    (void)state;
    imap_enc_init(&enc, mem_default(), 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    imap_enc_free(&enc);
    return 0;
}

static void check(const char *want)
{
    assert_int_equal(imap_enc_error(&enc), 0);
    assert_string_equal(buf_text(&enc.out), want);
    imap_enc_clear(&enc);
}

static void check_arg(void)
{
    assert_int_equal(imap_enc_error(&enc), MLA_E_ARG);
    imap_enc_clear(&enc);
}

static size_t stops(void)
{
    return enc.stops.len / sizeof(size_t);
}

static void quotes_what_is_safe(void **state)
{
    (void)state;
    imap_enc_string(&enc, imap_str("abc"));
    check("\"abc\"");
    imap_enc_string(&enc, imap_str(""));
    check("\"\"");
    imap_enc_string(&enc, imap_str("a\"b\\c"));
    check("\"a\\\"b\\\\c\"");
    imap_enc_string(&enc, imap_str("x {0}")); /* I07 */
    check("\"x {0}\"");
}

/* I01, I02, I06: what is not safe in quotes is a literal, in the form that is allowed now. */
static void writes_literals(void **state)
{
    (void)state;
    imap_enc_string(&enc, imap_str("a\r\nA1 LOGOUT"));
    assert_int_equal(stops(), 1);
    check("{12}\r\na\r\nA1 LOGOUT");
    enc.literals = ENC_PLUS;
    imap_enc_string(&enc, imap_str("caf\xc3\xa9"));
    assert_int_equal(stops(), 0);
    check("{5+}\r\ncaf\xc3\xa9");
    enc.literals = ENC_MINUS;
    imap_enc_literal_header(&enc, 4096, 0, 0);
    check("{4096+}\r\n");
    imap_enc_literal_header(&enc, 4097, 0, 0); /* P22 */
    assert_int_equal(stops(), 1);
    check("{4097}\r\n");
    imap_enc_literal_header(&enc, 5, 1, 1);
    check("~{5}\r\n");
}

static void refuses_nul(void **state) /* I08 */
{
    const mla_str s = {"a\0b", 3};

    (void)state;
    imap_enc_string(&enc, s);
    check_arg();
}

static void keeps_utf8_where_allowed(void **state)
{
    (void)state;
    enc.utf8 = 1;
    imap_enc_string(&enc, imap_str("caf\xc3\xa9"));
    check("\"caf\xc3\xa9\"");
    imap_enc_string(&enc, imap_str("\xff"));
    check("{1}\r\n\xff");
    imap_enc_mailbox(&enc, imap_str("caf\xc3\xa9"), 0);
    check("\"caf\xc3\xa9\"");
    enc.utf8 = 0;
}

static void encodes_names(void **state)
{
    (void)state;
    imap_enc_mailbox(&enc, imap_str("caf\xc3\xa9"), 0);
    check("\"caf&AOk-\"");
    imap_enc_mailbox(&enc, imap_str("a&b"), 0);
    check("\"a&-b\"");
    imap_enc_mailbox(&enc, imap_str("a&b"), 1);
    check("\"a&b\"");
    imap_enc_mailbox(&enc, imap_str("\xff"), 0); /* I13 */
    check_arg();
    imap_enc_mailbox(&enc, imap_str(NULL), 0);
    check_arg();
}

static void checks_atoms(void **state) /* I03 */
{
    const char *const bad[] = {"",    "a b",    "a)", "(", "{3}", "a\r",
                               "a\"", "\\Seen", "a*", "%", "]",   "\x80"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        imap_enc_atom(&enc, imap_str(bad[i]));
        check_arg();
    }
    imap_enc_atom(&enc, imap_str("$Forwarded.1"));
    check("$Forwarded.1");
}

static void checks_field_names(void **state) /* I03 */
{
    const char *const bad[] = {"", "a b", "a:", "a\r\n", "\x80", "a\x7f"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(imap_enc_is_field_name(imap_str(bad[i])));
    assert_true(imap_enc_is_field_name(imap_str("X-(odd)*")));
}

static void writes_values(void **state)
{
    const mla_str none = {NULL, 0};
    const mla_str zero = {"a\0b", 3};

    (void)state;
    imap_enc_value(&enc, none);
    check("NIL");
    imap_enc_value(&enc, imap_str(""));
    check("\"\"");
    imap_enc_value(&enc, zero);
    assert_int_equal(enc.out.len, 9);
    assert_memory_equal(enc.out.ptr, "~{3}\r\na\0b", 9);
    imap_enc_clear(&enc);
}

static void writes_flags(void **state)
{
    const mla_str words[] = {{"$Junk", 5}, {"x y", 3}};

    (void)state;
    imap_enc_flags(&enc, MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_DRAFT, words, 1);
    check("(\\Seen \\Draft $Junk)");
    imap_enc_flags(&enc, 0, NULL, 0);
    check("()");
    imap_enc_flags(&enc, 0, words, 2);
    check_arg();
    imap_enc_flags(&enc, MLA_IMAP_FLAG_RECENT, NULL, 0);
    check_arg();
}

static void writes_dates(void **state)
{
    (void)state;
    imap_enc_date(&enc, 2024, 2, 29);
    check("29-Feb-2024");
    imap_enc_date(&enc, 987, 12, 1);
    check("1-Dec-0987");
    imap_enc_date(&enc, 2024, 13, 1);
    check_arg();
    imap_enc_date(&enc, 2024, 1, 0);
    check_arg();
    imap_enc_date_time(&enc, 0, -90);
    check("\"31-Dec-1969 22:30:00 -0130\"");
    imap_enc_date_time(&enc, INT64_MAX, 0);
    check_arg();
    imap_enc_date_time(&enc, 0, 5000);
    check_arg();
}

/* A16: a password is marked, its literal's header is not. */
static void hides_secrets(void **state)
{
    size_t pair[2];

    (void)state;
    imap_enc_word(&enc, "LOGIN ");
    imap_enc_secret(&enc, imap_str("p\xc3\xa4ss"));
    assert_int_equal(enc.hidden.len, sizeof pair);
    memcpy(pair, enc.hidden.ptr, sizeof pair);
    assert_int_equal(pair[0], strlen("LOGIN {5}\r\n"));
    assert_int_equal(pair[1], enc.out.len);
    check("LOGIN {5}\r\np\xc3\xa4ss");
}

static void long_strings_are_literals(void **state)
{
    char text[1002];
    mla_str s = {text, 1000};

    (void)state;
    memset(text, 'a', sizeof text);
    imap_enc_string(&enc, s);
    assert_int_equal(stops(), 0);
    imap_enc_clear(&enc);
    s.len = 1001;
    imap_enc_string(&enc, s);
    assert_int_equal(stops(), 1);
    imap_enc_clear(&enc);
}

static void survives_no_memory(void **state)
{
    (void)state;
    for (size_t n = 1; n < 10; n++) {
        struct fail_mem f;
        struct imap_enc e;

        fail_mem_init(&f, n, 0);
        imap_enc_init(&e, &f.mem, 1000);
        imap_enc_mailbox(&e, imap_str("caf\xc3\xa9"), 0);
        imap_enc_secret(&e, imap_str("\xc3\xa9"));
        if (f.calls >= n)
            assert_int_equal(imap_enc_error(&e), MLA_E_NOMEM);
        imap_enc_free(&e);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(quotes_what_is_safe, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_literals, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_nul, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_utf8_where_allowed, setup, teardown),
        cmocka_unit_test_setup_teardown(encodes_names, setup, teardown),
        cmocka_unit_test_setup_teardown(checks_atoms, setup, teardown),
        cmocka_unit_test_setup_teardown(checks_field_names, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_values, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_flags, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_dates, setup, teardown),
        cmocka_unit_test_setup_teardown(hides_secrets, setup, teardown),
        cmocka_unit_test_setup_teardown(long_strings_are_literals, setup, teardown),
        cmocka_unit_test_setup_teardown(survives_no_memory, setup, teardown),
    };

    return cmocka_run_group_tests_name("imap/enc", tests, NULL, NULL);
}
