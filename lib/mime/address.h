/* address.h - address lists (RFC 5322 sections 3.4 and 4.4) as mla_address records. */
#ifndef MLA_MIME_ADDRESS_H
#define MLA_MIME_ADDRESS_H

#include "base/arena.h"
#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

/* A list and the memory behind it. */
struct address_list {
    const struct mem *mem;
    struct arena arena; /* the texts */
    mla_address *items;
    size_t count;
    size_t cap;
};

struct address_limits {
    uint32_t max_addresses;
    uint32_t max_words;
};

void address_init(struct address_list *l, const struct mem *mem);
/* Reads a field's value. name is decoded UTF-8 without control characters. mailbox and host come
 * from the raw syntax alone, never from decoded text (X12): quotes, comments and white space gone,
 * not decoded. What cannot be read as an address keeps its text in mailbox and has no host.
 * 0 or MLA_E_NOMEM. */
int address_parse(struct address_list *l, const uint8_t *p, size_t n,
                  const struct address_limits *limits, struct warn_set *w, uint64_t base);
void address_free(struct address_list *l);

#endif
