/* saslprep.c - see saslprep.h: mapping, normalization form KC, prohibition, direction (RFC 4013
 * section 2, RFC 3454), all by Unicode 3.2. */
#include "sasl/saslprep.h"

#include "base/mem.h"
#include "codec/utf8.h"
#include "sasl/saslprep_tables.h"

#include <string.h>

/* Hangul syllables are computed (Unicode 3.2 section 3.11). */
enum {
    HANGUL = 0xac00,
    HANGUL_COUNT = 11172,
    JAMO_L = 0x1100,
    JAMO_L_COUNT = 19,
    JAMO_V = 0x1161,
    JAMO_V_COUNT = 21,
    JAMO_T = 0x11a7,
    JAMO_T_COUNT = 28
};

/* Characters on their way; a secret. */
struct text {
    const struct mem *mem;
    uint32_t *c;
    size_t len;
    size_t cap;
};

/* --- tables --- */

static int is_in(const struct prep_range *table, size_t count, uint32_t c)
{
    size_t low = 0;

    while (low < count) {
        size_t mid = low + (count - low) / 2;

        if (c < table[mid].first)
            count = mid;
        else if (c > table[mid].last)
            low = mid + 1;
        else
            return 1;
    }
    return 0;
}

static unsigned class_of(uint32_t c)
{
    size_t low = 0;
    size_t high = prep_classes_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (c < prep_classes[mid].first)
            high = mid;
        else if (c > prep_classes[mid].last)
            low = mid + 1;
        else
            return prep_classes[mid].class;
    }
    return 0;
}

/* The units of the decomposition of c; 0: it has none. */
static size_t decomposition(uint32_t c, const uint16_t **out)
{
    size_t low = 0;
    size_t high = prep_runs_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct prep_run *r = &prep_runs[mid];

        if (c < r->first) {
            high = mid;
        } else if (c - r->first >= r->count) {
            low = mid + 1;
        } else {
            *out = prep_pool + r->at + (c - r->first) * r->units;
            return r->units;
        }
    }
    return 0;
}

/* What a and b become together; 0: they stay two. */
static uint32_t composition(uint32_t a, uint32_t b)
{
    size_t low = 0;
    size_t high = prep_pairs_count;

    if (a >= JAMO_L && a - JAMO_L < JAMO_L_COUNT && b >= JAMO_V && b - JAMO_V < JAMO_V_COUNT)
        return HANGUL + ((a - JAMO_L) * JAMO_V_COUNT + (b - JAMO_V)) * JAMO_T_COUNT;
    if (a >= HANGUL && a - HANGUL < HANGUL_COUNT && (a - HANGUL) % JAMO_T_COUNT == 0 &&
        b > JAMO_T && b - JAMO_T < JAMO_T_COUNT)
        return a + (b - JAMO_T);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct prep_pair *p = &prep_pairs[mid];

        if (p->a == a && p->b == b)
            return p->composed;
        if (a < p->a || (a == p->a && b < p->b))
            high = mid;
        else
            low = mid + 1;
    }
    return 0;
}

/* --- steps --- */

static int add(struct text *t, uint32_t c)
{
    if (t->len == t->cap) {
        size_t cap = t->cap * 2 + 64;
        uint32_t *more = mem_array(t->mem, cap, sizeof *more);

        /* not resized in place: what is left behind must be wiped */
        if (more == NULL)
            return MLA_E_NOMEM;
        if (t->len != 0)
            memcpy(more, t->c, t->len * sizeof *more);
        mem_free_secret(t->mem, t->c, t->cap * sizeof *t->c);
        t->c = more;
        t->cap = cap;
    }
    t->c[t->len++] = c;
    return 0;
}

static int add_hangul(struct text *t, uint32_t c)
{
    uint32_t index = c - HANGUL;
    uint32_t tail = index % JAMO_T_COUNT;
    int rc = add(t, JAMO_L + index / (JAMO_V_COUNT * JAMO_T_COUNT));

    if (rc == 0)
        rc = add(t, JAMO_V + index / JAMO_T_COUNT % JAMO_V_COUNT);
    return rc == 0 && tail != 0 ? add(t, JAMO_T + tail) : rc;
}

static int add_decomposed(struct text *t, uint32_t c)
{
    const uint16_t *u = NULL;
    size_t n;
    int rc = 0;

    if (c >= HANGUL && c - HANGUL < HANGUL_COUNT)
        return add_hangul(t, c);
    n = decomposition(c, &u);
    if (n == 0)
        return add(t, c);
    for (size_t i = 0; i < n && rc == 0; i++) {
        uint32_t one = u[i];

        if (one >= 0xd800 && one < 0xdc00) {
            one = 0x10000 + ((one - 0xd800) << 10) + (u[i + 1] - 0xdc00U);
            i++;
        }
        rc = add(t, one);
    }
    return rc;
}

/* Mapping (RFC 4013 section 2.1), and the first half of normalization. */
static int read_all(struct text *t, mla_str text, int kind)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    size_t left = text.len;

    while (left != 0) {
        uint32_t c;
        size_t bad;
        size_t n = utf8_read(p, left, &c, &bad);
        int rc;

        if (n == 0)
            return MLA_E_SYNTAX;
        p += n;
        left -= n;
        if (is_in(prep_dropped, prep_dropped_count, c))
            continue;
        if (is_in(prep_blanks, prep_blanks_count, c))
            c = ' ';
        if (kind == SASLPREP_STORED && is_in(prep_unassigned, prep_unassigned_count, c))
            return MLA_E_SYNTAX;
        rc = add_decomposed(t, c);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* Canonical order: marks behind a letter by their class, equals in the order in which they came. */
static void order(struct text *t)
{
    for (size_t i = 1; i < t->len; i++) {
        uint32_t c = t->c[i];
        unsigned class = class_of(c);
        size_t k = i;

        while (class != 0 && k > 0 && class_of(t->c[k - 1]) > class) {
            t->c[k] = t->c[k - 1];
            k--;
        }
        t->c[k] = c;
    }
}

static void compose(struct text *t)
{
    size_t out = 0;
    size_t starter = 0;
    int has_starter = 0;
    unsigned last = 0; /* the class of the mark between, 0: none */

    for (size_t i = 0; i < t->len; i++) {
        uint32_t c = t->c[i];
        unsigned class = class_of(c);
        int blocked = out != starter + 1 && last >= class;
        uint32_t both = has_starter && !blocked ? composition(t->c[starter], c) : 0;

        if (both != 0) {
            t->c[starter] = both;
            continue;
        }
        if (class == 0) {
            starter = out;
            has_starter = 1;
        }
        last = class;
        t->c[out++] = c;
    }
    t->len = out;
}

/* RFC 3454 section 6 */
static int is_one_way(const struct text *t)
{
    int right = 0;
    int left = 0;

    for (size_t i = 0; i < t->len; i++) {
        right |= is_in(prep_right, prep_right_count, t->c[i]);
        left |= is_in(prep_left, prep_left_count, t->c[i]);
    }
    if (!right)
        return 1;
    return !left && is_in(prep_right, prep_right_count, t->c[0]) &&
           is_in(prep_right, prep_right_count, t->c[t->len - 1]);
}

static int is_allowed(const struct text *t)
{
    for (size_t i = 0; i < t->len; i++)
        if (is_in(prep_prohibited, prep_prohibited_count, t->c[i]))
            return 0;
    return is_one_way(t);
}

static int write_all(const struct text *t, struct buf *out)
{
    for (size_t i = 0; i < t->len; i++) {
        uint8_t octets[UTF8_MAX];

        buf_add(out, octets, utf8_write(t->c[i], octets));
    }
    return out->failed;
}

int saslprep(mla_str text, int kind, struct buf *out)
{
    struct text t = {out->mem, NULL, 0, 0};
    int rc = read_all(&t, text, kind);

    if (rc == 0) {
        order(&t);
        compose(&t);
        rc = is_allowed(&t) ? write_all(&t, out) : MLA_E_SYNTAX;
    }
    mem_free_secret(t.mem, t.c, t.cap * sizeof *t.c);
    return rc;
}

static int is_plain(mla_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || (unsigned char)text.ptr[i] > 0x7e)
            return 0;
    return 1;
}

int saslprep_fits(const struct mem *mem, mla_str text, int kind)
{
    struct buf out;
    int fits = is_plain(text);

    if (fits)
        return 1;
    buf_init(&out, mem, text.len * 64);
    out.secret = 1;
    fits = saslprep(text, kind, &out) != MLA_E_SYNTAX && (out.failed != 0 || out.len != 0);
    buf_free(&out);
    return fits;
}

int sasl_add_name(struct buf *out, mla_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '=')
            buf_add_word(out, "=3D");
        else if (name.ptr[i] == ',')
            buf_add_word(out, "=2C");
        else
            buf_add_byte(out, (unsigned char)name.ptr[i]);
    }
    return out->failed;
}

int sasl_add_prepared(struct buf *out, mla_str name)
{
    struct buf text;
    int rc;

    buf_init(&text, out->mem, out->max);
    text.secret = 1;
    rc = saslprep(name, SASLPREP_QUERY, &text);
    if (rc == 0 && text.len == 0)
        rc = MLA_E_SYNTAX;
    if (rc == 0)
        rc = sasl_add_name(out, (mla_str){(const char *)text.ptr, text.len});
    buf_free(&text);
    return rc;
}
