/* fuzz_bodystructure.c - one structure or envelope, and whether what comes of it hangs together. */
#include "imap/resp.h"
#include "imap_tell.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { DEPTH = 16 };

static void need(int good)
{
    if (!good)
        abort();
}

/* A part's number is its parent's with its own behind it; the multipart that a message is has none.
 */
static void check_number(const mla_imap_body *b, uint32_t index)
{
    const mla_imap_body *up = b->parent;
    char own[16];
    size_t len = (size_t)snprintf(own, sizeof own, "%u", index);

    if (b->kind == MLA_IMAP_BODY_MULTIPART && (up == NULL || up->kind == MLA_IMAP_BODY_MESSAGE)) {
        need(b->section.len == 0);
        return;
    }
    while (up != NULL && up->section.len == 0)
        up = up->parent;
    need(b->section.len == len + (up != NULL ? up->section.len + 1 : 0));
    need(memcmp(b->section.ptr + b->section.len - len, own, len) == 0);
    if (up != NULL) {
        need(memcmp(b->section.ptr, up->section.ptr, up->section.len) == 0);
        need(b->section.ptr[up->section.len] == '.');
    }
}

static void check_tree(const mla_imap_body *top)
{
    const mla_imap_body *b = top;
    size_t depth = 1;

    check_number(top, 1);
    while (b != NULL) {
        uint32_t index = 0;

        need(b->struct_size == sizeof *b && b->kind <= MLA_IMAP_BODY_MULTIPART);
        need(b->param_count % 2 == 0 && b->disposition_param_count % 2 == 0);
        need(b->type.ptr != NULL && b->subtype.ptr != NULL && depth <= DEPTH);
        for (const mla_imap_body *c = b->child; c != NULL; c = c->next) {
            need(c->parent == b);
            check_number(c, ++index);
        }
        need(index == b->child_count);
        need(b->kind == MLA_IMAP_BODY_MULTIPART || index <= (b->kind == MLA_IMAP_BODY_MESSAGE));
        if (b->child != NULL) {
            b = b->child;
            depth++;
            continue;
        }
        while (b != top && b->next == NULL) {
            b = b->parent;
            depth--;
        }
        b = b == top ? NULL : b->next;
    }
}

/* GROUP_END only behind GROUP_BEGIN, and no group in a group. */
static void check_addresses(const mla_address *a, size_t n)
{
    int open = 0;

    for (size_t i = 0; i < n; i++) {
        need(a[i].kind <= MLA_ADDRESS_GROUP_END);
        if (a[i].kind == MLA_ADDRESS_GROUP_BEGIN) {
            need(!open);
            open = 1;
        }
        if (a[i].kind == MLA_ADDRESS_GROUP_END) {
            need(open);
            open = 0;
        }
    }
    need(!open);
}

static void read_as(const char *item, const uint8_t *p, size_t n)
{
    static const char tail[] = " UID 7)\r\n";
    size_t head = strlen(item);
    size_t len = head + n + sizeof tail - 1;
    char *line = malloc(len);
    struct imap_raw raw = {(const uint8_t *)line, len, 0};
    struct imap_resp_opts o;
    struct mla_imap_event ev;
    struct imap_resp resp;
    char *text;

    need(line != NULL);
    memcpy(line, item, head);
    memcpy(line + head, p, n);
    memcpy(line + head + n, tail, sizeof tail - 1);
    memset(&o, 0, sizeof o);
    memset(&ev, 0, sizeof ev);
    o.depth_max = DEPTH;
    arena_init(&ev.arena, mem_default(), 1 << 20);
    need(imap_resp_parse(&raw, &o, &ev, &resp) == 0);
    need(ev.type == MLA_IMAP_EV_FETCH && ev.fetch != NULL);
    if (ev.fetch->body != NULL)
        check_tree(ev.fetch->body);
    if (ev.fetch->envelope != NULL) {
        check_addresses(ev.fetch->envelope->from, ev.fetch->envelope->from_count);
        check_addresses(ev.fetch->envelope->to, ev.fetch->envelope->to_count);
    }
    text = tell(&ev, &resp);
    need(text != NULL);
    free(text);
    arena_free(&ev.arena);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    read_as("* 1 FETCH (BODYSTRUCTURE ", p, n);
    read_as("* 1 FETCH (ENVELOPE ", p, n);
    return 0;
}
