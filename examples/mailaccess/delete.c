/* delete.c - removing messages of the selected mailbox, and no others. */
#include "delete.h"

#include <string.h>

#include "find.h"

static int flag_deleted(struct conn *k, const mla_range *ranges, size_t count)
{
    mla_imap_store_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mode = MLA_IMAP_STORE_ADD;
    args.ranges = ranges;
    args.range_count = count;
    args.flags = MLA_IMAP_FLAG_DELETED;
    args.silent = 1;
    rc = mla_imap_store(k->imap, &args, &ticket);
    return rc == 0 ? conn_imap_finish(k, ticket) : rc;
}

/* Are there messages with \Deleted that are not ours? 0 and the answer, or an exit status. */
static int others_deleted(struct conn *k, const mla_range *ranges, size_t count, int *out_are)
{
    mla_imap_search_key keys[3];
    struct set found = {NULL, 0, 0};
    int rc;

    memset(keys, 0, sizeof keys);
    for (int i = 0; i < 3; i++)
        keys[i].struct_size = sizeof keys[i];
    keys[0].kind = MLA_IMAP_KEY_DELETED;
    keys[1].kind = MLA_IMAP_KEY_NOT;
    keys[2].kind = MLA_IMAP_KEY_UIDS;
    keys[2].ranges = ranges;
    keys[2].range_count = count;
    rc = find_by_keys(k, keys, 3, &found);
    *out_are = found.count > 0;
    set_free(&found);
    return rc;
}

int delete_uids(struct conn *k, const mla_range *ranges, size_t count)
{
    uint64_t ticket;
    int rc = flag_deleted(k, ranges, count), others = 0;

    if (rc != 0)
        return conn_fail(k, rc, "cannot delete");
    rc = mla_imap_expunge_uids(k->imap, ranges, count, &ticket);
    if (rc == 0)
        rc = conn_imap_finish(k, ticket);
    if (rc != MLA_E_UNSUPPORTED)
        return rc == 0 ? 0 : conn_fail(k, rc, "cannot expunge");
    rc = others_deleted(k, ranges, count, &others);
    if (rc != 0)
        return rc;
    if (others) {
        cli_warn("the server has no UIDPLUS and other messages are flagged \\Deleted: ours are "
                 "flagged too, but not expunged");
        return 0;
    }
    rc = mla_imap_expunge(k->imap, &ticket);
    if (rc == 0)
        rc = conn_imap_finish(k, ticket);
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot expunge");
}
