/* reply.h - one line of a POP3 server's, read. Pure: no session. */
#ifndef MLA_POP3_REPLY_H
#define MLA_POP3_REPLY_H

#include "mailaccess/pop3_types.h"

enum {
    REPLY_OTHER = 0, /* neither of these */
    REPLY_OK = MLA_POP3_OK,
    REPLY_ERR = MLA_POP3_ERR,
    REPLY_MORE = 3 /* "+": a challenge */
};

/* Slices of the line. */
struct pop3_reply {
    int status;
    uint32_t code;    /* MLA_POP3_CODE_* */
    mla_str code_raw; /* between the brackets; ptr NULL: none */
    mla_str text;     /* behind status and code; ptr never NULL unless the line is REPLY_OTHER */
};

/* A line without its end. */
void pop3_reply_parse(const uint8_t *line, size_t len, struct pop3_reply *out);
/* "nn mm" behind the +OK of STAT (RFC 1939 section 5): 1 and the numbers, or 0. */
int pop3_reply_stat(mla_str text, mla_pop3_stat *out);
/* A scan listing or unique-id listing (RFC 1939 sections 5 and 7), also behind the +OK of an answer
 * about one message. 1 and *out, or 0 when there is no message number in front. */
int pop3_reply_item(mla_str line, int is_uidl, mla_pop3_item *out);
/* The time stamp of a greeting (RFC 1939 section 7, APOP): 1 and *out, brackets included; 0 unless
 * it is the only "<" and a well-formed msg-id (A11). */
int pop3_reply_stamp(mla_str text, mla_str *out);

#endif
