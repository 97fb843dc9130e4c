/* run_imap_search.c - searching, for the IMAP runner. Commands beside those that run_imap.c names:
 *   expunge-saved
 *   sort ORDER KEY ... · seq-sort ORDER KEY ...
 *        ORDER is SUBJECT,-DATE,ANNOTATION:2/entry: "-" turns round; keys as for search
 *   multisearch SOURCES KEY ... · cancel-update TICKET ... · uidbatches SIZE [FIRST LAST]
 *   updating TICKET (logs whether its result is kept up to date)
 *        SOURCES is selected,subtree:Work,mailbox:Other
 *   thread ALGORITHM KEY ... · seq-thread ALGORITHM KEY ... */
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

/* words[first ...] */
static const mla_imap_search_args *search_args(int by_seq, const struct runner_word *words,
                                               size_t first, size_t count)
{
    static mla_range ranges[MAX_KEYS][MAX_RANGES];
    static mla_imap_search_key keys[MAX_KEYS];
    static mla_imap_search_args a;

    memset(&a, 0, sizeof a);
    a.struct_size = sizeof a;
    a.by_seq = (uint32_t)by_seq;
    a.keys = keys;
    memset(keys, 0, sizeof keys);
    for (size_t i = first; i < count && a.key_count < MAX_KEYS; i++) {
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
    return &a;
}

/* "SUBJECT,-DATE,ANNOTATION:2/altsubject": "-" turns round; a scope stands in front of an entry. */
static int sort(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                uint64_t *out_ticket)
{
    static const char *const names[] = {"?",           "ARRIVAL",   "CC",        "DATE",
                                        "FROM",        "SIZE",      "SUBJECT",   "TO",
                                        "DISPLAYFROM", "DISPLAYTO", "RELEVANCY", "ANNOTATION"};
    mla_imap_sort_key order[8];
    mla_imap_sort_args a = {0};

    memset(order, 0, sizeof order);
    a.struct_size = sizeof a;
    a.order = order;
    for (const char *p = words[1].ptr; *p != '\0' && a.order_count < 8; a.order_count++) {
        mla_imap_sort_key *k = &order[a.order_count];
        size_t n;

        k->struct_size = sizeof *k;
        k->reverse = *p == '-';
        p += k->reverse;
        n = strcspn(p, ",:");
        for (uint32_t by = 0; by < sizeof names / sizeof names[0]; by++)
            if (strlen(names[by]) == n && strncmp(names[by], p, n) == 0)
                k->by = by;
        p += n;
        if (*p == ':') {
            k->scope = (uint32_t)(p[1] - '0');
            k->entry.ptr = p + 2;
            k->entry.len = strcspn(p + 2, ",");
            p += 2 + k->entry.len;
        }
        p += *p == ',';
    }
    a.search = count > 2 || by_seq ? search_args(by_seq, words, 2, count) : NULL;
    return mla_imap_sort(s, &a, out_ticket);
}

static int thread(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                  uint64_t *out_ticket)
{
    mla_imap_thread_args a = {0};

    a.struct_size = sizeof a;
    a.algorithm = is(&words[1], "REFERENCES")       ? MLA_IMAP_THREAD_REFERENCES
                  : is(&words[1], "ORDEREDSUBJECT") ? MLA_IMAP_THREAD_ORDEREDSUBJECT
                  : is(&words[1], "REFS")           ? MLA_IMAP_THREAD_REFS
                                                    : 99;
    a.search = count > 2 || by_seq ? search_args(by_seq, words, 2, count) : NULL;
    return mla_imap_thread_msgs(s, &a, out_ticket);
}

/* "selected,subtree:Work,mailbox:Other" */
static int multisearch(mla_imap *s, const struct runner_word *words, size_t count,
                       uint64_t *out_ticket)
{
    static const char *const names[] = {"?",          "selected", "inboxes",     "personal",
                                        "subscribed", "subtree",  "subtree-one", "mailbox"};
    static char text[256];
    mla_imap_source sources[8];
    mla_imap_multisearch_args a = {0};

    memset(sources, 0, sizeof sources);
    snprintf(text, sizeof text, "%s", words[1].ptr);
    a.struct_size = sizeof a;
    a.sources = sources;
    for (char *p = text; *p != '\0' && a.source_count < 8;) {
        mla_imap_source *one = &sources[a.source_count++];
        size_t n = strcspn(p, ":,");
        char *end = p + strcspn(p, ",");
        const int more = *end == ',';

        *end = '\0';
        one->struct_size = sizeof *one;
        one->mailbox = p[n] == ':' ? p + n + 1 : NULL;
        for (uint32_t kind = 0; kind < sizeof names / sizeof names[0]; kind++)
            if (strlen(names[kind]) == n && strncmp(names[kind], p, n) == 0)
                one->kind = kind;
        p = end + more;
    }
    a.search = count > 2 ? search_args(0, words, 2, count) : NULL;
    return mla_imap_multisearch(s, &a, out_ticket);
}

static int cancel(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    uint64_t tickets[8];
    size_t n = 0;

    for (size_t i = 1; i < count && n < 8; i++)
        tickets[n++] = runner_number(&words[i]);
    return mla_imap_cancel_update(s, tickets, n, out_ticket);
}

static int uidbatches(mla_imap *s, const struct runner_word *words, size_t count,
                      uint64_t *out_ticket)
{
    mla_imap_uidbatches_args a = {0};

    a.struct_size = sizeof a;
    a.size = (uint32_t)number_at(words, count, 1);
    a.first = (uint32_t)number_at(words, count, 2);
    a.last = (uint32_t)number_at(words, count, 3);
    return mla_imap_uidbatches(s, &a, out_ticket);
}

int run_imap_search(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                    int *out_rc, uint64_t *out_ticket)
{
    const int seq = strncmp(words[0].ptr, "seq-", 4) == 0;
    const char *name = words[0].ptr + (seq ? 4 : 0);

    if (strcmp(name, "search") == 0)
        *out_rc = mla_imap_search_msgs(s, search_args(seq, words, 1, count), out_ticket);
    else if (count > 1 && strcmp(name, "sort") == 0)
        *out_rc = sort(s, seq, words, count, out_ticket);
    else if (count > 1 && strcmp(name, "thread") == 0)
        *out_rc = thread(s, seq, words, count, out_ticket);
    else if (count > 1 && is(&words[0], "multisearch"))
        *out_rc = multisearch(s, words, count, out_ticket);
    else if (is(&words[0], "cancel-update"))
        *out_rc = cancel(s, words, count, out_ticket);
    else if (count > 1 && is(&words[0], "updating"))
        runner_log(r, "UPDATING %d", mla_imap_is_updating(s, runner_number(&words[1])));
    else if (count > 1 && is(&words[0], "uidbatches"))
        *out_rc = uidbatches(s, words, count, out_ticket);
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

void run_imap_add_thread(struct text *t, const mla_imap_thread *thread)
{
    uint64_t sum = 0;

    add(t, "%s%s", thread->is_uid ? " uid" : "", thread->is_last ? " last" : "");
    for (size_t i = 0; i < thread->item_count; i++) {
        const mla_imap_thread_item *item = &thread->items[i];

        sum = sum * 31 + item->number + item->depth * 3 + item->parent * 5 + item->root * 7;
        if (thread->item_count <= 30)
            add(t, " %u/%u<%u<%u", item->number, item->depth, item->parent, item->root);
    }
    if (thread->item_count > 30)
        add(t, " %zu items, sum %llu", thread->item_count, (unsigned long long)sum);
}

mla_str run_imap_without_tag(mla_str raw)
{
    static const char mark[] = "(TAG \"";

    for (size_t i = 0; i + sizeof mark + 4 < raw.len; i++)
        if (memcmp(raw.ptr + i, mark, sizeof mark - 1) == 0 && raw.ptr[i + 10] >= '0' &&
            raw.ptr[i + 10] <= '9')
            raw.len = i + sizeof mark - 1;
    return raw;
}
