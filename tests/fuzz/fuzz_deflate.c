/* fuzz_deflate.c - compressed octets as they come, and compressed octets that were damaged on the
 * way: whatever the pieces, and whenever the layer gives back what it holds, the same text and the
 * same end; and what is written can be read. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "net/deflate.h"

enum { TEXT_MAX = 1 << 18, WIRE_MAX = 1 << 18 };

struct memory {
    struct stream base;
    const uint8_t *in;
    size_t left;
    size_t piece;
    uint8_t *out;
    size_t made;
};

static int memory_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct memory *m = (struct memory *)s;

    (void)err;
    n = n < m->left ? n : m->left;
    n = n < m->piece ? n : m->piece;
    if (n == 0)
        return STREAM_END;
    memcpy(p, m->in, n);
    m->in += n;
    m->left -= n;
    *out_n = n;
    return STREAM_SOME;
}

static int memory_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                        mla_error *err)
{
    struct memory *m = (struct memory *)s;

    (void)more;
    (void)err;
    n = n < m->piece ? n : m->piece;
    if (n > WIRE_MAX - m->made)
        abort(); /* twice as much as was given: that is no compression */
    memcpy(m->out + m->made, p, n);
    m->made += n;
    *out_n = n;
    return 1;
}

static void memory_free(struct stream *s)
{
    (void)s;
}

static const struct stream_ops memory_ops = {
    .read = memory_read, .write = memory_write, .free = memory_free};

/* Gives back what it may, now and then: chance 0 is never. */
static void rest(struct stream *s, unsigned *chance)
{
    if (*chance == 0)
        return;
    *chance = *chance * 1664525U + 1013904223U;
    if (*chance >> 30 == 0)
        deflate_rest(s);
}

/* Reads at most TEXT_MAX octets; *out_rc is the end. */
static size_t unpack(const uint8_t *wire, size_t n, size_t early, size_t piece, size_t room,
                     unsigned chance, uint8_t *text, int *out_rc)
{
    struct memory m = {{&memory_ops, 0, 0, 0}, wire + early, n - early, piece, NULL, 0};
    mla_error err = {0};
    struct stream *s;
    size_t len = 0;

    if (deflate_open(mem_default(), &m.base, wire, early, &s, &err) != 0)
        abort();
    do {
        size_t got = 0;
        size_t ask = room < TEXT_MAX - len ? room : TEXT_MAX - len;

        *out_rc = ask != 0 ? s->ops->read(s, text + len, ask, &got, &err) : 0;
        if (got > ask || (*out_rc == STREAM_SOME && got == 0))
            abort();
        len += got;
        rest(s, &chance);
    } while (*out_rc == STREAM_SOME);
    if (*out_rc < 0 && err.code != *out_rc)
        abort();
    s->ops->free(s);
    return len;
}

static size_t pack(const uint8_t *text, size_t n, size_t piece, unsigned chance, uint8_t *wire)
{
    struct memory m = {{&memory_ops, 0, 0, 0}, NULL, 0, piece, wire, 0};
    mla_error err = {0};
    struct stream *s;
    size_t at = 0;

    if (deflate_open(mem_default(), &m.base, NULL, 0, &s, &err) != 0)
        abort();
    while (at < n) {
        size_t k = n - at < piece ? n - at : piece;
        size_t put = 0;
        int flush = chance != 0 && (chance >> 16) % 8 == 0;
        int more = at + k < n && !flush;

        if (s->ops->write(s, text + at, k, more, &put, &err) != 1 || put != k)
            abort();
        at += put;
        rest(s, &chance);
    }
    s->ops->free(s);
    return m.made;
}

static void any_pieces(const uint8_t *wire, size_t n, unsigned seed)
{
    static uint8_t a[TEXT_MAX], b[TEXT_MAX];
    int rc_a, rc_b;
    size_t len_a = unpack(wire, n, 0, WIRE_MAX, 4096, 0, a, &rc_a);
    size_t len_b = unpack(wire, n, seed % (n + 1), 1 + seed % 97, 1 + seed % 1021, seed, b, &rc_b);

    if (len_a != len_b || rc_a != rc_b || memcmp(a, b, len_a) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t wire[WIRE_MAX], text[TEXT_MAX];
    unsigned seed = size != 0 ? data[0] * 131U + data[size / 2] : 0;
    size_t n;
    int rc;

    if (!deflate_built() || size > 60000)
        return 0;
    any_pieces(data, size, seed);
    n = pack(data, size, 1 + seed % 5000, seed % 3 == 0 ? 0 : seed, wire);
    if (unpack(wire, n, 0, 1 + seed % 31, 1 + seed % 257, seed, text, &rc) != size ||
        rc != STREAM_END || (size != 0 && memcmp(text, data, size) != 0))
        abort();
    for (unsigned i = 0; i < 4 && n != 0; i++)
        wire[(seed * 2654435761U + i * 40503U) % n] ^= (uint8_t)(1U << (seed + i) % 8);
    any_pieces(wire, n, seed);
    return 0;
}
