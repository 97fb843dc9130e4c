/* delete.h - removing messages of the selected mailbox, and no others. */
#ifndef DELETE_H
#define DELETE_H

#include "connect.h"

/* Flags these UIDs \Deleted and expunges exactly them. Without UIDPLUS that is only possible when
 * no other message is flagged so; then they are left flagged, and a warning says it. 0 or an exit
 * status. */
int delete_uids(struct conn *k, const mla_range *ranges, size_t count);

#endif
