/* fuzz_pop3_server.c - a POP3 server that says anything.
 *
 * The first octet chooses the protection; the rest is what the server says, 0xFE standing for "now
 * it waits for the client". Each input is played twice, in one piece and in small ones: how it is
 * cut must not change the events, and the octets of a message must follow each other. */
#include "mailaccess/mailaccess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct game {
    mla_pop3 *s;
    mla_session *ss;
    uint64_t hash;   /* of all events */
    uint64_t bulk;   /* octets of the message so far */
    uint64_t ticket; /* whose message it is */
    uint32_t random;
    int dead;
    int cut; /* small pieces */
};

static void expect(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void add(struct game *g, const void *ptr, size_t len)
{
    const uint8_t *p = ptr;

    for (size_t i = 0; i < len; i++)
        g->hash = (g->hash ^ p[i]) * 1099511628211U; /* FNV-1a */
}

static void add_number(struct game *g, uint64_t n)
{
    add(g, &n, sizeof n);
}

static void add_str(struct game *g, mla_str s)
{
    expect(s.ptr != NULL || s.len == 0, "no slice of nothing");
    add_number(g, s.ptr != NULL);
    add_number(g, s.len);
    add(g, s.ptr, s.len);
}

static void add_items(struct game *g, const mla_pop3_event *ev)
{
    const mla_pop3_item *it;

    for (uint32_t i = 0; (it = mla_pop3_event_item(ev, i)) != NULL; i++) {
        expect(it->number != 0, "message numbers begin with 1");
        add_number(g, it->number);
        add_number(g, it->size);
        add_number(g, it->flags);
        add_str(g, it->uidl);
    }
}

/* Batches and chunks count as one, however they are cut. */
static void add_event(struct game *g, const mla_pop3_event *ev)
{
    const mla_pop3_done *d = mla_pop3_event_done(ev);
    const mla_pop3_stat *st = mla_pop3_event_stat(ev);
    const mla_pop3_greeting *gr = mla_pop3_event_greeting(ev);
    const mla_pop3_warning *w = mla_pop3_event_warning(ev);
    const mla_pop3_language *l = mla_pop3_event_language(ev);
    uint64_t ticket = mla_pop3_event_ticket(ev);
    uint64_t offset;
    size_t len;
    const uint8_t *chunk = mla_pop3_event_chunk(ev, &len, &offset);

    if (chunk != NULL) {
        if (g->ticket != ticket)
            g->bulk = 0;
        g->ticket = ticket;
        expect(len != 0, "chunks are not empty");
        expect(offset == g->bulk, "chunks follow each other");
        g->bulk += len;
        add(g, chunk, len);
        return;
    }
    if (mla_pop3_event_item_count(ev) != 0) {
        add_items(g, ev);
        return;
    }
    add_number(g, (uint64_t)mla_pop3_event_type(ev));
    add_number(g, ticket);
    if (d != NULL) {
        add_number(g, (uint64_t)(int64_t)d->error);
        add_number(g, d->status);
        add_number(g, d->code);
        add_str(g, d->code_raw);
        add_str(g, d->text);
        add_number(g, d->reason);
        add_number(g, d->wait_ms);
    }
    if (l != NULL) {
        add_str(g, l->tag);
        add_str(g, l->text);
    }
    if (st != NULL) {
        add_number(g, st->count);
        add_number(g, st->size);
    }
    if (gr != NULL) {
        add_str(g, gr->text);
        add_str(g, gr->stamp);
    }
    if (w != NULL)
        add_str(g, w->raw);
}

static void drain(struct game *g)
{
    const mla_pop3_event *ev;
    int rc;

    while ((rc = mla_pop3_next(g->s, &ev)) == 1)
        add_event(g, ev);
    if (rc < 0 && !g->dead) {
        g->dead = 1;
        expect(mla_error_is_fatal(rc), "next() fails only for good");
        add_number(g, (uint64_t)(int64_t)rc);
    }
}

static void take_output(struct game *g)
{
    const uint8_t *p;
    size_t n;

    while (mla_session_output(g->ss, &p, &n) == 1)
        mla_session_sent(g->ss, n);
}

static void say(struct game *g, const uint8_t *p, size_t n)
{
    while (n != 0 && !g->dead) {
        size_t k = n;
        size_t used = 0;
        int rc;

        if (g->cut) {
            g->random = g->random * 1664525 + 1013904223;
            k = 1 + (g->random >> 16) % 5;
            k = k < n ? k : n;
        }
        rc = mla_session_feed(g->ss, p, k, &used);
        drain(g);
        if (rc < 0 || (used == 0 && (mla_session_wants(g->ss) & MLA_WANT_READ) == 0))
            return;
        p += used;
        n -= used;
    }
}

static void queue_extensions(struct game *g)
{
    mla_pop3_command_args other = {0};
    uint64_t t;

    other.struct_size = sizeof other;
    other.is_multiline = 1;
    other.line = "XTND XLST";
    mla_pop3_utf8(g->s, &t);
    mla_pop3_lang(g->s, NULL, &t);
    mla_pop3_lang(g->s, "de", &t);
    mla_pop3_command(g->s, &other, &t);
    other.is_multiline = 0;
    other.capability = "XTND";
    mla_pop3_command(g->s, &other, &t);
}

static void queue(struct game *g, uint8_t first)
{
    mla_credentials c = {0};
    uint64_t t;

    c.struct_size = sizeof c;
    c.user = "user";
    c.password = "secret";
    c.password_len = 6;
    if ((first & 8) != 0)
        queue_extensions(g);
    mla_pop3_authenticate(g->s, &c, &t);
    if ((first & 8) != 0)
        queue_extensions(g);
    mla_pop3_capa(g->s, &t);
    mla_pop3_uidl(g->s, 0, &t);
    mla_pop3_list(g->s, 0, &t);
    mla_pop3_stat_maildrop(g->s, &t);
    mla_pop3_retr(g->s, 1, &t);
    mla_pop3_top(g->s, 2, 3, &t);
    mla_pop3_uidl(g->s, 2, &t);
    mla_pop3_list(g->s, 2, &t);
    mla_pop3_dele(g->s, 1, &t);
    mla_pop3_rset(g->s, &t);
    mla_pop3_retr(g->s, 2, &t);
    mla_pop3_dele(g->s, 2, &t);
    mla_pop3_noop(g->s, &t);
    mla_pop3_quit(g->s, &t);
}

static uint64_t play(const uint8_t *data, size_t size, int cut)
{
    struct game g = {.hash = 14695981039346656037U, .random = 1, .cut = cut};
    mla_connect_args args = {0};
    mla_config *cfg = NULL;
    size_t at = 1;

    expect(mla_config_new(NULL, &cfg) == 0, "a configuration");
    mla_config_set_cleartext_password(cfg, 1);
    mla_config_set_limit(cfg, MLA_LIMIT_RESPONSE, 4000);
    if ((data[0] & 4) != 0)
        mla_config_set_mechanisms(cfg, "APOP LOGIN PLAIN USER");
    expect(mla_pop3_new(cfg, &g.s, NULL) == 0, "a handle");
    mla_config_free(cfg);
    g.ss = mla_pop3_session(g.s);
    args.struct_size = sizeof args;
    args.security = (data[0] & 3) % 3;
    args.host = "mail.example";
    expect(mla_session_attach(g.ss, &args, NULL) == 0, "attached");
    if (args.security == MLA_SECURITY_TLS)
        mla_session_tls_up(g.ss, 1);
    queue(&g, data[0]);
    drain(&g);
    take_output(&g);
    while (at < size && !g.dead) {
        const uint8_t *end = memchr(data + at, 0xfe, size - at);
        size_t n = end != NULL ? (size_t)(end - data) - at : size - at;

        say(&g, data + at, n);
        at += n + 1;
        take_output(&g);
        if ((mla_session_wants(g.ss) & MLA_WANT_TLS) != 0)
            mla_session_tls_up(g.ss, 1);
        drain(&g);
        take_output(&g);
    }
    mla_session_eof(g.ss, 1);
    drain(&g);
    mla_pop3_free(g.s);
    return g.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    expect(play(data, size, 0) == play(data, size, 1), "cutting changes nothing");
    return 0;
}
