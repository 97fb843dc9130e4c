/* imap_stream.c - see imap_stream.h */
#include "imap_stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE_MAX = 4096, FLAGS_MAX = 160, PIECE = 1 << 20 };

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

static int one_in(uint32_t n)
{
    return random_below(n) == 0;
}

static char *say(char *at, const char *text)
{
    size_t n = strlen(text);

    memcpy(at, text, n);
    return at + n;
}

static char *number(char *at, uint32_t n)
{
    return at + sprintf(at, "%" PRIu32, n);
}

static char *digits(char *at, int count, uint32_t n)
{
    return at + sprintf(at, "%0*" PRIu32, count, n);
}

static char *word(char *at)
{
    static const char letters[] = "etaoinshrdlucmfwypvbgkjqxz";

    for (uint32_t n = 3 + random_below(7); n > 0; n--)
        *at++ = letters[random_below(random_below(26) + 1)];
    return at;
}

static char *words(char *at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        at = say(at, i > 0 ? " " : "");
        at = word(at);
    }
    return at;
}

/* --- FLAGS, INTERNALDATE --- */

static char *flags(char *at)
{
    static const char *const sets[] = {"",
                                       "\\Seen",
                                       "\\Seen",
                                       "\\Seen",
                                       "\\Seen \\Answered",
                                       "$Label",
                                       "\\Flagged",
                                       "$Junk",
                                       "\\Seen $Forwarded",
                                       "\\Answered \\Seen NonJunk",
                                       "\\Seen",
                                       "",
                                       "\\Draft",
                                       "\\Seen \\Deleted"};

    at = say(at, "FLAGS (");
    at = say(at, sets[random_below(sizeof sets / sizeof sets[0])]);
    return say(at, ")");
}

static const char *month(void)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    return names[random_below(12)];
}

static char *clock_time(char *at)
{
    at = digits(at, 2, random_below(24));
    at = say(at, ":");
    at = digits(at, 2, random_below(60));
    at = say(at, ":");
    at = digits(at, 2, random_below(60));
    at = say(at, one_in(2) ? " -0" : " +0");
    at = digits(at, 1, random_below(10));
    return say(at, "00");
}

static char *internal_date(char *at)
{
    at = say(at, " INTERNALDATE \"");
    at = digits(at, 2, 1 + random_below(28));
    at = say(at, "-");
    at = say(at, month());
    at = say(at, "-");
    at = digits(at, 4, 1994 + random_below(32));
    at = say(at, " ");
    at = clock_time(at);
    return say(at, "\"");
}

/* --- ENVELOPE --- */

static char *address(char *at)
{
    at = say(at, "(");
    if (one_in(4)) {
        at = say(at, "NIL");
    } else {
        at = say(at, "\"");
        at = words(at, 1 + random_below(3));
        at = say(at, "\"");
    }
    at = say(at, " NIL \"");
    at = word(at);
    at = say(at, one_in(2) ? "." : "");
    at = word(at);
    at = say(at, "\" \"");
    at = word(at);
    return say(at, ".example.org\")");
}

static char *addresses(char *at, uint32_t count)
{
    if (count == 0)
        return say(at, " NIL");
    at = say(at, " (");
    while (count-- > 0)
        at = address(at);
    return say(at, ")");
}

/* Twice the same one, as servers repeat From as Sender and Reply-To. */
static char *again(char *at, const char *from, size_t n)
{
    for (int i = 0; i < 2; i++, at += n)
        memcpy(at, from, n);
    return at;
}

static char *subject(char *at)
{
    uint32_t count = 1 + random_below(11);

    switch (random_below(40)) {
    case 0:
        return say(at, " NIL");
    case 1: /* as a literal */
        return say(at, " {13}\r\n\"so\" he said:");
    case 2: /* with quotes that are escaped */
        at = say(at, " \"the \\\"");
        at = words(at, count);
        return say(at, "\\\" again\"");
    case 3:
        at = say(at, " \"=?utf-8?Q?Gr=C3=BC=C3=9Fe_");
        at = word(at);
        return say(at, "?=\"");
    default:
        at = say(at, one_in(3) ? " \"Re: " : " \"");
        at = words(at, count);
        return say(at, "\"");
    }
}

static char *message_id(char *at)
{
    at = say(at, " \"<");
    at = number(at, random_below(1U << 31));
    at = say(at, ".");
    at = word(at);
    at = word(at);
    return say(at, "@mail.example.org>\"");
}

static char *envelope(char *at)
{
    const char *from;

    at = say(at, "ENVELOPE (\"Mon, ");
    at = number(at, 1 + random_below(28));
    at = say(at, " ");
    at = say(at, month());
    at = say(at, " ");
    at = digits(at, 4, 1994 + random_below(32));
    at = say(at, " ");
    at = clock_time(at);
    at = say(at, one_in(4) ? " (PST)\"" : "\"");
    at = subject(at);
    from = at;
    at = addresses(at, 1);
    at = again(at, from, (size_t)(at - from));
    at = addresses(at, 1 + random_below(3));
    at = addresses(at, one_in(2) ? random_below(4) : 0);
    at = addresses(at, 0);
    at = one_in(3) ? message_id(at) : say(at, " NIL");
    at = message_id(at);
    return say(at, ")");
}

/* --- BODYSTRUCTURE --- */

static char *text_part(char *at, const char *type)
{
    static const char *const charsets[] = {"UTF-8", "us-ascii", "iso-8859-1", "utf-8"};
    static const char *const encodings[] = {"QUOTED-PRINTABLE", "7bit", "base64", "8bit"};

    at = say(at, "(");
    at = say(at, type);
    at = say(at, " (\"charset\" \"");
    at = say(at, charsets[random_below(4)]);
    at = say(at, one_in(4) ? "\" \"format\" \"flowed\") NIL NIL \"" : "\") NIL NIL \"");
    at = say(at, encodings[random_below(4)]);
    at = say(at, "\" ");
    at = number(at, 1 + random_below(100000));
    at = say(at, " ");
    at = number(at, 1 + random_below(2000));
    return say(at, " NIL NIL NIL NIL)");
}

static char *attachment(char *at)
{
    static const char *const types[] = {"\"image\" \"png\"", "\"application\" \"pdf\"",
                                        "\"image\" \"jpeg\"", "\"application\" \"octet-stream\""};
    const char *name;
    size_t n;

    at = say(at, "(");
    at = say(at, types[random_below(4)]);
    at = say(at, " (\"name\" \"");
    name = at;
    at = word(at);
    n = (size_t)(at - name);
    at = say(at, ".dat\") NIL NIL \"base64\" ");
    at = number(at, 1 + random_below(5000000));
    at = say(at, " NIL (\"attachment\" (\"filename\" \"");
    memcpy(at, name, n);
    at += n;
    return say(at, ".dat\")) NIL NIL)");
}

static char *close_multipart(char *at, const char *subtype)
{
    at = say(at, " \"");
    at = say(at, subtype);
    at = say(at, "\" (\"boundary\" \"----=_Part_");
    at = number(at, random_below(1U << 31));
    at = say(at, "\") NIL NIL NIL)");
    return at;
}

static char *structure(char *at)
{
    at = say(at, " BODYSTRUCTURE ");
    if (one_in(4))
        return text_part(at, "\"text\" \"plain\"");
    at = say(at, "((");
    at = text_part(at, "\"text\" \"plain\"");
    at = text_part(at, "\"text\" \"html\"");
    at = close_multipart(at, "alternative");
    for (uint32_t n = random_below(3); n > 0; n--)
        at = attachment(at);
    return close_multipart(at, one_in(3) ? "related" : "mixed");
}

/* --- responses --- */

static char *large(char *at, uint32_t seq, uint32_t uid)
{
    at = say(at, "* ");
    at = number(at, seq);
    at = say(at, " FETCH (UID ");
    at = number(at, uid);
    at = say(at, " ");
    at = flags(at);
    at = internal_date(at);
    at = say(at, " RFC822.SIZE ");
    at = number(at, 500 + random_below(1000000));
    at = say(at, " ");
    at = envelope(at);
    at = structure(at);
    return say(at, ")\r\n");
}

static char *small(char *at, uint32_t seq, uint32_t uid)
{
    at = say(at, "* ");
    at = number(at, seq);
    at = say(at, " FETCH (");
    at = flags(at);
    at = say(at, " UID ");
    at = number(at, uid);
    return say(at, ")\r\n");
}

static void need_room(struct stream *s, size_t *cap, size_t most)
{
    if (*cap - s->size >= most)
        return;
    *cap = *cap * 2 + PIECE;
    s->text = realloc(s->text, *cap);
    if (s->text == NULL) {
        fprintf(stderr, "no memory for the stream\n");
        exit(70);
    }
}

void stream_make(struct stream *s, int kind, size_t count)
{
    char *(*const one)(char *at, uint32_t seq, uint32_t uid) = kind == STREAM_LARGE ? large : small;
    uint32_t uid = 100000;
    size_t cap = 0;

    memset(s, 0, sizeof *s);
    state = 2463534242U;
    for (uint32_t seq = 1; seq <= count; seq++) {
        uid += one_in(8) ? 2 + random_below(20) : 1; /* some were expunged */
        need_room(s, &cap, kind == STREAM_LARGE ? LARGE_MAX : FLAGS_MAX);
        s->size = (size_t)(one((char *)s->text + s->size, seq, uid) - (char *)s->text);
        s->uids += uid;
    }
    s->count = count;
}
