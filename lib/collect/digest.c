/* digest.c - see digest.h */
#include "collect/digest.h"

#include "base/ascii.h"
#include "mailaccess/types.h"

#include <string.h>

/* Where in the header the next octet is. */
enum {
    LINE_BEGIN = 0, /* nothing of the line came, or a CR alone */
    LINE_NAME,      /* in a name that may be one to pass over */
    LINE_REST
};

int digest_begin(struct digest *d, int with_whole)
{
    int rc;

    memset(d, 0, sizeof *d);
    rc = crypt_begin(&d->header, CRYPT_SHA256);
    if (rc == 0 && with_whole)
        rc = crypt_begin(&d->whole, CRYPT_SHA256);
    d->with_whole = with_whole;
    if (rc != 0)
        digest_drop(d);
    return rc;
}

/* Some servers put their own notes into the header, and change them when a message was read. */
static int is_passed_over(const char *name, size_t len)
{
    static const char *const names[] = {"Status",     "X-Status",   "X-UIDL",
                                        "X-Keywords", "X-IMAPbase", "X-UID"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (ascii_equal_word(name, len, names[i]))
            return 1;
    return 0;
}

/* The name is over, or longer than any that is passed over: is the field one of them? */
static void decide(struct digest *d, int colon)
{
    d->passing = colon && is_passed_over(d->name, d->name_len);
    d->has_notes |= d->passing;
    if (!d->passing)
        crypt_add(&d->header, d->name, d->name_len);
    d->line = LINE_REST;
}

/* The first octets of a line, up to where it is known what to do with the line. Returns how many
 * were taken. */
static size_t add_begin(struct digest *d, const uint8_t *p, size_t len)
{
    size_t n = 0;

    if (d->line == LINE_BEGIN) {
        if (*p == '\n') {
            d->ended = 1;
            return 1;
        }
        if (*p == '\r')
            return 1;
        if (*p == ' ' || *p == '\t') { /* the field goes on as it began */
            d->line = LINE_REST;
            return 0;
        }
        d->name_len = 0;
        d->line = LINE_NAME;
    }
    while (n < len && d->name_len < DIGEST_NAME && p[n] != ':' && p[n] != '\n')
        d->name[d->name_len++] = (char)p[n++];
    if (n < len)
        decide(d, p[n] == ':');
    return n;
}

/* What is left of a line, or of the piece. */
static size_t add_rest(struct digest *d, const uint8_t *p, size_t len)
{
    const uint8_t *end = memchr(p, '\n', len);
    size_t n = end != NULL ? (size_t)(end - p) + 1 : len;

    if (!d->passing)
        crypt_add(&d->header, p, n);
    if (end != NULL)
        d->line = LINE_BEGIN;
    return n;
}

void digest_add(struct digest *d, const void *data, size_t len)
{
    const uint8_t *p = data;

    d->octets += len;
    if (d->with_whole)
        crypt_add(&d->whole, data, len);
    while (len > 0 && !d->ended) {
        size_t n = d->line == LINE_REST ? add_rest(d, p, len) : add_begin(d, p, len);

        p += n;
        len -= n;
    }
}

int digest_end(struct digest *d, uint8_t header[DIGEST_LEN], uint8_t whole[DIGEST_LEN])
{
    uint8_t out[CRYPT_HASH_MAX] = {0};
    int rc;

    if (d->line == LINE_NAME)
        decide(d, 0);
    rc = crypt_end(&d->header, out);
    memcpy(header, out, DIGEST_LEN);
    if (rc == 0 && d->with_whole) {
        rc = crypt_end(&d->whole, out);
        memcpy(whole, out, DIGEST_LEN);
    }
    digest_drop(d);
    return rc;
}

void digest_drop(struct digest *d)
{
    crypt_drop(&d->header);
    crypt_drop(&d->whole);
}

void digest_text(const uint8_t digest[DIGEST_LEN], char out[2 * DIGEST_LEN])
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < DIGEST_LEN; i++) {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 15];
    }
}

int digest_parse(const char *text, size_t len, uint8_t out[DIGEST_LEN])
{
    if (len != 2 * DIGEST_LEN)
        return 0;
    for (size_t i = 0; i < DIGEST_LEN; i++) {
        int high = ascii_hex((unsigned char)text[2 * i]);
        int low = ascii_hex((unsigned char)text[2 * i + 1]);

        if (high < 0 || low < 0)
            return 0;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return 1;
}
