/* readable.c - see readable.h */
#include "mime/readable.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/embed.h"
#include "mime/filter.h"
#include "mime/msgid.h"
#include "mime/path.h"
#include "mime/pick.h"
#include "mime/value.h"

#include <string.h>

/* ------------------------------------------------------------------ which texts */

static int is_text(const struct mla_part *part)
{
    return strcmp(part->type, "text/plain") == 0 || strcmp(part->type, "text/html") == 0 ||
           strcmp(part->type, "text/markdown") == 0 || strcmp(part->type, "text/enriched") == 0;
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

enum { HAS_PLAIN = 1, HAS_HTML = 2, HAS_BLANK = 4 };

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
    static const unsigned plain_first[] = {HAS_PLAIN, HAS_HTML, HAS_BLANK};
    static const unsigned html_first[] = {HAS_HTML, HAS_PLAIN, HAS_BLANK};
    const unsigned *order = (flags & MLA_READABLE_PREFER_HTML) != 0 ? html_first : plain_first;
    const struct mla_part *best[3] = {NULL, NULL, NULL};

    for (uint32_t i = 0; i < part->child_count; i++) {
        const struct mla_part *child = tree_child(part, i);
        unsigned found = holds(child);

        for (size_t k = 0; k < 3; k++)
            if (best[k] == NULL && (found & order[k]) != 0)
                best[k] = child;
    }
    return best[0] != NULL ? best[0] : best[1] != NULL ? best[1] : best[2];
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

static int add_text(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    uint32_t how;
    int32_t kind;
    struct filter f;
    char *text;
    size_t len;
    int rc = filter_kind_of(part, &kind, &how);

    if (rc == 0)
        rc = value_body_text(part, NULL, &text, &len);
    if (rc != 0)
        return rc;
    if ((flags & MLA_READABLE_SHOW_HIDDEN) != 0)
        how |= MLA_FILTER_SHOW_HIDDEN;
    if ((flags & MLA_READABLE_NO_LINKS) != 0)
        how |= MLA_FILTER_NO_LINKS;
    if (out->len > 0)
        buf_add_word(out, out->ptr[out->len - 1] == '\n' ? "\n" : "\n\n");
    rc = filter_init(&f, kind, how, out);
    if (rc == 0)
        rc = filter_add(&f, text, len);
    if (rc == 0)
        rc = filter_end(&f);
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

/* The text that TNEF holds: plain, else HTML. 1, 0 when it has none, or MLA_E_NOMEM. */
static int add_tnef(const struct mla_part *part, uint32_t flags, struct buf *out)
{
    struct embed_list l;
    struct filter f;
    size_t best = SIZE_MAX;
    int rc = embed_find(part, &l);

    for (size_t i = l.count; rc == 0 && i > 0; i--) {
        const mla_mime_file *file = l.items[i - 1];

        if (file->kind == MLA_FILE_TNEF_BODY && strcmp(file->type.ptr, "text/rtf") != 0 &&
            (best == SIZE_MAX || strcmp(file->type.ptr, "text/plain") == 0))
            best = i - 1;
    }
    if (rc == 0 && best != SIZE_MAX) {
        int is_html = strcmp(l.items[best]->type.ptr, "text/html") == 0;

        (void)filter_init(&f, is_html ? MLA_FILTER_HTML : MLA_FILTER_PLAIN, flags & ~1U, out);
        rc = filter_add(&f, l.sources[best].data, (size_t)l.items[best]->size);
        if (rc == 0)
            rc = filter_end(&f);
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
