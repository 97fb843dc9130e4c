/* srv.c - see srv.h */
#include "discover/srv.h"

/* SplitMix64 */
static uint64_t next_random(struct srv_random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15U);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static void swap(struct dns_record *a, struct dns_record *b)
{
    struct dns_record t = *a;

    *a = *b;
    *b = t;
}

static int is_before(const struct dns_record *a, const struct dns_record *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority;
    return a->weight < b->weight; /* those of weight 0 first, as RFC 2782 wants before the draw */
}

/* Draws the next of count records of one priority: where the running sum of weights reaches a
 * number between 0 and the sum of all. */
static size_t draw(const struct dns_record *r, size_t count, struct srv_random *random)
{
    uint64_t sum = 0;
    uint64_t at;
    size_t i;

    for (i = 0; i < count; i++)
        sum += r[i].weight;
    at = next_random(random) % (sum + 1);
    sum = 0;
    for (i = 0; i < count - 1; i++) {
        sum += r[i].weight;
        if (sum >= at)
            break;
    }
    return i;
}

void srv_order(struct dns_record *records, size_t count, struct srv_random *random)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && is_before(&records[k], &records[k - 1]); k--)
            swap(&records[k], &records[k - 1]);
    for (size_t i = 0; i < count; i++) {
        size_t same = 1;
        size_t chosen;

        while (i + same < count && records[i + same].priority == records[i].priority)
            same++;
        /* Those in front of it move up by one, so that they stay in order of weight. */
        for (chosen = i + draw(records + i, same, random); chosen > i; chosen--)
            swap(&records[chosen], &records[chosen - 1]);
    }
}

int srv_not_offered(const struct dns_answer *a)
{
    return a->count == 1 && a->unusable == 0 && a->records[0].target[0] == '\0';
}
