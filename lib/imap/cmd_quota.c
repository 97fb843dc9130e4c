/* cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208 section 4.1, RFC 2087). */
#include "base/fail.h"
#include "imap/cmd_admin.h"
#include "imap/engine.h"

#include "base/record.h"

#include <string.h>

struct quota_args {
    mla_str root;
    const mla_str *names; /* of the limits, with count */
    uint64_t *limits;
    size_t count;
};

static int is_rfc9208(const struct imap_engine *e)
{
    return imap_caps_value(&e->caps, "QUOTA=RES-") != NULL;
}

static int quota_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct quota_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, c->def->verb);
    imap_enc_space(c->enc);
    imap_enc_string(c->enc, a->root);
    return 0;
}

static const struct imap_cmd_def def_getquota = {
    .verb = "GETQUOTA",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "QUOTA",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_QUOTA),
    .encode = quota_encode,
};

static int copy_root(struct imap_cmd *c, mla_str root, mla_str *out)
{
    if (root.ptr == NULL && root.len != 0)
        return MLA_E_ARG;
    if (root.len != 0 && memchr(root.ptr, 0, root.len) != NULL)
        return MLA_E_ARG;
    return imap_cmd_str(c, root, out);
}

int imap_cmd_getquota(struct imap_engine *e, const mla_imap_quota_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    struct imap_cmd *c;
    struct quota_args *a;
    int rc = imap_cmd_new(e, &def_getquota, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = copy_root(c, in->root, &a->root);
    return imap_cmd_queue(e, c, rc, "the quota root is not valid", out_ticket, err);
}

/* --- SETQUOTA --- */

static int setquota_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct quota_args *a = c->args;

    /* RFC 9208 section 4.1.3: the capability of its own came with that RFC */
    if (is_rfc9208(e) && !imap_caps_can(&e->caps, "QUOTASET"))
        return MLA_E_UNSUPPORTED;
    quota_encode(e, c);
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_between(c->enc);
        imap_enc_atom(c->enc, a->names[i]);
        imap_enc_space(c->enc);
        imap_enc_number(c->enc, a->limits[i]);
    }
    imap_enc_close(c->enc);
    return 0;
}

static const struct imap_cmd_def def_setquota = {
    .verb = "SETQUOTA",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "QUOTA",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_QUOTA),
    .encode = setquota_encode,
};

static int copy_limits(struct imap_cmd *c, const mla_imap_quota_args *in, struct quota_args *a)
{
    static const char *const kinds[] = {NULL, "STORAGE", "MESSAGE", "MAILBOX",
                                        "ANNOTATION-STORAGE"};
    mla_str *names;

    a->count = in->limit_count;
    if (a->count == 0)
        return 0;
    if (in->limits == NULL)
        return MLA_E_ARG;
    names = arena_array(&c->arena, a->count, sizeof *names);
    a->limits = arena_array(&c->arena, a->count, sizeof *a->limits);
    if (names == NULL || a->limits == NULL)
        return imap_cmd_nomem(c);
    a->names = names;
    for (size_t i = 0; i < a->count; i++) {
        mla_imap_quota_limit limit;
        mla_str name;
        int rc = record_at(in->limits, i, sizeof limit, sizeof limit, &limit);

        if (rc != 0)
            return rc;
        if (limit.kind > MLA_IMAP_QUOTA_ANNOTATION_STORAGE)
            return MLA_E_UNSUPPORTED;
        name = imap_str(limit.kind != 0 ? kinds[limit.kind] : limit.name);
        if (!imap_enc_is_atom(name) || limit.limit > INT64_MAX)
            return MLA_E_ARG;
        rc = imap_cmd_str(c, name, &names[i]);
        if (rc != 0)
            return rc;
        a->limits[i] = limit.limit;
    }
    return 0;
}

int imap_cmd_setquota(struct imap_engine *e, const mla_imap_quota_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    struct imap_cmd *c;
    struct quota_args *a;
    int rc = imap_cmd_new(e, &def_setquota, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = copy_root(c, in->root, &a->root);
    if (rc == 0)
        rc = copy_limits(c, in, a);
    return imap_cmd_queue(e, c, rc, "the quota root or a limit is not valid", out_ticket, err);
}

/* --- GETQUOTAROOT, and GETQUOTA of the roots where the server leaves those answers out --- */

enum { ROOTS_MAX = 8, ROOTS_ROOM = 1024 };

struct root_args {
    struct imap_box box;
    int quotas_came;
    size_t count;
    size_t len[ROOTS_MAX];
    char text[ROOTS_ROOM]; /* the roots, one behind the other */
};

static int root_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct root_args *a = c->args;
    mla_str root = {a->text, 0};

    (void)e;
    if (c->stage == 0) {
        imap_enc_word(c->enc, "GETQUOTAROOT");
        imap_enc_box(c->enc, &a->box);
        return 0;
    }
    for (size_t i = 0; i + 1 < c->stage; i++)
        root.ptr += a->len[i];
    root.len = a->len[c->stage - 1];
    imap_enc_word(c->enc, "GETQUOTA");
    imap_enc_space(c->enc);
    imap_enc_string(c->enc, root);
    return 0;
}

static void root_heard(struct imap_cmd *c, const struct mla_imap_event *ev)
{
    struct root_args *a = c->args;
    const mla_imap_quota_root *r = ev->record;
    size_t used = 0;

    if (ev->type == MLA_IMAP_EV_QUOTA)
        a->quotas_came = 1;
    if (ev->type != MLA_IMAP_EV_QUOTAROOT || c->stage != 0)
        return;
    a->count = 0;
    for (uint32_t i = 0; i < r->root_count && a->count < ROOTS_MAX; i++) {
        size_t n = r->roots[i].len;

        if (n > ROOTS_ROOM - used || (n != 0 && memchr(r->roots[i].ptr, 0, n) != NULL))
            continue;
        if (n != 0)
            memcpy(a->text + used, r->roots[i].ptr, n);
        a->len[a->count++] = n;
        used += n;
    }
}

static int root_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct root_args *a = c->args;

    (void)e;
    if (d->error != 0 || (c->stage == 0 && a->quotas_came) || c->stage >= a->count)
        return CMD_OVER;
    c->stage++;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_getquotaroot = {
    .verb = "GETQUOTAROOT",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "QUOTA",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_QUOTA) | IMAP_ANSWERS(MLA_IMAP_EV_QUOTAROOT),
    .encode = root_encode,
    .done = root_done,
    .heard = root_heard,
};

int imap_cmd_getquotaroot(struct imap_engine *e, const mla_imap_mailbox_args *in,
                          uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct root_args *a;
    int rc = imap_cmd_new(e, &def_getquotaroot, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    return imap_cmd_queue(e, c, rc, "a mailbox name is missing or is no UTF-8", out_ticket, err);
}
