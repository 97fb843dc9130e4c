/* test_scram.c - lib/sasl/scram */
#include "sasl/line.h"
#include "sasl/mech.h"
#include "test.h"

#include "base/fail.h"

#include <stdio.h>

struct talk {
    struct sasl s;
    struct sasl_creds creds;
    struct sasl_peer peer;
    const uint8_t *out;
    size_t len;
    mla_error err;
};

static void begin(struct talk *t, const struct sasl_mech *mech, const char *user,
                  const char *password, const char *nonce)
{
    memset(t, 0, sizeof *t);
    t->creds.user = (mla_str){user, strlen(user)};
    t->creds.password = (mla_str){password, strlen(password)};
    t->peer.service = "imap";
    t->peer.host = "h";
    t->peer.nonce = nonce;
    assert_int_equal(sasl_start(&t->s, mech, mem_default(), &t->creds, &t->peer, NULL), 0);
}

/* What the client says to that; NULL: its first message. */
static int say(struct talk *t, const char *challenge)
{
    return sasl_step(&t->s, (const uint8_t *)challenge, challenge != NULL ? strlen(challenge) : 0,
                     &t->out, &t->len, &t->err);
}

static void said(struct talk *t, const char *challenge, const char *expected)
{
    assert_int_equal(say(t, challenge), 0);
    assert_int_equal(t->len, strlen(expected));
    if (t->len != 0)
        assert_memory_equal(t->out, expected, t->len);
}

/* RFC 5802 section 5, RFC 7677 section 3; SHA-512 computed with Python's hashlib. */
static void conversations_of_the_documents(void **state)
{
    static const struct {
        const struct sasl_mech *mech;
        const char *nonce, *salt, *proof, *signature;
    } all[] = {
        {&sasl_scram_sha1, "fyko+d2lbbFgONRv9qkxdawL",
         "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
         "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
         "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
        {&sasl_scram_sha256, "rOprNGfwEbeRWgbNEkqO",
         "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
         "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
         "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
         "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
        {&sasl_scram_sha512, "rOprNGfwEbeRWgbNEkqO",
         "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
         "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
         "p=gMGXRcevScNtxZ6/"
         "8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
         "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/"
         "AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw=="},
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct talk t;
        char first[100];

        begin(&t, all[i].mech, "user", "pencil", all[i].nonce);
        snprintf(first, sizeof first, "n,,n=user,r=%s", all[i].nonce);
        said(&t, NULL, first);
        assert_int_equal(t.s.proof, 0);
        said(&t, all[i].salt, all[i].proof);
        assert_int_equal(t.s.proof, 1);
        assert_int_equal(sasl_success(&t.s, NULL), MLA_E_AUTH); /* A03 */
        said(&t, all[i].signature, "");
        assert_int_equal(sasl_success(&t.s, NULL), 0);
        assert_int_equal(say(&t, "v="), MLA_E_AUTH);
        sasl_end(&t.s);
        sasl_end(&t.s); /* A20 */
    }
}

/* A05: what takes long is computed in turns, and comes to the same; a server that goes on meanwhile
 * has nothing to go on from. Values computed with Python's hashlib. */
static void many_rounds_in_turns_A05(void **state)
{
    static const char first[] = "r=abcXYZ,s=QSXCR+Q6sek8bf92,i=20000";
    struct talk t;

    (void)state;
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        begin(&t, &sasl_scram_sha256, "user", "pencil", "abc");
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, first), 1);
        assert_int_equal(sasl_success(&t.s, NULL), MLA_E_AUTH);
        for (int i = 0; i < 3; i++)
            assert_int_equal(say(&t, NULL), 1);
        assert_int_equal(t.s.proof, 0);
        if (goes_on) {
            assert_int_equal(say(&t, first), MLA_E_AUTH);
        } else {
            said(&t, NULL, "c=biws,r=abcXYZ,p=k4bL1hqlL17rbsszqHMWyVuaZRBhSH3QYdIMJCoPu/U=");
            assert_int_equal(t.s.proof, 1);
            assert_int_equal(t.s.digest.len, 44);
            assert_memory_equal(t.s.digest.ptr, t.out + t.len - 44, 44);
            said(&t, "v=Vwm1wKSeRHt7Jt5+sxks4znwYl55/WfEDIML6roNTgE=", "");
            assert_int_equal(sasl_success(&t.s, NULL), 0);
        }
        sasl_end(&t.s);
    }
}

/* A04: wrong, too short, empty, none. */
static void a_server_that_cannot_prove_itself_A04(void **state)
{
    static const char *const wrong[] = {"v=rmF9pqV8S7suAoZWja4dJRkFsKA=",
                                        "v=",
                                        "v=rmF9pqV8S7suAoZWja4dJRkFsA==",
                                        "",
                                        "x",
                                        "v=!!!!",
                                        "v=rmF9pqV8S7suAoZWja4dJRkFsKRhYWFh",
                                        "e=other-error"};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct talk t;

        begin(&t, &sasl_scram_sha1, "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL");
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(
            say(&t, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"), 0);
        assert_int_equal(say(&t, wrong[i]), MLA_E_AUTH);
        assert_int_equal(sasl_success(&t.s, NULL), MLA_E_AUTH);
        sasl_end(&t.s);
    }
}

/* A05, A06, A07, A12 */
static void first_messages_that_are_refused_A05_A06_A07_A12(void **state)
{
    static const struct {
        const char *text, *why;
    } all[] = {
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=4095", "iteration count of 4095"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=1", "iteration count of 1,"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=1000001", "iteration count of 1000001"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=2147483647", "iteration count"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=99999999999999999999", "no number"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=-1", "no number"},
        {"r=abcX,s=QSXCR+Q6sek8bf92,i=", "no number"},
        {"r=abcX,s=QSXCR+Q6sek8bf92", "cannot be read"},
        {"r=abc,s=QSXCR+Q6sek8bf92,i=4096", "nonce"},
        {"r=abX,s=QSXCR+Q6sek8bf92,i=4096", "nonce"},
        {"r=ABCX,s=QSXCR+Q6sek8bf92,i=4096", "nonce"},
        {"r=abc\x7f,s=QSXCR+Q6sek8bf92,i=4096", "nonce"},
        {"m=ext,r=abcX,s=QSXCR+Q6sek8bf92,i=4096", "extension"},
        {"r=abcX,s=QSXCR+Q6sek8bf9,i=4096", "salt"},
        {"r=abcX,s=,i=4096", "salt"},
        {"s=QSXCR+Q6sek8bf92,r=abcX,i=4096", "cannot be read"},
        {"", "cannot be read"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct talk t;

        begin(&t, &sasl_scram_sha256, "user", "pencil", "abc");
        assert_int_equal(say(&t, ""), 0); /* the challenge of a server without initial responses */
        assert_int_equal(say(&t, all[i].text), MLA_E_AUTH);
        if (strstr(t.err.message, all[i].why) == NULL)
            print_message("%s: %s\n", all[i].text, t.err.message);
        assert_non_null(strstr(t.err.message, all[i].why));
        assert_int_equal(t.s.proof, 0);
        sasl_end(&t.s);
    }
}

static void extensions_behind_the_count_are_ignored(void **state)
{
    struct talk t;

    (void)state;
    begin(&t, &sasl_scram_sha256, "user", "pencil", "abc");
    said(&t, NULL, "n,,n=user,r=abc");
    assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096,x=y"), 0);
    sasl_end(&t.s);
}

/* RFC 5802 section 5.1: SASLprep, then "=2C" and "=3D". */
static void names_are_prepared_and_escaped(void **state)
{
    struct talk t;

    (void)state;
    begin(&t, &sasl_scram_sha256, "a,b=\xc2\xaa", "p", "abc");
    t.creds.authzid = (mla_str){"the,boss", 8};
    said(&t, NULL, "n,a=the=2Cboss,n=a=2Cb=3Da,r=abc");
    assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), 0);
    assert_memory_equal(t.out, "c=bixhPXRoZT0yQ2Jvc3Ms,r=abcX,p=", 32);
    sasl_end(&t.s);
    /* A22: what cannot be prepared is not sent */
    begin(&t, &sasl_scram_sha256, "a\x07", "p", "abc");
    assert_int_equal(say(&t, NULL), MLA_E_ARG);
    sasl_end(&t.s);
    begin(&t, &sasl_scram_sha256, "\xc2\xad", "p", "abc"); /* nothing is left of it */
    assert_int_equal(say(&t, NULL), MLA_E_ARG);
    sasl_end(&t.s);
    begin(&t, &sasl_scram_sha256, "a", "p\xff", "abc");
    assert_int_equal(say(&t, NULL), 0);
    assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), MLA_E_ARG);
    sasl_end(&t.s);
}

static void begin_bound(struct talk *t, const struct sasl_mech *mech)
{
    begin(t, &sasl_scram_sha1, "user", "pencil", "abc");
    sasl_end(&t->s);
    t->peer.binding = (struct sasl_binding){"tls-exporter", (const uint8_t *)"\0\x01=,\xff", 5};
    assert_int_equal(sasl_start(&t->s, mech, mem_default(), &t->creds, &t->peer, NULL), 0);
}

/* A08; RFC 5802 sections 6 and 7. The proofs were computed with Python's hashlib and hmac. */
static void binds_to_the_connection_A08(void **state)
{
    static const struct {
        const struct sasl_mech *mech;
        const char *last, *verdict;
    } all[] = {
        {&sasl_scram_sha1_plus,
         "c=cD10bHMtZXhwb3J0ZXIsLAABPSz/,r=abcX,p=DePrjxUD8O8o7Vd5gv5fQcVH7Es=",
         "v=WABCuKm7GGy1IKs5YiTf/LXEBSI="},
        {&sasl_scram_sha256_plus,
         "c=cD10bHMtZXhwb3J0ZXIsLAABPSz/,r=abcX,p=zMBZv/zx8HODe9U7eG54NctQ/VlAdvxvP9sFJGoiST4=",
         "v=DUDqb3H6BZ9aZui2so3AjHKFpY+aqPaAxS4nX/Obl1k="},
        {&sasl_scram_sha512_plus,
         "c=cD10bHMtZXhwb3J0ZXIsLAABPSz/,r=abcX,p=9gogq6Z/"
         "qyEPnzM66rQaAbWuReQy5oFFvLHiuXTuupmpYjxq6OHg+FR8CGnV95o/7ya8+s3SFulfsIlWuFdkZg==",
         "v=F10R1ZUiZcMXyo++6ygvGntqRdY0zgYOCZ7VygLj8mO8PoQ909CpnNZHKJA41CpAMhJjfgjKbhKF50K1MuPuLA="
         "="},
    };
    struct talk t;

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        begin_bound(&t, all[i].mech);
        said(&t, NULL, "p=tls-exporter,,n=user,r=abc");
        said(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096", all[i].last);
        said(&t, all[i].verdict, "");
        assert_int_equal(sasl_success(&t.s, NULL), 0);
        sasl_end(&t.s);
    }
    begin_bound(&t, &sasl_scram_sha256_plus);
    t.creds.authzid = (mla_str){"b", 1};
    said(&t, NULL, "p=tls-exporter,a=b,n=user,r=abc");
    sasl_end(&t.s);
    /* without anything to bind with it does not begin */
    t.peer.binding.name = NULL;
    assert_int_equal(
        sasl_start(&t.s, &sasl_scram_sha256_plus, mem_default(), &t.creds, &t.peer, NULL),
        MLA_E_ARG);
    sasl_end(&t.s);
}

/* A08: we can bind and it was not offered: the server learns that, under the proof too. */
static void tells_that_it_could_bind_A08(void **state)
{
    struct talk t;

    (void)state;
    begin(&t, &sasl_scram_sha256, "user", "pencil", "abc");
    t.s.peer.no_plus = 1;
    said(&t, NULL, "y,,n=user,r=abc");
    assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), 0);
    assert_memory_equal(t.out, "c=eSws,r=abcX,p=", 16);
    sasl_end(&t.s);
}

/* A08: what the server says of it becomes a sentence; only "it does not take that" is a refusal
 * that something else may follow. */
static void errors_about_binding_A08(void **state)
{
    static const struct {
        const char *text, *why;
        int refused;
    } all[] = {
        {"e=server-does-support-channel-binding", "in between may have taken channel binding", 0},
        {"e=unsupported-channel-binding-type", "the server says: unsupported-channel", 1},
        {"e=channel-bindings-dont-match", "another TLS connection", 0},
        {"e=", "the server says: ", 1},
        {"e", "cannot be read", 0},
    };
    struct talk t;

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        begin_bound(&t, &sasl_scram_sha256_plus);
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, all[i].text), MLA_E_AUTH);
        assert_non_null(strstr(t.err.message, all[i].why));
        assert_int_equal(t.s.refused, all[i].refused);
        sasl_end(&t.s);
        /* behind the proof nothing may follow */
        begin_bound(&t, &sasl_scram_sha256_plus);
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), 0);
        assert_int_equal(say(&t, all[i].text), MLA_E_AUTH);
        assert_int_equal(t.s.refused, 0);
        sasl_end(&t.s);
    }
}

/* RFC 5802 section 7, server-error-value: what an application can tell by a number. */
static void errors_have_reasons(void **state)
{
    static const struct {
        const char *text;
        uint32_t reason;
    } all[] = {{"e=invalid-proof", MLA_REASON_PASSWORD_WRONG},
               {"e=unknown-user", MLA_REASON_PASSWORD_WRONG},
               {"e=no-resources", MLA_REASON_SERVER_UNAVAILABLE},
               {"e=invalid-proof-of-it", MLA_REASON_NONE},
               {"e=other-error", MLA_REASON_NONE}};
    struct talk t;

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        begin(&t, &sasl_scram_sha1, "user", "pencil", "abc");
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), 0);
        assert_int_equal(say(&t, all[i].text), MLA_E_AUTH);
        assert_int_equal(t.s.reason, all[i].reason);
        sasl_end(&t.s);
    }
}

/* The password is prepared as well: a ROMAN NUMERAL NINE is I and X. */
static void passwords_are_prepared(void **state)
{
    char proof[2][100];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct talk t;

        begin(&t, &sasl_scram_sha256, "u", i == 0 ? "\xe2\x85\xa8" : "IX", "abc");
        assert_int_equal(say(&t, NULL), 0);
        assert_int_equal(say(&t, "r=abcX,s=QSXCR+Q6sek8bf92,i=4096"), 0);
        assert_in_range(t.len, 1, sizeof proof[0] - 1);
        memcpy(proof[i], t.out, t.len);
        proof[i][t.len] = '\0';
        sasl_end(&t.s);
    }
    assert_string_equal(proof[0], proof[1]);
}

static void nonces_are_random(void **state)
{
    uint8_t first[100];
    struct talk t;

    (void)state;
    begin(&t, &sasl_scram_sha256, "u", "p", NULL);
    assert_int_equal(say(&t, NULL), 0);
    assert_int_equal(t.len, 9 + 32);
    memcpy(first, t.out, t.len);
    sasl_end(&t.s);
    begin(&t, &sasl_scram_sha256, "u", "p", NULL);
    assert_int_equal(say(&t, NULL), 0);
    assert_memory_not_equal(t.out, first, t.len);
    sasl_end(&t.s);
}

static void lives_without_memory(void **state)
{
    (void)state;
    for (size_t i = 1;; i++) {
        struct sasl_creds c = {.user = {"user", 4}, .password = {"p\xc3\xa4", 3}};
        struct sasl_peer peer = {.nonce = "abc"};
        struct fail_mem f;
        struct sasl s;
        const uint8_t *out;
        size_t n;
        int rc;

        fail_mem_init(&f, i, 0);
        rc = sasl_start(&s, &sasl_scram_sha1, &f.mem, &c, &peer, NULL);
        if (rc == 0)
            rc = sasl_step(&s, NULL, 0, &out, &n, NULL);
        if (rc == 0)
            rc = sasl_step(&s, (const uint8_t *)"r=abcX,s=QSXC,i=4096", 20, &out, &n, NULL);
        if (rc == 0)
            rc = sasl_step(&s, (const uint8_t *)"v=QSXC", 6, &out, &n, NULL);
        sasl_end(&s);
        assert_int_equal(f.held, 0);
        if (rc == MLA_E_AUTH)
            break;
        assert_int_equal(rc, MLA_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversations_of_the_documents),
        cmocka_unit_test(many_rounds_in_turns_A05),
        cmocka_unit_test(a_server_that_cannot_prove_itself_A04),
        cmocka_unit_test(first_messages_that_are_refused_A05_A06_A07_A12),
        cmocka_unit_test(extensions_behind_the_count_are_ignored),
        cmocka_unit_test(names_are_prepared_and_escaped),
        cmocka_unit_test(binds_to_the_connection_A08),
        cmocka_unit_test(tells_that_it_could_bind_A08),
        cmocka_unit_test(errors_about_binding_A08),
        cmocka_unit_test(errors_have_reasons),
        cmocka_unit_test(passwords_are_prepared),
        cmocka_unit_test(nonces_are_random),
        cmocka_unit_test(lives_without_memory),
    };

    return cmocka_run_group_tests_name("sasl/scram", tests, NULL, NULL);
}
