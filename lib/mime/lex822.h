/* lex822.h - the tokens that structured header fields share (RFC 5322 sections 3.2 and 4). */
#ifndef MLA_MIME_LEX822_H
#define MLA_MIME_LEX822_H

#include "base/buf.h"
#include "base/slice.h"

/* Passes over white space, line ends and comments. Comments nest to any depth without recursion;
 * one that is not closed goes to the end. When last is not NULL it becomes the inside of the last
 * comment passed over. Returns how many octets were passed over. */
size_t lex_skip_cfws(struct slice *s, struct slice *last);
/* At an opening quote: takes the quoted string and appends what it means to b (NULL: nowhere). Line
 * ends of folding go. 1, or 0 when the closing quote is missing (then it goes to the end). */
int lex_quoted(struct slice *s, struct buf *b);
/* Appends a comment's inside to b: quoted pairs undone, line ends gone. */
void lex_comment_text(struct slice inside, struct buf *b);
/* 1 for the characters of an atom: printable, no special, and everything above 127. */
int lex_is_atom(int c);
/* Takes a run of atom characters; it may be empty. */
struct slice lex_atom(struct slice *s);

#endif
