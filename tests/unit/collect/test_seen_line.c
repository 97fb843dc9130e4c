/* test_seen_line.c - lib/collect/seen_line */
#include "collect/seen_line.h"

#include "test.h"

#include <stdio.h>

static mla_str str(const char *text)
{
    mla_str s = {text, strlen(text)};

    return s;
}

static int equal(mla_str a, const char *b)
{
    return a.len == strlen(b) && memcmp(a.ptr, b, a.len) == 0;
}

/* Reads a copy, exactly as long as it is. */
static int read_copy(const char *line, size_t len, char **out_copy, mla_str *source,
                     mla_seen_record *r)
{
    *out_copy = malloc(len != 0 ? len : 1);
    assert_non_null(*out_copy);
    memcpy(*out_copy, line, len);
    return seen_line_read(*out_copy, len, source, r);
}

static mla_seen_record sample(void)
{
    mla_seen_record r = {.struct_size = sizeof r, .flags = 3, .count = 4, .doubtful = 2};

    r.id = (mla_str){"a b%\0\n\xff", 7};
    r.first_s = 1700000000;
    r.gone_s = 1700000001;
    r.size = UINT64_MAX;
    r.octets = 2345;
    r.header = str("0123456789abcdef");
    r.note = str("new/a b.eml");
    return r;
}

static void what_is_written_is_read(void **state)
{
    mla_seen_record in = sample();
    mla_seen_record r;
    mla_str source;
    struct buf b;
    char *copy;

    (void)state;
    buf_init(&b, mem_default(), 4096);
    assert_int_equal(seen_line_write(&b, str("pop3:al ice@x"), &in), 0);
    assert_non_null(memchr(b.ptr, '\n', b.len));
    assert_ptr_equal(memchr(b.ptr, '\n', b.len), b.ptr + b.len - 1);
    assert_int_equal(read_copy((char *)b.ptr, b.len - 1, &copy, &source, &r), SEEN_LINE_SEEN);
    assert_true(equal(source, "pop3:al ice@x"));
    assert_int_equal(r.id.len, 7);
    assert_memory_equal(r.id.ptr, in.id.ptr, 7);
    assert_int_equal(r.flags, 3);
    assert_int_equal(r.count, 4);
    assert_int_equal(r.doubtful, 2);
    assert_true(r.first_s == in.first_s && r.gone_s == in.gone_s && r.size == in.size);
    assert_int_equal(r.octets, 2345);
    assert_true(equal(r.header, "0123456789abcdef"));
    assert_true(equal(r.note, "new/a b.eml"));
    free(copy);
    buf_clear(&b);
    assert_int_equal(seen_line_write_gone(&b, str("s"), in.id), 0);
    assert_int_equal(read_copy((char *)b.ptr, b.len - 1, &copy, &source, &r), SEEN_LINE_GONE);
    assert_int_equal(r.id.len, 7);
    free(copy);
    buf_free(&b);
}

static void a_person_can_read_it(void **state)
{
    mla_seen_record r = {.count = 1, .size = 17};
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 4096);
    r.id = str("000001");
    assert_int_equal(seen_line_write(&b, str("pop3:alice@x"), &r), 0);
    assert_string_equal(buf_text(&b) + 9, "seen pop3:alice@x 000001 size=17\n");
    buf_free(&b);
}

/* CRC-32 of "123456789" is in every description of it. */
static void the_checksum_is_the_usual_one(void **state)
{
    (void)state;
    assert_int_equal(seen_line_crc("123456789", 9), 0xcbf43926);
}

/* Every octet of a line changed, and every shorter line: none is taken for a record. */
static void damage_is_seen(void **state)
{
    mla_seen_record in = sample();
    mla_seen_record r;
    mla_str source;
    struct buf b;
    char *copy;

    (void)state;
    buf_init(&b, mem_default(), 4096);
    assert_int_equal(seen_line_write(&b, str("s"), &in), 0);
    for (size_t n = 0; n < b.len - 1; n++) {
        assert_int_equal(read_copy((char *)b.ptr, n, &copy, &source, &r), SEEN_LINE_DAMAGED);
        free(copy);
        b.ptr[n] ^= 1;
        assert_int_equal(read_copy((char *)b.ptr, b.len - 1, &copy, &source, &r),
                         SEEN_LINE_DAMAGED);
        free(copy);
        b.ptr[n] ^= 1;
    }
    buf_free(&b);
}

static int read_text(const char *text, mla_str *source, mla_seen_record *r, char **copy)
{
    char line[4096];

    snprintf(line, sizeof line, "%08x %s", (unsigned)seen_line_crc(text, strlen(text)), text);
    return read_copy(line, strlen(line), copy, source, r);
}

static void other_kinds_are_passed_over(void **state)
{
    static const struct {
        const char *text;
        int kind;
    } rows[] = {
        {"moved s id", SEEN_LINE_OTHER},
        {"seen s id new=1 size=5", SEEN_LINE_SEEN},
        {"seen s id size=x", SEEN_LINE_SEEN},
        {"seen s", SEEN_LINE_DAMAGED},
        {"seen s ", SEEN_LINE_DAMAGED},
        {"seen s a%0", SEEN_LINE_OTHER},
        {"seen s a%0g", SEEN_LINE_OTHER},
        {"gone s id", SEEN_LINE_GONE},
        {"got s id f 1", SEEN_LINE_DAMAGED},
        {"got s id f x -", SEEN_LINE_DAMAGED},
        {"seen 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7", SEEN_LINE_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mla_seen_record r;
        mla_str source;
        char *copy;

        if (read_text(rows[i].text, &source, &r, &copy) != rows[i].kind)
            fail_msg("%s", rows[i].text);
        free(copy);
    }
}

/* Lines of the tool before there was this file: the id was a file name. */
static void older_lines_are_read(void **state)
{
    mla_seen_record r;
    mla_str source;
    char *copy;

    (void)state;
    assert_int_equal(read_text("got pop3:alice@x a%252Fb%25 a%252Fb.eml 17 -", &source, &r, &copy),
                     SEEN_LINE_SEEN);
    /* the id ends in an escape that is none: it stays as it is */
    assert_true(equal(r.id, "a%2Fb%"));
    free(copy);
    assert_int_equal(read_text("got pop3:alice@x a%252Fb a%252Fb.eml 17 -", &source, &r, &copy),
                     SEEN_LINE_SEEN);
    assert_true(equal(r.id, "a/b"));
    assert_true(equal(r.note, "a%2Fb.eml"));
    assert_int_equal(r.octets, 17);
    assert_int_equal(r.size, 0);
    assert_int_equal(r.first_s, 0);
    assert_int_equal(r.count, 1);
    free(copy);
    assert_int_equal(read_text("got imap:alice@x:a 7-%2521 7-1.eml 17 -", &source, &r, &copy),
                     SEEN_LINE_SEEN);
    assert_true(equal(r.id, "7-%21"));
    free(copy);
}

static void a_full_buffer_keeps_whole_lines(void **state)
{
    mla_seen_record in = sample();
    struct buf b;
    size_t before;

    (void)state;
    buf_init(&b, mem_default(), 400);
    assert_int_equal(seen_line_write(&b, str("s"), &in), 0);
    before = b.len;
    while (seen_line_write(&b, str("s"), &in) == 0)
        before = b.len;
    assert_int_equal(b.len, before);
    assert_int_equal(b.ptr[b.len - 1], '\n');
    assert_int_equal(buf_add_byte(&b, 'x'), 0);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),         cmocka_unit_test(a_person_can_read_it),
        cmocka_unit_test(the_checksum_is_the_usual_one),   cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(other_kinds_are_passed_over),     cmocka_unit_test(older_lines_are_read),
        cmocka_unit_test(a_full_buffer_keeps_whole_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
