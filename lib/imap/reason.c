/* reason.c - see reason.h */
#include "imap/reason.h"

/* RFC 5530 section 3 and the codes of extensions; 0 where a code is no reason. */
static uint32_t reason_of_code(uint32_t id)
{
    switch (id) {
    case MLA_IMAP_CODE_AUTHENTICATIONFAILED:
        return MLA_REASON_PASSWORD_WRONG;
    case MLA_IMAP_CODE_AUTHORIZATIONFAILED:
    case MLA_IMAP_CODE_NOPERM:
        return MLA_REASON_NO_PERMISSION;
    case MLA_IMAP_CODE_EXPIRED:
        return MLA_REASON_EXPIRED;
    case MLA_IMAP_CODE_PRIVACYREQUIRED:
        return MLA_REASON_ENCRYPTION_NEEDED;
    case MLA_IMAP_CODE_CONTACTADMIN:
        return MLA_REASON_CONTACT_ADMIN;
    case MLA_IMAP_CODE_INUSE:
        return MLA_REASON_IN_USE;
    case MLA_IMAP_CODE_EXPUNGEISSUED:
        return MLA_REASON_EXPUNGED;
    case MLA_IMAP_CODE_CORRUPTION:
        return MLA_REASON_CORRUPTION;
    case MLA_IMAP_CODE_SERVERBUG:
        return MLA_REASON_SERVER_BUG;
    case MLA_IMAP_CODE_CLIENTBUG:
        return MLA_REASON_CLIENT_BUG;
    case MLA_IMAP_CODE_CANNOT:
        return MLA_REASON_IMPOSSIBLE;
    case MLA_IMAP_CODE_LIMIT:
    case MLA_IMAP_CODE_TOOBIG:
    case MLA_IMAP_CODE_MESSAGELIMIT:
    case MLA_IMAP_CODE_ANNOTATE_TOOBIG:
    case MLA_IMAP_CODE_ANNOTATE_TOOMANY:
    case MLA_IMAP_CODE_METADATA_MAXSIZE:
    case MLA_IMAP_CODE_METADATA_TOOMANY:
        return MLA_REASON_LIMIT;
    case MLA_IMAP_CODE_OVERQUOTA:
        return MLA_REASON_QUOTA;
    case MLA_IMAP_CODE_ALREADYEXISTS:
        return MLA_REASON_EXISTS;
    case MLA_IMAP_CODE_NONEXISTENT:
    case MLA_IMAP_CODE_TRYCREATE:
        return MLA_REASON_NOT_FOUND;
    case MLA_IMAP_CODE_UNAVAILABLE:
    case MLA_IMAP_CODE_TEMPFAIL:
        return MLA_REASON_SERVER_UNAVAILABLE;
    case MLA_IMAP_CODE_THROTTLED:
        return MLA_REASON_THROTTLED;
    case MLA_IMAP_CODE_WEBALERT:
        return MLA_REASON_WEB_LOGIN_NEEDED;
    default:
        return MLA_REASON_NONE;
    }
}

/* Codes that servers use for all kinds of trouble, so that the words say more. */
static int is_vague(uint32_t id)
{
    switch (id) {
    case MLA_IMAP_CODE_NONE:
    case MLA_IMAP_CODE_OTHER:
    case MLA_IMAP_CODE_ALERT:
    case MLA_IMAP_CODE_CAPABILITY:
    case MLA_IMAP_CODE_AUTHENTICATIONFAILED:
    case MLA_IMAP_CODE_AUTHORIZATIONFAILED:
    case MLA_IMAP_CODE_CONTACTADMIN:
    case MLA_IMAP_CODE_NOPERM:
    case MLA_IMAP_CODE_INUSE:
    case MLA_IMAP_CODE_LIMIT:
    case MLA_IMAP_CODE_OVERQUOTA: /* Gmail: for its limits of bandwidth */
    case MLA_IMAP_CODE_SERVERBUG:
    case MLA_IMAP_CODE_UNAVAILABLE:
    case MLA_IMAP_CODE_THROTTLED: /* its time to wait */
        return 1;
    default:
        return 0;
    }
}

struct imap_reason imap_reason_of(const mla_imap_code *code, mla_str text, unsigned when)
{
    uint32_t id = code != NULL ? code->id : MLA_IMAP_CODE_NONE;
    struct imap_reason r = {MLA_REASON_NONE, 0};
    uint32_t by_code = reason_of_code(id);

    if (is_vague(id) && text.len != 0)
        r.reason = reason_of_text(text.ptr, text.len, when, &r.wait_ms);
    /* "Wrong password, try again later" */
    if (by_code == MLA_REASON_PASSWORD_WRONG && r.reason == MLA_REASON_SERVER_UNAVAILABLE)
        r.reason = MLA_REASON_NONE;
    if (r.reason == MLA_REASON_NONE)
        r.reason = by_code;
    return r;
}

void imap_reason_better(struct imap_reason *answer, const struct imap_reason *before)
{
    switch (answer->reason) {
    case MLA_REASON_NONE:
    case MLA_REASON_PASSWORD_WRONG:
    case MLA_REASON_PASSWORD_OR_PROTOCOL:
    case MLA_REASON_NO_PERMISSION:
        if (before->reason != MLA_REASON_NONE)
            *answer = *before;
        break;
    default:
        break;
    }
}

int imap_reason_is_passing(uint32_t reason, int logging_in)
{
    return reason_is_passing(reason, logging_in);
}
