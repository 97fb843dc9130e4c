/* resp_status.c - STATUS (RFC 9051 section 7.3.4, RFC 7162, RFC 8438). */
#include "imap/mbname.h"
#include "imap/resp_read.h"

/* Which 32-bit count of the record the item fills, or NULL. */
static uint32_t *count_of(mla_imap_status *s, mla_str name, uint32_t *out_field)
{
    static const struct {
        const char *name;
        uint32_t field;
        size_t at;
    } rows[] = {
        {"MESSAGES", MLA_IMAP_STATUS_MESSAGES, offsetof(mla_imap_status, messages)},
        {"UIDNEXT", MLA_IMAP_STATUS_UIDNEXT, offsetof(mla_imap_status, uidnext)},
        {"UIDVALIDITY", MLA_IMAP_STATUS_UIDVALIDITY, offsetof(mla_imap_status, uidvalidity)},
        {"UNSEEN", MLA_IMAP_STATUS_UNSEEN, offsetof(mla_imap_status, unseen)},
        {"RECENT", MLA_IMAP_STATUS_RECENT, offsetof(mla_imap_status, recent)},
        {"DELETED", MLA_IMAP_STATUS_DELETED, offsetof(mla_imap_status, deleted)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(name.ptr, name.len, rows[i].name)) {
            *out_field = rows[i].field;
            return (uint32_t *)(void *)((char *)s + rows[i].at);
        }
    return NULL;
}

/* The same for counts of 64 bits. */
static uint64_t *wide_count_of(mla_imap_status *s, mla_str name, uint32_t *out_field)
{
    static const struct {
        const char *name;
        uint32_t field;
        size_t at;
    } rows[] = {
        {"SIZE", MLA_IMAP_STATUS_SIZE, offsetof(mla_imap_status, size)},
        {"HIGHESTMODSEQ", MLA_IMAP_STATUS_HIGHESTMODSEQ, offsetof(mla_imap_status, highestmodseq)},
        {"DELETED-STORAGE", MLA_IMAP_STATUS_DELETED_STORAGE,
         offsetof(mla_imap_status, deleted_storage)},
        {"APPENDLIMIT", MLA_IMAP_STATUS_APPENDLIMIT, offsetof(mla_imap_status, append_limit)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(name.ptr, name.len, rows[i].name)) {
            *out_field = rows[i].field;
            return (uint64_t *)(void *)((char *)s + rows[i].at);
        }
    return NULL;
}

/* RFC 8474 section 4.3, "(" objectid ")"; several servers leave the parentheses out. */
static int read_mailbox_id(struct ilex *l, mla_imap_status *s)
{
    int in_list = ilex_take(l, '(');
    int rc = ilex_astring(l, &s->mailbox_id);

    if (rc == 0 && in_list && !ilex_take(l, ')'))
        rc = ILEX_BAD;
    if (rc == 0)
        s->fields |= MLA_IMAP_STATUS_MAILBOXID;
    else
        s->mailbox_id.ptr = NULL;
    return rc;
}

static int read_count(struct ilex *l, mla_imap_status *s, mla_str name)
{
    uint32_t field = 0;
    uint32_t *count = count_of(s, name, &field);
    uint64_t *wide = count == NULL ? wide_count_of(s, name, &field) : NULL;
    uint64_t v = 0;
    int rc;

    if (count == NULL && wide == NULL)
        return *l->p == ')' ? 0 : ilex_skip(l); /* items of extensions: any value, or none */
    if (field == MLA_IMAP_STATUS_APPENDLIMIT && ilex_take_nil(l)) { /* RFC 7889 section 4 */
        v = UINT64_MAX;
        rc = 0;
    } else {
        rc = ilex_number(l, count != NULL ? UINT32_MAX : INT64_MAX, &v);
    }
    if (rc == 0 && *l->p != ' ' && *l->p != ')')
        rc = ILEX_BAD;
    if (rc != 0)
        return rc;
    s->fields |= field;
    if (count != NULL)
        *count = (uint32_t)v;
    else
        *wide = v;
    return 0;
}

/* One item and its value. A value that cannot be used costs this item alone. */
static int read_item(struct ilex *l, mla_imap_status *s)
{
    const uint8_t *value;
    mla_str name;
    int rc;

    if (!ilex_atom(l, &name))
        return ILEX_BAD;
    ilex_spaces(l);
    value = l->p;
    rc = ascii_equal_word(name.ptr, name.len, "MAILBOXID") ? read_mailbox_id(l, s)
                                                           : read_count(l, s, name);
    if (rc == 0)
        return 0;
    l->p = value;
    if (*l->p != ')' && ilex_skip(l) != 0)
        return ILEX_BAD;
    ilex_warn(l, ilex_warning_of(rc), value);
    return 0;
}

/* The "(" that belongs to the ")" at the end of the line, or the last of all. */
static const uint8_t *find_list(const uint8_t *from, const uint8_t *end)
{
    const uint8_t *last = NULL;
    size_t depth = 0;

    for (const uint8_t *p = end; p > from; p--) {
        if (p[-1] == ')')
            depth++;
        if (p[-1] != '(')
            continue;
        if (last == NULL)
            last = p - 1;
        if (depth <= 1)
            return p - 1;
        depth--;
    }
    return last;
}

/* Several servers do not quote a name with spaces: it ends where the list begins. */
static int read_unquoted_name(struct ilex *l, mla_str *out)
{
    const uint8_t *from = l->p;
    const uint8_t *open = find_list(from, l->end);

    if (open == NULL || open == from)
        return ILEX_BAD;
    l->p = open;
    while (open > from && open[-1] == ' ')
        open--;
    *out = ilex_slice(from, open);
    return 0;
}

static int read_name(struct ilex *l, mla_imap_status *s)
{
    const uint8_t *from = l->p;
    int rc = ilex_astring(l, &s->raw_name);

    if (rc == MLA_E_NOMEM || rc == ILEX_OVER)
        return rc;
    ilex_spaces(l);
    if (rc != 0 || *l->p != '(') {
        if (*from == '"' || *from == '{')
            return ILEX_BAD;
        l->p = from;
        rc = read_unquoted_name(l, &s->raw_name);
        if (rc != 0)
            return rc;
    }
    rc = mbname_decode(l->arena, s->raw_name, l->opts->utf8, &s->name);
    return rc < 0 ? ilex_no_memory(l) : 0;
}

int imap_read_status(struct ilex *l, struct mla_imap_event *ev)
{
    mla_imap_status *s = ilex_alloc(l, sizeof *s);
    int rc;

    if (s == NULL)
        return ilex_no_memory(l);
    s->struct_size = sizeof *s;
    rc = read_name(l, s);
    if (rc != 0)
        return rc;
    l->p++; /* "(" */
    for (;;) {
        const uint8_t *item;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            break;
        item = l->p;
        if (read_item(l, s) != 0) {
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, item);
            break;
        }
    }
    ev->status = s;
    ev->type = MLA_IMAP_EV_STATUS;
    return 0;
}
