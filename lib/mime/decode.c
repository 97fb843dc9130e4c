/* decode.c - see decode.h */
#include "mime/decode.h"

#include "base/ascii.h"
#include "base/num.h"
#include "mailaccess/types.h"

#include <string.h>

enum { PIECE = 4096 };

enum decode_kind decode_kind_of(const char *encoding)
{
    size_t n = encoding != NULL ? strlen(encoding) : 0;

    if (ascii_equal_word(encoding, n, "base64"))
        return DECODE_BASE64;
    if (ascii_equal_word(encoding, n, "quoted-printable"))
        return DECODE_QP;
    /* no encodings of MIME, but senders say them */
    if (ascii_equal_word(encoding, n, "x-uuencode") || ascii_equal_word(encoding, n, "x-uue") ||
        ascii_equal_word(encoding, n, "uuencode"))
        return DECODE_UU;
    if (ascii_equal_word(encoding, n, "x-yencode") || ascii_equal_word(encoding, n, "x-yenc") ||
        ascii_equal_word(encoding, n, "yencode"))
        return DECODE_YENC;
    return DECODE_IDENTITY;
}

size_t decode_feed(struct decoder_state *d, const void *in, size_t n, uint8_t *out)
{
    if (n == 0)
        return 0;
    if (d->kind == DECODE_BASE64)
        return base64_feed(&d->base64, in, n, out);
    if (d->kind == DECODE_QP)
        return qp_feed(&d->qp, in, n, out);
    if (d->kind == DECODE_UU)
        return uu_feed(&d->uu, in, n, out);
    if (d->kind == DECODE_YENC)
        return yenc_feed(&d->yenc, in, n, out);
    memcpy(out, in, n);
    return n;
}

size_t decode_end(struct decoder_state *d, uint8_t *out)
{
    if (d->kind == DECODE_BASE64)
        return base64_end(&d->base64, out);
    if (d->kind == DECODE_UU)
        return uu_end(&d->uu, out);
    if (d->kind == DECODE_YENC)
        return yenc_end(&d->yenc, out);
    return d->kind == DECODE_QP ? qp_end(&d->qp, out) : 0;
}

void decode_warnings(const struct decoder_state *d, struct warn_set *w, uint64_t base)
{
    static const int of_base64[BASE64_DEFECTS] = {
        MLA_MIME_WARN_BASE64_JUNK, MLA_MIME_WARN_BASE64_AFTER, MLA_MIME_WARN_BASE64_UNPADDED,
        MLA_MIME_WARN_BASE64_CUT};
    static const int of_qp[QP_DEFECTS] = {MLA_MIME_WARN_QP_BAD, MLA_MIME_WARN_QP_CUT,
                                          MLA_MIME_WARN_QP_LOWER};

    for (int i = 0; i < BASE64_DEFECTS; i++)
        if (d->base64.defects & 1U << i)
            warn_add(w, of_base64[i], base + d->base64.at[i]);
    for (int i = 0; i < QP_DEFECTS; i++)
        if (d->qp.defects & 1U << i)
            warn_add(w, of_qp[i], base + d->qp.at[i]);
    if (d->uu.defects != 0 || (d->yenc.defects & YENC_CUT) != 0)
        warn_add(w, MLA_MIME_WARN_FILE_CUT, base);
    if ((d->yenc.defects & (YENC_CHECKSUM | YENC_SIZE)) != 0)
        warn_add(w, MLA_MIME_WARN_CHECKSUM, base);
}

int decode_whole(const struct mem *mem, const char *encoding, const void *in, size_t n,
                 uint8_t **out_data, size_t *out_len, struct warn_set *w)
{
    struct decoder_state d;
    size_t room;
    size_t len;
    uint8_t *p;

    memset(&d, 0, sizeof d);
    d.kind = decode_kind_of(encoding);
    if (!num_add(n, 2 * QP_HOLD, &room))
        return MLA_E_NOMEM;
    room = decode_room(d.kind, n) + 16;
    p = mem_alloc(mem, room);
    if (p == NULL)
        return MLA_E_NOMEM;
    len = decode_feed(&d, in, n, p);
    len += decode_end(&d, p + len);
    p[len] = '\0';
    decode_warnings(&d, w, 0);
    *out_data = p;
    *out_len = len;
    return 0;
}

uint64_t decode_size(const char *encoding, const void *in, size_t n, struct warn_set *w)
{
    uint8_t out[PIECE + QP_HOLD];
    struct decoder_state d;
    const uint8_t *p = in;
    uint64_t size = 0;

    memset(&d, 0, sizeof d);
    d.kind = decode_kind_of(encoding);
    if (d.kind == DECODE_IDENTITY)
        return n;
    while (n > 0) {
        size_t piece = n < PIECE ? n : PIECE;

        size += decode_feed(&d, p, piece, out);
        p += piece;
        n -= piece;
    }
    size += decode_end(&d, out);
    decode_warnings(&d, w, 0);
    return size;
}
