/* gssapi.c - GSSAPI (RFC 4752): Kerberos through the system's library, with the tickets that the
 * process finds (kinit). No security layer: that is what TLS is for.
 *
 * The library may ask a KDC over the network while a step is made; it does so at the first one,
 * where it has no ticket for the server yet. So the steps that make the context are errands
 * (base/errand.h). What an errand works on is the C library's memory and its own: it may outlive
 * the session. */
#include "base/fail.h"
#include "base/mem.h"
#include "sasl/mech.h"

#include <gssapi/gssapi.h>
#include <string.h>

enum {
    STAGE_CONTEXT = 0, /* tokens go to and fro */
    STAGE_LAYER = 1,   /* the server's offer of security layers is due */
    STAGE_OVER = 2,
    LAYER_NONE = 1,   /* RFC 4752 section 3.3, the bit-mask */
    LAYER_OCTETS = 4, /* the mask, and the largest buffer in three octets */
    TARGET_MAX = 300
};

/* What a context is made with. While the errand is under way it alone may touch this. */
struct gss_job {
    struct errand errand; /* the first member: run gets a pointer to it */
    gss_ctx_id_t context;
    gss_name_t target;
    char name[TARGET_MAX]; /* "imap@host" */
    size_t name_len;
    uint8_t *token; /* of the server's; NULL: it has said nothing yet */
    size_t token_len;
    /* what came of it */
    gss_buffer_desc out;
    OM_uint32 major;
    OM_uint32 flags;
    int rc;
    mla_error why;
};

struct gss {
    int stage;
    struct gss_job *job;
};

static struct gss_job *job_of(struct errand *x)
{
    return (struct gss_job *)(void *)x;
}

static void job_clear(struct gss_job *j)
{
    OM_uint32 minor;

    mem_free_secret(mem_default(), j->token, j->token_len);
    j->token = NULL;
    j->token_len = 0;
    (void)gss_release_buffer(&minor, &j->out);
    memset(&j->why, 0, sizeof j->why);
}

static void job_end(struct errand *x)
{
    struct gss_job *j = job_of(x);
    OM_uint32 minor;

    job_clear(j);
    if (j->context != GSS_C_NO_CONTEXT)
        (void)gss_delete_sec_context(&minor, &j->context, GSS_C_NO_BUFFER);
    if (j->target != GSS_C_NO_NAME)
        (void)gss_release_name(&minor, &j->target);
    mem_free(mem_default(), j);
}

static void gss_over(struct sasl *s)
{
    struct gss *g = s->state;

    if (g->job != NULL)
        errand_drop(&g->job->errand);
}

/* What the library says of a status; the mechanism's own word (minor) where there is one. It keeps
 * the words for the thread that has made the call. */
static int failed(const char *what, OM_uint32 major, OM_uint32 minor, mla_error *err)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 more = 0;
    OM_uint32 ignored;
    int rc;

    if (minor != 0)
        (void)gss_display_status(&ignored, minor, GSS_C_MECH_CODE, GSS_C_NO_OID, &more, &text);
    else
        (void)gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
    rc = fail(err, MLA_E_AUTH, "GSSAPI: %s: %.*s", what,
              (int)(text.length < 140 ? text.length : 140),
              text.value != NULL ? (const char *)text.value : "");
    (void)gss_release_buffer(&ignored, &text);
    return rc;
}

/* --- the errand --- */

static int name_target(struct gss_job *j)
{
    gss_buffer_desc name = {j->name_len, j->name};
    OM_uint32 major;
    OM_uint32 minor;

    major = gss_import_name(&minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &j->target);
    return GSS_ERROR(major) ? failed("the server's name", major, minor, &j->why) : 0;
}

/* One token of the server's, one of ours, which may be empty at the end. */
static void job_run(struct errand *x)
{
    struct gss_job *j = job_of(x);
    gss_buffer_desc in = {j->token_len, j->token};
    OM_uint32 minor;

    j->rc = j->target == GSS_C_NO_NAME ? name_target(j) : 0;
    if (j->rc != 0)
        return;
    j->major = gss_init_sec_context(
        &minor, GSS_C_NO_CREDENTIAL, &j->context, j->target, GSS_C_NO_OID,
        GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS,
        j->token != NULL ? &in : GSS_C_NO_BUFFER, NULL, &j->out, &j->flags, NULL);
    if (GSS_ERROR(j->major))
        j->rc = failed("no Kerberos log-in", j->major, minor, &j->why);
}

/* --- the exchange --- */

/* "imap@host" (RFC 4752 section 3.1, RFC 2743 section 4.1) */
static int job_new(struct sasl *s, mla_error *err)
{
    struct gss *g = s->state;
    size_t service = strlen(s->peer.service);
    size_t host = s->peer.host != NULL ? strlen(s->peer.host) : 0;
    struct gss_job *j;

    if (host == 0 || service + 1 + host > TARGET_MAX)
        return fail(err, MLA_E_AUTH, "GSSAPI: it needs the name of the server");
    j = mem_zero(mem_default(), sizeof *j);
    if (j == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory in GSSAPI");
    errand_init(&j->errand, job_run, job_end, "the Kerberos library");
    memcpy(j->name, s->peer.service, service);
    j->name[service] = '@';
    memcpy(j->name + service + 1, s->peer.host, host);
    j->name_len = service + 1 + host;
    g->job = j;
    s->errand = &j->errand;
    return 1;
}

/* A context that is under way goes on with what the server says, and with nothing else. */
static int context_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    struct gss_job *j = ((struct gss *)s->state)->job;

    if (len == 0)
        return fail(err, MLA_E_AUTH, "GSSAPI: an empty challenge in the middle");
    j->token = (uint8_t *)mem_dup(mem_default(), challenge, len);
    if (j->token == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory in GSSAPI");
    j->token_len = len;
    s->errand = &j->errand;
    return 1;
}

/* The errand was done. */
static int context_over(struct sasl *s, mla_error *err)
{
    struct gss *g = s->state;
    struct gss_job *j = g->job;
    int rc = j->rc;

    s->errand = NULL;
    s->proof = 1;
    if (rc != 0)
        fail(err, rc, "%s", j->why.message);
    else
        buf_add(&s->out, j->out.value, j->out.length);
    job_clear(j);
    if (rc != 0 || (j->major & GSS_S_CONTINUE_NEEDED) != 0)
        return rc;
    if ((j->flags & GSS_C_MUTUAL_FLAG) == 0)
        return fail(err, MLA_E_AUTH, "GSSAPI: the server has not proved who it is");
    g->stage = STAGE_LAYER;
    return 0;
}

/* The server offers security layers in four wrapped octets; none is what we take, and whom to act
 * as goes with the answer (section 3.1). */
static int layer_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    struct gss *g = s->state;
    mla_str who = s->creds->authzid.len != 0 ? s->creds->authzid : s->creds->user;
    gss_buffer_desc in = {len, (void *)(uintptr_t)challenge};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    uint8_t offer[LAYER_OCTETS] = {0};
    struct buf answer;
    OM_uint32 major;
    OM_uint32 minor;
    OM_uint32 ignored;
    size_t got;
    int rc;

    major = gss_unwrap(&minor, g->job->context, &in, &out, NULL, NULL);
    got = GSS_ERROR(major) ? 0 : out.length;
    if (got == LAYER_OCTETS)
        memcpy(offer, out.value, LAYER_OCTETS);
    (void)gss_release_buffer(&ignored, &out);
    if (GSS_ERROR(major))
        return failed("the server's offer cannot be read", major, minor, err);
    if (got != LAYER_OCTETS) /* A15 */
        return fail(err, MLA_E_AUTH, "GSSAPI: the server's offer has %zu octets, not %d", got,
                    LAYER_OCTETS);
    if ((offer[0] & LAYER_NONE) == 0)
        return fail(err, MLA_E_AUTH, "GSSAPI: the server demands a security layer of its own");
    buf_init(&answer, s->mem, SASL_NAME_MAX + LAYER_OCTETS);
    buf_add(&answer, "\1\0\0\0", LAYER_OCTETS); /* none, and no buffer for it */
    rc = buf_add(&answer, who.ptr, who.len);
    if (rc == 0) {
        in.value = answer.ptr;
        in.length = answer.len;
        major = gss_wrap(&minor, g->job->context, 0, GSS_C_QOP_DEFAULT, &in, NULL, &out);
        if (GSS_ERROR(major))
            rc = failed("the answer cannot be made", major, minor, err);
        else
            buf_add(&s->out, out.value, out.length);
        (void)gss_release_buffer(&ignored, &out);
    } else {
        fail(err, rc, "out of memory in GSSAPI");
    }
    buf_free(&answer);
    g->stage = STAGE_OVER;
    s->complete = rc == 0;
    return rc;
}

static int gss_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    struct gss *g = s->state;

    if (s->errand != NULL)
        return context_over(s, err);
    if (g->stage == STAGE_OVER)
        return fail(err, MLA_E_AUTH, "GSSAPI: a challenge behind the last one");
    if (g->stage == STAGE_LAYER)
        return layer_step(s, challenge, len, err);
    return g->job == NULL ? job_new(s, err) : context_step(s, challenge, len, err);
}

const struct sasl_mech sasl_gssapi = {"GSSAPI",
                                      SASL_INITIAL | SASL_NO_SECRET | SASL_AUTHZID | SASL_MUTUAL,
                                      sizeof(struct gss),
                                      gss_step,
                                      NULL,
                                      gss_over};
