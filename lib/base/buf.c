/* buf.c - see buf.h */
#include "base/buf.h"

#include "base/num.h"
#include "base/wipe.h"
#include "mailaccess/types.h"

#include <string.h>

enum { FIRST = 256 };

void buf_init(struct buf *b, const struct mem *mem, size_t max)
{
    memset(b, 0, sizeof *b);
    b->mem = mem;
    b->max = max;
}

static int buf_grow(struct buf *b, size_t need)
{
    size_t cap = b->cap == 0 ? FIRST : b->cap;
    uint8_t *p;

    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    /* One octet more than max lets buf_text() end a full buffer. */
    if (cap > b->max)
        cap = b->max + 1 > need ? b->max + 1 : need;
    if (!b->secret) {
        p = mem_resize(b->mem, b->ptr, cap);
    } else {
        /* realloc could leave the old copy behind */
        p = mem_alloc(b->mem, cap);
        if (p != NULL && b->len != 0)
            memcpy(p, b->ptr, b->len);
        if (p != NULL)
            mem_free_secret(b->mem, b->ptr, b->cap);
    }
    if (p == NULL)
        return b->failed = MLA_E_NOMEM;
    b->ptr = p;
    b->cap = cap;
    return 0;
}

uint8_t *buf_room(struct buf *b, size_t len)
{
    size_t need;

    if (b->failed != 0)
        return NULL;
    if (!num_add(b->len, len, &need) || need > b->max) {
        b->failed = MLA_E_LIMIT;
        return NULL;
    }
    if ((need > b->cap || b->ptr == NULL) && buf_grow(b, need) != 0)
        return NULL;
    return b->ptr + b->len;
}

void buf_grew(struct buf *b, size_t len)
{
    b->len += len;
}

int buf_add(struct buf *b, const void *ptr, size_t len)
{
    uint8_t *p = buf_room(b, len);

    if (p == NULL)
        return b->failed;
    if (len != 0)
        memcpy(p, ptr, len);
    b->len += len;
    return 0;
}

int buf_add_byte(struct buf *b, unsigned char c)
{
    return buf_add(b, &c, 1);
}

int buf_add_word(struct buf *b, const char *word)
{
    return buf_add(b, word, strlen(word));
}

int buf_add_number(struct buf *b, uint64_t value)
{
    char digits[NUM_U64_DIGITS];

    return buf_add(b, digits, num_format(digits, value));
}

const char *buf_text(struct buf *b)
{
    if (b->failed != 0)
        return NULL;
    if (b->len == b->cap && buf_grow(b, b->len + 1) != 0)
        return NULL;
    b->ptr[b->len] = '\0';
    return (const char *)b->ptr;
}

char *buf_take(struct buf *b, size_t *out_len)
{
    char *text;

    if (buf_text(b) == NULL)
        return NULL;
    text = (char *)b->ptr;
    if (out_len != NULL)
        *out_len = b->len;
    b->ptr = NULL;
    b->len = b->cap = 0;
    return text;
}

void buf_clear(struct buf *b)
{
    if (b->secret && b->ptr != NULL)
        wipe(b->ptr, b->cap);
    b->len = 0;
    b->failed = 0;
}

void buf_free(struct buf *b)
{
    if (b->secret)
        mem_free_secret(b->mem, b->ptr, b->cap);
    else
        mem_free(b->mem, b->ptr);
    b->ptr = NULL;
    b->len = b->cap = 0;
    b->failed = 0;
}
