/* find.c - which messages are meant. */
#include "find.h"

#include <stdlib.h>
#include <string.h>

#include "keys.h"

static int compare(const void *a, const void *b)
{
    const mla_range *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* A server may answer in any order and say a UID twice: ascending and disjoint from here on. */
static int tidy(struct set *s)
{
    size_t kept = 0;

    if (s->count == 0)
        return 0;
    qsort(s->ranges, s->count, sizeof *s->ranges, compare);
    for (size_t i = 1; i < s->count; i++) {
        mla_range *last = &s->ranges[kept], *r = &s->ranges[i];

        if (r->first <= last->last || r->first - 1 == last->last) {
            if (r->last > last->last)
                last->last = r->last;
        } else {
            s->ranges[++kept] = *r;
        }
    }
    s->count = kept + 1;
    return 0;
}

static int add_ranges(struct set *s, const mla_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t a = ranges[i].first, b = ranges[i].last;

        if (a == 0 || b == 0)
            continue; /* no server has a message 0 */
        if (set_add_range(s, a < b ? a : b, a < b ? b : a) != 0)
            return -1;
    }
    return 0;
}

int find_begin(struct conn *k, const mla_imap_search_key *keys, size_t count, uint64_t *out_ticket)
{
    mla_imap_search_args args;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.keys = keys;
    args.key_count = count;
    rc = mla_imap_search_msgs(k->imap, &args, out_ticket);
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot search");
}

int find_end(struct conn *k, uint64_t ticket, int early, struct set *out)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_search *s = mla_imap_event_search(ev);

        if (s == NULL || mla_imap_event_type(ev) != MLA_IMAP_EV_SEARCH)
            continue;
        if (add_ranges(out, s->ranges, s->range_count) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        if (early && s->is_last)
            return tidy(out);
    }
    if (rc != 0)
        return conn_fail(k, rc, "cannot search");
    return tidy(out);
}

int find_by_keys(struct conn *k, const mla_imap_search_key *keys, size_t count, struct set *out)
{
    uint64_t ticket;
    int rc = find_begin(k, keys, count, &ticket);

    return rc == 0 ? find_end(k, ticket, 0, out) : rc;
}

int find_check(struct cli *c)
{
    struct keys keys;
    int rc = 0;

    if (keys_parse(&keys, (const char *const *)(c->args + 1), c->arg_count - 1) != 0)
        rc = cli_fail(EXIT_USAGE, "%s: %s", c->command, keys.why);
    keys_free(&keys);
    return rc;
}

int find_by_words(struct conn *k, char **words, int count, struct set *out)
{
    struct keys keys;
    int rc;

    if (keys_parse(&keys, (const char *const *)words, count) != 0)
        rc = cli_fail(EXIT_USAGE, "%s: %s", k->cli->command, keys.why);
    else
        rc = find_by_keys(k, keys.key, keys.count, out);
    keys_free(&keys);
    return rc;
}

int find_uids(struct conn *k, const mla_range *ranges, size_t count, struct set *out)
{
    mla_imap_search_key key;

    memset(&key, 0, sizeof key);
    key.struct_size = sizeof key;
    key.kind = MLA_IMAP_KEY_UIDS;
    key.ranges = ranges;
    key.range_count = count;
    return find_by_keys(k, &key, 1, out);
}

uint64_t find_count(const struct set *s)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s->count; i++)
        n += (uint64_t)(s->ranges[i].last - s->ranges[i].first) + 1;
    return n;
}
