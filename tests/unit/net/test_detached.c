/* test_detached.c - lib/net/detached */
#include "net/detached.h"

#include "net/fd.h"
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

struct seen {
    int fds[2];
    sigset_t blocked;
};

static void *look(void *arg)
{
    struct seen *s = arg;

    pthread_sigmask(SIG_SETMASK, NULL, &s->blocked);
    detached_tell(s->fds[1]);
    return NULL;
}

/* A handler of the program's must never run on a thread that it knows nothing of. */
static void threads_take_no_signals(void **state)
{
    struct seen s;
    struct pollfd ready = {.events = POLLIN};
    sigset_t mine;
    char c;

    (void)state;
    assert_int_equal(fd_pipe(s.fds), 0);
    assert_int_equal(detached_start(look, &s), 0);
    ready.fd = s.fds[0];
    assert_int_equal(poll(&ready, 1, 10000), 1);
    assert_int_equal(read(s.fds[0], &c, 1), 1);
    assert_int_equal(sigismember(&s.blocked, SIGTERM), 1);
    assert_int_equal(sigismember(&s.blocked, SIGALRM), 1);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    assert_int_equal(sigismember(&mine, SIGTERM), 0);
    assert_int_equal(sigismember(&mine, SIGALRM), 0);
    close(s.fds[0]);
    close(s.fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_take_no_signals),
    };

    return cmocka_run_group_tests_name("net/detached", tests, NULL, NULL);
}
