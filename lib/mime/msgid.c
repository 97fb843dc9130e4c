/* msgid.c - see msgid.h */
#include "mime/msgid.h"

#include "mime/lex822.h"

/* Fields without any bracket: words that have an "@", or the only word. */
static int bare(struct msgid_reader *r, struct slice *out)
{
    struct slice *s = &r->s;
    int first = s->p == r->start;

    for (;;) {
        const uint8_t *from;
        int at = 0;

        lex_skip_cfws(s, NULL);
        while (s->p < s->end && strchr(",;\"'", *s->p) != NULL && *s->p != '\0')
            s->p++;
        if (s->p == s->end)
            return 0;
        for (from = s->p; s->p < s->end && !ascii_is_space(*s->p) &&
                          (*s->p == '\0' || strchr(",;\"(", *s->p) == NULL);
             s->p++)
            at |= *s->p == '@';
        if (s->p == from) { /* a comment follows, or white space */
            continue;
        }
        out->p = from;
        out->end = s->p;
        if (at)
            return 1;
        if (first) { /* one word alone is an id of some kind */
            struct slice rest = *s;

            lex_skip_cfws(&rest, NULL);
            if (rest.p == rest.end) {
                *s = rest;
                return 1;
            }
        }
        first = 0;
    }
}

/* The next "<...>". One that is not closed ends where the next begins. */
static int bracketed(struct msgid_reader *r, struct slice *out, int *closed)
{
    struct slice *s = &r->s;

    for (;;) {
        lex_skip_cfws(s, NULL);
        if (s->p == s->end)
            return 0;
        if (*s->p == '"' && !r->no_quotes) {
            struct slice from = *s;

            if (!lex_quoted(s, NULL)) {
                r->no_quotes = 1;
                *s = from;
            }
            continue;
        }
        if (*s->p == '<')
            break;
        s->p++;
    }
    out->p = s->p++;
    while (s->p < s->end && *s->p != '>' && *s->p != '<')
        s->p++;
    *closed = s->p < s->end && *s->p == '>';
    s->p += *closed;
    out->end = s->p;
    while (out->end > out->p && ascii_is_space(out->end[-1]))
        out->end--;
    return 1;
}

void msgid_begin(struct msgid_reader *r, const uint8_t *p, size_t n)
{
    memset(r, 0, sizeof *r);
    r->s = slice_of(p, n);
    r->start = p;
    r->bare = n == 0 || memchr(p, '<', n) == NULL;
}

int msgid_next(struct msgid_reader *r, struct slice *out, struct warn_set *w, uint64_t base)
{
    int closed = 0;
    int found = r->bare ? bare(r, out) : bracketed(r, out, &closed);

    if (found && !closed)
        warn_add(w, MLA_MIME_WARN_BAD_ID, base + (uint64_t)(out->p - r->start));
    return found;
}
