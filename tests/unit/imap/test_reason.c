/* test_reason.c - lib/imap/reason */
#include "imap/reason.h"

#include "test.h"

#include <string.h>

static uint32_t of(uint32_t id, const char *text, unsigned when)
{
    mla_imap_code code;
    mla_str words = {text, strlen(text)};

    memset(&code, 0, sizeof code);
    code.id = id;
    return imap_reason_of(id != 0 ? &code : NULL, words, when).reason;
}

/* RFC 5530 section 3, whatever the words are. */
static void codes_are_reasons(void **state)
{
    static const struct {
        uint32_t code;
        uint32_t reason;
    } rows[] = {
        {MLA_IMAP_CODE_UNAVAILABLE, MLA_REASON_SERVER_UNAVAILABLE},
        {MLA_IMAP_CODE_AUTHENTICATIONFAILED, MLA_REASON_PASSWORD_WRONG},
        {MLA_IMAP_CODE_AUTHORIZATIONFAILED, MLA_REASON_NO_PERMISSION},
        {MLA_IMAP_CODE_EXPIRED, MLA_REASON_EXPIRED},
        {MLA_IMAP_CODE_PRIVACYREQUIRED, MLA_REASON_ENCRYPTION_NEEDED},
        {MLA_IMAP_CODE_CONTACTADMIN, MLA_REASON_CONTACT_ADMIN},
        {MLA_IMAP_CODE_NOPERM, MLA_REASON_NO_PERMISSION},
        {MLA_IMAP_CODE_INUSE, MLA_REASON_IN_USE},
        {MLA_IMAP_CODE_EXPUNGEISSUED, MLA_REASON_EXPUNGED},
        {MLA_IMAP_CODE_CORRUPTION, MLA_REASON_CORRUPTION},
        {MLA_IMAP_CODE_SERVERBUG, MLA_REASON_SERVER_BUG},
        {MLA_IMAP_CODE_CLIENTBUG, MLA_REASON_CLIENT_BUG},
        {MLA_IMAP_CODE_CANNOT, MLA_REASON_IMPOSSIBLE},
        {MLA_IMAP_CODE_LIMIT, MLA_REASON_LIMIT},
        {MLA_IMAP_CODE_OVERQUOTA, MLA_REASON_QUOTA},
        {MLA_IMAP_CODE_ALREADYEXISTS, MLA_REASON_EXISTS},
        {MLA_IMAP_CODE_NONEXISTENT, MLA_REASON_NOT_FOUND},
        {MLA_IMAP_CODE_TRYCREATE, MLA_REASON_NOT_FOUND},
        {MLA_IMAP_CODE_TOOBIG, MLA_REASON_LIMIT},
        {MLA_IMAP_CODE_MESSAGELIMIT, MLA_REASON_LIMIT},
        {MLA_IMAP_CODE_METADATA_MAXSIZE, MLA_REASON_LIMIT},
        {MLA_IMAP_CODE_THROTTLED, MLA_REASON_THROTTLED},
        {MLA_IMAP_CODE_WEBALERT, MLA_REASON_WEB_LOGIN_NEEDED},
        {MLA_IMAP_CODE_ALERT, MLA_REASON_NONE},
        {MLA_IMAP_CODE_UIDNEXT, MLA_REASON_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(of(rows[i].code, "", REASON_LOGIN), rows[i].reason);
        assert_int_equal(of(rows[i].code, "no", 0), rows[i].reason);
    }
    assert_int_equal(of(0, "no", REASON_LOGIN), MLA_REASON_NONE);
}

static void words_say_more_than_vague_codes(void **state)
{
    (void)state;
    assert_int_equal(of(MLA_IMAP_CODE_ALERT, "Application-specific password required", 1),
                     MLA_REASON_APP_PASSWORD_NEEDED);
    assert_int_equal(of(MLA_IMAP_CODE_AUTHENTICATIONFAILED, "IMAP is disabled", 1),
                     MLA_REASON_PROTOCOL_DISABLED);
    assert_int_equal(of(MLA_IMAP_CODE_OVERQUOTA, "Account exceeded command or bandwidth limits", 0),
                     MLA_REASON_THROTTLED);
    assert_int_equal(of(MLA_IMAP_CODE_LIMIT, "Rate limit hit", 0), MLA_REASON_THROTTLED);
    assert_int_equal(of(MLA_IMAP_CODE_UNAVAILABLE, "Maximum number of connections exceeded", 0),
                     MLA_REASON_TOO_MANY_CONNECTIONS);
    /* and less than plain ones */
    assert_int_equal(of(MLA_IMAP_CODE_NONEXISTENT, "rate limit", 0), MLA_REASON_NOT_FOUND);
    assert_int_equal(of(MLA_IMAP_CODE_EXPIRED, "Authentication failed", 1), MLA_REASON_EXPIRED);
    assert_int_equal(of(MLA_IMAP_CODE_AUTHENTICATIONFAILED, "Wrong, try again later", 1),
                     MLA_REASON_PASSWORD_WRONG);
}

static void earlier_words_count_where_the_answer_is_vague(void **state)
{
    static const struct imap_reason none = {0, 0};
    static const struct imap_reason before = {MLA_REASON_THROTTLED, 5};
    static const struct {
        uint32_t answer;
        uint32_t reason;
    } rows[] = {
        {MLA_REASON_NONE, MLA_REASON_THROTTLED},
        {MLA_REASON_PASSWORD_WRONG, MLA_REASON_THROTTLED},
        {MLA_REASON_PASSWORD_OR_PROTOCOL, MLA_REASON_THROTTLED},
        {MLA_REASON_NO_PERMISSION, MLA_REASON_THROTTLED},
        {MLA_REASON_QUOTA, MLA_REASON_QUOTA},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_reason r = {rows[i].answer, 1};

        imap_reason_better(&r, &none);
        assert_int_equal(r.reason, rows[i].answer);
        assert_int_equal(r.wait_ms, 1);
        imap_reason_better(&r, &before);
        assert_int_equal(r.reason, rows[i].reason);
        assert_int_equal(r.wait_ms, rows[i].reason == MLA_REASON_THROTTLED ? 5 : 1);
    }
}

static void some_pass_by_themselves(void **state)
{
    (void)state;
    assert_true(imap_reason_is_passing(MLA_REASON_THROTTLED, 0));
    assert_true(imap_reason_is_passing(MLA_REASON_TOO_MANY_CONNECTIONS, 1));
    assert_true(imap_reason_is_passing(MLA_REASON_SERVER_UNAVAILABLE, 1));
    assert_true(imap_reason_is_passing(MLA_REASON_IN_USE, 1));
    assert_false(imap_reason_is_passing(MLA_REASON_IN_USE, 0));
    assert_false(imap_reason_is_passing(MLA_REASON_PASSWORD_WRONG, 1));
    assert_false(imap_reason_is_passing(MLA_REASON_NONE, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_reasons),
        cmocka_unit_test(words_say_more_than_vague_codes),
        cmocka_unit_test(earlier_words_count_where_the_answer_is_vague),
        cmocka_unit_test(some_pass_by_themselves),
    };

    return cmocka_run_group_tests_name("imap/reason", tests, NULL, NULL);
}
