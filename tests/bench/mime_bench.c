/* mime_bench.c - what parsing mail costs: this library, others where they are installed, and
 * limits.
 *
 *     mime_bench [SEED [SCALE [CORPUS [WAY [ROW]]]]]
 *
 * SCALE is in percent of the whole corpora: 20,000 small messages, 40 with attachments of 1 to 10
 * MB, 2,000 with much header. WAY: a, structure and all header fields; b, all leaves decoded and
 * Subject and From in UTF-8 besides. Names that are given choose one; "all" is every one.
 *
 *     mime_bench memory MEGABYTES
 *
 * streams one message of that size through parser and decoder, and says how much memory that took.
 */
#include "mime_bench.h"
#include "mime_corpus.h"

#include <mailaccess/mailaccess.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* --- the limits: what no parser can do without, and what it would do if it were plain --- */

static uint8_t copy[16000000];

static void limit_memchr(const uint8_t *data, size_t len, struct mime_found *found)
{
    const uint8_t *end = data + len;

    while (data < end && (data = memchr(data, '\n', (size_t)(end - data))) != NULL) {
        found->parts++;
        data++;
    }
}

static void limit_memcpy(const uint8_t *data, size_t len, struct mime_found *found)
{
    memcpy(copy, data, len);
    found->octets += copy[len / 2];
}

/* Four characters by table, three octets, line ends passed over: base64 as one writes it first. */
static void limit_base64(const uint8_t *p, size_t len, struct mime_found *found)
{
    static uint8_t value[256];
    const uint8_t *end = p + len;
    uint8_t *o = copy;

    if (value['B'] == 0)
        for (int i = 0; i < 64; i++)
            value[(uint8_t) "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[i]] =
                (uint8_t)i;
    while (end - p >= 4) {
        uint32_t v;

        if (*p == '\r' || *p == '\n') {
            p++;
            continue;
        }
        v = (uint32_t)value[p[0]] << 18 | (uint32_t)value[p[1]] << 12 | (uint32_t)value[p[2]] << 6 |
            value[p[3]];
        *o++ = (uint8_t)(v >> 16);
        *o++ = (uint8_t)(v >> 8);
        *o++ = (uint8_t)v;
        p += 4;
    }
    found->octets += (uint64_t)(o - copy);
}

static const struct mime_row row_memchr = {"memchr, line end to line end", limit_memchr, NULL};
static const struct mime_row row_memcpy = {"memcpy", limit_memcpy, limit_memcpy};
static const struct mime_row row_base64 = {"plain base64 loop", NULL, limit_base64};

static const struct mime_row *const rows[] = {&mime_ours,
#ifdef BENCH_MIMETIC
                                              &mime_mimetic, &mime_mimetic_less,
#endif
#ifdef BENCH_ETPAN
                                              &mime_etpan,
#endif
#ifdef BENCH_GMIME
                                              &mime_gmime,
#endif
                                              &row_memchr,   &row_memcpy,        &row_base64};

enum { ROWS = sizeof rows / sizeof rows[0], CORPORA = 3, ROUNDS = 5 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Callgrind counts what happens in here (tests/bench/mime.py). */
__attribute__((noinline)) static void measured(const struct corpus *c, const struct mime_row *row,
                                               int way, struct mime_found *found)
{
    void (*run)(const uint8_t *, size_t, struct mime_found *) =
        way == 'a' ? row->structure : row->decode;

    for (size_t i = 0; i < c->count; i++)
        run(c->octets + c->messages[i].at, c->messages[i].len, found);
}

static int is_chosen(int argc, char **argv, int i, const char *name)
{
    return argc <= i || strcmp(argv[i], "all") == 0 || strcmp(argv[i], name) == 0;
}

static int can(const struct mime_row *row, int way)
{
    return (way == 'a' ? row->structure : row->decode) != NULL;
}

/* All rows in turn, some rounds of it; the best of each counts. */
static void compare(const struct corpus *c, int way, int argc, char **argv)
{
    struct mime_found found[ROWS];
    double best[ROWS] = {0};
    int rounds = argc > 5 ? 1 : ROUNDS;

    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < ROWS; i++) {
            double begun;
            double took;

            if (!can(rows[i], way) || !is_chosen(argc, argv, 5, rows[i]->name))
                continue;
            memset(&found[i], 0, sizeof found[i]);
            begun = now();
            measured(c, rows[i], way, &found[i]);
            took = now() - begun;
            if (best[i] <= 0 || took < best[i])
                best[i] = took;
        }
    for (size_t i = 0; i < ROWS; i++) {
        double mb = (double)c->len / 1e6;

        if (best[i] <= 0)
            continue;
        printf("%-12s %c  %-30s %8.0f MB/s", c->name, way, rows[i]->name, mb / best[i]);
        printf("  %7.2f us  found: parts %llu fields %llu text %llu decoded %llu words %llu\n",
               best[i] * 1e6 / (double)c->count, (unsigned long long)found[i].parts,
               (unsigned long long)found[i].fields, (unsigned long long)found[i].text,
               (unsigned long long)found[i].octets, (unsigned long long)found[i].words);
        fflush(stdout);
    }
}

static void make(struct corpus *c, int which, uint64_t seed, size_t percent)
{
    static void (*const makers[])(struct corpus *, uint64_t,
                                  size_t) = {corpus_small, corpus_attachments, corpus_headers};
    static const size_t counts[] = {20000, 40, 2000};
    size_t count = counts[which] * percent / 100;

    makers[which](c, seed, count != 0 ? count : 1);
}

/* --- one huge message, in constant memory --- */

static long peak(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

struct stream {
    mla_parser *parser;
    mla_decoder *decoder; /* of the part that is being read, or NULL */
    struct mime_found found;
};

static void fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static void decoded(struct stream *s, const mla_mime_event *ev)
{
    const uint8_t *out;
    size_t n;

    if (mla_decoder_feed(s->decoder, (const uint8_t *)ev->data.ptr, ev->data.len) != 0)
        fail("decoder");
    while (mla_decoder_output(s->decoder, &out, &n) == 1)
        s->found.octets += n;
}

static void drain(struct stream *s)
{
    const mla_mime_event *ev;
    char encoding[64];

    while (mla_parser_next(s->parser, &ev) == 1) {
        if (ev->type == MLA_MIME_EV_BODY_START) {
            snprintf(encoding, sizeof encoding, "%.*s", (int)ev->data.len, ev->data.ptr);
            mla_decoder_free(s->decoder);
            if (mla_decoder_new(NULL, encoding, &s->decoder) != 0)
                fail("decoder");
        }
        if (ev->type == MLA_MIME_EV_BODY)
            decoded(s, ev);
        s->found.parts += ev->type == MLA_MIME_EV_PART;
        s->found.fields += ev->type == MLA_MIME_EV_HEADER;
    }
}

static void feed(struct stream *s, const void *data, size_t len)
{
    if (mla_parser_feed(s->parser, data, len, NULL) != 0)
        fail("parser");
    drain(s);
}

static int memory(size_t megabytes)
{
    static const char head[] = "Subject: huge\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                               "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    static const char tail[] = "\r\n--b--\r\n";
    static char piece[78 * 840];
    struct stream s = {NULL, NULL, {0, 0, 0, 0, 0}};
    uint64_t octets = 0;
    double begun = now();
    long before;

    for (size_t i = 0; i < sizeof piece; i++)
        piece[i] =
            "\r\nABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/abcdefghijkl"[i %
                                                                                               78];
    before = peak();
    if (mla_parser_new(NULL, NULL, &s.parser) != 0)
        fail("parser");
    feed(&s, head, sizeof head - 1);
    for (; octets < (uint64_t)megabytes * 1000000; octets += sizeof piece)
        feed(&s, piece, sizeof piece);
    feed(&s, tail, sizeof tail - 1);
    if (mla_parser_end(s.parser) != 0)
        fail("parser");
    drain(&s);
    printf("streamed %llu MB: %llu parts, %llu octets decoded, %.0f MB/s, peak memory %ld KiB, of "
           "which %ld KiB were there before\n",
           (unsigned long long)octets / 1000000, (unsigned long long)s.found.parts,
           (unsigned long long)s.found.octets, (double)octets / 1e6 / (now() - begun), peak(),
           before);
    mla_decoder_free(s.decoder);
    mla_parser_free(s.parser);
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    size_t percent = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;

    if (argc > 2 && strcmp(argv[1], "memory") == 0)
        return memory(percent);
#ifdef BENCH_GMIME
    mime_gmime_init();
#endif
    for (int which = 0; which < CORPORA; which++) {
        static const char *const names[] = {"small", "attachments", "headers"};
        struct corpus c;

        if (!is_chosen(argc, argv, 3, names[which]))
            continue;
        make(&c, which, seed, percent);
        printf("%s: %zu messages, %zu octets\n", c.name, c.count, c.len);
        for (int way = 'a'; way <= 'b'; way++) {
            char name[2] = {(char)way, '\0'};

            if (is_chosen(argc, argv, 4, name))
                compare(&c, way, argc, argv);
        }
        corpus_free(&c);
    }
    return 0;
}
