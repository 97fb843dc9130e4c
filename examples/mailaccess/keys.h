/* keys.h - SEARCH keys from the command line (RFC 9051 section 6.4.4).
 *
 *     UNSEEN FROM alice SINCE 1-Feb-2025 OR SUBJECT "a b" NOT ( LARGER 10000 FLAGGED )
 *
 * Each word is an argument of its own; one argument may also hold several, with "quotes" where a
 * value has spaces. Dates are 1-Feb-2025 or 2025-02-01. Nothing is passed on unread. */
#ifndef KEYS_H
#define KEYS_H

#include <mailaccess/imap.h>

struct keys {
    mla_imap_search_key *key;
    size_t count, room;
    char **texts; /* what keys point to */
    size_t text_count, text_room;
    char why[200]; /* what was wrong */
};

/* 0; or -1 and why. keys_free() is due in both cases. */
int keys_parse(struct keys *k, const char *const *words, int count);
void keys_free(struct keys *k);

#endif
