/* etpan_pop3.c - the same work by libetpan: one RETR a message, as its interface has it. */
#include "bench.h"

#include <libetpan/libetpan.h>

int main(int argc, char **argv)
{
    struct bench b;
    mailpop3 *p;
    int rc;

    bench_args(&b, argc, argv);
    p = mailpop3_new(0, NULL);
    rc = b.tls ? mailpop3_ssl_connect(p, "localhost", (uint16_t)b.port)
               : mailpop3_socket_connect(p, "127.0.0.1", (uint16_t)b.port);
    if (rc != MAILPOP3_NO_ERROR || mailpop3_user(p, "alice") != MAILPOP3_NO_ERROR ||
        mailpop3_pass(p, "secret") != MAILPOP3_NO_ERROR)
        bench_die("etpan_pop3", "cannot connect or log in");
    for (unsigned i = 1; i <= b.count; i++) {
        char *text = NULL;
        size_t len = 0;

        if (mailpop3_retr(p, i, &text, &len) != MAILPOP3_NO_ERROR)
            bench_die("etpan_pop3", "RETR failed");
        b.octets += len;
        b.messages++;
        mailpop3_retr_free(text);
    }
    mailpop3_quit(p);
    mailpop3_free(p);
    return bench_done(&b);
}
