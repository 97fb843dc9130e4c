/* seen_types.h - what is remembered about messages that were collected. No functions.
 *
 * A store of what has been seen belongs to one source, "pop3:alice@mail.example.org": one
 * maildrop, or one mailbox. It is an interface, so that a program may keep it in its own database;
 * the library has one implementation, a file (seen.h). */
#ifndef MAILACCESS_SEEN_TYPES_H
#define MAILACCESS_SEEN_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MLA_SEEN_PART = 1,  /* only the beginning of the message was fetched (TOP) */
    MLA_SEEN_SHARED = 2 /* the server gave this name to several messages: it proves nothing alone */
};

/* One message, or several that are equal. Octets in id, header and note are the store's to keep as
 * they are: any octet may be in id, a NUL too; header and note are text. New fields come at the
 * end; a store of the caller's own may keep what it knows and leave others zero, except where a
 * field says otherwise. */
typedef struct mla_seen_record {
    uint32_t struct_size;
    uint32_t flags;    /* MLA_SEEN_*; must be kept */
    mla_str id;        /* the key: at most 1,024 octets, never empty */
    uint64_t first_s;  /* when it was collected, in seconds since 1970 UTC; 0: not known. Without it
                          nothing is ever deleted by its age */
    uint64_t gone_s;   /* since when the server does not list it any more; 0: it does */
    uint64_t size;     /* octets, as the server announced; 0: not known */
    uint64_t octets;   /* octets that came; 0: not known */
    mla_str header;    /* digest of the header, at most 64 octets of text; ptr NULL: not known */
    uint32_t count;    /* how many equal messages this is; must be kept, 0 counts as 1 */
    uint32_t doubtful; /* of how many it is not known whether QUIT deleted them; must be kept */
    mla_str note;      /* the caller's own words, a file name for example; ptr NULL: none */
} mla_seen_record;

/* A store for one source. All functions return 0 or an MLA_E_* code, lookup and each 1 for "here it
 * is"; what user points to is handed back to each. They are called on the thread that calls the
 * collector, from inside its functions, mla_collect_new() and mla_collect_free() among them. There
 * they may read what is known of the collector and its mla_pop3; whatever changes or drives one of
 * them is MLA_E_STATE, and freeing them is put off, after which no function of the store is called
 * any more (docs/threading.md). What *out_record points to stays the store's and must live until
 * the next call of one of these functions. each may be NULL. */
typedef struct mla_seen_store {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    void *user;
    /* 1 and *out_record, or 0 when there is none. */
    int (*lookup)(void *user, const uint8_t *id, size_t id_len, mla_seen_record *out_record);
    /* Adds a record, or replaces the one that has the same id. All is copied. It need not be
     * durable before commit. */
    int (*add)(void *user, const mla_seen_record *record);
    /* Forgets a record; 0 too when there is none. */
    int (*remove)(void *user, const uint8_t *id, size_t id_len);
    /* Makes every change so far durable. */
    int (*commit)(void *user);
    /* The next record: *cursor is 0 to begin with and then what the last call left there. 1 and
     * *out_record, or 0 at the end. Records are replaced and removed meanwhile, none is added.
     * Without this function what has vanished from the server is never forgotten, and no
     * RECONCILED event tells of messages that are gone. */
    int (*each)(void *user, uint64_t *cursor, mla_seen_record *out_record);
} mla_seen_store;

#ifdef __cplusplus
}
#endif

#endif
