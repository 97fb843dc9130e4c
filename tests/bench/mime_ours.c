/* mime_ours.c - this library, through its public face */
#include "mime_bench.h"

#include <mailaccess/mailaccess.h>
#include <stdio.h>
#include <stdlib.h>

static void header(const mla_part *part, const char *name, struct mime_found *found)
{
    char *text = NULL;
    size_t len = 0;

    if (mla_part_header(part, name, 0, &text, &len) == 0)
        found->words += len;
    mla_free(text);
}

static void fields(const mla_part *part, struct mime_found *found)
{
    uint32_t n = mla_part_header_count(part);
    mla_str name;
    mla_str value;

    for (uint32_t i = 0; i < n; i++)
        if (mla_part_header_at(part, i, &name, &value, NULL) == 0)
            found->text += name.len + value.len;
    found->fields += n;
}

static void run(const uint8_t *data, size_t len, struct mime_found *found, int decode)
{
    mla_message *m = NULL;

    if (mla_message_parse(NULL, NULL, data, len, &m) != 0) {
        fprintf(stderr, "not parsed\n");
        exit(1);
    }
    for (uint32_t i = 0; i < mla_message_part_count(m); i++) {
        const mla_part *part = mla_message_part_at(m, i);
        uint8_t *octets = NULL;
        size_t n = 0;

        found->parts++;
        fields(part, found);
        if (!decode || mla_part_child_count(part) != 0)
            continue;
        if (mla_part_decode(part, &octets, &n) == 0)
            found->octets += n;
        mla_free(octets);
    }
    if (decode) {
        header(mla_message_root(m), "Subject", found);
        header(mla_message_root(m), "From", found);
    }
    mla_message_free(m);
}

static void structure(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 0);
}

static void decode(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 1);
}

const struct mime_row mime_ours = {"libmailaccess", structure, decode};
