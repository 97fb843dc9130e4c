/* tnef.c - see tnef.h */
#include "mime/tnef.h"

#include "base/slice.h"
#include "codec/charset.h"
#include "mailaccess/types.h"
#include "mime/lzfu.h"

#include <stdio.h>
#include <string.h>

enum { PROPS_MAX = 10000, VALUES_MAX = 10000, LEVEL_MESSAGE = 1 };

/* Attributes ([MS-OXTNEF] section 2.1.3.1); the upper half is their type. */
enum {
    ATT_BODY = 0x800c,
    ATT_ATTACH_DATA = 0x800f,
    ATT_ATTACH_TITLE = 0x8010,
    ATT_RENDDATA = 0x9002,
    ATT_MSG_PROPS = 0x9003,
    ATT_ATTACH_PROPS = 0x9005,
    ATT_OEM_CODEPAGE = 0x9007
};

/* Properties ([MS-OXPROPS]). */
enum {
    PR_BODY = 0x1000,
    PR_RTF_COMPRESSED = 0x1009,
    PR_HTML = 0x1013,
    PR_DISPLAY_NAME = 0x3001,
    PR_ATTACH_DATA = 0x3701,
    PR_ATTACH_FILENAME = 0x3704,
    PR_ATTACH_LONG_FILENAME = 0x3707,
    PR_ATTACH_MIME_TAG = 0x370e,
    PR_ATTACH_CONTENT_ID = 0x3712,
    PR_INTERNET_CPID = 0x3fde
};

enum { PT_OBJECT = 0x0d, PT_STRING8 = 0x1e, PT_UNICODE = 0x1f, PT_BINARY = 0x102 };

struct prop {
    unsigned type;
    unsigned id;
    const uint8_t *value; /* the first, where there are several */
    size_t len;
};

struct tnef {
    struct embed_list *list;
    char charset[24];      /* of 8-bit strings */
    char html_charset[24]; /* of the HTML body; empty: the same */
    mla_mime_file *file;   /* the attachment under way */
    int name_rank;         /* how good its name is */
    struct prop body, html, rtf;
};

static uint32_t le(const uint8_t *p, size_t n)
{
    uint32_t v = 0;

    for (size_t i = n; i > 0; i--)
        v = v << 8 | p[i - 1];
    return v;
}

/* n octets, or NULL when there are fewer. */
static const uint8_t *take(struct slice *s, size_t n)
{
    const uint8_t *p = s->p;

    if (slice_left(s) < n)
        return NULL;
    s->p += n;
    return p;
}

static int take32(struct slice *s, uint32_t *out)
{
    const uint8_t *p = take(s, 4);

    if (p == NULL)
        return 0;
    *out = le(p, 4);
    return 1;
}

static const uint8_t *take_padded(struct slice *s, size_t n)
{
    const uint8_t *p = take(s, n);

    if (p != NULL)
        (void)take(s, slice_left(s) < (4 - n % 4) % 4 ? slice_left(s) : (4 - n % 4) % 4);
    return p;
}

/* ------------------------------------------------------------------ properties */

/* The octets of a value of a fixed type, with padding; 0 for types whose length is said. */
static size_t fixed_size(unsigned type)
{
    switch (type) {
    case 0x02: /* short */
    case 0x03: /* long */
    case 0x04: /* float */
    case 0x0a: /* error */
    case 0x0b: /* boolean */
        return 4;
    case 0x05: /* double */
    case 0x06: /* currency */
    case 0x07: /* application time */
    case 0x14: /* 64 bits */
    case 0x40: /* time */
        return 8;
    case 0x48: /* class id */
        return 16;
    default:
        return 0;
    }
}

/* A property in the name space of a GUID: a number or a name more. */
static int skip_name(struct slice *s)
{
    uint32_t kind;
    uint32_t len;

    if (take(s, 16) == NULL || !take32(s, &kind) || !take32(s, &len))
        return 0;
    return kind == 0 || take_padded(s, len) != NULL;
}

static int next_value(struct slice *s, unsigned type, const uint8_t **out, size_t *out_len)
{
    uint32_t len = (uint32_t)fixed_size(type);

    if (len != 0) {
        *out = take(s, len);
    } else {
        if ((type != PT_STRING8 && type != PT_UNICODE && type != PT_BINARY && type != PT_OBJECT) ||
            !take32(s, &len))
            return 0;
        *out = take_padded(s, len);
    }
    *out_len = len;
    return *out != NULL;
}

/* 1 and the next property; 0 where they end or are broken. */
static int next_prop(struct slice *s, struct prop *out)
{
    const uint8_t *head = take(s, 4);
    uint32_t count = 1;
    int is_many;

    if (head == NULL)
        return 0;
    out->type = le(head, 2) & 0xefff;
    out->id = le(head + 2, 2);
    out->value = NULL;
    out->len = 0;
    is_many = (le(head, 2) & 0x1000) != 0;
    if (out->id >= 0x8000 && !skip_name(s))
        return 0;
    if ((is_many || fixed_size(out->type) == 0) && (!take32(s, &count) || count > VALUES_MAX))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *value;
        size_t len;

        if (!next_value(s, out->type, &value, &len))
            return 0;
        if (i == 0) {
            out->value = value;
            out->len = len;
        }
    }
    return 1;
}

/* ------------------------------------------------------------------ texts */

static const char *charset_of(const struct tnef *t, const struct prop *p)
{
    return p->type == PT_UNICODE ? "utf-16le" : t->charset[0] != '\0' ? t->charset : NULL;
}

/* Without the zero at its end. */
static size_t text_len(const struct prop *p)
{
    size_t n = p->len;

    if (p->type == PT_UNICODE) {
        n &= ~(size_t)1;
        while (n >= 2 && p->value[n - 1] == 0 && p->value[n - 2] == 0)
            n -= 2;
        return n;
    }
    while (p->type != PT_BINARY && n > 0 && p->value[n - 1] == 0)
        n--;
    return n;
}

static int set_text(struct tnef *t, const struct prop *p, mla_str *out)
{
    size_t n = p->value != NULL ? text_len(p) : 0;

    return n != 0 ? embed_text(t->list, charset_of(t, p), p->value, n, out) : 0;
}

static void set_codepage(char out[24], uint32_t page)
{
    if (page == 65001)
        snprintf(out, 24, "utf-8");
    else if (page == 20127)
        snprintf(out, 24, "us-ascii");
    else if (page >= 28591 && page <= 28605)
        snprintf(out, 24, "iso-8859-%u", (unsigned)(page - 28590));
    else if (page >= 1250 && page <= 1258)
        snprintf(out, 24, "windows-%u", (unsigned)page);
    else
        snprintf(out, 24, "cp%u", (unsigned)page);
    if (!charset_known(out, strlen(out)))
        out[0] = '\0';
}

/* ------------------------------------------------------------------ attachments */

static int set_name(struct tnef *t, const struct prop *p, int rank)
{
    if (t->file == NULL || rank <= t->name_rank || p->value == NULL || text_len(p) == 0)
        return 0;
    t->name_rank = rank;
    return set_text(t, p, &t->file->name);
}

static void set_data(struct tnef *t, const struct prop *p)
{
    static const uint8_t message[16] = {0x07, 0x03, 0x02, 0, 0, 0, 0, 0,
                                        0xc0, 0,    0,    0, 0, 0, 0, 0x46};
    const uint8_t *data = p->value;
    size_t n = p->len;

    if (t->file == NULL || data == NULL)
        return;
    if (p->type == PT_OBJECT && n >= 16) { /* the interface that it has, first */
        if (memcmp(data, message, 16) == 0 && tnef_is(data + 16, n - 16)) {
            t->file->kind = MLA_FILE_TNEF_MESSAGE;
            t->file->type = (mla_str){"application/ms-tnef", 19};
        }
        data += 16;
        n -= 16;
    }
    embed_set(t->list, data, NULL, n);
}

static int attach_prop(struct tnef *t, const struct prop *p)
{
    switch (p->id) {
    case PR_ATTACH_LONG_FILENAME:
        return set_name(t, p, 4);
    case PR_ATTACH_FILENAME:
        return set_name(t, p, 2);
    case PR_DISPLAY_NAME:
        return set_name(t, p, 1);
    case PR_ATTACH_MIME_TAG:
        return t->file->kind == MLA_FILE_TNEF ? set_text(t, p, &t->file->type) : 0;
    case PR_ATTACH_CONTENT_ID:
        return set_text(t, p, &t->file->content_id);
    case PR_ATTACH_DATA:
        set_data(t, p);
        return 0;
    default:
        return 0;
    }
}

static int begin_attachment(struct tnef *t)
{
    t->name_rank = 0;
    return embed_add(t->list, MLA_FILE_TNEF, &t->file);
}

/* ------------------------------------------------------------------ the message */

static void message_prop(struct tnef *t, const struct prop *p)
{
    if (p->value == NULL)
        return;
    if (p->id == PR_BODY && (p->type == PT_STRING8 || p->type == PT_UNICODE))
        t->body = *p;
    else if (p->id == PR_HTML && (p->type == PT_BINARY || p->type == PT_STRING8))
        t->html = *p;
    else if (p->id == PR_RTF_COMPRESSED && p->type == PT_BINARY)
        t->rtf = *p;
    else if (p->id == PR_INTERNET_CPID && p->type == 3)
        set_codepage(t->html_charset, le(p->value, 4));
}

static int add_body(struct tnef *t, const char *type, struct buf *b, int rc)
{
    mla_mime_file *f = NULL;
    size_t n = 0;
    char *text = rc == 0 ? buf_take(b, &n) : NULL;

    buf_free(b);
    if (rc == MLA_E_SYNTAX)
        return 0;
    if (text == NULL)
        return MLA_E_NOMEM;
    rc = embed_add(t->list, MLA_FILE_TNEF_BODY, &f);
    if (rc != 0 || f == NULL) {
        mem_free(&t->list->mem, text);
        return rc;
    }
    f->type = (mla_str){type, strlen(type)};
    embed_set(t->list, (const uint8_t *)text, (uint8_t *)text, n);
    return 0;
}

static int add_text_body(struct tnef *t, const char *type, const struct prop *p,
                         const char *charset)
{
    struct buf b;

    if (p->value == NULL)
        return 0;
    buf_init(&b, &t->list->mem, SIZE_MAX / 2);
    return add_body(t, type, &b,
                    charset_to_utf8(NULL, charset, charset != NULL ? strlen(charset) : 0, p->value,
                                    text_len(p), &b, NULL));
}

static int add_bodies(struct tnef *t)
{
    const char *html = t->html_charset[0] != '\0' ? t->html_charset : charset_of(t, &t->html);
    struct buf b;
    int rc = add_text_body(t, "text/plain", &t->body, charset_of(t, &t->body));

    if (rc == 0)
        rc = add_text_body(t, "text/html", &t->html, html);
    if (rc != 0 || t->rtf.value == NULL)
        return rc;
    buf_init(&b, &t->list->mem, SIZE_MAX / 2);
    return add_body(t, "text/rtf", &b, lzfu_decode(t->rtf.value, t->rtf.len, &b));
}

/* ------------------------------------------------------------------ attributes */

static int properties(struct tnef *t, struct slice s, int of_message)
{
    struct prop p;
    uint32_t count;
    int rc = 0;

    if (!take32(&s, &count))
        return 0;
    for (uint32_t i = 0; rc == 0 && i < count && i < PROPS_MAX && next_prop(&s, &p); i++) {
        if (of_message)
            message_prop(t, &p);
        else if (t->file != NULL)
            rc = attach_prop(t, &p);
    }
    return rc;
}

static int attribute(struct tnef *t, int level, unsigned id, const uint8_t *data, size_t n)
{
    const struct prop p = {PT_STRING8, 0, data, n};

    switch (id) {
    case ATT_OEM_CODEPAGE:
        if (n >= 4)
            set_codepage(t->charset, le(data, 4));
        return 0;
    case ATT_BODY:
        if (t->body.value == NULL)
            t->body = p;
        return 0;
    case ATT_MSG_PROPS:
        return level == LEVEL_MESSAGE ? properties(t, slice_of(data, n), 1) : 0;
    case ATT_RENDDATA:
        return begin_attachment(t);
    case ATT_ATTACH_TITLE:
        return set_name(t, &p, 3);
    case ATT_ATTACH_DATA:
        set_data(t, &p);
        return 0;
    case ATT_ATTACH_PROPS:
        return properties(t, slice_of(data, n), 0);
    default:
        return 0;
    }
}

int tnef_is(const uint8_t *p, size_t n)
{
    return n >= 6 && le(p, 4) == 0x223e9f78;
}

int tnef_list(const uint8_t *p, size_t n, struct embed_list *l)
{
    struct slice s = slice_of(p, n);
    struct tnef t;
    int rc = 0;

    memset(&t, 0, sizeof t);
    t.list = l;
    s.p += 6; /* signature and key */
    while (rc == 0 && slice_left(&s) > 0) {
        const uint8_t *head = take(&s, 9); /* level, id, type, length */
        size_t len = head != NULL ? le(head + 5, 4) : 0;
        size_t there = len < slice_left(&s) ? len : slice_left(&s);

        if (head == NULL)
            break;
        rc = attribute(&t, head[0], le(head + 1, 2), s.p, there);
        if (there < len) {
            if (l->count > 0)
                l->items[l->count - 1]->flags |= MLA_FILE_CUT;
            break;
        }
        s.p += there;
        if (take(&s, 2) == NULL) /* the checksum */
            break;
    }
    return rc == 0 ? add_bodies(&t) : rc;
}
