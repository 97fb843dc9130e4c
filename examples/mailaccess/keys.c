/* keys.c - SEARCH keys from the command line. */
#include "keys.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "set.h"

enum { NOTHING, TEXT, FIELD_TEXT, DATE, NUMBER, UID_SET, ONE_KEY, TWO_KEYS };
enum { DEEPEST = 50 };

static const struct word {
    const char *name;
    uint32_t kind;
    int takes;
} vocabulary[] = {
    {"all", MLA_IMAP_KEY_ALL, NOTHING},
    {"answered", MLA_IMAP_KEY_ANSWERED, NOTHING},
    {"bcc", MLA_IMAP_KEY_BCC, TEXT},
    {"before", MLA_IMAP_KEY_BEFORE, DATE},
    {"body", MLA_IMAP_KEY_BODY, TEXT},
    {"cc", MLA_IMAP_KEY_CC, TEXT},
    {"deleted", MLA_IMAP_KEY_DELETED, NOTHING},
    {"draft", MLA_IMAP_KEY_DRAFT, NOTHING},
    {"emailid", MLA_IMAP_KEY_EMAILID, TEXT},
    {"filter", MLA_IMAP_KEY_FILTER, TEXT},
    {"flagged", MLA_IMAP_KEY_FLAGGED, NOTHING},
    {"from", MLA_IMAP_KEY_FROM, TEXT},
    {"fuzzy", MLA_IMAP_KEY_FUZZY, ONE_KEY},
    {"header", MLA_IMAP_KEY_HEADER, FIELD_TEXT},
    {"keyword", MLA_IMAP_KEY_KEYWORD, TEXT},
    {"larger", MLA_IMAP_KEY_LARGER, NUMBER},
    {"modseq", MLA_IMAP_KEY_MODSEQ, NUMBER},
    {"new", MLA_IMAP_KEY_NEW, NOTHING},
    {"not", MLA_IMAP_KEY_NOT, ONE_KEY},
    {"old", MLA_IMAP_KEY_OLD, NOTHING},
    {"older", MLA_IMAP_KEY_OLDER, NUMBER},
    {"on", MLA_IMAP_KEY_ON, DATE},
    {"or", MLA_IMAP_KEY_OR, TWO_KEYS},
    {"recent", MLA_IMAP_KEY_RECENT, NOTHING},
    {"savedbefore", MLA_IMAP_KEY_SAVEDBEFORE, DATE},
    {"savedon", MLA_IMAP_KEY_SAVEDON, DATE},
    {"savedsince", MLA_IMAP_KEY_SAVEDSINCE, DATE},
    {"seen", MLA_IMAP_KEY_SEEN, NOTHING},
    {"sentbefore", MLA_IMAP_KEY_SENTBEFORE, DATE},
    {"senton", MLA_IMAP_KEY_SENTON, DATE},
    {"sentsince", MLA_IMAP_KEY_SENTSINCE, DATE},
    {"since", MLA_IMAP_KEY_SINCE, DATE},
    {"smaller", MLA_IMAP_KEY_SMALLER, NUMBER},
    {"subject", MLA_IMAP_KEY_SUBJECT, TEXT},
    {"text", MLA_IMAP_KEY_TEXT, TEXT},
    {"threadid", MLA_IMAP_KEY_THREADID, TEXT},
    {"to", MLA_IMAP_KEY_TO, TEXT},
    {"uid", MLA_IMAP_KEY_UIDS, UID_SET},
    {"uidafter", MLA_IMAP_KEY_UIDAFTER, NUMBER},
    {"uidbefore", MLA_IMAP_KEY_UIDBEFORE, NUMBER},
    {"unanswered", MLA_IMAP_KEY_UNANSWERED, NOTHING},
    {"undeleted", MLA_IMAP_KEY_UNDELETED, NOTHING},
    {"undraft", MLA_IMAP_KEY_UNDRAFT, NOTHING},
    {"unflagged", MLA_IMAP_KEY_UNFLAGGED, NOTHING},
    {"unkeyword", MLA_IMAP_KEY_UNKEYWORD, TEXT},
    {"unseen", MLA_IMAP_KEY_UNSEEN, NOTHING},
    {"x-gm-labels", MLA_IMAP_KEY_X_GM_LABELS, TEXT},
    {"x-gm-msgid", MLA_IMAP_KEY_X_GM_MSGID, NUMBER},
    {"x-gm-raw", MLA_IMAP_KEY_X_GM_RAW, TEXT},
    {"x-gm-thrid", MLA_IMAP_KEY_X_GM_THRID, NUMBER},
    {"younger", MLA_IMAP_KEY_YOUNGER, NUMBER},
};

/* Where the next word comes from: the rest of an argument that held several, then argv. */
struct source {
    struct keys *out;
    const char *const *words;
    int count;
    const char *inside; /* NULL: not within an argument */
    int depth;
};

static int wrong(struct keys *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int wrong(struct keys *k, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(k->why, sizeof k->why, format, args);
    va_end(args);
    return -1;
}

static void *grow(void *p, size_t *room, size_t count, size_t size)
{
    size_t wanted = *room != 0 ? *room * 2 : 16;
    void *bigger;

    if (count < *room)
        return p;
    bigger = wanted > SIZE_MAX / size ? NULL : realloc(p, wanted * size);
    if (bigger != NULL)
        *room = wanted;
    return bigger;
}

/* A buffer of len octets that lives as long as the keys do. */
static char *keep(struct keys *k, size_t len)
{
    char **texts = grow(k->texts, &k->text_room, k->text_count, sizeof *texts);

    if (texts == NULL)
        return NULL;
    k->texts = texts;
    k->texts[k->text_count] = malloc(len + 1);
    return k->texts[k->text_count] != NULL ? k->texts[k->text_count++] : NULL;
}

/* One word of an argument that holds several: a parenthesis, a quoted string, or what stands
 * between spaces. NULL: there is none left, or why says what is wrong. */
static const char *word_inside(struct source *s)
{
    const char *p = s->inside;
    size_t n = 0;
    char *text;

    while (*p == ' ')
        p++;
    s->inside = *p != 0 ? p : NULL;
    if (*p == 0)
        return NULL;
    text = keep(s->out, strlen(p));
    if (text == NULL) {
        wrong(s->out, "not enough memory");
        return NULL;
    }
    if (*p == '(' || *p == ')') {
        text[n++] = *p++;
    } else if (*p == '"') {
        for (p++; *p != 0 && *p != '"'; p++) {
            if (*p == '\\' && p[1] != 0)
                p++;
            text[n++] = *p;
        }
        if (*p++ == 0) {
            wrong(s->out, "a quotation mark is not closed");
            return NULL;
        }
    } else {
        while (*p != 0 && *p != ' ' && *p != '(' && *p != ')')
            text[n++] = *p++;
    }
    text[n] = 0;
    s->inside = *p != 0 ? p : NULL;
    return text;
}

static const char *next_word(struct source *s, int is_key)
{
    const char *word = s->inside != NULL ? word_inside(s) : NULL;

    if (word != NULL || s->out->why[0] != 0 || s->count == 0)
        return word;
    word = *s->words++;
    s->count--;
    /* What is a value is taken as it is; only keys may come several in one argument. */
    if (!is_key || strpbrk(word, " ()\"") == NULL)
        return word;
    s->inside = word;
    word = word_inside(s);
    return word != NULL || s->out->why[0] != 0 ? word : next_word(s, is_key);
}

static int same(const char *text, const char *word)
{
    for (; *text != 0 && *word != 0; text++, word++)
        if ((*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text) != *word)
            return 0;
    return *text == *word;
}

static mla_imap_search_key *add_key(struct keys *k, uint32_t kind)
{
    mla_imap_search_key *keys = grow(k->key, &k->room, k->count, sizeof *keys);

    if (keys == NULL)
        return NULL;
    k->key = keys;
    keys += k->count++;
    memset(keys, 0, sizeof *keys);
    keys->struct_size = sizeof *keys;
    keys->kind = kind;
    return keys;
}

/* Up to max digits. Returns how many there were. */
static size_t digits(const char *p, size_t max, uint32_t *out)
{
    size_t n = 0;

    for (*out = 0; n < max && p[n] >= '0' && p[n] <= '9'; n++)
        *out = *out * 10 + (uint32_t)(p[n] - '0');
    return n;
}

static int read_month(const char *p, uint32_t *out)
{
    static const char names[12][4] = {"jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    char word[4] = "";

    for (size_t i = 0; i < 3 && p[i] != 0; i++)
        word[i] = p[i];
    for (uint32_t i = 0; i < 12; i++) {
        if (same(word, names[i])) {
            *out = i + 1;
            return 1;
        }
    }
    return 0;
}

/* 1-Feb-2025 (RFC 9051, date-text) or 2025-02-01. */
static int read_date(const char *p, mla_imap_search_key *key)
{
    static const uint32_t longest[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t n = digits(p, 4, &key->year);

    if (n == 4) {
        if (p[4] != '-' || digits(p + 5, 2, &key->month) != 2 || p[7] != '-' ||
            digits(p + 8, 2, &key->day) != 2 || p[10] != 0)
            return 0;
    } else {
        key->day = key->year;
        if (n < 1 || n > 2 || p[n] != '-' || !read_month(p + n + 1, &key->month) ||
            p[n + 4] != '-' || digits(p + n + 5, 4, &key->year) != 4 || p[n + 9] != 0)
            return 0;
    }
    return key->month >= 1 && key->month <= 12 && key->day >= 1 &&
           key->day <= longest[key->month - 1];
}

static int read_value(struct source *s, const struct word *w, size_t index)
{
    mla_imap_search_key *key = &s->out->key[index];
    const char *value;

    if (w->takes == FIELD_TEXT) {
        value = next_word(s, 0);
        if (value != NULL) {
            key->name.ptr = value;
            key->name.len = strlen(value);
        }
    }
    value = next_word(s, 0);
    if (value == NULL)
        return s->out->why[0] != 0 ? -1
                                   : wrong(s->out, "%s: something is missing behind it", w->name);
    if (w->takes == TEXT || w->takes == FIELD_TEXT) {
        key->text.ptr = value;
        key->text.len = strlen(value);
        return 0;
    }
    if (w->takes == DATE)
        return read_date(value, key)
                   ? 0
                   : wrong(s->out, "%s: %s is not a date such as 1-Feb-2025", w->name, value);
    if (w->takes == NUMBER)
        return cli_number(value, INT64_MAX, &key->number)
                   ? 0
                   : wrong(s->out, "%s: %s is not a number", w->name, value);
    {
        mla_range *ranges;
        char **texts = grow(s->out->texts, &s->out->text_room, s->out->text_count, sizeof *texts);

        if (texts == NULL)
            return wrong(s->out, "not enough memory");
        s->out->texts = texts;
        if (set_read(value, &ranges, &key->range_count) != 0)
            return wrong(s->out, "%s: %s is not a set such as 4,7:9,20:*", w->name, value);
        s->out->texts[s->out->text_count++] = (char *)ranges;
        key->ranges = ranges;
    }
    return 0;
}

static int read_key(struct source *s, const char *word);

/* The keys up to ")" are one: AND. */
static int read_group(struct source *s)
{
    size_t at = s->out->count, members = 0;

    if (add_key(s->out, MLA_IMAP_KEY_AND) == NULL)
        return wrong(s->out, "not enough memory");
    for (;;) {
        const char *word = next_word(s, 1);

        if (word == NULL)
            return s->out->why[0] != 0 ? -1 : wrong(s->out, "a parenthesis is not closed");
        if (strcmp(word, ")") == 0)
            break;
        if (read_key(s, word) != 0)
            return -1;
        members++;
    }
    if (members == 0)
        return wrong(s->out, "nothing stands between the parentheses");
    s->out->key[at].number = members;
    return 0;
}

static int read_operands(struct source *s, const struct word *w)
{
    for (int i = w->takes == ONE_KEY ? 1 : 2; i > 0; i--) {
        const char *word = next_word(s, 1);

        if (word == NULL || strcmp(word, ")") == 0)
            return s->out->why[0] != 0 ? -1
                                       : wrong(s->out, "%s: a key is missing behind it", w->name);
        if (read_key(s, word) != 0)
            return -1;
    }
    return 0;
}

static int read_known(struct source *s, const struct word *w)
{
    size_t at = s->out->count;

    if (add_key(s->out, w->kind) == NULL)
        return wrong(s->out, "not enough memory");
    if (w->takes == NOTHING)
        return 0;
    if (w->takes == ONE_KEY || w->takes == TWO_KEYS)
        return read_operands(s, w);
    return read_value(s, w, at);
}

static int read_key_here(struct source *s, const char *word)
{
    static const struct word numbers = {"message numbers", MLA_IMAP_KEY_SEQS, UID_SET};

    if (strcmp(word, "(") == 0)
        return read_group(s);
    for (size_t i = 0; i < sizeof vocabulary / sizeof vocabulary[0]; i++)
        if (same(word, vocabulary[i].name))
            return read_known(s, &vocabulary[i]);
    if ((*word >= '0' && *word <= '9') || *word == '*') {
        /* sequence-set: its own value */
        struct source value = *s;
        const char *words[1];
        int rc;

        words[0] = word;
        value.words = words;
        value.count = 1;
        value.inside = NULL;
        rc = read_known(&value, &numbers);
        return rc;
    }
    if (strcmp(word, ")") == 0)
        return wrong(s->out, "a parenthesis is closed that was not opened");
    return wrong(s->out, "%s: no such search key", word);
}

static int read_key(struct source *s, const char *word)
{
    int rc;

    if (++s->depth > DEEPEST)
        return wrong(s->out, "nested too deeply");
    rc = read_key_here(s, word);
    s->depth--;
    return rc;
}

int keys_parse(struct keys *k, const char *const *words, int count)
{
    struct source s = {k, words, count, NULL, 0};
    const char *word;

    memset(k, 0, sizeof *k);
    while ((word = next_word(&s, 1)) != NULL)
        if (read_key(&s, word) != 0)
            return -1;
    return k->why[0] != 0 ? -1 : 0;
}

void keys_free(struct keys *k)
{
    for (size_t i = 0; i < k->text_count; i++)
        free(k->texts[i]);
    free(k->texts);
    free(k->key);
    memset(k, 0, sizeof *k);
}
