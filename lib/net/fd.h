/* fd.h - descriptors that neither block nor pass to a program started meanwhile. */
#ifndef MLA_NET_FD_H
#define MLA_NET_FD_H

/* A pipe, both ends close-on-exec and non-blocking. 0, or errno. */
int fd_pipe(int fds[2]);
/* Makes fd so. 0, or errno. */
int fd_prepare(int fd);

/* Which of some descriptors are ready, behind one descriptor that a caller can watch: epoll on
 * Linux, kqueue on BSD and macOS. */
enum { FD_SET_READ = 1, FD_SET_WRITE = 2 };
/* The set's descriptor, or -1 and errno. */
int fd_set_new(void);
/* 0, or errno. A descriptor that is closed leaves the set by itself. */
int fd_set_add(int set, int fd, int what);
void fd_set_remove(int set, int fd, int what);
/* Without waiting: the descriptors that are ready, at most max of them; their number. */
int fd_set_ready(int set, int *out_fds, int max);

#endif
