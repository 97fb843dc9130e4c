/* fd.c - see fd.h */
#define _GNU_SOURCE /* pipe2() */

#include "net/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/epoll.h>
#else
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#endif

enum { READY_MAX = 32 };

int fd_prepare(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return errno;
    flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) != 0)
        return errno;
    return 0;
}

#if defined(__APPLE__)
int fd_pipe(int fds[2])
{
    int rc;

    if (pipe(fds) != 0)
        return errno;
    rc = fd_prepare(fds[0]);
    if (rc == 0)
        rc = fd_prepare(fds[1]);
    if (rc != 0) {
        close(fds[0]);
        close(fds[1]);
    }
    return rc;
}
#else
int fd_pipe(int fds[2])
{
    return pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : errno;
}
#endif

#if defined(__linux__)
int fd_set_new(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

int fd_set_add(int set, int fd, int what)
{
    struct epoll_event ev;

    memset(&ev, 0, sizeof ev);
    ev.events = what == FD_SET_READ ? EPOLLIN : EPOLLOUT;
    ev.data.fd = fd;
    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &ev) == 0 ? 0 : errno;
}

void fd_set_remove(int set, int fd, int what)
{
    struct epoll_event ev; /* Linux before 2.6.9 wanted one */

    (void)what;
    memset(&ev, 0, sizeof ev);
    (void)epoll_ctl(set, EPOLL_CTL_DEL, fd, &ev);
}

int fd_set_ready(int set, int *out_fds, int max)
{
    struct epoll_event ev[READY_MAX];
    int n = epoll_wait(set, ev, max < READY_MAX ? max : READY_MAX, 0);

    for (int i = 0; i < n; i++)
        out_fds[i] = ev[i].data.fd;
    return n > 0 ? n : 0;
}
#else
int fd_set_new(void)
{
    int set = kqueue();

    if (set >= 0)
        (void)fcntl(set, F_SETFD, FD_CLOEXEC);
    return set;
}

int fd_set_add(int set, int fd, int what)
{
    struct kevent ev;

    EV_SET(&ev, fd, what == FD_SET_READ ? EVFILT_READ : EVFILT_WRITE, EV_ADD, 0, 0, 0);
    return kevent(set, &ev, 1, NULL, 0, NULL) == 0 ? 0 : errno;
}

void fd_set_remove(int set, int fd, int what)
{
    struct kevent ev;

    EV_SET(&ev, fd, what == FD_SET_READ ? EVFILT_READ : EVFILT_WRITE, EV_DELETE, 0, 0, 0);
    (void)kevent(set, &ev, 1, NULL, 0, NULL);
}

int fd_set_ready(int set, int *out_fds, int max)
{
    static const struct timespec at_once;
    struct kevent ev[READY_MAX];
    int n = kevent(set, NULL, 0, ev, max < READY_MAX ? max : READY_MAX, &at_once);

    for (int i = 0; i < n; i++)
        out_fds[i] = (int)ev[i].ident;
    return n > 0 ? n : 0;
}
#endif
