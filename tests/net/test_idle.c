/* test_idle.c - what an idle session holds, and that it gives back what it took to get there */
#include "counted.h"
#include "mailaccess/imap.h"
#include "mailaccess/mailaccess.h"
#include "test.h"

#include <stdio.h>

static const char capabilities[] =
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES "
    "THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN "
    "NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES";

/* Hears and says what there is. How many news. */
static int turn(mla_imap *s, const char *said, char *out_line, size_t size)
{
    mla_session *ss = mla_imap_session(s);
    const mla_imap_event *ev;
    const uint8_t *p;
    size_t used = 0, n, at = 0;
    int news = 0;

    assert_int_equal(mla_session_feed(ss, (const uint8_t *)said, strlen(said), &used), 0);
    assert_int_equal(used, strlen(said));
    while (mla_imap_next(s, &ev) == 1)
        news += mla_imap_event_type(ev) == MLA_IMAP_EV_EXISTS;
    while (mla_session_output(ss, &p, &n) == 1) {
        assert_true(at + n < size);
        memcpy(out_line + at, p, n);
        at += n;
        assert_int_equal(mla_session_sent(ss, n), 0);
    }
    out_line[at] = '\0';
    while (mla_imap_next(s, &ev) == 1)
        continue;
    return news;
}

static void say(char *text, size_t size, const char *line, const char *before, const char *behind)
{
    snprintf(text, size, "%s%.*s OK %s\r\n", before, (int)strcspn(line, " "), line, behind);
}

/* A session that waits for news, as far as the "+" of IDLE. */
static mla_imap *idling(mla_config *cfg)
{
    mla_connect_args to = {.struct_size = sizeof to, .security = MLA_SECURITY_NONE};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    char line[1024], text[2048], in[1024];
    uint64_t t;
    mla_imap *s;

    who.password_len = 6;
    assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
    assert_int_equal(mla_session_attach(mla_imap_session(s), &to, &t), 0);
    assert_int_equal(mla_session_tick(mla_imap_session(s), 1000), 0);
    assert_int_equal(mla_imap_authenticate(s, &who, &t), 0);
    assert_int_equal(mla_imap_select(s, &box, &t), 0);
    assert_int_equal(mla_imap_idle(s, &t), 0);
    turn(s, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n", line, sizeof line);
    assert_non_null(strstr(line, "AUTHENTICATE"));
    snprintf(in, sizeof in, "[CAPABILITY %s] in", capabilities);
    say(text, sizeof text, line, "", in);
    turn(s, text, line, sizeof line);
    assert_non_null(strstr(line, "SELECT"));
    say(text, sizeof text, line,
        "* 3 EXISTS\r\n* FLAGS (\\Seen $Junk)\r\n* OK [UIDVALIDITY 1] .\r\n", "[READ-WRITE] open");
    turn(s, text, line, sizeof line);
    assert_non_null(strstr(line, "IDLE"));
    turn(s, "+ idling\r\n", line, sizeof line);
    assert_int_equal(mla_session_wants(mla_imap_session(s)), MLA_WANT_READ);
    return s;
}

static void an_idle_session_is_small(void **state)
{
    enum { COUNT = 200, MOST = 3200 };
    static const mla_allocator memory = {.struct_size = sizeof memory,
                                         .alloc = counted_alloc,
                                         .resize = counted_resize,
                                         .release = counted_release};
    mla_imap *all[COUNT];
    char line[256];
    size_t before, idle;
    mla_config *cfg;

    (void)state;
    assert_int_equal(mla_config_new(&memory, &cfg), 0);
    assert_int_equal(mla_config_set_cleartext_password(cfg, 1), 0);
    before = counted.held;
    for (int i = 0; i < COUNT; i++)
        all[i] = idling(cfg);
    idle = (counted.held - before) / COUNT;
    if (idle > MOST)
        fail_msg("an idle session holds %zu octets", idle);
    /* News come and go, and leave nothing behind. */
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(turn(all[i], "* 4 EXISTS\r\n* OK Still here\r\n", line, sizeof line), 1);
    assert_int_equal((counted.held - before) / COUNT, idle);
    /* Half a line is kept, and so is the room for it. */
    assert_int_equal(turn(all[0], "* 5 EXI", line, sizeof line), 0);
    assert_true((counted.held - before) / COUNT >= idle);
    assert_int_equal(turn(all[0], "STS\r\n", line, sizeof line), 1);
    assert_int_equal((counted.held - before) / COUNT, idle);
    for (int i = 0; i < COUNT; i++)
        mla_imap_free(all[i]);
    assert_int_equal(counted.held, before);
    mla_config_free(cfg);
    assert_int_equal(counted.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_session_is_small),
    };

    return cmocka_run_group_tests_name("net/idle", tests, NULL, NULL);
}
