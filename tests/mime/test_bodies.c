/* test_bodies.c - what a person would read, related parts, what protects a part. */
#include "test.h"

#include <stdio.h>

#include <mailaccess/mailaccess.h>

static mla_message *parse(const char *text)
{
    mla_message *m;

    assert_int_equal(mla_message_parse(NULL, NULL, (const uint8_t *)text, strlen(text), &m), 0);
    return m;
}

static void same(const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0)
        fail_msg("got    [%s]\nwanted [%s]", got, wanted);
}

/* ------------------------------------------------------------------ readable */

#define PLAIN(text)    "Content-Type: text/plain\r\n\r\n" text "\r\n"
#define HTML(text)     "Content-Type: text/html\r\n\r\n" text "\r\n"
#define MULTI(kind, b) "Content-Type: multipart/" kind "; boundary=" b "\r\n\r\n"
#define NEXT(b)        "--" b "\r\n"
#define LAST(b)        "--" b "--\r\n"

static void reads(const char *message, uint32_t flags, const char *wanted)
{
    mla_message *m = parse(message);
    char *text = NULL;
    int rc = mla_part_readable(mla_message_root(m), flags, &text, NULL);

    assert_int_equal(rc, wanted != NULL ? 0 : MLA_E_NOT_FOUND);
    if (wanted != NULL)
        same(text, wanted);
    mla_free(text);
    mla_message_free(m);
}

static void test_the_best_alternative_is_read(void **unused)
{
    static const char both[] =
        MULTI("alternative", "a") NEXT("a") PLAIN("plain") NEXT("a") HTML("<p>html") LAST("a");
    static const char blank[] = MULTI("alternative", "a") NEXT("a") PLAIN(" \r\n ") NEXT("a")
        MULTI("related", "r") NEXT("r") HTML("<p>html<img src=cid:1>")
            NEXT("r") "Content-Type: image/png\r\nContent-ID: <1>\r\n\r\nx\r\n" LAST("r") LAST("a");

    (void)unused;
    reads(both, 0, "plain");
    reads(both, MLA_READABLE_PREFER_HTML, "html\n");
    reads(blank, 0, "html\n");
    reads(MULTI("alternative", "a") LAST("a"), 0, NULL);
    reads(MULTI("alternative", "a") NEXT("a") "Content-Type: text/calendar\r\n\r\nx\r\n" LAST("a"),
          0, NULL);
}

static void test_all_texts_are_read_but_no_attachments(void **unused)
{
    static const char mixed[] = MULTI("mixed", "m") NEXT("m") PLAIN("one")
        NEXT("m") "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nno\r\n" NEXT(
            "m") "Content-Type: message/rfc822\r\n\r\n" PLAIN("no") NEXT("m") HTML("<b>two</b>")
            LAST("m");
    static const char report[] = MULTI("report", "m") NEXT("m") PLAIN("it failed")
        NEXT("m") "Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n" NEXT(
            "m") "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n" LAST("m");

    (void)unused;
    reads(mixed, 0, "one\n\ntwo\n");
    reads(report, 0, "it failed");
    reads("Content-Type: image/png\r\n\r\nx", 0, NULL);
    reads("\r\n\x1b[2Jhello\xe2\x80\xae", 0, "\xef\xbf\xbd[2Jhello");
    reads("Content-Type: text/plain; format=Flowed; delsp=YES\r\n\r\nto \r\ngether\r\n", 0,
          "together\n");
    reads("Content-Type: text/html; charset=iso-8859-1\r\n\r\n<meta charset=utf-7>caf\xe9 +ADw-", 0,
          "caf\xc3\xa9 +ADw-\n");
}

static void test_the_root_of_related_parts_is_read(void **unused)
{
    (void)unused;
    reads("Content-Type: multipart/related; boundary=r; start=\"<two>\"\r\n\r\n" NEXT("r")
              HTML("one") NEXT("r") "Content-ID: <two>\r\n" HTML("two") NEXT("r") PLAIN("three")
                  LAST("r"),
          0, "two\n");
    reads(MULTI("mixed", "m") NEXT("m") MULTI("related", "r") NEXT("r") MULTI("alternative", "a")
              LAST("a") NEXT("r") PLAIN("not the root") LAST("r") NEXT("m") PLAIN("behind")
                  LAST("m"),
          0, "behind");
}

/* ------------------------------------------------------------------ related */

static void related(mla_message *m, const char *from, const char *url, const char *wanted)
{
    const mla_part *p = mla_part_related(mla_message_part(m, from), url);
    char *path = NULL;

    if (p != NULL)
        assert_int_equal(mla_part_path(p, &path, NULL), 0);
    same(path != NULL ? path : "none", wanted);
    mla_free(path);
}

static void test_related_parts_are_found(void **unused)
{
    static const char text[] = MULTI("mixed", "m") NEXT("m") MULTI("related", "r") NEXT("r")
        HTML("x") NEXT("r") "Content-Type: image/png\r\nContent-ID: <a%b@c>\r\n\r\n1\r\n" NEXT(
            "r") "Content-Type: image/png\r\nContent-ID: <same>\r\nContent-Location: "
                 "http://x/\r\n"
                 " y.png\r\n\r\n2\r\n" LAST("r")
                     NEXT("m") "Content-Type: image/png\r\nContent-ID: "
                               "<same>\r\n\r\n3\r\n" NEXT(
                                   "m") "Content-Type: image/png\r\nContent-ID: "
                                        "<outer>\r\n\r\n4\r\n" NEXT("m") "Content-Type: "
                                                                         "message/"
                                                                         "rfc822\r\n\r\nCon"
                                                                         "tent-ID: "
                                                                         "<inner>"
                                                                         "\r\n\r\nx\r"
                                                                         "\n" LAST("m");
    mla_message *m = parse(text);

    (void)unused;
    related(m, "1.1", "cid:a%25b@c", "1.2");
    related(m, "1.1", "CID:a%25b%40c", "1.2");
    related(m, "1.1", "<a%b@c>", "1.2");
    related(m, "1.1", "cid:same", "1.3");
    related(m, "1.1", "cid:outer", "3");
    related(m, "1.1", "http://x/y.png", "1.3");
    related(m, "1.1", "cid:inner", "none");
    related(m, "4.1", "cid:outer", "none");
    related(m, "1.1", "cid:", "none");
    related(m, "1.1", "", "none");
    related(m, "1.1", "cid:sam", "none");
    related(m, "1.1", "cid:samex", "none");
    mla_message_free(m);
}

/* ------------------------------------------------------------------ protection */

static void protects(const char *message, int32_t wanted)
{
    mla_message *m = parse(message);
    int32_t kind = -1;

    assert_int_equal(mla_part_protection(mla_message_root(m), &kind), 0);
    if (kind != wanted)
        fail_msg("%d, not %d: %s", kind, wanted, message);
    mla_message_free(m);
}

#define TWO(a, b)                                                                                  \
    "boundary=x\r\n\r\n--x\r\nContent-Type: " a "\r\n\r\n--x\r\nContent-Type: " b                  \
    "\r\n\r\n--x--\r\n"
#define PKCS7 "Content-Type: application/pkcs7-mime; "

static void test_protection_is_recognised(void **unused)
{
    static const struct {
        const char *message;
        int32_t kind;
    } list[] = {
        {"Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; "
         "micalg=pgp-sha256;" TWO("text/plain", "application/pgp-signature"),
         MLA_PROTECTION_PGP_SIGNED},
        {"Content-Type: multipart/signed; " TWO("text/plain", "application/x-pkcs7-signature"),
         MLA_PROTECTION_SMIME_SIGNED},
        {"Content-Type: multipart/signed; protocol=\"a/b\"; " TWO("text/plain", "a/b"),
         MLA_PROTECTION_SIGNED},
        {"Content-Type: multipart/encrypted; " TWO("application/pgp-encrypted", "x/y"),
         MLA_PROTECTION_PGP_ENCRYPTED},
        {"Content-Type: multipart/encrypted; " TWO("x/z", "x/y"), MLA_PROTECTION_ENCRYPTED},
        {PKCS7 "smime-type=Signed-Data\r\n\r\n", MLA_PROTECTION_SMIME_OPAQUE},
        {PKCS7 "smime-type=enveloped-data\r\n\r\n", MLA_PROTECTION_SMIME_ENCRYPTED},
        {PKCS7 "smime-type=authEnveloped-data\r\n\r\n", MLA_PROTECTION_SMIME_ENCRYPTED},
        {PKCS7 "smime-type=compressed-data\r\n\r\n", MLA_PROTECTION_SMIME_COMPRESSED},
        {PKCS7 "smime-type=certs-only\r\n\r\n", MLA_PROTECTION_SMIME_CERTS},
        {PKCS7 "name=smime.p7m\r\n\r\nx", MLA_PROTECTION_SMIME},
        /* what it does not say its octets do: SEQUENCE, OBJECT IDENTIFIER 1.2.840.113549.1.7.2, .3
         */
        {PKCS7 "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
               "MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFAA==",
         MLA_PROTECTION_SMIME_OPAQUE},
        {PKCS7 "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
               "MIICAAYJKoZIhvcNAQcDoIIB8TCCAe0CAQAxggGgMIIBnAIBADCBgzB3",
         MLA_PROTECTION_SMIME_ENCRYPTED},
        {"\r\nhello\r\n-----BEGIN PGP MESSAGE-----\r\n", MLA_PROTECTION_INLINE_PGP},
        {"\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n",
         MLA_PROTECTION_INLINE_SIGNED},
        {"Content-Transfer-Encoding: "
         "base64\r\n\r\nLS0tLS1CRUdJTiBQR1AgUFVCTElDIEtFWSBCTE9DSy0tLS0tCg==",
         MLA_PROTECTION_INLINE_KEY},
        {"\r\n-----BEGIN PGP MESSAGE----- \t", MLA_PROTECTION_INLINE_PGP},
        {"\r\n> -----BEGIN PGP MESSAGE-----\r\n", MLA_PROTECTION_NONE},
        {"\r\n-----BEGIN PGP MESSAGE-----x\r\n", MLA_PROTECTION_NONE},
        {"Content-Type: text/html\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n", MLA_PROTECTION_NONE}};

    (void)unused;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        protects(list[i].message, list[i].kind);
}

static void test_X18_signed_octets_are_exact(void **unused)
{
    static const char text[] = "Content-Type: multipart/signed; boundary=s\r\n\r\n"
                               "preamble\r\n--s\r\nContent-Type: text/plain \r\n\r\n"
                               "trailing \r\n\r\n--s\r\nContent-Type: x/y\r\n\r\nsig\r\n--s--\r\n";
    static const char wanted[] = "Content-Type: text/plain \r\n\r\ntrailing \r\n";
    mla_message *m = parse(text);
    const mla_part *signature = NULL;
    const uint8_t *octets;
    size_t len;

    (void)unused;
    assert_int_equal(mla_part_signed(mla_message_root(m), &octets, &len, &signature), 0);
    assert_int_equal(len, strlen(wanted));
    assert_memory_equal(octets, wanted, len);
    same(mla_part_content_type(signature), "x/y");
    assert_int_equal(mla_part_signed(signature, &octets, &len, NULL), MLA_E_NOT_FOUND);
    mla_message_free(m);
}

/* ------------------------------------------------------------------ filters */

static void test_a_filter_lends_its_text(void **unused)
{
    const char *text;
    mla_filter *f;
    size_t len;

    (void)unused;
    assert_int_equal(mla_filter_new(NULL, 9, 0, &f), MLA_E_ARG);
    assert_null(f);
    assert_int_equal(mla_filter_new(NULL, MLA_FILTER_HTML, 0, &f), 0);
    assert_int_equal(mla_filter_output(f, &text, &len), 0);
    assert_int_equal(mla_filter_feed(f, "<p>a", 4), 0);
    assert_int_equal(mla_filter_feed(f, "b", 1), MLA_E_STATE);
    assert_int_equal(mla_filter_output(f, &text, &len), 1);
    assert_memory_equal(text, "a", 1);
    assert_int_equal(mla_filter_output(f, &text, &len), 0);
    assert_int_equal(mla_filter_end(f), 0);
    assert_int_equal(mla_filter_feed(f, "b", 1), MLA_E_STATE);
    assert_int_equal(mla_filter_output(f, &text, &len), 1);
    assert_memory_equal(text, "\n", 1);
    assert_int_equal(mla_filter_output(f, &text, &len), 0);
    mla_filter_free(f);
    mla_filter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_best_alternative_is_read),
        cmocka_unit_test(test_all_texts_are_read_but_no_attachments),
        cmocka_unit_test(test_the_root_of_related_parts_is_read),
        cmocka_unit_test(test_related_parts_are_found),
        cmocka_unit_test(test_protection_is_recognised),
        cmocka_unit_test(test_X18_signed_octets_are_exact),
        cmocka_unit_test(test_a_filter_lends_its_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
