/* etpan_imap.c - the same work by libetpan: one FETCH, bodies by its callback. */
#include "bench.h"

#include <libetpan/libetpan.h>

static bool on_body(int type, struct mailimap_msg_att_body_section *section, const char *bytes,
                    size_t length, void *context)
{
    struct bench *b = context;

    (void)type;
    (void)section;
    (void)bytes;
    b->octets += length;
    return true;
}

int main(int argc, char **argv)
{
    struct bench b;
    struct mailimap *m;
    struct mailimap_set *set;
    struct mailimap_fetch_type *type;
    struct mailimap_section *section;
    clist *result = NULL;
    int rc;

    bench_args(&b, argc, argv);
    m = mailimap_new(0, NULL);
    rc = b.tls ? mailimap_ssl_connect(m, "localhost", (uint16_t)b.port)
               : mailimap_socket_connect(m, "127.0.0.1", (uint16_t)b.port);
    if (rc != MAILIMAP_NO_ERROR && rc != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
        bench_die("etpan_imap", "cannot connect");
    if (mailimap_login(m, "alice", "secret") != MAILIMAP_NO_ERROR ||
        mailimap_examine(m, "INBOX") != MAILIMAP_NO_ERROR)
        bench_die("etpan_imap", "log-in or EXAMINE failed");
    mailimap_set_msg_body_handler(m, on_body, &b);
    set = mailimap_set_new_interval(1, 0);
    type = mailimap_fetch_type_new_fetch_att_list_empty();
    section = mailimap_section_new(NULL);
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(type,
                                               mailimap_fetch_att_new_body_peek_section(section));
    rc = mailimap_uid_fetch(m, set, type, &result);
    if (rc != MAILIMAP_NO_ERROR)
        bench_die("etpan_imap", "FETCH failed");
    b.messages = (uint64_t)clist_count(result);
    mailimap_fetch_list_free(result);
    mailimap_logout(m);
    mailimap_fetch_type_free(type);
    mailimap_set_free(set);
    mailimap_free(m);
    return bench_done(&b);
}
