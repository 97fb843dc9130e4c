/* line.c - see line.h */
#include "sasl/line.h"

#include "base/fail.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int sasl_base64_add(struct buf *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t v = (uint32_t)data[i] << 16;

        if (n > 1)
            v |= (uint32_t)data[i + 1] << 8;
        if (n > 2)
            v |= data[i + 2];
        buf_add_byte(out, (unsigned char)alphabet[v >> 18]);
        buf_add_byte(out, (unsigned char)alphabet[(v >> 12) & 63]);
        buf_add_byte(out, n > 1 ? (unsigned char)alphabet[(v >> 6) & 63] : '=');
        buf_add_byte(out, n > 2 ? (unsigned char)alphabet[v & 63] : '=');
    }
    return out->failed;
}

static int value_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of four; n octets come out of it. */
static int decode_group(struct buf *out, const uint8_t *p, size_t n)
{
    uint32_t v = 0;

    for (size_t i = 0; i < 4; i++) {
        int d = i <= n ? value_of(p[i]) : 0;

        if (d < 0)
            return MLA_E_SYNTAX;
        v = (v << 6) | (uint32_t)d;
    }
    for (size_t i = 0; i < n; i++)
        buf_add_byte(out, (unsigned char)(v >> (16 - 8 * i)));
    return out->failed;
}

int sasl_base64_decode(struct buf *out, const uint8_t *text, size_t len)
{
    int rc = 0;

    if (len % 4 != 0)
        return MLA_E_SYNTAX;
    for (size_t i = 0; i < len && rc == 0; i += 4) {
        size_t n = 3;

        if (i + 4 == len && text[i + 3] == '=')
            n = text[i + 2] == '=' ? 1 : 2;
        rc = decode_group(out, text + i, n);
    }
    return rc;
}

/* initial: it stands on the line of the command, where nothing would be no response. */
static int add_response(const struct sasl *s, const uint8_t *response, size_t len, int initial,
                        struct buf *out, mla_error *err)
{
    int rc = initial && len == 0 ? buf_add_byte(out, '=') : sasl_base64_add(out, response, len);

    return rc == 0 ? 0 : fail(err, rc, "%s: no room for the response", s->mech->name);
}

int sasl_line_more(struct sasl *s, struct buf *out, mla_error *err)
{
    const uint8_t *response;
    size_t len;
    int rc = sasl_step(s, NULL, 0, &response, &len, err);

    return rc == 0 ? add_response(s, response, len, 0, out, err) : rc;
}

int sasl_line(struct sasl *s, const uint8_t *text, size_t len, struct buf *out, mla_error *err)
{
    static const uint8_t nothing[1];
    const uint8_t *response;
    size_t response_len;
    struct buf raw;
    int rc = 0;

    buf_init(&raw, s->mem, SASL_CHALLENGE_MAX);
    raw.secret = 1;
    if (text != NULL)
        rc = sasl_base64_decode(&raw, text, len);
    /* Servers put words in front of LOGIN and PLAIN, base64 or not; to those it is all the same. */
    if (rc == MLA_E_SYNTAX && (s->mech->flags & SASL_DEAF) != 0) {
        buf_clear(&raw);
        rc = 0;
    }
    if (rc == MLA_E_NOMEM)
        fail(err, rc, "out of memory for a challenge");
    else if (rc == MLA_E_LIMIT)
        rc = fail(err, MLA_E_AUTH, "%s: a challenge larger than %d octets", s->mech->name,
                  SASL_CHALLENGE_MAX);
    else if (rc != 0)
        rc = fail(err, MLA_E_AUTH, "%s: the challenge is not base64", s->mech->name);
    else
        rc = sasl_step(s,
                       text == NULL   ? NULL
                       : raw.len != 0 ? raw.ptr
                                      : nothing,
                       raw.len, &response, &response_len, err);
    buf_free(&raw);
    return rc == 0 ? add_response(s, response, response_len, text == NULL, out, err) : rc;
}
