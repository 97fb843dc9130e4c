/* delay_proxy.c - a long line: passes octets between a client and a server, each way DELAY ms
 * later.
 *
 *     delay_proxy PORT DELAY_MS
 *
 * prints the port that it listens on, takes one connection to 127.0.0.1:PORT after the other until
 * its standard input ends, and prints one line about each when it is over: what went through as the
 * client saw it, bursts of octets with the time at which each began, in ms since the connection was
 * opened ("c" the client's, "s" the server's). Neighbours of one direction are one burst, so the
 * number of "s" is how often the client waited. The line's last word, "at=MS", is when the client
 * had all but the last TAIL octets.
 *
 * The connection to the server is opened one DELAY later, as if the last packet of TCP's handshake
 * had to travel; the handshake itself costs every client the same and is not imitated. */
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

enum { PIECE = 65536, BURSTS = 8192, TAIL = 2000 };

struct chunk {
    struct chunk *next;
    uint64_t due; /* microseconds */
    size_t len;   /* 0: the end */
    size_t at;
    char data[];
};

struct way {
    int from;
    int to;
    struct chunk *head;
    struct chunk **tail;
    int ended; /* from has no more */
    int over;  /* ... and to was told */
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

static uint64_t delay;

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
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
               (double)bursts[k].at / 1000);
    printf("at=%.1f\n", delivered_count != 0 ? (double)delivered[i].at / 1000 : 0.0);
    fflush(stdout);
    burst_count = delivered_count = 0;
}

static void pull(struct way *w, char who, uint64_t begin)
{
    struct chunk *c = malloc(sizeof *c + PIECE);
    ssize_t n;

    if (c == NULL)
        die("malloc");
    n = recv(w->from, c->data, PIECE, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        free(c);
        return;
    }
    c->next = NULL;
    c->due = now_us() + delay;
    c->len = n > 0 ? (size_t)n : 0;
    c->at = 0;
    w->ended = c->len == 0;
    if (who == 'c' && c->len != 0)
        seen('c', c->len, now_us() - begin);
    *w->tail = c;
    w->tail = &c->next;
}

static void push(struct way *w, char who, uint64_t begin)
{
    while (w->head != NULL && w->head->due <= now_us()) {
        struct chunk *c = w->head;

        if (c->len == 0) {
            shutdown(w->to, SHUT_WR);
            w->over = 1;
        } else {
            ssize_t n = send(w->to, c->data + c->at, c->len - c->at, MSG_DONTWAIT | MSG_NOSIGNAL);

            if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            if (n > 0 && who == 's')
                seen('s', (size_t)n, now_us() - begin);
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

static int timeout_of(const struct way *w, uint64_t now, int before)
{
    int ms;

    if (w->head == NULL)
        return before;
    if (w->head->due <= now)
        return before; /* it waits for room: poll() tells */
    ms = (int)((w->head->due - now + 999) / 1000);
    return before < 0 || ms < before ? ms : before;
}

/* Until both have closed; the server is dialled one delay after the client was there. */
static void carry(int client, int port, uint64_t begin)
{
    struct way up = {client, -1, NULL, NULL, 0, 0};
    struct way down = {-1, client, NULL, NULL, 0, 0};

    up.tail = &up.head;
    down.tail = &down.head;
    while (!up.over || !down.over) {
        struct pollfd p[2] = {{client, 0, 0}, {-1, 0, 0}};
        uint64_t now = now_us();
        int wait = -1;

        if (up.to < 0 && now >= begin + delay)
            up.to = down.from = dial(port);
        if (up.to < 0)
            wait = (int)((begin + delay - now + 999) / 1000);
        p[0].events = (short)((up.ended ? 0 : POLLIN) |
                              (down.head != NULL && down.head->due <= now ? POLLOUT : 0));
        p[1].events = (short)((down.ended ? 0 : POLLIN) |
                              (up.head != NULL && up.head->due <= now ? POLLOUT : 0));
        p[0].fd = p[0].events != 0 ? client : -1; /* POLLHUP would not let us sleep */
        p[1].fd = p[1].events != 0 ? up.to : -1;
        poll(p, 2, timeout_of(&up, now, timeout_of(&down, now, wait)));
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

    if (argc != 3)
        return 64;
    delay = strtoull(argv[2], NULL, 10) * 1000;
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
        begin = now_us();
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        carry(client, (int)strtol(argv[1], NULL, 10), begin);
        close(client);
        report();
    }
}
