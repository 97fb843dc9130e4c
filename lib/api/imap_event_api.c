/* imap_event_api.c - see mailaccess/imap.h: what an event holds. */
#include "imap/event.h"
#include "mailaccess/imap.h"

int32_t mla_imap_event_type(const mla_imap_event *ev)
{
    return ev != NULL ? ev->type : 0;
}

uint64_t mla_imap_event_ticket(const mla_imap_event *ev)
{
    return ev != NULL ? ev->ticket : 0;
}

const mla_imap_done *mla_imap_event_done(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_DONE ? ev->done : NULL;
}

const mla_imap_text *mla_imap_event_text(const mla_imap_event *ev)
{
    if (ev == NULL || (ev->type != MLA_IMAP_EV_TEXT && ev->type != MLA_IMAP_EV_GREETING))
        return NULL;
    return ev->text;
}

const mla_imap_fetch *mla_imap_event_fetch(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_FETCH ? ev->fetch : NULL;
}

const mla_imap_section *mla_imap_event_section(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_SECTION_BEGIN ? ev->section : NULL;
}

const mla_imap_list *mla_imap_event_list(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_LIST ? ev->list : NULL;
}

const mla_imap_status *mla_imap_event_status(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_STATUS ? ev->status : NULL;
}

const mla_imap_search *mla_imap_event_search(const mla_imap_event *ev)
{
    if (ev == NULL || (ev->type != MLA_IMAP_EV_SEARCH && ev->type != MLA_IMAP_EV_VANISHED &&
                       ev->type != MLA_IMAP_EV_UIDBATCHES))
        return NULL;
    return ev->search;
}

const mla_imap_warning *mla_imap_event_warning(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_WARNING ? ev->warning : NULL;
}

const mla_str *mla_imap_event_words(const mla_imap_event *ev, size_t *out_count)
{
    const int has_words =
        ev != NULL && (ev->type == MLA_IMAP_EV_CAPABILITY || ev->type == MLA_IMAP_EV_FLAGS ||
                       ev->type == MLA_IMAP_EV_ENABLED);

    if (out_count != NULL)
        *out_count = has_words ? ev->word_count : 0;
    return has_words ? ev->words : NULL;
}

uint32_t mla_imap_event_number(const mla_imap_event *ev)
{
    return ev != NULL ? ev->number : 0;
}

const uint8_t *mla_imap_event_chunk(const mla_imap_event *ev, size_t *out_len, uint64_t *out_offset)
{
    const int is_chunk = ev != NULL && ev->type == MLA_IMAP_EV_CHUNK;

    if (out_len != NULL)
        *out_len = is_chunk ? ev->chunk_len : 0;
    if (out_offset != NULL)
        *out_offset = is_chunk ? ev->chunk_offset : 0;
    return is_chunk ? ev->chunk : NULL;
}

const uint8_t *mla_imap_event_raw(const mla_imap_event *ev, size_t *out_len)
{
    if (out_len != NULL)
        *out_len = ev != NULL ? ev->raw.len : 0;
    return ev != NULL ? ev->raw.ptr : NULL;
}
