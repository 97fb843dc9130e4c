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
    msgmap_init(&s->map, mem);
    flagbook_init(&s->flags, mem);
    s->permanent_flags = ALL_FLAGS; /* RFC 9051 section 6.3.2: where the server does not say */
}

void imap_state_clear(struct imap_state *s)
{
    struct imap_context *room = s->contexts.items;
    struct shared *shared = s->shared;

    mem_free(s->mem, s->name);
    mem_free(s->mem, s->raw);
    mem_free(s->mem, s->id);
    shared_drop(s->flag_words.words);
    shared_drop(s->permanent_words.words);
    msgmap_clear(&s->map);
    flagbook_free(&s->flags);
    imap_state_init(s, s->mem);
    s->shared = shared;
    s->contexts.items = room; /* a search that is queued behind SELECT has asked for it */
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

void imap_state_uid_only(struct imap_state *s)
{
    if (s->uid_only)
        return;
    s->uid_only = 1;
    msgmap_clear(&s->map);
}

/* --- messages --- */

/* Numbers before EXISTS has come are allowed for. */
static int count_at_least(struct imap_state *s, uint32_t seq)
{
    if (!imap_state_has(s, seq))
        return 0;
    if (!s->has_exists && seq > s->map.count)
        msgmap_resize(&s->map, seq);
    return 1;
}

static void set_exists(struct imap_state *s, uint32_t n)
{
    s->exists = n;
    s->has_exists = 1;
    if (!s->uid_only)
        msgmap_resize(&s->map, n); /* forgets where there are fewer: not allowed (P09) */
}

/* RFC 9051 section 7.5.1: the numbers above move down by one, at once (P04). */
static int expunge(struct imap_state *s, uint32_t seq)
{
    if (s->uid_only || !imap_state_has(s, seq))
        return MLA_IMAP_WARN_UNKNOWN_NUMBER;
    if (s->has_exists)
        s->exists--;
    if (seq <= s->map.count)
        msgmap_erase(&s->map, seq, 1);
    return 0;
}

/* RFC 7162 section 3.2.10.2. (EARLIER) is about messages that have no number here. */
static void vanish(struct imap_state *s, const mla_imap_search *v)
{
    for (size_t i = 0; i < v->range_count && v->is_earlier == 0; i++) {
        uint32_t a = v->ranges[i].first;
        uint32_t b = v->ranges[i].last;
        uint32_t first = a < b ? a : b;
        uint32_t last = a < b ? b : a;

        if (first == 0)
            continue;
        if (!s->uid_only) {
            uint32_t gone = msgmap_vanish(&s->map, first, last);

            s->exists -= gone < s->exists ? gone : s->exists;
        } else { /* each of them was there */
            msgmap_drop(&s->map, first, last);
            s->exists -= last - first < s->exists ? last - first + 1 : s->exists;
        }
    }
}

int imap_state_fetch(struct imap_state *s, const mla_imap_fetch *f)
{
    const int has_flags = (f->fields & MLA_IMAP_ITEM_FLAGS) != 0;
    struct msgmap_row row;
    uint32_t seq = f->seq;

    row.uid = (f->fields & MLA_IMAP_ITEM_UID) != 0 || s->uid_only ? f->uid : 0;
    if (s->uid_only ? row.uid == 0 : !count_at_least(s, seq))
        return MLA_IMAP_WARN_UNKNOWN_NUMBER;
    row.flags = has_flags ? flagbook_number(&s->flags, f->flags, f->words, f->word_count) : 0;
    row.modseq = (f->fields & MLA_IMAP_ITEM_MODSEQ) != 0 ? f->modseq : 0;
    if (s->uid_only)
        seq = msgmap_add(&s->map, &row);
    else if (row.uid != 0 || row.flags != 0 || row.modseq != 0)
        msgmap_learn(&s->map, seq, &row);
    if (has_flags && row.flags == 0 && seq != 0) { /* what was known of them is out of date */
        s->map.forgets++;
        msgmap_unlearn(&s->map, seq, 1, 1U << MSGMAP_FLAGS);
    }
    if (row.uid >= s->uidnext && s->uidnext != 0 && row.uid != UINT32_MAX)
        s->uidnext = row.uid + 1;
    if (row.modseq > s->modseq_seen)
        s->modseq_seen = row.modseq;
    return 0;
}

/* From the message with the UID first, or the one behind the last that is known to be below it, up
 * to the one with the UID last, or the one in front of the first that is known to be above. */
static void uids_flags_lost(struct msgmap *m, uint32_t first, uint32_t last)
{
    uint32_t uid;
    uint32_t end = msgmap_at_or_above(m, last, &uid);
    uint32_t seq = msgmap_at_or_above(m, first, &uid);

    if (end == 0 || msgmap_uid(m, end) != last)
        end = end != 0 ? end - 1 : m->count;
    if (seq == 0 || uid != first)
        seq = msgmap_known_below(m, seq != 0 ? seq : m->count + 1) + 1;
    if (seq <= end && seq != 0)
        msgmap_unlearn(m, seq, end - seq + 1, 1U << MSGMAP_FLAGS);
}

void imap_state_flags_lost(struct imap_state *s, const struct imap_set *set, int is_uid)
{
    struct msgmap *m = &s->map;

    if (set == NULL || set->count == 0) {
        msgmap_unlearn(m, 1, m->count, 1U << MSGMAP_FLAGS);
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        uint32_t first = set->ranges[i].first; /* 0, "*": the last one */
        uint32_t last = set->ranges[i].last;

        if (last == 0)
            msgmap_unlearn(m, m->count, 1, 1U << MSGMAP_FLAGS);
        if (first != 0 && is_uid)
            uids_flags_lost(m, first, last != 0 ? last : UINT32_MAX);
        else if (first != 0 && first <= m->count)
            msgmap_unlearn(m, first, (last != 0 ? last : m->count) - first + 1, 1U << MSGMAP_FLAGS);
    }
}

void imap_state_seen(struct imap_state *s, uint32_t seq, uint32_t uid)
{
    struct msgmap_row row;
    const mla_str *words;
    uint32_t count;

    if (seq == 0)
        seq = msgmap_seq(&s->map, uid);
    msgmap_row(&s->map, seq, &row);
    if (row.flags != 0 &&
        (flagbook_words(&s->flags, (uint32_t)row.flags, &words, &count) & MLA_IMAP_FLAG_SEEN) == 0)
        msgmap_unlearn(&s->map, seq, 1, 1U << MSGMAP_FLAGS);
}

/* --- */

/* The block of a list: the words, their lengths, their octets. */
static void point_at_octets(void *block, size_t head)
{
    mla_str *words = block;
    const size_t count = head / sizeof *words;
    const uint32_t *lens = (const uint32_t *)(const void *)(words + count);
    const char *text = (const char *)(lens + count);

    for (size_t i = 0; i < count; i++) {
        words[i] = (mla_str){text, lens[i]};
        text += lens[i];
    }
}

static const mla_str *word_list(struct imap_state *s, const mla_str *words, size_t count,
                                size_t size)
{
    const size_t head = count * sizeof *words;
    char *block = mem_alloc(s->mem, size);
    const mla_str *kept;
    uint32_t *lens;
    char *text;

    if (block == NULL)
        return NULL;
    lens = (uint32_t *)(void *)(block + head);
    text = (char *)(lens + count);
    for (size_t i = 0; i < count; i++) {
        lens[i] = (uint32_t)words[i].len;
        if (words[i].len != 0)
            memcpy(text, words[i].ptr, words[i].len);
        text += words[i].len;
    }
    memset(block, 0, head);
    kept = shared_make(s->shared, s->mem, block, size, head, point_at_octets);
    mem_free(s->mem, block);
    return kept;
}

/* Without memory, and where it is too long, the list is empty. */
static void keep_words(struct imap_state *s, struct imap_word_copy *c, const mla_str *words,
                       size_t count)
{
    size_t size = 0;

    shared_drop(c->words);
    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < count && size <= STATE_WORDS_MAX; i++)
        size += words[i].len + sizeof *words + sizeof(uint32_t);
    if (count == 0 || size > STATE_WORDS_MAX)
        return;
    c->words = word_list(s, words, count, size);
    if (c->words == NULL)
        s->map.forgets++;
    else
        c->count = (uint32_t)count;
}

int imap_state_apply(struct imap_state *s, const struct mla_imap_event *ev)
{
    switch (ev->type) {
    case MLA_IMAP_EV_EXISTS:
        set_exists(s, ev->number);
        return 0;
    case MLA_IMAP_EV_RECENT:
        s->recent = ev->number;
        return 0;
    case MLA_IMAP_EV_EXPUNGE:
        return expunge(s, ev->number);
    case MLA_IMAP_EV_VANISHED:
        vanish(s, ev->search);
        return 0;
    case MLA_IMAP_EV_FETCH:
        return imap_state_fetch(s, ev->fetch);
    case MLA_IMAP_EV_FLAGS:
        keep_words(s, &s->flag_words, ev->words, ev->word_count);
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

static void keep_id(struct imap_state *s, const mla_imap_code *code)
{
    mem_free(s->mem, s->id);
    s->id = NULL;
    if ((code->fields & MLA_IMAP_CODE_HAS_TEXT) == 0 || code->text.len > STATE_WORDS_MAX)
        return;
    s->id = mem_dup(s->mem, code->text.ptr, code->text.len);
    s->map.forgets += s->id == NULL;
}

void imap_state_code(struct imap_state *s, const mla_imap_code *code)
{
    switch (code->id) {
    case MLA_IMAP_CODE_UIDVALIDITY:
        if (s->uidvalidity != 0 && s->uidvalidity != code->number) {
            msgmap_forget(&s->map); /* P08 */
            if (s->uid_only)
                msgmap_resize(&s->map, 0);
        }
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
        keep_words(s, &s->permanent_words, code->words, code->word_count);
        break;
    case MLA_IMAP_CODE_HIGHESTMODSEQ:
        s->highestmodseq = code->number;
        s->no_modseq = 0;
        break;
    case MLA_IMAP_CODE_NOMODSEQ:
        s->highestmodseq = 0;
        s->no_modseq = 1;
        break;
    case MLA_IMAP_CODE_MAILBOXID:
        keep_id(s, code);
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
    return msgmap_sane(&s->map) && (s->uid_only || !s->has_exists || s->map.count == s->exists);
}
