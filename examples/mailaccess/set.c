/* set.c - sets of UIDs and lists of flags. */
#include "set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int set_add_range(struct set *s, uint32_t first, uint32_t last)
{
    if (s->count > 0 && first != 0 && s->ranges[s->count - 1].last == first - 1 && first > 1) {
        s->ranges[s->count - 1].last = last;
        return 0;
    }
    if (s->count == s->room) {
        size_t room = s->room != 0 ? s->room * 2 : 16;
        mla_range *bigger =
            room > SIZE_MAX / sizeof *bigger ? NULL : realloc(s->ranges, room * sizeof *bigger);

        if (bigger == NULL)
            return -1;
        s->ranges = bigger;
        s->room = room;
    }
    s->ranges[s->count].first = first;
    s->ranges[s->count++].last = last;
    return 0;
}

int set_add(struct set *s, uint32_t uid)
{
    return set_add_range(s, uid, uid);
}

void set_free(struct set *s)
{
    free(s->ranges);
    memset(s, 0, sizeof *s);
}

/* A number above 0, or "*" as 0. Returns the octets used, 0 when it is neither. */
static size_t read_number(const char *p, uint32_t *out)
{
    uint64_t value = 0;
    size_t n = 0;

    *out = 0;
    if (*p == '*')
        return 1;
    for (; p[n] >= '0' && p[n] <= '9'; n++) {
        value = value * 10 + (uint64_t)(p[n] - '0');
        if (value > UINT32_MAX)
            return 0;
    }
    *out = (uint32_t)value;
    return value != 0 ? n : 0;
}

int set_read(const char *text, mla_range **out, size_t *out_count)
{
    struct set s = {NULL, 0, 0};
    const char *p = text;

    *out = NULL;
    *out_count = 0;
    for (;;) {
        uint32_t first, last;
        size_t n = read_number(p, &first);

        last = first;
        p += n;
        if (n != 0 && *p == ':') {
            n = read_number(p + 1, &last);
            p += 1 + n;
        }
        if (n == 0 || (*p != 0 && *p != ',') || set_add_range(&s, first, last) != 0) {
            set_free(&s);
            return -1;
        }
        if (*p++ == 0)
            break;
    }
    *out = s.ranges;
    *out_count = s.count;
    return 0;
}

int set_parse(const char *text, mla_range **out, size_t *out_count)
{
    if (set_read(text, out, out_count) == 0)
        return 0;
    return cli_fail(EXIT_USAGE, "%s: not a set of UIDs such as 4,7:9,20:*", text);
}

int set_has(const mla_range *ranges, size_t count, uint32_t uid, uint32_t last)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t a = ranges[i].first != 0 ? ranges[i].first : last;
        uint32_t b = ranges[i].last != 0 ? ranges[i].last : last;

        if (a > b) {
            uint32_t c = a;

            a = b;
            b = c;
        }
        if (uid >= a && uid <= b)
            return 1;
    }
    return 0;
}

static int print_number(char *dst, size_t size, uint32_t number)
{
    return number == 0 ? snprintf(dst, size, "*") : snprintf(dst, size, "%" PRIu32, number);
}

void set_print(char *dst, size_t size, const mla_range *ranges, size_t count)
{
    size_t n = 0;

    *dst = 0;
    for (size_t i = 0; i < count; i++) {
        char item[32];
        size_t len = 0;

        if (i > 0)
            item[len++] = ',';
        len += (size_t)print_number(item + len, 12, ranges[i].first);
        if (ranges[i].last != ranges[i].first) {
            item[len++] = ':';
            len += (size_t)print_number(item + len, 12, ranges[i].last);
        }
        if (n + len + 4 >= size) {
            snprintf(dst + n, size - n, "...");
            return;
        }
        memcpy(dst + n, item, len);
        n += len;
        dst[n] = 0;
    }
}

/* --- flags --- */

static int same_letters(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int x = a[i] >= 'A' && a[i] <= 'Z' ? a[i] - 'A' + 'a' : a[i];

        if (x != b[i])
            return 0;
    }
    return 1;
}

int flag_list_add(struct flag_list *l, const char *word, size_t len)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } known[] = {{"seen", MLA_IMAP_FLAG_SEEN},
                 {"answered", MLA_IMAP_FLAG_ANSWERED},
                 {"flagged", MLA_IMAP_FLAG_FLAGGED},
                 {"deleted", MLA_IMAP_FLAG_DELETED},
                 {"draft", MLA_IMAP_FLAG_DRAFT}};
    int is_system = len > 0 && word[0] == '\\';

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) == len - (size_t)is_system &&
            same_letters(word + is_system, known[i].name, len - (size_t)is_system)) {
            l->flags |= known[i].bit;
            return 0;
        }
    }
    if (len == 0 || is_system)
        return cli_fail(EXIT_USAGE, "%.*s: no such flag", (int)len, word);
    if (l->keyword_count == sizeof l->keywords / sizeof l->keywords[0])
        return cli_fail(EXIT_USAGE, "too many flags");
    l->keywords[l->keyword_count].ptr = word;
    l->keywords[l->keyword_count++].len = len;
    return 0;
}

int flag_list_parse(struct flag_list *l, const char *text)
{
    for (;;) {
        size_t len = strcspn(text, ",");
        int rc = flag_list_add(l, text, len);

        if (rc != 0 || text[len] == 0)
            return rc;
        text += len + 1;
    }
}
