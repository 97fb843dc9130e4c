/* enc_search.h - search keys: checked and copied when the command is queued, written when it is
 * sent. */
#ifndef MLA_IMAP_ENC_SEARCH_H
#define MLA_IMAP_ENC_SEARCH_H

#include "imap/caps.h"
#include "imap/enc.h"
#include "mailaccess/imap_args.h"

enum { SEARCH_DEPTH_MAX = 64 };

/* What the server must be able to do. */
enum {
    SEARCH_NEEDS_WITHIN = 1,
    SEARCH_NEEDS_CONDSTORE = 2,
    SEARCH_NEEDS_REV1 = 4,
    SEARCH_NEEDS_SAVEDATE = 8,
    SEARCH_NEEDS_OBJECTID = 16,
    SEARCH_NEEDS_FUZZY = 32,
    SEARCH_NEEDS_FILTERS = 64,
    SEARCH_NEEDS_SEARCHRES = 128,
    SEARCH_NEEDS_ANNOTATE = 256,
    SEARCH_NEEDS_GMAIL = 512,
    SEARCH_ASKS_LIMIT = 1024 /* written otherwise without MESSAGELIMIT */
};

struct imap_search_key {
    mla_imap_search_key key; /* strings in the arena, ranges not used */
    struct imap_set set;
};

struct imap_search {
    struct imap_search_key *keys;
    size_t count;
    uint32_t needs; /* SEARCH_NEEDS_* */
    int uses_seqs;  /* names message numbers */
    int uses_saved; /* "$" */
    int ascii;      /* no text needs a charset */
    int has_uid_keys;
};

/* Copies count keys that stand one behind the other, each as large as the first one says, into the
 * arena. 0; MLA_E_ARG (an operand is missing, a date is none, no UTF-8 ...), MLA_E_UNSUPPORTED (a
 * key of a newer header), MLA_E_LIMIT, MLA_E_NOMEM. */
int imap_search_copy(struct imap_search *s, struct arena *a, const mla_imap_search_key *keys,
                     size_t count);
/* 0, or MLA_E_UNSUPPORTED when a key is none for a server with these capabilities, IMAP4rev2 in
 * force or not. */
int imap_search_can(struct imap_search *s, const struct imap_caps *caps, int rev2);
/* Writes " CHARSET UTF-8 ..." where it is needed, and the keys, each with a space in front. */
void imap_search_encode(struct imap_enc *e, const struct imap_search *s);
/* The same for SORT and THREAD, where the charset is always named (RFC 5256 section 5). */
void imap_search_encode_ordered(struct imap_enc *e, const struct imap_search *s);

#endif
