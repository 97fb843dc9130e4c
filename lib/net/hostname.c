/* hostname.c - see hostname.h */
#include "net/hostname.h"

#include "base/ascii.h"
#include "base/fail.h"

#include <string.h>

#include <arpa/inet.h>

enum { LABEL_MAX = 63, LABEL_POINTS = 64 };

/* --- Punycode (RFC 3492 section 6.3) --- */

enum { PUNY_BASE = 36, PUNY_TMIN = 1, PUNY_TMAX = 26, PUNY_SKEW = 38, PUNY_DAMP = 700 };

static uint32_t puny_adapt(uint32_t delta, uint32_t points, int first)
{
    uint32_t k = 0;

    delta = first ? delta / PUNY_DAMP : delta / 2;
    delta += delta / points;
    while (delta > ((PUNY_BASE - PUNY_TMIN) * PUNY_TMAX) / 2) {
        delta /= PUNY_BASE - PUNY_TMIN;
        k += PUNY_BASE;
    }
    return k + (PUNY_BASE - PUNY_TMIN + 1) * delta / (delta + PUNY_SKEW);
}

static char puny_digit(uint32_t d)
{
    return (char)(d < 26 ? 'a' + d : '0' + (d - 26));
}

struct text {
    char *ptr;
    size_t len;
    size_t max;
};

static int text_add(struct text *t, char c)
{
    if (t->len == t->max)
        return 0;
    t->ptr[t->len++] = c;
    return 1;
}

/* delta as a number of variable length; 0 when it does not fit. */
static int puny_number(struct text *out, uint32_t delta, uint32_t bias)
{
    for (uint32_t k = PUNY_BASE;; k += PUNY_BASE) {
        uint32_t t = k <= bias ? PUNY_TMIN : k >= bias + PUNY_TMAX ? PUNY_TMAX : k - bias;

        if (delta < t)
            return text_add(out, puny_digit(delta));
        if (!text_add(out, puny_digit(t + (delta - t) % (PUNY_BASE - t))))
            return 0;
        delta = (delta - t) / (PUNY_BASE - t);
    }
}

/* The points are at most LABEL_POINTS and below 0x110000, so nothing here exceeds 32 bits. */
static int puny_encode(struct text *out, const uint32_t *points, size_t count)
{
    uint32_t n = 0x80;
    uint32_t delta = 0;
    uint32_t bias = 72;
    uint32_t basic = 0;
    uint32_t done;

    for (size_t i = 0; i < count; i++)
        if (points[i] < 0x80 && (basic++, !text_add(out, (char)points[i])))
            return 0;
    if (basic != 0 && !text_add(out, '-'))
        return 0;
    for (done = basic; done < count; n++, delta++) {
        uint32_t next = UINT32_MAX;

        for (size_t i = 0; i < count; i++)
            if (points[i] >= n && points[i] < next)
                next = points[i];
        delta += (next - n) * (done + 1);
        n = next;
        for (size_t i = 0; i < count; i++) {
            if (points[i] < n)
                delta++;
            if (points[i] != n)
                continue;
            if (!puny_number(out, delta, bias))
                return 0;
            bias = puny_adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
    }
    return 1;
}

/* --- labels --- */

/* One character of UTF-8, its length in *out_n; 0 when it is none. */
static uint32_t utf8_next(const uint8_t *p, size_t left, size_t *out_n)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    uint32_t c = n == 1 ? p[0] : p[0] & (0xffU >> (n + 1));

    if (n > left || (p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = (c << 6) | (p[i] & 0x3fU);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *out_n = n;
    return c;
}

static int label_char_ok(uint32_t c)
{
    return c >= 0xa0 || ascii_is_alpha((int)c) || ascii_is_digit((int)c) || c == '-' || c == '_';
}

/* Adds one label in ASCII. */
static int label_add(struct text *out, const uint8_t *p, size_t len)
{
    uint32_t points[LABEL_POINTS];
    size_t count = 0;
    size_t begin = out->len;
    int plain = 1;

    for (size_t at = 0; at < len;) {
        size_t n = 1;
        uint32_t c = utf8_next(p + at, len - at, &n);

        if (count == LABEL_POINTS || !label_char_ok(c))
            return 0;
        plain &= c < 0x80;
        points[count++] = c < 0x80 ? (uint32_t)ascii_lower((int)c) : c;
        at += n;
    }
    if (count == 0)
        return 0;
    if (!plain)
        for (const char *s = "xn--"; *s != '\0'; s++)
            if (!text_add(out, *s))
                return 0;
    if (plain) {
        for (size_t i = 0; i < count; i++)
            if (!text_add(out, (char)points[i]))
                return 0;
    } else if (!puny_encode(out, points, count)) {
        return 0;
    }
    return out->len - begin <= LABEL_MAX;
}

/* A last label of digits alone, or hexadecimal: some resolvers take such names for addresses. */
static int looks_like_number(const char *name)
{
    const char *last = strrchr(name, '.');

    last = last != NULL ? last + 1 : name;
    if (last[0] == '0' && ascii_lower(last[1]) == 'x')
        return 1;
    while (ascii_is_digit(*last))
        last++;
    return *last == '\0';
}

static int parse_address(const char *text, struct hostname *out)
{
    const char *scope = strchr(text, '%');
    size_t len = scope != NULL ? (size_t)(scope - text) : strlen(text);
    char plain[64];

    if (len >= sizeof plain || strlen(text) > HOSTNAME_MAX || (scope != NULL && scope[1] == '\0'))
        return 0;
    memcpy(plain, text, len);
    plain[len] = '\0';
    if (scope == NULL && inet_pton(AF_INET, plain, out->ip) == 1)
        out->ip_len = 4;
    else if (inet_pton(AF_INET6, plain, out->ip) == 1)
        out->ip_len = 16;
    else
        return 0;
    for (const char *s = text; *s != '\0'; s++)
        if (!label_char_ok((uint8_t)*s) && strchr(".:%", *s) == NULL)
            return 0;
    memcpy(out->ascii, text, strlen(text) + 1);
    return 1;
}

int hostname_parse(const char *text, struct hostname *out, mla_error *err)
{
    struct text t = {out->ascii, 0, HOSTNAME_MAX};
    const uint8_t *p = (const uint8_t *)text;

    memset(out, 0, sizeof *out);
    if (text[0] == '\0')
        return fail(err, MLA_E_ARG, "the host name is empty");
    if (parse_address(text, out))
        return 0;
    memset(out, 0, sizeof *out);
    while (*p != '\0') {
        size_t len = strcspn((const char *)p, ".");

        if ((t.len != 0 && !text_add(&t, '.')) || !label_add(&t, p, len))
            return fail(err, MLA_E_ARG, "\"%.100s\" is not a host name", text);
        p += len;
        if (*p == '.')
            p++; /* one final dot is the root of DNS, and no part of the name */
    }
    if (t.len == 0 || strchr(out->ascii, ':') != NULL || looks_like_number(out->ascii))
        return fail(err, MLA_E_ARG, "\"%.100s\" is neither a host name nor an IP address", text);
    return 0;
}

/* --- certificates --- */

static size_t count_labels(const uint8_t *p, size_t len)
{
    size_t count = 1;

    for (size_t i = 0; i < len; i++)
        count += p[i] == '.';
    return count;
}

int hostname_matches_dns(const struct hostname *h, const uint8_t *name, size_t len)
{
    const char *host = h->ascii;
    size_t host_len = strlen(host);
    size_t first;

    /* An octet that no name has, NUL first of all, can equal none of the host's. */
    if (h->ip_len != 0 || len == 0)
        return 0;
    if (ascii_equal(name, len, host, host_len))
        return 1;
    /* RFC 9525 section 6.3 */
    if (len < 3 || name[0] != '*' || name[1] != '.' || count_labels(name + 2, len - 2) < 2)
        return 0;
    first = strcspn(host, ".");
    return first != 0 && host_len > first && memchr(name + 2, '*', len - 2) == NULL &&
           ascii_equal(name + 1, len - 1, host + first, host_len - first);
}

int hostname_matches_ip(const struct hostname *h, const uint8_t *ip, size_t len)
{
    return h->ip_len != 0 && len == h->ip_len && memcmp(ip, h->ip, len) == 0;
}

int hostname_ip_text(const uint8_t *ip, size_t len, char out[HOSTNAME_IP_TEXT])
{
    if (len != 4 && len != 16)
        return 0;
    return inet_ntop(len == 4 ? AF_INET : AF_INET6, ip, out, HOSTNAME_IP_TEXT) != NULL;
}
