/* peer.h - a server for one connection, on a thread of its own, that does what a script says. */
#ifndef PEER_H
#define PEER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct peer_tls;
/* What a TLS server remembers of its clients from one connection to the next. */
struct peer_memory;

struct peer {
    void (*script)(struct peer *p);
    void *arg;
    const char *cert;        /* NAME of tests/certs/make.sh; NULL: "right" */
    const char *alpn;        /* the protocol that it speaks; NULL: both; "": it knows no ALPN */
    const char *forced_alpn; /* it says that this one was agreed on, whatever was offered */
    int max_tls;        /* 0: the newest; 12: not 1.3; 10, 11: only that old, where the TLS library
                           still can */
    int plain_secret;   /* it knows no extended master secret (RFC 7627) */
    int renegotiates;   /* it is ready to, in TLS 1.2 */
    int many_tickets;   /* 0: as usual; how many it sends in TLS 1.3, with memory */
    int receive_buffer; /* 0: the system's */
    int port;
    int listen_fd;
    int fd;                     /* the connection, -1 before and after */
    char sni[128];              /* the server name that the client asked for */
    int alpn_is_imap;           /* the client offered that and got it */
    size_t octets;              /* what the script counted */
    char line[512];             /* the last one that peer_line() read */
    int handshake;              /* what peer_tls() returned */
    struct peer_memory *memory; /* NULL: no client can take a session up again */
    int asks_client;            /* for a certificate */
    char client[128];           /* ... whose subject was this; "" when none came */
    struct peer_tls *tls;
    pthread_t thread;
};

/* Where the certificates are; set by main(). */
extern const char *peer_certs;

/* Listens on a free port of 127.0.0.1 (6: of ::1) and runs script on a thread. 0 when that works.
 */
int peer_start(struct peer *p, void (*script)(struct peer *p), int family);
/* A socket connected to it. */
int peer_dial(const struct peer *p);
/* 1 when the TLS library can play a server of TLS 1.0 and 1.1. */
int peer_has_old_tls(void);
/* 1 when the TLS library knows curves that are too small; mbedTLS 4 has none left, and cannot even
 * read such a key. */
int peer_has_weak_curves(void);
/* tickets: they go to the client (RFC 5077); else the server keeps its sessions itself. */
struct peer_memory *peer_memory_new(int tickets);
/* One that gives out tickets of random octets, and takes none back. */
struct peer_memory *peer_memory_mad(void);
void peer_memory_free(struct peer_memory *m);
/* The newest TLS that the library has been built with: 12 or 13. */
int peer_newest_tls(void);
/* Waits for the thread. */
void peer_stop(struct peer *p);

/* For scripts; each gives up after some seconds. 1 when it went well. */
int peer_accept(struct peer *p);
int peer_say(struct peer *p, const char *text);
int peer_send(struct peer *p, const void *data, size_t n);
/* Reads at most n octets: how many, 0 at the end, less for an error. */
long peer_read(struct peer *p, void *to, size_t n);
/* Reads one line into p->line, without its end. */
int peer_line(struct peer *p);
/* Reads until the client closes: 1 when that was in order (close_notify, where there is TLS). */
int peer_wait_close(struct peer *p);
/* The handshake: 1 or 0. */
int peer_tls(struct peer *p);
/* Asks the client for another handshake (RFC 5246 section 7.4.1.1), n times or until that cannot be
 * sent: 1; 0 when the TLS library cannot. */
int peer_hello_requests(struct peer *p, int n);
/* Sends a handshake message of that type n times, or until that cannot be sent, under the keys of
 * the connection and behind its handshake, which is over. */
void peer_handshake_messages(struct peer *p, int type, const void *body, size_t len, int n);
/* Closes; clean: with close_notify. */
void peer_close(struct peer *p, int clean);

/* Sleeps. */
void peer_nap(int ms);

#endif
