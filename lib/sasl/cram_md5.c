/* cram_md5.c - CRAM-MD5 (RFC 2195): the name, and HMAC-MD5 of the challenge with the password. */
#include "base/fail.h"
#include "base/wipe.h"
#include "codec/crypt.h"
#include "sasl/mech.h"

/* Name and password go as they are: RFC 2195 says nothing of preparing them, and servers do not. */
static int cram_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    static const char hex[] = "0123456789abcdef";
    const struct sasl_creds *c = s->creds;
    uint8_t digest[CRYPT_MD5_LEN];
    int rc;

    if (s->complete)
        return fail(err, MLA_E_AUTH, "CRAM-MD5: a second challenge");
    rc = crypt_hmac(CRYPT_MD5, c->password.ptr, c->password.len, challenge, len, digest);
    if (rc != 0)
        return fail(err, rc,
                    rc == MLA_E_UNSUPPORTED ? "CRAM-MD5: this build has no MD5"
                                            : "CRAM-MD5 failed");
    s->complete = 1;
    s->proof = 1;
    buf_add(&s->out, c->user.ptr, c->user.len);
    buf_add_byte(&s->out, ' ');
    for (size_t i = 0; i < sizeof digest; i++) {
        buf_add_byte(&s->out, (unsigned char)hex[digest[i] >> 4]);
        buf_add_byte(&s->out, (unsigned char)hex[digest[i] & 15]);
    }
    wipe(digest, sizeof digest);
    if (s->out.failed == 0)
        s->digest = (mla_str){(char *)s->out.ptr + c->user.len + 1, s->out.len - c->user.len - 1};
    return 0;
}

const struct sasl_mech sasl_cram_md5 = {"CRAM-MD5", SASL_PASSWORD | SASL_NO_TLS, 0, cram_step, NULL,
                                        NULL};
