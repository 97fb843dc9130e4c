/* pick.c - see pick.h */
#include "mime/pick.h"

#include "base/ascii.h"
#include "mime/lex822.h"
#include "mime/path.h"

#include <string.h>

/* Is there such a parameter? Only looked for, not decoded: no memory is needed. */
static int has_param(const struct mla_part *part, const char *field, const char *param)
{
    const struct tree_field *f = tree_field(part, field, 0);
    struct slice s;

    if (f == NULL)
        return 0;
    s = tree_value(part, f);
    while (slice_until(&s, ';'), slice_take(&s, ';')) {
        lex_skip_cfws(&s, NULL);
        if (!slice_take_word(&s, param))
            continue;
        lex_skip_cfws(&s, NULL);
        if (slice_peek(&s) == '=' || slice_peek(&s) == '*')
            return 1;
    }
    return 0;
}

static int is_disposition(const struct mla_part *part, const char *word)
{
    const struct tree_field *f = tree_field(part, "Content-Disposition", 0);
    struct slice s;

    if (f == NULL)
        return 0;
    s = tree_value(part, f);
    lex_skip_cfws(&s, NULL);
    if (!slice_take_word(&s, word))
        return 0;
    return slice_peek(&s) < 0 || slice_peek(&s) == ';' || ascii_is_space(slice_peek(&s));
}

int pick_is_attachment(const struct mla_part *part)
{
    const struct mla_part *up = tree_parent(part);

    if (path_is_multipart(part))
        return 0;
    if (is_disposition(part, "attachment"))
        return 1;
    /* the text of a message with only one part is the message, whatever name it gives itself */
    if (up == NULL && ascii_starts(part->type, strlen(part->type), "text/"))
        return 0;
    if (has_param(part, "Content-Disposition", "filename") ||
        has_param(part, "Content-Type", "name"))
        return 1;
    if (ascii_starts(part->type, strlen(part->type), "text/"))
        return 0;
    return up == NULL || strcmp(up->type, "multipart/related") != 0 ||
           tree_field(part, "Content-ID", 0) == NULL;
}

const struct mla_part *pick_text(const struct mime_tree *t, const char *type)
{
    size_t i = 0;

    while (i < t->part_count) {
        const struct mla_part *part = &t->parts[i++];

        if (strcmp(part->type, type) == 0 && !pick_is_attachment(part))
            return part;
        if ((part->flags & MLA_PART_MESSAGE) != 0 && part->number != 0) {
            /* passed over with everything in it */
            while (i < t->part_count && t->parts[i].depth > part->depth)
                i++;
        }
    }
    return NULL;
}
