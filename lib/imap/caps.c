/* caps.c - see caps.h */
#include "imap/caps.h"

#include "base/ascii.h"
#include "base/num.h"
#include "imap/enc.h"

#include <string.h>

void imap_caps_init(struct imap_caps *c, const struct mem *mem)
{
    memset(c, 0, sizeof *c);
    c->mem = mem;
}

void imap_caps_clear(struct imap_caps *c)
{
    struct shared *shared = c->shared;

    shared_drop(c->block);
    imap_caps_init(c, c->mem);
    c->shared = shared;
}

/* Several servers write "LITERAL +". */
static int joins(const mla_str *words, size_t i)
{
    return i > 0 && words[i].len == 1 && words[i].ptr[0] == '+' &&
           ascii_equal_word(words[i - 1].ptr, words[i - 1].len, "LITERAL");
}

int imap_caps_set(struct imap_caps *c, const mla_str *words, size_t count, size_t max)
{
    struct imap_caps next;
    size_t total = 1;
    size_t used = 0;
    char *text;

    imap_caps_init(&next, c->mem);
    next.shared = c->shared;
    if (count > max)
        count = max;
    for (size_t i = 0; i < count; i++)
        if (!num_add(total, words[i].len, &total) || !num_add(total, 1, &total))
            return MLA_E_NOMEM;
    text = mem_alloc(c->mem, total);
    if (text == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        if (joins(words, i)) {
            used--; /* over the NUL of the word before */
        } else {
            if (words[i].len == 0)
                continue;
            next.count++;
        }
        memcpy(text + used, words[i].ptr, words[i].len);
        used += words[i].len;
        text[used++] = '\0';
    }
    next.block = shared_keep(c->shared, c->mem, text, used);
    mem_free(c->mem, text);
    if (next.block == NULL)
        return MLA_E_NOMEM;
    next.len = used;
    next.known = 1;
    next.enabled = c->enabled;
    next.rev2 = imap_caps_has(&next, "IMAP4rev2") && !imap_caps_has(&next, "IMAP4rev1");
    imap_caps_clear(c);
    *c = next;
    return 0;
}

static const char *first(const struct imap_caps *c)
{
    return c->count != 0 ? c->block : NULL;
}

static const char *behind(const struct imap_caps *c, const char *word)
{
    word += strlen(word) + 1;
    return word < c->block + c->len ? word : NULL;
}

int imap_caps_has_str(const struct imap_caps *c, mla_str name)
{
    for (const char *word = first(c); word != NULL; word = behind(c, word))
        if (ascii_equal_word(name.ptr, name.len, word))
            return 1;
    return 0;
}

int imap_caps_has(const struct imap_caps *c, const char *name)
{
    return imap_caps_has_str(c, imap_str(name));
}

const char *imap_caps_nth_value(const struct imap_caps *c, const char *prefix, size_t i)
{
    size_t len = strlen(prefix);

    for (const char *word = first(c); word != NULL; word = behind(c, word))
        if (ascii_starts(word, strlen(word), prefix) && i-- == 0)
            return word + len;
    return NULL;
}

const char *imap_caps_value(const struct imap_caps *c, const char *prefix)
{
    return imap_caps_nth_value(c, prefix, 0);
}

int imap_caps_is_rev2(const struct imap_caps *c)
{
    return c->rev2 || (c->enabled & IMAP_ENABLED_REV2) != 0;
}

int imap_caps_can(const struct imap_caps *c, const char *name)
{
    static const char *const rev2[] = {"NAMESPACE",   "UNSELECT",    "UIDPLUS",       "ESEARCH",
                                       "SEARCHRES",   "ENABLE",      "IDLE",          "SASL-IR",
                                       "LIST-STATUS", "LITERAL-",    "LIST-EXTENDED", "MOVE",
                                       "STATUS=SIZE", "SPECIAL-USE", "BINARY-FETCH"};

    if (imap_caps_has(c, name))
        return 1;
    if (strcmp(name, "CONDSTORE") == 0 && imap_caps_has(c, "QRESYNC"))
        return 1; /* RFC 7162 section 3.2.3: the one has the other in it */
    if (!imap_caps_is_rev2(c))
        return 0;
    for (size_t i = 0; i < sizeof rev2 / sizeof rev2[0]; i++)
        if (strcmp(rev2[i], name) == 0)
            return 1;
    return 0;
}

int imap_caps_literals(const struct imap_caps *c)
{
    if (imap_caps_has(c, "LITERAL+"))
        return ENC_PLUS;
    return imap_caps_can(c, "LITERAL-") ? ENC_MINUS : ENC_SYNC;
}

const char *imap_caps_word(const struct imap_caps *c, size_t i)
{
    const char *word = first(c);

    while (word != NULL && i-- != 0)
        word = behind(c, word);
    return word;
}
