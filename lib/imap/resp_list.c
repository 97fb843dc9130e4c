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

/* What may follow a name: nothing, or extended data (RFC 5258), which begins with a quoted tag. */
static int at_tail(struct ilex *l)
{
    ilex_spaces(l);
    return ilex_at_end(l) || (*l->p == '(' && (l->p[1] == '"' || l->p[1] == ')'));
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

int imap_read_list(struct ilex *l, int is_lsub, struct mla_imap_event *ev)
{
    mla_imap_list *r = ilex_alloc(l, sizeof *r);
    int rc;

    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    r->is_lsub = (uint32_t)is_lsub;
    rc = read_attributes(l, r);
    ilex_spaces(l);
    if (rc == 0)
        rc = imap_read_delimiter(l, &r->delimiter);
    ilex_spaces(l);
    if (rc == 0)
        rc = read_name(l, r);
    if (rc != 0)
        return rc;
    /* CHILDINFO, OLDNAME and other extended data is in raw for whoever wants it */
    if (!ilex_at_end(l) && (ilex_skip(l) != 0 || (ilex_spaces(l), !ilex_at_end(l))))
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->p);
    ev->list = r;
    ev->type = MLA_IMAP_EV_LIST;
    return 0;
}
