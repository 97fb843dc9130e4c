/* readable.c - see readable.h */
#include "mime/readable.h"

#include "base/ascii.h"
#include "codec/charset.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/embed.h"
#include "mime/filter.h"
#include "mime/msgid.h"
#include "mime/path.h"
#include "mime/pick.h"
#include "mime/rtf.h"
#include "mime/value.h"

#include <string.h>

/* ------------------------------------------------------------------ which texts */

static int is_text(const struct mla_part *part)
{
    return strcmp(part->type, "text/plain") == 0 || strcmp(part->type, "text/html") == 0 ||
           strcmp(part->type, "text/markdown") == 0 || strcmp(part->type, "text/enriched") == 0 ||
           strcmp(part->type, "text/rtf") == 0;
}

/* The number of the first part behind this one and all in it. */
static size_t behind(const struct mla_part *part)
{
    const struct mime_tree *t = part->tree;
    size_t i = part->number + 1U;

    while (i < t->part_count && t->parts[i].depth > part->depth)
        i++;
    return i;
}

static int is_blank(const struct mla_part *part)
{
    struct slice body = tree_body(part);

    for (; body.p < body.end; body.p++)
        if (!ascii_is_space(*body.p))
            return 0;
    return 1;
}

enum { HAS_PLAIN = 1, HAS_HTML = 2, HAS_BLANK = 4, HAS_RTF = 8 };

enum { KINDS = 4 };

/* What there is to read in a part. */
static unsigned holds(const struct mla_part *part)
{
    const struct mime_tree *t = part->tree;
    size_t end = behind(part);
    unsigned found = 0;

    for (size_t i = part->number; i < end;) {
        const struct mla_part *p = &t->parts[i];

        if ((p->flags & MLA_PART_MESSAGE) != 0 || pick_is_attachment(p)) {
            i = behind(p);
            continue;
        }
        if (is_text(p) && strcmp(p->type, "text/html") == 0)
            found |= HAS_HTML;
        else if (strcmp(p->type, "text/rtf") == 0)
            found |= HAS_RTF;
        else if (is_text(p))
            found |= is_blank(p) ? HAS_BLANK : HAS_PLAIN;
        i++;
    }
    return found;
}

/* RFC 2046 section 5.1.4 puts the best last; for a reader of text that is the plain one, unless it
 * is empty. NULL when there is nothing to read. */
static const struct mla_part *best_of(const struct mla_part *part, uint32_t flags)
{
    static const unsigned plain_first[KINDS] = {HAS_PLAIN, HAS_HTML, HAS_RTF, HAS_BLANK};
    static const unsigned html_first[KINDS] = {HAS_HTML, HAS_PLAIN, HAS_RTF, HAS_BLANK};
    const unsigned *order = (flags & MLA_READABLE_PREFER_HTML) != 0 ? html_first : plain_first;
    const struct mla_part *best[KINDS] = {NULL, NULL, NULL, NULL};

    for (uint32_t i = 0; i < part->child_count; i++) {
        const struct mla_part *child = tree_child(part, i);
        unsigned found = holds(child);

        for (size_t k = 0; k < KINDS; k++)
            if (best[k] == NULL && (found & order[k]) != 0)
                best[k] = child;
    }
    for (size_t k = 0; k < KINDS - 1; k++)
        if (best[k] != NULL)
            return best[k];
    return best[KINDS - 1];
}

static int id_is(const struct mla_part *part, const char *id, size_t n);

/* RFC 2387 section 3.2: the part that "start" names, else the first. 0 or MLA_E_NOMEM. */
static int root_of(const struct mla_part *part, const struct mla_part **out)
{
    char *start;
    size_t len;
    int rc = value_param(part, "Content-Type", "start", NULL, &start, &len);

    *out = part->child_count > 0 ? tree_child(part, 0) : NULL;
    if (rc != 0)
        return rc == MLA_E_NOMEM ? rc : 0;
    for (uint32_t i = 0; i < part->child_count; i++) {
        if (id_is(tree_child(part, i), start, len)) {
            *out = tree_child(part, i);
            break;
        }
    }
    mem_free(&part->tree->mem, start);
    return 0;
}

/* ------------------------------------------------------------------ the texts */

static int add_filtered(int32_t kind, uint32_t how, const void *p, size_t n, struct buf *out)
{
    struct filter f;
    int rc = filter_init(&f, kind, how, out);

    if (rc == 0)
        rc = filter_add(&f, p, n);
    return rc == 0 ? filter_end(&f) : rc;
}

/* The flags of a filter that mean what those of mla_part_readable() do. */
static uint32_t how_to(uint32_t flags)
{
    return ((flags & MLA_READABLE_SHOW_HIDDEN) != 0 ? MLA_FILTER_SHOW_HIDDEN : 0U) |
           ((flags & MLA_READABLE_NO_LINKS) != 0 ? MLA_FILTER_NO_LINKS : 0U);
}

/* RTF, or what says that it is: then as it stands. */
static int add_rtf(const uint8_t *p, size_t n, uint32_t flags, struct buf *out)
{
    struct buf text;
    int is_html = 0;
    int rc;

    buf_init(&text, out->mem, SIZE_MAX / 2);
    rc = rtf_text(p, n, (flags & MLA_READABLE_SHOW_HIDDEN) != 0, &text, &is_html);
    if (rc == MLA_E_SYNTAX)
        rc = charset_to_utf8(NULL, NULL, 0, p, n, &text, NULL);
    if (rc == 0)
        rc = add_filtered(is_html ? MLA_FILTER_HTML : MLA_FILTER_PLAIN, how_to(flags), text.ptr,
                          text.len, out);
    buf_free(&text);
    return rc;
}

static int add_rtf_part(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    struct slice body = tree_body(part);
    uint8_t *data;
    size_t len;
    int rc = decode_whole(&part->tree->mem, part->encoding, body.p, slice_left(&body), &data, &len,
                          NULL);

    if (rc != 0)
        return rc;
    rc = add_rtf(data, len, flags, out);
    mem_free(&part->tree->mem, data);
    return rc;
}

static int add_text(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    uint32_t how;
    int32_t kind;
    char *text;
    size_t len;
    int rc;

    if (out->len > 0)
        buf_add_word(out, out->ptr[out->len - 1] == '\n' ? "\n" : "\n\n");
    if (strcmp(part->type, "text/rtf") == 0)
        return add_rtf_part(part, flags, out);
    rc = filter_kind_of(part, &kind, &how);
    if (rc == 0)
        rc = value_body_text(part, NULL, &text, &len);
    if (rc != 0)
        return rc;
    rc = add_filtered(kind, how | how_to(flags), text, len, out);
    mem_free(&part->tree->mem, text);
    return rc;
}

/* The part to go on with: inside of one that is chosen from several, or behind this one. Those not
 * chosen are met again on the way, and passed over then. */
static int next_part(const struct mla_part *part, uint32_t flags, size_t *out_next,
                     size_t *out_chosen)
{
    const struct mla_part *chosen = NULL;
    int rc = 0;

    if (strcmp(part->type, "multipart/alternative") == 0)
        chosen = best_of(part, flags);
    else if (strcmp(part->type, "multipart/related") == 0)
        rc = root_of(part, &chosen);
    else {
        *out_next = part->number + 1U;
        return 0;
    }
    *out_next = chosen != NULL ? chosen->number : behind(part);
    *out_chosen = chosen != NULL ? chosen->number : SIZE_MAX;
    return rc;
}

static int is_one_of_several(const struct mla_part *part)
{
    const struct mla_part *up =
        part->parent < part->tree->part_count ? &part->tree->parts[part->parent] : NULL;

    return up != NULL && (strcmp(up->type, "multipart/alternative") == 0 ||
                          strcmp(up->type, "multipart/related") == 0);
}

static int is_tnef(const struct mla_part *part)
{
    return strcmp(part->type, "application/ms-tnef") == 0 ||
           strcmp(part->type, "application/vnd.ms-tnef") == 0;
}

/* How good a text in TNEF is for a reader; 0: none. */
static int rank(const mla_mime_file *file)
{
    static const char *const types[] = {"text/rtf", "text/html", "text/plain"};

    for (int i = 0; file->kind == MLA_FILE_TNEF_BODY && i < 3; i++)
        if (strcmp(file->type.ptr, types[i]) == 0)
            return i + 1;
    return 0;
}

/* The text that TNEF holds: plain, else HTML, else RTF. 1, 0 when it has none, or MLA_E_NOMEM. */
static int add_tnef(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    struct embed_list l;
    size_t best = 0;
    int found = 0;
    int rc = embed_find(part, &l);

    for (size_t i = 0; rc == 0 && i < l.count; i++) {
        if (rank(l.items[i]) > found) {
            found = rank(l.items[i]);
            best = i;
        }
    }
    if (rc == 0 && found != 0) {
        const uint8_t *data = l.sources[best].data;
        size_t n = (size_t)l.items[best]->size;

        rc = found == 1 ? add_rtf(data, n, flags, out)
                        : add_filtered(found == 2 ? MLA_FILTER_HTML : MLA_FILTER_PLAIN,
                                       how_to(flags), data, n, out);
        rc = rc == 0 ? 1 : rc;
    }
    embed_free(&l);
    return rc;
}

/* A message that has no text but in TNEF. 0, MLA_E_NOT_FOUND, MLA_E_NOMEM. */
static int text_of_tnef(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    size_t end = behind(part);
    int rc = 0;

    for (size_t i = part->number; rc == 0 && i < end;) {
        const struct mla_part *p = &part->tree->parts[i];

        if (is_tnef(p))
            rc = add_tnef(p, flags, out);
        i = i != part->number && (p->flags & MLA_PART_MESSAGE) != 0 ? behind(p) : i + 1;
    }
    return rc == 0 ? MLA_E_NOT_FOUND : rc == 1 ? 0 : rc;
}

int readable_text(const struct mla_part *part, uint32_t flags, char **out_text, size_t *out_len)
{
    const struct mime_tree *t = part->tree;
    size_t end = behind(part);
    size_t chosen = part->number;
    struct buf out;
    int found = 0;
    int rc = 0;

    buf_init(&out, &t->mem, SIZE_MAX / 2);
    for (size_t i = part->number; rc == 0 && i < end;) {
        const struct mla_part *p = &t->parts[i];

        if (i != chosen && is_one_of_several(p)) {
            i = behind(p);
        } else if (i != part->number &&
                   ((p->flags & MLA_PART_MESSAGE) != 0 || pick_is_attachment(p))) {
            i = behind(p);
        } else if (is_text(p)) {
            rc = add_text(p, flags, &out);
            found = 1;
            i++;
        } else {
            rc = next_part(p, flags, &i, &chosen);
        }
    }
    if (rc == 0 && !found)
        rc = text_of_tnef(part, flags, &out);
    if (rc == 0 && (*out_text = buf_take(&out, out_len)) == NULL)
        rc = MLA_E_NOMEM;
    buf_free(&out);
    return rc;
}

/* ------------------------------------------------------------------ related parts */

/* Compares without the brackets that either may have; white space of folding does not count. */
static int id_is(const struct mla_part *part, const char *id, size_t n)
{
    const struct tree_field *f = tree_field(part, "Content-ID", 0);
    struct msgid_reader r;
    struct slice found;
    struct slice value;

    if (n >= 2 && id[0] == '<' && id[n - 1] == '>') {
        id++;
        n -= 2;
    }
    if (f == NULL || n == 0)
        return 0;
    value = tree_value(part, f);
    msgid_begin(&r, value.p, slice_left(&value));
    if (!msgid_next(&r, &found, NULL, 0))
        return 0;
    if (slice_left(&found) >= 2 && *found.p == '<' && found.end[-1] == '>') {
        found.p++;
        found.end--;
    }
    for (; found.p < found.end; found.p++) {
        if (ascii_is_space(*found.p))
            continue;
        if (n == 0 || (uint8_t)*id != *found.p)
            return 0;
        id++;
        n--;
    }
    return n == 0;
}

/* Undoes percent forms in place (RFC 2392 section 2). */
static size_t unescape(char *p, size_t n)
{
    size_t out = 0;

    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%' && i + 2 < n && ascii_hex(p[i + 1]) >= 0 && ascii_hex(p[i + 2]) >= 0) {
            p[out++] = (char)(ascii_hex(p[i + 1]) * 16 + ascii_hex(p[i + 2]));
            i += 2;
        } else {
            p[out++] = p[i];
        }
    }
    return out;
}

static int location_is(const struct mla_part *part, const char *url, size_t n)
{
    const struct tree_field *f = tree_field(part, "Content-Location", 0);
    struct slice s;

    if (f == NULL)
        return 0;
    s = tree_value(part, f);
    for (; s.p < s.end; s.p++) {
        if (ascii_is_space(*s.p))
            continue;
        if (n == 0 || (uint8_t)*url != *s.p)
            return 0;
        url++;
        n--;
    }
    return n == 0;
}

static const struct mla_part *find_in(const struct mla_part *part, const char *id, size_t n,
                                      const char *url)
{
    const struct mime_tree *t = part->tree;
    size_t end = behind(part);

    for (size_t i = part->number; i < end;) {
        const struct mla_part *p = &t->parts[i];

        if (id != NULL ? id_is(p, id, n) : location_is(p, url, strlen(url)))
            return p;
        i = i != part->number && (p->flags & MLA_PART_MESSAGE) != 0 ? behind(p) : i + 1;
    }
    return NULL;
}

const struct mla_part *readable_related(const struct mla_part *part, const char *url)
{
    const struct mime_tree *t = part->tree;
    const struct mla_part *found = NULL;
    char id[998];
    size_t n = 0;
    int is_cid = ascii_starts(url, strlen(url), "cid:");
    int by_id = is_cid || url[0] == '<';

    if (by_id) {
        n = strlen(url) - (is_cid ? 4 : 0);
        if (n > sizeof id)
            return NULL;
        memcpy(id, url + (is_cid ? 4 : 0), n);
        n = is_cid ? unescape(id, n) : n;
    }
    /* the nearest multipart/related first; what is outside of all of them may be meant, too */
    for (int only_related = 1; found == NULL && only_related >= 0; only_related--) {
        const struct mla_part *p = part;

        for (;;) {
            if (!only_related || strcmp(p->type, "multipart/related") == 0)
                found = find_in(p, by_id ? id : NULL, n, url);
            if (found != NULL || p->parent >= t->part_count ||
                (t->parts[p->parent].flags & MLA_PART_MESSAGE) != 0)
                break;
            p = &t->parts[p->parent];
        }
    }
    return found;
}
