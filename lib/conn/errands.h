/* errands.h - has an engine's errands done: base/errand.h. */
#ifndef MLA_CONN_ERRANDS_H
#define MLA_CONN_ERRANDS_H

#include "mailaccess/types.h"
#include "net/detached.h"
#include "wire/engine.h"

/* All NULL at first. */
struct errands {
    struct detached *way; /* the errand under way */
    struct detached *old; /* the one before: whoever watches its descriptor does so until
                           * errands_seen(), and its number is nobody else's */
};

/* One turn: begins the errand that the engine has, lets go of one that it does not want any more,
 * and tells the engine when it was done. Sets *moved when something happened. 0, or the error in
 * *err. */
int errands_turn(struct errands *x, struct engine *e, int *moved, mla_error *err);
/* Whoever watches has had the time to look anew. */
void errands_seen(struct errands *x);
/* Lets go of all. */
void errands_drop(struct errands *x);

#endif
