/* resp_misc.c - lists of words: FLAGS, CAPABILITY, ENABLED. */
#include "imap/resp_read.h"

static int same(mla_str word, const char *name, size_t len)
{
    return ilex_word_is((const uint8_t *)word.ptr, name, len);
}

/* RFC 9051 section 2.3.2. The spelling of the RFC is compared first. */
uint32_t imap_flag_of(mla_str w)
{
    if (w.len == 0 || w.ptr[0] != '\\')
        /* Binc sends a bare "*" */
        return w.len == 1 && w.ptr[0] == '*' ? MLA_IMAP_FLAG_ANY : MLA_IMAP_FLAG_KEYWORDS;
    switch (w.len) {
    case 2:
        if (w.ptr[1] == '*')
            return MLA_IMAP_FLAG_ANY;
        break;
    case 5:
        if (same(w, "\\Seen", 5))
            return MLA_IMAP_FLAG_SEEN;
        break;
    case 6:
        if (same(w, "\\Draft", 6))
            return MLA_IMAP_FLAG_DRAFT;
        break;
    case 7:
        if (same(w, "\\Recent", 7))
            return MLA_IMAP_FLAG_RECENT;
        break;
    case 8:
        if (same(w, "\\Flagged", 8))
            return MLA_IMAP_FLAG_FLAGGED;
        if (same(w, "\\Deleted", 8))
            return MLA_IMAP_FLAG_DELETED;
        break;
    case 9:
        if (same(w, "\\Answered", 9))
            return MLA_IMAP_FLAG_ANSWERED;
        break;
    default:
        break;
    }
    return MLA_IMAP_FLAG_KEYWORDS;
}

int imap_read_word_list(struct ilex *l, struct ilex_words *w)
{
    if (!ilex_take(l, '(')) /* several servers: NIL for an empty list */
        return ilex_take_nil(l) ? 0 : ILEX_BAD;
    for (;;) {
        mla_str s;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        if (ilex_take_nil(l)) /* several servers: NIL flag */
            continue;
        if (!ilex_atom(l, &s)) {
            rc = ilex_string(l, &s); /* Rockliffe and others: quoted flag */
            if (rc != 0)
                return rc;
        }
        if (s.len == 0)
            continue;
        rc = ilex_words_add(l, w, s);
        if (rc != 0)
            return rc;
    }
}

/* Several servers write "LITERAL +". */
static int is_split_literal(const struct ilex_words *w, mla_str s)
{
    return s.len == 1 && s.ptr[0] == '+' && w->count > 0 &&
           ascii_equal_word(w->items[w->count - 1].ptr, w->items[w->count - 1].len, "LITERAL");
}

int imap_read_words(struct ilex *l, int stop, size_t max, const mla_str **out, size_t *out_count)
{
    struct ilex_words w;
    int rc = 0;

    ilex_words_init(&w);
    while (rc == 0) {
        const uint8_t *from;

        while (*l->p == ' ' || *l->p == '\t')
            l->p++;
        from = l->p;
        while (l->p < l->end && *l->p != stop && *l->p != ' ' && *l->p != '\t')
            l->p++;
        if (l->p == from)
            break;
        if (is_split_literal(&w, ilex_slice(from, l->p))) {
            static const char literal_plus[] = "LITERAL+";

            w.items[w.count - 1].ptr = literal_plus;
            w.items[w.count - 1].len = sizeof literal_plus - 1;
        } else if (w.count == max) {
            ilex_warn(l, MLA_IMAP_WARN_LIMIT, from);
            break;
        } else {
            rc = ilex_words_add(l, &w, ilex_slice(from, l->p));
        }
    }
    return rc != 0 ? rc : ilex_words_done(l, &w, out, out_count);
}

int imap_read_flags(struct ilex *l, struct mla_imap_event *ev)
{
    struct ilex_words w;
    int rc;

    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    if (rc == 0)
        rc = ilex_words_done(l, &w, &ev->words, &ev->word_count);
    if (rc == 0)
        ev->type = MLA_IMAP_EV_FLAGS;
    return rc;
}
