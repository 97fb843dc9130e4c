/* test_msgid.c - ids in Message-ID, References and In-Reply-To (X25) */
#include "test.h"

#include "mime/msgid.h"

static void ids(const char *text, size_t count, const char *first, int warned)
{
    struct msgid_reader r;
    struct slice id;
    struct warn_set w;
    size_t n = 0;

    memset(&w, 0, sizeof w);
    msgid_begin(&r, (const uint8_t *)text, strlen(text));
    while (msgid_next(&r, &id, &w, 0))
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
    ids("a@b c@d", 2, "a@b", 1);
    ids("a@b, c@d;e@f", 3, "a@b", 1);
    ids("see a@b (x@y) of today", 1, "a@b", 1);
    ids("\"a@b\"", 1, "a@b", 1);
    ids("<a@b <c@d>", 2, "<a@b", 1);
    ids("<a @ b> <c@d>", 2, "<a @ b>", 0);
    ids("\"open <a@b>", 1, "<a@b>", 0);
    ids("word (comment)", 1, "word", 1);
    ids(",,,", 0, "", 0);
}

/* A text made of one piece. A reader that is not linear would not come back. */
static void many(const char *piece, size_t times, size_t want)
{
    size_t len = strlen(piece);
    char *text = malloc(times * len);
    struct msgid_reader r;
    struct slice id;
    size_t n = 0;

    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, piece, len);
    msgid_begin(&r, (const uint8_t *)text, times * len);
    while (msgid_next(&r, &id, NULL, 0))
        n++;
    assert_int_equal(n, want);
    free(text);
}

static void test_many(void **state)
{
    (void)state;
    many("<a> ", 100000, 100000);
    many("a@b ", 100000, 100000);
    many("<a", 100000, 100000);
    many("\"\\\"<", 100001, 1);
    many("\"\\", 100001, 0);
    many("(", 300000, 0);
    many("a ", 300000, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ids), cmocka_unit_test(test_many)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
