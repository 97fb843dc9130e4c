/* pop3_collect.c - collect what is new in a POP3 maildrop into files, over TLS, and never the same
 * message twice.
 *
 *   MLA_PASSWORD=... pop3_collect HOST USER FOLDER [delete]
 *
 * MLA_PORT: another port than 995. MLA_CA_FILE: trust these certificates instead of the system's.
 * FOLDER/.seen remembers what was collected. A file gets its final name when it is whole and on
 * disk; then the collector is told, which deletes the message on the server if asked to. */
#define _POSIX_C_SOURCE 200809L
#include <mailaccess/mailaccess.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "pop3_collect: %s: %s\n", what, why);
    return 1;
}

static int finish(mla_pop3 *s, const char *what, int rc, uint64_t ticket)
{
    mla_error err;

    if (rc == 0)
        rc = mla_pop3_finish(s, ticket, -1);
    mla_session_error(mla_pop3_session(s), &err);
    return rc == 0 ? 0 : complain(what, err.message);
}

static int log_in(mla_pop3 *s, const char *host, const char *user)
{
    const char *port = getenv("MLA_PORT"), *password = getenv("MLA_PASSWORD");
    mla_connect_args where = {.struct_size = sizeof where, .host = host};
    mla_credentials who = {.struct_size = sizeof who, .user = user};
    uint64_t ticket = 0;
    int rc;

    where.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    who.password = password != NULL ? password : "";
    who.password_len = strlen(who.password);
    rc = mla_session_connect(mla_pop3_session(s), &where, &ticket);
    if (finish(s, "connecting", rc, ticket) != 0)
        return 1;
    rc = mla_pop3_authenticate(s, &who, &ticket);
    return finish(s, "logging in", rc, ticket);
}

/* The message that comes, in a file that has no final name yet. */
struct incoming {
    int folder;
    int fd;
    int failed;
};

static void write_all(struct incoming *in, const uint8_t *data, size_t len)
{
    while (len > 0 && !in->failed) {
        ssize_t n = write(in->fd, data, len);

        if (n <= 0) {
            in->failed = 1;
            break;
        }
        data += n;
        len -= (size_t)n;
    }
}

/* On disk, under a name that is free: 0 and the name. */
static int keep(struct incoming *in, char *name, size_t size)
{
    if (in->failed || fsync(in->fd) != 0)
        return -1;
    for (unsigned n = 1; n < 1000000; n++) {
        snprintf(name, size, "%06u.eml", n);
        if (linkat(in->folder, ".coming", in->folder, name, 0) == 0)
            return fsync(in->folder);
        if (faccessat(in->folder, name, F_OK, 0) != 0)
            return -1; /* it is not that the name is taken */
    }
    return -1;
}

static int on_end(mla_collect *c, struct incoming *in, const mla_collect_message *m)
{
    char name[32];
    int rc = 0;

    if (m->error != 0)
        rc = complain("a message did not come", mla_error_text(m->error));
    else if ((m->flags & MLA_COLLECT_SAME) == 0 &&
             (keep(in, name, sizeof name) != 0 || mla_collect_stored(c, m->number, name) != 0))
        rc = complain("a message cannot be stored", "it stays on the server");
    close(in->fd);
    in->fd = -1;
    unlinkat(in->folder, ".coming", 0);
    return rc;
}

static int run(mla_collect *c, int folder)
{
    struct incoming in = {folder, -1, 0};
    const mla_collect_event *ev;
    int failed = 0, rc;

    while ((rc = mla_collect_step(c, -1, &ev)) == 1) {
        size_t len;
        const uint8_t *data = mla_collect_event_chunk(ev, &len, NULL);

        switch (mla_collect_event_type(ev)) {
        case MLA_COLLECT_EV_BEGIN:
            in.fd = openat(folder, ".coming", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
            in.failed = in.fd < 0;
            break;
        case MLA_COLLECT_EV_CHUNK:
            write_all(&in, data, len);
            break;
        case MLA_COLLECT_EV_END:
            failed |= on_end(c, &in, mla_collect_event_message(ev));
            break;
        case MLA_COLLECT_EV_ALL:
            mla_collect_close(c);
            break;
        case MLA_COLLECT_EV_DONE:
            printf("%u messages, %u new, %u deleted\n", mla_collect_event_summary(ev)->listed,
                   mla_collect_event_summary(ev)->stored, mla_collect_event_summary(ev)->deleted);
            break;
        default:
            break;
        }
    }
    return rc == 0 ? failed : complain("collecting", mla_error_text(rc));
}

static int collect(mla_pop3 *s, int argc, char **argv)
{
    mla_collect_args args = {.struct_size = sizeof args};
    char source[1024], path[4096];
    mla_seen_file *seen = NULL;
    mla_seen_store store;
    mla_collect *c = NULL;
    mla_error err;
    int folder = open(argv[3], O_RDONLY | O_DIRECTORY);
    int failed = 1;

    snprintf(path, sizeof path, "%s/.seen", argv[3]);
    snprintf(source, sizeof source, "pop3:%s@%s", argv[2], argv[1]);
    if (folder < 0 || mla_seen_file_open(NULL, path, &seen, &err) != 0)
        return complain(path, folder < 0 ? "there is no such folder" : err.message);
    args.store = &store;
    args.policy = argc == 5 ? MLA_COLLECT_DELETE : MLA_COLLECT_KEEP;
    if (mla_seen_file_store(seen, source, &store) == 0 && log_in(s, argv[1], argv[2]) == 0 &&
        mla_collect_new(s, &args, &c) == 0)
        failed = run(c, folder);
    mla_collect_free(c);
    mla_seen_file_close(seen);
    close(folder);
    return failed;
}

int main(int argc, char **argv)
{
    const char *ca = getenv("MLA_CA_FILE");
    mla_config *cfg = NULL;
    mla_pop3 *s = NULL;
    mla_error err = {0};
    int rc;

    if (argc != 4 && !(argc == 5 && strcmp(argv[4], "delete") == 0)) {
        fprintf(stderr, "usage: pop3_collect HOST USER FOLDER [delete]\n");
        return 64;
    }
    rc = mla_config_new(NULL, &cfg);
    if (rc == 0 && ca != NULL)
        rc = mla_config_add_ca_file(cfg, ca, &err);
    if (rc == 0)
        rc = mla_pop3_new(cfg, &s, &err);
    rc = rc == 0 ? collect(s, argc, argv) : complain("beginning", err.message);
    mla_pop3_free(s);
    mla_config_free(cfg);
    return rc;
}
