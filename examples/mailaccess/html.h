/* html.h - the words of an HTML text, for a terminal. Nothing is fetched, nothing is run. */
#ifndef HTML_H
#define HTML_H

#include <stddef.h>

/* UTF-8 in and out. *out is the caller's: free(). 0, or -1 without memory. */
int html_to_text(const char *html, size_t len, char **out, size_t *out_len);

#endif
