/* set.h - sets of UIDs and lists of flags, as written on the command line. */
#ifndef SET_H
#define SET_H

#include <mailaccess/imap.h>

#include <stddef.h>

/* "4,7:9,20:*" as ranges; 0 stands for "*". They are the caller's: free(*out). The first: 0, or an
 * exit status after a line on stderr. The second: 0, or -1 and nothing said (*out is NULL). */
int set_parse(const char *text, mla_range **out, size_t *out_count);
int set_read(const char *text, mla_range **out, size_t *out_count);
/* 1 when uid is in the set; last is what "*" stands for. */
int set_has(const mla_range *ranges, size_t count, uint32_t uid, uint32_t last);

/* Ranges that grow while ascending UIDs are added. */
struct set {
    mla_range *ranges;
    size_t count, room;
};
/* 0, or -1 without memory. */
int set_add(struct set *s, uint32_t uid);
int set_add_range(struct set *s, uint32_t first, uint32_t last);
void set_free(struct set *s);
/* The text of ranges, "4,7:9,20:*", into a buffer; cut short with "..." when it does not fit. */
void set_print(char *dst, size_t size, const mla_range *ranges, size_t count);

/* Flags by their bits, and keywords; words are slices of what was parsed. */
struct flag_list {
    uint32_t flags; /* MLA_IMAP_FLAG_* */
    mla_str keywords[64];
    size_t keyword_count;
};
/* One word: "\Seen" or "seen" for the flags of RFC 9051 section 2.3.2, else a keyword. 0, or an
 * exit status after a line on stderr. */
int flag_list_add(struct flag_list *l, const char *word, size_t len);
/* "seen,$Junk". */
int flag_list_parse(struct flag_list *l, const char *text);

#endif
