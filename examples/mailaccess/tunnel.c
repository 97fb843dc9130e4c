/* tunnel.c - --tunnel and --unix. */
#include "tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

static void close_on_exec(int fd)
{
    int flags = fcntl(fd, F_GETFD);

    if (flags >= 0)
        (void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

int tunnel_start(const char *command, int *out_fd, pid_t *out_pid)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return cli_fail(EXIT_INTERNAL, "cannot make a socket pair: %s", strerror(errno));
    pid = fork();
    if (pid < 0) {
        close(pair[0]);
        close(pair[1]);
        return cli_fail(EXIT_UNAVAILABLE, "cannot start the tunnel: %s", strerror(errno));
    }
    if (pid == 0) {
        if (dup2(pair[1], STDIN_FILENO) >= 0 && dup2(pair[1], STDOUT_FILENO) >= 0) {
            close(pair[0]);
            if (pair[1] > STDERR_FILENO)
                close(pair[1]);
            execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        }
        _exit(127);
    }
    close(pair[1]);
    close_on_exec(pair[0]);
    *out_fd = pair[0];
    *out_pid = pid;
    return 0;
}

int tunnel_unix(const char *path, int *out_fd)
{
    struct sockaddr_un address;
    int fd;

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address.sun_path)
        return cli_fail(EXIT_USAGE, "--unix: the path is too long");
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return cli_fail(EXIT_INTERNAL, "cannot make a socket: %s", strerror(errno));
    close_on_exec(fd);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int err = errno;

        close(fd);
        return cli_fail_file(EXIT_UNAVAILABLE, "connect to", path, err);
    }
    *out_fd = fd;
    return 0;
}

void tunnel_close(int fd)
{
    close(fd);
}

int tunnel_wait(pid_t pid)
{
    const struct timespec moment = {0, 20000000};
    int status = 0;

    if (pid <= 0)
        return 0;
    for (int i = 0; i < 100; i++) {
        if (waitpid(pid, &status, WNOHANG) != 0)
            return i <= 50 ? status : 0;
        if (i == 50)
            (void)kill(pid, SIGTERM);
        (void)nanosleep(&moment, NULL);
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    return 0;
}
