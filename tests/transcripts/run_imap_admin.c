/* run_imap_admin.c - commands about mailboxes and the server, for run_imap.c.
 *
 *   id [NAME VALUE ...] · id-nil · namespace · unauthenticate · language [WORD ...] ·
 *   comparator [WORD ...] · getjmapaccess · setacl NAME WHO RIGHTS [add|remove] ·
 *   deleteacl NAME WHO · listrights NAME WHO · getacl NAME · myrights NAME · getquota ROOT ·
 *   getquotaroot NAME · setquota ROOT [RESOURCE=LIMIT ...] (a KIND number is one, too)
 *   getmetadata NAME [MAXSIZE=N] [DEPTH=0|1|2] ENTRY ... · setmetadata NAME ENTRY VALUE ...
 *   value PREFIX (logs what the capabilities have behind it) · append-limit (logs it)
 * NAME may be raw:OCTETS. The value <NIL> is NIL. */
#include "run_imap.h"

#include "admin_tell.h"

enum { MAX_WORDS = 80 };

/* A value: <NIL> is NIL. */
static mla_str value_of(const struct runner_word *w)
{
    const mla_str none = {NULL, 0};

    return is(w, "<NIL>") ? none : str_of(w);
}

static size_t strs_of(const struct runner_word *words, size_t count, size_t from, mla_str *out)
{
    size_t n = 0;

    for (size_t i = from; i < count && n < MAX_WORDS; i++)
        out[n++] = value_of(&words[i]);
    return n;
}

static void box_of(const struct runner_word *w, const char **out_name, mla_str *out_raw)
{
    if (strncmp(w->ptr, "raw:", 4) == 0) {
        out_raw->ptr = w->ptr + 4;
        out_raw->len = w->len - 4;
    } else {
        *out_name = w->ptr;
    }
}

static int acl(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_imap_acl_args a = {0};

    a.struct_size = sizeof a;
    box_of(&words[1], &a.mailbox, &a.raw_mailbox);
    a.identifier = words[2].ptr;
    a.rights = count > 3 ? words[3].ptr : NULL;
    if (count > 4)
        a.mode = is(&words[4], "add")      ? MLA_IMAP_ACL_ADD
                 : is(&words[4], "remove") ? MLA_IMAP_ACL_REMOVE
                                           : 99;
    return is(&words[0], "setacl")      ? mla_imap_setacl(s, &a, out_ticket)
           : is(&words[0], "deleteacl") ? mla_imap_deleteacl(s, &a, out_ticket)
                                        : mla_imap_listrights(s, &a, out_ticket);
}

static int box_command(mla_imap *s, const struct runner_word *words, uint64_t *out_ticket)
{
    mla_imap_mailbox_args a = {0};

    a.struct_size = sizeof a;
    box_of(&words[1], &a.mailbox, &a.raw_mailbox);
    return is(&words[0], "getacl")     ? mla_imap_getacl(s, &a, out_ticket)
           : is(&words[0], "myrights") ? mla_imap_myrights(s, &a, out_ticket)
                                       : mla_imap_getquotaroot(s, &a, out_ticket);
}

static int quota(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    static char names[MAX_WORDS][64];
    mla_imap_quota_limit limits[MAX_WORDS];
    mla_imap_quota_args a = {0};

    a.struct_size = sizeof a;
    a.root = str_of(&words[1]);
    a.limits = limits;
    memset(limits, 0, sizeof limits);
    for (size_t i = 2; i < count && a.limit_count < MAX_WORDS; i++) {
        mla_imap_quota_limit *l = &limits[a.limit_count];
        char *equals = strchr(words[i].ptr, '=');

        l->struct_size = sizeof *l;
        l->limit = equals != NULL ? strtoull(equals + 1, NULL, 10) : 0;
        if (words[i].ptr[0] >= '0' && words[i].ptr[0] <= '9') {
            l->kind = (uint32_t)strtoul(words[i].ptr, NULL, 10);
        } else {
            snprintf(names[a.limit_count], sizeof names[0], "%.*s", (int)strcspn(words[i].ptr, "="),
                     words[i].ptr);
            l->name = names[a.limit_count];
        }
        a.limit_count++;
    }
    return is(&words[0], "getquota") ? mla_imap_getquota(s, &a, out_ticket)
                                     : mla_imap_setquota(s, &a, out_ticket);
}

static int metadata(mla_imap *s, const struct runner_word *words, size_t count,
                    uint64_t *out_ticket)
{
    const int get = is(&words[0], "getmetadata");
    mla_str entries[MAX_WORDS];
    mla_imap_metadata_args a = {0};
    size_t i = 2;

    a.struct_size = sizeof a;
    box_of(&words[1], &a.mailbox, &a.raw_mailbox);
    for (; get && i < count && words[i].ptr[0] != '/'; i++) {
        if (strncmp(words[i].ptr, "MAXSIZE=", 8) == 0)
            a.max_size = strtoull(words[i].ptr + 8, NULL, 10);
        else if (strncmp(words[i].ptr, "DEPTH=", 6) == 0)
            a.depth = (uint32_t)strtoul(words[i].ptr + 6, NULL, 10);
        else
            break;
    }
    a.entries = entries;
    a.entry_count = strs_of(words, count, i, entries);
    return get ? mla_imap_getmetadata(s, &a, out_ticket) : mla_imap_setmetadata(s, &a, out_ticket);
}

static int server(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_str strs[MAX_WORDS];
    mla_imap_id_args id = {0};
    mla_imap_words_args w = {0};

    if (words[0].ptr[0] == 'i') {
        id.struct_size = sizeof id;
        id.is_nil = (uint32_t)is(&words[0], "id-nil");
        id.fields = strs;
        id.field_count = strs_of(words, count, 1, strs);
        return mla_imap_id(s, &id, out_ticket);
    }
    w.struct_size = sizeof w;
    w.words = strs;
    w.word_count = strs_of(words, count, 1, strs);
    return is(&words[0], "language") ? mla_imap_language(s, &w, out_ticket)
                                     : mla_imap_comparator(s, &w, out_ticket);
}

/* What only looks. */
static int look(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count)
{
    const char *value;
    uint64_t limit;

    if (is(&words[0], "value") && count > 1) {
        for (uint32_t i = 0; (value = mla_imap_capability_value(s, words[1].ptr, i)) != NULL; i++)
            runner_log(r, "VALUE %s", value);
        return 1;
    }
    if (!is(&words[0], "append-limit"))
        return 0;
    if (mla_imap_append_limit(s, &limit))
        runner_log(r, "APPENDLIMIT %llu", (unsigned long long)limit);
    else
        runner_log(r, "APPENDLIMIT none");
    return 1;
}

static int command(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket)
{
    const struct runner_word *w = &words[0];

    if (is(w, "namespace"))
        *out_rc = mla_imap_namespace(s, out_ticket);
    else if (is(w, "unauthenticate"))
        *out_rc = mla_imap_unauthenticate(s, out_ticket);
    else if (is(w, "getjmapaccess"))
        *out_rc = mla_imap_getjmapaccess(s, out_ticket);
    else if (is(w, "id") || is(w, "id-nil") || is(w, "language") || is(w, "comparator"))
        *out_rc = server(s, words, count, out_ticket);
    else if (count > 2 && (is(w, "setacl") || is(w, "deleteacl") || is(w, "listrights")))
        *out_rc = acl(s, words, count, out_ticket);
    else if (count > 1 && (is(w, "getacl") || is(w, "myrights") || is(w, "getquotaroot")))
        *out_rc = box_command(s, words, out_ticket);
    else if (count > 1 && (is(w, "getquota") || is(w, "setquota")))
        *out_rc = quota(s, words, count, out_ticket);
    else if (count > 1 && (is(w, "getmetadata") || is(w, "setmetadata")))
        *out_rc = metadata(s, words, count, out_ticket);
    else
        return look(r, s, words, count);
    return 1;
}

static const void *record_of(const mla_imap_event *ev)
{
    switch (mla_imap_event_type(ev)) {
    case MLA_IMAP_EV_IDENTITY:
        return mla_imap_event_identity(ev);
    case MLA_IMAP_EV_NAMESPACES:
        return mla_imap_event_namespaces(ev);
    case MLA_IMAP_EV_ACL:
        return mla_imap_event_acl(ev);
    case MLA_IMAP_EV_MYRIGHTS:
        return mla_imap_event_my_rights(ev);
    case MLA_IMAP_EV_LISTRIGHTS:
        return mla_imap_event_list_rights(ev);
    case MLA_IMAP_EV_QUOTA:
        return mla_imap_event_quota(ev);
    case MLA_IMAP_EV_QUOTAROOT:
        return mla_imap_event_quota_root(ev);
    case MLA_IMAP_EV_METADATA:
        return mla_imap_event_metadata(ev);
    case MLA_IMAP_EV_LANGUAGES:
        return mla_imap_event_languages(ev);
    case MLA_IMAP_EV_COMPARATORS:
        return mla_imap_event_comparators(ev);
    case MLA_IMAP_EV_JMAPACCESS:
        return mla_imap_event_jmap_access(ev);
    default:
        return NULL;
    }
}

static int describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    const void *record = record_of(ev);
    char *text = NULL;
    size_t len = 0;
    FILE *f = record != NULL ? open_memstream(&text, &len) : NULL;

    if (f == NULL)
        return 0;
    admin_tell(f, mla_imap_event_type(ev), record);
    fclose(f);
    add(t, "%s %s%s", admin_type(mla_imap_event_type(ev)),
        runner_ticket(r, mla_imap_event_ticket(ev)), text);
    free(text);
    return 1;
}

const struct run_imap_family run_imap_admin = {command, describe};
