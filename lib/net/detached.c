/* detached.c - see detached.h */
#include "net/detached.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
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
