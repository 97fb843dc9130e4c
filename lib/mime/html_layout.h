/* html_layout.h - words and line breaks of HTML set as plain text: blocks, lists, quotes. */
#ifndef MLA_MIME_HTML_LAYOUT_H
#define MLA_MIME_HTML_LAYOUT_H

#include "mime/clean.h"

enum {
    LAYOUT_QUOTES = 20, /* levels that are shown */
    LAYOUT_LISTS = 16
};

/* All zero but for out to begin with. */
struct layout {
    struct buf *out;
    struct clean clean;
    int begun;     /* something was written */
    int line_open; /* something stands on this line */
    unsigned due;  /* line ends before the next word */
    int space_due; /* white space before the next word: 1 a blank, 2 a tab */
    unsigned pre;  /* levels of <pre> */
    int pre_begun; /* its first line end does not count */
    unsigned quotes;
    unsigned quotes_before; /* on the last line */
    unsigned lists;
    uint32_t numbers[LAYOUT_LISTS]; /* of the list's next item; 0: not numbered */
    int mark_due;                   /* the item's bullet or number */
};

/* Text as it stands in the document. */
void layout_text(struct layout *l, const char *p, size_t n);
/* Text of our own, which is never white space: "[1]", "*". */
void layout_word(struct layout *l, const char *p, size_t n);
void layout_space(struct layout *l);
/* A table's cell begins or ends: a tab, as the HTML standard's innerText has it. However many cells
 * are empty, it is one: most tables of mail are there to place things. */
void layout_cell(struct layout *l);
/* A block begins or ends: so many line ends at least. */
void layout_block(struct layout *l, unsigned ends);
/* <br> */
void layout_break(struct layout *l);
void layout_list(struct layout *l, int is_numbered, uint32_t first);
void layout_list_end(struct layout *l);
void layout_item(struct layout *l);
void layout_quote(struct layout *l);
void layout_quote_end(struct layout *l);
void layout_pre(struct layout *l);
void layout_pre_end(struct layout *l);
/* The document is over: the last line gets its end. */
void layout_end(struct layout *l);

#endif
