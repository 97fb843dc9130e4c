/* sha256.h - SHA-256 (FIPS 180-4), for digests of files and parts. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t total;
    uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t len);
void sha256_final(struct sha256 *s, uint8_t out[32]);
/* Ends s and writes 64 lower-case digits and a NUL. */
void sha256_final_hex(struct sha256 *s, char out[65]);
/* All at once. */
void sha256_hex(const void *data, size_t len, char out[65]);

#endif
