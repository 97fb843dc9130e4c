/* imap_keep_event_api.c - see mailaccess/imap_keep.h: what events hold, and the mailbox as it is
 * known. */
#include "api/imap_keep_api.h"

#include <string.h>

int32_t mla_imap_keep_event_type(const mla_imap_keep_event *ev)
{
    return ev != NULL ? ev->type : 0;
}

const mla_imap_keep_line *mla_imap_keep_event_line(const mla_imap_keep_event *ev)
{
    switch (mla_imap_keep_event_type(ev)) {
    case MLA_KEEP_EV_ONLINE:
    case MLA_KEEP_EV_OFFLINE:
    case MLA_KEEP_EV_VOID:
    case MLA_KEEP_EV_CREDENTIALS:
    case MLA_KEEP_EV_OVER:
        return &ev->line;
    default:
        return NULL;
    }
}

const mla_imap_keep_news *mla_imap_keep_event_news(const mla_imap_keep_event *ev)
{
    switch (mla_imap_keep_event_type(ev)) {
    case MLA_KEEP_EV_GONE:
    case MLA_KEEP_EV_NEW:
    case MLA_KEEP_EV_CHANGED:
        return &ev->news;
    default:
        return NULL;
    }
}

const mla_imap_event *mla_imap_keep_event_imap(const mla_imap_keep_event *ev)
{
    return mla_imap_keep_event_type(ev) == MLA_KEEP_EV_IMAP ? ev->imap : NULL;
}

/* --- the mailbox --- */

static const struct known *known_of(const mla_imap_keep *k)
{
    return k != NULL && k->core.known.uidvalidity != 0 ? &k->core.known : NULL;
}

const mla_imap_view *mla_imap_keep_mailbox(mla_imap_keep *k)
{
    const struct known *kn = known_of(k);
    mla_imap_view *v;

    if (kn == NULL)
        return NULL;
    v = &k->view;
    memset(v, 0, sizeof *v);
    v->struct_size = sizeof *v;
    v->exists = kn->map.count;
    v->name.ptr = k->mailbox;
    v->name.len = strlen(k->mailbox);
    v->uidnext = kn->uidnext;
    v->uidvalidity = kn->uidvalidity;
    v->highestmodseq = kn->modseq;
    v->is_read_only = k->core.opts.read_only != 0;
    v->known_uids = kn->map.known[MSGMAP_UID];
    v->known_flags = kn->map.known[MSGMAP_FLAGS];
    v->memory = msgmap_octets(&kn->map) + flagbook_octets(&kn->flags);
    return v;
}

const mla_imap_message *mla_imap_keep_message(mla_imap_keep *k, uint32_t number)
{
    const struct known *kn = known_of(k);
    mla_imap_message *m;
    struct msgmap_row row;

    if (kn == NULL || number == 0 || number > kn->map.count)
        return NULL;
    m = &k->message;
    msgmap_row(&kn->map, number, &row);
    memset(m, 0, sizeof *m);
    m->struct_size = sizeof *m;
    m->fields = MLA_IMAP_ITEM_UID;
    m->number = number;
    m->uid = row.uid;
    if (row.flags != 0) {
        m->fields |= MLA_IMAP_ITEM_FLAGS;
        m->flags = flagbook_words(&kn->flags, (uint32_t)row.flags, &m->words, &m->word_count);
    }
    return m;
}

const mla_imap_message *mla_imap_keep_message_uid(mla_imap_keep *k, uint32_t uid)
{
    const struct known *kn = known_of(k);

    return kn != NULL ? mla_imap_keep_message(k, msgmap_seq(&kn->map, uid)) : NULL;
}

int mla_imap_keep_uids(const mla_imap_keep *k, uint32_t from, mla_range *out_uids)
{
    const struct known *kn = known_of(k);

    return kn != NULL && out_uids != NULL ? msgmap_next_uids(&kn->map, from, out_uids) : 0;
}
