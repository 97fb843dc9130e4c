/* test_external.c - where a message/external-body says that its body is */
#include "mime_test.h"

#include <stdio.h>

#include "mime/external.h"

static int read_body(const struct mem *mem, const char *text, char *got, size_t size, int *bad)
{
    mla_external_body e;
    struct mime_tree *t;
    struct warn_set w;
    struct store s;
    size_t n = 0;
    int rc = tree_parse(mem, NULL, text, strlen(text), &t);

    if (rc != 0)
        return rc;
    memset(&w, 0, sizeof w);
    store_init(&s, mem);
    store_of_part(&s, tree_root(t), &w);
    rc = external_read(&s, tree_root(t), &e);
    *got = '\0';
    if (rc == 0) {
        const mla_str *const texts[] = {&e.access_type,  &e.url,        &e.name,
                                        &e.site,         &e.directory,  &e.mode,
                                        &e.server,       &e.subject,    &e.permission,
                                        &e.content_type, &e.content_id, &e.transfer_encoding};

        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            n += (size_t)snprintf(got + n, size - n, "%.*s|", (int)texts[i]->len,
                                  texts[i]->ptr != NULL ? texts[i]->ptr : "");
        (void)snprintf(got + n, size - n, "%lld %llu", (long long)e.expiration,
                       (unsigned long long)e.size);
    }
    *bad = warn_has(&w, MLA_MIME_WARN_BAD_EXTERNAL_BODY, NULL);
    store_free(&s);
    tree_free(t);
    return rc;
}

static const struct {
    const char *text;
    const char *want;
    int bad;
} rows[] = {
    {"Content-Type: message/external-body; access-type=ANON-FTP; name=\"a b.txt\"; site=f.test;\n"
     " directory=pub; mode=image; permission=read; size=1234;\n"
     " expiration=\"Fri, 14 Jun 1991 19:13:14 -0400 (EDT)\"\n\n"
     "Content-Type: text/plain\nContent-ID: <i@a>\nContent-Transfer-Encoding: binary\n\nignored",
     "anon-ftp||a b.txt|f.test|pub|image|||read|text/plain|<i@a>|binary|676941194 1234", 0},
    {"Content-Type: message/external-body; access-type=url;\n url*0=\"ftp://a.te\";\n url*1=\"st/x "
     " y\"\n\n",
     "url|ftp://a.test/xy|||||||||||0 0", 0},
    {"Content-Type: message/external-body; access-type=mail-server; server=l@a; subject=\"get "
     "x\"\n\nsend it",
     "mail-server||||||l@a|get x|||||0 0", 0},
    {"Content-Type: message/external-body\n\n", "||||||||||||0 0", 1},
    {"Content-Type: message/external-body; access-type=x; size=many; expiration=never\n\n",
     "x|||||||||||"
     "|0 0",
     1},
};

static void test_rows(void **state)
{
    char got[1000];
    int bad;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_body(mem_default(), rows[i].text, got, sizeof got, &bad), 0);
        if (strcmp(got, rows[i].want) != 0 || bad != rows[i].bad)
            fail_msg("%s: %s (%d)", rows[i].text, got, bad);
    }
    assert_int_equal(read_body(mem_default(), "Subject: x\n\n", got, sizeof got, &bad),
                     MLA_E_NOT_FOUND);
}

static int read_with(const struct mem *m)
{
    char got[1000];
    int bad;

    return read_body(m, rows[0].text, got, sizeof got, &bad);
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
