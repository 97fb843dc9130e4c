/* ways.c - a transcript played in all the ways that runner.h names. */
#include "play.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANDOM_RUNS = 200,
    CUTS_MAX = 2000, /* more octets than this, and only every n-th place is cut */
    SWEEP_MAX = 400  /* more allocations, and only every n-th of them is made to fail */
};

/* Of what is tried many times, each n-th is: -e. */
static unsigned each = 1;

static void *take(size_t n)
{
    void *p = malloc(n);

    if (p == NULL)
        abort();
    return p;
}

static void explain(const struct mode *m, const char *why)
{
    const char *p = why;

    printf("# %s", m->name);
    if (m->pieces == CUT)
        printf(" at %zu", m->cut);
    if (m->pieces == RANDOM)
        printf(" with seed %u", m->seed);
    if (m->fail_at != 0)
        printf(" %zu%s", m->fail_at, m->from_then_on ? " and all behind it" : "");
    printf(":\n");
    while (*p != '\0') {
        size_t n = strcspn(p, "\n");

        printf("#   %.*s\n", (int)n, p);
        p += n + (p[n] == '\n');
    }
}

static int out_of_memory(const char *text)
{
    return text != NULL && strstr(text, "MLA_E_NOMEM") != NULL;
}

/* One run, held against the first one. 0, or -1 and it was explained. */
static int play_and_compare(const struct runner_protocol *protocol, const struct script *s,
                            const struct mode *mode, const struct played *base)
{
    struct played p;
    int rc = 0;

    play(protocol, s, mode, &p);
    if (mode->fail_at != 0 && p.why != NULL && (out_of_memory(p.log) || out_of_memory(p.why))) {
        played_free(&p);
        return 0;
    }
    if (p.why != NULL) {
        explain(mode, p.why);
        rc = -1;
    } else if (strcmp(p.log, base->log) != 0) {
        explain(mode, "another log:");
        explain(mode, p.log);
        printf("# instead of:\n");
        explain(mode, base->log);
        rc = -1;
    }
    played_free(&p);
    return rc;
}

static int sweep(const struct runner_protocol *protocol, const struct script *s,
                 const struct played *base)
{
    struct mode m = {"allocation", WHOLE, 0, 0, 0, 0, 0};

    size_t stride = base->allocations / SWEEP_MAX + 1;

    for (size_t i = 1; i <= base->allocations + 1; i += i < SWEEP_MAX / 4 ? 1 : stride) {
        m.fail_at = i;
        for (m.from_then_on = 0; m.from_then_on < 2; m.from_then_on++)
            if (play_and_compare(protocol, s, &m, base) != 0)
                return -1;
    }
    return 0;
}

static int all_ways(const struct runner_protocol *protocol, const struct script *s, uint32_t seed,
                    const struct played *base)
{
    struct mode bytes = {"one octet at a time", BYTES, 0, 0, 0, 0, 0};
    struct mode cut = {"cut", CUT, 0, 0, 0, 0, 0};
    struct mode random = {"random pieces", RANDOM, 0, 0, 0, 0, 0};
    struct mode pages = {"forbidden pages", WHOLE, 0, 0, 1, 0, 0};
    size_t stride = (base->received / CUTS_MAX + 1) * each;

    if (play_and_compare(protocol, s, &bytes, base) != 0)
        return -1;
    for (cut.cut = 1 + seed % stride; cut.cut < base->received; cut.cut += stride)
        if (play_and_compare(protocol, s, &cut, base) != 0)
            return -1;
    for (uint32_t i = 0; i < RANDOM_RUNS; i += each) {
        random.seed = seed + i;
        if (play_and_compare(protocol, s, &random, base) != 0)
            return -1;
    }
    if (play_and_compare(protocol, s, &pages, base) != 0)
        return -1;
    pages.pieces = BYTES;
    if (base->received <= CUTS_MAX && play_and_compare(protocol, s, &pages, base) != 0)
        return -1;
    return sweep(protocol, s, base);
}

enum { SKIPPED = 1 };

static int can_compress(void)
{
    mla_config *cfg = NULL;
    int rc = mla_config_new(NULL, &cfg);

    if (rc == 0)
        rc = mla_config_set_compress(cfg, 1);
    mla_config_free(cfg);
    return rc != MLA_E_UNSUPPORTED;
}

/* 0, -1 or SKIPPED. */
static int run_file(const struct runner_protocol *protocol, const char *path, uint32_t seed,
                    int verbose)
{
    struct mode whole = {"whole", WHOLE, 0, 0, 0, 0, 0};
    struct played base;
    struct script s;
    int rc = -1;
    int readable = script_read(path, &s) == 0;

    if (readable && s.options.compress && !can_compress()) {
        rc = SKIPPED;
    } else if (readable) {
        play(protocol, &s, &whole, &base);
        if (verbose)
            explain(&whole, base.log);
        if (base.why != NULL)
            explain(&whole, base.why);
        else
            rc = all_ways(protocol, &s, seed, &base);
        played_free(&base);
    }
    script_free(&s);
    return rc;
}

static int is_transcript(const struct dirent *d)
{
    size_t n = strlen(d->d_name);

    return n > 4 && strcmp(d->d_name + n - 4, ".txt") == 0;
}

/* The files to play: what is named, or all of a folder in order. */
static char **find_files(const char *path, size_t *count)
{
    struct dirent **found;
    char **files;
    int n = scandir(path, &found, is_transcript, alphasort);

    files = take((n > 0 ? (size_t)n : 1) * sizeof *files);
    if (n < 0) {
        files[0] = take(strlen(path) + 1);
        memcpy(files[0], path, strlen(path) + 1);
        *count = 1;
        return files;
    }
    for (int i = 0; i < n; i++) {
        size_t len = strlen(path) + strlen(found[i]->d_name) + 2;

        files[i] = take(len);
        snprintf(files[i], len, "%s/%s", path, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    *count = (size_t)n;
    return files;
}

int runner_main(const struct runner_protocol *protocol, int argc, char **argv)
{
    uint32_t seed = 1;
    int verbose = 0;
    size_t test = 0;
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        char **files;
        size_t count;

        if (strcmp(argv[i], "-v") == 0) {
            verbose = 1;
            continue;
        }
        if (strcmp(argv[i], "-s") == 0 && i + 1 < argc) {
            seed = (uint32_t)strtoul(argv[++i], NULL, 0);
            continue;
        }
        if (strcmp(argv[i], "-e") == 0 && i + 1 < argc) {
            each = (unsigned)strtoul(argv[++i], NULL, 0);
            each += each == 0;
            continue;
        }
        files = find_files(argv[i], &count);
        for (size_t k = 0; k < count; k++) {
            const char *name = strrchr(files[k], '/');
            int rc = run_file(protocol, files[k], seed, verbose);

            failed |= rc < 0;
            printf("%sok %zu - %s%s\n", rc < 0 ? "not " : "", ++test, name ? name + 1 : files[k],
                   rc == SKIPPED ? " # SKIP zlib is not built in" : "");
            fflush(stdout);
            free(files[k]);
        }
        free(files);
    }
    printf("# seed %u\n1..%zu\n", seed, test);
    return failed || test == 0;
}
