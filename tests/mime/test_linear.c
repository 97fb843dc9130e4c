/* test_linear.c - no message takes longer than in proportion to its size (X01-X09): each row is
 * made of something that repeats, four times as much of it takes about four times as long.
 *
 *     mime_linear               tests: the processor's time, the best of some runs, generously
 *     mime_linear names         prints the rows' names
 *     mime_linear NAME OCTETS   takes one apart once, for callgrind (tests/mime/linear.py) */
#include <mailaccess/mailaccess.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIXED(b) "Content-Type: multipart/mixed; boundary=" b "\r\n\r\n--" b "\r\n\r\n"
#define TEXT(charset, encoding)                                                                    \
    "Content-Type: text/plain; charset=" charset "\r\nContent-Transfer-Encoding: " encoding        \
    "\r\n\r\n"
#define BLANKS "                                                                "

/* %u in unit becomes a number that grows. */
static const struct row {
    const char *name;
    const char *head;
    const char *unit;
} rows[] = {
    {"addresses", "To: ", "a@b.example, "},
    {"addresses-without-commas", "To: ", "a@b.example "},
    {"addresses-names", "To: ", "a b. c <"},
    {"address-comments", "To: ", "("},
    {"address-closed-comments", "To: a", "(b)"},
    {"address-quotes", "To: ", "\"a"},
    {"address-pairs", "To: \"", "\\"},
    {"address-groups", "To: ", "g:a@b;"},
    {"address-routes", "To: <", "@a,"},
    {"address-brackets", "To: ", "<"},
    {"address-words", "To: ", "=?utf-8?q?a?= "},
    {"words", "Subject: ", "=?utf-8?q?a?=\r\n "},
    {"words-base64", "Subject: ", "=?utf-8?b?YQ?= "},
    {"words-charsets", "Subject: ", "=?us-ascii?q?a?= =?utf-8?q?b?="},
    {"words-open", "Subject: ", "=?utf-8?q?"},
    {"words-half", "Subject: ", "=?"},
    {"words-long", "Subject: =?utf-8?q?", "=41"},
    {"subject-8bit", "Subject: ", "\xe4"},
    {"subject-folded", "Subject: a", "\r\n b"},
    {"parameters", "Content-Type: text/plain", "; a%u=b"},
    {"parameters-same", "Content-Type: text/plain", "; a=b"},
    {"parameters-pieces", "Content-Disposition: attachment", "; filename*%u=b"},
    {"parameters-percent", "Content-Disposition: attachment; filename*=utf-8''", "%%41"},
    {"parameters-bare", "Content-Disposition: attachment; filename=", "a b"},
    {"parameters-quotes", "Content-Disposition: attachment; filename=\"", "\\\""},
    {"parameters-comments", "Content-Type: text/plain; ", "(a) "},
    {"ids", "References: ", "<a@b> "},
    {"ids-open", "References: ", "<"},
    {"ids-words", "In-Reply-To: ", "\"a"},
    {"date", "Date: ", "1 "},
    {"received", "", "Received: from a by b; 1 Jan 2025 00:00:00 +0000\r\n"},
    {"fields", "", "X-%u: a\r\n"},
    {"fields-same", "", "Subject: a\r\n"},
    {"fields-to", "", "To: a@b\r\n"},
    {"fields-cr", "X: ", "\r"},
    {"no-fields", "", "a\r\n"},
    {"continuations", "", " a\r\n"},
    {"parts", MIXED("b"), "--b\r\n\r\na\r\n"},
    {"parts-fields", MIXED("b"), "--b\r\nContent-Type: text/html; charset=x%u\r\n\r\n"},
    {"dashes", MIXED("b"), "--\r\n"},
    {"dashes-one-line", MIXED("b"), "--"},
    {"dashes-lf", MIXED("b"), "\n-"},
    {"boundaries-almost", MIXED("bbbbbbbbbbbbbbbb"), "--bbbbbbbbbbbbbbb\r\n"},
    {"boundaries-longer", MIXED("b"), "--bb\r\n"},
    {"boundaries-blanks", MIXED("b"), "--b" BLANKS "a\r\n"},
    {"body-cr", MIXED("b"), "\r"},
    {"nested", "", "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n"},
    {"nested-same", "", MIXED("b")},
    {"messages", "", "Content-Type: message/rfc822\r\n\r\n"},
    {"base64", TEXT("utf-8", "base64"), "YWJjZGVm\r\n"},
    {"base64-junk", TEXT("utf-8", "base64"), "!"},
    {"base64-between", TEXT("utf-8", "base64"), "A!"},
    {"base64-padding", TEXT("utf-8", "base64"), "YQ=="},
    {"qp-equals", TEXT("utf-8", "quoted-printable"), "="},
    {"qp-half", TEXT("utf-8", "quoted-printable"), "=4"},
    {"qp-blanks", TEXT("utf-8", "quoted-printable"), " "},
    {"qp-blank-lines", TEXT("utf-8", "quoted-printable"),
     BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS "\n"},
    {"utf8-faults", TEXT("utf-8", "8bit"), "\xe4"},
    {"utf8-cut", TEXT("utf-8", "8bit"), "\xf0\x9f\x93"},
    {"utf8-far-faults", TEXT("utf-8", "8bit"), BLANKS "\xc3"},
    {"html-open", "Content-Type: text/html\r\n\r\n", "<"},
    {"html-tags", "Content-Type: text/html\r\n\r\n", "<b>"},
    {"html-comments", "Content-Type: text/html\r\n\r\n", "<!--"},
    {"html-references", "Content-Type: text/html\r\n\r\n", "&"},
    {"html-quotes", "Content-Type: text/html\r\n\r\n", "<blockquote>a"},
    {"html-lists", "Content-Type: text/html\r\n\r\n", "<ul><li>a"},
    {"html-hidden", "Content-Type: text/html\r\n\r\n", "<div hidden>"},
    {"html-links", "Content-Type: text/html\r\n\r\n", "<a href=http://a>a"},
    {"html-attributes", "Content-Type: text/html\r\n\r\n<p ", "style=\"display:none;"},
    {"flowed-quotes", "Content-Type: text/plain; format=flowed\r\n\r\n", ">"},
    {"flowed-lines", "Content-Type: text/plain; format=flowed\r\n\r\n", "> a \n"},
    {"uu-begins", TEXT("utf-8", "8bit"), "begin 644 a\n"},
    {"uu-files", TEXT("utf-8", "8bit"), "begin 644 a\n#0V%T\n"},
    {"uu-yenc", TEXT("utf-8", "8bit"), "begin 644 a\n#0V%T\n=ybegin line=1 size=1 name=a\n"},
    {"yenc-begins", TEXT("utf-8", "8bit"), "=ybegin line=1 size=1 name=a\n"},
    {"alternatives", "", "Content-Type: multipart/alternative; boundary=b%u\r\n\r\n--b%u\r\n"},
    {"pgp-lines", TEXT("utf-8", "8bit"), "-----BEGIN PGP "},
};

enum { ROWS = sizeof rows / sizeof rows[0], SMALL = 16000, TIMES = 4, RUNS = 2, TRIES = 4 };

static char *make(const struct row *r, size_t octets, size_t *out_len)
{
    char *data = malloc(octets + strlen(r->head) + 2000);
    size_t n = strlen(r->head);

    if (data == NULL)
        exit(1);
    memcpy(data, r->head, n);
    for (unsigned i = 0; n < octets; i++) {
        const char *u = r->unit;

        while (*u != '\0') {
            if (u[0] == '%' && u[1] == 'u') {
                n += (size_t)sprintf(data + n, "%u", i);
                u += 2;
            } else {
                data[n++] = *u;
                u += u[0] == '%' ? 2 : 1;
            }
        }
    }
    *out_len = n;
    return data;
}

static void values(const mla_part *p)
{
    mla_addresses *addresses = NULL;
    mla_strings *ids = NULL;
    mla_files *files = NULL;
    char *text = NULL;
    uint8_t *data = NULL;
    int32_t kind = 0;
    size_t len;

    if (mla_part_header(p, "Subject", 0, &text, &len) == 0)
        mla_free(text);
    if (mla_part_addresses(p, "To", &addresses) == 0)
        mla_addresses_free(addresses);
    if (mla_part_ids(p, "References", &ids) == 0)
        mla_strings_free(ids);
    if (mla_part_filename(p, &text, &len) == 0)
        mla_free(text);
    if (mla_part_child_count(p) != 0)
        return;
    if (mla_part_decode(p, &data, &len) == 0)
        mla_free(data);
    if (mla_part_readable(p, 0, &text, &len) == 0)
        mla_free(text);
    if (mla_part_files(p, &files) == 0)
        mla_files_free(files);
    (void)mla_part_protection(p, &kind);
}

/* Callgrind counts what happens in here. */
__attribute__((noinline)) static void work(const uint8_t *data, size_t len)
{
    const mla_mime_event *ev;
    mla_message *m = NULL;
    mla_parser *p = NULL;

    if (mla_message_parse(NULL, NULL, data, len, &m) != 0 || mla_parser_new(NULL, NULL, &p) != 0 ||
        mla_message_check(m) != 0)
        exit(1);
    for (uint32_t i = 0; i < mla_message_part_count(m); i++)
        values(mla_message_part_at(m, i));
    mla_message_free(m);
    for (size_t at = 0; at < len; at += 61) {
        if (mla_parser_feed(p, data + at, len - at < 61 ? len - at : 61, NULL) != 0)
            exit(1);
        while (mla_parser_next(p, &ev) == 1)
            ;
    }
    mla_parser_free(p);
}

static double seconds(const uint8_t *data, size_t len)
{
    double best = 1e9;

    for (int i = 0; i < RUNS; i++) {
        struct timespec a;
        struct timespec b;
        double took;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        work(data, len);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        took = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
        if (took < best)
            best = took;
    }
    return best;
}

/* How many times as long four times as much takes; the best of some tries, if they are needed. A
 * square would be 16. What takes less than a millisecond is quick enough. */
static double growth(const struct row *r)
{
    size_t small_len;
    size_t large_len;
    char *small = make(r, SMALL, &small_len);
    char *large = make(r, (size_t)SMALL * TIMES, &large_len);
    double a = 1e9;
    double b = 1e9;

    for (int i = 0; i < TRIES; i++) {
        double x = seconds((const uint8_t *)small, small_len);
        double y = seconds((const uint8_t *)large, large_len);

        a = x < a ? x : a;
        b = y < b ? y : b;
        if (b < 0.001 || b / a < 1.5 * TIMES)
            break;
    }
    free(small);
    free(large);
    return b < 0.001 ? 1 : b / a;
}

static int one(const char *name, size_t octets)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0) {
            size_t len;
            char *data = make(&rows[i], octets, &len);

            work((const uint8_t *)data, len);
            printf("%zu\n", len);
            free(data);
            return 0;
        }
    return 64;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc == 3)
        return one(argv[1], strtoul(argv[2], NULL, 10));
    if (argc == 2) {
        for (size_t i = 0; i < ROWS; i++)
            puts(rows[i].name);
        return 0;
    }
    printf("1..%d\n", ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        double times = growth(&rows[i]);
        int ok = times < 2.2 * TIMES;

        printf("%s %zu - %s: %.1f times as long\n", ok ? "ok" : "not ok", i + 1, rows[i].name,
               times);
        failed |= !ok;
    }
    return failed;
}
