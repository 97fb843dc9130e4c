/* test_linear.c - no message takes longer than in proportion to its size (X01-X09): each row is
 * made of something that repeats, four times as much of it takes about four times as long.
 *
 *     mime_linear               tests: the processor's time, the best of some tries, generously
 *     mime_linear names         prints the rows' names
 *     mime_linear NAME OCTETS   takes one apart once, for callgrind (tests/mime/linear.py) */
#include "linear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIXED(b) "Content-Type: multipart/mixed; boundary=" b "\r\n\r\n--" b "\r\n\r\n"
#define RTF      "Content-Type: text/rtf\r\n\r\n{\\rtf1 "
#define TEXT(charset, encoding)                                                                    \
    "Content-Type: text/plain; charset=" charset "\r\nContent-Transfer-Encoding: " encoding        \
    "\r\n\r\n"
#define BLANKS "                                                                "

#define DSN "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n"
#define MDN "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; a\r\n"

static const struct linear_row rows[] = {
    {"addresses", "To: ", "a@b.example, ", NULL, NULL},
    {"addresses-without-commas", "To: ", "a@b.example ", NULL, NULL},
    {"addresses-names", "To: ", "a b. c <", NULL, NULL},
    {"address-comments", "To: ", "(", NULL, NULL},
    {"address-closed-comments", "To: a", "(b)", NULL, NULL},
    {"address-quotes", "To: ", "\"a", NULL, NULL},
    {"address-pairs", "To: \"", "\\", NULL, NULL},
    {"address-groups", "To: ", "g:a@b;", NULL, NULL},
    {"address-routes", "To: <", "@a,", NULL, NULL},
    {"address-brackets", "To: ", "<", NULL, NULL},
    {"address-words", "To: ", "=?utf-8?q?a?= ", NULL, NULL},
    {"words", "Subject: ", "=?utf-8?q?a?=\r\n ", NULL, NULL},
    {"words-base64", "Subject: ", "=?utf-8?b?YQ?= ", NULL, NULL},
    {"words-charsets", "Subject: ", "=?us-ascii?q?a?= =?utf-8?q?b?=", NULL, NULL},
    {"words-open", "Subject: ", "=?utf-8?q?", NULL, NULL},
    {"words-half", "Subject: ", "=?", NULL, NULL},
    {"words-long", "Subject: =?utf-8?q?", "=41", NULL, NULL},
    {"subject-8bit", "Subject: ", "\xe4", NULL, NULL},
    {"subject-folded", "Subject: a", "\r\n b", NULL, NULL},
    {"parameters", "Content-Type: text/plain", "; a%u=b", NULL, NULL},
    {"parameters-same", "Content-Type: text/plain", "; a=b", NULL, NULL},
    {"parameters-many", "Content-Type: text/plain", "; %u=b; A=b", NULL, NULL},
    {"parameters-names", "Content-Type: text/plain", "; a%u=b; a%u*=c; a%u*0=d", NULL, NULL},
    {"parameters-sections", "Content-Disposition: attachment", "; a*%u=b", NULL, NULL},
    {"parameters-pieces", "Content-Disposition: attachment", "; filename*%u=b", NULL, NULL},
    {"parameters-percent", "Content-Disposition: attachment; filename*=utf-8''", "%%41", NULL,
     NULL},
    {"parameters-bare", "Content-Disposition: attachment; filename=", "a b", NULL, NULL},
    {"parameters-quotes", "Content-Disposition: attachment; filename=\"", "\\\"", NULL, NULL},
    {"parameters-comments", "Content-Type: text/plain; ", "(a) ", NULL, NULL},
    {"ids", "References: ", "<a@b> ", NULL, NULL},
    {"ids-open", "References: ", "<", NULL, NULL},
    {"ids-words", "In-Reply-To: ", "\"a", NULL, NULL},
    {"date", "Date: ", "1 ", NULL, NULL},
    {"received", "", "Received: from a by b; 1 Jan 2025 00:00:00 +0000\r\n", NULL, NULL},
    {"received-words", "Received: from ", "a ", NULL, NULL},
    {"received-clauses", "Received: ", "from a by b ", NULL, NULL},
    {"received-dates", "Received: from a", "; 1 Jan 2025", NULL, NULL},
    {"received-comments", "Received: from a ", "(b) ", NULL, NULL},
    {"received-open", "Received: from a ", "<[\"(", NULL, NULL},
    {"lists", "", "List-Help: <mailto:a@b>\r\nList-Id: a <b>\r\n", NULL, NULL},
    {"list-uris", "List-Unsubscribe: ", "<mailto:a@b>, ", NULL, NULL},
    {"list-uris-open", "List-Post: ", "<", NULL, NULL},
    {"list-comments", "List-Post: ", "(a <b>) ", NULL, NULL},
    {"list-words", "List-Archive: ", "a b ", NULL, NULL},
    {"list-id", "List-Id: ", "a <", NULL, NULL},
    {"list-id-words", "List-Id: ", "=?utf-8?q?a?= ", NULL, NULL},
    {"authentication", "Authentication-Results: a", ";\r\n dkim=pass header.d=b", NULL, NULL},
    {"authentication-fields", "", "Authentication-Results: a; spf=fail\r\n", NULL, NULL},
    {"dsn-recipients", DSN,
     "Final-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", NULL, NULL},
    {"dsn-fields", DSN, "Diagnostic-Code: smtp; 550 no\r\n", NULL, NULL},
    {"dsn-same", DSN, "Final-Recipient: utf-8; \\x{e9}\r\n", NULL, NULL},
    {"dsn-unicode", DSN "Final-Recipient: utf-8; ", "\\x{", NULL, NULL},
    {"dsn-continuations", DSN "Action: failed", "\r\n (", NULL, NULL},
    {"dsn-blank", DSN, "\r\n", NULL, NULL},
    {"mdn-errors", MDN, "Error: a\r\nWarning: b\r\n", NULL, NULL},
    {"mdn-dispositions", MDN, "Disposition: manual-action/MDN-sent-manually; displayed\r\n", NULL,
     NULL},
    {"mdn-modifiers", MDN "Disposition: a/b; c/", "d,", NULL, NULL},
    {"partial", "Content-Type: message/partial; id=a", "; number=%u", NULL, NULL},
    {"external", "Content-Type: message/external-body", "; access-type=%u; url*%u=a", NULL, NULL},
    {"external-fields", "Content-Type: message/external-body; access-type=url\r\n\r\n",
     "Content-Id: <a>\r\n", NULL, NULL},
    {"fields", "", "X-%u: a\r\n", NULL, NULL},
    {"fields-same", "", "Subject: a\r\n", NULL, NULL},
    {"fields-to", "", "To: a@b\r\n", NULL, NULL},
    {"fields-cr", "X: ", "\r", NULL, NULL},
    {"no-fields", "", "a\r\n", NULL, NULL},
    {"continuations", "", " a\r\n", NULL, NULL},
    {"parts", MIXED("b"), "--b\r\n\r\na\r\n", NULL, NULL},
    {"parts-fields", MIXED("b"), "--b\r\nContent-Type: text/html; charset=x%u\r\n\r\n", NULL, NULL},
    {"dashes", MIXED("b"), "--\r\n", NULL, NULL},
    {"dashes-one-line", MIXED("b"), "--", NULL, NULL},
    {"dashes-lf", MIXED("b"), "\n-", NULL, NULL},
    {"boundaries-almost", MIXED("bbbbbbbbbbbbbbbb"), "--bbbbbbbbbbbbbbb\r\n", NULL, NULL},
    {"boundaries-longer", MIXED("b"), "--bb\r\n", NULL, NULL},
    {"boundaries-blanks", MIXED("b"), "--b" BLANKS "a\r\n", NULL, NULL},
    {"body-cr", MIXED("b"), "\r", NULL, NULL},
    {"nested", "", "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", NULL, NULL},
    {"nested-same", "", MIXED("b"), NULL, NULL},
    {"messages", "", "Content-Type: message/rfc822\r\n\r\n", NULL, NULL},
    {"base64", TEXT("utf-8", "base64"), "YWJjZGVm\r\n", NULL, NULL},
    {"base64-junk", TEXT("utf-8", "base64"), "!", NULL, NULL},
    {"base64-between", TEXT("utf-8", "base64"), "A!", NULL, NULL},
    {"base64-padding", TEXT("utf-8", "base64"), "YQ==", NULL, NULL},
    {"qp-equals", TEXT("utf-8", "quoted-printable"), "=", NULL, NULL},
    {"qp-half", TEXT("utf-8", "quoted-printable"), "=4", NULL, NULL},
    {"qp-blanks", TEXT("utf-8", "quoted-printable"), " ", NULL, NULL},
    {"qp-blank-lines", TEXT("utf-8", "quoted-printable"),
     BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS BLANKS "\n", NULL, NULL},
    {"utf8-faults", TEXT("utf-8", "8bit"), "\xe4", NULL, NULL},
    {"utf8-cut", TEXT("utf-8", "8bit"), "\xf0\x9f\x93", NULL, NULL},
    {"utf8-far-faults", TEXT("utf-8", "8bit"), BLANKS "\xc3", NULL, NULL},
    {"html-open", "Content-Type: text/html\r\n\r\n", "<", NULL, NULL},
    {"html-tags", "Content-Type: text/html\r\n\r\n", "<b>", NULL, NULL},
    {"html-comments", "Content-Type: text/html\r\n\r\n", "<!--", NULL, NULL},
    {"html-references", "Content-Type: text/html\r\n\r\n", "&", NULL, NULL},
    {"html-quotes", "Content-Type: text/html\r\n\r\n", "<blockquote>a", NULL, NULL},
    {"html-lists", "Content-Type: text/html\r\n\r\n", "<ul><li>a", NULL, NULL},
    {"html-hidden", "Content-Type: text/html\r\n\r\n", "<div hidden>", NULL, NULL},
    {"html-links", "Content-Type: text/html\r\n\r\n", "<a href=http://a>a", NULL, NULL},
    {"html-attributes", "Content-Type: text/html\r\n\r\n<p ", "style=\"display:none;", NULL, NULL},
    {"html-tables", "Content-Type: text/html\r\n\r\n", "<table><tr><td>a", NULL, NULL},
    {"html-cells", "Content-Type: text/html\r\n\r\n<table>", "<tr><td>a<td>b", NULL, NULL},
    {"html-ends", "Content-Type: text/html\r\n\r\n", "</p></b></x>", NULL, NULL},
    {"html-crossed", "Content-Type: text/html\r\n\r\n", "<b><i></b></i>", NULL, NULL},
    {"html-pre", "Content-Type: text/html\r\n\r\n<pre>", " \n", NULL, NULL},
    {"html-scripts", "Content-Type: text/html\r\n\r\n", "<script>", NULL, NULL},
    {"html-styles", "Content-Type: text/html\r\n\r\n", "<style></styl", NULL, NULL},
    {"html-numbers", "Content-Type: text/html\r\n\r\n", "&#x41;&amp;&amp", NULL, NULL},
    {"html-cdata", "Content-Type: text/html\r\n\r\n", "<![CDATA[", NULL, NULL},
    {"html-blanks", "Content-Type: text/html\r\n\r\n", "<br> ", NULL, NULL},
    {"rtf-groups", RTF, "{", NULL, NULL},
    {"rtf-fonts", RTF "{\\fonttbl{\\f1\\fcharset128 A;}}", "\\f1\\'83\\f0\\'e9", NULL, NULL},
    {"rtf-pages", RTF, "\\ansicpg1361\\'e9\\ansicpg12345\\'e9", NULL, NULL},
    {"rtf-words", RTF, "\\par\\u-1?\\bin1 \\zz", NULL, NULL},
    {"rtf-tags", RTF "\\fromhtml1", "{\\*\\htmltag <b>}a\\htmlrtf b\\htmlrtf0 ", NULL, NULL},
    {"charset-faults", TEXT("cp949", "8bit"), "\xa2\xe8\xb0\xa1", NULL, NULL},
    {"charset-holes", TEXT("euc-jp", "8bit"), "\xa9\xa9\xb0\xa1", NULL, NULL},
    {"charset-shifts", TEXT("iso-2022-jp", "7bit"), "\033$B)))\033(B", NULL, NULL},
    {"charset-four", TEXT("gb18030", "8bit"), "\x81\x30\x81\x30\xe3\x32\x9a\x36", NULL, NULL},
    {"flowed-one", "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n", "a \n", NULL,
     NULL},
    {"flowed-stuffed", "Content-Type: text/plain; format=flowed\r\n\r\n", " >-- \n", NULL, NULL},
    {"flowed-quotes", "Content-Type: text/plain; format=flowed\r\n\r\n", ">", NULL, NULL},
    {"flowed-lines", "Content-Type: text/plain; format=flowed\r\n\r\n", "> a \n", NULL, NULL},
    {"uu-begins", TEXT("utf-8", "8bit"), "begin 644 a\n", NULL, NULL},
    {"uu-files", TEXT("utf-8", "8bit"), "begin 644 a\n#0V%T\n", NULL, NULL},
    {"uu-yenc", TEXT("utf-8", "8bit"), "begin 644 a\n#0V%T\n=ybegin line=1 size=1 name=a\n", NULL,
     NULL},
    {"yenc-begins", TEXT("utf-8", "8bit"), "=ybegin line=1 size=1 name=a\n", NULL, NULL},
    {"yenc-lines", TEXT("utf-8", "8bit") "=ybegin line=1 size=1 name=a\n", "=}=}a\n", NULL, NULL},
    {"yenc-parts", TEXT("utf-8", "8bit"),
     "=ybegin part=%u line=1 size=1 name=a\n=ypart begin=1 end=1\na\n=yend size=1\n", NULL, NULL},
    {"yenc-encoding", TEXT("utf-8", "x-yenc") "=ybegin line=1 size=1 name=a\n", "=", NULL, NULL},
    {"uu-encoding", TEXT("utf-8", "x-uuencode") "begin 644 a\n", "#0V%T\n", NULL, NULL},
    {"uu-lines", TEXT("utf-8", "8bit") "begin 644 a\n", "#0V%T\n", NULL, NULL},
    {"uu-base64", TEXT("utf-8", "8bit"), "begin-base64 644 a\nYWJj\n", NULL, NULL},
    {"alternatives", "", "Content-Type: multipart/alternative; boundary=b%u\r\n\r\n--b%u\r\n", NULL,
     NULL},
    {"pgp-lines", TEXT("utf-8", "8bit"), "-----BEGIN PGP ", NULL, NULL},
};

enum { ROWS = sizeof rows / sizeof rows[0], SMALL = 16000, TIMES = 4, TRIES = 8 };

static char *make(const struct linear_row *r, size_t octets, size_t *out_len)
{
    char *data = malloc(octets + 4000);
    size_t n = r->make == NULL ? strlen(r->head) : 0;

    if (data == NULL)
        exit(1);
    if (r->make != NULL) {
        *out_len = r->make((uint8_t *)data, octets);
        return data;
    }
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

    linear_values(p);
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

    if (mla_message_parse(NULL, &linear_limits, data, len, &m) != 0 ||
        mla_parser_new(NULL, &linear_limits, &p) != 0 || mla_message_check(m) != 0)
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

static size_t count(void)
{
    return ROWS + linear_more_count;
}

static const struct linear_row *row_at(size_t i)
{
    return i < ROWS ? &rows[i] : &linear_more[i - ROWS];
}

static void run(const struct linear_row *r, const uint8_t *data, size_t len)
{
    if (r->work != NULL)
        r->work(data, len);
    else
        work(data, len);
}

static double seconds(const struct linear_row *r, const uint8_t *data, size_t len)
{
    struct timespec a;
    struct timespec b;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    run(r, data, len);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* How many times as long four times as much takes; the best of some tries, if they are needed. A
 * square would be 16. What takes less than a millisecond is quick enough. */
static double growth(const struct linear_row *r)
{
    size_t small_len;
    size_t large_len;
    char *small = make(r, SMALL, &small_len);
    char *large = make(r, (size_t)SMALL * TIMES, &large_len);
    double a = 1e9;
    double b = 1e9;

    for (int i = 0; i < TRIES; i++) {
        double x = seconds(r, (const uint8_t *)small, small_len);
        double y = seconds(r, (const uint8_t *)large, large_len);

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
    for (size_t i = 0; i < count(); i++)
        if (strcmp(row_at(i)->name, name) == 0) {
            size_t len;
            char *data = make(row_at(i), octets, &len);

            run(row_at(i), (const uint8_t *)data, len);
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
        for (size_t i = 0; i < count(); i++)
            puts(row_at(i)->name);
        return 0;
    }
    printf("1..%zu\n", count());
    for (size_t i = 0; i < count(); i++) {
        double times = growth(row_at(i));
        int ok = times < 2.2 * TIMES;

        printf("%s %zu - %s: %.1f times as long\n", ok ? "ok" : "not ok", i + 1, row_at(i)->name,
               times);
        failed |= !ok;
    }
    return failed;
}
