/* list_order.c - see list_order.h */
#include "list_order.h"

#include <mailaccess/imap_search.h>

#include <stdlib.h>
#include <string.h>

#include "keys.h"

enum { MOST_KEYS = 16, AT_A_TIME = 200 };

/* --- --sort=-date,subject --- */

static const struct {
    const char *name;
    uint32_t by;
} names[] = {
    {"arrival", MLA_IMAP_SORT_ARRIVAL},
    {"cc", MLA_IMAP_SORT_CC},
    {"date", MLA_IMAP_SORT_DATE},
    {"from", MLA_IMAP_SORT_FROM},
    {"size", MLA_IMAP_SORT_SIZE},
    {"subject", MLA_IMAP_SORT_SUBJECT},
    {"to", MLA_IMAP_SORT_TO},
    {"display-from", MLA_IMAP_SORT_DISPLAYFROM},
    {"display-to", MLA_IMAP_SORT_DISPLAYTO},
};

/* How many keys there are, 0 when one is none. */
static size_t read_order(const char *text, mla_imap_sort_key *keys)
{
    size_t count = 0;

    while (count < MOST_KEYS) {
        mla_imap_sort_key *k = &keys[count];
        size_t n;

        memset(k, 0, sizeof *k);
        k->struct_size = sizeof *k;
        k->reverse = *text == '-';
        text += k->reverse;
        n = strcspn(text, ",");
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strlen(names[i].name) == n && memcmp(names[i].name, text, n) == 0)
                k->by = names[i].by;
        if (k->by == 0)
            return 0;
        count++;
        if (text[n] == 0)
            return count;
        text += n + 1;
    }
    return 0;
}

int list_order_check(const struct cli *c)
{
    mla_imap_sort_key keys[MOST_KEYS];

    if (c->opt.sort != NULL && c->opt.thread)
        return cli_fail(EXIT_USAGE, "--sort and --thread exclude each other");
    if (c->opt.sort != NULL && read_order(c->opt.sort, keys) == 0)
        return cli_fail(EXIT_USAGE,
                        "--sort: wants arrival, cc, date, from, size, subject, to, display-from or "
                        "display-to, several with commas, \"-\" in front to turn one round");
    return 0;
}

/* --- asking --- */

static int add_place(struct list_order *o, uint32_t uid, uint32_t depth, uint32_t parent)
{
    if (o->count == o->room) {
        size_t room = o->room != 0 ? o->room * 2 : 256;
        struct list_place *places =
            room > SIZE_MAX / sizeof *places ? NULL : realloc(o->places, room * sizeof *places);

        if (places == NULL)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        o->places = places;
        o->room = room;
    }
    o->places[o->count].uid = uid;
    o->places[o->count].depth = depth;
    o->places[o->count++].parent = parent;
    return 0;
}

/* A range may be a lie of the server's: no more UIDs than the mailbox has messages. */
static int add_sorted(struct conn *k, struct list_order *o, const mla_imap_search *s)
{
    for (size_t i = 0; i < s->range_count; i++) {
        uint64_t n = (uint64_t)s->ranges[i].last - s->ranges[i].first + 1;

        if (s->ranges[i].last < s->ranges[i].first || n + o->count > mla_imap_exists(k->imap))
            return cli_fail(EXIT_PROTOCOL, "the server found more messages than there are");
        for (uint32_t j = 0; j < n; j++)
            if (add_place(o, s->ranges[i].first + j, 0, 0) != 0)
                return EXIT_INTERNAL;
    }
    return 0;
}

static int add_threads(struct list_order *o, const mla_imap_thread *t)
{
    for (size_t i = 0; i < t->item_count; i++) {
        const mla_imap_thread_item *item = &t->items[i];
        uint32_t parent =
            item->parent == 0 || item->parent > o->count ? 0 : o->places[item->parent - 1].uid;

        if (add_place(o, item->number, item->depth, parent) != 0)
            return EXIT_INTERNAL;
    }
    return 0;
}

/* 0; -1: the server cannot; or an exit status. */
static int collect(struct conn *k, uint64_t ticket, struct list_order *o)
{
    const mla_imap_event *ev;
    int rc, bad = 0;

    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_thread *t = mla_imap_event_thread(ev);
        const mla_imap_search *s = mla_imap_event_search(ev);

        if (bad == 0 && t != NULL)
            bad = add_threads(o, t);
        else if (bad == 0 && s != NULL && s->is_sorted)
            bad = add_sorted(k, o, s);
        if (bad != 0)
            return bad;
    }
    if (rc == MLA_E_UNSUPPORTED)
        return -1;
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot sort");
}

static int ask_sorted(struct conn *k, const mla_imap_search_args *search, struct list_order *o)
{
    mla_imap_sort_key keys[MOST_KEYS];
    mla_imap_sort_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.search = search;
    args.order = keys;
    args.order_count = read_order(k->cli->opt.sort, keys);
    rc = mla_imap_sort(k->imap, &args, &ticket);
    return rc != 0 ? conn_fail(k, rc, "cannot sort") : collect(k, ticket, o);
}

static int ask_threads(struct conn *k, const mla_imap_search_args *search, struct list_order *o)
{
    static const uint32_t algorithms[] = {MLA_IMAP_THREAD_REFERENCES, MLA_IMAP_THREAD_REFS,
                                          MLA_IMAP_THREAD_ORDEREDSUBJECT};
    int rc = -1;

    for (size_t i = 0; i < 3 && rc == -1; i++) {
        mla_imap_thread_args args;
        uint64_t ticket;

        memset(&args, 0, sizeof args);
        args.struct_size = sizeof args;
        args.search = search;
        args.algorithm = algorithms[i];
        rc = mla_imap_thread_msgs(k->imap, &args, &ticket);
        rc = rc != 0 ? conn_fail(k, rc, "cannot make threads") : collect(k, ticket, o);
    }
    return rc;
}

int list_order_ask(struct conn *k, char **words, int count, struct list_order *out)
{
    mla_imap_search_args search;
    struct keys keys;
    int rc;

    memset(out, 0, sizeof *out);
    memset(&keys, 0, sizeof keys);
    if (count > 0 && keys_parse(&keys, (const char *const *)words, count) != 0) {
        rc = cli_fail(EXIT_USAGE, "%s: %s", k->cli->command, keys.why);
    } else {
        memset(&search, 0, sizeof search);
        search.struct_size = sizeof search;
        search.keys = keys.key;
        search.key_count = keys.count;
        rc = k->cli->opt.thread ? ask_threads(k, &search, out) : ask_sorted(k, &search, out);
        if (rc == -1)
            cli_warn("the server cannot %s: listed as the mailbox has them",
                     k->cli->opt.thread ? "make threads" : "sort so");
    }
    keys_free(&keys);
    return rc;
}

void list_order_free(struct list_order *o)
{
    free(o->places);
    memset(o, 0, sizeof *o);
}

/* --- printing: messages come in the mailbox's order, so some at a time are held --- */

struct held_messages {
    mla_imap_event *ev[AT_A_TIME];
    size_t count;
};

static const mla_imap_fetch *find(const struct held_messages *h, uint32_t uid)
{
    for (size_t i = 0; i < h->count; i++)
        if (mla_imap_event_fetch(h->ev[i])->uid == uid)
            return mla_imap_event_fetch(h->ev[i]);
    return NULL;
}

static int hold(struct conn *k, const struct list_place *places, size_t count,
                struct held_messages *h)
{
    mla_range ranges[AT_A_TIME];
    const mla_imap_event *ev;
    mla_imap_fetch_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    list_items(k, &args);
    args.ranges = ranges;
    for (size_t i = 0; i < count; i++)
        if (places[i].uid != 0)
            ranges[args.range_count].first = ranges[args.range_count].last = places[i].uid,
            args.range_count++;
    if (args.range_count == 0)
        return 0;
    rc = mla_imap_fetch_msgs(k->imap, &args, &ticket);
    if (rc != 0)
        return conn_fail(k, rc, "cannot list the messages");
    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_fetch *f = mla_imap_event_fetch(ev);
        mla_imap_event *mine;

        if (f == NULL || (f->fields & MLA_IMAP_ITEM_SIZE) == 0 || h->count == AT_A_TIME ||
            find(h, f->uid) != NULL)
            continue;
        rc = mla_imap_event_take(k->imap, &mine);
        if (rc != 0)
            return conn_fail(k, rc, "cannot list the messages");
        h->ev[h->count++] = mine;
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot list the messages");
}

int list_order_print(struct conn *k, const struct list_order *o)
{
    int rc = 0;

    for (size_t at = 0; at < o->count && rc == 0; at += AT_A_TIME) {
        size_t count = o->count - at < AT_A_TIME ? o->count - at : AT_A_TIME;
        struct held_messages h;

        h.count = 0;
        rc = hold(k, o->places + at, count, &h);
        for (size_t i = 0; i < count && rc == 0; i++) {
            const mla_imap_fetch *f = find(&h, o->places[at + i].uid);

            if (f != NULL)
                list_message(&k->cli->out, f, k->cli->opt.thread ? &o->places[at + i] : NULL);
        }
        for (size_t i = 0; i < h.count; i++)
            mla_imap_event_free(h.ev[i]);
    }
    return rc;
}
