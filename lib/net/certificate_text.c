/* certificate_text.c - see certificate_text.h */
#include "net/certificate_text.h"

#include "base/buf.h"
#include "codec/utf8.h"
#include "net/certificate.h"
#include "net/hostname.h"

#include <stdio.h>
#include <string.h>

/* A text that stops to grow when it is full. */
struct text {
    char at[CERTIFICATE_TEXT_MAX + 1];
    size_t len;
    int full;
};

static void add(struct text *t, const char *p, size_t n)
{
    if (t->full || n > CERTIFICATE_TEXT_MAX - 3 - t->len) {
        t->full = 1;
        return;
    }
    memcpy(t->at + t->len, p, n);
    t->len += n;
}

static int finish(struct text *t, struct arena *a, const char **out)
{
    if (t->full) {
        memcpy(t->at + t->len, "...", 3);
        t->len += 3;
    }
    *out = arena_dup(a, t->at, t->len);
    return *out != NULL ? 0 : MLA_E_NOMEM;
}

static void add_hex(struct text *t, const uint8_t *p, size_t n, const char *before)
{
    for (size_t i = 0; i < n; i++) {
        char pair[8];
        int len = snprintf(pair, sizeof pair, "%s%02x", before, p[i]);

        add(t, pair, (size_t)len);
    }
}

/* Controls, what turns the direction of writing round, what is not seen, private use: none of them
 * says anything in a name, and each can make one look like another (O04). */
static int is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe000 && c <= 0xf8ff) || c >= 0xe0000;
}

static void add_char(struct text *t, uint32_t c, const char *special)
{
    uint8_t octets[UTF8_MAX];
    size_t n = utf8_write(c, octets);

    if (is_hidden(c)) {
        add_hex(t, octets, n, "\\");
        return;
    }
    if (c < 0x80 && strchr(special, (int)c) != NULL)
        add(t, "\\", 1);
    add(t, (const char *)octets, n);
}

/* Octets that should be UTF-8. A backslash in them is doubled, so that none of ours can be forged.
 */
static void add_utf8(struct text *t, struct der s, const char *special)
{
    while (s.len != 0) {
        uint32_t c;
        size_t bad = 1;
        size_t n = utf8_read(s.p, s.len, &c, &bad);

        if (n != 0) {
            add_char(t, c, special);
        } else {
            n = bad != 0 ? bad : 1;
            add_hex(t, s.p, n, "\\");
        }
        s.p += n;
        s.len -= n;
    }
}

/* BMPString and UniversalString: wide octets a character, the first the highest. */
static void add_wide(struct text *t, struct der s, size_t wide, const char *special)
{
    for (size_t i = 0; i + wide <= s.len; i += wide) {
        uint32_t c = 0;

        for (size_t k = 0; k < wide; k++)
            c = c << 8 | s.p[i + k];
        if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
            add_hex(t, s.p + i, wide, "\\");
        else
            add_char(t, c, special);
    }
}

static void add_latin1(struct text *t, struct der s, const char *special)
{
    for (size_t i = 0; i < s.len; i++)
        add_char(t, s.p[i], special);
}

/* RFC 4514 section 2.4 */
static void add_value(struct text *t, uint8_t tag, struct der value)
{
    enum {
        UTF8 = 12,
        NUMERIC = 18,
        PRINTABLE = 19,
        T61 = 20,
        IA5 = 22,
        VISIBLE = 26,
        UNIVERSAL = 28,
        BMP = 30
    };
    static const char special[] = "\"+,;<>\\";

    if (tag == UTF8 || tag == NUMERIC || tag == PRINTABLE || tag == IA5 || tag == VISIBLE) {
        if (value.len != 0 && (value.p[0] == ' ' || value.p[0] == '#'))
            add(t, "\\", 1);
        add_utf8(t, value, special);
    } else if (tag == T61) {
        add_latin1(t, value, special);
    } else if (tag == BMP || tag == UNIVERSAL) {
        add_wide(t, value, tag == BMP ? 2 : 4, special);
    } else {
        add(t, "#", 1);
        add_hex(t, value.p, value.len <= 32 ? value.len : 32, "");
    }
}

/* An object identifier in numbers (X.690 section 8.19). */
static void add_numbers(struct text *t, struct der oid)
{
    uint64_t n = 0;
    char digits[32];

    for (size_t i = 0, first = 1; i < oid.len; i++) {
        int len;

        n = (n & 0xffffffffffffffU) << 7 | (oid.p[i] & 0x7fU);
        if ((oid.p[i] & 0x80) != 0)
            continue;
        if (first) {
            unsigned top = n < 40 ? 0 : n < 80 ? 1 : 2;

            len = snprintf(digits, sizeof digits, "%u.%llu", top,
                           (unsigned long long)(n - 40ULL * top));
        } else {
            len = snprintf(digits, sizeof digits, ".%llu", (unsigned long long)n);
        }
        add(t, digits, (size_t)len);
        first = 0;
        n = 0;
    }
}

static void add_type(struct text *t, struct der oid)
{
    static const struct {
        uint8_t last; /* of 2.5.4.N */
        const char *name;
    } rows[] = {{3, "CN"},     {4, "SN"}, {5, "serialNumber"}, {6, "C"},      {7, "L"},  {8, "ST"},
                {9, "STREET"}, {10, "O"}, {11, "OU"},          {12, "title"}, {42, "GN"}};
    static const uint8_t dc[] = {0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19};
    static const uint8_t email[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01};

    if (oid.len == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            if (rows[i].last == oid.p[2]) {
                add(t, rows[i].name, strlen(rows[i].name));
                return;
            }
    if (der_is_oid(oid, dc, sizeof dc))
        add(t, "DC", 2);
    else if (der_is_oid(oid, email, sizeof email))
        add(t, "emailAddress", 12);
    else
        add_numbers(t, oid);
}

static void add_rdn(struct text *t, struct der rdn)
{
    struct der pair;

    for (int first = 1; der_take_tag(&rdn, DER_SEQUENCE, &pair); first = 0) {
        struct der oid;
        struct der value;
        uint8_t tag;

        if (!der_take_tag(&pair, DER_OID, &oid) || !der_take(&pair, &tag, &value, NULL))
            return;
        if (!first)
            add(t, "+", 1);
        add_type(t, oid);
        add(t, "=", 1);
        add_value(t, tag, value);
    }
}

int certificate_dn(struct arena *a, struct der rdns, const char **out)
{
    enum { RDN_MAX = 32 };
    struct der rdn[RDN_MAX];
    struct text t = {.len = 0};
    size_t count = 0;

    while (count < RDN_MAX && der_take_tag(&rdns, DER_SET, &rdn[count]))
        count++;
    while (count-- != 0) {
        add_rdn(&t, rdn[count]);
        if (count != 0)
            add(&t, ",", 1);
    }
    return finish(&t, a, out);
}

int certificate_serial(struct arena *a, struct der number, const char **out)
{
    struct text t = {.len = 0};

    while (number.len > 1 && number.p[0] == 0) {
        number.p++;
        number.len--;
    }
    add_hex(&t, number.p, number.len, "");
    return finish(&t, a, out);
}

/* GeneralName (RFC 5280 section 4.2.1.6): 1 when it is of a kind that has a text. */
static int name_text(uint8_t tag, struct der value, struct text *t)
{
    enum { EMAIL = 0x81, DNS = 0x82, URI = 0x86, IP = 0x87 };
    char ip[HOSTNAME_IP_TEXT];

    memset(t, 0, sizeof *t);
    switch (tag) {
    case EMAIL:
        add(t, "email:", 6);
        break;
    case DNS:
        add(t, "DNS:", 4);
        break;
    case URI:
        add(t, "URI:", 4);
        break;
    case IP:
        if (!hostname_ip_text(value.p, value.len, ip))
            return 0;
        add(t, "IP:", 3);
        add(t, ip, strlen(ip));
        return 1;
    default:
        return 0;
    }
    add_utf8(t, value, "\\");
    return 1;
}

int certificate_names(struct arena *a, struct der names, mla_certificate *out)
{
    mla_str *list = arena_array(a, CHAIN_NAMES_MAX, sizeof *list);
    struct der value;
    uint8_t tag;

    if (list == NULL)
        return MLA_E_NOMEM;
    out->names = list;
    while (der_take(&names, &tag, &value, NULL)) {
        struct text t;

        if (out->name_count == CHAIN_NAMES_MAX || !name_text(tag, value, &t)) {
            out->names_left++;
            continue;
        }
        if (finish(&t, a, &list[out->name_count].ptr) != 0)
            return MLA_E_NOMEM;
        list[out->name_count++].len = t.len;
    }
    return 0;
}
