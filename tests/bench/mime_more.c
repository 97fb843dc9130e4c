/* mime_more.c - what else the library does with mail, beside a pass of memcpy over the same octets:
 * HTML made into text, TNEF listed and its files taken out, messages built.
 *
 *     mime_more [MEGABYTES [ROW]]    (20; one row alone, for callgrind) */
#include <mailaccess/mailaccess.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5 };

struct bytes {
    uint8_t *p;
    size_t len;
};

static void need(int rc, const char *what)
{
    if (rc < 0) {
        fprintf(stderr, "%s failed: %d\n", what, rc);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t state = 1;

static size_t chance(size_t n)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(state >> 33) % n;
}

static void add(struct bytes *b, const void *p, size_t n)
{
    memcpy(b->p + b->len, p, n);
    b->len += n;
}

static void add_text(struct bytes *b, const char *text)
{
    add(b, text, strlen(text));
}

/* ------------------------------------------------------------------ what is read or written */

static void words(struct bytes *b, size_t octets)
{
    static const char *const some[] = {"the ",       "quarterly ",   "report ", "is ",
                                       "attached, ", "gr\xc3\xbcn ", "and ",    "please ",
                                       "answer\r\n", "soon. "};
    size_t end = b->len + octets;

    while (b->len < end)
        add_text(b, some[chance(sizeof some / sizeof some[0])]);
}

static void make_text(struct bytes *b, size_t octets)
{
    while (b->len < octets)
        words(b, 1000);
}

/* Mail as newsletters are: tables, links, styles, references. */
static void make_html(struct bytes *b, size_t octets)
{
    add_text(b, "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p { margin: 0; }"
                "</style></head><body>");
    while (b->len < octets) {
        add_text(b, "<table width=\"100%\"><tr><td style=\"padding: 4px; color: #333\"><p>");
        words(b, 200 + chance(400));
        add_text(b, "<b>&nbsp;&euro; 12&#44;50</b></p></td><td><a href=\"https://shop.example/item?"
                    "id=1&amp;from=mail\">");
        words(b, 30);
        add_text(b, "</a><br><img src=\"cid:logo\" alt=\"logo\"></td></tr></table>\r\n"
                    "<ul><li>one<li>two</ul><!-- tracking -->\r\n");
    }
    add_text(b, "</body></html>\r\n");
}

static void le(struct bytes *b, uint32_t v, size_t n)
{
    for (; n > 0; n--, v >>= 8)
        b->p[b->len++] = (uint8_t)v;
}

static void attribute(struct bytes *b, uint32_t level, uint32_t id, const void *p, size_t n)
{
    le(b, level, 1);
    le(b, id, 4);
    le(b, (uint32_t)n, 4);
    add(b, p, n);
    le(b, 0, 2);
}

/* Attachments of 64 KiB, up to the 1,000 that one part may have; each with its name. */
static void make_tnef(struct bytes *b, size_t octets)
{
    static uint8_t file[65536];

    for (size_t i = 0; i < sizeof file; i++)
        file[i] = (uint8_t)chance(256);
    add_text(b, "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n");
    le(b, 0x223e9f78, 4);
    le(b, 0, 2);
    while (b->len < octets) {
        attribute(b, 2, 0x00069002, "\1\0\0\0", 4);
        attribute(b, 2, 0x00018010, "quarterly report.xls", 21);
        attribute(b, 2, 0x0006800f, file, sizeof file);
    }
}

static void make_octets(struct bytes *b, size_t octets)
{
    while (b->len < octets)
        b->p[b->len++] = (uint8_t)chance(256);
}

/* ------------------------------------------------------------------ the work; each says how much
 * came out */

static uint8_t *copy;

static size_t run_memcpy(const struct bytes *b)
{
    memcpy(copy, b->p, b->len);
    return b->len;
}

static size_t run_html(const struct bytes *b)
{
    mla_message *m;
    char *text = NULL;
    size_t n = 0;

    need(mla_message_parse(NULL, NULL, b->p, b->len, &m), "parse");
    need(mla_part_readable(mla_message_root(m), 0, &text, &n), "readable");
    mla_free(text);
    mla_message_free(m);
    return n;
}

static size_t run_tnef_list(const struct bytes *b)
{
    mla_files *list;
    mla_message *m;
    size_t n;

    need(mla_message_parse(NULL, NULL, b->p, b->len, &m), "parse");
    need(mla_part_files(mla_message_root(m), &list), "files");
    n = mla_files_count(list);
    mla_files_free(list);
    mla_message_free(m);
    return n;
}

static size_t run_tnef(const struct bytes *b)
{
    mla_files *list;
    mla_message *m;
    size_t all = 0;

    need(mla_message_parse(NULL, NULL, b->p, b->len, &m), "parse");
    need(mla_part_files(mla_message_root(m), &list), "files");
    for (uint32_t i = 0; i < mla_files_count(list); i++) {
        uint8_t *data = NULL;
        size_t n;

        need(mla_files_data(list, i, &data, &n), "file");
        all += n;
        mla_free(data);
    }
    mla_files_free(list);
    mla_message_free(m);
    return all;
}

static size_t out(mla_compose *c)
{
    const uint8_t *data;
    size_t all = 0;
    size_t n;
    int rc;

    while ((rc = mla_compose_output(c, &data, &n, NULL)) == 1)
        all += n;
    need(rc, "output");
    mla_compose_free(c);
    return all;
}

static size_t run_compose_text(const struct bytes *b)
{
    mla_compose *c;

    need(mla_compose_new(NULL, "text/plain", 0, &c), "new");
    need(mla_compose_text(c, 0, (const char *)b->p, b->len, 0), "text");
    return out(c);
}

static size_t run_compose_body(const struct bytes *b)
{
    mla_compose *c;

    need(mla_compose_new(NULL, "application/octet-stream", 0, &c), "new");
    need(mla_compose_body(c, 0, b->p, b->len), "body");
    return out(c);
}

/* Messages of some 4 KB: names, a subject, a text, a small attachment. */
static size_t run_compose_small(const struct bytes *b)
{
    size_t all = 0;

    for (size_t at = 0; at + 4000 <= b->len; at += 4000) {
        mla_compose *c;
        uint32_t part;

        need(mla_compose_new(NULL, "multipart/mixed", 0, &c), "new");
        need(mla_compose_mailbox(c, 0, "From", "J\xc3\xb6rg M\xc3\xbcller", "j@example.com"),
             "from");
        need(mla_compose_mailbox(c, 0, "To", "Bob Baker", "bob@example.org"), "to");
        need(mla_compose_header(c, 0, "Subject", "Quarterly report, zweites Quartal \xe2\x82\xac"),
             "subject");
        need(mla_compose_date(c, 0, "Date", 1700000000, 60, 1), "date");
        need(mla_compose_id(c, 0, "Message-ID", "<1@example.com>"), "id");
        need(mla_compose_add(c, 0, "text/plain", &part), "part");
        need(mla_compose_text(c, part, "Please find it attached.\n", 25, 0), "text");
        need(mla_compose_add(c, 0, "application/octet-stream", &part), "part");
        need(mla_compose_disposition(c, part, "attachment", "bericht\xc3\xa4.bin"), "name");
        need(mla_compose_body(c, part, b->p + at, 4000), "body");
        all += out(c);
    }
    return all;
}

static const struct row {
    const char *name;
    void (*make)(struct bytes *b, size_t octets);
    size_t (*run)(const struct bytes *b);
} rows[] = {
    {"html-memcpy", make_html, run_memcpy},
    {"html-to-text", make_html, run_html},
    {"tnef-memcpy", make_tnef, run_memcpy},
    {"tnef-listed", make_tnef, run_tnef_list},
    {"tnef-extracted", make_tnef, run_tnef},
    {"compose-memcpy", make_text, run_memcpy},
    {"compose-text-qp", make_text, run_compose_text},
    {"compose-octets-base64", make_octets, run_compose_body},
    {"compose-small-messages", make_text, run_compose_small},
};

/* Callgrind counts what happens in here. */
__attribute__((noinline)) static size_t measured(const struct row *r, const struct bytes *b)
{
    return r->run(b);
}

static void bench(const struct row *r, size_t octets, int rounds)
{
    struct bytes b = {malloc(octets + (1 << 18)), 0};
    double best = 0;
    size_t made = 0;

    copy = malloc(octets + (1 << 18));
    if (b.p == NULL || copy == NULL)
        exit(1);
    state = 1;
    r->make(&b, octets);
    memset(copy, 1, b.len);
    for (int i = 0; i < rounds; i++) {
        double begun = now();
        double took;

        made = measured(r, &b);
        took = now() - begun;
        if (best <= 0 || took < best)
            best = took;
    }
    printf("%-28s %8.0f MB/s  %zu octets in, %zu out\n", r->name, (double)b.len / 1e6 / best, b.len,
           made);
    fflush(stdout);
    free(b.p);
    free(copy);
}

int main(int argc, char **argv)
{
    size_t octets = (argc > 1 ? strtoul(argv[1], NULL, 10) : 20) * 1000000;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (argc <= 2 || strcmp(argv[2], rows[i].name) == 0)
            bench(&rows[i], octets, argc > 2 ? 1 : ROUNDS);
    return 0;
}
