/* driver.c - runs a fuzz target without libFuzzer: each seed, and random changes of it.
 *
 *   fuzz_NAME [-n CHANGES] [-s SEED] FILE... */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_LIMIT = 65536 };

static uint32_t state;

static uint32_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* A few changes of the kinds that parsers trip over. Returns the new size. */
static size_t change(uint8_t *p, size_t n)
{
    static const uint8_t liked[] = "\r\n.+- \0\xff\xfe"
                                   "09[]<>(){}\"\\,:*~&=?NIL";

    for (uint32_t times = 1 + next_random() % 4; times > 0 && n > 1; times--) {
        size_t at = next_random() % n;
        size_t len = 1 + next_random() % 16;

        if (len > n - at)
            len = n - at;
        switch (next_random() % 5) {
        case 0: /* one octet */
            p[at] = (uint8_t)next_random();
            break;
        case 1:
            p[at] = liked[next_random() % (sizeof liked - 1)];
            break;
        case 2: /* some are gone */
            memmove(p + at, p + at + len, n - at - len);
            n -= len;
            break;
        case 3: /* some are there twice */
            if (n + len <= SIZE_LIMIT) {
                memmove(p + at + len, p + at, n - at);
                n += len;
            }
            break;
        default: /* the rest is gone */
            if (next_random() % 4 == 0)
                n = at + 1;
            break;
        }
    }
    return n;
}

static const uint8_t *present;
static size_t present_size;

/* The input that did it is kept, as libFuzzer does. */
static void on_abort(int sig)
{
    FILE *f = fopen("crash-input", "wb");

    (void)sig;
    if (f != NULL) {
        fwrite(present, 1, present_size, f);
        fclose(f);
        fprintf(stderr, "the input is in crash-input\n");
    }
    _Exit(1);
}

static void run(const uint8_t *p, size_t n)
{
    uint8_t *exact = malloc(n == 0 ? 1 : n); /* so that a sanitizer sees each step beyond */

    if (exact == NULL)
        abort();
    memcpy(exact, p, n);
    present = exact;
    present_size = n;
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static int run_file(const char *path, unsigned long changes)
{
    static uint8_t seed[SIZE_LIMIT];
    static uint8_t changed[SIZE_LIMIT];
    FILE *f = fopen(path, "rb");
    size_t n;

    if (f == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return -1;
    }
    n = fread(seed, 1, sizeof seed, f);
    fclose(f);
    run(seed, n);
    for (unsigned long i = 0; i < changes; i++) {
        memcpy(changed, seed, n);
        run(changed, change(changed, n));
    }
    return 0;
}

int main(int argc, char **argv)
{
    unsigned long changes = 0;
    int files = 0;

    signal(SIGABRT, on_abort);
    state = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
            changes = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc) {
            state = (uint32_t)strtoul(argv[++i], NULL, 10) | 1;
        } else if (run_file(argv[i], changes) != 0) {
            return 1;
        } else {
            files++;
        }
    }
    printf("%d files, %lu changes of each\n", files, changes);
    return files == 0;
}
