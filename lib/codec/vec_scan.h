/* vec_scan.h - functions of vec.h that compare octets, for a processor whose words are known.
 *
 * The file that includes this has defined
 *
 *     V, V_SIZE           a word of that many octets, 8, 16 or 32
 *     V_LOAD(p)           it, from any address;  V_STORE(p, v)
 *     V_EQ(v, c)          octets that are c become 0xff (or just have their highest bit set)
 *     V_NAME(v)           octets from 33 to 126 the same
 *     V_OR(a, b), V_AND(a, b)
 *     V_MASK(v)           the highest bit of each octet as a uint32_t, the first octet's lowest
 *
 * The last octets, fewer than a word, are looked at as the end of a word that overlaps with the one
 * before, or one at a time where there is none before. */
#ifndef MLA_CODEC_VEC_SCAN_H
#define MLA_CODEC_VEC_SCAN_H

#include "codec/vec.h"

#include <string.h>

static inline size_t bit_of(uint32_t mask)
{
    return (size_t)__builtin_ctz(mask);
}

static size_t scan_ascii_run(const uint8_t *p, size_t n)
{
    size_t i = 0;

    for (; n - i >= V_SIZE; i += V_SIZE) {
        uint32_t high = V_MASK(V_LOAD(p + i));

        if (high != 0)
            return i + bit_of(high);
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

/* One word of until_dash(), whose octets and the one behind them can be read. */
static inline uint32_t dashes(const uint8_t *p, uint32_t nul)
{
    V v = V_LOAD(p);
    V both = V_AND(V_EQ(v, '\n'), V_EQ(V_LOAD(p + 1), '-'));

    return V_MASK(both) | (V_MASK(V_EQ(v, '\0')) & nul);
}

static size_t scan_until_dash(const uint8_t *p, size_t n, int nul)
{
    uint32_t nuls = nul ? UINT32_MAX : 0;
    uint32_t hit;
    size_t i = 0;

    if (n > V_SIZE) {
        for (; n - i > V_SIZE; i += V_SIZE) {
            hit = dashes(p + i, nuls);
            if (hit != 0)
                return i + bit_of(hit);
        }
        /* of the word that ends one before the last octet, all bits below i were seen to be 0 */
        i = n - 1 - V_SIZE;
        hit = dashes(p + i, nuls);
        if (hit != 0)
            return i + bit_of(hit);
        i += V_SIZE;
    }
    for (; i < n; i++)
        if ((p[i] == '\n' && i + 1 < n && p[i + 1] == '-') || (nul && p[i] == '\0'))
            return i;
    return n;
}

/* The colon behind a name; 0 when there is no good name. */
static inline size_t scan_name(const uint8_t *p, size_t n)
{
    for (size_t i = 0; n - i >= V_SIZE; i += V_SIZE) {
        V v = V_LOAD(p + i);
        uint32_t good = V_MASK(V_NAME(v));
        uint32_t stop = V_MASK(V_EQ(v, ':')) | (good ^ V_ALL);

        if (stop != 0)
            return p[i + bit_of(stop)] == ':' ? i + bit_of(stop) : 0;
    }
    return 0;
}

static size_t scan_field(const uint8_t *p, size_t n, struct vec_field *out)
{
    uint32_t cr_before = 0;
    uint32_t odd = 0;

    out->name_len = scan_name(p, n);
    if (out->name_len == 0)
        return 0;
    for (size_t i = 0; n - i > V_SIZE; i += V_SIZE) {
        V v = V_LOAD(p + i);
        uint32_t lf = V_MASK(V_EQ(v, '\n'));
        uint32_t cr = V_MASK(V_EQ(v, '\r'));
        uint32_t other = V_MASK(V_OR(v, V_EQ(v, '\0'))) | ((cr << 1 | cr_before) & ~lf & V_ALL);

        for (uint32_t rest = lf; rest != 0; rest &= rest - 1) {
            size_t at = i + bit_of(rest);

            if (p[at + 1] == ' ' || p[at + 1] == '\t')
                continue;
            other &= rest ^ (rest - 1); /* what lies behind is not of this field */
            out->odd = (odd | other) != 0;
            return at + 1;
        }
        odd |= other;
        cr_before = cr >> (V_SIZE - 1);
    }
    return 0;
}

static size_t scan_qp_copy(const uint8_t *p, size_t n, uint8_t *out)
{
    size_t i = 0;

    for (; n - i >= V_SIZE; i += V_SIZE) {
        V v = V_LOAD(p + i);
        uint32_t stop = V_MASK(V_OR(V_EQ(v, '='), V_EQ(v, '\n')));

        V_STORE(out + i, v);
        if (stop != 0)
            return i + bit_of(stop);
    }
    for (; i < n && p[i] != '=' && p[i] != '\n'; i++)
        out[i] = p[i];
    return i;
}

#endif
