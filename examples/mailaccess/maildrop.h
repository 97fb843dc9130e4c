/* maildrop.h - the messages of a POP3 maildrop: LIST and UIDL joined by number. */
#ifndef MAILDROP_H
#define MAILDROP_H

#include "connect.h"

struct maildrop_item {
    uint32_t number;
    uint64_t size; /* a hint of the server's */
    char *uidl;    /* NUL-terminated; NULL: the server said none */
};

struct maildrop {
    struct maildrop_item *item; /* ascending by number */
    size_t count, room;
};

/* 0 or an exit status. maildrop_free() is due in both cases. A server without UIDL is no error. */
int maildrop_read(struct conn *k, struct maildrop *m);
void maildrop_free(struct maildrop *m);
/* By UIDL. 0; EXIT_DATA after a line on stderr when there is none, or more than one. */
int maildrop_find(const struct maildrop *m, const char *uidl, const struct maildrop_item **out);

#endif
