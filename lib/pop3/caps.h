/* caps.h - what a server said to CAPA (RFC 2449 section 5). */
#ifndef MLA_POP3_CAPS_H
#define MLA_POP3_CAPS_H

#include "base/buf.h"
#include "mailaccess/pop3_types.h"

enum { CAPS_UNKNOWN = 0, CAPS_NONE = 1, CAPS_KNOWN = 2 }; /* NONE: asked, and CAPA is not there */

struct pop3_caps {
    int state;
    struct buf text; /* lines, each with a final NUL */
    size_t *at;      /* where each begins */
    size_t count;
    size_t cap;
    size_t words;
    size_t words_max;
    mla_pop3_capabilities read; /* what pop3_caps_read() found; its strings are in text */
    mla_str *sasl;
};

void pop3_caps_init(struct pop3_caps *c, const struct mem *mem, size_t octets_max,
                    size_t words_max);
/* Adds a line without its end. 0, MLA_E_NOMEM, MLA_E_FLOOD. */
int pop3_caps_add(struct pop3_caps *c, const uint8_t *line, size_t len);
/* Fills read from the lines that are there. asked_in: POP3_* state. 0, MLA_E_NOMEM. */
int pop3_caps_read(struct pop3_caps *c, uint32_t asked_in);
/* The server has no CAPA. */
void pop3_caps_refused(struct pop3_caps *c);
/* Takes over what next holds, and empties next. */
void pop3_caps_replace(struct pop3_caps *c, struct pop3_caps *next);
/* Line i; NULL beyond the last. */
const char *pop3_caps_line(const struct pop3_caps *c, size_t i);
/* Is tag there, with that parameter unless it is NULL? */
int pop3_caps_has(const struct pop3_caps *c, const char *tag, const char *parameter);
/* The parameters of tag, up to max of them, from every line that begins with it. Their number. */
size_t pop3_caps_parameters(const struct pop3_caps *c, const char *tag, mla_str *out, size_t max);
/* Back to CAPS_UNKNOWN; gives the memory back. */
void pop3_caps_clear(struct pop3_caps *c);

#endif
