/* download_imap.c - the messages of one mailbox or of all, as the server has them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "delete.h"
#include "download.h"
#include "find.h"
#include "names.h"

/* The UIDs that are wanted, and which of them came. */
struct wanted {
    struct set uids;
    uint64_t *before; /* how many UIDs stand in the ranges before each */
    uint8_t *state;   /* a UID each: MISSING ... */
    uint64_t count;
};

enum { MISSING = 0, CAME = 1, REFUSED = 2 };

/* No mailbox has as many; a server that says so would have us count for hours. */
static const uint64_t most_messages = 50000000;

static void wanted_free(struct wanted *w)
{
    set_free(&w->uids);
    free(w->before);
    free(w->state);
    memset(w, 0, sizeof *w);
}

/* Takes over the set. */
static int wanted_init(struct wanted *w, struct set *uids)
{
    memset(w, 0, sizeof *w);
    w->uids = *uids;
    memset(uids, 0, sizeof *uids);
    w->count = find_count(&w->uids);
    if (w->count == 0)
        return 0;
    w->before = calloc(w->uids.count, sizeof *w->before);
    w->state = calloc((size_t)w->count, 1);
    if (w->before == NULL || w->state == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    for (size_t i = 1; i < w->uids.count; i++)
        w->before[i] =
            w->before[i - 1] + (w->uids.ranges[i - 1].last - w->uids.ranges[i - 1].first) + 1;
    return 0;
}

/* Where a UID's state is, NULL when nobody asked for it. */
static uint8_t *wanted_state(const struct wanted *w, uint32_t uid)
{
    size_t low = 0, high = w->uids.count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const mla_range *r = &w->uids.ranges[mid];

        if (uid < r->first)
            high = mid;
        else if (uid > r->last)
            low = mid + 1;
        else
            return &w->state[w->before[mid] + (uid - r->first)];
    }
    return NULL;
}

static int wanted_missing(const struct wanted *w, struct set *out)
{
    for (size_t i = 0; i < w->uids.count; i++)
        for (uint64_t uid = w->uids.ranges[i].first; uid <= w->uids.ranges[i].last; uid++)
            if (w->state[w->before[i] + (uid - w->uids.ranges[i].first)] == MISSING &&
                set_add(out, (uint32_t)uid) != 0)
                return cli_fail(EXIT_INTERNAL, "not enough memory");
    return 0;
}

static void make_id(char out[DELIVER_ID_SIZE], uint32_t uidvalidity, uint32_t uid)
{
    snprintf(out, DELIVER_ID_SIZE, "%" PRIu32 "-%" PRIu32, uidvalidity, uid);
}

/* --- which are new --- */

/* Without UIDVALIDITY a UID is no name for a message: then nothing counts as known, and what is
 * equal on disk is found to be so. */
static int uids_last(const struct conn *k)
{
    return mla_imap_uidvalidity(k->imap) != 0 && !mla_imap_uid_not_sticky(k->imap);
}

/* Of the messages there are, which are new, and which are on disk and may be deleted. */
static int sort_out(struct download *d, const struct set *all, struct set *out_new)
{
    uint32_t uidvalidity = mla_imap_uidvalidity(d->k.imap);
    int last = uids_last(&d->k);

    for (size_t i = 0; i < all->count; i++)
        for (uint64_t uid = all->ranges[i].first; uid <= all->ranges[i].last; uid++) {
            char id[DELIVER_ID_SIZE];
            int there = 0, rc;

            make_id(id, uidvalidity, (uint32_t)uid);
            if (!last || !deliver_known(&d->to, id, &there))
                rc = set_add(out_new, (uint32_t)uid);
            else if (there)
                rc = set_add(&d->to.safe, (uint32_t)uid);
            else
                rc = (d->gone++, 0);
            if (rc != 0)
                return cli_fail(EXIT_INTERNAL, "not enough memory");
        }
    return 0;
}

static int begin_fetch(struct download *d, const mla_range *ranges, size_t count, uint32_t items,
                       int with_body, uint64_t *out_ticket)
{
    mla_imap_section_args body;
    mla_imap_fetch_args args;

    memset(&body, 0, sizeof body);
    body.struct_size = sizeof body;
    body.what = MLA_IMAP_PART_ALL;
    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.items = MLA_IMAP_ITEM_UID | items;
    args.ranges = ranges;
    args.range_count = count;
    args.sections = with_body ? &body : NULL;
    args.section_count = with_body ? 1 : 0;
    return mla_imap_fetch_msgs(d->k.imap, &args, out_ticket);
}

static int begin_bodies(struct download *d, const mla_range *ranges, size_t count,
                        uint64_t *out_ticket)
{
    uint32_t items = d->to.is_maildir ? (uint32_t)MLA_IMAP_ITEM_FLAGS : 0;

    return begin_fetch(d, ranges, count, items, 1, out_ticket);
}

/* Which messages there are. Where none was fetched before, all are wanted: the bodies are asked for
 * in the same breath, and *out_ahead is their ticket; else it is 0. */
static int find_ranges(struct download *d, const mla_range *ranges, size_t count, struct set *out,
                       uint64_t *out_ahead)
{
    mla_imap_search_key key;
    uint64_t ticket;
    int rc;

    memset(&key, 0, sizeof key);
    key.struct_size = sizeof key;
    key.kind = d->k.cli->opt.uids != NULL ? MLA_IMAP_KEY_UIDS : MLA_IMAP_KEY_ALL;
    key.ranges = ranges;
    key.range_count = d->k.cli->opt.uids != NULL ? count : 0;
    rc = find_begin(&d->k, &key, 1, &ticket);
    if (rc == 0 && d->to.is_fresh && d->k.cli->opt.max_message == 0 &&
        begin_bodies(d, ranges, count, out_ahead) != 0)
        *out_ahead = 0;
    return rc == 0 ? find_end(&d->k, ticket, *out_ahead != 0, out) : rc;
}

static int find_messages(struct download *d, struct set *out, uint64_t *out_ahead)
{
    const char *text = d->k.cli->opt.uids;
    const mla_range all = {1, 0};
    mla_range *ranges = NULL;
    size_t count = 0;
    int rc;

    if (d->k.selecting == 0 && mla_imap_exists(d->k.imap) == 0)
        return 0;
    if (text == NULL) {
        rc = find_ranges(d, &all, 1, out, out_ahead);
    } else {
        rc = set_parse(text, &ranges, &count);
        if (rc == 0)
            rc = find_ranges(d, ranges, count, out, out_ahead);
        free(ranges);
    }
    if (rc == 0 && find_count(out) > most_messages)
        rc = cli_fail(EXIT_PROTOCOL, "the server claims more messages than can be");
    return rc;
}

/* --- fetching --- */

static int refuse_large(struct download *d, uint32_t uid, uint64_t size)
{
    d->failed = cli_fail(EXIT_DATA,
                         "cannot download UID %" PRIu32 ": it has %" PRIu64
                         " octets, --max-message allows %" PRIu64,
                         uid, size, d->k.cli->opt.max_message);
    return 0;
}

/* --max-message: asks for the sizes first, so that nothing is transferred in vain. */
static int leave_out_large(struct download *d, struct wanted *w)
{
    const mla_imap_event *ev;
    uint64_t ticket;
    int rc = begin_fetch(d, w->uids.ranges, w->uids.count, MLA_IMAP_ITEM_SIZE, 0, &ticket);

    if (rc != 0)
        return conn_fail(&d->k, rc, "cannot ask for the sizes");
    while ((rc = conn_imap_step(&d->k, ticket, &ev)) == 1) {
        const mla_imap_fetch *f = mla_imap_event_fetch(ev);
        uint8_t *state = f != NULL ? wanted_state(w, f->uid) : NULL;

        if (state == NULL || *state != MISSING || !(f->fields & MLA_IMAP_ITEM_SIZE) ||
            f->size <= d->k.cli->opt.max_message)
            continue;
        *state = REFUSED;
        refuse_large(d, f->uid, f->size);
    }
    return rc == 0 ? 0 : conn_fail(&d->k, rc, "cannot ask for the sizes");
}

/* The body that is being received. */
struct body {
    int is_streamed; /* SECTION_BEGIN came, FETCH did not yet */
    int is_too_large;
};

static int on_chunk(struct download *d, struct body *b, const mla_imap_event *ev)
{
    size_t len;
    const uint8_t *data = mla_imap_event_chunk(ev, &len, NULL);
    uint64_t most = d->k.cli->opt.max_message;

    if (!b->is_streamed || b->is_too_large)
        return 0;
    if (most != 0 && (d->to.is_open ? d->to.file.size : 0) + len > most) {
        b->is_too_large = 1;
        deliver_drop(&d->to);
        return 0;
    }
    progress_add(&d->progress, 0, len);
    return deliver_write(&d->to, data, len);
}

static const mla_imap_section *whole_body(const mla_imap_fetch *f)
{
    const mla_imap_section *s = f->sections;

    while (s != NULL && (s->kind != MLA_IMAP_SECTION_BODY || s->name.len != 0 || s->has_origin))
        s = s->next;
    return s;
}

/* A FETCH is the commit of what was streamed before it. */
static int on_fetch(struct download *d, struct body *b, struct wanted *w, const mla_imap_fetch *f)
{
    const mla_imap_section *s = whole_body(f);
    uint8_t *state = s != NULL && f->uid != 0 ? wanted_state(w, f->uid) : NULL;
    uint64_t most = d->k.cli->opt.max_message;
    struct message m;
    int rc = 0;

    if (s == NULL)
        return 0; /* news about flags */
    if (!s->streamed && most != 0 && s->size > most)
        b->is_too_large = 1;
    if (state == NULL || *state != MISSING || s->is_nil || b->is_too_large ||
        (s->streamed && !b->is_streamed)) {
        if (state != NULL && *state == MISSING && b->is_too_large) {
            *state = REFUSED;
            refuse_large(d, f->uid, s->size);
        }
        deliver_drop(&d->to);
        memset(b, 0, sizeof *b);
        return 0;
    }
    if (!s->streamed) {
        deliver_drop(&d->to);
        rc = deliver_write(&d->to, s->data.ptr, s->data.len);
        progress_add(&d->progress, 0, s->data.len);
    }
    memset(b, 0, sizeof *b);
    memset(&m, 0, sizeof m);
    make_id(m.id, mla_imap_uidvalidity(d->k.imap), f->uid);
    m.uid = f->uid;
    m.flags = f->flags;
    *state = CAME;
    if (rc == 0)
        rc = deliver_done(&d->to, &m);
    progress_add(&d->progress, 1, 0);
    return rc;
}

/* Reads bodies to the end of the ticket. *out_rc is how it ended; the result an exit status of this
 * machine's. */
static int receive(struct download *d, struct wanted *w, uint64_t ticket, int *out_rc)
{
    const mla_imap_event *ev;
    struct body body;
    int rc = 0;

    memset(&body, 0, sizeof body);
    while (rc == 0 && (*out_rc = conn_imap_step(&d->k, ticket, &ev)) == 1) {
        const mla_imap_section *s = mla_imap_event_section(ev);

        switch (mla_imap_event_type(ev)) {
        case MLA_IMAP_EV_SECTION_BEGIN:
            deliver_drop(&d->to);
            memset(&body, 0, sizeof body);
            body.is_streamed = s->kind == MLA_IMAP_SECTION_BODY && s->name.len == 0;
            break;
        case MLA_IMAP_EV_CHUNK:
            rc = on_chunk(d, &body, ev);
            break;
        case MLA_IMAP_EV_FETCH:
            rc = on_fetch(d, &body, w, mla_imap_event_fetch(ev));
            break;
        default:
            break;
        }
    }
    deliver_drop(&d->to);
    return rc;
}

static int fetch_ranges(struct download *d, struct wanted *w, const struct set *uids, int *out_rc)
{
    uint64_t ticket;

    *out_rc = begin_bodies(d, uids->ranges, uids->count, &ticket);
    return *out_rc == 0 ? receive(d, w, ticket, out_rc) : 0;
}

/* What did not come: one at a time now, so that one bad message costs only itself. Those that are
 * gone from the server meanwhile are nobody's fault. */
static int fetch_rest(struct download *d, struct wanted *w)
{
    struct set missing = {NULL, 0, 0}, still = {NULL, 0, 0};
    int rc = wanted_missing(w, &missing), answer = 0;

    if (rc == 0 && missing.count > 0)
        rc = find_uids(&d->k, missing.ranges, missing.count, &still);
    for (size_t i = 0; i < still.count && rc == 0; i++)
        for (uint64_t uid = still.ranges[i].first; uid <= still.ranges[i].last && rc == 0; uid++) {
            mla_range one = {(uint32_t)uid, (uint32_t)uid};
            struct set set = {&one, 1, 0};
            uint8_t *state = wanted_state(w, (uint32_t)uid);

            if (state == NULL || *state != MISSING)
                continue;
            rc = fetch_ranges(d, w, &set, &answer);
            if (rc == 0 && (mla_error_is_fatal(answer) || answer == MLA_E_CANCELLED ||
                            answer == MLA_E_TIMEOUT))
                rc = conn_fail(&d->k, answer, "cannot download UID %" PRIu64, uid);
            else if (rc == 0 && answer != 0)
                d->failed = conn_fail(&d->k, answer, "cannot download UID %" PRIu64, uid);
            else if (rc == 0 && *state == MISSING)
                d->failed = cli_fail(
                    EXIT_DATA,
                    "cannot download UID %" PRIu64 ": the server has the message and no data", uid);
        }
    set_free(&missing);
    set_free(&still);
    return rc;
}

/* ahead: the ticket by which all of it was asked for already, or 0. */
static int fetch_all(struct download *d, struct wanted *w, uint64_t ahead)
{
    struct set rest = {NULL, 0, 0};
    int rc = 0, answer = 0, flushed;

    if (d->k.cli->opt.max_message != 0)
        rc = leave_out_large(d, w);
    if (rc == 0 && ahead == 0)
        rc = wanted_missing(w, &rest);
    if (rc == 0 && rest.count > 0)
        rc = fetch_ranges(d, w, &rest, &answer);
    else if (rc == 0 && ahead != 0)
        rc = receive(d, w, ahead, &answer);
    set_free(&rest);
    if (rc == 0 &&
        (mla_error_is_fatal(answer) || answer == MLA_E_CANCELLED || answer == MLA_E_TIMEOUT))
        rc = conn_fail(&d->k, answer, "the download was cut short");
    else if (rc == 0)
        rc = fetch_rest(d, w);
    /* Also when it was cut: what is whole need not come again. */
    flushed = deliver_flush(&d->to);
    return rc != 0 ? rc : flushed;
}

/* --- mailboxes --- */

static int download_selected(struct download *d, const char *mailbox, const char *folder)
{
    struct set all = {NULL, 0, 0}, fresh = {NULL, 0, 0};
    struct wanted w;
    char source[2048];
    uint64_t ahead = 0;
    int rc;

    memset(&w, 0, sizeof w);
    snprintf(source, sizeof source, "imap:%s@%s:%s", d->k.url.user, d->k.url.host, mailbox);
    rc = find_messages(d, &all, &ahead); /* first: the mailbox may not be selected yet */
    if (rc == 0)
        rc = deliver_box(&d->to, source, folder);
    if (rc == 0)
        rc = sort_out(d, &all, &fresh);
    if (rc == 0)
        rc = wanted_init(&w, &fresh);
    if (rc == 0 && w.count > 0) {
        progress_begin(&d->progress, d->k.cli->opt.quiet, "messages", w.count);
        rc = fetch_all(d, &w, ahead);
        progress_end(&d->progress);
    } else if (rc == 0 && ahead != 0) {
        (void)conn_imap_finish(&d->k, ahead); /* of an empty mailbox */
    }
    if (rc == 0 && d->k.cli->opt.del && d->to.safe.count > 0)
        rc = delete_uids(&d->k, d->to.safe.ranges, d->to.safe.count);
    set_free(&all);
    set_free(&fresh);
    wanted_free(&w);
    return rc;
}

struct box {
    char *name, *raw;
    size_t raw_len;
};

struct boxes {
    struct box *box;
    size_t count, room;
};

static char *copy(mla_str s)
{
    char *text = malloc(s.len + 1);

    if (text != NULL && s.len > 0)
        memcpy(text, s.ptr, s.len);
    if (text != NULL)
        text[s.len] = 0;
    return text;
}

static int add_box(struct boxes *b, const mla_imap_list *l)
{
    struct box *box;

    if (b->count == b->room) {
        size_t room = b->room != 0 ? b->room * 2 : 64;

        box = room > SIZE_MAX / sizeof *box ? NULL : realloc(b->box, room * sizeof *box);
        if (box == NULL)
            return -1;
        b->box = box;
        b->room = room;
    }
    box = &b->box[b->count];
    box->name = copy(l->name);
    box->raw = copy(l->raw_name);
    box->raw_len = l->raw_name.len;
    b->count++;
    return box->name != NULL && box->raw != NULL ? 0 : -1;
}

static int list_boxes(struct download *d, struct boxes *b)
{
    const mla_imap_event *ev;
    mla_imap_list_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    rc = mla_imap_list_mailboxes(d->k.imap, &args, &ticket);
    if (rc != 0)
        return conn_fail(&d->k, rc, "cannot list the mailboxes");
    while ((rc = conn_imap_step(&d->k, ticket, &ev)) == 1) {
        const mla_imap_list *l = mla_imap_event_list(ev);

        if (l == NULL || (l->attributes & (MLA_IMAP_MBOX_NOSELECT | MLA_IMAP_MBOX_NONEXISTENT)))
            continue;
        if (add_box(b, l) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
    }
    return rc == 0 ? 0 : conn_fail(&d->k, rc, "cannot list the mailboxes");
}

static int download_every_box(struct download *d)
{
    struct boxes b = {NULL, 0, 0};
    int rc = list_boxes(d, &b);

    for (size_t i = 0; i < b.count && rc == 0; i++) {
        mla_str raw;
        char folder[NAME_SIZE];

        raw.ptr = b.box[i].raw;
        raw.len = b.box[i].raw_len;
        name_from_id(folder, b.box[i].name, strlen(b.box[i].name));
        rc = conn_select(&d->k, b.box[i].name, &raw, !d->k.cli->opt.del);
        if (rc == 0) {
            rc = download_selected(d, b.box[i].name, folder);
        } else if (rc == EXIT_DATA) {
            d->failed = rc; /* this one cannot be read: the others come all the same */
            rc = 0;
        }
    }
    for (size_t i = 0; i < b.count; i++) {
        free(b.box[i].name);
        free(b.box[i].raw);
    }
    free(b.box);
    return rc;
}

int download_imap(struct download *d)
{
    int rc;

    if (d->k.url.mailbox == NULL)
        return download_every_box(d);
    rc = conn_select_ahead(&d->k, d->k.url.mailbox, !d->k.cli->opt.del);
    return rc == 0 ? download_selected(d, d->k.url.mailbox, NULL) : rc;
}
