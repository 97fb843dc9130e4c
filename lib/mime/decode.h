/* decode.h - transfer encodings undone (RFC 2045 section 6), streaming or whole. */
#ifndef MLA_MIME_DECODE_H
#define MLA_MIME_DECODE_H

#include "base/mem.h"
#include "codec/base64.h"
#include "codec/qp.h"
#include "codec/uu.h"
#include "codec/yenc.h"
#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

enum decode_kind { DECODE_IDENTITY, DECODE_BASE64, DECODE_QP, DECODE_UU, DECODE_YENC };

/* The kind for a name in any case; unknown names and NULL are the identity. */
enum decode_kind decode_kind_of(const char *encoding);

/* All zero but for kind to begin with. */
struct decoder_state {
    enum decode_kind kind;
    struct base64_dec base64;
    struct qp_dec qp;
    struct uu_dec uu;
    struct yenc_dec yenc;
};

/* The most that one feed of n octets, or the end (n 0), can write. */
static inline size_t decode_room(enum decode_kind kind, size_t n)
{
    return kind == DECODE_BASE64 ? base64_room(n)
           : kind == DECODE_QP   ? qp_room(n)
           : kind == DECODE_UU   ? uu_room(n)
           : kind == DECODE_YENC ? yenc_room(n)
                                 : n;
}

/* Decodes n octets into out, which has decode_room(); how many were written. */
size_t decode_feed(struct decoder_state *d, const void *in, size_t n, uint8_t *out);
size_t decode_end(struct decoder_state *d, uint8_t *out);
/* What was wrong, with offsets in the encoded octets plus base. */
void decode_warnings(const struct decoder_state *d, struct warn_set *w, uint64_t base);
/* All at once: *out_data is the caller's (free it with mem), with a NUL behind it. w may be NULL.
 * 0 or MLA_E_NOMEM. */
int decode_whole(const struct mem *mem, const char *encoding, const void *in, size_t n,
                 uint8_t **out_data, size_t *out_len, struct warn_set *w);
/* How many octets it would come to; nothing is allocated. */
uint64_t decode_size(const char *encoding, const void *in, size_t n, struct warn_set *w);

#endif
