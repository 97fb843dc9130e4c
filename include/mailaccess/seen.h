/* seen.h - what has been collected, remembered in a file.
 *
 *     mla_seen_file_open(NULL, "/home/alice/mail/.seen", &f, &err);
 *     mla_seen_file_store(f, "pop3:alice@mail.example.org", &store);
 *     ... mla_collect_new() with store (collect.h) ...
 *     mla_seen_file_close(f);
 *
 * The file is text, one change a line, and is only ever appended to:
 *
 *     mailaccess journal 1
 *     5d41402a seen pop3:alice@mail.example.org 000001 first=1700000000 size=2345 octets=2345
 *     7d793037 gone pop3:alice@mail.example.org 000001
 *
 * (the first of the two goes on with header= and note=). In front is a checksum, the CRC-32 of what
 * follows it in the line; octets that could end a word are written %XX. A line that was cut off at
 * the end, as by a power failure, is dropped when the file is opened; a damaged one elsewhere is
 * passed over and counted, and then its message is new again. When most lines are history the file
 * is written anew under a name of its own, made durable and renamed over the old one. While it is
 * open, no other process can open it.
 *
 * Everything is also in memory, about 200 octets a message. A file and its stores are for one
 * thread at a time. */
#ifndef MAILACCESS_SEEN_H
#define MAILACCESS_SEEN_H

#include "config.h"
#include "seen_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_seen_file mla_seen_file;

/* Opens, locks and reads the file, and makes it, mode 0600, when it is not there; its folder must
 * be. cfg: whose allocator is used, NULL for the C library's; it is frozen and held. path is UTF-8
 * or whatever the system takes; a link in its place is not followed. *out_f is yours until
 * mla_seen_file_close(), NULL on failure. 0, or
 *   MLA_E_BUSY    another process has it open (or this one)
 *   MLA_E_SYNTAX  it is not such a file; it was not touched
 *   MLA_E_IO      the system's error is in out_err->sys_code
 *   MLA_E_ARG, MLA_E_NOMEM
 * *out_err says more; it may be NULL. */
MLA_API int mla_seen_file_open(mla_config *cfg, const char *path, mla_seen_file **out_f,
                               mla_error *out_err);

/* Closes the file and frees everything, the stores included. What was not committed may be lost.
 * NULL is accepted. */
MLA_API void mla_seen_file_close(mla_seen_file *f);

/* The store of one source within the file: any text, at most 2,048 octets, the same for the same
 * maildrop each time. *out_store is filled; what its user points to is borrowed from f until
 * mla_seen_file_close(). Its functions return MLA_E_IO when the file cannot be written
 * (mla_seen_file_error() says why): nothing is lost then, the next commit tries again. 0,
 * MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_seen_file_store(mla_seen_file *f, const char *source, mla_seen_store *out_store);

/* 1 when a record of any source has this note (NUL-terminated, not empty), else 0. */
MLA_API int mla_seen_file_has_note(const mla_seen_file *f, const char *note);

/* How many records there are, of all sources. */
MLA_API uint64_t mla_seen_file_count(const mla_seen_file *f);
/* How many damaged lines were passed over when the file was opened. */
MLA_API uint64_t mla_seen_file_damaged(const mla_seen_file *f);
/* Copies what the last failed call has to say; code 0 when there was none. */
MLA_API void mla_seen_file_error(const mla_seen_file *f, mla_error *out_err);

/* Commits, and writes the file anew with its records alone. It happens by itself when it is worth
 * it. 0, MLA_E_IO (the old file stays as it is), MLA_E_NOMEM. */
MLA_API int mla_seen_file_compact(mla_seen_file *f);

#ifdef __cplusplus
}
#endif

#endif
