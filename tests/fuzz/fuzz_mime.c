/* fuzz_mime.c - the last octet says how the rest is cut; however that is, the parser must say the
 * same, and the tree must say what the parser says. Then everything is decoded. */
#include "../mime/mime_seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static size_t by_seed(void *user, size_t left)
{
    uint64_t *state = user;
    size_t n = 1 + seen_random(state) % (1 + seen_random(state) % 64);

    return n < left ? n : left;
}

static void use_part(const mla_part *p)
{
    mla_addresses *addresses;
    mla_strings *ids;
    uint8_t *data;
    char *text;

    if (mla_part_decode(p, &data, NULL) == 0)
        mla_free(data);
    if (mla_part_text(p, &text, NULL) == 0)
        mla_free(text);
    if (mla_part_safe_filename(p, &text, NULL) == 0)
        mla_free(text);
    if (mla_part_content_id(p, &text, NULL) == 0)
        mla_free(text);
    if (mla_part_addresses(p, "To", &addresses) == 0)
        mla_addresses_free(addresses);
    if (mla_part_ids(p, "References", &ids) == 0)
        mla_strings_free(ids);
    (void)mla_part_is_attachment(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen whole;
    static struct seen cut;
    const char *wrong;
    mla_message *m;
    uint64_t state;

    if (size == 0)
        return 0;
    state = data[--size];
    wrong = seen_stream(&whole, data, size, NULL, NULL, NULL);
    if (wrong == NULL)
        wrong = seen_stream(&cut, data, size, NULL, by_seed, &state);
    if (wrong == NULL)
        wrong = seen_equal(&whole, &cut);
    if (wrong == NULL && mla_message_parse(NULL, NULL, data, size, &m) == 0) {
        wrong = seen_tree(&whole, m, data, size);
        for (uint32_t i = 0; i < mla_message_part_count(m); i++)
            use_part(mla_message_part_at(m, i));
        (void)mla_message_check(m);
        mla_message_free(m);
    }
    if (wrong != NULL) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
    return 0;
}
