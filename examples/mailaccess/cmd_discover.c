/* cmd_discover.c - from a mail address to its servers. Nothing is connected to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mailaccess.h>

#include "cli.h"
#include "via.h"

enum { FILE_MOST = 262144, URLS_MOST = 8 };

static mla_discover *volatile running; /* what a signal interrupts */

void discover_interrupt(void)
{
    mla_discover *d = running;

    if (d != NULL)
        (void)mla_discover_interrupt(d);
}

struct word {
    uint32_t bit;
    const char *name;  /* in JSON */
    const char *words; /* for a person */
};

static const struct word source_words[] = {{MLA_DISCOVER_FROM_TABLE, "table", "known"},
                                           {MLA_DISCOVER_FROM_AUTOCONFIG, "autoconfig", "file"},
                                           {MLA_DISCOVER_FROM_SRV, "srv", "DNS"},
                                           {MLA_DISCOVER_FROM_MX, "mx", "MX"},
                                           {MLA_DISCOVER_FROM_ISPDB, "ispdb", "ISPDB"},
                                           {MLA_DISCOVER_FROM_GUESS, "guess", "guess"},
                                           {0, NULL, NULL}};

static const struct word auth_words[] = {{MLA_DISCOVER_AUTH_PASSWORD, "password", ""},
                                         {MLA_DISCOVER_AUTH_CHALLENGE, "challenge", ""},
                                         {MLA_DISCOVER_AUTH_OAUTH2, "oauth2", ""},
                                         {MLA_DISCOVER_AUTH_KERBEROS, "kerberos", ""},
                                         {MLA_DISCOVER_AUTH_CERTIFICATE, "certificate", ""},
                                         {0, NULL, NULL}};

static const struct word hint_words[] = {
    {MLA_DISCOVER_HINT_APP_PASSWORD, "app-password", "needs an application password"},
    {MLA_DISCOVER_HINT_SWITCH_ON, "switch-on", "must be switched on in the settings"},
    {MLA_DISCOVER_HINT_BRIDGE, "bridge", "needs the provider's program on this machine"},
    {MLA_DISCOVER_HINT_PAID, "paid", "for paying customers"},
    {MLA_DISCOVER_HINT_SEND_ID, "send-id", "wants the ID command"},
    {MLA_DISCOVER_HINT_REGISTER, "register", "OAuth 2 for registered programs"},
    {0, NULL, NULL}};

static const char *protocol_of(const mla_discover_candidate *c)
{
    return c->protocol == MLA_DISCOVER_IMAP ? "imap" : "pop3";
}

static const char *security_of(const mla_discover_candidate *c)
{
    return c->security == MLA_SECURITY_TLS        ? "tls"
           : c->security == MLA_SECURITY_STARTTLS ? "starttls"
                                                  : "none";
}

static void json_words(struct out *o, const char *key, const struct word *w, uint32_t bits)
{
    if (bits == 0)
        return;
    json_array(o, key);
    for (; w->name != NULL; w++)
        if ((bits & w->bit) != 0)
            json_string(o, NULL, w->name);
    json_array_end(o);
}

static void json_maybe(struct out *o, const char *key, const char *text)
{
    if (text != NULL)
        json_string(o, key, text);
}

static void print_json(struct out *o, const mla_discover_candidate *c)
{
    static const char *const kinds[] = {[MLA_DISCOVER_USER_ADDRESS] = "address",
                                        [MLA_DISCOVER_USER_LOCAL] = "local",
                                        [MLA_DISCOVER_USER_OTHER] = "other",
                                        [MLA_DISCOVER_USER_GUESS] = "guess",
                                        [MLA_DISCOVER_USER_ASK] = "ask"};

    json_begin(o);
    json_string(o, "protocol", protocol_of(c));
    json_string(o, "host", c->host);
    json_number(o, "port", c->port);
    json_string(o, "security", security_of(c));
    json_maybe(o, "user", c->user);
    if (c->user_kind < sizeof kinds / sizeof kinds[0])
        json_maybe(o, "user_kind", kinds[c->user_kind]);
    json_words(o, "auth", auth_words, c->auth);
    json_words(o, "sources", source_words, c->sources);
    json_bool(o, "outside", (c->flags & MLA_DISCOVER_OUTSIDE) != 0);
    json_bool(o, "confirm", (c->flags & MLA_DISCOVER_CONFIRM) != 0);
    json_words(o, "hints", hint_words, c->hints);
    json_maybe(o, "provider", c->provider);
    json_maybe(o, "help_url", c->help_url);
    if (c->oauth_issuer != NULL) {
        json_object(o, "oauth");
        json_string(o, "issuer", c->oauth_issuer);
        json_maybe(o, "scope", c->oauth_scope);
        json_maybe(o, "auth_url", c->oauth_auth_url);
        json_maybe(o, "token_url", c->oauth_token_url);
        json_object_end(o);
    }
    json_end(o);
}

static void column(struct out *o, size_t width, const char *text)
{
    out_column(o, width, text, strlen(text));
}

static void note(struct out *o, const char *text)
{
    column(o, 6, "");
    column(o, 0, text);
    out_end_line(o);
}

/* Three lines at most: the server, what to know, where to read more. */
static void print_columns(struct out *o, const mla_discover_candidate *c)
{
    char text[1024];
    size_t used = 0;

    column(o, 6, c->protocol == MLA_DISCOVER_IMAP ? "IMAP" : "POP3");
    snprintf(text, sizeof text, "%s:%u", c->host, (unsigned)c->port);
    column(o, 36, text);
    column(o, 10,
           c->security == MLA_SECURITY_TLS        ? "TLS"
           : c->security == MLA_SECURITY_STARTTLS ? "STARTTLS"
                                                  : "none");
    column(o, 28, c->user != NULL ? c->user : "?");
    for (const struct word *w = source_words; w->name != NULL; w++)
        if ((c->sources & w->bit) != 0)
            column(o, strlen(w->words) + 1, w->words);
    out_end_line(o);
    text[0] = '\0';
    for (const struct word *w = hint_words; w->name != NULL; w++)
        if ((c->hints & w->bit) != 0)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used != 0 ? "; " : "",
                                     w->words);
    if (used != 0)
        note(o, text);
    if (c->help_url != NULL)
        note(o, c->help_url);
    if ((c->flags & MLA_DISCOVER_CONFIRM) != 0)
        note(o, "outside the domain, and only DNS says so: is this your provider?");
}

/* --- asking --- */

static int server_of(const char *text, char host[64], uint32_t *out_port)
{
    const char *colon = strchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
    uint64_t port = 0;

    if (len >= 64 || (colon != NULL && (!cli_number(colon + 1, 65535, &port) || port == 0)))
        return cli_fail(EXIT_USAGE, "--name-server=%s: wants an IPv4 address, perhaps with a port",
                        text);
    memcpy(host, text, len);
    host[len] = '\0';
    *out_port = (uint32_t)port;
    return 0;
}

static int fail_with(mla_discover *d, int rc, const char *what, const char *which)
{
    mla_error err;

    mla_discover_error(d, &err);
    return cli_fail(cli_exit_status(rc, 0), "%s %s: %s", what, which,
                    err.message[0] != '\0' ? err.message : mla_error_text(rc));
}

/* The file of --autoconfig stands for the first one that was named. */
static int give_file(mla_discover *d, const char *path)
{
    uint8_t *data = malloc(FILE_MOST + 1);
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t len;
    int status = 0;
    int rc;

    if (data == NULL || f == NULL) {
        status = data == NULL ? cli_fail(EXIT_INTERNAL, "not enough memory")
                              : cli_fail_file(EXIT_NO_INPUT, "read", path, errno);
        free(data);
        if (f != NULL && f != stdin)
            fclose(f);
        return status;
    }
    len = fread(data, 1, FILE_MOST + 1, f);
    if (ferror(f))
        status = cli_fail_file(EXIT_IO, "read", path, errno);
    else if ((rc = mla_discover_give(d, 0, data, len, 1, NULL)) != 0)
        status = fail_with(d, rc, "cannot use", path);
    if (f != stdin)
        fclose(f);
    free(data);
    return status;
}

struct seen {
    const char *urls[URLS_MOST];
    uint32_t url_count;
    int warned;
};

static void saw(struct cli *c, struct seen *s, const mla_discover_event *ev)
{
    const mla_discover_url *u = mla_discover_event_url(ev);
    const mla_discover_lookup *l = mla_discover_event_lookup(ev);

    if (u != NULL && s->url_count < URLS_MOST)
        s->urls[s->url_count++] = u->url;
    if (u != NULL && c->opt.json) {
        json_begin(&c->out);
        json_string(&c->out, "fetch", u->url);
        json_end(&c->out);
    }
    if (l != NULL && l->error != 0 && !s->warned) {
        s->warned = 1;
        cli_warn("DNS was asked for %s: %s", l->name, mla_error_text(l->error));
    }
}

static int ask(struct cli *c, mla_discover *d, struct seen *s)
{
    const mla_discover_event *ev;
    int rc;

    running = d;
    do {
        int32_t wait = -1;

        if (c->end_ms != 0) {
            uint64_t now = cli_now_ms();

            wait = c->end_ms <= now              ? 0
                   : c->end_ms - now > INT32_MAX ? INT32_MAX
                                                 : (int32_t)(c->end_ms - now);
        }
        rc = cli_stopped() ? MLA_E_CANCELLED : mla_discover_step(d, wait, &ev);
        if (rc == 1)
            saw(c, s, ev);
    } while (rc == 1);
    running = NULL;
    return rc == 0 ? 0 : fail_with(d, rc, "cannot ask about", mla_discover_domain(d));
}

static int print(struct cli *c, const mla_discover *d, const struct seen *s)
{
    const mla_discover_candidate *a;
    int known = 0;

    for (uint32_t i = 0; (a = mla_discover_candidate_at(d, i)) != NULL; i++) {
        (c->opt.json ? print_json : print_columns)(&c->out, a);
        known |= a->sources != MLA_DISCOVER_FROM_GUESS;
    }
    if (mla_discover_candidate_count(d) == 0)
        return cli_fail(EXIT_DATA, "no server is known for %s", mla_discover_domain(d));
    if (!known && s->url_count != 0)
        cli_warn("nobody said so; perhaps a file does, for --autoconfig: %s", s->urls[0]);
    return 0;
}

static int open_it(struct cli *c, mla_config *cfg, mla_discover **out)
{
    mla_discover_args args = {.struct_size = sizeof args, .address = c->args[0]};
    char host[64];
    mla_error err;
    int rc;

    if (c->opt.name_server != NULL) {
        rc = server_of(c->opt.name_server, host, &args.name_server_port);
        if (rc != 0)
            return rc;
        args.name_server = host;
    }
    args.thorough = c->opt.all || c->opt.autoconfig != NULL;
    if (c->opt.timeout != 0)
        args.deadline_ms = (uint32_t)c->opt.timeout * 1000;
    rc = mla_discover_new(cfg, &args, out, &err);
    return rc == 0 ? 0 : cli_fail(cli_exit_status(rc, 0), "%s", err.message);
}

int cmd_discover(struct cli *c)
{
    struct seen seen = {.url_count = 0};
    mla_discover *d = NULL;
    mla_config *cfg;
    int rc;

    if (c->arg_count == 0)
        return cli_fail(EXIT_USAGE, "discover: no address is given");
    if (mla_config_new(NULL, &cfg) != 0)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    rc = via_load(cfg, &c->opt);
    if (rc == 0)
        rc = open_it(c, cfg, &d);
    if (rc == 0)
        rc = c->opt.autoconfig != NULL ? give_file(d, c->opt.autoconfig) : 0;
    if (rc == 0)
        rc = ask(c, d, &seen);
    if (rc == 0)
        rc = print(c, d, &seen);
    mla_discover_free(d);
    mla_config_free(cfg);
    return rc;
}
