/* event.h - one event: a kind, the command it belongs to, and records in its own arena.
 *
 * Record slices may point into `raw`, the octets of the response. For an event of the session raw
 * is a place in the receive buffer; a taken event has a copy of its own in its arena, parsed again,
 * so that it shares nothing with the session. */
#ifndef MLA_IMAP_EVENT_H
#define MLA_IMAP_EVENT_H

#include "base/arena.h"
#include "base/zero.h"
#include "mailaccess/imap_types.h"

/* The response that an event came from. */
struct imap_raw {
    const uint8_t *ptr;
    size_t len;      /* the final line end included */
    uint64_t offset; /* in the stream */
};

struct mla_imap_event {
    struct arena arena;
    const struct mem *mem; /* of an event that was taken */
    struct imap_raw raw;
    int32_t type; /* MLA_IMAP_EV_*; 0: nothing; from here on imap_event_clear() */
    uint64_t ticket;
    /* Exactly the one that type names is set. */
    const mla_imap_done *done;
    const mla_imap_text *text; /* GREETING, TEXT */
    const mla_imap_fetch *fetch;
    const mla_imap_section *section;
    const mla_imap_list *list;
    const mla_imap_status *status;
    const mla_imap_search *search; /* SEARCH, VANISHED */
    const mla_imap_warning *warning;
    const void *record;   /* OTHER, and every kind from 20 on */
    const mla_str *words; /* CAPABILITY, FLAGS, ENABLED */
    size_t word_count;
    uint32_t number;      /* EXISTS, RECENT, EXPUNGE */
    const uint8_t *chunk; /* CHUNK */
    size_t chunk_len;
    uint64_t chunk_offset; /* in the section */
};

/* Nothing came: all but the memory, the octets, and what only the type makes valid. */
static inline void imap_event_clear(struct mla_imap_event *ev)
{
    const size_t from = offsetof(struct mla_imap_event, type);

    zero_record((char *)ev + from, offsetof(struct mla_imap_event, chunk) - from);
}

#endif
