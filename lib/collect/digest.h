/* digest.h - what a message is recognised by: a digest of its header, and where it has to be one of
 * all of it. */
#ifndef MLA_COLLECT_DIGEST_H
#define MLA_COLLECT_DIGEST_H

#include "codec/crypt.h"

enum { DIGEST_LEN = 16, DIGEST_NAME = 16 }; /* half a SHA-256; no name passed over is longer */

struct digest {
    struct crypt_running header;
    struct crypt_running whole;
    int with_whole;
    int line;               /* where in a line of the header it is */
    int passing;            /* the field is passed over */
    int has_notes;          /* a field was passed over */
    int ended;              /* the empty line has come */
    char name[DIGEST_NAME]; /* of the field that begins */
    size_t name_len;
    uint64_t octets;
};

/* digest_end() or digest_drop() is due. 0, MLA_E_NOMEM, MLA_E_INTERNAL. */
int digest_begin(struct digest *d, int with_whole);
/* Octets of the message, in any pieces. */
void digest_add(struct digest *d, const void *data, size_t len);
/* The digest of the header: the same for RETR and for TOP with any number of lines, and whether or
 * not there is an empty line. Fields that servers write into stored messages do not count. whole
 * may be NULL without with_whole. 0, MLA_E_NOMEM, MLA_E_INTERNAL. */
int digest_end(struct digest *d, uint8_t header[DIGEST_LEN], uint8_t whole[DIGEST_LEN]);
/* Harmless when it is all zero. */
void digest_drop(struct digest *d);

/* 2 * DIGEST_LEN hexadecimal digits, without a final NUL. */
void digest_text(const uint8_t digest[DIGEST_LEN], char out[2 * DIGEST_LEN]);
/* The other way: 1, or 0 when the text is none. */
int digest_parse(const char *text, size_t len, uint8_t out[DIGEST_LEN]);

#endif
