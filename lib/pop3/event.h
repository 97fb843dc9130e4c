/* event.h - one event of a POP3 session. */
#ifndef MLA_POP3_EVENT_H
#define MLA_POP3_EVENT_H

#include "base/mem.h"
#include "mailaccess/certificate_types.h"
#include "mailaccess/pop3_types.h"
#include "mailaccess/token_types.h"

/* Slices of an event of the session point into the receive buffer or into the engine. A taken event
 * is one block that holds everything. */
struct mla_pop3_event {
    int32_t type; /* MLA_POP3_EV_*; 0: nothing */
    uint64_t ticket;
    mla_pop3_done done;
    mla_pop3_stat stat;
    mla_pop3_greeting greeting;
    mla_pop3_warning warning;
    mla_pop3_language language;
    const mla_pop3_item *items;
    uint32_t item_count;
    const uint8_t *chunk;
    size_t chunk_len;
    uint64_t chunk_offset;
    const char *mechanism;                    /* static */
    const mla_certificate_chain *certificate; /* the session's; a taken event's own */
    mla_token_info token;
    struct mem mem; /* of a taken event */
};

/* A copy that shares nothing; 0 or MLA_E_NOMEM. */
int pop3_event_copy(const struct mla_pop3_event *ev, const struct mem *mem,
                    struct mla_pop3_event **out);
/* Frees a copy; NULL is accepted. */
void pop3_event_free(struct mla_pop3_event *ev);

#endif
