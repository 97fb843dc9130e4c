/* gssapi.c - GSSAPI (RFC 4752): Kerberos through the system's library, with the tickets that the
 * process finds (kinit). No security layer: that is what TLS is for.
 *
 * The library may ask a KDC over the network while a step is made; it does so at the first one,
 * where it has no ticket for the server yet. */
#include "base/fail.h"
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

struct gss {
    int stage;
    gss_ctx_id_t context;
    gss_name_t target;
};

static void gss_over(struct sasl *s)
{
    struct gss *g = s->state;
    OM_uint32 minor;

    if (g->context != GSS_C_NO_CONTEXT)
        (void)gss_delete_sec_context(&minor, &g->context, GSS_C_NO_BUFFER);
    if (g->target != GSS_C_NO_NAME)
        (void)gss_release_name(&minor, &g->target);
}

/* What the library says of a status; the mechanism's own word (minor) where there is one. */
static int failed(const struct sasl *s, const char *what, OM_uint32 major, OM_uint32 minor,
                  mla_error *err)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 more = 0;
    OM_uint32 ignored;
    int rc;

    if (minor != 0)
        (void)gss_display_status(&ignored, minor, GSS_C_MECH_CODE, GSS_C_NO_OID, &more, &text);
    else
        (void)gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
    rc = fail(err, MLA_E_AUTH, "%s: %s: %.*s", s->mech->name, what,
              (int)(text.length < 140 ? text.length : 140),
              text.value != NULL ? (const char *)text.value : "");
    (void)gss_release_buffer(&ignored, &text);
    return rc;
}

/* "imap@host" (RFC 4752 section 3.1, RFC 2743 section 4.1) */
static int name_target(struct sasl *s, mla_error *err)
{
    struct gss *g = s->state;
    char text[TARGET_MAX];
    size_t service = strlen(s->peer.service);
    size_t host = s->peer.host != NULL ? strlen(s->peer.host) : 0;
    gss_buffer_desc name;
    OM_uint32 major;
    OM_uint32 minor;

    if (host == 0 || service + 1 + host > sizeof text)
        return fail(err, MLA_E_AUTH, "GSSAPI: it needs the name of the server");
    memcpy(text, s->peer.service, service);
    text[service] = '@';
    memcpy(text + service + 1, s->peer.host, host);
    name.value = text;
    name.length = service + 1 + host;
    major = gss_import_name(&minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &g->target);
    return GSS_ERROR(major) ? failed(s, "the server's name", major, minor, err) : 0;
}

/* One token of the server's, one of ours, which may be empty at the end. */
static int context_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    struct gss *g = s->state;
    gss_buffer_desc in = {len, (void *)(uintptr_t)challenge};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 flags = 0;
    OM_uint32 major;
    OM_uint32 minor;
    OM_uint32 ignored;

    major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &g->context, g->target, GSS_C_NO_OID,
                                 GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                 g->context != GSS_C_NO_CONTEXT ? &in : GSS_C_NO_BUFFER, NULL, &out,
                                 &flags, NULL);
    s->proof = 1;
    buf_add(&s->out, out.value, out.length);
    (void)gss_release_buffer(&ignored, &out);
    if (GSS_ERROR(major))
        return failed(s, "no Kerberos log-in", major, minor, err);
    if ((major & GSS_S_CONTINUE_NEEDED) != 0)
        return 0;
    if ((flags & GSS_C_MUTUAL_FLAG) == 0)
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

    major = gss_unwrap(&minor, g->context, &in, &out, NULL, NULL);
    got = GSS_ERROR(major) ? 0 : out.length;
    if (got == LAYER_OCTETS)
        memcpy(offer, out.value, LAYER_OCTETS);
    (void)gss_release_buffer(&ignored, &out);
    if (GSS_ERROR(major))
        return failed(s, "the server's offer cannot be read", major, minor, err);
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
        major = gss_wrap(&minor, g->context, 0, GSS_C_QOP_DEFAULT, &in, NULL, &out);
        if (GSS_ERROR(major))
            rc = failed(s, "the answer cannot be made", major, minor, err);
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
    int rc = 0;

    if (g->stage == STAGE_OVER)
        return fail(err, MLA_E_AUTH, "GSSAPI: a challenge behind the last one");
    if (g->stage == STAGE_LAYER)
        return layer_step(s, challenge, len, err);
    if (g->target == GSS_C_NO_NAME)
        rc = name_target(s, err);
    /* A context that is under way goes on with what the server says, and with nothing else. */
    else if (len == 0)
        rc = fail(err, MLA_E_AUTH, "GSSAPI: an empty challenge in the middle");
    return rc != 0 ? rc : context_step(s, challenge, len, err);
}

const struct sasl_mech sasl_gssapi = {"GSSAPI",
                                      SASL_INITIAL | SASL_NO_SECRET | SASL_AUTHZID | SASL_MUTUAL,
                                      sizeof(struct gss),
                                      gss_step,
                                      NULL,
                                      gss_over};
