/* corpus_more.c - see corpus_more.h */
#include "corpus_more.h"

#include <string.h>

static void put(FILE *f, const char *key, const mla_str *s)
{
    if (s->len != 0)
        fprintf(f, " %s=%.*s", key, (int)s->len, s->ptr);
}

static void put_array(FILE *f, const char *key, const mla_str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(f, key, &items[i]);
}

static void put_hops(FILE *f, const mla_part *p)
{
    const mla_hop *h;
    mla_hops *hops;

    if (mla_part_hops(p, &hops) != 0)
        return;
    for (uint32_t i = 0; (h = mla_hops_at(hops, i)) != NULL; i++) {
        fprintf(f, "  hop");
        put(f, "from", &h->from_host);
        put(f, "from-comment", &h->from_comment);
        put(f, "by", &h->by_host);
        put(f, "by-comment", &h->by_comment);
        put(f, "via", &h->via);
        put(f, "with", &h->protocol);
        put(f, "with-comment", &h->protocol_comment);
        put(f, "id", &h->id);
        put(f, "for", &h->recipient);
        put(f, "comment", &h->comment);
        if (h->has_date)
            fprintf(f, " at %lld %d %u", (long long)h->seconds, (int)h->zone_minutes,
                    (unsigned)h->date_notes);
        fputc('\n', f);
    }
    mla_hops_free(hops);
}

static void put_list(FILE *f, const mla_part *p)
{
    mla_mailing_list *l;

    if (mla_part_mailing_list(p, &l) != 0)
        return;
    fprintf(f, "  list flags=%u", (unsigned)l->flags);
    put(f, "id", &l->id);
    put(f, "name", &l->name);
    put_array(f, "help", l->help, l->help_count);
    put_array(f, "subscribe", l->subscribe, l->subscribe_count);
    put_array(f, "unsubscribe", l->unsubscribe, l->unsubscribe_count);
    put_array(f, "post", l->post, l->post_count);
    put_array(f, "owner", l->owner, l->owner_count);
    put_array(f, "archive", l->archive, l->archive_count);
    put_array(f, "archived-at", l->archived_at, l->archived_at_count);
    fputc('\n', f);
    mla_mailing_list_free(l);
}

static void put_dsn(FILE *f, const mla_part *p)
{
    const mla_dsn_recipient *r;
    mla_dsn *d;

    if (mla_part_flags(p) & MLA_PART_MULTIPART || mla_part_dsn(p, &d) != 0)
        return;
    fprintf(f, "  dsn arrival=%lld", (long long)d->arrival);
    put(f, "envelope", &d->envelope_id);
    put(f, "mta", &d->reporting_mta);
    put(f, "gateway", &d->gateway);
    put(f, "received-from", &d->received_from);
    fputc('\n', f);
    for (uint32_t i = 0; (r = mla_dsn_recipient_at(d, i)) != NULL; i++) {
        fprintf(f, "  recipient action=%d status=%u.%u.%u", (int)r->action,
                (unsigned)r->status_class, (unsigned)r->status_subject, (unsigned)r->status_detail);
        put(f, "original", &r->original_address);
        put(f, "type", &r->final_type);
        put(f, "final", &r->final_address);
        put(f, "remote", &r->remote_mta);
        put(f, "diagnostic", &r->diagnostic);
        put(f, "log", &r->final_log_id);
        fprintf(f, " last=%lld until=%lld\n", (long long)r->last_attempt, (long long)r->will_retry);
    }
    mla_dsn_free(d);
}

static void put_mdn(FILE *f, const mla_part *p)
{
    mla_mdn *m;

    if (mla_part_flags(p) & MLA_PART_MULTIPART || mla_part_mdn(p, &m) != 0)
        return;
    fprintf(f, "  mdn action=%d sending=%d type=%d", (int)m->action_mode, (int)m->sending_mode,
            (int)m->type);
    put(f, "modifiers", &m->modifiers);
    put(f, "ua", &m->reporting_ua);
    put(f, "original", &m->original_address);
    put(f, "final", &m->final_address);
    put(f, "id", &m->original_message_id);
    put_array(f, "error", m->errors, m->error_count);
    fputc('\n', f);
    mla_mdn_free(m);
}

static void put_elsewhere(FILE *f, const mla_part *p)
{
    mla_external_body *e;
    uint32_t number;
    uint32_t total;
    char *id;

    if (mla_part_external_body(p, &e) == 0) {
        fprintf(f, "  external size=%llu expiration=%lld", (unsigned long long)e->size,
                (long long)e->expiration);
        put(f, "access", &e->access_type);
        put(f, "url", &e->url);
        put(f, "name", &e->name);
        put(f, "site", &e->site);
        put(f, "server", &e->server);
        put(f, "content-type", &e->content_type);
        put(f, "content-id", &e->content_id);
        fputc('\n', f);
        mla_external_body_free(e);
    }
    if (mla_part_partial(p, &id, &number, &total) == 0) {
        fprintf(f, "  partial %u of %u id=%s\n", (unsigned)number, (unsigned)total, id);
        mla_free(id);
    }
}

void put_meanings(FILE *f, const mla_part *p)
{
    const mla_part *original = mla_part_report_original(p);

    put_hops(f, p);
    put_list(f, p);
    put_dsn(f, p);
    put_mdn(f, p);
    put_elsewhere(f, p);
    if (original != NULL && strcmp(mla_part_content_type(p), "multipart/report") == 0) {
        char *path = NULL;

        if (mla_part_path(original, &path, NULL) == 0)
            fprintf(f, "  about %s\n", path);
        mla_free(path);
    }
}
