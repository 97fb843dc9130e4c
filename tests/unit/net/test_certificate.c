/* test_certificate.c - lib/net/certificate and certificate_text */
#include "net/certificate.h"

#include "der_build.h"
#include "net/certificate_text.h"

#include <stdio.h>

static struct chain *show(const struct mem *mem, const struct built *der, const struct verdict *v,
                          int *out_rc)
{
    struct chain_source from = {.count = 1, .host = "h.test", .port = 993, .verdict = v};
    struct chain *c = NULL;

    from.certs[0] = der_of(der);
    from.why[0] = v->why;
    *out_rc = chain_new(mem, &from, &c);
    return c;
}

static void assert_subject(struct built subject, const char *want)
{
    struct built none = {{0}, 0};
    struct built der = der_certificate(&subject, &none);
    struct verdict v = {0};
    struct chain *c;
    int rc;

    c = show(mem_default(), &der, &v, &rc);
    assert_int_equal(rc, 0);
    assert_string_equal(c->rec.certificates[0]->subject, want);
    chain_free(c);
}

/* RFC 4514 */
static void names_of_subjects(void **state)
{
    struct built two = der_rdn(10, 12, "Example", 7);
    char many[2000];

    (void)state;
    der_add(&two, der_rdn(3, 19, "a+b", 3));
    assert_subject(two, "CN=a\\+b,O=Example");
    assert_subject((struct built){{0}, 0}, "");
    assert_subject(der_rdn(3, 12, " x\"", 3), "CN=\\ x\\\"");
    assert_subject(der_rdn(3, 12, "a\0b", 3), "CN=a\\00b"); /* T24 */
    assert_subject(der_rdn(3, 12, "a\xff\x62", 3), "CN=a\\ffb");
    assert_subject(der_rdn(3, 12, "\xc2\x9b", 2), "CN=\\c2\\9b"); /* a C1 control */
    assert_subject(der_rdn(3, 12, "\xe2\x80\xae", 3), "CN=\\e2\\80\\ae");
    assert_subject(der_rdn(3, 30, "\0M\0\xfc\xd8\0", 6), "CN=M\xc3\xbc\\d8\\00");
    assert_subject(der_rdn(3, 20, "M\xfc", 2), "CN=M\xc3\xbc");
    assert_subject(der_rdn(3, 4, "\1\2", 2), "CN=#0102");
    assert_subject(der_rdn(99, 12, "x", 1), "2.5.4.99=x");
    memset(many, 'x', sizeof many);
    two = der_rdn(3, 12, "short", 5);
    der_add(&two, der_rdn(10, 12, many, 1000));
    memset(many, 0, sizeof many);
    memcpy(many, "O=", 2);
    memset(many + 2, 'x', CERTIFICATE_TEXT_MAX - 5);
    memcpy(many + CERTIFICATE_TEXT_MAX - 3, "...", 3);
    assert_subject(two, many);
}

static void names_of_hosts(void **state)
{
    struct built names = {{0}, 0};
    struct built none = {{0}, 0};
    struct verdict v = {.why = VERDICT_NAME | VERDICT_OTHER};
    const mla_certificate *one;
    struct built ext;
    struct built der;
    struct chain *c;
    int rc;

    (void)state;
    der_add(&names, der_put(0x82, "a\\.test", 7));
    der_add(&names, der_put(0x82, "b\0.test", 7));
    der_add(&names, der_put(0x87, "\x7f\0\0\1", 4));
    der_add(&names, der_put(0x87, "\x7f\0\0", 3));
    der_add(&names, der_put(0x81, "x@a.test", 8));
    der_add(&names, der_put(0x86, "imap://\x1b", 8));
    der_add(&names, der_put(0x88, "\x2a", 1));
    for (int i = 0; i < 80; i++)
        der_add(&names, der_put(0x82, "n.test", 6));
    ext = der_extension(17, &names);
    der = der_certificate(&none, &ext);
    c = show(mem_default(), &der, &v, &rc);
    assert_int_equal(rc, 0);
    one = c->rec.certificates[0];
    assert_string_equal(one->names[0].ptr, "DNS:a\\\\.test");
    assert_string_equal(one->names[1].ptr, "DNS:b\\00.test");
    assert_string_equal(one->names[2].ptr, "IP:127.0.0.1");
    assert_string_equal(one->names[3].ptr, "email:x@a.test");
    assert_string_equal(one->names[4].ptr, "URI:imap://\\1b");
    assert_int_equal(one->name_count, CHAIN_NAMES_MAX);
    assert_int_equal(one->names_left, 87 - CHAIN_NAMES_MAX);
    assert_string_equal(one->issuer, "CN=Root");
    assert_string_equal(one->serial, "abcd");
    assert_true(one->not_before == 2524607999LL && one->not_after == 2524608000LL);
    assert_int_equal(one->key_kind, MLA_KEY_ED);
    assert_string_equal(one->hash, "SHA-384");
    assert_int_equal(c->rec.sentence_count, 2);
    assert_string_equal(c->rec.sentences[0].ptr,
                        "the certificate is not for h.test: it names no host");
    chain_free(c);
}

/* Each octet changed, each length cut: no overflow, and a record in the end. */
static void damage_does_no_harm(void **state)
{
    struct built names = der_put(0x82, "a.test", 6);
    struct built subject = der_rdn(3, 12, "x", 1);
    struct built ext = der_extension(17, &names);
    struct built der = der_certificate(&subject, &ext);
    struct verdict v = {.why = VERDICT_OTHER};

    (void)state;
    for (size_t i = 0; i < der.len; i++)
        for (int how = 0; how < 4; how++) {
            static const uint8_t with[] = {0x00, 0x80, 0xff, 0x01};
            struct built bad = der;
            struct chain *c;
            uint8_t *tight;
            int rc;

            if (how == 0)
                bad.len = i;
            else
                bad.p[i] ^= with[how];
            tight = malloc(bad.len + 1); /* so that ASan sees its end */
            memcpy(tight + 1, bad.p, bad.len);
            {
                struct chain_source from = {.count = 1, .host = "h", .verdict = &v};

                from.certs[0] = (struct der){tight + 1, bad.len};
                rc = chain_new(mem_default(), &from, &c);
            }
            assert_int_equal(rc, 0);
            assert_non_null(c->rec.certificates[0]->subject);
            chain_free(c);
            free(tight);
        }
}

static void copies_share_nothing(void **state)
{
    struct built names = der_put(0x82, "a.test", 6);
    struct built subject = der_rdn(3, 12, "x", 1);
    struct built ext = der_extension(17, &names);
    struct built der = der_certificate(&subject, &ext);
    struct verdict v = {.why = VERDICT_OTHER};
    struct chain *copy;
    struct chain *c;
    int rc;

    (void)state;
    c = show(mem_default(), &der, &v, &rc);
    assert_int_equal(rc, 0);
    assert_int_equal(chain_copy(mem_default(), &c->rec, &copy), 0);
    chain_free(c);
    assert_ptr_equal(chain_of(&copy->rec), copy);
    assert_string_equal(copy->rec.host, "h.test");
    assert_string_equal(copy->rec.certificates[0]->names[0].ptr, "DNS:a.test");
    assert_string_equal(copy->rec.certificates[0]->subject, "CN=x");
    assert_memory_equal(copy->rec.certificates[0]->der, der.p, der.len);
    assert_string_equal(copy->rec.sentences[0].ptr, "the certificate of h.test is not acceptable");
    chain_free(copy);
    chain_free(NULL);
}

static void memory_may_be_short(void **state)
{
    struct built names = der_put(0x82, "a.test", 6);
    struct built subject = der_rdn(3, 12, "x", 1);
    struct built ext = der_extension(17, &names);
    struct built der = der_certificate(&subject, &ext);
    struct verdict v = {.why = VERDICT_OTHER};
    int done = 0;

    (void)state;
    for (unsigned n = 1; done < 2 && n < 200; n++) {
        struct fail_mem tm;
        struct chain *copy = NULL;
        struct chain *c;
        int rc;

        fail_mem_init(&tm, n, 0);
        c = show(&tm.mem, &der, &v, &rc);
        if (rc != 0) {
            assert_int_equal(rc, MLA_E_NOMEM);
        } else {
            rc = chain_copy(&tm.mem, &c->rec, &copy);
            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            done += rc == 0;
        }
        chain_free(copy);
        chain_free(c);
        assert_int_equal(tm.held, 0);
    }
    assert_int_equal(done, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_subjects),   cmocka_unit_test(names_of_hosts),
        cmocka_unit_test(damage_does_no_harm), cmocka_unit_test(copies_share_nothing),
        cmocka_unit_test(memory_may_be_short),
    };

    return cmocka_run_group_tests_name("net/certificate", tests, NULL, NULL);
}
