/* flagbook.c - see flagbook.h */
#include "imap/flagbook.h"

#include "base/ascii.h"
#include "imap/resp_read.h"

#include <string.h>

enum {
    SYSTEM_BITS = FLAGBOOK_SYSTEM_BITS,
    KEYWORD_SLOTS = FLAGBOOK_KEYWORDS_MAX * 2,
    SET_SLOTS = FLAGBOOK_SETS_MAX * 2
};

/* All sets of system flags, each where its bits say, so that words can be shown without room to put
 * them in. Each line adds one flag to the sets from n on, or does not. */
#define WORD(text)     {text, sizeof text - 1},
#define SETS_6(n, ...) [n] = {__VA_ARGS__{NULL, 0}},
#define SETS_5(n, ...) SETS_6(n, __VA_ARGS__) SETS_6((n) + 32, __VA_ARGS__ WORD("\\Recent"))
#define SETS_4(n, ...) SETS_5(n, __VA_ARGS__) SETS_5((n) + 16, __VA_ARGS__ WORD("\\Draft"))
#define SETS_3(n, ...) SETS_4(n, __VA_ARGS__) SETS_4((n) + 8, __VA_ARGS__ WORD("\\Deleted"))
#define SETS_2(n, ...) SETS_3(n, __VA_ARGS__) SETS_3((n) + 4, __VA_ARGS__ WORD("\\Flagged"))
#define SETS_1(n, ...) SETS_2(n, __VA_ARGS__) SETS_2((n) + 2, __VA_ARGS__ WORD("\\Answered"))
static const mla_str system_sets[SYSTEM_BITS + 1][FLAGBOOK_SYSTEM + 1] = {
    SETS_1(0, ) SETS_1(1, WORD("\\Seen"))};

void flagbook_init(struct flagbook *f, const struct mem *mem)
{
    memset(f, 0, sizeof *f);
    f->mem = mem;
}

void flagbook_free(struct flagbook *f)
{
    for (uint32_t i = 0; i < f->set_count; i++)
        mem_free(f->mem, f->sets[i]);
    for (uint32_t i = 0; i < f->keyword_count; i++)
        mem_free(f->mem, (char *)(uintptr_t)f->keywords[i].word.ptr);
    mem_free(f->mem, f->sets);
    mem_free(f->mem, f->keywords);
    mem_free(f->mem, f->keyword_slots);
    mem_free(f->mem, f->set_slots);
    mem_free(f->mem, f->memos);
    flagbook_init(f, f->mem);
}

void flagbook_rest(struct flagbook *f)
{
    mem_free(f->mem, f->memos);
    f->memos = NULL;
}

/* Room for one more in a list of at most max, which doubles. 0 or MLA_E_NOMEM. */
static int grow(const struct mem *mem, void **list, uint32_t count, uint32_t max, size_t size)
{
    void *p;

    if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
        return 0;
    p = mem_resize_array(mem, *list, count == 0 ? 8 : count * 2 < max ? count * 2 : max, size);
    if (p == NULL)
        return MLA_E_NOMEM;
    *list = p;
    return 0;
}

static uint16_t *make_slots(const struct mem *mem, uint32_t count)
{
    uint16_t *slots = mem_array(mem, count, sizeof *slots);

    if (slots != NULL)
        memset(slots, 0, count * sizeof *slots);
    return slots;
}

static struct flagbook_memo *make_memos(const struct mem *mem)
{
    struct flagbook_memo *memos = mem_array(mem, FLAGBOOK_MEMOS, sizeof *memos);

    if (memos != NULL)
        memset(memos, 0, FLAGBOOK_MEMOS * sizeof *memos);
    return memos;
}

static uint32_t mix(uint32_t hash, uint32_t v)
{
    return (hash ^ v) * 16777619;
}

static uint32_t keyword_hash(mla_str w)
{
    uint32_t hash = 2166136261;

    for (size_t i = 0; i < w.len; i++)
        hash = mix(hash, (uint32_t)ascii_lower((unsigned char)w.ptr[i]));
    return hash;
}

/* The slot of what is there, or a free one. */
static uint32_t keyword_slot(const struct flagbook *f, uint32_t hash, mla_str w)
{
    uint32_t at = hash % KEYWORD_SLOTS;

    for (; f->keyword_slots[at] != 0; at = (at + 1) % KEYWORD_SLOTS) {
        const struct flagbook_keyword *k = &f->keywords[f->keyword_slots[at] - 1];

        if (k->hash == hash && ascii_equal(k->word.ptr, k->word.len, w.ptr, w.len))
            break;
    }
    return at;
}

/* The index of a keyword, which may be new. 0, MLA_E_LIMIT, MLA_E_NOMEM. */
static int intern_keyword(struct flagbook *f, mla_str w, uint16_t *out)
{
    uint32_t hash = keyword_hash(w);
    void *list = f->keywords;
    uint32_t at;
    char *copy;

    if (f->keyword_slots == NULL)
        f->keyword_slots = make_slots(f->mem, KEYWORD_SLOTS);
    if (f->keyword_slots == NULL)
        return MLA_E_NOMEM;
    at = keyword_slot(f, hash, w);
    if (f->keyword_slots[at] == 0) {
        if (f->keyword_count == FLAGBOOK_KEYWORDS_MAX || w.len > FLAGBOOK_KEYWORD_MAX)
            return MLA_E_LIMIT;
        if (grow(f->mem, &list, f->keyword_count, FLAGBOOK_KEYWORDS_MAX, sizeof *f->keywords) != 0)
            return MLA_E_NOMEM;
        f->keywords = list;
        copy = mem_dup(f->mem, w.ptr, w.len);
        if (copy == NULL)
            return MLA_E_NOMEM;
        f->keywords[f->keyword_count].hash = hash;
        f->keywords[f->keyword_count].word.ptr = copy;
        f->keywords[f->keyword_count].word.len = w.len;
        f->keyword_slots[at] = (uint16_t)++f->keyword_count;
        f->held += w.len + 1;
    }
    *out = (uint16_t)(f->keyword_slots[at] - 1);
    return 0;
}

/* Puts a keyword's index into a short ordered list, once. */
static uint32_t put_index(uint16_t *list, uint32_t n, uint16_t index)
{
    uint32_t at = n;

    while (at > 0 && list[at - 1] > index)
        at--;
    if (at > 0 && list[at - 1] == index)
        return n;
    memmove(list + at + 1, list + at, (n - at) * sizeof *list);
    list[at] = index;
    return n + 1;
}

/* The words of the system flags among these. */
static const mla_str *system_set(uint32_t flags, uint32_t *out_count)
{
    const mla_str *set = system_sets[flags & SYSTEM_BITS];

    for (*out_count = 0; set[*out_count].ptr != NULL;)
        ++*out_count;
    return set;
}

/* 1 when the set is these flags and keywords. */
static int is_set(const struct flagbook *f, const struct flagbook_set *s, uint32_t hash,
                  uint32_t flags, const uint16_t *list, uint32_t n)
{
    uint32_t system = s->count - n; /* wraps around where there are fewer */

    if (s->hash != hash || s->flags != flags || s->count < n || system > FLAGBOOK_SYSTEM)
        return 0;
    for (uint32_t i = 0; i < n; i++)
        if (s->words[system + i].ptr != f->keywords[list[i]].word.ptr)
            return 0;
    return 1;
}

static struct flagbook_set *make_set(struct flagbook *f, uint32_t flags, const uint16_t *list,
                                     uint32_t n)
{
    const size_t size =
        sizeof(struct flagbook_set) + (FLAGBOOK_SYSTEM + (size_t)n) * sizeof(mla_str);
    struct flagbook_set *s = mem_alloc(f->mem, size);
    const mla_str *system;

    if (s == NULL)
        return NULL;
    f->held += size;
    s->flags = flags;
    system = system_set(flags, &s->count);
    memcpy(s->words, system, s->count * sizeof *system);
    for (uint32_t i = 0; i < n; i++)
        s->words[s->count++] = f->keywords[list[i]].word;
    return s;
}

/* The number of a set with keywords, 0 when it cannot have one. */
static uint32_t intern_set(struct flagbook *f, uint32_t flags, const uint16_t *list, uint32_t n)
{
    uint32_t hash = mix(2166136261, flags);
    void *sets = f->sets;
    struct flagbook_set *s;
    uint32_t at;

    for (uint32_t i = 0; i < n; i++)
        hash = mix(hash, list[i]);
    if (f->set_slots == NULL)
        f->set_slots = make_slots(f->mem, SET_SLOTS);
    if (f->set_slots == NULL)
        return 0;
    for (at = hash % SET_SLOTS; f->set_slots[at] != 0; at = (at + 1) % SET_SLOTS)
        if (is_set(f, f->sets[f->set_slots[at] - 1], hash, flags, list, n))
            return SYSTEM_BITS + 1U + f->set_slots[at];
    if (f->set_count == FLAGBOOK_SETS_MAX ||
        grow(f->mem, &sets, f->set_count, FLAGBOOK_SETS_MAX, sizeof *f->sets) != 0)
        return 0;
    f->sets = sets;
    s = make_set(f, flags, list, n);
    if (s == NULL)
        return 0;
    s->hash = hash;
    f->sets[f->set_count++] = s;
    f->set_slots[at] = (uint16_t)f->set_count;
    return SYSTEM_BITS + 1U + f->set_count;
}

static uint32_t number_of(struct flagbook *f, uint32_t flags, const mla_str *words, uint32_t count)
{
    uint16_t list[FLAGBOOK_WORDS_MAX + 1];
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint16_t index;

        if (imap_flag_of(words[i]) != MLA_IMAP_FLAG_KEYWORDS)
            continue;
        if (n == FLAGBOOK_WORDS_MAX || intern_keyword(f, words[i], &index) != 0)
            return 0;
        n = put_index(list, n, index);
    }
    return intern_set(f, flags & (SYSTEM_BITS | MLA_IMAP_FLAG_KEYWORDS), list, n);
}

/* The octets from the first word to the last, where nothing but single octets is between them; 0:
 * it is not so, or they are too many for a memo. */
static size_t text_length(const mla_str *words, uint32_t count)
{
    size_t len = words[0].len;

    for (uint32_t i = 1; i < count; i++) {
        if (words[i].ptr != words[0].ptr + len + 1)
            return 0;
        len += words[i].len + 1;
    }
    return len <= FLAGBOOK_MEMO_TEXT ? len : 0;
}

uint32_t flagbook_keywords_number(struct flagbook *f, uint32_t flags, const mla_str *words,
                                  uint32_t count)
{
    struct flagbook_memo *memo;
    uint64_t first = 0;
    uint64_t last = 0;
    size_t len;
    size_t end;

    len = count != 0 ? text_length(words, count) : 0;
    if (len != 0 && f->memos == NULL)
        f->memos = make_memos(f->mem);
    if (len == 0 || f->memos == NULL)
        return number_of(f, flags, words, count);
    end = len < sizeof first ? len : sizeof first;
    memcpy(&first, words[0].ptr, end);
    memcpy(&last, words[0].ptr + len - end, end);
    first = (first ^ last << 7) * UINT64_C(0x9e3779b97f4a7c15);
    memo = &f->memos[first >> 58];
    if (memo->len == len && memo->count == count && memcmp(memo->text, words[0].ptr, len) == 0)
        return memo->number;
    memo->number = number_of(f, flags, words, count);
    memo->len = (uint16_t)(memo->number != 0 ? len : 0);
    memo->count = (uint16_t)count;
    memcpy(memo->text, words[0].ptr, len);
    return memo->number;
}

uint32_t flagbook_words(const struct flagbook *f, uint32_t number, const mla_str **out_words,
                        uint32_t *out_count)
{
    const struct flagbook_set *s;

    if (number <= SYSTEM_BITS + 1) {
        *out_words = system_set(number - 1, out_count);
        if (*out_count == 0)
            *out_words = NULL;
        return number - 1;
    }
    s = f->sets[number - SYSTEM_BITS - 2];
    *out_words = s->words;
    *out_count = s->count;
    return s->flags;
}

size_t flagbook_octets(const struct flagbook *f)
{
    return f->held + f->keyword_count * sizeof *f->keywords + f->set_count * sizeof *f->sets +
           (f->keyword_slots != NULL ? KEYWORD_SLOTS * sizeof *f->keyword_slots : 0) +
           (f->set_slots != NULL ? SET_SLOTS * sizeof *f->set_slots : 0);
}
