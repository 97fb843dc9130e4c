/* Long answers and long sessions: what is held stays small, however the octets come. */
#include "test.h"

#include "imap/engine.h"

#include <stdio.h>

struct session {
    struct imap_engine e;
    struct imap_opts opts;
    uint64_t ticket;
    uint64_t batches;
    uint64_t numbers;
    uint64_t digest;
    uint64_t chunked;
    size_t events;
    int last;
};

static void drain(struct session *s)
{
    const struct mla_imap_event *ev;
    const uint8_t *p;
    size_t n;

    for (;;) {
        while (outq_peek(&s->e.port.out, &p, &n, NULL))
            outq_sent(&s->e.port.out, n);
        if (imap_engine_next(&s->e, &ev) != 1)
            return;
        s->events++;
        if (ev->type == MLA_IMAP_EV_SEARCH) {
            assert_int_equal(ev->ticket, s->ticket);
            assert_int_equal(ev->search->is_uid, 1);
            s->batches++;
            s->digest = s->digest * 31 + ev->search->range_count;
            for (size_t i = 0; i < ev->search->range_count; i++)
                s->numbers += ev->search->ranges[i].last - ev->search->ranges[i].first + 1;
            assert_false(s->last);
            s->last = (int)ev->search->is_last;
        }
        if (ev->type == MLA_IMAP_EV_CHUNK) {
            assert_int_equal(ev->chunk_offset, s->chunked);
            s->chunked += ev->chunk_len;
        }
    }
}

static void receive(struct session *s, const char *text, size_t len, size_t step)
{
    while (len > 0) {
        uint8_t *p;
        size_t n;

        assert_int_equal(inbuf_room(&s->e.port.in, &p, &n), 0);
        n = n < len ? n : len;
        n = n < step ? n : step;
        assert_true(n > 0);
        memcpy(p, text, n);
        engine_got(&s->e.port, n);
        text += n;
        len -= n;
        drain(s);
    }
}

static void say(struct session *s, const char *text)
{
    receive(s, text, strlen(text), SIZE_MAX);
}

static void start(struct session *s, size_t response_max)
{
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    struct imap_opts *o = &s->opts;

    memset(s, 0, sizeof *s);
    o->in_first = 131072;
    o->response_max = response_max;
    o->inline_max = 1000;
    o->queue_max = 100000;
    o->words_max = 100;
    o->event_max = 1 << 20;
    o->depth_max = 64;
    o->tag_prefix = "T";
    assert_int_equal(imap_engine_init(&s->e, mem_default(), o), 0);
    assert_int_equal(imap_engine_start(&s->e, IMAP_SECURITY_NONE, "h", 1, &s->ticket), 0);
    assert_int_equal(s->e.port.ops->connected(&s->e.port), 0);
    say(s, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
    assert_int_equal(imap_cmd_select(&s->e, &box, &s->ticket, NULL), 0);
    drain(s);
    say(s, "* 4000000 EXISTS\r\nT1 OK done\r\n");
}

/* A legal answer about a million messages passes, in little memory (M23; decisions of docs/limits).
 */
static void long_search(size_t count, size_t step, struct session *s)
{
    mla_imap_search_args all = {.struct_size = sizeof all};
    size_t room = count * 9 + 100;
    char *text = malloc(room);
    size_t n;

    start(s, 1 << 20);
    assert_int_equal(imap_cmd_search(&s->e, &all, &s->ticket, NULL), 0);
    drain(s);
    n = (size_t)snprintf(text, room, "* SEARCH");
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, room - n, " %zu", 1000000 + i * 2);
    n += (size_t)snprintf(text + n, room - n, "\r\nT2 OK done\r\n");
    receive(s, text, n, step);
    free(text);
    assert_int_equal(s->e.port.dead, 0);
    assert_int_equal(s->numbers, count);
    assert_int_equal(s->last, 1);
    assert_true(s->e.port.in.cap <= 262144);
    assert_null(s->e.queue.head);
    imap_engine_free(&s->e);
}

static void passes_a_million_numbers(void **state)
{
    static struct session s;

    (void)state;
    long_search(1000000, SIZE_MAX, &s);
    assert_true(s.batches > 100);
}

static void batches_do_not_depend_on_pieces(void **state)
{
    static struct session whole;
    static struct session pieces;

    (void)state;
    for (size_t count = 8000; count < 60000; count = count * 2 + 17) {
        long_search(count, SIZE_MAX, &whole);
        long_search(count, 997, &pieces);
        assert_int_equal(whole.batches, pieces.batches);
        assert_int_equal(whole.digest, pieces.digest);
    }
}

/* 100 MB pass through a buffer of 128 KiB. */
static void streams_large_sections(void **state)
{
    static const mla_range uid = {7, 7};
    static struct session s;
    static char block[100000];
    mla_imap_section_args section = {.struct_size = sizeof section};
    mla_imap_fetch_args fetch = {.struct_size = sizeof fetch, .ranges = &uid, .range_count = 1};

    (void)state;
    fetch.sections = &section;
    fetch.section_count = 1;
    start(&s, 8 << 20);
    assert_int_equal(imap_cmd_fetch(&s.e, &fetch, &s.ticket, NULL), 0);
    drain(&s);
    say(&s, "* 1 FETCH (UID 7 BODY[] {100000000}\r\n");
    memset(block, '\n', sizeof block);
    for (int i = 0; i < 1000; i++)
        receive(&s, block, sizeof block, SIZE_MAX);
    say(&s, ")\r\nT2 OK done\r\n");
    assert_int_equal(s.chunked, 100000000);
    assert_int_equal(s.e.port.in.cap, 131072);
    assert_null(s.e.queue.head);
    imap_engine_free(&s.e);
}

/* M01 and the limit itself: exactly as many octets pass, one more does not. */
static void limits_a_response(void **state)
{
    static struct session s;
    char text[5000];

    (void)state;
    for (size_t over = 0; over < 2; over++) {
        size_t n = 4096 + over;

        start(&s, 4096);
        memset(text, 'a', sizeof text);
        memcpy(text, "* OK ", 5);
        memcpy(text + n - 2, "\r\n", 2);
        receive(&s, text, n, 100);
        assert_int_equal(s.e.port.dead, over == 0 ? 0 : MLA_E_FLOOD);
        imap_engine_free(&s.e);
    }
}

/* M02: lines for ever, constant memory. */
static void forgets_what_was_told(void **state)
{
    static struct session s;
    size_t held;

    (void)state;
    start(&s, 1 << 20);
    say(&s, "* OK still here\r\n");
    held = s.e.port.in.cap;
    for (int i = 0; i < 20000; i++)
        say(&s, "* LIST (\\Noselect) \"/\" {3}\r\nabc\r\n");
    assert_int_equal(s.e.port.in.cap, held);
    assert_true(s.events > 20000);
    imap_engine_free(&s.e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_a_million_numbers),
        cmocka_unit_test(batches_do_not_depend_on_pieces),
        cmocka_unit_test(streams_large_sections),
        cmocka_unit_test(limits_a_response),
        cmocka_unit_test(forgets_what_was_told),
    };

    return cmocka_run_group_tests_name("imap/read", tests, NULL, NULL);
}
