/* accepted.c - see accepted.h */
#include "net/accepted.h"

#include <pthread.h>
#include <string.h>

struct entry {
    struct entry *next; /* the next older one */
    struct hostname host;
    uint8_t key[ACCEPTED_KEY];
    uint32_t why;
};

struct accepted {
    const struct mem *mem;
    pthread_mutex_t lock;
    struct entry *newest;
};

int accepted_new(const struct mem *mem, struct accepted **out)
{
    struct accepted *a = mem_zero(mem, sizeof *a);

    if (a == NULL)
        return MLA_E_NOMEM;
    if (pthread_mutex_init(&a->lock, NULL) != 0) {
        mem_free(mem, a);
        return MLA_E_NOMEM;
    }
    a->mem = mem;
    *out = a;
    return 0;
}

void accepted_free(struct accepted *a)
{
    struct entry *e;

    if (a == NULL)
        return;
    while ((e = a->newest) != NULL) {
        a->newest = e->next;
        mem_free(a->mem, e);
    }
    pthread_mutex_destroy(&a->lock);
    mem_free(a->mem, a);
}

/* An address has many spellings, and one value. */
static int same_host(const struct hostname *a, const struct hostname *b)
{
    if (a->ip_len != b->ip_len)
        return 0;
    return a->ip_len != 0 ? memcmp(a->ip, b->ip, a->ip_len) == 0 : strcmp(a->ascii, b->ascii) == 0;
}

/* Under the lock. */
static struct entry *find(struct accepted *a, const struct hostname *host, const uint8_t *key,
                          int *out_others)
{
    *out_others = 0;
    for (struct entry *e = a->newest; e != NULL; e = e->next) {
        if (!same_host(&e->host, host))
            continue;
        if (memcmp(e->key, key, ACCEPTED_KEY) == 0)
            return e;
        *out_others = 1;
    }
    return NULL;
}

/* Puts e in front; the one too many is returned. Under the lock. */
static struct entry *put(struct accepted *a, struct entry *e)
{
    struct entry **at = &a->newest;
    struct entry *old;
    size_t n = 0;

    e->next = a->newest;
    a->newest = e;
    while (*at != NULL && n++ < ACCEPTED_MAX)
        at = &(*at)->next;
    old = *at;
    *at = NULL;
    return old;
}

int accepted_add(struct accepted *a, const struct hostname *host, const uint8_t key[ACCEPTED_KEY],
                 uint32_t why)
{
    struct entry *fresh = mem_zero(a->mem, sizeof *fresh);
    struct entry *old = fresh;
    struct entry *e;
    int others;

    if (fresh == NULL)
        return MLA_E_NOMEM;
    fresh->host = *host;
    memcpy(fresh->key, key, ACCEPTED_KEY);
    fresh->why = why;
    pthread_mutex_lock(&a->lock);
    e = find(a, host, key, &others);
    if (e != NULL)
        e->why |= why;
    else
        old = put(a, fresh);
    pthread_mutex_unlock(&a->lock);
    mem_free(a->mem, old);
    return 0;
}

int accepted_has(struct accepted *a, const struct hostname *host, const uint8_t key[ACCEPTED_KEY],
                 uint32_t why, int *out_changed)
{
    const struct entry *e;
    int yes;

    *out_changed = 0;
    if (a == NULL)
        return 0;
    pthread_mutex_lock(&a->lock);
    e = find(a, host, key, out_changed);
    yes = e != NULL && (why & ~e->why) == 0;
    if (e != NULL)
        *out_changed = 0;
    pthread_mutex_unlock(&a->lock);
    return yes;
}

int accepted_is_empty(struct accepted *a)
{
    int empty;

    if (a == NULL)
        return 1;
    pthread_mutex_lock(&a->lock);
    empty = a->newest == NULL;
    pthread_mutex_unlock(&a->lock);
    return empty;
}
