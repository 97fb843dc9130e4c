/* choose.h - which mechanism to log in with. */
#ifndef MLA_SASL_CHOOSE_H
#define MLA_SASL_CHOOSE_H

#include "mailaccess/types.h"
#include "sasl/mech.h"

/* What there is to choose from, and what is allowed. All borrowed. */
struct sasl_choice {
    /* The SASL mechanisms that the server announced, and the native ways that are open now:
     * "IMAPLOGIN" where IMAP's LOGIN is not disabled, "USER" for POP3's USER and PASS, "APOP" where
     * the greeting had a time stamp. Only what is in here is ever chosen (A01). */
    const mla_str *words;
    size_t word_count;
    const struct sasl_creds *creds;
    const char *list;  /* the configuration's mechanisms in their order; NULL: the strongest */
    int tls;           /* octets go through TLS */
    int cleartext;     /* the configuration allows passwords without TLS */
    int has_binding;   /* channel binding data can be had: -PLUS mechanisms may be used */
    uint32_t *skipped; /* NULL, or a set of mechanisms not to choose again: see sasl_skip() */
};

/* 0 and *out; MLA_E_POLICY: those that would fit show the password without TLS; MLA_E_UNSUPPORTED:
 * server, credentials and configuration have none in common. err says which. */
int sasl_choose(const struct sasl_choice *c, const struct sasl_mech **out, mla_error *err);
/* Adds a mechanism to a set of skipped ones. */
void sasl_skip(uint32_t *skipped, const struct sasl_mech *mech);
/* 1 when every word of a configuration's list is the name of a mechanism, and there is one. */
int sasl_list_valid(const char *list);

#endif
