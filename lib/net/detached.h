/* detached.h - a thread that is never waited for: what may block is asked on one. */
#ifndef MLA_NET_DETACHED_H
#define MLA_NET_DETACHED_H

/* Runs run(arg) on a thread of its own, in which every signal is blocked. It may outlive whoever
 * starts it, so what arg points to must be its own, or shared by count. 0 or an errno value; then
 * nothing runs. */
int detached_start(void *(*run)(void *arg), void *arg);

/* Makes the reading end of a pipe readable. The pipe must have room. */
void detached_tell(int fd);

#endif
