/* test_gssapi.c - lib/sasl/gssapi, with a library that is not there: the functions of it that the
 * mechanism calls are those below, and do what the test says. */
#include "sasl/mech.h"
#include "test.h"

#include <gssapi/gssapi.h>
#include <stdlib.h>

/* What the library does next, and what it was asked. */
static struct {
    int rounds;      /* calls of init that want another token */
    OM_uint32 flags; /* that the context has at the end */
    int fail_init;
    int fail_unwrap;
    const char *offer; /* what unwrap finds */
    size_t offer_len;
    int silent_end; /* the last call of init has no token */
    char target[100];
    char wrapped[100];
    size_t wrapped_len;
    size_t tokens; /* that init was given */
    int held;      /* buffers, names and contexts that were not given back */
} lib;

static OM_uint32 give(gss_buffer_t out, const void *ptr, size_t len)
{
    out->value = malloc(len + 1);
    memcpy(out->value, ptr, len);
    out->length = len;
    lib.held++;
    return GSS_S_COMPLETE;
}

OM_uint32 gss_release_buffer(OM_uint32 *minor, gss_buffer_t buffer)
{
    *minor = 0;
    lib.held -= buffer->value != NULL;
    free(buffer->value);
    buffer->value = NULL;
    buffer->length = 0;
    return GSS_S_COMPLETE;
}

OM_uint32 gss_import_name(OM_uint32 *minor, gss_buffer_t in, gss_OID type, gss_name_t *out)
{
    *minor = 0;
    assert_ptr_equal(type, GSS_C_NT_HOSTBASED_SERVICE);
    assert_in_range(in->length, 1, sizeof lib.target - 1);
    memcpy(lib.target, in->value, in->length);
    *out = malloc(1);
    lib.held++;
    return GSS_S_COMPLETE;
}

OM_uint32 gss_release_name(OM_uint32 *minor, gss_name_t *name)
{
    *minor = 0;
    free(*name);
    *name = GSS_C_NO_NAME;
    lib.held--;
    return GSS_S_COMPLETE;
}

OM_uint32 gss_delete_sec_context(OM_uint32 *minor, gss_ctx_id_t *context, gss_buffer_t out)
{
    *minor = 0;
    (void)out;
    free(*context);
    *context = GSS_C_NO_CONTEXT;
    lib.held--;
    return GSS_S_COMPLETE;
}

OM_uint32 gss_display_status(OM_uint32 *minor, OM_uint32 value, int type, gss_OID mech,
                             OM_uint32 *more, gss_buffer_t out)
{
    *minor = *more = 0;
    (void)value;
    (void)mech;
    return give(out, type == GSS_C_MECH_CODE ? "no ticket" : "a failure", 9);
}

OM_uint32 gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t cred, gss_ctx_id_t *context,
                               gss_name_t target, gss_OID mech, OM_uint32 flags, OM_uint32 time,
                               gss_channel_bindings_t bindings, gss_buffer_t in, gss_OID *actual,
                               gss_buffer_t out, OM_uint32 *ret_flags, OM_uint32 *ret_time)
{
    (void)cred;
    (void)mech;
    (void)time;
    (void)bindings;
    (void)actual;
    (void)ret_time;
    assert_non_null(target);
    assert_int_equal(flags, GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG);
    assert_int_equal(in != GSS_C_NO_BUFFER, *context != GSS_C_NO_CONTEXT);
    lib.tokens += in != GSS_C_NO_BUFFER;
    *minor = lib.fail_init ? 7 : 0;
    if (lib.fail_init)
        return GSS_S_FAILURE;
    if (*context == GSS_C_NO_CONTEXT) {
        *context = malloc(1);
        lib.held++;
    }
    *ret_flags = lib.flags;
    if (lib.rounds > 0 || !lib.silent_end)
        give(out, "token", 5);
    return lib.rounds-- > 0 ? GSS_S_CONTINUE_NEEDED : GSS_S_COMPLETE;
}

OM_uint32 gss_unwrap(OM_uint32 *minor, gss_ctx_id_t context, gss_buffer_t in, gss_buffer_t out,
                     int *conf, gss_qop_t *qop)
{
    (void)context;
    (void)in;
    (void)conf;
    (void)qop;
    *minor = 0;
    return lib.fail_unwrap ? GSS_S_BAD_SIG : give(out, lib.offer, lib.offer_len);
}

OM_uint32 gss_wrap(OM_uint32 *minor, gss_ctx_id_t context, int conf, gss_qop_t qop, gss_buffer_t in,
                   int *state, gss_buffer_t out)
{
    (void)context;
    (void)qop;
    (void)state;
    *minor = 0;
    assert_int_equal(conf, 0);
    assert_in_range(in->length, 4, sizeof lib.wrapped);
    memcpy(lib.wrapped, in->value, in->length);
    lib.wrapped_len = in->length;
    return give(out, "wrapped", 7);
}

struct talk {
    struct sasl s;
    struct sasl_creds creds;
    const uint8_t *out;
    size_t len;
    mla_error err;
};

static void begin(struct talk *t)
{
    struct sasl_peer peer = {.service = "imap", .host = "mail.example"};

    memset(t, 0, sizeof *t);
    memset(&lib, 0, sizeof lib);
    lib.flags = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG;
    lib.offer = "\x07\x00\x10\x00";
    lib.offer_len = 4;
    lib.rounds = 1;
    lib.silent_end = 1;
    t->creds.user = (mla_str){"alice", 5};
    assert_int_equal(sasl_start(&t->s, &sasl_gssapi, mem_default(), &t->creds, &peer, NULL), 0);
}

static int say(struct talk *t, const char *challenge)
{
    int rc = sasl_step(&t->s, (const uint8_t *)challenge, challenge != NULL ? strlen(challenge) : 0,
                       &t->out, &t->len, &t->err);

    if (rc != 1)
        return rc;
    t->s.errand->run(t->s.errand);
    return sasl_step(&t->s, NULL, 0, &t->out, &t->len, &t->err);
}

static void end(struct talk *t)
{
    sasl_end(&t->s);
    sasl_end(&t->s); /* A20 */
    assert_int_equal(lib.held, 0);
}

static void said(struct talk *t, const char *challenge, const char *expected)
{
    assert_int_equal(say(t, challenge), 0);
    assert_int_equal(t->len, strlen(expected));
    if (t->len != 0)
        assert_memory_equal(t->out, expected, t->len);
}

/* RFC 4752 section 3.1 */
static void a_conversation(void **state)
{
    struct talk t;

    (void)state;
    begin(&t);
    said(&t, NULL, "token");
    assert_string_equal(lib.target, "imap@mail.example");
    said(&t, "theirs", "");
    assert_int_equal(lib.tokens, 1);
    assert_int_equal(sasl_success(&t.s, NULL), MLA_E_AUTH); /* A03: too early */
    said(&t, "an offer", "wrapped");
    assert_int_equal(lib.wrapped_len, 9);
    assert_memory_equal(lib.wrapped, "\1\0\0\0alice", 9);
    assert_int_equal(sasl_success(&t.s, NULL), 0);
    assert_int_equal(say(&t, "more"), MLA_E_AUTH);
    end(&t);
    begin(&t);
    t.creds.authzid = (mla_str){"boss", 4};
    lib.silent_end = 0;
    lib.rounds = 2;
    said(&t, "", "token"); /* a server without initial responses */
    said(&t, "a", "token");
    said(&t, "b", "token");
    said(&t, "an offer", "wrapped");
    assert_memory_equal(lib.wrapped, "\1\0\0\0boss", 8);
    end(&t);
}

/* A15: four octets, no more, no less, and they must allow us to do without a layer. */
static void offers_that_are_refused_A15(void **state)
{
    static const struct {
        const char *offer;
        size_t len;
        const char *why;
    } all[] = {
        {"", 0, "has 0 octets, not 4"},
        {"\1", 1, "has 1 octets"},
        {"\1\0\0", 3, "has 3 octets"},
        {"\1\0\0\0\0", 5, "has 5 octets"},
        {"\1\0\0\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 68,
         "has 68 octets"},
        {"\6\xff\xff\xff", 4, "demands a security layer"},
        {"\0\0\0\0", 4, "demands a security layer"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct talk t;

        begin(&t);
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, "theirs"), 0);
        lib.offer = all[i].offer;
        lib.offer_len = all[i].len;
        assert_int_equal(say(&t, "an offer"), MLA_E_AUTH);
        assert_non_null(strstr(t.err.message, all[i].why));
        assert_int_equal(lib.wrapped_len, 0);
        assert_int_equal(sasl_success(&t.s, NULL), MLA_E_AUTH);
        end(&t);
    }
}

static void failures_of_the_library(void **state)
{
    struct talk t;

    (void)state;
    begin(&t);
    lib.fail_init = 1;
    assert_int_equal(say(&t, NULL), MLA_E_AUTH);
    assert_string_equal(t.err.message, "GSSAPI: no Kerberos log-in: no ticket");
    end(&t);
    begin(&t);
    lib.flags = GSS_C_INTEG_FLAG; /* the server has proved nothing */
    assert_int_equal(say(&t, NULL), 0);
    assert_int_equal(say(&t, "theirs"), MLA_E_AUTH);
    end(&t);
    begin(&t);
    assert_int_equal(say(&t, NULL), 0);
    assert_int_equal(say(&t, ""), MLA_E_AUTH); /* nothing, where a token is due */
    end(&t);
    begin(&t);
    assert_int_equal(say(&t, NULL), 0);
    assert_int_equal(say(&t, "theirs"), 0);
    lib.fail_unwrap = 1;
    assert_int_equal(say(&t, "an offer"), MLA_E_AUTH);
    assert_string_equal(t.err.message, "GSSAPI: the server's offer cannot be read: a failure");
    end(&t);
}

/* What asks the KDC is never called by a step; and it may be under way when the session ends. */
static void an_errand_outlives_its_session(void **state)
{
    struct errand *x;
    struct talk t;

    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        begin(&t);
        assert_int_equal(sasl_step(&t.s, NULL, 0, &t.out, &t.len, &t.err), 1);
        assert_int_equal(lib.held, 0); /* the library was asked nothing */
        x = t.s.errand;
        errand_keep(x);
        if (asked)
            x->run(x);
        sasl_end(&t.s);
        if (!asked)
            x->run(x);
        assert_true(lib.held > 0);
        errand_drop(x);
        assert_int_equal(lib.held, 0);
    }
}

/* Where there is neither password nor token; a server's name is needed. */
static void what_it_needs(void **state)
{
    struct sasl_creds with = {.user = {"u", 1}, .password = {"p", 1}};
    struct talk t;

    (void)state;
    assert_int_equal(sasl_fits(&sasl_gssapi, &with), 0);
    with.password.ptr = NULL;
    assert_int_equal(sasl_fits(&sasl_gssapi, &with), 1);
    begin(&t);
    t.s.peer.host = NULL;
    assert_int_equal(say(&t, NULL), MLA_E_AUTH);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation),          cmocka_unit_test(offers_that_are_refused_A15),
        cmocka_unit_test(failures_of_the_library), cmocka_unit_test(an_errand_outlives_its_session),
        cmocka_unit_test(what_it_needs),
    };

    return cmocka_run_group_tests_name("sasl/gssapi", tests, NULL, NULL);
}
