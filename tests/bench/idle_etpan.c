/* idle_etpan.c - idle sessions of libetpan (its TLS is GnuTLS or OpenSSL). See idle.h. */
#define _GNU_SOURCE

#include "idle.h"

#include <libetpan/libetpan.h>

int main(int argc, char **argv)
{
    struct idle idle;

    idle_begin(&idle, argc, argv);
    idle_start(&idle);
    for (unsigned i = 0; i < idle.count; i++) {
        struct mailimap *m = mailimap_new(0, NULL);
        int rc = idle.tls ? mailimap_ssl_connect(m, "localhost", (uint16_t)idle.port)
                          : mailimap_socket_connect(m, "127.0.0.1", (uint16_t)idle.port);

        if (rc != MAILIMAP_NO_ERROR && rc != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
            idle_die("idle_etpan", "cannot connect");
        if (mailimap_login(m, "alice", "secret") != MAILIMAP_NO_ERROR ||
            mailimap_select(m, "INBOX") != MAILIMAP_NO_ERROR ||
            mailimap_idle(m) != MAILIMAP_NO_ERROR)
            idle_die("idle_etpan", "log-in, SELECT or IDLE failed");
    }
    idle_tell(&idle);
    putchar('\n');
    return 0;
}
