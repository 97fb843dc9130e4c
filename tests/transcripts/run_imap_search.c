/* run_imap_search.c - searching, for the IMAP runner. Commands beside those that run_imap.c names:
 *   expunge-saved */
#include "run_imap.h"

enum { MAX_KEYS = 32 };

static const char *const key_names[] = {
    "ALL",         "AND",        "OR",         "NOT",
    "ANSWERED",    "DELETED",    "DRAFT",      "FLAGGED",
    "SEEN",        "UNANSWERED", "UNDELETED",  "UNDRAFT",
    "UNFLAGGED",   "UNSEEN",     "KEYWORD",    "UNKEYWORD",
    "NEW",         "OLD",        "RECENT",     "BCC",
    "BODY",        "CC",         "FROM",       "SUBJECT",
    "TEXT",        "TO",         "HEADER",     "BEFORE",
    "ON",          "SINCE",      "SENTBEFORE", "SENTON",
    "SENTSINCE",   "LARGER",     "SMALLER",    "UID",
    "SEQ",         "OLDER",      "YOUNGER",    "MODSEQ",
    "SAVEDBEFORE", "SAVEDON",    "SAVEDSINCE", "SAVEDATESUPPORTED",
    "EMAILID",     "THREADID",   "UIDAFTER",   "UIDBEFORE",
    "FUZZY",       "FILTER",     "SAVED",      "ANNOTATION",
    "X-GM-RAW",    "X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS"};

static void key_value(const struct runner_word *w, char *value, mla_imap_search_key *k,
                      mla_range *ranges)
{
    k->text.ptr = value;
    k->text.len = w->len - (size_t)(value - w->ptr);
    k->number = strtoul(value, NULL, 10);
    if (k->kind == MLA_IMAP_KEY_MODSEQ && value[0] == '/') { /* /flags/x:scope:number */
        char *end = strchr(value, ':');

        k->name.ptr = value;
        k->name.len = (size_t)(end - value);
        k->scope = (uint32_t)strtoul(end + 1, &end, 10);
        k->number = strtoul(end + 1, NULL, 10);
    }
    if (k->kind == MLA_IMAP_KEY_HEADER || k->kind == MLA_IMAP_KEY_ANNOTATION) {
        k->name.ptr = value;
        k->name.len = strcspn(value, ":");
        k->text.ptr = value + k->name.len + 1;
        k->text.len -= k->name.len + 1;
    }
    if (k->kind == MLA_IMAP_KEY_ANNOTATION && k->text.len > 2 && k->text.ptr[1] == ':') {
        k->scope = (uint32_t)(k->text.ptr[0] - '0'); /* /comment:2:text */
        k->text.ptr += 2;
        k->text.len -= 2;
    }
    if ((k->kind >= MLA_IMAP_KEY_BEFORE && k->kind <= MLA_IMAP_KEY_SENTSINCE) ||
        (k->kind >= MLA_IMAP_KEY_SAVEDBEFORE && k->kind <= MLA_IMAP_KEY_SAVEDSINCE)) {
        char *end;

        k->year = (uint32_t)strtoul(value, &end, 10);
        k->month = (uint32_t)strtoul(end + 1, &end, 10);
        k->day = (uint32_t)strtoul(end + 1, NULL, 10);
    }
    if (k->kind == MLA_IMAP_KEY_UIDS || k->kind == MLA_IMAP_KEY_SEQS) {
        k->ranges = ranges;
        k->range_count = ranges_of(value, ranges);
    }
}

static int search(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                  uint64_t *out_ticket)
{
    static mla_range ranges[MAX_KEYS][MAX_RANGES];
    mla_imap_search_key keys[MAX_KEYS];
    mla_imap_search_args a = {0};

    a.struct_size = sizeof a;
    a.by_seq = (uint32_t)by_seq;
    a.keys = keys;
    memset(keys, 0, sizeof keys);
    for (size_t i = 1; i < count && a.key_count < MAX_KEYS; i++) {
        mla_imap_search_key *k = &keys[a.key_count];
        size_t n = strcspn(words[i].ptr, "=");

        if (n == 6 && strncmp(words[i].ptr, "RETURN", 6) == 0) {
            a.results = (uint32_t)strtoul(words[i].ptr + 7, NULL, 10);
            continue;
        }
        if (n == 7 && strncmp(words[i].ptr, "PARTIAL", 7) == 0) {
            char *end;

            a.partial_first = strtol(words[i].ptr + 8, &end, 10);
            a.partial_last = strtol(end + 1, NULL, 10);
            continue;
        }
        k->struct_size = sizeof *k;
        k->kind = 1000; /* no such key */
        for (uint32_t kind = 0; kind < sizeof key_names / sizeof key_names[0]; kind++)
            if (strlen(key_names[kind]) == n && strncmp(words[i].ptr, key_names[kind], n) == 0)
                k->kind = kind;
        if (n < words[i].len)
            key_value(&words[i], words[i].ptr + n + 1, k, ranges[a.key_count]);
        a.key_count++;
    }
    return mla_imap_search_msgs(s, &a, out_ticket);
}

int run_imap_search(mla_imap *s, const struct runner_word *words, size_t count, int *out_rc,
                    uint64_t *out_ticket)
{
    const int seq = strncmp(words[0].ptr, "seq-", 4) == 0;
    const char *name = words[0].ptr + (seq ? 4 : 0);

    if (strcmp(name, "search") == 0)
        *out_rc = search(s, seq, words, count, out_ticket);
    else if (is(&words[0], "expunge-saved"))
        *out_rc = mla_imap_expunge_saved(s, out_ticket);
    else
        return 0;
    return 1;
}

/* --- printing --- */

void run_imap_add_search(struct runner *r, struct text *t, const mla_imap_search *s)
{
    add(t, "%s%s%s", s->is_uid ? " uid" : "", s->is_earlier ? " earlier" : "",
        s->is_sorted ? " sorted" : "");
    if (s->is_last)
        add(t, " last");
    add(t, " ");
    add_ranges(t, s->ranges, s->range_count);
    if ((s->fields & MLA_IMAP_SEARCH_MIN) != 0)
        add(t, " min=%u", s->min);
    if ((s->fields & MLA_IMAP_SEARCH_MAX) != 0)
        add(t, " max=%u", s->max);
    if ((s->fields & MLA_IMAP_SEARCH_COUNT) != 0)
        add(t, " count=%u", s->count);
    if ((s->fields & MLA_IMAP_SEARCH_MODSEQ) != 0)
        add(t, " modseq=%llu", (unsigned long long)s->modseq);
    if ((s->fields & MLA_IMAP_SEARCH_PARTIAL) != 0)
        add(t, " partial=%lld:%lld", (long long)s->partial_first, (long long)s->partial_last);
    if (s->mailbox.ptr != NULL) {
        add_str(r, t, "mailbox=", s->mailbox);
        add_str(r, t, "raw=", s->raw_mailbox);
        add(t, " uidvalidity=%u", s->uidvalidity);
    }
    for (size_t i = 0; i < s->change_count; i++)
        add(t, " %s%u@%u:%u", s->changes[i].what == MLA_IMAP_CHANGE_ADD ? "+" : "-",
            s->changes[i].position, s->changes[i].first, s->changes[i].last);
    for (size_t i = 0; i < s->score_count; i++)
        add(t, "%s%u", i > 0 ? "," : " scores=", s->scores[i]);
}
