/* charset_names.h - what the names of character sets mean: those of IANA and of the WHATWG's
 * Encoding Standard, and those that mail programs have made up. */
#ifndef MLA_CODEC_CHARSET_NAMES_H
#define MLA_CODEC_CHARSET_NAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
    CHARSET_KIND_GUESS, /* no set at all: UTF-8 where it is valid, else Windows-1252 */
    CHARSET_KIND_UTF8,
    CHARSET_KIND_ASCII,
    CHARSET_KIND_SINGLE, /* argument: which row of charset_high */
    CHARSET_KIND_UTF16,  /* argument: 0 little, 1 big, 2 as the mark says */
    CHARSET_KIND_UTF32,
    CHARSET_KIND_UTF7,
    CHARSET_KIND_DOUBLE, /* argument: CHARSET_GB and so on */
    CHARSET_KIND_JOHAB,
    CHARSET_KIND_ISO2022JP,
    CHARSET_KIND_ISO2022KR,
    CHARSET_KIND_ISO2022CN,
    CHARSET_KIND_HZ,
    CHARSET_KIND_OTHER /* whatever iconv has under the name */
};

/* Sets of characters of more than one octet, whose tables are the C library's. */
enum { CHARSET_GB, CHARSET_KR, CHARSET_SJIS, CHARSET_JP, CHARSET_BIG5, CHARSET_TW, CHARSET_ANY };

struct charset_row {
    char name[16]; /* the preferred one, lower case */
    uint8_t kind;
    uint8_t arg;
};

enum { CHARSET_ALIAS = 22 };

struct charset_alias {
    char name[CHARSET_ALIAS + 1]; /* letters and digits only */
    uint8_t row;
};

/* charset_table.c */
extern const uint16_t charset_high[][128]; /* 0: not assigned */
extern const struct charset_row charset_rows[];
extern const size_t charset_row_count;
extern const struct charset_alias charset_aliases[]; /* sorted */
extern const size_t charset_alias_count;

/* The row for a name as it stands in a message: white space, quotes, an RFC 2231 language and
 * whatever is neither letter nor digit do not count. NULL when none is known. */
const struct charset_row *charset_find(const char *name, size_t len);

#endif
