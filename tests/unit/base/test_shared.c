/* test_shared.c - lib/base/shared */
#include "base/shared.h"
#include "mailaccess/types.h"
#include "test.h"

#include <pthread.h>
#include <string.h>

static void equal_octets_are_kept_once(void **state)
{
    char text[] = "* CAPABILITY";
    struct shared *s;
    struct fail_mem f;
    const char *a, *b;

    (void)state;
    fail_mem_init(&f, 0, 0);
    assert_int_equal(shared_new(&f.mem, &s), 0);
    a = shared_keep(s, mem_default(), text, sizeof text);
    b = shared_keep(s, mem_default(), "* CAPABILITY", sizeof text);
    assert_non_null(a);
    assert_ptr_equal(a, b);
    assert_int_equal((uintptr_t)a % _Alignof(max_align_t), 0);
    assert_int_equal(f.held, 2);
    memset(text, 'x', sizeof text); /* the octets are its own */
    assert_string_equal(a, "* CAPABILITY");
    assert_ptr_equal(shared_hold(a), a);
    shared_drop(a);
    shared_drop(b);
    assert_int_equal(f.held, 2);
    assert_string_equal(a, "* CAPABILITY");
    shared_drop(a);
    assert_int_equal(f.held, 1);
    shared_drop(NULL);
    shared_free(s);
    shared_free(NULL);
    assert_int_equal(f.held, 0);
}

static void others_are_not(void **state)
{
    enum { COUNT = 300 }; /* several in each slot */
    const uint32_t *kept[COUNT];
    const void *shorter, *none;
    struct shared *s;
    struct fail_mem f;

    (void)state;
    fail_mem_init(&f, 0, 0);
    assert_int_equal(shared_new(&f.mem, &s), 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        kept[i] = shared_keep(s, NULL, &i, sizeof i);
        assert_non_null(kept[i]);
    }
    shorter = shared_keep(s, NULL, kept[0], sizeof *kept[0] - 1);
    none = shared_keep(s, NULL, NULL, 0);
    assert_non_null(none);
    assert_int_equal(f.held, COUNT + 3);
    shared_drop(shorter);
    shared_drop(none);
    for (uint32_t i = 0; i < COUNT; i += 2) /* from any place in a slot */
        shared_drop(kept[i]);
    for (uint32_t i = 1; i < COUNT; i += 2) {
        assert_int_equal(*kept[i], i);
        assert_ptr_equal(shared_keep(s, NULL, &i, sizeof i), kept[i]);
        shared_drop(kept[i]);
        shared_drop(kept[i]);
    }
    assert_int_equal(f.held, 1);
    shared_free(s);
}

static void nobody_has_to_share(void **state)
{
    const char *a, *b;
    struct fail_mem f;

    (void)state;
    fail_mem_init(&f, 0, 0);
    a = shared_keep(NULL, &f.mem, "x", 2);
    b = shared_keep(NULL, &f.mem, "x", 2);
    assert_ptr_not_equal(a, b);
    shared_hold(a);
    shared_drop(a);
    assert_string_equal(a, "x");
    shared_drop(a);
    shared_drop(b);
    assert_int_equal(f.held, 0);
}

static void memory_may_be_short(void **state)
{
    struct shared *s;
    struct fail_mem f;
    const void *p;

    (void)state;
    fail_mem_init(&f, 1, 0);
    assert_int_equal(shared_new(&f.mem, &s), MLA_E_NOMEM);
    fail_mem_init(&f, 3, 1);
    assert_int_equal(shared_new(&f.mem, &s), 0);
    p = shared_keep(s, NULL, "x", 1);
    assert_non_null(p);
    assert_null(shared_keep(s, NULL, "y", 1));
    assert_ptr_equal(shared_keep(s, NULL, "x", 1), p); /* what is there needs none */
    assert_null(shared_keep(NULL, &f.mem, "x", 1));
    shared_drop(p);
    shared_drop(p);
    shared_free(s);
    assert_int_equal(f.held, 0);
}

enum { THREADS = 4, ROUNDS = 2000, TEXTS = 5 };

static void *holder(void *arg)
{
    struct shared *s = arg;

    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned n = i % TEXTS;
        const unsigned *p = shared_keep(s, NULL, &n, sizeof n);

        if (p == NULL || *p != n || shared_hold(p) != p)
            return arg;
        shared_drop(p);
        shared_drop(p);
    }
    return NULL;
}

static void any_thread_may(void **state)
{
    pthread_t threads[THREADS];
    struct shared *s;

    (void)state;
    assert_int_equal(shared_new(mem_default(), &s), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, holder, s), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    shared_free(s); /* a sanitizer would tell of what was left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_octets_are_kept_once),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(nobody_has_to_share),
        cmocka_unit_test(memory_may_be_short),
        cmocka_unit_test(any_thread_may),
    };

    return cmocka_run_group_tests_name("base/shared", tests, NULL, NULL);
}
