/* certificate_api.c - see mailaccess/certificate.h */
#include "mailaccess/certificate.h"

#include "api/session_ask.h"
#include "base/clock.h"
#include "base/fail.h"
#include "conn/conn.h"
#include "imap/event.h"
#include "net/accepted.h"
#include "net/certificate.h"
#include "pop3/event.h"

#include <string.h>

_Static_assert((int)MLA_CERT_EXPIRED == VERDICT_EXPIRED &&
                   (int)MLA_CERT_NOT_YET == VERDICT_FUTURE &&
                   (int)MLA_CERT_WRONG_HOST == VERDICT_NAME &&
                   (int)MLA_CERT_UNKNOWN_ROOT == VERDICT_UNKNOWN_ROOT &&
                   (int)MLA_CERT_SELF_SIGNED == VERDICT_SELF_SIGNED &&
                   (int)MLA_CERT_WEAK_KEY == VERDICT_WEAK_KEY &&
                   (int)MLA_CERT_WEAK_HASH == VERDICT_WEAK_HASH &&
                   (int)MLA_CERT_USAGE == VERDICT_USAGE && (int)MLA_CERT_WRONG_PIN == VERDICT_PIN &&
                   (int)MLA_CERT_OTHER == VERDICT_OTHER &&
                   (int)MLA_CERT_CONSTRAINTS == VERDICT_CONSTRAINTS,
               "the layers below speak of the same faults");

/* --- the configuration --- */

static int open_for_change(const mla_config *cfg)
{
    if (cfg == NULL)
        return MLA_E_ARG;
    return atomic_load(&cfg->frozen) || mem_inside() ? MLA_E_STATE : 0;
}

static int have_list(mla_config *cfg)
{
    return cfg->accepted != NULL ? 0 : accepted_new(&cfg->mem, &cfg->accepted);
}

int mla_config_set_certificate_question(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg);

    if (rc == 0 && on != 0)
        rc = have_list(cfg); /* for the answers; a session must not change the configuration */
    if (rc == 0)
        cfg->certificate_question = on != 0;
    return rc;
}

int mla_config_accept_certificate(mla_config *cfg, const char *host, const uint8_t key_sha256[32],
                                  uint32_t reasons)
{
    struct hostname name;
    mla_error err = {0};
    int rc = open_for_change(cfg);

    if (rc != 0)
        return rc;
    if (host == NULL || key_sha256 == NULL || hostname_parse(host, &name, &err) != 0 ||
        (reasons & MLA_CERT_WRONG_PIN) != 0)
        return MLA_E_ARG;
    rc = have_list(cfg);
    return rc == 0 ? accepted_add(cfg->accepted, &name, key_sha256, reasons) : rc;
}

/* --- asking --- */

static struct stream *tls_of(const struct mla_session *ss)
{
    return ss != NULL && ss->conn != NULL ? conn_tls_layer(ss->conn) : NULL;
}

static int make_chain(struct mla_session *ss, struct chain **out)
{
    struct chain_source from;

    if (!tls_chain(tls_of(ss), &from))
        return MLA_E_NOT_FOUND;
    from.host = ss->host;
    from.port = ss->port;
    return chain_new(&ss->cfg->mem, &from, out);
}

int session_asks(const struct mla_session *ss)
{
    return ss->conn != NULL && conn_asks(ss->conn);
}

int session_ask_begin(struct mla_session *ss, uint64_t now_ms)
{
    mla_error err = {0};
    int rc;

    if (ss->question != NULL || !session_asks(ss))
        return 0;
    rc = make_chain(ss, &ss->question);
    if (rc != 0) {
        fail(&err, rc == MLA_E_NOMEM ? rc : MLA_E_CERT, "%s",
             rc == MLA_E_NOMEM ? "out of memory" : "the server's certificate was not kept");
        return engine_dead(ss->engine, &err);
    }
    ss->question_ms = now_ms;
    return 1;
}

int session_ask_next(struct mla_session *ss, const void **out_ev)
{
    if (ss->question == NULL || ss->question_told)
        return 0;
    ss->question_told = 1;
    ss->protocol->ask(ss->handle, ss->connect_ticket, &ss->question->rec, out_ev);
    return 1;
}

int session_unanswered(struct mla_session *ss)
{
    return fail(&ss->engine->why, MLA_E_STATE,
                "the question about the certificate of %.100s waits for its answer", ss->host);
}

void session_ask_free(struct mla_session *ss)
{
    chain_free(ss->question);
    chain_free(ss->shown);
    ss->question = ss->shown = NULL;
}

int mla_session_answer_certificate(mla_session *ss, int32_t accept, int32_t remember)
{
    uint64_t now;
    int rc;

    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    session_begin(ss);
    if (!session_asks(ss) || ss->question == NULL)
        return session_done(ss, MLA_E_STATE);
    if (accept != 0 && remember != 0) {
        rc = tls_remember(tls_of(ss));
        if (rc != 0)
            return session_done(ss, rc);
    }
    now = clock_now_ms();
    if (ss->connect_by_ms != CLOCK_NEVER && now > ss->question_ms)
        ss->connect_by_ms += now - ss->question_ms;
    return session_leave(ss, conn_answer(ss->conn, accept != 0, now));
}

int mla_session_is_asking(const mla_session *ss)
{
    return ss != NULL && session_asks(ss);
}

/* --- what is known --- */

uint32_t mla_session_accepted_faults(const mla_session *ss)
{
    return tls_of(ss) != NULL ? tls_accepted_faults(tls_of(ss)) : 0;
}

int mla_session_certificates(mla_session *ss, const mla_certificate_chain **out_chain)
{
    struct chain *c;
    int rc;

    if (ss == NULL || out_chain == NULL)
        return MLA_E_ARG;
    *out_chain = NULL;
    if (session_inside(ss))
        return MLA_E_STATE;
    session_begin(ss);
    if (tls_of(ss) == NULL)
        return session_done(ss, MLA_E_STATE);
    rc = make_chain(ss, &c);
    if (rc != 0)
        return session_done(ss, rc);
    chain_free(ss->shown);
    ss->shown = c;
    *out_chain = &c->rec;
    return 0;
}

int mla_session_key_sha256(const mla_session *ss, uint8_t out_digest[32])
{
    if (ss == NULL || out_digest == NULL)
        return MLA_E_ARG;
    if (tls_of(ss) == NULL)
        return MLA_E_STATE;
    return tls_key(tls_of(ss), out_digest) ? 0 : MLA_E_NOT_FOUND;
}

/* --- events --- */

const mla_certificate_chain *mla_imap_event_certificate(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_CERTIFICATE ? ev->record : NULL;
}

const mla_certificate_chain *mla_pop3_event_certificate(const mla_pop3_event *ev)
{
    return ev != NULL && ev->type == MLA_POP3_EV_CERTIFICATE ? ev->certificate : NULL;
}
