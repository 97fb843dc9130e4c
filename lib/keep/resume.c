/* resume.c - see keep.h: opening the mailbox and finding out what was missed.
 *
 *   SELECT (QRESYNC ...)             the server says what is gone and what has changed
 *   SELECT (CONDSTORE), FETCH CHANGEDSINCE, and UID SEARCH where messages are missing
 *   SELECT, UID FETCH 1:* (FLAGS)    and compare
 *
 * The first two end in a count: as many messages are known as there are, or the third is done. */
#include "keep/keep.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_MAX = 3, KNOWN_RANGES_MAX = 256 };

#define UNTOLD "the server does not tell the UIDs of all messages"

enum { FETCHED = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS };

void keep_queued(struct keep *k, int rc, const mla_error *err)
{
    if (rc != 0 && !k->drops)
        keep_lost(k, rc, err->message, 0, 0);
}

/* --- the steps --- */

static void fetch(struct keep *k, uint32_t from, uint64_t since, uint64_t *out_ticket)
{
    const mla_range all = {from, 0};
    mla_imap_fetch_args a;
    mla_error err = {0};

    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.items = FETCHED;
    a.ranges = &all;
    a.range_count = 1;
    a.changed_since = since;
    keep_queued(k, imap_cmd_fetch(k->e, &a, out_ticket, &err), &err);
}

static void list_all(struct keep *k)
{
    k->state = KEEP_LISTING;
    k->known.modseq = 0; /* should this not come to its end, the next connection has to compare */
    k->had = 0;
    fetch(k, 1, 0, &k->step);
}

static void search(struct keep *k)
{
    mla_imap_search_args a;
    mla_error err = {0};

    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    k->state = KEEP_SEARCHING;
    k->gone_at = 1;
    keep_queued(k, imap_cmd_search(k->e, &a, &k->step, &err), &err);
}

static uint32_t last_uid(const struct known *kn)
{
    return kn->map.count != 0 ? msgmap_uid(&kn->map, kn->map.count) : 0;
}

/* What is known, and all that comes behind it: Dovecot and Cyrus tell of no message that is not
 * named. Of others that are gone nobody wants to hear, and a server that has forgotten what went
 * when would name them all (RFC 7162 section 3.2.5.1). 0: it would be too much, or all. */
static size_t known_uids(const struct known *kn, mla_range out[KNOWN_RANGES_MAX])
{
    mla_range run = {0, 0};
    size_t n = 0;

    for (; msgmap_next_uids(&kn->map, run.last + 1, &run); n++) {
        if (n + 1 == KNOWN_RANGES_MAX)
            return 0;
        out[n] = run;
    }
    if (n == 0 || (n == 1 && out[0].first == 1))
        return 0;
    out[n].first = run.last + 1;
    out[n].last = UINT32_MAX;
    return n + 1;
}

static void select_box(struct keep *k)
{
    mla_range uids[KNOWN_RANGES_MAX];
    mla_imap_select_args a;
    mla_error err = {0};

    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.read_only = k->opts.read_only != 0;
    if (k->opts.raw)
        a.raw_mailbox = k->opts.mailbox;
    else
        a.mailbox = k->opts.mailbox.ptr;
    if (k->extensions == 3) {
        a.known_uids = uids;
        a.known_uid_count = k->known.modseq != 0 ? known_uids(&k->known, uids) : 0;
        k->extensions -= a.known_uid_count == 0;
    }
    if (k->extensions >= 2 && k->known.modseq != 0) {
        a.modseq = k->known.modseq;
        a.uidvalidity = k->known.uidvalidity;
    } else if (k->extensions != 0) {
        a.condstore = 1;
    }
    k->unsure = 0;
    keep_queued(k, imap_cmd_select(k->e, &a, &k->step, &err), &err);
}

void keep_open(struct keep *k)
{
    static const mla_str qresync = {"QRESYNC", 7};
    const struct imap_caps *caps = &k->e->caps;
    mla_error err = {0};

    k->state = KEEP_OPENING;
    k->again = 0;
    k->asked_end = 0;
    k->extensions = imap_caps_has(caps, "QRESYNC") ? 3 : imap_caps_has(caps, "CONDSTORE") ? 1 : 0;
    if (k->extensions == 3)
        keep_queued(k, imap_cmd_enable(k->e, &qresync, 1, &k->enable, &err), &err);
    if (!k->drops)
        select_box(k);
}

static void look_for_box(struct keep *k)
{
    mla_imap_list_args a;
    mla_error err = {0};

    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    if (k->opts.raw)
        a.raw_pattern = k->opts.mailbox;
    else
        a.pattern = k->opts.mailbox.ptr;
    k->found = 0;
    k->state = KEEP_LOOKING;
    keep_queued(k, imap_cmd_list(k->e, 0, &a, &k->step, &err), &err);
}

/* --- what they bring --- */

static void online(struct keep *k)
{
    const struct imap_state *box = &k->e->box;

    k->state = KEEP_ONLINE;
    k->known.uidvalidity = box->uidvalidity;
    k->known.modseq = box->no_modseq ? 0 : box->highestmodseq;
    k->online_ms = k->now_ms != 0 ? k->now_ms : 1;
    k->due |= DUE_ONLINE;
    k->refused = 0;
    keep_settle(k);
}

/* Everything that is known must be what is there. */
static void count(struct keep *k)
{
    const struct imap_state *box = &k->e->box;

    if (k->known.map.count < box->exists && !k->unsure && !k->asked_end) {
        k->asked_end = box->exists;
        k->state = KEEP_CHANGES;
        fetch(k, last_uid(&k->known) + 1, 0, &k->step);
    } else if (k->known.map.count <= box->exists && k->known.map.count >= k->asked_end &&
               !k->unsure) {
        online(k); /* what has come since is at the end */
    } else if (k->state == KEEP_CHANGES && !k->unsure && k->known.map.count > box->exists) {
        search(k);
    } else {
        k->how = MLA_KEEP_BY_COMPARING;
        list_all(k);
    }
}

/* All UIDs are void: the caller's, too. */
static void begin_anew(struct keep *k, int why)
{
    int had =
        k->known.uidvalidity != 0 || k->known.map.count != 0 || groups_any(&k->known.news) != 0;

    known_void(&k->known);
    k->how = MLA_KEEP_BY_LISTING;
    if (had) {
        k->void_error = why;
        k->due |= DUE_VOID;
        memset(k->counts, 0, sizeof k->counts);
    }
}

static void opened(struct keep *k)
{
    const struct imap_state *box = &k->e->box;
    struct known *kn = &k->known;

    k->how = MLA_KEEP_BY_COMPARING;
    if (kn->uidvalidity == 0 || kn->uidvalidity != box->uidvalidity || box->uid_not_sticky) {
        begin_anew(k, MLA_E_STATE); /* P08 */
    } else if (kn->modseq != 0 && !box->no_modseq && box->highestmodseq >= kn->modseq &&
               k->extensions != 0) {
        k->how = k->extensions >= 2 ? MLA_KEEP_BY_QRESYNC : MLA_KEEP_BY_CONDSTORE;
        if (box->uidnext != 0 && last_uid(kn) >= box->uidnext)
            k->unsure = 1; /* this mailbox has not given out such UIDs */
        if (k->extensions >= 2 ||
            (box->highestmodseq == kn->modseq && kn->map.count == box->exists)) {
            count(k);
            return;
        }
        k->state = KEEP_CHANGES;
        fetch(k, 1, kn->modseq, &k->step);
        return;
    }
    k->unsure = 0;
    if (box->exists != 0) {
        list_all(k);
        return;
    }
    known_gone(kn, 1, UINT32_MAX);
    online(k);
}

/* New messages may have come, and some may have gone, while all were listed. */
static void listed(struct keep *k)
{
    const struct imap_state *box = &k->e->box;
    const struct msgmap *m = &box->map;
    uint32_t last = msgmap_known_below(m, m->count + 1);
    mla_range missing;

    if (msgmap_next_missing(m, 1U << MSGMAP_UID, 1, &missing)) {
        if (missing.first <= k->had && k->again++ >= AGAIN_MAX) {
            keep_lost(k, MLA_E_PROTOCOL, UNTOLD, 0, 0);
            return;
        }
        k->had = missing.first;
        fetch(k, missing.first > last && last != 0 ? msgmap_uid(m, last) + 1 : 1, 0, &k->step);
        return;
    }
    known_compare(&k->known, box);
    k->unsure = 0;
    online(k);
}

/* Without a code it is not certain what a NO means: it may be there again in a minute. */
static void select_failed(struct keep *k, const mla_imap_done *d)
{
    int said = d->reason != MLA_REASON_NONE || (d->code != NULL && d->code->atom.len != 0);

    if ((d->error == MLA_E_BAD || d->error == MLA_E_STATE || d->error == MLA_E_UNSUPPORTED) &&
        k->extensions != 0) {
        k->extensions--;
        select_box(k);
    } else if (d->error == MLA_E_NO && !said) {
        look_for_box(k);
    } else {
        char text[160];

        snprintf(text, sizeof text, "%.*s", (int)(d->text.len < 150 ? d->text.len : 150),
                 d->text.len != 0 ? d->text.ptr : "");
        keep_lost(k, d->error, text, d->reason, d->wait_ms);
    }
}

static void looked(struct keep *k)
{
    if (k->found)
        keep_lost(k, MLA_E_CLOSED, "the server does not open the mailbox", 0, 0);
    else
        keep_lost(k, MLA_E_NO, "the mailbox is gone", MLA_REASON_NOT_FOUND, 0);
}

void keep_step_done(struct keep *k, const mla_imap_done *d)
{
    k->step = 0;
    if (k->state == KEEP_OPENING) {
        if (d->error != 0)
            select_failed(k, d);
        else
            opened(k);
    } else if (k->state == KEEP_LOOKING) {
        looked(k);
    } else if (d->error != 0) {
        if (k->state != KEEP_LISTING && k->again++ < AGAIN_MAX) {
            k->unsure = 1; /* it announces what it has not */
            k->how = MLA_KEEP_BY_COMPARING;
            list_all(k);
        } else {
            keep_lost(k, d->error, "the server does not tell what is in the mailbox", d->reason,
                      d->wait_ms);
        }
    } else if (k->state == KEEP_LISTING) {
        listed(k);
    } else {
        if (k->state == KEEP_SEARCHING)
            known_gone_between(&k->known, &k->gone_at, NULL, 0, 1);
        count(k);
    }
}

/* --- news --- */

static void fetched(struct keep *k, const mla_imap_fetch *f)
{
    struct known *kn = &k->known;
    uint32_t uid = (f->fields & MLA_IMAP_ITEM_UID) != 0 ? f->uid : 0;

    if ((f->fields & MLA_IMAP_ITEM_FLAGS) == 0)
        return;
    if (k->state == KEEP_OPENING &&
        (kn->uidvalidity == 0 || uid == 0 || kn->uidvalidity != k->e->box.uidvalidity)) {
        k->unsure = 1;
        return;
    }
    if (k->state == KEEP_ONLINE && uid == 0)
        uid = msgmap_uid(&kn->map, f->seq);
    if (uid != 0)
        known_fetched(kn, uid, f);
    else if (k->state != KEEP_ONLINE)
        k->unsure = 1;
    if (k->state == KEEP_ONLINE && uid != 0 && f->seq != 0 && !k->e->box.uid_only &&
        msgmap_uid(&kn->map, f->seq) != uid)
        k->unsure = 1; /* some in front of it are not known */
}

static void vanished(struct keep *k, const mla_imap_search *v)
{
    if (k->state == KEEP_OPENING && k->known.uidvalidity != k->e->box.uidvalidity) {
        k->unsure = 1;
        return;
    }
    for (size_t i = 0; i < v->range_count; i++)
        known_gone(&k->known, v->ranges[i].first, v->ranges[i].last);
}

void keep_heard(struct keep *k, const struct mla_imap_event *ev)
{
    uint32_t uid;

    /* While everything is listed the engine keeps the mailbox, and that is compared then. */
    if (k->state < KEEP_OPENING || k->state == KEEP_LISTING || k->state == KEEP_LOOKING)
        return;
    switch (ev->type) {
    case MLA_IMAP_EV_FETCH:
        fetched(k, ev->fetch);
        break;
    case MLA_IMAP_EV_VANISHED:
        vanished(k, ev->search);
        break;
    case MLA_IMAP_EV_EXPUNGE:
        uid = k->state == KEEP_ONLINE ? msgmap_uid(&k->known.map, ev->number) : 0;
        if (uid != 0)
            known_gone(&k->known, uid, uid);
        else if (k->state != KEEP_ONLINE)
            k->unsure = 1; /* nobody knows which it was */
        break;
    case MLA_IMAP_EV_SEARCH:
        if (k->state == KEEP_SEARCHING && ev->ticket == k->step)
            known_gone_between(&k->known, &k->gone_at, ev->search->ranges, ev->search->range_count,
                               0);
        break;
    default:
        break;
    }
}

/* --- online --- */

static void watch(struct keep *k)
{
    mla_error err = {0};

    if (k->opts.no_watch || k->idle != 0 || k->poll_at_ms != UINT64_MAX || k->noop != 0)
        return;
    keep_queued(k, imap_cmd_idle(k->e, &k->idle, &err), &err);
}

/* It has to bring something, or what is missing is not at the end. */
void keep_fetch_done(struct keep *k)
{
    if (k->state != KEEP_ONLINE || k->known.map.count >= k->e->box.exists)
        return;
    if (k->known.map.count > k->had)
        k->again = 0;
    else if (k->again++ < AGAIN_MAX)
        k->unsure = 1;
    else
        keep_lost(k, MLA_E_PROTOCOL, UNTOLD, 0, 0);
}

void keep_settle(struct keep *k)
{
    const struct imap_state *box;
    struct known *kn = &k->known;
    uint32_t have;

    if (k->state != KEEP_ONLINE || k->drops || k->e->state != IMAP_STATE_SELECTED)
        return; /* the end of a connection is told by events, too, and the mailbox is empty then */
    box = &k->e->box;
    if (box->uidnext > kn->uidnext)
        kn->uidnext = box->uidnext;
    if (kn->error != 0) { /* something was lost for want of memory */
        if (k->again++ >= AGAIN_MAX) {
            keep_lost(k, MLA_E_NOMEM, "", 0, 0);
            return;
        }
        begin_anew(k, MLA_E_NOMEM);
        k->unsure = 1;
    }
    have = kn->map.count;
    if (k->unsure || have > box->exists) {
        k->is_missed = 1;
        k->due &= ~(uint32_t)DUE_ONLINE;
        if (k->how != MLA_KEEP_BY_LISTING)
            k->how = MLA_KEEP_BY_COMPARING;
        list_all(k);
    } else if (have < box->exists && k->fetch == 0) {
        k->had = have;
        fetch(k, last_uid(kn) + 1, 0, &k->fetch);
    } else if (have == box->exists && box->highestmodseq > kn->modseq && !box->no_modseq) {
        kn->modseq = box->highestmodseq;
    }
    if (!k->drops && k->state == KEEP_ONLINE)
        watch(k);
}
