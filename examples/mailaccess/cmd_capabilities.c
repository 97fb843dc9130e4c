/* cmd_capabilities.c - connect, log in, say what the server can do. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "connect.h"

static uint32_t capability_count(const struct conn *k)
{
    return k->imap != NULL ? mla_imap_capability_count(k->imap)
                           : mla_pop3_capability_count(k->pop3);
}

static const char *capability(const struct conn *k, uint32_t i)
{
    return k->imap != NULL ? mla_imap_capability_word(k->imap, i) : mla_pop3_capability(k->pop3, i);
}

/* A server need not announce by itself what it can do after the log-in: ask. */
static int ask(struct conn *k)
{
    uint64_t ticket;
    int rc;

    if (capability_count(k) > 0)
        return 0;
    if (k->imap != NULL) {
        rc = mla_imap_capability(k->imap, &ticket);
        if (rc == 0)
            rc = conn_imap_finish(k, ticket);
    } else {
        rc = mla_pop3_capa(k->pop3, &ticket);
        if (rc == 0)
            rc = conn_pop3_finish(k, ticket);
        if (rc == MLA_E_NO || rc == MLA_E_UNSUPPORTED)
            rc = 0; /* an old server without CAPA: nothing to list */
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot ask for the capabilities");
}

static void print_json(struct out *o, const struct conn *k, const char *auth)
{
    json_begin(o);
    json_string(o, "protocol", k->imap != NULL ? "imap" : "pop3");
    json_string(o, "greeting", k->greeting);
    json_array(o, "capabilities");
    for (uint32_t i = 0; i < capability_count(k); i++)
        json_string(o, NULL, capability(k, i));
    json_array_end(o);
    if (mla_session_is_tls(k->ss)) {
        json_object(o, "tls");
        json_string(o, "version", mla_session_tls_version(k->ss));
        json_string(o, "cipher", mla_session_tls_cipher(k->ss));
        json_bool(o, "verified", mla_session_is_verified(k->ss));
        json_object_end(o);
    }
    if (auth[0] != 0)
        json_string(o, "auth", auth);
    json_end(o);
}

static void print_row(struct out *o, const char *name, const char *value)
{
    out_column(o, 14, name, strlen(name));
    out_column(o, 0, value, strlen(value));
    out_end_line(o);
}

static void print_columns(struct out *o, const struct conn *k, const char *auth)
{
    print_row(o, "protocol", k->imap != NULL ? "IMAP" : "POP3");
    print_row(o, "greeting", k->greeting);
    if (mla_session_is_tls(k->ss)) {
        print_row(o, "tls", mla_session_tls_version(k->ss));
        print_row(o, "cipher", mla_session_tls_cipher(k->ss));
        print_row(o, "certificate", mla_session_is_verified(k->ss) ? "verified" : "not verified");
    } else {
        print_row(o, "tls", "none");
    }
    if (auth[0] != 0)
        print_row(o, "logged in by", auth);
    for (uint32_t i = 0; i < capability_count(k); i++)
        print_row(o, i == 0 ? "capabilities" : "", capability(k, i));
}

int cmd_capabilities(struct cli *c)
{
    struct conn k;
    int rc = conn_open(&k, c, CONN_USER_OPTIONAL);

    if (rc == 0)
        rc = ask(&k);
    if (rc == 0) {
        const char *auth = k.imap != NULL ? mla_imap_auth_name(k.imap) : mla_pop3_auth_name(k.pop3);

        (c->opt.json ? print_json : print_columns)(&c->out, &k, auth);
    }
    conn_close(&k);
    return rc;
}
