/* imap_compress.h - DEFLATE under an IMAP session (RFC 4978).
 *
 * Text of mail and of IMAP itself shrinks to a third or less; what costs is processor time and some
 * 300 KiB of memory on each side. mla_config_set_compress() asks for it by itself after each
 * log-in. Under TLS the length of what is sent and received says more about it than without
 * compression (as in the attacks CRIME and BREACH); passwords and tokens are never compressed,
 * because COMPRESS comes after the log-in. */
#ifndef MAILACCESS_IMAP_COMPRESS_H
#define MAILACCESS_IMAP_COMPRESS_H

#include "imap.h"

#ifdef __cplusplus
extern "C" {
#endif

/* COMPRESS DEFLATE (RFC 4978 section 3), once a session, after the log-in. Commands queued later
 * wait for its answer and then go through the new layer; after mla_session_attach() the session
 * then wants MLA_WANT_COMPRESS. *out_ticket: the command's. A server that compresses already
 * answers NO with MLA_IMAP_CODE_COMPRESSIONACTIVE; the session goes on without. 0, MLA_E_ARG,
 * MLA_E_STATE (not logged in), MLA_E_UNSUPPORTED (zlib is not built in), MLA_E_NOMEM; the DONE
 * event may say MLA_E_UNSUPPORTED (the server does not announce COMPRESS=DEFLATE) or MLA_E_STATE
 * (compression is on). */
MLA_API int mla_imap_compress(mla_imap *s, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
