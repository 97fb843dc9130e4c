/* test_reason.c - lib/base/reason */
#include "base/reason.h"

#include "test.h"

#include <string.h>

struct sample {
    const char *text;
    uint32_t reason;
    unsigned when;
    uint32_t wait_ms;
};

static void check(const struct sample *s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(s[i].text);
        uint32_t wait = 77;
        uint32_t reason = reason_of_text(s[i].text, n, s[i].when, &wait);

        if (reason != s[i].reason || wait != s[i].wait_ms)
            print_message("%s: %s %u\n", s[i].text, reason_name(reason), wait);
        assert_int_equal(reason, s[i].reason);
        assert_int_equal(wait, s[i].wait_ms);
    }
}

#define CHECK(s) check(s, sizeof(s) / sizeof(s)[0])

/* What each provider says while somebody logs in. */
static void knows_what_is_said_at_the_log_in(void **state)
{
    static const struct sample samples[] = {
        /* Gmail */
        {"Application-specific password required: "
         "https://support.google.com/accounts/answer/185833 (Failure)",
         MLA_REASON_APP_PASSWORD_NEEDED, REASON_LOGIN, 0},
        {"Web login required. (Failure)", MLA_REASON_WEB_LOGIN_NEEDED, REASON_LOGIN, 0},
        {"Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754"
         " (Failure)",
         MLA_REASON_WEB_LOGIN_NEEDED, REASON_LOGIN, 0},
        {"Your account is not enabled for IMAP use. Please visit your Gmail settings page and "
         "enable your account for IMAP access. (Failure)",
         MLA_REASON_PROTOCOL_DISABLED, REASON_LOGIN, 0},
        {"IMAP access is disabled for your domain. Please contact your domain administrator "
         "for questions about this feature. (Failure)",
         MLA_REASON_PROTOCOL_DISABLED, REASON_LOGIN, 0},
        {"Too many simultaneous connections. (Failure)", MLA_REASON_TOO_MANY_CONNECTIONS,
         REASON_LOGIN, 0},
        {"Account exceeded command or bandwidth limits. (Failure)", MLA_REASON_THROTTLED,
         REASON_LOGIN, 0},
        {"Invalid credentials (Failure)", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        /* Exchange Online */
        {"AUTHENTICATE failed.", MLA_REASON_PASSWORD_OR_PROTOCOL, REASON_LOGIN, 0},
        {"LOGIN failed.", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        {"LogonDenied-BasicAuthBlocked", MLA_REASON_BASIC_AUTH_DISABLED, REASON_LOGIN, 0},
        {"Authentication unsuccessful, basic authentication is disabled.",
         MLA_REASON_BASIC_AUTH_DISABLED, REASON_LOGIN, 0},
        {"Session invalidated - AccessTokenExpired", MLA_REASON_EXPIRED, REASON_BYE, 0},
        /* Yahoo and AOL */
        {"(#AUTH012) Incorrect username or password.", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        {"LOGIN Rate limit hit", MLA_REASON_THROTTLED, REASON_LOGIN, 0},
        {"LOGIN Server error - Please try again later", MLA_REASON_SERVER_UNAVAILABLE, REASON_LOGIN,
         0},
        {"The service is having trouble [OCF12]", MLA_REASON_SERVER_UNAVAILABLE, REASON_LOGIN, 0},
        {"Please use an app password", MLA_REASON_APP_PASSWORD_NEEDED, REASON_LOGIN, 0},
        /* mail.ru, Yandex */
        {"NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external / "
         "Application password is REQUIRED",
         MLA_REASON_APP_PASSWORD_NEEDED, REASON_LOGIN, 0},
        {"LOGIN invalid credentials or IMAP is disabled sc=aBcD", MLA_REASON_PASSWORD_OR_PROTOCOL,
         REASON_LOGIN, 0},
        {"LOGIN This user does not have access rights to this service",
         MLA_REASON_PROTOCOL_DISABLED, REASON_LOGIN, 0},
        /* GMX, web.de, Zoho */
        {"IMAP is not enabled for this account", MLA_REASON_PROTOCOL_DISABLED, REASON_LOGIN, 0},
        {"You are yet to enable IMAP for your account. Please contact your administrator",
         MLA_REASON_PROTOCOL_DISABLED, REASON_LOGIN, 0},
        /* QQ, 163 */
        {"Login fail. Account is abnormal, service is not open, password is incorrect, login "
         "frequency limited, or system is busy. More information at "
         "https://help.mail.qq.com/detail/0/1010",
         MLA_REASON_PASSWORD_OR_PROTOCOL, REASON_LOGIN, 0},
        {"Login fail. Please log in with your authorization code", MLA_REASON_APP_PASSWORD_NEEDED,
         REASON_LOGIN, 0},
        {"Login fail. Authorization code is expired", MLA_REASON_EXPIRED, REASON_LOGIN, 0},
        {"\xe8\xaf\xb7\xe4\xbd\xbf\xe7\x94\xa8\xe6\x8e\x88\xe6\x9d\x83\xe7\xa0\x81",
         MLA_REASON_APP_PASSWORD_NEEDED, REASON_LOGIN, 0},
        {"LOGIN Login error or password error", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        /* Fastmail */
        {"Incorrect username, password or access token", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN,
         0},
        {"Sorry, you need to create an app password to use this service",
         MLA_REASON_APP_PASSWORD_NEEDED, REASON_LOGIN, 0},
        {"IMAP access is not available on your service level", MLA_REASON_PROTOCOL_DISABLED,
         REASON_LOGIN, 0},
        /* Dovecot, Courier, Cyrus, UW */
        {"Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
         MLA_REASON_TOO_MANY_CONNECTIONS, REASON_LOGIN, 0},
        {"Password expired", MLA_REASON_EXPIRED, REASON_LOGIN, 0},
        {"Temporary authentication failure. [host:2026-11-22 06:40:01]",
         MLA_REASON_SERVER_UNAVAILABLE, REASON_LOGIN, 0},
        {"Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
         MLA_REASON_ENCRYPTION_NEEDED, REASON_LOGIN, 0},
        {"Authentication failed.", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        {"Account is disabled", MLA_REASON_ACCOUNT_UNAVAILABLE, REASON_LOGIN, 0},
        {"Your account has been temporarily locked", MLA_REASON_THROTTLED, REASON_LOGIN, 0},
        {"Login failed: authentication failure", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
        {"too many login attempts, please try again later", MLA_REASON_THROTTLED, REASON_LOGIN, 0},
        {"what is this", MLA_REASON_NONE, REASON_LOGIN, 0},
        {"", MLA_REASON_NONE, REASON_LOGIN, 0},
    };

    (void)state;
    CHECK(samples);
}

static void knows_what_is_said_later(void **state)
{
    static const struct sample samples[] = {
        {"User is authenticated but not connected.", MLA_REASON_ACCOUNT_UNAVAILABLE, 0, 0},
        {"SELECT Unsafe Login. Please contact kefu@188.com for help", MLA_REASON_CLIENT_ID_NEEDED,
         0, 0},
        {"Quota exceeded (mailbox for user is full)", MLA_REASON_QUOTA, 0, 0},
        {"Some of the requested messages no longer exist.", MLA_REASON_EXPUNGED, 0, 0},
        {"Server Unavailable. 15", MLA_REASON_SERVER_UNAVAILABLE, 0, 0},
        {"Disconnected for inactivity.", MLA_REASON_IDLE_TOO_LONG, REASON_BYE, 0},
        {"Autologout; idle for too long", MLA_REASON_IDLE_TOO_LONG, REASON_BYE, 0},
        {"Server shutting down.", MLA_REASON_SERVER_UNAVAILABLE, REASON_BYE, 0},
        /* of no concern any more, or in the wrong place */
        {"Invalid credentials", MLA_REASON_NONE, 0, 0},
        {"mailbox app password exists", MLA_REASON_NONE, 0, 0},
        {"Disconnected for inactivity.", MLA_REASON_NONE, 0, 0},
        /* a name is not what the server says */
        {"Mailbox \"rate limit\" exists", MLA_REASON_NONE, 0, 0},
        {"Mailbox \"rate limit exists", MLA_REASON_THROTTLED, 0, 0},
    };

    (void)state;
    CHECK(samples);
}

static void reads_the_time_to_wait(void **state)
{
    static const struct sample samples[] = {
        {"Request is throttled. Suggested Backoff Time: 4000 milliseconds", MLA_REASON_THROTTLED, 0,
         4000},
        {"request IS  throttled.\tSuggested\tBackoff-Time: 299961 Milliseconds",
         MLA_REASON_THROTTLED, 0, 299961},
        {"Suggested Backoff Time: 5 seconds", MLA_REASON_THROTTLED, 0, 5000},
        {"Suggested Backoff Time: 5s", MLA_REASON_THROTTLED, 0, 5000},
        {"Suggested Backoff Time: 120 ms.", MLA_REASON_THROTTLED, 0, 120},
        {"Rate limit hit, wait 15 minutes", MLA_REASON_THROTTLED, 0, 900000},
        {"Too many connections (10), try again in 1 hour", MLA_REASON_TOO_MANY_CONNECTIONS, 0,
         3600000},
        {"Maximum 30 simultaneous connections", MLA_REASON_TOO_MANY_CONNECTIONS, 0, 0},
        {"Suggested Backoff Time: 4294967295 milliseconds", MLA_REASON_THROTTLED, 0, 4294967295U},
        {"Suggested Backoff Time: 4294967296 milliseconds", MLA_REASON_THROTTLED, 0, 0},
        {"Suggested Backoff Time: 4294968 seconds", MLA_REASON_THROTTLED, 0, 0},
        {"Suggested Backoff Time: 99999999999999999999 s", MLA_REASON_THROTTLED, 0, 0},
        {"Suggested Backoff Time:", MLA_REASON_THROTTLED, 0, 0},
        {"Suggested Backoff Time: 7", MLA_REASON_THROTTLED, 0, 0},
        {"Invalid credentials, wait 5 seconds", MLA_REASON_PASSWORD_WRONG, REASON_LOGIN, 0},
    };

    (void)state;
    CHECK(samples);
}

/* Any octets, any length: only the first 1,024 count. */
static void looks_at_the_beginning_of_long_texts(void **state)
{
    static char text[3000];
    uint32_t wait;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + 1024 - 10, "rate limit", 10);
    assert_int_equal(reason_of_text(text, sizeof text, 0, &wait), MLA_REASON_THROTTLED);
    memset(text, 'x', sizeof text);
    memcpy(text + 1024 - 9, "rate limit", 10);
    assert_int_equal(reason_of_text(text, sizeof text, 0, &wait), MLA_REASON_NONE);
    memset(text, 0, sizeof text);
    assert_int_equal(reason_of_text(text, sizeof text, 0, &wait), MLA_REASON_NONE);
    memset(text, 0xff, sizeof text);
    assert_int_equal(reason_of_text(text, sizeof text, 0, &wait), MLA_REASON_NONE);
    memset(text, '"', sizeof text);
    assert_int_equal(reason_of_text(text, sizeof text, 0, &wait), MLA_REASON_NONE);
}

static void names_each(void **state)
{
    (void)state;
    assert_string_equal(reason_name(MLA_REASON_NONE), "MLA_REASON_NONE");
    assert_string_equal(reason_text(MLA_REASON_NONE), "");
    for (uint32_t r = 1; r <= MLA_REASON_TOKEN_REFUSED; r++) {
        assert_non_null(reason_name(r));
        assert_int_equal(strncmp(reason_name(r), "MLA_REASON_", 11), 0);
        assert_true(strlen(reason_text(r)) > 10);
    }
    assert_string_equal(reason_name(MLA_REASON_TOKEN_REFUSED + 1), "MLA_REASON_UNKNOWN");
    assert_string_equal(reason_text(UINT32_MAX), "");
}

static void a_time_to_wait_alone(void **state)
{
    static const char text[] = "come back in 2 Minutes";

    (void)state;
    assert_int_equal(reason_wait_of_text(text, sizeof text - 1), 120000);
    assert_int_equal(reason_wait_of_text("soon", 4), 0);
    assert_int_equal(reason_is_passing(MLA_REASON_THROTTLED, 0), 1);
    assert_int_equal(reason_is_passing(MLA_REASON_IN_USE, 0), 0);
    assert_int_equal(reason_is_passing(MLA_REASON_IN_USE, 1), 1);
    assert_int_equal(reason_is_passing(MLA_REASON_PASSWORD_WRONG, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_to_wait_alone),
        cmocka_unit_test(knows_what_is_said_at_the_log_in),
        cmocka_unit_test(knows_what_is_said_later),
        cmocka_unit_test(reads_the_time_to_wait),
        cmocka_unit_test(looks_at_the_beginning_of_long_texts),
        cmocka_unit_test(names_each),
    };

    return cmocka_run_group_tests_name("base/reason", tests, NULL, NULL);
}
