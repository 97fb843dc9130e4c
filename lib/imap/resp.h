/* resp.h - from the octets of one response to typed records.
 *
 * Pure: no session, no queue. The caller (engine) has found one whole response in its receive
 * buffer (wire/literal) and says what it is about; the result is an event. Large body sections that
 * were streamed before are absent from the octets: each is marked by a literal header whose data
 * was cut out (see imap_resp_opts.cuts). */
#ifndef MLA_IMAP_RESP_H
#define MLA_IMAP_RESP_H

#include "imap/event.h"
#include "imap/flagtext.h"

#include <string.h>

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
    int search_uid;     /* SEARCH, SORT, THREAD and ESEARCH without the word UID hold UIDs */
    int tolerant;       /* nothing is read by strict.h: for tests, which compare the two */
    int search_sorted;  /* ESEARCH answers SORT: its order counts */
    const struct imap_cut *cuts;
    size_t cut_count;
    struct imap_flagtexts *flagtexts; /* NULL: every set of flags is read anew */
};

enum {
    IMAP_RESP_UNTAGGED = 1,
    IMAP_RESP_TAGGED = 2,
    IMAP_RESP_CONTINUE = 3 /* "+" */
};

/* Something in the response was dropped, or let pass although wrong; the rest was read. The engine
 * makes a WARNING event of it behind the event itself. at and len: which octets of raw. */
struct imap_warn {
    uint32_t id; /* MLA_IMAP_WARN_*, 0: nothing was wrong */
    size_t at;
    size_t len;
};

/* What a response is, before its data. tag points into raw. For TAGGED, ev->done is filled (error
 * left 0: the engine decides); for CONTINUE text is what stands behind "+ ". */
struct imap_resp {
    int kind;
    mla_str tag;
    mla_str text; /* CONTINUE */
    mla_str
        correlator; /* ESEARCH: the TAG of the command it answers; ptr NULL when there is none */
    struct imap_warn warn;
    /* Capabilities may come in any status line or as data; NULL when none were there. */
    const mla_str *capabilities;
    size_t capability_count;
};

/* Parses one response into *ev (whose arena was reset by the caller) and *out; both are set anew.
 * raw->ptr[0 .. len) ends in the response's line end. 0: ev->type says what came; 0 for an empty
 * line and for CONTINUE; a WARNING event when nothing of it could be read (the rest of the session
 * is not touched). A FETCH event holds whatever of its items could be read; so do others. Data that
 * would exceed the arena's maximum is dropped with a warning, too: senders of mail must not be able
 * to end a session. MLA_E_NOMEM is the only error.
 *
 * A line without IMAP's syntax ("Server Unavailable.", as Exchange has it) is an untagged BAD; a
 * response code without a status in front ("[ALERT] ...") an untagged OK. */
int imap_resp_parse(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                    struct mla_imap_event *ev, struct imap_resp *out);

/* The same for a line that begins as a FETCH answer does, the n octets at p. 1: ev->fetch is set,
 * where ev was a FETCH event before and its arena was reset, and there is nothing to warn of; 0: it
 * is something else, or not as simple, and imap_resp_parse() has to read it, with ev cleared. */
int imap_resp_fetch(const uint8_t *p, size_t n, const struct imap_resp_opts *opts,
                    struct mla_imap_event *ev);

/* Looks at the start of a FETCH response up to a literal header that ends at raw->len (where
 * LITERAL_HEADER has stopped): is it the literal of a body section (BODY[...], BINARY[...],
 * RFC822...), that may be streamed? 1 and *out_section (seq, uid if it stood before, name, origin,
 * size, streamed 1; strings in raw or in the arena), 0, or MLA_E_NOMEM. opts->cuts are those of
 * this response so far. */
int imap_resp_section_head(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                           uint64_t literal_size, struct arena *arena,
                           mla_imap_section *out_section);

/* Long lists of numbers: SEARCH, SORT, ESEARCH, THREAD, UIDBATCHES and VANISHED lines are not held
 * whole. When the octets so far (a response, complete or not) are such a line, parses what is
 * certain - up to and with the last separator, all of it when complete - into an event of at most
 * IMAP_BATCH_RANGES ranges or items. 1: ev filled (its arena was reset by the caller) and *out_used
 * octets may be dropped from the front (literal_drop); call again with the rest, is_last of the
 * record says when that was all, line end included. 0: not such a line, or nothing certain yet:
 * more octets are needed (a complete one goes to imap_resp_parse()). ev->type 0 with 1: the arena's
 * maximum is too small for a batch, the octets are dropped. MLA_E_NOMEM. *state is cleared by the
 * caller at the start of each response (imap_batch_clear); while its kind is not 0 the response
 * belongs to this function alone. */
enum {
    IMAP_BATCH_RANGES = 4096,
    IMAP_BATCH_TAG = 64,
    IMAP_BATCH_BOX = 512,
    IMAP_THREAD_NESTING = 256 /* parentheses in THREAD that are kept apart */
};
/* Where in the forest of a THREAD answer the reader is. */
struct imap_batch_thread {
    int just_opened; /* nothing came since "(" */
    uint32_t over;   /* parentheses beyond IMAP_THREAD_NESTING that are open */
    uint32_t open;   /* those in stack */
    uint32_t depth;  /* of the next message */
    uint32_t parent; /* its index, from 1; 0: none */
    uint32_t root;
    struct {
        uint32_t depth;
        uint32_t parent;
        uint32_t root;
    } stack[IMAP_THREAD_NESTING]; /* what holds again behind each ")" */
};
struct imap_batch {
    int kind; /* 0: not in a batch */
    int is_uid;
    int is_earlier;
    int in;           /* ESEARCH: inside which value, IMAP_IN_* */
    int has_position; /* ADDTO, REMOVEFROM: the set is next */
    uint32_t position;
    int64_t partial_first;
    int64_t partial_last;
    uint64_t count;       /* ranges or items so far */
    uint64_t dropped;     /* words that were no numbers in range, and went nowhere */
    uint32_t uidvalidity; /* MULTISEARCH */
    size_t tag_len;
    int has_box;
    size_t box_len;
    /* from here on only what the lengths say is meaningful */
    char tag[IMAP_BATCH_TAG]; /* ESEARCH: the TAG of the command, cut to fit */
    char box[IMAP_BATCH_BOX]; /* MULTISEARCH: the mailbox */
    struct imap_batch_thread thread;
};
static inline void imap_batch_clear(struct imap_batch *b)
{
    memset(b, 0, offsetof(struct imap_batch, tag));
}
int imap_resp_batch(const struct imap_raw *raw, int complete, const struct imap_resp_opts *opts,
                    struct imap_batch *state, struct mla_imap_event *ev, size_t *out_used);

#endif
