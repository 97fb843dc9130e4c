/* packer.h - a peer that compresses (RFC 4978), for the scripts of servers */
#ifndef PACKER_H
#define PACKER_H

#include "peer.h"

#include <zlib.h>

enum { WIRE_MAX = 1 << 20 };

#define GREETING "* PREAUTH [CAPABILITY IMAP4rev1 IDLE COMPRESS=DEFLATE] hi\r\n"

struct packer {
    z_stream out;
    z_stream in;
    uint8_t wire[WIRE_MAX];
    size_t len; /* of wire: not sent yet */
};

struct packer *packer_new(void);
void packer_free(struct packer *z);
/* Compresses octets to z->wire. */
void pack(struct packer *z, const void *text, size_t n, int flush);
void pack_text(struct packer *z, const char *text);
/* Sends what is there: 1 when that went well. */
int packer_ship(struct peer *p, struct packer *z);
/* Reads one compressed line into p->line, without its end. 1, or 0 at the end. */
int packed_line(struct peer *p, struct packer *z);
/* "TAG OK..." for the line that was read last. */
void packer_answer(const struct peer *p, const char *text, char *out, size_t max);
/* The greeting, over TLS when p->arg is set, then COMPRESS is answered; what z holds goes out with
 * the answer, in one packet. 1 when that went well. */
int packer_begin(struct peer *p, struct packer *z);

#endif
