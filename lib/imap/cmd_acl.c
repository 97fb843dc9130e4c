/* cmd_acl.c - SETACL, DELETEACL, GETACL, LISTRIGHTS, MYRIGHTS (RFC 4314 section 3). */
#include "base/fail.h"
#include "imap/cmd_admin.h"
#include "imap/engine.h"

#include <string.h>

struct acl_args {
    struct imap_box box;
    mla_str identifier; /* ptr NULL: none is written */
    mla_str rights;     /* with the "+" or "-" in front; ptr NULL: none are written */
};

static int acl_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct acl_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, c->def->verb);
    imap_enc_box(c->enc, &a->box);
    if (a->identifier.ptr != NULL) {
        imap_enc_space(c->enc);
        imap_enc_string(c->enc, a->identifier);
    }
    if (a->rights.ptr != NULL) {
        imap_enc_space(c->enc);
        imap_enc_string(c->enc, a->rights);
    }
    return 0;
}

#define ACL_ROW(verb_, answers_)                                                                   \
    {                                                                                              \
        .verb = verb_, .states = IN_AUTHENTICATED, .flags = CMD_MAY_EXPUNGE | CMD_CAPS,            \
        .capability = "ACL", .answers = answers_, .encode = acl_encode,                            \
    }
static const struct imap_cmd_def def_acl[] = {
    [ACL_SET] = ACL_ROW("SETACL", 0),
    [ACL_DELETE] = ACL_ROW("DELETEACL", 0),
    [ACL_LISTRIGHTS] = ACL_ROW("LISTRIGHTS", IMAP_ANSWERS(MLA_IMAP_EV_LISTRIGHTS)),
};
static const struct imap_cmd_def def_rights[] = {
    [RIGHTS_GETACL] = ACL_ROW("GETACL", IMAP_ANSWERS(MLA_IMAP_EV_ACL)),
    [RIGHTS_MYRIGHTS] = ACL_ROW("MYRIGHTS", IMAP_ANSWERS(MLA_IMAP_EV_MYRIGHTS)),
};
#undef ACL_ROW

/* RFC 4314 section 7, rights and new-rights: small letters and digits. */
static int copy_rights(struct imap_cmd *c, uint32_t mode, const char *rights, mla_str *out)
{
    static const char signs[] = {'\0', '+', '-'};
    size_t n = rights != NULL ? strlen(rights) : 0;
    size_t at = mode != MLA_IMAP_ACL_REPLACE;
    char *copy;

    if (mode > MLA_IMAP_ACL_REMOVE)
        return MLA_E_UNSUPPORTED;
    for (size_t i = 0; i < n; i++)
        if ((rights[i] < 'a' || rights[i] > 'z') && (rights[i] < '0' || rights[i] > '9'))
            return MLA_E_ARG;
    copy = arena_alloc(&c->arena, n + 2);
    if (copy == NULL)
        return imap_cmd_nomem(c);
    copy[0] = signs[mode];
    if (n != 0)
        memcpy(copy + at, rights, n);
    out->ptr = copy;
    out->len = n + at;
    return 0;
}

int imap_cmd_acl(struct imap_engine *e, int what, const mla_imap_acl_args *in, uint64_t *out_ticket,
                 mla_error *err)
{
    mla_str identifier = imap_str(in->identifier);
    struct imap_cmd *c;
    struct acl_args *a;
    int rc = imap_cmd_new(e, &def_acl[what], sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    if (rc == 0 && (identifier.len == 0 || !imap_enc_is_utf8(identifier)))
        rc = MLA_E_ARG;
    if (rc == 0)
        rc = imap_cmd_str(c, identifier, &a->identifier);
    if (rc == 0 && what == ACL_SET)
        rc = copy_rights(c, in->mode, in->rights, &a->rights);
    return imap_cmd_queue(e, c, rc, "the mailbox, the identifier or the rights are not valid",
                          out_ticket, err);
}

int imap_cmd_rights(struct imap_engine *e, int what, const mla_imap_mailbox_args *in,
                    uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct acl_args *a;
    int rc = imap_cmd_new(e, &def_rights[what], sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    return imap_cmd_queue(e, c, rc, "a mailbox name is missing or is no UTF-8", out_ticket, err);
}
