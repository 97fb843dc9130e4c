/* test_mbname.c - lib/imap/mbname */
#include "base/ascii.h"
#include "test.h"

#include "guard.h"
#include "imap/mbname.h"

/* What becomes of a name on the wire, and whether it leads back. */
static void check(const char *raw, size_t n, int utf8, int rc, const char *expect)
{
    mla_str out = {NULL, 0};
    struct guard g;
    struct arena a;
    mla_str in;

    assert_true(guard_init(&g, n));
    in.ptr = (const char *)guard_put(&g, raw, n);
    in.len = n;
    arena_init(&a, mem_default(), 1 << 20);
    assert_int_equal(mbname_decode(&a, in, utf8, &out), rc);
    assert_int_equal(out.len, strlen(expect));
    assert_memory_equal(out.ptr, expect, out.len + 1); /* with the final NUL */
    if (rc == 1) {
        struct buf b;

        buf_init(&b, mem_default(), 1 << 20);
        assert_int_equal(mbname_encode(&b, out.ptr, out.len, utf8), 0);
        assert_int_equal(b.len, n);
        if (n != 0) /* INBOX means the same in any letters */
            assert_memory_equal(b.ptr, ascii_equal_word(raw, n, "INBOX") ? "INBOX" : raw, n);
        buf_free(&b);
    }
    arena_free(&a);
    guard_free(&g);
}

static void decodes(void **state)
{
    (void)state;
    check("INBOX", 5, 0, 1, "INBOX");
    check("Inbox", 5, 0, 1, "INBOX");
    check("inbox", 5, 1, 1, "INBOX");
    check("Inbox/a", 7, 0, 1, "Inbox/a");
    check("", 0, 0, 1, "");
    check("&AOk-", 5, 0, 1, "\303\251");
    check("a&-b", 4, 0, 1, "a&b");
    check("a&-b", 4, 1, 1, "a&-b");
    check("\303\251", 2, 1, 1, "\303\251");
}

/* I13: what does not lead back comes as it is, and is said to be so. */
static void i13_keeps_the_rest(void **state)
{
    (void)state;
    check("R&D", 3, 0, 0, "R&D");
    check("\303\251", 2, 0, 0, "\303\251");
    check("\303", 1, 1, 0, "\303");
    check("a\r\nb", 4, 1, 0, "a\r\nb");
    check("&AA0ACg-", 8, 0, 0, "&AA0ACg-");
    check("a\tb", 3, 0, 0, "a\tb");
}

/* I02, I08 */
static void i02_encodes_no_line_ends(void **state)
{
    static const struct {
        const char *name;
        size_t n;
    } bad[] = {{"a\rb", 3}, {"a\nb", 3}, {"a\0b", 3}, {"\377", 1}};

    (void)state;
    for (size_t i = 0; i < 4; i++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct buf b;

            buf_init(&b, mem_default(), 1000);
            assert_int_equal(mbname_encode(&b, bad[i].name, bad[i].n, utf8), MLA_E_ARG);
            assert_int_equal(b.len, bad[i].name[0] == 'a' ? 0 : b.len);
            buf_free(&b);
        }
}

static void limits_the_length(void **state)
{
    char *name = malloc(MBNAME_MAX + 1);
    struct buf b;

    (void)state;
    assert_non_null(name);
    memset(name, 'a', MBNAME_MAX + 1);
    buf_init(&b, mem_default(), 1 << 20);
    assert_int_equal(mbname_encode(&b, name, MBNAME_MAX, 0), 0);
    assert_int_equal(b.len, MBNAME_MAX);
    assert_int_equal(mbname_encode(&b, name, MBNAME_MAX + 1, 0), MLA_E_ARG);
    assert_int_equal(b.len, MBNAME_MAX);
    buf_free(&b);
    free(name);
}

static void survives_failing_memory(void **state)
{
    mla_str raw = {"&AOk-", 5};
    struct fail_mem f;
    struct arena a;
    mla_str out;

    (void)state;
    fail_mem_init(&f, 1, 1);
    arena_init(&a, &f.mem, 1000);
    assert_int_equal(mbname_decode(&a, raw, 0, &out), MLA_E_NOMEM);
    assert_int_equal(a.over, 0);
    arena_free(&a);
    arena_init(&a, mem_default(), 4);
    assert_int_equal(mbname_decode(&a, raw, 0, &out), MLA_E_NOMEM);
    assert_int_equal(a.over, 1);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(i13_keeps_the_rest),
        cmocka_unit_test(i02_encodes_no_line_ends),
        cmocka_unit_test(limits_the_length),
        cmocka_unit_test(survives_failing_memory),
    };

    return cmocka_run_group_tests_name("imap/mbname", tests, NULL, NULL);
}
