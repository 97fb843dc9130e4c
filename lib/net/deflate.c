/* deflate.c - see deflate.h: zlib's raw format, one state for each way, made when it is needed. */
#include "net/deflate.h"

#include "base/fail.h"
#include "base/num.h"

#if MLA_ZLIB

#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

enum { WIRE_SIZE = 16384, IN_WINDOW = -15 };

/* What the compressor is made for. Commands are short and say the same again and again: with a
 * window of 8 KiB they take 1/40 more than with one of 32, mail 1/10. */
struct way {
    int window;
    int level; /* zlib's memLevel */
};

static const struct way for_commands = {-13, 6}; /* 64 KiB of memory */
static const struct way for_mail = {-15, 8};     /* 256 KiB */

/* So many octets in one write are mail. */
enum { MAIL_MIN = 8192 };

/* Room for compressed octets. */
struct wire {
    uint8_t *ptr; /* NULL while there are none */
    size_t size;
    size_t high; /* so many were ever written to */
};

struct deflate {
    struct stream base;
    const struct mem *mem;
    struct stream *below;
    z_stream in;
    z_stream out;
    int inflates;          /* in is a state of zlib's, and not only the octets to begin with */
    const struct way *way; /* of the state in out; NULL: there is none */
    struct deflate_counts counts;
    uint8_t *window; /* while there is no inflater: what the next one must know; NULL: nothing */
    size_t window_len;
    int below_end;  /* STREAM_END or STREAM_BROKEN: below has no more */
    int below_last; /* a further read of below would block now */
    int over;       /* the peer's compressed stream has ended */
    int border;     /* between two blocks, with no bit of the next one begun */
    int more_text;  /* the inflater may hold octets for which there was no room */
    size_t idle;    /* octets inflated since the last one that gave text */
    size_t taken;   /* of the octets that write() is repeated with: those compressed already */
    int whole;      /* ... and that these are all */
    int flushed;    /* ... and out of the compressor as well */
    int loose;      /* the compressor holds something of an earlier write back */
    size_t sent;    /* of wire_out.ptr[0 .. made): octets that below has taken */
    size_t made;
    struct wire wire_in;
    struct wire wire_out;
};

static const struct stream_ops deflate_ops;

static struct deflate *deflate_of(struct stream *s)
{
    return (struct deflate *)s;
}

int deflate_built(void)
{
    return 1;
}

/* --- life --- */

/* In front of a block of zlib's: it says no sizes when it gives blocks back, and its windows hold
 * what was written and read. */
struct z_head {
    size_t len;
    size_t pad; /* keeps the block aligned */
};

static void *z_alloc(void *user, unsigned count, unsigned size)
{
    size_t len;
    size_t all;
    struct z_head *h;

    if (!num_mul(count, size, &len) || !num_add(len, sizeof *h, &all))
        return NULL;
    h = mem_alloc(user, all);
    if (h == NULL)
        return NULL;
    h->len = all;
    return h + 1;
}

static void z_free(void *user, void *ptr)
{
    struct z_head *h = ptr;

    if (h != NULL)
        mem_free_secret(user, h - 1, h[-1].len);
}

static void z_use(z_stream *z, const struct mem *mem)
{
    z->zalloc = z_alloc;
    z->zfree = z_free;
    z->opaque = (void *)(uintptr_t)mem; /* which zlib only hands back */
}

static void wire_free(const struct deflate *d, struct wire *w)
{
    if (w->ptr != NULL)
        mem_free_secret(d->mem, w->ptr, w->high);
    memset(w, 0, sizeof *w);
}

static int wire_begin(const struct deflate *d, struct wire *w, mla_error *err)
{
    if (w->size == WIRE_SIZE)
        return 0;
    wire_free(d, w);
    w->ptr = mem_alloc(d->mem, WIRE_SIZE);
    if (w->ptr == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    w->size = WIRE_SIZE;
    return 0;
}

static void wire_holds(struct wire *w, size_t n)
{
    if (n > w->high)
        w->high = n;
}

static void window_free(struct deflate *d)
{
    if (d->window != NULL)
        mem_free_secret(d->mem, d->window, d->window_len);
    d->window = NULL;
    d->window_len = 0;
}

static void in_end(struct deflate *d)
{
    if (d->inflates)
        (void)inflateEnd(&d->in);
    d->inflates = 0;
}

static void out_end(struct deflate *d)
{
    if (d->way != NULL)
        (void)deflateEnd(&d->out);
    d->way = NULL;
}

static void deflate_clear(struct deflate *d)
{
    in_end(d);
    out_end(d);
    window_free(d);
    wire_free(d, &d->wire_in);
    wire_free(d, &d->wire_out);
    mem_free_secret(d->mem, d, sizeof *d);
}

int deflate_open(const struct mem *mem, struct stream *below, const uint8_t *early, size_t n,
                 struct stream **out, mla_error *err)
{
    struct deflate *d = n <= UINT32_MAX ? mem_zero(mem, sizeof *d) : NULL;

    if (d == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    d->base.ops = &deflate_ops;
    d->mem = mem;
    d->border = 1;
    z_use(&d->in, mem);
    z_use(&d->out, mem);
    if (n != 0) {
        d->wire_in.ptr = (uint8_t *)mem_dup(mem, early, n);
        if (d->wire_in.ptr == NULL) {
            deflate_clear(d);
            return fail(err, MLA_E_NOMEM, "out of memory");
        }
        d->wire_in.size = d->wire_in.high = n;
        d->in.next_in = d->wire_in.ptr;
        d->in.avail_in = (unsigned)n;
        d->counts.wire_in = n;
    }
    d->below = below;
    *out = &d->base;
    return 0;
}

static int deflate_up(struct stream *s, uint64_t now_ms, mla_error *err)
{
    (void)s;
    (void)now_ms;
    (void)err;
    return 1;
}

/* --- reading --- */

/* After a step that moved something (zlib.h, inflate, data_type). */
static int is_border(const z_stream *in)
{
    enum { BITS_UNUSED = 31, BETWEEN_BLOCKS = 128 };

    return (in->data_type & BETWEEN_BLOCKS) != 0 && (in->data_type & BITS_UNUSED) == 0;
}

/* Below has no more. */
static int at_end(const struct deflate *d)
{
    return d->over || d->border ? d->below_end : STREAM_BROKEN;
}

/* What zlib returned when it was to make a state. 0 or the error. */
static int is_made(int code, mla_error *err)
{
    if (code == Z_OK)
        return 0;
    if (code == Z_MEM_ERROR)
        return fail(err, MLA_E_NOMEM, "out of memory");
    return fail(err, MLA_E_INTERNAL, "zlib cannot be started (%d)", code);
}

/* The inflater, which goes on where the one before was given back. 0 or the error. */
static int in_begin(struct deflate *d, mla_error *err)
{
    int code;

    if (d->inflates)
        return 0;
    code = inflateInit2(&d->in, IN_WINDOW);
    d->inflates = code == Z_OK;
    if (code == Z_OK && d->window != NULL)
        code = inflateSetDictionary(&d->in, d->window, (unsigned)d->window_len);
    window_free(d);
    return is_made(code, err);
}

/* Reads compressed octets: 1, or what deflate_read() has to return. */
static int refill(struct deflate *d, mla_error *err)
{
    size_t got = 0;
    int rc;

    if (d->below_end != 0)
        return at_end(d);
    rc = wire_begin(d, &d->wire_in, err);
    if (rc != 0)
        return rc;
    rc = d->below->ops->read(d->below, d->wire_in.ptr, WIRE_SIZE, &got, err);
    d->base.read_wants = d->below->read_wants;
    if (rc == STREAM_END || rc == STREAM_BROKEN) {
        d->below_end = rc;
        return at_end(d);
    }
    if (rc <= 0)
        return rc;
    d->below_last = rc == STREAM_LAST;
    wire_holds(&d->wire_in, got);
    d->in.next_in = d->wire_in.ptr;
    d->in.avail_in = (unsigned)got;
    d->counts.wire_in += got;
    return 1;
}

/* One step of the inflater: 1 with *out_n octets of text, 0 for none, or the error. */
static int inflate_some(struct deflate *d, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    unsigned room = n > UINT32_MAX ? UINT32_MAX : (unsigned)n;
    unsigned before = d->in.avail_in;
    int code;
    int bad;

    if (d->over) {
        if (before != 0)
            return fail(err, MLA_E_PROTOCOL, "octets follow the end of the compressed stream");
        return 0;
    }
    bad = in_begin(d, err);
    if (bad != 0)
        return bad;
    d->in.next_out = p;
    d->in.avail_out = room;
    code = inflate(&d->in, Z_SYNC_FLUSH);
    if (code == Z_MEM_ERROR)
        return fail(err, MLA_E_NOMEM, "out of memory");
    bad = code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR;
    if (bad && d->in.avail_out == room)
        return fail(err, MLA_E_PROTOCOL, "what the server sends is not DEFLATE%s%s",
                    d->in.msg != NULL ? ": " : "", d->in.msg != NULL ? d->in.msg : "");
    d->over = code == Z_STREAM_END;
    *out_n = room - d->in.avail_out;
    /* What came before a fault is read first: zlib says it again. */
    d->more_text = bad || (!d->over && d->in.avail_out == 0);
    if (*out_n != 0 || d->in.avail_in != before)
        d->border = is_border(&d->in);
    d->counts.text_in += *out_n;
    if (*out_n != 0) {
        d->idle = 0;
        return 1;
    }
    d->idle += before - d->in.avail_in;
    if (d->idle > DEFLATE_IDLE_MAX)
        return fail(err, MLA_E_FLOOD, "%zu octets of compressed data hold not one octet of text",
                    d->idle);
    return 0;
}

static int read_text(struct deflate *d, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    while (n != 0) {
        int rc = 0;

        if (d->in.avail_in != 0 || d->more_text)
            rc = inflate_some(d, p, n, out_n, err);
        if (rc < 0)
            return rc;
        if (rc == 1)
            return d->below_last && d->in.avail_in == 0 && !d->more_text ? STREAM_LAST
                                                                         : STREAM_SOME;
        if (d->in.avail_in == 0) {
            rc = refill(d, err);
            if (rc != 1)
                return rc;
        }
    }
    return 0;
}

static void wire_in_rest(struct deflate *d)
{
    if (d->in.avail_in != 0)
        return;
    wire_free(d, &d->wire_in);
    d->in.next_in = NULL;
}

static int deflate_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct deflate *d = deflate_of(s);
    int rc = read_text(d, p, n, out_n, err);

    if (rc != STREAM_SOME)
        wire_in_rest(d);
    return rc;
}

static uint32_t deflate_held(const struct stream *s)
{
    const struct deflate *d = (const struct deflate *)s;

    if (d->in.avail_in != 0 || d->more_text || d->below_end != 0)
        return STREAM_NOW;
    return d->below->ops->held(d->below);
}

/* --- writing --- */

/* 1 when below has taken all that was made, 0 when it takes no more now, or its error. */
static int push(struct deflate *d, int more, mla_error *err)
{
    while (d->sent < d->made) {
        size_t put = 0;
        int rc = d->below->ops->write(d->below, d->wire_out.ptr + d->sent, d->made - d->sent, more,
                                      &put, err);

        d->base.write_wants = d->below->write_wants;
        if (rc <= 0)
            return rc;
        d->sent += put;
        d->counts.wire_out += put;
    }
    d->sent = d->made = 0;
    return 1;
}

/* A compressor for a write of n octets. Where nothing is held back in it, it may be another one
 * than before: to the peer that is one that happens to repeat nothing. 0 or the error. */
static int out_begin(struct deflate *d, size_t n, mla_error *err)
{
    const struct way *way = n < MAIL_MIN ? &for_commands : &for_mail;
    int code;

    if (d->way == way || d->way == &for_mail || d->loose)
        return 0;
    out_end(d);
    code = deflateInit2(&d->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, way->window, way->level,
                        Z_DEFAULT_STRATEGY);
    d->way = code == Z_OK ? way : NULL;
    return is_made(code, err);
}

/* Compresses what is not yet, as far as there is room for it. 0 or the error. */
static int make(struct deflate *d, const uint8_t *p, size_t n, int more, mla_error *err)
{
    size_t left = n - d->taken;
    unsigned some = left > UINT32_MAX ? UINT32_MAX : (unsigned)left;
    int code = out_begin(d, n, err);

    if (code == 0)
        code = wire_begin(d, &d->wire_out, err);
    if (code != 0)
        return code;
    d->out.next_in = p + d->taken;
    d->out.avail_in = some;
    d->out.next_out = d->wire_out.ptr;
    d->out.avail_out = WIRE_SIZE;
    code = deflate(&d->out, more ? Z_NO_FLUSH : Z_SYNC_FLUSH);
    if (code != Z_OK && code != Z_BUF_ERROR)
        return fail(err, MLA_E_INTERNAL, "compressing failed (%d)", code);
    d->taken += some - d->out.avail_in;
    d->made = WIRE_SIZE - d->out.avail_out;
    wire_holds(&d->wire_out, d->made);
    d->whole = d->taken == n && d->out.avail_out != 0;
    d->flushed = d->whole && !more;
    return 0;
}

/* All n octets are compressed, and taken only once below has taken the outcome: nobody would call
 * again for what is left over here. */
static int deflate_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                         mla_error *err)
{
    struct deflate *d = deflate_of(s);

    for (;;) {
        int rc = push(d, more || !d->flushed, err);

        if (rc <= 0)
            return rc;
        if (d->flushed || (d->whole && more))
            break;
        rc = make(d, p, n, more, err);
        if (rc != 0)
            return rc;
    }
    d->counts.text_out += d->taken;
    *out_n = d->taken;
    d->loose = !d->flushed;
    d->taken = 0;
    d->whole = d->flushed = 0;
    if (!d->loose)
        wire_free(d, &d->wire_out);
    return 1;
}

/* --- giving back --- */

/* Behind a block, with no bit of the next one begun, all that an inflater knows is what it has
 * given last (RFC 1951 section 2). Where a server leaves off elsewhere, it stays. */
static void in_rest(struct deflate *d)
{
    uint8_t *window = NULL;
    unsigned len = 0;

    if (!d->inflates || d->in.avail_in != 0 || d->more_text || !(d->border || d->over))
        return;
    if (!d->over) {
        if (inflateGetDictionary(&d->in, NULL, &len) != Z_OK)
            return;
        window = len != 0 ? mem_alloc(d->mem, len) : NULL;
        if (len != 0 && window == NULL)
            return;
        if (len != 0)
            (void)inflateGetDictionary(&d->in, window, &len);
    }
    in_end(d);
    d->window = window;
    d->window_len = len;
}

void deflate_rest(struct stream *s)
{
    struct deflate *d = deflate_of(s);

    in_rest(d);
    wire_in_rest(d);
    if (d->made != 0 || d->loose || d->taken != 0 || d->whole)
        return; /* of something that is not out yet */
    wire_free(d, &d->wire_out);
    out_end(d);
}

/* --- the rest --- */

static void deflate_close(struct stream *s)
{
    struct deflate *d = deflate_of(s);

    d->below->ops->close(d->below);
}

static void deflate_free(struct stream *s)
{
    struct deflate *d = deflate_of(s);

    d->below->ops->free(d->below);
    deflate_clear(d);
}

static int deflate_fd(const struct stream *s)
{
    const struct deflate *d = (const struct deflate *)s;

    return d->below->ops->fd(d->below);
}

static uint64_t deflate_deadline(const struct stream *s)
{
    (void)s;
    return UINT64_MAX;
}

static const struct stream_ops deflate_ops = {
    .open = deflate_up,
    .read = deflate_read,
    .write = deflate_write,
    .close = deflate_close,
    .free = deflate_free,
    .held = deflate_held,
    .fd = deflate_fd,
    .deadline = deflate_deadline,
};

void deflate_counts(const struct stream *s, struct deflate_counts *out)
{
    *out = ((const struct deflate *)s)->counts;
}

#else /* without zlib */

int deflate_built(void)
{
    return 0;
}

int deflate_open(const struct mem *mem, struct stream *below, const uint8_t *early, size_t n,
                 struct stream **out, mla_error *err)
{
    (void)mem;
    (void)below;
    (void)early;
    (void)n;
    (void)out;
    return fail(err, MLA_E_UNSUPPORTED, "compression is not built in");
}

void deflate_rest(struct stream *s)
{
    (void)s;
}

void deflate_counts(const struct stream *s, struct deflate_counts *out)
{
    static const struct deflate_counts none;

    (void)s;
    *out = none;
}

#endif
