/* deliver.h - messages on their way to disk: one is written, up to 128 wait to be made durable
 * together, and then they are named, recorded as seen, and reported.
 *
 * The order is what makes a run that is cut at any point harmless: first the octets are synced,
 * then the file gets its name, then the folder is synced, then it is recorded. A crash in between
 * leaves a whole file that is not recorded; it comes again, is found to be equal, and is
 * adopted.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include <mailaccess/collect.h>
#include <mailaccess/seen.h>

#include "cli.h"
#include "set.h"
#include "sha256.h"
#include "store.h"

enum { DELIVER_BATCH = 128, DELIVER_ID_SIZE = 256, DELIVER_UIDL_SIZE = 520 };
/* Room for an ID, "~N", ":2,DFRST" or ".eml". */
enum { DELIVER_FILE_SIZE = DELIVER_ID_SIZE + 24 };

/* What is said about a message when it is complete. */
struct message {
    char id[DELIVER_ID_SIZE];     /* a plain file name without its ending */
    uint32_t uid;                 /* IMAP */
    uint32_t number;              /* POP3 */
    char uidl[DELIVER_UIDL_SIZE]; /* POP3; "": none */
    uint32_t flags;               /* MLA_IMAP_FLAG_*, for Maildir */
};

struct waiting {
    struct store_file file;
    struct message message;
    char sha256[65];                     /* or "-" */
    char recorded_as[DELIVER_FILE_SIZE]; /* once it has its name */
};

/* Base names of the files that a Maildir held when it was opened. */
struct maildir_files {
    char **name; /* "cur/BASE:2,S" */
    size_t count, room;
};

struct deliver {
    struct cli *cli;
    struct store root;
    mla_seen_file *seen;
    mla_seen_store store; /* of the mailbox that is written now */
    mla_collect *collect; /* POP3: who records what is stored; NULL: we do */
    int is_maildir;
    int is_fresh; /* nothing was delivered here before this run */
    int wants_sha256;
    int is_failed; /* something could not be written, and that was said */
    /* The mailbox that is written now. */
    struct store box, tmp, new_, cur;
    struct maildir_files files;
    char prefix[256]; /* "" or "FOLDER/" */
    /* The message that is written now. */
    struct store_file file;
    int is_open;
    struct sha256 sha;
    struct waiting waiting[DELIVER_BATCH];
    size_t waiting_count;
    uint64_t waiting_octets;
    /* UIDs or message numbers that are safe on disk, in the order in which they became so. */
    struct set safe;
};

/* Opens --to and its journal. 0 or an exit status after a line on stderr, as all of these;
 * deliver_end() is due in both cases. */
int deliver_begin(struct deliver *d, struct cli *c);
void deliver_end(struct deliver *d);

/* From here on messages belong to source ("imap:user@host:INBOX") and go to a folder of --to, NULL
 * for --to itself. */
int deliver_box(struct deliver *d, const char *source, const char *folder);

/* 1 when the message was delivered by an earlier run; *out_there says whether its file is still
 * where it was put. */
int deliver_known(const struct deliver *d, const char *id, int *out_there);

/* Whether the file of a record with that note is still where it was put. */
int deliver_has(const struct deliver *d, mla_str note);

/* One message: open, write ..., then either done or drop. Writing opens by itself. */
int deliver_open(struct deliver *d);
int deliver_write(struct deliver *d, const void *data, size_t len);
int deliver_done(struct deliver *d, const struct message *m);
void deliver_drop(struct deliver *d);

/* Makes everything durable that waits. */
int deliver_flush(struct deliver *d);

/* An exit status when the record of what was downloaded could not be written, else 0. */
int deliver_record_failed(struct deliver *d);

#endif
