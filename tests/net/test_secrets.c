/* test_secrets.c - A16: what becomes of passwords and tokens.
 *
 * A server in a process of its own repeats each secret in every form it can think of. Nothing that
 * is told (traces, events, errors) may have it, no block of memory that is given back (ours by the
 * caller's allocator, those of the TLS library, zlib and the C library by free()), and nothing that
 * this process can write to once the session is gone. The test itself keeps the secrets masked. */
#include "test.h"

#include "codec/base64.h"
#include "interpose.h"
#include "mailaccess/imap_command.h"
#include "mailaccess/mailaccess.h"
#include "peer.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/wait.h>

enum { VEIL = 0xa5, NEEDLES = 5, TOLD_MAX = 1 << 20 };

/* --- what must not be found: each octet with VEIL over it, so that this is not found --- */

struct needle {
    uint8_t veiled[64];
    size_t len;
    int any_case;
};

static struct needle needles[NEEDLES];
static atomic_int watching; /* blocks that are freed are looked at */
static atomic_int leaks;
static char where[128]; /* the first one */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static int is_at(const struct needle *n, const uint8_t *p, int any_case)
{
    for (size_t i = 0; i < n->len; i++) {
        uint8_t want = n->veiled[i] ^ VEIL;

        if (p[i] != want && !(any_case && lower(p[i]) == lower(want)))
            return 0;
    }
    return 1;
}

/* The offset of a secret in n octets, or -1. */
static long found_in(const uint8_t *p, size_t n, int any_case)
{
    for (size_t k = 0; k < NEEDLES; k++) {
        const struct needle *s = &needles[k];

        for (size_t at = 0; s->len != 0 && at + s->len <= n; at++) {
            if (!any_case) {
                const uint8_t *next = memchr(p + at, s->veiled[0] ^ VEIL, n - at - s->len + 1);

                if (next == NULL)
                    break;
                at = (size_t)(next - p);
            }
            if (is_at(s, p + at, any_case))
                return (long)at;
        }
    }
    return -1;
}

static void check_freed(const void *p, size_t n, const char *whose)
{
    long at;

    if (p == NULL || !atomic_load(&watching))
        return;
    at = found_in(p, n, 0);
    if (at >= 0 && atomic_fetch_add(&leaks, 1) == 0)
        snprintf(where, sizeof where, "a block of %zu octets, freed by %s, has it at %ld", n, whose,
                 at);
}

#if INTERPOSE
void *malloc(size_t n)
{
    return __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
    return __libc_calloc(count, n);
}

/* What grows and moves leaves its octets behind. */
void *realloc(void *p, size_t n)
{
    void *to;
    size_t held;

    if (p == NULL || n == 0 || !atomic_load(&watching))
        return __libc_realloc(p, n);
    held = malloc_usable_size(p);
    to = __libc_malloc(n);
    if (to == NULL)
        return NULL;
    memcpy(to, p, held < n ? held : n);
    free(p);
    return to;
}

void free(void *p)
{
    if (p != NULL)
        check_freed(p, malloc_usable_size(p), "a library");
    __libc_free(p);
}
#endif

/* --- the caller's allocator --- */

enum { HEAD = 16 };

static void *own_alloc(void *user, size_t n)
{
    uint8_t *p = malloc(n + HEAD);

    (void)user;
    if (p == NULL)
        return NULL;
    memcpy(p, &n, sizeof n);
    return p + HEAD;
}

static void own_release(void *user, void *ptr)
{
    uint8_t *p = (uint8_t *)ptr - HEAD;
    size_t n;

    (void)user;
    memcpy(&n, p, sizeof n);
    check_freed(ptr, n, "mailaccess");
    free(p);
}

static void *own_resize(void *user, void *ptr, size_t n)
{
    void *to = own_alloc(user, n);
    size_t held;

    if (ptr == NULL || to == NULL)
        return to;
    memcpy(&held, (uint8_t *)ptr - HEAD, sizeof held);
    memcpy(to, ptr, held < n ? held : n);
    own_release(user, ptr);
    return to;
}

/* --- the cases --- */

struct way {
    const char *name;      /* what mla_config_set_mechanisms() gets; NULL: the LOGIN command */
    const char *announced; /* IMAP: capabilities; POP3: a line of CAPA */
    int pop3;
    int token;
    int clear; /* without TLS */
};

static const struct way ways[] = {
    {"PLAIN", "AUTH=PLAIN SASL-IR", 0, 0, 0},
    {"PLAIN", "AUTH=PLAIN", 0, 0, 1},
    {"LOGIN", "AUTH=LOGIN", 0, 0, 0},
    {"CRAM-MD5", "AUTH=CRAM-MD5", 0, 0, 0},
    {"SCRAM-SHA-256", "AUTH=SCRAM-SHA-256 SASL-IR", 0, 0, 0},
    {"SCRAM-SHA-1", "AUTH=SCRAM-SHA-1", 0, 0, 1},
    {"XOAUTH2", "AUTH=XOAUTH2 SASL-IR", 0, 1, 0},
    {"OAUTHBEARER", "AUTH=OAUTHBEARER", 0, 1, 0},
    {"IMAPLOGIN", "", 0, 0, 0},
    {NULL, "", 0, 0, 1},
    {"PLAIN", "SASL PLAIN", 1, 0, 0},
    {"LOGIN", "SASL LOGIN", 1, 0, 1},
    {"CRAM-MD5", "SASL CRAM-MD5", 1, 0, 0},
    {"SCRAM-SHA-512", "SASL SCRAM-SHA-512", 1, 0, 0},
    {"XOAUTH2", "SASL XOAUTH2", 1, 1, 0},
    {"OAUTHBEARER", "SASL OAUTHBEARER", 1, 1, 0},
    {"USER", "USER", 1, 0, 0},
    {"USER", "USER\r\nPIPELINING", 1, 0, 1},
    {"APOP", "TOP", 1, 0, 1},
};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* The n-th secret: letters that come from nowhere else. odd: with what has to be escaped. */
static size_t make_secret(unsigned n, int is_token, char *out)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ23456789";
    size_t len = is_token ? 45 : 14 + n % 3;
    uint64_t x = 0x123456789abcdefU * (n + 7);

    for (size_t i = 0; i < len; i++) {
        x = x * 6364136223846793005U + 1442695040888963407U;
        out[i] = letters[(x >> 33) % (sizeof letters - 1)];
    }
    if (!is_token && n % 4 == 1)
        out[5] = '"';
    out[len] = '\0';
    return len;
}

/* Spreads a secret and what base64 makes of it, behind none, one and two octets, under the veil. */
static void set_needles(unsigned n, int is_token)
{
    char secret[64];
    char coded[128];
    char framed[72];
    size_t len = make_secret(n, is_token, secret);

    memset(needles, 0, sizeof needles);
    for (size_t k = 0; k < 4; k++) {
        size_t first = k < 2 ? 0 : k;
        size_t chars = len;

        if (k > 0) {
            memset(framed, 0, sizeof framed);
            memcpy(framed + k - 1, secret, len);
            base64_encode(framed, len + k - 1, coded);
            chars = (len + k - 1) * 8 / 6 - first;
        }
        if (chars > sizeof needles[k].veiled)
            chars = sizeof needles[k].veiled;
        for (size_t i = 0; i < chars; i++)
            needles[k].veiled[i] = (uint8_t)(k > 0 ? coded[first + i] : secret[i]) ^ VEIL;
        needles[k].len = chars;
    }
    memset(secret, 0, sizeof secret);
    memset(coded, 0, sizeof coded);
    memset(framed, 0, sizeof framed);
    __asm__ __volatile__("" : : "r"(secret), "r"(coded), "r"(framed) : "memory");
}

/* --- the server, which lives in another process --- */

static unsigned served;
static char plain[64];
static char echo[2048];

/* In small pieces, so that each secret is cut. */
static void say_slowly(struct peer *p, const char *text)
{
    for (size_t at = 0, n = strlen(text); at < n; at += 9)
        peer_send(p, text + at, n - at < 9 ? n - at : 9);
}

/* All that can be said about it. */
static void make_echo(const struct peer *p)
{
    char coded[3][128];
    char framed[80];
    char upper[64];

    for (size_t k = 0; k < 3; k++) {
        int n = snprintf(framed, sizeof framed, "%.*s%s", (int)k, "::", plain);

        base64_encode(framed, (size_t)n, coded[k]);
        coded[k][base64_encoded_len((size_t)n)] = '\0';
    }
    snprintf(upper, sizeof upper, "%s", plain);
    for (size_t i = 0; upper[i] != '\0'; i++)
        upper[i] = upper[i] >= 'a' && upper[i] <= 'z' ? (char)(upper[i] - 32) : upper[i];
    snprintf(echo, sizeof echo, "mira/%s: %s %s %s %s %.*s", plain, upper, coded[0], coded[1],
             coded[2], (int)strcspn(p->line, "\r"), p->line);
}

/* The last word of the line. */
static const char *last_word(char *line)
{
    char *space;

    line[strcspn(line, "\r")] = '\0';
    space = strrchr(line, ' ');
    return space != NULL ? space + 1 : line;
}

static int ask(struct peer *p, const char *text)
{
    char line[1024] = "+ ";

    base64_encode(text, strlen(text), line + 2);
    line[2 + base64_encoded_len(strlen(text))] = '\0';
    strcat(line, "\r\n");
    say_slowly(p, line);
    return peer_line(p);
}

/* The answer to a client's first message of SCRAM, whose nonce it takes up. */
static int ask_scram(struct peer *p)
{
    char first[512] = "";
    char text[600];
    const char *word = last_word(p->line);
    const char *nonce;
    size_t n = 0;

    if (base64_decode_strict(word, strlen(word), (uint8_t *)first, sizeof first - 1, &n) != 0)
        return 0;
    first[n] = '\0';
    nonce = strstr(first, ",r=");
    snprintf(text, sizeof text, "r=%sserver,s=c2FsdHNhbHRzYWx0,i=4096",
             nonce != NULL ? nonce + 3 : "");
    return ask(p, text);
}

/* The exchange behind AUTHENTICATE or AUTH; the client's last line is in p->line then. */
static int exchange(struct peer *p, const struct way *w)
{
    char text[256];
    int client_first = strcmp(w->name, "LOGIN") != 0 && strcmp(w->name, "CRAM-MD5") != 0;

    if (client_first && strcmp(last_word(p->line), w->name) == 0 && !ask(p, ""))
        return 0;
    if (strcmp(w->name, "LOGIN") == 0)
        return ask(p, "User Name") && ask(p, "Password");
    if (strcmp(w->name, "CRAM-MD5") == 0)
        return ask(p, "<1.2@x.example>");
    if (strncmp(w->name, "SCRAM", 5) == 0)
        return ask_scram(p);
    snprintf(text, sizeof text, "{\"status\":\"401\",\"said\":\"%s\"}", plain);
    return w->token ? ask(p, text) : 1;
}

static int welcome(const struct way *w)
{
    return served % 2 == 0 && !w->token && (w->name == NULL || strncmp(w->name, "SCRAM", 5) != 0);
}

static void script_imap(struct peer *p)
{
    const struct way *w = p->arg;
    char text[8192];
    char tag[32];

    if (!peer_accept(p) || (!w->clear && !peer_tls(p)))
        return;
    snprintf(text, sizeof text, "* OK [CAPABILITY IMAP4rev1 LITERAL+ %s] hi\r\n", w->announced);
    peer_say(p, text);
    while (peer_line(p)) {
        snprintf(tag, sizeof tag, "%.*s", (int)strcspn(p->line, " "), p->line);
        if (strstr(p->line, " AUTHENTICATE ") != NULL && !exchange(p, w))
            return;
        make_echo(p);
        snprintf(text, sizeof text,
                 "* BAD [X-SAID %s] %s\r\n* %s\r\n* OK [ALERT] %s\r\n%s %s [X-CODE] %s\r\n", plain,
                 echo, plain, echo, tag, welcome(w) ? "OK" : "NO", echo);
        say_slowly(p, text);
    }
}

static void script_pop3(struct peer *p)
{
    const struct way *w = p->arg;
    char text[8192];

    if (!peer_accept(p) || (!w->clear && !peer_tls(p)))
        return;
    peer_say(p, "+OK hi <1.2@x.example>\r\n");
    while (peer_line(p)) {
        if (strncmp(p->line, "CAPA", 4) == 0) {
            snprintf(text, sizeof text, "+OK\r\n%s\r\n.\r\n", w->announced);
        } else if (strncmp(p->line, "USER", 4) == 0) {
            snprintf(text, sizeof text, "+OK\r\n");
        } else {
            if (strncmp(p->line, "AUTH", 4) == 0 && !exchange(p, w))
                return;
            make_echo(p);
            snprintf(text, sizeof text, "%s %s\r\n", welcome(w) ? "+OK" : "-ERR [X-SAID]", echo);
        }
        say_slowly(p, text);
    }
}

/* Serves one connection in a process of its own. */
static pid_t serve(unsigned n, int *out_port)
{
    int pipe_fd[2];
    pid_t pid;

    assert_int_equal(pipe(pipe_fd), 0);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct peer p = {.arg = (void *)(uintptr_t)&ways[n]};

        served = n;
        atomic_store(&watching, 0);
        make_secret(n, ways[n].token, plain);
        if (peer_start(&p, ways[n].pop3 ? script_pop3 : script_imap, 4) == 0 &&
            write(pipe_fd[1], &p.port, sizeof p.port) == sizeof p.port)
            peer_stop(&p);
        _exit(0);
    }
    assert_int_equal(read(pipe_fd[0], out_port, sizeof *out_port), sizeof *out_port);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
    return pid;
}

/* --- what is told --- */

static uint8_t told[TOLD_MAX];
static size_t told_len;

static void tell(const void *p, size_t n)
{
    assert_true(told_len + n + 1 < sizeof told);
    if (n != 0)
        memcpy(told + told_len, p, n);
    told_len += n;
}

static void on_trace(void *user, int32_t what, const uint8_t *data, size_t n)
{
    (void)user;
    (void)what;
    tell(data, n);
}

static void tell_error(mla_session *ss)
{
    mla_error err;

    mla_session_error(ss, &err);
    tell("error: ", 7);
    tell(err.message, strlen(err.message));
    tell("\n", 1);
}

static void tell_imap(const mla_imap_event *ev)
{
    const mla_imap_text *t = mla_imap_event_text(ev);
    const mla_imap_done *d = mla_imap_event_done(ev);
    const mla_imap_warning *w = mla_imap_event_warning(ev);

    if (t != NULL)
        tell(t->text.ptr, t->text.len);
    if (t != NULL && t->code != NULL)
        tell(t->code->raw.ptr, t->code->raw.len);
    if (d != NULL)
        tell(d->text.ptr, d->text.len);
    if (d != NULL && d->code != NULL)
        tell(d->code->raw.ptr, d->code->raw.len);
    if (w != NULL)
        tell(w->raw.ptr, w->raw.len);
    tell("\n", 1);
}

/* --- the client --- */

/* Hands a secret to the library and forgets it. */
static char secret[64];

static size_t load_secret(unsigned n)
{
    return make_secret(n, ways[n].token, secret);
}

static void wipe_secret(void)
{
    memset(secret, 0, sizeof secret);
    __asm__ __volatile__("" : : "r"(secret) : "memory");
}

static mla_credentials credentials(unsigned n)
{
    mla_credentials c = {.struct_size = sizeof c, .user = "mira"};
    size_t len = load_secret(n);

    if (ways[n].token) {
        c.token = secret;
        c.token_len = len;
    } else {
        c.password = secret;
        c.password_len = len;
    }
    return c;
}

static mla_config *make_config(unsigned n)
{
    mla_allocator own = {.struct_size = sizeof own,
                         .alloc = own_alloc,
                         .resize = own_resize,
                         .release = own_release};
    const struct way *w = &ways[n];
    mla_config *cfg;
    char path[512];

    assert_int_equal(mla_config_new(&own, &cfg), 0);
    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    assert_int_equal(mla_config_add_ca_file(cfg, path, NULL), 0);
    assert_int_equal(mla_config_set_trace(cfg, on_trace, NULL), 0);
    assert_int_equal(mla_config_set_cleartext_password(cfg, w->clear), 0);
    assert_int_equal(mla_config_set_mechanisms(cfg, w->name), 0);
    return cfg;
}

static int imap_drain(mla_imap *s, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = mla_imap_step(s, ticket, 20000, &ev)) == 1)
        tell_imap(ev);
    tell_error(mla_imap_session(s));
    return rc;
}

static int pop3_drain(mla_pop3 *s, uint64_t ticket)
{
    const mla_pop3_event *ev;
    const mla_pop3_done *d;
    int rc;

    while ((rc = mla_pop3_step(s, ticket, 20000, &ev)) == 1)
        if ((d = mla_pop3_event_done(ev)) != NULL) {
            tell(d->text.ptr, d->text.len);
            tell(d->code_raw.ptr, d->code_raw.len);
        }
    tell_error(mla_pop3_session(s));
    return rc;
}

static void log_in_imap(unsigned n, mla_config *cfg, const mla_connect_args *a)
{
    mla_imap_arg one = {.struct_size = sizeof one, .kind = MLA_IMAP_ARG_SECRET};
    mla_imap_command_args command = {
        .struct_size = sizeof command, .before_login = 1, .name = "XSECRET", .arg_count = 1};
    mla_imap_login_args login = {.struct_size = sizeof login, .user = "mira"};
    mla_credentials c;
    uint64_t t;
    mla_imap *s;

    assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
    assert_int_equal(mla_session_connect(mla_imap_session(s), a, &t), 0);
    assert_int_equal(imap_drain(s, t), 0);
    if (ways[n].name == NULL) {
        login.password_len = load_secret(n);
        login.password = secret;
        assert_int_equal(mla_imap_login(s, &login, &t), 0);
    } else {
        c = credentials(n);
        assert_int_equal(mla_imap_authenticate(s, &c, &t), 0);
    }
    wipe_secret();
    (void)imap_drain(s, t);
    one.text.len = load_secret(n);
    one.text.ptr = secret;
    command.args = &one;
    assert_int_equal(mla_imap_command(s, &command, &t), 0);
    wipe_secret();
    (void)imap_drain(s, t);
    if (mla_imap_logout(s, &t) == 0)
        (void)imap_drain(s, t);
    mla_imap_free(s);
}

static void log_in_pop3(unsigned n, mla_config *cfg, const mla_connect_args *a)
{
    mla_credentials c;
    uint64_t t;
    mla_pop3 *s;

    assert_int_equal(mla_pop3_new(cfg, &s, NULL), 0);
    assert_int_equal(mla_session_connect(mla_pop3_session(s), a, &t), 0);
    assert_int_equal(pop3_drain(s, t), 0);
    c = credentials(n);
    assert_int_equal(mla_pop3_authenticate(s, &c, &t), 0);
    wipe_secret();
    (void)pop3_drain(s, t);
    if (mla_pop3_quit(s, &t) == 0)
        (void)pop3_drain(s, t);
    mla_pop3_free(s);
}

/* --- what is left --- */

/* Everything that this process may write to. */
static void scan_self(unsigned n)
{
    static char maps[65536];
    size_t len = 0;
    ssize_t got;
    FILE *f = fopen("/proc/self/maps", "r");

    if (f == NULL || !INTERPOSE)
        return;
    setvbuf(f, NULL, _IONBF, 0);
    while ((got = (ssize_t)fread(maps + len, 1, sizeof maps - 1 - len, f)) > 0)
        len += (size_t)got;
    maps[len] = '\0';
    fclose(f);
    for (char *line = maps; *line != '\0';) {
        unsigned long from = strtoul(line, &line, 16);
        unsigned long to = strtoul(line + 1, &line, 16);
        long at = -1;

        if (strncmp(line, " rw", 3) == 0)
            at = found_in((const uint8_t *)from, to - from, 0); /* NOLINT */
        line += strcspn(line, "\n");
        *line = *line == '\n' ? ' ' : *line;
        line += *line != '\0';
        if (at >= 0)
            fail_msg("%u: %s %s: left in memory at %lx of %lx-%lx", n,
                     ways[n].pop3 ? "POP3" : "IMAP", ways[n].name != NULL ? ways[n].name : "",
                     from + (unsigned long)at, from, to);
    }
}

static void try_way(unsigned n)
{
    mla_connect_args a = {.struct_size = sizeof a, .host = "127.0.0.1"};
    mla_config *cfg;
    pid_t pid;
    int port = 0;
    long at;

    set_needles(n, ways[n].token);
    told_len = 0;
    memset(told, 0, sizeof told);
    pid = serve(n, &port);
    a.port = (uint32_t)port;
    a.security = ways[n].clear ? MLA_SECURITY_NONE : MLA_SECURITY_TLS;
    cfg = make_config(n);
    atomic_store(&leaks, 0);
    atomic_store(&watching, 1);
    if (ways[n].pop3)
        log_in_pop3(n, cfg, &a);
    else
        log_in_imap(n, cfg, &a);
    mla_config_free(cfg);
    atomic_store(&watching, 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    if (atomic_load(&leaks) != 0)
        fail_msg("%u: %s %s: %s", n, ways[n].pop3 ? "POP3" : "IMAP",
                 ways[n].name != NULL ? ways[n].name : "", where);
    at = found_in(told, told_len, 1);
    if (at >= 0)
        fail_msg("%u: told at %ld of:\n%s", n, at, (const char *)told);
    /* it did hear what it must not tell */
    assert_non_null(strstr((const char *)told, "mira/"));
    assert_non_null(strstr((const char *)told, "<secret "));
    assert_non_null(strstr((const char *)told, "****"));
    scan_self(n);
}

/* The test would see it. */
static void leaks_are_seen(void **state)
{
    static char copy[64];
    uint8_t *p;
    long at = -1;

    (void)state;
    set_needles(0, 0);
    p = own_alloc(NULL, 100);
    memset(p, 0, 100);
    make_secret(0, 0, (char *)p + 20);
    memcpy(copy, p + 20, 40);
    atomic_store(&leaks, 0);
    atomic_store(&watching, 1);
    check_freed(p, 100, "nobody");
    atomic_store(&watching, 0);
    assert_int_equal(atomic_load(&leaks), 1);
    memset(p, 0, 100);
    own_release(NULL, p);
    for (size_t i = 0; i < sizeof copy; i++)
        copy[i] = copy[i] >= 'a' && copy[i] <= 'z' ? (char)(copy[i] - 32) : copy[i];
    at = found_in((const uint8_t *)copy, sizeof copy, 1);
    assert_int_equal(at, 0);
    assert_int_equal(found_in((const uint8_t *)copy, sizeof copy, 0), -1);
    memset(copy, 0, sizeof copy);
    __asm__ __volatile__("" : : "r"(copy) : "memory");
}

static void nothing_of_a_secret_gets_out(void **state) /* A16 */
{
    (void)state;
    for (unsigned n = 0; n < WAYS; n++)
        try_way(n);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaks_are_seen),
        cmocka_unit_test(nothing_of_a_secret_gets_out),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/secrets", tests, NULL, NULL);
}
