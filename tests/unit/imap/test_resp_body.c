/* test_resp_body.c - lib/imap/resp_body */
#include "reading.h"

/* RFC 9051 section 7.5.2. */
static void reads_parts(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL "
               "\"7BIT\" 3028 92))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "params[\"CHARSET\",\"US-ASCII\"] encoding=\"7BIT\" size=3028 lines=92}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" "
               "\"cc.diff\") \"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" "
               "\"BASE64\" 4554 73 \"md5\" (\"attachment\" (\"filename\" \"x y\")) (\"en\" \"de\") "
               "\"http://x/\" 1 (\"a\" (2))))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "params[\"CHARSET\",\"US-ASCII\",\"NAME\",\"cc.diff\"] "
               "id=\"<960723163407.20117h@cac.washington.edu>\" description=\"Compiler diff\" "
               "encoding=\"BASE64\" size=4554 lines=73 extended md5=\"md5\" "
               "disposition=\"attachment\" dparams[\"filename\",\"x y\"] languages[\"en\",\"de\"] "
               "location=\"http://x/\" extension=\"1 (\"a\" (2))\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 5000000000))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=5000000000}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"APPLICATION\" \"PDF\" NIL NIL NIL \"BASE64\" 5 NIL NIL "
               "\"en\" NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"APPLICATION\"/\"PDF\" "
               "encoding=\"BASE64\" size=5 extended languages[\"en\"]}"),
        OCTETS("* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1))",
               "FETCH 1 fields=32 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=1 lines=1}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE NIL UID 3)", "FETCH 1 fields=2 uid=3"),
        OCTETS("* 1 FETCH (BODY (\"A\" \"B\" NIL NIL NIL NIL 1) BODYSTRUCTURE (\"C\" \"D\" NIL NIL "
               "NIL NIL 2 NIL) BODY (\"E\" \"F\" NIL NIL NIL NIL 3))",
               "FETCH 1 fields=96 body {basic section=\"1\" \"C\"/\"D\" size=2 extended}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_multiparts(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL "
               "\"7BIT\" 1152 23)(\"TEXT\" \"PLAIN\" NIL NIL NIL \"BASE64\" 4554 73) \"MIXED\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\" params[\"CHARSET\",\"US-ASCII\"] "
               "encoding=\"7BIT\" size=1152 lines=23} {text section=\"2\" \"TEXT\"/\"PLAIN\" "
               "encoding=\"BASE64\" size=4554 lines=73}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)(\"TEXT\" "
               "\"HTML\" NIL NIL NIL \"7BIT\" 2 2) \"ALTERNATIVE\" (\"BOUNDARY\" \"b\") NIL "
               "NIL)(\"IMAGE\" \"GIF\" NIL NIL NIL \"BASE64\" 3) \"MIXED\" (\"BOUNDARY\" \"a\") "
               "(\"INLINE\" NIL) \"en\" \"loc\" 7))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" "
               "params[\"BOUNDARY\",\"a\"] extended disposition=\"INLINE\" languages[\"en\"] "
               "location=\"loc\" extension=\"7\" {multipart section=\"1\" "
               "\"MULTIPART\"/\"ALTERNATIVE\" params[\"BOUNDARY\",\"b\"] extended {text "
               "section=\"1.1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=1 lines=1} {text "
               "section=\"1.2\" \"TEXT\"/\"HTML\" encoding=\"7BIT\" size=2 lines=2}} {basic "
               "section=\"2\" \"IMAGE\"/\"GIF\" encoding=\"BASE64\" size=3}}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Numbers by RFC 9051 section 6.4.5.1. */
static void reads_messages(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 (\"d\" "
               "\"s\" NIL NIL NIL NIL NIL NIL NIL \"m\") (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" "
               "5 6) 33 NIL (\"inline\" NIL) NIL NIL))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"RFC822\" "
               "encoding=\"7BIT\" size=99 lines=33 extended disposition=\"inline\" env( date=\"d\" "
               "subject=\"s\" message-id=\"m\") {text section=\"1.1\" \"TEXT\"/\"PLAIN\" "
               "encoding=\"7BIT\" size=5 lines=6}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 "
               "1)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 (NIL \"s\" NIL NIL NIL NIL NIL "
               "NIL NIL NIL) ((\"TEXT\" \"HTML\" NIL NIL NIL \"7BIT\" 4 5)(\"MESSAGE\" \"GLOBAL\" "
               "NIL NIL NIL \"7BIT\" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"IMAGE\" "
               "\"PNG\" NIL NIL NIL \"BASE64\" 44) 3) \"MIXED\") 33) \"MIXED\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=1 lines=1} {message "
               "section=\"2\" \"MESSAGE\"/\"RFC822\" encoding=\"7BIT\" size=99 lines=33 env( "
               "subject=\"s\") {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"2.1\" \"TEXT\"/\"HTML\" encoding=\"7BIT\" size=4 lines=5} {message "
               "section=\"2.2\" \"MESSAGE\"/\"GLOBAL\" encoding=\"7BIT\" size=9 lines=3 env() "
               "{basic section=\"2.2.1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" size=44}}}}}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Gmail: a message that is base64 comes as a part like others. */
static void gmail_leaves_out_what_is_encoded(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"BASE64\" 99))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"RFC822\" "
               "encoding=\"BASE64\" size=99}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"BASE64\" 99 NIL "
               "(\"ATTACHMENT\" NIL) NIL))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"RFC822\" "
               "encoding=\"BASE64\" size=99 extended disposition=\"ATTACHMENT\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"BASE64\" 99 NIL NIL "
               "12 NIL NIL))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"RFC822\" "
               "encoding=\"BASE64\" size=99 lines=12 extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 (NIL "
               "\"s\" NIL NIL NIL NIL NIL NIL NIL NIL) NIL 5))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"RFC822\" "
               "encoding=\"7BIT\" size=99 lines=5 env( subject=\"s\")}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Gmail, QQMail, Yandex; Dovecot and others with NIL. */
static void empty_multiparts(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"ALTERNATIVE\" "
               "params[\"BOUNDARY\",\"x\"] extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"RELATED\" NIL (\"INLINE\" NIL) NIL))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"RELATED\" extended "
               "disposition=\"INLINE\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"ALTERNATIVE\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"ALTERNATIVE\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (NIL \"alternative\" (\"boundary\" \"x\") NIL NIL))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"alternative\" "
               "params[\"boundary\",\"x\"] extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 "
               "1)(\"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL)(\"TEXT\" \"HTML\" NIL NIL NIL "
               "\"7BIT\" 1 1) \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" "
               "params[\"BOUNDARY\",\"x\"] extended {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "encoding=\"7BIT\" size=1 lines=1} {multipart section=\"2\" "
               "\"MULTIPART\"/\"ALTERNATIVE\" params[\"BOUNDARY\",\"x\"] extended} {text "
               "section=\"3\" \"TEXT\"/\"HTML\" encoding=\"7BIT\" size=1 lines=1}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (() \"MIXED\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {basic "
               "section=\"1\" \"application\"/\"octet-stream\"}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE () UID 3)", "FETCH 1 fields=2 uid=3"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void types_that_are_missing(void **state)
{
    static const struct octets samples[] = {
        /* Office365 */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (NIL NIL NIL NIL NIL \"7BIT\" 0 NIL NIL NIL NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"application\"/\"octet-stream\" "
               "encoding=\"7BIT\" extended}"),
        /* several */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"X-ZIP\" NIL NIL NIL NIL \"BASE64\" 7))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"application\"/\"X-ZIP\" "
               "encoding=\"BASE64\" size=7}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" NIL NIL NIL NIL \"7BIT\" 7 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"plain\" encoding=\"7BIT\" "
               "size=7 lines=1}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"APPLICATION\" NIL NIL NIL NIL \"BASE64\" 7))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"APPLICATION\"/\"octet-stream\" "
               "encoding=\"BASE64\" size=7}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"X-ZIP\"))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"application\"/\"X-ZIP\"}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void dispositions(void **state)
{
    static const struct octets samples[] = {
        /* Exchange: the word alone */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL "
               "\"inline\" NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended disposition=\"inline\"}"),
        /* Exchange: NIL in it */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL (NIL NIL) "
               "NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended disposition=\"attachment\"}"),
        /* Exchange: quoted twice */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL "
               "(\"\\\"inline\\\"\" NIL) NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended disposition=\"inline\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL (\"\" "
               "(\"filename\" \"x\")) NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended disposition=\"attachment\" dparams[\"filename\",\"x\"]}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL () NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 7 NIL "
               "(\"inline\") NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
               "size=7 extended disposition=\"inline\"}"),
        /* Exchange: a description in a multipart */
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1) \"MIXED\" "
               "(\"BOUNDARY\" \"b\") \"about this\" (\"INLINE\" NIL) \"en\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" "
               "params[\"BOUNDARY\",\"b\"] description=\"about this\" extended "
               "disposition=\"INLINE\" languages[\"en\"] {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "encoding=\"7BIT\" size=1 lines=1}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1) \"MIXED\" "
               "(\"BOUNDARY\" \"b\") \"inline\" \"en\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" "
               "params[\"BOUNDARY\",\"b\"] extended disposition=\"inline\" languages[\"en\"] {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=1 lines=1}}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void counts(void **state)
{
    static const struct octets samples[] = {
        /* Bluemind and others: no lines */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 NIL NIL NIL NIL))",
            "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
            "size=5 extended}"),
        /* lavabit: lines where none belong */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 5 7 \"md5\" NIL))",
            "FETCH 1 fields=64 body {basic section=\"1\" \"IMAGE\"/\"PNG\" encoding=\"BASE64\" "
            "size=5 lines=7 extended md5=\"md5\"}"),
        /* Exchange and others: negative */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" -1 -1 NIL))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "extended}"),
        /* Mbox Mail: NIL */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" NIL NIL NIL NIL "
               "NIL NIL))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "extended}"),
        /* mail.ru */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 9.3736e+06 1.5e3))",
            "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
            "size=9373600 lines=1500}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" \"12\" 3))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=12 lines=3}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" "
               "99999999999999999999 3))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "lines=3} warn(2 \"99999999999999999999\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void parameters(void **state)
{
    static const struct octets samples[] = {
        /* several: a NIL boundary */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" NIL) NIL NIL \"7BIT\" 5 1))",
            "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
            "params[\"CHARSET\",\"\"] encoding=\"7BIT\" size=5 lines=1}"),
        /* Domino: no value */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\") NIL NIL \"7BIT\" 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "params[\"CHARSET\",\"\"] encoding=\"7BIT\" size=5 lines=1}"),
        /* Exchange: more parentheses */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" ((\"CHARSET\" \"x\")(\"NAME\" \"y\")) "
               "NIL NIL \"7BIT\" 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
               "params[\"CHARSET\",\"x\",\"NAME\",\"y\"] encoding=\"7BIT\" size=5 lines=1}"),
        /* VMime: atoms */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (CHARSET utf-8) NIL NIL \"7BIT\" 5 1))",
            "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" "
            "params[\"CHARSET\",\"utf-8\"] encoding=\"7BIT\" size=5 lines=1}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" () NIL NIL \"7BIT\" 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=5 lines=1}"),
        /* Exchange 2010: the encoding without quotes */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL 7BIT 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=5 lines=1}"),
        /* Office365: a blank behind it */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"base64 \" 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"base64\" "
               "size=5 lines=1}"),
        /* several: NIL */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL NIL 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" size=5 lines=1}"),
        /* several: NIL among the languages */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1 NIL NIL "
               "(\"en\" NIL \"de\") NIL))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=5 lines=1 extended languages[\"en\",\"de\"]}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void shapes(void **state)
{
    static const struct octets samples[] = {
        /* several: blanks between parts */
        OCTETS("* 1 FETCH (BODYSTRUCTURE ( (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1) (\"TEXT\" "
               "\"HTML\" NIL NIL NIL \"7BIT\" 5 1)  \"MIXED\" ))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=5 lines=1} {text "
               "section=\"2\" \"TEXT\"/\"HTML\" encoding=\"7BIT\" size=5 lines=1}}"),
        /* Bigfoot: a delivery status like a message */
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"DELIVERY-STATUS\" NIL NIL NIL \"7BIT\" 5 "
               "(NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"TEXT\" \"PLAIN\" NIL NIL NIL "
               "\"7BIT\" 5 1) 3))",
               "FETCH 1 fields=64 body {message section=\"1\" \"MESSAGE\"/\"DELIVERY-STATUS\" "
               "encoding=\"7BIT\" size=5 lines=3 env( subject=\"s\") {text section=\"1.1\" "
               "\"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=5 lines=1}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"DELIVERY-STATUS\" NIL NIL NIL \"7BIT\" 5 "
               "NIL NIL NIL NIL))",
               "FETCH 1 fields=64 body {basic section=\"1\" \"MESSAGE\"/\"DELIVERY-STATUS\" "
               "encoding=\"7BIT\" size=5 extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"multipart\" \"mixed\" NIL NIL NIL \"7BIT\" 0))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"multipart\"/\"mixed\" "
               "encoding=\"7BIT\"}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04: a field that makes no sense costs the rest of its part. */
static void z04_keeps_what_can_be_read(void **state)
{
    static const struct octets samples[] = {
        /* a quote inside what should be the encoding */
        OCTETS(
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL quoted\"x\" 5 1))",
            "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\"} warn(1 \" NIL NIL NIL "
            "quoted\"x\" 5 1)\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (()) (x) NIL \"7BIT\" 5 1)(\"TEXT\" "
               "\"HTML\" NIL NIL NIL \"7BIT\" 5 1) \"MIXED\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\"} {text section=\"2\" \"TEXT\"/\"HTML\" "
               "encoding=\"7BIT\" size=5 lines=1}} warn(1 \" (()) (x) NIL \"7BIT\" 5 1)\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" five 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\"} "
               "warn(1 \" NIL NIL NIL \"7BIT\" five 1)\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1 (x)))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" "
               "size=5 lines=1 extended} warn(1 \" NIL NIL NIL \"7BIT\" 5 1 (x))\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1) (x y) "
               "\"MIXED\"))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {text "
               "section=\"1\" \"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=5 lines=1} {basic "
               "section=\"2\" \"x\"/\"y\"}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1) \"MIXED\" "
               "5 6 7 8))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" extended "
               "disposition=\"6\" languages[\"7\"] location=\"8\" {text section=\"1\" "
               "\"TEXT\"/\"PLAIN\" encoding=\"7BIT\" size=5 lines=1}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 5)))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" {basic "
               "section=\"1\" \"A\"/\"B\" encoding=\"7BIT\" size=5}}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\"))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\"}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \nPLAIN\" NIL NIL NIL \"7BIT\" 5 1))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"plain\"} warn(1 \"\"TEXT\" "
               "\\x0aPLAIN\" NIL NIL NIL \"7BIT\" 5 1)\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (NIL (\"BOUNDARY\" \"x\") NIL))",
               "FETCH 1 fields=64 body {multipart section=\"\" \"MULTIPART\"/\"MIXED\" "
               "params[\"BOUNDARY\",\"x\"] extended}"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL))",
               "FETCH 1 fields=64 body {text section=\"1\" \"TEXT\"/\"PLAIN\"}"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04: the other items stay. */
static void z04_drops_half_structures(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (UID 5 BODYSTRUCTURE (\"TEXT\" \"PLAIN\")",
               "FETCH 1 fields=66 uid=5 body {text section=\"1\" \"TEXT\"/\"PLAIN\"} warn(1 \"* 1 "
               "FETCH (UID 5 BODYSTRUCTURE (\"TEXT\" \"PLAIN\")\")"),
        OCTETS("* 1 FETCH (UID 5 BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1)",
               "FETCH 1 fields=2 uid=5 warn(1 \"BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL "
               "\"7BIT\" 5 1)\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE x UID 5)",
               "FETCH 1 fields=2 uid=5 warn(1 \"BODYSTRUCTURE x\")"),
        OCTETS("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 (\"x) UID 5)",
               "FETCH 1 fields=0 warn(1 \"BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 "
               "(\"x) UID 5)\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* A response with `depth` parts one in another. The text is the caller's. */
static char *nested(const char *open, const char *leaf, const char *close, size_t depth)
{
    static const char head[] = "* 1 FETCH (BODYSTRUCTURE ";
    static const char tail[] = " UID 9)\r\n";
    size_t n = sizeof head + strlen(leaf) + depth * (strlen(open) + strlen(close)) + sizeof tail;
    char *line = malloc(n);
    size_t at = sizeof head - 1;

    assert_non_null(line);
    memcpy(line, head, at);
    for (size_t i = 0; i < depth; i++, at += strlen(open))
        memcpy(line + at, open, strlen(open));
    memcpy(line + at, leaf, strlen(leaf));
    at += strlen(leaf);
    for (size_t i = 0; i < depth; i++, at += strlen(close))
        memcpy(line + at, close, strlen(close));
    memcpy(line + at, tail, sizeof tail);
    return line;
}

/* 1 when the structure was read, 0 when it was dropped for its depth alone. */
static int is_read(char *line)
{
    struct imap_resp_opts o = reading_opts();
    struct imap_raw raw = {(const uint8_t *)line, strlen(line), 0};
    struct mla_imap_event ev;
    struct imap_resp resp;
    int is;

    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_int_equal(ev.fetch->uid, 9);
    is = ev.fetch->body != NULL;
    assert_int_equal(resp.warn.id, is ? 0 : MLA_IMAP_WARN_LIMIT);
    arena_free(&ev.arena);
    free(line);
    return is;
}

/* M09, X01, X22: depth has a limit, and costs no stack however deep it goes. */
static void m09_limits_depth(void **state)
{
    static const char leaf[] = "(\"A\" \"B\" NIL NIL NIL NIL 1)";
    static const char message[] = "(\"MESSAGE\" \"RFC822\" NIL NIL NIL NIL 1 "
                                  "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ";

    (void)state;
    assert_int_equal(is_read(nested("(", leaf, " \"MIXED\")", 63)), 1);
    assert_int_equal(is_read(nested("(", leaf, " \"MIXED\")", 64)), 0);
    assert_int_equal(is_read(nested("(", leaf, " \"MIXED\")", 20000)), 0);
    assert_int_equal(is_read(nested(message, leaf, " 5)", 63)), 1);
    assert_int_equal(is_read(nested(message, leaf, " 5)", 64)), 0);
    assert_int_equal(is_read(nested(message, leaf, " 5)", 20000)), 0);
    assert_int_equal(is_read(nested("(", "", ")", 1000000)), 0);
}

/* M09: a million parentheses where nobody looks inside. */
static void m09_goes_over_any_depth(void **state)
{
    enum { COUNT = 1000000 };
    static const char *const heads[] = {"* 1 FETCH (X ", "* 1 FETCH (ENVELOPE (NIL NIL ",
                                        "* 1 FETCH (BODY (A B NIL NIL NIL NIL 1 NIL NIL NIL NIL ",
                                        "* 1 FETCH (FLAGS ", "* LIST () \"/\" a (\"X\" "};
    struct imap_resp_opts o = reading_opts();
    char *line = malloc(2 * COUNT + 200);

    (void)state;
    assert_non_null(line);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        size_t at = strlen(heads[i]);
        struct reading r;

        memcpy(line, heads[i], at);
        memset(line + at, '(', COUNT);
        memset(line + at + COUNT, ')', COUNT + 2);
        memcpy(line + at + 2 * COUNT + 2, "\r\n", 2);
        r = read_once((const uint8_t *)line, at + 2 * COUNT + 4, mem_default(), 1 << 20, &o);
        assert_int_equal(r.rc, 0);
        free(r.text);
    }
    free(line);
}

/* X02: 100,000 parts in linear time; over the event's limit they are dropped, the rest stays. */
static void x02_limits_parts(void **state)
{
    enum { COUNT = 100000 };
    static const char head[] = "* 1 FETCH (BODYSTRUCTURE (";
    static const char unit[] = "(\"A\" \"B\" NIL NIL NIL NIL 1)";
    static const char tail[] = " \"MIXED\") UID 9)\r\n";
    size_t n = sizeof head - 1 + COUNT * (sizeof unit - 1) + sizeof tail - 1;
    struct imap_resp_opts o = reading_opts();
    char *line = malloc(n);
    struct imap_raw raw = {(const uint8_t *)line, n, 0};
    struct mla_imap_event ev;
    struct imap_resp resp;
    size_t at = sizeof head - 1;

    (void)state;
    assert_non_null(line);
    memcpy(line, head, at);
    for (size_t i = 0; i < COUNT; i++, at += sizeof unit - 1)
        memcpy(line + at, unit, sizeof unit - 1);
    memcpy(line + at, tail, sizeof tail - 1);
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 64 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_int_equal(ev.fetch->body->child_count, COUNT);
    arena_free(&ev.arena);
    arena_init(&ev.arena, mem_default(), 8 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_null(ev.fetch->body);
    assert_int_equal(ev.fetch->uid, 9);
    assert_int_equal(resp.warn.id, MLA_IMAP_WARN_LIMIT);
    arena_free(&ev.arena);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_parts),
        cmocka_unit_test(reads_multiparts),
        cmocka_unit_test(reads_messages),
        cmocka_unit_test(gmail_leaves_out_what_is_encoded),
        cmocka_unit_test(empty_multiparts),
        cmocka_unit_test(types_that_are_missing),
        cmocka_unit_test(dispositions),
        cmocka_unit_test(counts),
        cmocka_unit_test(parameters),
        cmocka_unit_test(shapes),
        cmocka_unit_test(z04_keeps_what_can_be_read),
        cmocka_unit_test(z04_drops_half_structures),
        cmocka_unit_test(m09_limits_depth),
        cmocka_unit_test(m09_goes_over_any_depth),
        cmocka_unit_test(x02_limits_parts),
    };

    return cmocka_run_group_tests_name("imap/resp_body", tests, NULL, NULL);
}
