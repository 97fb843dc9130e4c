/* reader_plain.c - the limit for a client without TLS: recv() into one buffer. */
#include "reader.h"

static char buffer[READER_BUFFER];

int main(int argc, char **argv)
{
    struct reader r;
    char *p;

    bench_args(&r.b, argc, argv);
    reader_commands(&r);
    reader_connect(&r);
    p = r.commands;
    for (;;) {
        ssize_t n = r.left > 0 ? send(r.fd, p, r.left, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;

        if (n > 0) {
            p += n;
            r.left -= (size_t)n;
        }
        n = recv(r.fd, buffer, sizeof buffer, 0);
        if (n <= 0)
            break;
        r.b.octets += (uint64_t)n;
    }
    free(r.commands);
    close(r.fd);
    return bench_done(&r.b);
}
