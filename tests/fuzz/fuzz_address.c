/* fuzz_address.c - address lists and message-ids: texts end in NUL, groups are balanced. */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void check_text(const mla_str *s)
{
    if (s->len != 0 && (s->ptr == NULL || memchr(s->ptr, '\0', s->len) != NULL))
        abort();
    if (s->len == 0 && s->ptr != NULL && *s->ptr != '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mla_addresses *l;
    mla_strings *ids;
    int depth = 0;

    if (mla_mime_parse_addresses(NULL, (const char *)data, size, &l) == 0) {
        for (uint32_t i = 0; i < mla_addresses_count(l); i++) {
            const mla_address *a = mla_addresses_at(l, i);

            check_text(&a->name);
            check_text(&a->mailbox);
            check_text(&a->host);
            depth += a->kind == MLA_ADDRESS_GROUP_BEGIN;
            depth -= a->kind == MLA_ADDRESS_GROUP_END;
            if (depth < 0 || depth > 1)
                abort();
        }
        if (depth != 0 && mla_addresses_count(l) < 50000)
            abort();
        mla_addresses_free(l);
    }
    if (mla_mime_parse_ids(NULL, (const char *)data, size, &ids) == 0) {
        for (uint32_t i = 0; i < mla_strings_count(ids); i++) {
            size_t len;
            const char *id = mla_strings_at(ids, i, &len);

            if (strlen(id) != len)
                abort();
        }
        mla_strings_free(ids);
    }
    return 0;
}
