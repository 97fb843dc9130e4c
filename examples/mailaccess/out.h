/* out.h - what goes to standard output: JSON lines or columns, and nothing a terminal would obey.
 *
 * Text from a server or a message never reaches a terminal as it is. For a person, control
 * characters (C0, DEL, C1), invisible characters and those that turn the writing direction are
 * shown as \xNN or \u{NNNN}. In JSON they are written as \uNNNN, and what is not UTF-8 becomes
 * U+FFFD. */
#ifndef OUT_H
#define OUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct out {
    FILE *file;
    int json;       /* JSON lines; else columns */
    int need_comma; /* JSON: something stands before on this level */
    size_t column;  /* columns: characters still to pad before the next one */
};

void out_init(struct out *o, FILE *file, int json);
/* Writes what is buffered. 0, or the errno of the first write that failed. */
int out_flush(struct out *o);

/* --- JSON: key is NULL for the items of an array --- */
void json_begin(struct out *o); /* a line: the outer object */
void json_end(struct out *o);
void json_text(struct out *o, const char *key, const char *text, size_t len);
void json_string(struct out *o, const char *key, const char *text); /* NUL-terminated */
void json_number(struct out *o, const char *key, uint64_t value);
void json_signed(struct out *o, const char *key, int64_t value);
void json_bool(struct out *o, const char *key, int value);
void json_array(struct out *o, const char *key);
void json_array_end(struct out *o);
void json_object(struct out *o, const char *key);
void json_object_end(struct out *o);

/* --- for a person --- */

/* One column, padded to width characters before the next one; a longer text just moves it. */
void out_column(struct out *o, size_t width, const char *text, size_t len);
void out_column_number(struct out *o, size_t width, uint64_t value);
void out_end_line(struct out *o);
/* Text with its line ends and tabs, the rest made visible. CRLF becomes LF. */
void out_lines(struct out *o, const char *text, size_t len);

/* --- the filter itself --- */

/* Writes text on one line with everything dangerous made visible; returns the columns written. */
size_t out_visible(FILE *f, const char *text, size_t len);
/* The same into a buffer of at least 1; always ends it with NUL, cuts between characters. */
void out_visible_copy(char *dst, size_t dst_size, const char *text, size_t len);

/* Decodes one UTF-8 character; returns its length, or 0 when text does not begin with one. */
size_t out_utf8(const char *text, size_t len, uint32_t *out_char);
/* 1 for a character that a terminal obeys or that misleads a reader. */
int out_is_dangerous(uint32_t ch);

#endif
