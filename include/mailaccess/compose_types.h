/* compose_types.h - what a message is built from. No functions. */
#ifndef MAILACCESS_COMPOSE_TYPES_H
#define MAILACCESS_COMPOSE_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the way of the message can carry. Zero: anything that carries mail. */
enum {
    MLA_COMPOSE_UTF8 = 1,  /* headers in UTF-8 (RFC 6532): for SMTPUTF8, or IMAP with UTF8=ACCEPT */
    MLA_COMPOSE_8BIT = 2,  /* bodies may be 8bit: for 8BITMIME, and for APPEND */
    MLA_COMPOSE_BINARY = 4 /* bodies may be binary: for BINARYMIME, and literal8 of APPEND */
};

/* How a text is said. */
enum {
    MLA_COMPOSE_FLOWED = 1, /* format=flowed (RFC 3676): each line is a paragraph to be wrapped */
    MLA_COMPOSE_DELSP = 2   /* with FLOWED, delsp=yes: long words are broken, too */
};

/* What mla_compose_output() returns when it waits for the octets of a part. */
enum { MLA_COMPOSE_NEEDS_DATA = 2 };

/* Where the octets of a body come from, read when they are needed, which is inside
 * mla_compose_size(), mla_compose_output() and mla_compose_rewind(); there each call for the same
 * message is MLA_E_STATE, and mla_compose_free() does nothing. An input record, copied; user must
 * live as long as the message. */
typedef struct mla_compose_source {
    uint32_t struct_size; /* sizeof(mla_compose_source) in the caller's header */
    uint32_t reserved;    /* 0 */
    void *user;           /* handed back in each call */
    /* Writes at most size octets to buf. *out_len: how many; 0 is the end. 0, or a negative MLA_E_*
     * that ends the output. */
    int (*read)(void *user, uint8_t *buf, size_t size, size_t *out_len);
    /* Back to the first octet. The same octets must come again. 0 or a negative MLA_E_*. */
    int (*rewind)(void *user);
} mla_compose_source;

#ifdef __cplusplus
}
#endif

#endif
