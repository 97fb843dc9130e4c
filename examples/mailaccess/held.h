/* held.h - one message in memory, from a server or from a file. */
#ifndef HELD_H
#define HELD_H

#include <stddef.h>
#include <stdint.h>

#include "connect.h"

/* A message held in memory: all zero but for most to begin with. */
struct held {
    uint8_t *data;
    size_t len, room;
    uint64_t most;
    int is_too_large;
    int is_mapped; /* data is the file itself */
};

/* The body of one message. 0, or an exit status after a line on stderr. held_free() is due in both
 * cases. Of a message larger than most the rest is passed over: is_too_large. */
int held_fetch_imap(struct conn *k, struct held *h, uint32_t uid);
int held_fetch_pop3(struct conn *k, struct held *h, const char *uidl);
/* A file, or standard input where path is "-". The same; a file is not read but mapped, and then
 * most counts for nothing. */
int held_file(struct held *h, const char *path);
void held_free(struct held *h);

#endif
