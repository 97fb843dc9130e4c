/* pop3_list.h - status and list of a POP3 maildrop. */
#ifndef POP3_LIST_H
#define POP3_LIST_H

#include "connect.h"

/* 0 or an exit status. */
int pop3_status(struct conn *k);
int pop3_list(struct conn *k);

#endif
