/* answer.h - what one parsed response means for the session. */
#ifndef MLA_IMAP_ANSWER_H
#define MLA_IMAP_ANSWER_H

#include "imap/engine.h"

/* e->ev and r are what was parsed. 1: e->ev is to be told; 0: nothing is; or a fatal error. */
int imap_answer(struct imap_engine *e, const struct imap_resp *r);

/* A large section begins: is it one that was asked for? 1 and e->section_ticket, or 0 and why not
 * in e->warn_discarded. */
int imap_answer_section(struct imap_engine *e, mla_imap_section *section);

/* Makes e->ev a DONE of the library's own. It needs no memory: it must be told in any case. text
 * outlives the event. */
void imap_answer_done(struct imap_engine *e, uint64_t ticket, int error, const char *text);
/* Makes e->ev a warning about its own raw octets. 1. */
int imap_answer_warn(struct imap_engine *e, int id);
/* A ticket has ended. */
void imap_answer_ended(struct imap_engine *e, uint64_t ticket, int error);

#endif
