/* verdict.h - what is wrong with a server's certificate, in words that a person understands. */
#ifndef MLA_NET_VERDICT_H
#define MLA_NET_VERDICT_H

#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

/* The same numbers as MLA_CERT_*. */
enum {
    VERDICT_EXPIRED = 1,
    VERDICT_FUTURE = 2,
    VERDICT_NAME = 4,
    VERDICT_UNKNOWN_ROOT = 8,
    VERDICT_SELF_SIGNED = 16,
    VERDICT_WEAK_KEY = 32,
    VERDICT_WEAK_HASH = 64,
    VERDICT_USAGE = 128,
    VERDICT_PIN = 256,
    VERDICT_OTHER = 512,
    VERDICT_CONSTRAINTS = 1024
};

enum { VERDICT_DATE = 24, VERDICT_NAMES = 112 };

struct verdict {
    uint32_t why; /* VERDICT_*; 0: good */
    int chain;    /* the dates are those of a certificate that vouches for the server's */
    char until[VERDICT_DATE]; /* "2002-01-01" */
    char since[VERDICT_DATE];
    char names[VERDICT_NAMES]; /* whom the certificate is for, as many as fit */
    size_t names_len;
    size_t names_left; /* how many did not fit */
};

/* Writes a date; years outside 0...9999 become "an odd date". */
void verdict_date(char out[VERDICT_DATE], int year, int month, int day);
/* Adds one name of the certificate, any octets. */
void verdict_name(struct verdict *v, const char *name, size_t len);
/* Fills *err with the gravest reason; returns MLA_E_CERT. */
int verdict_fail(const struct verdict *v, const char *host, int have_roots, mla_error *err);
/* The same for this one of its reasons. */
int verdict_fail_one(const struct verdict *v, uint32_t why, const char *host, int have_roots,
                     mla_error *err);

#endif
