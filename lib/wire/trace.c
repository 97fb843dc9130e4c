/* trace.c - see trace.h */
#include "wire/trace.h"

#include "base/ascii.h"

#include <stdio.h>
#include <string.h>

enum {
    PIECE = 4096,       /* looked at in one go */
    HELD_MAX = 1 << 19, /* a line, and behind it the longest secret */
    KEEP_MIN = 512,     /* of a line that goes out in parts: a URL's token */
    CHALLENGE_WORD = 16 /* a word behind "+OK" that long may be a challenge (see sasl_answer) */
};

static void way_init(struct trace_way *w, const struct mem *mem)
{
    buf_init(&w->held, mem, HELD_MAX);
    w->held.secret = 1;
}

struct trace *trace_new(const struct mem *mem, const struct mask *mask,
                        void (*fn)(void *user, int32_t what, const uint8_t *data, size_t len),
                        void *user)
{
    struct trace *t = mem_zero(mem, sizeof *t);

    if (t == NULL)
        return NULL;
    t->fn = fn;
    t->user = user;
    t->mem = mem;
    t->mask = mask;
    way_init(&t->sent, mem);
    way_init(&t->received, mem);
    buf_init(&t->line, mem, 2 * (size_t)HELD_MAX);
    return t;
}

/* --- one line --- */

static void tell(struct trace *t, const uint8_t *p, size_t n)
{
    if (n != 0)
        buf_add(&t->line, p, n);
}

static void tell_secret(struct trace *t, size_t n)
{
    char text[48];
    int len = snprintf(text, sizeof text, "<secret %zu>", n);

    if (n != 0 && len > 0)
        buf_add(&t->line, text, (size_t)len);
}

static void lost(struct trace *t)
{
    trace_note(t, "out of memory: a part of the conversation is not shown here");
}

/* Where the challenge begins in a line; 0: it holds none. */
static size_t challenge_at(const uint8_t *p, size_t n)
{
    size_t at = 1;
    size_t word;

    if (n == 0 || p[0] != '+')
        return 0;
    if (!ascii_starts(p, n, "+OK")) {
        at += n > 1 && p[1] == ' ';
        return at < n ? at : 0;
    }
    for (at = 3; at < n && p[at] == ' ';)
        at++;
    for (word = at; word < n && p[word] != ' ';)
        word++;
    return word == n && n - at >= CHALLENGE_WORD ? at : 0;
}

static int ends_url(uint8_t c)
{
    return ascii_is_space(c) || c == '"' || c == ')' || c == '>';
}

/* RFC 4467 section 9: ";URLAUTH=" access ":" mechanism ":" token */
static void find_tokens(const uint8_t *p, size_t n, struct mask_spots *out)
{
    for (size_t i = 0; i + 8 < n; i++) {
        size_t at = i + 8;
        int colons = 0;

        if (ascii_lower(p[i]) != 'u' || !ascii_starts(p + i, n - i, "URLAUTH="))
            continue;
        while (at < n && colons < 2 && !ends_url(p[at]))
            colons += p[at++] == ':';
        i = at;
        while (at < n && !ends_url(p[at]))
            at++;
        if (colons == 2 && at > i)
            mask_add_spot(out, i, at);
        i = at;
    }
}

static void tell_masked(struct trace *t, const uint8_t *p, size_t n)
{
    struct mask_spots spots;
    size_t at = 0;

    (void)mask_find(t->mask, p, n, &spots);
    find_tokens(p, n, &spots);
    for (size_t i = 0; i < spots.count; i++) {
        tell(t, p + at, spots.at[i].from - at);
        tell_secret(t, spots.at[i].to - spots.at[i].from);
        at = spots.at[i].to;
    }
    tell(t, p + at, n - at);
}

/* A line, or a part of one; ends: with its end. */
static void show(struct trace *t, struct trace_way *w, int32_t what, const uint8_t *p, size_t n,
                 int ends)
{
    size_t end = n - (ends != 0);
    size_t at = 0;

    if (ends && end > 0 && p[end - 1] == '\r')
        end--;
    if (!w->inside && what == TRACE_RECEIVED && t->exchange) {
        at = challenge_at(p, end);
        w->hidden = at != 0;
    }
    if (w->hidden) {
        tell(t, p, at);
        tell_secret(t, end - at);
        tell(t, p + end, n - end);
    } else {
        tell_masked(t, p, n);
    }
    if (t->line.failed != 0)
        lost(t);
    else if (t->line.len != 0)
        t->fn(t->user, what, t->line.ptr, t->line.len);
    if (t->line.failed != 0 || t->line.cap > KEEP_MIN)
        buf_free(&t->line);
    buf_clear(&t->line);
    w->inside = !ends;
    w->hidden = w->hidden && !ends;
}

/* --- pieces --- */

static void keep_from(struct buf *b, size_t at)
{
    memmove(b->ptr, b->ptr + at, b->len - at);
    b->len -= at;
}

/* Where the first part of a line that is long ends: about `edge`, and not within a secret. */
static size_t part_end(const struct trace *t, const uint8_t *p, size_t n, size_t edge)
{
    struct mask_spots spots;

    (void)mask_find(t->mask, p, n, &spots);
    find_tokens(p, n, &spots);
    for (size_t i = 0; i < spots.count; i++)
        if (spots.at[i].from < edge && spots.at[i].to > edge)
            return spots.at[i].from > 0 ? spots.at[i].from : spots.at[i].to;
    return edge;
}

/* Shows what is whole; the octets below `known` hold no line end. */
static void show_lines(struct trace *t, struct trace_way *w, int32_t what, size_t known)
{
    struct buf *b = &w->held;
    size_t keep = t->mask->longest > KEEP_MIN ? t->mask->longest : KEEP_MIN;
    const uint8_t *end;
    size_t at = 0;

    while ((end = memchr(b->ptr + known, '\n', b->len - known)) != NULL) {
        known = (size_t)(end - b->ptr) + 1;
        show(t, w, what, b->ptr + at, known - at, 1);
        at = known;
    }
    if (b->len - at > TRACE_LINE_MAX + keep) {
        size_t part = part_end(t, b->ptr + at, b->len - at, b->len - at - keep);

        show(t, w, what, b->ptr + at, part, 0);
        at += part;
    }
    if (at != 0)
        keep_from(b, at);
    if (b->len == 0)
        buf_free(b);
}

static void add(struct trace *t, struct trace_way *w, int32_t what, const uint8_t *p, size_t n)
{
    while (n != 0) {
        size_t known = w->held.len;
        size_t some = n < PIECE ? n : PIECE;

        if (buf_add(&w->held, p, some) != 0) {
            buf_free(&w->held);
            w->held.failed = 0;
            lost(t);
            return;
        }
        show_lines(t, w, what, known);
        p += some;
        n -= some;
    }
}

void trace_sent(struct trace *t, const void *data, size_t n, int secret)
{
    char text[48];
    int len;

    if (t == NULL)
        return;
    if (!secret) {
        add(t, &t->sent, TRACE_SENT, data, n);
        return;
    }
    len = snprintf(text, sizeof text, "<secret %zu>", n);
    add(t, &t->sent, TRACE_SENT, (const uint8_t *)text, len > 0 ? (size_t)len : 0);
}

void trace_received(struct trace *t, const void *data, size_t n)
{
    if (t != NULL)
        add(t, &t->received, TRACE_RECEIVED, data, n);
}

void trace_note(struct trace *t, const char *text)
{
    if (t != NULL)
        t->fn(t->user, TRACE_NOTE, (const uint8_t *)text, strlen(text));
}

static void flush(struct trace *t, struct trace_way *w, int32_t what)
{
    if (w->held.len != 0)
        show(t, w, what, w->held.ptr, w->held.len, 0);
    buf_free(&w->held);
}

void trace_end(struct trace *t)
{
    if (t == NULL)
        return;
    flush(t, &t->sent, TRACE_SENT);
    flush(t, &t->received, TRACE_RECEIVED);
}

void trace_free(struct trace *t)
{
    if (t == NULL)
        return;
    buf_free(&t->sent.held);
    buf_free(&t->received.held);
    buf_free(&t->line);
    mem_free(t->mem, t);
}
