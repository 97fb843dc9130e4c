/* secret.h - where the password comes from; it is wiped after use. */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

enum { SECRET_MAX = 65536 };

struct secret {
    char *text; /* NUL-terminated; NULL: none */
    size_t len;
};

/* Each: 0, or an exit status after a line on stderr. Of a file and of a command's output the first
 * line counts, without its line end. A NUL in it is refused. */
int secret_from_file(struct secret *s, const char *path);
int secret_from_env(struct secret *s, const char *name);
int secret_from_command(struct secret *s, const char *command);
/* Asks on the terminal, without echo. */
int secret_from_terminal(struct secret *s, const char *user, const char *host);

/* Overwrites and frees. */
void secret_wipe(struct secret *s);

#endif
