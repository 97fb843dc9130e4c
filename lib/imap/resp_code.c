/* resp_code.c - response codes and the text of status lines (RFC 9051 section 7.1). */
#include "imap/resp_read.h"

#include "base/num.h"

/* What stands behind the name of a code. */
enum { ARG_NONE, ARG_NUMBER, ARG_WORDS, ARG_LIST, ARG_APPENDUID, ARG_COPYUID, ARG_SET, ARG_OTHER };

struct code_row {
    const char *name;
    uint8_t id;
    uint8_t arg;
};

#define ROW(name, arg)                                                                             \
    {                                                                                              \
#name, MLA_IMAP_CODE_##name, arg                                                           \
    }

/* Sorted by name. */
static const struct code_row codes[] = {
    ROW(ALERT, ARG_NONE),
    ROW(ALREADYEXISTS, ARG_NONE),
    ROW(APPENDUID, ARG_APPENDUID),
    ROW(AUTHENTICATIONFAILED, ARG_NONE),
    ROW(AUTHORIZATIONFAILED, ARG_NONE),
    ROW(BADCHARSET, ARG_LIST),
    ROW(CANNOT, ARG_NONE),
    ROW(CAPABILITY, ARG_WORDS),
    ROW(CLIENTBUG, ARG_NONE),
    ROW(CLOSED, ARG_NONE),
    ROW(CONTACTADMIN, ARG_NONE),
    ROW(COPYUID, ARG_COPYUID),
    ROW(CORRUPTION, ARG_NONE),
    ROW(EXPIRED, ARG_NONE),
    ROW(EXPUNGEISSUED, ARG_NONE),
    ROW(HASCHILDREN, ARG_NONE),
    ROW(HIGHESTMODSEQ, ARG_NUMBER),
    ROW(INUSE, ARG_NONE),
    ROW(LIMIT, ARG_OTHER),
    ROW(MODIFIED, ARG_SET),
    ROW(NOMODSEQ, ARG_NONE),
    ROW(NONEXISTENT, ARG_NONE),
    ROW(NOPERM, ARG_NONE),
    ROW(NOTSAVED, ARG_NONE),
    ROW(OVERQUOTA, ARG_NONE),
    ROW(PARSE, ARG_NONE),
    ROW(PERMANENTFLAGS, ARG_LIST),
    ROW(PRIVACYREQUIRED, ARG_NONE),
    {"READ-ONLY", MLA_IMAP_CODE_READ_ONLY, ARG_NONE},
    {"READ-WRITE", MLA_IMAP_CODE_READ_WRITE, ARG_NONE},
    ROW(REFERRAL, ARG_OTHER),
    ROW(SERVERBUG, ARG_NONE),
    ROW(TOOBIG, ARG_NONE),
    ROW(TRYCREATE, ARG_NONE),
    ROW(UIDNEXT, ARG_NUMBER),
    ROW(UIDNOTSTICKY, ARG_NONE),
    ROW(UIDVALIDITY, ARG_NUMBER),
    ROW(UNAVAILABLE, ARG_NONE),
    {"UNKNOWN-CTE", MLA_IMAP_CODE_UNKNOWN_CTE, ARG_NONE},
    ROW(UNSEEN, ARG_NUMBER),
};

static const struct code_row *find_code(mla_str name)
{
    size_t low = 0;
    size_t high = sizeof codes / sizeof codes[0];

    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = ascii_compare(name.ptr, name.len, codes[mid].name, strlen(codes[mid].name));

        if (order == 0)
            return &codes[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

/* The "]" that ends the code: not one in a quoted string or inside parentheses, where Gmail's flags
 * have it. Where quotes or parentheses do not close, the first "]" of all. NULL: there is none. */
static const uint8_t *find_bracket(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *first = memchr(p, ']', (size_t)(end - p));
    size_t depth = 0;
    int quote = 0;

    for (; first != NULL && p < end; p++) {
        if (quote && *p == '\\' && p + 1 < end)
            p++;
        else if (*p == '"')
            quote = !quote;
        else if (quote)
            continue;
        else if (*p == '(')
            depth++;
        else if (*p == ')')
            depth -= depth > 0;
        else if (*p == ']' && depth == 0)
            return p;
    }
    return first;
}

/* UIDNEXT and UNSEEN are nz-number by the RFC; several servers say 0. */
static int read_number(struct ilex *l, mla_imap_code *code)
{
    uint64_t max = code->id == MLA_IMAP_CODE_HIGHESTMODSEQ ? INT64_MAX : UINT32_MAX;

    return ilex_number(l, max, &code->number);
}

/* RFC 4315 section 3: uidvalidity SP set [SP set]. Outlook.com sends COPYUID with empty sets. */
static int read_uids(struct ilex *l, mla_imap_code *code, int is_copy)
{
    uint64_t validity;
    int rc = ilex_number(l, UINT32_MAX, &validity);

    if (rc != 0)
        return rc;
    ilex_spaces(l);
    if (is_copy && *l->p != ']') {
        rc = ilex_set(l, &code->source, &code->source_count);
        ilex_spaces(l);
    }
    if (rc == 0 && *l->p != ']')
        rc = ilex_set(l, &code->destination, &code->destination_count);
    /* one set alone says nothing */
    if (rc == 0 && code->destination == NULL && (code->source != NULL || !is_copy))
        rc = ILEX_BAD;
    if (rc == 0)
        code->uidvalidity = (uint32_t)validity;
    return rc;
}

static int read_list(struct ilex *l, mla_imap_code *code)
{
    struct ilex_words w;
    size_t count;
    int rc;

    if (*l->p == ']') /* BADCHARSET may stand alone */
        return 0;
    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    if (rc == 0)
        rc = ilex_words_done(l, &w, &code->words, &count);
    if (rc == 0)
        code->word_count = (uint32_t)count;
    return rc;
}

static int read_capabilities(struct ilex *l, mla_imap_code *code)
{
    size_t count;
    int rc = imap_read_words(l, ']', l->opts->words_max, &code->words, &count);

    if (rc != 0)
        return rc;
    code->word_count = (uint32_t)count;
    l->out->capabilities = code->words;
    l->out->capability_count = count;
    return 0;
}

static int read_args(struct ilex *l, mla_imap_code *code, int arg)
{
    ilex_spaces(l);
    switch (arg) {
    case ARG_NUMBER:
        return read_number(l, code);
    case ARG_WORDS:
        return read_capabilities(l, code);
    case ARG_LIST:
        return read_list(l, code);
    case ARG_APPENDUID:
        return read_uids(l, code, 0);
    case ARG_COPYUID:
        return read_uids(l, code, 1);
    case ARG_SET:
        return ilex_set(l, &code->source, &code->source_count);
    default:
        return 0; /* whatever stands there is in raw */
    }
}

/* l stands at "[". A code whose arguments cannot be read keeps its id and raw, with a warning. */
static int read_code(struct ilex *l, const uint8_t *bracket, const mla_imap_code **out)
{
    const uint8_t *from = l->p + 1;
    const uint8_t *word = from;
    const struct code_row *row;
    mla_imap_code *code = ilex_alloc(l, sizeof *code);
    int rc;

    if (code == NULL)
        return ilex_no_memory(l);
    *out = code;
    code->struct_size = sizeof *code;
    code->raw = ilex_slice(from, bracket);
    while (word < bracket && *word != ' ')
        word++;
    code->atom = ilex_slice(from, word);
    row = find_code(code->atom);
    code->id = row != NULL ? row->id : MLA_IMAP_CODE_OTHER;
    l->p = word;
    rc = row != NULL ? read_args(l, code, row->arg) : 0;
    if (rc == MLA_E_NOMEM)
        return rc;
    if (rc == 0 && row != NULL && row->arg != ARG_NONE && row->arg != ARG_OTHER) {
        ilex_spaces(l);
        if (l->p != bracket)
            rc = ILEX_BAD;
    }
    l->p = bracket + 1;
    if (rc != 0) {
        mla_imap_code whole = {.struct_size = sizeof *code, .id = code->id};

        whole.atom = code->atom;
        whole.raw = code->raw;
        *code = whole;
        ilex_warn(l, ilex_warning_of(rc), from - 1);
    }
    return 0;
}

int imap_read_text(struct ilex *l, const mla_imap_code **out_code, mla_str *out_text)
{
    ilex_spaces(l);
    if (*l->p == '[') {
        const uint8_t *bracket = find_bracket(l->p, l->end);

        if (bracket != NULL) {
            int rc = read_code(l, bracket, out_code);

            if (rc != 0)
                return rc;
            ilex_take(l, ' '); /* several servers: no text and no SP behind the code */
        }
    }
    *out_text = ilex_slice(l->p, l->end);
    l->p = l->end;
    return 0;
}
