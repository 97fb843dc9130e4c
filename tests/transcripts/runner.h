/* runner.h - plays written conversations against the public interface, in many ways each.
 *
 * A transcript is a text file. Empty lines and lines that begin with "#" say nothing to the
 * machine. Every other line is a step:
 *
 *   OPTIONS: security=none cleartext=1     before all others; see below
 *   S: +OK ready          the server sends this and CRLF
 *   S-: half a line       the same without CRLF
 *   S*500: 1 120          the same as S:, 500 times
 *   C: CAPA               the client must have sent exactly this and CRLF since the last C step.
 *                         Consecutive C lines are one expectation
 *   C-: bytes             the same without CRLF
 *   E: DONE t2 OK         the next line of the event log must be this; with a final "*" it must
 *                         begin like this
 *   DO: retr 1 "a b"      calls a function of the library; words are separated by spaces and may be
 *                         in quotes. What commands there are is said in run_imap.c and run_pop3.c
 *   TLS: verified         the session must want TLS; it comes up. Also "TLS: unverified"
 *   COMPRESS:             the same for DEFLATE. Where it is wanted while a block of S is received,
 * the layer comes up at once and the rest is what came out of the inflater TICK: 30000           so
 * many milliseconds pass EOF: clean            the server closes, with close_notify where there is
 * TLS; or "EOF: cut" WANT: read close      exactly these bits are wanted now: read write now tls
 * compress close NOTSENT:              the client must have sent nothing since the last C step, and
 * whatever is still waiting to be sent at the end is no fault
 *
 * In S, C, E and quoted words: \r \n \t \0 \\ \" and \xHH. In C, \(name) stands for a run of
 * letters and digits that is bound to that name where it is met first; later, and in S and E, it is
 * what it was bound to (IMAP's tags). A run of S and E lines is one block: all of S is received,
 * then all of E is looked at; so "whole" means as much as the server may send at once.
 *
 * Before the first step the session is attached; that ticket is t1. Tickets are named t1, t2, ...
 * in the order in which calls gave them out; "-" is no ticket. With security=tls TLS is up from the
 * beginning.
 *
 * OPTIONS: security=tls|starttls|none (tls), verified=0|1 (1), cleartext=0|1, insecure=0|1,
 * compress=0|1, rev1=0|1, mechanisms="PLAIN LOGIN", limit.response=N, .inline, .depth, .queue,
 * .capabilities, .event, deadline.connect=MS, .silence, .answer, .bulk, .idle,
 * .command, .probe, .quiet.
 *
 * The log has, beside what the protocol's own printer writes:
 *   FATAL MLA_E_PROTOCOL: words       the session is dead (once)
 *   REFUSED retr MLA_E_STATE: words   the call returned an error
 *
 * Each file is played: whole; one octet at a time; cut in two at each place; cut at random places
 * 200 times (-s SEED, printed) with random short writes (-e N: each n-th place and time); with
 * memory that ends at pages nobody may touch; and with each allocation failing, once and from then
 * on. The log must always be the same; with failing memory the same or ended by MLA_E_NOMEM, and
 * nothing may leak. */
#ifndef RUNNER_H
#define RUNNER_H

#include "mailaccess/mailaccess.h"

#include <stddef.h>
#include <stdint.h>

struct runner;

/* One word of a DO line, with a final NUL behind its octets. */
struct runner_word {
    char *ptr;
    size_t len;
};

struct runner_protocol {
    /* Makes a handle. */
    int (*open)(mla_config *cfg, void **out_handle, mla_error *out_err);
    void (*close)(void *handle);
    mla_session *(*session)(void *handle);
    /* Does what words[0] says. *out_rc is what the library returned, *out_ticket the ticket it gave
     * (0: none). 0: there is no such command, or too few words. */
    int (*command)(struct runner *r, void *handle, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket);
    /* Calls the protocol's next(); prints the event. What next() returned. */
    int (*next)(struct runner *r, void *handle);
};

/* Plays the files named, or every *.txt of the folder named. Prints TAP. The exit code. */
int runner_main(const struct runner_protocol *protocol, int argc, char **argv);

/* --- for printers --- */

#if defined(__GNUC__)
#define RUNNER_PRINTF __attribute__((format(printf, 2, 3)))
#else
#define RUNNER_PRINTF
#endif

/* Adds one line to the event log. */
void runner_log(struct runner *r, const char *fmt, ...) RUNNER_PRINTF;
/* "t3", or "-" for 0. */
const char *runner_ticket(struct runner *r, uint64_t ticket);
/* The octets with a quote on each side and escapes where needed; NIL for a NULL ptr. More than 1024
 * octets are shown as a number and a hash. Good until the run ends. */
const char *runner_quote(struct runner *r, const void *ptr, size_t len);
/* Octets of bulk data: pieces that follow each other are one line, "LABEL @OFFSET quoted". */
void runner_chunk(struct runner *r, const char *label, uint64_t offset, const void *ptr,
                  size_t len);
/* Words as numbers. 0 when it is none. */
uint64_t runner_number(const struct runner_word *w);

#endif
