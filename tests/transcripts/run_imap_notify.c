/* run_imap_notify.c - NOTIFY.
 *
 *   notify [STATUS] [GROUP ...]      without a group: NOTIFY NONE
 *     GROUP is FILTER:EVENT-BITS:ITEM-BITS[:NAME,NAME ...], all of them numbers and names */
#include "run_imap.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_GROUPS = 8, MAX_NAMES = 8, MAX_GROUP = 200 };

static void group_of(const char *word, char *p, mla_imap_notify_group *g, const char **names)
{
    snprintf(p, MAX_GROUP, "%s", word);
    memset(g, 0, sizeof *g);
    g->struct_size = sizeof *g;
    g->filter = (uint32_t)strtoul(p, &p, 10);
    g->events = *p == ':' ? (uint32_t)strtoul(p + 1, &p, 10) : 0;
    g->items = *p == ':' ? (uint32_t)strtoul(p + 1, &p, 10) : 0;
    g->mailboxes = names;
    while (*p != '\0' && g->mailbox_count < MAX_NAMES) {
        *p++ = '\0';
        names[g->mailbox_count++] = p;
        p += strcspn(p, ",");
    }
}

static int command(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket)
{
    static const char *names[MAX_GROUPS][MAX_NAMES];
    static char texts[MAX_GROUPS][MAX_GROUP];
    mla_imap_notify_group groups[MAX_GROUPS];
    mla_imap_notify_args a = {0};
    size_t at = 1;

    (void)r;
    if (!is(&words[0], "notify"))
        return 0;
    a.struct_size = sizeof a;
    a.groups = groups;
    if (count > 1 && is(&words[1], "STATUS")) {
        a.status = 1;
        at++;
    }
    for (; at < count && a.group_count < MAX_GROUPS; at++, a.group_count++)
        group_of(words[at].ptr, texts[a.group_count], &groups[a.group_count], names[a.group_count]);
    *out_rc = mla_imap_notify(s, &a, out_ticket);
    return 1;
}

static int describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    (void)r;
    (void)t;
    (void)ev;
    return 0;
}

const struct run_imap_family run_imap_notify = {command, describe};
