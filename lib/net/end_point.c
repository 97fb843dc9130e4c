/* end_point.c - see end_point.h */
#include "net/end_point.h"

#include "codec/crypt.h"

struct oid {
    uint8_t len;
    uint8_t octets[9];
    int hash; /* CRYPT_* */
};

/* AlgorithmIdentifiers that name a signature and its hash (RFC 3279, RFC 4055, RFC 5758). */
static const struct oid signatures[] = {
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04}, CRYPT_SHA256}, /* RSA, MD5 */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05}, CRYPT_SHA256}, /* SHA-1 */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}, CRYPT_SHA256}, /* SHA-256 */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c}, CRYPT_SHA384}, /* SHA-384 */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d}, CRYPT_SHA512}, /* SHA-512 */
    {7, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01}, CRYPT_SHA256},             /* ECDSA, SHA-1 */
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}, CRYPT_SHA256},       /* SHA-256 */
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03}, CRYPT_SHA384},       /* SHA-384 */
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04}, CRYPT_SHA512},       /* SHA-512 */
};

static const struct oid hashes[] = {
    {5, {0x2b, 0x0e, 0x03, 0x02, 0x1a}, CRYPT_SHA1},
    {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}, CRYPT_SHA256},
    {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}, CRYPT_SHA384},
    {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}, CRYPT_SHA512},
};

static const uint8_t rsassa_pss[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
static const uint8_t mgf1[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08};

static int find(const struct oid *list, size_t count, struct der oid)
{
    for (size_t i = 0; i < count; i++)
        if (der_is_oid(oid, list[i].octets, list[i].len))
            return list[i].hash;
    return 0;
}

/* AlgorithmIdentifier of a hash. */
static int read_hash(struct der in)
{
    struct der one;
    struct der oid;

    if (!der_take_tag(&in, DER_SEQUENCE, &one) || !der_take_tag(&one, DER_OID, &oid))
        return 0;
    return find(hashes, sizeof hashes / sizeof hashes[0], oid);
}

static int read_mask(struct der in)
{
    struct der one;
    struct der oid;

    if (!der_take_tag(&in, DER_SEQUENCE, &one) || !der_take_tag(&one, DER_OID, &oid) ||
        !der_is_oid(oid, mgf1, sizeof mgf1))
        return 0;
    return read_hash(one);
}

/* RSASSA-PSS-params (RFC 4055 section 3.1): the hash of the message, [0], and that of the mask,
 * [1]; SHA-1 where one is left out. Two that differ are "multiple hash functions". */
static int pss_hash(struct der in)
{
    enum { HASH = 0xa0, MASK = 0xa1 };
    struct der params;
    struct der one;
    int hash = CRYPT_SHA1;
    int mask = CRYPT_SHA1;

    if (!der_take_tag(&in, DER_SEQUENCE, &params))
        return 0;
    if (der_take_tag(&params, HASH, &one))
        hash = read_hash(one);
    if (der_take_tag(&params, MASK, &one))
        mask = read_mask(one);
    if (hash != mask)
        return 0;
    return hash == CRYPT_SHA1 ? CRYPT_SHA256 : hash;
}

int end_point_hash(struct der algorithm)
{
    struct der oid;

    if (!der_take_tag(&algorithm, DER_OID, &oid))
        return 0;
    if (der_is_oid(oid, rsassa_pss, sizeof rsassa_pss))
        return pss_hash(algorithm);
    return find(signatures, sizeof signatures / sizeof signatures[0], oid);
}
