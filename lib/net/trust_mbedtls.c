/* trust_mbedtls.c - whom to believe: root certificates, and what is made of a server's chain.
 *
 * What mbedTLS is not trusted with, because its versions differ or fall short of RFC 9525: the
 * names. It is told to verify the chain, always; our callback collects what it found and decides
 * about names, pins and the sum of it. 2.28 takes the CN where there is no subjectAltName and knows
 * no addresses; here the CN never counts (T20-T25). Name constraints are checked here (T30). */
#include "net/tls_mbedtls.h"

#include "base/fail.h"
#include "net/constraints.h"
#include "net/end_point.h"

#include <stdio.h>
#include <string.h>

/* --- roots --- */

int tls_roots_new(const struct mem *mem, struct tls_roots **out)
{
    struct tls_roots *r = mem_zero(mem, sizeof *r);

    if (r == NULL)
        return MLA_E_NOMEM;
    r->mem = mem;
    mbedtls_x509_crt_init(&r->list);
    *out = r;
    return 0;
}

void tls_roots_free(struct tls_roots *r)
{
    if (r == NULL)
        return;
    mbedtls_x509_crt_free(&r->list);
    mem_free(r->mem, r);
}

size_t tls_roots_count(const struct tls_roots *r)
{
    return r->count;
}

static size_t count_certs(const mbedtls_x509_crt *list)
{
    size_t count = 0;

    for (; list != NULL && list->raw.p != NULL; list = list->next)
        count++;
    return count;
}

int tls_roots_add(struct tls_roots *r, const void *pem, size_t len, const char *where,
                  mla_error *err)
{
    char *text = mem_dup(r->mem, pem, len); /* mbedTLS wants the NUL behind it */
    size_t before = r->count;
    int code;

    if (text == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    /* PSA takes part in parsing from 3.6 on. */
    code = crypt_init() == 0
               ? mbedtls_x509_crt_parse(&r->list, (const unsigned char *)text, len + 1)
               : MBEDTLS_ERR_X509_FATAL_ERROR;
    mem_free(r->mem, text);
    r->count = count_certs(&r->list);
    if (tls_is_nomem(code))
        return fail(err, MLA_E_NOMEM, "out of memory");
    if (r->count == before)
        return fail_tls(err, MLA_E_ARG, code < 0 ? code : 0, "no certificate in %s", where);
    return 0;
}

/* --- verification --- */

uint32_t trust_why(uint32_t flags)
{
    static const struct {
        uint32_t flag;
        uint32_t why;
    } rows[] = {
        {MBEDTLS_X509_BADCERT_EXPIRED, VERDICT_EXPIRED},
        {MBEDTLS_X509_BADCERT_FUTURE, VERDICT_FUTURE},
        {MBEDTLS_X509_BADCERT_NOT_TRUSTED, VERDICT_UNKNOWN_ROOT},
        {MBEDTLS_X509_BADCERT_BAD_KEY, VERDICT_WEAK_KEY},
        {MBEDTLS_X509_BADCERT_BAD_PK, VERDICT_WEAK_KEY},
        {MBEDTLS_X509_BADCERT_BAD_MD, VERDICT_WEAK_HASH},
        {MBEDTLS_X509_BADCERT_KEY_USAGE, VERDICT_USAGE},
        {MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, VERDICT_USAGE},
        {MBEDTLS_X509_BADCERT_NS_CERT_TYPE, VERDICT_USAGE},
    };
    uint32_t why = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((flags & rows[i].flag) == 0)
            continue;
        why |= rows[i].why;
        flags &= ~rows[i].flag;
    }
    /* mbedTLS's own opinion about names is not asked for. */
    flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
    return flags != 0 ? why | VERDICT_OTHER : why;
}

/* Compares the names of the certificate with the host (RFC 9525 section 6). */
static int names_match(struct tls *t, const mbedtls_x509_crt *crt)
{
    enum { DNS_NAME = 2, IP_ADDRESS = 7, KIND = 0x1f };
    const mbedtls_x509_sequence *san = &crt->subject_alt_names;
    int match = 0;

    for (; san != NULL && san->buf.p != NULL; san = san->next) {
        int kind = san->buf.tag & KIND;

        if (kind == DNS_NAME) {
            match |= hostname_matches_dns(&t->shake->name, san->buf.p, san->buf.len);
            verdict_name(&t->shake->verdict, (const char *)san->buf.p, san->buf.len);
        } else if (kind == IP_ADDRESS) {
            char text[HOSTNAME_IP_TEXT];

            match |= hostname_matches_ip(&t->shake->name, san->buf.p, san->buf.len);
            if (hostname_ip_text(san->buf.p, san->buf.len, text))
                verdict_name(&t->shake->verdict, text, strlen(text));
        }
    }
    return match;
}

static void note(const struct tls *t, const char *line)
{
    const struct tls_options *o = &t->setup->opt;

    if (o->note != NULL)
        o->note(o->note_user, line);
}

static int note_key(struct peer_chain *seen, const mbedtls_x509_crt *crt)
{
    seen->has_key = crypt_hash(CRYPT_SHA256, crt->pk_raw.p, crt->pk_raw.len, seen->key) == 0;
    return seen->has_key != 0;
}

/* 1 when the server's key is pinned, 0 when it is not, -1 when that cannot be found out. */
static int is_pinned(struct tls *t, const mbedtls_x509_crt *crt)
{
    const struct tls_options *o = &t->setup->opt;
    struct peer_chain *seen = &t->shake->seen;
    char line[sizeof seen->key * 2 + 64];
    int n;

    if (!note_key(seen, crt))
        return -1;
    n = snprintf(line, sizeof line, "the server's public key has the SHA-256 ");
    for (size_t i = 0; i < sizeof seen->key && n > 0 && (size_t)n + 3 < sizeof line; i++)
        n += snprintf(line + n, 3, "%02x", seen->key[i]);
    note(t, line);
    for (size_t i = 0; i < o->pin_count; i++)
        if (memcmp(o->pins[i], seen->key, sizeof seen->key) == 0)
            return 1;
    return 0;
}

/* Its own issuer, and it came alone: the same name can be a coincidence where others came with it.
 */
static int is_self_signed(const mbedtls_x509_crt *crt)
{
    return crt->next == NULL && crt->issuer_raw.len == crt->subject_raw.len &&
           memcmp(crt->issuer_raw.p, crt->subject_raw.p, crt->subject_raw.len) == 0;
}

/* A session may be taken up again as long as the whole chain would pass today. */
static void note_until(struct tls *t, const mbedtls_x509_crt *crt)
{
    const mbedtls_x509_time *a = &crt->valid_to;
    const mbedtls_x509_time *b = &t->setup->until;
    const int ours[] = {a->year, a->mon, a->day, a->hour, a->min, a->sec};
    const int theirs[] = {b->year, b->mon, b->day, b->hour, b->min, b->sec};
    size_t i = 0;

    while (i < 5 && ours[i] == theirs[i])
        i++;
    if (b->year == 0 || ours[i] < theirs[i])
        t->setup->until = crt->valid_to;
}

static void note_dates(struct tls *t, const mbedtls_x509_crt *crt, uint32_t why, int depth)
{
    struct verdict *v = &t->shake->verdict;

    if ((why & (VERDICT_EXPIRED | VERDICT_FUTURE)) == 0)
        return;
    v->chain = depth > 0;
    verdict_date(v->until, crt->valid_to.year, crt->valid_to.mon, crt->valid_to.day);
    verdict_date(v->since, crt->valid_from.year, crt->valid_from.mon, crt->valid_from.day);
}

/* What ties a log-in to the certificate (RFC 5929 section 4). */
static void note_end_point(struct peer_chain *seen, const mbedtls_x509_crt *crt)
{
    struct certificate cert;
    int hash =
        certificate_split(crt->raw.p, crt->raw.len, &cert) ? end_point_hash(cert.algorithm) : 0;

    seen->end_point_len = 0;
    if (hash != 0 && crypt_hash(hash, crt->raw.p, crt->raw.len, seen->end_point) == 0)
        seen->end_point_len = (uint32_t)crypt_hash_len(hash);
}

/* RFC 5280 section 6.1: whoever issues a certificate of its own name may do so for any name. */
static int is_self_issued(const mbedtls_x509_crt *crt)
{
    return crt->issuer_raw.len == crt->subject_raw.len &&
           memcmp(crt->issuer_raw.p, crt->subject_raw.p, crt->subject_raw.len) == 0;
}

/* 1 when those above crt may vouch for its names. mbedTLS refuses a chain with critical name
 * constraints before we see it, and passes over those that are not critical (T30). */
static int names_allowed(const struct tls *t, const mbedtls_x509_crt *crt, int depth)
{
    struct certificate ca;
    struct certificate below;

    if (depth > 0 && is_self_issued(crt))
        return 1;
    for (size_t i = 0; i < t->shake->above_count; i++) {
        const mbedtls_x509_crt *above = t->shake->above[i];

        if (!certificate_split(above->raw.p, above->raw.len, &ca))
            return 0;
        if (ca.has_constraints && (!certificate_split(crt->raw.p, crt->raw.len, &below) ||
                                   !constraints_allow(&ca, &below)))
            return 0;
    }
    return 1;
}

/* What the certificate may be used for. mbedTLS looks at it after our callback, and tells in one
 * version or other not all of it (T38). Our suites all have the server sign. */
static int is_for_server(const mbedtls_x509_crt *crt)
{
    static const char server_auth[] = "\x2b\x06\x01\x05\x05\x07\x03\x01";

#if MBEDTLS_VERSION_NUMBER >= 0x03000000 ||                                                        \
    (defined(MBEDTLS_X509_CHECK_KEY_USAGE) && defined(MBEDTLS_X509_CHECK_EXTENDED_KEY_USAGE))
    return mbedtls_x509_crt_check_key_usage(crt, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0 &&
           mbedtls_x509_crt_check_extended_key_usage(crt, server_auth, sizeof server_auth - 1) == 0;
#else
#error "mbedTLS is built without MBEDTLS_X509_CHECK_KEY_USAGE or its extended form"
#endif
}

/* Notes of each certificate that the server sent what is wrong with it; the others, and those that
 * came without need, have nothing. */
static void note_each(struct tls *t, const mbedtls_x509_crt *own)
{
    size_t n = 1;

    for (const mbedtls_x509_crt *crt = own->next; crt != NULL && n < CHAIN_MAX;
         crt = crt->next, n++)
        for (size_t i = 0; i < t->shake->above_count; i++)
            if (t->shake->above[i] == crt)
                t->shake->seen.why[n] = t->shake->why_above[i];
    t->shake->above_count = 0; /* the pointers are good for nothing from here on */
}

static void note_above(struct tls *t, const mbedtls_x509_crt *crt, uint32_t why)
{
    t->shake->chain_why |= why;
    if (t->shake->above_count == CHAIN_MAX) {
        t->shake->chain_why |= VERDICT_OTHER;
        return;
    }
    t->shake->above[t->shake->above_count] = crt;
    t->shake->why_above[t->shake->above_count++] = why;
}

/* The server's own certificate: the last that mbedTLS shows us. */
static void judge(struct tls *t, const mbedtls_x509_crt *crt, uint32_t why)
{
    const struct tls_options *o = &t->setup->opt;
    int pinned = is_pinned(t, crt);

    t->shake->judged = 1;
    note_end_point(&t->shake->seen, crt);
    if (!is_for_server(crt))
        why |= VERDICT_USAGE;
    if ((why & VERDICT_UNKNOWN_ROOT) != 0 && is_self_signed(crt))
        why = (why & ~(uint32_t)VERDICT_UNKNOWN_ROOT) | VERDICT_SELF_SIGNED;
    if (!names_match(t, crt))
        why |= VERDICT_NAME;
    if (o->pin_count != 0 && pinned == 1) {
        /* The pin stands for whoever would vouch; name, dates and the key itself remain. */
        why &= ~(uint32_t)(VERDICT_UNKNOWN_ROOT | VERDICT_SELF_SIGNED | VERDICT_WEAK_HASH);
        t->shake->chain_why = 0;
    } else if (o->pin_count != 0 || pinned < 0) {
        why |= VERDICT_PIN;
    }
    if (o->insecure) { /* all but a pin, which is the caller's last word */
        why &= VERDICT_PIN;
        t->shake->chain_why = 0;
    }
    t->shake->seen.why[0] = why;
    t->shake->verdict.why = why | t->shake->chain_why;
    note_each(t, crt);
}

/* 1 when crt says of itself that it is a CA. mbedTLS up to 3.6.6 also believes a number where the
 * flag would be (T29). */
static int is_ca(const mbedtls_x509_crt *crt)
{
    struct certificate c;

    return certificate_split(crt->raw.p, crt->raw.len, &c) && c.is_ca;
}

/* mbedTLS calls this for each certificate from the root down; what it leaves in *flags counts. */
static int verify(void *arg, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    struct tls *t = arg;
    uint32_t why = trust_why(*flags);

    /* The first is a root that the caller trusts, or nobody trusts it anyhow. */
    if (depth > 0 && t->shake->above_count != 0 && !is_ca(crt))
        why |= VERDICT_UNKNOWN_ROOT;
    note_until(t, crt);
    note_dates(t, crt, why, depth);
    if (!names_allowed(t, crt, depth))
        t->shake->chain_why |= VERDICT_CONSTRAINTS;
    if (depth > 0)
        note_above(t, crt, why);
    else
        judge(t, crt, why);
    *flags = depth == 0 && t->shake->verdict.why != 0 ? MBEDTLS_X509_BADCERT_OTHER : 0;
    return 0;
}

/* No SHA-1 in a chain, RSA of 2048 bits at least, no curve below 256 (RFC 9325 section 4.5, T33).
 */
static const mbedtls_x509_crt_profile profile = {
    MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
    0xfffffff,
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP521R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP256R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP384R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_BP512R1),
    2048,
};

/* REQUIRED ends the handshake over whatever our callback leaves in the flags. Where somebody may
 * still accept the certificate the handshake goes on, and the callback's verdict alone decides when
 * it is over (T38): see settle(). */
static int auth_mode(const struct tls_options *o)
{
    if (o->insecure) /* a pin still wants our callback to see the key */
        return o->pin_count != 0 ? MBEDTLS_SSL_VERIFY_OPTIONAL : MBEDTLS_SSL_VERIFY_NONE;
    return o->ask || !accepted_is_empty(o->accepted) ? MBEDTLS_SSL_VERIFY_OPTIONAL
                                                     : MBEDTLS_SSL_VERIFY_REQUIRED;
}

void trust_set_up(struct tls *t, mbedtls_ssl_config *conf)
{
    static const mbedtls_x509_crt none; /* for who trusts pins alone: without a list it fails */
    /* mbedTLS wants a list that could be changed, and does not change it. */
    mbedtls_x509_crt *roots = t->shake->have_roots
                                  ? &((struct tls_roots *)(uintptr_t)t->setup->opt.roots)->list
                                  : (mbedtls_x509_crt *)(uintptr_t)&none;

    mbedtls_ssl_conf_cert_profile(conf, &profile);
    mbedtls_ssl_conf_authmode(conf, auth_mode(&t->setup->opt));
    mbedtls_ssl_conf_ca_chain(conf, roots, NULL);
    mbedtls_ssl_conf_verify(conf, verify, t);
}

/* --- what the server has shown --- */

static const mbedtls_x509_crt *parsed(const struct tls *t)
{
#if defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
    return mbedtls_ssl_get_peer_cert(&t->ssl);
#else
    (void)t;
    return NULL;
#endif
}

/* 2.28 holds the parsed certificates, some KiB, as long as the connection lasts, and needs them no
 * more; later versions do not let them go. */
static void forget_parsed(struct tls *t)
{
#if MBEDTLS_VERSION_NUMBER < 0x03000000 && defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
    mbedtls_ssl_session gone;

    mbedtls_ssl_session_init(&gone);
    gone.peer_cert = t->ssl.session->peer_cert;
    t->ssl.session->peer_cert = NULL;
    mbedtls_ssl_session_free(&gone);
#else
    (void)t;
#endif
}

int trust_keep_chain(struct tls *t)
{
    struct peer_chain *seen = &t->shake->seen;
    const mbedtls_x509_crt *crt = parsed(t);
    struct der certs[CHAIN_MAX];
    size_t count = 0;

    if (t->resumed) { /* what was shown when that session began */
        t->chain = shared_hold(t->setup->offered);
        return 0;
    }
    if (crt != NULL && !seen->has_key) { /* nobody has looked at it */
        (void)note_key(seen, crt);
        note_end_point(seen, crt);
    }
    for (; crt != NULL && count < CHAIN_MAX; crt = crt->next)
        certs[count++] = (struct der){crt->raw.p, crt->raw.len};
    t->chain = peer_chain_keep(t->setup->opt.shared, t->mem, seen, certs, count);
    if (t->chain == NULL)
        return MLA_E_NOMEM;
    forget_parsed(t);
    return 0;
}

/* The errors of the X.509 parser, which come through with those of ASN.1 added to them; from
 * mbedTLS 4 on those of ASN.1 come alone, and nothing else in a handshake is ASN.1. */
static int is_certificate_error(int code)
{
    int high = -(-code & 0xff80);

    if (code <= MBEDTLS_ERR_ASN1_OUT_OF_DATA && code >= MBEDTLS_ERR_ASN1_INVALID_DATA)
        return 1;
    return high <= MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE && high >= MBEDTLS_ERR_X509_BAD_INPUT_DATA;
}

/* What the parser says of a critical extension that it does not know (T30). It looks at nothing
 * behind it, so which one it was is not to be found out. */
static int is_extension_error(int code)
{
    return code == MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG ||
           code == MBEDTLS_ERR_ASN1_UNEXPECTED_TAG;
}

int trust_unreadable(int code, mla_error *err)
{
    static const char unknown[] =
        ": it, or one that vouches for it, has an extension that is marked critical and that the "
        "TLS library does not know, such as name constraints, or one that is broken";

    if (!is_certificate_error(code))
        return 0;
    return fail_tls(err, MLA_E_CERT, code, "the server's certificate cannot be read%s (-0x%04x)",
                    is_extension_error(code) ? unknown : "", (unsigned)-code);
}
