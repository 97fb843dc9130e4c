/* imap_view_api.c - see mailaccess/imap_view.h */
#include "mailaccess/imap_view.h"

#include "api/imap_api.h"

#include <string.h>

/* NULL unless a mailbox is selected: one that is being selected may still be refused (P23). */
static const struct imap_state *box_of(const mla_imap *s)
{
    return s != NULL && s->engine.state == IMAP_STATE_SELECTED ? &s->engine.box : NULL;
}

static mla_str text(const char *s)
{
    mla_str out = {s, s != NULL ? strlen(s) : 0};

    return out;
}

const mla_imap_view *mla_imap_mailbox(mla_imap *s)
{
    const struct imap_state *b = box_of(s);
    mla_imap_view *v;

    if (b == NULL)
        return NULL;
    v = &s->view;
    memset(v, 0, sizeof *v);
    v->struct_size = sizeof *v;
    v->exists = b->exists;
    v->name = text(b->name);
    v->raw_name = text(b->raw);
    v->mailbox_id = text(b->id);
    v->recent = b->recent;
    v->uidnext = b->uidnext;
    v->uidvalidity = b->uidvalidity;
    v->is_read_only = b->read_only != 0;
    v->uid_not_sticky = b->uid_not_sticky != 0;
    v->no_modseq = b->no_modseq != 0;
    v->highestmodseq = b->highestmodseq;
    v->modseq_seen = b->modseq_seen;
    v->permanent_flags = b->permanent_flags;
    v->is_uid_only = b->uid_only != 0;
    v->flags = b->flag_words.words;
    v->flag_count = b->flag_words.count;
    v->permanent = b->permanent_words.words;
    v->permanent_count = b->permanent_words.count;
    v->known_uids = b->map.known[MSGMAP_UID];
    v->known_flags = b->map.known[MSGMAP_FLAGS];
    v->known_modseqs = b->map.known[MSGMAP_MODSEQ];
    v->forgets = b->map.forgets;
    v->memory = msgmap_octets(&b->map) + flagbook_octets(&b->flags);
    return v;
}

uint32_t mla_imap_view_uid(const mla_imap *s, uint32_t number)
{
    const struct imap_state *b = box_of(s);

    return b != NULL && !b->uid_only ? msgmap_uid(&b->map, number) : 0;
}

uint32_t mla_imap_view_number(const mla_imap *s, uint32_t uid)
{
    const struct imap_state *b = box_of(s);

    return b != NULL && !b->uid_only ? msgmap_seq(&b->map, uid) : 0;
}

/* Place `at` of the map: the message number, where there are numbers. */
static const mla_imap_message *message(mla_imap *s, const struct imap_state *b, uint32_t at)
{
    mla_imap_message *m = &s->message;
    struct msgmap_row row;

    msgmap_row(&b->map, at, &row);
    memset(m, 0, sizeof *m);
    m->struct_size = sizeof *m;
    m->number = b->uid_only ? 0 : at;
    m->uid = row.uid;
    m->modseq = row.modseq;
    if (row.uid != 0)
        m->fields |= MLA_IMAP_ITEM_UID;
    if (row.modseq != 0)
        m->fields |= MLA_IMAP_ITEM_MODSEQ;
    if (row.flags != 0) {
        m->fields |= MLA_IMAP_ITEM_FLAGS;
        m->flags = flagbook_words(&b->flags, (uint32_t)row.flags, &m->words, &m->word_count);
    }
    return m;
}

const mla_imap_message *mla_imap_view_message(mla_imap *s, uint32_t number)
{
    const struct imap_state *b = box_of(s);

    if (b == NULL || b->uid_only || number == 0 || number > b->map.count)
        return NULL;
    return message(s, b, number);
}

const mla_imap_message *mla_imap_view_message_uid(mla_imap *s, uint32_t uid)
{
    const struct imap_state *b = box_of(s);
    uint32_t at = b != NULL ? msgmap_seq(&b->map, uid) : 0;

    return at != 0 ? message(s, b, at) : NULL;
}

int mla_imap_view_uids(const mla_imap *s, uint32_t from, mla_range *out_uids)
{
    const struct imap_state *b = box_of(s);

    return b != NULL && out_uids != NULL ? msgmap_next_uids(&b->map, from, out_uids) : 0;
}

int mla_imap_view_missing(const mla_imap *s, uint32_t items, uint32_t from, mla_range *out_numbers)
{
    const struct imap_state *b = box_of(s);
    unsigned columns = 0;

    if (b == NULL || b->uid_only || out_numbers == NULL)
        return 0;
    if ((items & MLA_IMAP_ITEM_UID) != 0 || items == 0)
        columns |= 1U << MSGMAP_UID;
    if ((items & MLA_IMAP_ITEM_FLAGS) != 0)
        columns |= 1U << MSGMAP_FLAGS;
    if ((items & MLA_IMAP_ITEM_MODSEQ) != 0)
        columns |= 1U << MSGMAP_MODSEQ;
    return msgmap_next_missing(&b->map, columns, from, out_numbers);
}
