/* drop.c - see drop.h */
#include "collect/drop.h"

#include "mailaccess/collect_types.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256, TEXT_MOST = 1 << 29 };

void drop_init(struct drop *d, const struct mem *mem)
{
    memset(d, 0, sizeof *d);
    d->mem = mem;
    buf_init(&d->text, mem, TEXT_MOST);
}

void drop_free(struct drop *d)
{
    mem_free(d->mem, d->mail);
    mem_free(d->mem, d->by_uidl);
    buf_free(&d->text);
    drop_init(d, d->mem);
}

/* --- what was listed --- */

static int put_text(struct drop *d, const char *text, size_t len)
{
    int rc = buf_add(&d->text, text, len);

    return rc == MLA_E_LIMIT ? MLA_E_FLOOD : rc;
}

static int put_uidl(struct drop *d, struct mail *m, mla_str uidl)
{
    uint8_t hash[CRYPT_HASH_MAX];
    char text[2 + 2 * DIGEST_LEN] = "h-";
    int rc;

    if (uidl.ptr == NULL || uidl.len == 0)
        return 0;
    m->uidl_at = d->text.len;
    m->uidl_len = (uint32_t)uidl.len;
    if (uidl.len <= DROP_UIDL_MAX)
        return put_text(d, uidl.ptr, uidl.len);
    rc = crypt_hash(CRYPT_SHA256, uidl.ptr, uidl.len, hash);
    if (rc != 0)
        return rc;
    digest_text(hash, text + 2);
    m->uidl_len = sizeof text;
    return put_text(d, text, sizeof text);
}

int drop_add(struct drop *d, const mla_pop3_item *item)
{
    struct mail *m;
    int rc;

    if (d->count == d->room) {
        uint32_t room = d->room != 0 ? d->room * 2 : FIRST_ROOM;
        struct mail *more;

        if (d->count >= 2 * DROP_MOST)
            return MLA_E_FLOOD;
        more = mem_resize_array(d->mem, d->mail, room, sizeof *more);
        if (more == NULL)
            return MLA_E_NOMEM;
        d->mail = more;
        d->room = room;
    }
    m = &d->mail[d->count];
    memset(m, 0, sizeof *m);
    m->number = item->number;
    m->size = item->size;
    m->flags = item->uidl.ptr == NULL ? MAIL_LISTED : 0;
    rc = put_uidl(d, m, item->uidl);
    d->count += rc == 0;
    return rc;
}

static int by_number(const void *a, const void *b)
{
    const struct mail *x = a;
    const struct mail *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

/* Entries with the same number, one behind the other, become one. */
static void merge(struct drop *d)
{
    uint32_t kept = 0;

    for (uint32_t i = 1; i < d->count; i++) {
        struct mail *last = &d->mail[kept];
        const struct mail *m = &d->mail[i];

        if (m->number != last->number) {
            d->mail[++kept] = *m;
            continue;
        }
        if (last->size == 0)
            last->size = m->size;
        last->flags |= m->flags;
        if (last->uidl_len == 0) {
            last->uidl_at = m->uidl_at;
            last->uidl_len = m->uidl_len;
        }
    }
    if (d->count != 0)
        d->count = kept + 1;
}

/* --- by UIDL --- */

static int compare(mla_str a, mla_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n != 0 ? memcmp(a.ptr, b.ptr, n) : 0;

    return c != 0 ? c : a.len < b.len ? -1 : a.len > b.len;
}

mla_str drop_uidl(const struct drop *d, const struct mail *m)
{
    mla_str s = {NULL, 0};

    if (m->uidl_len != 0)
        s = (mla_str){(const char *)d->text.ptr + m->uidl_at, m->uidl_len};
    return s;
}

static mla_str uidl_at(const struct drop *d, uint32_t i)
{
    return drop_uidl(d, &d->mail[d->by_uidl[i]]);
}

/* Which of the two indices comes first: by UIDL, those that have the same one by number. */
static int is_before(const struct drop *d, uint32_t a, uint32_t b)
{
    int c = compare(uidl_at(d, a), uidl_at(d, b));

    return c < 0 || (c == 0 && d->by_uidl[a] < d->by_uidl[b]);
}

static void sift(const struct drop *d, uint32_t at, uint32_t count)
{
    uint32_t *x = d->by_uidl;

    for (;;) {
        uint32_t child = 2 * at + 1;
        uint32_t swap;

        if (child >= count)
            return;
        if (child + 1 < count && is_before(d, child, child + 1))
            child++;
        if (!is_before(d, at, child))
            return;
        swap = x[at];
        x[at] = x[child];
        x[child] = swap;
        at = child;
    }
}

static int is_sorted(const struct drop *d)
{
    for (uint32_t i = 1; i < d->uidl_count; i++)
        if (compare(uidl_at(d, i - 1), uidl_at(d, i)) > 0)
            return 0;
    return 1;
}

/* Heapsort: the comparison needs the drop, which qsort() does not hand on, and servers choose the
 * order, which must not make it slow. Most list in order already. */
static void sort_by_uidl(struct drop *d)
{
    uint32_t n = d->uidl_count;

    if (is_sorted(d))
        return;
    for (uint32_t i = n / 2; i-- > 0;)
        sift(d, i, n);
    for (uint32_t i = n; i-- > 1;) {
        uint32_t swap = d->by_uidl[0];

        d->by_uidl[0] = d->by_uidl[i];
        d->by_uidl[i] = swap;
        sift(d, 0, i);
    }
}

/* P12: another message with the same UIDL is another message. */
static void flag_shared(struct drop *d)
{
    for (uint32_t i = 1; i < d->uidl_count; i++)
        if (compare(uidl_at(d, i - 1), uidl_at(d, i)) == 0) {
            d->mail[d->by_uidl[i - 1]].flags |= MLA_COLLECT_SHARED;
            d->mail[d->by_uidl[i]].flags |= MLA_COLLECT_SHARED;
        }
}

int drop_join(struct drop *d)
{
    int sorted = 1;

    for (uint32_t i = 1; i < d->count; i++)
        sorted &= d->mail[i - 1].number < d->mail[i].number;
    if (!sorted)
        qsort(d->mail, d->count, sizeof *d->mail, by_number);
    merge(d);
    if (d->count > DROP_MOST)
        return MLA_E_FLOOD;
    d->by_uidl = mem_array(d->mem, d->count, sizeof *d->by_uidl);
    if (d->by_uidl == NULL)
        return MLA_E_NOMEM;
    for (uint32_t i = 0; i < d->count; i++)
        if (d->mail[i].uidl_len != 0)
            d->by_uidl[d->uidl_count++] = i;
    sort_by_uidl(d);
    flag_shared(d);
    d->joined = 1;
    return 0;
}

struct mail *drop_find(const struct drop *d, uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = d->count;

    if (!d->joined)
        return NULL;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (d->mail[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < d->count && d->mail[low].number == number ? &d->mail[low] : NULL;
}

struct mail *drop_find_uidl(const struct drop *d, mla_str uidl)
{
    uint32_t low = 0;
    uint32_t high = d->uidl_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare(uidl_at(d, middle), uidl) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < d->uidl_count && compare(uidl_at(d, low), uidl) == 0 ? &d->mail[d->by_uidl[low]]
                                                                      : NULL;
}

/* --- queues --- */

int fifo_init(struct fifo *f, const struct mem *mem, uint32_t room)
{
    memset(f, 0, sizeof *f);
    f->item = mem_array(mem, room, sizeof *f->item);
    f->room = room;
    return f->item != NULL ? 0 : MLA_E_NOMEM;
}

void fifo_free(struct fifo *f, const struct mem *mem)
{
    mem_free(mem, f->item);
    memset(f, 0, sizeof *f);
}

void fifo_push(struct fifo *f, uint32_t index)
{
    f->item[(f->first + f->count++) % f->room] = index;
}

uint32_t fifo_peek(const struct fifo *f)
{
    return f->item[f->first];
}

uint32_t fifo_pop(struct fifo *f)
{
    uint32_t index = f->item[f->first];

    f->first = (f->first + 1) % f->room;
    f->count--;
    return index;
}
