/* test_keep.c - lib/keep/keep and resume: two connections to a scripted server, with each
 * allocation failing, and with time told by hand. What lines that break do is tried with the whole
 * library (tests/live/test_ext_keep.py). */
#include "keep/keep.h"
#include "test.h"

#include <stdio.h>

struct world {
    struct fail_mem mem;
    struct keep k;
    struct imap_engine e;
    int connected;
    int connections;
    const char *capabilities;
    int contradicts; /* the server does, itself */
    int heard;       /* until the session has no more events; ours stay */
    int silent;      /* UID FETCH has no answer */
    int goes_on;     /* the first connection is what the second one is else */
    int fetches;
    char idle[16]; /* its tag */
    char log[2048];
    char sent[4096];
    size_t sent_seen;
};

static void note(struct world *w, const char *text)
{
    size_t at = strlen(w->log);

    snprintf(w->log + at, sizeof w->log - at, "%s%s", at != 0 ? " " : "", text);
}

static void note_event(struct world *w, const struct mla_imap_keep_event *ev)
{
    static const char *const names[] = {"",        "online", "offline", "gone",        "new",
                                        "changed", "void",   "imap",    "credentials", "over"};
    char text[128];

    if (ev->type == MLA_KEEP_EV_IMAP)
        return;
    if (ev->news.range_count != 0)
        snprintf(text, sizeof text, "%s=%u:%u%s", names[ev->type], ev->news.ranges[0].first,
                 ev->news.ranges[ev->news.range_count - 1].last, ev->news.is_missed ? "!" : "");
    else if (ev->type == MLA_KEEP_EV_ONLINE)
        snprintf(text, sizeof text, "online/%u", ev->line.how);
    else
        snprintf(text, sizeof text, "%s(%d)", names[ev->type], ev->line.error);
    note(w, text);
}

static void say(struct world *w, const char *text)
{
    size_t n = strlen(text);

    while (n != 0) {
        uint8_t *p;
        size_t room;
        size_t now;

        if (inbuf_room(&w->e.port.in, &p, &room) != 0 || room == 0) {
            const mla_error err = {.code = MLA_E_NOMEM};

            (void)engine_dead(&w->e.port, &err);
            return;
        }
        now = n < room ? n : room;
        memcpy(p, text, now);
        engine_got(&w->e.port, now);
        text += now;
        n -= now;
    }
}

static void answer(struct world *w, char *line)
{
    char *rest = strchr(line, ' ');
    char text[2048];

    if (strcmp(line, "DONE") == 0) {
        snprintf(text, sizeof text, "%s OK\r\n", w->idle);
        say(w, text);
    }
    if (rest == NULL)
        return;
    *rest++ = '\0';
    w->fetches += strncmp(rest, "UID FETCH", 9) == 0;
    if (w->silent && strncmp(rest, "UID FETCH", 9) == 0)
        return;
    if (strncmp(rest, "AUTHENTICATE", 12) == 0 && w->capabilities != NULL)
        snprintf(text, sizeof text, "%s OK [CAPABILITY IMAP4rev1 %s] in\r\n", line,
                 w->capabilities);
    else if (strncmp(rest, "SELECT", 6) == 0 && w->connections == 1 && !w->goes_on)
        snprintf(text, sizeof text,
                 "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] \r\n* OK [HIGHESTMODSEQ 10] \r\n%s OK\r\n",
                 line);
    else if (strncmp(rest, "SELECT", 6) == 0)
        snprintf(text, sizeof text,
                 "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] \r\n* OK [HIGHESTMODSEQ 20] \r\n"
                 "* VANISHED (EARLIER) 2,90:99\r\n* 2 FETCH (UID 3 FLAGS (a) MODSEQ (15))\r\n"
                 "* 3 FETCH (UID 8 FLAGS () MODSEQ (16))\r\n%s OK\r\n",
                 line);
    else if (strncmp(rest, "UID FETCH", 9) == 0 && w->connections > 1 && !w->contradicts)
        snprintf(text, sizeof text,
                 "* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 3 FLAGS (a))\r\n"
                 "* 3 FETCH (UID 8 FLAGS ())\r\n%s OK\r\n",
                 line);
    else if (strncmp(rest, "UID FETCH", 9) == 0)
        snprintf(text, sizeof text,
                 "* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
                 "* 3 FETCH (UID 3 FLAGS ())\r\n%s OK\r\n",
                 line);
    else if (strncmp(rest, "IDLE", 4) == 0) {
        snprintf(w->idle, sizeof w->idle, "%.15s", line);
        snprintf(text, sizeof text, "+ idling\r\n");
    } else if (strncmp(rest, "ENABLE", 6) == 0)
        snprintf(text, sizeof text, "* ENABLED QRESYNC\r\n%s OK\r\n", line);
    else
        snprintf(text, sizeof text, "%s OK\r\n", line);
    say(w, text);
}

/* Everything that the client has to say, a line at a time. */
static int listen_to(struct world *w)
{
    const uint8_t *p;
    size_t n;
    int secret;
    int heard = 0;

    while (outq_peek(&w->e.port.out, &p, &n, &secret)) {
        size_t at = strlen(w->sent);

        assert_true(n < sizeof w->sent - at); /* else it says the same for ever */
        memcpy(w->sent + at, p, n);
        w->sent[at + n] = '\0';
        outq_sent(&w->e.port.out, n);
    }
    for (;;) {
        char *line = w->sent + w->sent_seen;
        char *end = strstr(line, "\r\n");
        char copy[512];

        if (end == NULL)
            return heard;
        snprintf(copy, sizeof copy, "%.*s", (int)(end - line), line);
        w->sent_seen += (size_t)(end - line) + 2;
        answer(w, copy);
        heard = 1;
    }
}

static void hang_up(struct world *w)
{
    if (w->connected)
        imap_engine_free(&w->e);
    w->connected = 0;
    keep_dropped(&w->k);
}

static void dial(struct world *w)
{
    static const struct imap_opts opts = {.in_first = 4096,
                                          .response_max = 65536,
                                          .inline_max = 4096,
                                          .queue_max = 65536,
                                          .words_max = 100,
                                          .event_max = 65536,
                                          .depth_max = 16,
                                          .cleartext = 1};
    mla_error err = {0};
    uint64_t ticket;

    if (imap_engine_init(&w->e, &w->mem.mem, &opts) != 0) {
        err.code = MLA_E_NOMEM;
        keep_not_begun(&w->k, &err);
        return;
    }
    w->connected = 1;
    w->connections++;
    w->sent[0] = '\0';
    w->sent_seen = 0;
    w->e.port.now_ms = w->k.now_ms;
    assert_int_equal(imap_engine_start(&w->e, IMAP_SECURITY_NONE, "h", 143, &ticket), 0);
    assert_int_equal(w->e.port.ops->connected(&w->e.port), 0);
    (void)keep_begin(&w->k, &w->e);
    say(w, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n");
}

/* Until nothing moves any more. */
static void turn(struct world *w, uint64_t now_ms)
{
    for (;;) {
        const struct mla_imap_keep_event *ev;
        const struct mla_imap_event *iev;
        int rc;

        if (keep_drops(&w->k))
            hang_up(w);
        if (!w->heard && keep_own(&w->k, &ev)) {
            note_event(w, ev);
            continue;
        }
        if (!w->connected) {
            if (!keep_due(&w->k, now_ms))
                return;
            dial(w);
            continue;
        }
        keep_tick(&w->k, now_ms);
        rc = imap_engine_next(&w->e, &iev);
        if (rc == 1) {
            (void)keep_take(&w->k, iev, &ev);
        } else if (rc < 0) {
            keep_dead(&w->k, &w->e.port.why);
            hang_up(w);
        } else if (!listen_to(w)) {
            return;
        }
    }
}

static void begin(struct world *w, const char *capabilities, size_t fail_at)
{
    static const mla_imap_keep_args args = {.first_ms = 1000, .max_ms = 8000, .poll_ms = 500};
    struct keep_opts opts = {.mailbox = {"INBOX", 5}};
    mla_credentials who = {.struct_size = sizeof who, .user = "u", .password = "p"};
    struct sasl_creds creds;

    memset(w, 0, sizeof *w);
    fail_mem_init(&w->mem, 0, 0);
    w->capabilities = capabilities;
    keep_init(&w->k, &w->mem.mem, &opts, &args, 3);
    who.password_len = 1;
    memset(&creds, 0, sizeof creds);
    assert_int_equal(sasl_creds_copy(&creds, &w->mem.mem, &who, NULL), 0);
    keep_set_creds(&w->k, &creds);
    w->mem.fail_at = fail_at != 0 ? w->mem.calls + fail_at : 0;
}

static void end(struct world *w)
{
    hang_up(w);
    keep_free(&w->k);
    assert_int_equal(w->mem.held, 0);
}

static void cut(struct world *w)
{
    if (w->connected)
        assert_int_equal(w->e.port.ops->eof(&w->e.port, 1), 0);
}

static void story(struct world *w)
{
    turn(w, 1);
    cut(w);
    turn(w, 2);
    turn(w, 100000);
}

static void what_was_missed_is_told(void **state)
{
    struct world w;

    (void)state;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    turn(&w, 1);
    assert_string_equal(w.log, "new=1:3! online/0");
    cut(&w);
    turn(&w, 2);
    assert_string_equal(w.log, "new=1:3! online/0 offline(-104)");
    assert_true(keep_deadline(&w.k) >= 2 && keep_deadline(&w.k) <= 1002);
    turn(&w, keep_deadline(&w.k));
    assert_string_equal(w.log, "new=1:3! online/0 offline(-104) gone=2:2! new=8:8! changed=3:3! "
                               "online/1");
    assert_non_null(strstr(w.sent, "SELECT \"INBOX\" (QRESYNC (7 10))"));
    assert_null(strstr(w.sent, "UID FETCH"));
    say(&w, "* VANISHED 1\r\n* 1 FETCH (UID 3 FLAGS (b))\r\n");
    turn(&w, 5);
    assert_non_null(strstr(w.log, "online/1 gone=1:1 changed=3:3"));
    end(&w);
}

static const mla_range stored_uids[] = {{1, 3}};
static const mla_imap_keep_state stored = {.struct_size = sizeof stored,
                                           .uidvalidity = 7,
                                           .modseq = 10,
                                           .uids = stored_uids,
                                           .uid_count = 1};

static void what_happened_to_a_stored_mailbox_is_told(void **state)
{
    static const mla_range gaps[] = {{1, 1}, {3, 3}};
    const mla_imap_keep_state *now;
    mla_imap_keep_state other = stored;
    struct world w;

    (void)state;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    w.goes_on = 1;
    assert_int_equal(keep_load(&w.k, &stored, NULL), 0);
    turn(&w, 1);
    assert_string_equal(w.log, "gone=2:2! new=8:8! changed=3:3! online/1");
    assert_non_null(strstr(w.sent, "SELECT \"INBOX\" (QRESYNC (7 10))"));
    assert_null(strstr(w.sent, "UID FETCH"));
    assert_int_equal(keep_state(&w.k, 1, &now), 1);
    assert_true(now->modseq == 20 && now->uid_count == 3 && now->flag_count == 2);
    end(&w);

    other.uids = gaps; /* UIDs that went long ago are not asked about, those to come are */
    other.uid_count = 2;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    w.goes_on = 1;
    assert_int_equal(keep_load(&w.k, &other, NULL), 0);
    turn(&w, 1);
    assert_string_equal(w.log, "new=8:8! changed=3:3! online/1");
    assert_non_null(strstr(w.sent, "(QRESYNC (7 10 1,3:4294967295))"));
    end(&w);

    other.uidvalidity = 8;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    assert_int_equal(keep_load(&w.k, &other, NULL), 0);
    turn(&w, 1);
    assert_string_equal(w.log, "void(-21) new=1:3! online/0");
    end(&w);
}

/* The state is that of the events that were told: in between there is none. */
static void a_state_is_of_one_moment(void **state)
{
    const struct mla_imap_keep_event *ev;
    const mla_imap_keep_state *now;
    struct world w;
    int told = 0;

    (void)state;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    assert_int_equal(keep_state(&w.k, 1, &now), 1); /* nothing is known */
    assert_int_equal(now->uidvalidity, 0);
    turn(&w, 1);
    assert_int_equal(keep_state(&w.k, 1, &now), 1);
    assert_int_equal(now->uid_count, 1);
    w.heard = 1; /* the events behind this are taken one by one */
    say(&w, "* VANISHED 1\r\n* 1 FETCH (UID 2 FLAGS (b))\r\n");
    turn(&w, 2);
    assert_int_equal(keep_state(&w.k, 1, &now), 0);
    while (keep_own(&w.k, &ev)) {
        told++;
        assert_int_equal(keep_state(&w.k, 0, &now), ev->type == MLA_KEEP_EV_CHANGED);
    }
    assert_int_equal(told, 2);
    end(&w);
}

static void it_is_asked_where_there_is_no_idle(void **state)
{
    struct world w;

    (void)state;
    begin(&w, "QRESYNC ENABLE", 0);
    turn(&w, 1000);
    assert_null(strstr(w.sent, "NOOP"));
    assert_int_equal(keep_deadline(&w.k), 1500);
    turn(&w, 1499);
    assert_null(strstr(w.sent, "NOOP"));
    turn(&w, 1500);
    assert_non_null(strstr(w.sent, "NOOP"));
    assert_int_equal(keep_deadline(&w.k), 2000);
    end(&w);
}

/* A server that names no capabilities, also when it is asked, has none. */
static void capabilities_are_asked_for_once(void **state)
{
    const char *asked;
    struct world w;

    (void)state;
    begin(&w, NULL, 0);
    turn(&w, 1);
    asked = strstr(w.sent, " CAPABILITY");
    assert_non_null(asked);
    assert_null(strstr(asked + 1, " CAPABILITY"));
    assert_non_null(strstr(w.log, "online/"));
    end(&w);
}

/* A doubt outlives the line on which it came up, and the program. */
static void what_is_in_doubt_is_compared(void **state)
{
    const mla_imap_keep_state *now;
    struct world w;

    (void)state;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    turn(&w, 1);
    w.silent = 1;
    say(&w, "* 1 FETCH (UID 3 FLAGS ())\r\n"); /* 1 and 2 are gone, and nobody said so */
    turn(&w, 2);
    assert_int_equal(w.fetches, 2);
    assert_int_equal(keep_state(&w.k, 0, &now), 1);
    assert_true(now->modseq == 0);
    cut(&w);
    w.silent = 0;
    turn(&w, 3);
    turn(&w, keep_deadline(&w.k));
    assert_non_null(strstr(w.sent, "SELECT \"INBOX\" (CONDSTORE)"));
    assert_non_null(strstr(w.log, "online/3"));
    end(&w);
}

static void a_server_that_contradicts_itself_is_left(void **state)
{
    struct world w;

    (void)state;
    begin(&w, "IDLE QRESYNC ENABLE", 0);
    turn(&w, 1);
    known_gone(&w.k.known, 1, 2); /* so that counting shows it */
    cut(&w);
    w.contradicts = 1;
    turn(&w, 2);
    turn(&w, keep_deadline(&w.k));
    assert_in_range(w.fetches, 2, 12);
    end(&w);
}

static void memory_may_be_short(void **state)
{
    size_t n;

    (void)state;
    for (n = 1; n < 5000; n++) {
        struct world w;

        begin(&w, "IDLE QRESYNC ENABLE", n);
        story(&w);
        /* either it went on as if nothing had happened, or it says so */
        if (w.k.state != KEEP_ONLINE && w.k.state != KEEP_OVER)
            fail_msg("allocation %zu: state %d after %s", n, w.k.state, w.log);
        if (w.k.state == KEEP_OVER)
            assert_int_equal(w.k.error.code, MLA_E_NOMEM);
        else
            assert_int_equal(w.k.known.map.count, 3);
        end(&w);
        if (w.mem.calls < w.mem.fail_at)
            break;
    }
    assert_in_range(n, 20, 4999);
}

static void memory_may_be_short_behind_a_stored_state(void **state)
{
    size_t n;

    (void)state;
    for (n = 1; n < 5000; n++) {
        const mla_imap_keep_state *now;
        struct world w;
        int rc;

        begin(&w, "IDLE QRESYNC ENABLE", n);
        w.goes_on = 1;
        rc = keep_load(&w.k, &stored, NULL);
        if (rc == 0) {
            story(&w);
            rc = keep_state(&w.k, 1, &now);
            if (w.k.state == KEEP_ONLINE && rc == 1)
                assert_int_equal(now->uid_count, 3);
            else if (w.k.state != KEEP_OVER)
                assert_int_equal(rc, MLA_E_NOMEM);
        } else {
            assert_int_equal(rc, MLA_E_NOMEM);
        }
        end(&w);
        if (w.mem.calls < w.mem.fail_at)
            break;
    }
    assert_in_range(n, 20, 4999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_missed_is_told),
        cmocka_unit_test(what_happened_to_a_stored_mailbox_is_told),
        cmocka_unit_test(a_state_is_of_one_moment),
        cmocka_unit_test(it_is_asked_where_there_is_no_idle),
        cmocka_unit_test(capabilities_are_asked_for_once),
        cmocka_unit_test(what_is_in_doubt_is_compared),
        cmocka_unit_test(a_server_that_contradicts_itself_is_left),
        cmocka_unit_test(memory_may_be_short),
        cmocka_unit_test(memory_may_be_short_behind_a_stored_state),
    };

    return cmocka_run_group_tests_name("keep/keep", tests, NULL, NULL);
}
