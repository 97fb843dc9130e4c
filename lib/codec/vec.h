/* vec.h - loops over many octets, in the widest form that the processor has.
 *
 * There is one table of functions for each kind of processor; all tables give the same answers
 * (tests/unit/codec/test_vec.c). vec_now() is the one place where one is chosen, at the first call;
 * a relaxed atomic holds it, so any thread may call at any time. No function reads or writes
 * outside of what it is given, and what it cannot do fast it leaves to its caller. */
#ifndef MLA_CODEC_VEC_H
#define MLA_CODEC_VEC_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* What vec.field() found. */
struct vec_field {
    size_t name_len;
    int odd; /* somewhere is NUL, an octet above 127, or a CR that LF does not follow */
};

struct vec {
    const char *name;
    /* How many octets at the start are US-ASCII. */
    size_t (*ascii_run)(const uint8_t *p, size_t n);
    /* So many octets at the start are whole, well-formed UTF-8 characters. There may be more, but
     * not many, unless n is small. */
    size_t (*utf8_run)(const uint8_t *p, size_t n);
    /* The first LF with "-" behind it, or NUL if nul is 1; n when there is none. */
    size_t (*until_dash)(const uint8_t *p, size_t n, int nul);
    /* A field of a header begins at p (RFC 5322 section 2.2): its length with all lines and their
     * ends. 0 when it has no name with a colon directly behind it, or may go on behind n octets,
     * or that is too near to be found fast. */
    size_t (*field)(const uint8_t *p, size_t n, struct vec_field *out);
    /* Copies to out what stands before the first "=" or LF; its length, n when there is neither.
     * Behind that, octets of out below n may change. */
    size_t (*qp_copy)(const uint8_t *p, size_t n, uint8_t *out);
    /* Decodes whole quanta of base64, line ends passed over, and stops at anything else: how many
     * octets were read, and *out_n written. out has room for n / 4 * 3 octets, of which those
     * behind *out_n may change. */
    size_t (*base64_decode)(const uint8_t *p, size_t n, uint8_t *out, size_t *out_n);
    /* Encodes groups of three octets into four: how many were read, a multiple of 3. */
    size_t (*base64_encode)(const uint8_t *p, size_t n, char *out);
};

extern _Atomic(const struct vec *) vec_chosen;
const struct vec *vec_choose(void);

static inline const struct vec *vec_now(void)
{
    const struct vec *v = atomic_load_explicit(&vec_chosen, memory_order_relaxed);

    return v != NULL ? v : vec_choose();
}

/* The tables that this processor can use, from the plainest on; NULL behind the last (tests). */
const struct vec *vec_table(size_t i);

extern const struct vec vec_plain;
#ifdef MLA_VEC_X86
extern const struct vec vec_sse2;
extern const struct vec vec_ssse3;
extern const struct vec vec_avx2;
#endif
#ifdef MLA_VEC_NEON
extern const struct vec vec_neon;
#endif

#endif
