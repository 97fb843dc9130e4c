/* caps.c - see caps.h */
#include "pop3/caps.h"

#include "base/slice.h"

#include <string.h>

void pop3_caps_init(struct pop3_caps *c, const struct mem *mem, size_t octets_max, size_t words_max)
{
    memset(c, 0, sizeof *c);
    buf_init(&c->text, mem, octets_max);
    c->read.struct_size = sizeof c->read;
    c->words_max = words_max;
}

static int is_blank(int c)
{
    return c == ' ' || c == '\t';
}

static size_t count_words(const uint8_t *p, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += !is_blank(p[i]) && (i == 0 || is_blank(p[i - 1]));
    return n;
}

int pop3_caps_add(struct pop3_caps *c, const uint8_t *line, size_t len)
{
    size_t words = count_words(line, len);
    uint8_t *p;

    if (words == 0)
        return 0;
    if (words > c->words_max - c->words)
        return MLA_E_FLOOD;
    if (c->count == c->cap) {
        size_t cap = c->cap == 0 ? 16 : c->cap * 2;
        size_t *at = mem_resize_array(c->text.mem, c->at, cap, sizeof *at);

        if (at == NULL)
            return MLA_E_NOMEM;
        c->at = at;
        c->cap = cap;
    }
    p = buf_room(&c->text, len + 1);
    if (p == NULL)
        return c->text.failed == MLA_E_LIMIT ? MLA_E_FLOOD : MLA_E_NOMEM;
    for (size_t i = 0; i < len; i++)
        p[i] = line[i] == 0 ? '?' : line[i]; /* a line must not end before its end */
    p[len] = 0;
    c->at[c->count++] = c->text.len;
    c->words += words;
    buf_grew(&c->text, len + 1);
    return 0;
}

void pop3_caps_replace(struct pop3_caps *c, struct pop3_caps *next)
{
    const struct mem *mem = c->text.mem;
    size_t octets_max = c->text.max;
    size_t words_max = c->words_max;

    pop3_caps_clear(c);
    *c = *next;
    pop3_caps_init(next, mem, octets_max, words_max);
}

void pop3_caps_refused(struct pop3_caps *c)
{
    c->state = CAPS_NONE;
    c->read.state = CAPS_NONE;
}

const char *pop3_caps_line(const struct pop3_caps *c, size_t i)
{
    return i < c->count ? (const char *)c->text.ptr + c->at[i] : NULL;
}

/* The next word of a line: 1, or 0 at its end. */
static int next_word(struct slice *s, mla_str *out)
{
    const uint8_t *begin;

    slice_skip_spaces(s);
    begin = s->p;
    while (s->p < s->end && !is_blank(*s->p))
        s->p++;
    out->ptr = (const char *)begin;
    out->len = (size_t)(s->p - begin);
    return out->len != 0;
}

size_t pop3_caps_parameters(const struct pop3_caps *c, const char *tag, mla_str *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < c->count; i++) {
        const char *line = pop3_caps_line(c, i);
        struct slice s = slice_of(line, strlen(line));
        mla_str word;

        if (!next_word(&s, &word) || !ascii_equal_word(word.ptr, word.len, tag))
            continue;
        while (n < max && next_word(&s, &out[n]))
            n++;
    }
    return n;
}

int pop3_caps_has(const struct pop3_caps *c, const char *tag, const char *parameter)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *line = pop3_caps_line(c, i);
        struct slice s = slice_of(line, strlen(line));
        mla_str word;

        if (!next_word(&s, &word) || !ascii_equal_word(word.ptr, word.len, tag))
            continue;
        if (parameter == NULL)
            return 1;
        while (next_word(&s, &word))
            if (ascii_equal_word(word.ptr, word.len, parameter))
                return 1;
    }
    return 0;
}

void pop3_caps_clear(struct pop3_caps *c)
{
    const struct mem *mem = c->text.mem;
    size_t octets_max = c->text.max;
    size_t words_max = c->words_max;

    buf_free(&c->text);
    mem_free(mem, c->at);
    mem_free(mem, c->sasl);
    pop3_caps_init(c, mem, octets_max, words_max);
}
