/* imap_keep_api.c - see mailaccess/imap_keep.h: its life, and driving it. */
#include "api/imap_keep_api.h"

#include "api/session_io.h"
#include "base/clock.h"
#include "codec/crypt.h"
#include "conn/conn.h"
#include "conn/wait.h"
#include "net/hostname.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* --- life --- */

static int check(const mla_imap_keep_args *in, struct mla_imap_keep *k, mla_error *err)
{
    struct hostname name;

    if (in->host == NULL || (in->mailbox == NULL && in->raw_mailbox.ptr == NULL))
        return fail(err, MLA_E_ARG, "no host, or no mailbox");
    if (in->security > MLA_SECURITY_NONE || in->port > 65535)
        return fail(err, MLA_E_ARG, "security or port is out of range");
    if (hostname_parse(in->host, &name, err) != 0)
        return err->code;
    k->to.struct_size = sizeof k->to;
    k->to.security = in->security;
    k->to.port = in->port;
    return 0;
}

static int copy(const mla_imap_keep_args *in, struct mla_imap_keep *k, struct keep_opts *o,
                mla_error *err)
{
    const struct mem *mem = &k->cfg->mem;
    int raw = in->raw_mailbox.ptr != NULL;

    k->host = mem_dup(mem, in->host, strlen(in->host));
    k->mailbox = raw ? mem_dup(mem, in->raw_mailbox.ptr, in->raw_mailbox.len)
                     : mem_dup(mem, in->mailbox, strlen(in->mailbox));
    if (k->host == NULL || k->mailbox == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    k->to.host = k->host;
    memset(o, 0, sizeof *o);
    o->mailbox.ptr = k->mailbox;
    o->mailbox.len = raw ? in->raw_mailbox.len : strlen(in->mailbox);
    o->raw = raw;
    o->read_only = in->read_only != 0;
    o->ask = in->ask != 0;
    o->no_watch = in->no_watch != 0;
    o->tries_max = in->tries_max;
    return 0;
}

static int seed_of(const mla_imap_keep_args *in, uint64_t *out_seed, mla_error *err)
{
    *out_seed = in->seed;
    if (in->seed == 0 && crypt_random((uint8_t *)out_seed, sizeof *out_seed) != 0)
        return fail(err, MLA_E_INTERNAL, "no random numbers");
    return 0;
}

/* Not mla_imap_keep_free(): the core may not be there yet. */
static void drop(struct mla_imap_keep *k)
{
    mla_config *held = k->cfg;

    wake_free(k->wake);
    mem_free(&held->mem, k->host);
    mem_free(&held->mem, k->mailbox);
    mem_free(&held->mem, k);
    config_drop(held);
}

static int load(struct mla_imap_keep *k, const mla_imap_keep_state *given, mla_error *err)
{
    mla_imap_keep_state state;
    int rc = record_in(given, sizeof state, sizeof state, &state);

    return rc != 0 ? fail(err, rc, "the stored state is not valid")
                   : keep_load(&k->core, &state, err);
}

static int set_up(struct mla_imap_keep *k, const mla_imap_keep_args *in, mla_error *err)
{
    struct keep_opts o;
    uint64_t seed;
    int rc = check(in, k, err);

    if (rc == 0)
        rc = copy(in, k, &o, err);
    if (rc == 0)
        rc = seed_of(in, &seed, err);
    if (rc == 0 && wake_new(&k->cfg->mem, &k->wake) != 0)
        rc = fail(err, MLA_E_NOMEM, "out of memory");
    if (rc != 0)
        return rc;
    keep_init(&k->core, &k->cfg->mem, &o, in, seed);
    rc = in->credentials != NULL ? mla_imap_keep_set_credentials(k, in->credentials) : 0;
    if (rc != 0)
        fail(err, rc, "the credentials are not valid");
    else if (in->state != NULL)
        rc = load(k, in->state, err);
    if (rc != 0)
        keep_free(&k->core);
    return rc;
}

int mla_imap_keep_new(mla_config *cfg, const mla_imap_keep_args *args, mla_imap_keep **out_k,
                      mla_error *out_err)
{
    mla_imap_keep_args in;
    struct mla_imap_keep *k;
    mla_config *held;
    mla_error err = {0};
    int rc;

    if (out_k == NULL)
        return fail(out_err, MLA_E_ARG, "no place for the handle");
    *out_k = NULL;
    rc = record_in(args, offsetof(mla_imap_keep_args, state), sizeof in, &in);
    if (rc == 0)
        rc = config_hold(cfg, &held);
    if (rc != 0)
        return fail(out_err, rc, "%s", fail_text(rc));
    k = mem_zero(&held->mem, sizeof *k);
    if (k == NULL) {
        config_drop(held);
        return fail(out_err, MLA_E_NOMEM, "out of memory");
    }
    k->cfg = held;
    k->left = -1;
    rc = set_up(k, &in, &err);
    if (rc != 0) {
        drop(k);
        return fail(out_err, rc, "%s", err.message);
    }
    *out_k = k;
    return 0;
}

/* The caller has had the time to look at the descriptor: the number may be given out again. */
static void seen(struct mla_imap_keep *k)
{
    if (k->left >= 0)
        close(k->left);
    k->left = -1;
}

static void drop_all(void *keeper)
{
    struct mla_imap_keep *k = keeper;

    seen(k);
    mla_imap_free(k->s);
    keep_free(&k->core);
    drop(k);
}

/* As session_inside(). */
static int keep_inside(const struct mla_imap_keep *k)
{
    return mem_inside() || (k->s != NULL && session_inside(&k->s->session));
}

/* As session_leave(). */
static int keep_leave(struct mla_imap_keep *k, int rc)
{
    if (!k->dropped)
        return rc;
    drop_all(k);
    return MLA_E_CLOSED;
}

void mla_imap_keep_free(mla_imap_keep *k)
{
    if (k == NULL || mem_inside())
        return;
    if (k->s != NULL && session_put_off(&k->s->session, drop_all, k))
        k->dropped = 1; /* the session may be on its way out, and forget it */
    else
        drop_all(k);
}

int mla_imap_keep_set_credentials(mla_imap_keep *k, const mla_credentials *credentials)
{
    struct sasl_creds creds;
    mla_credentials in;
    int rc;

    if (k == NULL)
        return MLA_E_ARG;
    if (keep_inside(k))
        return MLA_E_STATE;
    rc = record_in(credentials, offsetof(mla_credentials, token_requests), sizeof in, &in);
    if (rc == 0) {
        memset(&creds, 0, sizeof creds);
        rc = sasl_creds_copy(&creds, &k->cfg->mem, &in, NULL);
    }
    if (rc == 0)
        keep_set_creds(&k->core, &creds);
    return rc;
}

/* --- events --- */

static void hang_up(struct mla_imap_keep *k)
{
    if (k->s->session.conn != NULL) {
        seen(k);
        k->left = conn_leave(k->s->session.conn);
    }
    mla_imap_free(k->s);
    k->s = NULL;
    keep_dropped(&k->core);
}

/* 1 and the session's event; 0: none. A session that is over is let go. */
static int next_of_session(struct mla_imap_keep *k, const struct mla_imap_event **out_ev)
{
    const void *ev = NULL;
    mla_error err = {0};
    int rc = session_next(&k->s->session, &ev);

    *out_ev = ev;
    if (rc == 1 || (rc == 0 && k->s->engine.phase != IMAP_PHASE_OVER))
        return rc;
    if (rc < 0)
        mla_session_error(&k->s->session, &err);
    keep_dead(&k->core, &err);
    hang_up(k);
    return 0;
}

static int next(struct mla_imap_keep *k, const mla_imap_keep_event **out_ev)
{
    *out_ev = NULL;
    for (;;) {
        const struct mla_imap_event *ev = NULL;
        int had = k->s != NULL;

        if (keep_drops(&k->core))
            hang_up(k);
        if (k->dropped)
            return MLA_E_CLOSED;
        if (keep_own(&k->core, out_ev))
            return 1;
        if (k->s == NULL) {
            if (k->core.state == KEEP_OVER)
                return k->core.error.code != 0 ? k->core.error.code : MLA_E_CLOSED;
            if (!had)
                return 0;
            continue;
        }
        if (next_of_session(k, &ev) == 1) {
            if (keep_take(&k->core, ev, out_ev))
                return 1;
        } else if (k->s != NULL) {
            return 0;
        }
    }
}

int mla_imap_keep_next(mla_imap_keep *k, const mla_imap_keep_event **out_ev)
{
    if (k == NULL || out_ev == NULL)
        return MLA_E_ARG;
    return keep_inside(k) ? MLA_E_STATE : keep_leave(k, next(k, out_ev));
}

static int process(struct mla_imap_keep *k);

static int step(struct mla_imap_keep *k, int32_t timeout_ms, const mla_imap_keep_event **out_ev)
{
    uint64_t until = CLOCK_NEVER;

    if (timeout_ms >= 0)
        until = clock_now_ms() + (uint64_t)timeout_ms;
    for (;;) {
        int rc = next(k, out_ev);
        int32_t left = mla_imap_keep_timeout_ms(k);
        uint64_t at = left < 0 ? CLOCK_NEVER : clock_now_ms() + (uint64_t)left;
        uint32_t wants = mla_imap_keep_wants(k);

        if (rc != 0)
            return rc;
        wants = ((wants & MLA_WANT_READ) != 0 ? STREAM_READABLE : 0U) |
                ((wants & MLA_WANT_WRITE) != 0 ? STREAM_WRITABLE : 0U) |
                ((wants & MLA_WANT_NOW) != 0 ? STREAM_NOW : 0U);
        rc = wait_for(k->wake, mla_imap_keep_fd(k), wants, at < until ? at : until);
        if (rc == MLA_E_CANCELLED)
            return rc;
        /* A descriptor that cannot be waited for makes process() find out why. */
        if (rc == 0 && until < at && clock_now_ms() >= until)
            return MLA_E_TIMEOUT;
        (void)process(k);
        if (k->dropped)
            return MLA_E_CLOSED;
    }
}

int mla_imap_keep_step(mla_imap_keep *k, int32_t timeout_ms, const mla_imap_keep_event **out_ev)
{
    if (k == NULL || out_ev == NULL)
        return MLA_E_ARG;
    return keep_inside(k) ? MLA_E_STATE : keep_leave(k, step(k, timeout_ms, out_ev));
}

/* --- driving it --- */

int32_t mla_imap_keep_fd(const mla_imap_keep *k)
{
    return k != NULL && k->s != NULL ? mla_session_fd(&k->s->session) : -1;
}

uint32_t mla_imap_keep_wants(const mla_imap_keep *k)
{
    uint32_t wants = k != NULL && k->s != NULL ? mla_session_wants(&k->s->session) : 0;

    /* What is left of a session that is over is events. */
    if ((wants & MLA_WANT_CLOSE) != 0)
        wants = MLA_WANT_NOW;
    return wants;
}

int32_t mla_imap_keep_timeout_ms(const mla_imap_keep *k)
{
    int32_t session = -1;
    uint64_t at;
    uint64_t now;

    if (k == NULL)
        return -1;
    if ((mla_imap_keep_wants(k) & MLA_WANT_NOW) != 0)
        return 0;
    if (k->s != NULL)
        session = mla_session_timeout_ms(&k->s->session);
    at = keep_deadline(&k->core);
    if (at == CLOCK_NEVER)
        return session;
    now = clock_now_ms();
    if (at <= now)
        return 0;
    at -= now;
    if (session >= 0 && (uint64_t)session < at)
        return session;
    return at > INT32_MAX ? INT32_MAX : (int32_t)at;
}

static void dial(struct mla_imap_keep *k)
{
    mla_error err = {0};
    uint64_t ticket;
    int rc = mla_imap_new(k->cfg, &k->s, &err);

    if (rc == 0) {
        rc = mla_session_connect(&k->s->session, &k->to, &ticket);
        if (rc != 0)
            mla_session_error(&k->s->session, &err);
    }
    if (rc != 0) {
        keep_not_begun(&k->core, &err);
        mla_imap_free(k->s);
        k->s = NULL;
    } else {
        (void)keep_begin(&k->core, &k->s->engine);
    }
}

static int process(struct mla_imap_keep *k)
{
    uint64_t now = clock_now_ms();
    int moved = 0;

    seen(k);
    if (keep_drops(&k->core))
        hang_up(k);
    if (k->dropped)
        return MLA_E_CLOSED;
    if (k->s != NULL) {
        keep_tick(&k->core, now);
        moved = session_process(&k->s->session) != 0;
    } else if (keep_due(&k->core, now)) {
        dial(k);
        moved = 1;
    }
    return moved || k->core.due != 0;
}

int mla_imap_keep_process(mla_imap_keep *k)
{
    if (k == NULL)
        return MLA_E_ARG;
    return keep_inside(k) ? MLA_E_STATE : keep_leave(k, process(k));
}

int mla_imap_keep_interrupt(mla_imap_keep *k)
{
    if (k == NULL)
        return MLA_E_ARG;
    wake_raise(k->wake);
    return 0;
}

int mla_imap_keep_hint(mla_imap_keep *k)
{
    if (k == NULL)
        return MLA_E_ARG;
    if (keep_inside(k))
        return MLA_E_STATE;
    keep_hint(&k->core, clock_now_ms());
    return 0;
}

int mla_imap_keep_close(mla_imap_keep *k)
{
    if (k == NULL)
        return MLA_E_ARG;
    if (keep_inside(k))
        return MLA_E_STATE;
    keep_close(&k->core);
    return 0;
}

mla_imap *mla_imap_keep_imap(mla_imap_keep *k)
{
    return k != NULL && !keep_drops(&k->core) ? k->s : NULL;
}

int mla_imap_keep_read_state(mla_imap_keep *k, uint32_t with_flags,
                             const mla_imap_keep_state **out_state)
{
    if (k == NULL || out_state == NULL)
        return MLA_E_ARG;
    *out_state = NULL;
    if (keep_inside(k))
        return MLA_E_STATE;
    return keep_state(&k->core, with_flags != 0, out_state);
}
