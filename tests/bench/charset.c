/* charset.c - the character sets of East Asia: the library beside the C library's iconv alone.
 *
 *     charset [KILOBYTES [ROUNDS [SET]]]
 *
 * A line a set: MB/s of processor time of iconv over whole text that is right, of the library over
 * the same, and of the library where every 50th octet was damaged. The best of some rounds, taken
 * in turn. Text is made: words of the language in lines, with some US-ASCII between them. iconv is
 * the limit, because it does less: it stops at the first fault, and wants whole characters. */
#include <mailaccess/mailaccess.h>

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECE = 65536, LINE = 34, DAMAGE = 50 };

struct set {
    const char *name;   /* for the library */
    const char *iconv;  /* what it is to iconv ... */
    const char *source; /* ... and the set in which text is made: two octets, high */
    int first, last;    /* its rows */
    int low, high;      /* the second octet */
    int word;           /* characters to a word */
    int hz;             /* iconv has no such set: written here, and compared with EUC-CN */
};

static const struct set sets[] = {
    {"shift_jis", "CP932", "EUC-JP", 0xb0, 0xce, 0xa1, 0xf3, 12, 0},
    {"euc-jp", "EUC-JP-MS", "EUC-JP", 0xb0, 0xce, 0xa1, 0xf3, 12, 0},
    {"iso-2022-jp", "ISO-2022-JP", "EUC-JP", 0xb0, 0xce, 0xa1, 0xf3, 12, 0},
    {"iso-2022-kr", "ISO-2022-KR", "EUC-KR", 0xb0, 0xc8, 0xa1, 0xfe, 3, 0},
    {"iso-2022-cn", "ISO-2022-CN", "EUC-CN", 0xb0, 0xd6, 0xa1, 0xfe, 12, 0},
    {"hz-gb-2312", "EUC-CN", "EUC-CN", 0xb0, 0xd6, 0xa1, 0xfe, 12, 1},
    {"gb2312", "EUC-CN", "EUC-CN", 0xb0, 0xd6, 0xa1, 0xfe, 12, 0},
    {"gbk", "GBK", "EUC-CN", 0xb0, 0xd6, 0xa1, 0xfe, 12, 0},
    {"gb18030", "GB18030", "EUC-CN", 0xb0, 0xd6, 0xa1, 0xfe, 12, 0},
    {"big5", "BIG5-HKSCS", "BIG5", 0xa4, 0xc5, 0xa1, 0xfe, 12, 0},
    {"euc-kr", "EUC-KR", "EUC-KR", 0xb0, 0xc8, 0xa1, 0xfe, 3, 0},
    {"cp949", "CP949", "EUC-KR", 0xb0, 0xc8, 0xa1, 0xfe, 3, 0},
};

static uint32_t state = 2463534242;

static uint32_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Lines of words in s->source. */
static size_t make_source(const struct set *s, char *out, size_t room)
{
    size_t n = 0;
    int column = 0;

    while (n + 16 < room) {
        if (column >= LINE) {
            out[n++] = '\r';
            out[n++] = '\n';
            column = 0;
        }
        for (int i = 0; i < s->word && n + 4 < room; i++, column++) {
            out[n++] = (char)(s->first + (int)(next_random() % (uint32_t)(s->last - s->first + 1)));
            out[n++] = (char)(s->low + (int)(next_random() % (uint32_t)(s->high - s->low + 1)));
        }
        if (next_random() % 8 == 0) {
            memcpy(out + n, " mail", 5);
            n += 5;
        }
        out[n++] = ' ';
    }
    out[n++] = '\n';
    return n;
}

static size_t convert(const char *from, const char *to, char *in, size_t len, char *out,
                      size_t room)
{
    iconv_t cd = iconv_open(to, from);
    size_t all = room;

    if (cd == (iconv_t)-1)
        die(from, "iconv has no such set");
    if (iconv(cd, &in, &len, &out, &room) == (size_t)-1 ||
        iconv(cd, NULL, NULL, &out, &room) == (size_t)-1)
        die(from, strerror(errno));
    iconv_close(cd);
    return all - room;
}

/* EUC-CN as HZ. */
static size_t make_hz(const char *in, size_t len, char *out)
{
    size_t n = 0;
    int high = 0;

    for (size_t i = 0; i < len; i++) {
        int is = (in[i] & 0x80) != 0;

        if (is != high) {
            out[n++] = '~';
            out[n++] = is ? '{' : '}';
            high = is;
        }
        out[n++] = (char)(in[i] & 0x7f);
    }
    return n;
}

static size_t by_iconv(const char *name, char *text, size_t len, char *out, size_t room)
{
    iconv_t cd = iconv_open("UTF-8", name);
    size_t all = room;

    while (len > 0) {
        char *p = text;
        size_t n = len < PIECE ? len : PIECE;
        size_t left = n;

        if (iconv(cd, &p, &left, &out, &room) == (size_t)-1 && errno != EINVAL)
            die("iconv", strerror(errno));
        text += n - left;
        len -= n - left;
    }
    iconv_close(cd);
    return all - room;
}

static size_t by_library(const char *name, const char *text, size_t len, char *out)
{
    mla_charset *c;
    size_t all = 0;

    if (mla_charset_new(NULL, name, &c) != 0)
        die(name, "the library has no such set");
    for (size_t at = 0; at <= len; at += PIECE) {
        size_t n = len - at < PIECE ? len - at : PIECE;
        const char *got;
        size_t got_len;

        mla_charset_feed(c, (const uint8_t *)text + at, n);
        if (n < PIECE)
            mla_charset_end(c);
        while (mla_charset_output(c, &got, &got_len) == 1) {
            memcpy(out + all, got, got_len);
            all += got_len;
        }
    }
    mla_charset_free(c);
    return all;
}

struct texts {
    char *source, *utf8, *text, *bad, *out;
    size_t utf8_len, len, room;
};

static void make(const struct set *s, struct texts *t)
{
    size_t n = make_source(s, t->source, t->room / 4);

    t->utf8_len = convert(s->source, "UTF-8", t->source, n, t->utf8, t->room);
    t->len = s->hz ? make_hz(t->source, n, t->text)
                   : convert("UTF-8", s->iconv, t->utf8, t->utf8_len, t->text, t->room);
    memcpy(t->bad, t->text, t->len);
    for (size_t i = DAMAGE; i < t->len; i += DAMAGE)
        t->bad[i] = (char)next_random();
}

static void measure(const struct set *s, struct texts *t, int rounds)
{
    double best[3] = {1e9, 1e9, 1e9};

    make(s, t);
    if (by_library(s->name, t->text, t->len, t->out) != t->utf8_len ||
        memcmp(t->out, t->utf8, t->utf8_len) != 0)
        die(s->name, "not what iconv makes of it");
    for (int i = 0; i < rounds; i++) {
        double from = now();
        double at;

        if (s->hz)
            by_iconv(s->iconv, t->source, strlen(t->source), t->out, t->room);
        else
            by_iconv(s->iconv, t->text, t->len, t->out, t->room);
        at = now();
        best[0] = at - from < best[0] ? at - from : best[0];
        from = now();
        by_library(s->name, t->text, t->len, t->out);
        at = now();
        best[1] = at - from < best[1] ? at - from : best[1];
        from = now();
        by_library(s->name, t->bad, t->len, t->out);
        at = now();
        best[2] = at - from < best[2] ? at - from : best[2];
    }
    printf("%-12s %8.0f %8.0f %6.2f %8.0f %6.2f\n", s->name, (double)t->len / best[0] / 1e6,
           (double)t->len / best[1] / 1e6, best[0] / best[1], (double)t->len / best[2] / 1e6,
           best[0] / best[2]);
}

int main(int argc, char **argv)
{
    size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 1024) * 1024;
    int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 9;
    struct texts t;

    t.room = 4 * size;
    t.source = calloc(1, t.room);
    t.utf8 = calloc(1, t.room);
    t.text = calloc(1, t.room);
    t.bad = calloc(1, t.room);
    t.out = calloc(1, t.room);
    if (t.source == NULL || t.utf8 == NULL || t.text == NULL || t.bad == NULL || t.out == NULL)
        return 1;
    printf("%-12s %8s %8s %6s %8s %6s\n", "MB/s", "iconv", "library", "ratio", "damaged", "ratio");
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (argc < 4 || strcmp(argv[3], sets[i].name) == 0) {
            memset(t.source, 0, t.room);
            measure(&sets[i], &t, rounds);
        }
    free(t.source);
    free(t.utf8);
    free(t.text);
    free(t.bad);
    free(t.out);
    return 0;
}
