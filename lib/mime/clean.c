/* clean.c - see clean.h */
#include "mime/clean.h"

#include "base/ascii.h"

#include <string.h>

static int is_left_out(uint32_t c)
{
    return c == 0xad || c == 0x61c || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static void add_replacement(struct buf *b)
{
    buf_add_word(b, "\xef\xbf\xbd");
}

/* One character of len octets. */
static void add_char(struct clean *c, struct buf *b, const uint8_t *p, size_t len, uint32_t ch)
{
    int after_cr = c->last_cr;

    c->last_cr = ch == '\r';
    if (ch == '\n' && after_cr)
        return;
    if (ch == '\r' || ch == '\n' || ch == 0x2028 || ch == 0x2029)
        buf_add_byte(b, '\n');
    else if ((ch < 0x20 && ch != '\t') || (ch >= 0x7f && ch < 0xa0) || (ch & 0xfffe) == 0xfffe)
        add_replacement(b);
    else if (!is_left_out(ch))
        buf_add(b, p, len);
}

/* How many octets at p are plain text of US-ASCII. */
static size_t plain_run(const uint8_t *p, size_t n)
{
    size_t i = 0;

    while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
        i++;
    return i;
}

/* Takes characters; what is cut at the end stays where last is 0. Returns how many octets stay. */
static size_t take(struct clean *c, struct buf *b, const uint8_t *p, size_t n, int last)
{
    while (n > 0) {
        size_t len = plain_run(p, n);
        size_t bad = 1;
        uint32_t ch = 0;

        if (len > 0) {
            buf_add(b, p, len);
            c->last_cr = 0;
        } else if ((len = utf8_read(p, n, &ch, &bad)) > 0) {
            add_char(c, b, p, len, ch);
        } else if (!last && bad == n && p[0] >= 0xc2 && p[0] <= 0xf4) { /* cut, not broken */
            return n;
        } else {
            add_replacement(b);
            c->last_cr = 0;
            len = bad;
        }
        p += len;
        n -= len;
    }
    return 0;
}

int clean_add(struct clean *c, struct buf *b, const void *text, size_t n)
{
    const uint8_t *p = text;
    size_t left;

    while (c->held > 0 && n > 0) {
        c->hold[c->held++] = *p++;
        n--;
        left = take(c, b, c->hold, c->held, 0);
        memmove(c->hold, c->hold + c->held - left, left);
        c->held = (unsigned)left;
    }
    left = n > 0 ? take(c, b, p, n, 0) : 0;
    if (left > 0) {
        memcpy(c->hold, p + n - left, left);
        c->held = (unsigned)left;
    }
    return b->failed;
}

int clean_end(struct clean *c, struct buf *b)
{
    (void)take(c, b, c->hold, c->held, 1);
    c->held = 0;
    return b->failed;
}
