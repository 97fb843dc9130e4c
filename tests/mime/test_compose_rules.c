/* test_compose_rules.c - what may not be said is refused, and a body is said as what it holds */
#include "test.h"

#include <stdio.h>

#include <mailaccess/mailaccess.h>

/* --- what is refused (I12) --- */

static mla_compose *fresh(const char *type, uint32_t flags)
{
    mla_compose *c;

    assert_int_equal(mla_compose_new(NULL, type, flags, &c), 0);
    return c;
}

/* Each value into each place that takes one. */
static int each_place(mla_compose *c, unsigned place, const char *value)
{
    mla_address group[2] = {{{value, strlen(value)}, {NULL, 0}, {NULL, 0}, 1, 0},
                            {{NULL, 0}, {NULL, 0}, {NULL, 0}, 2, 0}};
    char address[300];
    uint32_t part;

    switch (place) {
    case 0:
        return mla_compose_header(c, 0, "Subject", value);
    case 1:
        return mla_compose_header(c, 0, value, "x");
    case 2:
        return mla_compose_mailbox(c, 0, "To", value, "a@b");
    case 3:
        snprintf(address, sizeof address, "%s@example.org", value);
        return mla_compose_mailbox(c, 0, "To", NULL, address);
    case 4:
        snprintf(address, sizeof address, "a@%s", value);
        return mla_compose_mailbox(c, 0, "To", NULL, address);
    case 5:
        return mla_compose_mailbox(c, 0, value, NULL, "a@b");
    case 6:
        return mla_compose_addresses(c, 0, "To", group, 2);
    case 7:
        return mla_compose_id(c, 0, "References", value);
    case 8:
        return mla_compose_id(c, 0, value, "a@b");
    case 9:
        return mla_compose_param(c, 0, "x", value);
    case 10:
        return mla_compose_param(c, 0, value, "x");
    case 11:
        return mla_compose_disposition(c, 0, value, "x");
    case 12:
        return mla_compose_disposition(c, 0, "inline", value);
    case 13:
        return mla_compose_add(c, 0, value, &part);
    case 14:
        return mla_compose_date(c, 0, value, 0, 0, 1);
    case 15: {
        char *id = NULL;
        int rc = mla_compose_new_id(NULL, value, &id);

        mla_free(id);
        return rc;
    }
    default:
        return 1;
    }
}

static void test_I12_line_ends_are_refused_everywhere(void **unused)
{
    static const char *const bad[] = {"a\r\nBcc: x@y", "a\nb",  "a\rb",  "\n",          "a\r\n",
                                      "\r\n b",        "a\x01", "a\x7f", "a\xc2\x85 b", "\x1b[2J"};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (unsigned place = 0;; place++) {
            mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_UTF8);
            int rc = each_place(c, place, bad[i]);

            mla_compose_free(c);
            if (rc == 1)
                break;
            if (rc != MLA_E_ARG)
                fail_msg("place %u took value %zu: %d", place, i, rc);
        }
    }
}

static void test_octets_that_are_not_utf8_are_refused(void **unused)
{
    (void)unused;
    for (unsigned place = 0; place < 13; place++) {
        mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_UTF8);
        int rc = each_place(c, place, "a\xff");

        mla_compose_free(c);
        assert_true(rc == MLA_E_CHARSET || rc == MLA_E_ARG);
    }
}

static void test_a_field_has_the_call_it_needs(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);

    (void)unused;
    assert_int_equal(mla_compose_header(c, 0, "To", "a@b"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 0, "content-type", "x/y"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 0, "Date", "today"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "Date", NULL, "a@b"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "nobody"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "a@b c"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "\xc3\xa9@b"), MLA_E_CHARSET);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "a@\xc3\xa9"), MLA_E_CHARSET);
    assert_int_equal(mla_compose_param(c, 0, "boundary", "x"), MLA_E_ARG);
    assert_int_equal(mla_compose_param(c, 0, "x", "1"), 0);
    assert_int_equal(mla_compose_param(c, 0, "X", "2"), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Subject", "1"), 0);
    assert_int_equal(mla_compose_header(c, 0, "SUBJECT", "2"), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "1"), 0);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "2"), 0);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 1440, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", INT64_MIN, 0, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", INT64_MAX, 0, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 0, 1), 0);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 0, 1), MLA_E_STATE);
    assert_int_equal(mla_compose_id(c, 0, "Message-ID", "a@b"), 0);
    assert_int_equal(mla_compose_id(c, 0, "Message-ID", "a@b"), MLA_E_STATE);
    assert_int_equal(mla_compose_id(c, 0, "Content-ID", "a b"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 7, "Comments", "x"), MLA_E_ARG);
    assert_int_equal(mla_compose_text(c, 0, "a\0b", 3, 0), MLA_E_ARG);
    assert_int_equal(mla_compose_text(c, 0, "a\xff", 2, 0), MLA_E_CHARSET);
    assert_int_equal(mla_compose_text(c, 0, "a", 1, 0), 0);
    assert_int_equal(mla_compose_text(c, 0, "a", 1, 0), MLA_E_STATE);
    mla_compose_free(c);
}

static void test_an_incomplete_message_is_not_said(void **unused)
{
    const mla_address group = {{"g", 1}, {NULL, 0}, {NULL, 0}, MLA_ADDRESS_GROUP_BEGIN, 0};
    mla_compose *c = fresh("multipart/mixed", 0);
    uint64_t size;
    uint32_t part;

    (void)unused;
    assert_int_equal(mla_compose_size(c, &size), MLA_E_STATE);
    assert_int_equal(mla_compose_add(c, 0, "message/rfc822", &part), 0);
    assert_int_equal(mla_compose_add(c, part, "text/plain", &part), 0);
    assert_int_equal(mla_compose_add(c, 1, "text/plain", &part), MLA_E_STATE);
    assert_int_equal(mla_compose_add(c, 2, "text/plain", &part), MLA_E_STATE);
    assert_int_equal(mla_compose_addresses(c, 0, "Cc", &group, 1), 0);
    assert_int_equal(mla_compose_size(c, &size), MLA_E_STATE);
    assert_int_equal(mla_compose_rewind(c), MLA_E_STATE);
    mla_compose_free(c);
}

static void test_a_body_must_be_what_it_was(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const uint8_t *data;
    uint64_t size;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_survey(c, 0, (const uint8_t *)"abc", 3), 0);
    assert_int_equal(mla_compose_size(c, &size), 0);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"abc", 3), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "late"), MLA_E_STATE);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"ab\xe9", 3), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_compose_feed(c, NULL, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_rewind(c), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    mla_compose_free(c);
}

/* --- from inside a source --- */

static struct {
    mla_compose *c;
    int calls;
    int read;
} inside;

static void all_is_refused(void)
{
    const mla_address who = {{NULL, 0}, {"a", 1}, {"b", 1}, 0, 0};
    const mla_compose_source source = {.struct_size = sizeof source};
    mla_compose *c = inside.c;
    const uint8_t *data;
    uint64_t size;
    uint32_t part;
    size_t len;

    inside.calls++;
    assert_int_equal(mla_compose_add(c, 0, "text/plain", &part), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "x"), MLA_E_STATE);
    assert_int_equal(mla_compose_mailbox(c, 0, "Cc", NULL, "a@b"), MLA_E_STATE);
    assert_int_equal(mla_compose_addresses(c, 0, "Cc", &who, 1), MLA_E_STATE);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 0, 1), MLA_E_STATE);
    assert_int_equal(mla_compose_id(c, 0, "References", "a@b"), MLA_E_STATE);
    assert_int_equal(mla_compose_param(c, 0, "x", "y"), MLA_E_STATE);
    assert_int_equal(mla_compose_disposition(c, 0, "inline", NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_text(c, 0, "x", 1, 0), MLA_E_STATE);
    assert_int_equal(mla_compose_body(c, 0, (const uint8_t *)"x", 1), MLA_E_STATE);
    assert_int_equal(mla_compose_body_from(c, 0, &source), MLA_E_STATE);
    assert_int_equal(mla_compose_survey(c, 0, NULL, 0), MLA_E_STATE);
    assert_int_equal(mla_compose_size(c, &size), MLA_E_STATE);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_feed(c, NULL, 0), MLA_E_STATE);
    assert_int_equal(mla_compose_rewind(c), MLA_E_STATE);
    mla_compose_free(c);
}

static int read_inside(void *user, uint8_t *buf, size_t size, size_t *out_len)
{
    (void)user, (void)size;
    all_is_refused();
    *out_len = inside.read ? 0 : 3;
    inside.read = 1;
    memcpy(buf, "abc", *out_len);
    return 0;
}

static int rewind_inside(void *user)
{
    (void)user;
    all_is_refused();
    inside.read = 0;
    return 0;
}

static void test_a_source_cannot_change_its_message(void **unused)
{
    const mla_compose_source source = {
        .struct_size = sizeof source, .read = read_inside, .rewind = rewind_inside};
    const uint8_t *data;
    uint64_t size;
    size_t len;
    size_t all = 0;

    (void)unused;
    inside.c = fresh("text/plain", 0);
    assert_int_equal(mla_compose_body_from(inside.c, 0, &source), 0);
    assert_int_equal(mla_compose_size(inside.c, &size), 0);
    for (int round = 0; round < 2; round++, all = 0) {
        while (mla_compose_output(inside.c, &data, &len, NULL) == 1)
            all += len;
        assert_int_equal(all, size);
        assert_int_equal(mla_compose_rewind(inside.c), 0);
    }
    assert_true(inside.calls > 4);
    mla_compose_free(inside.c);
}

/* --- how a body is said --- */

static void test_pieces_nobody_showed_are_base64_of_unknown_size(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const uint8_t *data;
    uint64_t size;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_survey(c, 0, NULL, 0), 0);
    assert_int_equal(mla_compose_size(c, &size), MLA_E_NOT_FOUND);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_non_null(memmem(data, len, "Content-Transfer-Encoding: base64\r\n", 35));
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"a\n", 2), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, NULL, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(len, 6);
    assert_memory_equal(data, "YQ0K\r\n", 6);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 0);
    mla_compose_free(c);
}

static void said(uint32_t flags, const char *type, const char *body, const char *encoding)
{
    mla_compose *c = fresh(type, flags);
    const uint8_t *data;
    char line[80];
    size_t len;

    snprintf(line, sizeof line, "Content-Transfer-Encoding: %s\r\n", encoding);
    assert_int_equal(mla_compose_body(c, 0, (const uint8_t *)body, strlen(body)), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    if (strcmp(encoding, "7bit") == 0 ? memmem(data, len, "Transfer-Enc", 12) != NULL
                                      : memmem(data, len, line, strlen(line)) == NULL)
        fail_msg("[%s] as %s: not %s\n%.*s", body, type, encoding, (int)len, (const char *)data);
    mla_compose_free(c);
}

static void test_the_encoding_follows_from_what_a_body_holds(void **unused)
{
    (void)unused;
    said(0, "text/plain", "words\r\n", "7bit");
    said(0, "text/plain", "words\nand lines\n", "7bit");
    said(0, "text/plain", "From here\r\n", "quoted-printable");
    said(0, "text/plain", "a\r\nFrom here\r\n", "quoted-printable");
    said(0, "text/plain", "Fromage\r\n", "7bit");
    said(0, "text/plain", "a blank \r\nb", "quoted-printable");
    said(0, "text/plain", "one bare\rCR in a long enough line of text", "quoted-printable");
    said(0, "text/plain", "mostly words, one \xc3\xa9\r\n", "quoted-printable");
    said(0, "text/plain", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "base64");
    said(MLA_COMPOSE_8BIT, "text/plain", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "8bit");
    said(MLA_COMPOSE_8BIT, "text/plain", "\xc3\xa9\r\r\n", "base64");
    said(MLA_COMPOSE_BINARY, "text/plain", "\xc3\xa9\r\r\n", "binary");
    said(0, "application/json", "{}", "7bit");
    said(0, "application/json", "{\n}", "base64");
    said(0, "message/rfc822", "Subject: \xc3\xa9\n\nx", "8bit");
    said(0, "message/rfc822", "Subject: x\n\nx", "7bit");
}

/* RFC 2045 section 6.4: what holds other parts says the widest of them. */
static void test_a_multipart_is_labelled_as_what_it_holds(void **unused)
{
    mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_8BIT);
    const uint8_t *data;
    uint32_t inner;
    uint32_t leaf;
    mla_message *m;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_add(c, 0, "multipart/mixed", &inner), 0);
    assert_int_equal(mla_compose_add(c, inner, "text/plain", &leaf), 0);
    assert_int_equal(mla_compose_text(c, leaf, "\xc3\xa9", 2, 0), 0);
    assert_int_equal(mla_compose_add(c, 0, "text/plain", &leaf), 0);
    assert_int_equal(mla_compose_text(c, leaf, "a", 1, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_message_parse(NULL, NULL, data, len, &m), 0);
    assert_string_equal(mla_part_transfer_encoding(mla_message_part_at(m, 0)), "8bit");
    assert_string_equal(mla_part_transfer_encoding(mla_message_part_at(m, 1)), "8bit");
    assert_string_equal(mla_part_transfer_encoding(mla_message_part_at(m, 2)), "8bit");
    assert_null(mla_part_transfer_encoding(mla_message_part_at(m, 3)));
    mla_message_free(m);
    mla_compose_free(c);
}

static void test_quoted_printable_lines_survive_the_way(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const char body[] = ".\nFrom a\nFroma\nend \n\xc3\xa9";
    const char wanted[] = "\r\n\r\n=2E\r\n=46rom a\r\nFroma\r\nend=20\r\n=C3=A9";
    const uint8_t *data;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_body(c, 0, (const uint8_t *)body, sizeof body - 1), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_non_null(memmem(data, len, wanted, sizeof wanted - 1));
    mla_compose_free(c);
}

/* What format=flowed makes of a text, and that no line of it is too long. */
static void flowed(const char *text, uint32_t flags, const char *wanted)
{
    mla_compose *c = fresh("text/plain", 0);
    char got[4096];
    const uint8_t *data;
    size_t n = 0;
    size_t len;
    char *body;

    assert_int_equal(mla_compose_text(c, 0, text, strlen(text), MLA_COMPOSE_FLOWED | flags), 0);
    while (mla_compose_output(c, &data, &len, NULL) == 1) {
        memcpy(got + n, data, len);
        n += len;
    }
    got[n] = '\0';
    assert_non_null(strstr(got, "format=flowed"));
    body = strstr(got, "\r\n\r\n") + 4;
    assert_string_equal(body, wanted);
    mla_compose_free(c);
}

static void test_flowed_text(void **unused)
{
    (void)unused;
    flowed("short\n", 0, "short\r\n");
    flowed("> quoted\n>> twice\nFrom me\n x\n", 0, "> quoted\r\n>> twice\r\n From me\r\n  x\r\n");
    flowed("blanks go   \n-- \nme", 0, "blanks go\r\n-- \r\nme");
    flowed("1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 end", 0,
           "1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 \r\n"
           "1234567 end");
    flowed("1234567812345678123456781234567812345678123456781234567812345678123456781234",
           MLA_COMPOSE_DELSP,
           "123456781234567812345678123456781234567812345678123456781234567812345678 \r\n1234");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_I12_line_ends_are_refused_everywhere),
        cmocka_unit_test(test_octets_that_are_not_utf8_are_refused),
        cmocka_unit_test(test_a_field_has_the_call_it_needs),
        cmocka_unit_test(test_an_incomplete_message_is_not_said),
        cmocka_unit_test(test_a_body_must_be_what_it_was),
        cmocka_unit_test(test_a_source_cannot_change_its_message),
        cmocka_unit_test(test_pieces_nobody_showed_are_base64_of_unknown_size),
        cmocka_unit_test(test_the_encoding_follows_from_what_a_body_holds),
        cmocka_unit_test(test_a_multipart_is_labelled_as_what_it_holds),
        cmocka_unit_test(test_quoted_printable_lines_survive_the_way),
        cmocka_unit_test(test_flowed_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
