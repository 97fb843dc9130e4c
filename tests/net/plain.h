/* plain.h - sessions of the toy protocol over TCP without TLS */
#ifndef PLAIN_H
#define PLAIN_H

#include "peer.h"
#include "test.h"
#include "toy.h"

static inline mla_connect_args plain_to(const char *host, int port)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};

    a.host = host;
    a.port = (uint32_t)port;
    return a;
}

static inline struct toy *connected_to(const char *host, int port, mla_config *cfg, int want)
{
    mla_connect_args a = plain_to(host, port);
    uint64_t ticket = 0;
    struct toy *t;

    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_int_equal(ticket, 1);
    assert_int_equal(toy_wait(t, ticket, 15000), want);
    return t;
}

static inline void assert_error(struct toy *t, int code, const char *part)
{
    mla_error err;

    mla_session_error(&t->session, &err);
    assert_int_equal(err.code, code);
    if (strstr(err.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

#endif
