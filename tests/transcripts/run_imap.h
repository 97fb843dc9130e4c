/* run_imap.h - what the files of the IMAP runner share. A family of extensions has a file of its
 * own, run_imap_FAMILY.c, and a line in run_imap.c's list of families. */
#ifndef RUN_IMAP_H
#define RUN_IMAP_H

#include "runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RANGES = 64 };

/* --- reading words --- */

static inline uint64_t number_at(const struct runner_word *words, size_t count, size_t i)
{
    return i < count ? runner_number(&words[i]) : 0;
}

static inline mla_str str_of(const struct runner_word *w)
{
    mla_str s = {w->ptr, w->len};

    return s;
}

static inline uint32_t one_number(const char **p)
{
    uint32_t n = 0;

    if (**p == '*')
        (*p)++;
    else
        while (**p >= '0' && **p <= '9')
            n = n * 10 + (uint32_t)(*(*p)++ - '0');
    return n;
}

static inline size_t ranges_of(const char *p, mla_range *out)
{
    size_t n = 0;

    while (*p != '\0' && n < MAX_RANGES) {
        out[n].first = one_number(&p);
        out[n].last = out[n].first;
        if (*p == ':') {
            p++;
            out[n].last = one_number(&p);
        }
        n++;
        if (*p == ',')
            p++;
    }
    return n;
}

static inline int is(const struct runner_word *w, const char *name)
{
    return strcmp(w->ptr, name) == 0;
}

/* --- printing --- */

struct text {
    char p[16384];
    size_t n;
};

static inline void add(struct text *t, const char *fmt, ...) RUNNER_PRINTF;

static inline void add(struct text *t, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(t->p + t->n, sizeof t->p - t->n, fmt, ap);
    va_end(ap);
    if (n > 0)
        t->n += (size_t)n;
    if (t->n >= sizeof t->p)
        t->n = sizeof t->p - 1;
}

static inline void add_str(struct runner *r, struct text *t, const char *label, mla_str s)
{
    add(t, " %s%s", label, runner_quote(r, s.ptr, s.len));
}

static inline void add_ranges(struct text *t, const mla_range *ranges, size_t count)
{
    if (count > 20) {
        uint64_t sum = 0;

        for (size_t i = 0; i < count; i++)
            sum += ranges[i].first + 3 * (uint64_t)ranges[i].last;
        add(t, "%zu ranges, sum %llu", count, (unsigned long long)sum);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add(t, "%s%u", i > 0 ? "," : "", ranges[i].first);
        if (ranges[i].last != ranges[i].first)
            add(t, ":%u", ranges[i].last);
    }
}

/* --- families --- */

struct run_imap_family {
    /* As runner_protocol.command. */
    int (*command)(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket);
    /* The name of the event's kind, ticket and record: 1, or 0 when it is none of the family's. */
    int (*describe)(struct runner *r, struct text *t, const mla_imap_event *ev);
};

extern const struct run_imap_family run_imap_generic; /* run_imap_command.c */
extern const struct run_imap_family run_imap_admin;   /* run_imap_admin.c */
extern const struct run_imap_family run_imap_notify;
extern const struct run_imap_family run_imap_urlauth; /* run_imap_urlauth.c */
extern const struct run_imap_family run_imap_view;    /* run_imap_view.c */

/* --- searching: run_imap_search.c --- */

/* As runner_protocol.command. */
int run_imap_search(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                    int *out_rc, uint64_t *out_ticket);
/* Up to a correlator's tag, which is another one in each run. */
mla_str run_imap_without_tag(mla_str raw);
void run_imap_add_thread(struct text *t, const mla_imap_thread *thread);
void run_imap_add_search(struct runner *r, struct text *t, const mla_imap_search *s);

/* --- messages: run_imap_messages.c --- */

int run_imap_messages(mla_imap *s, const struct runner_word *words, size_t count, int *out_rc,
                      uint64_t *out_ticket);
void run_imap_add_fetch(struct runner *r, struct text *t, const mla_imap_fetch *f);

#endif
