/* imap_tell.h - what an IMAP event says, as one line of text, so that events can be compared. */
#ifndef IMAP_TELL_H
#define IMAP_TELL_H

#include "imap/resp.h"
#include "mailaccess/imap_command_types.h"
#include "mailaccess/imap_search_types.h"

#include "admin_tell.h"
#include "value_walk.h"

#include <stdio.h>
#include <stdlib.h>

static inline void tell_str(FILE *f, mla_str s)
{
    if (s.ptr == NULL) {
        fputs("NIL", f);
        return;
    }
    fputc('"', f);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x20 || c == 0x7f)
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static inline void tell_words(FILE *f, const char *name, const mla_str *w, size_t n)
{
    if (n == 0)
        return;
    fprintf(f, " %s[", name);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? "," : "", f);
        tell_str(f, w[i]);
    }
    fputc(']', f);
}

/* " name=..." unless the string is NIL. */
static inline void tell_field(FILE *f, const char *name, mla_str s)
{
    if (s.ptr == NULL)
        return;
    fprintf(f, " %s=", name);
    tell_str(f, s);
}

static inline void tell_number(FILE *f, const char *name, uint64_t v)
{
    if (v != 0)
        fprintf(f, " %s=%llu", name, (unsigned long long)v);
}

static inline void tell_ranges(FILE *f, const char *name, const mla_range *r, size_t n)
{
    if (n == 0)
        return;
    fprintf(f, " %s[", name);
    for (size_t i = 0; i < n; i++) {
        fprintf(f, i > 0 ? ",%u" : "%u", r[i].first);
        if (r[i].last != r[i].first)
            fprintf(f, ":%u", r[i].last);
    }
    fputc(']', f);
}

static inline void tell_code(FILE *f, const mla_imap_code *c)
{
    if (c == NULL)
        return;
    fprintf(f, " code(%u", c->id);
    tell_field(f, "atom", c->atom);
    tell_field(f, "raw", c->raw);
    tell_number(f, "number", c->number);
    tell_number(f, "uidvalidity", c->uidvalidity);
    tell_words(f, "words", c->words, c->word_count);
    tell_ranges(f, "source", c->source, c->source_count);
    tell_ranges(f, "destination", c->destination, c->destination_count);
    tell_number(f, "goal", c->goal);
    tell_number(f, "uid", c->uid);
    tell_field(f, "string", c->text);
    /* of the others the value says it */
    if (c->id == MLA_IMAP_CODE_INPROGRESS || c->id == MLA_IMAP_CODE_MESSAGELIMIT)
        tell_number(f, "fields", c->fields);
    fputc(')', f);
}

static inline void tell_addresses(FILE *f, const char *name, const mla_address *a, size_t n)
{
    if (n == 0)
        return;
    fprintf(f, " %s[", name);
    for (size_t i = 0; i < n; i++) {
        static const char *const kinds[] = {"", "BEGIN ", "END"};

        fputs(i > 0 ? ", " : "", f);
        fputs(kinds[a[i].kind], f);
        if (a[i].name.ptr != NULL)
            tell_str(f, a[i].name);
        if (a[i].kind != MLA_ADDRESS_MAILBOX)
            continue;
        fputc('<', f);
        tell_str(f, a[i].mailbox);
        fputc('@', f);
        tell_str(f, a[i].host);
        fputc('>', f);
    }
    fputc(']', f);
}

static inline void tell_envelope(FILE *f, const mla_imap_envelope *e)
{
    if (e == NULL)
        return;
    fputs(" env(", f);
    tell_field(f, "date", e->date);
    tell_field(f, "subject", e->subject);
    tell_addresses(f, "from", e->from, e->from_count);
    tell_addresses(f, "sender", e->sender, e->sender_count);
    tell_addresses(f, "reply-to", e->reply_to, e->reply_to_count);
    tell_addresses(f, "to", e->to, e->to_count);
    tell_addresses(f, "cc", e->cc, e->cc_count);
    tell_addresses(f, "bcc", e->bcc, e->bcc_count);
    tell_field(f, "in-reply-to", e->in_reply_to);
    tell_field(f, "message-id", e->message_id);
    fputc(')', f);
}

static inline void tell_part(FILE *f, const mla_imap_body *b)
{
    static const char *const kinds[] = {"basic", "text", "message", "multipart"};

    fprintf(f, " {%s", kinds[b->kind]);
    tell_field(f, "section", b->section);
    fputc(' ', f);
    tell_str(f, b->type);
    fputc('/', f);
    tell_str(f, b->subtype);
    tell_words(f, "params", b->params, b->param_count);
    tell_field(f, "id", b->id);
    tell_field(f, "description", b->description);
    tell_field(f, "encoding", b->encoding);
    tell_number(f, "size", b->size);
    tell_number(f, "lines", b->lines);
    if (b->extended)
        fputs(" extended", f);
    tell_field(f, "md5", b->md5);
    tell_field(f, "disposition", b->disposition);
    tell_words(f, "dparams", b->disposition_params, b->disposition_param_count);
    tell_words(f, "languages", b->languages, b->language_count);
    tell_field(f, "location", b->location);
    tell_field(f, "extension", b->extension);
    tell_envelope(f, b->envelope);
}

/* The tree in its order, without recursion; children is what child_count says or it is told. */
static inline void tell_body(FILE *f, const mla_imap_body *top)
{
    const mla_imap_body *b = top;

    while (b != NULL) {
        uint32_t children = 0;

        tell_part(f, b);
        for (const mla_imap_body *c = b->child; c != NULL; c = c->next)
            children += c->parent == b;
        if (children != b->child_count)
            fprintf(f, " CHILDREN %u INSTEAD OF %u", children, b->child_count);
        if (b->child != NULL) {
            b = b->child;
            continue;
        }
        fputc('}', f);
        while (b != top && b->next == NULL) {
            b = b->parent;
            fputc('}', f);
        }
        b = b == top ? NULL : b->next;
    }
}

static inline void tell_section(FILE *f, const mla_imap_section *s)
{
    static const char *const kinds[] = {"BODY", "BINARY", "RFC822"};

    fprintf(f, " %s[%.*s]", kinds[s->kind], (int)s->name.len, s->name.ptr);
    if (s->has_origin)
        fprintf(f, "<%llu>", (unsigned long long)s->origin);
    if (s->streamed)
        fputs(" streamed", f);
    else if (s->is_nil)
        fputs(" nil", f);
    else
        tell_field(f, "data", s->data);
    tell_number(f, "octets", s->size);
}

static inline void tell_fetch_more(FILE *f, const mla_imap_fetch *x)
{
    const mla_imap_fetch_more *m = x->more;

    if (m == NULL)
        return;
    tell_field(f, "emailid", m->email_id);
    tell_field(f, "threadid", m->thread_id);
    tell_field(f, "preview", m->preview);
    if (m->has_save_date)
        fprintf(f, " saved=%lld zone=%d", (long long)m->save_date, m->save_zone);
    tell_number(f, "gm-msgid", m->gm_message_id);
    tell_number(f, "gm-thrid", m->gm_thread_id);
    tell_words(f, "labels", m->labels, m->label_count);
    for (const mla_imap_annotation *a = m->annotations; a != NULL; a = a->next) {
        tell_field(f, "entry", a->entry);
        tell_field(f, "attribute", a->attribute);
        tell_field(f, "value", a->value);
    }
    for (const mla_imap_binary_size *b = m->binary_sizes; b != NULL; b = b->next) {
        tell_field(f, "binary", b->section);
        fprintf(f, "=%llu", (unsigned long long)b->size);
    }
}

static inline void tell_fetch(FILE *f, const mla_imap_fetch *x)
{
    fprintf(f, " %u fields=%u", x->seq, x->fields);
    tell_number(f, "uid", x->uid);
    if (x->fields & MLA_IMAP_ITEM_FLAGS) {
        fprintf(f, " flags=%u", x->flags);
        tell_words(f, "words", x->words, x->word_count);
    }
    tell_number(f, "size", x->size);
    tell_number(f, "modseq", x->modseq);
    if (x->fields & MLA_IMAP_ITEM_INTERNALDATE)
        fprintf(f, " date=%lld zone=%d", (long long)x->internal_date, x->internal_zone);
    tell_envelope(f, x->envelope);
    if (x->body != NULL) {
        fputs(" body", f);
        tell_body(f, x->body);
    }
    for (const mla_imap_section *s = x->sections; s != NULL; s = s->next)
        tell_section(f, s);
    tell_fetch_more(f, x);
}

static inline void tell_list(FILE *f, const mla_imap_list *r)
{
    fprintf(f, "%s attributes=%u", r->is_lsub ? " lsub" : "", r->attributes);
    tell_words(f, "words", r->words, r->word_count);
    if (r->delimiter != 0)
        fprintf(f, " delimiter=%c", (int)r->delimiter);
    tell_field(f, "name", r->name);
    tell_field(f, "raw", r->raw_name);
    fputs(r->is_undecodable ? " undecodable" : "", f);
    tell_number(f, "children", r->child_info);
    if (r->is_renamed) {
        tell_field(f, "old", r->old_name);
        tell_field(f, "raw-old", r->raw_old_name);
    }
    if (r->name.ptr[r->name.len] != '\0')
        fputs(" NO FINAL NUL", f);
}

static inline void tell_status(FILE *f, const mla_imap_status *s)
{
    tell_field(f, "name", s->name);
    tell_field(f, "raw", s->raw_name);
    fprintf(f, " fields=%u", s->fields);
    tell_number(f, "messages", s->messages);
    tell_number(f, "uidnext", s->uidnext);
    tell_number(f, "uidvalidity", s->uidvalidity);
    tell_number(f, "unseen", s->unseen);
    tell_number(f, "recent", s->recent);
    tell_number(f, "deleted", s->deleted);
    tell_number(f, "size", s->size);
    tell_number(f, "highestmodseq", s->highestmodseq);
    tell_number(f, "deleted-storage", s->deleted_storage);
    tell_number(f, "append-limit", s->append_limit);
    tell_field(f, "mailbox-id", s->mailbox_id);
}

static inline void tell_search(FILE *f, const mla_imap_search *s)
{
    fprintf(f, "%s%s%s fields=%u", s->is_uid ? " uid" : "", s->is_last ? "" : " more",
            s->is_earlier ? " earlier" : "", s->fields);
    tell_number(f, "min", s->min);
    tell_number(f, "max", s->max);
    tell_number(f, "count", s->count);
    tell_number(f, "modseq", s->modseq);
    tell_ranges(f, "ranges", s->ranges, s->range_count);
    if (s->is_sorted)
        fputs(" sorted", f);
    if (s->partial_first != 0)
        fprintf(f, " partial=%lld:%lld", (long long)s->partial_first, (long long)s->partial_last);
    tell_field(f, "mailbox", s->mailbox);
    tell_field(f, "raw-mailbox", s->raw_mailbox);
    tell_number(f, "uidvalidity", s->uidvalidity);
    for (size_t i = 0; i < s->change_count; i++)
        fprintf(f, " %c%u@%u:%u", s->changes[i].what == MLA_IMAP_CHANGE_ADD ? '+' : '-',
                s->changes[i].position, s->changes[i].first, s->changes[i].last);
    for (size_t i = 0; i < s->score_count; i++)
        fprintf(f, i == 0 ? " scores=%u" : ",%u", s->scores[i]);
}

static inline void tell_thread(FILE *f, const mla_imap_thread *t)
{
    fprintf(f, "%s%s", t->is_uid ? " uid" : "", t->is_last ? "" : " more");
    for (size_t i = 0; i < t->item_count; i++)
        fprintf(f, " %u/%u<%u<%u", t->items[i].number, t->items[i].depth, t->items[i].parent,
                t->items[i].root);
}

/* Trees in parentheses: a number #1, a string "s", NIL, an atom as it is. */
static inline void tell_values(FILE *f, const mla_imap_value *v)
{
    unsigned closed;

    for (; v != NULL; v = value_next(v, &closed)) {
        fputc(' ', f);
        if (v->kind == MLA_IMAP_VALUE_LIST)
            fprintf(f, "(%u", v->child_count);
        else if (v->kind == MLA_IMAP_VALUE_NUMBER)
            fprintf(f, "#%llu", (unsigned long long)v->number);
        else if (v->kind == MLA_IMAP_VALUE_STRING)
            tell_str(f, v->text);
        else
            fprintf(f, "%.*s", v->kind == MLA_IMAP_VALUE_NIL ? 3 : (int)v->text.len,
                    v->kind == MLA_IMAP_VALUE_NIL ? "NIL" : v->text.ptr);
        for (value_next(v, &closed); closed > 0; closed--)
            fputc(')', f);
    }
}

static inline void tell_event(FILE *f, const struct mla_imap_event *ev)
{
    static const char *const types[64] = {"-",
                                          "DONE",
                                          "GREETING",
                                          "TEXT",
                                          "CAPABILITY",
                                          "FLAGS",
                                          "EXISTS",
                                          "RECENT",
                                          "EXPUNGE",
                                          "FETCH",
                                          "SECTION",
                                          "CHUNK",
                                          "LIST",
                                          "STATUS",
                                          "SEARCH",
                                          "VANISHED",
                                          "ENABLED",
                                          "OTHER",
                                          "WARNING",
                                          [MLA_IMAP_EV_THREAD] = "THREAD",
                                          [MLA_IMAP_EV_UIDBATCHES] = "UIDBATCHES"};

    if (admin_type(ev->type)[0] != '\0') {
        fputs(admin_type(ev->type), f);
        admin_tell(f, ev->type, ev->record);
        return;
    }
    fputs(types[ev->type], f);
    tell_number(f, "", ev->number);
    tell_words(f, "", ev->words, ev->word_count);
    if (ev->type == MLA_IMAP_EV_OTHER)
        tell_values(f, ev->record);
    if (ev->done != NULL) {
        fprintf(f, " status=%u%s", ev->done->status, ev->done->is_tls ? " tls" : "");
        tell_code(f, ev->done->code);
        tell_field(f, "text", ev->done->text);
    }
    if (ev->text != NULL) {
        fprintf(f, " status=%u%s", ev->text->status, ev->text->is_tls ? " tls" : "");
        tell_code(f, ev->text->code);
        tell_field(f, "text", ev->text->text);
    }
    if (ev->fetch != NULL)
        tell_fetch(f, ev->fetch);
    if (ev->list != NULL)
        tell_list(f, ev->list);
    if (ev->status != NULL)
        tell_status(f, ev->status);
    if (ev->search != NULL)
        tell_search(f, ev->search);
    if (ev->type == MLA_IMAP_EV_THREAD)
        tell_thread(f, ev->record);
    if (ev->warning != NULL) {
        fprintf(f, " %u", ev->warning->id);
        tell_field(f, "raw", ev->warning->raw);
    }
}

/* The event and what imap_resp_parse() said beside it. The text is the caller's, to be freed. */
static inline char *tell(const struct mla_imap_event *ev, const struct imap_resp *r)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    if (f == NULL)
        return NULL;
    if (r->kind == IMAP_RESP_TAGGED)
        fprintf(f, "%.*s ", (int)r->tag.len, r->tag.ptr);
    if (r->kind == IMAP_RESP_CONTINUE) {
        fputs("+", f);
        tell_field(f, "text", r->text);
    } else {
        tell_event(f, ev);
    }
    tell_field(f, "correlator", r->correlator);
    if (r->capabilities != NULL)
        fprintf(f, " capabilities=%zu", r->capability_count);
    if (r->warn.id != 0 && ev->raw.ptr != NULL) {
        mla_str raw = {(const char *)ev->raw.ptr + r->warn.at, r->warn.len};

        fprintf(f, " warn(%u ", r->warn.id);
        tell_str(f, raw);
        fputc(')', f);
    }
    fclose(f);
    return text;
}

#endif
