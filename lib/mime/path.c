/* path.c - see path.h */
#include "mime/path.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

int path_is_multipart(const struct mla_part *part)
{
    return ascii_starts(part->type, strlen(part->type), "multipart/");
}

static int is_message(const struct mla_part *part)
{
    return (part->flags & MLA_PART_MESSAGE) != 0;
}

/* Number n below part, or the body of a message when root is its body. */
static const struct mla_part *step(const struct mla_part *root, uint64_t n)
{
    if (path_is_multipart(root))
        return n >= 1 && n <= root->child_count ? tree_child(root, (uint32_t)n - 1) : NULL;
    return n == 1 ? root : NULL;
}

const struct mla_part *path_find(const struct mime_tree *t, const char *path)
{
    const struct mla_part *root = tree_root(t); /* of the message that the next word is about */
    const struct mla_part *part = NULL;

    for (;;) {
        uint64_t n;
        size_t digits;

        if (root != NULL && strcmp(path, "TEXT") == 0)
            return path_is_multipart(root) ? root : NULL;
        digits = num_parse_prefix(path, strlen(path), UINT32_MAX, &n);
        if (digits == 0)
            return NULL;
        if (root != NULL)
            part = step(root, n);
        else
            part = path_is_multipart(part) ? step(part, n) : NULL;
        path += digits;
        if (part == NULL || *path == '\0')
            return part;
        if (*path++ != '.')
            return NULL;
        root = is_message(part) ? tree_child(part, 0) : NULL;
    }
}

/* Writes "word" before what is there. */
static char *prepend(char *at, const char *word, size_t n)
{
    at -= n;
    memcpy(at, word, n);
    return at;
}

int path_of(const struct mla_part *part, struct buf *b)
{
    size_t room = (size_t)(part->depth + 2) * (NUM_U64_DIGITS + 1);
    char *end = (char *)buf_room(b, room);
    char *at;

    if (end == NULL)
        return b->failed;
    end += room;
    at = end;
    while (part != NULL) {
        const struct mla_part *up = tree_parent(part);
        char digits[NUM_U64_DIGITS];

        if (at != end)
            at = prepend(at, ".", 1);
        if (up != NULL && !is_message(up)) {
            at = prepend(at, digits, num_format(digits, part->index));
            /* a multipart that is a message's whole body has no number of its own */
            part = tree_parent(up) == NULL || is_message(tree_parent(up)) ? tree_parent(up) : up;
        } else {
            at = path_is_multipart(part) ? prepend(at, "TEXT", 4) : prepend(at, "1", 1);
            part = up;
        }
    }
    memmove(end - room, at, (size_t)(end - at));
    buf_grew(b, (size_t)(end - at));
    return 0;
}
