/* errand.h - a call that may block, and so is made by nobody who must not wait: whoever needs it
 * hands it to whoever drives an engine, who has it made on a thread of its own. */
#ifndef MLA_BASE_ERRAND_H
#define MLA_BASE_ERRAND_H

#include <stdatomic.h>
#include <stddef.h>

struct errand {
    /* The call. It knows nothing of a session: that may be gone before it returns. */
    void (*run)(struct errand *x);
    /* Frees x and what came of it; on the thread of whoever had it last. */
    void (*end)(struct errand *x);
    const char *whom; /* who is asked, for messages: "the Kerberos library"; static */
    atomic_int refs;
};

/* Made, with one owner. */
static inline void errand_init(struct errand *x, void (*run)(struct errand *x),
                               void (*end)(struct errand *x), const char *whom)
{
    x->run = run;
    x->end = end;
    x->whom = whom;
    atomic_init(&x->refs, 1);
}

/* One more owner. */
static inline void errand_keep(struct errand *x)
{
    atomic_fetch_add(&x->refs, 1);
}

/* One less; NULL is accepted. */
static inline void errand_drop(struct errand *x)
{
    if (x != NULL && atomic_fetch_sub(&x->refs, 1) == 1)
        x->end(x);
}

#endif
