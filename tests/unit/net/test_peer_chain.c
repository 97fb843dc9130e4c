/* test_peer_chain.c - lib/net/peer_chain */
#include "net/peer_chain.h"
#include "test.h"

#include <string.h>

static struct der der(const char *text)
{
    return (struct der){(const uint8_t *)text, strlen(text)};
}

static void the_same_is_one(void **state)
{
    struct peer_chain seen = {.has_key = 1, .key = {1}, .end_point_len = 1, .end_point = {2}};
    const struct der certs[] = {der("own"), der(""), der("above")};
    char own[] = "own";
    struct der again[] = {der(own), der(""), der("above")};
    const struct peer_chain *a, *b, *c, *d;
    struct der out[CHAIN_MAX];
    struct shared *s;
    struct fail_mem f;

    (void)state;
    fail_mem_init(&f, 0, 0);
    assert_int_equal(shared_new(&f.mem, &s), 0);
    a = peer_chain_keep(s, &f.mem, &seen, certs, 3);
    b = peer_chain_keep(s, &f.mem, &seen, again, 3);
    assert_non_null(a);
    assert_ptr_equal(a, b);
    own[0] = 'O';
    c = peer_chain_keep(s, &f.mem, &seen, again, 3);
    assert_ptr_not_equal(a, c);
    seen.why[2] = VERDICT_EXPIRED;
    d = peer_chain_keep(s, &f.mem, &seen, certs, 3);
    assert_ptr_not_equal(a, d);
    assert_int_equal(d->why[2], VERDICT_EXPIRED);
    assert_int_equal(peer_chain_certs(a, out), 3);
    assert_int_equal(out[0].len, 3);
    assert_memory_equal(out[0].p, "own", 3);
    assert_int_equal(out[1].len, 0);
    assert_int_equal(out[2].len, 5);
    assert_memory_equal(out[2].p, "above", 5);
    assert_int_equal(a->key[0], 1);
    assert_int_equal(a->end_point[0], 2);
    assert_int_equal(f.held, 4);
    shared_drop(a);
    shared_drop(b);
    shared_drop(c);
    shared_drop(d);
    shared_free(s);
    assert_int_equal(f.held, 0);
}

static void no_more_than_allowed(void **state)
{
    const struct peer_chain seen = {.has_key = 0};
    struct der certs[CHAIN_MAX + 1];
    struct der out[CHAIN_MAX];
    const struct peer_chain *p;

    (void)state;
    for (size_t i = 0; i <= CHAIN_MAX; i++)
        certs[i] = der("x");
    p = peer_chain_keep(NULL, mem_default(), &seen, certs, CHAIN_MAX + 1);
    assert_non_null(p);
    assert_int_equal(peer_chain_certs(p, out), CHAIN_MAX);
    shared_drop(p);
    p = peer_chain_keep(NULL, mem_default(), &seen, NULL, 0);
    assert_non_null(p);
    assert_int_equal(peer_chain_certs(p, out), 0);
    shared_drop(p);
}

static void survives_no_memory(void **state)
{
    const struct peer_chain seen = {.has_key = 0};
    const struct der own = der("own");

    (void)state;
    for (size_t n = 1; n <= 2; n++) {
        struct fail_mem f;

        fail_mem_init(&f, n, 1);
        assert_null(peer_chain_keep(NULL, &f.mem, &seen, &own, 1));
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_one),
        cmocka_unit_test(no_more_than_allowed),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("net/peer_chain", tests, NULL, NULL);
}
