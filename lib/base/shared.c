/* shared.c - see shared.h */
#include "base/shared.h"

#include "mailaccess/types.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SLOTS = 64 };

struct block {
    const struct mem *mem;
    struct shared *owner; /* NULL: it is in none */
    struct block *next;   /* in its slot */
    size_t holders;
    size_t len;
    size_t head; /* of these octets those at the begin that are not compared */
    uint64_t hash;
    _Alignas(max_align_t) unsigned char octets[];
};

struct shared {
    const struct mem *mem;
    pthread_mutex_t lock;
    struct block *slots[SLOTS];
};

int shared_new(const struct mem *mem, struct shared **out)
{
    struct shared *s = mem_zero(mem, sizeof *s);

    if (s == NULL)
        return MLA_E_NOMEM;
    if (pthread_mutex_init(&s->lock, NULL) != 0) {
        mem_free(mem, s);
        return MLA_E_NOMEM;
    }
    s->mem = mem;
    *out = s;
    return 0;
}

void shared_free(struct shared *s)
{
    if (s == NULL)
        return;
    pthread_mutex_destroy(&s->lock);
    mem_free(s->mem, s);
}

static uint64_t hash_of(const unsigned char *p, size_t n)
{
    uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a */

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * 0x100000001b3U;
    return hash;
}

/* What is looked for. */
struct text {
    const unsigned char *ptr;
    size_t len;
    size_t head; /* octets at its begin that do not count */
    uint64_t hash;
};

static int is(const struct block *b, const struct text *t)
{
    return b->hash == t->hash && b->len == t->len && b->head == t->head &&
           (t->len == t->head ||
            memcmp(b->octets + t->head, t->ptr + t->head, t->len - t->head) == 0);
}

/* The block with these octets, held once more; else fresh, which is put in. NULL: that is none. */
static struct block *find(struct shared *s, const struct text *t, struct block *fresh)
{
    struct block **slot = &s->slots[t->hash % SLOTS];
    struct block *b;

    pthread_mutex_lock(&s->lock);
    for (b = *slot; b != NULL && !is(b, t); b = b->next)
        ;
    if (b != NULL) {
        b->holders++;
    } else if (fresh != NULL) {
        fresh->next = *slot;
        *slot = b = fresh;
    }
    pthread_mutex_unlock(&s->lock);
    return b;
}

static struct block *block_new(const struct mem *mem, struct shared *s, const struct text *t,
                               void (*fill)(void *block, size_t head))
{
    struct block *b = mem_alloc(mem, sizeof *b + t->len); /* it is in memory: no overflow */

    if (b == NULL)
        return NULL;
    b->mem = mem;
    b->owner = s;
    b->next = NULL;
    b->holders = 1;
    b->len = t->len;
    b->head = t->head;
    b->hash = t->hash;
    if (t->len != 0)
        memcpy(b->octets, t->ptr, t->len);
    if (fill != NULL)
        fill(b->octets, t->head);
    return b;
}

/* Memory is asked for and given back outside the lock: the allocator is the caller's own. */
const void *shared_make(struct shared *s, const struct mem *mem, const void *octets, size_t len,
                        size_t head, void (*fill)(void *block, size_t head))
{
    struct text t = {octets, len, head, 0};
    struct block *fresh;
    struct block *b;

    if (s == NULL) {
        b = block_new(mem, NULL, &t, fill);
        return b != NULL ? b->octets : NULL;
    }
    t.hash = hash_of(t.ptr + head, len - head);
    b = find(s, &t, NULL);
    if (b != NULL)
        return b->octets;
    fresh = block_new(s->mem, s, &t, fill);
    if (fresh == NULL)
        return NULL;
    b = find(s, &t, fresh);
    if (b != fresh)
        mem_free(s->mem, fresh);
    return b->octets;
}

const void *shared_keep(struct shared *s, const struct mem *mem, const void *octets, size_t len)
{
    return shared_make(s, mem, octets, len, 0, NULL);
}

static struct block *block_of(const void *p)
{
    return (struct block *)((uintptr_t)p - offsetof(struct block, octets));
}

static void lock(struct shared *s)
{
    if (s != NULL)
        pthread_mutex_lock(&s->lock);
}

static void unlock(struct shared *s)
{
    if (s != NULL)
        pthread_mutex_unlock(&s->lock);
}

const void *shared_hold(const void *p)
{
    struct block *b = block_of(p);

    lock(b->owner);
    b->holders++;
    unlock(b->owner);
    return p;
}

/* Under the lock. */
static void take_out(struct block *b)
{
    struct block **at = &b->owner->slots[b->hash % SLOTS];

    while (*at != b)
        at = &(*at)->next;
    *at = b->next;
}

void shared_drop(const void *p)
{
    struct shared *s;
    struct block *b;
    int is_last;

    if (p == NULL)
        return;
    b = block_of(p);
    s = b->owner;
    lock(s);
    is_last = --b->holders == 0;
    if (is_last && s != NULL)
        take_out(b);
    unlock(s);
    if (is_last)
        mem_free(b->mem, b);
}
