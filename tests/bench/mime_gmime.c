/* mime_gmime.c - GMime 3 */
#include "mime_bench.h"

#include <gmime/gmime.h>
#include <string.h>

static void fields(GMimeObject *part, struct mime_found *found)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(part);
    int n = g_mime_header_list_get_count(list);

    for (int i = 0; i < n; i++) {
        GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
        const char *name = g_mime_header_get_name(h);
        const char *value = g_mime_header_get_raw_value(h);

        found->text += strlen(name) + (value != NULL ? strlen(value) : 0);
    }
    found->fields += (uint64_t)n;
}

static void leaf(GMimeObject *object, struct mime_found *found)
{
    GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)object);
    GMimeStream *mem;
    gssize n;

    if (content == NULL)
        return;
    mem = g_mime_stream_mem_new();
    n = g_mime_data_wrapper_write_to_stream(content, mem);
    found->octets += n > 0 ? (uint64_t)n : 0;
    g_object_unref(mem);
}

static void walk(GMimeObject *object, struct mime_found *found, int decode)
{
    found->parts++;
    fields(object, found);
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *m = (GMimeMultipart *)object;

        for (int i = 0; i < g_mime_multipart_get_count(m); i++)
            walk(g_mime_multipart_get_part(m, i), found, decode);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *m = g_mime_message_part_get_message((GMimeMessagePart *)object);

        if (m != NULL) {
            /* A message and its body part share one header; what is of MIME is in the part. */
            fields((GMimeObject *)m, found);
            walk(g_mime_message_get_mime_part(m), found, decode);
        }
    } else if (decode) {
        leaf(object, found);
    }
}

static void words(GMimeMessage *m, struct mime_found *found)
{
    const char *subject = g_mime_message_get_subject(m);
    const char *from = g_mime_object_get_header((GMimeObject *)m, "From");

    found->words += (subject != NULL ? strlen(subject) : 0) + (from != NULL ? strlen(from) : 0);
}

static void run(const uint8_t *data, size_t len, struct mime_found *found, int decode)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeParser *parser;
    GMimeMessage *m;
    GByteArray lent;

    /* the octets are lent, not copied */
    lent.data = (guint8 *)(uintptr_t)data;
    lent.len = (guint)len;
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    g_mime_stream_mem_set_byte_array((GMimeStreamMem *)stream, &lent);
    parser = g_mime_parser_new_with_stream(stream);
    m = g_mime_parser_construct_message(parser, NULL);
    if (m != NULL) {
        fields((GMimeObject *)m, found);
        walk(g_mime_message_get_mime_part(m), found, decode);
        if (decode)
            words(m, found);
        g_object_unref(m);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

static void structure(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 0);
}

static void decode(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 1);
}

void mime_gmime_init(void)
{
    g_mime_init();
}

const struct mime_row mime_gmime = {"GMime", structure, decode};
