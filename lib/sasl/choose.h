/* choose.h - which mechanism to log in with. */
#ifndef MLA_SASL_CHOOSE_H
#define MLA_SASL_CHOOSE_H

#include "mailaccess/types.h"
#include "sasl/mech.h"

/* How much a mechanism is worth; the same numbers as MLA_STRENGTH_*. */
enum {
    SASL_STRENGTH_NONE = 0,   /* ANONYMOUS */
    SASL_STRENGTH_SHOWN = 1,  /* the server gets to see the password or token */
    SASL_STRENGTH_HIDDEN = 2, /* it does not */
    SASL_STRENGTH_MUTUAL = 3, /* and proves that it knows it */
    SASL_STRENGTH_BOUND = 4   /* and to nobody who only passes it on */
};

/* What was refused before anything was given away. */
struct sasl_tried {
    uint32_t skipped; /* mechanisms, not to be chosen again */
    size_t binding;   /* the channel binding that is next */
};

/* What there is to choose from, and what is allowed. All borrowed. */
struct sasl_choice {
    /* The SASL mechanisms that the server announced, and the native ways that are open now:
     * "IMAPLOGIN" where IMAP's LOGIN is not disabled, "USER" for POP3's USER and PASS, "APOP" where
     * the greeting had a time stamp. Only what is in here is ever chosen (A01). */
    const mla_str *words;
    size_t word_count;
    const struct sasl_creds *creds;
    const char *list; /* the configuration's mechanisms in their order; NULL: the strongest */
    int tls;          /* octets go through TLS */
    int cleartext;    /* the configuration allows passwords without TLS */
    int min;          /* SASL_STRENGTH_*: nothing weaker is chosen */
    const struct sasl_bindings *bindings; /* what -PLUS mechanisms can be tied to; NULL: nothing */
    const struct sasl_tried *tried;       /* NULL: nothing */
};

/* 0 and *out; MLA_E_POLICY: those that would fit show the password without TLS; MLA_E_UNSUPPORTED:
 * server, credentials and configuration have none in common; MLA_E_ARG: what they have in common
 * cannot take the characters of name or password. err says which. */
int sasl_choose(const struct sasl_choice *c, const struct sasl_mech **out, mla_error *err);
/* Fills in what the mechanism chosen has to know of channel binding. */
void sasl_bind(const struct sasl_choice *c, const struct sasl_mech *mech, struct sasl_peer *peer);
/* The server refused that mechanism before anything was given away: it is not chosen again, but a
 * -PLUS one as often as there are bindings; servers have one or two of them, and do not say which.
 * When all are through no other -PLUS mechanism is tried, since the hash does not matter there. */
void sasl_tried_add(struct sasl_tried *t, const struct sasl_mech *mech,
                    const struct sasl_bindings *bindings);
int sasl_strength(const struct sasl_mech *mech);
/* Leaves only what the server knows by its greeting. Cyrus (up to 3.12 at least) offers the -PLUS
 * names on every TLS connection, knows tls-unique alone, and refuses another binding only behind
 * the proof, where it cannot be told from a wrong password. *is_cyrus keeps what the greeting told;
 * text.ptr NULL: it is known already. */
void sasl_bindings_known(struct sasl_bindings *b, mla_str text, int *is_cyrus);
/* 1 when every word of a configuration's list is the name of a mechanism, and there is one. */
int sasl_list_valid(const char *list);

#endif
