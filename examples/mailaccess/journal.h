/* journal.h - what has been downloaded: DIR/.mailaccess, one line of text a message.
 *
 * Lines are only ever appended, each with a checksum of its own. A line that was cut off by a crash
 * at the end of the file is dropped when the journal is opened; a damaged line elsewhere is passed
 * over, so its message counts as new. While a journal is open it is locked against other
 * processes.
 *
 *     1b7c0e4f got imap:alice@example.org:INBOX 1700000000-17 1700000000-17.eml 2345 9f86d0...
 *
 * The words are: checksum (CRC-32 of what follows it), "got", the source, the ID, the file, its
 * size, its SHA-256 or "-". Octets that could end a word are written %XX. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "store.h"

struct journal_entry {
    const char *source; /* whose mail: protocol, user, host and mailbox */
    const char *id;     /* of the message within the source */
    const char *file;   /* relative to the folder */
    uint64_t size;
    const char *sha256; /* 64 digits, or "-" */
};

struct journal;

/* Opens, reads and locks. 0, EWOULDBLOCK when another process has it, EINVAL when the file is none
 * of ours, or another errno. */
int journal_open(struct journal **out_j, const struct store *dir);
void journal_close(struct journal *j);

/* Looks a message up: 1 and *out (borrowed until the next journal_add()), else 0. */
int journal_find(const struct journal *j, const char *source, const char *id,
                 struct journal_entry *out);
/* 1 when some message is recorded under that file name. */
int journal_has_file(const struct journal *j, const char *file);
/* Appends a record; it is durable after journal_sync(). 0 or an errno. */
int journal_add(struct journal *j, const struct journal_entry *e);
int journal_sync(struct journal *j);
/* How many records there are, and how many damaged lines were passed over. */
size_t journal_count(const struct journal *j);
size_t journal_damaged(const struct journal *j);

#endif
