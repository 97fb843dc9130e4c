/* value.h - decoded values of a part's header, made when they are asked for.
 *
 * Functions that hand out memory return 0 and a text that is the caller's (free it with the tree's
 * allocator), MLA_E_NOT_FOUND or MLA_E_NOMEM. Warnings go to w, which may be NULL. */
#ifndef MLA_MIME_VALUE_H
#define MLA_MIME_VALUE_H

#include "base/buf.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/tree.h"
#include "mime/warn.h"

/* The character set that raw octets above 127 in the part's header probably have; NULL: unknown. */
const char *value_charset(const struct mla_part *part);
/* The nth field of that name as UTF-8 text. */
int value_text(const struct mla_part *part, const char *name, uint32_t nth, struct warn_set *w,
               char **out_text, size_t *out_len);
/* What stands before the first ";" of a field, in lower case. */
int value_first_word(const struct mla_part *part, const char *name, char **out_text,
                     size_t *out_len);
/* A parameter of a field as UTF-8 text. */
int value_param(const struct mla_part *part, const char *name, const char *param,
                struct warn_set *w, char **out_text, size_t *out_len);
/* Content-Disposition's filename, else Content-Type's name. */
int value_filename(const struct mla_part *part, struct warn_set *w, char **out_text,
                   size_t *out_len);
/* All fields of that name, their addresses in one list, which is initialised here. */
int value_addresses(const struct mla_part *part, const char *name, struct warn_set *w,
                    struct address_list *out);
/* The first field of that name. MLA_E_SYNTAX when it is no date. */
int value_date(const struct mla_part *part, const char *name, struct date *out);

/* A list of texts in one arena. */
struct text_list {
    const struct mem *mem;
    struct arena arena;
    mla_str *items;
    size_t count;
    size_t cap;
};
void text_list_init(struct text_list *l, const struct mem *mem);
void text_list_free(struct text_list *l);
/* A copy of what b holds. 0 or MLA_E_NOMEM. */
int text_list_add(struct text_list *l, const struct buf *b);
/* The message-ids of one field's value, brackets included, at most max. 0 or MLA_E_NOMEM. */
int value_ids_of(struct text_list *l, const uint8_t *p, size_t n, uint32_t max, struct warn_set *w,
                 uint64_t base);
/* The message-ids of all fields of that name. */
int value_ids(const struct mla_part *part, const char *name, struct warn_set *w,
              struct text_list *out);
/* A text part's octets decoded and converted to UTF-8. */
int value_body_text(const struct mla_part *part, struct warn_set *w, char **out_text,
                    size_t *out_len);

#endif
