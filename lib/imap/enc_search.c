/* enc_search.c - see enc_search.h */
#include "imap/enc_search.h"

#include "base/record.h"

#include <string.h>

/* What stands behind a key's word (RFC 9051 section 9, search-key). */
enum {
    ARG_NONE,
    ARG_TEXT,
    ARG_ATOM,
    ARG_HEADER,
    ARG_DATE,
    ARG_NUMBER,
    ARG_SET,
    ARG_KEYS,
    ARG_MODSEQ,
    ARG_UID,
    ARG_ANNOTATION,
    ARG_LABEL
};

struct key_row {
    const char *word;
    int arg;
    uint32_t needs;
};

static const struct key_row rows[] = {
    [MLA_IMAP_KEY_ALL] = {"ALL", ARG_NONE, 0},
    [MLA_IMAP_KEY_AND] = {"(", ARG_KEYS, 0},
    [MLA_IMAP_KEY_OR] = {"OR", ARG_KEYS, 0},
    [MLA_IMAP_KEY_NOT] = {"NOT", ARG_KEYS, 0},
    [MLA_IMAP_KEY_ANSWERED] = {"ANSWERED", ARG_NONE, 0},
    [MLA_IMAP_KEY_DELETED] = {"DELETED", ARG_NONE, 0},
    [MLA_IMAP_KEY_DRAFT] = {"DRAFT", ARG_NONE, 0},
    [MLA_IMAP_KEY_FLAGGED] = {"FLAGGED", ARG_NONE, 0},
    [MLA_IMAP_KEY_SEEN] = {"SEEN", ARG_NONE, 0},
    [MLA_IMAP_KEY_UNANSWERED] = {"UNANSWERED", ARG_NONE, 0},
    [MLA_IMAP_KEY_UNDELETED] = {"UNDELETED", ARG_NONE, 0},
    [MLA_IMAP_KEY_UNDRAFT] = {"UNDRAFT", ARG_NONE, 0},
    [MLA_IMAP_KEY_UNFLAGGED] = {"UNFLAGGED", ARG_NONE, 0},
    [MLA_IMAP_KEY_UNSEEN] = {"UNSEEN", ARG_NONE, 0},
    [MLA_IMAP_KEY_KEYWORD] = {"KEYWORD", ARG_ATOM, 0},
    [MLA_IMAP_KEY_UNKEYWORD] = {"UNKEYWORD", ARG_ATOM, 0},
    [MLA_IMAP_KEY_NEW] = {"NEW", ARG_NONE, SEARCH_NEEDS_REV1},
    [MLA_IMAP_KEY_OLD] = {"OLD", ARG_NONE, SEARCH_NEEDS_REV1},
    [MLA_IMAP_KEY_RECENT] = {"RECENT", ARG_NONE, SEARCH_NEEDS_REV1},
    [MLA_IMAP_KEY_BCC] = {"BCC", ARG_TEXT, 0},
    [MLA_IMAP_KEY_BODY] = {"BODY", ARG_TEXT, 0},
    [MLA_IMAP_KEY_CC] = {"CC", ARG_TEXT, 0},
    [MLA_IMAP_KEY_FROM] = {"FROM", ARG_TEXT, 0},
    [MLA_IMAP_KEY_SUBJECT] = {"SUBJECT", ARG_TEXT, 0},
    [MLA_IMAP_KEY_TEXT] = {"TEXT", ARG_TEXT, 0},
    [MLA_IMAP_KEY_TO] = {"TO", ARG_TEXT, 0},
    [MLA_IMAP_KEY_HEADER] = {"HEADER", ARG_HEADER, 0},
    [MLA_IMAP_KEY_BEFORE] = {"BEFORE", ARG_DATE, 0},
    [MLA_IMAP_KEY_ON] = {"ON", ARG_DATE, 0},
    [MLA_IMAP_KEY_SINCE] = {"SINCE", ARG_DATE, 0},
    [MLA_IMAP_KEY_SENTBEFORE] = {"SENTBEFORE", ARG_DATE, 0},
    [MLA_IMAP_KEY_SENTON] = {"SENTON", ARG_DATE, 0},
    [MLA_IMAP_KEY_SENTSINCE] = {"SENTSINCE", ARG_DATE, 0},
    [MLA_IMAP_KEY_LARGER] = {"LARGER", ARG_NUMBER, 0},
    [MLA_IMAP_KEY_SMALLER] = {"SMALLER", ARG_NUMBER, 0},
    [MLA_IMAP_KEY_UIDS] = {"UID", ARG_SET, 0},
    [MLA_IMAP_KEY_SEQS] = {NULL, ARG_SET, 0},
    [MLA_IMAP_KEY_OLDER] = {"OLDER", ARG_NUMBER, SEARCH_NEEDS_WITHIN},
    [MLA_IMAP_KEY_YOUNGER] = {"YOUNGER", ARG_NUMBER, SEARCH_NEEDS_WITHIN},
    [MLA_IMAP_KEY_MODSEQ] = {"MODSEQ", ARG_MODSEQ, SEARCH_NEEDS_CONDSTORE},
    [MLA_IMAP_KEY_SAVEDBEFORE] = {"SAVEDBEFORE", ARG_DATE, SEARCH_NEEDS_SAVEDATE},
    [MLA_IMAP_KEY_SAVEDON] = {"SAVEDON", ARG_DATE, SEARCH_NEEDS_SAVEDATE},
    [MLA_IMAP_KEY_SAVEDSINCE] = {"SAVEDSINCE", ARG_DATE, SEARCH_NEEDS_SAVEDATE},
    [MLA_IMAP_KEY_SAVEDATESUPPORTED] = {"SAVEDATESUPPORTED", ARG_NONE, SEARCH_NEEDS_SAVEDATE},
    [MLA_IMAP_KEY_EMAILID] = {"EMAILID", ARG_ATOM, SEARCH_NEEDS_OBJECTID},
    [MLA_IMAP_KEY_THREADID] = {"THREADID", ARG_ATOM, SEARCH_NEEDS_OBJECTID},
    [MLA_IMAP_KEY_UIDAFTER] = {"UIDAFTER", ARG_UID, SEARCH_ASKS_LIMIT},
    [MLA_IMAP_KEY_UIDBEFORE] = {"UIDBEFORE", ARG_UID, SEARCH_ASKS_LIMIT},
    [MLA_IMAP_KEY_FUZZY] = {"FUZZY", ARG_KEYS, SEARCH_NEEDS_FUZZY},
    [MLA_IMAP_KEY_FILTER] = {"FILTER", ARG_ATOM, SEARCH_NEEDS_FILTERS},
    [MLA_IMAP_KEY_SAVED] = {"$", ARG_NONE, SEARCH_NEEDS_SEARCHRES},
    [MLA_IMAP_KEY_ANNOTATION] = {"ANNOTATION", ARG_ANNOTATION, SEARCH_NEEDS_ANNOTATE},
    [MLA_IMAP_KEY_X_GM_RAW] = {"X-GM-RAW", ARG_TEXT, SEARCH_NEEDS_GMAIL},
    [MLA_IMAP_KEY_X_GM_MSGID] = {"X-GM-MSGID", ARG_NUMBER, SEARCH_NEEDS_GMAIL},
    [MLA_IMAP_KEY_X_GM_THRID] = {"X-GM-THRID", ARG_NUMBER, SEARCH_NEEDS_GMAIL},
    [MLA_IMAP_KEY_X_GM_LABELS] = {"X-GM-LABELS", ARG_LABEL, SEARCH_NEEDS_GMAIL},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* How many keys an operator takes; 0 for none at all. */
static uint64_t operands(const mla_imap_search_key *k)
{
    if (k->kind == MLA_IMAP_KEY_AND)
        return k->number;
    return k->kind == MLA_IMAP_KEY_OR ? 2 : 1;
}

/* The places still open in the operators around. */
struct nesting {
    uint64_t open[SEARCH_DEPTH_MAX];
    int group[SEARCH_DEPTH_MAX];
    unsigned depth;
};

static int nest(struct nesting *n, const mla_imap_search_key *k)
{
    if (n->depth == SEARCH_DEPTH_MAX)
        return MLA_E_LIMIT;
    if (operands(k) == 0)
        return MLA_E_ARG;
    n->group[n->depth] = k->kind == MLA_IMAP_KEY_AND;
    n->open[n->depth++] = operands(k);
    return 0;
}

/* A key is complete; returns how many groups end with it. */
static unsigned unnest(struct nesting *n)
{
    unsigned groups = 0;

    while (n->depth > 0 && --n->open[n->depth - 1] == 0)
        groups += (unsigned)n->group[--n->depth];
    return groups;
}

static int has_zero(mla_str s)
{
    return s.len != 0 && memchr(s.ptr, 0, s.len) != NULL;
}

/* An entry is written in quotes; in patterns the wildcards are meant. */
static int is_entry(mla_str s)
{
    return s.len != 0 && imap_enc_is_ascii(s) && !has_zero(s);
}

static int check_text(const mla_imap_search_key *k, int arg)
{
    switch (arg) {
    case ARG_ATOM:
        return imap_enc_is_atom(k->text) &&
               (k->kind != MLA_IMAP_KEY_FILTER || memchr(k->text.ptr, '/', k->text.len) == NULL);
    case ARG_HEADER:
        return imap_enc_is_utf8(k->text) && imap_enc_is_field_name(k->name);
    case ARG_ANNOTATION:
        return imap_enc_is_utf8(k->text) && is_entry(k->name);
    case ARG_MODSEQ:
        return k->name.len == 0 || is_entry(k->name);
    default:
        return imap_enc_is_utf8(k->text);
    }
}

static int check_number(const mla_imap_search_key *k)
{
    switch (k->kind) {
    case MLA_IMAP_KEY_OLDER:
    case MLA_IMAP_KEY_YOUNGER:
    case MLA_IMAP_KEY_UIDAFTER:
    case MLA_IMAP_KEY_UIDBEFORE:
        return k->number != 0 && k->number <= UINT32_MAX;
    case MLA_IMAP_KEY_X_GM_MSGID:
    case MLA_IMAP_KEY_X_GM_THRID:
        return 1;
    default:
        return k->number <= INT64_MAX;
    }
}

static int check_value(const mla_imap_search_key *k, int arg)
{
    int ok = 1;

    if (k->scope > MLA_IMAP_KEY_SCOPE_SHARED)
        return MLA_E_UNSUPPORTED;
    if (k->scope != 0 && arg != ARG_ANNOTATION && (arg != ARG_MODSEQ || k->name.len == 0))
        return MLA_E_ARG;
    switch (arg) {
    case ARG_TEXT:
    case ARG_ATOM:
    case ARG_HEADER:
    case ARG_ANNOTATION:
    case ARG_LABEL:
        ok = check_text(k, arg);
        break;
    case ARG_DATE:
        ok = k->year <= 9999 && k->month >= 1 && k->month <= 12 && k->day >= 1 && k->day <= 31;
        break;
    case ARG_MODSEQ:
        ok = check_text(k, arg) && check_number(k);
        break;
    case ARG_NUMBER:
    case ARG_UID:
        ok = check_number(k);
        break;
    default:
        break;
    }
    return ok ? 0 : MLA_E_ARG;
}

static int copy_str(struct arena *a, mla_str *s)
{
    const char *p;

    if (s->ptr == NULL && s->len != 0)
        return MLA_E_ARG;
    p = arena_dup(a, s->ptr, s->len);
    if (p == NULL)
        return a->over ? MLA_E_LIMIT : MLA_E_NOMEM;
    s->ptr = p;
    return 0;
}

/* Text whose octets the CHARSET is about. */
static int is_charset_text(int arg)
{
    return arg == ARG_TEXT || arg == ARG_HEADER || arg == ARG_ANNOTATION;
}

static int copy_key(struct imap_search *s, struct imap_search_key *out, struct arena *a,
                    struct nesting *n)
{
    const struct key_row *row;
    int rc;

    if (out->key.kind >= ROW_COUNT)
        return MLA_E_UNSUPPORTED;
    row = &rows[out->key.kind];
    if ((out->key.text.ptr == NULL && out->key.text.len != 0) ||
        (out->key.name.ptr == NULL && out->key.name.len != 0))
        return MLA_E_ARG;
    rc = check_value(&out->key, row->arg);
    if (rc == 0 && row->arg == ARG_SET)
        rc = imap_set_copy(&out->set, a, out->key.ranges, out->key.range_count);
    if (rc == 0)
        rc = copy_str(a, &out->key.text);
    if (rc == 0)
        rc = copy_str(a, &out->key.name);
    if (rc != 0)
        return rc;
    s->needs |= row->needs;
    s->uses_seqs |= out->key.kind == MLA_IMAP_KEY_SEQS;
    s->uses_saved |= out->key.kind == MLA_IMAP_KEY_SAVED;
    s->ascii &= !is_charset_text(row->arg) || imap_enc_is_ascii(out->key.text);
    if (row->arg == ARG_KEYS)
        return nest(n, &out->key);
    unnest(n);
    return 0;
}

int imap_search_copy(struct imap_search *s, struct arena *a, const mla_imap_search_key *keys,
                     size_t count)
{
    struct nesting n = {{0}, {0}, 0};

    memset(s, 0, sizeof *s);
    s->ascii = 1;
    if (count == 0)
        return 0;
    if (keys == NULL)
        return MLA_E_ARG;
    s->keys = arena_array(a, count, sizeof *s->keys);
    if (s->keys == NULL)
        return a->over ? MLA_E_LIMIT : MLA_E_NOMEM;
    for (; s->count < count; s->count++) {
        struct imap_search_key *out = &s->keys[s->count];
        int rc = record_at(keys, s->count, sizeof *keys, sizeof *keys, &out->key);

        if (rc == 0)
            rc = copy_key(s, out, a, &n);
        if (rc != 0)
            return rc;
    }
    return n.depth == 0 ? 0 : MLA_E_ARG;
}

int imap_search_can(struct imap_search *s, const struct imap_caps *caps, int rev2)
{
    static const struct {
        uint32_t need;
        const char *capability;
    } rows_needed[] = {
        {SEARCH_NEEDS_WITHIN, "WITHIN"},       {SEARCH_NEEDS_CONDSTORE, "CONDSTORE"},
        {SEARCH_NEEDS_SAVEDATE, "SAVEDATE"},   {SEARCH_NEEDS_OBJECTID, "OBJECTID"},
        {SEARCH_NEEDS_FUZZY, "SEARCH=FUZZY"},  {SEARCH_NEEDS_FILTERS, "FILTERS"},
        {SEARCH_NEEDS_SEARCHRES, "SEARCHRES"}, {SEARCH_NEEDS_ANNOTATE, "ANNOTATE-EXPERIMENT-1"},
        {SEARCH_NEEDS_GMAIL, "X-GM-EXT-1"},
    };

    if ((s->needs & SEARCH_NEEDS_REV1) != 0 && rev2)
        return MLA_E_UNSUPPORTED;
    for (size_t i = 0; i < sizeof rows_needed / sizeof rows_needed[0]; i++)
        if ((s->needs & rows_needed[i].need) != 0 &&
            !imap_caps_can(caps, rows_needed[i].capability) &&
            /* QRESYNC includes CONDSTORE (RFC 7162 section 3.2.3) */
            !(rows_needed[i].need == SEARCH_NEEDS_CONDSTORE && imap_caps_has(caps, "QRESYNC")))
            return MLA_E_UNSUPPORTED;
    s->has_uid_keys = imap_caps_value(caps, "MESSAGELIMIT=") != NULL;
    return 0;
}

/* RFC 7162 section 3.1.5 */
static void encode_modseq(struct imap_enc *e, const mla_imap_search_key *k)
{
    static const char *const types[] = {" all ", " priv ", " shared "};

    if (k->name.len != 0) {
        imap_enc_string(e, k->name);
        imap_enc_word(e, types[k->scope]);
    }
    imap_enc_number(e, k->number);
}

/* RFC 5257 section 4.6 */
static void encode_annotation(struct imap_enc *e, const mla_imap_search_key *k)
{
    static const char *const attributes[] = {" value ", " value.priv ", " value.shared "};

    imap_enc_string(e, k->name);
    imap_enc_word(e, attributes[k->scope]);
    imap_enc_string(e, k->text);
}

/* RFC 9738 section 3.2; the same by the keys that every server has. "n:*" would not be the same: it
 * always names the last message. */
static void encode_uid(struct imap_enc *e, const struct imap_search *s,
                       const mla_imap_search_key *k, const char *word)
{
    const int after = k->kind == MLA_IMAP_KEY_UIDAFTER;

    if (s->has_uid_keys) {
        imap_enc_word(e, word);
        imap_enc_space(e);
        imap_enc_number(e, k->number);
    } else if (after ? k->number == UINT32_MAX : k->number == 1) {
        imap_enc_word(e, "NOT ALL");
    } else {
        imap_enc_word(e, "UID ");
        imap_enc_number(e, after ? k->number + 1 : 1);
        imap_enc_word(e, ":");
        imap_enc_number(e, after ? UINT32_MAX : k->number - 1);
    }
}

/* What follows the key's word and the space behind it. */
static void encode_value(struct imap_enc *e, const struct imap_search_key *k, int arg)
{
    size_t at = 0;

    switch (arg) {
    case ARG_HEADER:
        imap_enc_string(e, k->key.name);
        imap_enc_space(e);
        imap_enc_string(e, k->key.text);
        break;
    case ARG_TEXT:
        imap_enc_string(e, k->key.text);
        break;
    case ARG_ATOM:
        imap_enc_atom(e, k->key.text);
        break;
    case ARG_DATE:
        imap_enc_date(e, k->key.year, k->key.month, k->key.day);
        break;
    case ARG_NUMBER:
        imap_enc_number(e, k->key.number);
        break;
    case ARG_SET:
        imap_set_add(&k->set, &at, SIZE_MAX, &e->out);
        break;
    case ARG_MODSEQ:
        encode_modseq(e, &k->key);
        break;
    case ARG_ANNOTATION:
        encode_annotation(e, &k->key);
        break;
    case ARG_LABEL: /* written as mailbox names are */
        imap_enc_mailbox(e, k->key.text, 0);
        break;
    default:
        break;
    }
}

static void encode_key(struct imap_enc *e, const struct imap_search *s,
                       const struct imap_search_key *k)
{
    const struct key_row *row = &rows[k->key.kind];

    if (row->arg == ARG_UID) {
        encode_uid(e, s, &k->key, row->word);
        return;
    }
    if (row->word != NULL)
        imap_enc_word(e, row->word);
    if (row->word != NULL && row->arg != ARG_NONE && row->arg != ARG_KEYS)
        imap_enc_space(e);
    encode_value(e, k, row->arg);
}

static void encode_keys(struct imap_enc *e, const struct imap_search *s)
{
    struct nesting n = {{0}, {0}, 0};
    int first_in_group = 0;

    if (s->count == 0)
        imap_enc_word(e, " ALL");
    for (size_t i = 0; i < s->count; i++) {
        const struct imap_search_key *k = &s->keys[i];

        if (!first_in_group)
            imap_enc_space(e);
        encode_key(e, s, k);
        first_in_group = k->key.kind == MLA_IMAP_KEY_AND;
        if (rows[k->key.kind].arg == ARG_KEYS) {
            nest(&n, &k->key);
            continue;
        }
        for (unsigned groups = unnest(&n); groups > 0; groups--)
            imap_enc_word(e, ")");
    }
}

void imap_search_encode(struct imap_enc *e, const struct imap_search *s)
{
    /* Servers mishandle a charset that is not needed (docs/imap.md). */
    if (!s->ascii && !e->utf8)
        imap_enc_word(e, " CHARSET UTF-8");
    encode_keys(e, s);
}

void imap_search_encode_ordered(struct imap_enc *e, const struct imap_search *s)
{
    imap_enc_word(e, s->ascii ? " US-ASCII" : " UTF-8");
    encode_keys(e, s);
}
