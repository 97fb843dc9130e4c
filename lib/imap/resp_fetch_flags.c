/* resp_fetch_flags.c - FLAGS of a message. */
#include "imap/resp_fetch.h"

/* The words go where they fit: a few come with the record. */
static int keep_words(struct ilex *l, struct fetch *x, struct ilex_words *w)
{
    size_t count;

    if (w->count > FLAGTEXT_WORDS) {
        int rc = ilex_words_done(l, w, &x->f->words, &count);

        if (rc != 0)
            return rc;
    } else {
        for (size_t i = 0; i < w->count; i++)
            x->record->words[i] = w->items[i];
        x->f->words = w->count != 0 ? x->record->words : NULL;
    }
    x->f->word_count = (uint32_t)w->count;
    return 0;
}

/* Keeps what the text at l was read as, in the first row of its two; what was there moves on. */
static void keep_flagtext(const struct ilex *l, const mla_imap_fetch *f)
{
    const char *text = (const char *)l->p + 1;
    struct imap_flagkey key;
    struct imap_flagtext *row = fetch_flagtext_row(l, l->p, &key);

    if (row == NULL)
        return;
    row[1] = row[0];
    for (uint32_t i = 0; i < row[1].count; i++)
        row[1].words[i].ptr = row[1].text + (row[0].words[i].ptr - row[0].text);
    memset(row, 0, sizeof *row);
    row->key = key;
    memcpy(row->text, text, (size_t)key.len);
    for (uint32_t i = 0; i < f->word_count; i++) {
        row->words[i].ptr = row->text + (f->words[i].ptr - text);
        row->words[i].len = f->words[i].len;
    }
    row->flags = f->flags;
    row->count = f->word_count;
}

/* A few plain words with single blanks. 0: it is something else, and nothing was read. */
static int take_plain_flags(struct ilex *l, struct fetch *x)
{
    mla_str *words = x->record->words;
    const uint8_t *p = l->p;
    uint32_t flags = 0;
    uint32_t n = 0;

    if (*p++ != '(')
        return 0;
    while (*p != ')') {
        const uint8_t *from = p;

        while (ilex_is(*p, ILEX_ATOM))
            p++;
        if (p == from || n == FLAGTEXT_WORDS || (p == from + 3 && (*from | 0x20) == 'n'))
            return 0; /* it may be NIL */
        words[n] = ilex_slice(from, p);
        flags |= imap_flag_of(words[n++]);
        if (*p == ' ')
            p++;
        else if (*p != ')')
            return 0;
    }
    x->f->flags = flags;
    x->f->words = n != 0 ? words : NULL;
    x->f->word_count = n;
    x->f->fields |= MLA_IMAP_ITEM_FLAGS;
    keep_flagtext(l, x->f);
    l->p = p + 1;
    return 1;
}

static int read_flags(struct ilex *l, struct fetch *x)
{
    struct ilex_words w;
    uint32_t flags = 0;
    int rc;

    const uint8_t *behind = fetch_known_flags(l, l->p, x->f);

    if (behind != NULL) {
        l->p = behind;
        return 0;
    }
    if (take_plain_flags(l, x))
        return 0;
    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < w.count; i++)
        flags |= imap_flag_of(w.items[i]);
    rc = keep_words(l, x, &w);
    if (rc != 0)
        return rc;
    x->f->flags = flags;
    x->f->fields |= MLA_IMAP_ITEM_FLAGS;
    return 0;
}

int fetch_read_flags(struct ilex *l, struct fetch *x)
{
    int rc;

    if ((x->f->fields & MLA_IMAP_ITEM_FLAGS) != 0)
        x->flags_again = 1;
    rc = read_flags(l, x); /* where it fails as well, the words of the list before are gone */
    return rc == 0 && x->flags_again ? ILEX_RANGE : rc;
}

void fetch_forget_flags(mla_imap_fetch *f)
{
    f->fields &= ~(uint32_t)MLA_IMAP_ITEM_FLAGS;
    f->flags = 0;
    f->words = NULL;
    f->word_count = 0;
}
