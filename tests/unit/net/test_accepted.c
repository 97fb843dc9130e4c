/* test_accepted.c - lib/net/accepted */
#include "net/accepted.h"
#include "test.h"

#include <stdio.h>

static struct hostname host(const char *text)
{
    struct hostname h;
    mla_error err = {0};

    assert_int_equal(hostname_parse(text, &h, &err), 0);
    return h;
}

static int has(struct accepted *a, const char *name, uint8_t key, uint32_t why, int changed)
{
    struct hostname h = host(name);
    uint8_t digest[ACCEPTED_KEY] = {key};
    int got;
    int rc = accepted_has(a, &h, digest, why, &got);

    assert_int_equal(got, changed);
    return rc;
}

static int add(struct accepted *a, const char *name, uint8_t key, uint32_t why)
{
    struct hostname h = host(name);
    uint8_t digest[ACCEPTED_KEY] = {key};

    return accepted_add(a, &h, digest, why);
}

static void host_key_and_faults_count(void **state)
{
    struct accepted *a;

    (void)state;
    assert_int_equal(accepted_new(mem_default(), &a), 0);
    assert_true(accepted_is_empty(a));
    assert_true(accepted_is_empty(NULL));
    assert_false(has(a, "a.test", 1, 0, 0));
    assert_int_equal(add(a, "A.test.", 1, 6), 0);
    assert_false(accepted_is_empty(a));
    assert_true(has(a, "a.test", 1, 6, 0));
    assert_true(has(a, "a.test", 1, 2, 0)); /* less is better */
    assert_false(has(a, "a.test", 1, 7, 0));
    assert_false(has(a, "b.test", 1, 6, 0));
    assert_false(has(a, "a.test", 2, 6, 1));
    assert_int_equal(add(a, "a.test", 1, 1), 0); /* widens */
    assert_true(has(a, "a.test", 1, 7, 0));
    assert_int_equal(add(a, "::1", 1, 1), 0);
    assert_true(has(a, "0:0:0:0:0:0:0:1", 1, 1, 0));
    accepted_free(a);
    accepted_free(NULL);
}

static void the_oldest_goes(void **state)
{
    struct accepted *a;
    char name[32];

    (void)state;
    assert_int_equal(accepted_new(mem_default(), &a), 0);
    for (int i = 0; i <= ACCEPTED_MAX; i++) {
        snprintf(name, sizeof name, "h%d.test", i);
        assert_int_equal(add(a, name, 1, 1), 0);
    }
    assert_false(has(a, "h0.test", 1, 1, 0));
    assert_true(has(a, "h1.test", 1, 1, 0));
    assert_true(has(a, name, 1, 1, 0));
    accepted_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_key_and_faults_count),
        cmocka_unit_test(the_oldest_goes),
    };

    return cmocka_run_group_tests_name("net/accepted", tests, NULL, NULL);
}
