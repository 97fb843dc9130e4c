/* packer.c - see packer.h */
#include "packer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct packer *packer_new(void)
{
    struct packer *z = calloc(1, sizeof *z);

    if (z == NULL || deflateInit2(&z->out, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        inflateInit2(&z->in, -15) != Z_OK)
        abort();
    return z;
}

void packer_free(struct packer *z)
{
    deflateEnd(&z->out);
    inflateEnd(&z->in);
    free(z);
}

void pack(struct packer *z, const void *text, size_t n, int flush)
{
    z->out.next_in = (Bytef *)(uintptr_t)text;
    z->out.avail_in = (unsigned)n;
    z->out.next_out = z->wire + z->len;
    z->out.avail_out = (unsigned)(sizeof z->wire - z->len);
    deflate(&z->out, flush);
    z->len = sizeof z->wire - z->out.avail_out;
}

void pack_text(struct packer *z, const char *text)
{
    pack(z, text, strlen(text), Z_SYNC_FLUSH);
}

int packer_ship(struct peer *p, struct packer *z)
{
    size_t n = z->len;

    z->len = 0;
    return peer_send(p, z->wire, n);
}

/* The next octet of text, or -1. */
static int packed_octet(struct peer *p, struct packer *z)
{
    for (;;) {
        uint8_t wire;
        uint8_t text;
        int code;

        z->in.next_out = &text;
        z->in.avail_out = 1;
        code = inflate(&z->in, Z_SYNC_FLUSH);
        if (z->in.avail_out == 0)
            return text;
        if ((code != Z_OK && code != Z_BUF_ERROR) || peer_read(p, &wire, 1) != 1)
            return -1;
        z->in.next_in = &wire;
        z->in.avail_in = 1;
        z->in.next_out = &text;
        code = inflate(&z->in, Z_SYNC_FLUSH);
        if (z->in.avail_out == 0)
            return text;
    }
}

int packed_line(struct peer *p, struct packer *z)
{
    size_t n = 0;

    while (n + 1 < sizeof p->line) {
        int c = packed_octet(p, z);

        if (c < 0)
            return 0;
        if (c == '\n') {
            p->line[n > 0 ? n - 1 : 0] = '\0'; /* over the CR */
            return 1;
        }
        p->line[n++] = (char)c;
    }
    return 0;
}

void packer_answer(const struct peer *p, const char *text, char *out, size_t max)
{
    snprintf(out, max, "%.*s OK %s\r\n", (int)strcspn(p->line, " "), p->line, text);
}

int packer_begin(struct peer *p, struct packer *z)
{
    char text[128];
    uint8_t *all;
    size_t n;
    int ok;

    if (!peer_accept(p) || (p->arg != NULL && !peer_tls(p)) || !peer_say(p, GREETING) ||
        !peer_line(p) || strstr(p->line, "COMPRESS DEFLATE") == NULL)
        return 0;
    packer_answer(p, "DEFLATE active", text, sizeof text);
    n = strlen(text);
    all = malloc(n + z->len);
    if (all == NULL)
        return 0;
    memcpy(all, text, n);
    memcpy(all + n, z->wire, z->len);
    ok = peer_send(p, all, n + z->len);
    z->len = 0;
    free(all);
    return ok;
}
