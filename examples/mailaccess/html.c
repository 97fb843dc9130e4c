/* html.c - the words of an HTML text. */
#include "html.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The text never gets longer than the HTML: a tag gives at most two line ends and takes three
 * octets, an entity at most four octets and takes as many. */
struct text {
    char *data;
    size_t len;
    int space_due; /* white space was seen, and words before it on this line */
    int is_pre;
};

static void line_end(struct text *t, int empty_line)
{
    t->space_due = 0;
    if (t->len > 0 && t->data[t->len - 1] != '\n')
        t->data[t->len++] = '\n';
    if (empty_line && t->len > 1 && t->data[t->len - 2] != '\n')
        t->data[t->len++] = '\n';
}

static void add(struct text *t, const char *p, size_t n)
{
    if (t->space_due && t->len > 0 && t->data[t->len - 1] != '\n')
        t->data[t->len++] = ' ';
    t->space_due = 0;
    memcpy(t->data + t->len, p, n);
    t->len += n;
}

static size_t encode_utf8(uint32_t ch, char out[4])
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    if (ch < 0x800) {
        out[0] = (char)(0xc0 | ch >> 6);
        out[1] = (char)(0x80 | (ch & 0x3f));
        return 2;
    }
    if (ch < 0x10000) {
        out[0] = (char)(0xe0 | ch >> 12);
        out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
        out[2] = (char)(0x80 | (ch & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | ch >> 18);
    out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
    out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
    out[3] = (char)(0x80 | (ch & 0x3f));
    return 4;
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int same(const char *p, size_t len, const char *word)
{
    if (strlen(word) != len)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (lower(p[i]) != word[i])
            return 0;
    return 1;
}

/* The number of "&#8364;" or "&#x20AC;"; 0 for none. */
static uint32_t numeric(const char *p, size_t len)
{
    int base = len > 1 && lower(p[0]) == 'x' ? 16 : 10;
    uint32_t ch = 0;

    for (size_t i = base == 16; i < len; i++) {
        int c = lower(p[i]);
        int digit = c >= '0' && c <= '9'                 ? c - '0'
                    : base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                         : -1;

        if (digit < 0 || ch > 0x10ffff)
            return 0;
        ch = ch * (uint32_t)base + (uint32_t)digit;
    }
    return ch <= 0x10ffff && (ch < 0xd800 || ch > 0xdfff) ? ch : 0;
}

/* p is at "&". Returns the octets used: 1 when it is only an ampersand. */
static size_t entity(struct text *t, const char *p, size_t len)
{
    static const struct {
        const char *name;
        uint32_t ch;
    } names[] = {{"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
                 {"apos", '\''},     {"nbsp", ' '},     {"copy", 0xa9},    {"reg", 0xae},
                 {"euro", 0x20ac},   {"pound", 0xa3},   {"ndash", 0x2013}, {"mdash", 0x2014},
                 {"hellip", 0x2026}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201c},
                 {"rdquo", 0x201d},  {"bull", 0x2022},  {"middot", 0xb7},  {"auml", 0xe4},
                 {"ouml", 0xf6},     {"uuml", 0xfc},    {"Auml", 0xc4},    {"Ouml", 0xd6},
                 {"Uuml", 0xdc},     {"szlig", 0xdf},   {"eacute", 0xe9},  {"egrave", 0xe8},
                 {"agrave", 0xe0},   {"ccedil", 0xe7},  {"shy", 0},        {"zwnj", 0}};
    const char *end = memchr(p, ';', len < 12 ? len : 12);
    char utf8[4];
    uint32_t ch = 0;
    size_t n;

    if (end == NULL || end < p + 3) {
        add(t, "&", 1);
        return 1;
    }
    n = (size_t)(end - p) - 1;
    if (p[1] == '#')
        ch = numeric(p + 2, n - 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && ch == 0 && p[1] != '#'; i++) {
        if (strlen(names[i].name) == n && memcmp(names[i].name, p + 1, n) == 0) {
            ch = names[i].ch;
            if (ch == 0)
                return n + 2;
        }
    }
    if (ch == 0) {
        add(t, "&", 1);
        return 1;
    }
    if (ch == ' ' || ch == 0xa0)
        t->space_due = 1;
    else
        add(t, utf8, encode_utf8(ch, utf8));
    return n + 2;
}

/* The end of an element whose text is not for reading: behind its closing tag. */
static size_t skip_element(const char *p, size_t len, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i + n + 2 < len; i++)
        if (p[i] == '<' && p[i + 1] == '/' && same(p + i + 2, n, name))
            return i;
    return len;
}

/* p is at "<". Returns the octets used. */
static size_t tag(struct text *t, const char *p, size_t len)
{
    static const char *const blocks[] = {"p",  "div", "h1", "h2",    "h3",         "h4", "h5",
                                         "h6", "ul",  "ol", "table", "blockquote", "pre"};
    static const char *const lines[] = {"br", "li", "tr", "dt", "dd", "hr", "title"};
    static const char *const hidden[] = {"style", "script", "head", "template"};
    const char *name = p + 1, *end;
    size_t n = 0, used;
    int is_end;

    if (len >= 4 && memcmp(p, "<!--", 4) == 0) {
        for (size_t i = 4; i + 3 <= len; i++)
            if (memcmp(p + i, "-->", 3) == 0)
                return i + 3;
        return len;
    }
    is_end = len > 1 && *name == '/';
    name += is_end;
    if (name >= p + len || !((lower(*name) >= 'a' && lower(*name) <= 'z') || *name == '!')) {
        add(t, "<", 1);
        return 1;
    }
    end = memchr(p, '>', len);
    used = end != NULL ? (size_t)(end - p) + 1 : len;
    while (name + n < p + used &&
           ((lower(name[n]) >= 'a' && lower(name[n]) <= 'z') || (name[n] >= '0' && name[n] <= '9')))
        n++;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && !is_end; i++)
        if (same(name, n, hidden[i]))
            return used + skip_element(p + used, len - used, hidden[i]);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (same(name, n, blocks[i]))
            line_end(t, 1);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (same(name, n, lines[i]))
            line_end(t, 0);
    if (same(name, n, "li") && !is_end)
        add(t, "* ", 2);
    if (same(name, n, "td") || same(name, n, "th"))
        t->space_due = 1;
    if (same(name, n, "pre"))
        t->is_pre = !is_end;
    return used;
}

int html_to_text(const char *html, size_t len, char **out, size_t *out_len)
{
    struct text t;
    size_t i = 0;

    memset(&t, 0, sizeof t);
    /* Twice: a tag such as <p> at the end of a line gives line ends that nobody wrote. */
    if (len > SIZE_MAX / 2 - 8)
        return -1;
    t.data = malloc(2 * len + 8);
    if (t.data == NULL)
        return -1;
    while (i < len) {
        char c = html[i];

        if (c == '<') {
            i += tag(&t, html + i, len - i);
        } else if (c == '&') {
            i += entity(&t, html + i, len - i);
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (t.is_pre && c == '\n' && t.len < 2 * len)
                t.data[t.len++] = '\n';
            else
                t.space_due = 1;
            i++;
        } else {
            add(&t, &c, 1);
            i++;
        }
    }
    line_end(&t, 0);
    *out = t.data;
    *out_len = t.len;
    return 0;
}
