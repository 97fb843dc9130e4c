/* test_head.c - what a header says about structure: the fields that count, once (M01, M02) */
#include "mime_test.h"

#include "mime/parser.h"

static void start(struct mime_parser *p)
{
    const mla_mime_event *ev;

    assert_int_equal(mime_parser_init(p, mem_default(), NULL), 0);
    assert_int_equal(mime_parser_next(p, &ev), 1); /* the part: its head is empty now */
    assert_int_equal(ev->type, MLA_MIME_EV_PART);
}

static void field(struct mime_parser *p, const char *name, const char *value)
{
    assert_int_equal(mime_head_field(p, (const uint8_t *)name, strlen(name), (const uint8_t *)value,
                                     strlen(value), 100),
                     0);
}

/* The code of the only warning, 0 without one. */
static int warned(const struct mime_parser *p)
{
    assert_true(p->pending_count <= 1);
    return p->pending_count != 0 ? p->pending[p->pending_first].code : 0;
}

static const struct {
    const char *name;
    int code;
} once[] = {
    {"Content-Type", MLA_MIME_WARN_DUPLICATE_TYPE},
    {"Content-Transfer-Encoding", MLA_MIME_WARN_DUPLICATE_ENCODING},
    {"Content-Disposition", MLA_MIME_WARN_DUPLICATE_DISPOSITION},
    {"Content-ID", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Content-Description", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"MIME-Version", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"From", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Sender", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Reply-To", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"To", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Cc", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Bcc", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Message-ID", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"In-Reply-To", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"References", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Subject", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"Date", MLA_MIME_WARN_DUPLICATE_HEADER},
};

static void test_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++) {
        struct mime_parser p;
        char shout[64];
        size_t n = strlen(once[i].name);

        start(&p);
        for (size_t k = 0; k <= n; k++) {
            char c = once[i].name[k];

            shout[k] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
        }
        field(&p, once[i].name, i == 1 ? "7bit" : "text/plain");
        assert_int_equal(warned(&p), 0);
        shout[n] = '!'; /* another name */
        shout[n + 1] = '\0';
        field(&p, shout, "x");
        assert_int_equal(warned(&p), 0);
        shout[n] = '\0';
        field(&p, shout, "x");
        assert_int_equal(warned(&p), once[i].code);
        mime_parser_free(&p);
    }
}

/* Fields of any other name may come as often as they like. */
static void test_others(void **state)
{
    static const char *const names[] = {"Received",
                                        "X",
                                        "Dat",
                                        "Date-",
                                        "Content-Types",
                                        "Ti",
                                        "DKIM-Signature",
                                        "Content-Transfer-Encodinh"};
    struct mime_parser p;

    (void)state;
    start(&p);
    for (size_t i = 0; i < 2 * sizeof names / sizeof names[0]; i++)
        field(&p, names[i / 2], "x");
    assert_int_equal(warned(&p), 0);
    mime_parser_free(&p);
}

static const struct {
    const char *value;
    const char *type;
    const char *charset;
    const char *boundary;
    int code;
} types[] = {
    {" text/html; charset=UTF-8", "text/html", "utf-8", "", 0},
    {"Multipart/Mixed; boundary=\"a b\"", "multipart/mixed", "", "a b", 0},
    {"multipart/mixed; boundary=\"a \"", "multipart/mixed", "", "a", MLA_MIME_WARN_BAD_BOUNDARY},
    {"multipart/mixed; boundary=\"a*\"", "multipart/mixed", "", "a*", MLA_MIME_WARN_BAD_BOUNDARY},
    {"text", "", "", "", MLA_MIME_WARN_BAD_TYPE},
    {"text/pl@in", "", "", "", MLA_MIME_WARN_BAD_TYPE},
    {"text/plain; charset=\"x y\"", "text/plain", "", "", 0},
    {"text/plain; charset=a; charset=b", "text/plain", "a", "", MLA_MIME_WARN_DUPLICATE_PARAMETER},
    {"text/plain; charset*=us-ascii''ut%66-8", "text/plain", "utf-8", "", 0},
};

static void test_content_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct mime_parser p;

        start(&p);
        field(&p, "content-type", types[i].value);
        assert_string_equal(p.head.type, types[i].type);
        assert_string_equal(p.head.charset, types[i].charset);
        assert_int_equal(p.head.boundary_len, strlen(types[i].boundary));
        assert_memory_equal(p.head.boundary, types[i].boundary, p.head.boundary_len);
        assert_int_equal(warned(&p), types[i].code);
        mime_parser_free(&p);
    }
}

static void test_encoding(void **state)
{
    static const struct {
        const char *value;
        const char *encoding;
        int code;
    } values[] = {
        {" Base64", "base64", 0},
        {"\"quoted-printable\"", "quoted-printable", 0},
        {"8bit (comment)", "8bit", 0},
        {"x-uuencode", "x-uuencode", MLA_MIME_WARN_BAD_ENCODING},
        {"base 64", "base", MLA_MIME_WARN_BAD_ENCODING},
        {"", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct mime_parser p;

        start(&p);
        field(&p, "Content-Transfer-Encoding", values[i].value);
        assert_string_equal(p.head.encoding, values[i].encoding);
        assert_int_equal(warned(&p), values[i].code);
        mime_parser_free(&p);
    }
}

static void test_kind(void **state)
{
    static const struct {
        const char *type;
        const char *encoding;
        enum mime_kind kind;
        int code;
    } values[] = {
        {"text/plain", "7bit", MIME_LEAF, 0},
        {"multipart/x; boundary=b", "7bit", MIME_MULTIPART, 0},
        {"multipart/x; boundary=b", "base64", MIME_MULTIPART, MLA_MIME_WARN_ENCODED_COMPOSITE},
        {"multipart/x", "7bit", MIME_LEAF, MLA_MIME_WARN_NO_BOUNDARY},
        {"message/rfc822", "8bit", MIME_MESSAGE, 0},
        {"message/global", "binary", MIME_MESSAGE, 0},
        {"message/rfc822", "base64", MIME_LEAF, MLA_MIME_WARN_ENCODED_COMPOSITE},
        {"message/partial; id=x", "7bit", MIME_LEAF, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct mime_parser p;

        start(&p);
        field(&p, "Content-Type", values[i].type);
        field(&p, "Content-Transfer-Encoding", values[i].encoding);
        assert_int_equal(mime_head_kind(&p), values[i].kind);
        assert_int_equal(warned(&p), values[i].code);
        mime_parser_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),         cmocka_unit_test(test_others),
        cmocka_unit_test(test_content_type), cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
