/* handshake.c - what a TLS session taken up again saves: processor time of the client, and turns.
 *
 *   handshake CERTIFICATES [ROUNDS]
 *
 * CERTIFICATES is a folder of tests/certs/make.sh. Each round connects to a server in this process
 * until the greeting was read (TLS) or the capabilities behind STARTTLS, once with a full handshake
 * and once with the session before taken up, by turns. Time is that of the client's thread. A turn
 * is a flight of octets from the client that the server answers, TCP's own not counted. */
#include "mailaccess/mailaccess.h"
#include "net/peer.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/socket.h>

static void die(const char *what)
{
    fprintf(stderr, "handshake: %s\n", what);
    exit(1);
}

/* --- the server --- */

static void answer(struct peer *p)
{
    char text[128];
    char *word = strchr(p->line, ' ');

    if (word == NULL)
        return;
    *word = '\0';
    if (strncmp(word + 1, "CAPABILITY", 10) == 0)
        peer_say(p, "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n");
    snprintf(text, sizeof text, "%.40s OK done\r\n", p->line);
    peer_say(p, text);
}

static void script(struct peer *p)
{
    const uint32_t *security = p->arg;

    while (peer_accept(p)) {
        int up = 1;

        if (*security == MLA_SECURITY_STARTTLS) {
            peer_say(p, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\r\n");
            up = peer_line(p);
            answer(p);
        }
        if (up && peer_tls(p)) {
            if (*security == MLA_SECURITY_TLS)
                peer_say(p, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n");
            while (peer_line(p))
                answer(p);
        } else if (up) {
            up = 0;
        }
        peer_close(p, 0);
        if (!up)
            return;
    }
}

/* --- the line between --- */

struct line {
    int client;
    int server;
    atomic_int turns;
    pthread_t thread;
};

static int copy(int from, int to)
{
    char buf[32768];
    ssize_t n = recv(from, buf, sizeof buf, 0);

    for (ssize_t at = 0; at < n;) {
        ssize_t put = send(to, buf + at, (size_t)(n - at), MSG_NOSIGNAL);

        if (put <= 0)
            return 0;
        at += put;
    }
    return n > 0;
}

static void *carry(void *arg)
{
    struct line *l = arg;
    struct pollfd fds[2] = {{l->client, POLLIN, 0}, {l->server, POLLIN, 0}};
    int last = 1;

    while (poll(fds, 2, -1) > 0) {
        int side = fds[0].revents != 0 ? 0 : 1;

        if (side == 0 && last == 1)
            atomic_fetch_add(&l->turns, 1);
        last = side;
        if (!copy(fds[side].fd, fds[!side].fd))
            break;
    }
    close(l->client);
    close(l->server);
    return NULL;
}

/* --- the client --- */

static double thread_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

struct sum {
    double us;
    int turns;
    int count;
};

static void visit(struct peer *p, mla_config *cfg, uint32_t security, int resumed, struct sum *sum)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = security, .host = "localhost"};
    const mla_imap_event *ev;
    struct line l = {0};
    uint64_t ticket = 0;
    mla_imap *s = NULL;
    int pair[2];
    double began;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("no socket");
    l.client = pair[1];
    l.server = peer_dial(p);
    if (pthread_create(&l.thread, NULL, carry, &l) != 0)
        die("no thread");
    a.port = 993;
    began = thread_us();
    if (mla_imap_new(cfg, &s, NULL) != 0 ||
        mla_session_adopt_fd(mla_imap_session(s), pair[0], &a, &ticket) != 0)
        die("no session");
    while (mla_imap_step(s, ticket, 10000, &ev) == 1)
        ;
    if (mla_session_is_resumed(mla_imap_session(s)) != resumed)
        die(resumed ? "a session was not taken up again" : "no full handshake");
    sum->us += thread_us() - began;
    sum->turns += atomic_load(&l.turns);
    sum->count++;
    /* the tickets of TLS 1.3 come behind the greeting */
    if (mla_imap_noop(s, &ticket) == 0)
        (void)mla_imap_finish(s, ticket, 10000);
    mla_imap_free(s);
    pthread_join(l.thread, NULL);
}

static mla_config *config(int resume)
{
    char path[512];
    mla_config *cfg;
    mla_error err;

    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    if (mla_config_new(NULL, &cfg) != 0 || mla_config_add_ca_file(cfg, path, &err) != 0)
        die("no configuration");
    (void)mla_config_set_tls_resumption(cfg, resume);
    return cfg;
}

static void measure(const char *name, uint32_t security, const char *cert, int max_tls, int rounds)
{
    struct peer p = {.arg = &security, .cert = cert, .max_tls = max_tls};
    struct sum full = {0};
    struct sum again = {0};
    struct sum first = {0};
    mla_config *cold = config(0);
    mla_config *warm = config(1);

    p.memory = peer_memory_new(1);
    if (peer_start(&p, script, 4) != 0)
        die("no server");
    visit(&p, cold, security, 0, &first); /* the roots are parsed here */
    visit(&p, warm, security, 0, &first);
    for (int i = 0; i < rounds; i++) {
        visit(&p, cold, security, 0, &full);
        visit(&p, warm, security, 1, &again);
    }
    printf("%-10s %-10s TLS 1.%d  full %6.0f us, %.1f turns   taken up %6.0f us, %.1f turns   "
           "ratio %.2f\n",
           name, cert, max_tls == 12 ? 2 : 3, full.us / full.count, (double)full.turns / full.count,
           again.us / again.count, (double)again.turns / again.count, full.us / again.us);
    shutdown(p.listen_fd, SHUT_RDWR); /* ends accept() */
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cold);
    mla_config_free(warm);
}

int main(int argc, char **argv)
{
    static const char *const certs[] = {"right", "right-rsa"};
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    if (argc < 2 || rounds < 1)
        die("wants a folder of certificates");
    peer_certs = argv[1];
    for (int tls = 12; tls <= peer_newest_tls(); tls++)
        for (size_t i = 0; i < 2; i++) {
            measure("TLS", MLA_SECURITY_TLS, certs[i], tls, rounds);
            measure("STARTTLS", MLA_SECURITY_STARTTLS, certs[i], tls, rounds);
        }
    return 0;
}
