/* tunnel.h - --tunnel and --unix: a connected socket instead of TCP. */
#ifndef TUNNEL_H
#define TUNNEL_H

#include <sys/types.h>

/* Runs a command by the shell; its input and output are the other end of *out_fd. 0, or an exit
 * status after a line on stderr. */
int tunnel_start(const char *command, int *out_fd, pid_t *out_pid);
/* Connects to a Unix socket. */
int tunnel_unix(const char *path, int *out_fd);
void tunnel_close(int fd);
/* Its socket is closed: waits a moment for the command to end, then ends it. What waitpid() said of
 * it; 0 when it was ended. pid 0: no tunnel. */
int tunnel_wait(pid_t pid);

#endif
