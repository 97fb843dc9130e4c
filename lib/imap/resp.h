/* resp.h - from the octets of one response to typed records.
 *
 * Pure: no session, no queue. The caller (engine) has found one whole response in its receive
 * buffer (wire/literal) and says what it is about; the result is an event. Large body sections that
 * were streamed before are absent from the octets: each is marked by a literal header whose data
 * was cut out (see imap_resp_opts.cuts). */
#ifndef MLA_IMAP_RESP_H
#define MLA_IMAP_RESP_H

#include "imap/event.h"

/* A literal whose octets were streamed and are not in raw: its header "{n}CRLF" ends at `at`. */
struct imap_cut {
    size_t at;
    uint64_t size;
};

struct imap_resp_opts {
    unsigned depth_max; /* MLA_LIMIT_DEPTH */
    size_t words_max;   /* MLA_LIMIT_CAPABILITIES */
    int utf8;           /* mailbox names are UTF-8 (RFC 6855, RFC 9051 after ENABLE) */
    int tls;            /* the octets came under TLS */
    const struct imap_cut *cuts;
    size_t cut_count;
};

enum {
    IMAP_RESP_UNTAGGED = 1,
    IMAP_RESP_TAGGED = 2,
    IMAP_RESP_CONTINUE = 3 /* "+" */
};

/* What a response is, before its data. tag points into raw. For TAGGED, ev->done is filled (error
 * left 0: the engine decides); for CONTINUE text is what stands behind "+ ". */
struct imap_resp {
    int kind;
    mla_str tag;
    mla_str text; /* CONTINUE */
    /* Capabilities may come in any status line or as data; NULL when none were there. */
    const mla_str *capabilities;
    size_t capability_count;
};

/* Parses one response into *ev (whose arena was reset by the caller) and *out. 0: ev->type says
 * what came; a WARNING event when it could not be read (the rest of the session is not touched).
 * MLA_E_NOMEM; MLA_E_FLOOD when the parsed data exceeds the arena's maximum. Never anything else:
 * what the server writes cannot end the session here. */
int imap_resp_parse(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                    struct mla_imap_event *ev, struct imap_resp *out);

/* Looks at the start of a FETCH response up to a literal header that ends at raw->len: is it the
 * literal of a body section (BODY[...], BINARY[...], RFC822...), that may be streamed? 1 and
 * *out_section (seq, uid if it stood before, name, origin, size) or 0. */
int imap_resp_section_head(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                           uint64_t literal_size, struct arena *arena,
                           mla_imap_section *out_section);

/* Long lists of numbers: SEARCH, SORT, ESEARCH ALL and VANISHED lines are not held whole. When the
 * octets so far (a response not complete yet) are such a line, parses what is certain - up to and
 * with the last separator - into a batch event. 1: ev filled and *out_used octets may be dropped;
 * the reader keeps its place in *state (zeroed at the start of each response). 0: not such a line,
 * or nothing certain yet. */
struct imap_batch {
    int kind; /* 0: not in a batch */
    int is_uid;
    int is_earlier;
    int in_all;     /* ESEARCH: inside the ALL set */
    uint64_t count; /* numbers so far */
};
int imap_resp_batch(const struct imap_raw *raw, int complete, const struct imap_resp_opts *opts,
                    struct imap_batch *state, struct mla_imap_event *ev, size_t *out_used);

#endif
