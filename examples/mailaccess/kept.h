/* kept.h - what `watch --state=FILE` knows of a mailbox, in a file, for the next run.
 *
 * Lines of text; the last one is a digest of all others. The file is replaced whole: it is the old
 * one or the new one, whenever the machine stops. */
#ifndef KEPT_H
#define KEPT_H

#include <mailaccess/imap_keep_types.h>

struct kept {
    mla_imap_keep_state state; /* what follows is its */
    char *text;
    mla_range *uids;
    mla_imap_keep_flags *flags;
    mla_str *words;
};

/* Reads a file about that mailbox ("imap:user@host:INBOX"). 0, also where there is no such file:
 * state.uidvalidity is 0 then. Else an exit status after a line on stderr. kept_free() is due. */
int kept_read(struct kept *f, const char *path, const char *source);
void kept_free(struct kept *f);
/* 0 or an exit status after a line on stderr. */
int kept_write(const char *path, const char *source, const mla_imap_keep_state *state);

#endif
