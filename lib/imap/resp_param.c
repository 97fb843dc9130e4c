/* resp_param.c - parameters in BODYSTRUCTURE: continuations and character sets (RFC 2231).
 *
 * RFC 2231 section 6 wants servers to join and decode them; hardly any does. */
#include "imap/resp_read.h"

#include "base/buf.h"
#include "base/num.h"
#include "codec/charset.h"

/* More are left as they are: each name is compared with each. */
enum { PARAMS_MAX = 256 };

struct param {
    mla_str name; /* without what begins with "*" */
    mla_str value;
    uint64_t section;
    int has_section;
    int extended; /* percent-encoded; the first one with its character set */
};

/* "name*1*" taken apart. 0: it is a plain name, or one that only looks so. */
static int split(mla_str name, mla_str value, struct param *out)
{
    const char *star = name.len != 0 ? memchr(name.ptr, '*', name.len) : NULL;
    const char *end = name.ptr + name.len;
    size_t digits;

    memset(out, 0, sizeof *out);
    out->name = name;
    out->value = value;
    if (star == NULL || star == name.ptr)
        return 0;
    out->name.len = (size_t)(star - name.ptr);
    star++;
    digits = num_parse_prefix(star, (size_t)(end - star), PARAMS_MAX, &out->section);
    out->has_section = digits != 0;
    star += digits;
    if (star < end && *star == '*') {
        out->extended = 1;
        star++;
    } else if (digits == 0) {
        out->extended = 1;
    }
    if (star == end)
        return 1;
    out->name = name;
    out->has_section = out->extended = 0;
    return 0;
}

static int is_same(mla_str a, mla_str b)
{
    return a.len == b.len && a.len != 0 && ascii_equal(a.ptr, a.len, b.ptr, b.len);
}

static struct param param_at(const struct ilex_words *w, size_t i)
{
    struct param x;

    split(w->items[2 * i], w->items[2 * i + 1], &x);
    return x;
}

/* The pair that is section n of name; the count of pairs when there is none. */
static size_t find_section(const struct ilex_words *w, mla_str name, uint64_t n)
{
    size_t i;

    for (i = 0; i < w->count / 2; i++) {
        struct param x = param_at(w, i);

        if (x.has_section && x.section == n && is_same(x.name, name))
            break;
    }
    return i;
}

static void add_percent(mla_str s, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        int high = s.len - i >= 3 && s.ptr[i] == '%' ? ascii_hex((unsigned char)s.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex((unsigned char)s.ptr[i + 2]) : -1;
        unsigned c = (unsigned char)s.ptr[i];

        if (low >= 0) {
            c = (unsigned)high << 4 | (unsigned)low;
            i += 2;
        }
        buf_add_byte(out, (unsigned char)c);
    }
}

/* RFC 2231 section 4: charset'language'value. */
static void take_charset(mla_str *value, mla_str *charset)
{
    const char *end = value->ptr + value->len;
    const char *first = value->len != 0 ? memchr(value->ptr, '\'', value->len) : NULL;
    const char *second = first != NULL ? memchr(first + 1, '\'', (size_t)(end - first - 1)) : NULL;

    if (second == NULL)
        return;
    charset->ptr = value->ptr;
    charset->len = (size_t)(first - value->ptr);
    value->ptr = second + 1;
    value->len = (size_t)(end - second - 1);
}

/* All pieces of x, which is the whole or the first one. */
static void collect(const struct ilex_words *w, struct param x, mla_str *charset, struct buf *out)
{
    mla_str name = x.name;

    if (x.extended)
        take_charset(&x.value, charset);
    for (uint64_t section = 1;; section++) {
        size_t i;

        if (x.extended)
            add_percent(x.value, out);
        else
            buf_add(out, x.value.ptr, x.value.len);
        if (!x.has_section)
            return;
        i = find_section(w, name, section);
        if (i == w->count / 2)
            return; /* a gap ends the value */
        x = param_at(w, i);
    }
}

/* The value of x in UTF-8, in the arena. */
static int decode(struct ilex *l, const struct ilex_words *w, struct param x, mla_str *out)
{
    mla_str charset = {NULL, 0};
    struct buf octets;
    struct buf text;
    int rc;

    buf_init(&octets, l->arena->mem, SIZE_MAX / 16);
    buf_init(&text, l->arena->mem, SIZE_MAX / 2);
    collect(w, x, &charset, &octets);
    rc = octets.failed;
    if (rc == 0)
        rc = charset_to_utf8(NULL, charset.ptr, charset.len, octets.ptr, octets.len, &text, NULL);
    if (rc == 0) {
        out->len = text.len;
        out->ptr = text.len != 0 ? arena_dup(l->arena, text.ptr, text.len) : "";
        if (out->ptr == NULL)
            rc = ilex_no_memory(l);
    } else {
        rc = MLA_E_NOMEM;
    }
    buf_free(&octets);
    buf_free(&text);
    return rc;
}

/* The form of RFC 2231 counts where both are given (RFC 6266 section 4.3 says so as well). */
static int has_better(const struct ilex_words *w, mla_str name)
{
    for (size_t i = 0; i < w->count / 2; i++) {
        struct param x;

        if (split(w->items[2 * i], w->items[2 * i + 1], &x) && is_same(x.name, name) &&
            (!x.has_section || x.section == 0))
            return 1;
    }
    return 0;
}

/* Is pair i the first of those that give its name a whole value? */
static int is_first_whole(const struct ilex_words *w, size_t i, mla_str name)
{
    for (size_t k = 0; k < i; k++) {
        struct param x;

        if (split(w->items[2 * k], w->items[2 * k + 1], &x) && is_same(x.name, name) &&
            (!x.has_section || x.section == 0))
            return 0;
    }
    return 1;
}

int imap_join_params(struct ilex *l, struct ilex_words *w)
{
    struct ilex_words joined;
    int found = 0;
    int rc = 0;

    for (size_t i = 0; i + 1 < w->count && !found; i += 2)
        found = w->items[i].len != 0 && memchr(w->items[i].ptr, '*', w->items[i].len) != NULL;
    if (!found || w->count / 2 > PARAMS_MAX)
        return 0;
    ilex_words_init(&joined);
    for (size_t i = 0; i < w->count / 2 && rc == 0; i++) {
        struct param x;
        int special = split(w->items[2 * i], w->items[2 * i + 1], &x);
        mla_str value = x.value;

        if (!special && has_better(w, x.name))
            continue;
        if (special && has_better(w, x.name)) {
            if ((x.has_section && x.section != 0) || !is_first_whole(w, i, x.name))
                continue;
            rc = decode(l, w, x, &value);
        } else if (special) { /* pieces without a first one stay as they are */
            x.name = w->items[2 * i];
        }
        if (rc == 0)
            rc = ilex_words_add(l, &joined, x.name);
        if (rc == 0)
            rc = ilex_words_add(l, &joined, value);
    }
    if (rc != 0)
        return rc;
    w->count = 0;
    for (size_t i = 0; i < joined.count; i++) /* not more than there were: they fit */
        w->items[w->count++] = joined.items[i];
    return 0;
}
