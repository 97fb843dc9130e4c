/* set.h - sets of message numbers or UIDs (RFC 9051 section 9, sequence-set). */
#ifndef MLA_IMAP_SET_H
#define MLA_IMAP_SET_H

#include "base/arena.h"
#include "base/buf.h"
#include "mailaccess/types.h"

/* In order, without overlaps; ranges that touch are one. first <= last, but 0 stands for "*" and
 * counts as higher than any number. */
struct imap_set {
    mla_range *ranges;
    size_t count;
};

/* A copy of count ranges in any order. 0, MLA_E_ARG (no range at all), MLA_E_NOMEM. The same
 * messages are meant, with one exception that RFC 9051 allows: none is named twice. */
int imap_set_copy(struct imap_set *s, struct arena *a, const mla_range *ranges, size_t count);

/* Adds the ranges from *at on, as many as fit into room octets, and moves *at behind them; at least
 * one is added. buf's own errors. */
int imap_set_add(const struct imap_set *s, size_t *at, size_t room, struct buf *out);

/* 1 when the number is in the set; highest is what "*" stands for, 0 when that is not known: then
 * every number from the start of a range that ends in "*" is taken as meant. A lone "*" or a range
 * that begins above the highest number always means the highest (RFC 9051 section 9, seq-range).
 * *out_at is set where imap_set_has_at() is true of a range, then to that. */
int imap_set_has(const struct imap_set *s, uint32_t number, uint32_t highest, size_t *out_at);

/* 1 when the number is in range `at`. */
static inline int imap_set_has_at(const struct imap_set *s, size_t at, uint32_t number)
{
    const mla_range *r = &s->ranges[at];

    return r->first != 0 && r->first <= number && (r->last == 0 || number <= r->last);
}

/* 1 when no message is in both; 0 also where "*" makes that unknown. */
int imap_set_apart(const struct imap_set *a, const struct imap_set *b);

#endif
