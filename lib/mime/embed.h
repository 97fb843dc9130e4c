/* embed.h - files inside a body: uuencode and yEnc in a text, and what a TNEF part carries. */
#ifndef MLA_MIME_EMBED_H
#define MLA_MIME_EMBED_H

#include "base/arena.h"
#include "mailaccess/mime_body_types.h"
#include "mime/tree.h"

enum { EMBED_MAX = 1000 }; /* files of one part */

/* TNEF: where a file's octets are. yEnc: the CRC of the whole file. */
struct embed_source {
    const uint8_t *data;
    uint8_t *owned; /* the same, where they had to be made */
    int has_crc;
    uint32_t crc;
};

struct embed_list {
    struct mem mem;
    struct arena arena; /* records and names */
    mla_mime_file **items;
    struct embed_source *sources;
    size_t count;
    size_t cap;
    uint8_t *body; /* the part's body, decoded */
    size_t len;
};

/* Looks for files in a part. 0 (there may be none), MLA_E_NOMEM. */
int embed_find(const struct mla_part *part, struct embed_list *out);
/* The same for octets that are TNEF, of which a copy is made. */
int embed_find_tnef(const struct mem *mem, const uint8_t *p, size_t n, struct embed_list *out);
void embed_free(struct embed_list *l);
/* The octets of file i, decoded; the caller's (free them with l->mem). 0 or MLA_E_NOMEM. */
int embed_data(const struct embed_list *l, size_t i, uint8_t **out_data, size_t *out_len);

/* For tnef.c: one more file, whose texts are empty. *out is NULL where there are too many. 0 or
 * MLA_E_NOMEM. */
int embed_add(struct embed_list *l, int32_t kind, mla_mime_file **out);
/* Where the octets of the newest file are; owned is given back with the list. */
void embed_set(struct embed_list *l, const uint8_t *data, uint8_t *owned, size_t n);
/* A copy of text in a character set (NULL: guessed) as UTF-8 on one line. 0 or MLA_E_NOMEM. */
int embed_text(struct embed_list *l, const char *charset, const void *p, size_t n, mla_str *out);

#endif
