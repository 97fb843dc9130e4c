/* cmd_append.c - upload messages. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "connect.h"
#include "fields.h"
#include "set.h"

enum { PIECE = 65536 };

/* A file on its way: its octets are read twice, once to count and once to send, so that a large
 * message needs no memory. */
struct upload {
    const char *path;
    int fd;
    int add_cr; /* its lines end in LF alone: they go out with CRLF, a message has no others */
    int has_nul;
    int last_was_cr;
    uint64_t size; /* as it goes out */
    uint8_t piece[2 * PIECE];
    size_t len, sent; /* of piece */
};

static int next_piece(struct upload *u, int *out_end)
{
    uint8_t raw[PIECE];
    ssize_t n;

    do
        n = read(u->fd, raw, sizeof raw);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return cli_fail_file(EXIT_IO, "read", u->path, errno);
    *out_end = n == 0;
    u->len = u->sent = 0;
    for (ssize_t i = 0; i < n; i++) {
        if (raw[i] == '\n' && u->add_cr)
            u->piece[u->len++] = '\r';
        u->piece[u->len++] = raw[i];
    }
    return 0;
}

/* Looks at all octets: how many there are, of which kind. */
static int survey(struct upload *u)
{
    uint64_t lf = 0, crlf = 0, octets = 0;
    int end = 0, rc;

    while ((rc = next_piece(u, &end)) == 0 && !end) {
        for (size_t i = 0; i < u->len; i++) {
            if (u->piece[i] == '\n') {
                lf++;
                crlf += (uint64_t)u->last_was_cr;
            }
            u->has_nul |= u->piece[i] == 0;
            u->last_was_cr = u->piece[i] == '\r';
        }
        octets += u->len;
    }
    if (rc == 0 && lseek(u->fd, 0, SEEK_SET) != 0)
        rc = cli_fail_file(EXIT_NO_INPUT, "read twice", u->path, errno);
    u->add_cr = crlf == 0 && lf > 0;
    u->size = octets + (u->add_cr ? lf : 0);
    return rc;
}

static int open_file(struct upload *u, const char *path)
{
    struct stat st;

    memset(u, 0, sizeof *u);
    u->path = path;
    u->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (u->fd < 0)
        return cli_fail_file(EXIT_NO_INPUT, "open", path, errno);
    if (fstat(u->fd, &st) == 0 && S_ISDIR(st.st_mode))
        return cli_fail_file(EXIT_NO_INPUT, "read", path, EISDIR);
    return survey(u);
}

/* Gives the library what it takes now. */
static int send_some(struct conn *k, struct upload *u, uint64_t ticket, int *out_status)
{
    int end = 0;

    for (;;) {
        size_t used = 0;
        int rc;

        if (u->sent == u->len) {
            *out_status = next_piece(u, &end);
            if (*out_status != 0 || end)
                return 0;
        }
        rc = mla_imap_append_data(k->imap, ticket, u->piece + u->sent, u->len - u->sent, &used);
        if (rc != 0 || used == 0)
            return rc;
        u->sent += used;
    }
}

static void report(struct out *o, const struct upload *u, const mla_imap_code *code)
{
    int known = code != NULL && code->id == MLA_IMAP_CODE_APPENDUID && code->destination_count > 0;

    if (o->json) {
        json_begin(o);
        if (known) {
            json_number(o, "uidvalidity", code->uidvalidity);
            json_number(o, "uid", code->destination[0].first);
        }
        json_string(o, "file", u->path);
        json_end(o);
    } else if (known) {
        out_column_number(o, 6, code->destination[0].first);
        out_column(o, 0, u->path, strlen(u->path));
        out_end_line(o);
    }
}

static int append_file(struct conn *k, struct upload *u, mla_imap_append_args *args)
{
    const mla_imap_event *ev;
    uint64_t ticket;
    int rc, status = 0;

    args->size = u->size;
    args->binary = (uint32_t)u->has_nul;
    rc = mla_imap_append(k->imap, args, &ticket);
    if (rc == MLA_E_ARG)
        return cli_fail(EXIT_USAGE, "cannot append %s: a flag or the mailbox cannot be said",
                        u->path);
    while (rc == 0) {
        int step = conn_imap_step(k, ticket, &ev);

        if (step != 1) {
            rc = step;
            break;
        }
        if (mla_imap_event_type(ev) == MLA_IMAP_EV_SEND)
            rc = send_some(k, u, ticket, &status);
        else if (mla_imap_event_done(ev) != NULL && mla_imap_event_ticket(ev) == ticket &&
                 mla_imap_event_done(ev)->error == 0)
            report(&k->cli->out, u, mla_imap_event_done(ev)->code);
        if (status != 0)
            return status; /* the rest cannot be sent: the connection is given up */
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot append %s", u->path);
}

/* The arguments that all files share. */
static int read_args(const struct cli *c, struct flag_list *flags, mla_imap_append_args *args)
{
    int rc = 0;

    memset(flags, 0, sizeof *flags);
    memset(args, 0, sizeof *args);
    args->struct_size = sizeof *args;
    if (c->opt.flags != NULL)
        rc = flag_list_parse(flags, c->opt.flags);
    args->flags = flags->flags;
    args->keywords = flags->keywords;
    args->keyword_count = flags->keyword_count;
    if (rc == 0 && c->opt.date != NULL) {
        args->has_date = 1;
        if (!field_read_time(c->opt.date, &args->internal_date, &args->internal_zone))
            rc = cli_fail(EXIT_USAGE, "--date=%s: not a time such as 2025-02-01T12:00:00+01:00",
                          c->opt.date);
    }
    return rc;
}

static int append_all(struct conn *k, mla_imap_append_args *args)
{
    struct upload *u = malloc(sizeof *u);
    int worst = 0;

    if (u == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    args->mailbox = k->url.mailbox;
    for (int i = 1; i < k->cli->arg_count; i++) {
        int rc = open_file(u, k->cli->args[i]);

        if (rc == 0)
            rc = append_file(k, u, args);
        if (u->fd >= 0)
            close(u->fd);
        if (rc != 0)
            worst = rc;
        if (rc != 0 && rc != EXIT_DATA && rc != EXIT_NO_INPUT)
            break;
        k->said[0] = 0;
    }
    free(u);
    return worst;
}

int cmd_append(struct cli *c)
{
    mla_imap_append_args args;
    struct flag_list flags;
    struct conn k;
    int rc = read_args(c, &flags, &args);

    if (rc != 0)
        return rc;
    if (c->arg_count < 2)
        return cli_fail(EXIT_USAGE, "append: wants a URL and files");
    for (int i = 1; i < c->arg_count; i++)
        if (access(c->args[i], R_OK) != 0)
            return cli_fail_file(EXIT_NO_INPUT, "open", c->args[i], errno);
    rc = conn_open(&k, c, CONN_IMAP | CONN_MAILBOX);
    if (rc == 0)
        rc = append_all(&k, &args);
    conn_close(&k);
    return rc;
}
