/* test_mem.c - lib/base/mem */
#include "base/mem.h"
#include "test.h"

static void sizes_are_checked(void **state)
{
    (void)state;
    assert_null(mem_array(mem_default(), SIZE_MAX, 2));
    assert_null(mem_resize_array(mem_default(), NULL, SIZE_MAX / 4, 8));
    assert_null(mem_dup(mem_default(), "", SIZE_MAX));
}

static void zero_octets_are_one(void **state)
{
    void *p = mem_alloc(mem_default(), 0);
    char *s = mem_dup(mem_default(), NULL, 0);

    (void)state;
    assert_non_null(p);
    assert_string_equal(s, "");
    mem_free(mem_default(), p);
    mem_free(mem_default(), s);
    mem_free(mem_default(), NULL);
}

static unsigned char seen[4];

static void look(void *user, void *ptr)
{
    (void)user;
    memcpy(seen, ptr, sizeof seen);
    free(ptr);
}

static void secrets_are_gone_before_release(void **state)
{
    struct mem m = *mem_default();
    char *p;

    (void)state;
    m.release = look;
    p = mem_dup(&m, "pass", 4);
    mem_free_secret(&m, p, 4);
    assert_memory_equal(seen, "\0\0\0\0", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_checked),
        cmocka_unit_test(zero_octets_are_one),
        cmocka_unit_test(secrets_are_gone_before_release),
    };

    return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
