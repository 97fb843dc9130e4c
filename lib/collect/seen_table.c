/* seen_table.c - see seen_table.h */
#include "collect/seen_table.h"

#include "base/num.h"

#include <string.h>

enum { FIRST_SLOTS = 1024, FIRST_LIST = 512, FIRST_SOURCES = 8 };

/* One block: the record and, behind it, id, header and note. */
struct seen_entry {
    uint64_t hash;
    uint64_t note_hash;
    uint64_t first_s;
    uint64_t gone_s;
    uint64_t size;
    uint64_t octets;
    uint32_t source;
    uint32_t flags;
    uint32_t count;
    uint32_t doubtful;
    uint32_t id_len;
    uint32_t header_len;
    uint32_t note_len;
    char text[];
};

void seen_table_init(struct seen_table *t, const struct mem *mem, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->mem = mem;
    t->seed = seed;
}

void seen_table_free(struct seen_table *t)
{
    for (size_t i = 0; i < t->listed; i++)
        mem_free(t->mem, t->list[i]);
    for (uint32_t i = 0; i < t->source_count; i++)
        mem_free(t->mem, (char *)(uintptr_t)t->sources[i].ptr);
    mem_free(t->mem, t->list);
    mem_free(t->mem, t->by_id.slot);
    mem_free(t->mem, t->by_note.slot);
    mem_free(t->mem, t->sources);
    seen_table_init(t, t->mem, t->seed);
}

/* --- sources --- */

int seen_table_source(struct seen_table *t, mla_str name, uint32_t *out)
{
    char *copy;

    for (uint32_t i = 0; i < t->source_count; i++)
        if (t->sources[i].len == name.len && memcmp(t->sources[i].ptr, name.ptr, name.len) == 0) {
            *out = i;
            return 0;
        }
    if (t->source_count == t->source_room) {
        uint32_t room = t->source_room != 0 ? t->source_room * 2 : FIRST_SOURCES;
        mla_str *more = mem_resize_array(t->mem, t->sources, room, sizeof *more);

        if (more == NULL)
            return MLA_E_NOMEM;
        t->sources = more;
        t->source_room = room;
    }
    copy = mem_dup(t->mem, name.ptr, name.len);
    if (copy == NULL)
        return MLA_E_NOMEM;
    t->sources[t->source_count] = (mla_str){copy, name.len};
    *out = t->source_count++;
    return 0;
}

/* --- slots --- */

static uint64_t hash_of(const struct seen_table *t, uint64_t salt, mla_str s)
{
    uint64_t h = t->seed ^ salt * 0x9e3779b97f4a7c15u;

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return h ^ h >> 32;
}

static uint64_t hash_note(const struct seen_table *t, mla_str note)
{
    return hash_of(t, UINT64_MAX, note);
}

static void put_slot(struct seen_slots *s, uint64_t hash, size_t index)
{
    size_t at = (size_t)hash & (s->size - 1);

    while (s->slot[at] != 0)
        at = (at + 1) & (s->size - 1);
    s->slot[at] = (uint32_t)index + 1;
    s->used++;
}

/* Makes the slots anew, with room for more records. */
static int rebuild(struct seen_table *t, struct seen_slots *s, int is_note)
{
    struct seen_slots next = {NULL, FIRST_SLOTS, 0};

    while (next.size / 4 < t->live + 1)
        next.size *= 2;
    next.slot = mem_array(t->mem, next.size, sizeof *next.slot);
    if (next.slot == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < next.size; i++)
        next.slot[i] = 0;
    for (size_t i = 0; i < t->listed; i++) {
        const struct seen_entry *e = t->list[i];

        if (e != NULL && (!is_note || e->note_len != 0))
            put_slot(&next, is_note ? e->note_hash : e->hash, i);
    }
    mem_free(t->mem, s->slot);
    *s = next;
    return 0;
}

/* Sees to it that one more fits. */
static int need_slot(struct seen_table *t, struct seen_slots *s, int is_note)
{
    return (s->used + 1) * 2 > s->size ? rebuild(t, s, is_note) : 0;
}

/* The list index of a record; SIZE_MAX when there is none. */
static size_t find(const struct seen_table *t, uint32_t source, mla_str id, uint64_t hash)
{
    const struct seen_slots *s = &t->by_id;

    if (s->size == 0)
        return SIZE_MAX;
    for (size_t at = (size_t)hash & (s->size - 1); s->slot[at] != 0;
         at = (at + 1) & (s->size - 1)) {
        size_t index = s->slot[at] - 1;
        const struct seen_entry *e = t->list[index];

        if (e != NULL && e->hash == hash && e->source == source && e->id_len == id.len &&
            memcmp(e->text, id.ptr, id.len) == 0)
            return index;
    }
    return SIZE_MAX;
}

/* --- records --- */

static mla_str slice(const char *text, uint32_t len)
{
    mla_str s = {len != 0 ? text : NULL, len};

    return s;
}

static void show(const struct seen_entry *e, mla_seen_record *out)
{
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->flags = e->flags;
    out->id = slice(e->text, e->id_len);
    out->first_s = e->first_s;
    out->gone_s = e->gone_s;
    out->size = e->size;
    out->octets = e->octets;
    out->header = slice(e->text + e->id_len, e->header_len);
    out->count = e->count;
    out->doubtful = e->doubtful;
    out->note = slice(e->text + e->id_len + e->header_len, e->note_len);
}

int seen_table_find(const struct seen_table *t, uint32_t source, mla_str id, mla_seen_record *out)
{
    size_t index = find(t, source, id, hash_of(t, source, id));

    if (index == SIZE_MAX)
        return 0;
    show(t->list[index], out);
    return 1;
}

int seen_table_has_note(const struct seen_table *t, mla_str note)
{
    const struct seen_slots *s = &t->by_note;
    uint64_t hash = hash_note(t, note);

    if (s->size == 0)
        return 0;
    for (size_t at = (size_t)hash & (s->size - 1); s->slot[at] != 0;
         at = (at + 1) & (s->size - 1)) {
        const struct seen_entry *e = t->list[s->slot[at] - 1];

        if (e != NULL && e->note_hash == hash && e->note_len == note.len &&
            memcmp(e->text + e->id_len + e->header_len, note.ptr, note.len) == 0)
            return 1;
    }
    return 0;
}

static char *put_text(char *to, mla_str s)
{
    if (s.len != 0)
        memcpy(to, s.ptr, s.len);
    return to + s.len;
}

static struct seen_entry *make(const struct seen_table *t, uint32_t source,
                               const mla_seen_record *r)
{
    struct seen_entry *e;
    size_t need;
    char *to;

    if (r->id.len > UINT32_MAX || r->header.len > UINT32_MAX || r->note.len > UINT32_MAX ||
        !num_add(sizeof *e, r->id.len, &need) || !num_add(need, r->header.len, &need) ||
        !num_add(need, r->note.len, &need))
        return NULL;
    e = mem_alloc(t->mem, need);
    if (e == NULL)
        return NULL;
    memset(e, 0, sizeof *e);
    e->hash = hash_of(t, source, r->id);
    e->note_hash = hash_note(t, r->note);
    e->first_s = r->first_s;
    e->gone_s = r->gone_s;
    e->size = r->size;
    e->octets = r->octets;
    e->source = source;
    e->flags = r->flags;
    e->count = r->count;
    e->doubtful = r->doubtful;
    e->id_len = (uint32_t)r->id.len;
    e->header_len = (uint32_t)r->header.len;
    e->note_len = (uint32_t)r->note.len;
    to = put_text(e->text, r->id);
    to = put_text(to, r->header);
    put_text(to, r->note);
    return e;
}

static int need_room(struct seen_table *t)
{
    size_t room = t->room != 0 ? t->room * 2 : FIRST_LIST;
    struct seen_entry **more;

    if (t->listed < t->room)
        return 0;
    if (room > UINT32_MAX / 2)
        return MLA_E_NOMEM;
    more = mem_resize_array(t->mem, t->list, room, sizeof *more);
    if (more == NULL)
        return MLA_E_NOMEM;
    t->list = more;
    t->room = room;
    return 0;
}

int seen_table_put(struct seen_table *t, uint32_t source, const mla_seen_record *r)
{
    struct seen_entry *e = make(t, source, r);
    size_t index;

    if (e == NULL)
        return MLA_E_NOMEM;
    index = find(t, source, r->id, e->hash);
    if (need_slot(t, &t->by_id, 0) != 0 || need_slot(t, &t->by_note, 1) != 0 ||
        (index == SIZE_MAX && need_room(t) != 0)) {
        mem_free(t->mem, e);
        return MLA_E_NOMEM;
    }
    if (index == SIZE_MAX) {
        index = t->listed++;
        t->live++;
        put_slot(&t->by_id, e->hash, index);
    } else {
        /* r may point into the old one */
        mem_free(t->mem, t->list[index]);
    }
    t->list[index] = e;
    /* A slot that the note had before stays, and finds another note: no harm. */
    if (e->note_len != 0)
        put_slot(&t->by_note, e->note_hash, index);
    return 0;
}

int seen_table_remove(struct seen_table *t, uint32_t source, mla_str id)
{
    size_t index = find(t, source, id, hash_of(t, source, id));

    if (index == SIZE_MAX)
        return 0;
    mem_free(t->mem, t->list[index]);
    t->list[index] = NULL;
    t->live--;
    return 1;
}

int seen_table_each(const struct seen_table *t, uint64_t *at, uint32_t *out_source,
                    mla_seen_record *out)
{
    while (*at < t->listed) {
        const struct seen_entry *e = t->list[(*at)++];

        if (e == NULL)
            continue;
        *out_source = e->source;
        show(e, out);
        return 1;
    }
    return 0;
}

void seen_table_pack(struct seen_table *t)
{
    size_t to = 0;

    for (size_t i = 0; i < t->listed; i++)
        if (t->list[i] != NULL)
            t->list[to++] = t->list[i];
    t->listed = to;
    /* Slots of removed records point nowhere now: both are made anew, or left to be. */
    t->by_id.used = t->by_note.used = 0;
    for (size_t i = 0; i < t->by_id.size; i++)
        t->by_id.slot[i] = 0;
    for (size_t i = 0; i < t->by_note.size; i++)
        t->by_note.slot[i] = 0;
    for (size_t i = 0; i < to; i++) {
        put_slot(&t->by_id, t->list[i]->hash, i);
        if (t->list[i]->note_len != 0)
            put_slot(&t->by_note, t->list[i]->note_hash, i);
    }
}
