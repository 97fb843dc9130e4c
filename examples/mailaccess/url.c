/* url.c - imap://, imaps://, pop3:// and pop3s:// addresses. */
#include "url.h"

#include <stdlib.h>
#include <string.h>

#include "out.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Letters alone, as in a URL's scheme. */
static int same_word(const char *text, size_t len, const char *word)
{
    if (strlen(word) != len)
        return 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != word[i])
            return 0;
    }
    return 1;
}

/* Undoes %XX and then looks at what came out, so that a %0D%0A is found as well as a bare one. */
static int decode(char **out, const char *text, size_t len, const char **out_why)
{
    char *s = malloc(len + 1);
    size_t n = 0, i = 0;

    *out = NULL;
    *out_why = "not enough memory";
    if (s == NULL)
        return -1;
    *out_why = "a % without two hexadecimal digits";
    while (i < len) {
        if (text[i] != '%') {
            s[n++] = text[i++];
        } else if (len - i >= 3 && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            s[n++] = (char)(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 3;
        } else {
            free(s);
            return -1;
        }
    }
    s[n] = 0;
    for (i = 0; i < n;) {
        uint32_t ch = 0;
        size_t used = out_utf8(s + i, n - i, &ch);

        *out_why = used == 0 ? "not UTF-8" : "a control character";
        if (used == 0 || ch < 0x20 || (ch >= 0x7f && ch < 0xa0)) {
            free(s);
            return -1;
        }
        i += used;
    }
    *out = s;
    return 0;
}

static const char *find(const char *p, const char *end, char c)
{
    return p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
}

/* user[;AUTH=mechanism] */
static int parse_user(struct url *u, const char *p, const char *end, const char **out_why)
{
    const char *semicolon = find(p, end, ';');
    const char *stop = semicolon != NULL ? semicolon : end;

    if (find(p, end, ':') != NULL) {
        *out_why = "a password in a URL can be seen by others: use --password-file or the like";
        return -1;
    }
    if (stop > p && decode(&u->user, p, (size_t)(stop - p), out_why) != 0)
        return -1;
    if (semicolon == NULL)
        return 0;
    semicolon++;
    if (end - semicolon < 6 || !same_word(semicolon, 5, "auth=")) {
        *out_why = "only ;AUTH= may stand behind the user";
        return -1;
    }
    semicolon += 5;
    if (end - semicolon == 1 && *semicolon == '*')
        return 0;
    return decode(&u->auth, semicolon, (size_t)(end - semicolon), out_why);
}

static int parse_port(struct url *u, const char *p, const char *end)
{
    uint32_t port = 0;

    if (p == end)
        return 0; /* RFC 3986 section 3.2.3: an empty port is the default */
    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return -1;
        port = port * 10 + (uint32_t)(*p - '0');
        if (port > 65535)
            return -1;
    }
    u->port = port;
    return port != 0 ? 0 : -1;
}

static int is_ipv6_text(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (hex_digit(p[i]) < 0 && p[i] != ':' && p[i] != '.')
            return 0;
    return len > 1 && memchr(p, ':', len) != NULL;
}

/* host[:port], the host may be [an IPv6 address] */
static int parse_host(struct url *u, const char *p, const char *end, const char **out_why)
{
    const char *colon;

    if (p < end && *p == '[') {
        const char *close = find(p, end, ']');

        *out_why = "the address in brackets is not an IPv6 address";
        if (close == NULL || !is_ipv6_text(p + 1, (size_t)(close - p - 1)) ||
            (close + 1 < end && close[1] != ':'))
            return -1;
        if (decode(&u->host, p + 1, (size_t)(close - p - 1), out_why) != 0)
            return -1;
        colon = close + 1 < end ? close + 1 : NULL;
    } else {
        colon = find(p, end, ':');
        *out_why = "no host";
        if (decode(&u->host, p, (size_t)((colon != NULL ? colon : end) - p), out_why) != 0)
            return -1;
        *out_why = "no host";
        if (u->host[0] == 0)
            return -1;
        *out_why = "the host name holds what no host name can";
        if (strpbrk(u->host, " /@\\?#[]<>\"") != NULL)
            return -1;
    }
    *out_why = "the port is not a number from 1 to 65535";
    return colon != NULL ? parse_port(u, colon + 1, end) : 0;
}

static int parse_path(struct url *u, const char *p, const char *end, const char **out_why)
{
    if (p == end)
        return 0;
    *out_why = u->protocol == URL_POP3 ? "a POP3 URL has no path" : "a proxy's URL has no path";
    if (u->protocol != URL_IMAP)
        return -1;
    *out_why = "only a mailbox may stand in the path (write ; and ? as %3B and %3F)";
    if (find(p, end, ';') != NULL || find(p, end, '?') != NULL)
        return -1;
    return decode(&u->mailbox, p, (size_t)(end - p), out_why);
}

static int parse_scheme(struct url *u, const char *text, size_t len)
{
    static const struct {
        const char *name;
        int protocol, is_tls;
    } schemes[] = {
        {"imap", URL_IMAP, 0},     {"imaps", URL_IMAP, 1},     {"pop3", URL_POP3, 0},
        {"pop", URL_POP3, 0},      {"pop3s", URL_POP3, 1},     {"pops", URL_POP3, 1},
        {"socks5", URL_SOCKS5, 0}, {"socks5h", URL_SOCKS5, 0}, {"socks4a", URL_SOCKS4A, 0},
        {"http", URL_HTTP, 0},
    };

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (same_word(text, len, schemes[i].name)) {
            u->protocol = schemes[i].protocol;
            u->is_tls = schemes[i].is_tls;
            return 0;
        }
    }
    return -1;
}

/* What is behind the scheme. */
static int parse_rest(struct url *u, const char *p, const char **out_why)
{
    const char *end, *slash, *at;
    int rc;

    end = p + strlen(p);
    slash = find(p, end, '/');
    if (slash != NULL && slash + 1 == end && u->protocol > URL_POP3)
        end = slash; /* "http://proxy/" is what people write */
    if (slash == NULL)
        slash = end;
    /* An @ in the user is written %40, but people forget: the host is behind the last one. */
    at = slash;
    while (at > p && at[-1] != '@')
        at--;
    rc = at > p ? parse_user(u, p, at - 1, out_why) : 0;
    if (rc == 0)
        rc = parse_host(u, at, slash, out_why);
    if (rc == 0 && slash < end)
        rc = parse_path(u, slash + 1, end, out_why);
    if (rc != 0)
        url_free(u);
    return rc;
}

/* One of the schemes up to last, from first on. */
static int parse(struct url *u, const char *text, int first, int last, const char **out_why)
{
    const char *colon = strstr(text, "://");

    memset(u, 0, sizeof *u);
    if (colon == NULL || parse_scheme(u, text, (size_t)(colon - text)) != 0 ||
        u->protocol < first || u->protocol > last)
        return -1;
    return parse_rest(u, colon + 3, out_why);
}

int url_parse(struct url *u, const char *text, const char **out_why)
{
    *out_why = "not an imap://, imaps://, pop3:// or pop3s:// URL";
    return parse(u, text, URL_IMAP, URL_POP3, out_why);
}

int url_parse_proxy(struct url *u, const char *text, const char **out_why)
{
    *out_why = "not a socks5://, socks4a:// or http:// URL";
    if (parse(u, text, URL_SOCKS5, URL_HTTP, out_why) != 0)
        return -1;
    if (u->mailbox != NULL || u->auth != NULL) {
        *out_why = "only a user, a host and a port may stand there";
        url_free(u);
        return -1;
    }
    return 0;
}

void url_free(struct url *u)
{
    free(u->user);
    free(u->auth);
    free(u->host);
    free(u->mailbox);
    memset(u, 0, sizeof *u);
}
