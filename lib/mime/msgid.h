/* msgid.h - Message-ID, In-Reply-To, References, Content-ID (RFC 5322 section 3.6.4). */
#ifndef MLA_MIME_MSGID_H
#define MLA_MIME_MSGID_H

#include "base/slice.h"
#include "mime/warn.h"

/* One field being read. */
struct msgid_reader {
    struct slice s;
    const uint8_t *start; /* of the field's value */
    int bare;             /* no "<" in the whole field */
    int no_quotes;        /* a quote was not closed: none is one any more */
};

void msgid_begin(struct msgid_reader *r, const uint8_t *p, size_t n);
/* Takes the next "<...>"; *out is it, brackets included, as it stands. Words between ids, as old
 * In-Reply-To fields have them, are passed over. In a field that has no "<" at all, words with an
 * "@" are ids, and so is a word that stands alone (with a warning). 1, or 0 at the end. */
int msgid_next(struct msgid_reader *r, struct slice *out, struct warn_set *w, uint64_t base);

#endif
