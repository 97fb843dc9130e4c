/* test_msgid.c - ids in Message-ID, References and In-Reply-To (X25) */
#include "test.h"

#include "mime/msgid.h"

static void ids(const char *text, size_t count, const char *first, int warned)
{
    struct slice start = slice_of(text, strlen(text));
    struct slice s = start;
    struct slice id;
    struct warn_set w;
    size_t n = 0;

    memset(&w, 0, sizeof w);
    while (msgid_next(&s, start, &id, &w, 0))
        if (n++ == 0) {
            assert_int_equal(slice_left(&id), strlen(first));
            assert_memory_equal(id.p, first, strlen(first));
        }
    assert_int_equal(n, count);
    assert_int_equal(warn_has(&w, MLA_MIME_WARN_BAD_ID, NULL), warned);
}

static void test_ids(void **state)
{
    (void)state;
    ids(" <a@b>", 1, "<a@b>", 0);
    ids(" <a@b>\r\n\t<c@d> (comment <x@y>) <e@f>", 3, "<a@b>", 0);
    ids("<a@b><c@d>", 2, "<a@b>", 0);
    ids("Your message of \"Thu <no@id>\" <a@b>", 1, "<a@b>", 0);
    ids(" bare@id ", 1, "bare@id", 1);
    ids(" two words", 0, "", 0);
    ids(" <open@id", 1, "<open@id", 1);
    ids("", 0, "", 0);
    ids("  ", 0, "", 0);
    ids("<>", 1, "<>", 0);
}

static void test_many(void **state)
{
    enum { N = 100000 };
    char *text = calloc(1, 4 * N);
    struct slice start = slice_of(text, 4 * N);
    struct slice s = start;
    struct slice id;
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < N; i++)
        memcpy(text + 4 * i, "<a> ", 4);
    while (msgid_next(&s, start, &id, NULL, 0))
        n++;
    assert_int_equal(n, N);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ids), cmocka_unit_test(test_many)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
