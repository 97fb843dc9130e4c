/* certificate.c - see certificate.h: the parts of a certificate, and the record that shows them. */
#include "net/certificate.h"

#include "codec/crypt.h"
#include "net/certificate_text.h"

#include <stdio.h>
#include <string.h>

/* --- the parts --- */

static void read_basic(struct der value, struct certificate *out)
{
    struct der seq;
    struct der is;

    out->is_ca = der_take_tag(&value, DER_SEQUENCE, &seq) && der_take_tag(&seq, DER_BOOLEAN, &is) &&
                 is.len == 1 && is.p[0] != 0;
}

/* RFC 5280 section 4.2.1: those of id-ce, 2.5.29.N. */
static void read_extension(struct der ext, struct certificate *out)
{
    enum { SUBJECT_ALT_NAME = 17, BASIC_CONSTRAINTS = 19, NAME_CONSTRAINTS = 30 };
    struct der oid;
    struct der flag;
    struct der value;

    if (!der_take_tag(&ext, DER_OID, &oid))
        return;
    (void)der_take_tag(&ext, DER_BOOLEAN, &flag);
    if (!der_take_tag(&ext, DER_OCTET_STRING, &value) || oid.len != 3 || oid.p[0] != 0x55 ||
        oid.p[1] != 0x1d)
        return;
    switch (oid.p[2]) {
    case SUBJECT_ALT_NAME:
        (void)der_take_tag(&value, DER_SEQUENCE, &out->names);
        break;
    case BASIC_CONSTRAINTS:
        read_basic(value, out);
        break;
    case NAME_CONSTRAINTS:
        out->has_constraints = 1;
        (void)der_take_tag(&value, DER_SEQUENCE, &out->constraints);
        break;
    default:
        break;
    }
}

static void read_extensions(struct der rest, struct certificate *out)
{
    enum { UNIQUE_ID_1 = 0x81, UNIQUE_ID_2 = 0x82, EXTENSIONS = 0xa3 };
    struct der part;
    struct der list;
    struct der ext;

    (void)der_take_tag(&rest, UNIQUE_ID_1, &part);
    (void)der_take_tag(&rest, UNIQUE_ID_2, &part);
    if (!der_take_tag(&rest, EXTENSIONS, &part) || !der_take_tag(&part, DER_SEQUENCE, &list))
        return;
    while (der_take_tag(&list, DER_SEQUENCE, &ext))
        read_extension(ext, out);
}

int certificate_split(const uint8_t *der, size_t len, struct certificate *out)
{
    enum { VERSION = 0xa0 };
    struct der in = {der, len};
    struct der cert;
    struct der tbs;
    struct der part;
    uint8_t tag;

    memset(out, 0, sizeof *out);
    out->all = in;
    if (!der_take_tag(&in, DER_SEQUENCE, &cert) || !der_take_tag(&cert, DER_SEQUENCE, &tbs) ||
        !der_take_tag(&cert, DER_SEQUENCE, &out->algorithm))
        return 0;
    (void)der_take_tag(&tbs, VERSION, &part);
    if (!der_take_tag(&tbs, DER_INTEGER, &out->serial) ||
        !der_take_tag(&tbs, DER_SEQUENCE, &part) || /* signature */
        !der_take_tag(&tbs, DER_SEQUENCE, &out->issuer) ||
        !der_take_tag(&tbs, DER_SEQUENCE, &part) || /* validity */
        !der_take(&part, &out->time_tag[0], &out->time[0], NULL) ||
        !der_take(&part, &out->time_tag[1], &out->time[1], NULL) ||
        !der_take_tag(&tbs, DER_SEQUENCE, &out->subject) ||
        !der_take(&tbs, &tag, &part, &out->key) || tag != DER_SEQUENCE)
        return 0;
    read_extensions(tbs, out);
    return 1;
}

/* --- keys and hashes --- */

static uint32_t bits_of_number(struct der n)
{
    uint32_t bits;

    while (n.len != 0 && n.p[0] == 0) {
        n.p++;
        n.len--;
    }
    if (n.len == 0 || n.len > 8192)
        return 0;
    bits = (uint32_t)n.len * 8;
    for (unsigned top = n.p[0]; (top & 0x80) == 0; top <<= 1)
        bits--;
    return bits;
}

/* A point is 04 and two coordinates, or 02 or 03 and one (SEC 1 section 2.3.3). */
static uint32_t bits_of_point(struct der point)
{
    size_t octets = point.len == 0 ? 0 : point.p[0] == 4 ? (point.len - 1) / 2 : point.len - 1;

    return octets == 66 ? 521 : octets <= 128 ? (uint32_t)octets * 8 : 0;
}

static void read_key(struct der spki, mla_certificate *out)
{
    static const uint8_t rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    static const uint8_t rsa_pss[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
    static const uint8_t ec[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
    static const uint8_t ed[] = {0x2b, 0x65};
    struct der seq;
    struct der algorithm;
    struct der oid;
    struct der key;

    if (!der_take_tag(&spki, DER_SEQUENCE, &seq) || !der_take_tag(&seq, DER_SEQUENCE, &algorithm) ||
        !der_take_tag(&algorithm, DER_OID, &oid) || !der_take_tag(&seq, DER_BIT_STRING, &key) ||
        key.len < 1)
        return;
    key.p++; /* the number of unused bits */
    key.len--;
    if (der_is_oid(oid, rsa, sizeof rsa) || der_is_oid(oid, rsa_pss, sizeof rsa_pss)) {
        struct der pair;
        struct der n;

        out->key_kind = MLA_KEY_RSA;
        if (der_take_tag(&key, DER_SEQUENCE, &pair) && der_take_tag(&pair, DER_INTEGER, &n))
            out->key_bits = bits_of_number(n);
    } else if (der_is_oid(oid, ec, sizeof ec)) {
        out->key_kind = MLA_KEY_EC;
        out->key_bits = bits_of_point(key);
    } else if (oid.len == 3 && memcmp(oid.p, ed, sizeof ed) == 0 &&
               (oid.p[2] == 112 || oid.p[2] == 113)) {
        out->key_kind = MLA_KEY_ED;
        out->key_bits = oid.p[2] == 112 ? 256 : 456;
    }
}

static int is_weak(const mla_certificate *c)
{
    return (c->key_kind == MLA_KEY_RSA && c->key_bits < 2048) ||
           (c->key_kind == MLA_KEY_EC && c->key_bits < 256);
}

static const char *name_of_hash(struct der oid)
{
    static const uint8_t sha2[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
    static const uint8_t sha1[] = {0x2b, 0x0e, 0x03, 0x02, 0x1a};
    static const char *const names[] = {"", "SHA-256", "SHA-384", "SHA-512", "SHA-224"};

    if (der_is_oid(oid, sha1, sizeof sha1))
        return "SHA-1";
    if (oid.len == sizeof sha2 + 1 && memcmp(oid.p, sha2, sizeof sha2) == 0 && oid.p[8] <= 4)
        return names[oid.p[8]];
    return "";
}

/* RFC 4055 section 3.1: [0] hashAlgorithm, SHA-1 where it is left out. */
static const char *hash_of_pss(struct der parameters)
{
    struct der seq;
    struct der tagged;
    struct der algorithm;
    struct der oid;

    if (!der_take_tag(&parameters, DER_SEQUENCE, &seq))
        return "";
    if (!der_take_tag(&seq, 0xa0, &tagged))
        return "SHA-1";
    if (!der_take_tag(&tagged, DER_SEQUENCE, &algorithm) ||
        !der_take_tag(&algorithm, DER_OID, &oid))
        return "";
    return name_of_hash(oid);
}

static const char *hash_of(struct der algorithm)
{
    static const uint8_t pkcs1[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01};
    static const uint8_t ecdsa[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04};
    struct der oid;

    if (!der_take_tag(&algorithm, DER_OID, &oid))
        return "";
    if (oid.len == 9 && memcmp(oid.p, pkcs1, sizeof pkcs1) == 0)
        switch (oid.p[8]) {
        case 2:
            return "MD2";
        case 4:
            return "MD5";
        case 5:
            return "SHA-1";
        case 10:
            return hash_of_pss(algorithm);
        case 11:
            return "SHA-256";
        case 12:
            return "SHA-384";
        case 13:
            return "SHA-512";
        case 14:
            return "SHA-224";
        default:
            return "";
        }
    if (oid.len == 7 && memcmp(oid.p, ecdsa, sizeof ecdsa) == 0 && oid.p[6] == 1)
        return "SHA-1";
    if (oid.len == 8 && memcmp(oid.p, ecdsa, sizeof ecdsa) == 0 && oid.p[6] == 3)
        return oid.p[7] == 2   ? "SHA-256"
               : oid.p[7] == 3 ? "SHA-384"
               : oid.p[7] == 4 ? "SHA-512"
                               : "";
    return "";
}

/* --- the record --- */

static int describe(struct arena *a, const struct der *der, uint32_t why, mla_certificate *out)
{
    struct certificate c;
    int rc;

    out->struct_size = sizeof *out;
    out->reasons = why;
    out->subject = out->issuer = out->serial = out->hash = "";
    out->der = (const uint8_t *)arena_dup(a, der->p, der->len);
    if (out->der == NULL)
        return MLA_E_NOMEM;
    out->der_len = der->len;
    rc = crypt_hash(CRYPT_SHA256, der->p, der->len, out->sha256);
    if (rc != 0 || !certificate_split(der->p, der->len, &c))
        return rc;
    rc = crypt_hash(CRYPT_SHA256, c.key.p, c.key.len, out->key_sha256);
    if (rc == 0)
        rc = certificate_dn(a, c.subject, &out->subject);
    if (rc == 0)
        rc = certificate_dn(a, c.issuer, &out->issuer);
    if (rc == 0)
        rc = certificate_serial(a, c.serial, &out->serial);
    if (rc == 0)
        rc = certificate_names(a, c.names, out);
    (void)der_time(c.time_tag[0], c.time[0], &out->not_before);
    (void)der_time(c.time_tag[1], c.time[1], &out->not_after);
    read_key(c.key, out);
    /* mbedTLS tells of a weak key at the certificate that was signed with it. */
    out->reasons = (why & ~(uint32_t)MLA_CERT_WEAK_KEY) | (is_weak(out) ? MLA_CERT_WEAK_KEY : 0U);
    out->hash = hash_of(c.algorithm);
    out->is_ca = (uint32_t)c.is_ca;
    return rc;
}

static int sentences(struct chain *c, const struct chain_source *from)
{
    mla_str *list = arena_array(&c->arena, 32, sizeof *list);
    uint32_t n = 0;

    if (list == NULL)
        return MLA_E_NOMEM;
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        mla_error err = {0};

        if ((from->verdict->why & bit) == 0)
            continue;
        (void)verdict_fail_one(from->verdict, bit, from->host, from->have_roots, &err);
        list[n].ptr = arena_dup(&c->arena, err.message, strlen(err.message));
        list[n].len = strlen(err.message);
        if (list[n++].ptr == NULL)
            return MLA_E_NOMEM;
    }
    c->rec.sentences = list;
    c->rec.sentence_count = n;
    return 0;
}

static struct chain *chain_begin(const struct mem *mem)
{
    enum { ALL_MAX = 1 << 20 }; /* ten certificates of what TLS can carry are less */
    struct chain *c = mem_zero(mem, sizeof *c);

    if (c == NULL)
        return NULL;
    c->mem = *mem;
    arena_init(&c->arena, &c->mem, ALL_MAX);
    c->rec.struct_size = sizeof c->rec;
    return c;
}

static int fill(struct chain *c, const struct chain_source *from)
{
    size_t count = from->count <= CHAIN_MAX ? from->count : CHAIN_MAX;
    const mla_certificate **list = arena_array(&c->arena, count + 1, sizeof *list);
    int rc = list != NULL ? 0 : MLA_E_NOMEM;

    c->rec.reasons = from->verdict->why;
    c->rec.port = from->port;
    c->rec.is_changed = from->is_changed != 0;
    c->rec.certificates = list;
    c->rec.host = arena_dup(&c->arena, from->host, strlen(from->host));
    if (c->rec.host == NULL)
        rc = MLA_E_NOMEM;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        mla_certificate *one = arena_alloc(&c->arena, sizeof *one);

        rc = one != NULL ? describe(&c->arena, &from->certs[i], from->why[i], one) : MLA_E_NOMEM;
        list[i] = one;
        c->rec.count++;
    }
    return rc == 0 ? sentences(c, from) : rc;
}

int chain_new(const struct mem *mem, const struct chain_source *from, struct chain **out)
{
    struct chain *c = chain_begin(mem);
    int rc = c != NULL ? fill(c, from) : MLA_E_NOMEM;

    if (rc != 0) {
        chain_free(c);
        return rc;
    }
    *out = c;
    return 0;
}

static int copy_text(struct arena *a, const char **text)
{
    *text = arena_dup(a, *text, strlen(*text));
    return *text != NULL ? 0 : MLA_E_NOMEM;
}

static int copy_list(struct arena *a, const mla_str **list, size_t count)
{
    mla_str *copy = arena_array(a, count + 1, sizeof *copy);

    if (copy == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        copy[i].len = (*list)[i].len;
        copy[i].ptr = arena_dup(a, (*list)[i].ptr, copy[i].len);
        if (copy[i].ptr == NULL)
            return MLA_E_NOMEM;
    }
    *list = copy;
    return 0;
}

static int copy_one(struct arena *a, const mla_certificate *from, const mla_certificate **out)
{
    mla_certificate *to = arena_alloc(a, sizeof *to);
    int rc;

    if (to == NULL)
        return MLA_E_NOMEM;
    *to = *from;
    to->der = (const uint8_t *)arena_dup(a, from->der, from->der_len);
    rc = to->der != NULL ? copy_text(a, &to->subject) : MLA_E_NOMEM;
    if (rc == 0)
        rc = copy_text(a, &to->issuer);
    if (rc == 0)
        rc = copy_text(a, &to->serial);
    if (rc == 0)
        rc = copy_list(a, &to->names, to->name_count);
    *out = to;
    return rc;
}

int chain_copy(const struct mem *mem, const mla_certificate_chain *from, struct chain **out)
{
    struct chain *c = chain_begin(mem);
    const mla_certificate **list;
    int rc;

    if (c == NULL)
        return MLA_E_NOMEM;
    c->rec = *from;
    list = arena_array(&c->arena, from->count + 1, sizeof *list);
    rc = list != NULL ? copy_text(&c->arena, &c->rec.host) : MLA_E_NOMEM;
    if (rc == 0)
        rc = copy_list(&c->arena, &c->rec.sentences, from->sentence_count);
    for (uint32_t i = 0; rc == 0 && i < from->count; i++)
        rc = copy_one(&c->arena, from->certificates[i], &list[i]);
    c->rec.certificates = list;
    if (rc != 0) {
        chain_free(c);
        return rc;
    }
    *out = c;
    return 0;
}

void chain_free(struct chain *c)
{
    struct mem mem;

    if (c == NULL)
        return;
    mem = c->mem;
    arena_free(&c->arena);
    mem_free(&mem, c);
}

struct chain *chain_of(const mla_certificate_chain *rec)
{
    return (struct chain *)((uintptr_t)rec - offsetof(struct chain, rec));
}
