/* decide.c - which messages are new: see inside.h.
 *
 * A UIDL names a record of the store. Where several messages have one, now or when some of them
 * were collected, that proves nothing, and the key is UIDL, header and size; equal messages are
 * counted. The same goes for servers without UIDL. When a record is met under circumstances in
 * which servers have been seen to use UIDLs twice, the header is read (TOP 0) and compared; where
 * that cannot be done the message is fetched again and compared when it is whole. */
#include "collect/inside.h"

#include <string.h>

/* --- records --- */

static void add_digest(struct buf *b, const uint8_t digest[DIGEST_LEN])
{
    char text[2 * DIGEST_LEN];

    digest_text(digest, text);
    buf_add(b, text, sizeof text);
}

static int is_plain(const struct mail *m)
{
    return m->known_by == MLA_COLLECT_BY_UIDL &&
           ((m->flags & MLA_COLLECT_SHARED) == 0 || (m->flags & MAIL_PLAIN) != 0);
}

int collect_key(struct collect *c, const struct mail *m, mla_str *out)
{
    struct buf *b = &c->key;
    mla_str uidl = drop_uidl(&c->drop, m);

    if (is_plain(m)) {
        *out = uidl;
        return 1;
    }
    if ((m->flags & (m->known_by == MLA_COLLECT_BY_WHOLE ? MAIL_ENDED : MAIL_HEADER)) == 0)
        return 0;
    buf_clear(b);
    if (m->known_by == MLA_COLLECT_BY_WHOLE) {
        buf_add_word(b, "m-");
        add_digest(b, m->whole);
    } else {
        if (m->known_by == MLA_COLLECT_BY_HEADER) {
            buf_add_word(b, "d-");
        } else {
            buf_add(b, uidl.ptr, uidl.len);
            buf_add_byte(b, '\n'); /* is in no UIDL */
        }
        add_digest(b, m->header);
        buf_add_byte(b, '-');
        buf_add_number(b, m->size);
    }
    if (b->failed != 0)
        return collect_fail(c, MLA_E_NOMEM, "out of memory");
    *out = (mla_str){(const char *)b->ptr, b->len};
    return 1;
}

int collect_lookup(struct collect *c, mla_str id, mla_seen_record *out)
{
    int rc;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    rc = c->store.lookup(c->store.user, (const uint8_t *)id.ptr, id.len, out);
    if (rc < 0)
        return collect_fail_store(c, rc);
    if (rc > 0 && out->count == 0)
        out->count = 1;
    return rc > 0;
}

uint32_t collect_met(const struct collect *c, mla_str key)
{
    mla_seen_record r;

    return seen_table_find(&c->met, 0, key, &r) ? r.count : 0;
}

static int meet(struct collect *c, mla_str key)
{
    mla_seen_record r = {.id = key, .count = collect_met(c, key) + 1};

    return seen_table_put(&c->met, 0, &r) == 0 ? 0 : collect_fail(c, MLA_E_NOMEM, "out of memory");
}

/* Is the message one of those that the record stands for? Then it is counted. */
static int take(struct collect *c, mla_str key, const mla_seen_record *r)
{
    if (collect_met(c, key) >= r->count)
        return 0;
    return meet(c, key) == 0 ? 1 : c->error.code;
}

static int has_header(const mla_seen_record *r)
{
    uint8_t digest[DIGEST_LEN];

    return digest_parse(r->header.ptr, r->header.len, digest);
}

static int same_header(const mla_seen_record *r, const struct mail *m)
{
    uint8_t digest[DIGEST_LEN];

    return (m->flags & MAIL_HEADER) != 0 && digest_parse(r->header.ptr, r->header.len, digest) &&
           memcmp(digest, m->header, sizeof digest) == 0;
}

/* --- what becomes of a message --- */

static int can_probe(const struct collect *c, const struct mail *m)
{
    return !c->no_top && (m->flags & MAIL_NO_PROBE) == 0;
}

static int probe(struct collect *c, struct mail *m)
{
    m->state = AT_PROBE;
    c->probing++;
    fifo_push(&c->probes, collect_index(c, m));
    return 0;
}

static int large(struct collect *c, struct mail *m)
{
    m->state = AT_LARGE;
    m->reason = MLA_COLLECT_SKIP_TOO_LARGE;
    m->flags &= ~(uint32_t)MLA_COLLECT_TOP;
    fifo_push(&c->told, collect_index(c, m));
    return 0;
}

static int fresh(struct collect *c, struct mail *m)
{
    if (c->args.max_size != 0 && m->size > c->args.max_size) {
        if (c->args.large != MLA_COLLECT_LARGE_TOP || c->no_top)
            return large(c, m);
        m->flags |= MLA_COLLECT_TOP;
    }
    m->state = AT_FRESH;
    fifo_push(&c->fetches, collect_index(c, m));
    return 0;
}

static int again(struct collect *c, struct mail *m)
{
    m->flags |= MLA_COLLECT_AGAIN;
    return fresh(c, m);
}

static int known(struct collect *c, struct mail *m, const mla_seen_record *r, uint8_t reason)
{
    uint64_t first_s = r->first_s;

    m->state = AT_KNOWN;
    m->reason = reason;
    m->octets = r->octets;
    if (r->doubtful != 0)
        m->flags |= MAIL_DOUBTFUL;
    if ((m->flags & MAIL_VERIFIED) != 0 && reason == MLA_COLLECT_SKIP_KNOWN &&
        collect_may_delete(c, m, first_s))
        m->flags |= MLA_COLLECT_LEAVING;
    fifo_push(&c->told, collect_index(c, m));
    if (first_s == 0 && c->args.policy == MLA_COLLECT_DELETE_AGED) {
        mla_seen_record dated = *r; /* of before there were dates: its time begins now */

        dated.first_s = c->args.now_s;
        return collect_put(c, &dated);
    }
    return 0;
}

/* Another message has the UIDL of one that was collected: who does that once does it again. Those
 * that were believed, and not told yet, are looked at. */
static int distrust(struct collect *c, const struct mail *found)
{
    uint32_t n = c->told.count;
    int rc = 0;

    if (c->suspect)
        return 0;
    c->suspect = 1;
    c->reused = found->number;
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        uint32_t index = fifo_pop(&c->told);
        struct mail *m = &c->drop.mail[index];

        if (m->state != AT_KNOWN || (m->flags & MAIL_VERIFIED) != 0) {
            fifo_push(&c->told, index);
            continue;
        }
        m->state = AT_LISTED;
        rc = collect_decide(c, m);
    }
    return rc;
}

/* --- by UIDL --- */

/* The beginning was collected before. */
static int decide_part(struct collect *c, struct mail *m, const mla_seen_record *r)
{
    if (c->args.max_size == 0 || m->size <= c->args.max_size) {
        m->flags |= MLA_COLLECT_FULL;
        return fresh(c, m);
    }
    return known(c, m, r, MLA_COLLECT_SKIP_PART);
}

/* Must more than UIDL and size be equal? 2: for certain, 1: where it can be had. */
static int how_sure(const struct collect *c, const struct mail *m, const mla_seen_record *r)
{
    if (c->suspect || r->doubtful != 0 || r->gone_s != 0)
        return 2;
    return (m->flags & MAIL_MUST) != 0 ||
           ((r->flags & MLA_SEEN_PART) == 0 && collect_may_delete(c, m, r->first_s));
}

static int decide_plain(struct collect *c, struct mail *m, const mla_seen_record *r)
{
    int sure = how_sure(c, m, r);
    int is_part = (r->flags & MLA_SEEN_PART) != 0;
    int rc;

    if (r->size != 0 && m->size != 0 && r->size != m->size)
        return again(c, m);
    if (sure != 0 && has_header(r)) {
        if ((m->flags & MAIL_HEADER) == 0 && can_probe(c, m))
            return probe(c, m);
        if (same_header(r, m)) {
            m->flags |= MAIL_VERIFIED;
        } else if ((m->flags & MAIL_HEADER) != 0) {
            rc = distrust(c, m);
            return rc != 0 ? rc : again(c, m);
        }
    }
    if ((m->flags & MAIL_VERIFIED) == 0 && !is_part) {
        /* of a record without header and announced size the octets that came may be compared */
        int fits = has_header(r) || r->octets == m->size;

        if (sure == 2 || (sure == 1 && !fits))
            return again(c, m);
        if (collect_may_delete(c, m, r->first_s))
            m->flags |= MAIL_VERIFIED; /* a server without TOP: there is nothing better */
    }
    return is_part ? decide_part(c, m, r) : known(c, m, r, MLA_COLLECT_SKIP_KNOWN);
}

/* Found by a key that several messages may have: 1, and told as known; 0 not; < 0 fatal. */
static int decide_counted(struct collect *c, struct mail *m)
{
    mla_seen_record r;
    mla_str key;
    int rc = collect_key(c, m, &key);

    if (rc == 1)
        rc = collect_lookup(c, key, &r);
    if (rc == 1)
        rc = take(c, key, &r);
    if (rc != 1)
        return rc;
    m->flags |= MAIL_VERIFIED;
    rc = (r.flags & MLA_SEEN_PART) != 0 ? decide_part(c, m, &r)
                                        : known(c, m, &r, MLA_COLLECT_SKIP_KNOWN);
    return rc < 0 ? rc : 1;
}

/* r: the record of the UIDL, NULL when there is none. */
static int decide_shared(struct collect *c, struct mail *m, const mla_seen_record *r)
{
    int is_it = r != NULL && same_header(r, m) && (r->size == 0 || r->size == m->size);
    int rc;

    if ((m->flags & MAIL_HEADER) == 0 && !c->was_empty && can_probe(c, m))
        return probe(c, m);
    if (is_it) {
        m->flags |= MAIL_PLAIN;
        rc = decide_counted(c, m);
        if (rc != 0)
            return rc < 0 ? rc : 0;
        m->flags &= ~(uint32_t)MAIL_PLAIN;
    }
    rc = decide_counted(c, m);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return r != NULL && (m->flags & MAIL_HEADER) == 0 ? again(c, m) : fresh(c, m);
}

static int decide_uidl(struct collect *c, struct mail *m)
{
    mla_seen_record r;
    int rc = collect_lookup(c, drop_uidl(&c->drop, m), &r);

    if (rc < 0)
        return rc;
    if (rc == 1 && (r.flags & MLA_SEEN_SHARED) != 0)
        m->flags |= MLA_COLLECT_SHARED;
    if ((m->flags & MLA_COLLECT_SHARED) != 0)
        return decide_shared(c, m, rc == 1 ? &r : NULL);
    return rc == 1 ? decide_plain(c, m, &r) : fresh(c, m);
}

/* --- without --- */

static int decide_header(struct collect *c, struct mail *m)
{
    int rc;

    if ((m->flags & MAIL_HEADER) == 0) {
        /* the digest is taken on the way, if it will be to be had later, too */
        if (c->was_empty && pop3_engine_has_capability(c->engine, "TOP", NULL))
            return fresh(c, m);
        if (can_probe(c, m))
            return probe(c, m);
        m->known_by = MLA_COLLECT_BY_WHOLE;
        return fresh(c, m);
    }
    rc = decide_counted(c, m);
    return rc != 0 ? (rc < 0 ? rc : 0) : fresh(c, m);
}

int collect_decide(struct collect *c, struct mail *m)
{
    return m->known_by == MLA_COLLECT_BY_UIDL ? decide_uidl(c, m) : decide_header(c, m);
}

int collect_probed(struct collect *c, struct mail *m)
{
    m->state = AT_LISTED;
    c->probing--;
    return collect_decide(c, m);
}

/* --- the listing --- */

/* A server that numbers its UIDLs anew once the maildrop was empty does so for all messages. So the
 * one that was collected first stands for all: if that is still the same, the maildrop was not
 * empty since. */
static int choose_spot(struct collect *c)
{
    struct mail *best = NULL;
    uint64_t best_s = UINT64_MAX;

    for (uint32_t i = 0; i < c->drop.count; i++) {
        struct mail *m = &c->drop.mail[i];
        mla_seen_record r;
        int rc;

        if (m->state != AT_KNOWN || !is_plain(m) || !can_probe(c, m))
            continue;
        rc = collect_lookup(c, drop_uidl(&c->drop, m), &r);
        if (rc < 0)
            return rc;
        if (rc == 1 && has_header(&r) && r.first_s < best_s) {
            best = m;
            best_s = r.first_s;
        }
    }
    if (best == NULL || (best->flags & MAIL_VERIFIED) != 0)
        return 0;
    /* It is in the queue of those to be told, and comes back to it. */
    for (uint32_t n = c->told.count; n != 0; n--) {
        uint32_t index = fifo_pop(&c->told);

        if (&c->drop.mail[index] != best)
            fifo_push(&c->told, index);
    }
    best->flags |= MAIL_MUST;
    return probe(c, best);
}

static int make_queues(struct collect *c)
{
    uint32_t room = c->drop.count != 0 ? c->drop.count : 1;

    if (fifo_init(&c->probes, c->mem, room) != 0 || fifo_init(&c->fetches, c->mem, room) != 0 ||
        fifo_init(&c->deles, c->mem, room) != 0 || fifo_init(&c->told, c->mem, room) != 0)
        return collect_fail(c, MLA_E_NOMEM, "out of memory for %lu messages",
                            (unsigned long)c->drop.count);
    return 0;
}

static void count(struct collect *c)
{
    mla_collect_plan *p = &c->ev.plan;

    memset(p, 0, sizeof *p);
    p->struct_size = sizeof *p;
    p->listed = c->sum.listed = c->drop.count;
    p->known_by = c->drop.uidl_count != 0 || c->drop.count == 0 ? MLA_COLLECT_BY_UIDL
                  : c->no_top                                   ? MLA_COLLECT_BY_WHOLE
                                                                : MLA_COLLECT_BY_HEADER;
    for (uint32_t i = 0; i < c->drop.count; i++) {
        const struct mail *m = &c->drop.mail[i];

        p->known += m->state == AT_KNOWN || (m->flags & MAIL_MUST) != 0;
        p->fresh += m->state == AT_FRESH;
        p->unsure += m->state == AT_PROBE && (m->flags & MAIL_MUST) == 0;
        p->octets += m->state == AT_FRESH && (m->flags & MLA_COLLECT_TOP) == 0 ? m->size : 0;
    }
}

int collect_plan(struct collect *c)
{
    int rc = drop_join(&c->drop);

    if (rc != 0)
        return collect_fail(c, rc, "%s",
                            rc == MLA_E_FLOOD ? "the server lists more messages than can be"
                                              : "out of memory for the listing");
    rc = make_queues(c);
    for (uint32_t i = 0; i < c->drop.count && rc == 0; i++) {
        struct mail *m = &c->drop.mail[i];

        m->known_by = m->uidl_len != 0 ? MLA_COLLECT_BY_UIDL : MLA_COLLECT_BY_HEADER;
        if (c->drop.uidl_count != 0 && (m->uidl_len == 0 || (m->flags & MAIL_LISTED) == 0))
            c->listing_odd = 1;
        rc = collect_decide(c, m);
    }
    if (rc == 0)
        rc = choose_spot(c);
    if (rc == 0)
        count(c);
    if (c->closing)
        collect_cut(c);
    c->plan_due = rc == 0;
    return rc;
}

/* --- when it is whole --- */

/* The message came a second time: what is recorded about it is brought up to date. */
static int refresh(struct collect *c, struct mail *m, mla_seen_record *r)
{
    char header[2 * DIGEST_LEN];

    m->flags |= MLA_COLLECT_SAME | MAIL_VERIFIED;
    if ((m->flags & MLA_COLLECT_TOP) == 0 && collect_may_delete(c, m, r->first_s))
        m->flags |= MLA_COLLECT_LEAVING;
    if (r->doubtful != 0)
        m->flags |= MAIL_DOUBTFUL;
    digest_text(m->header, header);
    r->header = (mla_str){header, sizeof header};
    r->size = m->size;
    r->octets = m->octets;
    r->gone_s = 0;
    return collect_put(c, r);
}

/* By the record of its UIDL. */
static int compare_plain(struct collect *c, struct mail *m)
{
    mla_seen_record r;
    mla_str uidl = drop_uidl(&c->drop, m);
    int rc = collect_lookup(c, uidl, &r);
    int is_part = (m->flags & MLA_COLLECT_TOP) != 0;

    if (rc != 1)
        return rc;
    /* Mailutils keeps its notes in the header: the UIDL and the rest of the header must do */
    if (is_part != ((r.flags & MLA_SEEN_PART) != 0) ||
        (r.octets != m->octets && ((m->flags & MAIL_NOTES) == 0 || !has_header(&r))) ||
        (has_header(&r) && !same_header(&r, m)))
        return 0;
    if ((m->flags & MLA_COLLECT_SHARED) != 0) {
        rc = has_header(&r) ? take(c, uidl, &r) : 0;
        if (rc != 1)
            return rc;
        m->flags |= MAIL_PLAIN;
    }
    return refresh(c, m, &r);
}

int collect_compare(struct collect *c, struct mail *m)
{
    mla_seen_record r;
    mla_str key;
    int rc;

    if (m->known_by == MLA_COLLECT_BY_UIDL &&
        (m->flags & (MLA_COLLECT_AGAIN | MLA_COLLECT_SHARED)) != 0) {
        rc = compare_plain(c, m);
        if (rc != 0 || (m->flags & MLA_COLLECT_SAME) != 0)
            return rc;
    }
    if (is_plain(m) || (m->flags & MLA_COLLECT_FULL) != 0)
        return 0;
    rc = collect_key(c, m, &key);
    if (rc == 1)
        rc = collect_lookup(c, key, &r);
    if (rc == 1 && (m->flags & MLA_COLLECT_TOP) == 0 && (r.flags & MLA_SEEN_PART) != 0)
        rc = 0;
    if (rc == 1)
        rc = take(c, key, &r);
    if (rc != 1)
        return rc;
    return refresh(c, m, &r);
}

/* Where several messages have one UIDL, its record says so. */
static int mark_shared(struct collect *c, const struct mail *m)
{
    mla_seen_record r;
    mla_str uidl = drop_uidl(&c->drop, m);
    int rc = collect_lookup(c, uidl, &r);

    if (rc < 0 || (rc == 1 && (r.flags & MLA_SEEN_SHARED) != 0))
        return rc < 0 ? rc : 0;
    r.id = uidl;
    r.count = 1;
    r.flags |= MLA_SEEN_SHARED;
    return collect_put(c, &r);
}

int collect_record(struct collect *c, struct mail *m, mla_str note)
{
    char header[2 * DIGEST_LEN];
    mla_seen_record old;
    mla_seen_record r = {.struct_size = sizeof r, .count = 1};
    int rc = 0;

    if (m->known_by == MLA_COLLECT_BY_UIDL && (m->flags & MLA_COLLECT_SHARED) != 0)
        rc = mark_shared(c, m);
    if (rc == 0)
        rc = collect_key(c, m, &r.id);
    if (rc == 1)
        rc = collect_lookup(c, r.id, &old);
    if (rc < 0)
        return rc;
    if (rc == 1 && !is_plain(m) && (m->flags & MLA_COLLECT_FULL) == 0) {
        r.count = old.count + 1;
        r.doubtful = old.doubtful;
    }
    r.flags = (m->flags & MLA_COLLECT_TOP) != 0 ? MLA_SEEN_PART : 0;
    r.first_s = c->args.now_s;
    r.size = m->size;
    r.octets = m->octets;
    digest_text(m->header, header);
    r.header = (mla_str){header, sizeof header};
    r.note = note;
    if (!is_plain(m) && (m->flags & MLA_COLLECT_FULL) == 0 && meet(c, r.id) != 0)
        return c->error.code;
    return collect_put(c, &r);
}
