/* ask.h - asks a person about a certificate that is not trusted. */
#ifndef ASK_H
#define ASK_H

#include <mailaccess/certificate_types.h>

/* Shows on the terminal what there is to know, and wants "yes" in full. 1 when that came; 0 for
 * anything else, and where there is no terminal. */
int ask_certificate(const mla_certificate_chain *q);

#endif
