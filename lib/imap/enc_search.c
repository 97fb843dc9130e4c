/* enc_search.c - see enc_search.h */
#include "imap/enc_search.h"

#include <string.h>

/* What stands behind a key's word (RFC 9051 section 9, search-key). */
enum { ARG_NONE, ARG_TEXT, ARG_ATOM, ARG_HEADER, ARG_DATE, ARG_NUMBER, ARG_SET, ARG_KEYS };

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
    [MLA_IMAP_KEY_MODSEQ] = {"MODSEQ", ARG_NUMBER, SEARCH_NEEDS_CONDSTORE},
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

static int is_field_name(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == ':')
            return 0;
    return s.len != 0;
}

static int check_text(const mla_imap_search_key *k, int arg)
{
    int ok;

    if (arg == ARG_ATOM)
        ok = imap_enc_is_atom(k->text);
    else
        ok = imap_enc_is_utf8(k->text) && (arg != ARG_HEADER || is_field_name(k->name));
    return ok ? 0 : MLA_E_ARG;
}

static int check_value(const mla_imap_search_key *k, int arg)
{
    switch (arg) {
    case ARG_TEXT:
    case ARG_ATOM:
    case ARG_HEADER:
        return check_text(k, arg);
    case ARG_DATE:
        return k->year > 9999 || k->month < 1 || k->month > 12 || k->day < 1 || k->day > 31
                   ? MLA_E_ARG
                   : 0;
    case ARG_NUMBER:
        if (k->kind == MLA_IMAP_KEY_OLDER || k->kind == MLA_IMAP_KEY_YOUNGER)
            return k->number == 0 || k->number > UINT32_MAX ? MLA_E_ARG : 0;
        return k->number > INT64_MAX ? MLA_E_ARG : 0;
    default:
        return 0;
    }
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
    s->ascii &=
        (row->arg != ARG_TEXT && row->arg != ARG_HEADER) || imap_enc_is_ascii(out->key.text);
    if (row->arg == ARG_KEYS)
        return nest(n, &out->key);
    unnest(n);
    return 0;
}

int imap_search_copy(struct imap_search *s, struct arena *a, const mla_imap_search_key *keys,
                     size_t count)
{
    const unsigned char *p = (const unsigned char *)keys;
    size_t stride = count != 0 && keys != NULL ? keys->struct_size : 0;
    struct nesting n = {{0}, {0}, 0};

    memset(s, 0, sizeof *s);
    s->ascii = 1;
    if (count == 0)
        return 0;
    if (keys == NULL || stride < sizeof *keys)
        return MLA_E_ARG;
    s->keys = arena_array(a, count, sizeof *s->keys);
    if (s->keys == NULL)
        return a->over ? MLA_E_LIMIT : MLA_E_NOMEM;
    for (; s->count < count; s->count++, p += stride) {
        struct imap_search_key *out = &s->keys[s->count];
        int rc;

        memcpy(&out->key, p, sizeof out->key);
        if (out->key.struct_size != stride)
            return MLA_E_ARG;
        for (size_t i = sizeof out->key; i < stride; i++)
            if (p[i] != 0)
                return MLA_E_UNSUPPORTED;
        rc = copy_key(s, out, a, &n);
        if (rc != 0)
            return rc;
    }
    return n.depth == 0 ? 0 : MLA_E_ARG;
}

/* What follows the key's word; a set of message numbers has no word. */
static void encode_value(struct imap_enc *e, const struct imap_search_key *k, int arg)
{
    size_t at = 0;

    if (arg != ARG_NONE && k->key.kind != MLA_IMAP_KEY_SEQS)
        imap_enc_space(e);
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
    default:
        break;
    }
}

void imap_search_encode(struct imap_enc *e, const struct imap_search *s)
{
    struct nesting n = {{0}, {0}, 0};
    int first_in_group = 0;

    /* Servers mishandle a charset that is not needed (docs/imap.md). */
    if (!s->ascii && !e->utf8)
        imap_enc_word(e, " CHARSET UTF-8");
    if (s->count == 0)
        imap_enc_word(e, " ALL");
    for (size_t i = 0; i < s->count; i++) {
        const struct imap_search_key *k = &s->keys[i];
        const struct key_row *row = &rows[k->key.kind];

        if (!first_in_group)
            imap_enc_space(e);
        if (row->word != NULL)
            imap_enc_word(e, row->word);
        if (row->arg == ARG_KEYS) {
            nest(&n, &k->key);
            first_in_group = k->key.kind == MLA_IMAP_KEY_AND;
            continue;
        }
        encode_value(e, k, row->arg);
        first_in_group = 0;
        for (unsigned groups = unnest(&n); groups > 0; groups--)
            imap_enc_word(e, ")");
    }
}
