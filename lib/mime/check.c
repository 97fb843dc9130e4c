/* check.c - see check.h */
#include "mime/check.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/path.h"
#include "mime/value.h"

#include <string.h>

static int check_body(const struct mla_part *part, struct warn_set *w)
{
    struct slice body = tree_body(part);
    struct warn_set of_body = {0, {0}, 0};
    char *text;
    size_t len;
    int rc;

    if (path_is_multipart(part) || part->flags & MLA_PART_MESSAGE)
        return 0;
    (void)decode_size(part->encoding, body.p, slice_left(&body), &of_body);
    for (int code = 0; code < WARN_CODES; code++) {
        uint64_t at;

        if (warn_has(&of_body, code, &at))
            warn_add(w, code, part->body_offset + at);
    }
    if (!ascii_starts(part->type, strlen(part->type), "text/"))
        return 0;
    rc = value_body_text(part, w, &text, &len);
    if (rc == 0)
        mem_free(&part->tree->mem, text);
    return rc;
}

/* Only errors of memory matter: what is not there is not wrong. */
static int memory_only(int rc)
{
    return rc == MLA_E_NOMEM ? rc : 0;
}

static int check_text(const struct mla_part *part, const char *name, struct warn_set *w)
{
    char *text;
    size_t len;
    int rc = value_text(part, name, 0, w, &text, &len);

    if (rc == 0)
        mem_free(&part->tree->mem, text);
    return memory_only(rc);
}

static int check_addresses(const struct mla_part *part, const char *name, struct warn_set *w)
{
    const struct tree_field *f = tree_field(part, name, 0);
    struct address_list l;
    int rc = value_addresses(part, name, w, &l);
    size_t mailboxes = 0;

    for (size_t i = 0; i < l.count; i++)
        mailboxes += l.items[i].kind == MLA_ADDRESS_MAILBOX;
    if (rc == 0 && mailboxes != 1 && strcmp(name, "From") == 0)
        warn_add(w, MLA_MIME_WARN_MANY_FROM, f->value);
    address_free(&l);
    return memory_only(rc);
}

static int check_ids(const struct mla_part *part, const char *name, struct warn_set *w)
{
    struct text_list l;
    int rc = value_ids(part, name, w, &l);

    text_list_free(&l);
    return memory_only(rc);
}

static int check_filename(const struct mla_part *part, struct warn_set *w)
{
    char *text;
    size_t len;
    int rc = value_filename(part, w, &text, &len);

    if (rc == 0)
        mem_free(&part->tree->mem, text);
    return memory_only(rc);
}

static int check_header(const struct mla_part *part, struct warn_set *w)
{
    static const char *const lists[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"};
    static const char *const ids[] = {"Message-ID", "In-Reply-To", "References", "Content-ID"};
    const struct tree_field *f = tree_field(part, "Date", 0);
    struct date date;
    int rc = check_text(part, "Subject", w);

    for (size_t i = 0; rc == 0 && i < sizeof lists / sizeof lists[0]; i++)
        rc = check_addresses(part, lists[i], w);
    for (size_t i = 0; rc == 0 && i < sizeof ids / sizeof ids[0]; i++)
        rc = check_ids(part, ids[i], w);
    if (f != NULL)
        date_warn(value_date(part, "Date", &date), &date, w, f->value);
    return rc != 0 ? rc : check_filename(part, w);
}

static int check_tree(struct mime_tree *t)
{
    size_t before = t->warning_count;

    for (size_t i = 0; i < t->part_count; i++) {
        const struct mla_part *part = &t->parts[i];
        struct warn_set w = {0, {0}, 0};
        int rc = check_header(part, &w);

        if (rc == 0)
            rc = check_body(part, &w);
        for (int code = 0; rc == 0 && code < WARN_CODES; code++) {
            uint64_t at;

            /* parameters were looked at when the message was parsed */
            if (!warn_has(&w, code, &at) || (code < 64 && (part->warned >> code & 1) != 0))
                continue;
            rc = tree_add_warning(t, code, part->number, at);
        }
        if (rc != 0) {
            t->warning_count = before;
            return rc;
        }
    }
    t->checked = 1;
    return 0;
}

int check_message(struct mime_tree *first)
{
    for (struct mime_tree *t = first; t != NULL; t = t->next) {
        int rc = t->checked ? 0 : check_tree(t);

        if (rc != 0)
            return rc;
    }
    return 0;
}
