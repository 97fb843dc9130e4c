/* reader.h - the bare readers: the least that makes a server send everything, and one buffer to
 * receive it in. They understand nothing of what comes; nobody can be faster who does. */
#ifndef READER_H
#define READER_H

#include "bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum { READER_BUFFER = 64 * 1024 };

struct reader {
    struct bench b;
    int fd;
    char *commands; /* all of them, sent ahead */
    size_t left;
};

static inline void reader_commands(struct reader *r)
{
    size_t size = 256 + (size_t)r->b.count * 16;
    char *p = malloc(size);
    char *end = p + size;

    if (p == NULL)
        bench_die("reader", "out of memory");
    r->commands = p;
    if (r->b.pop3) {
        p += snprintf(p, (size_t)(end - p), "USER alice\r\nPASS secret\r\n");
        for (unsigned i = 1; i <= r->b.count; i++)
            p += snprintf(p, (size_t)(end - p), "RETR %u\r\n", i);
        p += snprintf(p, (size_t)(end - p), "QUIT\r\n");
    } else {
        p += snprintf(p, (size_t)(end - p),
                      "a LOGIN alice secret\r\nb EXAMINE INBOX\r\n"
                      "c UID FETCH 1:* (UID BODY.PEEK[])\r\nd LOGOUT\r\n");
    }
    r->left = (size_t)(p - r->commands);
}

static inline void reader_connect(struct reader *r)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)r->b.port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (r->fd < 0 || connect(r->fd, (struct sockaddr *)&a, sizeof a) != 0)
        bench_die("reader", "cannot connect");
}

#endif
