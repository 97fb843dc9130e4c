/* tnef.h - Microsoft's container for what MIME has other ways for ([MS-OXTNEF]). */
#ifndef MLA_MIME_TNEF_H
#define MLA_MIME_TNEF_H

#include "mime/embed.h"

/* 1 when the octets begin as TNEF does. */
int tnef_is(const uint8_t *p, size_t n);
/* Lists what is in n octets at p, which must live as long as the list. What is cut or broken ends
 * it. 0 or MLA_E_NOMEM. */
int tnef_list(const uint8_t *p, size_t n, struct embed_list *l);

#endif
