/* reason.c - why a server refused: from its response code and its words to MLA_REASON_*. */
#include "pop3/inside.h"

#include "base/reason.h"

/* RFC 2449 section 8.1, RFC 3206 section 4. */
static uint32_t reason_of_code(uint32_t code)
{
    switch (code) {
    case MLA_POP3_CODE_LOGIN_DELAY:
        return MLA_REASON_THROTTLED;
    case MLA_POP3_CODE_IN_USE:
        return MLA_REASON_IN_USE;
    case MLA_POP3_CODE_SYS_TEMP:
        return MLA_REASON_SERVER_UNAVAILABLE;
    case MLA_POP3_CODE_SYS_PERM:
        return MLA_REASON_CONTACT_ADMIN;
    case MLA_POP3_CODE_AUTH:
        return MLA_REASON_PASSWORD_WRONG;
    default:
        return MLA_REASON_NONE;
    }
}

struct pop3_reason pop3_reason_of(const struct pop3_reply *r, unsigned when)
{
    uint32_t by_code = reason_of_code(r->code);
    struct pop3_reason out = {MLA_REASON_NONE, 0};
    uint32_t by_text;

    if (r->code == MLA_POP3_CODE_UTF8 || r->text.len == 0) {
        out.reason = by_code;
        return out;
    }
    by_text = reason_of_text(r->text.ptr, r->text.len, when, &out.wait_ms);
    switch (r->code) {
    case MLA_POP3_CODE_LOGIN_DELAY:
    case MLA_POP3_CODE_IN_USE:
        out.reason = by_code;
        out.wait_ms = reason_wait_of_text(r->text.ptr, r->text.len);
        break;
    case MLA_POP3_CODE_SYS_TEMP:
        /* that it is for a time is certain; which trouble it is the words may tell */
        out.reason = reason_is_passing(by_text, 1) ? by_text : by_code;
        break;
    case MLA_POP3_CODE_AUTH:
        /* "Wrong password, try again later" */
        out.reason = by_text != MLA_REASON_NONE && by_text != MLA_REASON_SERVER_UNAVAILABLE
                         ? by_text
                         : by_code;
        break;
    default:
        out.reason = by_text != MLA_REASON_NONE ? by_text : by_code;
    }
    if (!reason_is_passing(out.reason, 1))
        out.wait_ms = 0;
    return out;
}

/* How long to wait before the next log-in, as the server announced it (RFC 2449 section 6.5). */
static uint32_t login_delay(const struct pop3_engine *e)
{
    return (e->caps.read.flags & MLA_POP3_CAP_LOGIN_DELAY) != 0 ? e->caps.read.login_delay_s : 0;
}

int pop3_reason_note(struct pop3_engine *e, int logging_in, int error)
{
    mla_pop3_done *done = &e->ev.done;
    struct pop3_reason r = pop3_reason_of(&e->reply, logging_in ? REASON_LOGIN : 0U);

    /* Before the TLS that was asked for anybody may have written it (T16). */
    if (e->security == 1 && !e->tls)
        return error;
    done->reason = r.reason;
    done->wait_ms = r.wait_ms;
    if (reason_is_passing(r.reason, logging_in))
        error = MLA_E_THROTTLED;
    if (error != MLA_E_THROTTLED || !logging_in)
        return error;
    done->wait_s = login_delay(e);
    if (done->wait_ms == 0 && done->wait_s <= UINT32_MAX / 1000)
        done->wait_ms = done->wait_s * 1000;
    return error;
}
