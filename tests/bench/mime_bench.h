/* mime_bench.h - one parser among those that are measured, and what it must do. */
#ifndef MIME_BENCH_H
#define MIME_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* What a parser found. Printed, so that it can be seen that all did the same. */
struct mime_found {
    uint64_t parts;  /* leaves, multiparts and messages */
    uint64_t fields; /* of all headers, MIME's included */
    uint64_t text;   /* octets of their names and values */
    uint64_t octets; /* decoded, of all leaves */
    uint64_t words;  /* octets of Subject and From in UTF-8 */
};

struct mime_row {
    const char *name;
    /* (a): parses, goes through all parts and all header fields, frees. */
    void (*structure)(const uint8_t *data, size_t len, struct mime_found *found);
    /* (b): besides, undoes the transfer encoding of each leaf, makes Subject and From of the
     * message UTF-8. */
    void (*decode)(const uint8_t *data, size_t len, struct mime_found *found);
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct mime_row mime_ours;
extern const struct mime_row mime_gmime;
extern const struct mime_row mime_etpan;
extern const struct mime_row mime_mimetic;
extern const struct mime_row mime_mimetic_less;
void mime_gmime_init(void);

#ifdef __cplusplus
}
#endif

#endif
