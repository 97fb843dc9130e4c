/* test_collect.c - lib/collect/collect, decide, work, leave: whole sessions */
#include "maildrop.h"

static int fresh_start(void **state)
{
    (void)state;
    reset();
    return 0;
}

static void put_three(void)
{
    put_letter("a", "Subject: one\r\n\r\nfirst\r\n");
    put_letter("b", "Subject: two\r\n\r\n.second\r\n..\r\n");
    put_letter("c", "Subject: three\r\n\r\n");
}

static void keeps_all(void **state)
{
    (void)state;
    put_three();
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\ndone 0\n");
    assert_int_equal(client.got_count, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(client.got[i], server.letter[i].text);
    assert_int_equal(client.sum.listed, 3);
    assert_int_equal(client.sum.stored, 3);
    assert_int_equal(client.sum.fetched, 3);
    assert_int_equal(client.sum.octets, 23 + 29 + 18);
    assert_int_equal(server.count, 3);
    assert_int_equal(uncommitted, 0);
    /* a second one fetches nothing; the oldest is looked at */
    session_is("plan 3: 3 known, 0 fresh, 0 unsure\nskip 2 note=file2\nskip 3 note=file3\n"
               "skip 1 note=file1\nall\ndone 0\n");
    assert_int_equal(server.retrs, 0);
    assert_int_equal(server.tops, 1);
    assert_int_equal(client.sum.known, 3);
    put_letter("d", "Subject: four\r\n\r\n");
    session_is("plan 4: 3 known, 1 fresh, 0 unsure\nskip 2 note=file2\nskip 3 note=file3\n"
               "skip 1 note=file1\nbegin 4\nend 4\nall\ndone 0\n");
    assert_int_equal(server.retrs, 1);
}

static void deletes_what_is_stored(void **state)
{
    (void)state;
    put_three();
    client.args.policy = MLA_COLLECT_DELETE;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\n"
               "deleted 1 note=file1\ndeleted 2 note=file2\ndeleted 3 note=file3\ndone 0\n");
    assert_int_equal(server.count, 0);
    assert_int_equal(client.sum.deleted, 3);
    assert_int_equal(kept_count(), 0);
    assert_int_equal(uncommitted, 0);
    session_is("plan 0: 0 known, 0 fresh, 0 unsure\nall\ndone 0\n");
}

static void deletes_nothing_that_is_not_stored_P30(void **state)
{
    (void)state;
    put_three();
    client.args.policy = MLA_COLLECT_DELETE;
    client.store_none = 1;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\ndone 0\n");
    assert_int_equal(server.deles, 0);
    assert_int_equal(server.count, 3);
    assert_int_equal(kept_count(), 0);
    client.store_none = 0;
    client.store_late = 1;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\n"
               "deleted 1 note=file1\ndeleted 2 note=file2\ndeleted 3 note=file3\ndone 0\n");
    assert_int_equal(server.count, 0);
}

/* What an earlier session kept is deleted only when its header is the same. */
static void deletes_what_was_kept(void **state)
{
    (void)state;
    put_three();
    session();
    client.args.policy = MLA_COLLECT_DELETE;
    client.keep_all = 1;
    session_is("plan 3: 0 known, 0 fresh, 3 unsure\nskip 1 leaving note=file1\n"
               "skip 2 leaving note=file2\nskip 3 leaving note=file3\nall\ndone 0\n");
    assert_int_equal(server.count, 3);
    client.keep_all = 0;
    session_is("plan 3: 0 known, 0 fresh, 3 unsure\nskip 1 leaving note=file1\n"
               "skip 2 leaving note=file2\nskip 3 leaving note=file3\nall\n"
               "deleted 1 note=file1\ndeleted 2 note=file2\ndeleted 3 note=file3\ndone 0\n");
    assert_int_equal(server.tops, 3);
    assert_int_equal(server.retrs, 0);
    assert_int_equal(server.count, 0);
}

static void deletes_by_age_and_number(void **state)
{
    (void)state;
    put_three();
    client.args.policy = MLA_COLLECT_DELETE_AGED;
    client.args.keep_days = 2;
    client.args.now_s = 1700000000;
    session();
    assert_int_equal(server.count, 3);
    client.args.now_s += 2 * 86400 - 1;
    session();
    assert_int_equal(server.count, 3);
    assert_int_equal(server.deles, 0);
    client.args.now_s++;
    put_letter("d", "Subject: four\r\n\r\n");
    session();
    assert_int_equal(server.deles, 3);
    assert_int_equal(server.count, 1);
    assert_string_equal(server.letter[0].uidl, "d");
    put_letter("e", "Subject: five\r\n\r\n");
    put_letter("f", "Subject: six\r\n\r\n");
    client.args.policy = MLA_COLLECT_DELETE_BEYOND;
    client.args.keep_newest = 2;
    session();
    assert_int_equal(server.count, 2);
    assert_string_equal(server.letter[0].uidl, "e");
    client.args.keep_newest = 0;
    session();
    assert_int_equal(server.count, 0);
}

/* QUIT's answer does not come: what became of the messages is found out next time. */
static void reconciles(void **state)
{
    (void)state;
    put_three();
    client.args.policy = MLA_COLLECT_DELETE;
    server.quit_silent = 1;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\ndone -111\n");
    assert_int_equal(client.error, MLA_E_UNKNOWN_OUTCOME);
    assert_int_equal(client.sum.doubtful, 3);
    assert_int_equal(client.sum.deleted, 0);
    assert_int_equal(server.count, 0);
    server.quit_silent = 0;
    session_is("plan 0: 0 known, 0 fresh, 0 unsure\nall\nreconciled 0 note=file1\n"
               "reconciled 0 note=file2\nreconciled 0 note=file3\ndone 0\n");
    assert_int_equal(kept_count(), 0);
    /* the same, but QUIT was lost on its way */
    put_three();
    server.quit_lost = 1;
    session();
    assert_int_equal(server.count, 3);
    server.quit_lost = 0;
    session_is("plan 3: 0 known, 0 fresh, 3 unsure\nreconciled 1 note=file1\n"
               "skip 1 leaving note=file1\nreconciled 2 note=file2\nskip 2 leaving note=file2\n"
               "reconciled 3 note=file3\nskip 3 leaving note=file3\nall\n"
               "deleted 1 note=file1\ndeleted 2 note=file2\ndeleted 3 note=file3\ndone 0\n");
    assert_int_equal(kept_count(), 0);
    /* some could not be deleted, and the server does not say which */
    put_three();
    server.quit_refused = 1;
    session();
    assert_int_equal(client.error, MLA_E_NO);
    assert_int_equal(client.sum.doubtful, 3);
    server.quit_refused = 0;
    drop_letter(1);
    session_is(
        "plan 2: 0 known, 0 fresh, 2 unsure\nreconciled 1 note=file1\n"
        "skip 1 leaving note=file1\nreconciled 2 note=file3\nskip 2 leaving note=file3\nall\n"
        "reconciled 0 note=file2\n"
        "deleted 1 note=file1\ndeleted 2 note=file3\ndone 0\n");
    assert_int_equal(kept_count(), 0);
}

/* While it is in doubt whether QUIT deleted it, a new message has come under its UIDL. */
static void a_reused_uidl_in_doubt_is_fetched(void **state)
{
    (void)state;
    put_letter("a", "Subject: one\r\n\r\nfirst\r\n");
    client.args.policy = MLA_COLLECT_DELETE;
    server.quit_silent = 1;
    session();
    server.quit_silent = 0;
    put_letter("a", "Subject: two\r\n\r\nother\r\n"); /* of the same size */
    session_is("plan 1: 0 known, 0 fresh, 1 unsure\nwarning 1 about 1\nbegin 1 again\nend 1 again\n"
               "all\ndeleted 1 again note=file1\ndone 0\n");
    assert_string_equal(client.got[0], "Subject: two\r\n\r\nother\r\n");
    assert_int_equal(server.count, 0);
}

/* The maildrop was emptied, and the server counts from the beginning. */
static void uidls_that_come_again_are_found_out(void **state)
{
    (void)state;
    put_letter("1", "Subject: one\r\n\r\nfirst\r\n");
    put_letter("2", "Subject: two\r\n\r\nsecond\r\n");
    session();
    server.count = 0;
    put_letter("1", "Subject: six\r\n\r\nother\r\n");
    put_letter("2", "Subject: ten\r\n\r\nothers\r\n");
    put_letter("3", "Subject: new\r\n\r\n");
    session_is("plan 3: 2 known, 1 fresh, 0 unsure\nwarning 1 about 1\nbegin 3\nend 3\n"
               "begin 1 again\nend 1 again\nbegin 2 again\nend 2 again\nall\ndone 0\n");
    assert_int_equal(client.got_count, 3);
    session_is("plan 3: 3 known, 0 fresh, 0 unsure\nskip 2 note=file2\nskip 3 note=file3\n"
               "skip 1 note=file1\nall\ndone 0\n");
    /* another size is enough to see it */
    snprintf(server.letter[1].text, sizeof server.letter[1].text,
             "Subject: ten\r\n\r\nlonger\r\n\r\n");
    session_is("plan 3: 2 known, 1 fresh, 0 unsure\nskip 3 note=file3\nskip 1 note=file1\n"
               "begin 2 again\nend 2 again\nall\ndone 0\n");
    /* and one that announces other sizes than before tells nothing new */
    for (int i = 0; i < 3; i++)
        server.letter[i].size = 1000;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\nbegin 1 again\nend 1 again same note=file1\n"
               "begin 2 again\nend 2 again same note=file2\nbegin 3 again\nend 3 again same "
               "note=file3\nall\ndone 0\n");
    assert_int_equal(client.sum.same, 3);
    session_is("plan 3: 3 known, 0 fresh, 0 unsure\nskip 2 note=file2\nskip 3 note=file3\n"
               "skip 1 note=file1\nall\ndone 0\n");
}

/* The same where TOP is not to be had: fetched again, compared, and dropped. */
static void without_top_it_is_fetched_again(void **state)
{
    (void)state;
    put_three();
    server.no_top = 1;
    client.args.policy = MLA_COLLECT_DELETE;
    server.quit_lost = 1;
    session();
    server.quit_lost = 0;
    server.letter[1].text[9] = 'T'; /* another message, and the same UIDL */
    session_is(
        "plan 3: 0 known, 0 fresh, 3 unsure\nbegin 1 again\nend 1 again same leaving note=file1\n"
        "begin 2 again\nend 2 again\nbegin 3 again\nend 3 again same leaving note=file3\nall\n"
        "deleted 1 again same note=file1\ndeleted 2 again note=file2\n"
        "deleted 3 again same note=file3\ndone 0\n");
    assert_int_equal(server.count, 0);
    assert_int_equal(client.got_count, 1);
    /* what is not in doubt is known by its UIDL alone */
    put_three();
    client.args.policy = MLA_COLLECT_KEEP;
    session();
    client.args.policy = MLA_COLLECT_DELETE;
    session_is("plan 3: 0 known, 0 fresh, 3 unsure\nskip 1 leaving note=file1\n"
               "skip 2 leaving note=file2\nskip 3 leaving note=file3\nall\n"
               "deleted 1 note=file1\ndeleted 2 note=file2\ndeleted 3 note=file3\ndone 0\n");
}

static void without_uidl_headers_tell(void **state)
{
    (void)state;
    put_three();
    put_letter("d", server.letter[1].text); /* equal in all: another message all the same */
    server.no_uidl = 1;
    session_is("plan 4: 0 known, 4 fresh, 0 unsure\nbegin 1\nend 1\nbegin 2\nend 2\nbegin 3\n"
               "end 3\nbegin 4\nend 4\nall\ndone 0\n");
    assert_int_equal(server.tops, 0);
    assert_int_equal(kept_count(), 3);
    drop_letter(0);
    put_letter("e", server.letter[0].text); /* a third of them */
    session_is("plan 4: 0 known, 0 fresh, 4 unsure\nskip 1 note=file4\nskip 2 note=file3\n"
               "skip 3 note=file4\nbegin 4\nend 4\nall\ndone 0\n");
    client.args.policy = MLA_COLLECT_DELETE;
    session();
    assert_int_equal(server.count, 0);
    assert_int_equal(client.sum.deleted, 4);
    assert_int_equal(kept_count(), 1); /* of the one that vanished */
}

static void without_both_all_of_it_tells(void **state)
{
    (void)state;
    put_three();
    put_letter("d", server.letter[1].text);
    server.no_uidl = server.no_top = 1;
    session();
    assert_int_equal(client.got_count, 4);
    drop_letter(0);
    put_letter("e", "Subject: two\r\n\r\n.Second\r\n..\r\n"); /* header and size are known */
    session_is(
        "plan 4: 0 known, 0 fresh, 4 unsure\nbegin 1\nend 1 same note=file4\nbegin 2\n"
        "end 2 same note=file3\nbegin 3\nend 3 same note=file4\nbegin 4\nend 4\nall\ndone 0\n");
    assert_int_equal(client.sum.same, 3);
    client.args.policy = MLA_COLLECT_DELETE;
    session();
    assert_int_equal(server.count, 0);
    assert_int_equal(client.got_count, 0);
}

/* P12: messages that have one UIDL. */
static void shared_uidls_lose_nothing(void **state)
{
    (void)state;
    for (int no_top = 0; no_top < 2; no_top++) {
        reset();
        server.no_top = no_top;
        put_letter("x", "Subject: one\r\n\r\n");
        session();
        put_letter("x", "Subject: two\r\n\r\n");
        put_letter("y", "Subject: ypsilon\r\n\r\n");
        put_letter("x", "Subject: two\r\n\r\n");
        session();
        assert_int_equal(client.got_count, 3);
        assert_non_null(strstr(client.log, "warning 2 about 1\n"));
        session();
        assert_int_equal(client.got_count, 0);
        assert_int_equal(server.retrs, no_top ? 3 : 0);
        /* another client deletes the first: those that are left are still known */
        drop_letter(0);
        session();
        assert_int_equal(client.got_count, 0);
        drop_letter(0);
        session();
        assert_int_equal(client.got_count, 0);
        /* alone with its name, and new */
        drop_letter(1);
        put_letter("x", "Subject: new\r\n\r\n");
        session();
        assert_int_equal(client.got_count, 1);
        assert_string_equal(client.got[0], "Subject: new\r\n\r\n");
        client.args.policy = MLA_COLLECT_DELETE;
        session();
        assert_int_equal(client.got_count, 0);
        assert_int_equal(server.count, 0);
    }
}

static void odd_uidls_are_names_too(void **state)
{
    char longer[1200];

    (void)state;
    memset(longer, 'u', sizeof longer);
    longer[1100] = 0;
    put_letter(longer, "Subject: one\r\n\r\n");
    longer[1100 - 1] = 'v';
    put_letter(longer, "Subject: two\r\n\r\n");
    longer[100] = 0;
    put_letter(longer, "Subject: three\r\n\r\n");
    put_letter("two words", "Subject: four\r\n\r\n");
    put_letter("\xff\x01", "Subject: five\r\n\r\n");
    put_letter("", "Subject: none\r\n\r\n"); /* no line of UIDL's */
    server.backwards = 1;                    /* P13 */
    session();
    assert_int_equal(client.got_count, 6);
    assert_non_null(strstr(client.log, "warning 5 about 0\n"));
    session();
    assert_int_equal(client.got_count, 0);
    assert_int_equal(server.retrs, 0);
    client.args.policy = MLA_COLLECT_DELETE;
    session();
    assert_int_equal(server.count, 0);
    assert_int_equal(kept_count(), 0);
}

static void one_that_fails_costs_no_other_P19(void **state)
{
    (void)state;
    put_three();
    server.letter[1].is_bad = 1;
    server.odd_line = "rubbish";
    client.args.policy = MLA_COLLECT_DELETE;
    session_is("warning 4 about 0\nplan 3: 0 known, 3 fresh, 0 unsure\nbegin 1\nend 1\nbegin 2\n"
               "end 2 error=-1\nbegin 3\nend 3\nall\n"
               "deleted 1 note=file1\ndeleted 3 note=file3\ndone 0\n");
    assert_int_equal(client.sum.failed, 1);
    assert_int_equal(server.count, 1);
    server.letter[0].is_bad = 0;
    server.odd_line = NULL;
    server.dele_refused = 1;
    session_is("plan 1: 0 known, 1 fresh, 0 unsure\nbegin 1\nend 1\nall\nwarning 3 about 1\n"
               "done 0\n");
    assert_int_equal(client.sum.deleted, 0);
    assert_int_equal(kept_count(), 1);
}

/* Whether the answer to DELE comes before QUIT is sent or behind it: there is no doubt. */
static void a_refused_dele_is_no_doubt(void **state)
{
    (void)state;
    for (int no_pipelining = 0; no_pipelining < 2; no_pipelining++) {
        reset();
        put_three();
        server.no_pipelining = no_pipelining;
        server.dele_refused = 1;
        client.args.policy = MLA_COLLECT_DELETE;
        session();
        assert_int_equal(client.error, 0);
        assert_int_equal(client.sum.failed, 3);
        assert_int_equal(kept_count(), 3);
        for (int i = 0; i < 3; i++)
            assert_int_equal(kept[i].r.doubtful, 0);
        assert_int_equal(uncommitted, 0);
        /* all DELEs are refused before the line breaks at QUIT */
        reset();
        put_three();
        server.no_pipelining = 1;
        server.dele_refused = server.quit_silent = 1;
        client.args.policy = MLA_COLLECT_DELETE;
        client.store_late = 0;
        session();
        assert_int_equal(server.count, 3);
        assert_true(client.sum.doubtful <= 1); /* the last one's answer came behind QUIT */
    }
}

static void quit_does_not_delete_what_is_not_stored(void **state)
{
    (void)state;
    put_three();
    server.expire_zero = 1;
    client.store_none = 1;
    session_is("plan 3: 0 known, 3 fresh, 0 unsure\n"
               "begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\nall\ndone -7\n");
    assert_int_equal(client.error, MLA_E_POLICY);
    assert_int_equal(server.closed, 0);
    client.store_none = 0;
    session();
    assert_int_equal(client.error, 0);
    assert_int_equal(server.closed, 1);
}

/* A server that announces UIDL and refuses it has trouble: all would be fetched again. */
static void refused_uidl_ends_it(void **state)
{
    (void)state;
    put_three();
    session();
    server.uidl_refused = 1;
    session_is("done -1\n");
    assert_int_equal(server.retrs, 0);
    server.count = 0;
    session_is("plan 0: 0 known, 0 fresh, 0 unsure\nall\ndone 0\n");
}

static void large_ones_wait(void **state)
{
    (void)state;
    put_three();
    put_letter("d", "Subject: large\r\n\r\none\r\ntwo\r\nthree\r\nfour\r\n");
    client.args.max_size = 35;
    client.args.policy = MLA_COLLECT_DELETE;
    session();
    assert_int_equal(client.sum.large, 1);
    assert_non_null(strstr(client.log, "skip 4 reason=2\n"));
    assert_int_equal(server.count, 1);
    client.args.large = MLA_COLLECT_LARGE_TOP;
    client.args.top_lines = 2;
    session_is("plan 1: 0 known, 1 fresh, 0 unsure\nbegin 1 top\nend 1 top\nall\ndone 0\n");
    assert_string_equal(client.got[0], "Subject: large\r\n\r\none\r\ntwo\r\n");
    assert_int_equal(server.retrs, 0);
    session_is("plan 1: 1 known, 0 fresh, 0 unsure\nskip 1 reason=3 note=file1\nall\ndone 0\n");
    assert_int_equal(server.count, 1);
    client.args.max_size = 44;
    session_is("plan 1: 0 known, 1 fresh, 0 unsure\nbegin 1 full\nend 1 full\nall\n"
               "deleted 1 full note=file1\ndone 0\n");
    assert_int_equal(server.count, 0);
    /* a server without TOP */
    server.no_top = 1;
    client.args.max_size = 1;
    put_letter("e", "Subject: e\r\n\r\n");
    session_is("plan 1: 0 known, 1 fresh, 0 unsure\nskip 1 reason=2\nall\ndone 0\n");
}

/* What vanishes is remembered for a time, in case it was only hidden. */
static void what_vanishes_is_forgotten_later(void **state)
{
    struct letter first;

    (void)state;
    put_three();
    session();
    first = server.letter[0];
    drop_letter(0);
    session();
    assert_int_equal(kept_count(), 3);
    client.args.now_s += 29 * 86400;
    put_letter("a", "");
    server.letter[server.count - 1] = first; /* it is back: it is looked at, and known */
    session();
    assert_int_equal(client.got_count, 0);
    assert_int_equal(server.retrs, 0);
    server.count--;
    session();
    client.args.now_s += 30 * 86400 - 1;
    session();
    assert_int_equal(kept_count(), 3);
    client.args.now_s++;
    session();
    assert_int_equal(kept_count(), 2);
    server.letter[server.count++] = first;
    session();
    assert_int_equal(client.got_count, 1);
}

static void closes_early(void **state)
{
    char id[16];

    (void)state;
    for (int n = 1; n < 30; n++) {
        reset();
        server.no_pipelining = n % 2;
        for (int i = 0; i < 20; i++) {
            snprintf(id, sizeof id, "id%d", i);
            put_letter(id, "Subject: x\r\n\r\n");
        }
        client.args.policy = MLA_COLLECT_DELETE;
        client.close_at = n;
        session();
        assert_int_equal(client.error, 0);
        assert_null(strstr(client.log, "stuck"));
        assert_int_equal(server.count + (int)client.sum.deleted, 20);
        assert_int_equal(client.sum.deleted, client.sum.stored);
        client.close_at = 0;
        session();
        assert_int_equal(server.count, 0);
    }
}

/* Turnarounds after the log-in: listing, messages with their DELEs, QUIT. */
static void few_turnarounds(void **state)
{
    char id[16];

    (void)state;
    for (int i = 0; i < MAILS; i++) {
        snprintf(id, sizeof id, "id%d", i);
        put_letter(id, "Subject: x\r\n\r\n");
    }
    client.args.policy = MLA_COLLECT_DELETE;
    session();
    assert_int_equal(server.count, 0);
    assert_int_equal(server.turns, 1 + 1 + 1);
    server.no_pipelining = 1;
    put_three();
    session();
    assert_int_equal(server.count, 0);
    assert_int_equal(server.turns, 2 + 3 + 3 + 1);
}

/* A session cut at each octet of what the server says, and run again to its end. */
static void cut_anywhere(void **state)
{
    (void)state;
    for (int how = 0; how < 4; how++)
        for (int n = 1;; n += how == 0 ? 2 : 7) {
            char seen[8][500];
            int seen_count = 0;
            int whole;

            reset();
            server.no_uidl = how == 2;
            server.no_pipelining = how == 1;
            server.no_top = how == 3;
            put_three();
            put_letter("a", "Subject: four\r\n\r\n"); /* its UIDL is another's */
            client.args.policy = MLA_COLLECT_DELETE;
            client.piece = 7;
            server.cut_after = n + 40; /* behind the log-in */
            session();
            whole = server.cut_after > 0 && client.error == 0;
            assert_null(strstr(client.log, "stuck"));
            for (int i = 0; i < client.got_count; i++)
                memcpy(seen[seen_count++], client.got[i], sizeof seen[0]);
            server.cut_after = 0;
            session();
            assert_int_equal(client.error, 0);
            assert_int_equal(server.count, 0);
            assert_true(kept_count() <= 1); /* that the UIDL was shared */
            for (int i = 0; i < client.got_count; i++)
                memcpy(seen[seen_count++], client.got[i], sizeof seen[0]);
            if (seen_count != 4)
                fail_msg("cut at %d (%d): %d messages\n%s", n, how, seen_count, client.log);
            for (int i = 0; i < 4; i++)
                for (int k = 0; k < i; k++)
                    assert_string_not_equal(seen[i], seen[k]);
            if (whole)
                break;
        }
}

static void pieces_change_nothing(void **state)
{
    static char whole[3][LOG];

    (void)state;
    for (size_t piece = 0; piece < 40; piece++) {
        reset();
        client.piece = piece;
        put_three();
        put_letter("b", "Subject: other\r\n\r\n");
        for (int i = 0; i < 3; i++) {
            client.args.policy = i == 2 ? MLA_COLLECT_DELETE : MLA_COLLECT_KEEP;
            session();
            if (piece == 0)
                memcpy(whole[i], client.log, sizeof client.log);
            assert_string_equal(client.log, whole[i]);
        }
    }
}

/* The n-th call of the store fails: nothing is deleted that it does not know, and the next session
 * finishes. */
static void a_failing_store_ends_it(void **state)
{
    (void)state;
    for (int n = 1;; n++) {
        int calls;
        int got;

        reset();
        put_three();
        client.args.policy = MLA_COLLECT_DELETE;
        store_fails_at = n;
        session();
        calls = store_calls;
        got = client.got_count;
        assert_true(calls < n || client.error == 1 || client.error == MLA_E_IO);
        if (calls < n)
            assert_int_equal(client.error, 0);
        assert_null(strstr(client.log, "stuck"));
        store_fails_at = 0;
        session();
        assert_int_equal(client.error, 0);
        assert_int_equal(server.count, 0);
        assert_true(client.got_count + got >= 3);
        if (calls < n)
            break;
    }
}

static void survives_failing_memory(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++)
        for (size_t n = 1;; n++) {
            struct fail_mem f;
            size_t calls;

            reset();
            put_three();
            put_letter("a", "Subject: four\r\n\r\n");
            client.args.policy = MLA_COLLECT_DELETE;
            fail_mem_init(&f, n, way);
            client.mem = &f.mem;
            session();
            calls = f.calls;
            assert_int_equal(f.held, 0);
            assert_null(strstr(client.log, "stuck"));
            if (calls >= n)
                assert_true(client.error == 1 || client.error == MLA_E_NOMEM ||
                            client.error == MLA_E_UNKNOWN_OUTCOME);
            client.mem = mem_default();
            session();
            assert_int_equal(client.error, 0);
            assert_int_equal(server.count, 0);
            if (calls < n)
                break;
        }
}

static void wrong_calls_are_refused(void **state)
{
    struct pop3_config cfg = {.mem = mem_default(),
                              .in_first = 100,
                              .response_max = 1000,
                              .words_max = 9,
                              .queue_max = 10000};
    mla_seen_store none = {.struct_size = sizeof none};
    mla_collect_args args = {.struct_size = sizeof args, .policy = 4};
    struct pop3_engine *engine;
    struct collect *c;
    mla_error err = {0};

    (void)state;
    assert_int_equal(pop3_engine_new(&cfg, &engine), 0);
    assert_int_equal(collect_new(mem_default(), engine, &args, &c, &err), MLA_E_ARG);
    args.policy = 0;
    assert_int_equal(collect_new(mem_default(), engine, &args, &c, NULL), MLA_E_ARG);
    args.store = &none;
    assert_int_equal(collect_new(mem_default(), engine, &args, &c, NULL), MLA_E_ARG);
    args.store = &store;
    assert_int_equal(collect_new(mem_default(), engine, &args, &c, NULL), MLA_E_STATE);
    assert_null(c);
    pop3_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(keeps_all, fresh_start),
        cmocka_unit_test_setup(deletes_what_is_stored, fresh_start),
        cmocka_unit_test_setup(deletes_nothing_that_is_not_stored_P30, fresh_start),
        cmocka_unit_test_setup(deletes_what_was_kept, fresh_start),
        cmocka_unit_test_setup(deletes_by_age_and_number, fresh_start),
        cmocka_unit_test_setup(reconciles, fresh_start),
        cmocka_unit_test_setup(a_reused_uidl_in_doubt_is_fetched, fresh_start),
        cmocka_unit_test_setup(uidls_that_come_again_are_found_out, fresh_start),
        cmocka_unit_test_setup(without_top_it_is_fetched_again, fresh_start),
        cmocka_unit_test_setup(without_uidl_headers_tell, fresh_start),
        cmocka_unit_test_setup(without_both_all_of_it_tells, fresh_start),
        cmocka_unit_test_setup(shared_uidls_lose_nothing, fresh_start),
        cmocka_unit_test_setup(odd_uidls_are_names_too, fresh_start),
        cmocka_unit_test_setup(one_that_fails_costs_no_other_P19, fresh_start),
        cmocka_unit_test_setup(a_refused_dele_is_no_doubt, fresh_start),
        cmocka_unit_test_setup(quit_does_not_delete_what_is_not_stored, fresh_start),
        cmocka_unit_test_setup(refused_uidl_ends_it, fresh_start),
        cmocka_unit_test_setup(large_ones_wait, fresh_start),
        cmocka_unit_test_setup(what_vanishes_is_forgotten_later, fresh_start),
        cmocka_unit_test_setup(closes_early, fresh_start),
        cmocka_unit_test_setup(few_turnarounds, fresh_start),
        cmocka_unit_test_setup(cut_anywhere, fresh_start),
        cmocka_unit_test_setup(pieces_change_nothing, fresh_start),
        cmocka_unit_test_setup(a_failing_store_ends_it, fresh_start),
        cmocka_unit_test_setup(survives_failing_memory, fresh_start),
        cmocka_unit_test_setup(wrong_calls_are_refused, fresh_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
