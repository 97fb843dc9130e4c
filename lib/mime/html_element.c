/* html_element.c - see html_element.h */
#include "mime/html_element.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

/* What an element does at its start and at its end. */
enum does {
    DOES_LINE,  /* a block of its own lines */
    DOES_PARA,  /* with empty lines around it */
    DOES_BREAK, /* <br> */
    DOES_RULE,  /* <hr> */
    DOES_CELL,
    DOES_UL,
    DOES_OL,
    DOES_LI,
    DOES_QUOTE,
    DOES_PRE,
    DOES_Q,
    DOES_LINK,
    DOES_IMAGE,
    DOES_SPACE,
    DOES_RAW, /* its text is not for reading */
    DOES_NOTHING
};

static const struct element {
    const char *name;
    enum does does;
    int may_hide; /* its end tag cannot be left out: what is hidden has a certain end */
} elements[] = {
    {"a", DOES_LINK, 1},       {"address", DOES_LINE, 0},  {"article", DOES_LINE, 0},
    {"aside", DOES_LINE, 0},   {"b", DOES_NOTHING, 1},     {"blockquote", DOES_QUOTE, 0},
    {"br", DOES_BREAK, 0},     {"caption", DOES_LINE, 0},  {"center", DOES_LINE, 1},
    {"dd", DOES_LINE, 0},      {"details", DOES_LINE, 0},  {"dir", DOES_UL, 0},
    {"div", DOES_LINE, 1},     {"dl", DOES_PARA, 0},       {"dt", DOES_LINE, 0},
    {"em", DOES_NOTHING, 1},   {"fieldset", DOES_LINE, 0}, {"figcaption", DOES_LINE, 0},
    {"figure", DOES_LINE, 0},  {"font", DOES_NOTHING, 1},  {"footer", DOES_LINE, 0},
    {"form", DOES_LINE, 0},    {"h1", DOES_PARA, 0},       {"h2", DOES_PARA, 0},
    {"h3", DOES_PARA, 0},      {"h4", DOES_PARA, 0},       {"h5", DOES_PARA, 0},
    {"h6", DOES_PARA, 0},      {"header", DOES_LINE, 0},   {"hr", DOES_RULE, 0},
    {"i", DOES_NOTHING, 1},    {"iframe", DOES_RAW, 0},    {"img", DOES_IMAGE, 0},
    {"legend", DOES_LINE, 0},  {"li", DOES_LI, 0},         {"main", DOES_LINE, 0},
    {"menu", DOES_UL, 0},      {"nav", DOES_LINE, 0},      {"noembed", DOES_RAW, 0},
    {"ol", DOES_OL, 0},        {"option", DOES_SPACE, 0},  {"p", DOES_PARA, 0},
    {"pre", DOES_PRE, 0},      {"q", DOES_Q, 0},           {"script", DOES_RAW, 0},
    {"section", DOES_LINE, 1}, {"span", DOES_NOTHING, 1},  {"strong", DOES_NOTHING, 1},
    {"style", DOES_RAW, 0},    {"summary", DOES_LINE, 0},  {"table", DOES_LINE, 1},
    {"td", DOES_CELL, 0},      {"th", DOES_CELL, 0},       {"title", DOES_RAW, 0},
    {"tr", DOES_LINE, 0},      {"u", DOES_NOTHING, 1},     {"ul", DOES_UL, 0}};

static const struct element *find(const char *name)
{
    size_t low = 0;
    size_t high = sizeof elements / sizeof elements[0];

    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = strcmp(elements[mid].name, name);

        if (order == 0)
            return &elements[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* ------------------------------------------------------------------ attributes */

static int value_is(const struct html *h, size_t at, const char *word)
{
    return at <= h->value_len && ascii_starts(h->value + at, h->value_len - at, word);
}

/* The last display or visibility of a style counts. */
static int hides(const struct html *h)
{
    int display = 0;
    int visibility = 0;
    int at_start = 1;

    for (size_t i = 0; i < h->value_len; i++) {
        char c = h->value[i];
        size_t behind = i + (value_is(h, i, "display") ? 7U : 10U);

        if (at_start && (value_is(h, i, "display") || value_is(h, i, "visibility"))) {
            while (behind < h->value_len &&
                   (ascii_is_space(h->value[behind]) || h->value[behind] == ':'))
                behind++;
            if (value_is(h, i, "display"))
                display = value_is(h, behind, "none");
            else
                visibility = value_is(h, behind, "hidden");
        }
        if (!ascii_is_space(c))
            at_start = c == ';';
    }
    return display || visibility;
}

/* A value with its character references resolved. */
static unsigned decoded(const struct html *h, char *out, unsigned size)
{
    unsigned n = 0;

    for (size_t i = 0; i < h->value_len;) {
        char text[HTML_ENTITY_TEXT] = {h->value[i]};
        size_t len = 1;
        size_t used =
            h->value[i] == '&' ? html_entity(h->value + i, h->value_len - i, 1, text, &len) : 1;

        if (used == 0) {
            used = len = 1;
            text[0] = '&';
        }
        if (n + len > size)
            break;
        memcpy(out + n, text, len);
        n += (unsigned)len;
        i += used;
    }
    return n;
}

void html_attribute(struct html *h)
{
    uint64_t number;

    if (h->is_end)
        return;
    if (strcmp(h->attr, "href") == 0 && strcmp(h->name, "a") == 0 && !h->has_href) {
        html_link_end(h);
        h->href_len = decoded(h, h->href, sizeof h->href);
        h->has_href = 1;
    } else if (strcmp(h->attr, "alt") == 0) {
        h->alt_len = decoded(h, h->alt, sizeof h->alt);
    } else if (strcmp(h->attr, "hidden") == 0) {
        h->is_hidden_tag = 1;
    } else if (strcmp(h->attr, "style") == 0) {
        h->is_hidden_tag |= hides(h);
    } else if (strcmp(h->attr, "start") == 0 &&
               num_parse(h->value, h->value_len, 1000000000, &number)) {
        h->start = (uint32_t)number;
    }
}

/* ------------------------------------------------------------------ links */

/* Where the scheme of href ends, if it is one that is worth showing; else 0. */
static unsigned scheme(const struct html *h)
{
    static const char *const schemes[] = {
        "https://", "http://", "mailto:", "ftp://", "tel:", "sms:"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (ascii_starts(h->href, h->href_len, schemes[i]))
            return (unsigned)strlen(schemes[i]);
    return 0;
}

static void link_begin(struct html *h)
{
    html_link_end(h);
    h->in_link = h->has_href && scheme(h) != 0;
    h->same[0] = 0;
    h->same[1] = scheme(h);
    h->is_other[0] = h->is_other[1] = 0;
    h->link_words = 0;
}

/* Follows whether the link's text is where it leads. */
static void link_text(struct html *h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ascii_is_space(p[i]))
            continue;
        h->link_words = 1;
        for (int k = 0; k < 2; k++) {
            if (h->same[k] < h->href_len && h->href[h->same[k]] == p[i])
                h->same[k]++;
            else
                h->is_other[k] = 1;
        }
    }
}

static int says_where(const struct html *h)
{
    for (int k = 0; k < 2; k++) {
        unsigned left = h->href_len - h->same[k];

        if (!h->is_other[k] && (left == 0 || (left == 1 && h->href[h->same[k]] == '/')))
            return 1;
    }
    return 0;
}

void html_link_end(struct html *h)
{
    if (!h->in_link)
        return;
    h->in_link = 0;
    if (!h->link_words || says_where(h) || (h->flags & HTML_NO_LINKS) != 0)
        return;
    layout_space(&h->layout);
    layout_word(&h->layout, "<", 1);
    for (unsigned i = 0; i < h->href_len; i++) {
        char c = h->href[i];

        if (c == '<' || c == '>')
            layout_word(&h->layout, c == '<' ? "%3C" : "%3E", 3);
        else if (!ascii_is_space(c) && !ascii_is_control(c))
            layout_word(&h->layout, &c, 1);
    }
    layout_word(&h->layout, ">", 1);
}

/* ------------------------------------------------------------------ text and tags */

void html_text(struct html *h, const char *p, size_t n)
{
    if (h->hidden[0] != '\0')
        return;
    if (h->in_link)
        link_text(h, p, n);
    layout_text(&h->layout, p, n);
}

static void image(struct html *h)
{
    unsigned n = 0;

    while (n < h->alt_len && ascii_is_space(h->alt[n]))
        n++;
    if (n == h->alt_len)
        return;
    layout_word(&h->layout, "[", 1);
    layout_text(&h->layout, h->alt + n, h->alt_len - n);
    layout_word(&h->layout, "]", 1);
    h->link_words = 1;
    h->is_other[0] = h->is_other[1] = 1;
}

static void start_tag(struct html *h, enum does does)
{
    struct layout *l = &h->layout;

    switch (does) {
    case DOES_UL:
    case DOES_OL:
        layout_list(l, does == DOES_OL, h->start);
        break;
    case DOES_LI:
        layout_item(l);
        break;
    case DOES_QUOTE:
        layout_quote(l);
        break;
    case DOES_PRE:
        layout_pre(l);
        break;
    case DOES_Q:
        layout_word(l, "\"", 1);
        break;
    case DOES_LINK:
        link_begin(h);
        break;
    case DOES_IMAGE:
        image(h);
        break;
    case DOES_RULE:
        layout_block(l, 1);
        layout_word(l, "----------", 10);
        layout_block(l, 1);
        break;
    default:
        break;
    }
}

static void end_tag(struct html *h, enum does does)
{
    struct layout *l = &h->layout;

    switch (does) {
    case DOES_UL:
    case DOES_OL:
        layout_list_end(l);
        break;
    case DOES_LI:
        layout_block(l, 1);
        break;
    case DOES_QUOTE:
        layout_quote_end(l);
        break;
    case DOES_PRE:
        layout_pre_end(l);
        break;
    case DOES_Q:
        layout_word(l, "\"", 1);
        break;
    case DOES_LINK:
        html_link_end(h);
        break;
    default:
        break;
    }
}

/* Inside of something hidden only its own tags count. */
static int stays_hidden(struct html *h)
{
    if (h->hidden[0] == '\0')
        return 0;
    if (strcmp(h->name, h->hidden) == 0) {
        h->hidden_depth += h->is_end ? 0U : 1U;
        if (h->is_end && h->hidden_depth-- == 0) {
            h->hidden[0] = '\0';
            h->in_link = 0;
        }
    }
    return 1;
}

void html_element(struct html *h)
{
    const struct element *e = find(h->name);

    if (e != NULL && e->does == DOES_RAW && !h->is_end && strlen(e->name) < HTML_RAW) {
        memcpy(h->raw, e->name, strlen(e->name) + 1);
        h->raw_at = 0;
        h->state = HTML_RAW_TEXT;
        return;
    }
    if (stays_hidden(h) || e == NULL)
        return;
    if (!h->is_end && h->is_hidden_tag && e->may_hide && (h->flags & HTML_SHOW_HIDDEN) == 0) {
        html_link_end(h);
        memcpy(h->hidden, e->name, strlen(e->name) + 1);
        h->hidden_depth = 0;
        return;
    }
    if (e->does == DOES_LINE)
        layout_block(&h->layout, 1);
    else if (e->does == DOES_PARA)
        layout_block(&h->layout, 2);
    else if (e->does == DOES_BREAK)
        layout_break(&h->layout);
    else if (e->does == DOES_CELL)
        layout_cell(&h->layout);
    else if (e->does == DOES_SPACE)
        layout_space(&h->layout);
    else if (h->is_end)
        end_tag(h, e->does);
    else
        start_tag(h, e->does);
}
