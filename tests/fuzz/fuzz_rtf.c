/* fuzz_rtf.c - RTF as a part, and RTF as Outlook's TNEF has it, compressed or not: the last octet
 * says which. What is to be read is UTF-8, and no more than what is there can become. */
#include <mailaccess/error.h>
#include <mailaccess/mime_body.h>
#include <mailaccess/mime_charset.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct message {
    uint8_t *p;
    size_t n;
};

static void add(struct message *m, const void *p, size_t n)
{
    if (n != 0)
        memcpy(m->p + m->n, p, n);
    m->n += n;
}

static void add_le(struct message *m, size_t v, int n)
{
    for (; n > 0; n--, v >>= 8)
        m->p[m->n++] = (uint8_t)v;
}

/* [MS-OXTNEF]: one attribute, message properties; in it one, PidTagRtfCompressed. */
static void add_tnef(struct message *m, const uint8_t *data, size_t size)
{
    size_t padded = (size + 3) / 4 * 4;

    add(m, "\x78\x9f\x3e\x22\1\0\1\3\x90\6\0", 11);
    add_le(m, 16 + padded, 4);
    add_le(m, 1, 4);
    add_le(m, 0x0102, 2);
    add_le(m, 0x1009, 2);
    add_le(m, 1, 4);
    add_le(m, size, 4);
    add(m, data, size);
    add(m, "\0\0\0", padded - size);
    add_le(m, 0, 2);
}

static int is_utf8(const char *text, size_t n)
{
    const char *out;
    mla_charset *c;
    size_t len;
    int good;

    if (mla_charset_new(NULL, "utf-8", &c) != 0)
        abort();
    if (mla_charset_feed(c, (const uint8_t *)text, n) != 0)
        abort();
    mla_charset_end(c);
    while (mla_charset_output(c, &out, &len) == 1)
        continue;
    good = mla_charset_notes(c, NULL) == 0;
    mla_charset_free(c);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char part[] = "Content-Type: text/rtf\r\n\r\n";
    static const char tnef[] = "Content-Type: application/ms-tnef\r\n\r\n";
    struct message m = {NULL, 0};
    mla_message *parsed;
    size_t len = 0;
    char *text;

    if (size == 0)
        return 0;
    size--;
    m.p = malloc(size + 200);
    if (m.p == NULL)
        abort();
    if (data[size] % 2 == 0) {
        add(&m, part, sizeof part - 1);
        add(&m, data, size);
    } else {
        add(&m, tnef, sizeof tnef - 1);
        add_tnef(&m, data, size);
    }
    if (mla_message_parse(NULL, NULL, m.p, m.n, &parsed) != 0)
        abort();
    if (mla_part_readable(mla_message_root(parsed), data[size] & 6U, &text, &len) == 0) {
        /* compressed, two octets stand for 17; an octet becomes three; HTML adds brackets */
        if (len > 60 * size + 1000 || !is_utf8(text, len))
            abort();
        mla_free(text);
    }
    mla_message_free(parsed);
    free(m.p);
    return 0;
}
