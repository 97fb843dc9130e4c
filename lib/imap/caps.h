/* caps.h - what the server says it can do (RFC 9051 section 7.2.2). */
#ifndef MLA_IMAP_CAPS_H
#define MLA_IMAP_CAPS_H

#include "base/mem.h"
#include "mailaccess/types.h"

struct imap_caps {
    const struct mem *mem;
    char *block; /* the words, each with a final NUL */
    size_t *at;  /* where each begins in block */
    size_t count;
    int known;
    int rev2; /* IMAP4rev2 without IMAP4rev1: looked up for each response */
};

void imap_caps_init(struct imap_caps *c, const struct mem *mem);
/* Nothing is known any more: TLS or a log-in has changed it (T09). */
void imap_caps_clear(struct imap_caps *c);
/* Takes a new list instead of the old one, at most max words. 0 or MLA_E_NOMEM, the old one kept.
 */
int imap_caps_set(struct imap_caps *c, const mla_str *words, size_t count, size_t max);
/* 1 when the word is announced, case ignored. */
int imap_caps_has(const struct imap_caps *c, const char *name);
/* The same, or part of IMAP4rev2 where that is all the server speaks (RFC 9051 appendix E). */
int imap_caps_can(const struct imap_caps *c, const char *name);
/* 1 when IMAP4rev2 is in force without having been enabled: IMAP4rev1 is not there. */
int imap_caps_is_rev2(const struct imap_caps *c);
/* ENC_SYNC, ENC_MINUS or ENC_PLUS (RFC 7888). */
int imap_caps_literals(const struct imap_caps *c);
const char *imap_caps_word(const struct imap_caps *c, size_t i);

#endif
