/* state.c - see state.h */
#include "imap/state.h"

#include "base/ascii.h"
#include "imap/mbname.h"

#include <string.h>

enum {
    ALL_FLAGS = MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_ANSWERED | MLA_IMAP_FLAG_FLAGGED |
                MLA_IMAP_FLAG_DELETED | MLA_IMAP_FLAG_DRAFT | MLA_IMAP_FLAG_ANY
};

void imap_state_init(struct imap_state *s, const struct mem *mem)
{
    memset(s, 0, sizeof *s);
    s->mem = mem;
    s->permanent_flags = ALL_FLAGS; /* RFC 9051 section 6.3.2: where the server does not say */
}

void imap_state_clear(struct imap_state *s)
{
    mem_free(s->mem, s->name);
    mem_free(s->mem, s->raw);
    mem_free(s->mem, s->runs);
    imap_state_init(s, s->mem);
}

int imap_state_begin(struct imap_state *s, mla_str name, int raw, int utf8)
{
    char *copy = mem_dup(s->mem, name.ptr, name.len);
    char *wire = raw ? mem_dup(s->mem, name.ptr, name.len) : NULL;
    struct arena a;
    mla_str text;
    int rc = copy == NULL || (raw && wire == NULL) ? MLA_E_NOMEM : 0;

    arena_init(&a, s->mem, SIZE_MAX / 2);
    if (rc == 0 && raw && mbname_decode(&a, name, utf8, &text) >= 0) {
        mem_free(s->mem, copy);
        copy = mem_dup(s->mem, text.ptr, text.len);
        rc = copy == NULL ? MLA_E_NOMEM : 0;
    }
    arena_free(&a);
    if (rc != 0) {
        mem_free(s->mem, copy);
        mem_free(s->mem, wire);
        return rc;
    }
    imap_state_clear(s);
    s->name = copy;
    s->raw = wire;
    return 0;
}

void imap_state_forget(struct imap_state *s)
{
    char *name = s->name;
    char *raw = s->raw;

    s->name = s->raw = NULL;
    imap_state_clear(s);
    s->name = name;
    s->raw = raw;
}

int imap_state_has(const struct imap_state *s, uint32_t seq)
{
    return seq != 0 && (!s->has_exists || seq <= s->exists);
}

/* --- message numbers and UIDs --- */

/* The first run that does not end below seq. */
static size_t find_run(const struct imap_state *s, uint32_t seq)
{
    size_t low = 0;
    size_t high = s->run_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (s->runs[mid].seq + (s->runs[mid].count - 1) < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint32_t imap_state_uid(const struct imap_state *s, uint32_t seq)
{
    size_t i = find_run(s, seq);

    if (i == s->run_count || s->runs[i].seq > seq)
        return 0;
    return s->runs[i].uid + (seq - s->runs[i].seq);
}

static void drop_run(struct imap_state *s, size_t i)
{
    s->run_count--;
    memmove(s->runs + i, s->runs + i + 1, (s->run_count - i) * sizeof *s->runs);
}

static int add_run(struct imap_state *s, size_t i, uint32_t seq, uint32_t uid, uint32_t count)
{
    if (s->run_count == STATE_RUNS_MAX) {
        s->run_count = 0; /* only a help: to forget is allowed */
        i = 0;
    }
    if (s->run_count == s->run_cap) {
        size_t cap = s->run_cap == 0 ? 16 : s->run_cap * 2;
        struct imap_run *p = mem_resize_array(s->mem, s->runs, cap, sizeof *p);

        if (p == NULL)
            return 0;
        s->runs = p;
        s->run_cap = cap;
    }
    memmove(s->runs + i + 1, s->runs + i, (s->run_count - i) * sizeof *s->runs);
    s->runs[i].seq = seq;
    s->runs[i].uid = uid;
    s->runs[i].count = count;
    s->run_count++;
    return 1;
}

/* Runs i - 1 and i become one where they continue each other. */
static void join_runs(struct imap_state *s, size_t i)
{
    struct imap_run *a;
    const struct imap_run *b;

    if (i == 0 || i >= s->run_count)
        return;
    a = &s->runs[i - 1];
    b = &s->runs[i];
    if (a->seq + a->count != b->seq || a->uid + a->count != b->uid)
        return;
    a->count += b->count;
    drop_run(s, i);
}

void imap_state_learn(struct imap_state *s, uint32_t seq, uint32_t uid)
{
    size_t i;

    if (seq == 0 || uid == 0 || seq == UINT32_MAX || uid == UINT32_MAX)
        return;
    i = find_run(s, seq);
    if (i < s->run_count && s->runs[i].seq <= seq) {
        if (s->runs[i].uid + (seq - s->runs[i].seq) == uid)
            return;
        s->run_count = 0; /* it contradicts what was told before: nothing is sure any more */
        i = 0;
    }
    if (i > 0 && s->runs[i - 1].seq + s->runs[i - 1].count == seq &&
        s->runs[i - 1].uid + s->runs[i - 1].count == uid) {
        s->runs[i - 1].count++;
        join_runs(s, i);
        return;
    }
    if (add_run(s, i, seq, uid, 1))
        join_runs(s, find_run(s, seq) + 1);
}

/* RFC 9051 section 7.5.1: the numbers above move down by one, at once (P04). */
static void expunge_run(struct imap_state *s, uint32_t seq)
{
    size_t i = find_run(s, seq);

    if (i < s->run_count && s->runs[i].seq <= seq) {
        struct imap_run *r = &s->runs[i];
        uint32_t before = seq - r->seq;
        uint32_t after = r->count - before - 1;
        uint32_t uid = r->uid + before + 1;

        if (before == 0 && after == 0) {
            drop_run(s, i);
        } else if (before == 0) {
            r->uid++;
            r->count--;
            i++; /* it begins at seq already, with the message behind */
        } else {
            r->count = before;
            i++;
            if (after > 0 && add_run(s, i, seq, uid, after))
                i = find_run(s, seq) + 1;
        }
    }
    for (; i < s->run_count; i++)
        s->runs[i].seq--;
}

/* --- */

static void set_exists(struct imap_state *s, uint32_t n)
{
    if (s->has_exists && n < s->exists)
        s->run_count = 0; /* not allowed, and then nothing is sure (P09) */
    s->exists = n;
    s->has_exists = 1;
}

int imap_state_apply(struct imap_state *s, const struct mla_imap_event *ev)
{
    switch (ev->type) {
    case MLA_IMAP_EV_EXISTS:
        set_exists(s, ev->number);
        return 0;
    case MLA_IMAP_EV_EXPUNGE:
        if (!imap_state_has(s, ev->number))
            return MLA_IMAP_WARN_UNKNOWN_NUMBER;
        if (s->has_exists)
            s->exists--;
        expunge_run(s, ev->number);
        return 0;
    case MLA_IMAP_EV_FETCH:
        if (!imap_state_has(s, ev->fetch->seq))
            return MLA_IMAP_WARN_UNKNOWN_NUMBER;
        if ((ev->fetch->fields & MLA_IMAP_ITEM_UID) != 0)
            imap_state_learn(s, ev->fetch->seq, ev->fetch->uid);
        return 0;
    default:
        return 0;
    }
}

static uint32_t flag_bit(mla_str w)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } names[] = {
        {"\\Seen", MLA_IMAP_FLAG_SEEN},       {"\\Answered", MLA_IMAP_FLAG_ANSWERED},
        {"\\Flagged", MLA_IMAP_FLAG_FLAGGED}, {"\\Deleted", MLA_IMAP_FLAG_DELETED},
        {"\\Draft", MLA_IMAP_FLAG_DRAFT},     {"\\*", MLA_IMAP_FLAG_ANY},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (ascii_equal_word(w.ptr, w.len, names[i].name))
            return names[i].bit;
    return w.len != 0 && w.ptr[0] != '\\' ? MLA_IMAP_FLAG_KEYWORDS : 0;
}

void imap_state_code(struct imap_state *s, const mla_imap_code *code)
{
    switch (code->id) {
    case MLA_IMAP_CODE_UIDVALIDITY:
        if (s->uidvalidity != 0 && s->uidvalidity != code->number)
            s->run_count = 0; /* P08 */
        if (code->number <= UINT32_MAX)
            s->uidvalidity = (uint32_t)code->number;
        break;
    case MLA_IMAP_CODE_UIDNEXT:
        if (code->number <= UINT32_MAX)
            s->uidnext = (uint32_t)code->number;
        break;
    case MLA_IMAP_CODE_PERMANENTFLAGS:
        s->permanent_flags = 0;
        s->has_permanent = 1;
        for (uint32_t i = 0; i < code->word_count; i++)
            s->permanent_flags |= flag_bit(code->words[i]);
        break;
    case MLA_IMAP_CODE_READ_ONLY:
        s->read_only = 1;
        break;
    case MLA_IMAP_CODE_READ_WRITE:
        s->read_only = 0;
        break;
    case MLA_IMAP_CODE_UIDNOTSTICKY:
        s->uid_not_sticky = 1;
        break;
    default:
        break;
    }
}

int imap_state_sane(const struct imap_state *s)
{
    for (size_t i = 0; i < s->run_count; i++) {
        const struct imap_run *r = &s->runs[i];

        if (r->count == 0 || r->seq == 0 || r->uid == 0)
            return 0;
        if (i > 0 && s->runs[i - 1].seq + s->runs[i - 1].count > r->seq)
            return 0;
    }
    return s->run_count <= s->run_cap;
}
