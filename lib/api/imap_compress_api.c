/* imap_compress_api.c - see mailaccess/imap_compress.h */
#include "mailaccess/imap_compress.h"

#include "api/imap_api.h"
#include "net/deflate.h"

int mla_imap_compress(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    /* who moves the octets brings the layer as well */
    if (s->session.conn != NULL && !deflate_built())
        return fail(err, MLA_E_UNSUPPORTED, "COMPRESS: zlib is not built in");
    rc = imap_cmd_compress(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}
