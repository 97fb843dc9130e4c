/* parser.h - the MIME parser: octets in, events out, in one pass and constant memory.
 *
 * One rule for lines, header and body alike: LF ends a line, with a CR directly before it belonging
 * to the line end; a CR alone is an octet like others. A header ends at an empty line, at a
 * boundary, or before the first line that can be no part of it. The line end before a boundary
 * belongs to the boundary (RFC 2046 section 5.1.1). The innermost open multipart whose boundary a
 * line is gets it.
 *
 * Octets stay where the caller put them; only a header field or a possible boundary that is split
 * between two feeds is copied. The tree (tree.h) is made by this parser too: there is one grammar.
 */
#ifndef MLA_MIME_PARSER_H
#define MLA_MIME_PARSER_H

#include "base/buf.h"
#include "codec/vec.h"
#include "mailaccess/mime_types.h"
#include "mime/param.h"
#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MIME_BOUNDARY_MAX = 990, /* longer ones are taken for none */
    MIME_LINE_MAX = 1024,    /* a boundary with its padding and line end fits into this */
    MIME_TYPE_MAX = 256,
    MIME_WORD_MAX = 64,
    MIME_FEW = 8 /* parts that are mostly open at a time */
};

/* How the parser goes on. */
enum mime_state {
    MIME_PART,   /* a part begins */
    MIME_HEADER, /* at the start of a line of the header */
    MIME_SKIP,   /* the header is over a limit: only its end is looked for */
    MIME_HEADER_END,
    MIME_BODY,
    MIME_CLOSE, /* parts end */
    MIME_DONE
};

enum mime_kind { MIME_LEAF, MIME_MULTIPART, MIME_MESSAGE };

/* A part that is open. */
struct mime_frame {
    uint64_t header_offset;
    uint64_t body_offset;
    enum mime_kind kind;
    uint32_t flags;    /* MLA_PART_* */
    uint32_t index;    /* among its siblings, from 1 */
    uint32_t children; /* so far */
    uint32_t digest;   /* multipart/digest */
    uint32_t closed;   /* its last boundary has been */
    size_t boundary;   /* in bounds */
    size_t boundary_len;
    uint64_t warned; /* 1 << MLA_MIME_WARN_*: once a part */
};

/* What the header of the innermost part says. */
struct mime_head {
    uint32_t fields;
    uint32_t seen; /* fields that may come once */
    char type[MIME_TYPE_MAX];
    char charset[MIME_WORD_MAX];  /* lower case; empty: none */
    char encoding[MIME_WORD_MAX]; /* lower case; empty: none */
    char boundary[MIME_BOUNDARY_MAX];
    size_t boundary_len;
};

struct mime_pending {
    int code;
    uint32_t depth;
    uint32_t index;
    uint64_t at;
};

struct mime_parser {
    struct mem mem;
    const struct vec *vec;
    mla_mime_limits limits;
    /* what was fed and is not used yet */
    const uint8_t *in;
    const uint8_t *in_end;
    const uint8_t *next; /* behind octets that were put back; NULL: nothing was */
    const uint8_t *next_end;
    uint64_t pos; /* of in, in the whole input */
    int ended;
    int failed; /* sticky error */
    /* what is under way */
    enum mime_state state;
    struct mime_frame *frames;
    size_t frame_count;
    size_t frame_cap;
    size_t active; /* multiparts open whose boundary may come */
    uint32_t parts;
    struct buf bounds;
    struct param_list params;
    struct buf tmp;
    /* a field: octets at in, or in carry when it is split between feeds */
    struct buf carry;
    struct buf back; /* holds octets that were put back */
    uint64_t field_at;
    size_t field_len; /* at in; with carry in use 0 */
    int field_more;   /* its first line is known to be a field */
    int field_cut;    /* ended by the limit */
    int field_eof;
    int field_used; /* it was handed out: drop it before going on */
    int top;        /* no line of this header has been looked at */
    int crlf_seen;
    int lf_seen;
    /* a body: octets held back because a boundary may begin with them */
    size_t held;      /* in hold */
    size_t hold_eol;  /* of them: the line end before */
    size_t hold_drop; /* handed out: drop before going on */
    int bol;          /* in is at the start of a line */
    int skip_mid;     /* MIME_SKIP: inside a line */
    /* closing */
    size_t close_to; /* frames that stay */
    uint64_t close_at;
    int close_new; /* then a new part begins */
    /* events */
    mla_mime_event ev;
    size_t pending_first;
    size_t pending_count;
    /* large, and not cleared when a parser is made: what is above says how much of them counts */
    struct mime_head head;
    struct mime_frame few[MIME_FEW]; /* frames, as long as there is room */
    struct mime_pending pending[64];
    uint8_t hold[MIME_LINE_MAX + 4];
};

/* 0 or MLA_E_NOMEM; free it in both cases. */
int mime_parser_init(struct mime_parser *p, const struct mem *mem, const mla_mime_limits *limits);
void mime_parser_free(struct mime_parser *p);
/* Hands over len octets, which stay the caller's and must not change until mime_parser_next()
 * returned 0. 0; MLA_E_STATE after the end or before that 0. */
int mime_parser_feed(struct mime_parser *p, const uint8_t *data, size_t len);
/* The input is over. */
int mime_parser_end(struct mime_parser *p);
/* 1 and an event, good until the next call; 0: feed more, or after the end: all is said. < 0:
 * MLA_E_NOMEM, for good. */
int mime_parser_next(struct mime_parser *p, const mla_mime_event **out_ev);

/* --- between parser.c, parser_head.c and parser_body.c --- */

/* What a step of the parser comes to. */
enum { MIME_AGAIN = 0, MIME_EVENT = 1, MIME_HUNGRY = 2 };

static inline struct mime_frame *mime_top(struct mime_parser *p)
{
    return &p->frames[p->frame_count - 1];
}

/* Octets at in; goes over to what lies behind octets that were put back. */
static inline size_t mime_left(struct mime_parser *p)
{
    if (p->in == p->in_end && p->next != NULL) {
        p->in = p->next;
        p->in_end = p->next_end;
        p->next = NULL;
    }
    return (size_t)(p->in_end - p->in);
}

/* There is nothing behind what lies at in. */
static inline int mime_is_last(const struct mime_parser *p)
{
    return p->ended && p->next == NULL;
}

static inline void mime_use(struct mime_parser *p, size_t n)
{
    p->in += n;
    p->pos += n;
}

void mime_warn(struct mime_parser *p, int code, uint64_t at);
/* Is this line (from its "--" on, with or without its end) a boundary? 1, and which multipart it
 * belongs to and whether it is its last. */
int mime_boundary(const struct mime_parser *p, const uint8_t *line, size_t n, size_t *out_frame,
                  int *out_last);
/* A boundary was found at the offset at; eol octets of line end belong to it. */
void mime_delimiter(struct mime_parser *p, size_t frame, int last, uint64_t at, size_t eol);
/* Notes which kind of line end the structure uses. */
void mime_line_end(struct mime_parser *p, const uint8_t *line, size_t n, uint64_t at);
int mime_step_header(struct mime_parser *p);
int mime_step_skip(struct mime_parser *p);
int mime_step_body(struct mime_parser *p);
/* Reads the fields that the parser itself must know. 0 or MLA_E_NOMEM. */
int mime_head_field(struct mime_parser *p, const uint8_t *name, size_t name_len,
                    const uint8_t *value, size_t len, uint64_t at);
/* The header is over: what is this part? The values of head become what the RFC says they are. */
enum mime_kind mime_head_kind(struct mime_parser *p);

#endif
