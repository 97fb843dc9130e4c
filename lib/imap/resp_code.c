/* resp_code.c - response codes and the text of status lines (RFC 9051 section 7.1). */
#include "imap/resp_read.h"

#include "base/num.h"

/* What stands behind the name of a code. */
enum {
    ARG_NONE,
    ARG_NUMBER,
    ARG_CAPS,
    ARG_LIST,
    ARG_APPENDUID,
    ARG_COPYUID,
    ARG_SET,
    ARG_OTHER,
    ARG_WORDS,
    ARG_STRINGS,
    ARG_TEXT,
    ARG_ANNOTATIONS,
    ARG_PROGRESS,
    ARG_MESSAGES
};

struct code_row {
    const char *name;
    uint8_t id;
    uint8_t arg;
};

#define ROW(name, arg)                                                                             \
    {                                                                                              \
#name, MLA_IMAP_CODE_##name, arg                                                           \
    }

/* Sorted by name; two words where the second one belongs to the name. */
static const struct code_row codes[] = {
    ROW(ALERT, ARG_NONE),
    ROW(ALREADYEXISTS, ARG_NONE),
    {"ANNOTATE TOOBIG", MLA_IMAP_CODE_ANNOTATE_TOOBIG, ARG_NONE},
    {"ANNOTATE TOOMANY", MLA_IMAP_CODE_ANNOTATE_TOOMANY, ARG_NONE},
    ROW(ANNOTATIONS, ARG_ANNOTATIONS),
    ROW(APPENDUID, ARG_APPENDUID),
    ROW(AUTHENTICATIONFAILED, ARG_NONE),
    ROW(AUTHORIZATIONFAILED, ARG_NONE),
    ROW(BADCHARSET, ARG_LIST),
    ROW(BADCOMPARATOR, ARG_NONE),
    ROW(BADEVENT, ARG_LIST),
    ROW(BADURL, ARG_TEXT),
    ROW(CANNOT, ARG_NONE),
    ROW(CAPABILITY, ARG_CAPS),
    ROW(CLIENTBUG, ARG_NONE),
    ROW(CLOSED, ARG_NONE),
    ROW(COMPRESSIONACTIVE, ARG_NONE),
    ROW(CONTACTADMIN, ARG_NONE),
    ROW(COPYUID, ARG_COPYUID),
    ROW(CORRUPTION, ARG_NONE),
    ROW(EXPIRED, ARG_NONE),
    ROW(EXPUNGEISSUED, ARG_NONE),
    ROW(HASCHILDREN, ARG_NONE),
    ROW(HIGHESTMODSEQ, ARG_NUMBER),
    ROW(INPROGRESS, ARG_PROGRESS),
    ROW(INUSE, ARG_NONE),
    ROW(JMAPACCESS, ARG_TEXT),
    ROW(LIMIT, ARG_OTHER),
    ROW(MAILBOXID, ARG_TEXT),
    ROW(MAXCONVERTMESSAGES, ARG_NUMBER),
    ROW(MAXCONVERTPARTS, ARG_NUMBER),
    ROW(MESSAGELIMIT, ARG_MESSAGES),
    {"METADATA LONGENTRIES", MLA_IMAP_CODE_METADATA_LONGENTRIES, ARG_NUMBER},
    {"METADATA MAXSIZE", MLA_IMAP_CODE_METADATA_MAXSIZE, ARG_NUMBER},
    {"METADATA NOPRIVATE", MLA_IMAP_CODE_METADATA_NOPRIVATE, ARG_NONE},
    {"METADATA TOOMANY", MLA_IMAP_CODE_METADATA_TOOMANY, ARG_NONE},
    ROW(MODIFIED, ARG_SET),
    ROW(NEWNAME, ARG_STRINGS),
    ROW(NOMODSEQ, ARG_NONE),
    ROW(NONEXISTENT, ARG_NONE),
    ROW(NOPERM, ARG_NONE),
    ROW(NOTIFICATIONOVERFLOW, ARG_NONE),
    ROW(NOTSAVED, ARG_NONE),
    ROW(NOUPDATE, ARG_TEXT),
    ROW(OVERQUOTA, ARG_NONE),
    ROW(PARSE, ARG_NONE),
    ROW(PERMANENTFLAGS, ARG_LIST),
    ROW(PRIVACYREQUIRED, ARG_NONE),
    {"READ-ONLY", MLA_IMAP_CODE_READ_ONLY, ARG_NONE},
    {"READ-WRITE", MLA_IMAP_CODE_READ_WRITE, ARG_NONE},
    ROW(REFERRAL, ARG_WORDS),
    ROW(SERVERBUG, ARG_NONE),
    ROW(TEMPFAIL, ARG_NONE),
    ROW(THROTTLED, ARG_NONE),
    ROW(TOOBIG, ARG_NONE),
    ROW(TOOFEW, ARG_NONE),
    ROW(TOOMANY, ARG_NONE),
    ROW(TRYCREATE, ARG_NONE),
    ROW(UIDNEXT, ARG_NUMBER),
    ROW(UIDNOTSTICKY, ARG_NONE),
    ROW(UIDREQUIRED, ARG_NONE),
    ROW(UIDVALIDITY, ARG_NUMBER),
    ROW(UNAVAILABLE, ARG_NONE),
    {"UNDEFINED-FILTER", MLA_IMAP_CODE_UNDEFINED_FILTER, ARG_TEXT},
    {"UNKNOWN-CTE", MLA_IMAP_CODE_UNKNOWN_CTE, ARG_NONE},
    ROW(UNSEEN, ARG_NUMBER),
    ROW(URLMECH, ARG_WORDS),
    ROW(USEATTR, ARG_NONE),
    ROW(WEBALERT, ARG_TEXT),
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
    int rc = ilex_number(l, max, &code->number);

    if (rc == 0)
        code->fields |= MLA_IMAP_CODE_HAS_NUMBER;
    return rc;
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

static int read_words(struct ilex *l, mla_imap_code *code)
{
    size_t count;
    int rc = imap_read_words(l, ']', l->opts->words_max, &code->words, &count);

    if (rc == 0)
        code->word_count = (uint32_t)count;
    return rc;
}

static int read_capabilities(struct ilex *l, mla_imap_code *code)
{
    int rc = read_words(l, code);

    if (rc != 0)
        return rc;
    l->out->capabilities = code->words;
    l->out->capability_count = code->word_count;
    return 0;
}

/* RFC 2060 section 7.1, NEWNAME: two astrings. */
static int read_strings(struct ilex *l, mla_imap_code *code, const uint8_t *bracket)
{
    struct ilex_words w;
    size_t count;
    int rc = 0;

    ilex_words_init(&w);
    while (rc == 0 && l->p < bracket) {
        mla_str s;

        if (*l->p == '"') {
            rc = ilex_quoted(l, &s);
        } else {
            const uint8_t *from = l->p;

            while (l->p < bracket && *l->p != ' ')
                l->p++;
            s = ilex_slice(from, l->p);
        }
        if (rc == 0)
            rc = ilex_words_add(l, &w, s);
        ilex_spaces(l);
    }
    if (rc == 0)
        rc = ilex_words_done(l, &w, &code->words, &count);
    if (rc == 0)
        code->word_count = (uint32_t)count;
    return rc;
}

/* One text up to the bracket: in quotes, in parentheses (RFC 8474, MAILBOXID; several servers leave
 * them out) or bare. */
static int read_one_text(struct ilex *l, mla_imap_code *code, const uint8_t *bracket)
{
    int list = code->id == MLA_IMAP_CODE_MAILBOXID && ilex_take(l, '(');
    const uint8_t *to = bracket;
    int rc = 0;

    if (*l->p == '"') {
        rc = ilex_quoted(l, &code->text);
    } else {
        while (to > l->p && (to[-1] == ' ' || (list && to[-1] == ')')))
            to--;
        code->text = ilex_slice(l->p, to);
        l->p = to;
    }
    if (rc == 0 && list && !ilex_take(l, ')'))
        rc = ILEX_BAD;
    if (code->text.len > 0)
        code->fields |= MLA_IMAP_CODE_HAS_TEXT;
    else if (code->id != MLA_IMAP_CODE_JMAPACCESS)
        rc = rc != 0 ? rc : ILEX_BAD;
    return rc;
}

/* RFC 5257 section 9, ann-size. */
static int read_annotations(struct ilex *l, mla_imap_code *code)
{
    int rc = read_words(l, code);

    if (rc == 0 && code->word_count > 0 &&
        num_parse(code->words[0].ptr, code->words[0].len, UINT32_MAX, &code->number))
        code->fields |= MLA_IMAP_CODE_HAS_NUMBER;
    return rc == 0 && code->word_count == 0 ? ILEX_BAD : rc;
}

/* A number or NIL: *out and bit in fields. */
static int read_optional(struct ilex *l, mla_imap_code *code, uint32_t bit, uint64_t *out)
{
    int rc;

    ilex_spaces(l);
    if (ilex_take_nil(l))
        return 0;
    rc = ilex_number(l, UINT32_MAX, out);
    if (rc == 0)
        code->fields |= bit;
    return rc;
}

/* RFC 9585 section 5: ["(" tag SP progress SP goal ")"], each of them perhaps NIL. What could make
 * somebody divide by zero is to be disregarded (section 6). */
static int read_progress(struct ilex *l, mla_imap_code *code)
{
    int rc;

    if (!ilex_take(l, '('))
        return *l->p == ']' ? 0 : ILEX_BAD;
    rc = ilex_nstring(l, &code->text);
    if (rc == 0 && code->text.ptr != NULL)
        code->fields |= MLA_IMAP_CODE_HAS_TEXT;
    if (rc == 0)
        rc = read_optional(l, code, MLA_IMAP_CODE_HAS_NUMBER, &code->number);
    if (rc == 0)
        rc = read_optional(l, code, MLA_IMAP_CODE_HAS_GOAL, &code->goal);
    if (rc == 0 && (code->fields & MLA_IMAP_CODE_HAS_GOAL) != 0 &&
        ((code->fields & MLA_IMAP_CODE_HAS_NUMBER) == 0 || code->goal == 0 ||
         code->number > code->goal))
        rc = ILEX_BAD;
    ilex_spaces(l);
    return rc == 0 && !ilex_take(l, ')') ? ILEX_BAD : rc;
}

/* RFC 9738 section 5: number [SP uniqueid]. */
static int read_message_limit(struct ilex *l, mla_imap_code *code)
{
    uint64_t uid = 0;
    int rc = read_number(l, code);

    ilex_spaces(l);
    if (rc != 0 || *l->p == ']')
        return rc;
    rc = ilex_number(l, UINT32_MAX, &uid);
    if (rc == 0) {
        code->uid = (uint32_t)uid;
        code->fields |= MLA_IMAP_CODE_HAS_UID;
    }
    return rc;
}

static int read_args(struct ilex *l, mla_imap_code *code, int arg, const uint8_t *bracket)
{
    ilex_spaces(l);
    switch (arg) {
    case ARG_NUMBER:
        return read_number(l, code);
    case ARG_CAPS:
        return read_capabilities(l, code);
    case ARG_WORDS:
        return read_words(l, code);
    case ARG_STRINGS:
        return read_strings(l, code, bracket);
    case ARG_TEXT:
        return read_one_text(l, code, bracket);
    case ARG_ANNOTATIONS:
        return read_annotations(l, code);
    case ARG_PROGRESS:
        return read_progress(l, code);
    case ARG_MESSAGES:
        return read_message_limit(l, code);
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

/* The word at p; with the one behind it where that belongs to the name of the code. */
static const struct code_row *find_row(const uint8_t *p, const uint8_t *bracket,
                                       const uint8_t **out_word, const uint8_t **out_end)
{
    const uint8_t *q = p;
    mla_str name;

    while (q < bracket && *q != ' ')
        q++;
    *out_word = *out_end = q;
    name = ilex_slice(p, q);
    if (ascii_equal_word(name.ptr, name.len, "METADATA") ||
        ascii_equal_word(name.ptr, name.len, "ANNOTATE")) {
        for (q += q < bracket; q < bracket && *q != ' ';)
            q++;
        *out_end = q;
        name = ilex_slice(p, q);
    }
    return find_code(name);
}

/* l stands at "[". A code whose arguments cannot be read keeps its id and raw, with a warning. */
static int read_code(struct ilex *l, const uint8_t *bracket, const mla_imap_code **out)
{
    const uint8_t *from = l->p + 1;
    const uint8_t *word;
    const uint8_t *end;
    const struct code_row *row = find_row(from, bracket, &word, &end);
    mla_imap_code *code = ilex_alloc(l, sizeof *code);
    int rc;

    if (code == NULL)
        return ilex_no_memory(l);
    *out = code;
    code->struct_size = sizeof *code;
    code->raw = ilex_slice(from, bracket);
    code->atom = ilex_slice(from, word);
    code->id = row != NULL ? row->id : MLA_IMAP_CODE_OTHER;
    l->p = end;
    rc = row != NULL ? read_args(l, code, row->arg, bracket) : 0;
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
