/* test_mech.c - lib/sasl/mech, plain, login */
#include "sasl/mech.h"
#include "test.h"

#include "base/fail.h"

static const struct sasl_peer peer = {.service = "pop", .host = "mail.example", .port = 110};

static struct sasl_creds creds(const char *authzid)
{
    struct sasl_creds c = {0};

    c.user = (mla_str){"tim", 3};
    c.password = (mla_str){"tanstaaftanstaaf", 16};
    c.authzid = (mla_str){authzid, authzid == NULL ? 0 : strlen(authzid)};
    return c;
}

static void plain_is_one_message(void **state)
{
    struct sasl_creds c = creds(NULL);
    struct sasl s;
    const uint8_t *out;
    size_t n;

    (void)state;
    assert_int_equal(sasl_start(&s, &sasl_plain, mem_default(), &c, &peer, NULL), 0);
    assert_int_equal(s.proof, 0);
    assert_int_equal(sasl_step(&s, NULL, 0, &out, &n, NULL), 0);
    assert_int_equal(n, 21);
    assert_memory_equal(out, "\0tim\0tanstaaftanstaaf", 21);
    assert_int_equal(s.proof, 1);
    assert_int_equal(sasl_success(&s, NULL), 0);
    /* a server that asks again gets nothing more (A17) */
    assert_int_equal(sasl_step(&s, (const uint8_t *)"", 0, &out, &n, NULL), MLA_E_AUTH);
    sasl_end(&s);
    sasl_end(&s); /* A20 */
}

static void plain_can_act_as_another(void **state)
{
    struct sasl_creds c = creds("boss");
    struct sasl s;
    const uint8_t *out;
    size_t n;
    mla_error err = {0};

    (void)state;
    assert_int_equal(sasl_start(&s, &sasl_plain, mem_default(), &c, &peer, NULL), 0);
    assert_int_equal(sasl_step(&s, (const uint8_t *)"x", 1, &out, &n, NULL), 0);
    assert_memory_equal(out, "boss\0tim\0tanstaaftanstaaf", 25);
    sasl_end(&s);
    assert_int_equal(sasl_start(&s, &sasl_login, mem_default(), &c, &peer, &err), MLA_E_ARG);
    sasl_end(&s);
}

static void login_answers_two_challenges(void **state)
{
    struct sasl_creds c = creds(NULL);
    struct sasl s;
    const uint8_t *out;
    size_t n;
    mla_error err = {0};

    (void)state;
    assert_int_equal(sasl_start(&s, &sasl_login, mem_default(), &c, &peer, NULL), 0);
    assert_int_equal(sasl_step(&s, (const uint8_t *)"User Name\0", 10, &out, &n, NULL), 0);
    assert_memory_equal(out, "tim", 3);
    assert_int_equal(n, 3);
    assert_int_equal(s.proof, 0);
    assert_int_equal(sasl_success(&s, &err), MLA_E_AUTH);
    assert_int_equal(sasl_step(&s, (const uint8_t *)"", 0, &out, &n, NULL), 0);
    assert_memory_equal(out, "tanstaaftanstaaf", 16);
    assert_int_equal(s.proof, 1);
    assert_int_equal(sasl_success(&s, NULL), 0);
    assert_int_equal(sasl_step(&s, (const uint8_t *)"", 0, &out, &n, NULL), MLA_E_AUTH);
    sasl_end(&s);
}

static int endless_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    (void)s;
    (void)challenge;
    (void)len;
    (void)err;
    return 0;
}

static int never(struct sasl *s, mla_error *err)
{
    return fail(err, MLA_E_AUTH, "%s: no signature", s->mech->name);
}

static const struct sasl_mech endless = {"ENDLESS", SASL_PASSWORD, 100, endless_step, never, NULL};

static void challenges_are_counted_A10(void **state)
{
    struct sasl_creds c = creds(NULL);
    struct sasl s;
    const uint8_t *out;
    size_t n;
    mla_error err = {0};

    (void)state;
    assert_int_equal(sasl_start(&s, &endless, mem_default(), &c, &peer, NULL), 0);
    for (int i = 0; i < SASL_ROUNDS_MAX; i++)
        assert_int_equal(sasl_step(&s, (const uint8_t *)"", 0, &out, &n, &err), 0);
    assert_int_equal(sasl_step(&s, (const uint8_t *)"", 0, &out, &n, &err), MLA_E_AUTH);
    assert_string_equal(err.message, "ENDLESS: more than 20 challenges");
    sasl_end(&s);
}

static void challenges_are_bounded_A12(void **state)
{
    static uint8_t big[SASL_CHALLENGE_MAX + 1];
    struct sasl_creds c = creds(NULL);
    struct sasl s;
    const uint8_t *out;
    size_t n;

    (void)state;
    assert_int_equal(sasl_start(&s, &endless, mem_default(), &c, &peer, NULL), 0);
    assert_int_equal(sasl_step(&s, big, SASL_CHALLENGE_MAX, &out, &n, NULL), 0);
    assert_int_equal(sasl_step(&s, big, SASL_CHALLENGE_MAX + 1, &out, &n, NULL), MLA_E_AUTH);
    sasl_end(&s);
}

static void success_is_the_mechanisms_to_judge_A03(void **state)
{
    struct sasl_creds c = creds(NULL);
    struct sasl s;
    mla_error err = {0};

    (void)state;
    assert_int_equal(sasl_start(&s, &endless, mem_default(), &c, &peer, NULL), 0);
    assert_int_equal(sasl_success(&s, NULL), MLA_E_AUTH);
    s.complete = 1;
    assert_int_equal(sasl_success(&s, &err), MLA_E_AUTH);
    assert_string_equal(err.message, "ENDLESS: no signature");
    sasl_end(&s);
}

static void lives_without_memory(void **state)
{
    (void)state;
    for (size_t i = 1; i < 4; i++) {
        struct sasl_creds c = creds(NULL);
        struct fail_mem f;
        struct sasl s;
        const uint8_t *out;
        size_t n;
        int rc;

        fail_mem_init(&f, i, 1);
        rc = sasl_start(&s, &endless, &f.mem, &c, &peer, NULL);
        assert_int_equal(rc, i == 1 ? MLA_E_NOMEM : 0);
        sasl_end(&s);
        rc = sasl_start(&s, &sasl_plain, &f.mem, &c, &peer, NULL);
        assert_int_equal(rc, 0);
        rc = sasl_step(&s, NULL, 0, &out, &n, NULL);
        assert_int_equal(rc, i <= 2 ? MLA_E_NOMEM : 0);
        sasl_end(&s);
        assert_int_equal(f.held, 0);
    }
}

static void native_ways_are_not_exchanges(void **state)
{
    struct sasl_creds c = creds(NULL);
    struct sasl s;

    (void)state;
    assert_non_null(sasl_find("user", 4));
    assert_null(sasl_find("use", 3));
    assert_null(sasl_find("users", 5));
    assert_int_equal(sasl_start(&s, sasl_find("APOP", 4), mem_default(), &c, &peer, NULL),
                     MLA_E_ARG);
    sasl_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_is_one_message),
        cmocka_unit_test(plain_can_act_as_another),
        cmocka_unit_test(login_answers_two_challenges),
        cmocka_unit_test(challenges_are_counted_A10),
        cmocka_unit_test(challenges_are_bounded_A12),
        cmocka_unit_test(success_is_the_mechanisms_to_judge_A03),
        cmocka_unit_test(lives_without_memory),
        cmocka_unit_test(native_ways_are_not_exchanges),
    };

    return cmocka_run_group_tests_name("sasl/mech", tests, NULL, NULL);
}
