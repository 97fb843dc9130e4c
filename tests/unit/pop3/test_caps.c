/* test_caps.c - lib/pop3/caps */
#include "pop3/caps.h"
#include "test.h"

static int add(struct pop3_caps *c, const char *line)
{
    return pop3_caps_add(c, (const uint8_t *)line, strlen(line));
}

static void tags_and_parameters(void **state)
{
    struct pop3_caps c;
    mla_str words[4];

    (void)state;
    pop3_caps_init(&c, mem_default(), 1000, 100);
    assert_int_equal(add(&c, "SASL PLAIN  LOGIN"), 0);
    assert_int_equal(add(&c, " \t "), 0);
    assert_int_equal(add(&c, "TOPS"), 0);
    assert_int_equal(add(&c, "sasl\tX"), 0);
    assert_int_equal(c.count, 3);
    assert_string_equal(pop3_caps_line(&c, 0), "SASL PLAIN  LOGIN");
    assert_null(pop3_caps_line(&c, 3));
    assert_int_equal(pop3_caps_has(&c, "Sasl", NULL), 1);
    assert_int_equal(pop3_caps_has(&c, "SASL", "login"), 1);
    assert_int_equal(pop3_caps_has(&c, "SASL", "x"), 1);
    assert_int_equal(pop3_caps_has(&c, "SASL", "SASL"), 0);
    assert_int_equal(pop3_caps_has(&c, "TOP", NULL), 0);
    assert_int_equal(pop3_caps_has(&c, "PLAIN", NULL), 0);
    assert_int_equal(pop3_caps_parameters(&c, "SASL", words, 4), 3);
    assert_memory_equal(words[2].ptr, "X", 1);
    assert_int_equal(pop3_caps_parameters(&c, "SASL", words, 2), 2);
    pop3_caps_clear(&c);
    assert_int_equal(pop3_caps_has(&c, "SASL", NULL), 0);
    assert_int_equal(c.state, CAPS_UNKNOWN);
}

static void limits_are_exact_M13(void **state)
{
    struct pop3_caps c;

    (void)state;
    pop3_caps_init(&c, mem_default(), 10, 3);
    assert_int_equal(add(&c, "A B"), 0); /* four octets with the NUL */
    assert_int_equal(add(&c, "C D"), MLA_E_FLOOD);
    assert_int_equal(add(&c, "LONGE"), 0); /* ten now, and three words */
    assert_int_equal(c.count, 2);
    pop3_caps_clear(&c);
    assert_int_equal(add(&c, "12345678"), 0);
    assert_int_equal(add(&c, "1"), MLA_E_FLOOD);
    pop3_caps_clear(&c);
}

static void a_new_list_replaces_the_old(void **state)
{
    struct pop3_caps a;
    struct pop3_caps b;

    (void)state;
    pop3_caps_init(&a, mem_default(), 1000, 100);
    pop3_caps_init(&b, mem_default(), 1000, 100);
    assert_int_equal(add(&a, "OLD"), 0);
    assert_int_equal(add(&b, "NEW"), 0);
    b.state = CAPS_KNOWN;
    pop3_caps_replace(&a, &b);
    assert_int_equal(pop3_caps_has(&a, "OLD", NULL), 0);
    assert_int_equal(pop3_caps_has(&a, "NEW", NULL), 1);
    assert_int_equal(a.state, CAPS_KNOWN);
    assert_int_equal(b.count, 0);
    pop3_caps_clear(&a);
    pop3_caps_clear(&b);
}

static void lives_without_memory(void **state)
{
    (void)state;
    for (size_t i = 1; i < 4; i++) {
        struct fail_mem f;
        struct pop3_caps c;

        fail_mem_init(&f, i, 1);
        pop3_caps_init(&c, &f.mem, 1000, 100);
        assert_int_equal(add(&c, "A"), i <= 2 ? MLA_E_NOMEM : 0);
        pop3_caps_clear(&c);
        assert_int_equal(f.held, 0);
    }
}

static void values_are_read(void **state)
{
    struct fail_mem f;
    struct pop3_caps c;

    (void)state;
    fail_mem_init(&f, 0, 0);
    pop3_caps_init(&c, &f.mem, 1000, 100);
    assert_int_equal(add(&c, "SASL A-1 B"), 0);
    assert_int_equal(add(&c, "sasl C"), 0);
    assert_int_equal(add(&c, "EXPIRE 18446744073709551616"), 0);
    assert_int_equal(add(&c, "LOGIN-DELAY 4294967295 user"), 0);
    assert_int_equal(add(&c, "UTF8"), 0);
    c.state = CAPS_KNOWN;
    f.fail_at = f.calls + 1;
    assert_int_equal(pop3_caps_read(&c, 1), MLA_E_NOMEM);
    assert_int_equal(pop3_caps_read(&c, 1), 0);
    assert_int_equal(c.read.sasl_count, 3);
    assert_memory_equal(c.read.sasl[2].ptr, "C", 1);
    assert_int_equal(c.read.expire_days, UINT32_MAX);
    assert_int_equal(c.read.login_delay_s, UINT32_MAX);
    assert_int_equal(c.read.flags, MLA_POP3_CAP_SASL | MLA_POP3_CAP_EXPIRE |
                                       MLA_POP3_CAP_LOGIN_DELAY | MLA_POP3_CAP_LOGIN_DELAY_USER |
                                       MLA_POP3_CAP_UTF8);
    pop3_caps_clear(&c);
    assert_int_equal(c.read.state, CAPS_UNKNOWN);
    assert_int_equal(c.read.flags, 0);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_parameters),         cmocka_unit_test(limits_are_exact_M13),
        cmocka_unit_test(a_new_list_replaces_the_old), cmocka_unit_test(values_are_read),
        cmocka_unit_test(lives_without_memory),
    };

    return cmocka_run_group_tests_name("pop3/caps", tests, NULL, NULL);
}
