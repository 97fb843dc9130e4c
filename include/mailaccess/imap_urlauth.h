/* imap_urlauth.h - URLs that others may read (URLAUTH, RFC 4467; URLAUTH=BINARY, RFC 5524).
 *
 * As in imap.h: each function returns 0 and writes *out_ticket, or MLA_E_ARG, MLA_E_STATE,
 * MLA_E_LIMIT, MLA_E_UNSUPPORTED or MLA_E_NOMEM and queues nothing. One thread at a time. DONE is
 * MLA_E_UNSUPPORTED where the server has not the extension. */
#ifndef MAILACCESS_IMAP_URLAUTH_H
#define MAILACCESS_IMAP_URLAUTH_H

#include "imap.h"
#include "imap_urlauth_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* URLAUTH and URLFETCH events: the URLs; NULL for an event of another kind. Borrowed from ev. */
MLA_API const mla_imap_urls *mla_imap_event_urls(const mla_imap_event *ev);

/* GENURLAUTH (RFC 4467 section 7): a URLAUTH event with the same URLs, each made one that gives
 * access by itself. They are secrets. */
MLA_API int mla_imap_genurlauth(mla_imap *s, const mla_imap_genurlauth_args *args,
                                uint64_t *out_ticket);

/* RESETKEY (RFC 4467 section 7): URLs that were made before give access no more. The code URLMECH,
 * of DONE or of a TEXT event, has the mechanisms in words, perhaps with data behind a "=" that are
 * secrets. */
MLA_API int mla_imap_resetkey(mla_imap *s, const mla_imap_resetkey_args *args,
                              uint64_t *out_ticket);

/* URLFETCH (RFC 4467 section 7, RFC 5524 section 3): a URLFETCH event, held whole: an answer above
 * MLA_LIMIT_RESPONSE ends the session with MLA_E_FLOOD. */
MLA_API int mla_imap_urlfetch(mla_imap *s, const mla_imap_urlfetch_args *args,
                              uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
