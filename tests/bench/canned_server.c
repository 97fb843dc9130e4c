/* canned_server.c - serves one folder of messages by IMAP or POP3, plain or TLS, as fast as it can.
 *
 *     canned_server imap|pop3 MAILDIR [CERT KEY]
 *
 * It prints its port, serves each connection in a process of its own, and ends when its standard
 * input does. Any log-in is right. It knows only what a client needs to fetch everything, and takes
 * little time itself: what a measurement shows is the client. */
#define _GNU_SOURCE /* accept4 */

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

struct message {
    char *name;
    const char *data; /* as stored, CRLF */
    size_t size;
    const char *stuffed; /* as POP3 sends it, without the last line */
    size_t stuffed_size;
};

enum { OUT_SIZE = 256 * 1024, IN_SIZE = 64 * 1024 };

struct peer {
    int fd;
    mbedtls_ssl_context *ssl; /* NULL: plain */
    char *out;
    size_t out_len;
    char in[IN_SIZE];
    size_t in_start, in_end;
};

static struct message *messages;
static size_t message_count;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* --- the mail --- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct message *)a)->name, ((const struct message *)b)->name);
}

static void stuff(struct message *m)
{
    size_t dots = m->size > 0 && m->data[0] == '.';
    const char *p = m->data;
    const char *end = m->data + m->size;
    char *out;

    for (const char *q = p; (q = memmem(q, (size_t)(end - q), "\n.", 2)) != NULL; q++)
        dots++;
    m->stuffed = m->data;
    m->stuffed_size = m->size;
    if (dots == 0)
        return;
    out = malloc(m->size + dots);
    if (out == NULL)
        die("malloc");
    m->stuffed = out;
    while (p < end) {
        const char *q = memchr(p, '\n', (size_t)(end - p));
        size_t n = q != NULL ? (size_t)(q + 1 - p) : (size_t)(end - p);

        if (*p == '.')
            *out++ = '.';
        memcpy(out, p, n);
        out += n;
        p += n;
    }
    m->stuffed_size = (size_t)(out - m->stuffed);
}

static void load(const char *maildir, int pop3)
{
    char path[4096];
    DIR *dir;
    const struct dirent *e;
    size_t cap = 0;

    snprintf(path, sizeof path, "%s/cur", maildir);
    dir = opendir(path);
    if (dir == NULL)
        die(path);
    while ((e = readdir(dir)) != NULL) {
        struct message *m;
        struct stat st;
        int fd;

        if (e->d_name[0] == '.')
            continue;
        if (message_count == cap) {
            cap = cap ? cap * 2 : 64;
            messages = realloc(messages, cap * sizeof *messages);
            if (messages == NULL)
                die("realloc");
        }
        m = &messages[message_count++];
        fd = openat(dirfd(dir), e->d_name, O_RDONLY);
        if (fd < 0 || fstat(fd, &st) != 0)
            die(e->d_name);
        m->name = strdup(e->d_name);
        m->size = (size_t)st.st_size;
        m->data = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (m->data == MAP_FAILED)
            die("mmap");
        close(fd);
        if (pop3)
            stuff(m);
    }
    closedir(dir);
    qsort(messages, message_count, sizeof *messages, by_name);
}

/* --- octets in and out --- */

static int tls_send(void *ctx, const unsigned char *p, size_t n)
{
    ssize_t k = send(*(int *)ctx, p, n, MSG_NOSIGNAL);

    return k < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)k;
}

static int tls_recv(void *ctx, unsigned char *p, size_t n)
{
    ssize_t k = recv(*(int *)ctx, p, n, 0);

    return k < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)k;
}

static void write_now(struct peer *c, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = c->ssl != NULL ? mbedtls_ssl_write(c->ssl, (const unsigned char *)p, n)
                                   : send(c->fd, p, n, MSG_NOSIGNAL);

        if (k <= 0)
            _exit(0); /* the client went away */
        p += k;
        n -= (size_t)k;
    }
}

static void flush_out(struct peer *c)
{
    write_now(c, c->out, c->out_len);
    c->out_len = 0;
}

static void put(struct peer *c, const char *p, size_t n)
{
    if (n > OUT_SIZE - c->out_len)
        flush_out(c);
    if (n > OUT_SIZE) {
        write_now(c, p, n);
        return;
    }
    memcpy(c->out + c->out_len, p, n);
    c->out_len += n;
}

__attribute__((format(printf, 2, 3))) static void say(struct peer *c, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    put(c, line, (size_t)n);
}

/* The next line without its end, NUL behind it. What waits to be sent goes out before a read. */
static char *get_line(struct peer *c)
{
    for (;;) {
        char *p = c->in + c->in_start;
        char *q = memchr(p, '\n', c->in_end - c->in_start);
        ssize_t k;

        if (q != NULL) {
            c->in_start = (size_t)(q + 1 - c->in);
            *(q > p && q[-1] == '\r' ? q - 1 : q) = '\0';
            return p;
        }
        memmove(c->in, p, c->in_end - c->in_start);
        c->in_end -= c->in_start;
        c->in_start = 0;
        if (c->in_end == sizeof c->in)
            _exit(1);
        flush_out(c);
        k = c->ssl != NULL ? mbedtls_ssl_read(c->ssl, (unsigned char *)c->in + c->in_end,
                                              sizeof c->in - c->in_end)
                           : recv(c->fd, c->in + c->in_end, sizeof c->in - c->in_end, 0);
        if (k <= 0)
            _exit(0);
        c->in_end += (size_t)k;
    }
}

/* --- IMAP --- */

static void fetch_one(struct peer *c, size_t n, const char *items)
{
    const struct message *m = &messages[n - 1];

    say(c, "* %zu FETCH (UID %zu", n, n);
    if (strcasestr(items, "FLAGS") != NULL)
        say(c, " FLAGS (\\Seen)");
    if (strcasestr(items, "RFC822.SIZE") != NULL)
        say(c, " RFC822.SIZE %zu", m->size);
    if (strcasestr(items, "BODY[") != NULL || strcasestr(items, "BODY.PEEK[") != NULL) {
        say(c, " BODY[] {%zu}\r\n", m->size);
        put(c, m->data, m->size);
    }
    put(c, ")\r\n", 3);
}

static size_t number(char **p)
{
    if (**p == '*') {
        ++*p;
        return message_count;
    }
    return strtoul(*p, p, 10);
}

static void fetch(struct peer *c, char *args)
{
    const char *items = strchr(args, ' ');

    while (items != NULL && *args != ' ') {
        size_t first = number(&args);
        size_t last = first;

        if (*args == ':') {
            args++;
            last = number(&args);
        }
        for (; first <= last && first <= message_count; first++)
            if (first > 0)
                fetch_one(c, first, items);
        if (*args == ',')
            args++;
        else if (*args != ' ')
            break;
    }
}

/* One command; 0 after LOGOUT. */
static int imap_command(struct peer *c, char *line)
{
    char tag[64];
    char *verb = strchr(line, ' ');
    char *args;
    int uid;

    if (verb == NULL)
        return 1;
    snprintf(tag, sizeof tag, "%.*s", (int)(verb - line), line);
    verb++;
    uid = strncasecmp(verb, "UID ", 4) == 0;
    verb += uid ? 4 : 0;
    args = strchr(verb, ' ');
    if (strncasecmp(verb, "FETCH ", 6) == 0) {
        fetch(c, args + 1);
    } else if (strncasecmp(verb, "CAPABILITY", 10) == 0) {
        say(c, "* CAPABILITY IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN UIDPLUS UNSELECT\r\n");
    } else if (strncasecmp(verb, "SELECT", 6) == 0 || strncasecmp(verb, "EXAMINE", 7) == 0) {
        say(c, "* FLAGS (\\Seen)\r\n* %zu EXISTS\r\n* 0 RECENT\r\n", message_count);
        say(c, "* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT %zu] .\r\n", message_count + 1);
    } else if (strncasecmp(verb, "AUTHENTICATE", 12) == 0 && strchr(args + 1, ' ') == NULL) {
        say(c, "+ \r\n");
        get_line(c);
    } else if (strncasecmp(verb, "LOGOUT", 6) == 0) {
        say(c, "* BYE .\r\n%s OK .\r\n", tag);
        return 0;
    }
    say(c, "%s OK done\r\n", tag);
    return 1;
}

/* --- POP3 --- */

static void listing(struct peer *c, const char *arg, int uidl)
{
    size_t one = arg != NULL ? strtoul(arg, NULL, 10) : 0;

    if (one > message_count) {
        say(c, "-ERR no such message\r\n");
        return;
    }
    say(c, "+OK");
    if (one == 0)
        say(c, "\r\n");
    for (size_t i = one ? one : 1; i <= (one ? one : message_count); i++) {
        say(c, "%s%zu ", one ? " " : "", i);
        if (uidl)
            say(c, "u%zu\r\n", i);
        else
            say(c, "%zu\r\n", messages[i - 1].size);
    }
    if (one == 0)
        say(c, ".\r\n");
}

static void retr(struct peer *c, size_t n)
{
    if (n == 0 || n > message_count) {
        say(c, "-ERR no such message\r\n");
        return;
    }
    say(c, "+OK\r\n");
    put(c, messages[n - 1].stuffed, messages[n - 1].stuffed_size);
    say(c, ".\r\n");
}

static int pop3_command(struct peer *c, const char *line)
{
    const char *arg = strchr(line, ' ');
    uint64_t size = 0;

    if (strncasecmp(line, "RETR ", 5) == 0) {
        retr(c, strtoul(line + 5, NULL, 10));
    } else if (strncasecmp(line, "UIDL", 4) == 0) {
        listing(c, arg, 1);
    } else if (strncasecmp(line, "LIST", 4) == 0) {
        listing(c, arg, 0);
    } else if (strncasecmp(line, "CAPA", 4) == 0) {
        say(c, "+OK\r\nUSER\r\nSASL PLAIN\r\nPIPELINING\r\nUIDL\r\nTOP\r\nRESP-CODES\r\n.\r\n");
    } else if (strncasecmp(line, "STAT", 4) == 0) {
        for (size_t i = 0; i < message_count; i++)
            size += messages[i].size;
        say(c, "+OK %zu %llu\r\n", message_count, (unsigned long long)size);
    } else if (strncasecmp(line, "AUTH", 4) == 0 && strchr(line + 5, ' ') == NULL) {
        say(c, "+ \r\n");
        get_line(c);
        say(c, "+OK\r\n");
    } else {
        say(c, "+OK .\r\n");
        return strncasecmp(line, "QUIT", 4) != 0;
    }
    return 1;
}

/* --- a connection --- */

static void start_tls(struct peer *c, const char *cert, const char *key)
{
    static mbedtls_entropy_context entropy;
    static mbedtls_ctr_drbg_context drbg;
    static mbedtls_ssl_config conf;
    static mbedtls_ssl_context ssl;
    static mbedtls_x509_crt chain;
    static mbedtls_pk_context pk;
    int rc;

    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&conf);
    mbedtls_ssl_init(&ssl);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&pk);
    rc = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0);
    if (rc == 0)
        rc = mbedtls_x509_crt_parse_file(&chain, cert);
    if (rc == 0)
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
        rc = mbedtls_pk_parse_keyfile(&pk, key, NULL, mbedtls_ctr_drbg_random, &drbg);
#else
        rc = mbedtls_pk_parse_keyfile(&pk, key, NULL);
#endif
    if (rc == 0)
        rc = mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                         MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &drbg);
    if (rc == 0)
        rc = mbedtls_ssl_conf_own_cert(&conf, &chain, &pk);
    if (rc == 0)
        rc = mbedtls_ssl_setup(&ssl, &conf);
    mbedtls_ssl_set_bio(&ssl, &c->fd, tls_send, tls_recv, NULL);
    if (rc == 0)
        rc = mbedtls_ssl_handshake(&ssl);
    if (rc != 0) {
        fprintf(stderr, "canned_server: TLS: -0x%x\n", (unsigned)-rc);
        _exit(1);
    }
    c->ssl = &ssl;
}

static void serve(int fd, int pop3, const char *cert, const char *key)
{
    static struct peer c;
    int one = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c.fd = fd;
    c.out = malloc(OUT_SIZE);
    if (c.out == NULL)
        _exit(1);
    if (cert != NULL)
        start_tls(&c, cert, key);
    say(&c,
        pop3
            ? "+OK ready\r\n"
            : "* OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN UIDPLUS UNSELECT] ready\r\n");
    while (pop3 ? pop3_command(&c, get_line(&c)) : imap_command(&c, get_line(&c)))
        ;
    flush_out(&c);
    if (c.ssl != NULL)
        mbedtls_ssl_close_notify(c.ssl);
    shutdown(fd, SHUT_WR);
    while (recv(fd, c.in, sizeof c.in, 0) > 0)
        ;
    _exit(0);
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t len = sizeof a;
    int pop3 = argc > 1 && strcmp(argv[1], "pop3") == 0;
    int fd;

    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: canned_server imap|pop3 MAILDIR [CERT KEY]\n");
        return 64;
    }
    signal(SIGCHLD, SIG_IGN);
    load(argv[2], pop3);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0)
        die("socket");
    printf("%d %zu\n", ntohs(a.sin_port), message_count);
    fflush(stdout);
    for (;;) {
        struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
        int peer;

        if (poll(p, 2, -1) < 0)
            continue;
        if (p[1].revents != 0)
            return 0;
        peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (peer < 0)
            continue;
        if (fork() == 0)
            serve(peer, pop3, argc == 5 ? argv[3] : NULL, argc == 5 ? argv[4] : NULL);
        close(peer);
    }
}
