/* mime_etpan.c - libetpan */
#include "mime_bench.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

static void leaf(struct mailmime *mime, struct mime_found *found)
{
    struct mailmime_data *data = mime->mm_data.mm_single;
    int encoding = MAILMIME_MECHANISM_8BIT;
    char *decoded = NULL;
    size_t len = 0;
    size_t at = 0;

    if (data == NULL || data->dt_type != MAILMIME_DATA_TEXT)
        return;
    if (mime->mm_mime_fields != NULL)
        encoding = mailmime_transfer_encoding_get(mime->mm_mime_fields);
    if (mailmime_part_parse(data->dt_data.dt_text.dt_data, data->dt_data.dt_text.dt_length, &at,
                            encoding, &decoded, &len) != MAILIMF_NO_ERROR)
        return;
    found->octets += len;
    mmap_string_unref(decoded);
}

static void word(const char *raw, struct mime_found *found)
{
    char *text = NULL;
    size_t at = 0;

    if (raw == NULL || mailmime_encoded_phrase_parse("iso-8859-1", raw, strlen(raw), &at, "utf-8",
                                                     &text) != MAILIMF_NO_ERROR)
        return;
    found->words += strlen(text);
    free(text);
}

static void from(struct mailimf_mailbox_list *list, struct mime_found *found)
{
    for (clistiter *i = clist_begin(list->mb_list); i != NULL; i = clist_next(i)) {
        struct mailimf_mailbox *mb = clist_content(i);

        word(mb->mb_display_name, found);
        found->words += strlen(mb->mb_addr_spec);
    }
}

static void words(struct mailimf_fields *list, struct mime_found *found)
{
    struct mailimf_single_fields single;

    mailimf_single_fields_init(&single, list);
    if (single.fld_subject != NULL)
        word(single.fld_subject->sbj_value, found);
    if (single.fld_from != NULL)
        from(single.fld_from->frm_mb_list, found);
}

/* libetpan keeps the fields of a message parsed, those of a part by their meaning only. */
static void fields(struct mailimf_fields *list, struct mime_found *found)
{
    for (clistiter *i = clist_begin(list->fld_list); i != NULL; i = clist_next(i)) {
        struct mailimf_field *f = clist_content(i);

        found->fields++;
        if (f->fld_type == MAILIMF_FIELD_OPTIONAL_FIELD)
            found->text += strlen(f->fld_data.fld_optional_field->fld_name) +
                           strlen(f->fld_data.fld_optional_field->fld_value);
    }
}

static void walk(struct mailmime *mime, struct mime_found *found, int decode)
{
    clistiter *i;

    if (mime->mm_mime_fields != NULL)
        found->fields += (uint64_t)clist_count(mime->mm_mime_fields->fld_list);
    switch (mime->mm_type) {
    case MAILMIME_SINGLE:
        found->parts++;
        if (decode)
            leaf(mime, found);
        break;
    case MAILMIME_MULTIPLE:
        found->parts++;
        for (i = clist_begin(mime->mm_data.mm_multipart.mm_mp_list); i != NULL; i = clist_next(i))
            walk(clist_content(i), found, decode);
        break;
    case MAILMIME_MESSAGE:
        found->parts += mime->mm_parent != NULL;
        if (mime->mm_data.mm_message.mm_fields != NULL)
            fields(mime->mm_data.mm_message.mm_fields, found);
        if (mime->mm_data.mm_message.mm_msg_mime != NULL)
            walk(mime->mm_data.mm_message.mm_msg_mime, found, decode);
        break;
    default:
        break;
    }
}

static void run(const uint8_t *data, size_t len, struct mime_found *found, int decode)
{
    struct mailmime *mime = NULL;
    size_t at = 0;

    if (mailmime_parse((const char *)data, len, &at, &mime) != MAILIMF_NO_ERROR)
        return;
    walk(mime, found, decode);
    if (decode && mime->mm_type == MAILMIME_MESSAGE && mime->mm_data.mm_message.mm_fields != NULL)
        words(mime->mm_data.mm_message.mm_fields, found);
    mailmime_free(mime);
}

static void structure(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 0);
}

static void decode(const uint8_t *data, size_t len, struct mime_found *found)
{
    run(data, len, found, 1);
}

const struct mime_row mime_etpan = {"libetpan", structure, decode};
