/* resp_numbers.h - lines that may be read in pieces: what is certain of one so far becomes an
 * event, its octets are dropped. Private to resp_search.c, resp_thread.c and resp_batch.c. */
#ifndef MLA_IMAP_RESP_NUMBERS_H
#define MLA_IMAP_RESP_NUMBERS_H

#include "imap/resp_read.h"
#include "mailaccess/imap_search_types.h"

/* One run over (a piece of) a line. Octets up to limit are certain: the one before it separates
 * two words, so a word that begins in front of it ends there. */
struct imap_run {
    struct ilex *l;
    struct imap_batch *state;
    size_t max;           /* items at most, then the rest waits */
    const uint8_t *limit; /* == l->end when all is there */
    int complete;
    mla_str mailbox; /* of a correlator; ptr NULL: none */
};

/* Blanks, up to the limit. */
static inline void imap_run_spaces(struct imap_run *r)
{
    while (r->l->p < r->limit && *r->l->p == ' ')
        r->l->p++;
}

/* Goes over a word that is no number in range: it costs only itself. */
void imap_run_drop(struct imap_run *r, const uint8_t *from);
/* "(TAG "A1" MAILBOX "x" UIDVALIDITY 1)" where it begins. 1: taken; 0: more octets are needed, or
 * it is too long to be remembered; or an error. */
int imap_run_correlator(struct imap_run *r);

/* Read as much as may be read now into ev. A run at the beginning of a line (head) reads what
 * stands in front of the numbers first; ILEX_BAD when that is not there yet. */
int imap_run_numbers(struct imap_run *r, int head, struct mla_imap_event *ev);
int imap_run_thread(struct imap_run *r, int head, struct mla_imap_event *ev);

#endif
