/* imap_resp.c - how many FETCH responses a second of CPU time are read.
 *
 *     imap_resp [LARGE [SMALL [ROUNDS [WHAT]]]]
 *
 * LARGE and SMALL: how many of each (200000 and 1000000 without; see imap_stream.h), in ROUNDS
 * rounds (5) of which the best counts, for other programs disturb. WHAT names one way of reading
 * alone, for a profiler. The ways:
 *
 *     memchr    one pass over the octets, from line end to line end: the limit of any reader
 *     parser    framing and reading into records, response after response: no session
 *     session   everything: mla_session_feed() in pieces of 16 KB, mla_imap_next() until there is
 *               no event; the mailbox is selected and the messages were asked for
 *     take      the same, and each event is taken (mla_imap_event_take)
 *
 * Exit status 1: the session is slower than share_min below allows. */
#include "imap_stream.h"

#include "imap/resp.h"
#include "mailaccess/imap.h"
#include "wire/literal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECE = 16384 };

static void die(const char *why)
{
    fprintf(stderr, "imap_resp: %s\n", why);
    exit(70);
}

/* --- ways of reading: each returns the sum of the UIDs, or the number of lines --- */

static uint64_t by_memchr(const struct stream *s, int kind)
{
    const uint8_t *p = s->text;
    const uint8_t *end = p + s->size;
    uint64_t lines = 0;

    (void)kind;
    while (p < end) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));

        if (lf == NULL)
            break;
        lines++;
        p = lf + 1;
    }
    return lines;
}

static size_t frame(struct literal *f, const uint8_t *p, size_t n)
{
    size_t len = literal_line(f, p, n);
    int rc;

    if (len != 0) /* as a session does it */
        return len;
    rc = literal_frame(f, p, n, NULL);
    len = f->at;
    while (rc == LITERAL_HEADER) {
        rc = literal_inline(f, NULL);
        if (rc == 0)
            rc = literal_frame(f, p, n, NULL);
        len = f->at;
    }
    if (rc != LITERAL_DONE)
        die("a response without an end");
    literal_next(f);
    return len;
}

static uint64_t by_parser(const struct stream *s, int kind)
{
    struct imap_resp_opts opts = {.depth_max = 64, .words_max = 1000};
    struct imap_flagtexts flagtexts;
    struct mla_imap_event ev;
    struct literal framer;
    uint64_t sum = 0;

    (void)kind;
    memset(&ev, 0, sizeof ev);
    memset(&flagtexts, 0, sizeof flagtexts);
    opts.flagtexts = &flagtexts;
    arena_init(&ev.arena, mem_default(), 32 << 20);
    literal_init(&framer, 8 << 20, LITERAL_LF);
    for (size_t at = 0; at < s->size;) {
        struct imap_resp resp;
        struct imap_raw raw = {s->text + at, s->size - at, at};

        raw.len = frame(&framer, raw.ptr, raw.len);
        if (imap_resp_parse(&raw, &opts, &ev, &resp) != 0 || ev.fetch == NULL || resp.warn.id != 0)
            die("a response that cannot be read");
        sum += ev.fetch->uid;
        arena_reset(&ev.arena);
        at += raw.len;
    }
    arena_free(&ev.arena);
    return sum;
}

/* --- a session --- */

static void feed(mla_imap *s, const void *p, size_t n, size_t *out_used)
{
    if (mla_session_feed(mla_imap_session(s), p, n, out_used) != 0)
        die("feed");
}

static void feed_text(mla_imap *s, const char *text)
{
    const mla_imap_event *ev;
    size_t used;

    feed(s, text, strlen(text), &used);
    while (mla_imap_next(s, &ev) == 1)
        if (mla_imap_event_warning(ev) != NULL)
            die("a warning");
}

/* Takes what is to be sent and answers it: data, then OK with its tag. */
static void answer(mla_imap *s, const char *data)
{
    char text[256];
    const uint8_t *p;
    size_t n;
    int tag;

    if (mla_session_output(mla_imap_session(s), &p, &n) != 1)
        die("nothing to send");
    for (tag = 0; (size_t)tag < n && p[tag] != ' ';)
        tag++;
    snprintf(text, sizeof text, "%s%.*s OK done\r\n", data, tag, (const char *)p);
    if (mla_session_sent(mla_imap_session(s), n) != 0)
        die("sent");
    feed_text(s, text);
}

/* A session in which the messages of the stream were asked for. */
static mla_imap *asking(const struct stream *st, int kind)
{
    static const mla_range all = {1, 0};
    mla_connect_args how = {.struct_size = sizeof how, .security = MLA_SECURITY_NONE};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    mla_imap_fetch_args what = {.struct_size = sizeof what, .ranges = &all, .range_count = 1};
    char exists[64];
    mla_imap *s;
    const uint8_t *p;
    size_t n;
    uint64_t t;

    what.items = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS;
    if (kind == STREAM_LARGE)
        what.items |= MLA_IMAP_ITEM_INTERNALDATE | MLA_IMAP_ITEM_SIZE | MLA_IMAP_ITEM_ENVELOPE |
                      MLA_IMAP_ITEM_BODYSTRUCTURE;
    if (mla_imap_new(NULL, &s, NULL) != 0 ||
        mla_session_attach(mla_imap_session(s), &how, &t) != 0 ||
        mla_session_tick(mla_imap_session(s), 1000) != 0)
        die("no session");
    feed_text(s, "* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS] at your service\r\n");
    if (mla_imap_select(s, &box, &t) != 0)
        die("select");
    snprintf(exists, sizeof exists, "* %zu EXISTS\r\n", st->count);
    answer(s, exists);
    if (mla_imap_fetch_msgs(s, &what, &t) != 0)
        die("fetch");
    while (mla_session_output(mla_imap_session(s), &p, &n) == 1)
        if (mla_session_sent(mla_imap_session(s), n) != 0)
            die("sent");
    return s;
}

static uint64_t take_event(mla_imap *s)
{
    mla_imap_event *mine;
    uint64_t uid;

    if (mla_imap_event_take(s, &mine) != 0)
        die("take");
    uid = mla_imap_event_fetch(mine)->uid;
    mla_imap_event_free(mine);
    return uid;
}

static uint64_t read_session(const struct stream *st, int kind, int takes)
{
    mla_imap *s = asking(st, kind);
    const mla_imap_event *ev;
    uint64_t sum = 0;

    for (size_t at = 0; at < st->size;) {
        size_t used;
        int rc;

        feed(s, st->text + at, st->size - at < PIECE ? st->size - at : PIECE, &used);
        at += used;
        while ((rc = mla_imap_next(s, &ev)) == 1) {
            const mla_imap_fetch *f = mla_imap_event_fetch(ev);

            if (f == NULL || mla_imap_event_ticket(ev) == 0)
                die("something else than what was asked for");
            sum += takes ? take_event(s) : f->uid;
        }
        if (rc < 0)
            die("next");
    }
    mla_imap_free(s);
    return sum;
}

static uint64_t by_session(const struct stream *s, int kind)
{
    return read_session(s, kind, 0);
}

static uint64_t by_take(const struct stream *s, int kind)
{
    return read_session(s, kind, 1);
}

/* --- the table --- */

enum { BY_MEMCHR, BY_PARSER, BY_SESSION, BY_TAKE, WAYS };
static const struct {
    const char *name;
    uint64_t (*read)(const struct stream *s, int kind);
} ways[WAYS] = {
    {"memchr", by_memchr}, {"parser", by_parser}, {"session", by_session}, {"take", by_take}};

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run(const struct stream *s, int kind, int way)
{
    double begin = cpu_seconds();
    uint64_t sum = ways[way].read(s, kind);
    double took = cpu_seconds() - begin;

    if (way == BY_MEMCHR ? sum < s->count : sum != s->uids)
        die("not every response was read");
    return took;
}

/* The goal is what the project has set itself for the parser, in responses a second. The session's
 * share of the memchr pass must be had anywhere, since machines differ and others use them at the
 * same time. */
static const struct {
    const char *name;
    double goal;
    double share_min;
} kinds[] = {{"large", 900e3, 225.0 / 4568}, {"flags", 12e6, 3000.0 / 69406}};

/* 1 when the session is fast enough. */
static int measure(int kind, size_t count, int rounds, const char *only)
{
    double best[WAYS] = {0};
    struct stream s;
    double share;

    stream_make(&s, kind, count);
    for (int i = 0; i < rounds; i++)
        for (int way = 0; way < WAYS; way++) {
            double took;

            if (only != NULL && strcmp(only, ways[way].name) != 0)
                continue;
            took = run(&s, kind, way);
            if (best[way] == 0 || took < best[way])
                best[way] = took;
        }
    free(s.text);
    for (int way = 0; way < WAYS; way++)
        if (best[way] != 0)
            printf("%-6s %8zu of %4zu octets  %-8s %8.0f thousand a second %7.0f MB/s %6.0f ns "
                   "each  %6.4f of memchr\n",
                   kinds[kind].name, count, s.size / count, ways[way].name,
                   (double)count / best[way] / 1e3, (double)s.size / best[way] / 1e6,
                   best[way] * 1e9 / (double)count, best[BY_MEMCHR] / best[way]);
    if (only != NULL)
        return 1;
    share = best[BY_MEMCHR] / best[BY_SESSION];
    printf("%-6s parser: %.2f of the goal, session: %.2f of it and %.4f of memchr, the least is "
           "%.4f: %s\n\n",
           kinds[kind].name, (double)count / best[BY_PARSER] / kinds[kind].goal,
           (double)count / best[BY_SESSION] / kinds[kind].goal, share, kinds[kind].share_min,
           share >= kinds[kind].share_min ? "good" : "TOO SLOW");
    return share >= kinds[kind].share_min;
}

int main(int argc, char **argv)
{
    size_t large = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 200000;
    size_t small = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 1000000;
    int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 5;
    const char *only = argc > 4 ? argv[4] : NULL;
    int good = 1;

    if (large != 0)
        good &= measure(STREAM_LARGE, large, rounds, only);
    if (small != 0)
        good &= measure(STREAM_FLAGS, small, rounds, only);
    return !good;
}
