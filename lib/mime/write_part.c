/* write_part.c - parts, fields and bodies of a message being built: see write.h */
#include "base/ascii.h"
#include "codec/utf8.h"
#include "mime/write.h"
#include "mime/write_flowed.h"

#include <string.h>

/* Fields whose values have a grammar of their own, and those that are not the caller's. */
static enum write_kind kind_of(const char *name)
{
    static const struct {
        const char *name;
        enum write_kind kind;
    } known[] = {{"From", WRITE_KIND_ADDRESSES},
                 {"Sender", WRITE_KIND_ADDRESSES},
                 {"Reply-To", WRITE_KIND_ADDRESSES},
                 {"To", WRITE_KIND_ADDRESSES},
                 {"Cc", WRITE_KIND_ADDRESSES},
                 {"Bcc", WRITE_KIND_ADDRESSES},
                 {"Resent-From", WRITE_KIND_ADDRESSES},
                 {"Resent-Sender", WRITE_KIND_ADDRESSES},
                 {"Resent-To", WRITE_KIND_ADDRESSES},
                 {"Resent-Cc", WRITE_KIND_ADDRESSES},
                 {"Resent-Bcc", WRITE_KIND_ADDRESSES},
                 {"Disposition-Notification-To", WRITE_KIND_ADDRESSES},
                 {"Mail-Followup-To", WRITE_KIND_ADDRESSES},
                 {"Mail-Reply-To", WRITE_KIND_ADDRESSES},
                 {"Date", WRITE_KIND_DATE},
                 {"Resent-Date", WRITE_KIND_DATE},
                 {"Message-ID", WRITE_KIND_IDS},
                 {"Resent-Message-ID", WRITE_KIND_IDS},
                 {"In-Reply-To", WRITE_KIND_IDS},
                 {"References", WRITE_KIND_IDS},
                 {"Content-ID", WRITE_KIND_IDS},
                 {"Content-Type", WRITE_KIND_OWN},
                 {"Content-Transfer-Encoding", WRITE_KIND_OWN},
                 {"Content-Disposition", WRITE_KIND_OWN},
                 {"MIME-Version", WRITE_KIND_OWN}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (ascii_equal_word(name, strlen(name), known[i].name))
            return known[i].kind;
    return WRITE_KIND_TEXT;
}

static struct write_part *part_of(struct write_message *w, uint32_t part)
{
    return !w->sealed && part < w->count ? &w->parts[part] : NULL;
}

static int no_part(const struct write_message *w)
{
    return w->sealed ? MLA_E_STATE : MLA_E_ARG;
}

/* ------------------------------------------------------------------ parts */

static int is_message_type(const char *type)
{
    return strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/global") == 0;
}

static void part_free(struct write_message *w, struct write_part *p)
{
    while (p->fields != NULL) {
        struct write_part_field *f = p->fields;

        p->fields = f->next;
        fold_free(&f->fold);
        mem_free(&w->mem, f);
    }
    if (p->content_type.text.mem != NULL)
        fold_free(&p->content_type);
    if (p->has_disposition)
        fold_free(&p->disposition);
    if (p->head.mem != NULL)
        buf_free(&p->head);
    mem_free(&w->mem, p->data);
    mem_free(&w->mem, p->type);
}

static int part_init(struct write_message *w, struct write_part *p, const char *type)
{
    size_t n = strlen(type);

    memset(p, 0, sizeof *p);
    p->fields_end = &p->fields;
    p->type = mem_dup(&w->mem, type, n);
    if (p->type == NULL)
        return MLA_E_NOMEM;
    buf_init(&p->head, &w->mem, SIZE_MAX / 2);
    for (size_t i = 0; i < n; i++)
        p->type[i] = (char)ascii_lower(p->type[i]);
    p->is_multipart = ascii_starts(p->type, n, "multipart/");
    p->is_message = is_message_type(p->type);
    p->survey.text = ascii_starts(p->type, n, "text/") || ascii_starts(p->type, n, "message/");
    fold_begin(&p->content_type, &w->mem, "Content-Type");
    fold_token(&p->content_type, " ", 1, p->type, n);
    if (p->content_type.text.failed == 0)
        return 0;
    part_free(w, p);
    return MLA_E_NOMEM;
}

/* Parts move when there are more of them: the ends of their lists do too. */
static int grow(struct write_message *w)
{
    uint32_t cap = w->cap == 0 ? 4 : w->cap * 2;
    struct write_part *p;

    if (w->count < w->cap)
        return 0;
    p = mem_resize_array(&w->mem, w->parts, cap, sizeof *p);
    if (p == NULL)
        return MLA_E_NOMEM;
    w->parts = p;
    w->cap = cap;
    for (uint32_t i = 0; i < w->count; i++) {
        p[i].fields_end = &p[i].fields;
        while (*p[i].fields_end != NULL)
            p[i].fields_end = &(*p[i].fields_end)->next;
    }
    return 0;
}

static int new_part(struct write_message *w, const char *type)
{
    int rc;

    if (!write_is_type(type))
        return MLA_E_ARG;
    if (w->count == WRITE_PARTS_MAX)
        return MLA_E_LIMIT;
    rc = grow(w);
    return rc != 0 ? rc : part_init(w, &w->parts[w->count], type);
}

int write_init(struct write_message *w, const struct mem *mem, const char *type, uint32_t flags)
{
    int rc;

    memset(w, 0, sizeof *w);
    w->mem = *mem;
    w->flags = flags;
    buf_init(&w->out, &w->mem, SIZE_MAX / 2);
    rc = new_part(w, type);
    w->count += rc == 0;
    return rc;
}

void write_free(struct write_message *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        part_free(w, &w->parts[i]);
    mem_free(&w->mem, w->parts);
    buf_free(&w->out);
}

int write_add(struct write_message *w, uint32_t parent, const char *type, uint32_t *out_part)
{
    struct write_part *up = part_of(w, parent);
    struct write_part *p;
    uint32_t number = w->count;
    int rc;

    if (up == NULL)
        return no_part(w);
    if ((!up->is_multipart && !up->is_message) || up->source != WRITE_EMPTY ||
        (up->is_message && up->first_child != 0))
        return MLA_E_STATE;
    if (up->depth == WRITE_DEPTH_MAX)
        return MLA_E_LIMIT;
    rc = new_part(w, type);
    if (rc != 0)
        return rc;
    up = &w->parts[parent];
    p = &w->parts[number];
    p->parent = parent;
    p->depth = up->depth + 1;
    if (up->first_child == 0)
        up->first_child = number;
    else
        w->parts[up->last_child].next = number;
    up->last_child = number;
    w->count++;
    *out_part = number;
    return 0;
}

/* ------------------------------------------------------------------ fields */

static struct write_part_field *find_field(struct write_part *p, const char *name)
{
    size_t n = strlen(name);

    for (struct write_part_field *f = p->fields; f != NULL; f = f->next)
        if (ascii_equal(f->fold.text.ptr, f->name_len, name, n))
            return f;
    return NULL;
}

/* Fields that there may be once, of those without a grammar (RFC 5322 section 3.6). */
static int is_single(const char *name)
{
    return ascii_equal_word(name, strlen(name), "Subject") ||
           ascii_equal_word(name, strlen(name), "Content-Description");
}

static int new_field(struct write_message *w, struct write_part *p, const char *name,
                     enum write_kind kind, struct write_part_field **out)
{
    struct write_part_field *f;

    if (p->field_count == WRITE_FIELDS_MAX)
        return MLA_E_LIMIT;
    f = mem_zero(&w->mem, sizeof *f);
    if (f == NULL)
        return MLA_E_NOMEM;
    f->kind = kind;
    f->name_len = strlen(name);
    fold_begin(&f->fold, &w->mem, name);
    if (f->fold.text.failed != 0) {
        mem_free(&w->mem, f);
        return MLA_E_NOMEM;
    }
    *out = f;
    return 0;
}

/* Keeps a field that was written without an error. */
static int keep_field(struct write_message *w, struct write_part *p, struct write_part_field *f,
                      int rc)
{
    if (rc != 0) {
        fold_free(&f->fold);
        mem_free(&w->mem, f);
        return rc;
    }
    *p->fields_end = f;
    p->fields_end = &f->next;
    p->field_count++;
    return 0;
}

int write_header(struct write_message *w, uint32_t part, const char *name, const char *value,
                 size_t n)
{
    struct write_part *p = part_of(w, part);
    struct write_part_field *f;
    int rc;

    if (p == NULL)
        return no_part(w);
    if (!write_is_name(name) || kind_of(name) != WRITE_KIND_TEXT)
        return MLA_E_ARG;
    if (is_single(name) && find_field(p, name) != NULL)
        return MLA_E_STATE;
    rc = write_check_text(value, n);
    if (rc == 0)
        rc = new_field(w, p, name, WRITE_KIND_TEXT, &f);
    if (rc != 0)
        return rc;
    fold_text(&f->fold, value, n, (w->flags & MLA_COMPOSE_UTF8) != 0);
    return keep_field(w, p, f, f->fold.text.failed);
}

/* The field of that name, a new one where there is none; *out_is_new says which. */
static int list_field(struct write_message *w, struct write_part *p, const char *name,
                      enum write_kind kind, struct write_part_field **out, int *out_is_new)
{
    enum write_kind known = kind_of(name);

    if (!write_is_name(name) || (known != kind && known != WRITE_KIND_TEXT))
        return MLA_E_ARG;
    *out = find_field(p, name);
    *out_is_new = *out == NULL;
    if (*out != NULL)
        return (*out)->kind == kind ? 0 : MLA_E_STATE;
    return new_field(w, p, name, kind, out);
}

/* What a call that failed wrote is taken back. */
static int keep_or_undo(struct write_message *w, struct write_part *p, struct write_part_field *f,
                        int is_new, const struct fold *before, int rc)
{
    if (is_new)
        return keep_field(w, p, f, rc);
    if (rc != 0) {
        f->fold.text.len = before->text.len;
        f->fold.text.failed = 0;
        f->fold.col = before->col;
    }
    return rc;
}

int write_address_in(struct write_message *w, uint32_t part, const char *name, const mla_address *a)
{
    return write_addresses_in(w, part, name, a, 1);
}

int write_addresses_in(struct write_message *w, uint32_t part, const char *name,
                       const mla_address *list, size_t count)
{
    struct write_part *p = part_of(w, part);
    struct write_addresses addresses;
    struct write_part_field *f;
    struct fold before;
    int is_new;
    int rc;

    if (p == NULL)
        return no_part(w);
    rc = list_field(w, p, name, WRITE_KIND_ADDRESSES, &f, &is_new);
    if (rc != 0)
        return rc;
    before = f->fold;
    addresses = f->addresses;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = write_address(&f->fold, &f->addresses, &list[i], (w->flags & MLA_COMPOSE_UTF8) != 0);
    if (rc != 0)
        f->addresses = addresses;
    return keep_or_undo(w, p, f, is_new, &before, rc);
}

int write_id_in(struct write_message *w, uint32_t part, const char *name, const char *id)
{
    struct write_part *p = part_of(w, part);
    struct write_part_field *f;
    struct fold before;
    int is_new;
    int rc;

    if (p == NULL)
        return no_part(w);
    rc = list_field(w, p, name, WRITE_KIND_IDS, &f, &is_new);
    if (rc != 0)
        return rc;
    if (!is_new && !ascii_equal_word(name, strlen(name), "References") &&
        !ascii_equal_word(name, strlen(name), "In-Reply-To"))
        return MLA_E_STATE;
    before = f->fold;
    rc = write_id(&f->fold, id, (w->flags & MLA_COMPOSE_UTF8) != 0);
    return keep_or_undo(w, p, f, is_new, &before, rc);
}

int write_date_in(struct write_message *w, uint32_t part, const char *name, int64_t seconds,
                  int32_t zone_minutes, int zone_known)
{
    struct write_part *p = part_of(w, part);
    struct write_part_field *f;
    char text[WRITE_DATE_MAX];
    int is_new;
    int rc;

    if (p == NULL)
        return no_part(w);
    rc = write_date(seconds, zone_minutes, zone_known, text);
    if (rc == 0 && find_field(p, name) != NULL)
        rc = MLA_E_STATE;
    if (rc == 0)
        rc = list_field(w, p, name, WRITE_KIND_DATE, &f, &is_new);
    if (rc != 0)
        return rc;
    fold_token(&f->fold, " ", 1, text, strlen(text));
    return keep_field(w, p, f, f->fold.text.failed);
}

/* ------------------------------------------------------------------ Content-... */

static int add_param(struct fold *f, const char *name, const char *value, size_t n, int utf8)
{
    struct fold before = *f;
    int rc = write_param(f, name, value, n, utf8);

    if (rc != 0) {
        f->text.len = before.text.len;
        f->text.failed = 0;
        f->col = before.col;
    }
    return rc;
}

int write_param_in(struct write_message *w, uint32_t part, const char *name, const char *value,
                   size_t n)
{
    struct write_part *p = part_of(w, part);
    size_t name_len = strlen(name);
    int is_charset = ascii_equal_word(name, name_len, "charset");
    char mark[64];
    int rc;

    if (p == NULL)
        return no_part(w);
    if (ascii_equal_word(name, name_len, "boundary") || name_len > 40)
        return MLA_E_ARG;
    /* a parameter of that name is there: "; name=" or "; name*" */
    mark[0] = ' ';
    memcpy(mark + 1, name, name_len + 1);
    for (size_t i = 0; i + name_len + 1 < p->content_type.text.len; i++) {
        const uint8_t *at = p->content_type.text.ptr + i;

        if (ascii_starts(at, p->content_type.text.len - i, mark) && i > 0 &&
            (at[name_len + 1] == '=' || at[name_len + 1] == '*'))
            return MLA_E_STATE;
    }
    rc = add_param(&p->content_type, name, value, n, (w->flags & MLA_COMPOSE_UTF8) != 0);
    if (rc == 0 && is_charset)
        p->has_charset = 1;
    return rc;
}

int write_disposition_in(struct write_message *w, uint32_t part, const char *word,
                         const char *filename, size_t n)
{
    struct write_part *p = part_of(w, part);
    int rc;

    if (p == NULL)
        return no_part(w);
    if (p->has_disposition)
        return MLA_E_STATE;
    if (!write_is_token(word, strlen(word)) || strlen(word) > 40)
        return MLA_E_ARG;
    fold_begin(&p->disposition, &w->mem, "Content-Disposition");
    fold_token(&p->disposition, " ", 1, word, strlen(word));
    rc = p->disposition.text.failed;
    if (rc == 0 && filename != NULL)
        rc = write_param(&p->disposition, "filename", filename, n,
                         (w->flags & MLA_COMPOSE_UTF8) != 0);
    p->has_disposition = rc == 0;
    if (rc != 0)
        fold_free(&p->disposition);
    return rc;
}

/* ------------------------------------------------------------------ bodies */

static int may_hold(struct write_message *w, uint32_t part, struct write_part **out)
{
    *out = part_of(w, part);
    if (*out == NULL)
        return no_part(w);
    return (*out)->is_multipart || (*out)->first_child != 0 || (*out)->source != WRITE_EMPTY
               ? MLA_E_STATE
               : 0;
}

int write_memory(struct write_message *w, uint32_t part, char *data, size_t n)
{
    struct write_part *p;
    int rc = may_hold(w, part, &p);

    if (rc != 0)
        return rc;
    p->source = WRITE_MEMORY;
    p->data = data;
    p->len = n;
    return 0;
}

int write_calls(struct write_message *w, uint32_t part, const mla_compose_source *calls)
{
    struct write_part *p;
    int rc = may_hold(w, part, &p);

    if (rc != 0)
        return rc;
    p->source = WRITE_CALLS;
    p->calls = *calls;
    return 0;
}

int write_pieces(struct write_message *w, uint32_t part, const void *data, size_t n)
{
    struct write_part *p = part_of(w, part);
    int rc = p != NULL && p->source == WRITE_PIECES ? 0 : may_hold(w, part, &p);

    if (rc != 0)
        return rc;
    p->source = WRITE_PIECES;
    if (data == NULL)
        return 0;
    p->surveyed = 1;
    write_survey_feed(&p->survey, data, n);
    return 0;
}

/* NUL and other controls but for TAB and line ends have no place in a text. */
static int check_body_text(const char *text, size_t n)
{
    if (!utf8_valid(text, n))
        return MLA_E_CHARSET;
    for (size_t i = 0; i < n; i++)
        if (ascii_is_control(text[i]) && !ascii_is_space(text[i]))
            return MLA_E_ARG;
    return 0;
}

int write_text_in(struct write_message *w, uint32_t part, const char *text, size_t n,
                  uint32_t flags)
{
    int flowed = (flags & MLA_COMPOSE_FLOWED) != 0;
    int delsp = flowed && (flags & MLA_COMPOSE_DELSP) != 0;
    struct write_part *p;
    size_t len = n;
    struct buf b;
    char *data;
    int rc = may_hold(w, part, &p);

    if (rc == 0)
        rc = !ascii_starts(p->type, strlen(p->type), "text/") || p->has_charset ||
                     (flowed && strcmp(p->type, "text/plain") != 0)
                 ? MLA_E_STATE
                 : check_body_text(text, n);
    if (rc != 0)
        return rc;
    buf_init(&b, &w->mem, SIZE_MAX / 2);
    if (flowed)
        rc = write_flowed(&b, text, n, delsp);
    else
        rc = buf_add(&b, text, n);
    data = rc == 0 ? buf_take(&b, &len) : NULL;
    buf_free(&b);
    if (data == NULL)
        return MLA_E_NOMEM;
    rc = write_param_in(w, part, "charset", utf8_ascii_run(text, n) == n ? "us-ascii" : "utf-8",
                        utf8_ascii_run(text, n) == n ? 8 : 5);
    if (rc == 0 && flowed)
        rc = write_param_in(w, part, "format", "flowed", 6);
    if (rc == 0 && delsp)
        rc = write_param_in(w, part, "delsp", "yes", 3);
    if (rc == 0)
        rc = write_memory(w, part, data, len);
    if (rc != 0)
        mem_free(&w->mem, data);
    else
        p->flowed = flowed;
    return rc;
}
