/* test_partial.c - fragments joined, in any order, and refused where they do not belong together */
#include "mime_test.h"

#include "mime/partial.h"

#define ONE(n, extra)                                                                              \
    "Subject: outer\nX-Outer: kept\nMessage-ID: <o@a>\nMIME-Version: 1.0\nContent-Type: "          \
    "message/partial; id=\"x@a\"; number=" n extra "\n\n"

static const char first[] =
    ONE("1", "; total=3") "X-Inner: dropped\nSubject: inner\nMessage-ID: <i@a>\nMIME-Version: "
                          "1.0\nContent-Type: text/plain;\n"
                          " charset=utf-8\n\none\n";
static const char second[] = ONE("2", "") "two\n";
static const char third[] = ONE("3", "; total=3") "three\n";
static const char want[] =
    "X-Outer: kept\r\nSubject: inner\r\nMessage-ID: <i@a>\r\nMIME-Version: 1.0\r\nContent-Type: "
    "text/plain;\n charset=utf-8\r\n\r\none\ntwo\nthree\n";

static int join(const struct mem *mem, const char *const *texts, size_t count, char *got,
                size_t size)
{
    struct mime_tree *trees[8] = {NULL};
    const struct mla_part *parts[8];
    struct buf out;
    int rc = 0;

    buf_init(&out, mem, 100000);
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = tree_parse(mem, NULL, texts[i], strlen(texts[i]), &trees[i]);
        parts[i] = trees[i] != NULL ? tree_root(trees[i]) : NULL;
    }
    if (rc == 0)
        rc = partial_join(parts, count, &out);
    if (rc == 0) {
        assert_true(out.len < size);
        memcpy(got, out.ptr, out.len);
        got[out.len] = '\0';
    }
    buf_free(&out);
    for (size_t i = 0; i < count; i++)
        if (trees[i] != NULL)
            tree_free(trees[i]);
    return rc;
}

static void test_any_order(void **state)
{
    static const char *const orders[][4] = {{first, second, third, third},
                                            {third, first, second, second},
                                            {second, third, first, first},
                                            {second, second, first, third}};
    char got[1000];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(join(mem_default(), orders[i], i == 3 ? 4 : 3, got, sizeof got), 0);
        assert_string_equal(got, want);
    }
}

static void test_refused(void **state)
{
    static const char other[] = "Content-Type: message/partial; id=other; number=2\n\n";
    static const char plain[] = "Subject: x\n\nbody";
    static const char no_id[] = "Content-Type: message/partial; number=1; total=1\n\n";
    static const char no_number[] = "Content-Type: message/partial; id=x; total=1\n\n";
    static const char zero[] = "Content-Type: message/partial; id=x; number=0; total=1\n\n";
    static const char huge[] =
        "Content-Type: message/partial; id=x; number=4294967297; total=1\n\n";
    static const char far[] = "Content-Type: message/partial; id=x; number=2147483647; total=1\n\n";
    static const char no_total[] = "Content-Type: message/partial; id=x; number=1\n\nx";
    static const char four[] = ONE("3", "; total=4") "three\n";
    static const struct {
        const char *texts[3];
        size_t count;
        int rc;
    } rows[] = {
        {{first, second, NULL}, 2, MLA_E_NOT_FOUND},  {{first, third, NULL}, 2, MLA_E_NOT_FOUND},
        {{first, first, third}, 3, MLA_E_NOT_FOUND},  {{first, other, third}, 3, MLA_E_SYNTAX},
        {{first, second, four}, 3, MLA_E_SYNTAX},     {{first, plain, third}, 3, MLA_E_NOT_FOUND},
        {{plain, NULL, NULL}, 1, MLA_E_NOT_FOUND},    {{no_id, NULL, NULL}, 1, MLA_E_SYNTAX},
        {{no_number, NULL, NULL}, 1, MLA_E_SYNTAX},   {{zero, NULL, NULL}, 1, MLA_E_SYNTAX},
        {{huge, NULL, NULL}, 1, MLA_E_SYNTAX},        {{far, NULL, NULL}, 1, MLA_E_NOT_FOUND},
        {{no_total, NULL, NULL}, 1, MLA_E_NOT_FOUND},
    };
    char got[1000];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (join(mem_default(), rows[i].texts, rows[i].count, got, sizeof got) != rows[i].rc)
            fail_msg("row %u", (unsigned)i);
    assert_int_equal(join(mem_default(), NULL, 0, got, sizeof got), MLA_E_NOT_FOUND);
}

/* A header that is cut between two fragments, and a transfer encoding that must not be. */
static void test_odd(void **state)
{
    static const char a[] = "Content-Type: message/partial; id=x; number=1; total=2\n\nSub";
    static const char b[] = "Content-Type: message/partial; id=x; number=2; total=2\n"
                            "Content-Transfer-Encoding: base64\n\namVjdDogaQoKYm9keQ==";
    static const char *const texts[] = {a, b};
    char got[1000];

    (void)state;
    assert_int_equal(join(mem_default(), texts, 2, got, sizeof got), 0);
    assert_string_equal(got, "Subject: i\r\n\r\nbody");
}

static int join_with(const struct mem *m)
{
    static const char *const texts[] = {third, first, second};
    char got[1000];

    return join(m, texts, 3, got, sizeof got);
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(join_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order),
                                       cmocka_unit_test(test_refused), cmocka_unit_test(test_odd),
                                       cmocka_unit_test(test_oom)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
