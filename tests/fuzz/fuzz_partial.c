/* fuzz_partial.c - the first octet says into how many fragments the rest is cut. Joined, in any
 * order, they are what was cut; the rest alone, as a fragment, does no harm. */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { MOST = 7 };

static uint8_t *fragment(unsigned number, unsigned total, const uint8_t *data, size_t size,
                         size_t *out_len)
{
    uint8_t *all = malloc(size + 200);
    int n = snprintf((char *)all, 200,
                     "X: y\nContent-Type: message/partial; id=i; number=%u; total=%u\n\n%s", number,
                     total, number == 1 ? "\n" : "");

    if (size != 0)
        memcpy(all + n, data, size);
    *out_len = (size_t)n + size;
    return all;
}

static void join(const mla_message *const *messages, size_t count, const uint8_t *data, size_t size,
                 int must)
{
    uint8_t *got;
    size_t len;

    if (mla_partial_join(NULL, messages, count, &got, &len) != 0) {
        if (must)
            abort();
        return;
    }
    if (must && (len < size + 8 || memcmp(got, "X: y\r\n\r\n", 8) != 0 || len != size + 8 ||
                 (size != 0 && memcmp(got + 8, data, size) != 0)))
        abort();
    mla_free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mla_message *messages[MOST];
    uint8_t *texts[MOST];
    unsigned total;
    mla_message *m;

    if (size == 0)
        return 0;
    total = 1 + data[0] % MOST;
    data++;
    size--;
    for (unsigned i = 0; i < total; i++) {
        size_t from = size * i / total;
        size_t len;

        texts[i] = fragment(i + 1, total, data + from, size * (i + 1) / total - from, &len);
        if (mla_message_parse(NULL, NULL, texts[i], len, &messages[total - 1 - i]) != 0)
            abort();
    }
    join((const mla_message *const *)messages, total, data, size, 1);
    if (mla_message_parse(NULL, NULL, data, size, &m) == 0) {
        const mla_message *twice[2] = {m, messages[0]};
        char *id;

        if (mla_part_partial(mla_message_root(m), &id, NULL, NULL) == 0)
            mla_free(id);
        join(twice, 1, NULL, 0, 0);
        join(twice, 2, NULL, 0, 0);
        mla_message_free(m);
    }
    for (unsigned i = 0; i < total; i++) {
        mla_message_free(messages[i]);
        free(texts[i]);
    }
    return 0;
}
