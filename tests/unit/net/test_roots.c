/* test_roots.c - lib/net/roots; good certificates are tried in tests/net/test_tls.c */
#include "net/roots.h"
#include "test.h"

#include <stdio.h>

static void bad_places_are_named(void **state)
{
    static const struct {
        int (*add)(struct tls_roots *r, const char *path, mla_error *err);
        const char *path;
        const char *why;
    } rows[] = {
        {roots_add_file, "/nowhere/x.pem", "cannot open /nowhere/x.pem: No such file"},
        {roots_add_file, "/", "cannot read /: Is a directory"},
        {roots_add_file, "/dev/null", "no certificate in /dev/null"},
        {roots_add_file, "/dev/zero", "cannot read /dev/zero: File too large"},
        {roots_add_path, "/nowhere", "cannot open the folder /nowhere: No such file"},
        {roots_add_path, "/dev/null", "cannot open the folder /dev/null: Not a directory"},
        {roots_add_path, "/proc/self/ns", "no certificate in the files of /proc/self/ns"},
    };
    struct tls_roots *r;

    (void)state;
    assert_int_equal(tls_roots_new(mem_default(), &r), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mla_error err = {0};

        assert_int_equal(rows[i].add(r, rows[i].path, &err), MLA_E_ARG);
        if (strstr(err.message, rows[i].why) == NULL)
            fail_msg("\"%s\" instead of \"%s\"", err.message, rows[i].why);
    }
    assert_int_equal(tls_roots_count(r), 0);
    tls_roots_free(r);
    tls_roots_free(NULL);
}

static void text_without_a_certificate_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "junk",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
    struct tls_roots *r;

    (void)state;
    assert_int_equal(tls_roots_new(mem_default(), &r), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mla_error err = {0};

        assert_int_equal(tls_roots_add(r, rows[i], strlen(rows[i]), "here", &err), MLA_E_ARG);
        assert_string_equal(err.message, "no certificate in here");
    }
    tls_roots_free(r);
}

static void failing_memory_is_survived(void **state)
{
    struct tls_roots *r;
    struct fail_mem f;

    (void)state;
    fail_mem_init(&f, 1, 0);
    assert_int_equal(tls_roots_new(&f.mem, &r), MLA_E_NOMEM);
    fail_mem_init(&f, 2, 0);
    assert_int_equal(tls_roots_new(&f.mem, &r), 0);
    assert_int_equal(tls_roots_add(r, "x", 1, "x", NULL), MLA_E_NOMEM);
    tls_roots_free(r);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_places_are_named),
        cmocka_unit_test(text_without_a_certificate_is_refused),
        cmocka_unit_test(failing_memory_is_survived),
    };

    return cmocka_run_group_tests_name("net/roots", tests, NULL, NULL);
}
