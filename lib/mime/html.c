/* html.c - tokens of HTML; html_element.c says what they mean. See html.h */
#include "mime/html.h"

#include "base/ascii.h"
#include "mime/html_element.h"

#include <string.h>

static int is_name(int c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

static void begin_tag(struct html *h, int c, int is_end)
{
    h->name[0] = (char)ascii_lower(c);
    h->name_len = 1;
    h->is_end = is_end;
    h->has_href = 0;
    h->is_hidden_tag = 0;
    h->start = 1;
    h->alt_len = 0;
    h->state = HTML_TAG;
}

/* A name that is too long to be known counts as none. */
static void end_tag_name(struct html *h)
{
    h->name[h->name_len <= HTML_NAME ? h->name_len : 0] = '\0';
}

static void tag_done(struct html *h)
{
    h->state = HTML_TEXT;
    html_element(h);
    h->raw_at = 0;
}

/* ------------------------------------------------------------------ attributes */

static void begin_attr(struct html *h, int c)
{
    h->attr[0] = (char)ascii_lower(c);
    h->attr_len = 1;
    h->value_len = 0;
    h->state = HTML_ATTR;
}

static void end_attr(struct html *h)
{
    h->attr[h->attr_len <= HTML_NAME ? h->attr_len : 0] = '\0';
    html_attribute(h);
    h->value_len = 0;
    h->attr_len = 0;
}

static void add_value(struct html *h, int c)
{
    if (h->value_len < HTML_VALUE)
        h->value[h->value_len++] = (char)c;
}

static void before_attr(struct html *h, int c)
{
    if (c == '>')
        tag_done(h);
    else if (!ascii_is_space(c) && c != '/' && c != '\f')
        begin_attr(h, c);
}

static void in_attr(struct html *h, int c)
{
    if (c == '=') {
        h->state = HTML_EQUALS;
    } else if (ascii_is_space(c) || c == '\f') {
        h->state = HTML_AFTER;
    } else if (c == '/' || c == '>') {
        end_attr(h);
        h->state = HTML_BEFORE;
        before_attr(h, c);
    } else if (h->attr_len < HTML_NAME) {
        h->attr[h->attr_len++] = (char)ascii_lower(c);
    } else {
        h->attr_len = HTML_NAME + 1;
    }
}

static void after_attr(struct html *h, int c)
{
    if (c == '=') {
        h->state = HTML_EQUALS;
    } else if (!ascii_is_space(c) && c != '\f') {
        end_attr(h);
        h->state = HTML_BEFORE;
        before_attr(h, c);
    }
}

static void equals(struct html *h, int c)
{
    if (ascii_is_space(c) || c == '\f')
        return;
    if (c == '"' || c == '\'') {
        h->quote = c;
        h->state = HTML_QUOTED;
    } else if (c == '>') {
        end_attr(h);
        tag_done(h);
    } else {
        add_value(h, c);
        h->state = HTML_BARE;
    }
}

static void in_value(struct html *h, int c)
{
    int quoted = h->state == HTML_QUOTED;

    if (quoted ? c != h->quote : !ascii_is_space(c) && c != '\f' && c != '>') {
        add_value(h, c);
        return;
    }
    end_attr(h);
    h->state = HTML_BEFORE;
    if (c == '>' && !quoted)
        tag_done(h);
}

/* ------------------------------------------------------------------ tags */

static void open_tag(struct html *h, int c)
{
    if (ascii_is_alpha(c)) {
        begin_tag(h, c, 0);
    } else if (c == '/') {
        h->state = HTML_CLOSING;
    } else if (c == '!') {
        h->state = HTML_BANG;
        h->dashes = 0;
    } else if (c == '?') {
        h->state = HTML_BOGUS;
    } else {
        h->state = HTML_TEXT;
        html_text(h, "<", 1);
        html_octet(h, c);
    }
}

static void closing_tag(struct html *h, int c)
{
    if (ascii_is_alpha(c))
        begin_tag(h, c, 1);
    else
        h->state = c == '>' ? HTML_TEXT : HTML_BOGUS;
}

static void in_tag(struct html *h, int c)
{
    if (ascii_is_space(c) || c == '/' || c == '\f') {
        end_tag_name(h);
        h->state = HTML_BEFORE;
    } else if (c == '>') {
        end_tag_name(h);
        tag_done(h);
    } else if (h->name_len < HTML_NAME) {
        h->name[h->name_len++] = (char)ascii_lower(c);
    } else {
        h->name_len = HTML_NAME + 1;
    }
}

/* "<!--" begins a comment; anything else ends at ">", conditional sections among them. */
static void bang(struct html *h, int c)
{
    if (c == '-' && ++h->dashes == 2) {
        h->state = HTML_COMMENT; /* its two dashes may already be the end: "<!-->" */
    } else if (c != '-') {
        h->state = c == '>' ? HTML_TEXT : HTML_BOGUS;
    }
}

/* "-->" and "--!>" end it; dashes is 3 behind "--!". */
static void comment(struct html *h, int c)
{
    if (c == '>' && h->dashes >= 2) {
        h->state = HTML_TEXT;
        h->dashes = 0;
    } else if (c == '-') {
        h->dashes = h->dashes == 3 ? 1 : h->dashes < 2 ? h->dashes + 1 : 2;
    } else {
        h->dashes = c == '!' && h->dashes == 2 ? 3 : 0;
    }
}

/* Up to "</name" with something behind it that ends a name. */
static void raw_text(struct html *h, int c)
{
    size_t n = strlen(h->raw);

    if (h->raw_at == n + 2 && !is_name(c)) {
        memcpy(h->name, h->raw, n + 1);
        h->name_len = (unsigned)n;
        h->is_end = 1;
        h->state = HTML_TAG;
        h->raw[0] = '\0';
        in_tag(h, c);
        return;
    }
    if ((h->raw_at == 1 && c == '/') ||
        (h->raw_at >= 2 && h->raw_at < n + 2 && ascii_lower(c) == h->raw[h->raw_at - 2]))
        h->raw_at++;
    else
        h->raw_at = c == '<';
}

/* ------------------------------------------------------------------ character references */

static void entity_done(struct html *h)
{
    char text[HTML_ENTITY_TEXT];
    size_t len = 0;
    size_t used = html_entity(h->hold, h->held, 0, text, &len);
    size_t rest = h->held - used;

    h->state = HTML_TEXT;
    h->held = 0;
    if (used != 0 && len == 2 && memcmp(text, "\xc2\xa0", 2) == 0)
        html_text(h, " ", 1);
    else
        html_text(h, text, len);
    html_text(h, h->hold + used, rest);
}

static void entity(struct html *h, int c)
{
    int goes_on = is_name(c) || (c == '#' && h->held == 1);

    if ((goes_on || c == ';') && h->held < sizeof h->hold) {
        h->hold[h->held++] = (char)c;
        if (c == ';')
            entity_done(h);
        return;
    }
    entity_done(h);
    html_octet(h, c);
}

/* ------------------------------------------------------------------ all */

void html_octet(struct html *h, int c)
{
    char ch = (char)c;

    switch (h->state) {
    case HTML_TEXT:
        if (c == '<') {
            h->state = HTML_OPEN;
        } else if (c == '&') {
            h->hold[0] = '&';
            h->held = 1;
            h->state = HTML_ENTITY;
        } else {
            html_text(h, &ch, 1);
        }
        break;
    case HTML_OPEN:
        open_tag(h, c);
        break;
    case HTML_CLOSING:
        closing_tag(h, c);
        break;
    case HTML_TAG:
        in_tag(h, c);
        break;
    case HTML_BEFORE:
        before_attr(h, c);
        break;
    case HTML_ATTR:
        in_attr(h, c);
        break;
    case HTML_AFTER:
        after_attr(h, c);
        break;
    case HTML_EQUALS:
        equals(h, c);
        break;
    case HTML_BARE:
    case HTML_QUOTED:
        in_value(h, c);
        break;
    case HTML_BANG:
        bang(h, c);
        break;
    case HTML_BOGUS:
        h->state = c == '>' ? HTML_TEXT : HTML_BOGUS;
        break;
    case HTML_COMMENT:
        comment(h, c);
        break;
    case HTML_ENTITY:
        entity(h, c);
        break;
    case HTML_RAW_TEXT:
        raw_text(h, c);
        break;
    }
}

void html_add(struct html *h, const void *in, size_t n)
{
    const char *p = in;

    while (n > 0) {
        size_t len = 0;

        while (h->state == HTML_TEXT && len < n && p[len] != '<' && p[len] != '&')
            len++;
        if (len > 0) {
            html_text(h, p, len);
        } else {
            html_octet(h, (unsigned char)*p);
            len = 1;
        }
        p += len;
        n -= len;
    }
}

/* A tag that is not closed goes, as browsers have it. */
void html_end(struct html *h)
{
    if (h->state == HTML_ENTITY)
        entity_done(h);
    else if (h->state == HTML_OPEN)
        html_text(h, "<", 1);
    html_link_end(h);
    layout_end(&h->layout);
}
