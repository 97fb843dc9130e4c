/* mime_corpus.h - mail to measure with, made from a seed: nobody's, and the same everywhere. */
#ifndef MIME_CORPUS_H
#define MIME_CORPUS_H

#include <stddef.h>
#include <stdint.h>

struct message {
    size_t at; /* in octets */
    size_t len;
};

struct corpus {
    const char *name;
    uint8_t *octets;
    size_t len;
    size_t cap;
    struct message *messages;
    size_t count;
    size_t room;
    uint64_t random;
};

#ifdef __cplusplus
extern "C" {
#endif

/* count messages of 2 to 8 KB, of every kind that fills a mailbox. */
void corpus_small(struct corpus *c, uint64_t seed, size_t count);
/* count messages, each with a base64 attachment of 1 to 10 MB. */
void corpus_attachments(struct corpus *c, uint64_t seed, size_t count);
/* count messages of some 12 KB of header and hardly any text. */
void corpus_headers(struct corpus *c, uint64_t seed, size_t count);
void corpus_free(struct corpus *c);

#ifdef __cplusplus
}
#endif

#endif
