/* html_entity.c - see html_entity.h */
#include "mime/html_entity.h"

#include "base/ascii.h"
#include "codec/utf8.h"

#include <string.h>

/* HTML 13.2.5.80: numbers of the C1 range are taken for Windows-1252. */
static const uint16_t c1[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static size_t numeric(const char *p, size_t n, char out[HTML_ENTITY_TEXT], size_t *out_len)
{
    int is_hex = n > 2 && (p[2] == 'x' || p[2] == 'X');
    size_t at = is_hex ? 3 : 2;
    size_t first = at;
    uint8_t utf8[UTF8_MAX];
    uint32_t c = 0;

    for (; at < n; at++) {
        int digit = ascii_hex(p[at]);

        if (digit < 0 || (!is_hex && digit > 9))
            break;
        if (c <= 0x10ffff)
            c = c * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    if (at == first)
        return 0;
    if (c >= 0x80 && c < 0xa0)
        c = c1[c - 0x80];
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = UTF8_REPLACEMENT;
    *out_len = utf8_write(c, utf8);
    memcpy(out, utf8, *out_len);
    return at + (at < n && p[at] == ';');
}

/* The entry of that name; NULL when there is none. */
static const char *find(const char *name, size_t n)
{
    size_t low = 0;
    size_t high = HTML_ENTITIES;

    while (low < high) {
        size_t mid = (low + high) / 2;
        const char *entry = html_entity_text + html_entity_at[mid];
        int order = strncmp(entry + 1, name, n);

        if (order == 0 && entry[1 + n] != '\0')
            order = 1;
        if (order == 0)
            return entry;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static size_t found(const char *entry, size_t used, char out[HTML_ENTITY_TEXT], size_t *out_len)
{
    const char *text = entry + strlen(entry) + 1;

    *out_len = strlen(text);
    memcpy(out, text, *out_len);
    return used;
}

size_t html_entity(const char *p, size_t n, int in_value, char out[HTML_ENTITY_TEXT],
                   size_t *out_len)
{
    size_t len = 0;
    const char *entry;

    if (n > 1 && p[1] == '#')
        return numeric(p, n, out, out_len);
    while (1 + len < n && len <= HTML_ENTITY_NAME &&
           (ascii_is_alpha(p[1 + len]) || ascii_is_digit(p[1 + len])))
        len++;
    if (1 + len < n && p[1 + len] == ';') {
        entry = len != 0 ? find(p + 1, len) : NULL;
        if (entry != NULL)
            return found(entry, len + 2, out, out_len);
    }
    for (size_t used = len < 6 ? len : 6; used >= 2; used--) { /* the longest of those: "frac12" */
        char next = 1 + used < n ? p[1 + used] : ' ';

        entry = find(p + 1, used);
        if (entry == NULL || entry[0] != '+')
            continue;
        if (in_value && (next == '=' || ascii_is_alpha(next) || ascii_is_digit(next)))
            return 0;
        return found(entry, used + 1, out, out_len);
    }
    return 0;
}
