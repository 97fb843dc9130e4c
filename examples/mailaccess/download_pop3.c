/* download_pop3.c - the messages of a maildrop, by RETR with UIDL. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "download.h"
#include "maildrop.h"
#include "names.h"

enum { AHEAD = 16 };

/* A message of the maildrop, and what became of it. */
struct mail {
    const struct maildrop_item *item;
    char id[DELIVER_ID_SIZE];
    uint64_t ticket;
    int is_new;
    int is_group; /* others have the same UIDL or header */
    int is_too_large;
};

struct mails {
    struct mail *mail;
    size_t count;
};

/* --- names --- */

/* Without UIDL: the digest of the header, up to the empty line. */
struct header_digest {
    struct sha256 sha;
    int line_is_empty, is_over;
};

static void digest_begin(struct header_digest *h)
{
    sha256_init(&h->sha);
    h->line_is_empty = 1;
    h->is_over = 0;
}

static void digest_add(struct header_digest *h, const uint8_t *data, size_t len)
{
    size_t n = 0;

    while (n < len && !h->is_over) {
        if (data[n] == '\n')
            h->is_over = h->line_is_empty;
        if (data[n] == '\n')
            h->line_is_empty = 1;
        else if (data[n] != '\r')
            h->line_is_empty = 0;
        n++;
    }
    sha256_update(&h->sha, data, n);
}

static void digest_end(struct header_digest *h, char id[DELIVER_ID_SIZE])
{
    char hex[65];

    sha256_final_hex(&h->sha, hex);
    snprintf(id, DELIVER_ID_SIZE, "d-%s", hex);
}

/* Reads the header of a message for its digest. */
static int name_by_header(struct download *d, struct mail *m)
{
    const mla_pop3_event *ev;
    struct header_digest h;
    uint64_t ticket;
    int rc = mla_pop3_top(d->k.pop3, m->item->number, 0, &ticket);

    digest_begin(&h);
    if (rc != 0)
        return conn_fail(&d->k, rc, "cannot read the header of message %" PRIu32, m->item->number);
    while ((rc = conn_pop3_step(&d->k, ticket, &ev)) == 1) {
        size_t len;
        const uint8_t *data = mla_pop3_event_chunk(ev, &len, NULL);

        if (data != NULL)
            digest_add(&h, data, len);
    }
    if (rc == 0)
        digest_end(&h, m->id);
    if (rc == 0 || rc == MLA_E_UNSUPPORTED || rc == MLA_E_NO) {
        d->k.said[0] = 0;
        return 0; /* without TOP the name comes from the message itself */
    }
    return conn_fail(&d->k, rc, "cannot read the header of message %" PRIu32, m->item->number);
}

static int compare_ids(const void *a, const void *b)
{
    const struct mail *x = *(struct mail *const *)a, *y = *(struct mail *const *)b;
    int c = strcmp(x->id, y->id);

    return c != 0 ? c : x->item->number < y->item->number ? -1 : 1;
}

/* RFC 1939 section 7 lets two messages have one UIDL: the second becomes ID~2. ~ is in no ID. */
static int number_equal_ids(struct mails *all)
{
    struct mail **sorted = calloc(all->count, sizeof *sorted);
    int n = 1;

    if (sorted == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    for (size_t i = 0; i < all->count; i++)
        sorted[i] = &all->mail[i];
    qsort(sorted, all->count, sizeof *sorted, compare_ids);
    for (size_t i = all->count; i-- > 1;)
        if (sorted[i]->id[0] != 0 && strcmp(sorted[i]->id, sorted[i - 1]->id) == 0)
            sorted[i]->is_group = sorted[i - 1]->is_group = 1;
    for (size_t i = 1; i < all->count; i++) {
        /* sorted[i - n] is the first of its kind and keeps its name */
        n = sorted[i]->id[0] != 0 && strcmp(sorted[i]->id, sorted[i - (size_t)n]->id) == 0 ? n + 1
                                                                                           : 1;
        if (n > 1) {
            size_t len = strlen(sorted[i]->id);

            snprintf(sorted[i]->id + len, DELIVER_ID_SIZE - len, "~%d", n);
        }
    }
    free(sorted);
    return 0;
}

static int name_all(struct download *d, const struct maildrop *drop, struct mails *all)
{
    int rc = 0;

    all->count = drop->count;
    all->mail = calloc(drop->count, sizeof *all->mail);
    if (all->mail == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    for (size_t i = 0; i < drop->count && rc == 0; i++) {
        struct mail *m = &all->mail[i];

        m->item = &drop->item[i];
        if (m->item->uidl != NULL)
            name_from_id(m->id, m->item->uidl, strlen(m->item->uidl));
        else
            rc = name_by_header(d, m);
    }
    return rc == 0 ? number_equal_ids(all) : rc;
}

/* --- which are new --- */

static int sort_out(struct download *d, struct mails *all, uint64_t *out_new)
{
    uint64_t most = d->k.cli->opt.max_message;

    *out_new = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct mail *m = &all->mail[i];
        int there = 0;

        if (m->id[0] != 0 && deliver_known(&d->to, m->id, &there)) {
            if (!there)
                d->gone++;
            else if (set_add(&d->to.safe, m->item->number) != 0)
                return cli_fail(EXIT_INTERNAL, "not enough memory");
            continue;
        }
        if (most != 0 && m->item->size > most) {
            d->failed = cli_fail(EXIT_DATA,
                                 "cannot download message %" PRIu32 ": it has %" PRIu64
                                 " octets, --max-message allows %" PRIu64,
                                 m->item->number, m->item->size, most);
            continue;
        }
        m->is_new = 1;
        ++*out_new;
    }
    return 0;
}

/* --- fetching --- */

static struct mail *by_ticket(struct mails *all, size_t first, size_t end, uint64_t ticket)
{
    for (size_t i = first; i < end; i++)
        if (all->mail[i].ticket == ticket)
            return &all->mail[i];
    return NULL;
}

static int on_chunk(struct download *d, struct mail *m, struct header_digest *h,
                    const uint8_t *data, size_t len)
{
    uint64_t most = d->k.cli->opt.max_message;

    if (m->id[0] == 0)
        digest_add(h, data, len);
    if (m->is_too_large)
        return 0;
    if (most != 0 && (d->to.is_open ? d->to.file.size : 0) + len > most) {
        m->is_too_large = 1;
        deliver_drop(&d->to);
        return 0;
    }
    progress_add(&d->progress, 0, len);
    return deliver_write(&d->to, data, len);
}

static int on_done(struct download *d, struct mail *m, struct header_digest *h,
                   const mla_pop3_done *done)
{
    struct message msg;
    int rc = 0;

    if (done->error == 0 && m->is_too_large) {
        d->failed =
            cli_fail(EXIT_DATA,
                     "cannot download message %" PRIu32 ": it is larger than --max-message allows",
                     m->item->number);
    } else if (done->error == 0) {
        if (m->id[0] == 0)
            digest_end(h, m->id);
        if (m->item->uidl == NULL && deliver_has_equal(&d->to, m->id)) {
            rc = set_add(&d->to.safe, m->item->number) != 0 ? EXIT_INTERNAL : 0;
        } else {
            memset(&msg, 0, sizeof msg);
            memcpy(msg.id, m->id, sizeof msg.id);
            msg.number = m->item->number;
            msg.uidl = m->item->uidl;
            rc = deliver_done(&d->to, &msg);
        }
        progress_add(&d->progress, 1, 0);
    } else if (!mla_error_is_fatal(done->error)) {
        d->failed =
            conn_fail(&d->k, done->error, "cannot download message %" PRIu32, m->item->number);
        d->k.said[0] = 0;
    } else {
        rc = conn_fail(&d->k, done->error, "the download was cut short");
    }
    deliver_drop(&d->to);
    digest_begin(h);
    m->ticket = 0;
    return rc;
}

/* Queues RETRs ahead of the one that is being received: where the server takes PIPELINING they are
 * sent at once. */
static int receive(struct download *d, struct mails *all)
{
    size_t next = 0, oldest = 0, open = 0;
    struct header_digest h;
    int rc = 0, answer = 0;

    digest_begin(&h);
    for (;;) {
        const mla_pop3_event *ev;
        struct mail *m;
        const uint8_t *data;
        size_t len;

        for (; next < all->count && open < AHEAD; next++) {
            if (!all->mail[next].is_new)
                continue;
            answer =
                mla_pop3_retr(d->k.pop3, all->mail[next].item->number, &all->mail[next].ticket);
            if (answer != 0)
                return conn_fail(&d->k, answer, "cannot download");
            open++;
        }
        while (oldest < next && all->mail[oldest].ticket == 0)
            oldest++;
        if (oldest == next)
            return 0;
        answer = conn_pop3_step(&d->k, all->mail[oldest].ticket, &ev);
        if (answer != 1)
            return conn_fail(&d->k, answer, "the download was cut short");
        m = by_ticket(all, oldest, next, mla_pop3_event_ticket(ev));
        if (m == NULL)
            continue;
        data = mla_pop3_event_chunk(ev, &len, NULL);
        if (data != NULL) {
            rc = on_chunk(d, m, &h, data, len);
        } else if (mla_pop3_event_done(ev) != NULL) {
            open--;
            rc = on_done(d, m, &h, mla_pop3_event_done(ev));
        }
        if (rc != 0)
            return rc;
    }
}

/* --- deleting --- */

/* A message whose name others share is deleted only together with them: which of them is which
 * cannot be told in the next session. */
static int may_delete(const struct download *d, const struct mails *all, const struct mail *m)
{
    const mla_range *safe = d->to.safe.ranges;
    size_t count = d->to.safe.count, len = strcspn(m->id, "~");

    if (!set_has(safe, count, m->item->number, 0))
        return 0;
    for (size_t i = 0; m->is_group && i < all->count; i++) {
        const struct mail *other = &all->mail[i];

        if (other->is_group && strcspn(other->id, "~") == len &&
            memcmp(other->id, m->id, len) == 0 && !set_has(safe, count, other->item->number, 0))
            return 0;
    }
    return 1;
}

/* To the end of the ticket, whatever it is; says which DELEs on the way were refused. */
static int finish_deleting(struct download *d, uint64_t ticket)
{
    const mla_pop3_event *ev;
    int rc;

    while ((rc = conn_pop3_step(&d->k, ticket, &ev)) == 1) {
        const mla_pop3_done *done = mla_pop3_event_done(ev);

        if (done == NULL || done->command != MLA_POP3_CMD_DELE || done->error == 0 ||
            mla_error_is_fatal(done->error))
            continue;
        d->failed = conn_fail(&d->k, done->error, "cannot delete message %" PRIu32, done->number);
        d->k.said[0] = 0;
    }
    return rc;
}

static int delete_safe(struct download *d, const struct mails *all)
{
    enum { AT_A_TIME = 64 };
    uint64_t ticket = 0;
    int rc = 0, queued = 0, any = 0;

    for (size_t i = 0; i < all->count && rc == 0; i++) {
        if (!may_delete(d, all, &all->mail[i]))
            continue;
        any = 1;
        rc = mla_pop3_dele(d->k.pop3, all->mail[i].item->number, &ticket);
        if (rc == 0 && ++queued == AT_A_TIME) {
            queued = 0;
            rc = finish_deleting(d, ticket);
            rc = rc == MLA_E_NO ? 0 : rc;
        }
    }
    if (rc != 0)
        return conn_fail(&d->k, rc, "cannot delete");
    if (!any)
        return 0;
    rc = mla_pop3_quit(d->k.pop3, &ticket);
    if (rc == 0)
        rc = finish_deleting(d, ticket);
    return rc == 0 ? 0 : conn_fail(&d->k, rc, "cannot tell whether the messages are deleted");
}

int download_pop3(struct download *d)
{
    struct maildrop drop;
    struct mails all = {NULL, 0};
    uint64_t fresh = 0;
    char source[2048];
    int rc, flushed;

    snprintf(source, sizeof source, "pop3:%s@%s", d->k.url.user, d->k.url.host);
    rc = maildrop_read(&d->k, &drop);
    if (rc == 0)
        rc = deliver_box(&d->to, source, NULL);
    if (rc == 0 && drop.count > 0)
        rc = name_all(d, &drop, &all);
    if (rc == 0)
        rc = sort_out(d, &all, &fresh);
    if (rc == 0 && fresh > 0) {
        progress_begin(&d->progress, d->k.cli->opt.quiet, "messages", fresh);
        rc = receive(d, &all);
        flushed = deliver_flush(&d->to);
        rc = rc != 0 ? rc : flushed;
        progress_end(&d->progress);
    }
    if (rc == 0 && d->k.cli->opt.del)
        rc = delete_safe(d, &all);
    free(all.mail);
    maildrop_free(&drop);
    return rc;
}
