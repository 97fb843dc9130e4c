/* deliver.h - messages on their way to disk: one is written, up to 128 wait to be made durable
 * together, and then they are named, recorded in the journal, and reported.
 *
 * The order is what makes a run that is cut at any point harmless: first the octets are synced,
 * then the file gets its name, then the folder is synced, then the journal. A crash in between
 * leaves a whole file that the journal does not know; it comes again, is found to be equal, and is
 * adopted.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include "cli.h"
#include "journal.h"
#include "set.h"
#include "sha256.h"
#include "store.h"

enum { DELIVER_BATCH = 128, DELIVER_ID_SIZE = 256 };

/* What is said about a message when it is complete. */
struct message {
    char id[DELIVER_ID_SIZE]; /* a plain file name without its ending */
    uint32_t uid;             /* IMAP */
    uint32_t number;          /* POP3 */
    const char *uidl;         /* POP3; lives as long as the listing. NULL: none */
    uint32_t flags;           /* MLA_IMAP_FLAG_*, for Maildir */
};

struct waiting {
    struct store_file file;
    struct message message;
    char sha256[65]; /* or "-" */
};

/* Base names of the files that a Maildir held when it was opened. */
struct maildir_files {
    char **name; /* "cur/BASE:2,S" */
    size_t count, room;
};

struct deliver {
    struct cli *cli;
    struct store root;
    struct journal *journal;
    int is_maildir;
    int is_fresh; /* nothing was delivered here before this run */
    int wants_sha256;
    int is_failed; /* something could not be written, and that was said */
    /* The mailbox that is written now. */
    struct store box, tmp, new_, cur;
    struct maildir_files files;
    char source[2048];
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

/* 1 when an earlier message of that ID has the very octets that were written now. */
int deliver_has_equal(const struct deliver *d, const char *id);

/* One message: open, write ..., then either done or drop. Writing opens by itself. */
int deliver_open(struct deliver *d);
int deliver_write(struct deliver *d, const void *data, size_t len);
int deliver_done(struct deliver *d, const struct message *m);
void deliver_drop(struct deliver *d);

/* Makes everything durable that waits. */
int deliver_flush(struct deliver *d);

#endif
