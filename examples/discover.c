/* discover.c - from an address to its unread mail, as one who sets up an account sees it: find the
 * servers, ask about strange ones, connect to the first that is there, log in.
 *
 *     MAIL_PASSWORD=... discover ADDRESS
 *
 * DNS is waited for with poll(), as an event loop would. MAIL_NAME_SERVER (a port on 127.0.0.1) and
 * MAIL_CA_FILE in the environment are for tests. */
#include <mailaccess/mailaccess.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Asks DNS and lets the loop run until it has answered; what came of it is in the handle. */
static int look_up(mla_discover *d)
{
    int rc = 0;

    while (rc >= 0 && mla_discover_wants(d) != 0) {
        const mla_discover_event *ev;
        struct pollfd p = {.fd = mla_discover_fd(d), .events = POLLIN};

        if (poll(&p, 1, mla_discover_timeout_ms(d)) < 0)
            return MLA_E_IO;
        rc = mla_discover_process(d);
        while (rc >= 0 && mla_discover_next(d, &ev) == 1) {
            const mla_discover_lookup *l = mla_discover_event_lookup(ev);

            if (l != NULL && l->error != 0)
                fprintf(stderr, "%s: %s\n", l->name, mla_error_text(l->error));
        }
    }
    return rc < 0 ? rc : 0;
}

/* A host that nobody trustworthy named is shown before a password goes there. */
static int is_right(const mla_discover_candidate *c)
{
    char answer[16];

    if ((c->flags & MLA_DISCOVER_CONFIRM) == 0)
        return 1;
    printf("Is %s your provider's? [y/N] ", c->host);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Waits for the end of a command, and says what STATUS says. */
static int end(mla_imap *s, uint64_t ticket, const char *user, const char *host)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = mla_imap_step(s, ticket, 30000, &ev)) == 1) {
        const mla_imap_status *st = mla_imap_event_status(ev);

        if (st != NULL)
            printf("%s at %s: %u unread\n", user, host, (unsigned)st->unseen);
    }
    return rc;
}

/* 0: logged in. MLA_E_AUTH: not with that name and password. Else the next server may be there. */
static int log_in(mla_config *cfg, const mla_discover_candidate *c, const char *user,
                  const char *password)
{
    mla_connect_args to = {.struct_size = sizeof to, .host = c->host};
    mla_credentials me = {.struct_size = sizeof me, .user = user, .password = password};
    mla_imap_status_args inbox = {.struct_size = sizeof inbox, .mailbox = "INBOX"};
    mla_error why;
    mla_imap *s;
    uint64_t t;
    int rc = mla_imap_new(cfg, &s, &why);

    if (rc != 0)
        return rc;
    to.port = c->port;
    to.security = c->security;
    me.password_len = strlen(password);
    inbox.items = MLA_IMAP_STATUS_UNSEEN;
    rc = mla_session_connect(mla_imap_session(s), &to, &t);
    if (rc == 0)
        rc = mla_imap_authenticate(s, &me, &t);
    if (rc == 0)
        rc = end(s, t, user, c->host);
    if (rc == 0)
        rc = mla_imap_status_mailbox(s, &inbox, &t);
    if (rc == 0)
        rc = end(s, t, user, c->host);
    if (rc < 0) {
        mla_session_error(mla_imap_session(s), &why);
        fprintf(stderr, "%s: %s\n", c->host, why.message);
    }
    mla_imap_free(s);
    return rc;
}

/* Where nobody said what the user name is: the address, then what stands before the @ (RFC 6186
 * section 4). */
static int try_names(mla_config *cfg, const mla_discover_candidate *c, const char *password)
{
    int rc = log_in(cfg, c, c->user, password);
    char local[256];
    size_t len = strcspn(c->user, "@");

    if (rc != MLA_E_AUTH || c->user_kind != MLA_DISCOVER_USER_GUESS || len >= sizeof local)
        return rc;
    memcpy(local, c->user, len);
    local[len] = '\0';
    return log_in(cfg, c, local, password);
}

static int try_all(mla_config *cfg, mla_discover *d, const char *password)
{
    const mla_discover_candidate *c;

    for (uint32_t i = 0; (c = mla_discover_candidate_at(d, i)) != NULL; i++) {
        int rc;

        if ((c->hints & MLA_DISCOVER_HINT_APP_PASSWORD) != 0)
            printf("%s wants an application password: %s\n", c->provider,
                   c->help_url != NULL ? c->help_url : "see its settings");
        if (c->user == NULL || !is_right(c))
            continue;
        rc = try_names(cfg, c, password);
        if (rc == 0)
            return 0;
        if (rc == MLA_E_AUTH)
            break; /* trying elsewhere would show the password to more servers */
    }
    return 1;
}

int main(int argc, char **argv)
{
    const char *password = getenv("MAIL_PASSWORD");
    const char *name_server = getenv("MAIL_NAME_SERVER");
    const char *ca = getenv("MAIL_CA_FILE");
    mla_discover_args args = {.struct_size = sizeof args, .protocols = MLA_DISCOVER_IMAP};
    mla_discover *d = NULL;
    mla_config *cfg = NULL;
    mla_error why = {0};
    int rc;

    if (argc != 2 || password == NULL) {
        fprintf(stderr, "usage: MAIL_PASSWORD=... discover ADDRESS\n");
        return 64;
    }
    args.address = argv[1];
    if (name_server != NULL) {
        args.name_server = "127.0.0.1";
        args.name_server_port = (uint32_t)strtoul(name_server, NULL, 10);
    }
    rc = mla_config_new(NULL, &cfg);
    if (rc == 0 && ca != NULL)
        rc = mla_config_add_ca_file(cfg, ca, &why);
    if (rc == 0)
        rc = mla_discover_new(cfg, &args, &d, &why);
    if (rc == 0)
        rc = look_up(d);
    if (rc != 0)
        fprintf(stderr, "discover: %s\n",
                why.message[0] != '\0' ? why.message : mla_error_text(rc));
    else
        rc = try_all(cfg, d, password);
    mla_discover_free(d);
    mla_config_free(cfg);
    return rc != 0;
}
