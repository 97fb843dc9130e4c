/* write_body.h - bodies on their way out: what they hold, and transfer encodings (RFC 2045 section
 * 6), streaming.
 *
 * Text is made canonical: a bare LF becomes CRLF. Other octets stay as they are. */
#ifndef MLA_MIME_WRITE_BODY_H
#define MLA_MIME_WRITE_BODY_H

#include <stddef.h>
#include <stdint.h>

enum write_encoding { WRITE_7BIT, WRITE_8BIT, WRITE_BINARY, WRITE_QP, WRITE_BASE64 };
enum { WRITE_ENCODINGS = WRITE_BASE64 + 1 };

/* "7bit", "quoted-printable" ... */
const char *write_encoding_name(enum write_encoding e);

enum { WRITE_B64_LINE = 57 }; /* octets of a line of 76 characters */

/* All zero but for kind and text to begin with. */
struct write_encoder {
    enum write_encoding kind;
    int text;      /* line ends are line ends */
    int last_cr;   /* the last octet was CR */
    unsigned col;  /* QP: characters on the line; base64: lines so far, at most 1 */
    unsigned from; /* QP: how much of "From " stands at the start of the line, held back */
    int blank;     /* QP: a blank held back, 0: none */
    int cr_held;   /* QP: a CR that may begin a line end */
    unsigned held; /* base64 */
    uint8_t hold[WRITE_B64_LINE];
};

/* The most that n octets, or the end (n 0), can come to. */
static inline size_t write_room(size_t n)
{
    return 4 * n + 160;
}

/* Encodes n octets into out, which has write_room(n); how many were written. */
size_t write_encode(struct write_encoder *e, const void *in, size_t n, uint8_t *out);
size_t write_encode_end(struct write_encoder *e, uint8_t *out);

/* What a body holds; any split of it gives the same. All zero but for text to begin with. */
struct write_survey {
    int text;
    int has_8bit;
    int has_nul;
    int bare;        /* CR without LF; in what is no text LF without CR, too */
    int long_line;   /* above 998 octets */
    int from;        /* a line begins with "From " */
    int blank;       /* a line ends in white space */
    int last;        /* the last octet; 0 to begin with */
    int qp_given_up; /* it comes out longer than base64 by far */
    int ended;
    unsigned from_state;
    uint64_t octets;
    uint64_t line;      /* octets of the last line */
    uint64_t qp;        /* in quoted-printable */
    uint64_t canonical; /* octets with LF made CRLF */
    struct write_encoder qp_encoder;
};

void write_survey_feed(struct write_survey *s, const void *in, size_t n);
void write_survey_end(struct write_survey *s);

enum {
    WRITE_MAY_8BIT = 1,
    WRITE_MAY_BINARY = 2,
    WRITE_NEVER = 4, /* message/rfc822: no encoding, ever (RFC 2046 section 5.2.1) */
    WRITE_FLOWED = 8 /* blanks at the ends of lines mean something and may stay */
};
/* The encoding that suits best. may: WRITE_MAY_... */
enum write_encoding write_choose(const struct write_survey *s, unsigned may);
/* The length of the body in that encoding. */
uint64_t write_encoded_size(const struct write_survey *s, enum write_encoding e);

#endif
