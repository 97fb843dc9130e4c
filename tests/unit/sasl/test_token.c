/* test_token.c - lib/sasl/token: what a server says of a token it refuses */
#include "sasl/token.h"
#include "test.h"

#include <stdio.h>

static void same(mla_str s, const char *expected)
{
    if (expected == NULL) {
        assert_null(s.ptr);
        return;
    }
    assert_non_null(s.ptr);
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.ptr, expected, s.len);
}

/* RFC 7628 section 3.2.2, and Google's form of it. */
static void reads_the_error_message_A09(void **state)
{
    static const struct {
        const char *json, *status, *scope, *configuration;
    } all[] = {
        {"{\"status\":\"invalid_token\",\"scope\":\"example_scope\",\"openid-configuration\":"
         "\"https://example.com/.well-known/openid-configuration\"}",
         "invalid_token", "example_scope", "https://example.com/.well-known/openid-configuration"},
        {"{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}\n",
         "401", "https://mail.google.com/", NULL},
        {" { \"a\" : [ 1 , { \"status\" : \"no\" } ] , \"scope\"\t:\r\n\"\" , \"b\" : null } ",
         NULL, "", NULL},
        {"{\"status\":\"a\",\"status\":\"b\"}", "a", NULL, NULL},
        {"{\"status\":401,\"scope\":\"s\"}", NULL, "s", NULL},
        {"{\"\\u0073tatus\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\"}",
         "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", NULL, NULL},
        {"{\"status\":\"a\",\"scope\":\"\xff\"}", "a", NULL, NULL},
        {"{\"status\":\"a\",\"scope\":\"b", "a", NULL, NULL},
        {"{\"status\":\"a\" x,\"scope\":\"b\"}", "a", NULL, NULL},
        {"{\"x\":]},\"scope\":\"b\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\ud83d\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\ude00\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\ud83d\\u0041\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\u12\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\u12g4\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\x\"}", NULL, NULL, NULL},
        {"{\"status\":\"\\", NULL, NULL, NULL},
        {"{\"status\":\"a\nb\"}", NULL, NULL, NULL},
        {"{\"status\"\"a\"}", NULL, NULL, NULL},
        {"{}", NULL, NULL, NULL},
        {"{", NULL, NULL, NULL},
        {"[\"status\"]", NULL, NULL, NULL},
        {"no JSON", NULL, NULL, NULL},
    };
    struct sasl_token t;

    (void)state;
    sasl_token_init(&t, mem_default());
    assert_int_equal(t.info.is_refused, 0);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const uint8_t *p = (const uint8_t *)all[i].json;

        assert_int_equal(sasl_token_refused(&t, p, strlen(all[i].json)), 0);
        assert_int_equal(t.info.is_refused, 1);
        same(t.info.json, all[i].json);
        same(t.info.status, all[i].status);
        same(t.info.scope, all[i].scope);
        same(t.info.configuration, all[i].configuration);
    }
    assert_int_equal(sasl_token_refused(&t, NULL, 0), 0);
    same(t.info.json, NULL);
    sasl_token_clear(&t);
    assert_int_equal(t.info.is_refused, 0);
    sasl_token_free(&t);
}

/* Each beginning, each octet changed: no fault, nothing outside the text. A12 */
static void survives_anything_A12(void **state)
{
    static const char text[] = "{\"status\":\"a\\u00e9\",\"x\":[{\"y\":\"}\"}],\"scope\":\"b\"}";
    static const uint8_t others[] = {0, '"', '\\', '{', '}', '[', ']', ',', ':', 0xff, 'u', '0'};
    uint8_t *changed = malloc(sizeof text - 1); /* exact: the sanitizer sees one octet too many */
    struct sasl_token t;

    (void)state;
    sasl_token_init(&t, mem_default());
    for (size_t n = 1; n < sizeof text; n++) {
        uint8_t *part = malloc(n);

        memcpy(part, text, n);
        assert_int_equal(sasl_token_refused(&t, part, n), 0);
        free(part);
    }
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (size_t k = 0; k < sizeof others; k++) {
            memcpy(changed, text, sizeof text - 1);
            changed[i] = others[k];
            assert_int_equal(sasl_token_refused(&t, changed, sizeof text - 1), 0);
        }
    free(changed);
    sasl_token_free(&t);
}

/* 60,000 brackets: depth is a number, not a stack. */
static void depth_costs_nothing(void **state)
{
    enum { DEEP = 60000 };
    char *text = malloc(DEEP + 100);
    struct sasl_token t;
    size_t n;

    (void)state;
    sasl_token_init(&t, mem_default());
    n = (size_t)snprintf(text, 100, "{\"x\":");
    memset(text + n, '[', DEEP);
    assert_int_equal(sasl_token_refused(&t, (const uint8_t *)text, n + DEEP), 0);
    assert_null(t.info.status.ptr);
    memset(text + n + DEEP / 2, ']', DEEP / 2);
    n += DEEP;
    n += (size_t)snprintf(text + n, 90, ",\"status\":\"s\"}");
    assert_int_equal(sasl_token_refused(&t, (const uint8_t *)text, n), 0);
    same(t.info.status, "s");
    free(text);
    sasl_token_free(&t);
}

static void knows_a_token(void **state)
{
    (void)state;
    assert_int_equal(sasl_token_valid((mla_str){"aZ09-._~+/=", 11}), 1);
    assert_int_equal(sasl_token_valid((mla_str){"", 0}), 0);
    assert_int_equal(sasl_token_valid((mla_str){"a b", 3}), 0);
    assert_int_equal(sasl_token_valid((mla_str){"a\1", 2}), 0);
    assert_int_equal(sasl_token_valid((mla_str){"a\0b", 3}), 0);
    assert_int_equal(sasl_token_valid((mla_str){"\xc3\xa9", 2}), 0);
}

static void lives_without_memory(void **state)
{
    static const char text[] = "{\"status\":\"a\",\"scope\":\"b\"}";

    (void)state;
    for (size_t i = 1;; i++) {
        struct fail_mem f;
        struct sasl_token t;
        int rc;

        fail_mem_init(&f, i, 0);
        sasl_token_init(&t, &f.mem);
        rc = sasl_token_refused(&t, (const uint8_t *)text, sizeof text - 1);
        sasl_token_free(&t);
        assert_int_equal(f.held, 0);
        if (rc == 0)
            break;
        assert_int_equal(rc, MLA_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_error_message_A09), cmocka_unit_test(survives_anything_A12),
        cmocka_unit_test(depth_costs_nothing),         cmocka_unit_test(knows_a_token),
        cmocka_unit_test(lives_without_memory),
    };

    return cmocka_run_group_tests_name("sasl/token", tests, NULL, NULL);
}
