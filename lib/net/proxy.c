/* proxy.c - see proxy.h
 *
 * Each kind is a row of messages and answers. Of SOCKS exactly the octets of an answer are read;
 * HTTP has no length in front, so what comes behind its header is kept, and read first. */
#include "net/proxy.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "base/wipe.h"
#include "codec/base64.h"
#include "net/hostname.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    OUT_MAX = 2048, /* a CONNECT with the longest name and credentials */
    IN_MAX = 8192,  /* a header of HTTP; SOCKS has 262 octets at most */
    INTERIM_MAX = 8 /* answers of HTTP that only say that another one follows */
};

/* What is needed until the way stands. */
struct talk {
    char user[PROXY_SECRET_MAX + 1];
    char password[PROXY_SECRET_MAX + 1];
    uint8_t out[OUT_MAX];
    uint8_t in[IN_MAX];
};

struct proxy {
    struct stream base;
    const struct mem *mem;
    struct stream *below;
    int (*answer)(struct proxy *p, mla_error *err); /* reads in[], says what is next */
    char host[HOSTNAME_MAX + 1];
    struct hostname name;
    uint32_t port;
    char user[PROXY_SECRET_MAX + 1];
    int has_user;
    int up;
    struct talk *talk; /* NULL once the way stands and all that came behind it was read */
    size_t out_at;
    size_t out_len;
    size_t in_len;
    size_t need;    /* answer is called once this many octets are there */
    size_t most;    /* ... and no more than these are read meanwhile */
    size_t rest_at; /* HTTP: what came behind the header, up to in_len */
    int interim;    /* ... headers that were passed over */
};

static const struct stream_ops proxy_ops;

static struct proxy *proxy_of(struct stream *s)
{
    return (struct proxy *)s;
}

static void put(struct proxy *p, const void *data, size_t n)
{
    if (n > sizeof p->talk->out - p->out_len)
        n = sizeof p->talk->out - p->out_len;
    memcpy(p->talk->out + p->out_len, data, n);
    p->out_len += n;
}

static void put_octet(struct proxy *p, unsigned value)
{
    uint8_t octet = (uint8_t)value;

    put(p, &octet, 1);
}

static void put_port(struct proxy *p)
{
    put_octet(p, p->port >> 8);
    put_octet(p, p->port & 0xff);
}

/* The next answer begins now and has n octets. */
static void expect(struct proxy *p, size_t n, int (*answer)(struct proxy *p, mla_error *err))
{
    p->in_len = 0;
    p->need = p->most = n;
    p->answer = answer;
}

static void talk_free(struct proxy *p)
{
    if (p->talk != NULL)
        mem_free_secret(p->mem, p->talk, sizeof *p->talk);
    p->talk = NULL;
}

/* rest_at: where in[] has what came behind the answer. */
static int done(struct proxy *p, size_t rest_at)
{
    p->up = 1;
    p->rest_at = rest_at;
    if (rest_at == p->in_len)
        talk_free(p);
    return 0;
}

/* The proxy wants to know who asks, or will not have this one: whoever made the configuration can
 * tell that from other troubles. */
static int log_in_refused(const struct proxy *p, mla_error *err)
{
    (void)fail(err, MLA_E_CONNECT, "the proxy %s",
               p->has_user ? "refused the user name and password for it"
                           : "wants a user name and password");
    err->sys_code = EACCES;
    return MLA_E_CONNECT;
}

/* --- SOCKS5 --- */

static int socks5_connected(struct proxy *p, mla_error *err)
{
    (void)err;
    return done(p, p->in_len);
}

/* VER REP RSV ATYP and the first octet of an address that nobody needs. */
static int socks5_reply(struct proxy *p, mla_error *err)
{
    static const char *const why[] = {"",
                                      "general failure",
                                      "its rules forbid it",
                                      "the network is unreachable",
                                      "the host is unreachable or unknown",
                                      "the server refused the connection",
                                      "the time to live expired",
                                      "the proxy knows no CONNECT",
                                      "the proxy knows no such kind of address"};
    size_t rest;

    if (p->talk->in[0] != 5)
        return fail(err, MLA_E_PROTOCOL, "the proxy does not speak SOCKS5");
    if (p->talk->in[1] != 0)
        return fail(err, MLA_E_CONNECT, "the proxy cannot connect to %.200s port %u: %s", p->host,
                    (unsigned)p->port,
                    p->talk->in[1] < sizeof why / sizeof why[0] ? why[p->talk->in[1]]
                                                                : "for another reason");
    switch (p->talk->in[3]) {
    case 1:
        rest = 4 + 2 - 1;
        break;
    case 3:
        rest = p->talk->in[4] + 2U;
        break;
    case 4:
        rest = 16 + 2 - 1;
        break;
    default:
        return fail(err, MLA_E_PROTOCOL, "the proxy's answer has an unknown kind of address");
    }
    expect(p, rest, socks5_connected);
    return 0;
}

static void socks5_connect(struct proxy *p)
{
    size_t n = strlen(p->host);

    put(p, "\005\001\000", 3);
    if (p->name.ip_len != 0) {
        put_octet(p, p->name.ip_len == 4 ? 1 : 4);
        put(p, p->name.ip, p->name.ip_len);
    } else {
        put_octet(p, 3);
        put_octet(p, (unsigned)n);
        put(p, p->host, n);
    }
    put_port(p);
    expect(p, 5, socks5_reply);
}

static int socks5_logged_in(struct proxy *p, mla_error *err)
{
    if (p->talk->in[1] != 0)
        return log_in_refused(p, err);
    socks5_connect(p);
    return 0;
}

static int socks5_method(struct proxy *p, mla_error *err)
{
    size_t n = strlen(p->talk->user);
    size_t m = strlen(p->talk->password);

    if (p->talk->in[0] != 5)
        return fail(err, MLA_E_PROTOCOL, "the proxy does not speak SOCKS5");
    if (p->talk->in[1] == 0) {
        socks5_connect(p);
        return 0;
    }
    if (!p->has_user)
        return log_in_refused(p, err);
    if (p->talk->in[1] != 2)
        return fail(err, MLA_E_CONNECT, "the proxy wants another log-in than by password");
    put_octet(p, 1);
    put_octet(p, (unsigned)n);
    put(p, p->talk->user, n);
    put_octet(p, (unsigned)m);
    put(p, p->talk->password, m);
    expect(p, 2, socks5_logged_in);
    return 0;
}

static void socks5_begin(struct proxy *p)
{
    if (p->has_user)
        put(p, "\005\002\000\002", 4);
    else
        put(p, "\005\001\000", 3);
    expect(p, 2, socks5_method);
}

/* --- SOCKS4a --- */

static int socks4a_reply(struct proxy *p, mla_error *err)
{
    if (p->talk->in[0] != 0)
        return fail(err, MLA_E_PROTOCOL, "the proxy does not speak SOCKS4");
    if (p->talk->in[1] != 90)
        return fail(err, MLA_E_CONNECT, "the proxy cannot connect to %.200s port %u: %s", p->host,
                    (unsigned)p->port,
                    p->talk->in[1] == 91 ? "refused or failed" : "it refused the user name");
    return done(p, p->in_len);
}

/* 0.0.0.1 says that a name follows; addresses of version 6 go as their text. */
static void socks4a_begin(struct proxy *p)
{
    put(p, "\004\001", 2);
    put_port(p);
    put(p, p->name.ip_len == 4 ? (const char *)p->name.ip : "\000\000\000\001", 4);
    put(p, p->talk->user, strlen(p->talk->user) + 1);
    if (p->name.ip_len != 4)
        put(p, p->host, strlen(p->host) + 1);
    expect(p, 8, socks4a_reply);
}

/* --- HTTP --- */

/* Octets up to the end of the header, 0 when it is not there yet. */
static size_t header_len(const struct proxy *p)
{
    size_t line = 0; /* octets of this line, but for CR */

    for (size_t i = 0; i < p->in_len; i++) {
        if (p->talk->in[i] == '\n') {
            if (line == 0 && i > 1)
                return i + 1;
            line = 0;
        } else if (p->talk->in[i] != '\r') {
            line++;
        }
    }
    return 0;
}

static int http_refused(const struct proxy *p, unsigned status, mla_error *err)
{
    const uint8_t *end = memchr(p->talk->in, '\n', p->in_len);
    size_t n = end != NULL ? (size_t)(end - p->talk->in) : p->in_len;

    if (n != 0 && p->talk->in[n - 1] == '\r')
        n--;
    if (status == 407)
        return log_in_refused(p, err);
    return fail(err, MLA_E_CONNECT, "the proxy cannot connect to %.200s port %u: %.*s", p->host,
                (unsigned)p->port, n > 120 ? 120 : (int)n, (const char *)p->talk->in);
}

/* The number in "HTTP/1.1 200 Connection established", 0 for none (RFC 9112 section 4). */
static unsigned http_status(const uint8_t *line, size_t n)
{
    unsigned status = 0;

    if (n < 13 || line[8] != ' ' || ascii_is_digit(line[12]))
        return 0;
    for (size_t i = 9; i < 12; i++) {
        if (!ascii_is_digit(line[i]))
            return 0;
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

static int http_reply(struct proxy *p, mla_error *err)
{
    uint8_t *in = p->talk->in;
    unsigned status;
    size_t n;

    for (;;) {
        n = header_len(p);
        if (memcmp(in, "HTTP/1.", p->in_len < 7 ? p->in_len : 7) != 0)
            return fail(err, MLA_E_PROTOCOL, "the proxy does not speak HTTP/1");
        if (n == 0 && p->in_len == sizeof p->talk->in)
            return fail(err, MLA_E_FLOOD, "the proxy's answer has a header of more than %d octets",
                        IN_MAX);
        p->need = p->in_len + 1;
        if (n == 0)
            return 0;
        status = http_status(in, n);
        /* RFC 9110 section 15.2: others may come in front of the answer, also unasked. */
        if (status < 100 || status > 199 || status == 101)
            break;
        if (++p->interim > INTERIM_MAX)
            return fail(err, MLA_E_FLOOD, "the proxy does not come to its answer");
        memmove(in, in + n, p->in_len - n);
        p->in_len -= n;
    }
    return status / 100 == 2 ? done(p, n) : http_refused(p, status, err);
}

static void put_text(struct proxy *p, const char *text)
{
    put(p, text, strlen(text));
}

static void put_basic(struct proxy *p)
{
    char plain[2 * PROXY_SECRET_MAX + 2];
    char text[((2 * PROXY_SECRET_MAX + 1) / 3 + 1) * 4];
    int n = snprintf(plain, sizeof plain, "%s:%s", p->talk->user, p->talk->password);

    base64_encode(plain, (size_t)n, text);
    put_text(p, "Proxy-Authorization: Basic ");
    put(p, text, base64_encoded_len((size_t)n));
    put_text(p, "\r\n");
    wipe(plain, sizeof plain);
    wipe(text, sizeof text);
}

static void http_begin(struct proxy *p)
{
    char where[HOSTNAME_MAX + 16];

    snprintf(where, sizeof where, p->name.ip_len == 16 ? "[%s]:%u" : "%s:%u", p->host,
             (unsigned)p->port);
    put_text(p, "CONNECT ");
    put_text(p, where);
    put_text(p, " HTTP/1.1\r\nHost: ");
    put_text(p, where);
    put_text(p, "\r\n");
    if (p->has_user)
        put_basic(p);
    put_text(p, "\r\n");
    expect(p, 1, http_reply);
    p->most = sizeof p->talk->in;
}

/* --- the stream --- */

int proxy_check(int kind, const char *user, const char *password)
{
    const char *const texts[] = {user, password};

    if (kind < PROXY_SOCKS5 || kind > PROXY_HTTP)
        return MLA_E_ARG;
    if (password != NULL && (user == NULL || kind == PROXY_SOCKS4A))
        return MLA_E_ARG;
    for (size_t i = 0; i < 2; i++) {
        size_t n = texts[i] != NULL ? strlen(texts[i]) : 1;

        if (n > PROXY_SECRET_MAX || (n == 0 && kind == PROXY_SOCKS5))
            return MLA_E_ARG;
        for (size_t k = 0; texts[i] != NULL && k < n; k++)
            if ((uint8_t)texts[i][k] < 0x20 || texts[i][k] == 0x7f)
                return MLA_E_ARG;
    }
    return kind == PROXY_HTTP && user != NULL && strchr(user, ':') != NULL ? MLA_E_ARG : 0;
}

int proxy_open(const struct mem *mem, struct stream *below, const struct proxy_options *o,
               struct stream **out, mla_error *err)
{
    struct proxy *p;
    int rc = proxy_check(o->kind, o->user, o->password);

    if (rc != 0 || o->port == 0 || o->port > 65535)
        return fail(err, MLA_E_ARG, "the settings for the proxy are not valid");
    p = mem_zero(mem, sizeof *p);
    if (p == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    p->base.ops = &proxy_ops;
    p->mem = mem;
    p->talk = mem_zero(mem, sizeof *p->talk);
    rc = p->talk != NULL ? hostname_parse(o->host, &p->name, err)
                         : fail(err, MLA_E_NOMEM, "out of memory");
    if (rc != 0) {
        talk_free(p);
        mem_free(mem, p);
        return rc;
    }
    p->port = o->port;
    p->has_user = o->user != NULL;
    snprintf(p->host, sizeof p->host, "%s", p->name.ascii);
    if (o->user != NULL)
        snprintf(p->talk->user, sizeof p->talk->user, "%s", o->user);
    if (o->password != NULL)
        snprintf(p->talk->password, sizeof p->talk->password, "%s", o->password);
    if (o->kind == PROXY_SOCKS5)
        socks5_begin(p);
    else if (o->kind == PROXY_SOCKS4A)
        socks4a_begin(p);
    else
        http_begin(p);
    p->base.open_wants = STREAM_NOW;
    p->below = below;
    *out = &p->base;
    return 0;
}

/* 1: all is sent; 0: it has to wait. */
static int send_all(struct proxy *p, mla_error *err)
{
    while (p->out_at < p->out_len) {
        size_t n = 0;
        int rc = p->below->ops->write(p->below, p->talk->out + p->out_at, p->out_len - p->out_at, 0,
                                      &n, err);

        if (rc <= 0) {
            p->base.open_wants = p->below->write_wants;
            return rc;
        }
        p->out_at += n;
    }
    wipe(p->talk->out, p->out_len);
    p->out_at = p->out_len = 0;
    return 1;
}

static int proxy_negotiate(struct stream *s, uint64_t now_ms, mla_error *err)
{
    struct proxy *p = proxy_of(s);

    (void)now_ms;
    while (!p->up) {
        size_t n = 0;
        int rc = send_all(p, err);

        if (rc <= 0)
            return rc;
        rc = p->below->ops->read(p->below, p->talk->in + p->in_len, p->most - p->in_len, &n, err);
        if (rc == 0) {
            s->open_wants = p->below->read_wants;
            return 0;
        }
        if (rc < 0)
            return rc;
        if (rc == STREAM_END || rc == STREAM_BROKEN)
            return fail(err, MLA_E_CONNECT,
                        "the proxy closed the connection instead of connecting to %.200s port %u",
                        p->host, (unsigned)p->port);
        p->in_len += n;
        if (p->in_len >= p->need && (rc = p->answer(p, err)) != 0)
            return rc;
    }
    return 1;
}

static int proxy_read(struct stream *s, uint8_t *to, size_t n, size_t *out_n, mla_error *err)
{
    struct proxy *p = proxy_of(s);
    int rc;

    if (p->talk != NULL) {
        if (n > p->in_len - p->rest_at)
            n = p->in_len - p->rest_at;
        memcpy(to, p->talk->in + p->rest_at, n);
        p->rest_at += n;
        *out_n = n;
        if (p->rest_at == p->in_len)
            talk_free(p);
        return STREAM_SOME;
    }
    rc = p->below->ops->read(p->below, to, n, out_n, err);
    s->read_wants = p->below->read_wants;
    return rc;
}

static int proxy_write(struct stream *s, const uint8_t *data, size_t n, int more, size_t *out_n,
                       mla_error *err)
{
    struct proxy *p = proxy_of(s);
    int rc = p->below->ops->write(p->below, data, n, more, out_n, err);

    s->write_wants = p->below->write_wants;
    return rc;
}

static void proxy_close(struct stream *s)
{
    struct proxy *p = proxy_of(s);

    p->below->ops->close(p->below);
}

static void proxy_free(struct stream *s)
{
    struct proxy *p = proxy_of(s);

    p->below->ops->free(p->below);
    talk_free(p);
    mem_free(p->mem, p);
}

size_t proxy_early(const struct stream *s)
{
    const struct proxy *p = (const struct proxy *)s;

    return p->up && p->talk != NULL ? p->in_len - p->rest_at : 0;
}

static uint32_t proxy_held(const struct stream *s)
{
    const struct proxy *p = (const struct proxy *)s;

    return p->up && p->talk != NULL ? STREAM_NOW : p->below->ops->held(p->below);
}

static int proxy_fd(const struct stream *s)
{
    const struct proxy *p = (const struct proxy *)s;

    return p->below->ops->fd(p->below);
}

static uint64_t proxy_deadline(const struct stream *s)
{
    (void)s;
    return UINT64_MAX;
}

static const struct stream_ops proxy_ops = {
    .open = proxy_negotiate,
    .read = proxy_read,
    .write = proxy_write,
    .close = proxy_close,
    .free = proxy_free,
    .held = proxy_held,
    .fd = proxy_fd,
    .deadline = proxy_deadline,
};
