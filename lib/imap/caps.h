/* caps.h - what the server says it can do (RFC 9051 section 7.2.2). */
#ifndef MLA_IMAP_CAPS_H
#define MLA_IMAP_CAPS_H

#include "base/shared.h"
#include "mailaccess/types.h"

struct imap_caps {
    const struct mem *mem;
    struct shared *shared; /* set behind imap_caps_init(); NULL: the list is its own */
    const char *block;     /* the words, each with a final NUL, in len octets */
    size_t len;
    size_t count;
    int known;
    int rev2;         /* IMAP4rev2 without IMAP4rev1: looked up for each response */
    uint32_t enabled; /* IMAP_ENABLED_*: kept when a new list comes, forgotten with the session */
};

/* Extensions that change what the server says once they are enabled (RFC 5161). */
enum {
    IMAP_ENABLED_CONDSTORE = 1,
    IMAP_ENABLED_QRESYNC = 2,
    IMAP_ENABLED_REV2 = 4,
    IMAP_ENABLED_UTF8 = 8,
    IMAP_ENABLED_UIDONLY = 16
};

void imap_caps_init(struct imap_caps *c, const struct mem *mem);
/* Nothing is known any more: TLS or a log-in has changed it (T09). */
void imap_caps_clear(struct imap_caps *c);
/* Takes a new list instead of the old one, at most max words. 0 or MLA_E_NOMEM, the old one kept.
 */
int imap_caps_set(struct imap_caps *c, const mla_str *words, size_t count, size_t max);
/* 1 when the word is announced, case ignored. */
int imap_caps_has(const struct imap_caps *c, const char *name);
int imap_caps_has_str(const struct imap_caps *c, mla_str name);
/* The same, or part of IMAP4rev2 where that is in force (RFC 9051 appendix E). */
int imap_caps_can(const struct imap_caps *c, const char *name);
/* What stands behind a word that begins so ("MESSAGELIMIT="), the first that does; or NULL. */
const char *imap_caps_value(const struct imap_caps *c, const char *prefix);
/* The same for the i-th of them, counting from 0. */
const char *imap_caps_nth_value(const struct imap_caps *c, const char *prefix, size_t i);
/* 1 when IMAP4rev2 is in force: it was enabled, or IMAP4rev1 is not there. */
int imap_caps_is_rev2(const struct imap_caps *c);
/* 1 when mailbox names are UTF-8 on the wire (RFC 9051 section 5.1, RFC 6855 section 3). */
static inline int imap_caps_is_utf8(const struct imap_caps *c)
{
    return c->rev2 || (c->enabled & (IMAP_ENABLED_REV2 | IMAP_ENABLED_UTF8)) != 0;
}
/* ENC_SYNC, ENC_MINUS or ENC_PLUS (RFC 7888). */
int imap_caps_literals(const struct imap_caps *c);
const char *imap_caps_word(const struct imap_caps *c, size_t i);

#endif
