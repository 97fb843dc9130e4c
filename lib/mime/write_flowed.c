/* write_flowed.c - see write_flowed.h */
#include "mime/write_flowed.h"

#include <stdint.h>
#include <string.h>

enum { WIDTH = 72 };

static size_t next_char(const char *p, size_t n)
{
    size_t len = 1;

    while (len < n && ((uint8_t)p[len] & 0xc0) == 0x80)
        len++;
    return len;
}

static int is_signature(const char *p, size_t n)
{
    return n == 3 && memcmp(p, "-- ", 3) == 0;
}

/* How much of a paragraph goes on a line of room characters: all of it, or up to behind a blank. */
static size_t line_len(const char *p, size_t n, size_t room, int delsp)
{
    size_t chars = 0;
    size_t fits = 0; /* behind the last blank that is near enough */
    size_t at = 0;

    while (at < n) {
        size_t len = next_char(p + at, n - at);

        if (chars >= room && fits != 0)
            return fits;
        if (chars >= room && delsp && !is_signature(p, at))
            return at;
        at += len;
        chars++;
        if (p[at - 1] == ' ' && at < n && !is_signature(p, at) && p[at] != ' ')
            fits = at;
    }
    return n;
}

static void add_line(struct buf *b, size_t depth, const char *p, size_t n)
{
    for (size_t i = 0; i < depth; i++)
        buf_add_byte(b, '>');
    /* section 4.4: what begins like a mark, and what others change, is stuffed */
    if (n > 0 &&
        (depth > 0 || p[0] == ' ' || p[0] == '>' || (n >= 5 && memcmp(p, "From ", 5) == 0)))
        buf_add_byte(b, ' ');
    buf_add(b, p, n);
}

static void add_paragraph(struct buf *b, const char *p, size_t n, int delsp)
{
    size_t depth = 0;

    while (n > 0 && (*p == '>' || (depth > 0 && *p == ' ' && n > 1 && p[1] == '>'))) {
        depth += *p == '>';
        p++;
        n--;
    }
    if (depth > 0 && n > 0 && *p == ' ') {
        p++;
        n--;
    }
    while (!is_signature(p, n) && n > 0 && p[n - 1] == ' ')
        n--; /* a blank at the end would join it to the next */
    for (;;) {
        size_t room = depth + 1 < WIDTH / 2 ? WIDTH - depth : WIDTH / 2;
        size_t len = is_signature(p, n) ? n : line_len(p, n, room, delsp);

        add_line(b, depth, p, len);
        if (len == n)
            return;
        if (delsp)
            buf_add_byte(b, ' ');
        buf_add_word(b, "\r\n");
        p += len;
        n -= len;
    }
}

int write_flowed(struct buf *b, const char *text, size_t n, int delsp)
{
    while (n > 0) {
        const char *lf = memchr(text, '\n', n);
        size_t len = lf != NULL ? (size_t)(lf - text) : n;
        size_t line = len > 0 && lf != NULL && text[len - 1] == '\r' ? len - 1 : len;

        add_paragraph(b, text, line, delsp);
        if (lf != NULL)
            buf_add_word(b, "\r\n");
        len += lf != NULL;
        text += len;
        n -= len;
    }
    return b->failed;
}
