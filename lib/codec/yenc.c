/* yenc.c - see yenc.h */
#include "codec/yenc.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

uint32_t yenc_crc32(uint32_t crc, const void *in, size_t n)
{
    /* four bits at a time */
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    const uint8_t *p = in;

    crc = ~crc;
    for (size_t i = 0; i < n; i++) {
        crc = table[(crc ^ p[i]) & 15] ^ crc >> 4;
        crc = table[(crc ^ (uint32_t)p[i] >> 4) & 15] ^ crc >> 4;
    }
    return ~crc;
}

/* " name=" in a control line: the value, up to a blank. name= goes to the end of the line. */
static const char *value_of(const char *line, size_t n, const char *name, size_t *out_len)
{
    size_t len = strlen(name);

    for (size_t i = 0; i + len < n; i++) {
        size_t end = i + len;

        if ((i > 0 && line[i - 1] != ' ') || memcmp(line + i, name, len) != 0)
            continue;
        while (end < n && (line[end] != ' ' || strcmp(name, "name=") == 0))
            end++;
        while (end > i + len && line[end - 1] == ' ')
            end--;
        *out_len = end - i - len;
        return line + i + len;
    }
    return NULL;
}

static int hex_of(const char *p, size_t n, uint32_t *out)
{
    uint32_t v = 0;

    if (n == 0 || n > 8)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (ascii_hex(p[i]) < 0)
            return 0;
        v = v << 4 | (uint32_t)ascii_hex(p[i]);
    }
    *out = v;
    return 1;
}

/* ------------------------------------------------------------------ a stream */

static void end_of_file(struct yenc_dec *d)
{
    size_t len = 0;
    const char *text = value_of(d->line, d->len, d->is_part ? "pcrc32=" : "crc32=", &len);
    uint32_t crc;
    uint64_t size;

    if (text != NULL && hex_of(text, len, &crc) && crc != d->crc)
        d->defects |= YENC_CHECKSUM;
    text = value_of(d->line, d->len, "size=", &len);
    if (text != NULL && num_parse(text, len, UINT64_MAX, &size) && size != d->octets)
        d->defects |= YENC_SIZE;
    d->stage = 2;
}

static void control_line(struct yenc_dec *d)
{
    if (d->stage == 0 && d->len > 8 && memcmp(d->line, "=ybegin ", 8) == 0)
        d->stage = 1;
    else if (d->stage == 1 && d->len >= 6 && memcmp(d->line, "=ypart", 6) == 0)
        d->is_part = 1;
    else if (d->stage == 1 && d->len >= 5 && memcmp(d->line, "=yend", 5) == 0)
        end_of_file(d);
    d->control = 0;
    d->len = 0;
}

static size_t data_octet(struct yenc_dec *d, uint8_t c, uint8_t *out)
{
    *out = (uint8_t)(c - 42 - (d->escaped ? 64 : 0));
    d->escaped = 0;
    d->octets++;
    d->crc = yenc_crc32(d->crc, out, 1);
    return 1;
}

static size_t octet(struct yenc_dec *d, uint8_t c, uint8_t *out)
{
    int at_start = !d->bol;

    if (c == '\r' || c == '\n') {
        if (d->control && c == '\n')
            control_line(d);
        if (c == '\n')
            d->bol = 0;
        return 0;
    }
    d->bol = 1;
    if (d->control) {
        if (d->len < YENC_LINE)
            d->line[d->len++] = (char)c;
        return 0;
    }
    if (d->stage == 2 || (d->stage == 0 && c != '=' && !d->escaped))
        return 0;
    if (d->escaped == 2 && c == 'y') { /* "=y" at the start of a line */
        memcpy(d->line, "=y", 2);
        d->len = 2;
        d->control = 1;
        d->escaped = 0;
        return 0;
    }
    if (d->stage == 0) {
        d->escaped = c == '=' && at_start ? 2 : 0;
        return 0;
    }
    if (c == '=' && !d->escaped) {
        d->escaped = at_start ? 2 : 1;
        return 0;
    }
    return data_octet(d, c, out);
}

size_t yenc_feed(struct yenc_dec *d, const void *in, size_t n, uint8_t *out)
{
    const uint8_t *p = in;
    size_t len = 0;

    for (size_t i = 0; i < n; i++)
        len += octet(d, p[i], out + len);
    return len;
}

size_t yenc_end(struct yenc_dec *d, uint8_t *out)
{
    (void)out;
    if (d->control)
        control_line(d);
    if (d->stage == 1)
        d->defects |= YENC_CUT;
    return 0;
}

/* ------------------------------------------------------------------ files in a text */

static size_t next_line(const uint8_t *p, size_t n, size_t from)
{
    const uint8_t *lf = memchr(p + from, '\n', n - from);

    return lf != NULL ? (size_t)(lf - p) + 1 : n;
}

static int begins(const uint8_t *p, size_t n, size_t at, const char *word)
{
    size_t len = strlen(word);

    return n - at >= len && memcmp(p + at, word, len) == 0;
}

int yenc_find(const uint8_t *p, size_t n, size_t from, struct yenc_file *out)
{
    for (; from < n; from = next_line(p, n, from)) {
        size_t next = next_line(p, n, from);
        size_t len = next - from;
        size_t name_len = 0;
        const char *name;

        while (len > 0 && (p[from + len - 1] == '\n' || p[from + len - 1] == '\r'))
            len--;
        if (!begins(p, n, from, "=ybegin ") || len > YENC_LINE)
            continue;
        name = value_of((const char *)p + from, len, "name=", &name_len);
        if (name == NULL)
            continue;
        *out = (struct yenc_file){from, next, (size_t)((const uint8_t *)name - p), name_len};
        while (out->end < n && !begins(p, n, out->end, "=yend") &&
               !begins(p, n, out->end, "=ybegin "))
            out->end = next_line(p, n, out->end);
        if (out->end < n && begins(p, n, out->end, "=yend"))
            out->end = next_line(p, n, out->end);
        return 1;
    }
    return 0;
}

static size_t without_end(const uint8_t *p, size_t n)
{
    while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    return n;
}

/* 0 when there is no such number. */
static uint64_t number_of(const char *line, size_t n, const char *name, uint64_t max)
{
    size_t len = 0;
    const char *text = value_of(line, n, name, &len);
    uint64_t v = 0;

    return text != NULL && num_parse(text, len, max, &v) ? v : 0;
}

static void begin_line(const char *line, size_t n, struct yenc_info *out)
{
    size_t len = 0;
    const char *name = value_of(line, n, "name=", &len);

    n = name != NULL ? (size_t)(name - line) : n; /* a name may hold "size=9" */
    out->part = (uint32_t)number_of(line, n, "part=", INT32_MAX);
    out->total = (uint32_t)number_of(line, n, "total=", INT32_MAX);
    out->size = number_of(line, n, "size=", INT64_MAX);
}

static void end_line(const char *line, size_t n, struct yenc_info *out)
{
    size_t len = 0;
    const char *text = value_of(line, n, "crc32=", &len);
    uint32_t crc;

    out->has_file_crc = text != NULL && hex_of(text, len, &out->file_crc);
    text = value_of(line, n, "pcrc32=", &len);
    out->has_crc = out->end != 0 ? text != NULL && hex_of(text, len, &crc) : out->has_file_crc;
}

void yenc_info(const uint8_t *p, size_t n, struct yenc_info *out)
{
    size_t second = next_line(p, n, 0);
    size_t third = second < n ? next_line(p, n, second) : n;
    size_t last;

    memset(out, 0, sizeof *out);
    begin_line((const char *)p, without_end(p, second), out);
    if (second < n && begins(p, n, second, "=ypart ")) {
        const char *line = (const char *)p + second;
        size_t len = without_end(p + second, third - second);

        out->begin = number_of(line, len, "begin=", INT64_MAX);
        out->end = number_of(line, len, "end=", INT64_MAX);
        out->begin -= out->begin != 0;
        if (out->end < out->begin)
            out->end = out->begin;
    }
    n = without_end(p, n);
    for (last = n; last > 0 && p[last - 1] != '\n'; last--)
        continue;
    if (n - last <= YENC_LINE && begins(p, n, last, "=yend"))
        end_line((const char *)p + last, n - last, out);
}
