/* fuzz_filter.c - the last octet says what the text is and how it is cut. However that is, the same
 * comes out: UTF-8 without control characters. */
#include <mailaccess/mime_body.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct result {
    char *text;
    size_t len;
};

static void drain(mla_filter *f, struct result *r)
{
    const char *text;
    size_t len;
    int rc;

    while ((rc = mla_filter_output(f, &text, &len)) == 1) {
        r->text = realloc(r->text, r->len + len);
        if (r->text == NULL)
            abort();
        memcpy(r->text + r->len, text, len);
        r->len += len;
    }
    if (rc != 0)
        abort();
}

static struct result filtered(const uint8_t *data, size_t size, int32_t kind, uint32_t flags,
                              size_t piece)
{
    struct result r = {NULL, 0};
    mla_filter *f;

    if (mla_filter_new(NULL, kind, flags, &f) != 0)
        abort();
    for (size_t at = 0; at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        char *exact = malloc(n);

        if (exact == NULL)
            abort();
        memcpy(exact, data + at, n);
        if (mla_filter_feed(f, exact, n) != 0)
            abort();
        drain(f, &r);
        free(exact);
    }
    if (mla_filter_end(f) != 0)
        abort();
    drain(f, &r);
    mla_filter_free(f);
    return r;
}

static void check_clean(const struct result *r)
{
    for (size_t i = 0; i < r->len; i++) {
        unsigned char c = (unsigned char)r->text[i];

        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f ||
            (c == 0xc2 && i + 1 < r->len && (unsigned char)r->text[i + 1] < 0xa0) ||
            (i + 2 < r->len && memcmp(r->text + i, "\xe2\x80\xae", 3) == 0)) {
            fprintf(stderr, "a control character came out\n");
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct result whole;
    struct result cut;
    int32_t kind;
    uint32_t flags;

    if (size == 0)
        return 0;
    size--;
    kind = data[size] % 3;
    flags = data[size] / 3 % 8;
    whole = filtered(data, size, kind, flags, size + 1);
    cut = filtered(data, size, kind, flags, 1 + data[size] % 5U);
    if (whole.len != cut.len || (whole.len != 0 && memcmp(whole.text, cut.text, whole.len) != 0)) {
        fprintf(stderr, "cut, it gives something else\n");
        abort();
    }
    check_clean(&whole);
    free(whole.text);
    free(cut.text);
    return 0;
}
