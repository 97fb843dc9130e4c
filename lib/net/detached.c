/* detached.c - see detached.h */
#include "net/detached.h"

#include "base/mem.h"
#include "net/fd.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

int detached_start(void *(*run)(void *arg), void *arg)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all;
    sigset_t old;
    int rc = pthread_attr_init(&attr);

    if (rc != 0)
        return rc;
    rc = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    /* The process's signal handlers must not run on a thread that nobody knows of. */
    sigfillset(&all);
    if (rc == 0)
        rc = pthread_sigmask(SIG_SETMASK, &all, &old);
    if (rc == 0) {
        rc = pthread_create(&thread, &attr, run, arg);
        pthread_sigmask(SIG_SETMASK, &old, NULL);
    }
    pthread_attr_destroy(&attr);
    return rc;
}

void detached_tell(int fd)
{
    while (write(fd, "", 1) < 0 && errno == EINTR)
        ;
}

/* It is the C library's memory, since the thread may outlive the session and its allocator. */
struct detached {
    struct errand *errand;
    atomic_int refs;
    atomic_int back;
    int fds[2];
    int set; /* of fds[0] and what is watched besides; -1: none */
};

void detached_drop(struct detached *d)
{
    if (d == NULL || atomic_fetch_sub(&d->refs, 1) != 1)
        return;
    errand_drop(d->errand);
    close(d->fds[0]);
    close(d->fds[1]);
    if (d->set >= 0)
        close(d->set);
    mem_free(mem_default(), d);
}

static void *send_run(void *arg)
{
    struct detached *d = arg;

    d->errand->run(d->errand);
    atomic_store(&d->back, 1);
    detached_tell(d->fds[1]); /* the pipe is empty, so one octet always fits */
    detached_drop(d);
    return NULL;
}

int detached_send(struct errand *x, struct detached **out)
{
    struct detached *d = mem_zero(mem_default(), sizeof *d);
    int rc;

    if (d == NULL)
        return ENOMEM;
    rc = fd_pipe(d->fds);
    if (rc != 0) {
        mem_free(mem_default(), d);
        return rc;
    }
    errand_keep(x);
    d->errand = x;
    d->set = -1;
    atomic_init(&d->refs, 2);
    atomic_init(&d->back, 0);
    rc = detached_start(send_run, d);
    if (rc != 0) {
        atomic_store(&d->refs, 1);
        detached_drop(d);
        return rc;
    }
    *out = d;
    return 0;
}

void detached_watch(struct detached *d, int fd)
{
    if (d->set >= 0 || (d->set = fd_set_new()) < 0)
        return;
    if (fd_set_add(d->set, d->fds[0], FD_SET_READ) == 0 && fd_set_add(d->set, fd, FD_SET_READ) == 0)
        return;
    close(d->set);
    d->set = -1;
}

int detached_fd(const struct detached *d)
{
    return d->set >= 0 ? d->set : d->fds[0];
}

int detached_is_back(const struct detached *d)
{
    return atomic_load(&d->back);
}

const struct errand *detached_errand(const struct detached *d)
{
    return d->errand;
}
