/* resp_read.h - the readers behind imap_resp_parse(), one file each. Private to them.
 *
 * All return 0, MLA_E_NOMEM, or one of ILEX_*; l then stands wherever it got. Records are zeroed by
 * their allocation; what an answer did not hold stays so. */
#ifndef MLA_IMAP_RESP_READ_H
#define MLA_IMAP_RESP_READ_H

#include "imap/lex.h"
#include "mailaccess/imap_admin_types.h"
#include "mailaccess/imap_command_types.h"

struct ilex_ranges;

/* resp_misc.c */

/* A parenthesised list of flags or attributes: NIL in it is skipped, strings are taken as words. */
int imap_read_word_list(struct ilex *l, struct ilex_words *w);
/* Words up to the end of the line or `stop`, at most max of them: more are left with a warning. */
int imap_read_words(struct ilex *l, int stop, size_t max, const mla_str **out, size_t *out_count);
int imap_read_flags(struct ilex *l, struct mla_imap_event *ev);
uint32_t imap_flag_of(mla_str word);

/* resp_value.c: whatever stands up to the end of the line, as a tree. */
int imap_read_values(struct ilex *l, const mla_imap_value **out);
/* An answer of an unknown kind; from: where it begins behind "*". */
int imap_read_other(struct ilex *l, const uint8_t *from, struct mla_imap_event *ev);

/* resp_code.c: the rest of a status line behind OK, NO ... */
int imap_read_text(struct ilex *l, const mla_imap_code **out_code, mla_str *out_text);

/* resp_fetch.c: behind "FETCH" */
int imap_read_fetch(struct ilex *l, uint32_t seq, struct mla_imap_event *ev);
/* RFC 9586 section 3.3: the same, by UID; there is no number then. */
int imap_read_uidfetch(struct ilex *l, uint32_t uid, struct mla_imap_event *ev);
/* From "[" to "]", both taken. */
int imap_read_section_name(struct ilex *l, mla_str *out);

/* resp_fetch_more.c: an item of an extension, whose name begins at l. 1: it was read into f and
 * *more (NULL before the first); 0: it is not known, l is where it was. */
struct imap_fetch_more;
int imap_read_fetch_more(struct ilex *l, mla_imap_fetch *f, struct imap_fetch_more **more);

/* resp_envelope.c, resp_body.c: NIL leaves *out at NULL */
int imap_read_envelope(struct ilex *l, const mla_imap_envelope **out);
int imap_read_body(struct ilex *l, const mla_imap_body **out);

/* resp_body_strict.c: kind, by type. */
void imap_body_set_kind(mla_imap_body *b);
/* Behind its "(", a part that has no parts and is no message; behind the parts of a multipart and a
 * blank, what follows them. As strict.h has it; NULL: what b holds means nothing. */
const uint8_t *imap_strict_leaf(struct ilex *l, const uint8_t *p, mla_imap_body *b);
const uint8_t *imap_strict_multipart(struct ilex *l, const uint8_t *p, mla_imap_body *b);

/* resp_param.c: RFC 2231 parameters among the names and values of w, which become plain ones. */
int imap_join_params(struct ilex *l, struct ilex_words *w);

/* resp_list.c, resp_status.c */
enum { IMAP_LIST_LIST = 0, IMAP_LIST_LSUB = 1, IMAP_LIST_XLIST = 2 };
int imap_read_list(struct ilex *l, int kind, struct mla_imap_event *ev);
int imap_read_status(struct ilex *l, struct mla_imap_event *ev);

/* A mailbox name and the blanks behind it; *out is UTF-8, or the same octets where it cannot be
 * decoded, with a final NUL. */
int imap_read_box(struct ilex *l, mla_str *out_raw, mla_str *out);
/* A hierarchy delimiter; 0 for NIL, and with a warning for what cannot be one. */
int imap_read_delimiter(struct ilex *l, uint32_t *out);

/* resp_acl.c, resp_quota.c, resp_metadata.c, resp_server.c: arg says nothing */
int imap_read_acl(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_list_rights(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_my_rights(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_quota(struct ilex *l, int arg, struct mla_imap_event *ev);
/* resp_urls.c; arg: the kind of event */
int imap_read_urls(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_quota_root(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_metadata(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_id(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_namespace(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_language(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_comparator(struct ilex *l, int arg, struct mla_imap_event *ev);
int imap_read_jmap_access(struct ilex *l, int arg, struct mla_imap_event *ev);

/* resp_batch.c */
enum {
    IMAP_LINE_SEARCH = 1,
    IMAP_LINE_ESEARCH = 2,
    IMAP_LINE_VANISHED = 3,
    IMAP_LINE_SORT = 4,
    IMAP_LINE_THREAD = 5,
    IMAP_LINE_UIDBATCHES = 6
};
int imap_read_numbers(struct ilex *l, int kind, struct mla_imap_event *ev);

/* resp_ranges.c */

/* Growing list of ranges, as ilex_words. */
struct ilex_ranges {
    mla_range *items;
    size_t count;
    size_t room;
    mla_range first[32];
};
void ilex_ranges_init(struct ilex_ranges *r);
int ilex_ranges_add(struct ilex *l, struct ilex_ranges *r, mla_range range);
/* The same, but a range that goes on where the last one ended makes that one longer. */
int ilex_ranges_join(struct ilex *l, struct ilex_ranges *r, mla_range range);
int ilex_ranges_done(struct ilex *l, struct ilex_ranges *r, const mla_range **out,
                     size_t *out_count);
/* One number or a:b, both 1 to 2^32-1. 0, ILEX_RANGE, ILEX_BAD. */
int ilex_range(struct ilex *l, mla_range *out);
/* A set: ranges with commas between them, as written. */
int ilex_set(struct ilex *l, const mla_range **out, size_t *out_count);

/* Growing list of items of one size, in the arena; items is NULL while there are none. */
struct ilex_list {
    char *items;
    size_t count;
    size_t room;
    size_t size;
};
void ilex_list_init(struct ilex_list *list, size_t size);
int ilex_list_add(struct ilex *l, struct ilex_list *list, const void *item);

#endif
