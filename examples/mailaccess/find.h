/* find.h - which messages are meant: search keys and sets against the server. */
#ifndef FIND_H
#define FIND_H

#include "connect.h"
#include "set.h"

/* UID SEARCH with keys; the UIDs are added to out, ascending. 0 or an exit status. */
int find_by_keys(struct conn *k, const mla_imap_search_key *keys, size_t count, struct set *out);
/* The same in two: ask, and wait for the answer. early: for the answer alone, since what was sent
 * behind it may be answered before the command is over (Dovecot does so). */
int find_begin(struct conn *k, const mla_imap_search_key *keys, size_t count, uint64_t *out_ticket);
int find_end(struct conn *k, uint64_t ticket, int early, struct set *out);
/* The same with keys as words of the command line. */
int find_by_words(struct conn *k, char **words, int count, struct set *out);
/* Before anything is connected: whether the words behind the URL are keys. 0 or EXIT_USAGE. */
int find_check(struct cli *c);
/* Which UIDs of a set exist. */
int find_uids(struct conn *k, const mla_range *ranges, size_t count, struct set *out);
/* How many UIDs there are in a set without "*". */
uint64_t find_count(const struct set *s);

#endif
