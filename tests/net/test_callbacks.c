/* test_callbacks.c - the library used from inside the caller's own functions, which it calls (Z16;
 * docs/threading.md): what would change the handle is refused and does no harm, and a handle that
 * is freed there goes when nothing uses it any more. tests/net/check_callbacks.py sees to it that
 * no function is forgotten. */
#include "mailaccess/imap_keep.h"
#include "mailaccess/mailaccess.h"
#include "peer.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the function at work does, and to what. */
enum { TRY_ALL = 1, FREE = 2, FREE_CONFIG = 3 };

static struct {
    int what;
    int after; /* so many calls do nothing before */
    int calls;
    int lone; /* connects and does nothing else */
    mla_config *cfg;
    mla_imap *imap;
    mla_pop3 *pop3;
    mla_imap_keep *keep;
    mla_collect *collect;
} job;

static void is_refused(int rc, const char *call)
{
    if (rc != MLA_E_STATE)
        fail_msg("%s: %d", call, rc);
}

#define refused(call) is_refused((call), #call)

static const uint8_t octets[1];

static void try_session(mla_session *ss)
{
    const mla_certificate_chain *chain;
    const uint8_t *out;
    uint64_t u64 = 7;
    size_t size = 7;

    refused(mla_session_answer_certificate(ss, 0, 0));
    refused(mla_session_certificates(ss, &chain));
    refused(mla_session_connect(ss, NULL, &u64));
    refused(mla_session_adopt_fd(ss, 0, NULL, &u64));
    refused(mla_session_attach(ss, NULL, &u64));
    refused(mla_session_process(ss));
    refused(mla_session_wait(ss, 10));
    refused(mla_session_feed(ss, octets, 0, &size));
    refused(mla_session_output(ss, &out, &size));
    refused(mla_session_sent(ss, 0));
    refused(mla_session_eof(ss, 0));
    refused(mla_session_tick(ss, 0));
    refused(mla_session_tls_up(ss, 0));
    refused(mla_session_compress_up(ss));
    refused(mla_session_give_token(ss, 0, "x", 0));
    assert_true(u64 == 7 && size == 7);
    assert_int_equal(mla_session_interrupt(ss), 0);
}

static void try_imap(mla_imap *s)
{
    const mla_imap_event *ev;
    mla_imap_event *mine;
    uint64_t u64 = 7;
    size_t size = 7;

    refused(mla_imap_next(s, &ev));
    refused(mla_imap_step(s, 0, 10, &ev));
    refused(mla_imap_finish(s, 0, 10));
    refused(mla_imap_event_take(s, &mine));
    refused(mla_imap_authenticate(s, NULL, &u64));
    refused(mla_imap_login(s, NULL, &u64));
    refused(mla_imap_capability(s, &u64));
    refused(mla_imap_enable(s, NULL, 0, &u64));
    refused(mla_imap_noop(s, &u64));
    refused(mla_imap_logout(s, &u64));
    refused(mla_imap_select(s, NULL, &u64));
    refused(mla_imap_close(s, &u64));
    refused(mla_imap_unselect(s, &u64));
    refused(mla_imap_create(s, NULL, &u64));
    refused(mla_imap_delete(s, NULL, &u64));
    refused(mla_imap_subscribe(s, NULL, &u64));
    refused(mla_imap_unsubscribe(s, NULL, &u64));
    refused(mla_imap_rename(s, NULL, &u64));
    refused(mla_imap_list_mailboxes(s, NULL, &u64));
    refused(mla_imap_lsub(s, NULL, &u64));
    refused(mla_imap_status_mailbox(s, NULL, &u64));
    refused(mla_imap_append(s, NULL, &u64));
    refused(mla_imap_append_data(s, 0, octets, 0, &size));
    refused(mla_imap_fetch_msgs(s, NULL, &u64));
    refused(mla_imap_search_msgs(s, NULL, &u64));
    refused(mla_imap_store(s, NULL, &u64));
    refused(mla_imap_copy(s, NULL, &u64));
    refused(mla_imap_move(s, NULL, &u64));
    refused(mla_imap_expunge(s, &u64));
    refused(mla_imap_expunge_uids(s, NULL, 0, &u64));
    refused(mla_imap_idle(s, &u64));
    refused(mla_imap_idle_done(s, 0));
    refused(mla_imap_id(s, NULL, &u64));
    refused(mla_imap_namespace(s, &u64));
    refused(mla_imap_unauthenticate(s, &u64));
    refused(mla_imap_language(s, NULL, &u64));
    refused(mla_imap_comparator(s, NULL, &u64));
    refused(mla_imap_getjmapaccess(s, &u64));
    refused(mla_imap_setacl(s, NULL, &u64));
    refused(mla_imap_deleteacl(s, NULL, &u64));
    refused(mla_imap_getacl(s, NULL, &u64));
    refused(mla_imap_listrights(s, NULL, &u64));
    refused(mla_imap_myrights(s, NULL, &u64));
    refused(mla_imap_getquota(s, NULL, &u64));
    refused(mla_imap_getquotaroot(s, NULL, &u64));
    refused(mla_imap_setquota(s, NULL, &u64));
    refused(mla_imap_getmetadata(s, NULL, &u64));
    refused(mla_imap_setmetadata(s, NULL, &u64));
    refused(mla_imap_append_messages(s, NULL, &u64));
    refused(mla_imap_replace(s, NULL, &u64));
    refused(mla_imap_command(s, NULL, &u64));
    refused(mla_imap_compress(s, &u64));
    refused(mla_imap_notify(s, NULL, &u64));
    refused(mla_imap_sort(s, NULL, &u64));
    refused(mla_imap_thread_msgs(s, NULL, &u64));
    refused(mla_imap_multisearch(s, NULL, &u64));
    refused(mla_imap_cancel_update(s, NULL, 0, &u64));
    refused(mla_imap_uidbatches(s, NULL, &u64));
    refused(mla_imap_expunge_saved(s, &u64));
    refused(mla_imap_genurlauth(s, NULL, &u64));
    refused(mla_imap_resetkey(s, NULL, &u64));
    refused(mla_imap_urlfetch(s, NULL, &u64));
    assert_true(u64 == 7 && size == 7);
    try_session(mla_imap_session(s));
}

static void try_pop3(mla_pop3 *s)
{
    mla_collect_args args = {.struct_size = sizeof args};
    const mla_pop3_event *ev;
    mla_pop3_event *mine;
    mla_collect *c;
    uint64_t u64 = 7;

    refused(mla_pop3_next(s, &ev));
    refused(mla_pop3_step(s, 0, 10, &ev));
    refused(mla_pop3_finish(s, 0, 10));
    refused(mla_pop3_event_take(s, &mine));
    refused(mla_pop3_capa(s, &u64));
    refused(mla_pop3_authenticate(s, NULL, &u64));
    refused(mla_pop3_stat_maildrop(s, &u64));
    refused(mla_pop3_list(s, 0, &u64));
    refused(mla_pop3_uidl(s, 0, &u64));
    refused(mla_pop3_retr(s, 0, &u64));
    refused(mla_pop3_top(s, 0, 0, &u64));
    refused(mla_pop3_dele(s, 0, &u64));
    refused(mla_pop3_noop(s, &u64));
    refused(mla_pop3_rset(s, &u64));
    refused(mla_pop3_quit(s, &u64));
    refused(mla_pop3_utf8(s, &u64));
    refused(mla_pop3_lang(s, "x", &u64));
    refused(mla_pop3_command(s, NULL, &u64));
    refused(mla_collect_new(s, &args, &c));
    assert_true(u64 == 7);
    try_session(mla_pop3_session(s));
}

static void try_keep(mla_imap_keep *k)
{
    const mla_imap_keep_event *ev;
    const mla_imap_keep_state *state;

    refused(mla_imap_keep_next(k, &ev));
    refused(mla_imap_keep_step(k, 10, &ev));
    refused(mla_imap_keep_process(k));
    refused(mla_imap_keep_hint(k));
    refused(mla_imap_keep_set_credentials(k, NULL));
    refused(mla_imap_keep_close(k));
    refused(mla_imap_keep_read_state(k, 1, &state));
    assert_int_equal(mla_imap_keep_interrupt(k), 0);
}

static void try_collect(mla_collect *c)
{
    const mla_collect_event *ev;

    refused(mla_collect_next(c, &ev));
    refused(mla_collect_step(c, 10, &ev));
    refused(mla_collect_stored(c, 1, NULL));
    refused(mla_collect_keep(c, 1));
    refused(mla_collect_close(c));
    refused(mla_collect_commit(c));
}

static void try_config(mla_config *cfg)
{
    mla_imap *s;

    refused(mla_config_set_insecure(cfg, 1));
    refused(mla_config_set_mechanisms(cfg, "PLAIN"));
    refused(mla_config_set_certificate_question(cfg, 1));
    assert_int_equal(mla_imap_new(cfg, &s, NULL), MLA_E_STATE);
}

static void free_all(void)
{
    if (job.collect != NULL)
        mla_collect_free(job.collect);
    mla_imap_free(job.imap);
    mla_pop3_free(job.pop3);
    mla_imap_keep_free(job.keep);
}

static void at_work(void)
{
    int what = job.what;

    if (what == 0 || job.calls++ < job.after)
        return;
    if (what == FREE) {
        job.what = 0;
        free_all();
        return;
    }
    if (job.imap != NULL)
        try_imap(job.imap);
    if (job.pop3 != NULL)
        try_pop3(job.pop3);
    if (job.keep != NULL)
        try_keep(job.keep);
    if (job.collect != NULL)
        try_collect(job.collect);
}

/* What can be read is as it is between two calls. */
static void look(mla_imap *s)
{
    const mla_session *ss = mla_imap_session(s);
    mla_error err;

    assert_true(mla_imap_state(s) >= MLA_IMAP_STATE_START);
    (void)mla_imap_capability_word(s, 0);
    (void)mla_imap_mailbox(s);
    (void)mla_imap_last(s);
    (void)mla_session_fd(ss);
    (void)mla_session_wants(ss);
    (void)mla_session_timeout_ms(ss);
    (void)mla_session_is_tls(ss);
    (void)mla_session_is_resumed(ss);
    (void)strlen(mla_session_tls_version(ss));
    mla_session_error(ss, &err);
}

static void on_trace(void *user, int32_t what, const uint8_t *data, size_t len)
{
    char *seen = user; /* ours, until the handle was freed here */

    (void)what;
    seen[0] = len != 0 ? (char)data[0] : 'x';
    if (job.what == TRY_ALL && job.imap != NULL)
        look(job.imap);
    at_work();
    if (job.calls > 0 && job.what == 0)
        *seen = 'x';
}

/* --- servers and configurations --- */

static void serve(struct peer *p)
{
    int pop3 = p->arg != NULL && strcmp(p->arg, "pop3") == 0;
    char tag[64];

    if (!peer_accept(p))
        return;
    peer_say(p, pop3 ? "+OK hi\r\n" : "* OK [CAPABILITY IMAP4rev1] hi\r\n");
    while (peer_line(p)) {
        snprintf(tag, sizeof tag, "%.*s", (int)strcspn(p->line, " "), p->line);
        if (pop3 && strncmp(p->line, "UIDL", 4) == 0)
            peer_say(p, "+OK\r\n1 one\r\n.\r\n");
        else if (pop3 && strncmp(p->line, "LIST", 4) == 0)
            peer_say(p, "+OK\r\n1 3\r\n.\r\n");
        else if (pop3 && strncmp(p->line, "RETR 1", 6) == 0)
            peer_say(p, "+OK\r\na\r\n.\r\n");
        else if (pop3)
            peer_say(p, strncmp(p->line, "CAPA", 4) == 0 ? "+OK\r\nUSER\r\nUIDL\r\n.\r\n"
                                                         : "+OK 1 3\r\n");
        else if (peer_say(p, tag))
            peer_say(p, p->arg == NULL ? " OK done\r\n" : " OK done\r\n* OK the begin");
    }
}

static mla_config *traced(char *seen)
{
    mla_config *cfg;

    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_cleartext_password(cfg, 1), 0);
    assert_int_equal(mla_config_set_trace(cfg, on_trace, seen), 0);
    return cfg;
}

static void begin(int what, int after)
{
    memset(&job, 0, sizeof job);
    job.what = what;
    job.after = after;
}

static mla_connect_args to_peer(struct peer *p)
{
    mla_connect_args to = {.struct_size = sizeof to, .host = "127.0.0.1"};

    to.security = MLA_SECURITY_NONE;
    to.port = (uint32_t)p->port;
    return to;
}

/* Connects job's handle, with a NOOP behind. The NOOP's ticket. */
static uint64_t dial(struct peer *p, const char *how, mla_config *cfg)
{
    mla_connect_args to;
    uint64_t t;

    memset(p, 0, sizeof *p);
    p->arg = (char *)(uintptr_t)how;
    assert_int_equal(peer_start(p, serve, 4), 0);
    to = to_peer(p);
    if (how != NULL && strcmp(how, "pop3") == 0) {
        mla_credentials who = {.struct_size = sizeof who, .user = "a", .password = "bcdefg"};
        mla_pop3 *s;

        who.password_len = 6;
        assert_int_equal(mla_pop3_new(cfg, &s, NULL), 0);
        assert_int_equal(mla_session_connect(mla_pop3_session(s), &to, &t), 0);
        if (!job.lone) {
            assert_int_equal(mla_pop3_authenticate(s, &who, &t), 0);
            assert_int_equal(mla_pop3_noop(s, &t), 0);
        }
        job.pop3 = s;
    } else {
        mla_imap *s;

        assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
        assert_int_equal(mla_session_connect(mla_imap_session(s), &to, &t), 0);
        if (!job.lone)
            assert_int_equal(mla_imap_noop(s, &t), 0);
        job.imap = s;
    }
    return t;
}

static int finish(uint64_t t)
{
    const mla_pop3_event *pev;
    const mla_imap_event *iev;
    int rc;

    do { /* the interrupts that were tried end a wait */
        rc = job.pop3 != NULL ? mla_pop3_step(job.pop3, t, 10000, &pev)
                              : mla_imap_step(job.imap, t, 10000, &iev);
    } while (rc == 1 || rc == MLA_E_CANCELLED);
    return rc;
}

/* --- the trace --- */

static void refuses_what_changes_it(void **state)
{
    (void)state;
    for (int pop3 = 0; pop3 < 2; pop3++) {
        struct peer p;
        char seen[1] = "";
        mla_config *cfg = traced(seen);
        mla_error err;
        uint64_t t;

        begin(0, 0);
        t = dial(&p, pop3 ? "pop3" : NULL, cfg);
        job.what = TRY_ALL;
        assert_int_equal(finish(t), 0);
        assert_true(job.calls > 3);
        mla_session_error(pop3 ? mla_pop3_session(job.pop3) : mla_imap_session(job.imap), &err);
        assert_int_equal(err.code, 0);
        assert_int_equal(pop3 ? mla_pop3_noop(job.pop3, &t) : mla_imap_noop(job.imap, &t), 0);
        assert_int_equal(finish(t), 0);
        free_all(); /* the trace's last words come in here */
        mla_config_free(cfg);
        peer_stop(&p);
    }
}

/* Drives until the handle is gone; the ways to. */
static int drive(int way, uint64_t t)
{
    int rc;

    if (way == 0)
        return finish(t);
    if (way == 1)
        return job.pop3 != NULL ? mla_pop3_finish(job.pop3, t, 10000)
                                : mla_imap_finish(job.imap, t, 10000);
    for (;;) {
        mla_session *ss =
            job.pop3 != NULL ? mla_pop3_session(job.pop3) : mla_imap_session(job.imap);
        const mla_pop3_event *pev;
        const mla_imap_event *iev;
        int last = job.calls;

        rc = mla_session_wait(ss, 1000);
        if (rc == MLA_E_TIMEOUT)
            return job.calls == last ? 0 : rc;
        rc = mla_session_process(ss);
        if (rc < 0)
            return rc;
        while ((job.pop3 != NULL ? mla_pop3_next(job.pop3, &pev) : mla_imap_next(job.imap, &iev)) ==
               1)
            ;
    }
}

static void frees_it_at_the_end_of_the_call(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * 3 * 4; i++) {
        int pop3 = i % 2;
        int way = i / 2 % 3;
        char *seen = malloc(1);
        mla_config *cfg = traced(seen);
        struct peer p;
        uint64_t t;

        begin(0, way == 1 ? i / 6 % 2 : i / 6);
        job.lone = way == 1;
        t = dial(&p, pop3 ? "pop3" : NULL, cfg);
        job.what = FREE;
        mla_config_free(cfg); /* the session holds it */
        assert_int_equal(drive(way, t), MLA_E_CLOSED);
        assert_int_equal(job.what, 0);
        free(seen);
        peer_stop(&p);
    }
}

/* Nobody is called any more by a handle that was freed, nor is it freed twice. */
static void frees_it_once(void **state)
{
    struct peer p;
    char seen[1] = "";
    mla_config *cfg = traced(seen);
    uint64_t t;

    (void)state;
    begin(0, 0);
    t = dial(&p, "cut", cfg);
    assert_int_equal(finish(t), 0);
    peer_nap(50);
    (void)mla_session_process(mla_imap_session(job.imap)); /* a line without an end is held */
    job.what = FREE;
    job.calls = 0;
    mla_imap_free(job.imap); /* which shows it, whereupon it is freed again */
    assert_int_equal(job.what, 0);
    assert_int_equal(job.calls, 1);
    mla_config_free(cfg);
    peer_stop(&p);
}

static void frees_it_where_the_octets_are_the_callers(void **state)
{
    static const char hi[] = "* OK [CAPABILITY IMAP4rev1] hi\r\n";

    (void)state;
    for (int sent = 0; sent < 2; sent++) {
        mla_connect_args to = {.struct_size = sizeof to, .host = "a.example"};
        char seen[1] = "";
        mla_config *cfg = traced(seen);
        const mla_imap_event *ev;
        const uint8_t *p;
        mla_imap *s;
        uint64_t t;
        size_t n;

        begin(0, 0);
        to.security = MLA_SECURITY_NONE;
        assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
        assert_int_equal(mla_session_attach(mla_imap_session(s), &to, &t), 0);
        assert_int_equal(mla_imap_noop(s, &t), 0);
        job.imap = s;
        job.what = sent ? TRY_ALL : FREE;
        assert_int_equal(
            mla_session_feed(mla_imap_session(s), (const uint8_t *)hi, sizeof hi - 1, &n),
            sent ? 0 : MLA_E_CLOSED);
        if (sent) {
            while (mla_imap_next(s, &ev) == 1)
                ;
            assert_int_equal(mla_session_output(mla_imap_session(s), &p, &n), 1);
            job.what = FREE;
            assert_int_equal(mla_session_sent(mla_imap_session(s), n), MLA_E_CLOSED);
        }
        assert_int_equal(job.what, 0);
        mla_config_free(cfg);
    }
}

static void keeps_to_it_with_a_keeper(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        mla_imap_keep_args args = {.struct_size = sizeof args, .host = "127.0.0.1"};
        mla_credentials who = {.struct_size = sizeof who, .user = "a", .password = "bcdefg"};
        const mla_imap_keep_event *ev;
        struct peer p = {0};
        char seen[1] = "";
        mla_config *cfg = traced(seen);
        mla_imap_keep *k;
        int turns = 0;
        int rc;

        who.password_len = 6;
        assert_int_equal(peer_start(&p, serve, 4), 0);
        args.port = (uint32_t)p.port;
        args.security = MLA_SECURITY_NONE;
        args.mailbox = "INBOX";
        args.credentials = &who;
        args.tries_max = 1;
        assert_int_equal(mla_imap_keep_new(cfg, &args, &k, NULL), 0);
        begin(i == 0 ? TRY_ALL : FREE, i / 2);
        job.keep = k;
        do {
            if (i % 2 == 0) {
                rc = mla_imap_keep_step(k, 300, &ev);
            } else {
                peer_nap(2);
                rc = mla_imap_keep_process(k);
                while (rc >= 0 && (rc = mla_imap_keep_next(k, &ev)) == 1)
                    ;
            }
        } while (turns++ < 500 && (rc >= 0 || rc == MLA_E_CANCELLED));
        assert_true(job.calls > i / 2);
        if (i == 0)
            mla_imap_keep_free(k);
        else
            assert_true(rc == MLA_E_CLOSED && job.what == 0);
        mla_config_free(cfg);
        peer_stop(&p);
    }
}

/* --- a collector's store --- */

static int late; /* calls behind the one that freed it */

static void in_store(void)
{
    int before = job.what;

    late += before == 0 && job.collect != NULL && job.calls != 0;
    at_work();
}

static int store_lookup(void *user, const uint8_t *id, size_t id_len, mla_seen_record *out_record)
{
    (void)user, (void)id, (void)id_len, (void)out_record;
    in_store();
    return 0;
}

static int store_add(void *user, const mla_seen_record *record)
{
    (void)user, (void)record;
    in_store();
    return 0;
}

static int store_remove(void *user, const uint8_t *id, size_t id_len)
{
    (void)user, (void)id, (void)id_len;
    in_store();
    return 0;
}

static int store_commit(void *user)
{
    (void)user;
    in_store();
    return 0;
}

static void keeps_to_it_with_a_collector(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        mla_seen_store store = {.struct_size = sizeof store};
        mla_collect_args args = {.struct_size = sizeof args};
        const mla_collect_event *ev;
        struct peer p;
        mla_config *cfg;
        mla_collect *c;
        uint64_t t;
        int rc;

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        assert_int_equal(mla_config_set_cleartext_password(cfg, 1), 0);
        begin(0, 0);
        t = dial(&p, "pop3", cfg);
        assert_int_equal(finish(t), 0);
        store.lookup = store_lookup;
        store.add = store_add;
        store.remove = store_remove;
        store.commit = store_commit;
        args.store = &store;
        assert_int_equal(mla_collect_new(job.pop3, &args, &c), 0);
        job.collect = c;
        job.after = i == 2;
        job.what = i == 0 ? TRY_ALL : FREE;
        do {
            rc = mla_collect_step(c, 3000, &ev);
            if (rc == 1 && mla_collect_event_type(ev) == MLA_COLLECT_EV_END)
                rc = mla_collect_stored(c, 1, NULL) == 0;
            else if (rc == 1 && mla_collect_event_type(ev) == MLA_COLLECT_EV_ALL)
                rc = mla_collect_close(c) == 0;
        } while (rc == 1 || rc == MLA_E_CANCELLED);
        assert_true(job.calls > 0);
        if (i == 0) {
            assert_int_equal(rc, 0);
            job.what = 0;
            job.calls = 0;
            free_all();
        }
        assert_int_equal(job.what, 0);
        assert_true(i != 1 || rc == MLA_E_CLOSED);
        assert_int_equal(late, 0);
        mla_config_free(cfg);
        peer_stop(&p);
    }
}

/* --- an allocator --- */

static size_t held;

static void in_allocator(void)
{
    static int inside;

    if (job.what == 0)
        return;
    if (inside) { /* else it would go on like that */
        job.what = inside = 0;
        fail_msg("what an allocator called has called the allocator");
    }
    inside = 1;
    job.calls++;
    if (job.imap != NULL)
        try_imap(job.imap);
    if (job.pop3 != NULL)
        try_pop3(job.pop3);
    if (job.cfg != NULL)
        try_config(job.cfg);
    /* what cannot be done here is not done */
    free_all();
    mla_config_free(job.cfg);
    inside = 0;
}

static void *our_alloc(void *user, size_t size)
{
    (void)user;
    in_allocator();
    held++;
    return malloc(size);
}

static void *our_resize(void *user, void *ptr, size_t size)
{
    (void)user;
    in_allocator();
    held += ptr == NULL;
    return realloc(ptr, size);
}

static void our_release(void *user, void *ptr)
{
    (void)user;
    in_allocator();
    held--;
    free(ptr);
}

static void refuses_all_to_an_allocator(void **state)
{
    static const mla_allocator ours = {sizeof ours, 0, our_alloc, our_resize, our_release, NULL};

    (void)state;
    for (int pop3 = 0; pop3 < 2; pop3++) {
        struct peer p;
        mla_config *cfg;
        uint64_t t;

        begin(0, 0);
        assert_int_equal(mla_config_new(&ours, &cfg), 0);
        job.cfg = cfg;
        job.what = TRY_ALL;
        assert_int_equal(mla_config_set_mechanisms(cfg, "PLAIN USER"), 0);
        assert_int_equal(mla_config_set_cleartext_password(cfg, 1), 0);
        t = dial(&p, pop3 ? "pop3" : NULL, cfg);
        assert_int_equal(finish(t), 0);
        assert_true(job.calls > 3);
        job.what = 0;
        free_all();
        mla_config_free(cfg);
        assert_int_equal(held, 0);
        peer_stop(&p);
    }
}

/* What should have been refused may as well wait for ever. */
static void out_of_time(int sig)
{
    static const char why[] = "net/callbacks: not over within 60 s\n";

    (void)sig;
    _exit(write(STDERR_FILENO, why, sizeof why - 1) < 0 ? 2 : 1);
}

int main(int argc, char **argv)
{
    struct sigaction limit = {.sa_handler = out_of_time};

    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_changes_it),
        cmocka_unit_test(frees_it_at_the_end_of_the_call),
        cmocka_unit_test(frees_it_once),
        cmocka_unit_test(frees_it_where_the_octets_are_the_callers),
        cmocka_unit_test(keeps_to_it_with_a_keeper),
        cmocka_unit_test(keeps_to_it_with_a_collector),
        cmocka_unit_test(refuses_all_to_an_allocator),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    sigaction(SIGALRM, &limit, NULL);
    alarm(60);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
