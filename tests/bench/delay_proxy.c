/* delay_proxy.c - a long line: passes octets between a client and a server, each way DELAY ms
 * later, and not faster than RATE.
 *
 *     delay_proxy PORT DELAY_MS [RATE_MBIT [WORD]]
 *
 * prints the port that it listens on, takes one connection to 127.0.0.1:PORT after the other until
 * its standard input ends, and prints one line about each when it is over: what went through as the
 * client saw it, bursts of octets with the time at which each began, in ms since the connection was
 * opened ("c" the client's, "s" the server's). Neighbours of one direction are one burst, so the
 * number of "s" is how often the client waited. The line's last word, "at=MS", is when the client
 * had all but the last TAIL octets. With WORD there is one before it, "mark=N": how often the
 * client had waited when it sent WORD for the first time (-1: never; inside TLS it cannot be seen).
 *
 * With a rate (10^6 bits a second; 0: none) each way has a clock of its own that says when the line
 * is free: an octet begins to travel when those before it are on the line, and arrives one DELAY
 * later. An idle line saves nothing up. What a sender may have on the line without an answer, which
 * TCP finds out bit by bit, is not limited: that costs every client the same.
 *
 * The connection to the server is opened one DELAY later, as if the last packet of TCP's handshake
 * had to travel; the handshake itself costs every client the same and is not imitated. */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { PIECE = 65536, BURSTS = 8192, TAIL = 2000, PACKET = 1448 };

struct chunk {
    struct chunk *next;
    uint64_t due; /* when its first octet arrives, in nanoseconds */
    size_t len;   /* 0: the end */
    size_t at;
    char data[];
};

struct way {
    int from;
    int to;
    struct chunk *head;
    struct chunk **tail;
    uint64_t free; /* when the line has taken all that was sent, in nanoseconds */
    int ended;     /* from has no more */
    int over;      /* ... and to was told */
};

struct burst {
    char who;
    uint64_t octets;
    uint64_t at;
};

static struct burst bursts[BURSTS];
static size_t burst_count;

/* deliveries to the client: for the time of the last message */
static struct {
    uint64_t sum;
    uint64_t at;
} * delivered;
static size_t delivered_count, delivered_max;

static const char *word; /* NULL: none */
static int mark = -1;

static uint64_t delay; /* nanoseconds */
static double octet;   /* nanoseconds that one octet takes; 0: none */

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void seen(char who, size_t octets, uint64_t at)
{
    if (burst_count == 0 || bursts[burst_count - 1].who != who) {
        if (burst_count == BURSTS)
            return;
        bursts[burst_count++] = (struct burst){who, 0, at};
    }
    bursts[burst_count - 1].octets += octets;
    if (who != 's')
        return;
    if (delivered_count == delivered_max) {
        delivered_max = delivered_max * 2 + 1024;
        delivered = realloc(delivered, delivered_max * sizeof *delivered);
        if (delivered == NULL)
            die("realloc");
    }
    delivered[delivered_count].sum =
        octets + (delivered_count != 0 ? delivered[delivered_count - 1].sum : 0);
    delivered[delivered_count++].at = at;
}

static void report(void)
{
    uint64_t total = delivered_count != 0 ? delivered[delivered_count - 1].sum : 0;
    size_t i = 0;

    while (i + 1 < delivered_count && delivered[i].sum + TAIL < total)
        i++;
    for (size_t k = 0; k < burst_count; k++)
        printf("%c:%llu@%.1f ", bursts[k].who, (unsigned long long)bursts[k].octets,
               (double)bursts[k].at / 1e6);
    if (word != NULL)
        printf("mark=%d ", mark);
    mark = -1;
    printf("at=%.1f\n", delivered_count != 0 ? (double)delivered[i].at / 1e6 : 0.0);
    fflush(stdout);
    burst_count = delivered_count = 0;
}

/* The client sends these: is the word among them? */
static void look_for_word(const char *data, size_t n)
{
    if (word == NULL || mark >= 0 || memmem(data, n, word, strlen(word)) == NULL)
        return;
    mark = 0;
    for (size_t i = 0; i < burst_count; i++)
        mark += bursts[i].who == 's';
}

static void pull(struct way *w, char who, uint64_t begin)
{
    struct chunk *c = malloc(sizeof *c + PIECE);
    uint64_t now;
    ssize_t n;

    if (c == NULL)
        die("malloc");
    n = recv(w->from, c->data, PIECE, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        free(c);
        return;
    }
    if (who == 'c' && n > 0)
        look_for_word(c->data, (size_t)n);
    now = now_ns();
    if (w->free < now)
        w->free = now;
    c->next = NULL;
    c->due = w->free + delay;
    c->len = n > 0 ? (size_t)n : 0;
    c->at = 0;
    w->free += (uint64_t)((double)c->len * octet);
    w->ended = c->len == 0;
    if (who == 'c' && c->len != 0)
        seen('c', c->len, now - begin);
    *w->tail = c;
    w->tail = &c->next;
}

/* How many octets of the chunk have arrived: whole packets, or its rest. */
static size_t arrived(const struct chunk *c, uint64_t now)
{
    size_t n = c->len;

    if (c->due > now)
        return 0;
    if (octet > 0 && (double)(now - c->due) < (double)c->len * octet) {
        n = (size_t)((double)(now - c->due) / octet);
        n -= n % PACKET;
    }
    return n;
}

/* When the next packet of the chunk arrives. */
static uint64_t next_due(const struct chunk *c)
{
    size_t end = c->len - c->at < PACKET ? c->len : c->at - c->at % PACKET + PACKET;

    return c->due + (uint64_t)((double)end * octet) + 1;
}

/* 1 when something is to be written now. */
static int is_due(const struct way *w, uint64_t now)
{
    return w->head != NULL && w->head->due <= now &&
           (w->head->len == 0 || arrived(w->head, now) > w->head->at);
}

static void push(struct way *w, char who, uint64_t begin)
{
    uint64_t now = now_ns();

    while (is_due(w, now)) {
        struct chunk *c = w->head;

        if (c->len == 0) {
            shutdown(w->to, SHUT_WR);
            w->over = 1;
        } else {
            ssize_t n =
                send(w->to, c->data + c->at, arrived(c, now) - c->at, MSG_DONTWAIT | MSG_NOSIGNAL);

            if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            now = now_ns();
            if (n > 0 && who == 's')
                seen('s', (size_t)n, now - begin);
            c->at = n > 0 ? c->at + (size_t)n : c->len; /* nobody listens: dropped */
        }
        if (c->at == c->len) {
            w->head = c->next;
            if (w->head == NULL)
                w->tail = &w->head;
            free(c);
        }
    }
}

static int dial(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* The earlier of `before` and when w has something to write. */
static uint64_t wake_at(const struct way *w, uint64_t now, uint64_t before)
{
    uint64_t at;

    if (w->head == NULL || is_due(w, now)) /* poll() tells when there is room */
        return before;
    at = w->head->len != 0 ? next_due(w->head) : w->head->due;
    return at < before ? at : before;
}

static void wait_until(struct pollfd *p, uint64_t now, uint64_t at)
{
    uint64_t ns = at > now ? at - now : 0;
    struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};

    ppoll(p, 2, at != UINT64_MAX ? &t : NULL, NULL);
}

/* Until both have closed; the server is dialled one delay after the client was there. */
static void carry(int client, int port, uint64_t begin)
{
    struct way up = {.from = client, .to = -1};
    struct way down = {.from = -1, .to = client};

    up.tail = &up.head;
    down.tail = &down.head;
    while (!up.over || !down.over) {
        struct pollfd p[2] = {{client, 0, 0}, {-1, 0, 0}};
        uint64_t now = now_ns();
        uint64_t at = UINT64_MAX;

        if (up.to < 0 && now >= begin + delay)
            up.to = down.from = dial(port);
        if (up.to < 0)
            at = begin + delay;
        p[0].events = (short)((up.ended ? 0 : POLLIN) | (is_due(&down, now) ? POLLOUT : 0));
        p[1].events =
            (short)((down.ended ? 0 : POLLIN) | (up.to >= 0 && is_due(&up, now) ? POLLOUT : 0));
        p[0].fd = p[0].events != 0 ? client : -1; /* POLLHUP would not let us sleep */
        p[1].fd = p[1].events != 0 ? up.to : -1;
        wait_until(p, now, wake_at(&up, now, wake_at(&down, now, at)));
        if (p[0].fd >= 0 && (p[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !up.ended)
            pull(&up, 'c', begin);
        if (p[1].fd >= 0 && (p[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !down.ended)
            pull(&down, 's', begin);
        if (up.to >= 0)
            push(&up, 'c', begin);
        push(&down, 's', begin);
    }
    if (up.to >= 0)
        close(up.to);
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (argc < 3 || argc > 5)
        return 64;
    delay = strtoull(argv[2], NULL, 10) * 1000000;
    word = argc > 4 ? argv[4] : NULL;
    if (argc > 3 && strtod(argv[3], NULL) > 0)
        octet = 8e3 / strtod(argv[3], NULL);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0)
        die("listen");
    printf("%d\n", ntohs(a.sin_port));
    fflush(stdout);
    for (;;) {
        struct pollfd p[2] = {{fd, POLLIN, 0}, {0, POLLIN, 0}};
        uint64_t begin;
        int client, on = 1;

        poll(p, 2, -1);
        if (p[1].revents != 0)
            return 0;
        client = accept(fd, NULL, NULL);
        if (client < 0)
            continue;
        begin = now_ns();
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        carry(client, (int)strtol(argv[1], NULL, 10), begin);
        close(client);
        report();
    }
}
