#include "test.h"

#include "imap/enc.h"
#include "imap/resp_read.h"
#include "imap/state.h"

static struct imap_state box;

static int setup(void **state)
{
    (void)state;
    imap_state_init(&box, mem_default());
    return imap_state_begin(&box, imap_str("INBOX"), 0, 0);
}

static int teardown(void **state)
{
    (void)state;
    imap_state_clear(&box);
    return 0;
}

static int number(int32_t type, uint32_t n)
{
    struct mla_imap_event ev;

    memset(&ev, 0, sizeof ev);
    ev.type = type;
    ev.number = n;
    return imap_state_apply(&box, &ev);
}

static int fetch(uint32_t seq, uint32_t uid)
{
    struct mla_imap_event ev;
    mla_imap_fetch f;

    memset(&ev, 0, sizeof ev);
    memset(&f, 0, sizeof f);
    f.seq = seq;
    f.uid = uid;
    f.fields = uid != 0 ? MLA_IMAP_ITEM_UID : 0;
    ev.type = MLA_IMAP_EV_FETCH;
    ev.fetch = &f;
    return imap_state_apply(&box, &ev);
}

/* FETCH (UID uid FLAGS (word)), what is 0 or NULL left out. */
static int fetch_flags(uint32_t seq, uint32_t uid, const char *word)
{
    mla_str words[1] = {{word, word != NULL ? strlen(word) : 0}};
    struct mla_imap_event ev;
    mla_imap_fetch f;

    memset(&ev, 0, sizeof ev);
    memset(&f, 0, sizeof f);
    f.seq = seq;
    f.uid = uid;
    f.fields = uid != 0 ? MLA_IMAP_ITEM_UID : 0;
    f.fields |= word != NULL ? MLA_IMAP_ITEM_FLAGS : 0;
    f.flags = word != NULL ? imap_flag_of(words[0]) : 0;
    f.words = words;
    f.word_count = 1;
    ev.type = MLA_IMAP_EV_FETCH;
    ev.fetch = &f;
    return imap_state_apply(&box, &ev);
}

/* The flags that are known of a message, or -1. */
static int flags(uint32_t seq)
{
    struct msgmap_row row;
    const mla_str *words;
    uint32_t count;

    msgmap_row(&box.map, seq, &row);
    if (row.flags == 0)
        return -1;
    return (int)flagbook_words(&box.flags, (uint32_t)row.flags, &words, &count);
}

static void vanished(uint32_t first, uint32_t last, uint32_t earlier)
{
    const mla_range r = {first, last};
    struct mla_imap_event ev;
    mla_imap_search v;

    memset(&ev, 0, sizeof ev);
    memset(&v, 0, sizeof v);
    v.ranges = &r;
    v.range_count = 1;
    v.is_earlier = earlier;
    ev.type = MLA_IMAP_EV_VANISHED;
    ev.search = &v;
    assert_int_equal(imap_state_apply(&box, &ev), 0);
    assert_true(imap_state_sane(&box));
}

static void code(uint32_t id, uint64_t n)
{
    mla_imap_code c;

    memset(&c, 0, sizeof c);
    c.id = id;
    c.number = n;
    imap_state_code(&box, &c);
}

static void counts_messages(void **state)
{
    (void)state;
    assert_true(imap_state_has(&box, 7)); /* nothing is known yet */
    assert_false(imap_state_has(&box, 0));
    assert_int_equal(number(MLA_IMAP_EV_EXISTS, 3), 0);
    assert_true(imap_state_has(&box, 3));
    assert_false(imap_state_has(&box, 4));
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 2), 0);
    assert_int_equal(box.exists, 2);
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 3), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 0), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(fetch(3, 9), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(fetch(2, 9), 0);
    assert_int_equal(box.exists, 2);
}

/* P04: numbers move at once. The map is compared with a plain array. */
static void maps_numbers_to_uids(void **state)
{
    uint32_t plain[65] = {0};
    uint32_t count = 64;
    uint32_t seed = 7;

    (void)state;
    number(MLA_IMAP_EV_EXISTS, count);
    for (uint32_t i = 1; i <= count; i++)
        plain[i] = i <= 20 ? i * 2 : i <= 40 ? i + 30 : i * 2 + 10;
    for (uint32_t i = 0; i < count; i++) { /* in any order */
        uint32_t seq = i * 27 % 64 + 1;

        assert_int_equal(fetch(seq, plain[seq]), 0);
        assert_true(imap_state_sane(&box));
    }
    while (count > 0) {
        uint32_t gone;

        for (uint32_t i = 1; i <= count; i++)
            assert_int_equal(imap_state_uid(&box, i), plain[i]);
        seed = seed * 1103515245 + 12345;
        gone = seed / 65536 % count + 1;
        assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, gone), 0);
        assert_true(imap_state_sane(&box));
        memmove(plain + gone, plain + gone + 1, (count - gone) * sizeof *plain);
        count--;
    }
    assert_int_equal(imap_state_uid(&box, 1), 0);
}

static void keeps_runs_not_messages(void **state) /* M08 */
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, UINT32_MAX);
    for (uint32_t i = 1; i <= 10000; i++)
        fetch(i, i + 500);
    assert_int_equal(box.map.block_count, 1);
    assert_int_equal(imap_state_uid(&box, 10000), 10500);
    assert_true(imap_state_sane(&box));
    number(MLA_IMAP_EV_EXPUNGE, 4000000000);
    assert_int_equal(box.exists, UINT32_MAX - 1);
    assert_true(imap_state_sane(&box));
}

static void forgets_what_is_contradicted(void **state)
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, 9);
    fetch(1, 10);
    fetch(2, 11);
    fetch(2, 50);
    assert_int_equal(imap_state_uid(&box, 1), 0);
    assert_int_equal(imap_state_uid(&box, 2), 50);
    number(MLA_IMAP_EV_EXISTS, 5); /* fewer without EXPUNGE */
    assert_int_equal(imap_state_uid(&box, 2), 0);
    fetch(2, 50);
    code(MLA_IMAP_CODE_UIDVALIDITY, 1);
    assert_int_equal(imap_state_uid(&box, 2), 50);
    code(MLA_IMAP_CODE_UIDVALIDITY, 2); /* P08 */
    assert_int_equal(imap_state_uid(&box, 2), 0);
    assert_int_equal(box.uidvalidity, 2);
    fetch(3, 0);
    assert_int_equal(imap_state_uid(&box, 3), 0);
}

static void reads_codes(void **state)
{
    const mla_str words[] = {{"\\seen", 5}, {"$Work", 5}, {"\\*", 2}, {"\\Weird", 6}};
    mla_imap_code c;

    (void)state;
    assert_int_equal(box.permanent_flags, 95); /* all, where the server does not say */
    memset(&c, 0, sizeof c);
    c.id = MLA_IMAP_CODE_PERMANENTFLAGS;
    c.words = words;
    c.word_count = 4;
    imap_state_code(&box, &c);
    assert_int_equal(box.permanent_flags,
                     MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_ANY | MLA_IMAP_FLAG_KEYWORDS);
    code(MLA_IMAP_CODE_READ_ONLY, 0);
    assert_true(box.read_only);
    code(MLA_IMAP_CODE_READ_WRITE, 0);
    assert_false(box.read_only);
    code(MLA_IMAP_CODE_UIDNOTSTICKY, 0);
    assert_true(box.uid_not_sticky);
    code(MLA_IMAP_CODE_UIDNEXT, 77);
    code(MLA_IMAP_CODE_UIDNEXT, (uint64_t)UINT32_MAX + 5); /* never cut to fit */
    assert_int_equal(box.uidnext, 77);
    code(MLA_IMAP_CODE_APPENDUID, 3);
    assert_int_equal(box.uidvalidity, 0);
}

static void follows_flags(void **state)
{
    const mla_str words[] = {{"\\Seen", 5}, {"$Work", 5}};
    struct mla_imap_event ev;
    mla_range ranges[] = {{30, 31}, {40, 0}};
    struct imap_set set = {ranges, 1};

    (void)state;
    number(MLA_IMAP_EV_EXISTS, 5);
    for (uint32_t i = 1; i <= 5; i++)
        fetch_flags(i, i * 10, "\\Seen");
    fetch_flags(2, 0, "$Work");
    assert_int_equal(flags(1), MLA_IMAP_FLAG_SEEN);
    assert_int_equal(flags(2), MLA_IMAP_FLAG_KEYWORDS);
    number(MLA_IMAP_EV_EXPUNGE, 1);
    assert_int_equal(flags(1), MLA_IMAP_FLAG_KEYWORDS);
    assert_int_equal(flags(5), -1);
    imap_state_seen(&box, 1, 0); /* may be \Seen now */
    imap_state_seen(&box, 0, 30);
    assert_int_equal(flags(1), -1);
    assert_int_equal(flags(2), MLA_IMAP_FLAG_SEEN);
    imap_state_flags_lost(&box, &set, 1); /* UIDs 20, 30, 40, 50 are there */
    assert_int_equal(flags(2), -1);
    assert_int_equal(flags(3), MLA_IMAP_FLAG_SEEN);
    set.count = 2;
    imap_state_flags_lost(&box, &set, 1);
    assert_int_equal(flags(3), -1);
    assert_int_equal(flags(4), -1);
    for (uint32_t i = 1; i <= 4; i++)
        fetch_flags(i, 0, "\\Draft");
    ranges[0].first = ranges[0].last = 2;
    imap_state_flags_lost(&box, &set, 0); /* 2 and, of "40:*", the last one */
    assert_int_equal(flags(1), MLA_IMAP_FLAG_DRAFT);
    assert_int_equal(flags(2), -1);
    assert_int_equal(flags(3), MLA_IMAP_FLAG_DRAFT);
    assert_int_equal(flags(4), -1);
    imap_state_flags_lost(&box, NULL, 0);
    assert_int_equal(flags(1), -1);
    memset(&ev, 0, sizeof ev);
    ev.type = MLA_IMAP_EV_FLAGS;
    ev.words = words;
    ev.word_count = 2;
    imap_state_apply(&box, &ev);
    assert_int_equal(box.flag_words.count, 2);
    assert_memory_equal(box.flag_words.words[1].ptr, "$Work", 5);
    ev.word_count = 0;
    imap_state_apply(&box, &ev);
    assert_null(box.flag_words.words);
}

/* RFC 7162 section 3.2.10. */
static void follows_vanished(void **state)
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, 6);
    for (uint32_t i = 1; i <= 6; i++)
        fetch(i, i * 10);
    vanished(30, 30, 1); /* EARLIER: about none of these */
    assert_int_equal(box.exists, 6);
    vanished(50, 50, 0);
    vanished(30, 30, 0);
    assert_int_equal(box.exists, 4);
    assert_int_equal(imap_state_uid(&box, 3), 40);
    assert_int_equal(imap_state_uid(&box, 4), 60);
    vanished(30, 30, 0); /* is not there any more */
    assert_int_equal(box.exists, 4);
    number(MLA_IMAP_EV_EXISTS, 9);
    vanished(61, 63, 0); /* of five whose UIDs are not known */
    assert_int_equal(box.exists, 6);
    vanished(1, UINT32_MAX, 0);
    assert_int_equal(box.exists, 0);
    assert_int_equal(box.map.forgets, 0);
}

/* RFC 9586: the map has only what is known. */
static void lives_without_numbers(void **state)
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, 3);
    fetch(1, 10);
    imap_state_uid_only(&box);
    assert_int_equal(box.map.count, 0);
    assert_int_equal(fetch_flags(0, 30, "\\Seen"), 0);
    assert_int_equal(fetch_flags(0, 10, "\\Draft"), 0);
    imap_state_uid_only(&box); /* is so already */
    assert_int_equal(box.map.count, 2);
    assert_int_equal(box.exists, 3);
    assert_int_equal(flags(msgmap_seq(&box.map, 10)), MLA_IMAP_FLAG_DRAFT);
    imap_state_seen(&box, 0, 10);
    assert_int_equal(flags(msgmap_seq(&box.map, 10)), -1);
    vanished(10, 11, 0);
    assert_int_equal(box.exists, 1);
    assert_int_equal(box.map.count, 1);
    assert_int_equal(msgmap_seq(&box.map, 30), 1);
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 1), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(fetch(0, 0), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    code(MLA_IMAP_CODE_UIDVALIDITY, 1);
    code(MLA_IMAP_CODE_UIDVALIDITY, 2);
    assert_int_equal(box.map.count, 0);
}

static void follows_mod_sequences(void **state)
{
    struct mla_imap_event ev;
    mla_imap_fetch f;

    (void)state;
    number(MLA_IMAP_EV_EXISTS, 3);
    code(MLA_IMAP_CODE_HIGHESTMODSEQ, 700);
    memset(&ev, 0, sizeof ev);
    memset(&f, 0, sizeof f);
    f.seq = 2;
    f.modseq = 710;
    f.fields = MLA_IMAP_ITEM_MODSEQ;
    ev.type = MLA_IMAP_EV_FETCH;
    ev.fetch = &f;
    imap_state_apply(&box, &ev);
    assert_int_equal(box.highestmodseq, 700);
    assert_int_equal(box.modseq_seen, 710);
    assert_int_equal(box.map.known[MSGMAP_MODSEQ], 1);
    code(MLA_IMAP_CODE_NOMODSEQ, 0);
    assert_true(box.no_modseq);
    assert_int_equal(box.highestmodseq, 0);
    code(MLA_IMAP_CODE_UIDNEXT, 50);
    fetch(3, 49);
    assert_int_equal(box.uidnext, 50);
    fetch(3, 49);
    number(MLA_IMAP_EV_EXISTS, 4);
    fetch(4, 60);
    assert_int_equal(box.uidnext, 61);
}

/* P32, and names as LIST gave them. */
static void begins_anew(void **state)
{
    const mla_str raw = {"caf&AOk-", 8};

    (void)state;
    number(MLA_IMAP_EV_EXISTS, 9);
    imap_state_forget(&box);
    assert_false(box.has_exists);
    assert_string_equal(box.name, "INBOX");
    assert_int_equal(imap_state_begin(&box, raw, 1, 0), 0);
    assert_string_equal(box.name, "caf\xc3\xa9");
    assert_string_equal(box.raw, "caf&AOk-");
    imap_state_forget(&box);
    assert_string_equal(box.raw, "caf&AOk-");
}

static void survives_no_memory(void **state)
{
    const mla_str raw = {"caf&AOk-", 8};

    (void)state;
    for (size_t n = 1; n < 12; n++) {
        struct fail_mem f;
        struct imap_state s;

        fail_mem_init(&f, n, 1);
        imap_state_init(&s, &f.mem);
        if (imap_state_begin(&s, raw, 1, 0) == 0)
            msgmap_resize(&s.map, 1);
        assert_true(imap_state_sane(&s));
        imap_state_clear(&s);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(maps_numbers_to_uids, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_runs_not_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_what_is_contradicted, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_codes, setup, teardown),
        cmocka_unit_test_setup_teardown(begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(follows_flags, setup, teardown),
        cmocka_unit_test_setup_teardown(follows_vanished, setup, teardown),
        cmocka_unit_test_setup_teardown(lives_without_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(follows_mod_sequences, setup, teardown),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("imap/state", tests, NULL, NULL);
}
