/* known.c - see known.h */
#include "keep/known.h"

#include <string.h>

void known_init(struct known *k, const struct mem *mem)
{
    memset(k, 0, sizeof *k);
    msgmap_init(&k->map, mem);
    flagbook_init(&k->flags, mem);
    groups_init(&k->news, mem);
}

void known_free(struct known *k)
{
    msgmap_clear(&k->map);
    flagbook_free(&k->flags);
    groups_clear(&k->news);
}

void known_void(struct known *k)
{
    const struct mem *mem = k->map.mem;

    known_free(k);
    known_init(k, mem);
}

static void told(struct known *k, int kind, uint32_t first, uint32_t last)
{
    if (groups_add(&k->news, kind, first, last) != 0)
        k->error = MLA_E_NOMEM;
}

/* flags 0: they were told and there is no number for them, or (is_told 0) they were not told. */
static void learn(struct known *k, uint32_t uid, uint64_t flags, int is_told)
{
    struct msgmap_row row = {uid, flags, 0};
    uint32_t forgets = k->map.forgets;
    uint32_t count = k->map.count;
    uint32_t seq = msgmap_seq(&k->map, uid);
    struct msgmap_row was;

    if (seq != 0) {
        msgmap_row(&k->map, seq, &was);
        if (!is_told || (was.flags == flags && flags != 0))
            return;
        if (flags == 0)
            msgmap_unlearn(&k->map, seq, 1, 1U << MSGMAP_FLAGS);
    }
    seq = msgmap_add(&k->map, &row);
    if (seq == 0 || k->map.forgets != forgets || k->map.count < count) {
        k->error = MLA_E_NOMEM;
        return;
    }
    told(k, k->map.count > count ? NEWS_NEW : NEWS_CHANGED, uid, uid);
}

void known_fetched(struct known *k, uint32_t uid, const mla_imap_fetch *f)
{
    const uint32_t mine = f->flags & ~(uint32_t)MLA_IMAP_FLAG_RECENT;
    int is_told = (f->fields & MLA_IMAP_ITEM_FLAGS) != 0;

    if (uid == 0 || uid == UINT32_MAX)
        return;
    learn(k, uid, is_told ? flagbook_number(&k->flags, mine, f->words, f->word_count) : 0, is_told);
}

void known_gone(struct known *k, uint32_t first, uint32_t last)
{
    uint32_t uid = first < last ? first : last;
    uint32_t end = first < last ? last : first;
    mla_range run;

    if (uid == 0)
        return;
    while (msgmap_next_uids(&k->map, uid, &run) && run.first <= end) {
        uint32_t a = run.first > uid ? run.first : uid;
        uint32_t b = run.last < end ? run.last : end;

        told(k, NEWS_GONE, a, b);
        if (b == UINT32_MAX)
            break;
        uid = b + 1;
    }
    msgmap_drop(&k->map, first < last ? first : last, end);
    if (k->map.known[MSGMAP_UID] != k->map.count)
        k->error = MLA_E_NOMEM;
}

void known_gone_between(struct known *k, uint32_t *at, const mla_range *uids, size_t count,
                        int is_last)
{
    for (size_t i = 0; i < count; i++) {
        if (uids[i].first > *at)
            known_gone(k, *at, uids[i].first - 1);
        if (uids[i].last >= *at)
            *at = uids[i].last < UINT32_MAX ? uids[i].last + 1 : UINT32_MAX;
    }
    if (is_last)
        known_gone(k, *at, UINT32_MAX);
}

/* The number that the flags of another book have in ours. */
static uint64_t translate(struct known *k, const struct flagbook *book, uint64_t number)
{
    const mla_str *words;
    uint32_t count;
    uint32_t flags;

    if (number == 0)
        return 0;
    if (number != k->from) {
        flags = flagbook_words(book, (uint32_t)number, &words, &count);
        k->to = flagbook_number(&k->flags, flags & ~(uint32_t)MLA_IMAP_FLAG_RECENT, words, count);
        k->from = number;
    }
    return k->to;
}

void known_compare(struct known *k, const struct imap_state *box)
{
    mla_range run = {0, 0};
    uint32_t at = 1;

    while (run.last != UINT32_MAX && msgmap_next_uids(&box->map, run.last + 1, &run))
        known_gone_between(k, &at, &run, 1, 0);
    known_gone_between(k, &at, NULL, 0, 1);
    k->from = 0;
    for (uint32_t seq = 1; seq <= box->map.count && k->error == 0; seq++) {
        struct msgmap_row row;

        msgmap_row(&box->map, seq, &row);
        if (row.uid != 0 && row.uid != UINT32_MAX)
            learn(k, row.uid, translate(k, &box->flags, row.flags), row.flags != 0);
    }
}
