/* via.h - the proxy that a server is reached through. */
#ifndef VIA_H
#define VIA_H

#include <mailaccess/config.h>

struct cli_options;

/* Puts what the options say about a proxy into cfg. 0, or an exit status after a line on stderr. */
int via_load(mla_config *cfg, const struct cli_options *o);

#endif
