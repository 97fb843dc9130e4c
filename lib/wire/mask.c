/* mask.c - see mask.h */
#include "wire/mask.h"

#include "base/ascii.h"
#include "mailaccess/types.h"

#include <string.h>

/* A polynomial over 2^64, whose value for the next window follows from the one before. */
static const uint64_t base = 0x9e3779b97f4a7c15U;

static uint64_t value(uint8_t c)
{
    return (uint64_t)ascii_lower(c) + 1;
}

static uint64_t hash_of(const uint8_t *p, size_t n)
{
    uint64_t h = 0;

    for (size_t i = 0; i < n; i++)
        h = h * base + value(p[i]);
    return h;
}

static uint64_t power(size_t n)
{
    uint64_t out = 1;

    for (uint64_t b = base; n != 0; n >>= 1, b *= b)
        if ((n & 1) != 0)
            out *= b;
    return out;
}

/* --- what is looked for --- */

static int add_form(struct mask *m, const struct mem *mem, uint64_t hash, size_t len, int is_base64)
{
    struct mask_form form = {hash, (uint32_t)len, is_base64 != 0};
    struct mask_form *grown;

    for (size_t i = 0; i < m->count; i++)
        if (m->forms[i].hash == hash && m->forms[i].len == len)
            return 0;
    if (m->count == MASK_FORMS_MAX) {
        m->forms[m->next++ % MASK_FORMS_MAX] = form;
    } else {
        grown = mem_resize_array(mem, m->forms, m->count + 1, sizeof form);
        if (grown == NULL)
            return MLA_E_NOMEM;
        m->forms = grown;
        m->forms[m->count++] = form;
    }
    if (len > m->longest)
        m->longest = len;
    return 0;
}

/* The octets at p as base64 has them when `before` octets stand in front of them in a group: what
 * depends on nothing but them. */
static int add_base64(struct mask *m, const struct mem *mem, const uint8_t *p, size_t n,
                      size_t before)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t first = before == 0 ? 0 : before + 1;
    size_t end = (before + n) * 8 / 6;
    uint64_t h = 0;

    for (size_t i = first; i < end; i++) {
        size_t bit = i * 6 - before * 8;
        unsigned pair = (unsigned)p[bit / 8] << 8;

        if (bit / 8 + 1 < n)
            pair |= p[bit / 8 + 1];
        h = h * base + value((uint8_t)alphabet[(pair >> (10 - bit % 8)) & 63]);
    }
    return end - first >= MASK_SHORTEST ? add_form(m, mem, h, end - first, 1) : 0;
}

/* As it stands between quotation marks (RFC 9051 section 9, quoted). */
static int add_quoted(struct mask *m, const struct mem *mem, const uint8_t *p, size_t n)
{
    uint64_t h = 0;
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"' || p[i] == '\\') {
            h = h * base + value('\\');
            len++;
        }
        h = h * base + value(p[i]);
        len++;
    }
    return len != n ? add_form(m, mem, h, len, 0) : 0;
}

int mask_secret(struct mask *m, const struct mem *mem, const void *secret, size_t len)
{
    int rc = mask_sent(m, mem, secret, len);

    if (rc == 0 && len >= MASK_SHORTEST && len < UINT32_MAX / 2)
        rc = add_quoted(m, mem, secret, len);
    for (size_t before = 0; before < 3 && rc == 0 && len >= MASK_SHORTEST; before++)
        rc = add_base64(m, mem, secret, len, before);
    return rc;
}

int mask_sent(struct mask *m, const struct mem *mem, const void *line, size_t len)
{
    if (len < MASK_SHORTEST || len > UINT32_MAX)
        return 0;
    return add_form(m, mem, hash_of(line, len), len, 0);
}

void mask_free(struct mask *m, const struct mem *mem)
{
    mem_free_secret(mem, m->forms, m->count * sizeof *m->forms);
    memset(m, 0, sizeof *m);
}

/* --- looking --- */

void mask_add_spot(struct mask_spots *s, size_t from, size_t to)
{
    size_t i = 0;
    size_t last;

    while (i < s->count && s->at[i].to < from)
        i++;
    for (last = i; last < s->count && s->at[last].from <= to; last++) {
        if (s->at[last].from < from)
            from = s->at[last].from;
        if (s->at[last].to > to)
            to = s->at[last].to;
    }
    if (last == i && s->count == MASK_SPOTS) { /* no room: one of its neighbours grows */
        i -= i == MASK_SPOTS;
        s->at[i].from = from < s->at[i].from ? from : s->at[i].from;
        s->at[i].to = to > s->at[i].to ? to : s->at[i].to;
        return;
    }
    memmove(&s->at[i + 1], &s->at[last], (s->count - last) * sizeof s->at[0]);
    s->count = s->count - (last - i) + 1;
    s->at[i].from = from;
    s->at[i].to = to;
}

static int is_base64(uint8_t c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '+' || c == '/' || c == '=';
}

/* A word ends in "=" and does not begin with it: "token=..." is two. */
static void found(const struct mask_form *f, const uint8_t *p, size_t n, size_t from, size_t to,
                  struct mask_spots *out)
{
    while (f->is_base64 && from > 0 && p[from - 1] != '=' && is_base64(p[from - 1]))
        from--;
    while (f->is_base64 && to < n && is_base64(p[to]))
        to++;
    mask_add_spot(out, from, to);
}

static void find_form(const struct mask_form *f, const uint8_t *p, size_t n, struct mask_spots *out)
{
    uint64_t top = power(f->len - 1);
    uint64_t h;

    if (n < f->len)
        return;
    h = hash_of(p, f->len);
    for (size_t end = f->len;; end++) {
        if (h == f->hash)
            found(f, p, n, end - f->len, end, out);
        if (end == n)
            return;
        h = (h - value(p[end - f->len]) * top) * base + value(p[end]);
    }
}

int mask_find(const struct mask *m, const void *text, size_t n, struct mask_spots *out)
{
    out->count = 0;
    for (size_t i = 0; i < m->count; i++)
        find_form(&m->forms[i], text, n, out);
    return out->count != 0;
}

void mask_hide(const struct mask *m, void *text, size_t n)
{
    struct mask_spots spots;

    if (m->count == 0 || n < MASK_SHORTEST || !mask_find(m, text, n, &spots))
        return;
    for (size_t i = 0; i < spots.count; i++)
        memset((char *)text + spots.at[i].from, '*', spots.at[i].to - spots.at[i].from);
}
