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

/* Each with the words of its own document. */
static void reads_codes_of_extensions(void **state)
{
    static const struct octets samples[] = {
        /* RFC 2060 section 7.1 */
        OCTETS("A1 NO [NEWNAME blurdybloop \"mega blurdy\"] x",
               "A1 DONE status=2 code(42 atom=\"NEWNAME\" raw=\"NEWNAME blurdybloop \"mega "
               "blurdy\"\" words[\"blurdybloop\",\"mega blurdy\"]) text=\"x\""),
        /* RFC 2193 section 3: URLs, one or more, and no SP behind the bracket */
        OCTETS("A001 NO [REFERRAL IMAP://user;AUTH=*@SERVER2/REMOTE "
               "IMAP://user;AUTH=*@SERVER3/REMOTE] Remote mailbox.",
               "A001 DONE status=2 code(32 atom=\"REFERRAL\" raw=\"REFERRAL "
               "IMAP://user;AUTH=*@SERVER2/REMOTE IMAP://user;AUTH=*@SERVER3/REMOTE\" "
               "words[\"IMAP://user;AUTH=*@SERVER2/REMOTE\",\"IMAP://user;AUTH=*@SERVER3/REMOTE\"])"
               " text=\"Remote mailbox.\""),
        OCTETS("A001 NO [REFERRAL IMAP://user;AUTH=*@SERVER2/REMOTE]Remote Mailbox",
               "A001 DONE status=2 code(32 atom=\"REFERRAL\" raw=\"REFERRAL "
               "IMAP://user;AUTH=*@SERVER2/REMOTE\" words[\"IMAP://user;AUTH=*@SERVER2/REMOTE\"]) "
               "text=\"Remote Mailbox\""),
        /* RFC 5255 section 4.9 */
        OCTETS("A1 NO [BADCOMPARATOR] x",
               "A1 DONE status=2 code(43 atom=\"BADCOMPARATOR\" raw=\"BADCOMPARATOR\") text=\"x\""),
        /* RFC 5257 section 9 */
        OCTETS("A1 NO [ANNOTATE TOOBIG] x",
               "A1 DONE status=2 code(44 atom=\"ANNOTATE\" raw=\"ANNOTATE TOOBIG\") text=\"x\""),
        OCTETS("A1 NO [annotate toomany] x",
               "A1 DONE status=2 code(45 atom=\"annotate\" raw=\"annotate toomany\") text=\"x\""),
        OCTETS("A1 NO [ANNOTATE] x",
               "A1 DONE status=2 code(1 atom=\"ANNOTATE\" raw=\"ANNOTATE\") text=\"x\""),
        OCTETS("A1 NO [ANNOTATE OTHER] x",
               "A1 DONE status=2 code(1 atom=\"ANNOTATE\" raw=\"ANNOTATE OTHER\") text=\"x\""),
        OCTETS("* OK [ANNOTATIONS 20480 NOPRIVATE] x",
               "TEXT status=1 code(46 atom=\"ANNOTATIONS\" raw=\"ANNOTATIONS 20480 NOPRIVATE\" "
               "number=20480 words[\"20480\",\"NOPRIVATE\"]) text=\"x\""),
        OCTETS("* OK [ANNOTATIONS READ-ONLY] x",
               "TEXT status=1 code(46 atom=\"ANNOTATIONS\" raw=\"ANNOTATIONS READ-ONLY\" "
               "words[\"READ-ONLY\"]) text=\"x\""),
        OCTETS("* OK [ANNOTATIONS] x", "TEXT status=1 code(46 atom=\"ANNOTATIONS\" "
                                       "raw=\"ANNOTATIONS\") text=\"x\" warn(1 \"[ANNOTATIONS]\")"),
        /* RFC 5464 section 5 */
        OCTETS("A1 OK [METADATA LONGENTRIES 2199] x",
               "A1 DONE status=1 code(47 atom=\"METADATA\" raw=\"METADATA LONGENTRIES 2199\" "
               "number=2199) text=\"x\""),
        OCTETS("A1 NO [METADATA MAXSIZE 1024] x",
               "A1 DONE status=2 code(48 atom=\"METADATA\" raw=\"METADATA MAXSIZE 1024\" "
               "number=1024) text=\"x\""),
        OCTETS("A1 NO [METADATA MAXSIZE] x",
               "A1 DONE status=2 code(48 atom=\"METADATA\" raw=\"METADATA MAXSIZE\") text=\"x\" "
               "warn(1 \"[METADATA MAXSIZE]\")"),
        OCTETS("A1 NO [METADATA TOOMANY] x",
               "A1 DONE status=2 code(49 atom=\"METADATA\" raw=\"METADATA TOOMANY\") text=\"x\""),
        OCTETS("A1 NO [METADATA NOPRIVATE] x",
               "A1 DONE status=2 code(50 atom=\"METADATA\" raw=\"METADATA NOPRIVATE\") text=\"x\""),
        /* RFC 5465 sections 5 and 6 */
        OCTETS("* OK [NOTIFICATIONOVERFLOW] x",
               "TEXT status=1 code(51 atom=\"NOTIFICATIONOVERFLOW\" raw=\"NOTIFICATIONOVERFLOW\") "
               "text=\"x\""),
        OCTETS("A1 NO [BADEVENT (MessageNew MessageExpunge)] x",
               "A1 DONE status=2 code(52 atom=\"BADEVENT\" raw=\"BADEVENT (MessageNew "
               "MessageExpunge)\" words[\"MessageNew\",\"MessageExpunge\"]) text=\"x\""),
        /* RFC 5466 section 3.1 */
        OCTETS("A1 NO [UNDEFINED-FILTER on-the-road] x",
               "A1 DONE status=2 code(53 atom=\"UNDEFINED-FILTER\" raw=\"UNDEFINED-FILTER "
               "on-the-road\" string=\"on-the-road\") text=\"x\""),
        /* RFC 6154 section 6 */
        OCTETS("A1 NO [USEATTR] x",
               "A1 DONE status=2 code(54 atom=\"USEATTR\" raw=\"USEATTR\") text=\"x\""),
        /* RFC 4467 section 9 */
        OCTETS("* OK [URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==] x",
               "TEXT status=1 code(55 atom=\"URLMECH\" raw=\"URLMECH INTERNAL "
               "XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==\" "
               "words[\"INTERNAL\",\"XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==\"]) text=\"x\""),
        /* RFC 4469 sections 4 and 5: bare by its grammar, in quotes in its example */
        OCTETS("A1 NO [BADURL \"/INBOX;UIDVALIDITY=785799047/;UID=113330;section=1.5.9\"] x",
               "A1 DONE status=2 code(56 atom=\"BADURL\" raw=\"BADURL "
               "\"/INBOX;UIDVALIDITY=785799047/;UID=113330;section=1.5.9\"\" "
               "string=\"/INBOX;UIDVALIDITY=785799047/;UID=113330;section=1.5.9\") text=\"x\""),
        OCTETS("A1 NO [BADURL /a b;UID=1 ] x",
               "A1 DONE status=2 code(56 atom=\"BADURL\" raw=\"BADURL /a b;UID=1 \" string=\"/a "
               "b;UID=1\") text=\"x\""),
        OCTETS("A1 NO [BADURL] x", "A1 DONE status=2 code(56 atom=\"BADURL\" raw=\"BADURL\") "
                                   "text=\"x\" warn(1 \"[BADURL]\")"),
        OCTETS("* OK [BADURL \"a\\\"]\"] x",
               "TEXT status=1 code(56 atom=\"BADURL\" raw=\"BADURL \"a\\\"]\"\" string=\"a\"]\") "
               "text=\"x\""),
        /* RFC 4978 section 3 */
        OCTETS("A1 NO [COMPRESSIONACTIVE] x",
               "A1 DONE status=2 code(57 atom=\"COMPRESSIONACTIVE\" raw=\"COMPRESSIONACTIVE\") "
               "text=\"x\""),
        /* RFC 5267 section 4.3.1 */
        OCTETS("* NO [NOUPDATE \"B02\"] x", "TEXT status=2 code(58 atom=\"NOUPDATE\" "
                                            "raw=\"NOUPDATE \"B02\"\" string=\"B02\") text=\"x\""),
        /* RFC 5259 section 10 */
        OCTETS("A1 NO [TEMPFAIL] x",
               "A1 DONE status=2 code(59 atom=\"TEMPFAIL\" raw=\"TEMPFAIL\") text=\"x\""),
        OCTETS("A1 NO [MAXCONVERTMESSAGES 1] x",
               "A1 DONE status=2 code(60 atom=\"MAXCONVERTMESSAGES\" raw=\"MAXCONVERTMESSAGES 1\" "
               "number=1) text=\"x\""),
        OCTETS("A1 NO [MAXCONVERTPARTS 10] x",
               "A1 DONE status=2 code(61 atom=\"MAXCONVERTPARTS\" raw=\"MAXCONVERTPARTS 10\" "
               "number=10) text=\"x\""),
        /* RFC 8474 section 4.1; several servers leave out the parentheses */
        OCTETS("* OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] Ok",
               "TEXT status=1 code(62 atom=\"MAILBOXID\" raw=\"MAILBOXID "
               "(F2212ea87-6097-4256-9d51-71338625)\" "
               "string=\"F2212ea87-6097-4256-9d51-71338625\") text=\"Ok\""),
        OCTETS("* OK [MAILBOXID F2] Ok", "TEXT status=1 code(62 atom=\"MAILBOXID\" raw=\"MAILBOXID "
                                         "F2\" string=\"F2\") text=\"Ok\""),
        OCTETS("* OK [MAILBOXID ()] Ok", "TEXT status=1 code(62 atom=\"MAILBOXID\" raw=\"MAILBOXID "
                                         "()\") text=\"Ok\" warn(1 \"[MAILBOXID ()]\")"),
        /* RFC 9586 section 3 */
        OCTETS("A1 BAD [UIDREQUIRED] x",
               "A1 DONE status=3 code(64 atom=\"UIDREQUIRED\" raw=\"UIDREQUIRED\") text=\"x\""),
        OCTETS("* OK [JMAPACCESS \"https://example.com/.s/[jmap]\"] x",
               "TEXT status=1 code(65 atom=\"JMAPACCESS\" raw=\"JMAPACCESS "
               "\"https://example.com/.s/[jmap]\"\" string=\"https://example.com/.s/[jmap]\") "
               "text=\"x\""),
        OCTETS("* OK [JMAPACCESS] x", "TEXT status=1 code(65 atom=\"JMAPACCESS\" "
                                      "raw=\"JMAPACCESS\" string=\"\") text=\"x\""),
        OCTETS("A1 NO [TOOFEW] x",
               "A1 DONE status=2 code(67 atom=\"TOOFEW\" raw=\"TOOFEW\") text=\"x\""),
        OCTETS("A1 NO [TOOMANY] x",
               "A1 DONE status=2 code(68 atom=\"TOOMANY\" raw=\"TOOMANY\") text=\"x\""),
        /* Gmail */
        OCTETS("A1 NO [THROTTLED] x",
               "A1 DONE status=2 code(69 atom=\"THROTTLED\" raw=\"THROTTLED\") text=\"x\""),
        OCTETS("* NO [WEBALERT https://accounts.google.com/signin/continue?plt=AKgn] Web login "
               "required.",
               "TEXT status=2 code(70 atom=\"WEBALERT\" raw=\"WEBALERT "
               "https://accounts.google.com/signin/continue?plt=AKgn\" "
               "string=\"https://accounts.google.com/signin/continue?plt=AKgn\") text=\"Web login "
               "required.\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Values that may be absent say so in fields. */
static void tells_absent_from_zero(void **state)
{
    static const struct octets samples[] = {
        /* RFC 9585 section 4 */
        OCTETS("* OK [INPROGRESS (\"A001\" 454 1000)] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS (\"A001\" 454 1000)\" "
               "number=454 goal=1000 string=\"A001\" fields=11) text=\"x\""),
        OCTETS("* OK [INPROGRESS (\"A001\" 0 NIL)] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS (\"A001\" 0 NIL)\" "
               "string=\"A001\" fields=9) text=\"x\""),
        OCTETS("* OK [INPROGRESS (NIL NIL NIL)] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS (NIL NIL NIL)\") "
               "text=\"x\""),
        OCTETS("* OK [INPROGRESS] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS\") text=\"x\""),
        OCTETS("* OK [INPROGRESS (\"A001\" 454)] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS (\"A001\" 454)\") "
               "text=\"x\" warn(1 \"[INPROGRESS (\"A001\" 454)]\")"),
        OCTETS("* OK [INPROGRESS 5] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS 5\") text=\"x\" warn(1 "
               "\"[INPROGRESS 5]\")"),
        OCTETS("* OK [INPROGRESS (\"A001\" 4294967296 5)] x",
               "TEXT status=1 code(63 atom=\"INPROGRESS\" raw=\"INPROGRESS (\"A001\" 4294967296 "
               "5)\") text=\"x\" warn(2 \"[INPROGRESS (\"A001\" 4294967296 5)]\")"),
        /* RFC 9738 section 3 */
        OCTETS("A1 NO [MESSAGELIMIT 1000 20001] x",
               "A1 DONE status=2 code(66 atom=\"MESSAGELIMIT\" raw=\"MESSAGELIMIT 1000 20001\" "
               "number=1000 uid=20001 fields=5) text=\"x\""),
        OCTETS("A1 NO [MESSAGELIMIT 1000] x",
               "A1 DONE status=2 code(66 atom=\"MESSAGELIMIT\" raw=\"MESSAGELIMIT 1000\" "
               "number=1000 fields=1) text=\"x\""),
        OCTETS("A1 NO [MESSAGELIMIT 1000 4294967296] x",
               "A1 DONE status=2 code(66 atom=\"MESSAGELIMIT\" raw=\"MESSAGELIMIT 1000 "
               "4294967296\") text=\"x\" warn(2 \"[MESSAGELIMIT 1000 4294967296]\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void hands_on_other_codes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* OK [LIMIT MESSAGESIZE 5] x",
               "TEXT status=1 code(20 atom=\"LIMIT\" raw=\"LIMIT MESSAGESIZE 5\") text=\"x\""),
        OCTETS("* OK [XNEW 1 (2 \"]\")] x",
               "TEXT status=1 code(1 atom=\"XNEW\" raw=\"XNEW 1 (2 \"]\")\") text=\"x\""),
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
        cmocka_unit_test(reads_codes_of_extensions),
        cmocka_unit_test(tells_absent_from_zero),
        cmocka_unit_test(hands_on_other_codes),
    };

    return cmocka_run_group_tests_name("imap/resp_code", tests, NULL, NULL);
}
