/* test_creds.c - lib/sasl/creds */
#include "sasl/creds.h"
#include "test.h"

static mla_credentials some(void)
{
    mla_credentials c = {0};

    c.struct_size = sizeof c;
    c.user = "tim";
    c.password = "tanstaaf";
    c.password_len = 8;
    return c;
}

static void copies_every_field(void **state)
{
    mla_credentials in = some();
    struct sasl_creds c;
    mla_error err = {0};
    char password[] = "secret";

    (void)state;
    in.authzid = "boss";
    in.password = password;
    in.password_len = 6;
    in.token = "tok";
    in.token_len = 2;
    assert_int_equal(sasl_creds_copy(&c, mem_default(), &in, &err), 0);
    password[0] = 'X';
    assert_string_equal(c.user.ptr, "tim");
    assert_string_equal(c.authzid.ptr, "boss");
    assert_string_equal(c.password.ptr, "secret");
    assert_string_equal(c.token.ptr, "to");
    assert_int_equal(c.token.len, 2);
    sasl_creds_free(&c);
    sasl_creds_free(&c); /* A20 */
    assert_null(c.user.ptr);
}

static void takes_another_token(void **state)
{
    mla_credentials in = some();
    struct sasl_creds c;

    (void)state;
    in.password = NULL;
    in.password_len = 0;
    in.authzid = "boss";
    in.token_requests = 3;
    assert_int_equal(sasl_creds_copy(&c, mem_default(), &in, NULL), 0);
    assert_null(c.token.ptr);
    assert_int_equal(c.token_requests, 3);
    assert_int_equal(sasl_creds_set_token(&c, (mla_str){"first", 5}), 0);
    assert_int_equal(sasl_creds_set_token(&c, (mla_str){"second", 6}), 0);
    assert_string_equal(c.token.ptr, "second");
    assert_string_equal(c.user.ptr, "tim");
    assert_string_equal(c.authzid.ptr, "boss");
    assert_null(c.password.ptr);
    assert_int_equal(c.token_requests, 3);
    sasl_creds_free(&c);
    in.user = NULL; /* a token is somebody's */
    assert_int_equal(sasl_creds_copy(&c, mem_default(), &in, NULL), MLA_E_ARG);
    sasl_creds_free(&c);
}

static void tells_empty_from_absent(void **state)
{
    mla_credentials in = some();
    struct sasl_creds c;

    (void)state;
    in.password_len = 0;
    assert_int_equal(sasl_creds_copy(&c, mem_default(), &in, NULL), 0);
    assert_non_null(c.password.ptr);
    assert_int_equal(c.password.len, 0);
    assert_null(c.token.ptr);
    sasl_creds_free(&c);
}

static void refuses(mla_credentials in, const char *why)
{
    struct fail_mem f;
    struct sasl_creds c;
    mla_error err = {0};

    fail_mem_init(&f, 0, 0);
    assert_int_equal(sasl_creds_copy(&c, &f.mem, &in, &err), MLA_E_ARG);
    assert_string_equal(err.message, why);
    assert_int_equal(f.calls, 0);
    sasl_creds_free(&c);
}

/* A14: lengths near the ends of the types are refused before anything is read or added up. */
static void lengths_that_would_wrap_A14(void **state)
{
    static const size_t lengths[] = {SASL_SECRET_MAX + 1, INT32_MAX,    (size_t)INT32_MAX + 1,
                                     UINT32_MAX,          SIZE_MAX - 8, SIZE_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        mla_credentials in = some();

        in.password_len = lengths[i];
        refuses(in, "the password is longer than 65536 octets");
        in = some();
        in.token = "t";
        in.token_len = lengths[i];
        refuses(in, "the token is longer than 65536 octets");
    }
}

static void refuses_nul_octets_A22(void **state)
{
    mla_credentials in = some();

    (void)state;
    in.password = "a\0b";
    in.password_len = 3;
    refuses(in, "the password holds a NUL octet");
    in = some();
    in.token = "\0";
    in.token_len = 1;
    refuses(in, "the token holds a NUL octet");
}

static void refuses_what_is_too_long_A14(void **state)
{
    mla_credentials in = some();
    static char name[SASL_NAME_MAX + 2];
    struct sasl_creds c;

    (void)state;
    in.password_len = SIZE_MAX;
    refuses(in, "the password is longer than 65536 octets");
    in = some();
    in.password_len = SASL_SECRET_MAX + 1;
    refuses(in, "the password is longer than 65536 octets");
    in = some();
    memset(name, 'n', SASL_NAME_MAX + 1);
    in.user = name;
    refuses(in, "the user name is longer than 4096 octets");
    name[SASL_NAME_MAX] = '\0';
    assert_int_equal(sasl_creds_copy(&c, mem_default(), &in, NULL), 0);
    assert_int_equal(c.user.len, SASL_NAME_MAX);
    sasl_creds_free(&c);
}

static void refuses_no_user_and_lengths_of_nothing(void **state)
{
    mla_credentials in = some();

    (void)state;
    in.user = "";
    refuses(in, "no user name");
    in.user = NULL;
    refuses(in, "no user name");
    in = some();
    in.password = NULL;
    refuses(in, "a length without a password or token");
}

static void lives_without_memory(void **state)
{
    mla_credentials in = some();
    struct fail_mem f;
    struct sasl_creds c;
    mla_error err = {0};

    (void)state;
    fail_mem_init(&f, 1, 0);
    assert_int_equal(sasl_creds_copy(&c, &f.mem, &in, &err), MLA_E_NOMEM);
    sasl_creds_free(&c);
    assert_int_equal(f.held, 0);
}

/* What the allocator gets back must hold nothing of the secret (A16). */
static size_t seen_octets;
static void check_release(void *user, void *ptr)
{
    const char *p = ptr;

    (void)user;
    for (size_t i = 0; i < 4 + 9; i++)
        seen_octets += p[i] != 0;
    free(ptr);
}

static void wipes_when_freed_A16(void **state)
{
    mla_credentials in = some();
    struct fail_mem f;
    struct sasl_creds c;

    (void)state;
    fail_mem_init(&f, 0, 0);
    f.mem.release = check_release;
    seen_octets = 0;
    assert_int_equal(sasl_creds_copy(&c, &f.mem, &in, NULL), 0);
    sasl_creds_free(&c);
    assert_int_equal(seen_octets, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_every_field),
        cmocka_unit_test(tells_empty_from_absent),
        cmocka_unit_test(takes_another_token),
        cmocka_unit_test(refuses_nul_octets_A22),
        cmocka_unit_test(lengths_that_would_wrap_A14),
        cmocka_unit_test(refuses_what_is_too_long_A14),
        cmocka_unit_test(refuses_no_user_and_lengths_of_nothing),
        cmocka_unit_test(lives_without_memory),
        cmocka_unit_test(wipes_when_freed_A16),
    };

    return cmocka_run_group_tests_name("sasl/creds", tests, NULL, NULL);
}
