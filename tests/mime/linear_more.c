/* linear_more.c - see linear.h */
#include "linear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const mla_mime_limits linear_limits = {.struct_size = sizeof(mla_mime_limits),
                                       .max_parts = 10000000,
                                       .max_headers = 10000000,
                                       .max_header_size = 100000000,
                                       .max_params = 10000000,
                                       .max_addresses = 10000000,
                                       .max_words = 10000000,
                                       .max_ids = 10000000};

static void need(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "failed: %d\n", rc);
        exit(1);
    }
}

/* ------------------------------------------------------------------ values */

static void names_of_parameters(const mla_part *p)
{
    static const char *const fields[] = {"Content-Type", "Content-Disposition"};

    for (int i = 0; i < 2; i++) {
        mla_strings *names = NULL;
        char *text = NULL;

        if (mla_part_param_names(p, fields[i], &names) == 0)
            mla_strings_free(names);
        if (mla_part_param(p, fields[i], "a", &text, NULL) == 0)
            mla_free(text);
    }
}

void linear_values(const mla_part *p)
{
    mla_external_body *external = NULL;
    mla_mailing_list *list = NULL;
    mla_hops *hops = NULL;
    mla_dsn *dsn = NULL;
    mla_mdn *mdn = NULL;
    char *text = NULL;

    names_of_parameters(p);
    if (mla_part_hops(p, &hops) == 0)
        mla_hops_free(hops);
    if (mla_part_mailing_list(p, &list) == 0)
        mla_mailing_list_free(list);
    if (mla_part_dsn(p, &dsn) == 0)
        mla_dsn_free(dsn);
    if (mla_part_mdn(p, &mdn) == 0)
        mla_mdn_free(mdn);
    if (mla_part_external_body(p, &external) == 0)
        mla_external_body_free(external);
    if (mla_part_partial(p, &text, NULL, NULL) == 0)
        mla_free(text);
    text = NULL;
    if (mla_part_header(p, "Authentication-Results", 0, &text, NULL) == 0)
        mla_free(text);
}

/* ------------------------------------------------------------------ TNEF */

static size_t put(uint8_t *data, size_t at, const void *p, size_t n)
{
    memcpy(data + at, p, n);
    return at + n;
}

static size_t put_le(uint8_t *data, size_t at, uint32_t v, size_t n)
{
    for (; n > 0; n--, v >>= 8)
        data[at++] = (uint8_t)v;
    return at;
}

#define TNEF_TYPE "Content-Type: application/ms-tnef\r\n\r\n"

static size_t tnef_begin(uint8_t *data)
{
    size_t at = put(data, 0, TNEF_TYPE, sizeof TNEF_TYPE - 1);

    at = put_le(data, at, 0x223e9f78, 4);
    return put_le(data, at, 0, 2);
}

static size_t attribute(uint8_t *data, size_t at, uint32_t level, uint32_t id, const void *p,
                        size_t n)
{
    at = put_le(data, at, level, 1);
    at = put_le(data, at, id, 4);
    at = put_le(data, at, (uint32_t)n, 4);
    at = put(data, at, p, n);
    return put_le(data, at, 0, 2);
}

/* Attachments, each with name and data. */
static size_t make_tnef_files(uint8_t *data, size_t octets)
{
    size_t at = tnef_begin(data);

    while (at < octets) {
        at = attribute(data, at, 2, 0x00069002, "\1\0\0\0", 4);
        at = attribute(data, at, 2, 0x00018010, "a.txt", 6);
        at = attribute(data, at, 2, 0x0006800f, "abc", 3);
    }
    return at;
}

/* One attachment that is named again and again. */
static size_t make_tnef_names(uint8_t *data, size_t octets)
{
    size_t at = attribute(data, tnef_begin(data), 2, 0x00069002, "\1\0\0\0", 4);

    while (at < octets)
        at = attribute(data, at, 2, 0x00018010, "a.txt", 6);
    return at;
}

/* Properties of the message, numbers all of them. */
static size_t make_tnef_properties(uint8_t *data, size_t octets)
{
    size_t at = tnef_begin(data);
    size_t count = octets / 8;

    at = put_le(data, at, 1, 1);
    at = put_le(data, at, 0x00069003, 4);
    at = put_le(data, at, (uint32_t)(4 + 8 * count), 4);
    at = put_le(data, at, (uint32_t)count, 4);
    for (size_t i = 0; i < count; i++) {
        at = put_le(data, at, 0x30000003, 4);
        at = put_le(data, at, (uint32_t)i, 4);
    }
    return put_le(data, at, 0, 2);
}

/* ------------------------------------------------------------------ messages that are built */

enum { FIELDS_MAX = 900, PARTS_MAX = 9000 };

static mla_compose *begin(const char *type)
{
    mla_compose *c = NULL;

    need(mla_compose_new(NULL, type, 0, &c));
    return c;
}

static void end(mla_compose *c)
{
    const uint8_t *data;
    size_t len;
    int rc;

    while ((rc = mla_compose_output(c, &data, &len, NULL)) == 1)
        ;
    need(rc);
    mla_compose_free(c);
}

static size_t make_text(uint8_t *data, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        data[i] = (uint8_t) "a line of text, and nothing else \n"[i % 34];
    data[octets] = '\0';
    return octets;
}

static size_t make_utf8(uint8_t *data, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        data[i] = (uint8_t) "\xc3\xa9"[i % 2];
    data[octets & ~(size_t)1] = '\0';
    return octets & ~(size_t)1;
}

static size_t make_word(uint8_t *data, size_t octets)
{
    memset(data, 'a', octets);
    data[octets] = '\0';
    return octets;
}

static size_t make_words(uint8_t *data, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        data[i] = (uint8_t) "a "[i % 2];
    data[octets] = '\0';
    return octets;
}

/* Up to 64 KiB can be one value; more is as many fields. */
static void work_header(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");

    (void)len;
    need(mla_compose_header(c, 0, "Subject", (const char *)data));
    need(mla_compose_text(c, 0, "", 0, 0));
    end(c);
}

static void work_parameter(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("multipart/mixed");
    char value[401];

    for (size_t at = 0; at + sizeof value < len; at += sizeof value - 1) {
        uint32_t part;

        memcpy(value, data + at, sizeof value - 1);
        value[sizeof value - 1] = '\0';
        need(mla_compose_add(c, 0, "text/plain", &part));
        need(mla_compose_disposition(c, part, "attachment", value));
        need(mla_compose_text(c, part, "", 0, 0));
    }
    end(c);
}

static void work_fields(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");
    size_t count = len / 100 < FIELDS_MAX ? len / 100 : FIELDS_MAX;

    (void)data;
    for (size_t i = 0; i < count; i++)
        need(mla_compose_header(c, 0, "X-Field", "the value of a field"));
    need(mla_compose_text(c, 0, "", 0, 0));
    end(c);
}

static void work_mailboxes(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");

    (void)data;
    for (size_t i = 0; i < len / 50; i++)
        need(mla_compose_mailbox(c, 0, "To", "Some One", "someone@host.example"));
    need(mla_compose_text(c, 0, "", 0, 0));
    end(c);
}

static void work_ids(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");

    (void)data;
    for (size_t i = 0; i < len / 50; i++)
        need(mla_compose_id(c, 0, "References", "<one@host.example>"));
    need(mla_compose_text(c, 0, "", 0, 0));
    end(c);
}

static void work_parts(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("multipart/mixed");

    for (size_t i = 0; i < len / 100 && i < PARTS_MAX; i++) {
        uint32_t part;

        need(mla_compose_add(c, 0, "text/plain", &part));
        need(mla_compose_text(c, part, (const char *)data, 10, 0));
    }
    end(c);
}

static void work_text(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");

    need(mla_compose_text(c, 0, (const char *)data, len, 0));
    end(c);
}

static void work_flowed(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("text/plain");

    need(mla_compose_text(c, 0, (const char *)data, len, MLA_COMPOSE_FLOWED | MLA_COMPOSE_DELSP));
    end(c);
}

static void work_body(const uint8_t *data, size_t len)
{
    mla_compose *c = begin("application/octet-stream");

    need(mla_compose_body(c, 0, data, len));
    end(c);
}

/* ------------------------------------------------------------------ fragments */

static size_t make_fragments(uint8_t *data, size_t octets)
{
    size_t at = 0;
    size_t count = octets / 100;

    for (size_t i = count; i > 0; i--) { /* the last one first */
        int n =
            snprintf((char *)data + at, 101,
                     "Content-Type: message/partial; id=\"a@b\"; number=%zu; total=%zu\r\n\r\n%s",
                     i, count, i == 1 ? "Subject: a\r\n\r\nb\r\n" : "abc\r\n");

        at += (size_t)n;
        while (at % 100 != 0)
            data[at++] = '\n';
    }
    return at;
}

static void work_join(const uint8_t *data, size_t len)
{
    size_t count = len / 100;
    mla_message **fragments = calloc(count, sizeof *fragments);
    uint8_t *whole = NULL;
    size_t n;

    if (fragments == NULL)
        exit(1);
    for (size_t i = 0; i < count; i++)
        need(mla_message_parse(NULL, NULL, data + 100 * i, 100, &fragments[i]));
    need(mla_partial_join(NULL, (const mla_message *const *)fragments, count, &whole, &n));
    mla_free(whole);
    for (size_t i = 0; i < count; i++)
        mla_message_free(fragments[i]);
    free(fragments);
}

const struct linear_row linear_more[] = {
    {"tnef-files", NULL, NULL, make_tnef_files, NULL},
    {"tnef-names", NULL, NULL, make_tnef_names, NULL},
    {"tnef-properties", NULL, NULL, make_tnef_properties, NULL},
    {"compose-value", NULL, NULL, make_words, work_header},
    {"compose-value-encoded", NULL, NULL, make_utf8, work_header},
    {"compose-value-one-word", NULL, NULL, make_word, work_header},
    {"compose-filename", NULL, NULL, make_utf8, work_parameter},
    {"compose-fields", NULL, NULL, make_text, work_fields},
    {"compose-addresses", NULL, NULL, make_text, work_mailboxes},
    {"compose-ids", NULL, NULL, make_text, work_ids},
    {"compose-parts", NULL, NULL, make_text, work_parts},
    {"compose-text", NULL, NULL, make_text, work_text},
    {"compose-text-encoded", NULL, NULL, make_utf8, work_text},
    {"compose-text-one-line", NULL, NULL, make_word, work_text},
    {"compose-flowed", NULL, NULL, make_text, work_flowed},
    {"compose-flowed-one-word", NULL, NULL, make_word, work_flowed},
    {"compose-body", NULL, NULL, make_text, work_body},
    {"partial-join", NULL, NULL, make_fragments, work_join},
};

const size_t linear_more_count = sizeof linear_more / sizeof linear_more[0];
