/* html_layout.c - see html_layout.h */
#include "mime/html_layout.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

enum { SPACE = 1, CELL = 2 };

static void put(struct layout *l, const char *p, size_t n)
{
    (void)clean_add(&l->clean, l->out, p, n);
}

static void put_word(struct layout *l, const char *word)
{
    put(l, word, strlen(word));
}

static void put_quotes(struct layout *l, unsigned levels, int is_empty)
{
    unsigned n = levels < LAYOUT_QUOTES ? levels : LAYOUT_QUOTES;

    for (unsigned i = 0; i < n; i++)
        put_word(l, ">");
    if (n > 0 && !is_empty)
        put_word(l, " ");
}

/* What the first word of an item has before it. */
static void put_mark(struct layout *l, unsigned level)
{
    char digits[NUM_U64_DIGITS];

    l->mark_due = 0;
    if (level == 0 || l->numbers[level - 1] == 0) {
        put_word(l, "* ");
        return;
    }
    put(l, digits, num_format(digits, l->numbers[level - 1]++));
    put_word(l, ". ");
}

/* The line ends that are due, and the beginning of the new line. */
static void begin_line(struct layout *l)
{
    unsigned level = l->lists < LAYOUT_LISTS ? l->lists : LAYOUT_LISTS;

    for (unsigned i = 0; l->begun && i < l->due; i++) {
        if (i > 0)
            put_quotes(l, l->quotes < l->quotes_before ? l->quotes : l->quotes_before, 1);
        put_word(l, "\n");
    }
    l->due = 0;
    put_quotes(l, l->quotes, 0);
    l->quotes_before = l->quotes;
    for (unsigned i = l->mark_due ? 1 : 0; i < level; i++)
        put_word(l, "  ");
    if (l->mark_due)
        put_mark(l, level);
    l->begun = 1;
    l->line_open = 1;
    l->space_due = 0;
}

static void before_word(struct layout *l)
{
    if (!l->line_open || l->due > 0)
        begin_line(l);
    else if (l->space_due)
        put_word(l, l->space_due == CELL ? "\t" : " ");
    l->space_due = 0;
}

void layout_word(struct layout *l, const char *p, size_t n)
{
    before_word(l);
    put(l, p, n);
    l->pre_begun = 0;
}

void layout_space(struct layout *l)
{
    if (l->line_open && l->due == 0 && l->space_due == 0)
        l->space_due = SPACE;
}

void layout_cell(struct layout *l)
{
    if (l->line_open && l->due == 0)
        l->space_due = CELL;
}

/* Inside <pre> every octet counts. */
static void pre_text(struct layout *l, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int first = l->pre_begun;

        if (p[i] == '\r')
            continue;
        l->pre_begun = 0;
        if (p[i] == '\n') {
            if (!first)
                layout_break(l);
            continue;
        }
        before_word(l);
        put(l, p + i, 1);
    }
}

void layout_text(struct layout *l, const char *p, size_t n)
{
    if (l->pre > 0) {
        pre_text(l, p, n);
        return;
    }
    while (n > 0) {
        size_t len = 0;

        while (len < n && !ascii_is_space(p[len]) && p[len] != '\f')
            len++;
        if (len > 0) {
            layout_word(l, p, len);
        } else {
            layout_space(l);
            len = 1;
        }
        p += len;
        n -= len;
    }
}

void layout_block(struct layout *l, unsigned ends)
{
    if (l->line_open || l->due > 0 || ends > 1)
        l->due = l->due > ends ? l->due : ends;
    l->line_open = 0;
    l->space_due = 0;
}

void layout_break(struct layout *l)
{
    if (l->pre == 0 && l->due >= 3)
        return; /* a page of empty lines says nothing */
    if (l->due < 100)
        l->due++;
    l->line_open = 0;
    l->space_due = 0;
}

void layout_list(struct layout *l, int is_numbered, uint32_t first)
{
    layout_block(l, l->lists == 0 ? 2 : 1);
    if (l->lists < LAYOUT_LISTS)
        l->numbers[l->lists] = is_numbered ? first : 0;
    l->lists++;
    l->mark_due = 0;
}

void layout_list_end(struct layout *l)
{
    if (l->lists > 0)
        l->lists--;
    l->mark_due = 0;
    layout_block(l, l->lists == 0 ? 2 : 1);
}

void layout_item(struct layout *l)
{
    layout_block(l, 1);
    l->mark_due = 1;
}

void layout_quote(struct layout *l)
{
    layout_block(l, 2);
    if (l->quotes < UINT32_MAX)
        l->quotes++;
}

void layout_quote_end(struct layout *l)
{
    layout_block(l, 2);
    if (l->quotes > 0)
        l->quotes--;
}

void layout_pre(struct layout *l)
{
    layout_block(l, 2);
    l->pre++;
    l->pre_begun = 1;
}

void layout_pre_end(struct layout *l)
{
    if (l->pre > 0)
        l->pre--;
    l->pre_begun = 0;
    layout_block(l, 2);
}

void layout_end(struct layout *l)
{
    (void)clean_end(&l->clean, l->out);
    if (l->begun)
        buf_add_byte(l->out, '\n');
}
