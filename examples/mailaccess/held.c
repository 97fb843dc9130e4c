/* held.c - one message in memory. */
#include "held.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "maildrop.h"

/* 0, or an exit status. Of a message that is too large the rest is passed over. */
static int hold(struct held *h, const void *data, size_t len)
{
    if (len > h->most - h->len)
        h->is_too_large = 1;
    if (h->is_too_large || len == 0)
        return 0;
    if (len > h->room - h->len) {
        size_t room = h->room * 2 > h->len + len ? h->room * 2 : h->len + len;
        uint8_t *bigger = realloc(h->data, room);

        if (bigger == NULL)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        h->data = bigger;
        h->room = room;
    }
    memcpy(h->data + h->len, data, len);
    h->len += len;
    return 0;
}

int held_fetch_imap(struct conn *k, struct held *h, uint32_t uid)
{
    const mla_range one = {uid, uid};
    mla_imap_section_args body;
    mla_imap_fetch_args args;
    const mla_imap_event *ev;
    uint64_t ticket;
    int answer, rc = 0, came = 0;

    memset(&body, 0, sizeof body);
    body.struct_size = sizeof body;
    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.items = MLA_IMAP_ITEM_UID;
    args.ranges = &one;
    args.range_count = 1;
    args.sections = &body;
    args.section_count = 1;
    answer = mla_imap_fetch_msgs(k->imap, &args, &ticket);
    while (answer == 0 || answer == 1) {
        const mla_imap_fetch *f;
        const uint8_t *data;
        size_t len;

        answer = conn_imap_step(k, ticket, &ev);
        if (answer != 1)
            break;
        f = mla_imap_event_fetch(ev);
        data = mla_imap_event_chunk(ev, &len, NULL);
        if (mla_imap_event_type(ev) == MLA_IMAP_EV_SECTION_BEGIN)
            h->len = 0;
        else if (data != NULL)
            rc = hold(h, data, len);
        else if (f != NULL && f->uid == uid && f->sections != NULL && !f->sections->is_nil) {
            came = 1;
            if (!f->sections->streamed)
                rc = hold(h, f->sections->data.ptr, f->sections->data.len);
        }
        if (rc != 0)
            return rc;
    }
    if (answer != 0)
        return conn_fail(k, answer, "cannot fetch UID %" PRIu32, uid);
    return came ? 0 : cli_fail(EXIT_DATA, "%" PRIu32 ": there is no such message", uid);
}

int held_fetch_pop3(struct conn *k, struct held *h, const char *uidl)
{
    const struct maildrop_item *item;
    const mla_pop3_event *ev;
    struct maildrop m;
    uint64_t ticket;
    int rc = maildrop_read(k, &m), answer = 0;

    if (rc == 0)
        rc = maildrop_find(&m, uidl, &item);
    if (rc == 0)
        answer = mla_pop3_retr(k->pop3, item->number, &ticket);
    while (rc == 0 && answer == 0 && (answer = conn_pop3_step(k, ticket, &ev)) == 1) {
        size_t len;
        const uint8_t *data = mla_pop3_event_chunk(ev, &len, NULL);

        if (data != NULL)
            rc = hold(h, data, len);
        answer = 0;
        if (mla_pop3_event_done(ev) != NULL)
            answer = mla_pop3_event_done(ev)->error;
        if (mla_pop3_event_done(ev) != NULL && mla_pop3_event_ticket(ev) == ticket)
            break;
    }
    maildrop_free(&m);
    if (rc == 0 && answer != 0)
        rc = conn_fail(k, answer, "cannot fetch %s", uidl);
    return rc;
}

/* A regular file becomes memory as it is. 1, or 0 when it has to be read. */
static int map(struct held *h, int fd)
{
    struct stat st;
    void *p;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
        (uint64_t)st.st_size > SIZE_MAX)
        return 0;
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return 0;
    h->data = p;
    h->len = (size_t)st.st_size;
    h->is_mapped = 1;
    return 1;
}

static int read_all(struct held *h, int fd, const char *path)
{
    uint8_t piece[65536];
    ssize_t n;
    int rc = 0;

    while (rc == 0 && (n = read(fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR && !cli_stopped())
            continue;
        if (n < 0)
            return cli_fail_file(EXIT_IO, "read", path, errno);
        rc = hold(h, piece, (size_t)n);
    }
    return rc;
}

int held_file(struct held *h, const char *path)
{
    int fd;
    int rc = 0;

    if (strcmp(path, "-") == 0)
        return read_all(h, STDIN_FILENO, "standard input");
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return cli_fail_file(EXIT_NO_INPUT, "open", path, errno);
    if (!map(h, fd))
        rc = read_all(h, fd, path);
    close(fd);
    return rc;
}

void held_free(struct held *h)
{
    if (h->is_mapped)
        (void)munmap(h->data, h->len);
    else
        free(h->data);
    h->data = NULL;
    h->len = h->room = 0;
    h->is_mapped = 0;
}
