/* collect.h - the collector: a state machine over the POP3 engine, without I/O. See
 * mailaccess/collect.h for what it does.
 *
 * Its driver asks collect_own(), and when that has no event the engine, whose event it hands to
 * collect_take(), and so on; when the engine is dead it says so by collect_dead(). */
#ifndef MLA_COLLECT_COLLECT_H
#define MLA_COLLECT_COLLECT_H

#include "base/mem.h"
#include "collect/event.h"
#include "pop3/engine.h"

struct collect;

/* args: checked by the caller for its size alone; now_s is set. 0 and *out, MLA_E_ARG, MLA_E_STATE,
 * MLA_E_NOMEM, or the engine's error, with *err filled. */
int collect_new(const struct mem *mem, struct pop3_engine *engine, const mla_collect_args *args,
                struct collect **out, mla_error *err);
void collect_free(struct collect *c);
/* It is freed inside a function of the store: calls none of them any more. What goes on until then
 * fails. */
void collect_leave_store(struct collect *c);

/* The next event that needs nothing of the engine: 1 and *out; 0: none. Queues commands. */
int collect_own(struct collect *c, const struct mla_collect_event **out);
/* An event of the engine, which stays valid until collect_own() has returned 0. 1 and *out, or 0.
 */
int collect_take(struct collect *c, const struct mla_pop3_event *ev,
                 const struct mla_collect_event **out);
/* The engine gives no more events. */
void collect_dead(struct collect *c, const mla_error *err);
/* DONE was delivered: 1. *out_error is how it ended, or has so far. */
int collect_is_over(const struct collect *c, int *out_error);
/* ALL was delivered, everything was answered, and only the caller can go on. */
int collect_is_idle(const struct collect *c);

int collect_stored(struct collect *c, uint32_t number, mla_str note);
int collect_keep(struct collect *c, uint32_t number);
int collect_close(struct collect *c);
int collect_commit(struct collect *c);
void collect_error(const struct collect *c, mla_error *out);

#endif
