#include "test.h"

#include "imap/engine.h"

#include <stdio.h>

/* Which flags commands have; see the tables in cmd_*.c. */
enum {
    FETCH = CMD_FETCHES | CMD_READS | CMD_SEQS,
    UID_FETCH = CMD_FETCHES | CMD_READS | CMD_MAY_EXPUNGE,
    SEEN_FETCH = UID_FETCH | CMD_WRITES,
    SEARCH = CMD_SEARCHES | CMD_READS | CMD_SEQS,
    UID_SEARCH = CMD_SEARCHES | CMD_READS | CMD_MAY_EXPUNGE,
    STORE = CMD_FETCHES | CMD_WRITES | CMD_SEQS,
    UID_STORE = CMD_FETCHES | CMD_WRITES | CMD_MAY_EXPUNGE,
    COPY = CMD_COPYUID | CMD_MAY_EXPUNGE | CMD_SEQS,
    NOOP = CMD_MAY_EXPUNGE,
    LIST = CMD_MAY_EXPUNGE | CMD_LISTS,
    STATUS = CMD_MAY_EXPUNGE | CMD_STATUS,
    EXPUNGE = CMD_MAY_EXPUNGE | CMD_WRITES | CMD_READS,
    SELECT = CMD_SELECTS,
    CLOSE = CMD_ALONE | CMD_BOX,
    ENABLE = CMD_ENABLES,
    NON_ASCII = CMD_SELECTS | CMD_TEXT,
    COMPRESS = CMD_LAST
};

/* RFC 9051 section 5.5, pair by pair: the first is under way, may the second be sent? */
static void pairs(void **state)
{
    static const struct {
        uint32_t under;
        uint32_t next;
        int may;
    } rows[] = {
        {FETCH, FETCH, 1},
        {UID_FETCH, UID_FETCH, 1},
        {UID_FETCH, LIST, 1},
        {UID_FETCH, NOOP, 1},
        {FETCH, NOOP, 1},
        {NOOP, STATUS, 1},
        {STATUS, STATUS, 1},
        {STORE, STORE, 1},
        {SEEN_FETCH, UID_STORE, 0},
        {NOOP, FETCH, 0}, /* FETCH + NOOP + STORE is the RFC's own example */
        {NOOP, STORE, 0},
        {COPY, FETCH, 0},
        {UID_FETCH, FETCH, 0},
        {UID_SEARCH, FETCH, 0},
        {UID_STORE, COPY, 0},
        {LIST, SEARCH, 0},
        {SEARCH, STORE, 0}, /* what SEARCH finds would depend on who is first */
        {STORE, SEARCH, 0},
        {UID_STORE, UID_FETCH, 0},
        {SEEN_FETCH, UID_SEARCH, 0},
        {UID_SEARCH, UID_SEARCH, 0},
        /* RFC 4731 section 3.1: ESEARCH says whose it is */
        {UID_SEARCH | CMD_TAGGED, UID_SEARCH | CMD_TAGGED, 1},
        {UID_SEARCH | CMD_TAGGED, UID_SEARCH, 0},
        {UID_SEARCH, UID_SEARCH | CMD_TAGGED, 0},
        {UID_SEARCH | CMD_TAGGED, UID_SEARCH | CMD_TAGGED | CMD_BY_NUMBER, 0},
        {UID_SEARCH | CMD_TAGGED, UID_SEARCH | CMD_TAGGED | CMD_SORTS, 0},
        {LIST, LIST, 0},
        {EXPUNGE, UID_FETCH, 0},
        {UID_STORE, EXPUNGE, 0},
        {NOOP, SELECT, 1},
        {LIST, SELECT, 1},
        {SELECT, LIST, 1},
        {SELECT, CMD_BOX | UID_FETCH, 1}, /* when SELECT fails nothing is selected: no harm */
        {SELECT, CMD_BOX | UID_SEARCH, 1},
        {SELECT, CMD_BOX | SEEN_FETCH, 0},
        {SELECT, CMD_BOX | UID_STORE, 0},
        {SELECT, CMD_BOX | EXPUNGE, 0},
        {CMD_BOX | UID_FETCH, SELECT, 0},
        {SELECT, SELECT, 0},
        {SELECT, CLOSE, 0},
        {ENABLE, SELECT, 1},
        {ENABLE, NON_ASCII, 0},
        /* RFC 5182 section 2.3; and only looking is done with a result that may be an old one */
        {UID_SEARCH | CMD_SAVES, UID_FETCH | CMD_USES_SAVED, 1},
        {UID_SEARCH | CMD_SAVES, SEEN_FETCH | CMD_USES_SAVED, 0},
        {UID_SEARCH | CMD_SAVES, COPY | CMD_USES_SAVED, 0},
        {COPY | CMD_USES_SAVED, UID_SEARCH | CMD_SAVES, 0},
        {COPY, UID_SEARCH | CMD_SAVES, 1},
        {UID_FETCH, COMPRESS, 1}, /* RFC 4978 section 3: nothing behind it */
        {COMPRESS, NOOP, 0},
        {ENABLE, COMPRESS, 1},
        {CLOSE, COMPRESS, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (imap_queue_may_overlap(rows[i].under, rows[i].next) != rows[i].may)
            fail_msg("pair %zu", i);
}

static const uint8_t *sent(struct imap_engine *e, size_t *n)
{
    static uint8_t text[1 << 17];
    const uint8_t *p;
    size_t len;

    *n = 0;
    while (outq_peek(&e->port.out, &p, &len, NULL)) {
        memcpy(text + *n, p, len);
        *n += len;
        outq_sent(&e->port.out, len);
    }
    text[*n] = '\0';
    return text;
}

static void receive(struct imap_engine *e, const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        uint8_t *p;
        size_t n;

        assert_int_equal(inbuf_room(&e->port.in, &p, &n), 0);
        if (n > len)
            n = len;
        memcpy(p, text, n);
        engine_got(&e->port, n);
        text += n;
        len -= n;
    }
}

static void drain(struct imap_engine *e)
{
    const struct mla_imap_event *ev;

    while (imap_engine_next(e, &ev) == 1)
        assert_true(imap_queue_sane(e));
    assert_true(imap_queue_sane(e));
}

static void start(struct imap_engine *e, const struct mem *mem)
{
    static struct imap_opts o; /* the engine borrows it */
    uint64_t t;

    memset(&o, 0, sizeof o);
    o.in_first = 4096;
    o.response_max = 1 << 20;
    o.inline_max = 65536;
    o.queue_max = 100000;
    o.words_max = 100;
    o.event_max = 1 << 20;
    o.depth_max = 64;
    o.tag_prefix = "T";
    assert_int_equal(imap_engine_init(e, mem, &o), 0);
    assert_int_equal(imap_engine_start(e, IMAP_SECURITY_NONE, "h", 1, &t), 0);
    assert_int_equal(e->port.ops->connected(&e->port), 0);
    receive(e, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
    drain(e);
}

static void bounds_what_is_under_way(void **state)
{
    struct imap_engine e;
    mla_error err = {0};
    uint64_t t;
    size_t n;
    char answer[64];

    (void)state;
    start(&e, mem_default());
    for (int i = 0; i < 50; i++)
        assert_int_equal(imap_cmd_noop(&e, &t, &err), 0);
    sent(&e, &n);
    assert_int_equal(e.queue.flight, QUEUE_FLIGHT_MAX);
    snprintf(answer, sizeof answer, "T1 OK done\r\n");
    receive(&e, answer);
    drain(&e);
    assert_int_equal(e.queue.flight, QUEUE_FLIGHT_MAX);
    assert_string_equal((const char *)sent(&e, &n), "T21 NOOP\r\n");
    imap_engine_free(&e);
}

static void bounds_what_is_held(void **state)
{
    struct imap_engine e;
    mla_error err = {0};
    mla_imap_append_args a;
    uint8_t *data = calloc(1, 60000);
    uint64_t t;

    (void)state;
    start(&e, mem_default());
    memset(data, 'x', 60000);
    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.mailbox = "Box";
    a.data = data;
    a.size = 60000;
    assert_int_equal(imap_cmd_append(&e, &a, &t, &err), 0);
    assert_int_equal(imap_cmd_append(&e, &a, &t, &err), MLA_E_LIMIT);
    a.borrow = 1; /* the caller's memory does not count */
    memset(&err, 0, sizeof err);
    assert_int_equal(imap_cmd_append(&e, &a, &t, &err), 0);
    free(data);
    imap_engine_free(&e);
}

/* A large message goes into the output as it drains, never at once. */
static void feeds_large_messages_slowly(void **state)
{
    struct imap_engine e;
    mla_error err = {0};
    mla_imap_append_args a;
    size_t size = 1 << 20;
    uint8_t *data = malloc(size);
    size_t total = 0;
    uint64_t t;
    size_t n;

    (void)state;
    start(&e, mem_default());
    memset(data, 'x', size);
    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.mailbox = "Box";
    a.data = data;
    a.size = size;
    a.borrow = 1;
    assert_int_equal(imap_cmd_append(&e, &a, &t, &err), 0);
    assert_string_equal((const char *)sent(&e, &n), "T1 APPEND \"Box\" {1048576}\r\n");
    drain(&e);
    assert_int_equal(e.port.out.held, 0); /* P20 */
    receive(&e, "+ go\r\n");
    drain(&e);
    while (e.port.out.held > 0) {
        assert_true(e.port.out.held <= QUEUE_OUT_ROOM + 2);
        sent(&e, &n);
        total += n;
        drain(&e);
    }
    assert_int_equal(total, size + 2);
    free(data);
    imap_engine_free(&e);
}

/* A long set of UIDs is several commands under one ticket. */
static void splits_long_sets(void **state)
{
    struct imap_engine e;
    mla_error err = {0};
    mla_imap_fetch_args a;
    mla_range *r = calloc(3000, sizeof *r);
    const struct mla_imap_event *ev;
    const char *text;
    uint64_t select;
    uint64_t t;
    mla_imap_select_args s;
    size_t n;
    int lines = 0;
    int result = -1;

    (void)state;
    start(&e, mem_default());
    memset(&s, 0, sizeof s);
    s.struct_size = sizeof s;
    s.mailbox = "INBOX";
    assert_int_equal(imap_cmd_select(&e, &s, &select, &err), 0);
    sent(&e, &n);
    receive(&e, "* 5 EXISTS\r\nT1 OK\r\n");
    drain(&e);
    for (uint32_t i = 0; i < 3000; i++)
        r[i].first = r[i].last = 1000000 + i * 2;
    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.items = MLA_IMAP_ITEM_FLAGS;
    a.ranges = r;
    a.range_count = 3000;
    assert_int_equal(imap_cmd_fetch(&e, &a, &t, &err), 0);
    while ((text = (const char *)sent(&e, &n)), n != 0) {
        char answer[32];

        assert_true(n <= ENC_LINE_MAX);
        lines++;
        snprintf(answer, sizeof answer, "T%d OK\r\n", lines + 1);
        receive(&e, answer);
        while (imap_engine_next(&e, &ev) == 1)
            assert_true(ev->ticket == t && ev->type == MLA_IMAP_EV_DONE);
    }
    (void)text;
    assert_int_equal(lines, 4);
    assert_int_equal(imap_engine_result(&e, t, &result), 1);
    assert_int_equal(result, 0);
    free(r);
    imap_engine_free(&e);
}

/* Results are known however late they are asked for; very old failures are not made successes. */
static void remembers_results(void **state)
{
    struct imap_engine e;
    mla_error err = {0};
    uint64_t first = 0;
    uint64_t t = 0;
    int result;
    size_t n;

    (void)state;
    start(&e, mem_default());
    for (int i = 0; i < IMAP_FAILURES + 1; i++) {
        char answer[32];

        assert_int_equal(imap_cmd_noop(&e, &t, &err), 0);
        if (i == 0)
            first = t;
        assert_int_equal(imap_engine_result(&e, t, &result), 0);
        sent(&e, &n);
        snprintf(answer, sizeof answer, "T%d NO\r\n", i + 1);
        receive(&e, answer);
        drain(&e);
    }
    assert_int_equal(imap_engine_result(&e, t, &result), 1);
    assert_int_equal(result, MLA_E_NO);
    assert_int_equal(imap_engine_result(&e, first, &result), MLA_E_ARG);
    assert_int_equal(imap_engine_result(&e, first + 1, &result), 1);
    assert_int_equal(result, MLA_E_NO);
    assert_int_equal(imap_engine_result(&e, t + 1, &result), MLA_E_ARG);
    assert_int_equal(imap_engine_result(&e, 0, &result), MLA_E_ARG);
    imap_engine_free(&e);
}

/* T10: tags differ from session to session. */
static void tags_cannot_be_guessed(void **state)
{
    struct imap_opts o;
    char seen[8][IMAP_TAG_PREFIX];
    int differ = 0;

    (void)state;
    memset(&o, 0, sizeof o);
    o.in_first = o.response_max = o.queue_max = o.event_max = 4096;
    for (int i = 0; i < 8; i++) {
        struct imap_engine e;

        assert_int_equal(imap_engine_init(&e, mem_default(), &o), 0);
        memcpy(seen[i], e.tag_prefix, sizeof seen[i]);
        assert_true(seen[i][0] >= 'A' && seen[i][0] <= 'Z');
        assert_int_equal(strlen(seen[i]), 4);
        differ += i > 0 && strcmp(seen[i], seen[0]) != 0;
        imap_engine_free(&e);
    }
    assert_true(differ > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(bounds_what_is_under_way),
        cmocka_unit_test(bounds_what_is_held),
        cmocka_unit_test(feeds_large_messages_slowly),
        cmocka_unit_test(splits_long_sets),
        cmocka_unit_test(remembers_results),
        cmocka_unit_test(tags_cannot_be_guessed),
    };

    return cmocka_run_group_tests_name("imap/queue", tests, NULL, NULL);
}
