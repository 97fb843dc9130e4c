/* test_event.c - lib/pop3/event */
#include "pop3/event.h"
#include "test.h"

static void a_copy_shares_nothing(void **state)
{
    char buffer[] = "onetwothreefourfivesix";
    mla_pop3_item items[2] = {{.number = 1, .uidl = {buffer, 3}}, {.number = 2, .size = 9}};
    struct mla_pop3_event ev = {.type = MLA_POP3_EV_ITEM, .ticket = 5};
    struct mla_pop3_event *copy;
    struct fail_mem f;

    (void)state;
    ev.items = items;
    ev.item_count = 2;
    ev.chunk = (const uint8_t *)buffer + 3;
    ev.chunk_len = 3;
    ev.done.text = (mla_str){buffer + 6, 5};
    ev.done.code_raw = (mla_str){buffer + 11, 0};
    ev.greeting.text = (mla_str){buffer + 11, 4};
    ev.greeting.stamp = (mla_str){buffer + 15, 4};
    ev.warning.raw = (mla_str){buffer + 19, 3};
    fail_mem_init(&f, 0, 0);
    assert_int_equal(pop3_event_copy(&ev, &f.mem, &copy), 0);
    assert_int_equal(f.held, 1);
    memset(buffer, '#', sizeof buffer);
    memset(items, 0xff, sizeof items);
    assert_int_equal(copy->ticket, 5);
    assert_int_equal(copy->items[0].number, 1);
    assert_memory_equal(copy->items[0].uidl.ptr, "one", 4);
    assert_null(copy->items[1].uidl.ptr);
    assert_true(copy->items[1].size == 9);
    assert_memory_equal(copy->chunk, "two", 3);
    assert_memory_equal(copy->done.text.ptr, "three", 6);
    assert_non_null(copy->done.code_raw.ptr);
    assert_int_equal(copy->done.code_raw.len, 0);
    assert_memory_equal(copy->greeting.text.ptr, "four", 5);
    assert_memory_equal(copy->greeting.stamp.ptr, "five", 5);
    assert_memory_equal(copy->warning.raw.ptr, "six", 4);
    pop3_event_free(copy);
    assert_int_equal(f.held, 0);
    pop3_event_free(NULL);
}

static void a_huge_event_does_not_wrap_M25(void **state)
{
    struct mla_pop3_event ev = {.type = MLA_POP3_EV_CHUNK};
    struct mla_pop3_event *copy = NULL;
    struct fail_mem f;
    uint8_t octet = 0;

    (void)state;
    fail_mem_init(&f, 1, 1);
    ev.chunk = &octet;
    ev.chunk_len = 1;
    assert_int_equal(pop3_event_copy(&ev, &f.mem, &copy), MLA_E_NOMEM);
    f.calls = 0;
    ev.chunk_len = SIZE_MAX - 8;
    assert_int_equal(pop3_event_copy(&ev, &f.mem, &copy), MLA_E_NOMEM);
    assert_int_equal(f.calls, 0);
    assert_null(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_shares_nothing),
        cmocka_unit_test(a_huge_event_does_not_wrap_M25),
    };

    return cmocka_run_group_tests_name("pop3/event", tests, NULL, NULL);
}
