/* roots.h - where certificates to trust are found: files, folders, the system's own places. */
#ifndef MLA_NET_ROOTS_H
#define MLA_NET_ROOTS_H

#include "net/tls.h"

/* A PEM file. 0, MLA_E_ARG (not readable, no certificate in it), MLA_E_NOMEM. */
int roots_add_file(struct tls_roots *r, const char *path, mla_error *err);
/* Each file of a folder; one of them at least must hold a certificate. */
int roots_add_path(struct tls_roots *r, const char *path, mla_error *err);
/* The file that SSL_CERT_FILE names, or else the first of the places known for Linux, BSD and
 * macOS. 0 even when there is none (the count stays 0), MLA_E_ARG when SSL_CERT_FILE is no good,
 * MLA_E_NOMEM. */
int roots_add_system(struct tls_roots *r, mla_error *err);

#endif
