/* lzfu.c - see lzfu.h */
#include "mime/lzfu.h"

#include "mailaccess/types.h"

#include <string.h>

enum { DICTIONARY = 4096, HEAD = 16, MOST = 64 << 20 };

/* What the dictionary holds to begin with ([MS-OXRTFCP] section 2.1.2.1). */
static const char initial[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct lzfu {
    uint8_t dictionary[DICTIONARY];
    size_t at;
    uint64_t left; /* octets that may still come out */
    struct buf *out;
};

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put(struct lzfu *z, uint8_t c)
{
    z->dictionary[z->at] = c;
    z->at = (z->at + 1) % DICTIONARY;
    if (z->left > 0) {
        buf_add_byte(z->out, c);
        z->left--;
    }
}

static void run(struct lzfu *z, const uint8_t *p, const uint8_t *end)
{
    while (p < end && z->left > 0 && z->out->failed == 0) {
        unsigned control = *p++;

        for (int bit = 0; bit < 8 && p < end && z->left > 0; bit++, control >>= 1) {
            size_t from;
            size_t len;

            if ((control & 1) == 0) {
                put(z, *p++);
                continue;
            }
            if (end - p < 2)
                return;
            from = (size_t)p[0] << 4 | p[1] >> 4;
            len = (p[1] & 15U) + 2;
            p += 2;
            if (from == z->at)
                return; /* the end */
            for (; len > 0; len--, from++)
                put(z, z->dictionary[from % DICTIONARY]);
        }
    }
}

int lzfu_decode(const uint8_t *p, size_t n, struct buf *out)
{
    struct lzfu z;
    uint32_t kind;

    if (n < HEAD)
        return MLA_E_SYNTAX;
    kind = le32(p + 8);
    if (kind == 0x414c454d) { /* "MELA": not compressed */
        size_t len = le32(p + 4);

        return buf_add(out, p + HEAD, len < n - HEAD ? len : n - HEAD);
    }
    if (kind != 0x75465a4c) /* "LZFu" */
        return MLA_E_SYNTAX;
    memset(&z, 0, sizeof z);
    memcpy(z.dictionary, initial, sizeof initial - 1);
    z.at = sizeof initial - 1;
    z.left = le32(p + 4) < MOST ? le32(p + 4) : MOST;
    z.out = out;
    run(&z, p + HEAD, p + n);
    return out->failed;
}
