/* resp_fetch_more.c - items of extensions in a FETCH answer. */
#include "imap/date.h"
#include "imap/mbname.h"
#include "imap/resp_read.h"

struct annotation {
    mla_imap_annotation pub;
    struct annotation *next;
};

struct binary_size {
    mla_imap_binary_size pub;
    struct binary_size *next;
};

/* The public record, and where its lists go on. */
struct imap_fetch_more {
    mla_imap_fetch_more pub;
    struct annotation *last_annotation;
    struct binary_size *last_size;
};

/* RFC 8474 section 7, fetch-emailid-resp and fetch-threadid-resp; some servers leave out the
 * parentheses, as they do with MAILBOXID. */
static int read_object_id(struct ilex *l, mla_str *out)
{
    int parens = ilex_take(l, '(');

    ilex_spaces(l);
    if (ilex_take_nil(l)) {
        out->ptr = NULL;
        out->len = 0;
    } else if (!ilex_atom(l, out)) {
        return ILEX_BAD;
    }
    ilex_spaces(l);
    return parens && !ilex_take(l, ')') ? ILEX_BAD : 0;
}

static int read_email_id(struct ilex *l, struct imap_fetch_more *m)
{
    return read_object_id(l, &m->pub.email_id);
}

static int read_thread_id(struct ilex *l, struct imap_fetch_more *m)
{
    return read_object_id(l, &m->pub.thread_id);
}

/* RFC 8970 section 6 */
static int read_preview(struct ilex *l, struct imap_fetch_more *m)
{
    return ilex_nstring(l, &m->pub.preview);
}

/* RFC 8514 section 6, fetch-att: date-time or NIL. */
static int read_save_date(struct ilex *l, struct imap_fetch_more *m)
{
    mla_str s;
    int rc = ilex_nstring(l, &s);

    if (rc != 0 || s.ptr == NULL)
        return rc;
    if (!imap_date_parse(s.ptr, s.len, &m->pub.save_date, &m->pub.save_zone))
        return ILEX_RANGE;
    m->pub.has_save_date = 1;
    return 0;
}

static int read_gm_message_id(struct ilex *l, struct imap_fetch_more *m)
{
    return ilex_number(l, UINT64_MAX, &m->pub.gm_message_id);
}

static int read_gm_thread_id(struct ilex *l, struct imap_fetch_more *m)
{
    return ilex_number(l, UINT64_MAX, &m->pub.gm_thread_id);
}

/* Gmail: a list of astrings in modified UTF-7, or in UTF-8 where names are; NIL may be among them.
 */
static int read_gm_labels(struct ilex *l, struct imap_fetch_more *m)
{
    struct ilex_words w;
    size_t count;
    int rc;

    if (ilex_take_nil(l))
        return 0;
    if (!ilex_take(l, '('))
        return ILEX_BAD;
    ilex_words_init(&w);
    for (;;) {
        mla_str raw;
        mla_str label;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            break;
        rc = ilex_nstring(l, &raw);
        if (rc == 0 && raw.ptr == NULL)
            continue;
        if (rc == 0 && mbname_decode(l->arena, raw, l->opts->utf8, &label) < 0)
            rc = ilex_no_memory(l);
        if (rc == 0)
            rc = ilex_words_add(l, &w, label);
        if (rc != 0)
            return rc;
    }
    rc = ilex_words_done(l, &w, &m->pub.labels, &count);
    if (rc == 0)
        m->pub.label_count = (uint32_t)count;
    return rc;
}

/* RFC 3516 section 7: "[1.2]" and a number. */
static int read_binary_size(struct ilex *l, struct imap_fetch_more *m)
{
    struct binary_size *n;
    mla_str section;
    uint64_t size;
    int rc;

    if (*l->p != '[')
        return ILEX_BAD;
    rc = imap_read_section_name(l, &section);
    if (rc != 0)
        return rc;
    ilex_spaces(l);
    rc = ilex_number(l, INT64_MAX, &size);
    if (rc != 0)
        return rc;
    n = ilex_alloc(l, sizeof *n);
    if (n == NULL)
        return ilex_no_memory(l);
    n->pub.struct_size = sizeof n->pub;
    n->pub.section = section;
    n->pub.size = size;
    if (m->last_size != NULL)
        m->last_size->pub.next = &n->pub;
    else
        m->pub.binary_sizes = &n->pub;
    m->last_size = n;
    return 0;
}

static int add_annotation(struct ilex *l, struct imap_fetch_more *m, mla_str entry,
                          mla_str attribute, mla_str value)
{
    struct annotation *n = ilex_alloc(l, sizeof *n);

    if (n == NULL)
        return ilex_no_memory(l);
    n->pub.struct_size = sizeof n->pub;
    n->pub.entry = entry;
    n->pub.attribute = attribute;
    n->pub.value = value;
    if (m->last_annotation != NULL)
        m->last_annotation->pub.next = &n->pub;
    else
        m->pub.annotations = &n->pub;
    m->last_annotation = n;
    return 0;
}

/* A string, a literal8 among them. */
static int read_value(struct ilex *l, mla_str *out)
{
    int cut;

    return *l->p == '~' ? ilex_literal(l, out, &cut) : ilex_nstring(l, out);
}

/* Behind the "(" of an entry: attributes and their values. */
static int read_attributes(struct ilex *l, struct imap_fetch_more *m, mla_str entry)
{
    for (;;) {
        mla_str attribute;
        mla_str value;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        rc = ilex_astring(l, &attribute);
        ilex_spaces(l);
        if (rc == 0)
            rc = read_value(l, &value);
        if (rc == 0)
            rc = add_annotation(l, m, entry, attribute, value);
        if (rc != 0)
            return rc;
    }
}

/* RFC 5257 section 5, msg-att-dynamic: entries with their attributes, or by name alone. */
static int read_annotations(struct ilex *l, struct imap_fetch_more *m)
{
    const mla_str none = {NULL, 0};

    if (!ilex_take(l, '('))
        return ILEX_BAD;
    for (;;) {
        mla_str entry;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        rc = ilex_astring(l, &entry);
        if (rc != 0)
            return rc;
        ilex_spaces(l);
        rc = ilex_take(l, '(') ? read_attributes(l, m, entry)
                               : add_annotation(l, m, entry, none, none);
        if (rc != 0)
            return rc;
    }
}

struct item_row {
    const char *name;
    uint32_t bit;
    int (*read)(struct ilex *l, struct imap_fetch_more *m);
};

static const struct item_row rows[] = {
    {"EMAILID", MLA_IMAP_ITEM_EMAILID, read_email_id},
    {"THREADID", MLA_IMAP_ITEM_THREADID, read_thread_id},
    {"SAVEDATE", MLA_IMAP_ITEM_SAVEDATE, read_save_date},
    {"PREVIEW", MLA_IMAP_ITEM_PREVIEW, read_preview},
    {"X-GM-MSGID", MLA_IMAP_ITEM_GM_MESSAGE_ID, read_gm_message_id},
    {"X-GM-THRID", MLA_IMAP_ITEM_GM_THREAD_ID, read_gm_thread_id},
    {"X-GM-LABELS", MLA_IMAP_ITEM_GM_LABELS, read_gm_labels},
    {"ANNOTATION", MLA_IMAP_ITEM_ANNOTATIONS, read_annotations},
    {"BINARY.SIZE", MLA_IMAP_ITEM_BINARY_SIZES, read_binary_size},
};

static const struct item_row *find_row(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word((const char *)p, n, rows[i].name))
            return &rows[i];
    return NULL;
}

int imap_read_fetch_more(struct ilex *l, mla_imap_fetch *f, struct imap_fetch_more **more)
{
    const uint8_t *from = l->p;
    const struct item_row *row;
    struct imap_fetch_more *m = *more;
    struct imap_fetch_more before;
    int rc;

    while (ilex_is(*l->p, ILEX_NAME))
        l->p++;
    row = find_row(from, (size_t)(l->p - from));
    if (row == NULL) {
        l->p = from;
        return 0;
    }
    if (m == NULL) {
        m = *more = ilex_alloc(l, sizeof *m);
        if (m == NULL)
            return ilex_no_memory(l);
        m->pub.struct_size = sizeof m->pub;
    }
    f->more = &m->pub;
    ilex_spaces(l);
    before = *m;
    rc = row->read(l, m);
    if (rc != 0) {
        *m = before;
        if (m->last_annotation != NULL)
            m->last_annotation->pub.next = NULL;
        if (m->last_size != NULL)
            m->last_size->pub.next = NULL;
        return rc;
    }
    f->fields |= row->bit;
    return 1;
}
