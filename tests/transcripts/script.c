/* script.c - see script.h */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *p, size_t n)
{
    p = realloc(p, n);
    if (p == NULL)
        abort();
    return p;
}

static int hex(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The octet of the escape behind a backslash; *p moves on. -1: no such escape. */
static int escape(const char **p)
{
    static const char from[] = "rnt0\\\"";
    static const char to[] = "\r\n\t\0\\\"";
    const char *at = **p != '\0' ? strchr(from, **p) : NULL;
    int v;

    if (at != NULL) {
        (*p)++;
        return (unsigned char)to[at - from];
    }
    if (**p != 'x' || hex((*p)[1]) < 0 || hex((*p)[2]) < 0)
        return -1;
    v = hex((*p)[1]) * 16 + hex((*p)[2]);
    *p += 3;
    return v;
}

char *script_unescape(const char *text, size_t *out_len)
{
    char *out = grown(NULL, strlen(text) + 1);
    size_t n = 0;

    while (*text != '\0') {
        int c = (unsigned char)*text++;

        if (c == '\\' && *text != '(') {
            c = escape(&text);
            if (c < 0) {
                free(out);
                return NULL;
            }
        }
        out[n++] = (char)c;
    }
    out[n] = '\0';
    *out_len = n;
    return out;
}

/* Splits a DO line: words, or "quoted words" with escapes. */
static int split_words(const char *p, struct step *step)
{
    for (;;) {
        const char *begin;
        char *piece;
        struct runner_word *w;

        p += strspn(p, " ");
        if (*p == '\0')
            return step->word_count != 0 ? 0 : -1;
        if (step->word_count == SCRIPT_WORDS)
            return -1;
        w = &step->words[step->word_count];
        if (*p != '"') {
            begin = p;
            p += strcspn(p, " ");
            piece = grown(NULL, (size_t)(p - begin) + 1);
            memcpy(piece, begin, (size_t)(p - begin));
            piece[p - begin] = '\0';
        } else {
            begin = ++p;
            while (*p != '\0' && *p != '"')
                p += *p == '\\' && p[1] != '\0' ? 2 : 1;
            if (*p != '"')
                return -1;
            piece = grown(NULL, (size_t)(p - begin) + 1);
            memcpy(piece, begin, (size_t)(p - begin));
            piece[p - begin] = '\0';
            p++;
        }
        w->ptr = script_unescape(piece, &w->len);
        free(piece);
        if (w->ptr == NULL)
            return -1;
        step->word_count++;
    }
}

static int want_bits(const char *text, uint64_t *out)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } names[] = {
        {"read", MLA_WANT_READ}, {"write", MLA_WANT_WRITE},       {"now", MLA_WANT_NOW},
        {"tls", MLA_WANT_TLS},   {"compress", MLA_WANT_COMPRESS}, {"close", MLA_WANT_CLOSE},
    };

    *out = 0;
    for (;;) {
        size_t n;
        size_t i = 0;

        text += strspn(text, " ");
        n = strcspn(text, " ");
        if (n == 0)
            return 0;
        while (i < sizeof names / sizeof names[0] &&
               (strlen(names[i].name) != n || memcmp(names[i].name, text, n) != 0))
            i++;
        if (i == sizeof names / sizeof names[0])
            return -1;
        *out |= names[i].bit;
        text += n;
    }
}

static int set_option(struct options *o, const char *name, const char *value)
{
    static const char *const limits[] = {"",      "response",     "inline", "depth",
                                         "queue", "capabilities", "event"};
    static const char *const deadlines[] = {"",     "connect", "silence", "answer", "bulk",
                                            "idle", "command", "probe",   "quiet"};

    if (strcmp(name, "security") == 0)
        o->security = strcmp(value, "none") == 0       ? MLA_SECURITY_NONE
                      : strcmp(value, "starttls") == 0 ? MLA_SECURITY_STARTTLS
                                                       : MLA_SECURITY_TLS;
    else if (strcmp(name, "verified") == 0)
        o->verified = atoi(value);
    else if (strcmp(name, "cleartext") == 0)
        o->cleartext = atoi(value);
    else if (strcmp(name, "compress") == 0)
        o->compress = atoi(value);
    else if (strcmp(name, "rev1") == 0)
        o->rev1 = atoi(value);
    else if (strcmp(name, "insecure") == 0)
        o->insecure = atoi(value);
    else if (strcmp(name, "mechanisms") == 0) {
        free(o->mechanisms);
        o->mechanisms = grown(NULL, strlen(value) + 1);
        memcpy(o->mechanisms, value, strlen(value) + 1);
    } else if (strncmp(name, "limit.", 6) == 0) {
        for (size_t i = 1; i < sizeof limits / sizeof limits[0]; i++)
            if (strcmp(name + 6, limits[i]) == 0) {
                o->limits[i] = strtoull(value, NULL, 10);
                return 0;
            }
        return -1;
    } else if (strncmp(name, "deadline.", 9) == 0) {
        for (size_t i = 1; i < sizeof deadlines / sizeof deadlines[0]; i++)
            if (strcmp(name + 9, deadlines[i]) == 0) {
                o->deadlines[i] = strtoull(value, NULL, 10);
                o->has_deadline[i] = 1;
                return 0;
            }
        return -1;
    } else {
        return -1;
    }
    return 0;
}

static int read_options(struct options *o, const char *p)
{
    for (;;) {
        char name[64];
        char value[256];
        size_t n;

        p += strspn(p, " ");
        if (*p == '\0')
            return 0;
        n = strcspn(p, "=");
        if (p[n] == '\0' || n >= sizeof name)
            return -1;
        memcpy(name, p, n);
        name[n] = '\0';
        p += n + 1;
        if (*p == '"') {
            n = strcspn(++p, "\"");
        } else {
            n = strcspn(p, " ");
        }
        if (n >= sizeof value)
            return -1;
        memcpy(value, p, n);
        value[n] = '\0';
        p += n + (p[n] == '"');
        if (set_option(o, name, value) != 0)
            return -1;
    }
}

/* A text with or without CRLF behind it, several times. */
static char *text_of(const char *p, int crlf, unsigned long times)
{
    size_t n = strlen(p);
    char *out = grown(NULL, (n + 4) * times + 1);
    size_t at = 0;

    for (unsigned long i = 0; i < times; i++) {
        memcpy(out + at, p, n);
        at += n;
        if (crlf) {
            memcpy(out + at, "\\r\\n", 4);
            at += 4;
        }
    }
    out[at] = '\0';
    return out;
}

static struct step *add_step(struct script *s, enum step_kind kind, int line)
{
    if ((s->count & (s->count - 1)) == 0)
        s->steps = grown(s->steps, (s->count == 0 ? 1 : s->count * 2) * sizeof *s->steps);
    memset(&s->steps[s->count], 0, sizeof *s->steps);
    s->steps[s->count].kind = kind;
    s->steps[s->count].line = line;
    return &s->steps[s->count++];
}

static int read_line(struct script *s, const char *p, int line)
{
    static const struct {
        const char *word;
        enum step_kind kind;
        int crlf;
    } texts[] = {
        {"S", STEP_SERVER, 1},  {"S-", STEP_SERVER, 0}, {"C", STEP_CLIENT, 1},
        {"C-", STEP_CLIENT, 0}, {"E", STEP_EVENT, 0},
    };
    size_t n = strcspn(p, ":");
    const char *rest = p + n + 1;
    unsigned long times = 1;
    struct step *step;

    if (p[n] == '\0')
        return -1;
    rest += *rest == ' ';
    if (n > 2 && p[0] == 'S' && p[1] == '*') {
        times = strtoul(p + 2, NULL, 10);
        n = 1;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t len;
        char *check;

        if (strlen(texts[i].word) != n || memcmp(texts[i].word, p, n) != 0)
            continue;
        step = add_step(s, texts[i].kind, line);
        step->text = text_of(rest, texts[i].crlf, times);
        check = script_unescape(step->text, &len);
        free(check);
        return check != NULL || texts[i].kind == STEP_EVENT ? 0 : -1;
    }
    if (strncmp(p, "OPTIONS:", 8) == 0)
        return s->count == 0 ? read_options(&s->options, rest) : -1;
    if (strncmp(p, "DO:", 3) == 0)
        return split_words(rest, add_step(s, STEP_DO, line));
    if (strncmp(p, "TICK:", 5) == 0) {
        add_step(s, STEP_TICK, line)->number = strtoull(rest, NULL, 10);
        return 0;
    }
    if (strncmp(p, "TLS:", 4) == 0) {
        add_step(s, STEP_TLS, line)->number = strcmp(rest, "unverified") != 0;
        return 0;
    }
    if (strncmp(p, "COMPRESS:", 9) == 0) {
        add_step(s, STEP_COMPRESS, line);
        return 0;
    }
    if (strncmp(p, "EOF:", 4) == 0) {
        add_step(s, STEP_EOF, line)->number = strcmp(rest, "clean") == 0;
        return strcmp(rest, "clean") == 0 || strcmp(rest, "cut") == 0 ? 0 : -1;
    }
    if (strncmp(p, "WANT:", 5) == 0)
        return want_bits(rest, &add_step(s, STEP_WANT, line)->number);
    if (strncmp(p, "NOTSENT:", 8) == 0) {
        add_step(s, STEP_NOTSENT, line);
        return 0;
    }
    return -1;
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t n = 0;

    if (f == NULL)
        return NULL;
    for (;;) {
        size_t got;

        text = grown(text, n + 65536 + 1);
        got = fread(text + n, 1, 65536, f);
        n += got;
        if (got == 0)
            break;
    }
    text[n] = '\0';
    fclose(f);
    return text;
}

int script_read(const char *path, struct script *s)
{
    char *all = read_all(path);
    char *p = all;
    int rc = 0;

    memset(s, 0, sizeof *s);
    s->options.verified = 1;
    if (all == NULL) {
        printf("# %s: cannot be read\n", path);
        return -1;
    }
    for (int line = 1; *p != '\0' && rc == 0; line++) {
        char *end = p + strcspn(p, "\n");
        int last = *end == '\0';

        *end = '\0';
        if (*p != '#' && p[strspn(p, " \t")] != '\0')
            rc = read_line(s, p, line);
        if (rc != 0)
            printf("# %s:%d: not understood: %s\n", path, line, p);
        p = end + !last;
    }
    free(all);
    return rc;
}

void script_free(struct script *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->steps[i].text);
        for (size_t k = 0; k < s->steps[i].word_count; k++)
            free(s->steps[i].words[k].ptr);
    }
    free(s->steps);
    free(s->options.mechanisms);
    memset(s, 0, sizeof *s);
}
