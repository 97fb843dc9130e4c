/* fuzz_encword.c - a raw header value: what comes out is one line of valid UTF-8 without controls.
 */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* 1 when the text is UTF-8 without C0, C1 and DEL, TAB aside. */
static int is_clean(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t more = p[i] < 0x80 ? 0 : p[i] < 0xc2 ? 9 : p[i] < 0xe0 ? 1 : p[i] < 0xf0 ? 2 : 3;

        if ((p[i] < 0x20 && p[i] != '\t') || p[i] == 0x7f || i + more >= n)
            return 0;
        if (p[i] == 0xc2 && p[i + 1] < 0xa0)
            return 0;
        for (size_t k = 1; k <= more; k++)
            if ((p[i + k] & 0xc0) != 0x80)
                return 0;
        i += 1 + more;
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;
    size_t len;

    if (mla_mime_decode_header(NULL, (const char *)data, size, &text, &len) == 0) {
        if (!is_clean((const unsigned char *)text, len) || text[len] != '\0')
            abort();
        mla_free(text);
    }
    if (mla_mime_safe_filename(NULL, (const char *)data, size, &text, &len) == 0) {
        if (!is_clean((const unsigned char *)text, len) || len == 0 || len > 201 ||
            strchr(text, '/') != NULL || text[0] == '.' || text[0] == '-')
            abort();
        mla_free(text);
    }
    return 0;
}
