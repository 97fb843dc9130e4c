/* test_compress.c - IMAP sessions over TCP whose octets are compressed after a while */
#include "test.h"

#include "mailaccess/mailaccess.h"
#include "packer.h"

#include <stdio.h>

enum { TRACE_MAX = 65536 };

/* --- the client's side --- */

struct seen {
    char text[TRACE_MAX];
    size_t len;
};

static void on_trace(void *user, int32_t what, const uint8_t *data, size_t len)
{
    struct seen *s = user;

    if (s->len + len + 16 > sizeof s->text)
        return;
    s->len += (size_t)snprintf(s->text + s->len, 8, "[%d]", (int)what);
    memcpy(s->text + s->len, data, len);
    s->len += len;
    s->text[s->len] = '\0';
}

/* A session that has been greeted; its COMPRESS is *out_ticket. */
static mla_imap *compressing(const struct peer *p, struct seen *seen, uint64_t limit,
                             uint64_t *out_ticket)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};
    mla_config *cfg;
    mla_imap *s;
    uint64_t t;

    a.host = "127.0.0.1";
    a.port = (uint32_t)p->port;
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    if (seen != NULL)
        assert_int_equal(mla_config_set_trace(cfg, on_trace, seen), 0);
    if (limit != 0)
        assert_int_equal(mla_config_set_limit(cfg, MLA_LIMIT_RESPONSE, limit), 0);
    assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
    mla_config_free(cfg);
    assert_int_equal(mla_session_connect(mla_imap_session(s), &a, &t), 0);
    assert_int_equal(mla_imap_finish(s, t, 10000), 0);
    assert_int_equal(mla_imap_compress(s, out_ticket), 0);
    return s;
}

static void assert_error(mla_imap *s, int code, const char *part)
{
    mla_error err;

    mla_session_error(mla_imap_session(s), &err);
    assert_int_equal(err.code, code);
    if (strstr(err.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

/* Steps until a TEXT event says this. */
static void wait_for_text(mla_imap *s, const char *text)
{
    for (;;) {
        const mla_imap_event *ev = NULL;
        const mla_imap_text *t;

        assert_int_equal(mla_imap_step(s, 0, 10000, &ev), 1);
        t = mla_imap_event_text(ev);
        if (t != NULL && t->text.len == strlen(text) && memcmp(t->text.ptr, text, t->text.len) == 0)
            return;
    }
}

/* --- the ordinary course --- */

static void script_talk(struct peer *p)
{
    struct packer *z = packer_new();
    char text[128];

    pack_text(z, "* OK with the answer\r\n");
    if (packer_begin(p, z) && packed_line(p, z)) {
        packer_answer(p, "first", text, sizeof text);
        pack_text(z, "* OK because I can\r\n* OK because I can, again\r\n");
        pack_text(z, text);
        packer_ship(p, z);
        if (packed_line(p, z)) {
            packer_answer(p, "bye", text, sizeof text);
            pack_text(z, "* BYE\r\n");
            pack_text(z, text);
            packer_ship(p, z);
            p->handshake = peer_wait_close(p);
        }
    }
    packer_free(z);
}

static void talks_compressed(void **state)
{
    static struct seen seen;
    struct peer p = {0};
    uint64_t t;
    uint64_t noop;
    mla_imap *s;

    (void)state;
    memset(&seen, 0, sizeof seen);
    assert_int_equal(peer_start(&p, script_talk, 4), 0);
    s = compressing(&p, &seen, 0, &t);
    assert_false(mla_session_is_compressed(mla_imap_session(s)));
    assert_int_equal(mla_imap_noop(s, &noop), 0); /* waits for the layer, then goes by itself */
    wait_for_text(s, "with the answer");
    assert_int_equal(mla_imap_finish(s, noop, 10000), 0);
    assert_true(mla_session_is_compressed(mla_imap_session(s)));
    assert_int_equal(mla_imap_logout(s, &t), 0);
    assert_int_equal(mla_imap_finish(s, t, 10000), 0);
    mla_imap_free(s);
    peer_stop(&p);
    assert_true(p.handshake);
    /* the trace shows text, whatever went over the wire, and at the end what that saved */
    assert_non_null(strstr(seen.text, "[3]DEFLATE both ways"));
    assert_non_null(strstr(seen.text, " NOOP\r\n"));
    assert_non_null(strstr(seen.text, "* OK because I can, again\r\n"));
    assert_non_null(strstr(seen.text, "[3]DEFLATE: received "));
    assert_non_null(strstr(seen.text, " saved"));
}

/* Says no to the first COMPRESS, yes to the second, and nothing else for a while. */
static void script_no_then_yes(struct peer *p)
{
    struct packer *z = packer_new();
    char text[128];

    if (peer_accept(p) && peer_say(p, GREETING) && peer_line(p)) {
        snprintf(text, sizeof text, "%.*s NO not yet\r\n", (int)strcspn(p->line, " "), p->line);
        if (peer_say(p, text) && peer_line(p)) {
            packer_answer(p, "now it is", text, sizeof text);
            if (peer_say(p, text))
                p->handshake = peer_wait_close(p);
        }
    }
    packer_free(z);
}

/* As an event loop does it: all events are read before the next octets are. */
static int driven_to_the_end(mla_imap *s, uint64_t ticket)
{
    mla_session *ss = mla_imap_session(s);
    const mla_imap_event *ev;
    int rc = 0;

    while (rc >= 0) {
        assert_int_equal(mla_session_wait(ss, 10000), 1);
        assert_true(mla_session_process(ss) >= 0);
        while ((rc = mla_imap_next(s, &ev)) == 1)
            if (mla_imap_event_done(ev) != NULL && mla_imap_event_ticket(ev) == ticket) {
                rc = mla_imap_event_done(ev)->error;
                while (mla_imap_next(s, &ev) == 1)
                    ;
                return rc;
            }
    }
    return rc;
}

/* The buffer goes once all is read; the answer is in the trace all the same, before the layer is.
 */
static void a_session_at_rest_shows_the_answer(void **state)
{
    static struct seen seen;
    struct peer p = {0};
    const char *no;
    const char *yes;
    uint64_t t;
    mla_imap *s;

    (void)state;
    memset(&seen, 0, sizeof seen);
    assert_int_equal(peer_start(&p, script_no_then_yes, 4), 0);
    s = compressing(&p, &seen, 0, &t);
    assert_int_equal(driven_to_the_end(s, t), MLA_E_NO);
    assert_int_equal(mla_imap_compress(s, &t), 0);
    assert_int_equal(driven_to_the_end(s, t), 0);
    assert_true(mla_session_process(mla_imap_session(s)) >= 0);
    assert_true(mla_session_is_compressed(mla_imap_session(s)));
    mla_imap_free(s);
    peer_stop(&p);
    assert_true(p.handshake);
    no = strstr(seen.text, " NO not yet\r\n");
    yes = strstr(seen.text, " OK now it is\r\n");
    assert_non_null(no);
    assert_non_null(yes);
    assert_true(no < yes && yes < strstr(seen.text, "[3]DEFLATE both ways"));
}

/* --- ends --- */

static void script_bye(struct peer *p)
{
    struct packer *z = packer_new();

    pack_text(z, "* BYE no compressed talk today\r\n");
    packer_begin(p, z);
    peer_close(p, 1);
    packer_free(z);
}

/* The answer, octets of the new layer and the end come in one piece: the end is the new layer's. */
static void end_with_the_answer_is_behind_the_layer(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct peer p = {0};
        uint64_t t;
        mla_imap *s;
        const mla_imap_event *ev;

        assert_int_equal(peer_start(&p, script_bye, 4), 0);
        s = compressing(&p, NULL, 0, &t);
        if (i % 2 != 0) { /* all of it is there before the answer is looked at */
            assert_true(mla_session_process(mla_imap_session(s)) >= 0);
            peer_nap(20);
        }
        wait_for_text(s, "no compressed talk today");
        assert_int_equal(mla_imap_step(s, 0, 10000, &ev), MLA_E_CLOSED);
        assert_error(s, MLA_E_CLOSED, "no compressed talk today");
        mla_imap_free(s);
        peer_stop(&p);
    }
}

static void script_early_end(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, GREETING) && peer_line(p))
        peer_say(p, "* BYE");
    peer_close(p, 1);
}

/* The connection ends while the answer is due: an end like any other. */
static void end_before_the_answer_is_an_error(void **state)
{
    struct peer p = {0};
    uint64_t t;
    mla_imap *s;

    (void)state;
    assert_int_equal(peer_start(&p, script_early_end, 4), 0);
    s = compressing(&p, NULL, 0, &t);
    assert_int_equal(mla_imap_finish(s, t, 10000), MLA_E_CLOSED);
    mla_imap_free(s);
    peer_stop(&p);
}

/* --- attacks --- */

static void fails(void (*script)(struct peer *), uint64_t limit, int code, const char *why)
{
    const mla_imap_event *ev;
    struct peer p = {0};
    uint64_t t;
    mla_imap *s;
    int rc;

    assert_int_equal(peer_start(&p, script, 4), 0);
    s = compressing(&p, NULL, limit, &t);
    do
        rc = mla_imap_step(s, 0, 10000, &ev);
    while (rc == 1);
    assert_int_equal(rc, code);
    assert_error(s, code, why);
    mla_imap_free(s);
    peer_stop(&p);
}

/* An endless line, 1:1000. */
static void script_bomb(struct peer *p)
{
    static char many[1 << 20];
    struct packer *z = packer_new();

    memset(many, 'a', sizeof many);
    pack_text(z, "* OK ");
    for (int i = 0; i < 100; i++)
        pack(z, many, sizeof many, Z_NO_FLUSH);
    pack(z, "", 0, Z_SYNC_FLUSH);
    packer_begin(p, z);
    peer_wait_close(p);
    packer_free(z);
}

static void bombs_meet_the_limits(void **state) /* M20 */
{
    (void)state;
    fails(script_bomb, 100000, MLA_E_FLOOD, "a response ");
    fails(script_bomb, 0, MLA_E_FLOOD, "a response ");
}

static void script_nothing(struct peer *p)
{
    struct packer *z = packer_new();

    for (int i = 0; i < 40000; i++)
        memcpy(z->wire + z->len, "\0\0\0\377\377", 5), z->len += 5;
    packer_begin(p, z);
    peer_wait_close(p);
    packer_free(z);
}

static void much_for_nothing_is_an_error(void **state) /* M20 */
{
    (void)state;
    fails(script_nothing, 0, MLA_E_FLOOD, "compressed data hold not one octet of text");
}

static void script_plain(struct peer *p)
{
    struct packer *z = packer_new();

    strcpy((char *)z->wire, "* 1 EXISTS\r\n* OK [ALERT] still in clear\r\n");
    z->len = strlen((char *)z->wire);
    packer_begin(p, z);
    peer_wait_close(p);
    packer_free(z);
}

static void script_behind_end(struct peer *p)
{
    struct packer *z = packer_new();

    pack(z, "* OK last words\r\n", 17, Z_FINISH);
    memcpy(z->wire + z->len, "* OK more\r\n", 11);
    z->len += 11;
    packer_begin(p, z);
    peer_wait_close(p);
    packer_free(z);
}

static void what_is_not_deflate_is_an_error(void **state) /* P24, M21 */
{
    (void)state;
    fails(script_plain, 0, MLA_E_PROTOCOL, "what the server sends is not DEFLATE");
    fails(script_behind_end, 0, MLA_E_PROTOCOL, "octets follow the end of the compressed stream");
}

static void script_cut(struct peer *p)
{
    struct packer *z = packer_new();

    pack_text(z, "* OK cut off within this very block\r\n");
    z->len -= 7;
    packer_begin(p, z);
    peer_close(p, 1);
    packer_free(z);
}

static void truncation_is_an_error(void **state) /* M21, T34 */
{
    (void)state;
    fails(script_cut, 0, MLA_E_CLOSED, "cut off");
}

static void failing_memory_is_survived(void **state)
{
    int done = 0;

    (void)state;
    for (size_t at = 1; !done && at < 400; at++) {
        mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};
        mla_allocator allocator = {.struct_size = sizeof allocator};
        struct fail_mem f;
        struct peer p = {0};
        mla_config *cfg = NULL;
        mla_imap *s = NULL;
        uint64_t t;
        int rc;

        fail_mem_init(&f, 0, 0);
        allocator.alloc = f.mem.alloc;
        allocator.resize = f.mem.resize;
        allocator.release = f.mem.release;
        allocator.user = &f;
        assert_int_equal(peer_start(&p, script_talk, 4), 0);
        a.host = "127.0.0.1";
        a.port = (uint32_t)p.port;
        assert_int_equal(mla_config_new(&allocator, &cfg), 0);
        assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
        mla_config_free(cfg);
        assert_int_equal(mla_session_connect(mla_imap_session(s), &a, &t), 0);
        assert_int_equal(mla_imap_finish(s, t, 10000), 0);
        f.calls = 0;
        f.fail_at = at;
        rc = mla_imap_compress(s, &t);
        if (rc == 0)
            rc = mla_imap_finish(s, t, 10000);
        if (rc == 0)
            rc = mla_imap_noop(s, &t);
        if (rc == 0)
            rc = mla_imap_finish(s, t, 10000);
        assert_true(rc == 0 || rc == MLA_E_NOMEM);
        done = f.calls < at;
        assert_true(!done || rc == 0);
        mla_imap_free(s);
        assert_int_equal(f.held, 0);
        peer_stop(&p);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_compressed),
        cmocka_unit_test(a_session_at_rest_shows_the_answer),
        cmocka_unit_test(end_with_the_answer_is_behind_the_layer),
        cmocka_unit_test(end_before_the_answer_is_an_error),
        cmocka_unit_test(bombs_meet_the_limits),
        cmocka_unit_test(much_for_nothing_is_an_error),
        cmocka_unit_test(what_is_not_deflate_is_an_error),
        cmocka_unit_test(truncation_is_an_error),
        cmocka_unit_test(failing_memory_is_survived),
    };

    return cmocka_run_group_tests_name("net/compress", tests, NULL, NULL);
}
