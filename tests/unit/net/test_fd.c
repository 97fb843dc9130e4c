/* test_fd.c - lib/net/fd */
#include "net/fd.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void assert_prepared(int fd)
{
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

static void pipes_neither_block_nor_leak(void **state)
{
    char c;
    int fds[2];

    (void)state;
    assert_int_equal(fd_pipe(fds), 0);
    assert_prepared(fds[0]);
    assert_prepared(fds[1]);
    assert_int_equal(read(fds[0], &c, 1), -1);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(read(fds[0], &c, 1), 1);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fd_prepare(fds[0]), 0);
    assert_prepared(fds[0]);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(fd_prepare(fds[0]), EBADF);
}

static void sets_tell_who_is_ready(void **state)
{
    int ready[4];
    int a[2];
    int b[2];
    int set = fd_set_new();

    (void)state;
    assert_true(set >= 0);
    assert_true((fcntl(set, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(fd_pipe(a), 0);
    assert_int_equal(fd_pipe(b), 0);
    assert_int_equal(fd_set_add(set, a[0], FD_SET_READ), 0);
    assert_int_equal(fd_set_add(set, b[0], FD_SET_READ), 0);
    assert_int_equal(fd_set_ready(set, ready, 4), 0);
    assert_int_equal(write(b[1], "x", 1), 1);
    assert_int_equal(fd_set_ready(set, ready, 4), 1);
    assert_int_equal(ready[0], b[0]);
    assert_int_equal(fd_set_add(set, a[1], FD_SET_WRITE), 0);
    assert_int_equal(fd_set_ready(set, ready, 4), 2);
    assert_int_equal(fd_set_ready(set, ready, 1), 1);
    fd_set_remove(set, b[0], FD_SET_READ);
    assert_int_equal(fd_set_ready(set, ready, 4), 1);
    assert_int_equal(ready[0], a[1]);
    /* what is closed has left */
    close(a[1]);
    close(a[0]);
    assert_int_equal(fd_set_ready(set, ready, 4), 0);
    close(b[0]);
    close(b[1]);
    close(set);
    assert_int_not_equal(fd_set_add(set, 0, FD_SET_READ), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pipes_neither_block_nor_leak),
        cmocka_unit_test(sets_tell_who_is_ready),
    };

    return cmocka_run_group_tests_name("net/fd", tests, NULL, NULL);
}
