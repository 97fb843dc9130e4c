/* imap_view.c - what a mailbox of many messages costs to know: octets and time.
 *
 *     imap_view [MESSAGES [ROUNDS]]
 *
 * A line a kind of mailbox: octets asked of the allocator when the UIDs and flags of all messages
 * are known, and how many blocks of memory that is; then nanoseconds per message or call: told in
 * order; told again; told in any order; found by UID; expunged at random (a tenth of them); octets
 * after that. */
#include "imap/msgmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The size stands in front of each block. */
struct counted {
    size_t octets;
    size_t blocks;
};

enum { HEAD = 16 };

static void *counted_alloc(void *user, size_t size)
{
    struct counted *c = user;
    char *p = malloc(size + HEAD);

    if (p == NULL)
        return NULL;
    memcpy(p, &size, sizeof size);
    c->octets += size;
    c->blocks++;
    return p + HEAD;
}

static void counted_release(void *user, void *ptr)
{
    struct counted *c = user;
    size_t size;

    if (ptr == NULL)
        return;
    memcpy(&size, (char *)ptr - HEAD, sizeof size);
    c->octets -= size;
    c->blocks--;
    free((char *)ptr - HEAD);
}

static void *counted_resize(void *user, void *ptr, size_t size)
{
    void *p = counted_alloc(user, size);
    size_t old = 0;

    if (p == NULL || ptr == NULL)
        return p;
    memcpy(&old, (char *)ptr - HEAD, sizeof old);
    memcpy(p, ptr, old < size ? old : size);
    counted_release(user, ptr);
    return p;
}

static uint64_t seed = 1;

static uint32_t roll(uint32_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)((seed >> 33) * (uint64_t)n >> 31);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct kind {
    const char *name;
    uint32_t one_in; /* a UID is missing in front of one in so many messages; 1: of each; 0: none */
    uint32_t most;   /* UIDs missing there: 1 to most */
    uint32_t sets;   /* of flags, at random; 1: all have the same */
    int modseqs;     /* at random, too */
};

static const struct kind kinds[] = {
    {"no gaps, same flags", 0, 1, 1, 0},
    {"no gaps, 20 sets of flags at random", 0, 1, 20, 0},
    {"1 % gaps, same flags", 100, 1, 1, 0},
    {"1 % gaps, 1 % with other flags", 100, 1, 100, 0},
    {"1 % gaps, 20 sets at random", 100, 1, 20, 0},
    {"every second UID missing, 20 sets", 1, 1, 20, 0},
    {"gaps of 0 to 99 at random, 20 sets", 1, 99, 20, 0},
    {"gaps of 0 to 3,999 at random, 20 sets", 1, 3999, 20, 0},
    {"every second missing, 20 sets, MODSEQ", 1, 1, 20, 1},
};

static struct msgmap_row *make_rows(const struct kind *k, uint32_t n)
{
    struct msgmap_row *rows = malloc(n * sizeof *rows);
    uint32_t uid = 0;

    if (rows == NULL)
        exit(1);
    for (uint32_t i = 0; i < n; i++) {
        uid++;
        if (k->one_in == 1 && k->most > 1)
            uid += roll(k->most + 1);
        else if (k->one_in != 0 && roll(k->one_in) == 0)
            uid += 1 + roll(k->most);
        rows[i].uid = uid;
        rows[i].flags = k->sets == 100 ? (roll(100) == 0) + 1 : 1 + roll(k->sets);
        rows[i].modseq = k->modseqs ? 1 + roll(n * 2) : 0;
    }
    return rows;
}

static double tell_all(struct msgmap *m, const struct msgmap_row *rows, uint32_t n)
{
    double from = now();

    for (uint32_t i = 0; i < n; i++)
        msgmap_learn(m, i + 1, &rows[i]);
    return (now() - from) / n;
}

static double tell_mixed(struct msgmap *m, const struct msgmap_row *rows, uint32_t n)
{
    const uint32_t step = 7919; /* a prime: all come up */
    uint32_t i = 0;
    double from;

    msgmap_resize(m, n);
    from = now();
    for (uint32_t k = 0; k < n; k++) {
        msgmap_learn(m, i + 1, &rows[i]);
        i = (uint32_t)(((uint64_t)i + step) % n);
    }
    return (now() - from) / n;
}

static double find_all(const struct msgmap *m, const struct msgmap_row *rows, uint32_t n)
{
    double from = now();
    uint32_t wrong = 0;

    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = roll(n);

        wrong += msgmap_seq(m, rows[i].uid) != i + 1;
    }
    if (wrong != 0) {
        fprintf(stderr, "%u of them were not found\n", wrong);
        exit(1);
    }
    return (now() - from) / n;
}

static double expunge(struct msgmap *m, uint32_t n)
{
    double from = now();

    for (uint32_t k = 0; k < n; k++)
        msgmap_erase(m, 1 + roll(m->count), 1);
    return (now() - from) / n;
}

/* What one round has found. */
struct found {
    size_t octets;
    size_t blocks;
    size_t octets_after;
    double ns[5];
};

static void one_round(const struct msgmap_row *rows, uint32_t n, struct found *f)
{
    struct counted c = {0, 0};
    const struct mem mem = {counted_alloc, counted_resize, counted_release, &c};
    struct msgmap m;

    msgmap_init(&m, &mem);
    f->ns[2] = tell_mixed(&m, rows, n);
    msgmap_clear(&m);
    msgmap_resize(&m, n);
    f->ns[0] = tell_all(&m, rows, n);
    f->octets = c.octets;
    f->blocks = c.blocks;
    f->ns[1] = tell_all(&m, rows, n);
    f->ns[3] = find_all(&m, rows, n);
    f->ns[4] = expunge(&m, n / 10);
    f->octets_after = c.octets;
    msgmap_clear(&m);
}

/* The best of several rounds counts: other programs disturb. */
static void measure(const struct kind *k, uint32_t n, uint32_t rounds)
{
    struct msgmap_row *rows = make_rows(k, n);
    struct found best = {0};

    for (uint32_t r = 0; r < rounds; r++) {
        struct found f;

        one_round(rows, n, &f);
        for (int i = 0; i < 5 && r > 0; i++)
            f.ns[i] = f.ns[i] < best.ns[i] ? f.ns[i] : best.ns[i];
        best = f;
    }
    printf("%-40s %9zu %6zu   %5.1f %5.1f %6.1f %6.1f %6.1f %9zu\n", k->name, best.octets,
           best.blocks, best.ns[0], best.ns[1], best.ns[2], best.ns[3], best.ns[4],
           best.octets_after);
    free(rows);
}

int main(int argc, char **argv)
{
    uint32_t n = argc > 1 ? (uint32_t)strtol(argv[1], NULL, 10) : 1000000;
    uint32_t rounds = argc > 2 ? (uint32_t)strtol(argv[2], NULL, 10) : 3;

    printf("%-40s %9s %6s   %5s %5s %6s %6s %6s %9s\n", "", "octets", "blocks", "told", "again",
           "mixed", "by UID", "gone", "octets");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        measure(&kinds[i], n, rounds);
    return 0;
}
