/* resp_fetch.h - what the readers of FETCH items share. Private to resp_fetch*.c. */
#ifndef MLA_IMAP_RESP_FETCH_H
#define MLA_IMAP_RESP_FETCH_H

#include "imap/resp_read.h"

/* The public record, and a way to write to it later. */
struct fetch_section {
    mla_imap_section pub;
    struct fetch_section *next;
};

/* The record, and room for a few flags, which nearly all answers have. */
struct fetch_record {
    mla_imap_fetch pub;
    mla_str words[FLAGTEXT_WORDS];
};

/* One FETCH answer under way. */
struct fetch {
    mla_imap_fetch *f; /* of the record */
    struct fetch_record *record;
    struct fetch_section *first;
    struct fetch_section *last;
    struct imap_fetch_more *more;
    int flags_again; /* FLAGS came more than once: none of them is believed */
};

/* What is read here; resp_fetch_more.c knows others. */
enum fetch_item {
    FETCH_UNKNOWN,
    FETCH_UID,
    FETCH_BODY,
    FETCH_FLAGS,
    FETCH_RFC822,
    FETCH_MODSEQ,
    FETCH_BINARY,
    FETCH_ENVELOPE,
    FETCH_SIZE,
    FETCH_TEXT,
    FETCH_DATE,
    FETCH_STRUCTURE,
    FETCH_HEADER
};

/* resp_fetch_item.c: takes the name of an item. */
enum fetch_item fetch_take_item(struct ilex *l);
/* Goes over an item that is not known or cannot be read: its name with all in brackets, and one
 * value. AOL and others have items of their own. */
int fetch_skip_item(struct ilex *l);

/* resp_fetch_flags.c: the list behind FLAGS */
int fetch_read_flags(struct ilex *l, struct fetch *x);
void fetch_forget_flags(mla_imap_fetch *f);

/* The row for the text in the parentheses at p, or NULL. */
static inline struct imap_flagtext *fetch_flagtext_row(const struct ilex *l, const uint8_t *p,
                                                       struct imap_flagkey *out_key)
{
    struct imap_flagtexts *texts = l->opts->flagtexts;

    if (texts == NULL || *p != '(')
        return NULL;
    return imap_flagtext_row(texts, p + 1, (size_t)(l->limit - p - 1), out_key);
}

/* A set at p that was read before: what is behind it. NULL: it was not. The words are those of the
 * row: it changes at the earliest when the next set is read. */
static inline const uint8_t *fetch_known_flags(const struct ilex *l, const uint8_t *p,
                                               mla_imap_fetch *f)
{
    struct imap_flagkey key;
    struct imap_flagtext *row = fetch_flagtext_row(l, p, &key);

    if (row != NULL)
        row = imap_flagtext_find(row, &key, p + 1);
    if (row == NULL)
        return NULL;
    f->flags = row->flags;
    f->words = row->count != 0 ? row->words : NULL;
    f->word_count = row->count;
    f->fields |= MLA_IMAP_ITEM_FLAGS;
    return p + key.len + 2;
}

/* resp_fetch_section.c: l stands behind the item's name: at "[", or at the value of RFC822 and its
 * kin, whose name of the section is given. */
int fetch_read_section(struct ilex *l, struct fetch *x, uint32_t kind, const char *name);

#endif
