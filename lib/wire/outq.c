/* outq.c - see outq.h */
#include "wire/outq.h"

#include "base/num.h"
#include "base/wipe.h"
#include "mailaccess/types.h"

#include <string.h>

enum { CHUNK_MIN = 2048 };

struct outq_chunk {
    struct outq_chunk *next;
    uint64_t begin; /* stream position of the first octet in data */
    size_t cap;
    size_t len;
    size_t done; /* octets of it already sent */
    int sealed;  /* was offered: neither moves nor grows */
    int secret;
    uint8_t data[];
};

void outq_init(struct outq *q, const struct mem *mem, size_t max)
{
    memset(q, 0, sizeof *q);
    q->mem = mem;
    q->max = max;
}

static void chunk_free(struct outq *q, struct outq_chunk *c)
{
    if (c->secret)
        wipe(c->data, c->cap);
    mem_free(q->mem, c);
}

static int outq_add_kind(struct outq *q, const void *ptr, size_t len, int secret)
{
    struct outq_chunk *c = q->tail;
    size_t total;
    size_t cap;

    if (len == 0)
        return 0;
    if (len > q->max || q->held > q->max - len)
        return MLA_E_LIMIT;
    if (c == NULL || c->sealed || c->secret != secret || c->cap - c->len < len) {
        cap = len > CHUNK_MIN || secret ? len : CHUNK_MIN;
        if (!num_add(cap, sizeof *c, &total))
            return MLA_E_NOMEM;
        c = mem_alloc(q->mem, total);
        if (c == NULL)
            return MLA_E_NOMEM;
        memset(c, 0, sizeof *c);
        c->cap = cap;
        c->begin = q->added;
        c->secret = secret;
        if (q->tail != NULL)
            q->tail->next = c;
        else
            q->head = c;
        q->tail = c;
    }
    memcpy(c->data + c->len, ptr, len);
    c->len += len;
    q->held += len;
    q->added += len;
    return 0;
}

int outq_add(struct outq *q, const void *ptr, size_t len)
{
    return outq_add_kind(q, ptr, len, 0);
}

int outq_add_word(struct outq *q, const char *word)
{
    return outq_add_kind(q, word, strlen(word), 0);
}

int outq_add_secret(struct outq *q, const void *ptr, size_t len)
{
    return outq_add_kind(q, ptr, len, 1);
}

void outq_rewind(struct outq *q, uint64_t added)
{
    struct outq_chunk *keep = NULL;
    struct outq_chunk *c = q->head;

    while (c != NULL && c->begin < added) {
        keep = c;
        c = c->next;
    }
    if (keep != NULL) {
        if (keep->begin + keep->len > added)
            keep->len = (size_t)(added - keep->begin);
        keep->next = NULL;
    } else {
        q->head = NULL;
    }
    q->tail = keep;
    while (c != NULL) {
        struct outq_chunk *next = c->next;

        chunk_free(q, c);
        c = next;
    }
    q->held = (size_t)(added - q->sent);
    q->added = added;
}

int outq_peek(struct outq *q, const uint8_t **out_p, size_t *out_n, int *out_secret)
{
    struct outq_chunk *c = q->head;

    if (c == NULL)
        return 0;
    c->sealed = 1;
    *out_p = c->data + c->done;
    *out_n = c->len - c->done;
    if (out_secret != NULL)
        *out_secret = c->secret;
    return 1;
}

void outq_sent(struct outq *q, size_t n)
{
    struct outq_chunk *c = q->head;

    if (c == NULL)
        return;
    if (n > c->len - c->done)
        n = c->len - c->done;
    if (c->secret)
        wipe(c->data + c->done, n);
    c->done += n;
    q->held -= n;
    q->sent += n;
    if (c->done < c->len)
        return;
    q->head = c->next;
    if (q->head == NULL)
        q->tail = NULL;
    chunk_free(q, c);
}

void outq_free(struct outq *q)
{
    while (q->head != NULL) {
        struct outq_chunk *next = q->head->next;

        chunk_free(q, q->head);
        q->head = next;
    }
    q->tail = NULL;
    q->held = 0;
}
