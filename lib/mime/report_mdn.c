/* report_mdn.c - disposition reports: see report.h */
#include "mime/report.h"

#include "mime/lex822.h"

#include <string.h>

/* The texts of fields that may come more than once. */
struct lists {
    mla_str *errors;
    mla_str *failures;
    mla_str *warnings;
};

static int named(const struct store_field *f, const char *name)
{
    return ascii_equal_word(f->name.p, slice_left(&f->name), name);
}

static struct slice take_word(struct slice *v)
{
    struct slice out;

    lex_skip_cfws(v, NULL);
    out.p = v->p;
    while (v->p < v->end && (ascii_is_alpha(*v->p) || *v->p == '-'))
        v->p++;
    out.end = v->p;
    lex_skip_cfws(v, NULL);
    return out;
}

static int mode_of(struct slice w)
{
    if (ascii_starts(w.p, slice_left(&w), "manual-action") ||
        ascii_equal_word(w.p, slice_left(&w), "MDN-sent-manually"))
        return MLA_MDN_MANUAL;
    if (ascii_starts(w.p, slice_left(&w), "automatic-action") ||
        ascii_equal_word(w.p, slice_left(&w), "MDN-sent-automatically"))
        return MLA_MDN_AUTOMATIC;
    return MLA_MDN_MODE_UNKNOWN;
}

/* RFC 8098 section 3.2.6: action-mode "/" sending-mode ";" type ["/" modifier *("," modifier)] */
static void disposition(struct store *s, struct slice v, mla_mdn *out)
{
    static const char *const types[] = {"displayed", "deleted", "dispatched",
                                        "processed", "denied",  "failed"};
    struct slice start = v;
    struct slice w;

    if (out->disposition.len != 0) {
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, v.p);
        return;
    }
    store_raw(s, v, &out->disposition);
    out->action_mode = mode_of(take_word(&v));
    if (slice_take(&v, '/'))
        out->sending_mode = mode_of(take_word(&v));
    if (slice_take(&v, ';')) {
        w = take_word(&v);
        for (int i = 0; i < 6; i++)
            if (ascii_equal_word(w.p, slice_left(&w), types[i]))
                out->type = MLA_MDN_DISPLAYED + i;
    }
    if (slice_take(&v, '/'))
        store_raw(s, v, &out->modifiers);
    if (out->type == MLA_MDN_UNKNOWN || out->action_mode == 0 || out->sending_mode == 0)
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, start.p);
}

/* RFC 8098 section 3.2.1: ua-name [";" product] */
static void reporting_ua(struct store *s, struct slice v, mla_mdn *out)
{
    const uint8_t *semicolon = memchr(v.p, ';', slice_left(&v));
    struct slice name = {v.p, semicolon != NULL ? semicolon : v.end};

    store_raw(s, name, &out->reporting_ua);
    if (semicolon != NULL)
        store_raw(s, slice_of(semicolon + 1, (size_t)(v.end - semicolon) - 1), &out->ua_product);
}

static void add_text(struct store *s, struct slice v, mla_str **array, size_t *count)
{
    mla_str text = {NULL, 0};

    store_raw(s, v, &text);
    if (text.len != 0)
        store_append(s, array, count, &text);
}

static void read_field(struct store *s, const struct store_field *f, mla_mdn *out,
                       struct lists *lists)
{
    if (named(f, "Disposition"))
        disposition(s, f->value, out);
    else if (named(f, "Reporting-UA"))
        reporting_ua(s, f->value, out);
    else if (named(f, "MDN-Gateway"))
        report_typed(s, f->value, &out->gateway_type, &out->gateway);
    else if (named(f, "Original-Recipient"))
        report_typed(s, f->value, &out->original_type, &out->original_address);
    else if (named(f, "Final-Recipient"))
        report_typed(s, f->value, &out->final_type, &out->final_address);
    else if (named(f, "Original-Message-ID"))
        store_raw(s, f->value, &out->original_message_id);
    else if (named(f, "Error"))
        add_text(s, f->value, &lists->errors, &out->error_count);
    else if (named(f, "Failure"))
        add_text(s, f->value, &lists->failures, &out->failure_count);
    else if (named(f, "Warning"))
        add_text(s, f->value, &lists->warnings, &out->warning_count);
}

int report_read_mdn(struct store *s, const uint8_t *p, size_t n, mla_mdn *out)
{
    struct lists lists = {NULL, NULL, NULL};
    struct slice in = slice_of(p, n);
    struct store_field f;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    while (s->rc == 0 && in.p < in.end) /* empty lines between fields are a fault */
        while (s->rc == 0 && store_next_field(&in, &f))
            read_field(s, &f, out, &lists);
    out->errors = lists.errors;
    out->failures = lists.failures;
    out->warnings = lists.warnings;
    if (out->final_address.len == 0 || out->disposition.len == 0)
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, p);
    return s->rc;
}
