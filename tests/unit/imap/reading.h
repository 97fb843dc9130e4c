/* reading.h - one response, read in every way that matters. */
#ifndef READING_H
#define READING_H

#include "test.h"

#include "guard.h"
#include "imap_tell.h"

struct octets {
    const char *in; /* n octets without the final line end */
    size_t n;
    const char *expect; /* as tell() has it */
};

/* What one reading found. */
struct reading {
    int rc;
    char *text; /* NULL unless rc is 0 */
};

static inline struct imap_resp_opts reading_opts(void)
{
    struct imap_resp_opts o;

    memset(&o, 0, sizeof o);
    o.depth_max = 64;
    o.words_max = 1000;
    return o;
}

/* Reads n octets at p. held: what is left of memory behind it, to be 0. */
static inline struct reading read_once(const uint8_t *p, size_t n, const struct mem *mem,
                                       size_t arena_max, const struct imap_resp_opts *opts)
{
    struct reading r = {0, NULL};
    struct mla_imap_event ev;
    struct imap_resp resp;
    struct imap_raw raw = {p, n, 0};

    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem, arena_max);
    r.rc = imap_resp_parse(&raw, opts, &ev, &resp);
    if (r.rc == 0)
        r.text = tell(&ev, &resp);
    assert_true(arena_sane(&ev.arena));
    arena_free(&ev.arena);
    return r;
}

/* The response is read right before an unreadable page, and told; then twice more with the sets of
 * flags that all responses of the test have left, and once more without strict.h. */
static inline void read_whole(struct guard *g, const char *in, size_t n, const char *expect,
                              const struct imap_resp_opts *opts)
{
    static struct imap_flagtexts sets;
    struct imap_resp_opts o = *opts;

    for (int i = 0; i < 4; i++) {
        struct reading r = read_once(guard_put(g, in, n), n, mem_default(), 1 << 22, &o);

        assert_int_equal(r.rc, 0);
        if (strcmp(r.text, expect) != 0)
            print_message("in:  %.*s", (int)n, in);
        assert_string_equal(r.text, expect);
        free(r.text);
        o.flagtexts = &sets;
        o.tolerant = i == 2;
    }
}

/* Both kinds of readers find the same. */
static inline void read_both(struct guard *g, const char *in, size_t n,
                             const struct imap_resp_opts *opts)
{
    struct imap_resp_opts o = *opts;
    struct reading strict = read_once(guard_put(g, in, n), n, mem_default(), 1 << 22, &o);
    struct reading tolerant;

    o.tolerant = 1;
    tolerant = read_once(guard_put(g, in, n), n, mem_default(), 1 << 22, &o);
    assert_int_equal(strict.rc, 0);
    assert_int_equal(tolerant.rc, 0);
    if (strcmp(strict.text, tolerant.text) != 0)
        print_message("in:  %.*s", (int)n, in);
    assert_string_equal(strict.text, tolerant.text);
    free(strict.text);
    free(tolerant.text);
}

/* Z08: cut anywhere, with and without a line end behind the cut: no crash, and no error either. */
static inline void read_prefixes(struct guard *g, const char *in, size_t n,
                                 const struct imap_resp_opts *opts)
{
    char *cut = malloc(n + 2);

    assert_non_null(cut);
    for (size_t k = 0; k <= n; k++) {
        read_both(g, in, k, opts);
        memcpy(cut, in, k);
        memcpy(cut + k, "\r\n", 2);
        read_both(g, cut, k + 2, opts);
        read_both(g, cut, k, opts);
    }
    free(cut);
}

/* Z10: each allocation fails once, alone or with all behind it. */
static inline void read_starved(const char *in, size_t n, const char *expect,
                                const struct imap_resp_opts *opts)
{
    for (int on = 0; on < 2; on++)
        for (size_t k = 1; k < 10000; k++) {
            struct fail_mem f;
            struct reading r;

            fail_mem_init(&f, k, on);
            r = read_once((const uint8_t *)in, n, &f.mem, 1 << 22, opts);
            assert_int_equal(f.held, 0);
            if (r.rc == 0)
                assert_string_equal(r.text, expect);
            else
                assert_int_equal(r.rc, MLA_E_NOMEM);
            free(r.text);
            if (f.calls < k)
                break;
        }
}

/* The event's maximum is met at any size: a warning, or the event, whole or in part. */
static inline void read_cramped(const char *in, size_t n, const struct imap_resp_opts *opts)
{
    for (size_t max = 64; max < 4096; max += 48) {
        struct reading r = read_once((const uint8_t *)in, n, mem_default(), max, opts);

        assert_int_equal(r.rc, 0);
        free(r.text);
    }
}

static inline void read_octets(const char *in, size_t n, const char *expect,
                               const struct imap_resp_opts *opts)
{
    char *line = malloc(n + 2);
    struct guard g;

    assert_non_null(line);
    assert_true(guard_init(&g, n + 2));
    memcpy(line, in, n);
    memcpy(line + n, "\r\n", 2);
    read_whole(&g, line, n + 2, expect, opts);
    read_starved(line, n + 2, expect, opts);
    read_cramped(line, n + 2, opts);
    read_prefixes(&g, line, n + 2, opts);
    memcpy(line + n, "\n", 1); /* a bare LF says the same */
    read_whole(&g, line, n + 1, expect, opts);
    guard_free(&g);
    free(line);
}

static inline void read_samples(const struct octets *s, size_t count)
{
    struct imap_resp_opts o = reading_opts();

    for (size_t i = 0; i < count; i++)
        read_octets(s[i].in, s[i].n, s[i].expect, &o);
}

#define OCTETS(in, expect)                                                                         \
    {                                                                                              \
        in, sizeof(in) - 1, expect                                                                 \
    }
#define READ_SAMPLES(s) read_samples(s, sizeof(s) / sizeof(s)[0])

#endif
