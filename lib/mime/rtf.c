/* rtf.c - see rtf.h */
#include "mime/rtf.h"

#include "base/ascii.h"
#include "base/slice.h"
#include "codec/charset.h"
#include "codec/utf8.h"
#include "mailaccess/types.h"

#include <stdio.h>
#include <string.h>

/* What a group's content is. */
enum { TEXT, SKIP, FONTS, HTML_TAG };

/* Groups that are deeper share what the deepest one has set. */
enum { DEPTH = 200, FONT_MAX = 1024, WORD = 20 };

struct group {
    uint8_t content;
    uint8_t hidden;  /* \v, \deleted */
    uint8_t htmlrtf; /* RTF that HTML readers do not want */
    uint16_t font;
    uint16_t fallback; /* \uc: octets behind \u for readers without Unicode */
};

struct rtf {
    struct buf *out;
    struct buf octets; /* text in the font's character set, not yet converted */
    struct charset_cache cache;
    struct slice in;
    struct group now;
    struct group around[DEPTH];
    unsigned depth; /* groups that are open */
    int show_hidden;
    int is_html;    /* \fromhtml */
    int star;       /* behind \*: a destination to pass over when it is not known */
    uint32_t skip;  /* octets left of a fallback */
    uint32_t high;  /* the first half of a pair of surrogates, or 0 */
    uint16_t ansi;  /* code page of fonts that name none */
    uint16_t font0; /* \deff */
    uint16_t font;  /* FONTS: the one that is described */
    uint16_t pages[FONT_MAX];
};

/* ------------------------------------------------------------------ text */

static int is_shown(const struct rtf *r)
{
    if (r->now.content == HTML_TAG)
        return 1;
    return r->now.content == TEXT && !(r->is_html && r->now.htmlrtf) &&
           (r->show_hidden || !r->now.hidden);
}

static void page_name(unsigned page, char name[16])
{
    if (page == 65001)
        snprintf(name, 16, "utf-8");
    else if (page == 10000)
        snprintf(name, 16, "macintosh");
    else if (page == 1361)
        snprintf(name, 16, "johab");
    else
        snprintf(name, 16, "cp%u", page);
    if (charset_find(name, strlen(name)) == NULL)
        snprintf(name, 16, "windows-1252");
}

static void put(struct rtf *r, uint32_t ch)
{
    uint8_t text[UTF8_MAX];

    buf_add(r->out, text, utf8_write(ch, text));
}

/* A half of a pair that found no other. */
static void lone_surrogate(struct rtf *r)
{
    if (r->high != 0)
        put(r, 0xfffd);
    r->high = 0;
}

/* What was gathered becomes text: octets of one character may stand as "\'83" and "A". */
static void flush(struct rtf *r)
{
    unsigned page = r->now.content == TEXT ? r->pages[r->now.font % FONT_MAX] : 0;
    char name[16];

    if (r->octets.len == 0)
        return;
    page_name(page != 0 ? page : r->ansi, name);
    (void)charset_to_utf8(&r->cache, name, strlen(name), r->octets.ptr, r->octets.len, r->out,
                          NULL);
    buf_clear(&r->octets);
}

static void octet(struct rtf *r, uint8_t c)
{
    if (r->skip > 0) {
        r->skip--;
    } else if (is_shown(r)) {
        lone_surrogate(r);
        buf_add_byte(&r->octets, c);
    }
}

static void character(struct rtf *r, uint32_t ch)
{
    r->skip = 0;
    if (!is_shown(r))
        return;
    flush(r);
    lone_surrogate(r);
    put(r, ch);
}

/* \u: a unit of UTF-16, signed. */
static void unit(struct rtf *r, int32_t value)
{
    uint32_t u = (uint32_t)value & 0xffff;

    r->skip = 0;
    if (is_shown(r)) {
        flush(r);
        if (u >= 0xdc00 && u < 0xe000 && r->high != 0) {
            put(r, 0x10000 + ((r->high - 0xd800) << 10) + (u - 0xdc00));
            r->high = 0;
        } else {
            lone_surrogate(r);
            if (u >= 0xd800 && u < 0xdc00)
                r->high = u;
            else
                put(r, u >= 0xdc00 && u < 0xe000 ? 0xfffd : u);
        }
    }
    r->skip = r->now.fallback;
}

/* ------------------------------------------------------------------ groups */

static void open_group(struct rtf *r)
{
    flush(r);
    r->skip = 0;
    if (r->depth < DEPTH)
        r->around[r->depth] = r->now;
    r->depth++;
    r->star = 0;
}

static void close_group(struct rtf *r)
{
    flush(r);
    r->skip = 0;
    r->star = 0;
    if (r->depth == 0)
        return;
    r->depth--;
    if (r->depth < DEPTH)
        r->now = r->around[r->depth];
}

/* ------------------------------------------------------------------ control words */

enum action {
    CHARACTER,
    DESTINATION, /* that is passed over */
    FONT_TABLE,
    TAG,
    UNICODE,
    FALLBACK,
    BINARY,
    PAGE, /* the number is its */
    PAGE_IS,
    FONT,
    FONT_DEFAULT,
    FONT_CHARSET,
    FONT_PAGE,
    PLAIN,
    HIDE,
    FROM_HTML,
    HTML_RTF
};

struct word {
    char name[12];
    uint8_t action;
    uint16_t value;
};

static const struct word words[] = {
    {"ansi", PAGE_IS, 1252},
    {"ansicpg", PAGE, 0},
    {"bin", BINARY, 0},
    {"bullet", CHARACTER, 0x2022},
    {"cell", CHARACTER, '\t'},
    {"colortbl", DESTINATION, 0},
    {"cpg", FONT_PAGE, 0},
    {"deff", FONT_DEFAULT, 0},
    {"deleted", HIDE, 0},
    {"emdash", CHARACTER, 0x2014},
    {"emspace", CHARACTER, 0x2003},
    {"endash", CHARACTER, 0x2013},
    {"enspace", CHARACTER, 0x2002},
    {"f", FONT, 0},
    {"fcharset", FONT_CHARSET, 0},
    {"fldinst", DESTINATION, 0},
    {"fonttbl", FONT_TABLE, 0},
    {"footer", DESTINATION, 0},
    {"footerf", DESTINATION, 0},
    {"footerl", DESTINATION, 0},
    {"footerr", DESTINATION, 0},
    {"footnote", DESTINATION, 0},
    {"fromhtml", FROM_HTML, 0},
    {"header", DESTINATION, 0},
    {"headerf", DESTINATION, 0},
    {"headerl", DESTINATION, 0},
    {"headerr", DESTINATION, 0},
    {"htmlrtf", HTML_RTF, 0},
    {"htmltag", TAG, 0},
    {"info", DESTINATION, 0},
    {"ldblquote", CHARACTER, 0x201c},
    {"line", CHARACTER, '\n'},
    {"lquote", CHARACTER, 0x2018},
    {"mac", PAGE_IS, 10000},
    {"nestcell", CHARACTER, '\t'},
    {"nestrow", CHARACTER, '\n'},
    {"nonshppict", DESTINATION, 0},
    {"objdata", DESTINATION, 0},
    {"page", CHARACTER, '\n'},
    {"par", CHARACTER, '\n'},
    {"pc", PAGE_IS, 437},
    {"pca", PAGE_IS, 850},
    {"pict", DESTINATION, 0},
    {"plain", PLAIN, 0},
    {"qmspace", CHARACTER, 0x2005},
    {"rdblquote", CHARACTER, 0x201d},
    {"row", CHARACTER, '\n'},
    {"rquote", CHARACTER, 0x2019},
    {"rxe", DESTINATION, 0},
    {"sect", CHARACTER, '\n'},
    {"shprslt", DESTINATION, 0},
    {"stylesheet", DESTINATION, 0},
    {"tab", CHARACTER, '\t'},
    {"tc", DESTINATION, 0},
    {"u", UNICODE, 0},
    {"uc", FALLBACK, 0},
    {"v", HIDE, 0},
    {"xe", DESTINATION, 0},
};

static const struct word *find(const char *name)
{
    size_t low = 0;
    size_t high = sizeof words / sizeof words[0];

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(name, words[mid].name);

        if (order == 0)
            return &words[mid];
        if (order > 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* \fcharset: a Windows character set's code page; 0: as \ansicpg says. */
static uint16_t page_of_charset(int32_t charset)
{
    static const struct {
        uint8_t charset;
        uint16_t page;
    } pages[] = {{77, 10000}, {128, 932},  {129, 949},  {130, 1361}, {134, 936},  {136, 950},
                 {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256}, {186, 1257},
                 {204, 1251}, {222, 874},  {238, 1250}, {254, 437}};

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (pages[i].charset == charset)
            return pages[i].page;
    return 0;
}

static uint16_t small(int32_t value, uint16_t none)
{
    return value >= 0 && value <= UINT16_MAX ? (uint16_t)value : none;
}

static void set_font(struct rtf *r, int32_t number)
{
    if (r->now.content == FONTS)
        r->font = small(number, FONT_MAX);
    else
        r->now.font = small(number, FONT_MAX) < FONT_MAX ? (uint16_t)number : r->font0;
}

static void destination(struct rtf *r, uint8_t content)
{
    if (r->now.content != SKIP && r->depth > 1) /* the document itself is none */
        r->now.content = content;
}

static void state_word(struct rtf *r, const struct word *w, int32_t value, int has_value)
{
    switch (w->action) {
    case FALLBACK:
        r->now.fallback = small(value, 1);
        break;
    case PAGE:
        r->ansi = small(value, 1252) != 0 ? small(value, 1252) : 1252;
        break;
    case PAGE_IS:
        r->ansi = w->value;
        break;
    case FONT:
        set_font(r, value);
        break;
    case FONT_DEFAULT:
        r->font0 = r->now.font = small(value, 0) % FONT_MAX;
        break;
    case FONT_CHARSET:
    case FONT_PAGE:
        if (r->now.content == FONTS && r->font < FONT_MAX)
            r->pages[r->font] = w->action == FONT_PAGE ? small(value, 0) : page_of_charset(value);
        break;
    case PLAIN:
        r->now.font = r->font0;
        r->now.hidden = 0;
        break;
    case HIDE:
        r->now.hidden = !has_value || value != 0;
        break;
    case HTML_RTF:
        r->now.htmlrtf = !has_value || value != 0;
        break;
    default: /* FROM_HTML: at the beginning, else it is text of somebody's */
        if (r->out->len == 0 && r->depth == 1)
            r->is_html = value != 0;
    }
}

static void control_word(struct rtf *r, const char *name, int32_t value, int has_value)
{
    const struct word *w = find(name);
    int star = r->star;

    r->star = 0;
    r->skip = 0;
    if (w == NULL || (star && w->action != TAG)) {
        if (star)
            destination(r, SKIP);
        return;
    }
    switch (w->action) {
    case CHARACTER:
        character(r, w->value);
        break;
    case DESTINATION:
        destination(r, SKIP);
        break;
    case FONT_TABLE:
        destination(r, FONTS);
        break;
    case TAG:
        destination(r, star && r->is_html ? HTML_TAG : SKIP);
        break;
    case UNICODE:
        unit(r, value);
        break;
    case BINARY:
        r->in.p += value > 0 && (size_t)value < slice_left(&r->in) ? (size_t)value
                   : value > 0                                     ? slice_left(&r->in)
                                                                   : 0;
        break;
    default:
        flush(r);
        state_word(r, w, value, has_value);
    }
}

/* Letters, a number, one blank. */
static void read_word(struct rtf *r)
{
    char name[WORD];
    size_t len = 0;
    uint32_t value = 0;
    int digits = 0;
    int minus;

    for (; ascii_is_alpha(slice_peek(&r->in)); r->in.p++)
        if (len < WORD - 1)
            name[len++] = (char)*r->in.p;
    name[len] = '\0';
    minus = slice_take(&r->in, '-');
    for (; ascii_is_digit(slice_peek(&r->in)); r->in.p++, digits++)
        value = value < 100000000 ? value * 10 + (*r->in.p - '0') : value;
    (void)slice_take(&r->in, ' ');
    control_word(r, name, minus ? -(int32_t)value : (int32_t)value, digits > 0);
}

static void read_hex(struct rtf *r)
{
    int high = slice_left(&r->in) >= 2 ? ascii_hex(r->in.p[0]) : -1;
    int low = high >= 0 ? ascii_hex(r->in.p[1]) : -1;

    if (low < 0)
        return;
    r->in.p += 2;
    octet(r, (uint8_t)(high << 4 | low));
}

/* Behind a backslash. */
static void control(struct rtf *r)
{
    int c = slice_peek(&r->in);

    if (ascii_is_alpha(c)) {
        read_word(r);
        return;
    }
    r->in.p += c >= 0;
    switch (c) {
    case '\'':
        read_hex(r);
        break;
    case '*':
        r->star = 1;
        break;
    case '\\':
    case '{':
    case '}':
        octet(r, (uint8_t)c);
        break;
    case '\r':
    case '\n':
        character(r, '\n');
        break;
    case '\t':
        character(r, '\t');
        break;
    case '~':
        character(r, 0xa0);
        break;
    case '_':
        character(r, 0x2011);
        break;
    default: /* "\-" and others that are not seen */
        break;
    }
}

static void read_all(struct rtf *r)
{
    do {
        uint8_t c = *r->in.p++;

        switch (c) {
        case '{':
            open_group(r);
            break;
        case '}':
            close_group(r);
            break;
        case '\\':
            control(r);
            break;
        case '\r':
        case '\n':
        case '\0':
            break;
        default:
            octet(r, c);
        }
    } while (r->depth > 0 && slice_left(&r->in) > 0 && r->out->failed == 0 &&
             r->octets.failed == 0);
}

int rtf_text(const uint8_t *p, size_t n, int show_hidden, struct buf *out, int *out_is_html)
{
    struct rtf r;

    memset(&r, 0, sizeof r);
    r.in = slice_of(p, n);
    r.out = out;
    r.show_hidden = show_hidden;
    r.ansi = 1252;
    r.now.fallback = 1;
    while (ascii_is_space(slice_peek(&r.in)))
        r.in.p++;
    if (slice_left(&r.in) < 5 || memcmp(r.in.p, "{\\rtf", 5) != 0)
        return MLA_E_SYNTAX;
    buf_init(&r.octets, out->mem, SIZE_MAX / 2);
    read_all(&r);
    flush(&r);
    lone_surrogate(&r);
    if (out->failed == 0)
        out->failed = r.octets.failed;
    *out_is_html = r.is_html;
    buf_free(&r.octets);
    charset_cache_free(&r.cache);
    return out->failed;
}
