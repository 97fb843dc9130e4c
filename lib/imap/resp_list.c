/* resp_list.c - LIST and LSUB (RFC 9051 section 7.3.1, RFC 5258, RFC 6154). */
#include "imap/mbname.h"
#include "imap/resp_read.h"

static uint32_t attribute_of(mla_str word)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } rows[] = {
        {"\\HasNoChildren", MLA_IMAP_MBOX_HASNOCHILDREN},
        {"\\HasChildren", MLA_IMAP_MBOX_HASCHILDREN},
        {"\\Noselect", MLA_IMAP_MBOX_NOSELECT},
        {"\\Noinferiors", MLA_IMAP_MBOX_NOINFERIORS},
        {"\\Marked", MLA_IMAP_MBOX_MARKED},
        {"\\Unmarked", MLA_IMAP_MBOX_UNMARKED},
        {"\\Subscribed", MLA_IMAP_MBOX_SUBSCRIBED},
        {"\\Remote", MLA_IMAP_MBOX_REMOTE},
        {"\\All", MLA_IMAP_MBOX_ALL},
        {"\\Archive", MLA_IMAP_MBOX_ARCHIVE},
        {"\\Drafts", MLA_IMAP_MBOX_DRAFTS},
        {"\\Flagged", MLA_IMAP_MBOX_FLAGGED},
        {"\\Important", MLA_IMAP_MBOX_IMPORTANT},
        {"\\Junk", MLA_IMAP_MBOX_JUNK},
        {"\\Sent", MLA_IMAP_MBOX_SENT},
        {"\\Trash", MLA_IMAP_MBOX_TRASH},
        /* XLIST, before RFC 6154 */
        {"\\AllMail", MLA_IMAP_MBOX_ALL},
        {"\\Spam", MLA_IMAP_MBOX_JUNK},
        {"\\Starred", MLA_IMAP_MBOX_FLAGGED},
        /* RFC 5258 section 3: it implies \Noselect; several servers leave that out */
        {"\\NonExistent", MLA_IMAP_MBOX_NONEXISTENT | MLA_IMAP_MBOX_NOSELECT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(word.ptr, word.len, rows[i].name))
            return rows[i].bit;
    return 0;
}

static int read_attributes(struct ilex *l, mla_imap_list *r)
{
    struct ilex_words w;
    size_t count;
    int rc;

    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    for (size_t i = 0; rc == 0 && i < w.count; i++)
        r->attributes |= attribute_of(w.items[i]);
    if (rc == 0)
        rc = ilex_words_done(l, &w, &r->words, &count);
    if (rc == 0)
        r->word_count = (uint32_t)count;
    return rc;
}

/* RFC 9051 section 9: DQUOTE QUOTED-CHAR DQUOTE / nil. A delimiter of two characters is none:
 * nobody can say how names would be split with it. */
int imap_read_delimiter(struct ilex *l, uint32_t *out)
{
    const uint8_t *from = l->p;
    mla_str s;
    int rc;

    *out = 0;
    if (l->end - from >= 4 && memcmp(from, "\"\\\"", 3) == 0 &&
        (from[3] == ' ' || from[3] == ')')) {
        l->p += 3; /* several servers do not escape the backslash */
        *out = '\\';
        return 0;
    }
    rc = ilex_nstring(l, &s);
    if (rc != 0)
        return rc;
    if (s.len == 1 && s.ptr[0] > 0x20 && s.ptr[0] < 0x7f)
        *out = (unsigned char)s.ptr[0];
    else if (s.len != 0)
        ilex_warn(l, MLA_IMAP_WARN_RANGE, from);
    return 0;
}

/* What may follow a name: nothing, or extended data (RFC 5258), which begins with a quoted tag; the
 * examples of RFC 5819 do not quote it. */
static int at_tail(struct ilex *l)
{
    size_t left;

    ilex_spaces(l);
    left = (size_t)(l->end - l->p);
    return ilex_at_end(l) || (*l->p == '(' && (l->p[1] == '"' || l->p[1] == ')')) ||
           ascii_starts(l->p, left, "(CHILDINFO (") || ascii_starts(l->p, left, "(OLDNAME (");
}

static int read_name(struct ilex *l, mla_imap_list *r)
{
    const uint8_t *from = l->p;
    int rc = ilex_astring(l, &r->raw_name);

    if (rc == MLA_E_NOMEM || (rc == ILEX_OVER))
        return rc;
    if (rc != 0 || !at_tail(l)) {
        /* Exchange and Gmail: names with blanks, tabs or parentheses that are not quoted; several
         * servers do not escape quotes in those that are. The rest of the line is the name. */
        const uint8_t *to = l->end;

        if (*from == '{' && ilex_is(from[1], ILEX_DIGIT))
            return ILEX_BAD;
        if (*from == '"' && (to - from < 2 || to[-1] != '"' || to[-2] == '\\'))
            return ILEX_BAD;
        r->raw_name = *from == '"' ? ilex_slice(from + 1, to - 1) : ilex_slice(from, to);
        if (r->raw_name.len == 0)
            return ILEX_BAD;
        l->p = l->end;
    }
    rc = mbname_decode(l->arena, r->raw_name, l->opts->utf8, &r->name);
    if (rc < 0)
        return ilex_no_memory(l);
    r->is_undecodable = rc == 0;
    return 0;
}

int imap_read_box(struct ilex *l, mla_str *out_raw, mla_str *out)
{
    int rc = ilex_astring(l, out_raw);

    if (rc != 0)
        return rc;
    ilex_spaces(l);
    return mbname_decode(l->arena, *out_raw, l->opts->utf8, out) < 0 ? ilex_no_memory(l) : 0;
}

/* --- extended data, RFC 5258 section 6, mbox-list-extended --- */

static uint32_t child_of(mla_str word)
{
    if (ascii_equal_word(word.ptr, word.len, "SUBSCRIBED"))
        return MLA_IMAP_CHILD_SUBSCRIBED;
    return ascii_equal_word(word.ptr, word.len, "SPECIAL-USE") ? MLA_IMAP_CHILD_SPECIAL_USE
                                                               : MLA_IMAP_CHILD_OTHER;
}

static int read_child_info(struct ilex *l, mla_imap_list *r)
{
    struct ilex_words w;
    int rc;

    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    for (size_t i = 0; rc == 0 && i < w.count; i++)
        r->child_info |= child_of(w.items[i]);
    return rc;
}

static int read_old_name(struct ilex *l, mla_imap_list *r)
{
    int rc;

    if (!ilex_take(l, '('))
        return ILEX_BAD;
    rc = imap_read_box(l, &r->raw_old_name, &r->old_name);
    if (rc == 0 && !ilex_take(l, ')'))
        rc = ILEX_BAD;
    r->is_renamed = rc == 0;
    return rc;
}

static int read_extended(struct ilex *l, mla_imap_list *r)
{
    l->p++; /* "(" */
    for (;;) {
        mla_str tag;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        rc = ilex_astring(l, &tag);
        ilex_spaces(l);
        if (rc == 0 && ascii_equal_word(tag.ptr, tag.len, "CHILDINFO"))
            rc = read_child_info(l, r);
        else if (rc == 0 && ascii_equal_word(tag.ptr, tag.len, "OLDNAME"))
            rc = read_old_name(l, r);
        else if (rc == 0)
            rc = ilex_skip(l);
        if (rc != 0)
            return rc;
    }
}

/* --- the whole --- */

/* Gmail's XLIST names the inbox in the user's language, but knows it as INBOX alone. */
static int is_inbox(const mla_imap_list *r)
{
    for (uint32_t i = 0; i < r->word_count; i++)
        if (ascii_equal_word(r->words[i].ptr, r->words[i].len, "\\Inbox"))
            return 1;
    return 0;
}

int imap_read_list(struct ilex *l, int kind, struct mla_imap_event *ev)
{
    mla_imap_list *r = ilex_alloc(l, sizeof *r);
    const uint8_t *tail;
    int rc;

    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    r->is_lsub = kind == IMAP_LIST_LSUB;
    rc = read_attributes(l, r);
    ilex_spaces(l);
    if (rc == 0)
        rc = imap_read_delimiter(l, &r->delimiter);
    ilex_spaces(l);
    if (rc == 0)
        rc = read_name(l, r);
    if (rc != 0)
        return rc;
    if (kind == IMAP_LIST_XLIST && is_inbox(r)) {
        r->name.ptr = "INBOX";
        r->name.len = 5;
        r->raw_name = r->name;
    }
    tail = l->p;
    if (!ilex_at_end(l))
        rc = read_extended(l, r);
    if (rc == MLA_E_NOMEM)
        return rc;
    if (rc != 0 || (ilex_spaces(l), !ilex_at_end(l))) /* the mailbox itself counts */
        ilex_warn(l, ilex_warning_of(rc), tail);
    ev->list = r;
    ev->type = MLA_IMAP_EV_LIST;
    return 0;
}
