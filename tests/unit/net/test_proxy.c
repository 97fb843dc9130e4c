/* test_proxy.c - lib/net/proxy over a stream in memory; sessions through a proxy are in tests/net
 */
#include "test.h"

#include "net/proxy.h"

#include <errno.h>
#include <stdio.h>

/* The proxy: what it wants to hear, octet for octet, and what it then says. */
struct step {
    const char *hears;
    size_t hears_len;
    const char *says;
    size_t says_len;
};

#define S(text) text, sizeof(text) - 1

enum { STEPS = 4 };

struct below {
    struct stream base;
    const struct step *step;
    size_t heard; /* of this step */
    size_t said;
    size_t piece; /* the most that a read or write moves; 0: all */
    int blocks;   /* every second call would block */
    int turn;
    int closed_early;
    int freed;
};

static int blocked(struct below *b)
{
    return b->blocks && ++b->turn % 2 != 0;
}

static int below_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct below *b = (struct below *)s;
    const struct step *st = b->step;
    size_t left = b->heard == st->hears_len ? st->says_len - b->said : 0;

    (void)err;
    assert_true(n > 0);
    s->read_wants = STREAM_READABLE;
    if (st->hears == NULL || (b->heard == st->hears_len && st->says == NULL))
        return STREAM_END;
    if (left == 0 || blocked(b))
        return 0;
    n = n < left ? n : left;
    if (b->piece != 0 && n > b->piece)
        n = b->piece;
    memcpy(p, st->says + b->said, n);
    b->said += n;
    *out_n = n;
    if (b->said == st->says_len) {
        b->step++;
        b->heard = b->said = 0;
    }
    return STREAM_SOME;
}

static int below_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                       mla_error *err)
{
    struct below *b = (struct below *)s;
    const struct step *st = b->step;

    (void)more;
    (void)err;
    s->write_wants = STREAM_WRITABLE;
    if (blocked(b))
        return 0;
    if (b->piece != 0 && n > b->piece)
        n = b->piece;
    assert_non_null(st->hears);
    assert_true(n <= st->hears_len - b->heard);
    assert_memory_equal(p, st->hears + b->heard, n);
    b->heard += n;
    *out_n = n;
    return 1;
}

static void below_close(struct stream *s)
{
    (void)s;
}

static void below_free(struct stream *s)
{
    ((struct below *)s)->freed++;
}

static uint32_t below_held(const struct stream *s)
{
    (void)s;
    return 0;
}

static int below_fd(const struct stream *s)
{
    (void)s;
    return 7;
}

static const struct stream_ops below_ops = {
    .read = below_read,
    .write = below_write,
    .close = below_close,
    .free = below_free,
    .held = below_held,
    .fd = below_fd,
};

struct conversation {
    struct proxy_options o;
    struct step steps[STEPS];
    int code;        /* 0: the way stands, and "* OK\r\n" comes next */
    const char *why; /* what the error says */
};

#define MANY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct conversation all[] = {
    /* RFC 1928: no log-in, a name */
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")},
      {S("\5\1\0\3\014mail.example\3\341"), S("\5\0\0\1\177\0\0\1\4\70* OK\r\n")}},
     0,
     NULL},
    /* addresses of both kinds; the answer carries a name, then an address of version 6 */
    {{PROXY_SOCKS5, "192.0.2.1", 143, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")}, {S("\5\1\0\1\300\0\2\1\0\217"), S("\5\0\0\3\5proxy\0\1* OK\r\n")}},
     0,
     NULL},
    {{PROXY_SOCKS5, "2001:db8::1", 143, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")},
      {S("\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\217"),
       S("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0* OK\r\n")}},
     0,
     NULL},
    /* RFC 1929 */
    {{PROXY_SOCKS5, "mail.example", 993, "ann", "secret"},
     {{S("\5\2\0\2"), S("\5\2")},
      {S("\1\3ann\6secret"), S("\1\0")},
      {S("\5\1\0\3\014mail.example\3\341"), S("\5\0\0\1\0\0\0\0\0\0* OK\r\n")}},
     0,
     NULL},
    /* ... offered and not wanted */
    {{PROXY_SOCKS5, "mail.example", 993, "ann", "secret"},
     {{S("\5\2\0\2"), S("\5\0")},
      {S("\5\1\0\3\014mail.example\3\341"), S("\5\0\0\1\0\0\0\0\0\0* OK\r\n")}},
     0,
     NULL},
    {{PROXY_SOCKS5, "mail.example", 993, "ann", "wrong"},
     {{S("\5\2\0\2"), S("\5\2")}, {S("\1\3ann\5wrong"), S("\1\1")}},
     MLA_E_CONNECT,
     "refused the user name and password"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\377")}},
     MLA_E_CONNECT,
     "wants a user name and password"},
    {{PROXY_SOCKS5, "mail.example", 993, "ann", "secret"},
     {{S("\5\2\0\2"), S("\5\1")}},
     MLA_E_CONNECT,
     "another log-in"},
    /* a method that was not offered */
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\2")}},
     MLA_E_CONNECT,
     "wants a user name and password"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")}, {S("\5\1\0\3\014mail.example\3\341"), S("\5\4\0\1\0\0\0\0\0\0")}},
     MLA_E_CONNECT,
     "cannot connect to mail.example port 993: the host is unreachable or unknown"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")}, {S("\5\1\0\3\014mail.example\3\341"), S("\5\377\0\1\0\0\0\0\0\0")}},
     MLA_E_CONNECT,
     "for another reason"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")}, {S("\5\1\0\3\014mail.example\3\341"), S("\5\0\0\2\0\0\0\0\0\0")}},
     MLA_E_PROTOCOL,
     "unknown kind of address"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("* OK ready\r\n")}},
     MLA_E_PROTOCOL,
     "does not speak SOCKS5"},
    {{PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
     {{S("\5\1\0"), S("\5\0")}, {S("\5\1\0\3\014mail.example\3\341"), NULL, 0}},
     MLA_E_CONNECT,
     "closed the connection"},
    /* SOCKS4a */
    {{PROXY_SOCKS4A, "mail.example", 993, NULL, NULL},
     {{S("\4\1\3\341\0\0\0\1\0mail.example\0"), S("\0\132\0\0\0\0\0\0* OK\r\n")}},
     0,
     NULL},
    {{PROXY_SOCKS4A, "192.0.2.1", 110, "ann", NULL},
     {{S("\4\1\0\156\300\0\2\1ann\0"), S("\0\132\0\0\0\0\0\0* OK\r\n")}},
     0,
     NULL},
    {{PROXY_SOCKS4A, "mail.example", 993, NULL, NULL},
     {{S("\4\1\3\341\0\0\0\1\0mail.example\0"), S("\0\133\0\0\0\0\0\0")}},
     MLA_E_CONNECT,
     "refused or failed"},
    {{PROXY_SOCKS4A, "mail.example", 993, "ann", NULL},
     {{S("\4\1\3\341\0\0\0\1ann\0mail.example\0"), S("\0\135\0\0\0\0\0\0")}},
     MLA_E_CONNECT,
     "it refused the user name"},
    {{PROXY_SOCKS4A, "mail.example", 993, NULL, NULL},
     {{S("\4\1\3\341\0\0\0\1\0mail.example\0"), S("HTTP/1.0 400")}},
     MLA_E_PROTOCOL,
     "does not speak SOCKS4"},
    /* HTTP */
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
       S("HTTP/1.1 200 Connection established\r\nVia: 1.1 p\r\n\r\n* OK\r\n")}},
     0,
     NULL},
    {{PROXY_HTTP, "2001:db8::1", 143, NULL, NULL},
     {{S("CONNECT [2001:db8::1]:143 HTTP/1.1\r\nHost: [2001:db8::1]:143\r\n\r\n"),
       S("HTTP/1.0 200\n\n* OK\r\n")}},
     0,
     NULL},
    /* what such an answer says of a body does not count (RFC 9110 section 9.3.6) */
    {{PROXY_HTTP, "mail.example", 143, NULL, NULL},
     {{S("CONNECT mail.example:143 HTTP/1.1\r\nHost: mail.example:143\r\n\r\n"),
       S("HTTP/1.1 299 ok\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n* OK\r\n")}},
     0,
     NULL},
    /* interim answers come in front of it, asked for or not (RFC 9110 section 15.2) */
    {{PROXY_HTTP, "mail.example", 143, NULL, NULL},
     {{S("CONNECT mail.example:143 HTTP/1.1\r\nHost: mail.example:143\r\n\r\n"),
       S("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
         "HTTP/1.1 200 OK\r\n\r\n* OK\r\n")}},
     0,
     NULL},
    {{PROXY_HTTP, "mail.example", 143, NULL, NULL},
     {{S("CONNECT mail.example:143 HTTP/1.1\r\nHost: mail.example:143\r\n\r\n"),
       S("HTTP/1.1 100 Continue\r\n\r\n* OK\r\n")}},
     MLA_E_PROTOCOL,
     "does not speak HTTP"},
    {{PROXY_HTTP, "mail.example", 143, NULL, NULL},
     {{S("CONNECT mail.example:143 HTTP/1.1\r\nHost: mail.example:143\r\n\r\n"),
       S("HTTP/1.1 101 Switching Protocols\r\n\r\n")}},
     MLA_E_CONNECT,
     "HTTP/1.1 101 Switching"},
    {{PROXY_HTTP, "mail.example", 143, NULL, NULL},
     {{S("CONNECT mail.example:143 HTTP/1.1\r\nHost: mail.example:143\r\n\r\n"),
       S("HTTP/1.1 2000 OK\r\n\r\n")}},
     MLA_E_CONNECT,
     "HTTP/1.1 2000"},
    {{PROXY_HTTP, "mail.example", 993, "ann", "s:ecret"},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n"
         "Proxy-Authorization: Basic YW5uOnM6ZWNyZXQ=\r\n\r\n"),
       S("HTTP/1.1 200 OK\r\n\r\n* OK\r\n")}},
     0,
     NULL},
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
       S("HTTP/1.1 407 Proxy Authentication Required\r\nA: b\r\n\r\n")}},
     MLA_E_CONNECT,
     "the proxy wants a user name and password"},
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
       S("HTTP/1.1 403 Not \033[1m here\r\n\r\n")}},
     MLA_E_CONNECT,
     "cannot connect to mail.example port 993: HTTP/1.1 403 Not "},
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
       S("HTTP/1.1 20\r\n\r\n")}},
     MLA_E_CONNECT,
     "HTTP/1.1 20"},
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
       S("* OK ready\r\n")}},
     MLA_E_PROTOCOL,
     "does not speak HTTP"},
    {{PROXY_HTTP, "mail.example", 993, NULL, NULL},
     {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"), NULL, 0}},
     MLA_E_CONNECT,
     "closed the connection"},
};

/* 1 when open() came to its end with *err; the way it took is checked. */
static int bring_up(struct stream *s, mla_error *err)
{
    int rc = 0;

    for (int i = 0; i < 5000 && rc == 0; i++) {
        rc = s->ops->open(s, 0, err);
        if (rc == 0)
            assert_true((s->open_wants & (STREAM_READABLE | STREAM_WRITABLE)) != 0);
    }
    assert_int_not_equal(rc, 0);
    return rc;
}

static void play(const struct conversation *c, size_t piece, int blocks)
{
    struct below b = {.base.ops = &below_ops, .step = c->steps, .piece = piece, .blocks = blocks};
    mla_error err = {0};
    uint8_t got[64];
    struct stream *s;
    size_t len = 0;
    int rc;

    assert_int_equal(proxy_open(mem_default(), &b.base, &c->o, &s, &err), 0);
    assert_int_equal(s->ops->fd(s), 7);
    rc = bring_up(s, &err);
    if (c->code != 0) {
        assert_int_equal(rc, c->code);
        if (strstr(err.message, c->why) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.message, c->why);
        assert_null(strchr(err.message, '\033'));
        assert_int_equal(err.sys_code, strstr(c->why, "user name and pass") != NULL ? EACCES : 0);
    } else {
        assert_int_equal(rc, 1);
        /* What the server says at once came with the proxy's answer, or comes now. */
        for (int i = 0; i < 100 && len < 6; i++) {
            size_t n = 0;

            rc = s->ops->read(s, got + len, 6 - len, &n, &err);
            len += rc == STREAM_SOME ? n : 0;
        }
        assert_int_equal(len, 6);
        assert_memory_equal(got, "* OK\r\n", 6);
        assert_int_equal(s->ops->held(s), 0);
    }
    s->ops->free(s);
    assert_int_equal(b.freed, 1);
}

static void conversations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        play(&all[i], 0, 0);
        play(&all[i], 1, 0);
        play(&all[i], 3, 1);
        play(&all[i], 1, 1);
    }
}

/* RFC 1928 section 6: each of them says why. */
static void every_refusal_of_socks5_has_its_words(void **state)
{
    static const char *const why[] = {
        "general failure",      "its rules forbid it",     "the network is unreachable",
        "unreachable or unkno", "the server refused",      "the time to live expired",
        "knows no CONNECT",     "no such kind of address", "for another reason"};

    (void)state;
    for (char code = 1; code <= 9; code++) {
        char answer[10] = {5, code, 0, 1, 0, 0, 0, 0, 0, 0};
        struct conversation c = {
            .o = {PROXY_SOCKS5, "mail.example", 993, NULL, NULL},
            .steps = {{S("\5\1\0"), S("\5\0")},
                      {S("\5\1\0\3\014mail.example\3\341"), answer, sizeof answer}},
            .code = MLA_E_CONNECT,
            .why = why[code - 1],
        };

        play(&c, 0, 0);
        play(&c, 1, 1);
    }
}

static void header_has_a_limit(void **state)
{
    static char endless[20000];
    struct conversation c = {
        .o = {PROXY_HTTP, "mail.example", 993, NULL, NULL},
        .steps = {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
                   endless, sizeof endless}},
        .code = MLA_E_FLOOD,
        .why = "8192 octets",
    };

    (void)state;
    memset(endless, 'a', sizeof endless);
    memcpy(endless, "HTTP/1.1 200 OK\r\nA: ", 20);
    play(&c, 0, 0);
    play(&c, 1000, 1);
}

/* Nor does it help to begin again and again. */
static void interim_answers_have_a_limit(void **state)
{
    static char endless[30 * 26 + 1];
    struct conversation c = {
        .o = {PROXY_HTTP, "mail.example", 993, NULL, NULL},
        .steps = {{S("CONNECT mail.example:993 HTTP/1.1\r\nHost: mail.example:993\r\n\r\n"),
                   endless, sizeof endless - 1}},
        .code = MLA_E_FLOOD,
        .why = "does not come to its answer",
    };

    (void)state;
    for (int i = 0; i < 30; i++)
        strcat(endless, "HTTP/1.1 102 Processi\r\n\r\n");
    play(&c, 0, 0);
    play(&c, 1, 1);
}

static void settings_are_checked(void **state)
{
    static const char longest[] = MANY MANY MANY MANY; /* 256 */
    struct proxy_options o = {PROXY_SOCKS5, "", 993, NULL, NULL};
    struct below b = {.base.ops = &below_ops};
    mla_error err = {0};
    struct stream *s;

    (void)state;
    assert_int_equal(proxy_check(PROXY_SOCKS5, longest, "p"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_SOCKS5, longest + 1, "p"), 0);
    assert_int_equal(proxy_check(PROXY_SOCKS5, "", "p"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_SOCKS5, "u", ""), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_SOCKS5, NULL, "p"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_SOCKS4A, "u", "p"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_SOCKS4A, "u", NULL), 0);
    assert_int_equal(proxy_check(PROXY_HTTP, "u:v", "p"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_HTTP, "u", "p\r\nX: y"), MLA_E_ARG);
    assert_int_equal(proxy_check(PROXY_HTTP, "u", "p:q"), 0);
    assert_int_equal(proxy_check(4, NULL, NULL), MLA_E_ARG);
    assert_int_equal(proxy_open(mem_default(), &b.base, &o, &s, &err), MLA_E_ARG);
    o.host = "mail.example";
    o.port = 0;
    assert_int_equal(proxy_open(mem_default(), &b.base, &o, &s, &err), MLA_E_ARG);
    assert_int_equal(b.freed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversations),
        cmocka_unit_test(every_refusal_of_socks5_has_its_words),
        cmocka_unit_test(header_has_a_limit),
        cmocka_unit_test(interim_answers_have_a_limit),
        cmocka_unit_test(settings_are_checked),
    };

    return cmocka_run_group_tests_name("net/proxy", tests, NULL, NULL);
}
