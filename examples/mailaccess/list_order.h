/* list_order.h - list --sort and --thread: the order is the server's. */
#ifndef LIST_ORDER_H
#define LIST_ORDER_H

#include "connect.h"

/* One message of a list. */
struct list_place {
    uint32_t uid;    /* 0: a message that the mailbox does not have, but its children */
    uint32_t depth;  /* --thread: 0 at the top */
    uint32_t parent; /* --thread: the UID of the one above, or 0 */
};

struct list_order {
    struct list_place *places;
    size_t count, room;
};

/* Is --sort something that can be sorted by? 0, or an exit status after a line on stderr. */
int list_order_check(const struct cli *c);
/* Asks for all that the words (search keys) find, in order. 0; -1: the server cannot, which was
 * said on stderr; or an exit status. list_order_free() is due in all cases. */
int list_order_ask(struct conn *k, char **words, int count, struct list_order *out);
void list_order_free(struct list_order *o);
/* Prints the messages in that order. 0 or an exit status. */
int list_order_print(struct conn *k, const struct list_order *o);

/* In cmd_list.c. What a list shows of each message: a record with only items and struct_size set;
 * and one line. place: NULL without --thread. */
void list_items(const struct conn *k, mla_imap_fetch_args *out);
void list_message(struct out *o, const mla_imap_fetch *f, const struct list_place *place);

#endif
