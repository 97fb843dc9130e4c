/* saved.c - see saved.h */
#include "keep/saved.h"

#include "base/fail.h"
#include "imap/resp_read.h"

#include <string.h>

/* --- back again --- */

/* A range behind `before` that means something. */
static int in_order(uint32_t before, uint32_t first, uint32_t last)
{
    return first > before && first <= last && last < UINT32_MAX;
}

static int check_flags(const mla_imap_keep_state *in)
{
    uint32_t before = 0;

    if (in->flags == NULL && in->flag_count != 0)
        return 0;
    for (size_t i = 0; i < in->flag_count; i++) {
        const mla_imap_keep_flags *f = &in->flags[i];

        if (!in_order(before, f->first, f->last) || (f->words == NULL && f->word_count != 0))
            return 0;
        for (size_t w = 0; w < f->word_count; w++)
            if (f->words[w].ptr == NULL || f->words[w].len == 0)
                return 0;
        before = f->last;
    }
    return 1;
}

static int check(const mla_imap_keep_state *in, mla_error *err)
{
    uint32_t before = 0;

    if (in->uidvalidity == 0 && (in->modseq != 0 || in->uid_count != 0 || in->flag_count != 0))
        return fail(err, MLA_E_ARG, "the stored state has no UIDVALIDITY");
    if (in->modseq > INT64_MAX)
        return fail(err, MLA_E_ARG, "the stored mod-sequence is out of range");
    if (in->uids == NULL && in->uid_count != 0)
        return fail(err, MLA_E_ARG, "the stored UIDs are missing");
    for (size_t i = 0; i < in->uid_count; i++) {
        if (!in_order(before, in->uids[i].first, in->uids[i].last))
            return fail(err, MLA_E_ARG, "the stored UIDs are out of order");
        before = in->uids[i].last;
    }
    return check_flags(in) ? 0 : fail(err, MLA_E_ARG, "the stored flags are out of order");
}

static uint64_t number_of(struct known *k, const mla_imap_keep_flags *f)
{
    uint32_t flags = 0;

    if (f->word_count > UINT32_MAX)
        return 0;
    for (size_t i = 0; i < f->word_count; i++)
        flags |= imap_flag_of(f->words[i]);
    return flagbook_number(&k->flags, flags & ~(uint32_t)MLA_IMAP_FLAG_RECENT, f->words,
                           (uint32_t)f->word_count);
}

/* Goes along the flags while the UIDs ascend. */
struct along {
    const mla_imap_keep_state *in;
    size_t at;
    size_t numbered; /* whose flags number is: at + 1 */
    uint64_t number;
};

/* The flags of the messages from uid on, up to *end, which is made lower where those behind have
 * others. */
static uint64_t flags_at(struct along *a, struct known *k, uint32_t uid, uint32_t *end)
{
    const mla_imap_keep_flags *f;

    while (a->at < a->in->flag_count && a->in->flags[a->at].last < uid)
        a->at++;
    if (a->at == a->in->flag_count)
        return 0;
    f = &a->in->flags[a->at];
    if (f->first > uid) {
        if (f->first <= *end)
            *end = f->first - 1;
        return 0;
    }
    if (f->last < *end)
        *end = f->last;
    if (a->numbered != a->at + 1) {
        a->number = number_of(k, f);
        a->numbered = a->at + 1;
    }
    return a->number;
}

static int load_uids(struct known *k, const mla_imap_keep_state *in)
{
    struct along a = {in, 0, 0, 0};
    int rc = 0;

    for (size_t i = 0; i < in->uid_count; i++) {
        uint32_t end;

        for (uint32_t uid = in->uids[i].first; uid <= in->uids[i].last && rc == 0; uid = end + 1) {
            uint64_t flags;

            end = in->uids[i].last;
            flags = flags_at(&a, k, uid, &end);
            rc = msgmap_append(&k->map, uid, end - uid + 1, flags);
        }
        if (rc != 0)
            return rc;
    }
    return 0;
}

int saved_load(struct known *k, const mla_imap_keep_state *in, mla_error *err)
{
    int rc = check(in, err);

    if (rc == 0)
        rc = load_uids(k, in);
    if (rc != 0) {
        known_void(k);
        return fail(err, rc, "%s",
                    rc == MLA_E_LIMIT ? "the stored state has too many messages in it"
                                      : fail_text(rc));
    }
    k->uidvalidity = in->uidvalidity;
    k->modseq = in->modseq;
    return 0;
}

/* --- to be stored --- */

void saved_clear(struct saved *s, const struct mem *mem)
{
    mem_free(mem, s->uids);
    mem_free(mem, s->flags);
    memset(s, 0, sizeof *s);
}

static int read_uids(struct saved *s, const struct known *k)
{
    mla_range run = {0, 0};
    size_t cap = 0;
    size_t n = 0;

    while (msgmap_next_uids(&k->map, run.last + 1, &run)) {
        if (n == cap) {
            size_t more = cap != 0 ? cap * 2 : 16;
            mla_range *uids = mem_resize_array(k->map.mem, s->uids, more, sizeof *uids);

            if (uids == NULL)
                return MLA_E_NOMEM;
            s->uids = uids;
            cap = more;
        }
        s->uids[n++] = run;
    }
    s->state.uids = s->uids;
    s->state.uid_count = n;
    return 0;
}

static void words_of(const struct known *k, uint64_t number, mla_imap_keep_flags *out)
{
    uint32_t count;

    (void)flagbook_words(&k->flags, (uint32_t)number, &out->words, &count);
    out->word_count = count;
}

static int read_flags(struct saved *s, const struct known *k)
{
    const struct mem *mem = k->map.mem;
    mla_imap_keep_flags *last = NULL;
    uint64_t before = 0;
    uint64_t number;
    size_t cap = 0;
    uint32_t n;

    for (uint32_t seq = 1; (n = msgmap_same_flags(&k->map, seq, &number)) != 0; seq += n) {
        uint32_t end = msgmap_uid(&k->map, seq + n - 1);

        if (number == before && last != NULL) {
            last->last = end;
            continue;
        }
        before = number;
        last = NULL;
        if (number == 0)
            continue;
        if (s->state.flag_count == cap) {
            size_t more = cap != 0 ? cap * 2 : 16;
            mla_imap_keep_flags *flags = mem_resize_array(mem, s->flags, more, sizeof *flags);

            if (flags == NULL)
                return MLA_E_NOMEM;
            s->flags = flags;
            cap = more;
        }
        last = &s->flags[s->state.flag_count++];
        last->first = msgmap_uid(&k->map, seq);
        last->last = end;
        words_of(k, number, last);
    }
    s->state.flags = s->flags;
    return 0;
}

int saved_read(struct saved *s, const struct known *k, int with_flags)
{
    int rc = 0;

    saved_clear(s, k->map.mem);
    s->state.struct_size = sizeof s->state;
    if (k->uidvalidity == 0)
        return 0;
    s->state.uidvalidity = k->uidvalidity;
    s->state.modseq = k->modseq;
    rc = read_uids(s, k);
    if (rc == 0 && with_flags)
        rc = read_flags(s, k);
    if (rc != 0)
        saved_clear(s, k->map.mem);
    return rc;
}
