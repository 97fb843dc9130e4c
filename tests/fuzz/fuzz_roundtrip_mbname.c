/* fuzz_roundtrip_mbname.c - names of mailboxes, to and fro. */
#include "base/ascii.h"
#include "codec/utf8.h"
#include "imap/mbname.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The same octets; INBOX may become one in capitals. */
static int same(const void *a, size_t a_len, const void *b, size_t b_len)
{
    if (ascii_equal_word(a, a_len, "INBOX"))
        return ascii_equal(a, a_len, b, b_len);
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static void need(int good)
{
    if (!good)
        abort();
}

/* From the wire and back: the same octets, or flagged and left alone. */
static void from_wire(mla_str raw, int utf8)
{
    struct arena a;
    mla_str name;
    int rc;

    arena_init(&a, mem_default(), 1 << 20);
    rc = mbname_decode(&a, raw, utf8, &name);
    need(rc == 0 || rc == 1);
    need(name.ptr[name.len] == '\0');
    if (rc == 1 && raw.len <= MBNAME_MAX) {
        struct buf b;

        buf_init(&b, mem_default(), 1 << 20);
        need(utf8_valid(name.ptr, name.len) &&
             memchr(name.ptr, '\0', name.len + 1) == name.ptr + name.len);
        need(mbname_encode(&b, name.ptr, name.len, utf8) == 0);
        need(same(b.ptr, b.len, raw.ptr, raw.len));
        buf_free(&b);
    } else if (rc == 0) {
        need(name.len == raw.len && memcmp(name.ptr, raw.ptr, raw.len) == 0);
    }
    arena_free(&a);
}

/* To the wire and back. */
static void to_wire(mla_str text, int utf8)
{
    struct buf b;

    buf_init(&b, mem_default(), 1 << 20);
    if (mbname_encode(&b, text.ptr, text.len, utf8) == 0) {
        mla_str raw = {(const char *)b.ptr, b.len};
        mla_str name;
        struct arena a;

        arena_init(&a, mem_default(), 1 << 20);
        need(mbname_decode(&a, raw, utf8, &name) == 1);
        need(same(name.ptr, name.len, text.ptr, text.len));
        arena_free(&a);
    }
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    mla_str s = {(const char *)p, n};

    for (int utf8 = 0; utf8 < 2; utf8++) {
        from_wire(s, utf8);
        to_wire(s, utf8);
    }
    return 0;
}
