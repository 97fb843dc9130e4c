/* lex822.c - see lex822.h */
#include "mime/lex822.h"

#include "mime/chars.h"

#include <string.h>

int lex_is_atom(int c)
{
    return c >= 0 && char_is((uint8_t)c, CHAR_ATOM);
}

struct slice lex_atom(struct slice *s)
{
    struct slice out = {s->p, s->p};

    while (s->p < s->end && char_is(*s->p, CHAR_ATOM))
        s->p++;
    out.end = s->p;
    return out;
}

/* At "(": section 3.2.2, comment. */
static struct slice skip_comment(struct slice *s)
{
    struct slice inside = {s->p + 1, s->end};
    size_t depth = 0;

    for (; s->p < s->end; s->p++) {
        if (*s->p == '\\' && s->p + 1 < s->end) {
            s->p++;
        } else if (*s->p == '(') {
            depth++;
        } else if (*s->p == ')' && --depth == 0) {
            inside.end = s->p++;
            break;
        }
    }
    return inside;
}

size_t lex_skip_cfws(struct slice *s, struct slice *last)
{
    const uint8_t *from = s->p;

    while (s->p < s->end) {
        if (ascii_is_space(*s->p)) {
            s->p++;
        } else if (*s->p == '(') {
            struct slice inside = skip_comment(s);

            if (last != NULL)
                *last = inside;
        } else {
            break;
        }
    }
    return (size_t)(s->p - from);
}

int lex_quoted(struct slice *s, struct buf *b)
{
    s->p++;
    while (s->p < s->end) {
        const uint8_t *from = s->p;

        while (s->p < s->end && *s->p != '"' && *s->p != '\\' && *s->p != '\r' && *s->p != '\n')
            s->p++;
        if (b != NULL)
            buf_add(b, from, (size_t)(s->p - from));
        if (s->p == s->end)
            break;
        if (*s->p == '"') {
            s->p++;
            return 1;
        }
        if (*s->p++ == '\\' && s->p < s->end) {
            if (b != NULL)
                buf_add_byte(b, *s->p);
            s->p++;
        }
    }
    return 0;
}

void lex_comment_text(struct slice inside, struct buf *b)
{
    for (; inside.p < inside.end; inside.p++) {
        if (*inside.p == '\\' && inside.p + 1 < inside.end)
            inside.p++;
        if (*inside.p != '\r' && *inside.p != '\n')
            buf_add_byte(b, *inside.p);
    }
}
