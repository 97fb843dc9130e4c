/* filename.c - see filename.h */
#include "mime/filename.h"

#include "base/ascii.h"
#include "codec/utf8.h"

#include <string.h>

enum { EXTENSION_MAX = 16 };

/* Characters that a file name does better without. */
static int is_unsafe(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return 1;
    if (c < 0x80)
        return strchr("/\\:*?\"<>|", (int)c) != NULL;
    return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffd) || (c >= 0xe0000 && c <= 0xe007f) || c == 0x2044 ||
           c == 0x2215 || c == 0x29f8 || c == 0xff0f || c == 0xff3c;
}

/* "CON", "NUL.txt", "com1": names of devices on Windows, whatever the extension. */
static int is_device(const uint8_t *p, size_t n)
{
    static const char *const names[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    const uint8_t *dot = memchr(p, '.', n);
    size_t stem = dot != NULL ? (size_t)(dot - p) : n;

    while (stem > 0 && p[stem - 1] == ' ')
        stem--;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (ascii_equal_word(p, stem, names[i]))
            return 1;
    return stem == 4 && (ascii_equal(p, 3, "com", 3) || ascii_equal(p, 3, "lpt", 3)) &&
           ascii_is_digit(p[3]);
}

/* The longest beginning of at most max octets that cuts no character. */
static size_t cut(const uint8_t *p, size_t n, size_t max)
{
    if (n <= max)
        return n;
    while (max > 0 && (p[max] & 0xc0) == 0x80)
        max--;
    return max;
}

/* Where the extension begins, its dot included; n when there is none worth keeping. */
static size_t extension(const uint8_t *p, size_t n)
{
    for (size_t i = n; i > 0 && n - i < EXTENSION_MAX; i--)
        if (p[i - 1] == '.')
            return i - 1;
    return n;
}

static void add_replaced(const uint8_t *p, size_t n, struct buf *b)
{
    while (n > 0) {
        uint32_t c = 0;
        size_t bad = 1;
        size_t len = utf8_read(p, n, &c, &bad);

        if (len == 0 || is_unsafe(c))
            buf_add_byte(b, '_');
        else
            buf_add(b, p, len);
        len = len != 0 ? len : bad;
        p += len;
        n -= len;
    }
}

int filename_safe(const void *utf8, size_t n, struct buf *b)
{
    struct buf tmp;
    const uint8_t *p;
    size_t len;
    size_t ext;

    buf_init(&tmp, b->mem, n + 2);
    add_replaced(utf8, n, &tmp);
    while (tmp.len > 0 && (tmp.ptr[tmp.len - 1] == '.' || tmp.ptr[tmp.len - 1] == ' '))
        tmp.len--;
    p = tmp.ptr;
    len = tmp.len;
    while (len > 0 && *p == ' ') {
        p++;
        len--;
    }
    if (tmp.failed != 0) {
        b->failed = b->failed != 0 ? b->failed : tmp.failed;
    } else if (len == 0) {
        buf_add_word(b, "unnamed");
    } else {
        if (*p == '.' || *p == '-' || is_device(p, len))
            buf_add_byte(b, '_');
        ext = extension(p, len);
        if (len < FILENAME_MAX_OCTETS) {
            buf_add(b, p, len);
        } else {
            buf_add(b, p, cut(p, ext, FILENAME_MAX_OCTETS - 1 - (len - ext)));
            buf_add(b, p + ext, len - ext);
        }
    }
    buf_free(&tmp);
    return b->failed;
}
