/* test_resolve.c - lib/net/resolve */
#include "net/resolve.h"
#include "test.h"

#include <poll.h>

#include <netinet/in.h>

static int wait_for_result(struct resolve_job *job, struct resolve_address *out, mla_error *err)
{
    struct pollfd p = {resolve_fd(job), POLLIN, 0};

    assert_int_equal(poll(&p, 1, 20000), 1);
    return resolve_result(job, out, err);
}

static void addresses_need_no_thread(void **state)
{
    struct resolve_address a;
    char text[RESOLVE_TEXT];

    (void)state;
    assert_int_equal(resolve_numeric("127.0.0.1", 143, &a), 1);
    assert_int_equal(a.addr.ss_family, AF_INET);
    assert_int_equal(((struct sockaddr_in *)&a.addr)->sin_port, htons(143));
    resolve_text(&a, text);
    assert_string_equal(text, "127.0.0.1");
    assert_int_equal(resolve_numeric("::1", 65535, &a), 1);
    assert_int_equal(a.addr.ss_family, AF_INET6);
    assert_int_equal(((struct sockaddr_in6 *)&a.addr)->sin6_port, htons(65535));
    resolve_text(&a, text);
    assert_string_equal(text, "::1");
    assert_int_equal(resolve_numeric("localhost", 1, &a), 0);
    assert_int_equal(resolve_numeric("127.1", 1, &a), 0);
    assert_int_equal(resolve_numeric("0x7f.1", 1, &a), 0);
    assert_int_equal(resolve_numeric("", 1, &a), 0);
    memset(&a, 0, sizeof a);
    resolve_text(&a, text);
    assert_string_equal(text, "socket");
}

static void names_are_found_on_a_thread(void **state)
{
    struct resolve_address list[RESOLVE_MAX];
    struct resolve_job *job;
    mla_error err = {0};
    int n;

    (void)state;
    assert_int_equal(resolve_start("localhost", 993, &job, &err), 0);
    n = wait_for_result(job, list, &err);
    assert_in_range(n, 1, RESOLVE_MAX);
    /* the families take turns */
    if (n >= 2)
        assert_int_not_equal(list[0].addr.ss_family, list[1].addr.ss_family);
    assert_int_equal(resolve_result(job, list, &err), n);
    resolve_drop(job);
}

static void unknown_names_say_so(void **state)
{
    struct resolve_address list[RESOLVE_MAX];
    struct resolve_job *job;
    mla_error err = {0};

    (void)state;
    assert_int_equal(resolve_start("nothing.invalid", 993, &job, &err), 0);
    assert_int_equal(wait_for_result(job, list, &err), MLA_E_RESOLVE);
    assert_non_null(strstr(err.message, "cannot resolve nothing.invalid: "));
    resolve_drop(job);
}

static void a_job_may_be_given_up_at_any_time(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct resolve_job *job;

        assert_int_equal(resolve_start("localhost", 1, &job, NULL), 0);
        if (i % 2 != 0)
            (void)poll(NULL, 0, 1);
        resolve_drop(job);
    }
    resolve_drop(NULL);
    /* the threads free what is left; LeakSanitizer sees it when they do not */
    (void)poll(NULL, 0, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_need_no_thread),
        cmocka_unit_test(names_are_found_on_a_thread),
        cmocka_unit_test(unknown_names_say_so),
        cmocka_unit_test(a_job_may_be_given_up_at_any_time),
    };

    return cmocka_run_group_tests_name("net/resolve", tests, NULL, NULL);
}
