/* test_wait.c - lib/conn/wait */
#include "base/clock.h"
#include "conn/wait.h"
#include "mailaccess/types.h"
#include "net/fd.h"
#include "net/stream.h"
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <sys/time.h>

static int fds[2];
static struct wake *wake;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(fd_pipe(fds), 0);
    return wake_new(mem_default(), &wake);
}

static int tear_down(void **state)
{
    (void)state;
    close(fds[0]);
    close(fds[1]);
    wake_free(wake);
    return 0;
}

static void waits_for_what_is_asked(void **state)
{
    uint64_t now = clock_now_ms();

    (void)state;
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, now), 0);
    assert_int_equal(wait_for(wake, fds[1], STREAM_WRITABLE, now), 1);
    assert_int_equal(wait_for(wake, fds[1], 0, now), 0);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE | STREAM_NOW, CLOCK_NEVER), 1);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, CLOCK_NEVER), 1);
    assert_int_equal(wait_for(wake, fds[0], 0, clock_now_ms() + 10), 0);
    /* a hang-up is news for who wants to read, and for nobody else */
    close(fds[1]);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, CLOCK_NEVER), 1);
    assert_int_equal(wait_for(wake, fds[0], 0, clock_now_ms() + 10), 0);
    fds[1] = dup(fds[0]);
}

static void time_ends_the_wait(void **state)
{
    uint64_t began = clock_now_ms();

    (void)state;
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, began + 60), 0);
    assert_in_range(clock_now_ms() - began, 60, 2000);
    assert_int_equal(wait_for(wake, -1, 0, clock_now_ms() + 20), 0);
}

static void closed_descriptors_are_told(void **state)
{
    int gone = 999; /* a number that nothing opened here gets */

    (void)state;
    assert_int_equal(wait_for(wake, gone, STREAM_READABLE, CLOCK_NEVER), MLA_E_IO);
}

static void waking_up_works_before_and_while(void **state)
{
    (void)state;
    /* before the first wait there is no descriptor yet */
    wake_raise(wake);
    wake_raise(wake);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, CLOCK_NEVER), MLA_E_CANCELLED);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, clock_now_ms() + 5), 0);
    /* and then there is one, which many octets do not block */
    for (int i = 0; i < 100000; i++)
        wake_raise(wake);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, CLOCK_NEVER), MLA_E_CANCELLED);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, clock_now_ms() + 5), 0);
    /* a wait that need not wait is cancelled too */
    wake_raise(wake);
    assert_int_equal(wait_for(wake, fds[0], STREAM_NOW, CLOCK_NEVER), MLA_E_CANCELLED);
    wake_free(NULL);
}

static void *raise_in_a_while(void *arg)
{
    (void)arg;
    (void)poll(NULL, 0, 30);
    wake_raise(wake);
    return NULL;
}

static void another_thread_wakes_up(void **state)
{
    pthread_t t;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pthread_create(&t, NULL, raise_in_a_while, NULL), 0);
        assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, clock_now_ms() + 20000),
                         MLA_E_CANCELLED);
        pthread_join(t, NULL);
    }
}

static void on_alarm(int number)
{
    (void)number;
    wake_raise(wake);
}

static void on_alarm_ignored(int number)
{
    (void)number;
}

static void signals(void (*handler)(int))
{
    struct itimerval soon = {{0, 0}, {0, 20000}};
    struct sigaction act = {.sa_handler = handler};

    assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static void a_signal_handler_may_wake_up(void **state)
{
    uint64_t began = clock_now_ms();

    (void)state;
    signals(on_alarm);
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, began + 20000), MLA_E_CANCELLED);
    /* a signal alone ends nothing */
    signals(on_alarm_ignored);
    began = clock_now_ms();
    assert_int_equal(wait_for(wake, fds[0], STREAM_READABLE, began + 80), 0);
    assert_in_range(clock_now_ms() - began, 80, 5000);
}

static void failing_memory_is_told(void **state)
{
    struct fail_mem f;
    struct wake *w;

    (void)state;
    fail_mem_init(&f, 1, 0);
    assert_int_equal(wake_new(&f.mem, &w), MLA_E_NOMEM);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waits_for_what_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(time_ends_the_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(closed_descriptors_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waking_up_works_before_and_while, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_thread_wakes_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_handler_may_wake_up, set_up, tear_down),
        cmocka_unit_test(failing_memory_is_told),
    };

    return cmocka_run_group_tests_name("conn/wait", tests, NULL, NULL);
}
