/* certificate.h - a server's certificates: reading them, and deciding about one that is not
 * trusted.
 *
 * By default a certificate that is not trusted ends the session with MLA_E_CERT. A program that has
 * a person to ask switches questions on: then the TLS handshake is brought to its end, nothing at
 * all is read or sent inside TLS, and the session delivers an event MLA_IMAP_EV_CERTIFICATE or
 * MLA_POP3_EV_CERTIFICATE. The session waits for mla_session_answer_certificate(). Until then
 *   - mla_session_wants() is 0 and mla_session_timeout_ms() -1: no limit of the session's runs,
 *     that for connecting included; it goes on with the answer. The server has limits of its own:
 *     that it has gone in the meantime is seen after the answer (MLA_E_CLOSED);
 *   - step, finish and mla_session_wait() return MLA_E_STATE at once, since nothing that they could
 *     wait for can happen. Commands may be queued, and the session may be freed.
 * A certificate that cannot be read at all, and a key that is none of the pinned ones, are never a
 * question. A client certificate has been shown to the server by then, a password never.
 *
 * With I/O of the caller's own (mla_session_attach()) all of this is the caller's. */
#ifndef MAILACCESS_CERTIFICATE_H
#define MAILACCESS_CERTIFICATE_H

#include "certificate_types.h"
#include "config.h"
#include "imap.h"
#include "pop3.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* on != 0: the sessions of this configuration ask about certificates that are not trusted. 0, the
 * default: they fail. 0, MLA_E_ARG, MLA_E_STATE. */
MLA_API int mla_config_set_certificate_question(mla_config *cfg, int32_t on);

/* Accepts, without a question, for host (UTF-8, a name or an IP address, any port) the public key
 * with this SHA-256 (32 octets over the SubjectPublicKeyInfo), though its certificate has these
 * faults: reasons, MLA_CERT_* bits. One that shows more faults, or another key, is not accepted.
 * This is how what a person has said in an earlier run is brought back; sessions that need it are
 * not verified all the same. At most 64; beyond that the oldest is forgotten. 0, MLA_E_ARG,
 * MLA_E_STATE, MLA_E_NOMEM. */
MLA_API int mla_config_accept_certificate(mla_config *cfg, const char *host,
                                          const uint8_t key_sha256[32], uint32_t reasons);

/* The question that an event is about, borrowed as the event is; NULL when ev is none. */
MLA_API const mla_certificate_chain *mla_imap_event_certificate(const mla_imap_event *ev);
/* The same of a POP3 event. */
MLA_API const mla_certificate_chain *mla_pop3_event_certificate(const mla_pop3_event *ev);

/* Answers the question of the session. accept == 0: the session ends with MLA_E_CERT and a sentence
 * that names the gravest fault, as if it had not asked. accept != 0: it goes on, not verified
 * (mla_session_is_verified() is 0), and its TLS session is never taken up again. remember != 0
 * keeps the answer in the configuration, in memory: its sessions do not ask again about this public
 * key for this host unless there are faults that were not there before. 0 or MLA_E_CERT as accept
 * says; MLA_E_ARG; MLA_E_STATE (nothing was asked); MLA_E_NOMEM (it cannot be remembered; nothing
 * was done). */
MLA_API int mla_session_answer_certificate(mla_session *ss, int32_t accept, int32_t remember);

/* 1 while a question of the session waits for its answer, also before its event was read. */
MLA_API int mla_session_is_asking(const mla_session *ss);

/* MLA_CERT_* bits: the faults in spite of which the server's certificate was accepted, by an answer
 * or by mla_config_accept_certificate(). 0: none (verified, or nothing was looked at). */
MLA_API uint32_t mla_session_accepted_faults(const mla_session *ss);

/* The certificates that the server has shown, once the handshake is over or the session asks; after
 * a TLS session was taken up again those of the handshake that was the full one.
 * *out_chain is borrowed from the session until the next call of this function or the session's
 * end. 0, MLA_E_ARG, MLA_E_STATE (no TLS of the library's, or not up yet), MLA_E_NOT_FOUND (the TLS
 * library has not kept them), MLA_E_NOMEM. */
MLA_API int mla_session_certificates(mla_session *ss, const mla_certificate_chain **out_chain);

/* The SHA-256 of the server's public key (32 octets over the SubjectPublicKeyInfo): what
 * mla_config_add_pin_sha256() and mla_config_accept_certificate() take. 0, MLA_E_ARG, MLA_E_STATE
 * and MLA_E_NOT_FOUND as above. */
MLA_API int mla_session_key_sha256(const mla_session *ss, uint8_t out_digest[32]);

#ifdef __cplusplus
}
#endif

#endif
