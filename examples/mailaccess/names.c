/* names.c - file names made from what a server says. */
#include "names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"

static int is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("_-=@,+", c) != NULL);
}

void name_from_id(char out[NAME_SIZE], const char *id, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n <= NAME_MAX_ID; i++)
        n += is_plain(id[i]) ? 1 : 3;
    if (n > NAME_MAX_ID) {
        char hex[65];

        sha256_hex((const uint8_t *)id, len, hex);
        snprintf(out, NAME_SIZE, "h-%s", hex);
        return;
    }
    n = 0;
    for (size_t i = 0; i < len; i++) {
        if (is_plain(id[i])) {
            out[n++] = id[i];
        } else {
            snprintf(out + n, 4, "%%%02X", (unsigned)(unsigned char)id[i]);
            n += 3;
        }
    }
    if (n == 0)
        out[n++] = '%'; /* no other id gives a lone % */
    out[n] = 0;
}
