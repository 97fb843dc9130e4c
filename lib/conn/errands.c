/* errands.c - see errands.h */
#include "conn/errands.h"

#include "base/fail.h"

static int begin(struct detached **way, struct engine *e, mla_error *err)
{
    int code = detached_send(e->errand, way);

    e->errand_ms = e->now_ms;
    return code == 0
               ? 0
               : fail_sys(err, MLA_E_NOMEM, code, "%s cannot be asked: no thread", e->errand->whom);
}

void errands_drop(struct errands *x)
{
    detached_drop(x->way);
    detached_drop(x->old);
    x->way = x->old = NULL;
}

void errands_seen(struct errands *x)
{
    detached_drop(x->old);
    x->old = NULL;
}

/* What is watched is the first that was put by since then. */
static void put_by(struct errands *x)
{
    if (x->old == NULL)
        x->old = x->way;
    else
        detached_drop(x->way);
    x->way = NULL;
}

int errands_turn(struct errands *x, struct engine *e, int *moved, mla_error *err)
{
    if (x->way != NULL && detached_errand(x->way) != e->errand)
        put_by(x);
    if (e->errand == NULL)
        return 0;
    if (x->way == NULL) {
        *moved = 1;
        return begin(&x->way, e, err);
    }
    if (!detached_is_back(x->way)) {
        if (e->now_ms < engine_errand_deadline(e))
            return 0;
        return fail(err, MLA_E_DEADLINE, "%s has not answered for %llu s", e->errand->whom,
                    (unsigned long long)((e->now_ms - e->errand_ms) / 1000));
    }
    put_by(x);
    *moved = 1;
    return e->ops->errand_done(e);
}
