/* imap_keep_types.h - one mailbox kept in sight across connections: records. No functions.
 *
 * Records made by the library begin with struct_size and grow only at their end. */
#ifndef MAILACCESS_IMAP_KEEP_TYPES_H
#define MAILACCESS_IMAP_KEEP_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The flags of some messages: of all in the mailbox whose UID is from first to last. No words: they
 * have none. Frozen. */
typedef struct mla_imap_keep_flags {
    uint32_t first;
    uint32_t last;
    const mla_str *words; /* system flags and keywords, without \Recent */
    size_t word_count;
} mla_imap_keep_flags;

/* What is known of the mailbox, to be stored by the application, so that a keeper made later, by
 * another process perhaps, can say what happened in between: mla_imap_keep_read_state(),
 * mla_imap_keep_args.state. Given to a keeper, all zero but struct_size stands for "nothing". */
typedef struct mla_imap_keep_state {
    uint32_t struct_size;
    uint32_t uidvalidity; /* 0: nothing is known, and the rest is 0 as well */
    uint64_t modseq; /* all that happened up to it is known (RFC 7162); 0: there is no such number,
                        and all flags will be compared. At most 2^63 - 1 */
    const mla_range *uids; /* of all messages: ascending, first <= last, none twice, none 0 or
                              4,294,967,295 */
    size_t uid_count;      /* ranges */
    const mla_imap_keep_flags *flags; /* ascending in the same way; of messages that are in none the
                                         flags are not known */
    size_t flag_count;
} mla_imap_keep_state;

/* What to keep. Zero is the default of each number. */
typedef struct mla_imap_keep_args {
    uint32_t struct_size; /* sizeof(mla_imap_keep_args) in the caller's header */
    uint32_t security;    /* MLA_SECURITY_*, as the next two in mla_connect_args */
    const char *host;
    uint32_t port;
    uint32_t read_only;                 /* != 0: EXAMINE */
    const char *mailbox;                /* UTF-8 */
    mla_str raw_mailbox;                /* or as LIST gave it */
    const mla_credentials *credentials; /* kept for each log-in; NULL: a CREDENTIALS event asks */
    uint32_t ask;       /* != 0: a CREDENTIALS event asks before each further log-in, too */
    uint32_t no_watch;  /* != 0: neither IDLE nor NOOP by itself: news come when the caller asks */
    uint32_t poll_ms;   /* NOOP so often where the server has no IDLE: 60,000 */
    uint32_t first_ms;  /* the wait after the first failure, at most: 2,000 ... */
    uint32_t max_ms;    /* ... which doubles with each failure, up to this: 300,000 */
    uint32_t tries_max; /* so many failures in a row are the end: never */
    uint64_t seed;      /* of the waits' jitter: a random one */
    /* What was stored of this mailbox of this user at this server, and of no other: its messages
     * are known already, and what has happened since is told. Copied. NULL: nothing is known */
    const mla_imap_keep_state *state;
} mla_imap_keep_args;

enum {
    /* The mailbox is open and everything that was missed has been told. */
    MLA_KEEP_EV_ONLINE = 1,
    /* There is no connection any more, or there could be none; another try follows by itself. */
    MLA_KEEP_EV_OFFLINE = 2,
    /* Messages, by their UIDs: mla_imap_keep_event_news(). Whatever is told of was true when the
     * event came; the flags of those new or changed are in the view. */
    MLA_KEEP_EV_GONE = 3,
    MLA_KEEP_EV_NEW = 4,
    MLA_KEEP_EV_CHANGED = 5, /* other flags */
    /* All UIDs told so far mean nothing any more (error says why); NEW events follow. */
    MLA_KEEP_EV_VOID = 6,
    /* An event of the session, as it came: mla_imap_keep_event_imap(). */
    MLA_KEEP_EV_IMAP = 7,
    /* Nothing goes on before mla_imap_keep_set_credentials(). */
    MLA_KEEP_EV_CREDENTIALS = 8,
    /* The end; error 0 after mla_imap_keep_close(). Nothing will be tried any more. */
    MLA_KEEP_EV_OVER = 9
};

/* How it was found out what had been missed. */
enum {
    MLA_KEEP_BY_LISTING = 0,   /* nothing was known before: all messages are NEW */
    MLA_KEEP_BY_QRESYNC = 1,   /* the server said it (RFC 7162 section 3.2.5) */
    MLA_KEEP_BY_CONDSTORE = 2, /* what has changed was asked for (RFC 7162 section 3.1.4.1) */
    MLA_KEEP_BY_COMPARING = 3  /* all flags were fetched */
};

/* ONLINE, OFFLINE, VOID, CREDENTIALS, OVER. */
typedef struct mla_imap_keep_line {
    uint32_t struct_size;
    int32_t error;    /* OFFLINE, OVER: why, MLA_E_*. VOID: MLA_E_STATE: UIDVALIDITY is another one;
                         MLA_E_NOMEM: what was known had to be forgotten. CREDENTIALS: MLA_E_AUTH:
                         the last ones were refused */
    uint32_t reason;  /* MLA_REASON_* of the server; _NOT_FOUND: the mailbox is gone */
    uint32_t how;     /* ONLINE: MLA_KEEP_BY_* */
    uint32_t tries;   /* OFFLINE, OVER: failures in a row */
    uint32_t exists;  /* ONLINE: messages in the mailbox */
    uint64_t wait_ms; /* OFFLINE: until the next try */
    uint64_t gone;    /* ONLINE: how many messages were told of since it was last online ... */
    uint64_t fresh;   /* ... as new ... */
    uint64_t changed; /* ... and with other flags */
    const char *text; /* error in words, with what the server said; "" where there is none */
    uint32_t is_first; /* ONLINE: for the first time */
    uint32_t reserved;
} mla_imap_keep_line;

/* GONE, NEW, CHANGED. */
typedef struct mla_imap_keep_news {
    uint32_t struct_size;
    uint32_t is_missed; /* it happened while there was no connection, or may have */
    const mla_range *ranges;
    size_t range_count;
    uint64_t messages; /* in all ranges */
} mla_imap_keep_news;

#ifdef __cplusplus
}
#endif

#endif
