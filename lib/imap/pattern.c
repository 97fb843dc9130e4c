/* pattern.c - see pattern.h */
#include "imap/pattern.h"

#include "base/ascii.h"

/* Where to go on when a later character does not match: behind the wildcard, with one more
 * character for it. */
struct retry {
    const char *pattern; /* NULL: no such wildcard so far */
    const char *name;
};

static mla_str trim(mla_str name, uint32_t delimiter)
{
    if (delimiter == 0 || delimiter > 127)
        return name;
    if (name.len > 1 && (unsigned char)name.ptr[name.len - 1] == delimiter)
        name.len--;
    if (name.len > 1 && (unsigned char)name.ptr[0] == delimiter) {
        name.ptr++;
        name.len--;
    }
    return name;
}

/* A "%" takes one character more, if it may; else the last "*" in front of it does. */
static int take_more(struct retry *percent, struct retry *star, const char *end, uint32_t delimiter,
                     const char **out_p, const char **out_n)
{
    if (percent->pattern != NULL &&
        (percent->name == end || (unsigned char)*percent->name == delimiter))
        percent->pattern = NULL;
    if (percent->pattern == NULL) {
        if (star->pattern == NULL || star->name == end)
            return 0;
        percent = star;
    }
    percent->name++;
    *out_p = percent->pattern;
    *out_n = percent->name;
    return 1;
}

int imap_pattern_matches(mla_str pattern, mla_str name, uint32_t delimiter)
{
    const mla_str text = trim(name, delimiter);
    const char *p = pattern.ptr;
    const char *p_end = p + pattern.len;
    const char *n = text.ptr;
    const char *n_end = n + text.len;
    struct retry percent = {NULL, NULL};
    struct retry star = {NULL, NULL};

    while (p < p_end || n < n_end) {
        if (p < p_end && (*p == '*' || *p == '%')) {
            struct retry *r = *p == '*' ? &star : &percent;

            r->pattern = ++p;
            r->name = n;
            if (r == &star)
                percent.pattern = NULL;
        } else if (p < p_end && n < n_end &&
                   ascii_lower((unsigned char)*p) == ascii_lower((unsigned char)*n)) {
            p++;
            n++;
        } else if (!take_more(&percent, &star, n_end, delimiter, &p, &n)) {
            return 0;
        }
    }
    return 1;
}
