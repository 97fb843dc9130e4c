/* engine.h - the POP3 engine: commands in, events out, no I/O. */
#ifndef MLA_POP3_ENGINE_H
#define MLA_POP3_ENGINE_H

#include "mailaccess/token_types.h"
#include "pop3/event.h"
#include "sasl/creds.h"
#include "wire/engine.h"

struct pop3_config {
    const struct mem *mem; /* outlives the engine */
    size_t in_first;       /* octets of the receive buffer to begin with */
    size_t response_max;   /* octets of a line, or of a capability list */
    size_t words_max;      /* words of a capability list */
    size_t queue_max;      /* octets of commands that wait */
    uint64_t listing_max;  /* lines of one LIST or UIDL; 0: POP3_LISTING_MAX */
    struct pace_limits pace;
    const char *mechanisms; /* NULL: the strongest; outlives the engine */
    int cleartext;          /* passwords without TLS are allowed */
    int auth_min;           /* MLA_STRENGTH_*: no weaker way to log in */
};

/* Lines of a listing are streamed and cost no memory; only a server that never stops meets this. */
#define POP3_LISTING_MAX 16777216

enum {
    POP3_START = 0, /* as MLA_POP3_STATE_* */
    POP3_AUTHORIZATION = 1,
    POP3_TRANSACTION = 2,
    POP3_UPDATE = 3
};

struct pop3_engine;

int pop3_engine_new(const struct pop3_config *cfg, struct pop3_engine **out);
void pop3_engine_free(struct pop3_engine *e);
struct engine *pop3_engine_port(struct pop3_engine *e);

/* How the connection is made; security is MLA_SECURITY_*: 0 TLS, 1 STLS, 2 none. Once. */
int pop3_engine_start(struct pop3_engine *e, uint32_t security, const char *host, uint32_t port,
                      uint64_t *out_ticket, mla_error *err);
/* Queues a command of the table (not CONNECT, not AUTHENTICATE). */
int pop3_engine_command(struct pop3_engine *e, uint32_t id, uint32_t number, uint32_t lines,
                        uint64_t *out_ticket, mla_error *err);
/* Queues LANG; tag NULL: the list. */
int pop3_engine_lang(struct pop3_engine *e, const char *tag, uint64_t *out_ticket, mla_error *err);
/* Queues a command of the caller's own; the record was checked for its size. */
int pop3_engine_other(struct pop3_engine *e, const mla_pop3_command_args *in, uint64_t *out_ticket,
                      mla_error *err);
/* Queues a log-in. creds are taken over on success. */
int pop3_engine_authenticate(struct pop3_engine *e, struct sasl_creds *creds, uint64_t *out_ticket,
                             mla_error *err);
/* Answers the question for a token; token.ptr NULL: there is none. 0, MLA_E_ARG, MLA_E_STATE,
 * MLA_E_NOMEM. */
int pop3_engine_give_token(struct pop3_engine *e, uint64_t ticket, mla_str token, mla_error *err);
/* 1 when a question was told and not answered. */
int pop3_engine_is_asking(const struct pop3_engine *e);
/* The last refusal of a token; NULL: there was none. */
const mla_token_info *pop3_engine_token_refused(const struct pop3_engine *e);

/* The next event: 1, borrowed until the next call; 0: more octets are needed; or the error of a
 * dead session, after all that came before it. */
int pop3_engine_next(struct pop3_engine *e, const struct mla_pop3_event **out_ev);
/* After next() has said 0: makes the event that asks about a certificate. It lives until the next
 * call of next(); what must, too. */
const struct mla_pop3_event *pop3_engine_ask(struct pop3_engine *e, uint64_t ticket,
                                             const mla_certificate_chain *what);
/* 1: the ticket is over, *out_result is 0 or its error; 0: open; MLA_E_ARG: unknown. */
int pop3_engine_result(const struct pop3_engine *e, uint64_t ticket, int *out_result);
/* 1 when a ticket other than this one is open. */
int pop3_engine_others(const struct pop3_engine *e, uint64_t ticket);

int pop3_engine_state(const struct pop3_engine *e);
size_t pop3_engine_capability_count(const struct pop3_engine *e);
const char *pop3_engine_capability(const struct pop3_engine *e, size_t i);
const mla_pop3_capabilities *pop3_engine_capabilities(const struct pop3_engine *e);
int pop3_engine_is_utf8(const struct pop3_engine *e);
/* How the log-in was done, "" before it. Static. */
const char *pop3_engine_auth_name(const struct pop3_engine *e);
int pop3_engine_has_capability(const struct pop3_engine *e, const char *tag, const char *parameter);

#endif
