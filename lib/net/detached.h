/* detached.h - a thread that is never waited for: what may block is asked on one. */
#ifndef MLA_NET_DETACHED_H
#define MLA_NET_DETACHED_H

#include "base/errand.h"

/* Runs run(arg) on a thread of its own, in which every signal is blocked. It may outlive whoever
 * starts it, so what arg points to must be its own, or shared by count. 0 or an errno value; then
 * nothing runs. */
int detached_start(void *(*run)(void *arg), void *arg);

/* Makes the reading end of a pipe readable. The pipe must have room. */
void detached_tell(int fd);

/* An errand under way on such a thread. Each end has a share in it. */
struct detached;
/* 0 or an errno value. */
int detached_send(struct errand *x, struct detached **out);
/* Becomes readable when the call has returned or, after detached_watch(), when fd is. Where that
 * cannot be had it is for the call alone. fd may be closed before. */
void detached_watch(struct detached *d, int fd);
int detached_fd(const struct detached *d);
/* 1 when it has: what came of it may be looked at. */
int detached_is_back(const struct detached *d);
const struct errand *detached_errand(const struct detached *d);
/* Nobody waits for it any more; a thread still at work frees it when it is through. NULL is
 * accepted. */
void detached_drop(struct detached *d);

#endif
