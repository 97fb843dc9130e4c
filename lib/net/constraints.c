/* constraints.c - see constraints.h
 *
 * DNS names, IP addresses and directory names are compared. Of the other kinds it is only known
 * that they are there: a constraint on such a kind refuses each certificate that has such a name
 * (RFC 5280: process it or reject the certificate). */
#include "net/constraints.h"

#include "base/ascii.h"

#include <string.h>

/* GeneralName's tags, [N] IMPLICIT, but for the CHOICE of a directory name. */
enum { EMAIL = 0x81, DNS = 0x82, DIRECTORY = 0xa4, IP = 0x87 };
/* NameConstraints' two lists. */
enum { PERMITTED = 0xa0, EXCLUDED = 0xa1 };

struct name {
    uint8_t tag;
    struct der value;
};

/* --- one name within one subtree --- */

/* "example.com" holds itself and what is below it; ".example.com", which is often met, only that.
 * A wildcard is taken for any of its names where it must not be one. */
static int dns_within(struct der name, struct der base, int excluded)
{
    const uint8_t *dot;
    size_t before;

    if (base.len == 0)
        return 1;
    before = name.len - base.len;
    if (name.len >= base.len && ascii_equal(name.p + before, base.len, base.p, base.len) &&
        (before == 0 || base.p[0] == '.' || name.p[before - 1] == '.'))
        return 1;
    if (!excluded || name.len < 3 || name.p[0] != '*' || name.p[1] != '.')
        return 0;
    /* *.example.com may stand for mail.example.com, which is excluded. */
    dot = base.p[0] == '.' ? NULL : memchr(base.p, '.', base.len);
    return dot != NULL &&
           ascii_equal(dot, base.len - (size_t)(dot - base.p), name.p + 1, name.len - 1);
}

/* An address and its mask: 8 or 32 octets. */
static int ip_within(struct der name, struct der base)
{
    if (base.len != 2 * name.len)
        return 0;
    for (size_t i = 0; i < name.len; i++)
        if (((name.p[i] ^ base.p[i]) & base.p[name.len + i]) != 0)
            return 0;
    return 1;
}

/* 1 when two RelativeDistinguishedNames are the same: octet by octet or, where each has one
 * attribute, as text of any string type without regard to case. */
static int same_rdn(struct der a, struct der b)
{
    struct der side[2] = {a, b};
    struct der oid[2];
    struct der value[2];

    if (a.len == b.len && memcmp(a.p, b.p, a.len) == 0)
        return 1;
    for (size_t i = 0; i < 2; i++) {
        struct der pair;
        uint8_t tag;

        if (!der_take_tag(&side[i], DER_SEQUENCE, &pair) || side[i].len != 0 ||
            !der_take_tag(&pair, DER_OID, &oid[i]) || !der_take(&pair, &tag, &value[i], NULL))
            return 0;
    }
    return der_is_oid(oid[0], oid[1].p, oid[1].len) &&
           ascii_equal(value[0].p, value[0].len, value[1].p, value[1].len);
}

static int directory_within(struct der name, struct der base)
{
    struct der a;
    struct der b;

    while (base.len != 0)
        if (!der_take_tag(&base, DER_SET, &b) || !der_take_tag(&name, DER_SET, &a) ||
            !same_rdn(a, b))
            return 0;
    return 1;
}

/* 1: within; 0: not; -1: not to be told. */
static int is_within(const struct name *n, struct der base, int excluded)
{
    struct der inner;

    switch (n->tag) {
    case DNS:
        return dns_within(n->value, base, excluded);
    case IP:
        return base.len == 8 || base.len == 32 ? ip_within(n->value, base) : -1;
    case DIRECTORY:
        return der_take_tag(&base, DER_SEQUENCE, &inner) ? directory_within(n->value, inner) : -1;
    default:
        return -1;
    }
}

/* --- lists of subtrees --- */

/* 1 when the name is allowed by this list. */
static int list_allows(const struct name *n, struct der list, int excluded)
{
    int any = 0;
    int within = 0;
    struct der tree;

    while (list.len != 0) {
        struct der base;
        uint8_t tag;
        int is;

        if (!der_take_tag(&list, DER_SEQUENCE, &tree) || !der_take(&tree, &tag, &base, NULL))
            return 0;
        if (tag != n->tag)
            continue;
        /* "minimum" and "maximum" behind it are not for certificates on the Internet. */
        is = tree.len == 0 ? is_within(n, base, excluded) : -1;
        if (is < 0)
            return 0;
        any = 1;
        within |= is;
    }
    return excluded ? !within : !any || within;
}

static int name_allowed(struct der constraints, const struct name *n)
{
    struct der list;

    if (der_take_tag(&constraints, PERMITTED, &list) && !list_allows(n, list, 0))
        return 0;
    if (der_take_tag(&constraints, EXCLUDED, &list) && !list_allows(n, list, 1))
        return 0;
    return constraints.len == 0;
}

/* The subject counts as a directory name, an emailAddress in it as a mail address. */
static int subject_allowed(struct der constraints, struct der subject)
{
    static const uint8_t email[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01};
    struct name n = {DIRECTORY, subject};
    struct der rdn;

    if (subject.len == 0)
        return 1;
    if (!name_allowed(constraints, &n))
        return 0;
    while (der_take_tag(&subject, DER_SET, &rdn)) {
        struct der pair;
        struct der oid;

        while (der_take_tag(&rdn, DER_SEQUENCE, &pair)) {
            if (!der_take_tag(&pair, DER_OID, &oid) || !der_is_oid(oid, email, sizeof email))
                continue;
            n = (struct name){EMAIL, pair};
            if (!name_allowed(constraints, &n))
                return 0;
        }
    }
    return 1;
}

int constraints_allow(const struct certificate *ca, const struct certificate *cert)
{
    struct der names = cert->names;
    struct name n;

    if (!ca->has_constraints)
        return 1;
    if (ca->constraints.len == 0 || !subject_allowed(ca->constraints, cert->subject))
        return 0;
    while (names.len != 0) {
        struct der inner;

        if (!der_take(&names, &n.tag, &n.value, NULL))
            return 0;
        if (n.tag == DIRECTORY && der_take_tag(&n.value, DER_SEQUENCE, &inner))
            n.value = inner;
        if (!name_allowed(ca->constraints, &n))
            return 0;
    }
    return 1;
}
