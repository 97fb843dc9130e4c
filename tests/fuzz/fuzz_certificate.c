/* fuzz_certificate.c - the certificates of a server that says anything: the first two octets are
 * how long its own is, one that vouches for it is behind it. Whatever is in them, texts are short
 * UTF-8 without controls, what is pointed to is inside, and a copy says the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/utf8.h"
#include "fuzz.h"
#include "net/certificate.h"
#include "net/certificate_text.h"
#include "net/constraints.h"
#include "net/hostname.h"

static void must(int truth)
{
    if (!truth)
        abort();
}

static void check_text(const char *text)
{
    size_t len = strlen(text);

    must(len <= CERTIFICATE_TEXT_MAX && utf8_valid(text, len));
    for (size_t i = 0; i < len; i++)
        must((uint8_t)text[i] >= 0x20 && text[i] != 0x7f);
}

static void check_part(const struct certificate *c, struct der part)
{
    must(part.len == 0 ||
         (part.p >= c->all.p && (size_t)(part.p - c->all.p) <= c->all.len - part.len));
}

static void check_split(const struct certificate *c)
{
    const struct der parts[] = {c->serial,  c->algorithm, c->issuer, c->subject,    c->time[0],
                                c->time[1], c->key,       c->names,  c->constraints};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        check_part(c, parts[i]);
    must(c->has_constraints || c->constraints.len == 0);
    must(c->names.len != 0 || !c->has_constraints || constraints_allow(c, c) >= 0);
}

static void check_same(const mla_certificate *a, const mla_certificate *b)
{
    must(strcmp(a->subject, b->subject) == 0 && strcmp(a->issuer, b->issuer) == 0);
    must(strcmp(a->serial, b->serial) == 0 && a->name_count == b->name_count);
    must(a->der_len == b->der_len && memcmp(a->der, b->der, a->der_len) == 0);
    must(a->not_before == b->not_before && a->not_after == b->not_after);
    for (uint32_t i = 0; i < a->name_count; i++)
        must(a->names[i].len == b->names[i].len &&
             memcmp(a->names[i].ptr, b->names[i].ptr, a->names[i].len) == 0);
}

static void check_record(const mla_certificate *c)
{
    check_text(c->subject);
    check_text(c->issuer);
    check_text(c->serial);
    check_text(c->hash);
    must(c->name_count <= CHAIN_NAMES_MAX);
    for (uint32_t i = 0; i < c->name_count; i++) {
        must(c->names[i].len == strlen(c->names[i].ptr));
        check_text(c->names[i].ptr);
    }
}

static void check_chain(const struct chain_source *from)
{
    struct chain *c = NULL;
    struct chain *copy = NULL;

    must(chain_new(mem_default(), from, &c) == 0);
    must(c->rec.count == from->count);
    for (uint32_t i = 0; i < c->rec.count; i++)
        check_record(c->rec.certificates[i]);
    must(chain_copy(mem_default(), &c->rec, &copy) == 0);
    for (uint32_t i = 0; i < c->rec.count; i++)
        check_same(c->rec.certificates[i], copy->rec.certificates[i]);
    chain_free(c);
    for (uint32_t i = 0; i < copy->rec.count; i++)
        check_record(copy->rec.certificates[i]);
    chain_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct verdict verdict = {.why = VERDICT_CONSTRAINTS | VERDICT_OTHER};
    struct chain_source from = {.count = 2, .host = "mail.example.org", .port = 993};
    struct certificate parts[2];
    size_t own;

    if (size < 2)
        return 0;
    own = (size_t)data[0] << 8 | data[1];
    if (own > size - 2)
        own = size - 2;
    from.certs[0] = (struct der){data + 2, own};
    from.certs[1] = (struct der){data + 2 + own, size - 2 - own};
    from.verdict = &verdict;
    for (size_t i = 0; i < 2; i++)
        if (certificate_split(from.certs[i].p, from.certs[i].len, &parts[i]))
            check_split(&parts[i]);
        else
            memset(&parts[i], 0, sizeof parts[i]);
    if (constraints_allow(&parts[1], &parts[0]))
        must(!parts[1].has_constraints || parts[1].constraints.len != 0);
    check_chain(&from);
    return 0;
}
