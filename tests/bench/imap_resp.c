/* imap_resp.c - how many FETCH responses a second of CPU time are framed and read into records.
 *
 *     imap_resp [LARGE [SMALL]]     how many of each; 200000 and 1000000 without
 *
 * Large ones have ENVELOPE and BODYSTRUCTURE and about 1 KB; small ones have FLAGS and UID. Each
 * one is different: names, lengths, numbers of addresses and of parts. No socket, no engine: run it
 * under callgrind with small numbers to see where the time goes. */
#include "imap/resp.h"
#include "wire/literal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VARIETY = 2048, LARGE_MAX = 4096 };

static uint32_t state = 2463534242U;

static uint32_t random_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

struct corpus {
    uint8_t *text;
    size_t size; /* octets */
    size_t count;
};

static char *word(char *at)
{
    static const char letters[] = "etaoinshrdlucmfwypvbgkjqxz";

    for (uint32_t n = 3 + random_below(7); n > 0; n--)
        *at++ = letters[random_below(random_below(26) + 1)];
    return at;
}

static char *say(char *at, const char *text)
{
    size_t n = strlen(text);

    memcpy(at, text, n);
    return at + n;
}

static char *number(char *at, uint32_t below)
{
    return at + sprintf(at, "%" PRIu32, 1 + random_below(below));
}

static char *address(char *at)
{
    at = say(at, "(\"");
    at = word(at);
    at = say(at, " ");
    at = word(at);
    at = say(at, "\" NIL \"");
    at = word(at);
    at = say(at, "\" \"");
    at = word(at);
    return say(at, ".example.org\")");
}

static char *addresses(char *at, uint32_t count)
{
    if (count == 0)
        return say(at, " NIL");
    at = say(at, " (");
    while (count-- > 0)
        at = address(at);
    return say(at, ")");
}

static char *envelope(char *at)
{
    at = say(at, "ENVELOPE (\"Mon, 7 Feb 1994 21:52:25 -0800 (PST)\" \"");
    for (uint32_t n = 2 + random_below(9); n > 0; n--) {
        at = word(at);
        at = say(at, n > 1 ? " " : "");
    }
    at = say(at, "\"");
    for (int i = 0; i < 3; i++) /* from, sender, reply-to */
        at = addresses(at, 1);
    at = addresses(at, 1 + random_below(3));
    at = addresses(at, random_below(3));
    at = addresses(at, 0);
    at = say(at, " NIL \"<");
    at = word(at);
    at = word(at);
    return say(at, "@example.org>\")");
}

static char *leaf(char *at, const char *type, int is_text)
{
    at = say(at, "(");
    at = say(at, type);
    at = say(at, is_text ? " (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" "
                         : " (\"NAME\" \"picture.png\") NIL NIL \"BASE64\" ");
    at = number(at, 100000);
    if (is_text) {
        at = say(at, " ");
        at = number(at, 2000);
        return say(at, " NIL NIL NIL NIL)");
    }
    return say(at, " NIL (\"ATTACHMENT\" (\"FILENAME\" \"picture.png\")) NIL NIL)");
}

static char *structure(char *at)
{
    at = say(at, " BODYSTRUCTURE ");
    if (random_below(4) == 0)
        return leaf(at, "\"TEXT\" \"PLAIN\"", 1);
    at = say(at, "((");
    at = leaf(at, "\"TEXT\" \"PLAIN\"", 1);
    at = leaf(at, "\"TEXT\" \"HTML\"", 1);
    at = say(at, " \"ALTERNATIVE\" (\"BOUNDARY\" \"----=_Part_");
    at = number(at, 1000000);
    at = say(at, "\") NIL NIL NIL)");
    for (uint32_t n = random_below(3); n > 0; n--)
        at = leaf(at, "\"IMAGE\" \"PNG\"", 0);
    at = say(at, " \"MIXED\" (\"BOUNDARY\" \"----=_Part_");
    at = number(at, 1000000);
    return say(at, "\") NIL NIL NIL)");
}

static char *large(char *at)
{
    at = say(at, "* ");
    at = number(at, 100000);
    at = say(at, " FETCH (UID ");
    at = number(at, 1000000);
    at = say(at, " FLAGS (\\Seen) INTERNALDATE \"07-Feb-1994 21:52:25 -0800\" RFC822.SIZE ");
    at = number(at, 100000);
    at = say(at, " ");
    at = envelope(at);
    at = structure(at);
    return say(at, ")\r\n");
}

static char *small(char *at)
{
    static const char *const flags[] = {"", "\\Seen", "\\Seen \\Answered", "\\Flagged $Work"};

    at = say(at, "* ");
    at = number(at, 100000);
    at = say(at, " FETCH (FLAGS (");
    at = say(at, flags[random_below(4)]);
    at = say(at, ") UID ");
    at = number(at, 1000000);
    return say(at, ")\r\n");
}

static void make(struct corpus *c, char *(*one)(char *at), size_t size)
{
    char *at;

    c->text = malloc(VARIETY * size);
    if (c->text == NULL)
        exit(70);
    c->count = VARIETY;
    at = (char *)c->text;
    for (size_t i = 0; i < c->count; i++)
        at = one(at);
    c->size = (size_t)(at - (char *)c->text);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads `count` responses, the corpus as often as that takes. Returns the sum of all UIDs. */
static uint64_t read_all(const struct corpus *c, size_t count)
{
    struct imap_resp_opts opts = {.depth_max = 64, .words_max = 1000};
    struct mla_imap_event ev;
    struct literal framer;
    uint64_t sum = 0;
    size_t at = 0;

    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 32 << 20);
    literal_init(&framer, 8 << 20, LITERAL_LF);
    for (size_t i = 0; i < count; i++) {
        struct imap_resp resp;
        struct imap_raw raw = {c->text + at, c->size - at, at};

        if (literal_frame(&framer, raw.ptr, raw.len, NULL) != LITERAL_DONE)
            exit(70);
        raw.len = framer.at;
        literal_next(&framer);
        if (imap_resp_parse(&raw, &opts, &ev, &resp) != 0 || ev.fetch == NULL || resp.warn.id != 0)
            exit(70);
        sum += ev.fetch->uid;
        arena_reset(&ev.arena);
        at += raw.len;
        at = at == c->size ? 0 : at;
    }
    arena_free(&ev.arena);
    return sum;
}

static void measure(const char *name, const struct corpus *c, size_t count)
{
    double begin = cpu_seconds();
    uint64_t sum = read_all(c, count);
    double took = cpu_seconds() - begin;
    double octets = (double)c->size / (double)c->count;

    printf(
        "%-6s %8zu responses of %4.0f octets: %10.0f a second, %6.0f MB/s, %5.0f ns each (%" PRIx64
        ")\n",
        name, count, octets, (double)count / took, (double)count * octets / took / 1e6,
        took * 1e9 / (double)count, sum);
}

int main(int argc, char **argv)
{
    size_t large_count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 200000;
    size_t small_count = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 1000000;
    struct corpus c;

    make(&c, large, LARGE_MAX);
    measure("large", &c, large_count);
    free(c.text);
    make(&c, small, 128);
    measure("flags", &c, small_count);
    free(c.text);
    return 0;
}
