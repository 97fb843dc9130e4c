/* secret.c - where the password comes from. */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"

static void wipe(void *p, size_t n)
{
    volatile unsigned char *v = p; /* volatile: the compiler may not leave it out */

    while (n-- > 0)
        *v++ = 0;
}

void secret_wipe(struct secret *s)
{
    if (s->text != NULL)
        wipe(s->text, SECRET_MAX + 1);
    free(s->text);
    s->text = NULL;
    s->len = 0;
}

/* Reads the first line from fd into a buffer that never moves, so that no copy is left behind. */
static int read_line(struct secret *s, int fd, const char *from)
{
    s->len = 0;
    s->text = calloc(1, SECRET_MAX + 1);
    if (s->text == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    while (s->len < SECRET_MAX && memchr(s->text, '\n', s->len) == NULL) {
        ssize_t n = read(fd, s->text + s->len, SECRET_MAX - s->len);

        if (n < 0 && errno == EINTR && !cli_stopped())
            continue;
        if (n < 0) {
            int err = errno;

            secret_wipe(s);
            return cli_fail_file(err == EINTR ? EXIT_TRY_AGAIN : EXIT_IO, "read", from, err);
        }
        if (n == 0)
            break;
        s->len += (size_t)n;
    }
    if (memchr(s->text, '\n', s->len) != NULL)
        s->len = (size_t)((char *)memchr(s->text, '\n', s->len) - s->text);
    else if (s->len == SECRET_MAX) {
        secret_wipe(s);
        return cli_fail(EXIT_USAGE, "the password from %s is too long", from);
    }
    if (s->len > 0 && s->text[s->len - 1] == '\r')
        s->len--;
    s->text[s->len] = 0;
    if (strlen(s->text) != s->len) {
        secret_wipe(s);
        return cli_fail(EXIT_USAGE, "the password from %s holds a NUL", from);
    }
    return 0;
}

int secret_from_file(struct secret *s, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

    s->text = NULL;
    if (fd < 0)
        return cli_fail_file(EXIT_NO_INPUT, "open", path, errno);
    rc = read_line(s, fd, path);
    close(fd);
    return rc;
}

int secret_from_env(struct secret *s, const char *name)
{
    const char *value = getenv(name);

    s->text = NULL;
    if (value == NULL)
        return cli_fail(EXIT_USAGE, "%s is not in the environment", name);
    s->len = strlen(value);
    if (s->len > SECRET_MAX)
        return cli_fail(EXIT_USAGE, "the password in %s is too long", name);
    s->text = calloc(1, SECRET_MAX + 1);
    if (s->text == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    memcpy(s->text, value, s->len);
    return 0;
}

static int child_result(pid_t pid, const char *command)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return cli_fail(EXIT_INTERNAL, "cannot wait for %s: %s", command, strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    /* SIGPIPE: it had more to say than the one line that was wanted. */
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        return 0;
    return cli_fail(EXIT_NO_PERMISSION, "the password command failed: %s (status %d)", command,
                    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int secret_from_command(struct secret *s, const char *command)
{
    int pipe_fd[2], rc, child_rc;
    pid_t pid;

    s->text = NULL;
    if (pipe(pipe_fd) != 0)
        return cli_fail(EXIT_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    pid = fork();
    if (pid < 0) {
        close(pipe_fd[0]);
        close(pipe_fd[1]);
        return cli_fail(EXIT_INTERNAL, "cannot start %s: %s", command, strerror(errno));
    }
    if (pid == 0) {
        if (dup2(pipe_fd[1], STDOUT_FILENO) >= 0) {
            close(pipe_fd[0]);
            if (pipe_fd[1] != STDOUT_FILENO)
                close(pipe_fd[1]);
            execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        }
        _exit(127);
    }
    close(pipe_fd[1]);
    rc = read_line(s, pipe_fd[0], "the password command");
    close(pipe_fd[0]);
    child_rc = child_result(pid, command);
    if (rc == 0 && child_rc != 0) {
        secret_wipe(s);
        rc = child_rc;
    }
    return rc;
}

int secret_from_terminal(struct secret *s, const char *user, const char *host)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), rc;
    struct termios old, quiet;
    char prompt[512];
    size_t len;

    s->text = NULL;
    if (fd < 0 || tcgetattr(fd, &old) != 0) {
        if (fd >= 0)
            close(fd);
        return cli_fail(EXIT_USAGE, "no password: there is no terminal to ask on; use "
                                    "--password-file, --password-env or --password-command");
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    out_visible_copy(prompt, 200, user, strlen(user));
    len = strlen(prompt);
    prompt[len++] = '@';
    out_visible_copy(prompt + len, 200, host, strlen(host));
    if (write(fd, "Password for ", 13) != 13 || write(fd, prompt, strlen(prompt)) < 0 ||
        write(fd, ": ", 2) != 2 || tcsetattr(fd, TCSAFLUSH, &quiet) != 0) {
        rc = cli_fail(EXIT_IO, "cannot ask for the password: %s", strerror(errno));
    } else {
        /* A signal ends the read (its handler sets cli_stopped()), so the echo comes back. */
        rc = read_line(s, fd, "the terminal");
        (void)tcsetattr(fd, TCSAFLUSH, &old);
        if (write(fd, "\n", 1) != 1 && rc == 0)
            rc = cli_fail(EXIT_IO, "cannot write to the terminal: %s", strerror(errno));
    }
    close(fd);
    return rc;
}
