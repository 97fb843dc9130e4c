/* resp_envelope.c - ENVELOPE (RFC 9051 section 7.5.2). */
#include "imap/resp_read.h"

/* Addresses begin on the stack, as ilex_words do. */
struct addresses {
    mla_address *items;
    size_t count;
    size_t room;
    mla_address first[8];
};

/* Where the next entry goes; it counts once a->count is one more. */
static int make_room(struct ilex *l, struct addresses *a)
{
    mla_address *items;

    if (a->count < a->room)
        return 0;
    items = arena_raw(l->arena, a->room * 4 * sizeof *items);
    if (items == NULL)
        return ilex_no_memory(l);
    memcpy(items, a->items, a->count * sizeof *items);
    a->items = items;
    a->room *= 4;
    return 0;
}

static int is_word(mla_str s, const char *word, size_t len)
{
    return s.len == len && memcmp(s.ptr, word, len) == 0;
}

#define IS_WORD(s, word) is_word(s, word, sizeof(word) - 1)

/* What servers write where the message has no host or mailbox. */
static void clear_fillers(mla_address *a)
{
    /* c-client and Exchange; then Dovecot before 2.3.5 */
    if (IS_WORD(a->host, ".MISSING-HOST-NAME.") || IS_WORD(a->host, ".SYNTAX-ERROR.") ||
        IS_WORD(a->host, "MISSING_DOMAIN"))
        a->host.len = 0;
    if (IS_WORD(a->mailbox, "MISSING_MAILBOX"))
        a->mailbox.len = 0;
}

/* Gmail: name and address swapped, ("<user@host>" NIL "Name" NIL). */
static void unswap(mla_address *a)
{
    const char *at = NULL;
    mla_str whole = a->name;

    if (whole.len < 3 || whole.ptr[0] != '<' || whole.ptr[whole.len - 1] != '>' || a->host.len != 0)
        return;
    whole.ptr++;
    whole.len -= 2;
    for (size_t i = 0; i < whole.len; i++)
        if (whole.ptr[i] == '@')
            at = whole.ptr + i;
    if (at == NULL)
        return;
    a->name = a->mailbox;
    a->mailbox.ptr = whole.ptr;
    a->mailbox.len = (size_t)(at - whole.ptr);
    a->host.ptr = at + 1;
    a->host.len = whole.len - a->mailbox.len - 1;
}

/* RFC 9051 section 9: address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")". The
 * route (adl) is obsolete and left out. */
static int read_address(struct ilex *l, mla_address *a)
{
    mla_str route;
    int rc;

    l->p++;
    ilex_spaces(l);
    rc = ilex_nstring(l, &a->name);
    ilex_spaces(l);
    if (rc == 0)
        rc = ilex_nstring(l, &route);
    ilex_spaces(l);
    if (rc == 0)
        rc = ilex_nstring(l, &a->mailbox);
    ilex_spaces(l);
    if (rc == 0)
        rc = ilex_nstring(l, &a->host);
    ilex_spaces(l);
    if (rc == 0 && !ilex_take(l, ')'))
        rc = ILEX_BAD;
    a->kind = MLA_ADDRESS_MAILBOX;
    a->reserved = 0;
    return rc;
}

/* The next entry has been read. Groups: a NIL host with a mailbox begins one, without a mailbox
 * ends it (RFC 9051 section 7.5.2). *open is the place of the one that is open, or SIZE_MAX. */
static void add_entry(struct addresses *list, size_t *open)
{
    mla_address *a = &list->items[list->count++];

    if (a->host.ptr != NULL) {
        if (a->name.ptr != NULL && a->name.len != 0 && a->name.ptr[0] == '<')
            unswap(a);
        if (a->host.len != 0)
            clear_fillers(a);
        return;
    }
    unswap(a);
    if (a->host.ptr != NULL || (a->name.ptr != NULL && a->mailbox.ptr != NULL))
        return; /* a name has no place in a group's beginning */
    if (a->mailbox.ptr != NULL) {
        if (*open != SIZE_MAX) /* groups do not nest: the other one was none */
            list->items[*open].kind = MLA_ADDRESS_MAILBOX;
        *open = list->count - 1;
        a->kind = MLA_ADDRESS_GROUP_BEGIN;
    } else if (*open != SIZE_MAX) {
        *open = SIZE_MAX;
        a->kind = MLA_ADDRESS_GROUP_END;
    } else {
        list->count--; /* nothing to end */
    }
}

/* A group's name is in name; one that was never ended was a mailbox without a host (Gmail). */
static void name_groups(struct addresses *list, size_t open)
{
    if (open != SIZE_MAX)
        list->items[open].kind = MLA_ADDRESS_MAILBOX;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == MLA_ADDRESS_GROUP_BEGIN) {
            mla_str none = {NULL, 0};

            list->items[i].name = list->items[i].mailbox;
            list->items[i].mailbox = none;
        }
}

static int read_members(struct ilex *l, struct addresses *list, int *out_groups, size_t *out_open)
{
    for (;;) {
        const uint8_t *from;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        if (ilex_take_nil(l)) /* SmarterMail and others */
            continue;
        from = l->p;
        rc = make_room(l, list);
        if (rc == 0)
            rc = *from == '(' ? read_address(l, &list->items[list->count]) : ILEX_BAD;
        if (rc == ILEX_BAD && *from == '(' && !l->wary) { /* quotes that are not escaped? */
            l->p = from;
            l->wary = 1;
            rc = read_address(l, &list->items[list->count]);
            l->wary = 0;
        }
        if (rc == 0) {
            add_entry(list, out_open);
            *out_groups |=
                list->count > 0 && list->items[list->count - 1].kind != MLA_ADDRESS_MAILBOX;
        } else if (rc == ILEX_BAD) {
            /* garbage costs only itself */
            l->p = from;
            rc = ilex_skip(l);
            if (rc == 0)
                ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
        }
        if (rc != 0)
            return rc;
    }
}

static int read_addresses(struct ilex *l, const mla_address **out, size_t *out_count)
{
    struct addresses list;
    size_t open = SIZE_MAX;
    int groups = 0;
    int rc;

    if (*l->p != '(') {
        mla_str ignored;

        if (ilex_take_nil(l))
            return 0;
        return ilex_string(l, &ignored); /* Exchange 2007: "" */
    }
    l->p++;
    list.items = list.first;
    list.count = 0;
    list.room = sizeof list.first / sizeof list.first[0];
    rc = read_members(l, &list, &groups, &open);
    if (rc != 0 || list.count == 0)
        return rc;
    if (groups)
        name_groups(&list, open);
    if (list.items == list.first) {
        list.items = arena_raw(l->arena, list.count * sizeof *list.items);
        if (list.items == NULL)
            return ilex_no_memory(l);
        if (list.count == 1) /* the most frequent */
            list.items[0] = list.first[0];
        else
            memcpy(list.items, list.first, list.count * sizeof *list.items);
    }
    *out = list.items;
    *out_count = list.count;
    return 0;
}

/* 1 while there is another field; several servers leave the last ones out. */
static int more(struct ilex *l)
{
    ilex_spaces(l);
    return *l->p != ')';
}

/* Servers repeat From where Sender or Reply-To is missing (RFC 9051 section 7.5.2): when the octets
 * at `from`, which were read as a list, stand here once more, they are taken. 1: they were. */
static int take_again(struct ilex *l, const uint8_t *from, size_t n)
{
    if (n == 0 || l->end - l->p < (ptrdiff_t)n || memcmp(l->p, from, n) != 0)
        return 0;
    l->p += n;
    return 1;
}

/* From, Sender, Reply-To, To, Cc, Bcc. */
static int read_lists(struct ilex *l, mla_imap_envelope *e)
{
    const mla_address **const lists[] = {&e->from, &e->sender, &e->reply_to,
                                         &e->to,   &e->cc,     &e->bcc};
    size_t *const counts[] = {&e->from_count, &e->sender_count, &e->reply_to_count,
                              &e->to_count,   &e->cc_count,     &e->bcc_count};
    const uint8_t *first = NULL; /* From, as written */
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < 6 && more(l); i++) {
        if ((i == 1 || i == 2) && take_again(l, first, n)) {
            *lists[i] = e->from;
            *counts[i] = e->from_count;
            continue;
        }
        if (i == 0)
            first = l->p;
        rc = read_addresses(l, lists[i], counts[i]);
        if (i == 0 && *first == '(')
            n = (size_t)(l->p - first);
    }
    return rc;
}

/* RFC 9051 section 9, envelope, behind its "(" and up to its ")". */
static int read_fields(struct ilex *l, mla_imap_envelope *e)
{
    mla_str *const strings[] = {&e->date, &e->subject, &e->in_reply_to, &e->message_id};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < 2 && more(l); i++)
        rc = ilex_nstring(l, strings[i]);
    if (rc == 0)
        rc = read_lists(l, e);
    for (size_t i = 2; rc == 0 && i < 4 && more(l); i++)
        rc = ilex_nstring(l, strings[i]);
    while (rc == 0 && more(l))
        rc = ilex_skip(l);
    l->p += rc == 0;
    return rc;
}

int imap_read_envelope(struct ilex *l, const mla_imap_envelope **out)
{
    mla_imap_envelope *e;
    int extra;
    int rc;

    *out = NULL;
    if (ilex_take_nil(l))
        return 0;
    if (!ilex_take(l, '('))
        return ILEX_BAD;
    extra = ilex_take(l, '('); /* Lotus Domino: one more pair of parentheses */
    e = ilex_alloc(l, sizeof *e);
    if (e == NULL)
        return ilex_no_memory(l);
    e->struct_size = sizeof *e;
    rc = read_fields(l, e);
    if (rc == 0 && extra) {
        ilex_spaces(l);
        rc = ilex_take(l, ')') ? 0 : ILEX_BAD;
    }
    if (rc == 0)
        *out = e;
    return rc;
}
