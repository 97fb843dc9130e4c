/* fuzz_charset.c - the first octet chooses a character set, the second how the text is cut. However
 * that is, the same UTF-8 comes out, and US-ASCII that nothing before it could claim stays. */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { ROOM = 1 << 20 };

static const char *const names[] = {
    "utf-8",       "us-ascii", "iso-8859-7",  "windows-1258", "utf-16",    "utf-16be", "utf-32",
    "utf-7",       "gb18030",  "gb2312",      "euc-kr",       "shift_jis", "euc-jp",   "big5",
    "iso-2022-jp", "euc-tw",   "iso-2022-kr", "iso-2022-cn",  "hz",        "johab",    "viscii",
    "tcvn",        NULL,       "x-no-such",   "unknown-8bit", "koi8-r",
};

static size_t convert(const char *name, const uint8_t *data, size_t size, size_t cut, char *out,
                      uint32_t *notes)
{
    mla_charset *c;
    const char *text;
    size_t used = 0;
    size_t len;

    if (mla_charset_new(NULL, name, &c) != 0)
        return 0;
    for (size_t at = 0; at <= size;) {
        size_t n = size - at < cut ? size - at : cut;
        uint8_t *copy = malloc(n != 0 ? n : 1);

        if (n != 0)
            memcpy(copy, data + at, n);
        if (n == 0 ? mla_charset_end(c) != 0 : mla_charset_feed(c, copy, n) != 0)
            abort();
        at += n != 0 ? n : 1;
        while (mla_charset_output(c, &text, &len) == 1) {
            if (len > ROOM - used)
                abort();
            memcpy(out + used, text, len);
            used += len;
        }
        free(copy);
    }
    *notes = mla_charset_notes(c, NULL);
    mla_charset_free(c);
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char whole[ROOM];
    static char cut[ROOM];
    const char *name;
    uint32_t whole_notes = 0;
    uint32_t cut_notes = 0;
    size_t n;

    if (size < 2 || size > ROOM / 16)
        return 0;
    name = names[data[0] % (sizeof names / sizeof names[0])];
    n = convert(name, data + 2, size - 2, SIZE_MAX, whole, &whole_notes);
    if (convert(name, data + 2, size - 2, 1 + data[1] % 7, cut, &cut_notes) != n ||
        memcmp(whole, cut, n) != 0 || whole_notes != cut_notes)
        abort();
    /* what came out is UTF-8: converting it again changes nothing */
    if (convert("utf-8", (const uint8_t *)whole, n, SIZE_MAX, cut, &cut_notes) != n ||
        memcmp(whole, cut, n) != 0 || cut_notes != 0)
        abort();
    return 0;
}
