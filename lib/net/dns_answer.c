/* dns_answer.c - see dns_answer.h */
#include "net/dns_answer.h"

#include "base/ascii.h"
#include "base/fail.h"

#include <string.h>

enum { CLASS_IN = 1, HEADER = 12, ALIASES_MAX = 8, NAME_WIRE_MAX = 255 };
enum { NAME_BAD = -1, NAME_ODD = 0, NAME_GOOD = 1 };

struct message {
    const uint8_t *p;
    size_t n;
};

static unsigned get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static int host_char_ok(int c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_';
}

/* Adds a label to out. NAME_ODD when it has octets that no host name has. */
static int label_add(const uint8_t *label, size_t len, char *out, size_t *used)
{
    int good = NAME_GOOD;

    if (*used != 0)
        out[(*used)++] = '.';
    for (size_t i = 0; i < len; i++) {
        if (!host_char_ok(label[i]))
            good = NAME_ODD;
        out[(*used)++] = (char)ascii_lower(label[i]);
    }
    return good;
}

/* RFC 1035 section 4.1.4: reads the name at *at and moves *at behind it. A pointer leads to before
 * the labels that it follows, so a name ends in any case. */
static int read_name(const struct message *m, size_t *at, char out[NAME_WIRE_MAX + 1])
{
    size_t pos = *at;
    size_t before = *at; /* a pointer must lead to before this */
    size_t used = 0;
    int jumped = 0;
    int good = NAME_GOOD;

    for (;;) {
        unsigned len;

        if (pos >= m->n)
            return NAME_BAD;
        len = m->p[pos];
        if ((len & 0xc0) == 0xc0) {
            if (m->n - pos < 2)
                return NAME_BAD;
            if (!jumped)
                *at = pos + 2;
            jumped = 1;
            pos = get16(m->p + pos) & 0x3fff;
            if (pos >= before)
                return NAME_BAD;
            before = pos;
            continue;
        }
        if (len > 63 || m->n - pos - 1 < len || used + len + 1 > NAME_WIRE_MAX - 1)
            return NAME_BAD;
        pos++;
        if (len == 0)
            break;
        if (label_add(m->p + pos, len, out, &used) != NAME_GOOD)
            good = NAME_ODD;
        pos += len;
    }
    if (!jumped)
        *at = pos;
    out[used] = '\0';
    return good;
}

struct rr {
    char owner[NAME_WIRE_MAX + 1];
    unsigned type;
    unsigned class;
    size_t data; /* where it begins, and its length */
    size_t len;
};

/* RFC 1035 section 4.1.3 */
static int read_rr(const struct message *m, size_t *at, struct rr *r)
{
    if (read_name(m, at, r->owner) == NAME_BAD || m->n - *at < 10)
        return 0;
    r->type = get16(m->p + *at);
    r->class = get16(m->p + *at + 2);
    r->len = get16(m->p + *at + 8);
    r->data = *at + 10;
    if (m->n - r->data < r->len)
        return 0;
    *at = r->data + r->len;
    return 1;
}

/* The name that the data of r ends with, behind skip octets; it must end where the data does. */
static int name_in(const struct message *m, const struct rr *r, size_t skip,
                   char out[NAME_WIRE_MAX + 1])
{
    size_t at = r->data + skip;
    int good;

    if (r->len <= skip)
        return NAME_BAD;
    good = read_name(m, &at, out);
    return at == r->data + r->len ? good : NAME_BAD;
}

/* RFC 2782 "The format of the SRV RR", RFC 1035 section 3.3.9. */
static int take_record(const struct message *m, const struct rr *r, struct dns_answer *out)
{
    struct dns_record rec;
    char target[NAME_WIRE_MAX + 1];
    size_t skip = r->type == DNS_TYPE_SRV ? 6 : 2;
    int good = name_in(m, r, skip, target);

    if (good == NAME_BAD)
        return 0;
    memset(&rec, 0, sizeof rec);
    rec.priority = (uint16_t)get16(m->p + r->data);
    if (r->type == DNS_TYPE_SRV) {
        rec.weight = (uint16_t)get16(m->p + r->data + 2);
        rec.port = (uint16_t)get16(m->p + r->data + 4);
    }
    if (good == NAME_ODD || strlen(target) > DNS_NAME_MAX || out->count == DNS_RECORDS_MAX ||
        (r->type == DNS_TYPE_SRV && rec.port == 0 && target[0] != '\0')) {
        out->unusable++;
        return 1;
    }
    memcpy(rec.target, target, strlen(target) + 1);
    out->records[out->count++] = rec;
    return 1;
}

static int same_name(const char *a, const char *b)
{
    return ascii_equal(a, strlen(a), b, strlen(b));
}

/* One pass over the answers: takes records of owner, or else finds what it is an alias of. 1: there
 * were some, or there is nothing; 2: *owner is now another name; 0: not well-formed. */
static int pass(const struct message *m, size_t at, unsigned count, unsigned type,
                char owner[NAME_WIRE_MAX + 1], struct dns_answer *out)
{
    char alias[NAME_WIRE_MAX + 1] = "";
    int is_alias = 0;
    struct rr r;

    for (unsigned i = 0; i < count; i++) {
        if (!read_rr(m, &at, &r))
            return 0;
        if (r.class != CLASS_IN || !same_name(r.owner, owner))
            continue;
        if (r.type == type && !take_record(m, &r, out))
            return 0;
        if (r.type == DNS_TYPE_CNAME) {
            if (name_in(m, &r, 0, alias) == NAME_BAD)
                return 0;
            is_alias = 1;
        }
    }
    if (!is_alias || out->count + out->unusable != 0)
        return 1;
    memcpy(owner, alias, sizeof alias);
    return 2;
}

/* The question must be the one that was asked. */
static int read_question(const struct message *m, size_t *at, const char *name, int type)
{
    char asked[NAME_WIRE_MAX + 1];

    if (read_name(m, at, asked) == NAME_BAD || m->n - *at < 4 || !same_name(asked, name) ||
        get16(m->p + *at) != (unsigned)type || get16(m->p + *at + 2) != CLASS_IN)
        return 0;
    *at += 4;
    return 1;
}

int dns_answer_read(const uint8_t *p, size_t n, const char *name, int type, struct dns_answer *out,
                    mla_error *err)
{
    enum { RESPONSE = 0x80, OPCODE = 0x78, CUT = 0x02, RCODE = 0x0f, NO_SUCH_NAME = 3 };
    const struct message m = {p, n};
    char owner[NAME_WIRE_MAX + 1];
    size_t at = HEADER;
    int more = 2;

    memset(out, 0, sizeof *out);
    if (n < HEADER || (p[2] & (RESPONSE | OPCODE)) != RESPONSE || get16(p + 4) != 1 ||
        strlen(name) > DNS_NAME_MAX || !read_question(&m, &at, name, type))
        return fail(err, MLA_E_PROTOCOL, "what came is no answer of DNS about %.100s", name);
    if ((p[3] & RCODE) == NO_SUCH_NAME)
        return 0;
    if ((p[3] & RCODE) != 0)
        return fail(err, MLA_E_RESOLVE, "DNS failed for %.100s (code %d)", name, p[3] & RCODE);
    if ((p[2] & CUT) != 0)
        return fail(err, MLA_E_PROTOCOL, "the answer of DNS about %.100s is cut off", name);
    memcpy(owner, name, strlen(name) + 1);
    for (int i = 0; i < ALIASES_MAX && more == 2; i++)
        more = pass(&m, at, get16(p + 6), (unsigned)type, owner, out);
    if (more == 1)
        return 0;
    memset(out, 0, sizeof *out);
    return fail(err, MLA_E_PROTOCOL, "the answer of DNS about %.100s is damaged", name);
}
