/* protection.c - what protects a part, by type and form: see readable.h */
#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/readable.h"
#include "mime/value.h"

#include <string.h>

/* A parameter of Content-Type is one of these words: the number that stands beside it, 0 for none,
 * or MLA_E_NOMEM. */
struct word_kind {
    const char *word;
    int kind;
};

static int param_kind(const struct mla_part *part, const char *param, const struct word_kind *words,
                      size_t count)
{
    char *text;
    size_t len;
    int rc = value_param(part, "Content-Type", param, NULL, &text, &len);
    int kind = 0;

    if (rc != 0)
        return rc == MLA_E_NOMEM ? rc : 0;
    for (size_t i = 0; i < count && kind == 0; i++)
        if (ascii_equal_word(text, len, words[i].word))
            kind = words[i].kind;
    mem_free(&part->tree->mem, text);
    return kind;
}

static int kind_of_multipart(const struct mla_part *part)
{
    static const struct word_kind of_signed[] = {
        {"application/pgp-signature", MLA_PROTECTION_PGP_SIGNED},
        {"application/pkcs7-signature", MLA_PROTECTION_SMIME_SIGNED},
        {"application/x-pkcs7-signature", MLA_PROTECTION_SMIME_SIGNED}};
    static const struct word_kind of_encrypted[] = {
        {"application/pgp-encrypted", MLA_PROTECTION_PGP_ENCRYPTED}};
    int is_signed = strcmp(part->type, "multipart/signed") == 0;
    const struct word_kind *words = is_signed ? of_signed : of_encrypted;
    size_t count = is_signed ? 3 : 1;
    const struct mla_part *told = is_signed ? tree_child(part, 1) : tree_child(part, 0);
    int kind = param_kind(part, "protocol", words, count);

    for (size_t i = 0; kind == 0 && told != NULL && i < count; i++)
        if (strcmp(told->type, words[i].word) == 0)
            kind = words[i].kind;
    if (kind == 0)
        kind = is_signed ? MLA_PROTECTION_SIGNED : MLA_PROTECTION_ENCRYPTED;
    return kind;
}

/* ContentInfo (RFC 5652 section 3): a SEQUENCE that begins with an object identifier. */
static int kind_of_der(const struct mla_part *part)
{
    static const uint8_t pkcs7[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
    static const uint8_t smime[] = {0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
                                    0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01};
    struct slice body = tree_body(part);
    size_t n = slice_left(&body) < 128 ? slice_left(&body) : 128;
    struct decoder_state d;
    uint8_t out[128 + QP_HOLD + 16];
    size_t len;
    size_t at;

    memset(&d, 0, sizeof d);
    d.kind = decode_kind_of(part->encoding);
    len = decode_feed(&d, body.p, n, out);
    if (len < 32 || out[0] != 0x30)
        return MLA_PROTECTION_SMIME;
    at = out[1] < 0x80 ? 2 : 2U + (out[1] & 7U);
    if (memcmp(out + at, pkcs7, sizeof pkcs7) == 0)
        return out[at + sizeof pkcs7] == 2   ? MLA_PROTECTION_SMIME_OPAQUE
               : out[at + sizeof pkcs7] == 3 ? MLA_PROTECTION_SMIME_ENCRYPTED
                                             : MLA_PROTECTION_SMIME;
    if (memcmp(out + at, smime, sizeof smime) == 0)
        return out[at + sizeof smime] == 9    ? MLA_PROTECTION_SMIME_COMPRESSED
               : out[at + sizeof smime] == 23 ? MLA_PROTECTION_SMIME_ENCRYPTED
                                              : MLA_PROTECTION_SMIME;
    return MLA_PROTECTION_SMIME;
}

static int kind_of_pkcs7(const struct mla_part *part)
{
    static const struct word_kind types[] = {{"signed-data", MLA_PROTECTION_SMIME_OPAQUE},
                                             {"enveloped-data", MLA_PROTECTION_SMIME_ENCRYPTED},
                                             {"authEnveloped-data", MLA_PROTECTION_SMIME_ENCRYPTED},
                                             {"compressed-data", MLA_PROTECTION_SMIME_COMPRESSED},
                                             {"certs-only", MLA_PROTECTION_SMIME_CERTS}};
    int kind = param_kind(part, "smime-type", types, sizeof types / sizeof types[0]);

    return kind != 0 ? kind : kind_of_der(part);
}

/* The start of the line under way, to be compared with the marks of RFC 9580 section 6.2. */
struct armour {
    char line[40];
    size_t len; /* of the line; more than fits is no mark */
    int kind;
};

static void end_line(struct armour *a)
{
    static const struct word_kind marks[] = {
        {"-----BEGIN PGP SIGNED MESSAGE-----", MLA_PROTECTION_INLINE_SIGNED},
        {"-----BEGIN PGP MESSAGE-----", MLA_PROTECTION_INLINE_PGP},
        {"-----BEGIN PGP PUBLIC KEY BLOCK-----", MLA_PROTECTION_INLINE_KEY}};

    while (a->len > 0 && a->len <= sizeof a->line && ascii_is_space(a->line[a->len - 1]))
        a->len--;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0] && a->kind == 0; i++)
        if (a->len == strlen(marks[i].word) && memcmp(a->line, marks[i].word, a->len) == 0)
            a->kind = marks[i].kind;
    a->len = 0;
}

static void look_at(struct armour *a, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && a->kind == 0; i++) {
        if (p[i] == '\n')
            end_line(a);
        else if (a->len < sizeof a->line)
            a->line[a->len++] = (char)p[i];
        else
            a->len = sizeof a->line + 1;
    }
}

static int kind_of_text(const struct mla_part *part)
{
    enum { PIECE = 2048 };
    struct slice body = tree_body(part);
    uint8_t out[PIECE + QP_HOLD + 16];
    struct armour a = {{0}, 0, 0};
    struct decoder_state d;

    memset(&d, 0, sizeof d);
    d.kind = decode_kind_of(part->encoding);
    while (body.p < body.end && a.kind == 0) {
        size_t n = slice_left(&body) < PIECE ? slice_left(&body) : PIECE;

        look_at(&a, out, decode_feed(&d, body.p, n, out));
        body.p += n;
    }
    if (a.kind == 0) {
        look_at(&a, out, decode_end(&d, out));
        end_line(&a);
    }
    return a.kind;
}

int protection_of(const struct mla_part *part, int32_t *out_kind)
{
    int kind = MLA_PROTECTION_NONE;

    if (strcmp(part->type, "multipart/signed") == 0 ||
        strcmp(part->type, "multipart/encrypted") == 0)
        kind = kind_of_multipart(part);
    else if (strcmp(part->type, "application/pkcs7-mime") == 0 ||
             strcmp(part->type, "application/x-pkcs7-mime") == 0)
        kind = kind_of_pkcs7(part);
    else if (strcmp(part->type, "text/plain") == 0)
        kind = kind_of_text(part);
    if (kind < 0)
        return kind;
    *out_kind = kind;
    return 0;
}

int protection_signed(const struct mla_part *part, struct slice *out_octets,
                      const struct mla_part **out_signature)
{
    const struct mla_part *content = tree_child(part, 0);
    const struct mla_part *signature = tree_child(part, 1);

    if (strcmp(part->type, "multipart/signed") != 0 || content == NULL || signature == NULL)
        return MLA_E_NOT_FOUND;
    *out_octets = slice_of(part->tree->data + content->header_offset,
                           content->body_offset + content->body_length - content->header_offset);
    *out_signature = signature;
    return 0;
}
