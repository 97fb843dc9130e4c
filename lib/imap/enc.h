/* enc.h - a command as octets: typed values in, nothing that could begin a second command out.
 *
 * Errors stick: a run of adds is checked once, at its end. Text is written by what it is, never by
 * what it looks like: atoms are checked, strings are quoted where each octet is safe in quotes and
 * literals otherwise (RFC 9051 section 9; I01 to I08). A synchronising literal leaves a stop:
 * octets behind it may go out only after the server's "+". */
#ifndef MLA_IMAP_ENC_H
#define MLA_IMAP_ENC_H

#include "base/buf.h"
#include "imap/set.h"
#include "mailaccess/imap_types.h"

/* How literals may be written now (RFC 7888). */
enum { ENC_SYNC = 0, ENC_MINUS = 1, ENC_PLUS = 2 };
enum { ENC_MINUS_MAX = 4096 };
/* Octets of a set in one command: every server takes lines of 8,000 (RFC 2683 section 3.2.1.5), and
 * the rest of the command needs some. */
enum { ENC_LINE_MAX = 8000, ENC_SET_ROOM = 7000 };

struct imap_enc {
    struct buf out;    /* wiped: passwords pass through */
    struct buf stops;  /* size_t: offsets in out behind the headers of synchronising literals */
    struct buf hidden; /* size_t pairs: begin and end of secrets in out */
    int literals;      /* ENC_SYNC ... */
    int utf8;          /* quoted strings may hold UTF-8, names are not in UTF-7 (RFC 6855) */
    int rc;            /* the first error */
    int empty;         /* nothing since "(" */
};

void imap_enc_init(struct imap_enc *e, const struct mem *mem, size_t max);
/* Forgets what was written; settings stay. */
void imap_enc_clear(struct imap_enc *e);
void imap_enc_free(struct imap_enc *e);
/* The first error of all that was added, or 0. */
int imap_enc_error(const struct imap_enc *e);

/* Words of our own. */
void imap_enc_word(struct imap_enc *e, const char *word);
/* A space and a word. */
void imap_enc_arg(struct imap_enc *e, const char *word);
void imap_enc_space(struct imap_enc *e);
void imap_enc_number(struct imap_enc *e, uint64_t n);
/* "(" ... ")"; imap_enc_item() writes the space between members. */
void imap_enc_open(struct imap_enc *e);
void imap_enc_item(struct imap_enc *e, const char *word);
void imap_enc_between(struct imap_enc *e);
void imap_enc_close(struct imap_enc *e);

/* The caller's text. An atom that is none (RFC 9051 section 9, atom) is MLA_E_ARG. */
void imap_enc_atom(struct imap_enc *e, mla_str s);
/* A string: quoted or literal. NUL is MLA_E_ARG. */
void imap_enc_string(struct imap_enc *e, mla_str s);
/* RFC 5464 section 5, value: nstring / literal8; ptr NULL is NIL. */
void imap_enc_value(struct imap_enc *e, mla_str value);
/* The same, kept out of traces. */
void imap_enc_secret(struct imap_enc *e, mla_str s);
/* A mailbox name: UTF-8 to modified UTF-7 (RFC 3501 section 5.1.3); raw: octets as LIST gave them.
 */
void imap_enc_mailbox(struct imap_enc *e, mla_str name, int raw);
/* A pattern of LIST: the same, wildcards are left alone. */
void imap_enc_pattern(struct imap_enc *e, mla_str name, int raw);
/* "(\Seen $Label)"; a keyword is an atom, without "\". */
void imap_enc_flags(struct imap_enc *e, uint32_t flags, const mla_str *keywords, size_t count);
/* dd-Mon-yyyy (RFC 9051 section 9, date). */
void imap_enc_date(struct imap_enc *e, uint32_t year, uint32_t month, uint32_t day);
/* " 5-Feb-2024 10:00:00 +0100" in quotes (date-time): seconds since 1970, shown in zone minutes. */
void imap_enc_date_time(struct imap_enc *e, int64_t seconds, int32_t zone);
/* As many ranges as fit into a line that every server takes. */
void imap_enc_set(struct imap_enc *e, const struct imap_set *s, size_t *at);
/* The header of a literal whose octets follow from elsewhere. binary: literal8. sync: wait for "+"
 * in any case. */
void imap_enc_literal_header(struct imap_enc *e, uint64_t size, int binary, int sync);

/* 1 when the text is well-formed UTF-8 without NUL. */
int imap_enc_is_utf8(mla_str s);
/* 1 when every octet is US-ASCII. */
int imap_enc_is_ascii(mla_str s);
/* 1 when the text is an atom. */
int imap_enc_is_atom(mla_str s);
/* 1 when it is the name of a header field (RFC 5322 section 2.2). */
int imap_enc_is_field_name(mla_str s);

static inline mla_str imap_str(const char *s)
{
    mla_str out = {s, 0};

    if (s != NULL)
        while (s[out.len] != '\0')
            out.len++;
    return out;
}

#endif
