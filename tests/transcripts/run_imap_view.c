/* run_imap_view.c - the selected mailbox as the library knows it.
 *
 *   view                         the mailbox, and each message of it that anything is known of
 *   missing ITEM-BITS            numbers of messages of which not all of that is known */
#include "run_imap.h"

#include "mailaccess/imap_view.h"

enum { MAX_SHOWN = 40 };

static void add_words(struct text *t, const mla_str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(t, "%s%.*s", i > 0 ? " " : "", (int)words[i].len, words[i].ptr);
}

static void log_message(struct runner *r, const mla_imap_message *m)
{
    struct text t = {"", 0};

    if (m == NULL || m->fields == 0)
        return;
    add(&t, "MESSAGE");
    if (m->number != 0)
        add(&t, " %u", m->number);
    if ((m->fields & MLA_IMAP_ITEM_UID) != 0)
        add(&t, " uid=%u", m->uid);
    if ((m->fields & MLA_IMAP_ITEM_FLAGS) != 0) {
        add(&t, " flags=%u(", m->flags);
        add_words(&t, m->words, m->word_count);
        add(&t, ")");
    }
    if ((m->fields & MLA_IMAP_ITEM_MODSEQ) != 0)
        add(&t, " modseq=%llu", (unsigned long long)m->modseq);
    runner_log(r, "%s", t.p);
}

/* With failing memory less may be known, which the runner excuses where it is said. */
static void add_forgets(struct text *t, const mla_imap_view *v)
{
    if (v != NULL && v->forgets != 0)
        add(t, " forgets=%u (as after MLA_E_NOMEM)", v->forgets);
}

static void view(struct runner *r, mla_imap *s)
{
    const mla_imap_view *v = mla_imap_mailbox(s);
    struct text t = {"", 0};
    mla_range uids = {0, 0};
    uint32_t shown = 0;

    if (v == NULL) {
        runner_log(r, "VIEW none");
        return;
    }
    add(&t, "VIEW %.*s exists=%u recent=%u validity=%u next=%u ro=%u", (int)v->name.len,
        v->name.ptr, v->exists, v->recent, v->uidvalidity, v->uidnext, v->is_read_only);
    if (v->highestmodseq != 0 || v->modseq_seen != 0 || v->no_modseq != 0)
        add(&t, " modseq=%llu,%llu%s", (unsigned long long)v->highestmodseq,
            (unsigned long long)v->modseq_seen, v->no_modseq != 0 ? " none" : "");
    if (v->mailbox_id.ptr != NULL)
        add(&t, " id=%.*s", (int)v->mailbox_id.len, v->mailbox_id.ptr);
    add(&t, " flags=(");
    add_words(&t, v->flags, v->flag_count);
    add(&t, ") permanent=%u(", v->permanent_flags);
    add_words(&t, v->permanent, v->permanent_count);
    add(&t, ") known=%u,%u,%u", v->known_uids, v->known_flags, v->known_modseqs);
    if (v->is_uid_only != 0)
        add(&t, " uidonly");
    add_forgets(&t, v);
    runner_log(r, "%s", t.p);
    for (uint32_t i = 1; i <= v->exists && i <= MAX_SHOWN && v->is_uid_only == 0; i++) {
        const mla_imap_message *m = mla_imap_view_message(s, i);

        log_message(r, m);
        if (m == NULL || mla_imap_view_uid(s, i) != m->uid ||
            (m->uid != 0 && mla_imap_view_number(s, m->uid) != i))
            runner_log(r, "MESSAGE %u is not its own", i);
    }
    while (v->is_uid_only != 0 && mla_imap_view_uids(s, uids.last + 1, &uids) != 0)
        for (uint32_t uid = uids.first; uid <= uids.last && shown++ < MAX_SHOWN; uid++)
            log_message(r, mla_imap_view_message_uid(s, uid));
}

static void missing(struct runner *r, mla_imap *s, uint32_t items)
{
    mla_range numbers = {0, 0};
    struct text t = {"", 0};

    add(&t, "MISSING");
    while (mla_imap_view_missing(s, items, numbers.last + 1, &numbers) != 0 &&
           numbers.last < 4000000000U) {
        add(&t, " ");
        add_ranges(&t, &numbers, 1);
    }
    add_forgets(&t, mla_imap_mailbox(s));
    runner_log(r, "%s", t.p);
}

static int command(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket)
{
    (void)out_rc;
    (void)out_ticket;
    if (is(&words[0], "view"))
        view(r, s);
    else if (count > 1 && is(&words[0], "missing"))
        missing(r, s, (uint32_t)runner_number(&words[1]));
    else
        return 0;
    return 1;
}

static int describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    (void)r;
    (void)t;
    (void)ev;
    return 0;
}

const struct run_imap_family run_imap_view = {command, describe};
