/* discover_api.c - see mailaccess/discover.h: the questions of discover/ and the threads of net/dns
 * brought together. */
#include "mailaccess/discover.h"

#include "api/config_api.h"
#include "base/clock.h"
#include "base/fail.h"
#include "codec/crypt.h"
#include "conn/wait.h"
#include "discover/discover.h"
#include "discover/list.h"
#include "mailaccess/session.h"
#include "net/dns.h"
#include "net/stream.h"

#include <limits.h>
#include <string.h>

_Static_assert((int)LIST_TLS == (int)MLA_SECURITY_TLS &&
                   (int)LIST_STARTTLS == (int)MLA_SECURITY_STARTTLS &&
                   (int)LIST_CLEARTEXT == (int)MLA_SECURITY_NONE,
               "list.h has the numbers of session.h");

enum { DEADLINE_MS = 15000, DNS_PORT = 53 };

struct mla_discover {
    mla_config *cfg; /* held */
    struct discover *core;
    struct wake *wake;
    struct dns_job *job; /* NULL: none is under way */
    int started;
    int has_server;
    uint8_t server[4];
    uint32_t server_port;
    uint32_t deadline_ms;
    uint64_t until_ms;
    int error; /* what ended it early: MLA_E_NOMEM */
    mla_error call;
};

/* --- new and free --- */

static int read_args(const mla_discover_args *args, mla_discover_args *in, uint8_t server[4],
                     mla_error *err)
{
    int rc = record_in(args, sizeof *in, sizeof *in, in);

    if (rc != 0)
        return fail(err, rc, "the record is not valid");
    if (in->name_server != NULL && !dns_server_parse(in->name_server, server))
        return fail(err, MLA_E_ARG, "\"%.60s\" is not the IPv4 address of a name server",
                    in->name_server);
    return 0;
}

static int make(mla_discover *d, const mla_discover_args *in, mla_error *err)
{
    uint64_t seed = 0;

    d->has_server = in->name_server != NULL;
    d->server_port = in->name_server_port != 0 ? in->name_server_port : (uint32_t)DNS_PORT;
    d->deadline_ms = in->deadline_ms != 0 ? in->deadline_ms : (uint32_t)DEADLINE_MS;
    if (wake_new(&d->cfg->mem, &d->wake) != 0)
        return fail(err, MLA_E_NOMEM, "out of memory");
    /* Which of several servers of equal weight comes first: any number will do. */
    if (crypt_random(&seed, sizeof seed) != 0)
        seed = clock_now_ms();
    return discover_new(&d->cfg->mem, in, seed, &d->core, err);
}

int mla_discover_new(mla_config *cfg, const mla_discover_args *args, mla_discover **out_d,
                     mla_error *out_err)
{
    mla_discover_args in;
    mla_config *held;
    mla_discover *d;
    uint8_t server[4] = {0};
    int rc;

    if (out_err != NULL)
        memset(out_err, 0, sizeof *out_err);
    if (out_d == NULL)
        return fail(out_err, MLA_E_ARG, "%s", fail_text(MLA_E_ARG));
    *out_d = NULL;
    rc = read_args(args, &in, server, out_err);
    if (rc != 0)
        return rc;
    rc = config_hold(cfg, &held);
    if (rc != 0)
        return fail(out_err, rc, "%s", fail_text(rc));
    d = mem_zero(&held->mem, sizeof *d);
    if (d == NULL) {
        config_drop(held);
        return fail(out_err, MLA_E_NOMEM, "%s", fail_text(MLA_E_NOMEM));
    }
    d->cfg = held;
    memcpy(d->server, server, sizeof server);
    rc = make(d, &in, out_err);
    if (rc != 0) {
        mla_discover_free(d);
        return rc;
    }
    *out_d = d;
    return 0;
}

void mla_discover_free(mla_discover *d)
{
    mla_config *held;

    if (d == NULL || mem_inside())
        return;
    held = d->cfg;
    dns_drop(d->job);
    discover_free(d->core);
    wake_free(d->wake);
    mem_free(&held->mem, d);
    config_drop(held);
}

/* --- the driver --- */

static int answer(mla_discover *d, size_t i, int error, const struct dns_answer *a)
{
    int rc = discover_answer(d->core, i, error, a);

    if (rc != 0 && d->error == 0)
        d->error = rc;
    return rc;
}

/* What is still open gets this for an answer. */
static void give_up(mla_discover *d, int error)
{
    for (size_t i = 0; i < discover_question_count(d->core); i++)
        if (!discover_is_answered(d->core, i))
            (void)answer(d, i, error, NULL);
    dns_drop(d->job);
    d->job = NULL;
}

static void start(mla_discover *d)
{
    struct dns_question questions[DNS_QUESTIONS_MAX];
    size_t count = discover_question_count(d->core);
    int rc;

    d->started = 1;
    if (count == 0)
        return;
    /* Who uses a proxy may not want the network to know whom they ask for. */
    if (d->cfg->proxy.kind != 0) {
        give_up(d, MLA_E_POLICY);
        return;
    }
    for (size_t i = 0; i < count; i++)
        questions[i].name = discover_question(d->core, i, &questions[i].type);
    d->until_ms = clock_now_ms() + d->deadline_ms;
    rc = dns_start(questions, count, d->has_server ? d->server : NULL, d->server_port, &d->job,
                   &d->call);
    if (rc != 0)
        give_up(d, rc);
}

/* 1 when an answer came. */
static int collect(mla_discover *d)
{
    struct dns_answer a;
    int open = 0;
    int came = 0;

    dns_look(d->job);
    for (size_t i = 0; i < discover_question_count(d->core); i++) {
        int rc;

        if (discover_is_answered(d->core, i))
            continue;
        rc = dns_result(d->job, i, &a, NULL);
        if (rc == 0) {
            open = 1;
            continue;
        }
        came = 1;
        (void)answer(d, i, rc < 0 ? rc : 0, &a);
    }
    if (!open) {
        dns_drop(d->job);
        d->job = NULL;
    }
    return came;
}

static int process(mla_discover *d)
{
    int moved = 0;

    if (!d->started) {
        start(d);
        moved = 1;
    }
    if (d->job != NULL)
        moved |= collect(d);
    if (d->job != NULL && clock_now_ms() >= d->until_ms) {
        give_up(d, MLA_E_DEADLINE);
        moved = 1;
    }
    return d->error != 0 ? fail(&d->call, d->error, "%s", fail_text(d->error)) : moved;
}

static void begin_call(mla_discover *d)
{
    memset(&d->call, 0, sizeof d->call);
}

int mla_discover_process(mla_discover *d)
{
    if (d == NULL)
        return MLA_E_ARG;
    if (mem_inside())
        return MLA_E_STATE;
    begin_call(d);
    return process(d);
}

int32_t mla_discover_fd(const mla_discover *d)
{
    return d != NULL && d->job != NULL ? dns_fd(d->job) : -1;
}

uint32_t mla_discover_wants(const mla_discover *d)
{
    if (d == NULL)
        return 0;
    if (!d->started && discover_question_count(d->core) != 0)
        return MLA_WANT_NOW;
    return d->job != NULL ? MLA_WANT_READ : 0;
}

int32_t mla_discover_timeout_ms(const mla_discover *d)
{
    uint64_t now;

    if (d == NULL || mla_discover_wants(d) == 0)
        return -1;
    if (!d->started)
        return 0;
    now = clock_now_ms();
    if (d->until_ms <= now)
        return 0;
    return d->until_ms - now > INT32_MAX ? INT32_MAX : (int32_t)(d->until_ms - now);
}

int mla_discover_interrupt(mla_discover *d)
{
    if (d == NULL)
        return MLA_E_ARG;
    wake_raise(d->wake);
    return 0;
}

/* --- events --- */

int mla_discover_next(mla_discover *d, const mla_discover_event **out_ev)
{
    int rc;

    if (d == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (mem_inside())
        return MLA_E_STATE;
    *out_ev = NULL;
    begin_call(d);
    rc = discover_next(d->core, out_ev);
    return rc == 0 && d->error != 0 ? fail(&d->call, d->error, "%s", fail_text(d->error)) : rc;
}

int mla_discover_step(mla_discover *d, int32_t timeout_ms, const mla_discover_event **out_ev)
{
    uint64_t until = CLOCK_NEVER;
    int rc;

    if (d == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (mem_inside())
        return MLA_E_STATE;
    *out_ev = NULL;
    begin_call(d);
    if (timeout_ms >= 0)
        until = clock_now_ms() + (uint64_t)timeout_ms;
    for (;;) {
        rc = mla_discover_next(d, out_ev);
        if (rc != 0 || discover_is_over(d->core))
            return rc;
        rc = process(d);
        if (rc < 0)
            return rc;
        if (rc > 0)
            continue;
        rc = wait_for(d->wake, mla_discover_fd(d), STREAM_READABLE,
                      d->until_ms < until ? d->until_ms : until);
        if (rc < 0)
            return fail(&d->call, rc, "%s", fail_text(rc));
        if (rc == 0 && clock_now_ms() < d->until_ms)
            return fail(&d->call, MLA_E_TIMEOUT, "%s", fail_text(MLA_E_TIMEOUT));
    }
}

int32_t mla_discover_event_type(const mla_discover_event *ev)
{
    return ev != NULL ? ev->type : 0;
}

const mla_discover_url *mla_discover_event_url(const mla_discover_event *ev)
{
    return ev != NULL && ev->type == MLA_DISCOVER_EV_URL ? &ev->url : NULL;
}

const mla_discover_lookup *mla_discover_event_lookup(const mla_discover_event *ev)
{
    return ev != NULL && ev->type == MLA_DISCOVER_EV_LOOKUP ? &ev->lookup : NULL;
}

/* --- what was learnt --- */

int mla_discover_give(mla_discover *d, uint32_t id, const uint8_t *data, size_t len,
                      int32_t verified, uint32_t *out_count)
{
    if (out_count != NULL)
        *out_count = 0;
    if (d == NULL)
        return MLA_E_ARG;
    if (mem_inside())
        return MLA_E_STATE;
    begin_call(d);
    if (data == NULL || (verified != 0 && verified != 1))
        return fail(&d->call, MLA_E_ARG, "%s", fail_text(MLA_E_ARG));
    return discover_give(d->core, id, data, len, verified, out_count, &d->call);
}

uint32_t mla_discover_candidate_count(const mla_discover *d)
{
    return d != NULL ? discover_candidate_count(d->core) : 0;
}

const mla_discover_candidate *mla_discover_candidate_at(const mla_discover *d, uint32_t i)
{
    return d != NULL ? discover_candidate(d->core, i) : NULL;
}

const char *mla_discover_domain(const mla_discover *d)
{
    return d != NULL ? discover_domain(d->core) : "";
}

void mla_discover_error(const mla_discover *d, mla_error *out_err)
{
    if (out_err == NULL)
        return;
    memset(out_err, 0, sizeof *out_err);
    if (d != NULL)
        *out_err = d->call;
}
