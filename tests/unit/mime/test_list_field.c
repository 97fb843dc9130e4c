/* test_list_field.c - what the fields of mailing lists say */
#include "mime_test.h"

#include <stdio.h>

#include "mime/list_field.h"

/* Reads a header and writes what it says: id|name|flags|help|subscribe|unsubscribe|post|owner|
 * archive|archived-at, URIs with a blank between. Returns whether a warning came. */
static int read_list(const struct mem *mem, const char *text, char *got, size_t size, int *bad)
{
    struct mime_tree *t;
    struct warn_set w;
    struct store s;
    mla_mailing_list l;
    size_t n = 0;
    int rc = tree_parse(mem, NULL, text, strlen(text), &t);

    if (rc != 0)
        return rc;
    memset(&w, 0, sizeof w);
    store_init(&s, mem);
    store_of_part(&s, tree_root(t), &w);
    rc = list_field_read(&s, tree_root(t), &l);
    *got = '\0';
    if (rc == 1) {
        const mla_str *const arrays[] = {l.help,  l.subscribe, l.unsubscribe, l.post,
                                         l.owner, l.archive,   l.archived_at};
        const size_t counts[] = {l.help_count,       l.subscribe_count, l.unsubscribe_count,
                                 l.post_count,       l.owner_count,     l.archive_count,
                                 l.archived_at_count};

        n += (size_t)snprintf(got, size, "%.*s|%.*s|%u", (int)l.id.len,
                              l.id.ptr != NULL ? l.id.ptr : "", (int)l.name.len,
                              l.name.ptr != NULL ? l.name.ptr : "", (unsigned)l.flags);
        for (size_t i = 0; i < 7; i++) {
            n += (size_t)snprintf(got + n, size - n, "|");
            for (size_t k = 0; k < counts[i]; k++)
                n += (size_t)snprintf(got + n, size - n, "%s%.*s", k != 0 ? " " : "",
                                      (int)arrays[i][k].len, arrays[i][k].ptr);
        }
    }
    *bad = warn_has(&w, MLA_MIME_WARN_BAD_LIST_FIELD, NULL);
    store_free(&s);
    tree_free(t);
    return rc < 0 ? rc : 0;
}

static const struct {
    const char *text;
    const char *want;
    int bad;
} rows[] = {
    {"Subject: x\n\n", "", 0},
    {"List-Id: <a.b.test>\n\n", "a.b.test||0|||||||", 0},
    {"List-Id: The list <a.b.test>\n\n", "a.b.test|The list|0|||||||", 0},
    {"List-Id: \"The \\\"list\\\"\" <a.b.test>\n\n", "a.b.test|The \"list\"|0|||||||", 0},
    {"List-Id: =?utf-8?Q?Gr=C3=BCn?= <a.b.test>\n\n", "a.b.test|Gr\xc3\xbcn|0|||||||", 0},
    {"List-Id: a.b.test\n\n", "a.b.test||0|||||||", 1},
    {"List-Id: x <a.b.test\n\n", "a.b.test|x|0|||||||", 1},
    {"List-Unsubscribe: <mailto:u@a.test?subject=x>,\n <https://a.test/u?\n id=1>\n"
     "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n\n",
     "||2|||mailto:u@a.test?subject=x https://a.test/u?id=1||||", 0},
    {"List-Post: NO (none may)\n\n", "||1|||||||", 0},
    {"List-Post: <mailto:l@a.test> (Postings)\n\n", "||0||||mailto:l@a.test|||", 0},
    {"List-Help: <h:1>\nList-Subscribe: <s:1>, <s:2>, <s:3>\nList-Owner: <o:1> (x <no:1>)\n"
     "List-Archive: <a:1>\nArchived-At: <a:2>\n\n",
     "||0|h:1|s:1 s:2 s:3|||o:1|a:1|a:2", 0},
    {"List-Archive: https://a.test/\n\n", "||0||||||https://a.test/|", 1},
    {"List-Help: call us\n\n", "||0|||||||", 1},
    {"List-Help: <h:1\n\n", "||0|h:1||||||", 1},
    {"List-Help:\n\n", "||0|||||||", 1},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[1000];
        int bad;

        assert_int_equal(read_list(mem_default(), rows[i].text, got, sizeof got, &bad), 0);
        if (strcmp(got, rows[i].want) != 0 || bad != rows[i].bad)
            fail_msg("%s: %s (%d)", rows[i].text, got, bad);
    }
}

static int read_with(const struct mem *m)
{
    char got[1000];
    int bad;

    return read_list(m, "List-Id: \"x\" <a.b>\nList-Post: <p:1>, <p:2>, <p:3>\nList-Help: h:1\n\n",
                     got, sizeof got, &bad);
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(read_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_oom)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
