/* drop.h - the messages of a maildrop: LIST and UIDL joined by number, and queues of them. */
#ifndef MLA_COLLECT_DROP_H
#define MLA_COLLECT_DROP_H

#include "base/buf.h"
#include "collect/digest.h"
#include "mailaccess/pop3_types.h"

/* No maildrop has as many; a listing without end would fill the memory (M17). */
enum { DROP_MOST = 5000000 };
/* UIDLs should have 70 octets (RFC 1939 section 7); of those that have more than this a digest is
 * taken. */
enum { DROP_UIDL_MAX = 512 };

struct mail {
    uint32_t number;
    uint32_t flags;    /* MLA_COLLECT_* and MAIL_* */
    uint64_t size;     /* announced; 0: not known */
    uint64_t octets;   /* that came */
    size_t uidl_at;    /* in drop.text */
    uint32_t uidl_len; /* 0: none */
    uint8_t known_by;  /* MLA_COLLECT_BY_* */
    uint8_t state;     /* AT_* */
    uint8_t reason;    /* MLA_COLLECT_SKIP_* */
    uint8_t spare;
    uint8_t header[DIGEST_LEN]; /* with MAIL_HEADER */
    uint8_t whole[DIGEST_LEN];  /* with MAIL_ENDED and BY_WHOLE */
};

/* Flags of our own, beside those that the caller sees. */
enum {
    MAIL_LISTED = 1 << 16,   /* by LIST */
    MAIL_HEADER = 1 << 17,   /* the digest of its header is known */
    MAIL_NO_PROBE = 1 << 18, /* the header cannot be had by itself */
    MAIL_VERIFIED = 1 << 19, /* it is certain that it is what was stored */
    MAIL_PLAIN = 1 << 20,    /* its record is the one of its UIDL, though that is shared */
    MAIL_DOUBTFUL = 1 << 21, /* perhaps deleted by an earlier session: it was not */
    MAIL_LEAVES = 1 << 22,   /* DELE is to be sent, or was, and was not refused */
    MAIL_DOOMED = 1 << 23,   /* DELE was answered +OK */
    MAIL_MUST = 1 << 24,     /* it stands for the others: is its UIDL to be believed? */
    MAIL_ENDED = 1 << 25,    /* it came whole, both digests are known */
    MAIL_NOTES = 1 << 26,    /* the server writes into its header, and so its size changes */
};

struct drop {
    const struct mem *mem;
    struct mail *mail; /* sorted by number, once joined */
    uint32_t count;
    uint32_t room;
    struct buf text;   /* UIDLs */
    uint32_t *by_uidl; /* indices of those that have a UIDL, sorted by it */
    uint32_t uidl_count;
    int joined;
};

void drop_init(struct drop *d, const struct mem *mem);
void drop_free(struct drop *d);
/* Adds a line of LIST or UIDL, whose slices are copied. 0, MLA_E_NOMEM, MLA_E_FLOOD. */
int drop_add(struct drop *d, const mla_pop3_item *item);
/* Joins what was added: one entry a number; flags those whose UIDL others have, too. 0 or
 * MLA_E_NOMEM. */
int drop_join(struct drop *d);
mla_str drop_uidl(const struct drop *d, const struct mail *m);
/* The message of that number; NULL when it is not listed. */
struct mail *drop_find(const struct drop *d, uint32_t number);
/* A message that has that UIDL; NULL when none has. */
struct mail *drop_find_uidl(const struct drop *d, mla_str uidl);

/* A queue of indices. Each message is in it at most once, so its room is known. */
struct fifo {
    uint32_t *item;
    uint32_t room;
    uint32_t first;
    uint32_t count;
};

int fifo_init(struct fifo *f, const struct mem *mem, uint32_t room);
void fifo_free(struct fifo *f, const struct mem *mem);
void fifo_push(struct fifo *f, uint32_t index);
uint32_t fifo_peek(const struct fifo *f);
uint32_t fifo_pop(struct fifo *f);

#endif
