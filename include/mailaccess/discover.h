/* discover.h - from a mail address to the servers that have its mail.
 *
 *     mla_discover_args args = {.struct_size = sizeof args, .address = "alice@example.org"};
 *
 *     mla_discover_new(NULL, &args, &d, &err);
 *     while ((rc = mla_discover_step(d, -1, &ev)) == 1)
 *         ;                                       (or fetch what EV_URL names, and give it)
 *     best = mla_discover_candidate_at(d, 0);     (host, port, security, user: mla_connect_args)
 *     mla_discover_free(d);
 *
 * A table in the library knows the large providers; then nobody is asked. Else DNS is (SRV and MX),
 * on threads, so that nothing blocks but mla_discover_step(). Files of autoconfig are for the
 * caller to fetch, since the library speaks no HTTP: mla_discover_give() may be called at any time
 * between new and free. What was learnt is a list in which the best comes first; it grows and is
 * sorted anew as answers come in. Nothing is offered without TLS unless the caller says so, and
 * nothing was tried: connecting, with the certificate verified, is what shows that a server is
 * there.
 *
 * In an event loop: watch mla_discover_fd() for mla_discover_wants(), wake up after
 * mla_discover_timeout_ms(), then call mla_discover_process() and mla_discover_next() until it
 * returns 0. Ask for fd, wants and timeout anew each time.
 *
 * One thread at a time may use the handle; mla_discover_interrupt() alone may be called from any.
 */
#ifndef MAILACCESS_DISCOVER_H
#define MAILACCESS_DISCOVER_H

#include "config.h"
#include "discover_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_discover mla_discover;
typedef struct mla_discover_event mla_discover_event;

/* Begins; nothing is asked before the first step or process. cfg: whose allocator is used, and
 * whose proxy keeps DNS from being asked; NULL: the defaults; it is frozen and held. The record and
 * its texts are copied. *out_d is yours until mla_discover_free(), NULL on failure. 0, MLA_E_ARG
 * (*out_err says why: this is no mail address, an unknown bit, the name server is no IPv4 address),
 * MLA_E_UNSUPPORTED (a field that this version does not know), MLA_E_NOMEM. out_err may be NULL. */
MLA_API int mla_discover_new(mla_config *cfg, const mla_discover_args *args, mla_discover **out_d,
                             mla_error *out_err);
/* Frees everything; questions still under way are forgotten, and their threads end by themselves.
 * NULL is accepted. */
MLA_API void mla_discover_free(mla_discover *d);

/* The descriptor to watch, -1 when only the timeout matters. */
MLA_API int32_t mla_discover_fd(const mla_discover *d);
/* MLA_WANT_READ, MLA_WANT_NOW (session.h) or 0. */
MLA_API uint32_t mla_discover_wants(const mla_discover *d);
/* Milliseconds until process() wants to be called even if nothing happens; -1: never; 0: now. */
MLA_API int32_t mla_discover_timeout_ms(const mla_discover *d);
/* Asks, takes answers and keeps time without ever blocking. 1: ask for events; 0: nothing new;
 * MLA_E_ARG, MLA_E_NOMEM (what was learnt so far can still be read). */
MLA_API int mla_discover_process(mla_discover *d);

/* The next event without waiting: 1, and *out_ev is borrowed from d until the next call of
 * next, step or free; 0: none now. MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_discover_next(mla_discover *d, const mla_discover_event **out_ev);
/* The same, and waits for one, at most timeout_ms (-1: as long as the deadline of the whole
 * allows). 1: an event; 0: EV_DONE was told already; MLA_E_TIMEOUT; MLA_E_CANCELLED after
 * mla_discover_interrupt(); MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_discover_step(mla_discover *d, int32_t timeout_ms,
                              const mla_discover_event **out_ev);
/* Makes the step that waits now, or else the next one, return MLA_E_CANCELLED; it may be called
 * again. Any thread, and signal handlers, at any time between new and free. 0, MLA_E_ARG. */
MLA_API int mla_discover_interrupt(mla_discover *d);

/* MLA_DISCOVER_EV_*; 0 for NULL. */
MLA_API int32_t mla_discover_event_type(const mla_discover_event *ev);
/* The event's record, borrowed from the event; NULL when it is of another type. */
MLA_API const mla_discover_url *mla_discover_event_url(const mla_discover_event *ev);
MLA_API const mla_discover_lookup *mla_discover_event_lookup(const mla_discover_event *ev);

/* Hands over the autoconfig file that the URL id stands for: len octets of XML, which are not kept.
 * verified: 1 when it came by https from that very host with the certificate verified, redirections
 * to http or to other domains not followed; else 0, and what it says about hosts outside the domain
 * is marked MLA_DISCOVER_CONFIRM, and provider, help_url and oauth_* are left out: pages that ask
 * for passwords. Its candidates are in the list at once. *out_count (NULL is accepted) says how
 * many it named. 0;
 *   MLA_E_SYNTAX      it is no such file, or not well-formed, or has a DTD; nothing was taken
 *   MLA_E_LIMIT       it is larger than 256 KiB, or has too much of something
 *   MLA_E_UNSUPPORTED expat is not built in
 *   MLA_E_ARG         no such id
 *   MLA_E_NOMEM
 * mla_discover_error() says more. */
MLA_API int mla_discover_give(mla_discover *d, uint32_t id, const uint8_t *data, size_t len,
                              int32_t verified, uint32_t *out_count);

/* How many candidates there are now. */
MLA_API uint32_t mla_discover_candidate_count(const mla_discover *d);
/* Candidate i, the best first: by source in the order of MLA_DISCOVER_FROM_*; TLS from the first
 * octet before STARTTLS (RFC 8314); IMAP before POP3 unless the domain prefers the other one
 * (RFC 6186 section 3.3). Borrowed from d until the next call of process, next, step, give or free;
 * NULL when there is no such one. */
MLA_API const mla_discover_candidate *mla_discover_candidate_at(const mla_discover *d, uint32_t i);

/* The address's domain in ASCII, as DNS is asked for it: borrowed from d until it is freed. */
MLA_API const char *mla_discover_domain(const mla_discover *d);

/* Copies what the last failed call has to say; code 0 when there is nothing. */
MLA_API void mla_discover_error(const mla_discover *d, mla_error *out_err);

#ifdef __cplusplus
}
#endif

#endif
