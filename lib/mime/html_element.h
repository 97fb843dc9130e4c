/* html_element.h - what the elements of HTML mean for a text: see html.h */
#ifndef MLA_MIME_HTML_ELEMENT_H
#define MLA_MIME_HTML_ELEMENT_H

#include "mime/html.h"

/* Text of the document. */
void html_text(struct html *h, const char *p, size_t n);
/* The attribute in attr and value is complete. */
void html_attribute(struct html *h);
/* The tag in name, with what its attributes said, is complete. */
void html_element(struct html *h);
/* Says where the link leads that is open. */
void html_link_end(struct html *h);
/* One octet, in any state. */
void html_octet(struct html *h, int c);

#endif
