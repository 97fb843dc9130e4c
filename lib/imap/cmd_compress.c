/* cmd_compress.c - COMPRESS, RFC 4978. */
#include "imap/cmd.h"
#include "imap/engine.h"

static int compress_encode(struct imap_engine *e, struct imap_cmd *c)
{
    if (e->compressed)
        return MLA_E_STATE;
    imap_enc_word(c->enc, "COMPRESS DEFLATE");
    e->layer_due = 1;
    return 0;
}

/* The server compresses from the octet behind the line end of its OK on (section 3): what is in the
 * buffer behind it, or comes, is for the layer to read and not for us. */
static int compress_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)c;
    e->layer_due = 0;
    if (d->error == 0)
        e->phase = IMAP_PHASE_COMPRESS;
    return CMD_OVER;
}

static const struct imap_cmd_def def_compress = {
    .verb = "COMPRESS",
    .states = IN_AUTHENTICATED,
    .flags = CMD_LAST | CMD_CAPS,
    .capability = "COMPRESS=DEFLATE",
    .encode = compress_encode,
    .done = compress_done,
};

int imap_cmd_compress(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_compress, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

int imap_cmd_compress_first(struct imap_engine *e)
{
    struct imap_cmd *c;

    if (!e->opts->compress)
        return 0;
    if (imap_cmd_new(e, &def_compress, 0, &c) != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    imap_queue_add_first(&e->queue, c);
    return 0;
}
