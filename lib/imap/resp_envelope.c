/* resp_envelope.c - ENVELOPE (RFC 9051 section 7.5.2). */
#include "imap/resp_read.h"
#include "imap/strict.h"

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

static int keep_addresses(struct ilex *l, const mla_address *items, size_t count,
                          const mla_address **out, size_t *out_count)
{
    mla_address *kept = arena_raw(l->arena, count * sizeof *kept);

    if (kept == NULL)
        return ilex_no_memory(l);
    for (size_t i = 0; i < count; i++)
        kept[i] = items[i];
    *out = kept;
    *out_count = count;
    return 0;
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
    if (list.items == list.first)
        return keep_addresses(l, list.first, list.count, out, out_count);
    *out = list.items;
    *out_count = list.count;
    return 0;
}

/* --- the usual shape --- */

enum { STRICT_ADDRESSES = 4 };

/* An address with a host, none of whose strings means something else than it says. */
static inline const uint8_t *strict_address(const struct ilex *l, const uint8_t *p, mla_address *a)
{
    if ((p = strict_nstring(l, p + 1, &a->name)) == NULL || !ilex_stands_at(l, p, " NIL ") ||
        (p = strict_nstring_space(l, p + 5, &a->mailbox)) == NULL ||
        (p = strict_string(l, p, &a->host)) == NULL)
        return NULL;
    a->kind = MLA_ADDRESS_MAILBOX;
    a->reserved = 0;
    if (a->host.len == 0 || a->host.ptr[0] == '.' || a->host.ptr[0] == 'M' ||
        (a->mailbox.len != 0 && a->mailbox.ptr[0] == 'M'))
        return NULL; /* it may be one for clear_fillers() or unswap() */
    return strict_take(p, ')');
}

/* A list of a few of them, or NIL. */
static inline const uint8_t *strict_addresses(struct ilex *l, const uint8_t *p,
                                              const mla_address **out, size_t *out_count)
{
    mla_address items[STRICT_ADDRESSES];
    size_t count = 0;

    if (*p != '(')
        return strict_nil(p);
    p++;
    do {
        if (*p != '(' || count == STRICT_ADDRESSES)
            return NULL;
        p = strict_address(l, p, &items[count++]);
        if (p == NULL)
            return NULL;
    } while (*p != ')');
    return keep_addresses(l, items, count, out, out_count) == 0 ? p + 1 : NULL;
}

/* Several servers leave the last fields out. */
static int more(struct ilex *l)
{
    ilex_spaces(l);
    return *l->p != ')';
}

/* Where in the envelope: p is where the next field begins, at its first octet or a blank. */
struct reading {
    struct ilex *l;
    const uint8_t *p;
    int strict;
};

/* A tolerant reader is done. */
static int go_on(struct reading *r, int rc)
{
    ilex_spaces(r->l);
    strict_begin(r->l); /* there may be another backslash now */
    r->p = r->l->p;
    return rc;
}

static int tolerant_string(struct reading *r, mla_str *out)
{
    out->ptr = NULL;
    out->len = 0;
    r->l->p = r->p;
    return go_on(r, more(r->l) ? ilex_nstring(r->l, out) : 0);
}

static int tolerant_list(struct reading *r, const mla_address **out, size_t *out_count)
{
    r->l->p = r->p;
    r->l->arena->over = 0;
    return go_on(r, more(r->l) ? read_addresses(r->l, out, out_count) : 0);
}

static inline int read_string(struct reading *r, mla_str *out)
{
    const uint8_t *p = r->strict ? strict_nstring(r->l, r->p, out) : NULL;

    if (p == NULL || (p = strict_space(p)) == NULL)
        return tolerant_string(r, out);
    r->p = p;
    return 0;
}

static inline int read_list(struct reading *r, const mla_address **out, size_t *out_count)
{
    const uint8_t *p = r->strict ? strict_addresses(r->l, r->p, out, out_count) : NULL;

    if (p == NULL || (p = strict_space(p)) == NULL)
        return tolerant_list(r, out, out_count);
    r->p = p;
    return 0;
}

/* Servers repeat From where Sender or Reply-To is missing (RFC 9051 section 7.5.2): when its n
 * octets, which were read as a list, stand here once more, they are taken. */
static inline int read_again(struct reading *r, const mla_imap_envelope *e, const uint8_t *from,
                             size_t n, const mla_address **out, size_t *out_count)
{
    const uint8_t *p = r->p + n;

    if (n == 0 || r->l->end - r->p < (ptrdiff_t)n || memcmp(r->p, from, n) != 0)
        return read_list(r, out, out_count);
    *out = e->from;
    *out_count = e->from_count;
    r->p = *p == ' ' ? p + 1 : p;
    return 0;
}

/* From, Sender, Reply-To, To, Cc, Bcc. */
static int read_lists(struct reading *r, mla_imap_envelope *e)
{
    const uint8_t *from = r->p;
    const uint8_t *end;
    size_t n = 0; /* octets of From, as written */
    int rc = read_list(r, &e->from, &e->from_count);

    if (rc != 0)
        return rc;
    for (end = r->p; end > from && end[-1] == ' ';)
        end--;
    if (*from == '(')
        n = (size_t)(end - from);
    rc = read_again(r, e, from, n, &e->sender, &e->sender_count);
    if (rc == 0)
        rc = read_again(r, e, from, n, &e->reply_to, &e->reply_to_count);
    if (rc == 0)
        rc = read_list(r, &e->to, &e->to_count);
    if (rc == 0)
        rc = read_list(r, &e->cc, &e->cc_count);
    return rc != 0 ? rc : read_list(r, &e->bcc, &e->bcc_count);
}

/* RFC 9051 section 9, envelope, behind its "(" and up to its ")". */
static int read_fields(struct ilex *l, mla_imap_envelope *e)
{
    struct reading r = {l, l->p, strict_begin(l) != NULL};
    int rc = read_string(&r, &e->date);

    if (rc == 0)
        rc = read_string(&r, &e->subject);
    if (rc == 0)
        rc = read_lists(&r, e);
    if (rc == 0)
        rc = read_string(&r, &e->in_reply_to);
    if (rc == 0)
        rc = read_string(&r, &e->message_id);
    l->p = r.p;
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
