/* test_resp_search.c - lib/imap/resp_search */
#include "reading.h"

static void reads_numbers(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* SEARCH 2 84 882", "SEARCH fields=8 ranges[2,84,882]"),
        OCTETS("* SEARCH", "SEARCH fields=8"),
        OCTETS("* SEARCH ", "SEARCH fields=8"),
        OCTETS("* SEARCH 5", "SEARCH fields=8 ranges[5]"),
        OCTETS("* SEARCH 1 2 3 5 6", "SEARCH fields=8 ranges[1:3,5:6]"),
        OCTETS("* SEARCH 3 2 1", "SEARCH fields=8 ranges[3,2,1]"),
        OCTETS("* SORT 5 3 4 1 2", "SEARCH fields=8 ranges[5,3,4,1,2] sorted"),
        OCTETS("* SORT", "SEARCH fields=8 sorted"),
        OCTETS("* SEARCH 4294967295", "SEARCH fields=8 ranges[4294967295]"),
        OCTETS("* SEARCH 4294967294 4294967295", "SEARCH fields=8 ranges[4294967294:4294967295]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_modseq(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* SEARCH 2 5 (MODSEQ 917162500)", "SEARCH fields=24 modseq=917162500 ranges[2,5]"),
        OCTETS("* SEARCH (MODSEQ 9)", "SEARCH fields=24 modseq=9"),
        OCTETS("* SEARCH 2 (MODSEQ 9223372036854775808)",
               "SEARCH fields=8 ranges[2] warn(1 \"(MODSEQ 9223372036854775808)\")"),
        OCTETS("* SEARCH 2 (X", "SEARCH fields=8 ranges[2] warn(1 \"(X\")"),
        OCTETS("* SEARCH 2 (", "SEARCH fields=8 ranges[2] warn(1 \"(\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_esearch(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (TAG \"A285\") UID MIN 7 MAX 3800",
               "SEARCH uid fields=3 min=7 max=3800 correlator=\"A285\""),
        OCTETS("* ESEARCH (TAG A284) MIN 4", "SEARCH fields=1 min=4 correlator=\"A284\""),
        OCTETS("* ESEARCH (TAG \"A283\") ALL 2,10:11",
               "SEARCH fields=8 ranges[2,10:11] correlator=\"A283\""),
        OCTETS("* ESEARCH (TAG \"A286\") COUNT 17", "SEARCH fields=4 count=17 correlator=\"A286\""),
        OCTETS("* ESEARCH (TAG \"A1\") UID COUNT 4 ALL 1:3,9 MODSEQ 5",
               "SEARCH uid fields=28 count=4 modseq=5 ranges[1:3,9] correlator=\"A1\""),
        OCTETS("* ESEARCH (TAG {2}\r\nA1) UID ALL 5",
               "SEARCH uid fields=8 ranges[5] correlator=\"A1\""),
        OCTETS("* ESEARCH (TAG \"A1\")", "SEARCH fields=0 correlator=\"A1\""),
        /* AOL: no UID */
        OCTETS("* ESEARCH ALL 1:3", "SEARCH fields=8 ranges[1:3]"),
        OCTETS("* ESEARCH", "SEARCH fields=0"),
        OCTETS("* ESEARCH (TAG \"A1\") PARTIAL (1:10 5,7) COUNT 2",
               "SEARCH fields=36 count=2 ranges[5,7] partial=1:10 correlator=\"A1\""),
        OCTETS("* ESEARCH (TAG \"A1\" X (1 2)) COUNT 2",
               "SEARCH fields=4 count=2 correlator=\"A1\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 9394 section 3.1, RFC 5267 section 4.4. */
static void reads_partial(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (TAG \"A01\") UID PARTIAL (-1:-100 7,9:11)",
               "SEARCH uid fields=32 ranges[7,9:11] partial=-1:-100 correlator=\"A01\""),
        OCTETS("* ESEARCH (TAG \"A04\") UID PARTIAL (24000:24500 NIL)",
               "SEARCH uid fields=32 partial=24000:24500 correlator=\"A04\""),
        OCTETS("* ESEARCH PARTIAL (1:2 3) MIN 3", "SEARCH fields=33 min=3 ranges[3] partial=1:2"),
        OCTETS("* ESEARCH PARTIAL (1:2)", "SEARCH fields=32 partial=1:2"),
        OCTETS("* ESEARCH PARTIAL (0:2 3)", "SEARCH fields=0 warn(1 \"PARTIAL (0:2 3)\")"),
        OCTETS("* ESEARCH PARTIAL 3", "SEARCH fields=0 warn(1 \"PARTIAL 3\")"),
        OCTETS("* ESEARCH PARTIAL (1:2 3,x,4",
               "SEARCH fields=32 ranges[3:4] partial=1:2 warn(2 \"x\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 5267 sections 4.3.3 and 4.3.4: what follows in a set stands behind what came before. */
static void reads_changes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (TAG \"B01\") UID ADDTO (0 32768:32769)",
               "SEARCH uid fields=128 +0@32768:32769 correlator=\"B01\""),
        OCTETS("* ESEARCH (TAG \"C01\") UID ADDTO (1 2733 1 2732 1 2731)",
               "SEARCH uid fields=128 +1@2733:2733 +1@2732:2732 +1@2731:2731 correlator=\"C01\""),
        OCTETS("* ESEARCH (TAG \"C01\") UID ADDTO (1 2733) ADDTO (1 2731:2732)",
               "SEARCH uid fields=128 +1@2733:2733 +1@2731:2732 correlator=\"C01\""),
        OCTETS("* ESEARCH (TAG \"C01\") UID ADDTO (3 9:7,5,1)",
               "SEARCH uid fields=128 +3@7:9 +6@5:5 +7@1:1 correlator=\"C01\""),
        OCTETS("* ESEARCH (TAG \"B01\") REMOVEFROM (4 5:6,9 0 1) ADDTO (0 3)",
               "SEARCH fields=384 -4@5:6 -4@9:9 -0@1:1 +0@3:3 correlator=\"B01\""),
        OCTETS("* ESEARCH ADDTO (4294967295 1:4294967295,7)",
               "SEARCH fields=128 +4294967295@1:4294967295 +4294967295@7:7"),
        OCTETS("* ESEARCH ADDTO (x 1 2 0,3)", "SEARCH fields=128 +0@1:1 +2@3:3 warn(2 \"x\")"),
        OCTETS("* ESEARCH ADDTO (1 2", "SEARCH fields=128 +1@2:2 warn(1 \"\")"),
        OCTETS("* ESEARCH ADDTO 1", "SEARCH fields=0 warn(1 \"ADDTO 1\")"),
        OCTETS("* ESEARCH ADDTO ()", "SEARCH fields=128"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 6203 section 4. */
static void reads_scores(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (TAG \"B1\") ALL 1,5,10 RELEVANCY (4 99 42)",
               "SEARCH fields=72 ranges[1,5,10] scores=4,99,42 correlator=\"B1\""),
        OCTETS("* ESEARCH RELEVANCY () COUNT 0", "SEARCH fields=68"),
        OCTETS("* ESEARCH RELEVANCY (1 x 3)", "SEARCH fields=64 scores=1,0,3 warn(2 \"x\")"),
        OCTETS("* ESEARCH RELEVANCY (0,1 5)", "SEARCH fields=64 scores=0,0,5 warn(2 \",1\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 7377 section 2.1. */
static void reads_mailboxes(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* ESEARCH (TAG \"tag1\" MAILBOX \"folder2/banana\" UIDVALIDITY 503) UID ALL 3002,4004",
            "SEARCH uid fields=8 ranges[3002,4004] mailbox=\"folder2/banana\" "
            "raw-mailbox=\"folder2/banana\" uidvalidity=503 correlator=\"tag1\""),
        OCTETS("* ESEARCH (UIDVALIDITY 1 MAILBOX M&APw-ll TAG x) COUNT 1",
               "SEARCH uid fields=4 count=1 mailbox=\"M\xc3\xbcll\" raw-mailbox=\"M&APw-ll\" "
               "uidvalidity=1 correlator=\"x\""),
        OCTETS("* ESEARCH (TAG \"a)b\" MAILBOX {3}\r\na(b UIDVALIDITY 4294967296) COUNT 1",
               "SEARCH uid fields=4 count=1 mailbox=\"a(b\" raw-mailbox=\"a(b\" "
               "correlator=\"a)b\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_uidbatches(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* UIDBATCHES (TAG \"A143\") 215295:99696,99695:20351,20350:7830,7829:1",
               "UIDBATCHES uid fields=8 ranges[99696:215295,20351:99695,7830:20350,1:7829] "
               "correlator=\"A143\""),
        OCTETS("* UIDBATCHES (TAG \"A302\")", "UIDBATCHES uid fields=8 correlator=\"A302\""),
        OCTETS("* UIDBATCHES (TAG \"A\") 3,4,x",
               "UIDBATCHES uid fields=8 ranges[3,4] correlator=\"A\" warn(2 \"x\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* ESEARCH as the answer of SORT: the order counts (RFC 5267 section 3.2). */
static void keeps_the_order_of_sort(void **state)
{
    static const char line[] = "* ESEARCH (TAG \"E01\") UID ALL 3:5,6,12:10,1\r\n";
    struct imap_resp_opts o = reading_opts();
    struct reading r;

    (void)state;
    o.search_sorted = 1;
    r = read_once((const uint8_t *)line, sizeof line - 1, mem_default(), 1 << 20, &o);
    assert_string_equal(r.text, "SEARCH uid fields=8 ranges[3:5,6,10:12,1] sorted "
                                "correlator=\"E01\"");
    free(r.text);
}

static void reads_vanished(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* VANISHED (EARLIER) 300:310,405,411",
               "VANISHED uid earlier fields=8 ranges[300:310,405,411]"),
        OCTETS("* VANISHED 405", "VANISHED uid fields=8 ranges[405]"),
        OCTETS("* VANISHED (X) 405", "VANISHED uid fields=8 ranges[405]"),
        OCTETS("* vanished (earlier) 5", "VANISHED uid earlier fields=8 ranges[5]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* M07: never expanded. */
static void m07_keeps_ranges(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (TAG \"A\") ALL 1:4294967295",
               "SEARCH fields=8 ranges[1:4294967295] correlator=\"A\""),
        OCTETS("* VANISHED 1:4294967295", "VANISHED uid fields=8 ranges[1:4294967295]"),
        OCTETS("* VANISHED 4294967295:1,5:3", "VANISHED uid fields=8 ranges[4294967295:1,5:3]"),
        OCTETS("* SEARCH 1:4294967295", "SEARCH fields=8 ranges[1:4294967295]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z03; several servers send 1e400 and -3. */
static void z03_drops_numbers_out_of_range(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* SEARCH 1 0 2", "SEARCH fields=8 ranges[1:2] warn(2 \"0\")"),
        OCTETS("* SEARCH 1 4294967296 2", "SEARCH fields=8 ranges[1:2] warn(2 \"4294967296\")"),
        OCTETS("* SEARCH 1 18446744073709551617 2",
               "SEARCH fields=8 ranges[1:2] warn(2 \"18446744073709551617\")"),
        OCTETS("* SEARCH 1 -3 1e400 2", "SEARCH fields=8 ranges[1:2] warn(2 \"-3\")"),
        OCTETS("* SEARCH 1,2, x,,3 4", "SEARCH fields=8 ranges[1:4] warn(2 \"x\")"),
        OCTETS("* VANISHED 1,0,3", "VANISHED uid fields=8 ranges[1,3] warn(2 \"0\")"),
        OCTETS("* VANISHED 1:4294967296,3",
               "VANISHED uid fields=8 ranges[3] warn(2 \"1:4294967296\")"),
        OCTETS("* VANISHED 1,x,3", "VANISHED uid fields=8 ranges[1,3] warn(2 \"x\")"),
        OCTETS("* VANISHED *,3", "VANISHED uid fields=8 ranges[3] warn(2 \"*\")"),
        OCTETS("* VANISHED ,,3,", "VANISHED uid fields=8 ranges[3]"),
        OCTETS("* ESEARCH COUNT 4294967296 MIN 1", "SEARCH fields=1 min=1 warn(2 \"4294967296\")"),
        OCTETS("* ESEARCH COUNT x MIN 1", "SEARCH fields=1 min=1 warn(2 \"x\")"),
        OCTETS("* ESEARCH MODSEQ -1 MIN 1", "SEARCH fields=1 min=1 warn(2 \"-1\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04. */
static void z04_lives_with_half_answers(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ESEARCH (", "WARNING 1 raw=\"* ESEARCH (\""),
        OCTETS("* ESEARCH (TAG", "WARNING 1 raw=\"* ESEARCH (TAG\""),
        OCTETS("* ESEARCH (TAG \"a", "WARNING 1 raw=\"* ESEARCH (TAG \"a\""),
        OCTETS("* ESEARCH COUNT", "SEARCH fields=0 warn(1 \"COUNT\")"),
        OCTETS("* ESEARCH UID ALL", "SEARCH uid fields=0 warn(1 \"ALL\")"),
        OCTETS("* ESEARCH ALL ", "SEARCH fields=0 warn(1 \"ALL \")"),
        OCTETS("* ESEARCH UID X (", "SEARCH uid fields=0 warn(1 \"X (\")"),
        OCTETS("* ESEARCH \"x\"", "SEARCH fields=0 warn(1 \"\"x\"\")"),
        OCTETS("* VANISHED", "VANISHED uid fields=8"),
        OCTETS("* VANISHED (EARLIER)", "VANISHED uid earlier fields=8"),
        OCTETS("* VANISHED (EARLIER", "WARNING 1 raw=\"* VANISHED (EARLIER\""),
        OCTETS("* VANISHED 1 2", "VANISHED uid fields=8 ranges[1] warn(1 \" \")"),
        OCTETS("* ESEARCH )", "SEARCH fields=0 warn(1 \")\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* A reader that holds at most `room` octets of a line, as the engine does. */
struct batches {
    struct imap_batch state;
    struct mla_imap_event ev;
    mla_imap_search sum; /* fields and scalars of all batches */
    mla_range *ranges;
    size_t count;
    size_t room;
    size_t events;
    int last;
    int counts_only; /* only the last range is kept */
    size_t total;    /* ranges in all */
    mla_imap_search_change changes[64];
    uint32_t scores[64];
    char mailbox[64];
};

static void batches_add(struct batches *b, const mla_imap_search *s)
{
    assert_true(s->range_count <= IMAP_BATCH_RANGES);
    b->events++;
    b->sum.fields |= s->fields;
    b->sum.is_uid |= s->is_uid;
    b->sum.is_earlier |= s->is_earlier;
    b->sum.min += s->min;
    b->sum.max += s->max;
    b->sum.count += s->count;
    b->sum.modseq += s->modseq;
    b->sum.is_sorted |= s->is_sorted;
    b->sum.uidvalidity = s->uidvalidity;
    if (s->partial_first != 0) {
        b->sum.partial_first = s->partial_first;
        b->sum.partial_last = s->partial_last;
    }
    if (s->mailbox.ptr != NULL) {
        snprintf(b->mailbox, sizeof b->mailbox, "%.*s", (int)s->mailbox.len, s->mailbox.ptr);
        b->sum.mailbox.ptr = b->mailbox;
        b->sum.mailbox.len = s->mailbox.len;
        b->sum.raw_mailbox = b->sum.mailbox;
    }
    for (size_t i = 0; i < s->change_count; i++)
        b->changes[b->sum.change_count++] = s->changes[i];
    for (size_t i = 0; i < s->score_count; i++)
        b->scores[b->sum.score_count++] = s->scores[i];
    b->sum.changes = b->changes;
    b->sum.scores = b->scores;
    for (size_t i = 0; i < s->range_count; i++) {
        mla_range *last = b->count > 0 ? &b->ranges[b->count - 1] : NULL;
        mla_range r = s->ranges[i];

        if (last != NULL && last->first <= last->last && r.first == last->last + 1 &&
            r.first <= r.last && !s->is_sorted) {
            last->last = r.last;
            continue;
        }
        b->total++;
        if (b->counts_only)
            b->count = 0;
        if (b->count == b->room) {
            b->room = b->room * 2 + 16;
            b->ranges = realloc(b->ranges, b->room * sizeof *b->ranges);
            assert_non_null(b->ranges);
        }
        b->ranges[b->count++] = r;
    }
    b->last = (int)s->is_last;
}

/* Reads n octets, line end included, `step` at a time. The text that tells the whole, or NULL when
 * the line was not for batches. */
static char *read_batches(struct guard *g, const char *line, size_t n, size_t step, int counts_only,
                          size_t *out_held, size_t *out_total)
{
    struct imap_resp_opts o = reading_opts();
    struct batches b;
    struct imap_resp none;
    size_t start = 0;
    size_t end = 0;
    char *text = NULL;

    memset(&b, 0, sizeof b);
    memset(&none, 0, sizeof none);
    b.counts_only = counts_only;
    arena_init(&b.ev.arena, mem_default(), 1 << 22);
    *out_held = 0;
    while (!b.last) {
        struct imap_raw raw;
        size_t used = 0;
        int rc;

        raw.offset = start;
        raw.len = end - start;
        raw.ptr = guard_put(g, line + start, raw.len);
        arena_reset(&b.ev.arena);
        b.ev.search = NULL;
        rc = imap_resp_batch(&raw, end == n, &o, &b.state, &b.ev, &used);
        assert_true(rc == 0 || rc == 1);
        if (rc == 1) {
            assert_true(used <= raw.len && (used > 0 || end < n));
            assert_non_null(b.ev.search);
            batches_add(&b, b.ev.search);
            start += used;
            continue;
        }
        if (end == n)
            break;
        *out_held = end - start > *out_held ? end - start : *out_held;
        end = n - end < step ? n : end + step;
    }
    if (b.last) {
        assert_int_equal(start, n);
        b.sum.is_last = 1;
        b.sum.ranges = b.ranges;
        b.sum.range_count = b.count;
        b.ev.search = &b.sum;
        text = tell(&b.ev, &none);
    } else {
        assert_int_equal(b.state.kind, 0);
    }
    arena_free(&b.ev.arena);
    free(b.ranges);
    *out_total = b.total;
    return text;
}

/* However a line is cut, its batches say what the whole says. */
static void m07_batches_say_the_same(void **state)
{
    static const char *const lines[] = {
        "* SEARCH 2 84 882\r\n",
        "* SEARCH 1 2 3 9 (MODSEQ 917162500)\r\n",
        "* SEARCH 1 x 1e400 0 4294967295 4294967296 7\r\n",
        "* SEARCH \r\n",
        "* search 1 2\n",
        "* SORT 5 3 4 1 2 \r\n",
        "* ESEARCH (TAG \"A1\") UID MIN 2 MAX 9 COUNT 4 ALL 1:3,9,4294967295:5 MODSEQ 5\r\n",
        "* ESEARCH (TAG \"A ALL 1\") ALL 1,2,3 COUNT 3\r\n",
        "* ESEARCH ALL 1:4294967295\r\n",
        "* ESEARCH (TAG \"A\") PARTIAL (1:10 5,7) UID ALL 5,6\r\n",
        "* ESEARCH UID MIN 5\r\n",
        "* VANISHED (EARLIER) 300:310,405,411\r\n",
        "* VANISHED 1,x,3\r\n",
        "* VANISHED 405 \r\n",
        "* VANISHED 1 2\r\n",
        "* ESEARCH (TAG \"A1\") UID PARTIAL (-1:-100 1,5:7,9) COUNT 3\r\n",
        "* ESEARCH UID PARTIAL (24000:24500 NIL)\r\n",
        "* ESEARCH (TAG \"A1\" MAILBOX \"a b)\" UIDVALIDITY 7) UID ALL 1,3,7:9 MIN 1\r\n",
        "* ESEARCH (TAG \"C01\") UID ADDTO (1 2733,7 1 2732 1 2731) REMOVEFROM (0 1:3,9)\r\n",
        "* ESEARCH ADDTO (x 1 2 0,3) ADDTO (1 2\r\n",
        "* ESEARCH ALL 1,5,10 RELEVANCY (4 99 42) COUNT 3\r\n",
        "* UIDBATCHES (TAG \"A143\") 215295:99696,99695:20351,20350:7830,7829:1\r\n",
    };
    struct imap_resp_opts o = reading_opts();
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, 200));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t n = strlen(lines[i]);
        struct reading whole = read_once((const uint8_t *)lines[i], n, mem_default(), 1 << 20, &o);
        char *end = strstr(whole.text, " correlator=");

        if (end != NULL)
            *end = '\0';
        end = strstr(whole.text, " warn(");
        if (end != NULL)
            *end = '\0';
        for (size_t step = 1; step <= n; step++) {
            size_t held;
            size_t total;
            char *text = read_batches(&g, lines[i], n, step, 0, &held, &total);

            if (text == NULL || strcmp(text, whole.text) != 0)
                print_message("%s in steps of %zu\n", lines[i], step);
            assert_non_null(text);
            assert_string_equal(text, whole.text);
            free(text);
        }
        free(whole.text);
    }
    guard_free(&g);
}

/* Lines of another kind are not touched. */
static void batches_leave_others_alone(void **state)
{
    static const char *const lines[] = {
        "* SEARCHED 1 2 3\r\n", "* 5 EXISTS\r\n", "* LIST () \"/\" a\r\n", "A OK SEARCH 1 2 3\r\n",
        "+ SEARCH 1 2\r\n",     "\r\n",           "* ESEARCH (TAG\r\n",    "* ",
    };
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, 200));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        for (size_t step = 1; step <= strlen(lines[i]); step++) {
            size_t held;
            size_t total;

            assert_null(read_batches(&g, lines[i], strlen(lines[i]), step, 0, &held, &total));
        }
    guard_free(&g);
}

/* The tag of an ESEARCH line that came in pieces. */
static void batches_know_their_tag(void **state)
{
    static const char line[] = "* ESEARCH (TAG \"A285\") UID ALL 1,2,";
    struct imap_resp_opts o = reading_opts();
    struct imap_raw raw = {(const uint8_t *)line, sizeof line - 1, 0};
    struct imap_batch state_of;
    struct mla_imap_event ev;
    size_t used;

    (void)state;
    memset(&state_of, 0, sizeof state_of);
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    assert_int_equal(imap_resp_batch(&raw, 0, &o, &state_of, &ev, &used), 1);
    assert_int_equal(used, sizeof line - 1);
    assert_int_equal(state_of.tag_len, 4);
    assert_memory_equal(state_of.tag, "A285", 4);
    assert_int_equal(ev.search->is_uid, 1);
    arena_free(&ev.arena);
}

/* M23: 3,000,000 numbers in constant memory; a legal line of 700 KB passes all the more. */
static void m23_reads_long_lines(void **state)
{
    static const char *const heads[] = {"* SEARCH", "* VANISHED (EARLIER)",
                                        "* ESEARCH (TAG \"A\") UID ALL"};
    size_t count = 3000000;
    char *line = malloc(count * 9 + 100);

    (void)state;
    assert_non_null(line);
    for (size_t i = 0; i < 3; i++) {
        size_t n = (size_t)sprintf(line, "%s", heads[i]);
        char expect[200];
        struct guard g;
        size_t held;
        size_t total;
        char *text;

        for (size_t k = 0; k < count; k++) {
            size_t v = 1 + 2 * k;
            char digits[10];
            size_t at = sizeof digits;

            line[n++] = i > 0 && k > 0 ? ',' : ' ';
            for (; v > 0; v /= 10)
                digits[--at] = (char)('0' + v % 10);
            memcpy(line + n, digits + at, sizeof digits - at);
            n += sizeof digits - at;
        }
        memcpy(line + n, "\r\n", 2);
        n += 2;
        assert_true(guard_init(&g, 1 << 17));
        text = read_batches(&g, line, n, 1 << 14, 1, &held, &total);
        assert_non_null(text);
        assert_true(held < 1 << 15);
        snprintf(expect, sizeof expect, "%s fields=8 ranges[%zu]",
                 i == 0   ? "SEARCH"
                 : i == 1 ? "VANISHED uid earlier"
                          : "SEARCH uid",
                 2 * count - 1);
        assert_string_equal(text, expect);
        assert_int_equal(total, count);
        free(text);
        guard_free(&g);
        count = 500000;
    }
    free(line);
}

/* Z10 */
static void batches_survive_failing_memory(void **state)
{
    static const char line[] =
        "* ESEARCH (TAG \"A\") UID MIN 1 ALL 1,3,5,7,9,11,13,15,17,19,21,23,25,27,"
        "29,31,33,35,37,39,41,43,45,47,49,51,53,55,57,59,61,63,65,67,69,71 "
        "COUNT 3\r\n";
    struct imap_resp_opts o = reading_opts();

    (void)state;
    for (int complete = 0; complete < 2; complete++)
        for (size_t k = 1; k < 6; k++) {
            struct imap_raw raw = {(const uint8_t *)line, sizeof line - 1, 0};
            struct imap_batch state_of;
            struct mla_imap_event ev;
            struct fail_mem f;
            size_t used;
            int rc;

            memset(&state_of, 0, sizeof state_of);
            memset(&ev, 0, sizeof ev);
            fail_mem_init(&f, k, 1);
            arena_init(&ev.arena, &f.mem, 1 << 20);
            rc = imap_resp_batch(&raw, complete, &o, &state_of, &ev, &used);
            assert_int_equal(rc, f.calls >= k ? MLA_E_NOMEM : 1);
            arena_free(&ev.arena);
            assert_int_equal(f.held, 0);
        }
}

/* An event's limit too small for a batch loses the numbers, not the stream. */
static void batches_keep_to_the_limit(void **state)
{
    struct imap_resp_opts o = reading_opts();
    char line[4000];
    size_t n = (size_t)sprintf(line, "* SEARCH");
    struct imap_batch state_of;
    struct mla_imap_event ev;
    struct imap_raw raw;
    size_t used = 0;

    (void)state;
    for (unsigned k = 0; k < 400; k++)
        n += (size_t)sprintf(line + n, " %u", 2 * k + 1);
    n += (size_t)sprintf(line + n, "\r\n");
    memset(&state_of, 0, sizeof state_of);
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 300);
    raw.ptr = (const uint8_t *)line;
    raw.len = 15;
    raw.offset = 0;
    assert_int_equal(imap_resp_batch(&raw, 0, &o, &state_of, &ev, &used), 1);
    raw.ptr += used;
    raw.len = n - used;
    arena_reset(&ev.arena);
    assert_int_equal(imap_resp_batch(&raw, 1, &o, &state_of, &ev, &used), 1);
    assert_int_equal(ev.type, 0);
    assert_int_equal(used, raw.len);
    assert_int_equal(state_of.dropped, 1);
    arena_free(&ev.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(reads_modseq),
        cmocka_unit_test(reads_esearch),
        cmocka_unit_test(reads_partial),
        cmocka_unit_test(reads_changes),
        cmocka_unit_test(reads_scores),
        cmocka_unit_test(reads_mailboxes),
        cmocka_unit_test(reads_uidbatches),
        cmocka_unit_test(keeps_the_order_of_sort),
        cmocka_unit_test(reads_vanished),
        cmocka_unit_test(m07_keeps_ranges),
        cmocka_unit_test(z03_drops_numbers_out_of_range),
        cmocka_unit_test(z04_lives_with_half_answers),
        cmocka_unit_test(m07_batches_say_the_same),
        cmocka_unit_test(batches_leave_others_alone),
        cmocka_unit_test(batches_know_their_tag),
        cmocka_unit_test(m23_reads_long_lines),
        cmocka_unit_test(batches_survive_failing_memory),
        cmocka_unit_test(batches_keep_to_the_limit),
    };

    return cmocka_run_group_tests_name("imap/resp_search", tests, NULL, NULL);
}
