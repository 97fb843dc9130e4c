/* seen_line.c - see seen_line.h */
#include "collect/seen_line.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

enum { CRC_DIGITS = 8, WORDS_MAX = 16 };

/* 16 entries are enough for lines this short. */
uint32_t seen_line_crc(const void *ptr, size_t len)
{
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    const uint8_t *p = ptr;
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

static void crc_text(char out[CRC_DIGITS], const void *ptr, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    uint32_t crc = seen_line_crc(ptr, len);

    for (int i = 0; i < CRC_DIGITS; i++)
        out[i] = hex[crc >> (28 - 4 * i) & 15];
}

/* --- reading --- */

static int is_escaped(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '%' && (len - i < 3 || ascii_hex((unsigned char)text[i + 1]) < 0 ||
                               ascii_hex((unsigned char)text[i + 2]) < 0))
            return 0;
    return 1;
}

/* Undoes %XX in place: 1, or 0 and nothing was done when it is not well-formed. */
static int unescape(mla_str *word, char *text)
{
    size_t to = 0;

    if (!is_escaped(text, word->len))
        return 0;
    for (size_t i = 0; i < word->len; i++) {
        if (text[i] != '%') {
            text[to++] = text[i];
            continue;
        }
        text[to++] = (char)(ascii_hex((unsigned char)text[i + 1]) << 4 |
                            ascii_hex((unsigned char)text[i + 2]));
        i += 2;
    }
    word->ptr = text;
    word->len = to;
    return 1;
}

/* The words of a line, unescaped. Their number, 0 when there are too many or one is not
 * well-formed. */
static size_t split(char *text, size_t len, mla_str words[WORDS_MAX])
{
    size_t n = 0;
    char *end = text + len;

    for (;;) {
        char *space = memchr(text, ' ', (size_t)(end - text));
        char *stop = space != NULL ? space : end;

        if (n == WORDS_MAX)
            return 0;
        words[n].len = (size_t)(stop - text);
        if (!unescape(&words[n], text))
            return 0;
        n++;
        if (space == NULL)
            return n;
        text = space + 1;
    }
}

static int is_word(mla_str s, const char *word)
{
    return s.len == strlen(word) && memcmp(s.ptr, word, s.len) == 0;
}

/* "key=value": 1 and the value when it has that key. */
static int has_key(mla_str word, const char *key, mla_str *out_value)
{
    size_t n = strlen(key);

    if (word.len <= n || memcmp(word.ptr, key, n) != 0 || word.ptr[n] != '=')
        return 0;
    out_value->ptr = word.ptr + n + 1;
    out_value->len = word.len - n - 1;
    return 1;
}

static int take_number(mla_str word, const char *key, uint64_t max, uint64_t *out)
{
    mla_str value;

    return has_key(word, key, &value) && num_parse(value.ptr, value.len, max, out);
}

/* One of the words behind the id. Keys that are not known here are passed over. */
static void take_field(mla_str word, mla_seen_record *r)
{
    uint64_t n;

    if (take_number(word, "first", UINT64_MAX, &r->first_s) ||
        take_number(word, "gone", UINT64_MAX, &r->gone_s) ||
        take_number(word, "size", UINT64_MAX, &r->size) ||
        take_number(word, "octets", UINT64_MAX, &r->octets) ||
        has_key(word, "header", &r->header) || has_key(word, "note", &r->note))
        return;
    if (take_number(word, "flags", UINT32_MAX, &n))
        r->flags = (uint32_t)n;
    else if (take_number(word, "count", UINT32_MAX, &n))
        r->count = (uint32_t)n;
    else if (take_number(word, "doubtful", UINT32_MAX, &n))
        r->doubtful = (uint32_t)n;
}

/* "got SOURCE ID FILE SIZE SHA256", as the tool wrote before there was this file. The id was made
 * safe for a file name there; for POP3, where it comes from the server, that is undone. */
static int read_got(mla_str words[WORDS_MAX], size_t n, char *line, mla_seen_record *r)
{
    if (n != 6 || !num_parse(words[4].ptr, words[4].len, UINT64_MAX, &r->octets))
        return SEEN_LINE_DAMAGED;
    if (words[1].len > 5 && memcmp(words[1].ptr, "pop3:", 5) == 0)
        (void)unescape(&r->id, line + (words[2].ptr - line));
    r->note = words[3];
    return SEEN_LINE_SEEN;
}

static int is_sound(const mla_seen_record *r)
{
    return r->id.len != 0 && r->id.len <= SEEN_ID_MAX && r->header.len <= SEEN_HEADER_MAX &&
           r->note.len <= SEEN_NOTE_MAX;
}

int seen_line_read(char *line, size_t len, mla_str *out_source, mla_seen_record *out)
{
    mla_str words[WORDS_MAX];
    char crc[CRC_DIGITS];
    int kind;
    size_t n;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->count = 1;
    if (len < CRC_DIGITS + 2 || line[CRC_DIGITS] != ' ')
        return SEEN_LINE_DAMAGED;
    crc_text(crc, line + CRC_DIGITS + 1, len - CRC_DIGITS - 1);
    if (memcmp(crc, line, CRC_DIGITS) != 0)
        return SEEN_LINE_DAMAGED;
    n = split(line + CRC_DIGITS + 1, len - CRC_DIGITS - 1, words);
    if (n == 0)
        return SEEN_LINE_OTHER;
    if (!is_word(words[0], "seen") && !is_word(words[0], "gone") && !is_word(words[0], "got"))
        return SEEN_LINE_OTHER;
    if (n < 3)
        return SEEN_LINE_DAMAGED;
    *out_source = words[1];
    out->id = words[2];
    kind = is_word(words[0], "gone") ? SEEN_LINE_GONE : SEEN_LINE_SEEN;
    if (is_word(words[0], "got"))
        kind = read_got(words, n, line, out);
    else
        for (size_t i = 3; i < n; i++)
            take_field(words[i], out);
    return is_sound(out) ? kind : SEEN_LINE_DAMAGED;
}

/* --- writing --- */

static void add_escaped(struct buf *b, mla_str s)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        char code[3] = {'%', hex[c >> 4], hex[c & 15]};

        if (c > 0x20 && c < 0x7f && c != '%')
            buf_add_byte(b, c);
        else
            buf_add(b, code, sizeof code);
    }
}

static void add_number(struct buf *b, const char *key, uint64_t value, uint64_t usual)
{
    if (value == usual)
        return;
    buf_add_word(b, key);
    buf_add_number(b, value);
}

static void add_text(struct buf *b, const char *key, mla_str value)
{
    if (value.len == 0)
        return;
    buf_add_word(b, key);
    add_escaped(b, value);
}

static void begin(struct buf *b, const char *kind, mla_str source, mla_str id)
{
    buf_add(b, "00000000 ", CRC_DIGITS + 1);
    buf_add_word(b, kind);
    add_escaped(b, source);
    buf_add_byte(b, ' ');
    add_escaped(b, id);
}

/* Puts the checksum in front; on failure cuts the line off again. */
static int end(struct buf *b, size_t from)
{
    int rc = buf_add_byte(b, '\n');

    if (rc != 0) {
        b->len = from;
        b->failed = 0;
        return rc;
    }
    crc_text((char *)b->ptr + from, b->ptr + from + CRC_DIGITS + 1, b->len - from - CRC_DIGITS - 2);
    return 0;
}

int seen_line_write(struct buf *b, mla_str source, const mla_seen_record *r)
{
    size_t from = b->len;

    begin(b, "seen ", source, r->id);
    add_number(b, " flags=", r->flags, 0);
    add_number(b, " first=", r->first_s, 0);
    add_number(b, " gone=", r->gone_s, 0);
    add_number(b, " size=", r->size, 0);
    add_number(b, " octets=", r->octets, 0);
    add_number(b, " count=", r->count, 1);
    add_number(b, " doubtful=", r->doubtful, 0);
    add_text(b, " header=", r->header);
    add_text(b, " note=", r->note);
    return end(b, from);
}

int seen_line_write_gone(struct buf *b, mla_str source, mla_str id)
{
    size_t from = b->len;

    begin(b, "gone ", source, id);
    return end(b, from);
}
