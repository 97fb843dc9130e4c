/* test_tree.c - a message as a tree: who is whose part, fields by name, messages that are encoded
 */
#include "mime_test.h"

#include "mime/tree.h"

#include <stdio.h>

static struct mime_tree *parsed(const char *text)
{
    struct mime_tree *t = NULL;

    assert_int_equal(tree_parse(mem_default(), NULL, text, strlen(text), &t), 0);
    return t;
}

static const char mixed[] =
    "Received: one\r\nReceived: two\r\nSubject: s\r\nreceived: three\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html; charset=UTF-8\r\n\r\nfirst\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nsecond"
    "\r\n--b\r\nContent-Transfer-Encoding: Base64\r\n\r\ndGhpcmQ=\r\n--b--\r\n";

static void test_parts(void **state)
{
    struct mime_tree *t = parsed(mixed);
    const struct mla_part *root = tree_root(t);
    const struct mla_part *message = tree_child(root, 1);
    struct slice body;

    (void)state;
    assert_int_equal(t->part_count, 5);
    assert_int_equal(root->child_count, 3);
    assert_null(tree_parent(root));
    assert_null(tree_child(root, 3));
    for (uint32_t i = 0; i < 3; i++) {
        assert_ptr_equal(tree_parent(tree_child(root, i)), root);
        assert_int_equal(tree_child(root, i)->index, i + 1);
    }
    assert_string_equal(tree_child(root, 0)->type, "text/html");
    assert_string_equal(tree_child(root, 0)->charset, "utf-8");
    assert_null(tree_child(root, 0)->encoding);
    assert_string_equal(tree_child(root, 2)->encoding, "base64");
    assert_int_equal(message->child_count, 1);
    assert_int_equal(tree_child(message, 0)->depth, 2);
    body = tree_body(tree_child(message, 0));
    assert_int_equal(slice_left(&body), 6);
    assert_memory_equal(body.p, "second", 6);
    tree_free(t);
}

static void test_fields(void **state)
{
    static const char *const received[] = {" one", " two", " three"};
    struct mime_tree *t = parsed(mixed);
    const struct mla_part *root = tree_root(t);
    const struct tree_field *f;
    size_t at = 0;

    (void)state;
    assert_int_equal(root->field_count, 5);
    for (uint32_t i = 0; i < 3; i++) {
        struct slice v;

        f = tree_field(root, "RECEIVED", i);
        assert_non_null(f);
        v = tree_value(root, f);
        assert_int_equal(slice_left(&v), strlen(received[i]));
        assert_memory_equal(v.p, received[i], strlen(received[i]));
        assert_ptr_equal(tree_next_field(root, "received", &at), f);
    }
    assert_null(tree_next_field(root, "received", &at));
    assert_null(tree_field(root, "Received", 3));
    assert_null(tree_field(root, "Receive", 0));
    assert_non_null(tree_field(tree_child(tree_child(root, 1), 0), "subject", 0));
    tree_free(t);
}

/* A message with a transfer encoding becomes a tree of its own below its part. */
static void test_encoded_message(void **state)
{
    struct mime_tree *t = parsed("Content-Type: message/rfc822\r\n"
                                 "Content-Transfer-Encoding: base64\r\n\r\n"
                                 "U3ViamVjdDogaW4NCg0KYm9keQ==\r\n");
    const struct mla_part *root = tree_root(t);
    const struct mla_part *inner = tree_child(root, 0);
    struct slice body;

    (void)state;
    assert_non_null(inner);
    assert_true(inner->tree != t && (inner->flags & MLA_PART_DECODED) != 0);
    assert_ptr_equal(tree_parent(inner), root);
    assert_null(tree_child(root, 1));
    assert_non_null(tree_field(inner, "Subject", 0));
    body = tree_body(inner);
    assert_int_equal(slice_left(&body), 4);
    assert_memory_equal(body.p, "body", 4);
    tree_free(t);
}

/* More parts, levels and fields than there is room for at first. */
static void test_growth(void **state)
{
    static char text[100000];
    struct mime_tree *t;
    const struct mla_part *p;
    size_t n = 0;

    (void)state;
    for (int depth = 0; depth < 30; depth++) {
        for (int i = 0; i < 40; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "X-%d: %d\r\n", i, depth);
        n += (size_t)snprintf(
            text + n, sizeof text - n,
            "Content-Type: multipart/mixed; boundary=b%02d.\r\n\r\n--b%02d.\r\n\r\n"
            "side\r\n--b%02d.\r\n",
            depth, depth, depth);
    }
    t = parsed(text);
    p = tree_root(t);
    for (int depth = 0; depth < 30; depth++) {
        struct slice v;
        char want[16];

        assert_int_equal(p->child_count, 2);
        assert_int_equal(p->field_count, 41);
        v = tree_value(p, tree_field(p, "x-39", 0));
        snprintf(want, sizeof want, " %d", depth);
        assert_int_equal(slice_left(&v), strlen(want));
        assert_memory_equal(v.p, want, strlen(want));
        v = tree_body(tree_child(p, 0));
        assert_int_equal(slice_left(&v), 4);
        p = tree_child(p, 1);
    }
    assert_int_equal(t->part_count, 61);
    tree_free(t);
}

static void test_empty(void **state)
{
    struct mime_tree *t = parsed("");

    (void)state;
    assert_int_equal(t->part_count, 1);
    assert_string_equal(tree_root(t)->type, "text/plain");
    assert_int_equal(tree_root(t)->body_length, 0);
    assert_null(tree_child(tree_root(t), 0));
    tree_free(t);
}

static void test_limits(void **state)
{
    static const char text[] =
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n1\r\n--a\r\n\r\n"
        "2\r\n--a\r\n\r\n3\r\n--a--\r\n";
    mla_mime_limits limits = {0};
    struct mime_tree *t;

    (void)state;
    limits.struct_size = sizeof limits;
    limits.max_parts = 3;
    assert_int_equal(tree_parse(mem_default(), &limits, text, strlen(text), &t), 0);
    assert_int_equal(t->part_count, 3);
    assert_true((tree_root(t)->flags & MLA_PART_LIMIT) != 0);
    assert_int_equal(t->warnings[0].code, MLA_MIME_WARN_LIMIT_PARTS);
    tree_free(t);
}

static int parse(const struct mem *m)
{
    struct mime_tree *t;
    int rc = tree_parse(m, NULL, mixed, strlen(mixed), &t);

    if (rc == 0)
        tree_free(t);
    else
        assert_null(t);
    return rc;
}

static void test_no_memory(void **state)
{
    (void)state;
    oom_sweep(parse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),           cmocka_unit_test(test_fields),
        cmocka_unit_test(test_encoded_message), cmocka_unit_test(test_growth),
        cmocka_unit_test(test_empty),           cmocka_unit_test(test_limits),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
