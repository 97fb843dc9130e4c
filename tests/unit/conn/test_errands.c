/* test_errands.c - lib/conn/errands, lib/net/detached */
#include "conn/errands.h"

#include "test.h"

#include <poll.h>
#include <unistd.h>

/* An errand that lasts until the test lets it go. */
struct job {
    struct errand errand;
    int gate[2];
    int *ran;
    atomic_int *ended;
};

static void job_run(struct errand *of)
{
    struct job *j = (struct job *)(void *)of;
    char c;

    assert_int_equal(read(j->gate[0], &c, 1), 1);
    *j->ran = 1;
}

static void job_end(struct errand *of)
{
    struct job *j = (struct job *)(void *)of;
    atomic_int *ended = j->ended;

    close(j->gate[0]);
    close(j->gate[1]);
    test_free(j);
    atomic_store(ended, 1);
}

static struct job *job_new(int *ran, atomic_int *ended)
{
    struct job *j = test_malloc(sizeof *j);

    errand_init(&j->errand, job_run, job_end, "somebody");
    assert_int_equal(pipe(j->gate), 0);
    j->ran = ran;
    j->ended = ended;
    *ran = 0;
    atomic_init(ended, 0);
    return j;
}

static int done;

static int on_done(struct engine *e)
{
    done++;
    engine_errand(e, NULL);
    return 0;
}

static const struct engine_ops ops = {.errand_done = on_done};

static void engine_begin(struct engine *e)
{
    static const struct pace_limits limits = {.silence_ms = 30000};

    engine_init(e, &ops, mem_default(), 1024, 4096, 4096, &limits);
    e->now_ms = 1000;
    done = 0;
}

static void wait_ended(atomic_int *ended)
{
    for (int i = 0; i < 1000 && !atomic_load(ended); i++)
        poll(NULL, 0, 10);
    assert_int_equal(atomic_load(ended), 1);
}

/* Turns end at once while the errand is under way; its end makes the descriptor readable. */
static void nothing_waits(void **state)
{
    struct errands x = {NULL, NULL};
    struct engine e;
    struct pollfd p = {.events = POLLIN};
    mla_error err = {0};
    atomic_int ended;
    struct job *j;
    int moved = 0;
    int ran;

    (void)state;
    engine_begin(&e);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_null(x.way);
    assert_int_equal(engine_deadline(&e), UINT64_MAX);
    j = job_new(&ran, &ended);
    engine_errand(&e, &j->errand);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_int_equal(moved, 1);
    assert_non_null(x.way);
    assert_int_equal(engine_deadline(&e), 31000);
    moved = 0;
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_int_equal(moved + done, 0);
    p.fd = detached_fd(x.way);
    assert_int_equal(poll(&p, 1, 0), 0);
    assert_int_equal(write(j->gate[1], "", 1), 1);
    assert_int_equal(poll(&p, 1, 10000), 1);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_int_equal(moved, 1);
    assert_int_equal(done, 1);
    assert_int_equal(ran, 1);
    assert_null(x.way);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0); /* two of them before anybody looks */
    assert_int_equal(poll(&p, 1, 0), 1);                     /* nobody else got its number */
    assert_int_equal(p.revents, POLLIN);
    errands_seen(&x);
    assert_null(x.old);
    errand_drop(&j->errand);
    wait_ended(&ended);
    engine_free(&e);
}

/* The session's limit for silence is the errand's too; the call returns when it likes, to nobody.
 */
static void whom_nobody_answers(void **state)
{
    struct errands x = {NULL, NULL};
    struct engine e;
    mla_error err = {0};
    atomic_int ended;
    struct job *j;
    int moved = 0;
    int gate;
    int ran;

    (void)state;
    engine_begin(&e);
    j = job_new(&ran, &ended);
    engine_errand(&e, &j->errand);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    e.now_ms = 30999;
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    e.now_ms = 31000;
    assert_int_equal(errands_turn(&x, &e, &moved, &err), MLA_E_DEADLINE);
    assert_string_equal(err.message, "somebody has not answered for 30 s");
    gate = dup(j->gate[1]);
    errand_drop(&j->errand);
    errands_drop(&x);
    engine_free(&e);
    assert_int_equal(done + atomic_load(&ended), 0); /* it is the thread's alone now */
    assert_int_equal(write(gate, "", 1), 1);
    wait_ended(&ended);
    assert_int_equal(ran, 1);
    close(gate);
}

/* An engine that does not want it any more has another one, or none. */
static void one_that_is_not_wanted_any_more(void **state)
{
    struct errands x = {NULL, NULL};
    struct engine e;
    mla_error err = {0};
    atomic_int ended[2];
    struct job *j[2];
    int gate[2];
    int moved = 0;
    int ran[2];

    (void)state;
    engine_begin(&e);
    for (int i = 0; i < 2; i++) {
        j[i] = job_new(&ran[i], &ended[i]);
        gate[i] = dup(j[i]->gate[1]);
        engine_errand(&e, &j[i]->errand);
        assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
        assert_ptr_equal(detached_errand(x.way), &j[i]->errand);
        errand_drop(&j[i]->errand);
    }
    engine_errand(&e, NULL);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_null(x.way);
    errands_drop(&x);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(write(gate[i], "", 1), 1);
        wait_ended(&ended[i]);
        close(gate[i]);
    }
    assert_int_equal(done, 0);
    engine_free(&e);
}

/* One descriptor for both: the call's end, and what comes from elsewhere. */
static void something_else_to_watch(void **state)
{
    struct errands x = {NULL, NULL};
    struct engine e;
    struct pollfd p = {.events = POLLIN};
    mla_error err = {0};
    atomic_int ended;
    struct job *j;
    int moved = 0;
    int line[2];
    char c;
    int ran;

    (void)state;
    engine_begin(&e);
    assert_int_equal(pipe(line), 0);
    j = job_new(&ran, &ended);
    engine_errand(&e, &j->errand);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    detached_watch(x.way, line[0]);
    p.fd = detached_fd(x.way);
    assert_int_equal(poll(&p, 1, 0), 0);
    assert_int_equal(write(line[1], "x", 1), 1);
    assert_int_equal(poll(&p, 1, 1000), 1);
    assert_int_equal(read(line[0], &c, 1), 1);
    assert_int_equal(poll(&p, 1, 0), 0);
    assert_int_equal(write(j->gate[1], "", 1), 1);
    assert_int_equal(poll(&p, 1, 10000), 1);
    close(line[0]);
    close(line[1]);
    assert_int_equal(errands_turn(&x, &e, &moved, &err), 0);
    assert_int_equal(done, 1);
    errand_drop(&j->errand);
    errands_drop(&x);
    wait_ended(&ended);
    engine_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_waits),
        cmocka_unit_test(whom_nobody_answers),
        cmocka_unit_test(something_else_to_watch),
        cmocka_unit_test(one_that_is_not_wanted_any_more),
    };

    return cmocka_run_group_tests_name("conn/errands", tests, NULL, NULL);
}
