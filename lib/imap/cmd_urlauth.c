/* cmd_urlauth.c - GENURLAUTH, RESETKEY, URLFETCH (RFC 4467, RFC 5524). */
#include "imap/cmd_urlauth.h"
#include "imap/engine.h"

#include "base/ascii.h"

#include <string.h>

enum { URLS_MAX = 1000 };

struct url_args {
    const mla_str *urls; /* or mechanisms */
    size_t count;
    mla_str mechanism;
    uint32_t what;
    struct imap_box box;
    int has_box;
};

static const char why[] = "no URL, or a word that cannot be said";

/* URLs are US-ASCII (RFC 5092 section 11). */
static int copy_urls(struct imap_cmd *c, const mla_str *urls, size_t count)
{
    struct url_args *a = c->args;

    if (count == 0 || urls == NULL)
        return MLA_E_ARG;
    if (count > URLS_MAX)
        return MLA_E_LIMIT;
    for (size_t i = 0; i < count; i++) {
        if (urls[i].ptr == NULL || urls[i].len == 0)
            return MLA_E_ARG;
        for (size_t k = 0; k < urls[i].len; k++)
            if (urls[i].ptr[k] <= ' ' || urls[i].ptr[k] > '~')
                return MLA_E_ARG;
    }
    a->count = count;
    return imap_cmd_strs(c, urls, count, &a->urls);
}

/* RFC 4467 section 9, mechanism. */
static int is_mechanism(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_alpha((unsigned char)s.ptr[i]) && !ascii_is_digit((unsigned char)s.ptr[i]) &&
            s.ptr[i] != '-' && s.ptr[i] != '.')
            return 0;
    return s.len != 0;
}

/* --- GENURLAUTH --- */

static int gen_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct url_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, "GENURLAUTH");
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_space(c->enc);
        imap_enc_string(c->enc, a->urls[i]);
        imap_enc_space(c->enc);
        imap_enc_atom(c->enc, a->mechanism);
    }
    return 0;
}

static const struct imap_cmd_def def_gen = {
    .verb = "GENURLAUTH",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "URLAUTH",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_URLAUTH),
    .encode = gen_encode,
};

int imap_cmd_genurlauth(struct imap_engine *e, const mla_imap_genurlauth_args *in,
                        uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct url_args *a;
    int rc = imap_cmd_new(e, &def_gen, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = copy_urls(c, in->urls, in->url_count);
    if (rc == 0)
        rc = imap_cmd_str(c, imap_str(in->mechanism != NULL ? in->mechanism : "INTERNAL"),
                          &a->mechanism);
    if (rc == 0 && !is_mechanism(a->mechanism))
        rc = MLA_E_ARG;
    return imap_cmd_queue(e, c, rc, why, out_ticket, err);
}

/* --- RESETKEY --- */

static int reset_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct url_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, "RESETKEY");
    if (a->has_box)
        imap_enc_box(c->enc, &a->box);
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_space(c->enc);
        imap_enc_atom(c->enc, a->urls[i]);
    }
    return 0;
}

static const struct imap_cmd_def def_reset = {
    .verb = "RESETKEY",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "URLAUTH",
    .encode = reset_encode,
};

int imap_cmd_resetkey(struct imap_engine *e, const mla_imap_resetkey_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    struct imap_cmd *c;
    struct url_args *a;
    int rc = imap_cmd_new(e, &def_reset, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->has_box = in->mailbox != NULL || in->raw_mailbox.ptr != NULL;
    if (a->has_box)
        rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    if (rc == 0 && in->mechanism_count != 0)
        rc = a->has_box ? copy_urls(c, in->mechanisms, in->mechanism_count) : MLA_E_ARG;
    for (size_t i = 0; i < a->count && rc == 0; i++)
        if (!is_mechanism(a->urls[i]))
            rc = MLA_E_ARG;
    return imap_cmd_queue(e, c, rc, why, out_ticket, err);
}

/* --- URLFETCH --- */

static int urlfetch_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct url_args *a = c->args;

    if (a->what != 0 && !imap_caps_has(&e->caps, "URLAUTH=BINARY"))
        return MLA_E_UNSUPPORTED;
    imap_enc_word(c->enc, "URLFETCH");
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_word(c->enc, a->what != 0 ? " (" : " ");
        imap_enc_string(c->enc, a->urls[i]);
        if ((a->what & MLA_IMAP_URLFETCH_STRUCTURE) != 0)
            imap_enc_word(c->enc, " BODYPARTSTRUCTURE");
        if ((a->what & MLA_IMAP_URLFETCH_BINARY) != 0)
            imap_enc_word(c->enc, " BINARY");
        if ((a->what & MLA_IMAP_URLFETCH_BODY) != 0)
            imap_enc_word(c->enc, " BODY");
        imap_enc_word(c->enc, a->what != 0 ? ")" : "");
    }
    return 0;
}

static const struct imap_cmd_def def_urlfetch = {
    .verb = "URLFETCH",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "URLAUTH",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_URLFETCH),
    .encode = urlfetch_encode,
};

int imap_cmd_urlfetch(struct imap_engine *e, const mla_imap_urlfetch_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    const uint32_t octets = MLA_IMAP_URLFETCH_BINARY | MLA_IMAP_URLFETCH_BODY;
    struct imap_cmd *c;
    struct url_args *a;
    int rc = imap_cmd_new(e, &def_urlfetch, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->what = in->what;
    if ((in->what & ~(octets | MLA_IMAP_URLFETCH_STRUCTURE)) != 0)
        rc = MLA_E_UNSUPPORTED;
    else if ((in->what & octets) == octets) /* RFC 5524 section 3.1 */
        rc = MLA_E_ARG;
    else
        rc = copy_urls(c, in->urls, in->url_count);
    return imap_cmd_queue(e, c, rc, why, out_ticket, err);
}
