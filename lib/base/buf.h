/* buf.h - a growable run of octets that cannot be made without a maximum. */
#ifndef MLA_BASE_BUF_H
#define MLA_BASE_BUF_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

struct buf {
    const struct mem *mem;
    uint8_t *ptr;
    size_t len;
    size_t cap;
    size_t max;
    int failed; /* sticky: MLA_E_NOMEM or MLA_E_LIMIT; every later add fails with it */
    int secret; /* wiped whenever memory is given back */
};

/* Allocates nothing yet. */
void buf_init(struct buf *b, const struct mem *mem, size_t max);
/* 0, MLA_E_NOMEM or MLA_E_LIMIT. Errors stick, so a run of adds may be checked once at its end. */
int buf_add(struct buf *b, const void *ptr, size_t len);
int buf_add_byte(struct buf *b, unsigned char c);
int buf_add_word(struct buf *b, const char *word);
int buf_add_number(struct buf *b, uint64_t value);
/* Room for len octets more; the place to write them, or NULL. buf_grew() then says how many came.
 */
uint8_t *buf_room(struct buf *b, size_t len);
void buf_grew(struct buf *b, size_t len);
/* A final NUL behind the content, not counted in len. The text, or NULL on failure. */
const char *buf_text(struct buf *b);
/* Hands the memory (NUL-terminated) to the caller, who frees it with mem; NULL on failure. */
char *buf_take(struct buf *b, size_t *out_len);
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

#endif
