/* fuzz_report.c - a report's body, a Received field and the fields of a list: texts come out
 * without control characters, and numbers within what they may be. */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void check(const mla_str *s)
{
    for (size_t i = 0; i < s->len; i++)
        if (((unsigned char)s->ptr[i] < 0x20 && s->ptr[i] != '\t') || s->ptr[i] == 0x7f)
            abort();
}

static void check_array(const mla_str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&items[i]);
}

static void use_dsn(const mla_part *p)
{
    const mla_dsn_recipient *r;
    mla_dsn *d;

    if (mla_part_dsn(p, &d) != 0)
        return;
    check(&d->envelope_id);
    check(&d->reporting_mta);
    for (uint32_t i = 0; (r = mla_dsn_recipient_at(d, i)) != NULL; i++) {
        check(&r->original_address);
        check(&r->final_address);
        check(&r->diagnostic);
        if (r->action < 0 || r->action > MLA_DSN_EXPANDED || r->status_class > 5 ||
            r->status_subject > 999 || r->status_detail > 999)
            abort();
    }
    mla_dsn_free(d);
}

static void use_mdn(const mla_part *p)
{
    mla_mdn *m;

    if (mla_part_mdn(p, &m) != 0)
        return;
    check(&m->disposition);
    check(&m->modifiers);
    check(&m->reporting_ua);
    check_array(m->errors, m->error_count);
    check_array(m->warnings, m->warning_count);
    mla_mdn_free(m);
}

static void use_header(const mla_part *p)
{
    mla_external_body *e;
    mla_mailing_list *l;
    const mla_hop *h;
    mla_hops *hops;

    if (mla_part_hops(p, &hops) == 0) {
        for (uint32_t i = 0; (h = mla_hops_at(hops, i)) != NULL; i++) {
            check(&h->from_host);
            check(&h->by_comment);
            check(&h->recipient);
        }
        mla_hops_free(hops);
    }
    if (mla_part_mailing_list(p, &l) == 0) {
        check(&l->id);
        check(&l->name);
        check_array(l->unsubscribe, l->unsubscribe_count);
        check_array(l->post, l->post_count);
        mla_mailing_list_free(l);
    }
    if (mla_part_external_body(p, &e) == 0) {
        check(&e->url);
        check(&e->content_type);
        mla_external_body_free(e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const heads[] = {
        "Content-Type: message/delivery-status\n\n",
        "Content-Type: message/disposition-notification\n\n",
        "Content-Type: message/external-body; ",
        "Received: ",
        "List-Id: ",
        "List-Post: ",
        "",
    };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        size_t n = strlen(heads[i]);
        char *all = malloc(n + size + 1);
        mla_message *m;

        memcpy(all, heads[i], n);
        memcpy(all + n, data, size);
        if (mla_message_parse(NULL, NULL, (const uint8_t *)all, n + size, &m) == 0) {
            use_dsn(mla_message_root(m));
            use_mdn(mla_message_root(m));
            use_header(mla_message_root(m));
            (void)mla_message_check(m);
            mla_message_free(m);
        }
        free(all);
    }
    return 0;
}
