/* pop3_fetch.c - fetch every message of a POP3 maildrop into files, over TLS.
 *
 *   MLA_PASSWORD=... pop3_fetch HOST USER FOLDER [delete]
 *
 * MLA_PORT: another port than 995. MLA_CA_FILE: trust these certificates instead of the system's.
 * A file gets its final name only when it is whole and on disk; only then, and only if asked to,
 * the message is marked as deleted, and QUIT at the end deletes what is marked. */
#define _POSIX_C_SOURCE 200809L
#include <mailaccess/mailaccess.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 60000 };

static int complain(mla_pop3 *s, const char *what, int rc)
{
    mla_error err = {0};

    mla_session_error(mla_pop3_session(s), &err);
    fprintf(stderr, "pop3_fetch: %s: %s\n", what, err.code != 0 ? err.message : mla_error_text(rc));
    return rc;
}

/* Waits for one command, of which only the outcome matters. */
static int finish(mla_pop3 *s, const char *what, int rc, uint64_t ticket)
{
    if (rc == 0)
        rc = mla_pop3_finish(s, ticket, WAIT_MS);
    return rc < 0 ? complain(s, what, rc) : 0;
}

static int log_in(mla_pop3 *s, const char *host, const char *user)
{
    const char *port = getenv("MLA_PORT");
    const char *password = getenv("MLA_PASSWORD");
    mla_connect_args where = {0};
    mla_credentials who = {0};
    uint64_t ticket = 0;
    int rc;

    where.struct_size = sizeof where; /* all else that is zero is the safe default: TLS, verified */
    where.host = host;
    where.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    rc = mla_session_connect(mla_pop3_session(s), &where, &ticket);
    rc = finish(s, "connecting", rc, ticket);
    if (rc != 0)
        return rc;
    who.struct_size = sizeof who;
    who.user = user;
    who.password = password != NULL ? password : "";
    who.password_len = strlen(who.password);
    rc = mla_pop3_authenticate(s, &who, &ticket);
    return finish(s, "logging in", rc, ticket);
}

/* The numbers of all messages; *out is the caller's to free. */
static int list(mla_pop3 *s, uint32_t **out, size_t *out_count)
{
    const mla_pop3_event *ev;
    uint64_t ticket = 0;
    int rc = mla_pop3_list(s, 0, &ticket);

    *out = NULL;
    *out_count = 0;
    while (rc >= 0 && (rc = mla_pop3_step(s, ticket, WAIT_MS, &ev)) == 1) {
        uint32_t n = mla_pop3_event_item_count(ev);
        uint32_t *more;

        if (n == 0)
            continue;
        more = realloc(*out, (*out_count + n) * sizeof *more);
        if (more == NULL)
            return complain(s, "listing", MLA_E_NOMEM);
        *out = more;
        for (uint32_t i = 0; i < n; i++)
            more[(*out_count)++] = mla_pop3_event_item(ev, i)->number;
    }
    return rc < 0 ? complain(s, "listing", rc) : 0;
}

/* One message into an open file. The octets come as they come; whether they are all is known only
 * when the command has ended well. */
static int fetch(mla_pop3 *s, uint32_t number, FILE *f)
{
    const mla_pop3_event *ev;
    uint64_t ticket = 0;
    int rc = mla_pop3_retr(s, number, &ticket);

    while (rc >= 0 && (rc = mla_pop3_step(s, ticket, WAIT_MS, &ev)) == 1) {
        size_t len;
        const uint8_t *data = mla_pop3_event_chunk(ev, &len, NULL);

        if (data != NULL)
            fwrite(data, 1, len, f); /* an error stays on f and is seen by save() */
    }
    return rc < 0 ? complain(s, "fetching", rc) : 0;
}

static int save(mla_pop3 *s, uint32_t number, const char *folder)
{
    char name[4096];
    char part[sizeof name + 8];
    FILE *f;
    int rc;

    if (snprintf(name, sizeof name, "%s/%u.eml", folder, number) >= (int)sizeof name)
        return -1;
    snprintf(part, sizeof part, "%s.part", name);
    f = fopen(part, "wbx"); /* never over a file that is there */
    if (f == NULL) {
        fprintf(stderr, "pop3_fetch: %s: %s\n", part, strerror(errno));
        return -1;
    }
    rc = fetch(s, number, f);
    if (rc == 0 && (fflush(f) != 0 || ferror(f) || fsync(fileno(f)) != 0))
        rc = -1;
    if (fclose(f) != 0 && rc == 0)
        rc = -1;
    if (rc == 0 && rename(part, name) != 0)
        rc = -1;
    if (rc == -1)
        fprintf(stderr, "pop3_fetch: %s: %s\n", name, strerror(errno));
    if (rc != 0)
        remove(part);
    return rc;
}

static int fetch_all(mla_pop3 *s, const char *folder, int delete)
{
    uint32_t *numbers;
    size_t count;
    int failed = 0;
    int rc = list(s, &numbers, &count);

    for (size_t i = 0; i < count && !mla_error_is_fatal(rc); i++) {
        uint64_t ticket = 0;

        rc = save(s, numbers[i], folder);
        if (rc == 0 && delete) {
            rc = mla_pop3_dele(s, numbers[i], &ticket);
            rc = finish(s, "deleting", rc, ticket);
        }
        failed |= rc != 0; /* one message that fails does not keep the others */
    }
    free(numbers);
    return failed || rc < 0;
}

int main(int argc, char **argv)
{
    const char *ca = getenv("MLA_CA_FILE");
    mla_config *cfg = NULL;
    mla_pop3 *s = NULL;
    mla_error err = {0};
    uint64_t ticket = 0;
    int failed = 1;
    int rc;

    if (argc != 4 && !(argc == 5 && strcmp(argv[4], "delete") == 0)) {
        fprintf(stderr, "usage: pop3_fetch HOST USER FOLDER [delete]\n");
        return 64;
    }
    rc = mla_config_new(NULL, &cfg);
    if (rc == 0 && ca != NULL)
        rc = mla_config_add_ca_file(cfg, ca, &err);
    if (rc == 0)
        rc = mla_pop3_new(cfg, &s, &err);
    mla_config_free(cfg);
    if (rc != 0) {
        fprintf(stderr, "pop3_fetch: %s\n", err.message);
        return 1;
    }
    if (log_in(s, argv[1], argv[2]) == 0) {
        failed = fetch_all(s, argv[3], argc == 5);
        rc = mla_pop3_quit(s, &ticket);
        failed |= finish(s, "leaving", rc, ticket) != 0;
    }
    mla_pop3_free(s);
    return failed;
}
