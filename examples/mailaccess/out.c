/* out.c - what goes to standard output. */
#include "out.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void out_init(struct out *o, FILE *file, int json)
{
    memset(o, 0, sizeof *o);
    o->file = file;
    o->json = json;
}

int out_flush(struct out *o)
{
    errno = 0;
    if (fflush(o->file) != 0 || ferror(o->file))
        return errno != 0 ? errno : EIO;
    return 0;
}

/* RFC 3629 section 4: no overlong forms, no surrogates, nothing above U+10FFFF. */
size_t out_utf8(const char *text, size_t len, uint32_t *out_char)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    uint32_t ch;
    size_t n;

    if (len == 0)
        return 0;
    if (p[0] < 0x80) {
        *out_char = p[0];
        return 1;
    }
    n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || len < n)
        return 0;
    ch = p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        ch = ch << 6 | (p[i] & 0x3fu);
    }
    if (ch < least[n] || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
        return 0;
    *out_char = ch;
    return n;
}

int out_is_dangerous(uint32_t ch)
{
    static const struct {
        uint32_t first, last;
    } bad[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},     {0x180e, 0x180e},
        {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfeff, 0xfeff},
        {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe000, 0xf8ff}, {0xe0000, 0xe007f},
    };

    /* The zero-width joiners U+200C and U+200D stay: Persian and emoji need them. */
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (ch >= bad[i].first && ch <= bad[i].last)
            return 1;
    return 0;
}

/* One character of text as it may be shown, in shown (16 octets); returns the octets used up. */
static size_t visible_one(const char *text, size_t len, char shown[16], size_t *out_len)
{
    uint32_t ch = 0;
    size_t n = out_utf8(text, len, &ch);

    if (n == 0) {
        *out_len = (size_t)snprintf(shown, 16, "\\x%02x", (unsigned)(unsigned char)text[0]);
        return 1;
    }
    if (!out_is_dangerous(ch)) {
        memcpy(shown, text, n);
        *out_len = n;
    } else if (ch == '\n' || ch == '\r' || ch == '\t') {
        shown[0] = '\\';
        shown[1] = ch == '\n' ? 'n' : ch == '\r' ? 'r' : 't';
        *out_len = 2;
    } else {
        *out_len =
            (size_t)snprintf(shown, 16, ch < 0x80 ? "\\x%02" PRIx32 : "\\u{%" PRIx32 "}", ch);
    }
    return n;
}

size_t out_visible(FILE *f, const char *text, size_t len)
{
    size_t columns = 0;

    while (len > 0) {
        char shown[16];
        size_t shown_len, n = visible_one(text, len, shown, &shown_len);

        fwrite(shown, 1, shown_len, f);
        columns += (unsigned char)shown[0] >= 0x80 ? 1 : shown_len;
        text += n;
        len -= n;
    }
    return columns;
}

void out_visible_copy(char *dst, size_t dst_size, const char *text, size_t len)
{
    while (len > 0) {
        char shown[16];
        size_t shown_len, n = visible_one(text, len, shown, &shown_len);

        if (shown_len >= dst_size)
            break;
        memcpy(dst, shown, shown_len);
        dst += shown_len;
        dst_size -= shown_len;
        text += n;
        len -= n;
    }
    *dst = 0;
}

void out_column(struct out *o, size_t width, const char *text, size_t len)
{
    size_t n;

    for (; o->column > 0; o->column--)
        putc(' ', o->file);
    n = out_visible(o->file, text, len);
    o->column = (n < width ? width - n : 0) + 2;
}

void out_column_number(struct out *o, size_t width, uint64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%*" PRIu64, (int)width, value);

    out_column(o, width, text, (size_t)n);
}

void out_end_line(struct out *o)
{
    o->column = 0;
    putc('\n', o->file);
}

void out_lines(struct out *o, const char *text, size_t len)
{
    for (size_t i = 0, start = 0; i <= len; i++) {
        int at_end = i == len || text[i] == '\n' || text[i] == '\t';

        if (!at_end)
            continue;
        out_visible(o->file, text + start,
                    i - start - (i < len && text[i] == '\n' && i > start && text[i - 1] == '\r'));
        if (i < len)
            putc(text[i], o->file);
        start = i + 1;
    }
}

/* --- JSON, RFC 8259 --- */

static void json_quoted(struct out *o, const char *text, size_t len)
{
    putc('"', o->file);
    while (len > 0) {
        uint32_t ch = 0;
        size_t n = out_utf8(text, len, &ch);

        if (n == 0) {
            fputs("\xef\xbf\xbd", o->file);
            n = 1;
        } else if (ch == '"' || ch == '\\') {
            fprintf(o->file, "\\%c", (int)ch);
        } else if (ch == '\n' || ch == '\r' || ch == '\t') {
            fputs(ch == '\n' ? "\\n" : ch == '\r' ? "\\r" : "\\t", o->file);
        } else if (!out_is_dangerous(ch)) {
            fwrite(text, 1, n, o->file);
        } else if (ch < 0x10000) {
            fprintf(o->file, "\\u%04" PRIx32, ch);
        } else {
            ch -= 0x10000;
            fprintf(o->file, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + (ch >> 10),
                    0xdc00 + (ch & 0x3ff));
        }
        text += n;
        len -= n;
    }
    putc('"', o->file);
}

static void json_key(struct out *o, const char *key)
{
    if (o->need_comma)
        putc(',', o->file);
    o->need_comma = 1;
    if (key != NULL)
        fprintf(o->file, "\"%s\":", key);
}

static void json_open(struct out *o, const char *key, int bracket)
{
    json_key(o, key);
    putc(bracket, o->file);
    o->need_comma = 0;
}

static void json_close(struct out *o, int bracket)
{
    putc(bracket, o->file);
    o->need_comma = 1;
}

void json_begin(struct out *o)
{
    o->need_comma = 0;
    putc('{', o->file);
}

void json_end(struct out *o)
{
    o->need_comma = 0;
    fputs("}\n", o->file);
}

void json_text(struct out *o, const char *key, const char *text, size_t len)
{
    json_key(o, key);
    json_quoted(o, text, len);
}

void json_string(struct out *o, const char *key, const char *text)
{
    json_text(o, key, text, strlen(text));
}

void json_number(struct out *o, const char *key, uint64_t value)
{
    json_key(o, key);
    fprintf(o->file, "%" PRIu64, value);
}

void json_signed(struct out *o, const char *key, int64_t value)
{
    json_key(o, key);
    fprintf(o->file, "%" PRId64, value);
}

void json_bool(struct out *o, const char *key, int value)
{
    json_key(o, key);
    fputs(value ? "true" : "false", o->file);
}

void json_array(struct out *o, const char *key)
{
    json_open(o, key, '[');
}

void json_array_end(struct out *o)
{
    json_close(o, ']');
}

void json_object(struct out *o, const char *key)
{
    json_open(o, key, '{');
}

void json_object_end(struct out *o)
{
    json_close(o, '}');
}
