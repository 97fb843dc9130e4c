/* engine.c - see engine.h */
#include "wire/engine.h"

#include <string.h>

enum { OVERSLEPT_MS = 1000 };

void engine_init(struct engine *e, const struct engine_ops *ops, const struct mem *mem,
                 size_t in_first, size_t in_max, size_t out_max, const struct pace_limits *limits)
{
    memset(e, 0, sizeof *e);
    e->ops = ops;
    e->mem = mem;
    inbuf_init(&e->in, mem, in_first, in_max);
    outq_init(&e->out, mem, out_max);
    pace_init(&e->pace, limits);
    e->wake_ms = UINT64_MAX;
}

int engine_tick(struct engine *e, uint64_t now_ms)
{
    if (e->dead != 0)
        return e->dead;
    if (now_ms > e->now_ms)
        e->now_ms = now_ms;
    pace_tick(&e->pace, e->now_ms, e->out.held != 0);
    /* Octets that wait for the consumer are not the server's silence. */
    if (inbuf_len(&e->in) == 0 || e->in.hungry) {
        mla_error err = {0};

        if (pace_check(&e->pace, e->now_ms, &err) != 0)
            return engine_dead(e, &err);
    }
    return e->ops->tick != NULL ? e->ops->tick(e) : 0;
}

int engine_overslept(const struct engine *e, uint64_t now_ms)
{
    uint64_t at = pace_deadline(&e->pace);

    return e->dead == 0 && at != UINT64_MAX && now_ms > at && now_ms - at > OVERSLEPT_MS;
}

void engine_errand(struct engine *e, struct errand *x)
{
    if (x != NULL)
        errand_keep(x);
    errand_drop(e->errand);
    e->errand = x;
    e->errand_ms = e->now_ms;
}

/* Who is asked may be silent for as long as the server may. */
uint64_t engine_errand_deadline(const struct engine *e)
{
    uint64_t limit = e->pace.limits->silence_ms;

    if (e->errand == NULL || limit == 0 || e->errand_ms > UINT64_MAX - limit)
        return UINT64_MAX;
    return e->errand_ms + limit;
}

uint64_t engine_deadline(const struct engine *e)
{
    uint64_t at = pace_deadline(&e->pace);
    uint64_t errand = engine_errand_deadline(e);

    if (e->dead != 0)
        return UINT64_MAX;
    if (errand < at)
        at = errand;
    return e->wake_ms < at ? e->wake_ms : at;
}

int engine_room(struct engine *e, uint8_t **out_p, size_t *out_n)
{
    if (e->pace.due)
        e->in.calm = 0;
    return inbuf_room(&e->in, out_p, out_n);
}

void engine_got(struct engine *e, size_t n)
{
    inbuf_put(&e->in, n);
    pace_got(&e->pace, e->now_ms, n);
}

void engine_drained(struct engine *e, uint64_t now_ms)
{
    if (now_ms > e->now_ms)
        e->now_ms = now_ms;
    /* Once for all that was received: asking again while nothing comes must not put off the
     * deadline, or somebody who waits in short steps would wait for ever. */
    if (!e->in.hungry)
        pace_pause(&e->pace, e->now_ms);
    e->in.hungry = 1;
}

int engine_dead(struct engine *e, const mla_error *err)
{
    if (e->dead == 0) {
        e->dead = err->code;
        e->why = *err;
        mask_hide(&e->mask, e->why.message, sizeof e->why.message);
        if (e->why.offset == 0)
            e->why.offset = e->in.taken;
    }
    return e->dead;
}

int engine_knows(struct engine *e, const void *secret, size_t len)
{
    return mask_secret(&e->mask, e->mem, secret, len);
}

int engine_secret(struct engine *e, const void *secret, size_t len)
{
    int rc = mask_sent(&e->mask, e->mem, secret, len);

    return rc != 0 ? rc : outq_add_secret(&e->out, secret, len);
}

void engine_hide(const struct engine *e, mla_str text)
{
    /* The octets lie in the receive buffer, or in a copy of it that is the engine's own. */
    mask_hide(&e->mask, (void *)(uintptr_t)text.ptr, text.len);
}

int engine_rests(const struct engine *e)
{
    return !e->pace.due && e->dead == 0 && inbuf_len(&e->in) == 0 && e->in.hungry && !e->in.lent;
}

void engine_rest(struct engine *e)
{
    if (!engine_rests(e))
        return;
    inbuf_rest(&e->in);
    if (e->ops->rest != NULL)
        e->ops->rest(e);
}

void engine_free(struct engine *e)
{
    inbuf_free(&e->in);
    outq_free(&e->out);
    mask_free(&e->mask, e->mem);
    trace_free(e->trace);
    e->trace = NULL;
    errand_drop(e->errand);
    e->errand = NULL;
}
