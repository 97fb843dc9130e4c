/* mbname.c - see mbname.h */
#include "imap/mbname.h"

#include "base/ascii.h"
#include "codec/utf7m.h"
#include "codec/utf8.h"

#include <string.h>

/* 1 when the octets stand for themselves in modified UTF-7. */
static int is_plain(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 0x20 || s.ptr[i] > 0x7e || s.ptr[i] == '&')
            return 0;
    return 1;
}

/* mbname_encode() would refuse these, so they are no text that leads back. */
static int has_controls(const char *p, size_t n)
{
    return n != 0 &&
           (memchr(p, '\0', n) != NULL || memchr(p, '\r', n) != NULL || memchr(p, '\n', n) != NULL);
}

int mbname_decode(struct arena *a, mla_str raw, int utf8, mla_str *out)
{
    int plain = is_plain(raw);
    size_t room = plain || utf8 ? raw.len : utf7m_decoded_max(raw.len);
    char *text = arena_alloc(a, room + 1);

    if (text == NULL)
        return MLA_E_NOMEM;
    out->ptr = text;
    if (!plain && !utf8 && utf7m_decode((const uint8_t *)raw.ptr, raw.len, text, &out->len) &&
        !has_controls(text, out->len)) {
        text[out->len] = '\0';
        return 1;
    }
    if (ascii_equal_word(raw.ptr, raw.len, "INBOX")) /* RFC 9051 section 5.1: in any letters */
        memcpy(text, "INBOX", 5);
    else if (raw.len != 0)
        memcpy(text, raw.ptr, raw.len);
    text[raw.len] = '\0';
    out->len = raw.len;
    return plain || (utf8 && utf8_valid(raw.ptr, raw.len) && !has_controls(raw.ptr, raw.len));
}

int mbname_encode(struct buf *b, const char *name, size_t len, int utf8)
{
    int rc;

    if (len > MBNAME_MAX || has_controls(name, len))
        return MLA_E_ARG;
    if (!utf8)
        rc = utf7m_encode(b, name, len);
    else
        rc = utf8_valid(name, len) ? buf_add(b, name, len) : MLA_E_CHARSET;
    return rc == MLA_E_CHARSET ? MLA_E_ARG : rc;
}
