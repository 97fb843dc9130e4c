#include "test.h"

#include "imap/caps.h"
#include "imap/enc.h"

static void set(struct imap_caps *c, const char *text)
{
    mla_str words[32];
    size_t n = 0;

    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        words[n].ptr = text;
        words[n++].len = len;
        text += len + (text[len] == ' ');
    }
    assert_int_equal(imap_caps_set(c, words, n, 1000), 0);
}

static void knows_words(void **state)
{
    struct imap_caps c;

    (void)state;
    imap_caps_init(&c, mem_default());
    assert_false(c.known);
    assert_false(imap_caps_has(&c, "IDLE"));
    assert_null(imap_caps_word(&c, 0));
    set(&c, "IMAP4rev1 IDLE AUTH=PLAIN");
    assert_true(c.known);
    assert_true(imap_caps_has(&c, "idle"));
    assert_false(imap_caps_has(&c, "IDL"));
    assert_false(imap_caps_has(&c, "IDLEX"));
    assert_string_equal(imap_caps_word(&c, 2), "AUTH=PLAIN");
    assert_null(imap_caps_word(&c, 3));
    assert_string_equal(imap_caps_value(&c, "auth="), "PLAIN");
    assert_null(imap_caps_value(&c, "AUTH=PLAIN2"));
    assert_string_equal(imap_caps_nth_value(&c, "Auth=", 0), "PLAIN");
    assert_null(imap_caps_nth_value(&c, "AUTH=", 9));
    set(&c, "IMAP4rev1"); /* a new list instead of the old one */
    assert_false(imap_caps_has(&c, "IDLE"));
    imap_caps_clear(&c); /* T09 */
    assert_false(c.known);
    assert_int_equal(c.count, 0);
}

static void chooses_the_literal_form(void **state)
{
    struct imap_caps c;

    (void)state;
    imap_caps_init(&c, mem_default());
    set(&c, "IMAP4rev1");
    assert_int_equal(imap_caps_literals(&c), ENC_SYNC);
    set(&c, "IMAP4rev1 LITERAL-");
    assert_int_equal(imap_caps_literals(&c), ENC_MINUS);
    set(&c, "IMAP4rev1 LITERAL- LITERAL+");
    assert_int_equal(imap_caps_literals(&c), ENC_PLUS);
    set(&c, "IMAP4rev1 LITERAL + IDLE"); /* several servers */
    assert_int_equal(imap_caps_literals(&c), ENC_PLUS);
    assert_int_equal(c.count, 3);
    assert_true(imap_caps_has(&c, "IDLE"));
    imap_caps_clear(&c);
}

static void knows_what_rev2_includes(void **state)
{
    struct imap_caps c;

    (void)state;
    imap_caps_init(&c, mem_default());
    set(&c, "IMAP4rev2");
    assert_true(imap_caps_is_rev2(&c));
    assert_true(imap_caps_can(&c, "MOVE"));
    assert_true(imap_caps_can(&c, "UIDPLUS"));
    assert_false(imap_caps_has(&c, "MOVE"));
    assert_false(imap_caps_can(&c, "CONDSTORE"));
    assert_int_equal(imap_caps_literals(&c), ENC_MINUS);
    set(&c, "IMAP4rev2 IMAP4rev1"); /* not in force before ENABLE */
    assert_false(imap_caps_is_rev2(&c));
    assert_false(imap_caps_can(&c, "MOVE"));
    imap_caps_clear(&c);
}

static void holds_no_more_than_allowed(void **state) /* M13 */
{
    const mla_str words[] = {{"A", 1}, {"", 0}, {"B", 1}, {"C", 1}};
    struct imap_caps c;

    (void)state;
    imap_caps_init(&c, mem_default());
    assert_int_equal(imap_caps_set(&c, words, 4, 3), 0);
    assert_int_equal(c.count, 2);
    assert_true(imap_caps_has(&c, "B"));
    assert_false(imap_caps_has(&c, "C"));
    assert_int_equal(imap_caps_set(&c, words, 0, 3), 0);
    assert_true(c.known);
    imap_caps_clear(&c);
}

static void survives_no_memory(void **state)
{
    const mla_str word = {"IDLE", 4};

    struct fail_mem f;
    struct imap_caps c;

    (void)state;
    fail_mem_init(&f, 1, 0);
    imap_caps_init(&c, &f.mem);
    assert_int_equal(imap_caps_set(&c, &word, 1, 10), MLA_E_NOMEM);
    assert_false(c.known);
    imap_caps_clear(&c);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_words),
        cmocka_unit_test(chooses_the_literal_form),
        cmocka_unit_test(knows_what_rev2_includes),
        cmocka_unit_test(holds_no_more_than_allowed),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("imap/caps", tests, NULL, NULL);
}
