/* flowed.c - see flowed.h */
#include "mime/flowed.h"

#include <string.h>

static const char signature[] = "-- ";

static void put(struct flowed *f, const void *p, size_t n)
{
    (void)clean_add(&f->clean, f->out, p, n);
}

/* Text of this line begins: it goes on with a paragraph, or is one of its own. */
static void begin_text(struct flowed *f, int may_join, int is_empty)
{
    if (f->text_begun)
        return;
    f->text_begun = 1;
    if (may_join && f->open && f->depth == f->open_depth)
        return;
    if (f->open)
        put(f, "\n", 1);
    for (uint64_t i = 0; i < f->depth; i++)
        put(f, ">", 1);
    if (f->depth > 0 && !is_empty)
        put(f, " ", 1);
}

/* What was held back as the beginning of "-- " is text like other text. */
static void no_signature(struct flowed *f)
{
    int n = f->sign;

    f->sign = 0;
    if (n == 0)
        return;
    begin_text(f, 1, 0);
    put(f, signature, n < 3 ? (size_t)n : 2);
    f->blank = n == 3;
}

static void add_text(struct flowed *f, char c)
{
    if (f->sign < 3 && c == signature[f->sign] && (f->sign > 0 || !f->text_begun)) {
        f->sign++;
        return;
    }
    no_signature(f);
    begin_text(f, 1, 0);
    if (f->blank)
        put(f, " ", 1);
    f->blank = c == ' ';
    if (!f->blank)
        put(f, &c, 1);
}

static void end_line(struct flowed *f)
{
    int is_signature = f->sign == 3; /* section 4.3: it neither joins nor is joined */
    int joins = 0;

    if (is_signature) {
        begin_text(f, 0, 0);
        put(f, signature, 3);
    } else {
        no_signature(f);
        joins = f->blank;
        begin_text(f, 1, 1);
    }
    if (joins && !f->delsp)
        put(f, " ", 1);
    if (!joins)
        put(f, "\n", 1);
    f->open = joins;
    f->open_depth = f->depth;
    f->depth = 0;
    f->stage = f->sign = f->blank = f->text_begun = 0;
}

static void add_octet(struct flowed *f, char c)
{
    if (f->stage == 0 && c == '>') {
        f->depth++;
        return;
    }
    if (f->stage < 2) {
        f->stage = 2;
        if (c == ' ')
            return; /* stuffed */
    }
    add_text(f, c);
}

int flowed_add(struct flowed *f, const void *in, size_t n)
{
    const char *p = in;

    if (!f->flowed)
        return clean_add(&f->clean, f->out, in, n);
    for (size_t i = 0; i < n; i++) {
        f->any = 1;
        if (f->cr && p[i] != '\n')
            add_octet(f, '\r');
        f->cr = p[i] == '\r';
        if (p[i] == '\n') {
            end_line(f);
            f->any = 0;
        } else if (!f->cr) {
            add_octet(f, p[i]);
        }
    }
    return f->out->failed;
}

int flowed_end(struct flowed *f)
{
    if (f->flowed && f->cr)
        add_octet(f, '\r');
    if (f->flowed && (f->any || f->open)) {
        if (f->any)
            end_line(f);
        if (f->open)
            put(f, "\n", 1);
    }
    return clean_end(&f->clean, f->out);
}
