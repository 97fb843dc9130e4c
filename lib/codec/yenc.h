/* yenc.h - yEnc (yenc-draft 1.3), which news has and mail sometimes gets: found, decoded, checked.
 */
#ifndef MLA_CODEC_YENC_H
#define MLA_CODEC_YENC_H

#include <stddef.h>
#include <stdint.h>

enum {
    YENC_CUT = 1,      /* no "=yend" line */
    YENC_CHECKSUM = 2, /* "=yend" names another CRC */
    YENC_SIZE = 4      /* or another size */
};
enum { YENC_LINE = 512 };

/* Any split of the input gives the same output. All zero to begin with. */
struct yenc_dec {
    int stage;        /* 0: before "=ybegin", 1: in the data, 2: behind it */
    int bol;          /* not at the start of a line (all zero: at it) */
    int escaped;      /* behind "=" */
    int control;      /* collecting a line that begins with "=y" */
    int is_part;      /* there was "=ypart": the CRC of the part counts */
    uint32_t defects; /* YENC_... */
    uint32_t crc;
    uint64_t octets;
    size_t len;
    char line[YENC_LINE];
};

static inline size_t yenc_room(size_t n)
{
    return n + 2;
}

size_t yenc_feed(struct yenc_dec *d, const void *in, size_t n, uint8_t *out);
size_t yenc_end(struct yenc_dec *d, uint8_t *out);

struct yenc_file {
    size_t begin; /* of "=ybegin" */
    size_t end;   /* behind the "=yend" line, or the end of the text */
    size_t name;
    size_t name_len;
};

/* The next file at from or behind it. 1, or 0 when there is none. */
int yenc_find(const uint8_t *p, size_t n, size_t from, struct yenc_file *out);

/* What a file's control lines say; 0 where they do not. */
struct yenc_info {
    uint32_t part; /* number of the part, from 1; 0: the file is whole */
    uint32_t total;
    uint64_t size;  /* of the whole file */
    uint64_t begin; /* of the part in the whole file, from 0 ... */
    uint64_t end;   /* ... and behind it */
    int has_crc;    /* of these octets */
    int has_file_crc;
    uint32_t file_crc; /* of the whole file */
};

/* p: a file as yenc_find() finds it. */
void yenc_info(const uint8_t *p, size_t n, struct yenc_info *out);

/* CRC-32 of ISO 3309, as zip has it, going on from crc (0 to begin with). */
uint32_t yenc_crc32(uint32_t crc, const void *p, size_t n);

#endif
