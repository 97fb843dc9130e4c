/* ours_imap.c - the same work by libmailaccess: all commands queued at once, one FETCH. */
#include "bench.h"

#include <mailaccess/imap.h>
#include <mailaccess/mailaccess.h>

static void check(int rc, mla_imap *s, const char *what)
{
    mla_error err;

    if (rc >= 0)
        return;
    memset(&err, 0, sizeof err);
    if (s != NULL)
        mla_session_error(mla_imap_session(s), &err);
    fprintf(stderr, "ours_imap: %s: %s %s\n", what, mla_error_name(rc), err.message);
    exit(1);
}

static mla_imap *start(const struct bench *b)
{
    mla_connect_args where = {.struct_size = sizeof where, .host = "localhost"};
    mla_config *cfg;
    mla_imap *s;
    uint64_t t;

    check(mla_config_new(NULL, &cfg), NULL, "config");
    if (b->tls)
        check(mla_config_add_ca_file(cfg, b->ca, NULL), NULL, "CA file");
    else
        check(mla_config_set_cleartext_password(cfg, 1), NULL, "config");
    check(mla_imap_new(cfg, &s, NULL), NULL, "new");
    mla_config_free(cfg);
    where.port = (uint32_t)b->port;
    where.security = b->tls ? MLA_SECURITY_TLS : MLA_SECURITY_NONE;
    check(mla_session_connect(mla_imap_session(s), &where, &t), s, "connect");
    return s;
}

static uint64_t queue(mla_imap *s)
{
    mla_imap_login_args who = {.struct_size = sizeof who, .user = "alice"};
    mla_imap_select_args box = {.struct_size = sizeof box, .read_only = 1, .mailbox = "INBOX"};
    mla_imap_section_args whole = {.struct_size = sizeof whole, .what = MLA_IMAP_PART_ALL};
    mla_imap_fetch_args get = {.struct_size = sizeof get, .items = MLA_IMAP_ITEM_UID};
    mla_range all = {1, 0};
    uint64_t t;

    who.password = "secret";
    who.password_len = 6;
    check(mla_imap_login(s, &who, &t), s, "login");
    check(mla_imap_select(s, &box, &t), s, "select");
    get.ranges = &all;
    get.range_count = 1;
    get.sections = &whole;
    get.section_count = 1;
    check(mla_imap_fetch_msgs(s, &get, &t), s, "fetch");
    return t;
}

static void count(struct bench *b, const mla_imap_event *ev)
{
    const mla_imap_fetch *f;
    size_t n;

    if (mla_imap_event_chunk(ev, &n, NULL) != NULL) {
        b->octets += n;
    } else if ((f = mla_imap_event_fetch(ev)) != NULL && f->sections != NULL) {
        b->messages++;
        if (!f->sections->streamed)
            b->octets += f->sections->data.len;
    }
}

int main(int argc, char **argv)
{
    struct bench b;
    const mla_imap_event *ev;
    mla_imap *s;
    uint64_t t;
    int rc;

    bench_args(&b, argc, argv);
    s = start(&b);
    t = queue(s);
    while ((rc = mla_imap_step(s, t, -1, &ev)) == 1)
        count(&b, ev);
    check(rc, s, "fetch");
    check(mla_imap_logout(s, &t), s, "logout");
    check(mla_imap_finish(s, t, -1), s, "logout");
    mla_imap_free(s);
    return bench_done(&b);
}
