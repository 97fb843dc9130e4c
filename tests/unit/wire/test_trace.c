/* test_trace.c - lib/wire/trace */
#include "mailaccess/types.h"
#include "test.h"
#include "wire/trace.h"

static struct mask m;
static char seen[1 << 20];
static size_t len;

static void look(void *user, int32_t what, const uint8_t *data, size_t n)
{
    static int32_t last;

    (void)user;
    assert_true(len + n + 2 < sizeof seen);
    if (len == 0 || last != what || seen[len - 1] == '\n' || what == TRACE_NOTE)
        seen[len++] = what == TRACE_SENT ? '>' : what == TRACE_RECEIVED ? '<' : '*';
    memcpy(seen + len, data, n);
    len += n;
    seen[len] = '\0';
    last = what;
}

static struct trace *begin(const struct mem *mem)
{
    struct trace *t = trace_new(mem, &m, look, NULL);

    len = 0;
    seen[0] = '\0';
    return t;
}

static void receive(struct trace *t, const char *text, size_t step)
{
    for (size_t at = 0, n = strlen(text); at < n; at += step)
        trace_received(t, text + at, n - at < step ? n - at : step);
}

static void lines_are_whole(void **state)
{
    struct trace *t = begin(mem_default());

    (void)state;
    trace_sent(t, "a LOGIN mira ", 13, 0);
    trace_sent(t, "sec", 3, 1);
    assert_string_equal(seen, "");
    trace_note(t, "between");
    trace_sent(t, "ret", 3, 1);
    trace_sent(t, "\r\nb NO", 6, 0);
    receive(t, "a OK\r\n* BY", 3);
    trace_sent(t, "OP\r\n", 4, 0);
    trace_end(t);
    trace_end(t);
    assert_string_equal(seen,
                        "*between>a LOGIN mira <secret 3><secret 3>\r\n<a OK\r\n>b NOOP\r\n<* BY");
    trace_free(t);
    trace_end(NULL);
    trace_free(NULL);
    trace_sent(NULL, "x", 1, 0);
    trace_received(NULL, "x", 1);
    trace_note(NULL, "x");
}

/* Whatever the pieces are. */
static void repeated_secrets_are_left_out(void **state) /* A16 */
{
    const char *text = "* NO mira/Hunter22 AG1pcmEASHVudGVyMjI= hUNTER22\r\nand Hunter22";

    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "Hunter22", 8), 0);
    for (size_t step = 1; step < strlen(text) + 1; step++) {
        struct trace *t = begin(mem_default());

        receive(t, text, step);
        trace_sent(t, "x SEARCH hunter22\r\n", 19, 0);
        trace_end(t);
        assert_string_equal(seen, "<* NO mira/<secret 8> <secret 20> <secret 8>\r\n"
                                  ">x SEARCH <secret 8>\r\n<and <secret 8>");
        trace_free(t);
    }
    mask_free(&m, mem_default());
}

static void challenges_are_secret(void **state) /* A16 */
{
    struct trace *t = begin(mem_default());

    (void)state;
    receive(t, "+ idling\r\n", 3);
    t->exchange = 1;
    receive(t,
            "+ cj1meWtvLHM9UVMsaT00MDk2\r\n+\r\n+ \r\n+OK dj1ybUY5cHFWOFM3c3VBb1pXamE0\r\n"
            "+OK logged in\r\n+Zm9v\r\n* CAPABILITY +x\r\n",
            5);
    t->exchange = 0;
    receive(t, "+ cj1meWtv\r\n", 5);
    assert_string_equal(seen, "<+ idling\r\n<+ <secret 24>\r\n<+\r\n<+ \r\n<+OK <secret 28>\r\n"
                              "<+OK logged in\r\n<+<secret 4>\r\n<* CAPABILITY +x\r\n"
                              "<+ cj1meWtv\r\n");
    trace_free(t);
}

static void tokens_of_urls_are_secret(void **state)
{
    struct trace *t = begin(mem_default());

    (void)state;
    receive(t,
            "* GENURLAUTH \"imap://j@h/INBOX/;uid=20;URLAUTH=submit+fred:internal:91354a473744909de"
            "610943775f92038\" \"imap://j@h/x;urlauth=anonymous:INTERNAL\"\r\n",
            7);
    trace_sent(t, "a URLFETCH imap://h/;urlauth=user+b:internal:00ff (x\r\n", 54, 0);
    assert_string_equal(
        seen, "<* GENURLAUTH \"imap://j@h/INBOX/;uid=20;URLAUTH=submit+fred:internal:<secret 32>\" "
              "\"imap://j@h/x;urlauth=anonymous:INTERNAL\"\r\n"
              ">a URLFETCH imap://h/;urlauth=user+b:internal:<secret 4> (x\r\n");
    trace_free(t);
}

/* Long lines go out in parts, and what is cut by their edges is found all the same. */
static void long_lines_are_bounded(void **state)
{
    static char text[200000];

    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "Hunter22", 8), 0);
    for (size_t step = 7; step < sizeof text; step = step * 3 + 1) {
        struct trace *t = begin(mem_default());
        size_t want = 0;
        size_t count = 0;

        memset(text, '.', sizeof text - 1);
        for (size_t at = 11; at + 8 < sizeof text; at += 1013, want++)
            memcpy(text + at, "Hunter22", 8);
        receive(t, text, step);
        assert_true(t->received.held.len <= TRACE_LINE_MAX + 512);
        trace_end(t);
        for (const char *p = seen; (p = strstr(p, "<secret 8>")) != NULL; p++)
            count++;
        assert_int_equal(count, want);
        assert_null(strstr(seen, "unter"));
        trace_free(t);
        /* a challenge, too */
        t = begin(mem_default());
        t->exchange = 1;
        receive(t, "+ ", 1);
        receive(t, text, step);
        receive(t, "\r\nb\r\n", 2);
        assert_null(strstr(seen, "..."));
        assert_non_null(strstr(seen, "<b\r\n"));
        trace_free(t);
    }
    mask_free(&m, mem_default());
}

static void failing_memory_shows_less(void **state)
{
    struct fail_mem f;
    struct trace *t;

    (void)state;
    fail_mem_init(&f, 1, 0);
    assert_null(begin(&f.mem));
    fail_mem_init(&f, 2, 0);
    t = begin(&f.mem);
    receive(t, "* lost\r\n", 100);
    receive(t, "* shown\r\n", 100);
    assert_string_equal(seen, "*out of memory: a part of the conversation is not shown here"
                              "<* shown\r\n");
    trace_free(t);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_whole),        cmocka_unit_test(repeated_secrets_are_left_out),
        cmocka_unit_test(challenges_are_secret),  cmocka_unit_test(tokens_of_urls_are_secret),
        cmocka_unit_test(long_lines_are_bounded), cmocka_unit_test(failing_memory_shows_less),
    };

    return cmocka_run_group_tests_name("wire/trace", tests, NULL, NULL);
}
