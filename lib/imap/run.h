/* run.h - FETCH answers in a row.
 *
 * What a list of messages consists of: answers that are one line each, were asked for, and leave
 * nothing to tell but themselves. Behind one of them the next is read without the detours that
 * anything else needs: nothing is queued, nothing changes but the mailbox and the buffer. */
#ifndef MLA_IMAP_RUN_H
#define MLA_IMAP_RUN_H

#include "imap/engine.h"

/* 1: the event that e->ev was, a FETCH, is over, and e->ev is the next one, that of the line at the
 * front of the buffer. 0: that is not so simple, and nothing was done. */
int imap_run_next(struct imap_engine *e);

#endif
