/* imap_admin_api.c - see mailaccess/imap_admin.h */
#include "mailaccess/imap_admin.h"

#include "api/imap_api.h"
#include "base/num.h"
#include "imap/cmd_admin.h"
#include "imap/rights.h"
#include "mailaccess/mailaccess.h"

#include <string.h>

/* --- events --- */

static const void *record_of(const mla_imap_event *ev, int32_t type)
{
    return ev != NULL && ev->type == type ? ev->record : NULL;
}

const mla_imap_identity *mla_imap_event_identity(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_IDENTITY);
}

const mla_imap_namespaces *mla_imap_event_namespaces(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_NAMESPACES);
}

const mla_imap_acl *mla_imap_event_acl(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_ACL);
}

const mla_imap_my_rights *mla_imap_event_my_rights(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_MYRIGHTS);
}

const mla_imap_list_rights *mla_imap_event_list_rights(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_LISTRIGHTS);
}

const mla_imap_quota *mla_imap_event_quota(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_QUOTA);
}

const mla_imap_quota_root *mla_imap_event_quota_root(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_QUOTAROOT);
}

const mla_imap_metadata *mla_imap_event_metadata(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_METADATA);
}

const mla_imap_languages *mla_imap_event_languages(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_LANGUAGES);
}

const mla_imap_comparators *mla_imap_event_comparators(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_COMPARATORS);
}

const mla_imap_jmap_access *mla_imap_event_jmap_access(const mla_imap_event *ev)
{
    return record_of(ev, MLA_IMAP_EV_JMAPACCESS);
}

/* --- about the server --- */

const char *mla_imap_capability_value(const mla_imap *s, const char *prefix, uint32_t i)
{
    return s != NULL && prefix != NULL ? imap_caps_nth_value(&s->engine.caps, prefix, i) : NULL;
}

int mla_imap_append_limit(const mla_imap *s, uint64_t *out_size)
{
    const char *text = mla_imap_capability_value(s, "APPENDLIMIT=", 0);

    return text != NULL && out_size != NULL && num_parse(text, strlen(text), INT64_MAX, out_size);
}

int mla_imap_id(mla_imap *s, const mla_imap_id_args *args, uint64_t *out_ticket)
{
    static const mla_str ours[] = {{"name", 4}, {"libmailaccess", 13}, {"version", 7}, {NULL, 0}};
    mla_str fields[4];
    mla_imap_id_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0 && in.field_count == 0 && !in.is_nil) {
        memcpy(fields, ours, sizeof fields);
        fields[3] = imap_str(mla_version_text());
        in.fields = fields;
        in.field_count = 4;
    }
    if (rc == 0)
        rc = imap_cmd_id(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_namespace(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_namespace(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_unauthenticate(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_unauthenticate(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_getjmapaccess(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_getjmapaccess(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_language(mla_imap *s, const mla_imap_words_args *args, uint64_t *out_ticket)
{
    mla_imap_words_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_language(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_comparator(mla_imap *s, const mla_imap_words_args *args, uint64_t *out_ticket)
{
    mla_imap_words_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_comparator(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

/* --- access rights --- */

uint32_t mla_imap_rights_of(const char *letters, size_t len)
{
    return letters != NULL ? imap_rights_of(letters, len) : 0;
}

static int acl_command(mla_imap *s, int what, const mla_imap_acl_args *args, uint64_t *out_ticket)
{
    mla_imap_acl_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_acl(&s->engine, what, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_setacl(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket)
{
    return acl_command(s, ACL_SET, args, out_ticket);
}

int mla_imap_deleteacl(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket)
{
    return acl_command(s, ACL_DELETE, args, out_ticket);
}

int mla_imap_listrights(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket)
{
    return acl_command(s, ACL_LISTRIGHTS, args, out_ticket);
}

static int rights_command(mla_imap *s, int what, const mla_imap_mailbox_args *args,
                          uint64_t *out_ticket)
{
    mla_imap_mailbox_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_mailbox(args, &in, err);
    if (rc == 0)
        rc = imap_cmd_rights(&s->engine, what, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_getacl(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return rights_command(s, RIGHTS_GETACL, args, out_ticket);
}

int mla_imap_myrights(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return rights_command(s, RIGHTS_MYRIGHTS, args, out_ticket);
}

/* --- quotas --- */

int mla_imap_getquota(mla_imap *s, const mla_imap_quota_args *args, uint64_t *out_ticket)
{
    mla_imap_quota_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_getquota(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_getquotaroot(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    mla_imap_mailbox_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_mailbox(args, &in, err);
    if (rc == 0)
        rc = imap_cmd_getquotaroot(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_setquota(mla_imap *s, const mla_imap_quota_args *args, uint64_t *out_ticket)
{
    mla_imap_quota_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_setquota(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

/* --- metadata --- */

int mla_imap_getmetadata(mla_imap *s, const mla_imap_metadata_args *args, uint64_t *out_ticket)
{
    mla_imap_metadata_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_getmetadata(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_setmetadata(mla_imap *s, const mla_imap_metadata_args *args, uint64_t *out_ticket)
{
    mla_imap_metadata_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_setmetadata(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}
