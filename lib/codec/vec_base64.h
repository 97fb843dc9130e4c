/* vec_base64.h - vec.base64_decode() and vec.base64_encode() over words of characters.
 *
 * The file that includes this has defined
 *
 *     B_SIZE               characters in a word
 *     base64_word(p, out)  decodes a word: as many octets as a word has characters may be written;
 *                          a bit for each character that is not of the alphabet
 *     base64_unword(p, out)  encodes B_SIZE / 4 * 3 octets; reads as many as a word has characters
 */
#ifndef MLA_CODEC_VEC_BASE64_H
#define MLA_CODEC_VEC_BASE64_H

static size_t wide_base64_decode(const uint8_t *in, size_t n, uint8_t *out, size_t *out_n)
{
    const uint8_t *p = in;
    const uint8_t *end = in + n;
    uint8_t *o = out;
    size_t rest;
    size_t used;

    /* With B_SIZE * 3 / 2 characters left there is room for a word's octets. */
    while ((size_t)(end - p) >= B_SIZE * 3 / 2) {
        uint32_t bad = base64_word(p, o);
        size_t good;

        if (bad == 0) {
            p += B_SIZE;
            o += B_SIZE / 4 * 3;
            continue;
        }
        good = (size_t)__builtin_ctz(bad);
        p += good & ~(size_t)3;
        o += good / 4 * 3;
        if (good % 4 != 0)
            break;
        if (p[0] == '\r' && p[1] == '\n')
            p += 2;
        else if (p[0] == '\n')
            p += 1;
        else
            break;
    }
    used = vec_plain.base64_decode(p, (size_t)(end - p), o, &rest);
    *out_n = (size_t)(o - out) + rest;
    return (size_t)(p - in) + used;
}

static size_t wide_base64_encode(const uint8_t *in, size_t n, char *out)
{
    size_t i = 0;

    for (; n - i >= B_SIZE; i += B_SIZE / 4 * 3)
        base64_unword(in + i, out + i / 3 * 4);
    return i + vec_plain.base64_encode(in + i, n - i, out + i / 3 * 4);
}

#endif
