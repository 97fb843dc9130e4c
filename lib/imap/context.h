/* context.h - searches whose results the server keeps up to date (RFC 5267 section 4.3).
 *
 * A search with UPDATE is over with its tagged answer like any other, but its tag and ticket live
 * on here: until the mailbox is left, CANCELUPDATE succeeds, or the server says NOUPDATE. */
#ifndef MLA_IMAP_CONTEXT_H
#define MLA_IMAP_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

struct imap_engine;
struct imap_cmd;
struct mla_str;

enum { IMAP_CONTEXTS = 32 };

struct imap_context {
    uint64_t tag;
    uint64_t ticket;
    uint32_t is_uid;
};
/* Belongs to the selected mailbox: struct imap_state. */
struct imap_contexts {
    struct imap_context *items; /* IMAP_CONTEXTS, freed with the engine; NULL: none */
    size_t count;
};

/* 1 when the text is the tag of that number. */
int imap_context_is_tag(const struct imap_engine *e, uint64_t tag, const struct mla_str *text);
/* Makes room for searches to come. 0 or MLA_E_NOMEM. */
int imap_context_room(struct imap_engine *e);
/* A search has ended well. */
void imap_context_add(struct imap_engine *e, const struct imap_cmd *c);
/* The one with that tag, or ticket; NULL: none. */
const struct imap_context *imap_context_by_tag(const struct imap_engine *e,
                                               const struct mla_str *tag);
const struct imap_context *imap_context_by_ticket(const struct imap_engine *e, uint64_t ticket);
void imap_context_remove(struct imap_engine *e, uint64_t ticket);
/* NOUPDATE: the ticket concerned, 0: none. */
uint64_t imap_context_refuse(struct imap_engine *e, const struct mla_str *tag);

#endif
