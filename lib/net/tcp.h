/* tcp.h - a stream over TCP, connected in the way of RFC 8305, or over a socket handed over. */
#ifndef MLA_NET_TCP_H
#define MLA_NET_TCP_H

#include "net/stream.h"

/* TCP keep-alive (RFC 9293 section 3.8.4): after idle_s of silence the system asks every
 * interval_s, and count questions without an answer end the connection. idle_s 0: off. */
struct tcp_alive {
    uint32_t idle_s;
    uint32_t interval_s;
    uint32_t count;
};

/* Makes the stream; open() then resolves and connects. host is ASCII and copied. 0, MLA_E_NOMEM,
 * MLA_E_RESOLVE, MLA_E_CONNECT. */
int tcp_connect(const struct mem *mem, const char *host, uint32_t port,
                const struct tcp_alive *alive, struct stream **out, mla_error *err);
/* Makes the stream over a connected stream socket and owns it from now on; on failure it is the
 * caller's still. MLA_E_ARG when it is none. */
int tcp_adopt(const struct mem *mem, int fd, const struct tcp_alive *alive, struct stream **out,
              mla_error *err);

/* The socket is not the stream's any more. */
void tcp_release(struct stream *s);

/* Begins a turn: what an earlier short read said about would-block is forgotten. */
void tcp_turn(struct stream *s);
/* 1 when octets came since then. */
int tcp_heard(const struct stream *s);

/* A caller watches the descriptor of ops->fd() by its number, and would watch somebody else's if
 * the number were given out again before the caller has looked. So the one that was watched while
 * connecting stays open, good for nothing, until the caller has seen the next: then this is called.
 */
void tcp_seen(struct stream *s);
/* The descriptor that the caller watches, for an end of the stream that the caller does not know of
 * yet: the peer is told that it is over, and whoever called this closes the descriptor. -1: none.
 */
int tcp_leave(struct stream *s);
/* What open() is about, for messages: "resolving NAME", "connecting to NAME port N", "". */
const char *tcp_stage(const struct stream *s);
/* The peer's address as text once connected; "" before, and where it has none. */
enum { TCP_PEER = 64 };
void tcp_peer(const struct stream *s, char out[TCP_PEER]);

/* How long one address has before the next is tried beside it (RFC 8305 section 8). */
enum { TCP_STAGGER_MS = 250 };

#endif
