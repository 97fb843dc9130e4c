/* fuzz_imap_resp.c - a stream of responses: framer, parser, batches.
 *
 * The first octet chooses options, the second how the stream is cut. Events must not depend on the
 * cuts, and no octet may be read outside the response: each one is parsed in a block of its size.
 * What is read strictly must mean the same to the tolerant readers. */
#include "imap/resp.h"
#include "imap_tell.h"
#include "wire/literal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { INLINE_MAX = 16, RESPONSE_MAX = 1 << 16, CUTS = 64 };

struct run {
    struct imap_resp_opts opts;
    struct imap_cut cuts[CUTS];
    struct literal framer;
    uint8_t *held; /* the response so far, streamed literals taken out */
    size_t len;
    uint64_t skip; /* octets of a literal that is streamed */
    FILE *log;
    char *text;
    size_t text_len;
    int batches; /* SEARCH lines are read in pieces */
    struct imap_batch batch;
    uint64_t numbers; /* what all batches said */
};

static void need(int good)
{
    if (!good)
        abort();
}

/* A copy of exactly the octets. */
static uint8_t *copy_of(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n != 0 ? n : 1);

    need(copy != NULL);
    if (n != 0)
        memcpy(copy, p, n);
    return copy;
}

static void count_numbers(struct run *r, const mla_imap_search *s)
{
    for (size_t i = 0; i < s->range_count; i++) {
        mla_range x = s->ranges[i];

        need(x.first != 0 && x.last != 0);
        r->numbers += (x.first < x.last ? x.last - x.first : x.first - x.last) + 1ULL;
    }
}

static void respond_tolerantly(const struct run *r, const struct imap_raw *raw, const char *strict)
{
    struct imap_resp_opts opts = r->opts;
    struct mla_imap_event ev;
    struct imap_resp resp;
    char *text;

    opts.tolerant = 1;
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    need(imap_resp_parse(raw, &opts, &ev, &resp) == 0);
    text = tell(&ev, &resp);
    need(text != NULL && strcmp(text, strict) == 0);
    free(text);
    arena_free(&ev.arena);
}

static void respond(struct run *r, size_t n)
{
    uint8_t *copy = copy_of(r->held, n);
    struct imap_raw raw = {copy, n, 5};
    struct mla_imap_event ev;
    struct imap_resp resp;
    char *text;

    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    need(imap_resp_parse(&raw, &r->opts, &ev, &resp) == 0);
    need(arena_sane(&ev.arena));
    need(resp.warn.at <= n && resp.warn.len <= n - resp.warn.at);
    if (r->batches && ev.search != NULL) {
        count_numbers(r, ev.search);
    } else {
        text = tell(&ev, &resp);
        need(text != NULL);
        fprintf(r->log, "%s\n", text);
        if (ev.fetch != NULL && ev.arena.used < ev.arena.max / 4)
            respond_tolerantly(r, &raw, text);
        free(text);
    }
    arena_free(&ev.arena);
    free(copy);
}

/* 1 when the response belongs to the batches; *out_used octets were read. */
static int read_batch(struct run *r, size_t n, int complete, size_t *out_used, int *out_last)
{
    uint8_t *copy = copy_of(r->held, n);
    struct imap_raw raw = {copy, n, 5};
    struct mla_imap_event ev;
    int rc;

    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    *out_used = 0;
    rc = imap_resp_batch(&raw, complete, &r->opts, &r->batch, &ev, out_used);
    need(rc == 0 || rc == 1);
    need(*out_used <= n && arena_sane(&ev.arena));
    *out_last = 0;
    if (rc == 1 && ev.type == MLA_IMAP_EV_THREAD) {
        const mla_imap_thread *thread = ev.record;

        need(thread != NULL && (thread->item_count == 0 || thread->items != NULL));
        *out_last = (int)thread->is_last;
    } else if (rc == 1) {
        need(ev.search != NULL);
        count_numbers(r, ev.search);
        *out_last = (int)ev.search->is_last;
    }
    arena_free(&ev.arena);
    free(copy);
    return rc;
}

static void drop(struct run *r, size_t n)
{
    memmove(r->held, r->held + n, r->len - n);
    r->len -= n;
}

static void finish(struct run *r)
{
    size_t n = r->framer.at;
    size_t used;
    int last = 0;

    if (r->batches)
        while (!last && read_batch(r, n, 1, &used, &last)) {
            need(used > 0);
            drop(r, used);
            n -= used;
        }
    if (last)
        need(n == 0);
    else
        respond(r, n);
    drop(r, n);
    memset(&r->batch, 0, sizeof r->batch);
    r->opts.cut_count = 0;
    literal_next(&r->framer);
}

/* A literal's header ends at r->framer.at. 0 when the stream is over. */
static int take_literal(struct run *r)
{
    mla_imap_section s;
    struct arena a;
    int is = 0;

    if (r->framer.size > INLINE_MAX && r->opts.cut_count < CUTS) {
        uint8_t *copy = copy_of(r->held, r->framer.at);
        struct imap_raw raw = {copy, r->framer.at, 5};

        arena_init(&a, mem_default(), 1 << 20);
        is = imap_resp_section_head(&raw, &r->opts, r->framer.size, &a, &s);
        need(is == 0 || is == 1);
        if (is) {
            fprintf(r->log, "%u/%u", s.seq, s.uid);
            tell_section(r->log, &s);
        }
        arena_free(&a);
        free(copy);
    }
    if (!is)
        return literal_inline(&r->framer, NULL) == 0;
    r->cuts[r->opts.cut_count].at = r->framer.at;
    r->cuts[r->opts.cut_count++].size = r->framer.size;
    r->skip = r->framer.size;
    literal_cut(&r->framer);
    return 1;
}

/* Takes what can be taken of what is held. 0 when the stream is over. */
static int go_on(struct run *r)
{
    for (;;) {
        int rc = literal_frame(&r->framer, r->held, r->len, NULL);

        if (rc < 0)
            return 0;
        if (rc == LITERAL_DONE) {
            finish(r);
        } else if (rc == LITERAL_HEADER) {
            uint64_t held_back;

            if (!take_literal(r))
                return 0;
            /* what was held of a literal that is streamed goes */
            held_back = r->len - r->framer.at;
            if (r->skip > 0) {
                size_t gone = r->skip < held_back ? (size_t)r->skip : (size_t)held_back;

                memmove(r->held + r->framer.at, r->held + r->framer.at + gone,
                        r->len - r->framer.at - gone);
                r->len -= gone;
                r->skip -= gone;
            }
        } else {
            size_t used;
            int last;

            if (r->batches && r->framer.count == 0 && r->framer.at == r->len &&
                read_batch(r, r->len, 0, &used, &last)) {
                need(!last && used > 0);
                literal_drop(&r->framer, used);
                drop(r, used);
            }
            return 1;
        }
    }
}

static void run_stream(struct run *r, const uint8_t *p, size_t n, size_t step, int flags,
                       int batches)
{
    memset(r, 0, sizeof *r);
    r->opts.depth_max = (flags & 1) != 0 ? 64 : 2;
    r->opts.words_max = 8;
    r->opts.utf8 = (flags & 2) != 0;
    r->opts.search_uid = (flags & 4) != 0;
    r->opts.cuts = r->cuts;
    r->batches = batches;
    r->held = malloc(n != 0 ? n : 1);
    r->log = open_memstream(&r->text, &r->text_len);
    need(r->held != NULL && r->log != NULL);
    literal_init(&r->framer, RESPONSE_MAX, (flags & 8) != 0 ? LITERAL_LF : 0);
    while (n > 0) {
        size_t k = step != 0 && step < n ? step : n;
        size_t gone = r->skip < k ? (size_t)r->skip : k;

        r->skip -= gone;
        if (k > gone)
            memcpy(r->held + r->len, p + gone, k - gone);
        r->len += k - gone;
        p += k;
        n -= k;
        if (r->skip == 0 && !go_on(r))
            break;
    }
    fclose(r->log);
    free(r->held);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct run whole;
    struct run cut;
    struct run pieces;
    size_t step;

    if (n < 2)
        return 0;
    step = (size_t)(p[1] % 32) + 1;
    run_stream(&whole, p + 2, n - 2, 0, p[0], 0);
    run_stream(&cut, p + 2, n - 2, step, p[0], 0);
    need(whole.text_len == cut.text_len && memcmp(whole.text, cut.text, cut.text_len) == 0);
    free(cut.text);
    free(whole.text);
    run_stream(&whole, p + 2, n - 2, 0, p[0], 1);
    run_stream(&pieces, p + 2, n - 2, step, p[0], 1);
    free(pieces.text);
    free(whole.text);
    return 0;
}
