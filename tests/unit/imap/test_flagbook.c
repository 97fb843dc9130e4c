#include "test.h"

#include "imap/flagbook.h"
#include "imap/resp_read.h"

#include <stdio.h>

static uint32_t number(struct flagbook *f, const char *const *list, uint32_t count)
{
    mla_str words[80];
    uint32_t flags = 0;

    for (uint32_t i = 0; i < count; i++) {
        words[i].ptr = list[i];
        words[i].len = strlen(list[i]);
        flags |= imap_flag_of(words[i]);
    }
    return flagbook_number(f, flags, words, count);
}

static void means(const struct flagbook *f, uint32_t n, const char *expected, uint32_t flags)
{
    const mla_str *words;
    char text[256] = "";
    uint32_t count;

    assert_int_equal(flagbook_words(f, n, &words, &count), flags);
    for (uint32_t i = 0; i < count; i++) {
        size_t len = strlen(text);

        snprintf(text + len, sizeof text - len, "%s%.*s", i > 0 ? " " : "", (int)words[i].len,
                 words[i].ptr);
    }
    assert_string_equal(text, expected);
}

static void numbers_sets(void **state)
{
    static const char *const seen[] = {"\\Seen", "\\Answered"};
    static const char *const work[] = {"$Work", "\\Seen", "Other"};
    static const char *const same[] = {"other", "\\seen", "$WORK", "$work"};
    static const char *const less[] = {"\\Seen", "Other"};
    static const char *const odd[] = {"\\Odd"};
    struct flagbook f;
    uint32_t n;

    (void)state;
    flagbook_init(&f, mem_default());
    means(&f, number(&f, NULL, 0), "", 0);
    means(&f, number(&f, seen, 2), "\\Seen \\Answered", 3);
    assert_int_equal(flagbook_octets(&f), 0);
    n = number(&f, work, 3);
    means(&f, n, "\\Seen $Work Other", 129);
    assert_int_equal(number(&f, same, 4), n);
    assert_int_not_equal(number(&f, less, 2), n);
    means(&f, number(&f, less, 2), "\\Seen Other", 129);
    means(&f, number(&f, odd, 1), "\\Odd", 128);
    assert_int_equal(f.keyword_count, 3);
    assert_int_equal(f.set_count, 3);
    assert_true(flagbook_octets(&f) > 0);
    flagbook_free(&f);
}

/* Of each the words are there without room for them, and mean its bits. */
static void has_words_for_all_system_flags(void **state)
{
    struct flagbook f;

    (void)state;
    flagbook_init(&f, mem_default());
    for (uint32_t flags = 0; flags <= FLAGBOOK_SYSTEM_BITS; flags++) {
        const mla_str *words;
        uint32_t count;
        uint32_t n = 0;
        uint32_t met = 0;

        assert_int_equal(flagbook_words(&f, flagbook_number(&f, flags, NULL, 0), &words, &count),
                         flags);
        assert_int_equal(words != NULL, flags != 0);
        for (uint32_t bits = flags; bits != 0; bits &= bits - 1)
            n++;
        assert_int_equal(count, n);
        for (uint32_t i = 0; i < count; i++) {
            assert_true(imap_flag_of(words[i]) > met); /* in the order of the bits */
            met |= imap_flag_of(words[i]);
        }
        assert_int_equal(met, flags);
    }
    assert_int_equal(flagbook_octets(&f), 0);
    flagbook_free(&f);
}

/* The same text has the same number, and a quoted keyword with a blank is not two. */
static void knows_texts_again(void **state)
{
    static const char text[] = "\\Seen $Junk Work";
    const mla_str words[] = {{text, 5}, {text + 6, 5}, {text + 12, 4}};
    const mla_str two[] = {{text + 6, 5}, {text + 12, 4}};
    const mla_str quoted[] = {{text + 6, 10}};
    struct flagbook f;
    uint32_t n[3];

    (void)state;
    flagbook_init(&f, mem_default());
    for (int i = 0; i < 3; i++) {
        n[0] = flagbook_number(&f, 129, words, 3);
        n[1] = flagbook_number(&f, 128, two, 2);
        n[2] = flagbook_number(&f, 128, quoted, 1);
        means(&f, n[0], "\\Seen $Junk Work", 129);
        means(&f, n[1], "$Junk Work", 128);
        means(&f, n[2], "$Junk Work", 128);
        assert_int_not_equal(n[1], n[2]);
    }
    assert_int_equal(f.set_count, 3);
    assert_int_equal(f.keyword_count, 3);
    flagbook_free(&f);
}

/* Every set one number, until there are too many: then none. */
static void keeps_to_its_maximum(void **state)
{
    static char names[FLAGBOOK_KEYWORDS_MAX + 1][16];
    const char *list[FLAGBOOK_WORDS_MAX + 1];
    static char longest[FLAGBOOK_KEYWORD_MAX + 2];
    struct flagbook f;
    uint32_t first = 0;

    (void)state;
    flagbook_init(&f, mem_default());
    for (uint32_t i = 0; i <= FLAGBOOK_KEYWORDS_MAX; i++)
        snprintf(names[i], sizeof names[i], "word%u", i);
    for (uint32_t i = 0; i < FLAGBOOK_SETS_MAX; i++) {
        uint32_t n;

        list[0] = names[i % FLAGBOOK_KEYWORDS_MAX];
        list[1] = names[i / FLAGBOOK_KEYWORDS_MAX];
        list[2] = i % 2 != 0 ? "\\Flagged" : "\\Draft";
        n = number(&f, list, 3);
        first = i == 0 ? n : first;
        if (i / FLAGBOOK_KEYWORDS_MAX == 0)
            assert_int_equal(n, first + i);
    }
    list[0] = names[FLAGBOOK_KEYWORDS_MAX];
    assert_int_equal(number(&f, list, 1), 0); /* one keyword too many */
    list[0] = names[0];
    list[1] = names[1];
    list[2] = "\\Draft";
    assert_int_not_equal(number(&f, list, 1), 0);
    for (uint32_t i = 0; i < 64 && f.set_count < FLAGBOOK_SETS_MAX; i++)
        for (uint32_t k = 10; k < 200; k++) {
            list[0] = names[100 + i];
            list[1] = names[k];
            list[2] = names[300 + k];
            number(&f, list, 3);
        }
    assert_int_equal(f.set_count, FLAGBOOK_SETS_MAX);
    list[0] = names[901];
    list[1] = names[902];
    list[2] = names[903];
    assert_int_equal(number(&f, list, 3), 0); /* one set too many */
    flagbook_free(&f);

    memset(longest, 'x', sizeof longest - 1);
    list[0] = longest;
    assert_int_equal(number(&f, list, 1), 0);
    list[0] = longest + 1;
    assert_int_not_equal(number(&f, list, 1), 0);
    for (uint32_t i = 0; i <= FLAGBOOK_WORDS_MAX; i++)
        list[i] = names[i];
    assert_int_equal(number(&f, list, FLAGBOOK_WORDS_MAX + 1), 0);
    assert_int_not_equal(number(&f, list, FLAGBOOK_WORDS_MAX), 0);
    flagbook_free(&f);
}

/* $Two was kept before $One was. */
static int seen_first(const struct flagbook *f, const char *word)
{
    for (uint32_t i = 0; i < f->keyword_count; i++)
        if (f->keywords[i].word.ptr[1] == 'O' || f->keywords[i].word.ptr[2] == 'w')
            return memcmp(f->keywords[i].word.ptr, word, 4) == 0;
    return 0;
}

static void survives_no_memory(void **state)
{
    static const char *const a[] = {"$One", "$Two"};
    static const char *const b[] = {"$Three", "\\Seen"};

    (void)state;
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        for (size_t at = 1; at < 12; at++) {
            struct fail_mem f;
            struct flagbook s;

            fail_mem_init(&f, at, from_then_on);
            flagbook_init(&s, &f.mem);
            for (int i = 0; i < 3; i++) {
                uint32_t n = number(&s, a, 2);

                if (n != 0)
                    means(&s, n, seen_first(&s, "$Two") ? "$Two $One" : "$One $Two", 128);
                n = number(&s, b, 2);
                if (n != 0)
                    means(&s, n, "\\Seen $Three", 129);
            }
            flagbook_free(&s);
            assert_int_equal(f.held, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_sets),       cmocka_unit_test(has_words_for_all_system_flags),
        cmocka_unit_test(knows_texts_again),  cmocka_unit_test(keeps_to_its_maximum),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("imap/flagbook", tests, NULL, NULL);
}
