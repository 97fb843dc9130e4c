/* test_filename.c - names that cannot climb, hide or collide with devices (O04, O05, X17) */
#include "test.h"

#include "codec/utf8.h"
#include "mime/filename.h"

static void safe(const char *in, size_t n, const char *want)
{
    struct buf b;

    buf_init(&b, mem_default(), 1000);
    assert_int_equal(filename_safe(in, n, &b), 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

#define SAFE(in, want) safe(in, sizeof in - 1, want)

static void test_names(void **state)
{
    (void)state;
    SAFE("report.pdf", "report.pdf");
    SAFE("Gr\xc3\xbc\xc3\x9f"
         "e.txt",
         "Gr\xc3\xbc\xc3\x9f"
         "e.txt");
    SAFE("../../etc/passwd", "_.._.._etc_passwd");
    SAFE("/etc/passwd", "_etc_passwd");
    SAFE("..\\..\\boot.ini", "_.._.._boot.ini");
    SAFE("C:\\x", "C__x");
    SAFE("", "unnamed");
    SAFE(".", "unnamed");
    SAFE("..", "unnamed");
    SAFE(" . . ", "unnamed");
    SAFE(".bashrc", "_.bashrc");
    SAFE("-rf", "_-rf");
    SAFE("a\0b\r\nc", "a_b__c");
    SAFE("con", "_con");
    SAFE("NUL.txt", "_NUL.txt");
    SAFE("com1.tar.gz", "_com1.tar.gz");
    SAFE("lpt9 .x", "_lpt9 .x");
    SAFE("console", "console");
    SAFE("trailing. . ", "trailing");
    SAFE("cod\xe2\x80\xae"
         "fdp.exe",
         "cod_fdp.exe");
    SAFE("zero\xe2\x80\x8bwidth", "zero_width");
    SAFE("\xef\xbc\x8f", "_");
    SAFE("bad\xff!", "bad_!");
    SAFE("was \xef\xbf\xbd.txt", "was _.txt");
    SAFE("c1\xc2\x9b", "c1_");
}

static void test_length(void **state)
{
    char in[5000];
    struct buf b;

    (void)state;
    for (size_t i = 0; i < sizeof in; i += 2)
        memcpy(in + i, "\xc3\xa9", 2);
    memcpy(in + sizeof in - 4, ".pdf", 4);
    buf_init(&b, mem_default(), 1000);
    assert_int_equal(filename_safe(in, sizeof in, &b), 0);
    assert_true(b.len <= FILENAME_MAX_OCTETS && b.len > 190);
    assert_true(utf8_valid(b.ptr, b.len));
    assert_memory_equal(b.ptr + b.len - 4, ".pdf", 4);
    buf_free(&b);
    memset(in, 'a', sizeof in);
    buf_init(&b, mem_default(), 1000);
    assert_int_equal(filename_safe(in, sizeof in, &b), 0);
    assert_true(b.len <= FILENAME_MAX_OCTETS);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
