/* fuzz_files.c - the last octet says what a body is: a text with uuencode and yEnc in it, TNEF, or
 * octets in one of these encodings, which must decode alike however they are cut. */
#include <mailaccess/error.h>
#include <mailaccess/mime_body.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
    const uint8_t *q = p;

    for (size_t i = 0; i < n; i++)
        h = (h ^ q[i]) * UINT64_C(1099511628211);
    return h;
}

static uint64_t decoded(const char *encoding, const uint8_t *data, size_t size, size_t piece)
{
    const uint8_t *out;
    uint64_t h = 1;
    mla_decoder *d;
    size_t len;

    if (mla_decoder_new(NULL, encoding, &d) != 0)
        abort();
    for (size_t at = 0; at < size; at += piece) {
        if (mla_decoder_feed(d, data + at, size - at < piece ? size - at : piece) != 0)
            abort();
        while (mla_decoder_output(d, &out, &len) == 1)
            h = hash(h, out, len);
    }
    (void)mla_decoder_end(d);
    while (mla_decoder_output(d, &out, &len) == 1)
        h = hash(h, out, len);
    h ^= mla_decoder_warnings(d);
    mla_decoder_free(d);
    return h;
}

static void use(const mla_files *l, int depth, size_t size)
{
    for (uint32_t i = 0; i < mla_files_count(l); i++) {
        mla_files *inside;
        uint8_t *data;
        size_t len;

        if (mla_files_data(l, i, &data, &len) != 0)
            abort();
        if (len != mla_files_at(l, i)->size || len > 10 * size + 100) {
            fprintf(stderr, "more came out than can be in there\n");
            abort();
        }
        mla_free(data);
        if (depth > 3 || mla_files_inside(l, i, &inside) != 0)
            continue;
        use(inside, depth + 1, size);
        mla_files_free(inside);
    }
}

/* The yEnc files of a text as if they were parts of one. */
static void join(const mla_files *l, size_t size)
{
    enum { MOST = 8 };
    const mla_files *lists[MOST];
    uint32_t indexes[MOST];
    uint32_t count = 0;
    uint32_t flags;
    uint64_t missing;
    uint8_t *data;
    size_t len;

    for (uint32_t i = 0; i < mla_files_count(l) && count < MOST; i++) {
        lists[count] = l;
        indexes[count] = i;
        count += mla_files_at(l, i)->kind == MLA_FILE_YENC;
    }
    if (mla_files_join(NULL, lists, indexes, count, &data, &len, &flags, &missing) == 0 &&
        (len > size || (flags & (MLA_JOIN_GAP | MLA_JOIN_CONFLICT)) != 0)) {
        fprintf(stderr, "parts are joined that do not fit\n");
        abort();
    }
    mla_free(data);
}

static void listed(const char *head, const uint8_t *data, size_t size)
{
    size_t head_len = strlen(head);
    uint8_t *message = malloc(head_len + size);
    mla_message *m;
    mla_files *l;

    if (message == NULL)
        abort();
    memcpy(message, head, head_len);
    if (size != 0)
        memcpy(message + head_len, data, size);
    if (mla_message_parse(NULL, NULL, message, head_len + size, &m) != 0 ||
        mla_part_files(mla_message_root(m), &l) != 0)
        abort();
    mla_message_free(m);
    free(message);
    use(l, 0, size);
    join(l, size);
    mla_files_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *encoding;

    if (size == 0)
        return 0;
    size--;
    switch (data[size] % 4) {
    case 0:
        listed("Content-Type: text/plain\r\n\r\n", data, size);
        break;
    case 1:
        listed("Content-Type: application/ms-tnef\r\n\r\n", data, size);
        break;
    default:
        encoding = data[size] % 4 == 2 ? "x-uuencode" : "x-yenc";
        if (decoded(encoding, data, size, size + 1) !=
            decoded(encoding, data, size, 1 + data[size] / 4 % 7U)) {
            fprintf(stderr, "cut, it decodes to something else\n");
            abort();
        }
    }
    return 0;
}
