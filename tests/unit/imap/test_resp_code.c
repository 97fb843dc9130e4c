/* test_resp_code.c - lib/imap/resp_code */
#include "reading.h"

static void reads_codes_without_arguments(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* OK [ALERT] x", "TEXT status=1 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\"x\""),
        OCTETS("* NO [ALREADYEXISTS] x",
               "TEXT status=2 code(3 atom=\"ALREADYEXISTS\" raw=\"ALREADYEXISTS\") text=\"x\""),
        OCTETS("* NO [AUTHENTICATIONFAILED] x",
               "TEXT status=2 code(5 atom=\"AUTHENTICATIONFAILED\" raw=\"AUTHENTICATIONFAILED\") "
               "text=\"x\""),
        OCTETS("* NO [AUTHORIZATIONFAILED] x", "TEXT status=2 code(6 atom=\"AUTHORIZATIONFAILED\" "
                                               "raw=\"AUTHORIZATIONFAILED\") text=\"x\""),
        OCTETS("* NO [CANNOT] x",
               "TEXT status=2 code(8 atom=\"CANNOT\" raw=\"CANNOT\") text=\"x\""),
        OCTETS("* BAD [CLIENTBUG] x",
               "TEXT status=3 code(10 atom=\"CLIENTBUG\" raw=\"CLIENTBUG\") text=\"x\""),
        OCTETS("* OK [CLOSED] x",
               "TEXT status=1 code(11 atom=\"CLOSED\" raw=\"CLOSED\") text=\"x\""),
        OCTETS("* NO [CONTACTADMIN] x",
               "TEXT status=2 code(12 atom=\"CONTACTADMIN\" raw=\"CONTACTADMIN\") text=\"x\""),
        OCTETS("* NO [CORRUPTION] x",
               "TEXT status=2 code(14 atom=\"CORRUPTION\" raw=\"CORRUPTION\") text=\"x\""),
        OCTETS("* NO [EXPIRED] x",
               "TEXT status=2 code(15 atom=\"EXPIRED\" raw=\"EXPIRED\") text=\"x\""),
        OCTETS("* OK [EXPUNGEISSUED] x",
               "TEXT status=1 code(16 atom=\"EXPUNGEISSUED\" raw=\"EXPUNGEISSUED\") text=\"x\""),
        OCTETS("* NO [HASCHILDREN] x",
               "TEXT status=2 code(17 atom=\"HASCHILDREN\" raw=\"HASCHILDREN\") text=\"x\""),
        OCTETS("* NO [INUSE] x", "TEXT status=2 code(19 atom=\"INUSE\" raw=\"INUSE\") text=\"x\""),
        OCTETS("* OK [NOMODSEQ] x",
               "TEXT status=1 code(22 atom=\"NOMODSEQ\" raw=\"NOMODSEQ\") text=\"x\""),
        OCTETS("* NO [NONEXISTENT] x",
               "TEXT status=2 code(23 atom=\"NONEXISTENT\" raw=\"NONEXISTENT\") text=\"x\""),
        OCTETS("* NO [NOPERM] x",
               "TEXT status=2 code(24 atom=\"NOPERM\" raw=\"NOPERM\") text=\"x\""),
        OCTETS("* NO [NOTSAVED] x",
               "TEXT status=2 code(25 atom=\"NOTSAVED\" raw=\"NOTSAVED\") text=\"x\""),
        OCTETS("* NO [OVERQUOTA] x",
               "TEXT status=2 code(26 atom=\"OVERQUOTA\" raw=\"OVERQUOTA\") text=\"x\""),
        OCTETS("* OK [PARSE] x", "TEXT status=1 code(27 atom=\"PARSE\" raw=\"PARSE\") text=\"x\""),
        OCTETS(
            "* NO [PRIVACYREQUIRED] x",
            "TEXT status=2 code(29 atom=\"PRIVACYREQUIRED\" raw=\"PRIVACYREQUIRED\") text=\"x\""),
        OCTETS("* OK [READ-ONLY] x",
               "TEXT status=1 code(30 atom=\"READ-ONLY\" raw=\"READ-ONLY\") text=\"x\""),
        OCTETS("* OK [READ-WRITE] x",
               "TEXT status=1 code(31 atom=\"READ-WRITE\" raw=\"READ-WRITE\") text=\"x\""),
        OCTETS("* NO [SERVERBUG] x",
               "TEXT status=2 code(33 atom=\"SERVERBUG\" raw=\"SERVERBUG\") text=\"x\""),
        OCTETS("* NO [TOOBIG] x",
               "TEXT status=2 code(34 atom=\"TOOBIG\" raw=\"TOOBIG\") text=\"x\""),
        OCTETS("* NO [TRYCREATE] x",
               "TEXT status=2 code(35 atom=\"TRYCREATE\" raw=\"TRYCREATE\") text=\"x\""),
        OCTETS("* NO [UIDNOTSTICKY] x",
               "TEXT status=2 code(37 atom=\"UIDNOTSTICKY\" raw=\"UIDNOTSTICKY\") text=\"x\""),
        OCTETS("* NO [UNAVAILABLE] x",
               "TEXT status=2 code(39 atom=\"UNAVAILABLE\" raw=\"UNAVAILABLE\") text=\"x\""),
        OCTETS("* NO [UNKNOWN-CTE] x",
               "TEXT status=2 code(40 atom=\"UNKNOWN-CTE\" raw=\"UNKNOWN-CTE\") text=\"x\""),
        OCTETS("* NO [alert] x", "TEXT status=2 code(2 atom=\"alert\" raw=\"alert\") text=\"x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_codes_with_numbers(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* OK [UIDNEXT 4392] x",
            "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT 4392\" number=4392) text=\"x\""),
        OCTETS("* OK [UIDVALIDITY 3857529045] x",
               "TEXT status=1 code(38 atom=\"UIDVALIDITY\" raw=\"UIDVALIDITY 3857529045\" "
               "number=3857529045) text=\"x\""),
        OCTETS("* OK [UNSEEN 12] x",
               "TEXT status=1 code(41 atom=\"UNSEEN\" raw=\"UNSEEN 12\" number=12) text=\"x\""),
        OCTETS("* OK [HIGHESTMODSEQ 9223372036854775807] x",
               "TEXT status=1 code(18 atom=\"HIGHESTMODSEQ\" raw=\"HIGHESTMODSEQ "
               "9223372036854775807\" number=9223372036854775807) text=\"x\""),
        /* several: 0 */
        OCTETS("* OK [UIDNEXT 0] x",
               "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT 0\") text=\"x\""),
        OCTETS("* OK [UIDVALIDITY 0] x",
               "TEXT status=1 code(38 atom=\"UIDVALIDITY\" raw=\"UIDVALIDITY 0\") text=\"x\""),
        /* Gmail: no text */
        OCTETS("* OK [HIGHESTMODSEQ 715194045007]",
               "TEXT status=1 code(18 atom=\"HIGHESTMODSEQ\" raw=\"HIGHESTMODSEQ 715194045007\" "
               "number=715194045007) text=\"\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_lists(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] x",
               "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS (\\Deleted "
               "\\Seen \\*)\" words[\"\\Deleted\",\"\\Seen\",\"\\*\"]) text=\"x\""),
        OCTETS(
            "* OK [PERMANENTFLAGS ()] x",
            "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS ()\") text=\"x\""),
        OCTETS("* NO [BADCHARSET] x",
               "TEXT status=2 code(7 atom=\"BADCHARSET\" raw=\"BADCHARSET\") text=\"x\""),
        OCTETS("* NO [BADCHARSET (UTF-8 \"US-ASCII\")] x",
               "TEXT status=2 code(7 atom=\"BADCHARSET\" raw=\"BADCHARSET (UTF-8 \"US-ASCII\")\" "
               "words[\"UTF-8\",\"US-ASCII\"]) text=\"x\""),
        OCTETS("* OK [CAPABILITY IMAP4rev1 IDLE] x",
               "TEXT status=1 code(9 atom=\"CAPABILITY\" raw=\"CAPABILITY IMAP4rev1 IDLE\" "
               "words[\"IMAP4rev1\",\"IDLE\"]) text=\"x\" capabilities=2"),
        /* several: a blank in LITERAL+ */
        OCTETS("* OK [CAPABILITY IMAP4rev1 LITERAL + IDLE ] x",
               "TEXT status=1 code(9 atom=\"CAPABILITY\" raw=\"CAPABILITY IMAP4rev1 LITERAL + IDLE "
               "\" words[\"IMAP4rev1\",\"LITERAL+\",\"IDLE\"]) text=\"x\" capabilities=3"),
        /* Gmail: ] in flags */
        OCTETS("* OK [PERMANENTFLAGS (a]b \\*)] x",
               "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS (a]b \\*)\" "
               "words[\"a]b\",\"\\*\"]) text=\"x\""),
        OCTETS("* OK [PERMANENTFLAGS (\"]\" c)] x",
               "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS (\"]\" c)\" "
               "words[\"]\",\"c\"]) text=\"x\""),
        OCTETS(
            "* OK [PERMANENTFLAGS NIL] x",
            "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS NIL\") text=\"x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* M06: 1:4294967295 is one range. */
static void m06_keeps_sets_as_ranges(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "A1 OK [COPYUID 38505 304,319:320 3956:3958] x",
            "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 38505 304,319:320 3956:3958\" "
            "uidvalidity=38505 source[304,319:320] destination[3956:3958]) text=\"x\""),
        OCTETS("A1 OK [APPENDUID 38505 3955] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 38505 3955\" "
               "uidvalidity=38505 destination[3955]) text=\"x\""),
        OCTETS("A1 OK [APPENDUID 38505 3955:3957] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 38505 3955:3957\" "
               "uidvalidity=38505 destination[3955:3957]) text=\"x\""),
        OCTETS(
            "A1 OK [COPYUID 1 1:4294967295 1:4294967295] x",
            "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 1 1:4294967295 1:4294967295\" "
            "uidvalidity=1 source[1:4294967295] destination[1:4294967295]) text=\"x\""),
        OCTETS("A1 OK [APPENDUID 1 1:4294967295] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 1 1:4294967295\" "
               "uidvalidity=1 destination[1:4294967295]) text=\"x\""),
        OCTETS("A1 OK [MODIFIED 7,9:12] x", "A1 DONE status=1 code(21 atom=\"MODIFIED\" "
                                            "raw=\"MODIFIED 7,9:12\" source[7,9:12]) text=\"x\""),
        /* Outlook.com: empty sets */
        OCTETS("A1 OK [COPYUID 7  ] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 7 "
                                        " \" uidvalidity=7) text=\"x\""),
        OCTETS("A1 OK [COPYUID 7 ] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 7 "
                                       "\" uidvalidity=7) text=\"x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z03, Z04: the id and the raw text stay. */
static void z04_lives_with_half_codes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("A1 OK [COPYUID] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID\") "
                                    "text=\"x\" warn(1 \"[COPYUID]\")"),
        OCTETS("A1 OK [COPYUID 1] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 1\" "
                                      "uidvalidity=1) text=\"x\""),
        OCTETS("A1 OK [COPYUID 1 2] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 1 "
                                        "2\") text=\"x\" warn(1 \"[COPYUID 1 2]\")"),
        OCTETS("A1 OK [COPYUID 1 2 x] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID "
                                          "1 2 x\") text=\"x\" warn(1 \"[COPYUID 1 2 x]\")"),
        OCTETS("A1 OK [COPYUID 1 0 4] x", "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID "
                                          "1 0 4\") text=\"x\" warn(2 \"[COPYUID 1 0 4]\")"),
        OCTETS("A1 OK [COPYUID 4294967296 1 1] x",
               "A1 DONE status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 4294967296 1 1\") "
               "text=\"x\" warn(2 \"[COPYUID 4294967296 1 1]\")"),
        OCTETS("A1 OK [APPENDUID 1] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 1\") text=\"x\" warn(1 "
               "\"[APPENDUID 1]\")"),
        OCTETS("A1 OK [APPENDUID 1 4294967296] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 1 4294967296\") "
               "text=\"x\" warn(2 \"[APPENDUID 1 4294967296]\")"),
        OCTETS("A1 OK [APPENDUID 1 2 3] x",
               "A1 DONE status=1 code(4 atom=\"APPENDUID\" raw=\"APPENDUID 1 2 3\") text=\"x\" "
               "warn(1 \"[APPENDUID 1 2 3]\")"),
        OCTETS("* OK [UIDNEXT] x", "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT\") "
                                   "text=\"x\" warn(1 \"[UIDNEXT]\")"),
        OCTETS("* OK [UIDNEXT 4294967296] x",
               "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT 4294967296\") text=\"x\" "
               "warn(2 \"[UIDNEXT 4294967296]\")"),
        OCTETS("* OK [UIDNEXT -1] x", "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT -1\") "
                                      "text=\"x\" warn(1 \"[UIDNEXT -1]\")"),
        OCTETS("* OK [UIDNEXT 5x] x", "TEXT status=1 code(36 atom=\"UIDNEXT\" raw=\"UIDNEXT 5x\") "
                                      "text=\"x\" warn(1 \"[UIDNEXT 5x]\")"),
        OCTETS("* OK [HIGHESTMODSEQ 9223372036854775808] x",
               "TEXT status=1 code(18 atom=\"HIGHESTMODSEQ\" raw=\"HIGHESTMODSEQ "
               "9223372036854775808\") text=\"x\" warn(2 \"[HIGHESTMODSEQ 9223372036854775808]\")"),
        OCTETS("* OK [PERMANENTFLAGS (\\Seen] x",
               "TEXT status=1 code(28 atom=\"PERMANENTFLAGS\" raw=\"PERMANENTFLAGS (\\Seen\") "
               "text=\"x\" warn(1 \"[PERMANENTFLAGS (\\Seen]\")"),
        OCTETS("* OK [UNSEEN 1", "TEXT status=1 text=\"[UNSEEN 1\""),
        OCTETS("* OK [", "TEXT status=1 text=\"[\""),
        OCTETS("* OK []", "TEXT status=1 code(1 atom=\"\" raw=\"\") text=\"\""),
        OCTETS("* OK [NIL] x", "TEXT status=1 code(1 atom=\"NIL\" raw=\"NIL\") text=\"x\""),
        OCTETS("* OK [ ] x", "TEXT status=1 code(1 atom=\"\" raw=\" \") text=\"x\""),
        OCTETS("* OK [[]] x", "TEXT status=1 code(1 atom=\"[\" raw=\"[\") text=\"] x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void hands_on_other_codes(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* NO [REFERRAL imap://h/a%20b] x",
            "TEXT status=2 code(32 atom=\"REFERRAL\" raw=\"REFERRAL imap://h/a%20b\") text=\"x\""),
        OCTETS("* OK [LIMIT MESSAGESIZE 5] x",
               "TEXT status=1 code(20 atom=\"LIMIT\" raw=\"LIMIT MESSAGESIZE 5\") text=\"x\""),
        OCTETS("* OK [XNEW 1 (2 \"]\")] x",
               "TEXT status=1 code(1 atom=\"XNEW\" raw=\"XNEW 1 (2 \"]\")\") text=\"x\""),
        OCTETS("* OK [BADURL \"a\\\"]\"] x",
               "TEXT status=1 code(1 atom=\"BADURL\" raw=\"BADURL \"a\\\"]\"\") text=\"x\""),
        OCTETS("* OK [X \"open] x", "TEXT status=1 code(1 atom=\"X\" raw=\"X \"open\") text=\"x\""),
        OCTETS("* OK [X (open] x", "TEXT status=1 code(1 atom=\"X\" raw=\"X (open\") text=\"x\""),
        OCTETS("* OK text [ALERT] y", "TEXT status=1 text=\"text [ALERT] y\""),
        OCTETS("* OK [ALERT]text",
               "TEXT status=1 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\"text\""),
        OCTETS("* OK [ALERT]  two blanks",
               "TEXT status=1 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\" two blanks\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_codes_without_arguments),
        cmocka_unit_test(reads_codes_with_numbers),
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(m06_keeps_sets_as_ranges),
        cmocka_unit_test(z04_lives_with_half_codes),
        cmocka_unit_test(hands_on_other_codes),
    };

    return cmocka_run_group_tests_name("imap/resp_code", tests, NULL, NULL);
}
