/* mime_stream_api.c - the parser and the decoder as streams: see mailaccess/mime.h */
#include "api/mime_handles.h"
#include "mime/decode.h"
#include "mime/parser.h"

#include <string.h>

enum { PIECE = 16384 };

struct mla_parser {
    struct mem mem;
    struct mime_parser parser;
};

struct mla_decoder {
    struct mem mem;
    struct decoder_state state;
    const uint8_t *in;
    size_t left;
    int ended;    /* mla_decoder_end() was called */
    int finished; /* and what it brought was handed out */
    uint8_t out[PIECE + QP_HOLD];
};

int mla_parser_new(const mla_config *cfg, const mla_mime_limits *limits, mla_parser **out_p)
{
    const mla_mime_limits *given;
    mla_mime_limits filled;
    mla_parser *p;
    int rc;

    if (out_p == NULL)
        return MLA_E_ARG;
    *out_p = NULL;
    rc = mime_limits_in(limits, &filled, &given);
    if (rc != 0)
        return rc;
    p = mem_alloc(mime_mem(cfg), sizeof *p);
    if (p == NULL)
        return MLA_E_NOMEM;
    p->mem = *mime_mem(cfg);
    rc = mime_parser_init(&p->parser, &p->mem, given);
    if (rc != 0) {
        mla_parser_free(p);
        return rc;
    }
    *out_p = p;
    return 0;
}

void mla_parser_free(mla_parser *p)
{
    struct mem mem;

    if (p == NULL)
        return;
    mem = p->mem;
    mime_parser_free(&p->parser);
    mem_free(&mem, p);
}

int mla_parser_feed(mla_parser *p, const uint8_t *data, size_t len, size_t *out_used)
{
    int rc;

    if (data == NULL && len != 0)
        return MLA_E_ARG;
    rc = mime_parser_feed(&p->parser, data, len);
    if (rc == 0 && out_used != NULL)
        *out_used = len;
    return rc;
}

int mla_parser_end(mla_parser *p)
{
    return mime_parser_end(&p->parser);
}

int mla_parser_next(mla_parser *p, const mla_mime_event **out_ev)
{
    const mla_mime_event *ev;
    int rc;

    if (out_ev == NULL)
        return MLA_E_ARG;
    rc = mime_parser_next(&p->parser, &ev);
    if (rc == 1)
        *out_ev = ev;
    return rc;
}

int mla_decoder_new(const mla_config *cfg, const char *encoding, mla_decoder **out_d)
{
    mla_decoder *d;

    if (out_d == NULL)
        return MLA_E_ARG;
    d = mem_zero(mime_mem(cfg), sizeof *d);
    *out_d = d;
    if (d == NULL)
        return MLA_E_NOMEM;
    d->mem = *mime_mem(cfg);
    d->state.kind = decode_kind_of(encoding);
    return 0;
}

void mla_decoder_free(mla_decoder *d)
{
    struct mem mem;

    if (d == NULL)
        return;
    mem = d->mem;
    mem_free(&mem, d);
}

int mla_decoder_feed(mla_decoder *d, const uint8_t *data, size_t len)
{
    if (data == NULL && len != 0)
        return MLA_E_ARG;
    if (d->left != 0 || d->ended)
        return MLA_E_STATE;
    d->in = data;
    d->left = len;
    return 0;
}

int mla_decoder_end(mla_decoder *d)
{
    d->ended = 1;
    return 0;
}

/* The next piece of what was fed; octets without an encoding are lent as they are. */
static size_t decode_piece(mla_decoder *d, const uint8_t **out_data)
{
    size_t n = d->left < PIECE || d->state.kind == DECODE_IDENTITY ? d->left : PIECE;
    size_t got = n;

    if (d->state.kind == DECODE_IDENTITY) {
        *out_data = d->in;
    } else {
        *out_data = d->out;
        got = decode_feed(&d->state, d->in, n, d->out);
    }
    d->in += n;
    d->left -= n;
    return got;
}

int mla_decoder_output(mla_decoder *d, const uint8_t **out_data, size_t *out_len)
{
    size_t n = 0;

    if (out_data == NULL || out_len == NULL)
        return MLA_E_ARG;
    while (d->left != 0 && n == 0)
        n = decode_piece(d, out_data);
    if (n == 0 && d->ended && !d->finished) {
        d->finished = 1;
        n = decode_end(&d->state, d->out);
        *out_data = d->out;
    }
    *out_len = n;
    return n != 0;
}

uint64_t mla_decoder_warnings(const mla_decoder *d)
{
    struct warn_set w = {{0}, {0}};

    decode_warnings(&d->state, &w, 0);
    return w.mask[0];
}
