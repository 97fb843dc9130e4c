/* enc_search.h - search keys: checked and copied when the command is queued, written when it is
 * sent. */
#ifndef MLA_IMAP_ENC_SEARCH_H
#define MLA_IMAP_ENC_SEARCH_H

#include "imap/enc.h"
#include "mailaccess/imap_args.h"

enum { SEARCH_DEPTH_MAX = 64 };

/* What the server must be able to do. */
enum { SEARCH_NEEDS_WITHIN = 1, SEARCH_NEEDS_CONDSTORE = 2, SEARCH_NEEDS_REV1 = 4 };

struct imap_search_key {
    mla_imap_search_key key; /* strings in the arena, ranges not used */
    struct imap_set set;
};

struct imap_search {
    struct imap_search_key *keys;
    size_t count;
    uint32_t needs; /* SEARCH_NEEDS_* */
    int uses_seqs;  /* names message numbers */
    int ascii;      /* no text needs a charset */
};

/* Copies count keys that stand one behind the other, each as large as the first one says, into the
 * arena. 0; MLA_E_ARG (an operand is missing, a date is none, no UTF-8 ...), MLA_E_UNSUPPORTED (a
 * key of a newer header), MLA_E_LIMIT, MLA_E_NOMEM. */
int imap_search_copy(struct imap_search *s, struct arena *a, const mla_imap_search_key *keys,
                     size_t count);
/* Writes " CHARSET UTF-8 ..." where it is needed, and the keys, each with a space in front. */
void imap_search_encode(struct imap_enc *e, const struct imap_search *s);

#endif
