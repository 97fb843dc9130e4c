/* fuzz_imap_server.c - what an IMAP server says behind a greeting, with every kind of command open.
 *
 * The first octet says how the lines behind it are cut: the events must be those of whole lines.
 * Each event is taken as well, and the copy must be the same. */
#include "imap/engine.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- a digest of all that was told --- */

static void mix(uint64_t *h, const void *ptr, size_t len)
{
    const uint8_t *p = ptr;

    for (size_t i = 0; i < len; i++)
        *h = (*h ^ p[i]) * 1099511628211U;
}

static void mix_number(uint64_t *h, uint64_t n)
{
    mix(h, &n, sizeof n);
}

static void mix_str(uint64_t *h, mla_str s)
{
    mix_number(h, s.len + (s.ptr != NULL));
    if (s.len != 0)
        mix(h, s.ptr, s.len);
}

static void mix_ranges(uint64_t *h, const mla_range *r, size_t count)
{
    mix_number(h, count);
    if (count != 0)
        mix(h, r, count * sizeof *r);
}

static void mix_code(uint64_t *h, const mla_imap_code *c)
{
    if (c == NULL)
        return;
    mix_number(h, c->id);
    mix_number(h, c->number);
    mix_str(h, c->raw);
    mix_ranges(h, c->source, c->source_count);
    mix_ranges(h, c->destination, c->destination_count);
    for (uint32_t i = 0; i < c->word_count; i++)
        mix_str(h, c->words[i]);
}

static void mix_fetch(uint64_t *h, const mla_imap_fetch *f)
{
    mix_number(h, f->fields);
    mix_number(h, f->seq);
    mix_number(h, f->uid);
    mix_number(h, f->flags);
    mix_number(h, f->size);
    for (uint32_t i = 0; i < f->word_count; i++)
        mix_str(h, f->words[i]);
    if (f->envelope != NULL) {
        mix_str(h, f->envelope->subject);
        for (size_t i = 0; i < f->envelope->from_count; i++)
            mix_str(h, f->envelope->from[i].mailbox);
    }
    for (const mla_imap_section *s = f->sections; s != NULL; s = s->next) {
        mix_str(h, s->name);
        mix_str(h, s->data);
        mix_number(h, s->size);
    }
}

static void mix_event(uint64_t *h, const struct mla_imap_event *ev)
{
    if (ev->type == MLA_IMAP_EV_CHUNK) { /* where it is cut is not ours to say */
        mix(h, ev->chunk, ev->chunk_len);
        return;
    }
    mix_number(h, (uint64_t)ev->type);
    mix_number(h, ev->ticket);
    mix_number(h, ev->number);
    if (ev->done != NULL) {
        mix_number(h, (uint64_t)(int64_t)ev->done->error);
        mix_str(h, ev->done->text);
        mix_code(h, ev->done->code);
    }
    if (ev->text != NULL) {
        mix_str(h, ev->text->text);
        mix_code(h, ev->text->code);
    }
    if (ev->fetch != NULL)
        mix_fetch(h, ev->fetch);
    if (ev->section != NULL) {
        mix_number(h, ev->section->size);
        mix_number(h, ev->section->uid);
        mix_str(h, ev->section->name);
    }
    if (ev->list != NULL)
        mix_str(h, ev->list->name);
    if (ev->status != NULL)
        mix_str(h, ev->status->name);
    if (ev->search != NULL)
        mix_ranges(h, ev->search->ranges, ev->search->range_count);
    if (ev->warning != NULL)
        mix_number(h, ev->warning->id);
    for (size_t i = 0; i < ev->word_count; i++)
        mix_str(h, ev->words[i]);
}

static void die(const char *why)
{
    fprintf(stderr, "fuzz_imap_server: %s\n", why);
    abort();
}

/* --- the conversation --- */

static void drain(struct imap_engine *e, uint64_t *h)
{
    const struct mla_imap_event *ev;
    const uint8_t *p;
    size_t n;
    int rc;

    do {
        struct mla_imap_event *copy;
        uint64_t a = 1;
        uint64_t b = 1;

        while (outq_peek(&e->port.out, &p, &n, NULL))
            outq_sent(&e->port.out, n);
        rc = imap_engine_next(e, &ev);
        if (!imap_queue_sane(e) || !imap_state_sane(&e->box))
            die("an invariant does not hold");
        if (rc != 1)
            continue;
        mix_event(h, ev);
        if (imap_event_take(e, &copy) != 0)
            die("an event cannot be taken");
        mix_event(&a, ev);
        mix_event(&b, copy);
        if (a != b)
            die("a taken event differs");
        imap_event_free(copy);
    } while (rc == 1);
    if (rc < 0)
        mix_number(h, (uint64_t)(int64_t)rc);
}

static void receive(struct imap_engine *e, const uint8_t *data, size_t size, uint64_t *h)
{
    while (size > 0 && e->port.dead == 0) {
        uint8_t *p;
        size_t n;

        if (inbuf_room(&e->port.in, &p, &n) != 0)
            return;
        if (n > size)
            n = size;
        memcpy(p, data, n);
        engine_got(&e->port, n);
        data += n;
        size -= n;
        drain(e, h);
    }
}

static void queue_all(struct imap_engine *e)
{
    static const mla_range all = {1, 0};
    mla_imap_section_args section = {.struct_size = sizeof section};
    mla_imap_select_args select = {.struct_size = sizeof select, .mailbox = "INBOX"};
    mla_imap_fetch_args fetch = {.struct_size = sizeof fetch};
    mla_imap_search_args search = {.struct_size = sizeof search};
    mla_imap_list_args list = {.struct_size = sizeof list};
    mla_imap_status_args status = {.struct_size = sizeof status, .mailbox = "INBOX"};
    mla_imap_append_args append = {.struct_size = sizeof append, .mailbox = "Box"};
    mla_imap_copy_args copy = {.struct_size = sizeof copy, .mailbox = "Box"};
    uint64_t t;

    fetch.ranges = copy.ranges = &all;
    fetch.range_count = copy.range_count = 1;
    fetch.items = MLA_IMAP_ITEM_FLAGS | MLA_IMAP_ITEM_ENVELOPE | MLA_IMAP_ITEM_BODYSTRUCTURE;
    fetch.sections = &section;
    fetch.section_count = 1;
    append.data = (const uint8_t *)"hello";
    append.size = 5;
    imap_cmd_select(e, &select, &t, NULL);
    imap_cmd_fetch(e, &fetch, &t, NULL);
    imap_cmd_search(e, &search, &t, NULL);
    imap_cmd_list(e, 0, &list, &t, NULL);
    imap_cmd_status(e, &status, &t, NULL);
    imap_cmd_append(e, &append, &t, NULL);
    imap_cmd_copy(e, 1, &copy, &t, NULL);
    imap_cmd_unselect(e, &t, NULL);
    imap_cmd_idle(e, &t, NULL);
}

/* Feeds line by line, for a line ends at most one response and what it causes to be sent is sent
 * before the next one, however it is cut; step: octets at a time, 0: whole lines. */
static uint64_t run(const uint8_t *data, size_t size, size_t step)
{
    static const uint8_t greeting[] = "* PREAUTH [CAPABILITY IMAP4rev1 IDLE UIDPLUS] hi\r\n";
    struct imap_opts o;
    struct imap_engine *e = calloc(1, sizeof *e);
    uint64_t h = 14695981039346656037U;
    uint64_t t;

    memset(&o, 0, sizeof o);
    o.in_first = 4096;
    o.response_max = 65536 * 2;
    o.inline_max = 64;
    o.queue_max = 65536;
    o.words_max = 100;
    o.event_max = 1 << 20;
    o.depth_max = 32;
    o.tag_prefix = "T";
    if (e == NULL || imap_engine_init(e, mem_default(), &o) != 0)
        die("no engine");
    imap_engine_start(e, IMAP_SECURITY_NONE, "host", 143, &t);
    e->port.ops->connected(&e->port);
    receive(e, greeting, sizeof greeting - 1, &h);
    queue_all(e);
    drain(e, &h);
    while (size > 0 && e->port.dead == 0) {
        const uint8_t *lf = memchr(data, '\n', size);
        size_t n = lf != NULL ? (size_t)(lf - data) + 1 : size;

        if (step != 0 && n > step)
            n = step;
        receive(e, data, n, &h);
        data += n;
        size -= n;
    }
    e->port.ops->eof(&e->port, 1);
    drain(e, &h);
    imap_engine_free(e);
    free(e);
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t step;

    if (size == 0)
        return 0;
    step = (size_t)data[0] % 16 + 1;
    if (run(data + 1, size - 1, 0) != run(data + 1, size - 1, step))
        die("events depend on how the octets come");
    return 0;
}
