/* html_entity.h - character references of HTML ("&eacute;", "&#233;"), to UTF-8. */
#ifndef MLA_MIME_HTML_ENTITY_H
#define MLA_MIME_HTML_ENTITY_H

#include <stddef.h>
#include <stdint.h>

enum {
    HTML_ENTITIES = 2125,
    HTML_ENTITY_NAME = 31, /* the longest name, without "&" and ";" */
    HTML_ENTITY_TEXT = 8   /* room for what one stands for */
};

extern const char html_entity_text[];
extern const uint16_t html_entity_at[HTML_ENTITIES];

/* Reads the reference that begins at p ("&"), of which n octets are there and no more will come.
 * Returns how many of them it has, 0 when there is none; its text is in out, *out_len octets.
 * in_value: in an attribute, where "&copy=" is a piece of a URL (HTML 13.2.5.73). */
size_t html_entity(const char *p, size_t n, int in_value, char out[HTML_ENTITY_TEXT],
                   size_t *out_len);

#endif
