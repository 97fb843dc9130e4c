/* test_resp_param.c - lib/imap/resp_param */
#include "reading.h"

#define PART(params, told)                                                                         \
    OCTETS("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" (" params ") NIL NIL \"7BIT\" 3))",              \
           "FETCH 1 fields=64 body {basic section=\"1\" \"A\"/\"B\"" told                          \
           " encoding=\"7BIT\" size=3}")

static void joins_and_decodes(void **state)
{
    static const struct octets samples[] = {
        /* RFC 2231 section 3 */
        PART("\"URL*0\" \"ftp://\" \"URL*1\" \"cs.utk.edu/pub\"",
             " params[\"URL\",\"ftp://cs.utk.edu/pub\"]"),
        /* section 4 */
        PART("\"title*\" \"us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A\"",
             " params[\"title\",\"This is ***fun***\"]"),
        /* section 4.1: mixed, and out of order */
        PART("\"title*2\" \"isn't it!\" \"title*0*\" \"us-ascii'en'This%20is%20even%20more%20\" "
             "\"title*1*\" \"%2A%2A%2Afun%2A%2A%2A%20\" \"x\" \"y\"",
             " params[\"title\",\"This is even more ***fun*** isn't it!\",\"x\",\"y\"]"),
        /* a character cut in two */
        PART("\"filename*0*\" \"utf-8''%C3\" \"FileName*1*\" \"%A4.txt\"",
             " params[\"filename\",\"\xc3\xa4.txt\"]"),
        PART("\"filename*\" \"iso-8859-1''%E4\"", " params[\"filename\",\"\xc3\xa4\"]"),
        /* the other form is left out, on either side */
        PART("\"filename\" \"a.txt\" \"filename*\" \"utf-8''%C3%A4\"",
             " params[\"filename\",\"\xc3\xa4\"]"),
        PART("\"filename*\" \"utf-8''%C3%A4\" \"filename\" \"a.txt\"",
             " params[\"filename\",\"\xc3\xa4\"]"),
        /* twice: the first */
        PART("\"n*\" \"us-ascii''a\" \"n*0\" \"b\" \"n*1\" \"c\"", " params[\"n\",\"a\"]"),
        PART("\"n*\" \"utf-8''\"", " params[\"n\",\"\"]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_half_parameters(void **state)
{
    static const struct octets samples[] = {
        /* a gap; no first piece; no character set; half a percent form; no known charset */
        PART("\"n*0\" \"a\" \"n*2\" \"c\"", " params[\"n\",\"a\"]"),
        PART("\"n*1\" \"a\"", " params[\"n*1\",\"a\"]"),
        PART("\"n*\" \"%41\"", " params[\"n\",\"A\"]"),
        PART("\"n*\" \"utf-8''%4\"", " params[\"n\",\"%4\"]"),
        PART("\"n*\" \"utf-8'%41\"", " params[\"n\",\"utf-8'A\"]"),
        PART("\"n*\" NIL", " params[\"n\",\"\"]"),
        /* no sections at all */
        PART("\"*\" \"a\"", " params[\"*\",\"a\"]"),
        PART("\"n*x\" \"a\"", " params[\"n*x\",\"a\"]"),
        PART("\"n*0x\" \"a\"", " params[\"n*0x\",\"a\"]"),
        PART("\"n**\" \"%41\"", " params[\"n\",\"A\"]"),
        PART("\"n*99999999999999999999\" \"a\"", " params[\"n*99999999999999999999\",\"a\"]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Each name is compared with each: beyond a number that no message has they stay as they are. */
static void stops_at_very_many(void **state)
{
    enum { ROOM = 257 * 16 + 128 };
    struct imap_resp_opts o = reading_opts();

    (void)state;
    for (size_t count = 256; count <= 257; count++) {
        char *in = malloc(ROOM);
        size_t n;
        struct reading r;

        assert_non_null(in);
        n = (size_t)snprintf(in, ROOM, "* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" (");
        for (size_t i = 0; i < count; i++)
            n += (size_t)snprintf(in + n, ROOM - n, "\"n*%zu\" \"x\" ", i);
        n += (size_t)snprintf(in + n, ROOM - n, ") NIL NIL \"7BIT\" 3))\r\n");
        r = read_once((const uint8_t *)in, n, mem_default(), 1 << 22, &o);
        assert_int_equal(r.rc, 0);
        assert_true((strstr(r.text, "n*") == NULL) == (count == 256));
        free(r.text);
        free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_and_decodes),
        cmocka_unit_test(lives_with_half_parameters),
        cmocka_unit_test(stops_at_very_many),
    };

    return cmocka_run_group_tests_name("imap/resp_param", tests, NULL, NULL);
}
