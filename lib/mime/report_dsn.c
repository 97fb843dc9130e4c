/* report_dsn.c - delivery reports: see report.h */
#include "mime/report.h"

#include "base/num.h"
#include "mailaccess/types.h"
#include "mime/date.h"
#include "mime/lex822.h"

#include <string.h>

enum { RECIPIENTS_MAX = 50000 };

struct recipients {
    mla_dsn_recipient *items; /* in the arena, grown by halves */
    size_t count;
};

static int named(const struct store_field *f, const char *name)
{
    return ascii_equal_word(f->name.p, slice_left(&f->name), name);
}

static void read_date(struct store *s, struct slice v, int64_t *out, int32_t *out_has)
{
    struct date d;

    if (date_parse(v.p, slice_left(&v), &d) != 0) {
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, v.p);
        return;
    }
    *out = d.seconds;
    *out_has = 1;
}

/* The fields about the message (RFC 3464 section 2.2). 1 when it was one. */
static int about_message(struct store *s, const struct store_field *f, mla_dsn *out)
{
    if (named(f, "Original-Envelope-Id"))
        store_raw(s, f->value, &out->envelope_id);
    else if (named(f, "Reporting-MTA"))
        report_typed(s, f->value, &out->reporting_mta_type, &out->reporting_mta);
    else if (named(f, "DSN-Gateway"))
        report_typed(s, f->value, &out->gateway_type, &out->gateway);
    else if (named(f, "Received-From-MTA"))
        report_typed(s, f->value, &out->received_from_type, &out->received_from);
    else if (named(f, "Arrival-Date"))
        read_date(s, f->value, &out->arrival, &out->has_arrival);
    else
        return 0;
    return 1;
}

static void read_action(struct store *s, struct slice v, mla_dsn_recipient *r)
{
    static const char *const actions[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
    struct slice word;

    store_raw(s, v, &r->action_text);
    lex_skip_cfws(&v, NULL);
    word.p = v.p;
    while (v.p < v.end && (ascii_is_alpha(*v.p) || *v.p == '-'))
        v.p++;
    word.end = v.p;
    for (int i = 0; i < 5; i++)
        if (ascii_equal_word(word.p, slice_left(&word), actions[i]))
            r->action = MLA_DSN_FAILED + i;
    if (r->action == MLA_DSN_UNKNOWN)
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, word.p);
}

/* RFC 3463 section 2: three numbers; a comment may follow. */
static void read_status(struct store *s, struct slice v, mla_dsn_recipient *r)
{
    uint64_t n[3] = {0, 0, 0};

    store_raw(s, v, &r->status_text);
    lex_skip_cfws(&v, NULL);
    for (int i = 0; i < 3; i++) {
        size_t digits = num_parse_prefix(v.p, slice_left(&v), 999, &n[i]);

        v.p += digits;
        if (digits == 0 || (i < 2 && !slice_take(&v, '.')) ||
            (i == 0 && n[0] != 2 && n[0] != 4 && n[0] != 5)) {
            store_warn(s, MLA_MIME_WARN_BAD_REPORT, v.p);
            return;
        }
    }
    r->status_class = (uint32_t)n[0];
    r->status_subject = (uint32_t)n[1];
    r->status_detail = (uint32_t)n[2];
}

/* RFC 3464 section 2.3. 1 when it was a field about a recipient. */
static int about_recipient(struct store *s, const struct store_field *f, mla_dsn_recipient *r)
{
    if (named(f, "Original-Recipient"))
        report_typed(s, f->value, &r->original_type, &r->original_address);
    else if (named(f, "Final-Recipient"))
        report_typed(s, f->value, &r->final_type, &r->final_address);
    else if (named(f, "Action"))
        read_action(s, f->value, r);
    else if (named(f, "Status"))
        read_status(s, f->value, r);
    else if (named(f, "Remote-MTA"))
        report_typed(s, f->value, &r->remote_mta_type, &r->remote_mta);
    else if (named(f, "Diagnostic-Code"))
        report_typed(s, f->value, &r->diagnostic_type, &r->diagnostic);
    else if (named(f, "Last-Attempt-Date"))
        read_date(s, f->value, &r->last_attempt, &r->has_last_attempt);
    else if (named(f, "Final-Log-ID"))
        store_raw(s, f->value, &r->final_log_id);
    else if (named(f, "Will-Retry-Until"))
        read_date(s, f->value, &r->will_retry, &r->has_will_retry);
    else
        return 0;
    return 1;
}

static void add_recipient(struct store *s, struct recipients *list, const mla_dsn_recipient *r)
{
    if ((list->count & (list->count - 1)) == 0) {
        mla_dsn_recipient *grown =
            arena_array(&s->arena, list->count == 0 ? 1 : list->count * 2, sizeof *grown);

        if (grown == NULL) {
            s->rc = MLA_E_NOMEM;
            return;
        }
        if (list->count != 0)
            memcpy(grown, list->items, list->count * sizeof *grown);
        list->items = grown;
    }
    list->items[list->count++] = *r;
}

/* One block of fields, to an empty line. Some reports have a recipient's fields in the first block,
 * some the message's in a later one. */
static void read_block(struct store *s, struct slice *in, mla_dsn *out, struct recipients *list)
{
    const uint8_t *from = in->p;
    struct store_field f;
    mla_dsn_recipient r;
    int any = 0;

    memset(&r, 0, sizeof r);
    r.struct_size = sizeof r;
    while (s->rc == 0 && store_next_field(in, &f))
        if (!about_message(s, &f, out))
            any |= about_recipient(s, &f, &r);
    if (s->rc != 0 || !any)
        return;
    if (r.final_address.len == 0 || r.action == MLA_DSN_UNKNOWN || r.status_class == 0)
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, from);
    if (list->count == RECIPIENTS_MAX)
        store_warn(s, MLA_MIME_WARN_LIMIT_ADDRESSES, from);
    else
        add_recipient(s, list, &r);
}

int report_read_dsn(struct store *s, const uint8_t *p, size_t n, mla_dsn *out,
                    mla_dsn_recipient **out_recipients)
{
    struct recipients list = {NULL, 0};
    struct slice in = slice_of(p, n);

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    while (s->rc == 0 && in.p < in.end)
        read_block(s, &in, out, &list);
    if (out->reporting_mta.len == 0 || list.count == 0)
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, p);
    out->recipient_count = (uint32_t)list.count;
    *out_recipients = list.items;
    return s->rc;
}
