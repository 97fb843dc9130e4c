/* test_dns.c - lib/net/dns: the C library's resolver against a name server of the test's own */
#include "net/dns.h"
#include "test.h"

#include "dns_packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* The first label of a question says how it is answered. */
struct server {
    int udp;
    int tcp;
    int tell[2]; /* 'q': end; 'a': answer what was asked in vain */
    uint8_t held[512];
    struct sockaddr_storage held_from;
    uint32_t port;
    pthread_t thread;
    atomic_int tcp_asked; /* how often */
};

static const uint8_t here[4] = {127, 0, 0, 1};

static void make_answer(const uint8_t *question, const char *label, int tcp, struct packet *m)
{
    char name[64];
    int type = strncmp(label, "mx", 2) == 0 ? DNS_TYPE_MX : DNS_TYPE_SRV;

    snprintf(name, sizeof name, "%s.example.org", label);
    put_head(m, name, (unsigned)type, 0);
    m->p[0] = question[0];
    m->p[1] = question[1];
    if (strcmp(label, "none") == 0) {
        m->p[3] = 0x83;
    } else if (strcmp(label, "fails") == 0) {
        m->p[3] = 0x82;
    } else if (strcmp(label, "long") == 0 && !tcp) {
        m->p[2] |= 0x02;
    } else if (strcmp(label, "lies") == 0) {
        m->p[7] = 9;
    } else if (strcmp(label, "ad") == 0) {
        m->p[3] |= 0x20; /* "I have verified this" */
        m->p[7] = 1;
        put_srv(m, 1, 1, 993, "imap.example.org");
    } else if (type == DNS_TYPE_MX) {
        m->p[7] = 1;
        put_mx(m, 10, "mx.example.org");
    } else {
        unsigned count = strcmp(label, "long") == 0 ? 30 : 1;

        m->p[7] = (uint8_t)count;
        for (unsigned i = 0; i < count; i++)
            put_srv(m, i, 1, 993, "imap.example.org");
    }
}

static void label_of(const uint8_t *p, ssize_t n, char label[64])
{
    size_t len = n > 13 && p[12] < 63 && p[12] + 13 <= n ? p[12] : 0;

    memcpy(label, p + 13, len);
    label[len] = '\0';
}

static void serve_udp(struct server *s)
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    struct packet m;
    uint8_t p[512];
    char label[64];
    ssize_t n = recvfrom(s->udp, p, sizeof p, 0, (struct sockaddr *)&from, &len);

    label_of(p, n, label);
    if (strcmp(label, "silent") == 0) {
        memcpy(s->held, p, sizeof p);
        s->held_from = from;
        return;
    }
    if (label[0] == '\0')
        return;
    make_answer(p, label, 0, &m);
    if (strcmp(label, "forged") == 0) {
        /* somebody guessing: another number, another question; the true answer comes last */
        struct packet other = m;

        other.p[0] ^= 0xff;
        other.p[other.n - 2] = 'x';
        (void)sendto(s->udp, other.p, other.n, 0, (struct sockaddr *)&from, len);
        other.p[0] ^= 0xff;
        other.p[13] = 'g';
        (void)sendto(s->udp, other.p, other.n, 0, (struct sockaddr *)&from, len);
    }
    (void)sendto(s->udp, m.p, m.n, 0, (struct sockaddr *)&from, len);
}

static void serve_tcp(struct server *s)
{
    int fd = accept(s->tcp, NULL, NULL);
    struct packet m;
    uint8_t p[514];
    uint8_t length[2];
    char label[64];
    ssize_t n = 0;

    s->tcp_asked++;
    while (n < 2 || n < 2 + (p[0] << 8 | p[1])) {
        ssize_t got = read(fd, p + n, sizeof p - (size_t)n);

        if (got <= 0)
            break;
        n += got;
    }
    label_of(p + 2, n - 2, label);
    make_answer(p + 2, label, 1, &m);
    length[0] = (uint8_t)(m.n >> 8);
    length[1] = (uint8_t)m.n;
    if (write(fd, length, 2) == 2)
        (void)!write(fd, m.p, m.n);
    close(fd);
}

static void serve_held(struct server *s)
{
    struct packet m;

    make_answer(s->held, "silent", 0, &m);
    (void)sendto(s->udp, m.p, m.n, 0, (struct sockaddr *)&s->held_from, sizeof(struct sockaddr_in));
}

static void *serve(void *arg)
{
    struct server *s = arg;
    struct pollfd p[3] = {{.fd = s->udp, .events = POLLIN},
                          {.fd = s->tcp, .events = POLLIN},
                          {.fd = s->tell[0], .events = POLLIN}};

    for (;;) {
        (void)poll(p, 3, -1);
        if (p[2].revents != 0) {
            char what = 'q';

            (void)!read(s->tell[0], &what, 1);
            if (what == 'q')
                return NULL;
            serve_held(s);
        }
        if (p[0].revents != 0)
            serve_udp(s);
        if (p[1].revents != 0)
            serve_tcp(s);
    }
}

/* UDP and TCP at the same port, which the kernel chooses. */
static int start(void **state)
{
    static struct server s;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;

    memcpy(&at.sin_addr, here, sizeof here);
    for (int tries = 0; tries < 50; tries++) {
        at.sin_port = 0;
        s.udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        s.tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(s.udp, (struct sockaddr *)&at, sizeof at) == 0 &&
            getsockname(s.udp, (struct sockaddr *)&at, &len) == 0 &&
            bind(s.tcp, (struct sockaddr *)&at, sizeof at) == 0 && listen(s.tcp, 8) == 0)
            break;
        close(s.udp);
        close(s.tcp);
    }
    s.port = ntohs(at.sin_port);
    *state = &s;
    return pipe(s.tell) != 0 || pthread_create(&s.thread, NULL, serve, &s) != 0;
}

static int stop(void **state)
{
    struct server *s = *state;

    (void)!write(s->tell[1], "q", 1);
    pthread_join(s->thread, NULL);
    close(s->udp);
    close(s->tcp);
    close(s->tell[0]);
    close(s->tell[1]);
    return 0;
}

/* Waits at the descriptor, as a caller does, until all are answered. */
static void ask(const struct server *s, const struct dns_question *q, size_t count,
                struct dns_answer *answers, int *results)
{
    struct dns_job *job = NULL;
    size_t open = count;
    mla_error err = {0};

    assert_int_equal(dns_start(q, count, here, s->port, &job, &err), 0);
    memset(results, 0, sizeof *results * count);
    while (open != 0) {
        struct pollfd p = {.fd = dns_fd(job), .events = POLLIN};

        assert_int_equal(poll(&p, 1, 20000), 1);
        dns_look(job);
        for (size_t i = 0; i < count; i++)
            if (results[i] == 0) {
                results[i] = dns_result(job, i, &answers[i], NULL);
                open -= results[i] != 0;
            }
    }
    dns_drop(job);
}

static void questions_are_answered_side_by_side(void **state)
{
    static const struct dns_question q[] = {
        {"good.example.org", DNS_TYPE_SRV}, {"none.example.org", DNS_TYPE_SRV},
        {"mx.example.org", DNS_TYPE_MX},    {"long.example.org", DNS_TYPE_SRV},
        {"lies.example.org", DNS_TYPE_SRV}, {"forged.example.org", DNS_TYPE_SRV}};
    static struct dns_answer answers[6];
    int results[6];

    ask(*state, q, 6, answers, results);
    assert_int_equal(results[0], 1);
    assert_int_equal(answers[0].count, 1);
    assert_string_equal(answers[0].records[0].target, "imap.example.org");
    /* a server that the caller names is not believed about DNSSEC */
    assert_int_equal(answers[0].authenticated, 0);
    assert_int_equal(results[1], 1);
    assert_int_equal(answers[1].count, 0);
    assert_int_equal(results[2], 1);
    assert_string_equal(answers[2].records[0].target, "mx.example.org");
    /* too long for UDP: asked again over TCP */
    assert_int_equal(results[3], 1);
    assert_int_equal(answers[3].count, 30);
    assert_int_equal(((struct server *)*state)->tcp_asked, 1);
    assert_int_equal(results[4], MLA_E_PROTOCOL);
    /* answers to other questions are not taken */
    assert_int_equal(results[5], 1);
    assert_int_equal(answers[5].count, 1);
    assert_string_equal(answers[5].records[0].target, "imap.example.org");
}

static void a_failing_server_is_an_error(void **state)
{
    static const struct dns_question q[] = {{"fails.example.org", DNS_TYPE_SRV}};
    static struct dns_answer answer;
    int result;

    ask(*state, q, 1, &answer, &result);
    assert_int_equal(result, MLA_E_RESOLVE);
}

static void silence_does_not_hold_the_caller(void **state)
{
    static const struct dns_question q[] = {{"silent.example.org", DNS_TYPE_SRV},
                                            {"good.example.org", DNS_TYPE_SRV}};
    const struct server *s = *state;
    struct dns_answer answer;
    struct dns_job *job = NULL;
    struct pollfd p;
    int rc = 0;

    assert_int_equal(dns_start(q, 2, here, s->port, &job, NULL), 0);
    p.fd = dns_fd(job);
    p.events = POLLIN;
    while (rc == 0) {
        assert_int_equal(poll(&p, 1, 20000), 1);
        dns_look(job);
        rc = dns_result(job, 1, &answer, NULL);
    }
    assert_int_equal(rc, 1);
    assert_int_equal(dns_result(job, 0, &answer, NULL), 0);
    assert_int_equal(poll(&p, 1, 0), 0); /* nothing new is there */
    /* The thread goes on alone, and what it had in hand goes with it: the pipe's last end. */
    p.fd = dup(p.fd);
    dns_drop(job);
    assert_int_equal(poll(&p, 1, 0), 0);
    assert_int_equal(write(s->tell[1], "a", 1), 1);
    do {
        char octet;

        assert_int_equal(poll(&p, 1, 20000), 1);
        rc = read(p.fd, &octet, 1) != 0;
    } while (rc != 0);
    close(p.fd);
}

/* Whatever resolv.conf says: a server that the caller names is not the administrator's. */
static void a_named_server_is_not_believed(void **state)
{
    static const struct dns_question q[] = {{"ad.example.org", DNS_TYPE_SRV}};
    static struct dns_answer answer;
    int result;

    ask(*state, q, 1, &answer, &result);
    assert_int_equal(result, 1);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.authenticated, 0);
}

static void names_that_are_too_long_are_not_asked(void **state)
{
    struct dns_question q = {NULL, DNS_TYPE_SRV};
    struct dns_answer answer;
    char longest[300];
    int result;

    memset(longest, 'a', sizeof longest);
    longest[DNS_NAME_MAX + 1] = '\0';
    q.name = longest;
    ask(*state, &q, 1, &answer, &result);
    assert_int_equal(result, MLA_E_RESOLVE);
}

static void servers_are_addresses(void **state)
{
    uint8_t ip[4] = {0};

    (void)state;
    assert_int_equal(dns_server_parse("127.0.0.1", ip), 1);
    assert_memory_equal(ip, here, 4);
    assert_int_equal(dns_server_parse("127.1", ip), 0);
    assert_int_equal(dns_server_parse("::1", ip), 0);
    assert_int_equal(dns_server_parse("localhost", ip), 0);
    assert_int_equal(dns_server_parse("", ip), 0);
    dns_drop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered_side_by_side),
        cmocka_unit_test(a_failing_server_is_an_error),
        cmocka_unit_test(silence_does_not_hold_the_caller),
        cmocka_unit_test(a_named_server_is_not_believed),
        cmocka_unit_test(names_that_are_too_long_are_not_asked),
        cmocka_unit_test(servers_are_addresses),
    };

    setenv("RES_OPTIONS", "trust-ad", 1); /* read once, by the first question */
    if (!dns_available()) {
        printf("1..0 # SKIP this C library has no res_nquery()\n");
        return 0;
    }
    return cmocka_run_group_tests_name("net/dns", tests, start, stop);
}
