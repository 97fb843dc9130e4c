/* msgid.c - see msgid.h */
#include "mime/msgid.h"

#include "mime/lex822.h"

/* A field without brackets: its one word. */
static int bare(struct slice start, struct slice *out)
{
    struct slice s = start;

    lex_skip_cfws(&s, NULL);
    out->p = s.p;
    while (s.p < s.end && !ascii_is_space(*s.p))
        s.p++;
    out->end = s.p;
    lex_skip_cfws(&s, NULL);
    return s.p == s.end && out->p < out->end;
}

int msgid_next(struct slice *s, struct slice start, struct slice *out, struct warn_set *w,
               uint64_t base)
{
    int first = s->p == start.p;

    for (;;) {
        const uint8_t *close;

        lex_skip_cfws(s, NULL);
        if (s->p == s->end)
            break;
        if (*s->p == '"') {
            lex_quoted(s, NULL);
            continue;
        }
        if (*s->p != '<') {
            s->p++;
            continue;
        }
        out->p = s->p;
        close = memchr(s->p, '>', slice_left(s));
        s->p = close != NULL ? close + 1 : s->end;
        out->end = s->p;
        if (close == NULL)
            warn_add(w, MLA_MIME_WARN_BAD_ID, base + (uint64_t)(out->p - start.p));
        return 1;
    }
    if (!first || !bare(start, out))
        return 0;
    warn_add(w, MLA_MIME_WARN_BAD_ID, base + (uint64_t)(out->p - start.p));
    return 1;
}
