/* fuzz_imap_keep.c - servers that say anything to a keeper, on one connection after the other,
 * behind any stored state.
 *
 * The first octets are options and a state (stored_state()); the rest is what the server says, in
 * which 0xFF is where a line breaks and the next one begins, 0xFE the time that the keeper waits
 * for, 0xFD the tag of the oldest command without an answer, and 0xFC the end of the program: the
 * next keeper goes on from what the first has given to be stored.
 *
 * Whatever is said: what was told, applied to a list, is what the keeper knows; nothing is told to
 * be new that is there, or to be gone that is not; no answer, no wait without end; and what is held
 * has a limit. */
#include "keep/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    BREAKS = 0xff,
    WAITS = 0xfe,
    TAG = 0xfd,
    ENDS = 0xfc,
    TURN_MAX = 200000, /* steps without a word from the server */
    TAGS = 64,
    STATE_MAX = 15,
    HELD_MAX = 32 << 20
};

static void expect(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

/* --- memory that is counted --- */

union head {
    size_t size;
    uint64_t room[2];
};

static size_t held;

static void *counted_resize(void *user, void *ptr, size_t size)
{
    union head *h = ptr != NULL ? (union head *)ptr - 1 : NULL;
    size_t had = h != NULL ? h->size : 0;

    (void)user;
    h = realloc(h, sizeof *h + size);
    expect(h != NULL, "there is memory");
    h->size = size;
    held = held - had + size;
    expect(held <= HELD_MAX, "what is held has a limit");
    return h + 1;
}

static void *counted_alloc(void *user, size_t size)
{
    return counted_resize(user, NULL, size);
}

static void counted_release(void *user, void *ptr)
{
    union head *h = ptr != NULL ? (union head *)ptr - 1 : NULL;

    (void)user;
    if (h == NULL)
        return;
    held -= h->size;
    free(h);
}

static const struct mem counted = {
    .alloc = counted_alloc, .resize = counted_resize, .release = counted_release};

/* --- the list that is kept by what is told: sorted ranges that do not touch --- */

struct list {
    mla_range *at;
    size_t count;
    size_t cap;
};

/* The first range that ends at uid or behind it. */
static size_t list_find(const struct list *l, uint32_t uid)
{
    size_t low = 0;
    size_t high = l->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (l->at[mid].last < uid)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int list_has(const struct list *l, uint32_t first, uint32_t last)
{
    size_t i = list_find(l, first);

    return i < l->count && l->at[i].first <= first && l->at[i].last >= last;
}

/* Room for n more in front of range i. */
static void list_open(struct list *l, size_t i, size_t n)
{
    if (l->count + n > l->cap) {
        l->cap = (l->count + n) * 2;
        l->at = realloc(l->at, l->cap * sizeof *l->at);
        expect(l->at != NULL, "there is memory");
    }
    memmove(l->at + i + n, l->at + i, (l->count - i) * sizeof *l->at);
    l->count += n;
}

static void list_close(struct list *l, size_t i)
{
    l->count--;
    memmove(l->at + i, l->at + i + 1, (l->count - i) * sizeof *l->at);
}

static void list_add(struct list *l, uint32_t first, uint32_t last)
{
    size_t i = list_find(l, first);

    expect(i == l->count || l->at[i].first > last, "what is new was not there");
    list_open(l, i, 1);
    l->at[i].first = first;
    l->at[i].last = last;
    if (i + 1 < l->count && l->at[i + 1].first == last + 1) {
        l->at[i].last = l->at[i + 1].last;
        list_close(l, i + 1);
    }
    if (i > 0 && l->at[i - 1].last + 1 == first) {
        l->at[i - 1].last = l->at[i].last;
        list_close(l, i);
    }
}

static void list_remove(struct list *l, uint32_t first, uint32_t last)
{
    size_t i = list_find(l, first);
    mla_range was;

    expect(list_has(l, first, last), "what is gone was there");
    was = l->at[i];
    if (was.first < first && was.last > last) {
        list_open(l, i, 1);
        l->at[i].last = first - 1;
        l->at[i + 1].first = last + 1;
    } else if (was.first < first) {
        l->at[i].last = first - 1;
    } else if (was.last > last) {
        l->at[i].first = last + 1;
    } else {
        list_close(l, i);
    }
}

/* --- the game --- */

struct game {
    struct keep k;
    struct imap_engine e;
    int connected;
    uint64_t now_ms;
    size_t step; /* octets at a time */
    struct list told;
    char tags[TAGS][8]; /* of commands without an answer, the oldest first */
    size_t tag_count;
    char line[16]; /* the beginning of the line that is being sent */
    size_t line_len;
};

static void begin(struct keep *k, uint8_t options)
{
    static const mla_imap_keep_args args = {.first_ms = 1000, .max_ms = 8000, .poll_ms = 500};
    struct keep_opts opts = {.mailbox = {"INBOX", 5}};
    mla_credentials who = {.struct_size = sizeof who, .user = "u", .password = "p"};
    struct sasl_creds creds;

    opts.read_only = (options & 1) != 0;
    opts.no_watch = (options & 2) != 0;
    keep_init(k, &counted, &opts, &args, 3);
    who.password_len = 1;
    memset(&creds, 0, sizeof creds);
    expect(sasl_creds_copy(&creds, &counted, &who, NULL) == 0, "credentials");
    keep_set_creds(k, &creds);
}

static void hang_up(struct game *g)
{
    if (g->connected)
        imap_engine_free(&g->e);
    g->connected = 0;
    g->tag_count = g->line_len = 0;
    keep_dropped(&g->k);
}

static void apply(struct game *g, const struct mla_imap_keep_event *ev)
{
    const mla_imap_keep_news *n = &ev->news;

    if (ev->type == MLA_KEEP_EV_VOID)
        g->told.count = 0;
    for (size_t i = 0; i < n->range_count; i++) {
        uint32_t first = n->ranges[i].first;
        uint32_t last = n->ranges[i].last;

        expect(first != 0 && first <= last && last != UINT32_MAX, "UIDs are in order");
        if (ev->type == MLA_KEEP_EV_NEW)
            list_add(&g->told, first, last);
        else if (ev->type == MLA_KEEP_EV_GONE)
            list_remove(&g->told, first, last);
        else
            expect(list_has(&g->told, first, last), "what has changed was there");
    }
    if (ev->type == MLA_KEEP_EV_OFFLINE)
        expect(ev->line.wait_ms <= 24 * 3600 * 1000, "it is tried again one day");
}

static void sent(struct game *g, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\n') {
            if (g->line_len < sizeof g->line - 1)
                g->line[g->line_len++] = (char)p[i];
            continue;
        }
        g->line[g->line_len] = '\0';
        g->line_len = strcspn(g->line, " ");
        if (g->line[0] == 'T' && g->line[g->line_len] == ' ' && g->line_len < sizeof g->tags[0] &&
            g->tag_count < TAGS) {
            memcpy(g->tags[g->tag_count], g->line, g->line_len);
            g->tags[g->tag_count++][g->line_len] = '\0';
        }
        g->line_len = 0;
    }
}

static int take_output(struct game *g)
{
    const uint8_t *p;
    size_t n;
    int any = 0;

    while (outq_peek(&g->e.port.out, &p, &n, NULL)) {
        sent(g, p, n);
        outq_sent(&g->e.port.out, n);
        any = 1;
    }
    return any;
}

static void dial(struct game *g)
{
    static const struct imap_opts opts = {.in_first = 4096,
                                          .response_max = 131072,
                                          .inline_max = 64,
                                          .queue_max = 65536,
                                          .words_max = 100,
                                          .event_max = 1 << 20,
                                          .depth_max = 32,
                                          .tag_prefix = "T",
                                          .cleartext = 1};
    uint64_t ticket;

    expect(imap_engine_init(&g->e, &counted, &opts) == 0, "an engine");
    g->connected = 1;
    g->e.port.now_ms = g->now_ms;
    expect(imap_engine_start(&g->e, IMAP_SECURITY_NONE, "h", 143, &ticket) == 0, "a start");
    expect(g->e.port.ops->connected(&g->e.port) == 0, "a connection");
    (void)keep_begin(&g->k, &g->e);
}

/* Until nothing moves any more. */
static void turn(struct game *g)
{
    const struct mla_imap_keep_event *ev;
    const struct mla_imap_event *iev;

    for (int steps = 0;; steps++) {
        int rc;

        expect(steps < TURN_MAX, "it comes to rest");
        if (keep_drops(&g->k))
            hang_up(g);
        if (keep_own(&g->k, &ev)) {
            apply(g, ev);
            continue;
        }
        if (!g->connected)
            return;
        keep_tick(&g->k, g->now_ms);
        rc = imap_engine_next(&g->e, &iev);
        if (rc == 1) {
            (void)keep_take(&g->k, iev, &ev);
        } else if (rc < 0 || g->e.phase == IMAP_PHASE_OVER) {
            keep_dead(&g->k, &g->e.port.why);
            hang_up(g);
        } else if (!take_output(g)) {
            return;
        }
    }
}

/* What is known is what was told, and what is to be stored says the same. */
static void check(struct game *g)
{
    const mla_imap_keep_state *now;
    mla_range run = {0, 0};
    size_t n = 0;

    expect(msgmap_sane(&g->k.known.map), "the map is in order");
    if (!keep_state(&g->k, 1, &now)) /* what was missed is being found out */
        return;
    for (; msgmap_next_uids(&g->k.known.map, run.last + 1, &run); n++)
        expect(n < g->told.count && g->told.at[n].first == run.first &&
                   g->told.at[n].last == run.last,
               "what is known is what was told");
    expect(n == g->told.count, "what was told is known");
    if (now->uidvalidity == 0)
        return;
    expect(now->uid_count == n, "what is stored is what is known");
    for (n = 0; n < now->uid_count; n++)
        expect(now->uids[n].first == g->told.at[n].first && now->uids[n].last == g->told.at[n].last,
               "and has the same UIDs");
}

/* The program ends, and another one goes on; not where there is no state of this moment. */
static void end_and_go_on(struct game *g, uint8_t options)
{
    const mla_imap_keep_state *stored;
    struct keep next;

    if (!keep_state(&g->k, (options & 4) != 0, &stored))
        return;
    if (stored->uidvalidity == 0)
        g->told.count = 0;
    begin(&next, options);
    expect(keep_load(&next, stored, NULL) == 0, "what was given to be stored can be given back");
    hang_up(g);
    keep_free(&g->k);
    g->k = next;
}

/* Time goes on to what the keeper waits for, and what is due happens. */
static void wait_for_it(struct game *g)
{
    uint64_t at = keep_deadline(&g->k);

    if (at > g->now_ms && at != UINT64_MAX)
        g->now_ms = at;
    if (g->connected)
        g->e.port.now_ms = g->now_ms;
    if (!g->connected && keep_due(&g->k, g->now_ms))
        dial(g);
    turn(g);
}

/* Line by line: what one causes to be sent is sent before the next one comes. */
static void say(struct game *g, const uint8_t *p, size_t n)
{
    while (n != 0 && g->connected) {
        const uint8_t *lf = memchr(p, '\n', n);
        size_t line = lf != NULL ? (size_t)(lf - p) + 1 : n;
        uint8_t *room;
        size_t k;

        if (g->e.port.dead != 0 || inbuf_room(&g->e.port.in, &room, &k) != 0 || k == 0) {
            turn(g);
            if (g->connected && g->e.port.dead == 0 &&
                (inbuf_room(&g->e.port.in, &room, &k) != 0 || k == 0))
                return;
            continue;
        }
        k = k < line ? k : line;
        k = g->step != 0 && g->step < k ? g->step : k;
        memcpy(room, p, k);
        engine_got(&g->e.port, k);
        p += k;
        n -= k;
        turn(g);
    }
}

static void say_tag(struct game *g)
{
    char tag[sizeof g->tags[0]];

    if (g->tag_count == 0)
        return;
    memcpy(tag, g->tags[0], sizeof tag);
    if (--g->tag_count != 0)
        memmove(g->tags, g->tags + 1, g->tag_count * sizeof g->tags[0]);
    say(g, (const uint8_t *)tag, strlen(tag));
}

static int is_mark(uint8_t octet)
{
    return octet >= ENDS;
}

static void play(struct game *g, const uint8_t *data, size_t size, uint8_t options)
{
    wait_for_it(g);
    for (size_t at = 0; at < size && g->k.state != KEEP_OVER;) {
        size_t n = 0;

        while (at + n < size && !is_mark(data[at + n]))
            n++;
        say(g, data + at, n);
        check(g);
        at += n;
        if (at == size)
            break;
        switch (data[at++]) {
        case BREAKS:
            if (g->connected)
                (void)g->e.port.ops->eof(&g->e.port, 1);
            turn(g);
            wait_for_it(g);
            break;
        case WAITS:
            if (g->connected)
                wait_for_it(g);
            break;
        case TAG:
            say_tag(g);
            break;
        default:
            end_and_go_on(g, options);
            wait_for_it(g);
            break;
        }
        check(g);
    }
}

/* Octets: how many ranges; UIDVALIDITY; mod-sequence (the highest two stand for 2^63 - 1 and 2^63);
 * and for each range: how far behind the one before, how long (the highest: as far as there are
 * UIDs), which flags. How many octets that were. */
static size_t stored_state(struct game *g, const uint8_t *p, size_t size)
{
    static const mla_str words[] = {{"\\Seen", 5}, {"$Work", 5}, {"\\Flagged", 8}, {"two", 3}};
    mla_imap_keep_flags flags[STATE_MAX];
    mla_range uids[STATE_MAX];
    mla_imap_keep_state s = {.struct_size = sizeof s, .uids = uids, .flags = flags};
    uint32_t before = 0;
    size_t n = size > 2 ? p[0] % (STATE_MAX + 1) : 0;

    if (n == 0 || size < 3 + n * 3)
        return size < 1 ? 0 : 1;
    s.uidvalidity = p[1];
    s.modseq = p[2] >= 254 ? (uint64_t)INT64_MAX + (p[2] - 254) : p[2];
    for (size_t i = 0; i < n; i++) {
        const uint8_t *q = p + 3 + i * 3;
        mla_imap_keep_flags *f = &flags[s.flag_count];

        uids[i].first = before + q[0]; /* wraps, and is refused */
        uids[i].last = q[1] == 255 ? UINT32_MAX - 1 : uids[i].first + q[1];
        before = uids[i].last;
        f->first = uids[i].first;
        f->last = uids[i].last;
        f->words = &words[q[2] % 4];
        f->word_count = (size_t)(q[2] / 4 % (5 - q[2] % 4));
        if (q[2] < 200)
            s.flag_count++;
    }
    s.uid_count = n;
    if (keep_load(&g->k, &s, NULL) == 0)
        for (size_t i = 0; i < n; i++)
            list_add(&g->told, uids[i].first, uids[i].last);
    return 3 + n * 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct game *g = calloc(1, sizeof *g);
    size_t used;

    expect(g != NULL, "there is memory");
    if (size != 0) {
        g->now_ms = 1;
        g->step = data[0] >> 4;
        begin(&g->k, data[0]);
        used = stored_state(g, data + 1, size - 1);
        check(g);
        play(g, data + 1 + used, size - 1 - used, data[0]);
        hang_up(g);
        keep_free(&g->k);
        expect(held == 0, "everything is given back");
    }
    free(g->told.at);
    free(g);
    return 0;
}
