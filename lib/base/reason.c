/* reason.c - see reason.h */
#include "base/reason.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

enum { TEXT_MAX = 1024 };

/* --- what each is called --- */

struct name_row {
    const char *name;
    const char *text;
};

#define ROW(word, text)                                                                            \
    [MLA_REASON_##word] = {                                                                        \
        "MLA_REASON_" #word,                                                                       \
        text,                                                                                      \
    }
static const struct name_row names[] = {
    ROW(NONE, ""),
    ROW(PASSWORD_WRONG, "the user name or the password is wrong"),
    ROW(APP_PASSWORD_NEEDED, "the provider wants a password made for this program (an application "
                             "password); make one on its web site"),
    ROW(BASIC_AUTH_DISABLED, "the provider does not take passwords from programs any more; log in "
                             "with an OAuth 2 token"),
    ROW(WEB_LOGIN_NEEDED, "the provider wants you to log in with a web browser first"),
    ROW(PROTOCOL_DISABLED, "access by mail programs is switched off for this account; switch it on "
                           "in the provider's settings"),
    ROW(PASSWORD_OR_PROTOCOL, "the user name or the password is wrong, or the provider does not "
                              "let mail programs use it: look for application passwords and for "
                              "IMAP in its settings"),
    ROW(EXPIRED, "the password or the token has expired"),
    ROW(NO_PERMISSION, "you do not have the right to do this"),
    ROW(ACCOUNT_UNAVAILABLE, "the account is locked, disabled, or has no mailbox"),
    ROW(TOO_MANY_CONNECTIONS, "there are too many connections to this account; close some or wait"),
    ROW(THROTTLED, "the server limits how much may be asked in a time; wait before trying again"),
    ROW(SERVER_UNAVAILABLE, "the server has trouble of its own; try again later"),
    ROW(IN_USE, "another program has the mailbox locked; try again later"),
    ROW(QUOTA, "the storage of the account is full"),
    ROW(ENCRYPTION_NEEDED, "the server does not do this without encryption"),
    ROW(CLIENT_ID_NEEDED, "the server wants the program to say what it is (ID)"),
    ROW(LIMIT, "this is more than the server allows"),
    ROW(NOT_FOUND, "there is no such mailbox or message"),
    ROW(EXISTS, "there is one of that name already"),
    ROW(EXPUNGED, "some of the messages are gone"),
    ROW(IMPOSSIBLE, "the server can never do this"),
    ROW(CONTACT_ADMIN, "the server's administrator must help"),
    ROW(CORRUPTION, "the server's data are damaged"),
    ROW(SERVER_BUG, "the server has met a fault in itself"),
    ROW(CLIENT_BUG, "the server takes the command for a fault of this program"),
    ROW(IDLE_TOO_LONG, "the server ended the session since nothing was said for too long"),
    ROW(TOKEN_REFUSED, "the provider does not take this access token, or not any more; get "
                       "another one, or log in to the provider anew"),
};
#undef ROW

static const struct name_row *row_of(uint32_t reason)
{
    return reason < sizeof names / sizeof names[0] ? &names[reason] : NULL;
}

const char *reason_name(uint32_t reason)
{
    const struct name_row *r = row_of(reason);

    return r != NULL ? r->name : "MLA_REASON_UNKNOWN";
}

const char *reason_text(uint32_t reason)
{
    const struct name_row *r = row_of(reason);

    return r != NULL ? r->text : "";
}

int reason_is_passing(uint32_t reason, int logging_in)
{
    if (reason == MLA_REASON_THROTTLED || reason == MLA_REASON_TOO_MANY_CONNECTIONS)
        return 1;
    return logging_in && (reason == MLA_REASON_SERVER_UNAVAILABLE || reason == MLA_REASON_IN_USE);
}

/* --- sentences --- */

struct phrase {
    const char *words; /* "a*b": a, and b somewhere behind it */
    uint8_t reason;
    uint8_t when; /* all of these must be so; 0: always */
};

#define P(words, reason, when)                                                                     \
    {                                                                                              \
        words, MLA_REASON_##reason, when                                                           \
    }
/* The first that fits counts. */
static const struct phrase phrases[] = {
    /* Exchange Online; Gmail; Yahoo and AOL; Proton's bridge */
    P("suggested backoff time", THROTTLED, 0),
    P("request is throttled", THROTTLED, 0),
    P("user is throttled", THROTTLED, 0),
    P("being throttled", THROTTLED, 0),
    P("bandwidth limit", THROTTLED, 0),
    P("rate limit", THROTTLED, 0),
    P("too many requests", THROTTLED, 0),
    P("too many commands", THROTTLED, 0),
    P("too many login", THROTTLED, 0),
    P("too many failed", THROTTLED, 0),
    P("too many auth", THROTTLED, 0),
    P("too many attempts", THROTTLED, 0),
    P("too many bad", THROTTLED, 0),
    P("attempts exceeded", THROTTLED, REASON_LOGIN),
    P("temporarily blocked", THROTTLED, REASON_LOGIN),
    P("temporarily locked", THROTTLED, REASON_LOGIN),
    /* Outlook.com over POP3; Courier, tpop3d */
    P("exceeded the login limit", THROTTLED, 0),
    P("logged in too", THROTTLED, REASON_LOGIN),
    P("login*too frequent", THROTTLED, REASON_LOGIN),
    P("wait*before*logging in", THROTTLED, REASON_LOGIN),
    P("minimum*between logins", THROTTLED, REASON_LOGIN),
    /* Gmail; Dovecot; Courier; Cyrus; Zoho */
    P("too many*connections", TOO_MANY_CONNECTIONS, 0),
    P("too many*sessions", TOO_MANY_CONNECTIONS, 0),
    P("too many concurrent", TOO_MANY_CONNECTIONS, 0),
    P("too many simultaneous", TOO_MANY_CONNECTIONS, 0),
    P("maximum*connection", TOO_MANY_CONNECTIONS, 0),
    P("connection limit", TOO_MANY_CONNECTIONS, 0),
    P("connections limit", TOO_MANY_CONNECTIONS, 0),
    P("connectionlimit", TOO_MANY_CONNECTIONS, 0),
    P("number of*connections*exceed", TOO_MANY_CONNECTIONS, 0),
    P("exceeded*number of*connections", TOO_MANY_CONNECTIONS, 0),
    /* Dovecot; QQ; Exchange Online */
    P("password*expired", EXPIRED, REASON_LOGIN),
    P("authorization code*expired", EXPIRED, REASON_LOGIN),
    P("token*expired", EXPIRED, REASON_LOGIN),
    P("accesstokenexpired", EXPIRED, 0),
    P("session expired", EXPIRED, REASON_BYE),
    /* Yandex; QQ, which lists all that it can be; Exchange Online */
    P("invalid credentials or imap is disabled", PASSWORD_OR_PROTOCOL, REASON_LOGIN),
    P("login failure or pop3 disabled", PASSWORD_OR_PROTOCOL, REASON_LOGIN),
    P("service is not open*password", PASSWORD_OR_PROTOCOL, REASON_LOGIN),
    P("basic auth", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("basicauth", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("legacy auth", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("less secure", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("modern auth", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("password authentication*disabled", BASIC_AUTH_DISABLED, REASON_LOGIN),
    P("oauth*required", BASIC_AUTH_DISABLED, REASON_LOGIN),
    /* Gmail; iCloud; Yahoo; Fastmail; mail.ru; QQ and 163 */
    P("application specific password", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("app specific password", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("application password", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("app password", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("parol prilozheniya", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("authorization code", APP_PASSWORD_NEEDED, REASON_LOGIN),
    P("\xe6\x8e\x88\xe6\x9d\x83\xe7\xa0\x81", APP_PASSWORD_NEEDED, REASON_LOGIN), /* the same */
    P("weixin token", APP_PASSWORD_NEEDED, REASON_LOGIN),
    /* Gmail; Outlook.com */
    P("web login required", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("web browser", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("log in*web", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("sign in*web", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("captcha", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("verify your account", WEB_LOGIN_NEEDED, REASON_LOGIN),
    P("verify your identity", WEB_LOGIN_NEEDED, REASON_LOGIN),
    /* 163 and 126 */
    P("unsafe login", CLIENT_ID_NEEDED, 0),
    /* Gmail; Yandex; GMX and web.de; Zoho; Comcast */
    P("not enabled for imap", PROTOCOL_DISABLED, REASON_LOGIN),
    P("not enabled for pop", PROTOCOL_DISABLED, REASON_LOGIN),
    P("enable*imap", PROTOCOL_DISABLED, REASON_LOGIN),
    P("enable*pop3", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*disabled", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*deactivated", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*inactive", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*not enabled", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*not activated", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*not allowed", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*not available", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*not permitted", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*turned off", PROTOCOL_DISABLED, REASON_LOGIN),
    P("imap*switched off", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*disabled", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*deactivated", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*not enabled", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*not activated", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*not allowed", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*not permitted", PROTOCOL_DISABLED, REASON_LOGIN),
    P("pop*switched off", PROTOCOL_DISABLED, REASON_LOGIN),
    P("access rights to this service", PROTOCOL_DISABLED, REASON_LOGIN),
    P("third party access", PROTOCOL_DISABLED, REASON_LOGIN),
    /* Exchange Online, which said OK to the log-in; Dovecot; QQ; others */
    P("authenticated but not connected", ACCOUNT_UNAVAILABLE, 0),
    P("account is abnormal", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*disabled", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*locked", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*blocked", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*suspended", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*deactivated", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("account*inactive", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("user*disabled", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("user*blocked", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    P("mailbox*disabled", ACCOUNT_UNAVAILABLE, REASON_LOGIN),
    /* RFC 1939 section 5; qpopper; UW; Cyrus; GNU Mailutils: the maildrop is somebody else's */
    P("already locked", IN_USE, REASON_LOGIN),
    P("lock busy", IN_USE, REASON_LOGIN),
    P("maildrop*lock", IN_USE, REASON_LOGIN),
    P("mailbox*locked", IN_USE, REASON_LOGIN),
    P("unable to lock", IN_USE, REASON_LOGIN),
    P("mailbox in use", IN_USE, REASON_LOGIN),
    P("mailbox is in use", IN_USE, REASON_LOGIN),
    P("another*session", IN_USE, REASON_LOGIN),
    /* Dovecot; Courier; UW */
    P("plaintext auth", ENCRYPTION_NEEDED, REASON_LOGIN),
    P("cleartext*not", ENCRYPTION_NEEDED, REASON_LOGIN),
    P("encryption required", ENCRYPTION_NEEDED, REASON_LOGIN),
    P("ssl*required", ENCRYPTION_NEEDED, REASON_LOGIN),
    P("tls*required", ENCRYPTION_NEEDED, REASON_LOGIN),
    P("starttls first", ENCRYPTION_NEEDED, REASON_LOGIN),
    /* Cyrus; Exchange; Courier; Dovecot */
    P("over quota", QUOTA, 0),
    P("overquota", QUOTA, 0),
    P("quota exceeded", QUOTA, 0),
    P("exceeded*quota", QUOTA, 0),
    P("mailbox is full", QUOTA, 0),
    /* Exchange */
    P("requested messages no longer exist", EXPUNGED, 0),
    /* UW; Courier; Dovecot */
    P("autologout", IDLE_TOO_LONG, REASON_BYE),
    P("inactivity", IDLE_TOO_LONG, REASON_BYE),
    P("inactive", IDLE_TOO_LONG, REASON_BYE),
    P("idle for too long", IDLE_TOO_LONG, REASON_BYE),
    P("idle too long", IDLE_TOO_LONG, REASON_BYE),
    P("idle time", IDLE_TOO_LONG, REASON_BYE),
    /* Exchange; Dovecot; Cyrus; AOL; Gmail */
    P("server unavailable", SERVER_UNAVAILABLE, 0),
    P("service unavailable", SERVER_UNAVAILABLE, 0),
    P("temporarily unavailable", SERVER_UNAVAILABLE, 0),
    P("temporary authentication failure", SERVER_UNAVAILABLE, REASON_LOGIN),
    P("temporary system", SERVER_UNAVAILABLE, 0),
    P("temporary problem", SERVER_UNAVAILABLE, 0),
    P("temporary error", SERVER_UNAVAILABLE, 0),
    P("internal error", SERVER_UNAVAILABLE, 0),
    P("internal server error", SERVER_UNAVAILABLE, 0),
    P("shutting down", SERVER_UNAVAILABLE, REASON_BYE),
    P("[ocf12]", SERVER_UNAVAILABLE, REASON_LOGIN),
    P("system error", SERVER_UNAVAILABLE, REASON_LOGIN),
    P("server error", SERVER_UNAVAILABLE, REASON_LOGIN),
    /* all of them; Exchange Online says this much for everything */
    P("authenticate failed", PASSWORD_OR_PROTOCOL, REASON_LOGIN),
    P("invalid credentials", PASSWORD_WRONG, REASON_LOGIN),
    P("authentication fail", PASSWORD_WRONG, REASON_LOGIN),
    P("authentication credentials invalid", PASSWORD_WRONG, REASON_LOGIN),
    P("login fail", PASSWORD_WRONG, REASON_LOGIN),
    P("logon failure", PASSWORD_WRONG, REASON_LOGIN),
    P("logondenied", PASSWORD_WRONG, REASON_LOGIN),
    P("incorrect*password", PASSWORD_WRONG, REASON_LOGIN),
    P("invalid*password", PASSWORD_WRONG, REASON_LOGIN),
    P("wrong*password", PASSWORD_WRONG, REASON_LOGIN),
    P("bad*password", PASSWORD_WRONG, REASON_LOGIN),
    P("password*incorrect", PASSWORD_WRONG, REASON_LOGIN),
    P("password*not accepted", PASSWORD_WRONG, REASON_LOGIN),
    P("password error", PASSWORD_WRONG, REASON_LOGIN),
    P("login incorrect", PASSWORD_WRONG, REASON_LOGIN),
    P("invalid login", PASSWORD_WRONG, REASON_LOGIN),
    P("bad login", PASSWORD_WRONG, REASON_LOGIN),
    P("try again later", SERVER_UNAVAILABLE, 0),
};
#undef P

/* Lower case; blanks, hyphens and underscores are one blank, and several of them too. What is in
 * quotes is left out: a name, and not what the server says. */
static size_t plain_copy(char out[TEXT_MAX], const char *text, size_t n)
{
    size_t len = 0;

    for (size_t i = 0; i < n && len < TEXT_MAX; i++) {
        int c = (unsigned char)text[i];

        if (c == '"') {
            const char *quote = memchr(text + i + 1, '"', n - i - 1);

            if (quote != NULL)
                i = (size_t)(quote - text);
            c = ' ';
        }
        if (c == '-' || c == '_' || c <= ' ')
            c = ' ';
        if (c == ' ' && (len == 0 || out[len - 1] == ' '))
            continue;
        out[len++] = (char)ascii_lower(c);
    }
    return len;
}

/* Where the len octets of word stand in text[from .. n); n where they do not. */
static size_t find(const char *text, size_t from, size_t n, const char *word, size_t len)
{
    for (size_t i = from; len <= n && i <= n - len; i++)
        if (text[i] == word[0] && memcmp(text + i, word, len) == 0)
            return i;
    return n;
}

static int fits(const char *text, size_t n, const char *words)
{
    size_t at = 0;

    for (;;) {
        size_t len = strcspn(words, "*");

        at = find(text, at, n, words, len);
        if (at == n)
            return 0;
        if (words[len] == '\0')
            return 1;
        at += len;
        words += len + 1;
    }
}

/* The milliseconds in one of the unit that stands at text, 0 for none. */
static uint32_t unit_of(const char *text, size_t n)
{
    static const struct {
        const char *word;
        uint32_t ms;
    } units[] = {{"millisecond", 1}, {"ms", 1},         {"second", 1000}, {"sec", 1000},
                 {"s", 1000},        {"minute", 60000}, {"min", 60000},   {"hour", 3600000}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t len = strlen(units[i].word);

        if (!ascii_starts(text, n, units[i].word))
            continue;
        len += len < n && text[len] == 's';
        if (len == n || !ascii_is_alpha(text[len]))
            return units[i].ms;
    }
    return 0;
}

/* The first number with a unit of time behind it: "4000 milliseconds", "15 minutes", "30s". More
 * than fits is no time. */
static uint32_t wait_of(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t number;
        uint32_t ms;
        size_t end;

        if (!ascii_is_digit(text[i]) || (i > 0 && ascii_is_digit(text[i - 1])))
            continue;
        end = i + num_parse_prefix(text + i, n - i, UINT32_MAX, &number);
        if (end == i)
            continue;
        end += end < n && text[end] == ' ';
        ms = unit_of(text + end, n - end);
        if (ms != 0)
            return number <= UINT32_MAX / ms ? (uint32_t)number * ms : 0;
    }
    return 0;
}

uint32_t reason_wait_of_text(const char *text, size_t n)
{
    char plain[TEXT_MAX];

    return wait_of(plain, plain_copy(plain, text, n));
}

uint32_t reason_of_text(const char *text, size_t n, unsigned when, uint32_t *out_wait_ms)
{
    char plain[TEXT_MAX];
    size_t len = plain_copy(plain, text, n);

    *out_wait_ms = 0;
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        const struct phrase *p = &phrases[i];

        if ((p->when & when) != p->when || !fits(plain, len, p->words))
            continue;
        if (p->reason == MLA_REASON_THROTTLED || p->reason == MLA_REASON_TOO_MANY_CONNECTIONS ||
            p->reason == MLA_REASON_SERVER_UNAVAILABLE)
            *out_wait_ms = wait_of(plain, len);
        return p->reason;
    }
    return MLA_REASON_NONE;
}
