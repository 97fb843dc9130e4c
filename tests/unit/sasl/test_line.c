/* test_line.c - lib/sasl/line */
#include "sasl/line.h"
#include "test.h"

static const struct sasl_peer peer = {.service = "pop", .host = "mail.example", .port = 110};
static const struct sasl_creds creds = {.user = {"test", 4}, .password = {"test", 4}};

static void base64_goes_both_ways(void **state)
{
    /* RFC 4648 section 10 */
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "+/+/"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct buf a;
        struct buf b;

        buf_init(&a, mem_default(), 100);
        buf_init(&b, mem_default(), 100);
        assert_int_equal(sasl_base64_add(&a, (const uint8_t *)pairs[i][0], strlen(pairs[i][0])), 0);
        assert_string_equal(buf_text(&a), pairs[i][1]);
        assert_int_equal(sasl_base64_decode(&b, a.ptr, a.len), 0);
        assert_string_equal(buf_text(&b), pairs[i][0]);
        buf_free(&a);
        buf_free(&b);
    }
}

static void base64_is_strict_A12(void **state)
{
    static const char *const bad[] = {
        "Zg",    "Zg=",  "Z===",     "====",  "=AAA",      "AA=A",
        "Zm9v ", " Zm9", "Zg==Zg==", "Zm\n=", "Zm9vYg==A", "\xc3\xa4=="};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buf b;

        buf_init(&b, mem_default(), 100);
        assert_int_equal(sasl_base64_decode(&b, (const uint8_t *)bad[i], strlen(bad[i])),
                         MLA_E_SYNTAX);
        buf_free(&b);
    }
}

static void writes_an_initial_response(void **state)
{
    struct sasl s;
    struct buf out;

    (void)state;
    buf_init(&out, mem_default(), 1000);
    assert_int_equal(sasl_start(&s, &sasl_plain, mem_default(), &creds, &peer, NULL), 0);
    assert_int_equal(sasl_line(&s, NULL, 0, &out, NULL), 0);
    assert_string_equal(buf_text(&out), "AHRlc3QAdGVzdA==");
    sasl_end(&s);
    buf_free(&out);
}

static int say_nothing(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    (void)challenge;
    (void)len;
    (void)err;
    s->complete = 1;
    return 0;
}

static const struct sasl_mech mute = {"MUTE", SASL_INITIAL, 0, say_nothing, NULL, NULL};

static void an_empty_initial_response_is_an_equals_sign(void **state)
{
    struct sasl s;
    struct buf out;

    (void)state;
    buf_init(&out, mem_default(), 1000);
    assert_int_equal(sasl_start(&s, &mute, mem_default(), &creds, &peer, NULL), 0);
    assert_int_equal(sasl_line(&s, NULL, 0, &out, NULL), 0);
    assert_string_equal(buf_text(&out), "=");
    buf_clear(&out);
    assert_int_equal(sasl_line(&s, (const uint8_t *)"", 0, &out, NULL), 0);
    assert_int_equal(out.len, 0);
    sasl_end(&s);
    buf_free(&out);
}

static void refuses_bad_challenges_A12(void **state)
{
    struct sasl s;
    struct buf out;
    uint8_t *big = malloc(87388);
    mla_error err = {0};

    (void)state;
    buf_init(&out, mem_default(), 1000);
    assert_int_equal(sasl_start(&s, &mute, mem_default(), &creds, &peer, NULL), 0);
    assert_int_equal(sasl_line(&s, (const uint8_t *)"Username:", 9, &out, &err), MLA_E_AUTH);
    assert_string_equal(err.message, "MUTE: the challenge is not base64");
    sasl_end(&s);
    /* LOGIN does not listen */
    assert_int_equal(sasl_start(&s, &sasl_login, mem_default(), &creds, &peer, NULL), 0);
    assert_int_equal(sasl_line(&s, (const uint8_t *)"Username:", 9, &out, NULL), 0);
    buf_clear(&out);
    memset(big, 'A', 87388);
    memset(&err, 0, sizeof err);
    assert_int_equal(sasl_line(&s, big, 87388, &out, &err), MLA_E_AUTH);
    assert_string_equal(err.message, "LOGIN: a challenge larger than 65536 octets");
    big[87382] = big[87383] = '='; /* 65536 octets exactly */
    assert_int_equal(sasl_line(&s, big, 87384, &out, NULL), 0);
    assert_int_equal(out.len, 8);
    sasl_end(&s);
    buf_free(&out);
    free(big);
}

static void lives_without_memory(void **state)
{
    (void)state;
    for (size_t i = 1; i < 6; i++) {
        struct fail_mem f;
        struct sasl s;
        struct buf out;
        int rc;

        fail_mem_init(&f, i, 0);
        buf_init(&out, &f.mem, 1000);
        assert_int_equal(sasl_start(&s, &sasl_login, &f.mem, &creds, &peer, NULL), 0);
        rc = sasl_line(&s, (const uint8_t *)"AAAA", 4, &out, NULL);
        assert_int_equal(rc, i <= 3 ? MLA_E_NOMEM : 0);
        sasl_end(&s);
        buf_free(&out);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_goes_both_ways),
        cmocka_unit_test(base64_is_strict_A12),
        cmocka_unit_test(writes_an_initial_response),
        cmocka_unit_test(an_empty_initial_response_is_an_equals_sign),
        cmocka_unit_test(refuses_bad_challenges_A12),
        cmocka_unit_test(lives_without_memory),
    };

    return cmocka_run_group_tests_name("sasl/line", tests, NULL, NULL);
}
