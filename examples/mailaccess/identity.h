/* identity.h - the certificate that tells a server who we are. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <mailaccess/config.h>

/* Reads the PEM files and puts them into cfg. cert NULL: there is none; key NULL: it is in the
 * certificate's file. 0, or an exit status after a line on stderr. */
int identity_load(mla_config *cfg, const char *cert, const char *key);

#endif
