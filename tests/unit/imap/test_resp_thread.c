/* test_resp_thread.c - lib/imap/resp_thread: number/depth<parent<root */
#include "reading.h"

static void reads_forests(void **state)
{
    static const struct octets samples[] = {
        /* the examples of RFC 5256 section 4 */
        OCTETS("* THREAD (2)(3 6 (4 23)(44 7 96))",
               "THREAD 2/0<0<1 3/0<0<2 6/1<2<2 4/2<3<2 23/3<4<2 44/2<3<2 7/3<6<2 96/4<7<2"),
        OCTETS("* THREAD ((3)(5))", "THREAD 0/0<0<1 3/1<1<1 5/1<1<1"),
        OCTETS("* THREAD (166)(167)(168)", "THREAD 166/0<0<1 167/0<0<2 168/0<0<3"),
        OCTETS("* THREAD", "THREAD"),
        OCTETS("* THREAD ", "THREAD"),
        OCTETS("* thread ( 1  2 ) ( 3 )", "THREAD 1/0<0<1 2/1<1<1 3/0<0<3"),
        OCTETS("* THREAD (1 ((2)(3))(4))", "THREAD 1/0<0<1 0/1<1<1 2/2<2<1 3/2<2<1 4/1<1<1"),
        OCTETS("* THREAD (4294967295)", "THREAD 4294967295/0<0<1"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z03, Z04: what is wrong costs itself. */
static void lives_with_faults(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* THREAD (1 0 2)", "THREAD 1/0<0<1 2/1<1<1 warn(2 \"0\")"),
        OCTETS("* THREAD (1 4294967296 x-(3))", "THREAD 1/0<0<1 3/1<1<1 warn(2 \"4294967296\")"),
        OCTETS("* THREAD 1 2 (3)", "THREAD 1/0<0<1 2/0<0<2 3/0<0<3"),
        OCTETS("* THREAD (1))(2)", "THREAD 1/0<0<1 2/0<0<2 warn(1 \")\")"),
        OCTETS("* THREAD (1 (2", "THREAD 1/0<0<1 2/1<1<1"),
        OCTETS("* THREAD ()()(1)", "THREAD 1/0<0<1"),
        OCTETS("* THREAD ,1", "THREAD warn(2 \",1\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

struct forest {
    mla_imap_thread_item *items;
    size_t count;
    size_t room;
    size_t events;
    int last;
};

static void forest_add(struct forest *f, const mla_imap_thread *t)
{
    assert_true(t->item_count <= IMAP_BATCH_RANGES);
    if (f->count + t->item_count > f->room) {
        f->room = (f->count + t->item_count) * 2;
        f->items = realloc(f->items, f->room * sizeof *f->items);
        assert_non_null(f->items);
    }
    if (t->item_count != 0)
        memcpy(f->items + f->count, t->items, t->item_count * sizeof *f->items);
    f->count += t->item_count;
    f->events++;
    f->last = (int)t->is_last;
}

/* Reads a line of n octets, `step` more at a time, as the engine does. */
static void read_in_steps(struct guard *g, const char *line, size_t n, size_t step,
                          struct forest *f, size_t *out_held)
{
    struct imap_resp_opts o = reading_opts();
    struct imap_batch state;
    struct mla_imap_event ev;
    size_t start = 0;
    size_t end = 0;

    memset(f, 0, sizeof *f);
    memset(&ev, 0, sizeof ev);
    imap_batch_clear(&state);
    arena_init(&ev.arena, mem_default(), 1 << 22);
    *out_held = 0;
    while (!f->last) {
        struct imap_raw raw = {guard_put(g, line + start, end - start), end - start, start};
        size_t used = 0;
        int rc;

        arena_reset(&ev.arena);
        ev.record = NULL;
        rc = imap_resp_batch(&raw, end == n, &o, &state, &ev, &used);
        assert_true(rc == 0 || rc == 1);
        if (rc == 1) {
            assert_int_equal(ev.type, MLA_IMAP_EV_THREAD);
            assert_true(used <= raw.len);
            forest_add(f, ev.record);
            start += used;
            continue;
        }
        assert_true(end < n);
        *out_held = end - start > *out_held ? end - start : *out_held;
        end = n - end < step ? n : end + step;
    }
    assert_int_equal(start, n);
    arena_free(&ev.arena);
}

static void pieces_say_the_same(void **state)
{
    static const char *const lines[] = {
        "* THREAD (2)(3 6 (4 23)(44 7 96))\r\n",
        "* THREAD ((3)(5))(1 ((2)(3))(4))\r\n",
        "* THREAD (1 0 4294967296 2)) 3\n",
    };
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, 200));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t n = strlen(lines[i]);
        struct forest whole;
        size_t held;

        read_in_steps(&g, lines[i], n, n, &whole, &held);
        assert_true(whole.count > 0);
        for (size_t step = 1; step < n; step++) {
            struct forest f;

            read_in_steps(&g, lines[i], n, step, &f, &held);
            assert_int_equal(f.count, whole.count);
            assert_memory_equal(f.items, whole.items, whole.count * sizeof *f.items);
            free(f.items);
        }
        free(whole.items);
    }
    guard_free(&g);
}

/* M09, X25: 1,000,000 messages in one chain, each with a reply of its own, in constant memory. */
static void m09_reads_a_million(void **state)
{
    const size_t count = 1000000;
    char *line = malloc(count * 12 + 100);
    size_t n = (size_t)sprintf(line, "* THREAD ");
    struct forest f;
    struct guard g;
    size_t held;

    (void)state;
    for (size_t k = 1; k <= count; k += 2)
        n += (size_t)sprintf(line + n, k % 1000 == 1 ? "%s(%zu %zu" : "%s %zu %zu",
                             k > 1 && k % 1000 == 1 ? ")" : "", k, k + 1);
    n += (size_t)sprintf(line + n, ")\r\n");
    assert_true(guard_init(&g, 1 << 17));
    read_in_steps(&g, line, n, 1 << 14, &f, &held);
    assert_true(held <= 1 << 16);
    assert_int_equal(f.count, count);
    assert_true(f.events > 200);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(f.items[i].number, i + 1);
        assert_int_equal(f.items[i].depth, i % 1000);
        assert_int_equal(f.items[i].parent, i % 1000 == 0 ? 0 : i);
        assert_int_equal(f.items[i].root, i - i % 1000 + 1);
    }
    free(f.items);
    guard_free(&g);
    free(line);
}

/* M09: more parentheses than are kept apart: no message is lost, and those beyond hang below the
 * last one before. */
static void m09_bounds_nesting(void **state)
{
    enum { DEPTH = 1000 };
    char *line = malloc(DEPTH * 20 + 100);
    size_t n = (size_t)sprintf(line, "* THREAD ");
    struct reading r;
    struct imap_resp_opts o = reading_opts();
    struct forest f;
    struct guard g;
    size_t held;

    (void)state;
    for (size_t k = 1; k <= DEPTH; k++)
        n += (size_t)sprintf(line + n, "(%zu(%zu)", k, 10000 + k);
    for (size_t k = 0; k < DEPTH; k++)
        line[n++] = ')';
    n += (size_t)sprintf(line + n, "(7)\r\n");
    assert_true(guard_init(&g, 1 << 17));
    read_in_steps(&g, line, n, 100, &f, &held);
    assert_int_equal(f.count, 2 * DEPTH + 1);
    for (size_t i = 0; i < f.count; i++) {
        assert_true(f.items[i].parent <= i);
        assert_int_equal(f.items[i].depth,
                         f.items[i].parent == 0 ? 0 : f.items[f.items[i].parent - 1].depth + 1);
    }
    for (size_t k = 0; k < IMAP_THREAD_NESTING - 1; k++) {
        assert_int_equal(f.items[2 * k].depth, k);
        assert_int_equal(f.items[2 * k + 1].parent, 2 * k + 1);
    }
    assert_int_equal(f.items[2 * DEPTH].depth, 0);
    free(f.items);
    guard_free(&g);
    r = read_once((const uint8_t *)line, n, mem_default(), 1 << 20, &o);
    assert_non_null(strstr(r.text, "warn(7"));
    free(r.text);
    memset(line, '(', 50000 < DEPTH * 20 ? 50000 : DEPTH * 20);
    memcpy(line, "* THREAD ", 9);
    memcpy(line + DEPTH * 20, "1\r\n", 3);
    r = read_once((const uint8_t *)line, DEPTH * 20 + 3, mem_default(), 1 << 20, &o);
    assert_int_equal(r.rc, 0);
    free(r.text);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_forests),       cmocka_unit_test(lives_with_faults),
        cmocka_unit_test(pieces_say_the_same), cmocka_unit_test(m09_reads_a_million),
        cmocka_unit_test(m09_bounds_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
