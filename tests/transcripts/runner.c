/* runner.c - one run of a transcript: see runner.h and play.h */
#include "runner.h"

#include "guard.h"
#include "play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUOTE_MAX = 1024,     /* octets shown in full */
    FIRST_TICK = 1000000, /* the clock does not begin at 0 */
    NAMES = 40
};

struct text {
    char *ptr;
    size_t len;
    size_t cap;
};

struct binding {
    char name[32];
    char value[64];
};

struct runner {
    const struct runner_protocol *protocol;
    const struct script *script;
    struct mode mode;
    struct guard guard;
    void *handle;
    mla_session *session;
    uint64_t now;
    uint32_t random;
    struct text log;
    size_t seen;       /* octets of the log that E lines have asked for */
    struct text chunk; /* bulk data not yet in the log */
    char chunk_label[64];
    uint64_t chunk_at;
    int chunk_open;
    uint64_t *tickets;
    size_t ticket_count;
    struct binding names[NAMES];
    size_t name_count;
    char **quotes;
    size_t quote_count;
    size_t received; /* octets fed so far */
    int dead;
    int unsent_ok;
    int compressed;  /* DEFLATE came up within a block */
    struct text why; /* the first thing that was not as expected */
};

static void *grown(void *p, size_t n)
{
    p = realloc(p, n == 0 ? 1 : n);
    if (p == NULL)
        abort();
    return p;
}

static void text_add(struct text *t, const void *ptr, size_t len)
{
    if (t->len + len + 1 > t->cap) {
        t->cap = (t->len + len + 1) * 2;
        t->ptr = grown(t->ptr, t->cap);
    }
    if (len != 0)
        memcpy(t->ptr + t->len, ptr, len);
    t->len += len;
    t->ptr[t->len] = '\0';
}

__attribute__((format(printf, 2, 0))) static void text_print(struct text *t, const char *fmt,
                                                             va_list ap)
{
    va_list copy;
    int n;

    va_copy(copy, ap);
    n = vsnprintf(NULL, 0, fmt, copy);
    va_end(copy);
    text_add(t, "", 0);
    if (t->len + (size_t)n + 1 > t->cap) {
        t->cap = (t->len + (size_t)n + 1) * 2;
        t->ptr = grown(t->ptr, t->cap);
    }
    vsnprintf(t->ptr + t->len, (size_t)n + 1, fmt, ap);
    t->len += (size_t)n;
}

RUNNER_PRINTF static void wrong(struct runner *r, const char *fmt, ...)
{
    va_list ap;

    if (r->why.len != 0)
        return;
    va_start(ap, fmt);
    text_print(&r->why, fmt, ap);
    va_end(ap);
}

/* --- the log --- */

static void flush_chunk(struct runner *r)
{
    int n;
    char at[32];
    const char *quoted;

    if (!r->chunk_open)
        return;
    r->chunk_open = 0;
    quoted = runner_quote(r, r->chunk.ptr, r->chunk.len);
    text_add(&r->log, r->chunk_label, strlen(r->chunk_label));
    n = snprintf(at, sizeof at, " @%llu ", (unsigned long long)(r->chunk_at - r->chunk.len));
    text_add(&r->log, at, (size_t)n);
    text_add(&r->log, quoted, strlen(quoted));
    text_add(&r->log, "\n", 1);
    r->chunk.len = 0;
}

void runner_log(struct runner *r, const char *fmt, ...)
{
    va_list ap;

    flush_chunk(r);
    va_start(ap, fmt);
    text_print(&r->log, fmt, ap);
    va_end(ap);
    text_add(&r->log, "\n", 1);
}

void runner_chunk(struct runner *r, const char *label, uint64_t offset, const void *ptr, size_t len)
{
    if (r->chunk_open && (strcmp(r->chunk_label, label) != 0 || r->chunk_at != offset))
        flush_chunk(r);
    if (!r->chunk_open) {
        snprintf(r->chunk_label, sizeof r->chunk_label, "%s", label);
        r->chunk_open = 1;
        r->chunk.len = 0;
    }
    text_add(&r->chunk, ptr, len);
    r->chunk_at = offset + len;
}

static char *keep(struct runner *r, char *s)
{
    if ((r->quote_count & (r->quote_count - 1)) == 0)
        r->quotes =
            grown(r->quotes, (r->quote_count == 0 ? 1 : r->quote_count * 2) * sizeof *r->quotes);
    r->quotes[r->quote_count++] = s;
    return s;
}

const char *runner_ticket(struct runner *r, uint64_t ticket)
{
    char *s;

    if (ticket == 0)
        return "-";
    s = keep(r, grown(NULL, 24));
    for (size_t i = 0; i < r->ticket_count; i++)
        if (r->tickets[i] == ticket) {
            snprintf(s, 24, "t%zu", i + 1);
            return s;
        }
    return "t?";
}

const char *runner_quote(struct runner *r, const void *ptr, size_t len)
{
    const unsigned char *p = ptr;
    struct text t = {0};

    if (ptr == NULL)
        return len == 0 ? "NIL" : "NIL with a length";
    if (len > QUOTE_MAX) {
        uint32_t hash = 2166136261U; /* FNV-1a */
        char *s = keep(r, grown(NULL, 48));

        for (size_t i = 0; i < len; i++)
            hash = (hash ^ p[i]) * 16777619U;
        snprintf(s, 48, "<%zu octets, %08x>", len, hash);
        return s;
    }
    text_add(&t, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        static const char from[] = "\r\n\t\\\"";
        static const char to[] = "rnt\\\"";
        const char *at = p[i] != 0 ? strchr(from, p[i]) : NULL;
        char s[8];

        if (at != NULL)
            snprintf(s, sizeof s, "\\%c", to[at - from]);
        else if (p[i] < 0x20 || p[i] >= 0x7f)
            snprintf(s, sizeof s, "\\x%02x", p[i]);
        else
            snprintf(s, sizeof s, "%c", p[i]);
        text_add(&t, s, strlen(s));
    }
    text_add(&t, "\"", 1);
    return keep(r, t.ptr);
}

uint64_t runner_number(const struct runner_word *w)
{
    return strtoull(w->ptr, NULL, 0);
}

/* --- names: \(tag) --- */

static struct binding *name_find(struct runner *r, const char *name, size_t len)
{
    struct binding *b;

    for (size_t i = 0; i < r->name_count; i++)
        if (strlen(r->names[i].name) == len && memcmp(r->names[i].name, name, len) == 0)
            return &r->names[i];
    if (r->name_count == NAMES || len >= sizeof b->name)
        abort();
    b = &r->names[r->name_count++];
    memcpy(b->name, name, len);
    b->name[len] = '\0';
    b->value[0] = '\0';
    return b;
}

/* The text with the values of its names; escapes stay. Yours. */
static char *substitute(struct runner *r, const char *text)
{
    struct text t = {0};

    text_add(&t, "", 0);
    while (*text != '\0') {
        const char *at = strstr(text, "\\(");
        const char *end = at != NULL ? strchr(at, ')') : NULL;

        if (end == NULL) {
            text_add(&t, text, strlen(text));
            break;
        }
        text_add(&t, text, (size_t)(at - text));
        at += 2;
        at = name_find(r, at, (size_t)(end - at))->value;
        text_add(&t, at, strlen(at));
        text = end + 1;
    }
    return t.ptr;
}

/* A tag begins with a letter: 163.com and others want it so. */
static int is_word_octet(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Binds the names of text that are met for the first time by what was sent there. */
static void bind_names(struct runner *r, const char *text, const char *sent, size_t len)
{
    size_t at = 0;

    while (*text != '\0' && at <= len) {
        if (text[0] == '\\' && text[1] == '(') {
            const char *end = strchr(text, ')');
            struct binding *b = name_find(r, text + 2, (size_t)(end - text) - 2);
            size_t n = 0;

            if (b->value[0] == '\0') {
                while (at + n < len && is_word_octet((unsigned char)sent[at + n]) &&
                       (n > 0 || sent[at] > '9') && n < sizeof b->value - 1)
                    n++;
                memcpy(b->value, sent + at, n);
                b->value[n] = '\0';
            }
            at += strlen(b->value);
            text = end + 1;
        } else if (text[0] == '\\') {
            text += text[1] == 'x' ? 4 : 2;
            at++;
        } else {
            text++;
            at++;
        }
    }
}

/* --- what may happen --- */

static uint32_t random_next(struct runner *r)
{
    r->random ^= r->random << 13;
    r->random ^= r->random >> 17;
    r->random ^= r->random << 5;
    return r->random;
}

static void drain(struct runner *r)
{
    mla_error err = {0};
    int rc = 1;

    for (unsigned long n = 0; rc == 1; n++) {
        if (n > 10000000) {
            wrong(r, "events without end");
            return;
        }
        rc = r->protocol->next(r, r->handle);
    }
    if (rc == 0 || r->dead)
        return;
    r->dead = 1;
    mla_session_error(r->session, &err);
    if (err.code != rc)
        wrong(r, "next() returned %s and the error is %s", mla_error_name(rc),
              mla_error_name(err.code));
    runner_log(r, "FATAL %s: %s", mla_error_name(rc), err.message);
}

/* A call that moves octets or time returned rc. */
static void moved(struct runner *r, const char *what, int rc)
{
    drain(r);
    if (rc < 0 && !r->dead)
        runner_log(r, "REFUSED %s %s", what, mla_error_name(rc));
}

static size_t piece_size(struct runner *r, size_t left)
{
    size_t n = left;

    if (r->mode.pieces == BYTES)
        n = 1;
    else if (r->mode.pieces == CUT && r->received < r->mode.cut)
        n = r->mode.cut - r->received;
    else if (r->mode.pieces == RANDOM)
        n = 1 + random_next(r) % ((random_next(r) & 7) == 0 ? 2000 : 24);
    return n < left ? n : left;
}

static int feed_piece(struct runner *r, const char *p, size_t n)
{
    unsigned stuck = 0;

    while (n != 0 && !r->dead) {
        uint8_t *at = guard_edge(n);
        size_t used = 0;
        int rc;

        memcpy(at, p, n);
        rc = mla_session_feed(r->session, at, n, &used);
        guard_edge_end();
        if (used > n) {
            wrong(r, "feed() used more than there was");
            return -1;
        }
        moved(r, "feed", rc);
        if (rc < 0)
            return -1;
        if (used < n && (mla_session_wants(r->session) & MLA_WANT_COMPRESS) != 0) {
            r->compressed = 1;
            moved(r, "compress_up", mla_session_compress_up(r->session));
        }
        if (used == 0 && (mla_session_wants(r->session) & MLA_WANT_CLOSE) != 0)
            return -1; /* the conversation is over: nobody listens any more */
        stuck = used == 0 ? stuck + 1 : 0;
        if (stuck > 3) {
            wrong(r, "feed() takes nothing");
            return -1;
        }
        p += used;
        n -= used;
    }
    return 0;
}

static void feed(struct runner *r, const char *p, size_t n)
{
    while (n != 0 && !r->dead) {
        size_t k = piece_size(r, n);

        if (feed_piece(r, p, k) != 0)
            return;
        r->received += k;
        p += k;
        n -= k;
    }
}

/* Everything there is to send, in pieces as the mode wants them. Yours. */
static struct text take_output(struct runner *r)
{
    struct text t = {0};
    const uint8_t *p;
    const uint8_t *again;
    size_t n;
    size_t n2;

    text_add(&t, "", 0);
    while (mla_session_output(r->session, &p, &n) == 1) {
        size_t k = n;

        /* a write that would block is tried again with the same octets in the same place */
        if (mla_session_output(r->session, &again, &n2) != 1 || again != p || n2 != n)
            wrong(r, "output() moved what it offered");
        if (r->mode.pieces == BYTES)
            k = 1;
        else if (r->mode.pieces == RANDOM)
            k = 1 + random_next(r) % n;
        text_add(&t, p, k);
        if (mla_session_sent(r->session, k) != 0) {
            wrong(r, "sent() failed");
            break;
        }
        /* Not one event may come of having sent half a command; answers may be due now, though. */
        if (t.len > 100000000)
            break;
    }
    return t;
}

/* --- steps --- */

static size_t play_block(struct runner *r, size_t i)
{
    const struct script *s = r->script;
    struct text in = {0};
    size_t end = i;

    for (;
         end < s->count && (s->steps[end].kind == STEP_SERVER || s->steps[end].kind == STEP_EVENT);
         end++) {
        char *text;
        char *raw;
        size_t n;

        if (s->steps[end].kind != STEP_SERVER)
            continue;
        text = substitute(r, s->steps[end].text);
        raw = script_unescape(text, &n);
        text_add(&in, raw, n);
        free(raw);
        free(text);
    }
    feed(r, in.ptr, in.len);
    free(in.ptr);
    flush_chunk(r);
    for (; i < end; i++) {
        const struct step *step = &s->steps[i];
        const char *line;
        char *want;
        size_t n;
        size_t w;

        if (step->kind != STEP_EVENT)
            continue;
        line = r->log.ptr != NULL ? r->log.ptr + r->seen : "";
        n = strcspn(line, "\n");
        want = substitute(r, step->text);
        w = strlen(want);
        if (w != 0 && want[w - 1] == '*' ? n < w - 1 || memcmp(line, want, w - 1) != 0
                                         : n != w || memcmp(line, want, w) != 0)
            wrong(r, "line %d\n  expected: %s\n       got: %.*s", step->line, want, (int)n, line);
        free(want);
        r->seen += n + (line[n] == '\n');
    }
    return end;
}

static size_t play_client(struct runner *r, size_t i)
{
    const struct script *s = r->script;
    struct text want = {0};
    struct text got = take_output(r);
    int line = s->steps[i].line;
    char *text;
    char *raw;
    size_t n;

    for (; i < s->count && s->steps[i].kind == STEP_CLIENT; i++)
        text_add(&want, s->steps[i].text, strlen(s->steps[i].text));
    bind_names(r, want.ptr, got.ptr, got.len);
    text = substitute(r, want.ptr);
    raw = script_unescape(text, &n);
    if (n != got.len || memcmp(raw, got.ptr, n) != 0)
        wrong(r, "line %d\n  expected to be sent: %s\n             was sent: %s", line,
              runner_quote(r, raw, n), runner_quote(r, got.ptr, got.len));
    free(raw);
    free(text);
    free(want.ptr);
    free(got.ptr);
    drain(r);
    return i;
}

static void add_ticket(struct runner *r, uint64_t ticket)
{
    r->tickets = grown(r->tickets, (r->ticket_count + 1) * sizeof *r->tickets);
    r->tickets[r->ticket_count++] = ticket;
}

static void play_do(struct runner *r, const struct step *step)
{
    uint64_t ticket = 0;
    mla_error err = {0};
    int rc = 0;

    if (!r->protocol->command(r, r->handle, step->words, step->word_count, &rc, &ticket)) {
        wrong(r, "line %d: no such command: %s", step->line, step->words[0].ptr);
        return;
    }
    if (rc < 0) {
        mla_session_error(r->session, &err);
        if (err.code != rc)
            wrong(r, "line %d: returned %s and the error is %s", step->line, mla_error_name(rc),
                  mla_error_name(err.code));
        runner_log(r, "REFUSED %s %s: %s", step->words[0].ptr, mla_error_name(rc), err.message);
        if (ticket != 0)
            wrong(r, "line %d: a refused call gave a ticket", step->line);
    } else if (ticket != 0) {
        add_ticket(r, ticket);
    }
    drain(r);
}

static void play_want(struct runner *r, const struct step *step)
{
    uint32_t got = mla_session_wants(r->session);

    if (got != step->number)
        wrong(r, "line %d: wants are %x, expected %x", step->line, got, (unsigned)step->number);
}

static void play_step(struct runner *r, const struct step *step)
{
    const uint8_t *p;
    size_t n;

    switch (step->kind) {
    case STEP_DO:
        play_do(r, step);
        break;
    case STEP_TLS:
        if (!r->dead && (mla_session_wants(r->session) & MLA_WANT_TLS) == 0)
            wrong(r, "line %d: TLS is not wanted", step->line);
        moved(r, "tls_up", mla_session_tls_up(r->session, (int32_t)step->number));
        break;
    case STEP_COMPRESS:
        if (r->compressed) {
            r->compressed = 0;
            break;
        }
        if (!r->dead && (mla_session_wants(r->session) & MLA_WANT_COMPRESS) == 0)
            wrong(r, "line %d: DEFLATE is not wanted", step->line);
        moved(r, "compress_up", mla_session_compress_up(r->session));
        break;
    case STEP_TICK:
        r->now += step->number;
        moved(r, "tick", mla_session_tick(r->session, r->now));
        break;
    case STEP_EOF:
        moved(r, "eof", mla_session_eof(r->session, (int32_t)step->number));
        break;
    case STEP_WANT:
        play_want(r, step);
        break;
    case STEP_NOTSENT:
        r->unsent_ok = 1;
        if (mla_session_output(r->session, &p, &n) == 1)
            wrong(r, "line %d: was sent: %s", step->line, runner_quote(r, p, n));
        break;
    case STEP_SERVER:
    case STEP_CLIENT:
    case STEP_EVENT:
        break;
    }
}

static int configure(struct runner *r, mla_config *cfg)
{
    const struct options *o = &r->script->options;
    int rc = 0;

    if (o->cleartext)
        rc = mla_config_set_cleartext_password(cfg, 1);
    if (rc == 0 && o->insecure)
        rc = mla_config_set_insecure(cfg, 1);
    if (rc == 0 && o->compress)
        rc = mla_config_set_compress(cfg, 1);
    if (rc == 0 && o->rev1)
        rc = mla_config_set_imap4rev2(cfg, 0);
    if (rc == 0 && o->mechanisms != NULL)
        rc = mla_config_set_mechanisms(cfg, o->mechanisms);
    for (int32_t i = 1; i < 8 && rc == 0; i++)
        if (o->limits[i] != 0)
            rc = mla_config_set_limit(cfg, i, o->limits[i]);
    for (int32_t i = 1; i < 9 && rc == 0; i++)
        if (o->has_deadline[i])
            rc = mla_config_set_deadline(cfg, i, (uint32_t)o->deadlines[i]);
    return rc;
}

static int start(struct runner *r)
{
    const struct options *o = &r->script->options;
    mla_connect_args args = {0};
    uint64_t ticket = 0;
    int rc;

    r->session = r->protocol->session(r->handle);
    args.struct_size = sizeof args;
    args.security = o->security;
    args.host = "mail.example";
    rc = mla_session_attach(r->session, &args, &ticket);
    if (rc != 0)
        return rc;
    add_ticket(r, ticket);
    r->now = FIRST_TICK;
    rc = mla_session_tick(r->session, r->now);
    if (rc == 0 && o->security == MLA_SECURITY_TLS)
        rc = mla_session_tls_up(r->session, o->verified);
    return rc;
}

static void play_steps(struct runner *r)
{
    const uint8_t *p;
    size_t n;

    for (size_t i = 0; i < r->script->count && r->why.len == 0;) {
        const struct step *step = &r->script->steps[i];

        if (step->kind == STEP_SERVER || step->kind == STEP_EVENT)
            i = play_block(r, i);
        else if (step->kind == STEP_CLIENT)
            i = play_client(r, i);
        else
            play_step(r, &r->script->steps[i++]);
    }
    flush_chunk(r);
    if (r->seen < r->log.len)
        wrong(r, "not expected:\n%s", r->log.ptr + r->seen);
    if (!r->dead && !r->unsent_ok && mla_session_output(r->session, &p, &n) == 1)
        wrong(r, "still to be sent: %s", runner_quote(r, p, n));
}

static void forget(struct runner *r)
{
    for (size_t i = 0; i < r->quote_count; i++)
        free(r->quotes[i]);
    free(r->quotes);
    free(r->chunk.ptr);
    free(r->tickets);
}

void play(const struct runner_protocol *protocol, const struct script *s, const struct mode *mode,
          struct played *out)
{
    struct runner r = {0};
    mla_allocator allocator;
    mla_config *cfg = NULL;
    mla_error err = {0};
    int rc;

    r.protocol = protocol;
    r.script = s;
    r.mode = *mode;
    r.random = mode->seed * 2654435761U + 88172645U;
    r.guard.pages = mode->pages;
    r.guard.fail_at = mode->fail_at;
    r.guard.from_then_on = mode->from_then_on;
    text_add(&r.log, "", 0);
    guard_allocator(&r.guard, &allocator);
    rc = mla_config_new(&allocator, &cfg);
    if (rc == 0)
        rc = configure(&r, cfg);
    if (rc == 0)
        rc = protocol->open(cfg, &r.handle, &err);
    mla_config_free(cfg);
    if (rc == 0)
        rc = start(&r);
    if (rc == 0)
        play_steps(&r);
    else
        wrong(&r, "could not begin: %s", mla_error_name(rc));
    protocol->close(r.handle);
    if (r.guard.held != 0) {
        r.why.len = 0;
        wrong(&r, "%zu blocks were not given back", r.guard.held);
        r.log.ptr[0] = '\0'; /* no failing memory excuses that */
    }
    out->log = r.log.ptr;
    out->why = r.why.ptr;
    out->received = r.received;
    out->allocations = r.guard.calls;
    forget(&r);
}

void played_free(struct played *p)
{
    free(p->log);
    free(p->why);
    memset(p, 0, sizeof *p);
}
