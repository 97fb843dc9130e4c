/* check.c - see check.h */
#include "mime/check.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/external.h"
#include "mime/list_field.h"
#include "mime/path.h"
#include "mime/received.h"
#include "mime/report.h"
#include "mime/value.h"

#include <string.h>

static int check_body(const struct mla_part *part, struct warn_set *w)
{
    struct slice body = tree_body(part);
    struct warn_set of_body = {{0}, {0}};
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

static int check_received(const struct mla_part *part, struct store *s)
{
    const struct tree_field *f;
    size_t i = 0;
    mla_hop hop;

    while (s->rc == 0 && (f = tree_next_field(part, "Received", &i)) != NULL) {
        struct slice v = tree_value(part, f);

        store_at(s, v.p, f->value);
        (void)received_parse(s, v.p, slice_left(&v), &hop);
    }
    return s->rc;
}

/* A report that is this very part. Offsets of what is encoded are those of the body. */
static int check_report(const struct mla_part *part, struct store *s)
{
    struct slice body = tree_body(part);
    mla_dsn_recipient *recipients;
    uint8_t *data;
    size_t len;
    mla_dsn dsn;
    mla_mdn mdn;
    int is_dsn = report_dsn_part(part) == part;

    if (!is_dsn && report_mdn_part(part) != part)
        return 0;
    s->rc = decode_whole(&s->mem, part->encoding, body.p, slice_left(&body), &data, &len, NULL);
    if (s->rc != 0)
        return s->rc;
    store_at(s, data, part->body_offset);
    if (is_dsn)
        (void)report_read_dsn(s, data, len, &dsn, &recipients);
    else
        (void)report_read_mdn(s, data, len, &mdn);
    mem_free(&s->mem, data);
    return s->rc;
}

/* Fields and parts that have a meaning of their own. */
static int check_meanings(const struct mla_part *part, struct warn_set *w)
{
    mla_external_body external;
    mla_mailing_list list;
    struct store s;
    int rc;

    store_init(&s, &part->tree->mem);
    store_of_part(&s, part, w);
    rc = check_received(part, &s);
    if (rc == 0)
        rc = memory_only(list_field_read(&s, part, &list));
    if (rc == 0)
        rc = memory_only(external_read(&s, part, &external));
    if (rc == 0)
        rc = check_report(part, &s);
    store_free(&s);
    return rc;
}

static int check_tree(struct mime_tree *t)
{
    size_t before = t->warning_count;

    for (size_t i = 0; i < t->part_count; i++) {
        const struct mla_part *part = &t->parts[i];
        struct warn_set w = {{0}, {0}};
        int rc = check_header(part, &w);

        if (rc == 0)
            rc = check_meanings(part, &w);
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
