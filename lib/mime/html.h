/* html.h - HTML as text that is safe to print, streaming, in constant memory and linear time.
 *
 * Read as the HTML standard says tokens are made (section 13.2.5), without a tree: tags need not
 * match, nesting is counted and never followed. Scripts, styles, comments and what is marked as
 * hidden are left out. A link shows where it leads unless its text says so. */
#ifndef MLA_MIME_HTML_H
#define MLA_MIME_HTML_H

#include "mime/html_entity.h"
#include "mime/html_layout.h"

enum {
    HTML_SHOW_HIDDEN = 1, /* also what is not to be seen */
    HTML_NO_LINKS = 2     /* not where links lead */
};

enum { HTML_NAME = 12, HTML_VALUE = 2000, HTML_RAW = 10 };

enum html_state {
    HTML_TEXT,
    HTML_OPEN,    /* behind "<" */
    HTML_CLOSING, /* behind "</" */
    HTML_TAG,     /* in a tag's name */
    HTML_BEFORE,  /* before an attribute */
    HTML_ATTR,    /* in its name */
    HTML_AFTER,   /* behind it */
    HTML_EQUALS,  /* behind "=" */
    HTML_BARE,    /* in a value without quotes */
    HTML_QUOTED,  /* in one with quotes */
    HTML_BANG,    /* behind "<!" */
    HTML_BOGUS,   /* up to ">" */
    HTML_COMMENT, /* up to "-->" */
    HTML_ENTITY,  /* behind "&" */
    HTML_RAW_TEXT /* up to "</script" */
};

/* All zero but for layout.out and flags to begin with. */
struct html {
    struct layout layout;
    unsigned flags; /* HTML_... */
    enum html_state state;
    char hold[HTML_ENTITY_NAME + 3]; /* a character reference */
    unsigned held;
    char name[HTML_NAME + 1]; /* the tag's; empty when it is too long to be known */
    unsigned name_len;
    int is_end;
    char attr[HTML_NAME + 1];
    unsigned attr_len;
    int value_of; /* which attribute of those that matter */
    char value[HTML_VALUE];
    unsigned value_len;
    int quote;
    /* what the tag says */
    int has_href;
    int is_hidden_tag;
    uint32_t start;
    char alt[200];
    unsigned alt_len;
    /* comments and raw text */
    unsigned dashes;
    char raw[HTML_RAW];
    unsigned raw_at; /* how much of "</raw" matches */
    /* links */
    int in_link;
    char href[HTML_VALUE];
    unsigned href_len;
    unsigned same[2]; /* the link's text so far is so much of href, with its scheme and without */
    int is_other[2];  /* it is not */
    int link_words;   /* it has text */
    /* what is hidden */
    char hidden[HTML_NAME + 1]; /* the element that is; empty: none */
    unsigned hidden_depth;
};

void html_add(struct html *h, const void *p, size_t n);
void html_end(struct html *h);

#endif
