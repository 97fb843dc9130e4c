/* bench.h - what the measured programs share. Each is called
 *
 *     PROGRAM imap|pop3 PORT plain|tls CA_FILE COUNT
 *
 * fetches COUNT messages from 127.0.0.1, throws them away, and prints how many octets of mail and
 * how many messages it saw (the bare readers: octets on the wire). With PORT 0 it only starts. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
    int pop3;
    int port;
    int tls;
    const char *ca;
    unsigned count;
    uint64_t octets;
    uint64_t messages;
};

static inline void bench_args(struct bench *b, int argc, char **argv)
{
    memset(b, 0, sizeof *b);
    if (argc != 6) {
        fprintf(stderr, "usage: PROGRAM imap|pop3 PORT plain|tls CA_FILE COUNT\n");
        exit(64);
    }
    b->pop3 = strcmp(argv[1], "pop3") == 0;
    b->port = (int)strtol(argv[2], NULL, 10);
    b->tls = strcmp(argv[3], "tls") == 0;
    b->ca = argv[4];
    b->count = (unsigned)strtoul(argv[5], NULL, 10);
    if (b->port == 0)
        exit(0);
}

static inline int bench_done(const struct bench *b)
{
    printf("%llu %llu\n", (unsigned long long)b->octets, (unsigned long long)b->messages);
    return 0;
}

static inline void bench_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

#endif
