/* etpan_resp.c - the same FETCH responses read by libetpan, from memory (see imap_resp.c).
 *
 *     etpan_resp [LARGE [SMALL [ROUNDS]]]
 *
 * One UID FETCH for each 1000 messages: libetpan returns them as one list. */
#include "imap_stream.h"

#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AT_ONCE = 1000 };

/* What the server says, prepared whole: libetpan's tags are "1", "2" and so on. */
struct script {
    char *text;
    size_t size;
    size_t at;
};

static ssize_t on_read(mailstream_low *s, void *buf, size_t count)
{
    struct script *c = s->data;
    size_t n = c->size - c->at < count ? c->size - c->at : count;

    memcpy(buf, c->text + c->at, n);
    c->at += n;
    return (ssize_t)n;
}

static ssize_t on_write(mailstream_low *s, const void *buf, size_t count)
{
    (void)s;
    (void)buf;
    return (ssize_t)count;
}

static int on_close(mailstream_low *s)
{
    (void)s;
    return 0;
}

static void on_free(mailstream_low *s)
{
    free(s);
}

static int on_fd(mailstream_low *s)
{
    (void)s;
    return -1;
}

static mailstream_low_driver driver = {.mailstream_read = on_read,
                                       .mailstream_write = on_write,
                                       .mailstream_close = on_close,
                                       .mailstream_get_fd = on_fd,
                                       .mailstream_free = on_free};

static void die(const char *why)
{
    fprintf(stderr, "etpan_resp: %s\n", why);
    exit(70);
}

static void say(struct script *c, const char *text, size_t n)
{
    memcpy(c->text + c->size, text, n);
    c->size += n;
}

/* The stream with a tagged OK behind each AT_ONCE responses. */
static void make_script(struct script *c, const struct stream *s)
{
    const char *p = (const char *)s->text;
    const char *end = p + s->size;
    char line[80];
    unsigned tag = 1;
    size_t seq = 1;

    memset(c, 0, sizeof *c);
    c->text = malloc(s->size + s->count / AT_ONCE * 64 + 1024);
    if (c->text == NULL)
        die("no memory");
    say(c, "* PREAUTH ready\r\n", 17);
    say(c, line,
        (size_t)snprintf(line, sizeof line, "* %zu EXISTS\r\n%u OK [READ-WRITE] done\r\n", s->count,
                         tag++));
    while (p < end) {
        const char *to = p;

        for (size_t i = 0; i < AT_ONCE && to < end; i++) { /* to the response behind the next */
            char next[32];

            snprintf(next, sizeof next, "\n* %zu FETCH ", ++seq);
            to = memmem(to, (size_t)(end - to), next, strlen(next));
            to = to != NULL ? to + 1 : end;
        }
        say(c, p, (size_t)(to - p));
        say(c, line, (size_t)snprintf(line, sizeof line, "%u OK done\r\n", tag++));
        p = to;
    }
}

static struct mailimap_fetch_type *what(int kind)
{
    struct mailimap_fetch_type *t = mailimap_fetch_type_new_fetch_att_list_empty();

    mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_flags());
    if (kind == STREAM_LARGE) {
        mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_internaldate());
        mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_rfc822_size());
        mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_envelope());
        mailimap_fetch_type_new_fetch_att_list_add(t, mailimap_fetch_att_new_bodystructure());
    }
    return t;
}

static void read_all(struct script *c, int kind, size_t count)
{
    mailstream_low *low = mailstream_low_new(c, &driver);
    mailimap *m = mailimap_new(0, NULL);
    struct mailimap_set *set = mailimap_set_new_interval(1, 0);
    struct mailimap_fetch_type *type = what(kind);
    size_t seen = 0;
    int rc;

    c->at = 0;
    rc = mailimap_connect(m, mailstream_new(low, 16384));
    if (rc != MAILIMAP_NO_ERROR_AUTHENTICATED || mailimap_select(m, "INBOX") != MAILIMAP_NO_ERROR)
        die("no session");
    while (seen < count) {
        clist *result = NULL;

        rc = mailimap_uid_fetch(m, set, type, &result);
        if (rc != MAILIMAP_NO_ERROR)
            die("a response that cannot be read");
        seen += (size_t)clist_count(result);
        mailimap_fetch_list_free(result);
    }
    mailimap_fetch_type_free(type);
    mailimap_set_free(set);
    mailimap_free(m);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(const char *name, int kind, size_t count, int rounds)
{
    struct stream s;
    struct script c;
    double best = 0;

    stream_make(&s, kind, count);
    make_script(&c, &s);
    free(s.text);
    for (int i = 0; i < rounds; i++) {
        double begin = cpu_seconds();
        double took;

        read_all(&c, kind, count);
        took = cpu_seconds() - begin;
        if (best == 0 || took < best)
            best = took;
    }
    free(c.text);
    printf("%-6s %8zu of %4zu octets  libetpan %8.0f thousand a second\n", name, count,
           s.size / count, (double)count / best / 1e3);
}

int main(int argc, char **argv)
{
    size_t large = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 200000;
    size_t small = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 1000000;
    int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 3;

    if (large != 0)
        measure("large", STREAM_LARGE, large, rounds);
    if (small != 0)
        measure("flags", STREAM_FLAGS, small, rounds);
    return 0;
}
