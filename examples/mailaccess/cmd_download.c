/* cmd_download.c - every message, octet for octet as the server has it; only what is new. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "download.h"

/* Before anything is connected: what is wrong on the command line. */
static int check(const struct cli *c)
{
    mla_range *ranges = NULL;
    size_t count;
    int rc = 0;

    if (c->opt.to == NULL)
        return cli_fail(EXIT_USAGE, "download: wants --to=DIR");
    if (c->opt.uids != NULL)
        rc = set_parse(c->opt.uids, &ranges, &count);
    free(ranges);
    return rc;
}

static int check_url(const struct download *d)
{
    if (d->k.cli->opt.uids == NULL)
        return 0;
    if (d->k.pop3 != NULL)
        return cli_fail(EXIT_USAGE, "--uids: POP3 has no UIDs");
    return d->k.url.mailbox != NULL
               ? 0
               : cli_fail(EXIT_USAGE, "--uids: the URL names no mailbox they could be in");
}

int cmd_download(struct cli *c)
{
    struct download *d;
    int rc = check(c);

    if (rc != 0)
        return rc;
    d = calloc(1, sizeof *d);
    if (d == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    rc = deliver_begin(&d->to, c);
    if (rc == 0) {
        rc = conn_open(&d->k, c, CONN_ANY);
        if (rc == 0)
            rc = check_url(d);
        if (rc == 0)
            rc = d->k.imap != NULL ? download_imap(d) : download_pop3(d);
        progress_end(&d->progress);
        d->k.is_given_up = rc != 0;
        conn_close(&d->k);
    }
    if (rc == 0 && c->opt.del && d->gone > 0)
        cli_warn("%" PRIu64 " messages stay on the server: they were downloaded before, but their "
                 "files are gone",
                 d->gone);
    deliver_end(&d->to);
    if (rc == 0)
        rc = d->failed;
    free(d);
    return rc;
}
