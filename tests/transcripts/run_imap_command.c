/* run_imap_command.c - commands and answers that the library does not know.
 *
 *   command NAME [WORD ...] · command-before-login NAME · command-if CAPABILITY NAME [WORD ...]
 *     a word is "(" ")" NIL or KIND:text: atom: number: string: secret: octets: mailbox: raw: set:
 *     flag: bad: */
#include "run_imap.h"

#include "value_walk.h"

#include <string.h>

enum { MAX_ARGS = 32 };

static const char *const kinds[] = {
    "atom:", "number:", "string:", "secret:", "octets:", "mailbox:", "raw:", "set:", "flag:"};

static void arg_of(const struct runner_word *w, mla_imap_arg *out, mla_range *ranges)
{
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->kind = is(w, "(")     ? MLA_IMAP_ARG_OPEN
                : is(w, ")")   ? MLA_IMAP_ARG_CLOSE
                : is(w, "NIL") ? MLA_IMAP_ARG_NIL
                               : 99;
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t n = strlen(kinds[i]);
        struct runner_word rest = {w->ptr + n, w->len - n};

        if (strncmp(w->ptr, kinds[i], n) != 0)
            continue;
        out->kind = MLA_IMAP_ARG_ATOM + i;
        out->text = str_of(&rest);
        if (out->kind == MLA_IMAP_ARG_NUMBER)
            out->number = runner_number(&rest);
        if (out->kind == MLA_IMAP_ARG_SET) {
            out->ranges = ranges;
            out->range_count = ranges_of(rest.ptr, ranges);
        }
    }
}

static int command(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket)
{
    static mla_range ranges[MAX_ARGS][MAX_RANGES];
    mla_imap_arg args[MAX_ARGS];
    mla_imap_command_args a = {0};
    size_t at = 1;

    (void)r;
    a.struct_size = sizeof a;
    a.args = args;
    if (is(&words[0], "command-before-login"))
        a.before_login = 1;
    else if (is(&words[0], "command-if") && count > 2)
        a.capability = words[at++].ptr;
    else if (!is(&words[0], "command") || count < 2)
        return 0;
    a.name = words[at++].ptr;
    for (; at < count && a.arg_count < MAX_ARGS; at++, a.arg_count++)
        arg_of(&words[at], &args[a.arg_count], ranges[a.arg_count]);
    *out_rc = mla_imap_command(s, &a, out_ticket);
    return 1;
}

static void values(struct runner *r, struct text *t, const mla_imap_value *v)
{
    unsigned closed;

    for (; v != NULL; v = value_next(v, &closed)) {
        if (v->kind == MLA_IMAP_VALUE_LIST)
            add(t, " (%u", v->child_count);
        else if (v->kind == MLA_IMAP_VALUE_STRING)
            add_str(r, t, "", v->text);
        else if (v->kind == MLA_IMAP_VALUE_NUMBER)
            add(t, " #%llu", (unsigned long long)v->number);
        else
            add(t, " %.*s", v->kind == MLA_IMAP_VALUE_NIL ? 3 : (int)v->text.len,
                v->kind == MLA_IMAP_VALUE_NIL ? "NIL" : v->text.ptr);
        for (value_next(v, &closed); closed > 0; closed--)
            add(t, " )");
    }
}

static int describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    if (mla_imap_event_type(ev) != MLA_IMAP_EV_OTHER)
        return 0;
    add(t, "OTHER %s", runner_ticket(r, mla_imap_event_ticket(ev)));
    values(r, t, mla_imap_event_value(ev));
    return 1;
}

const struct run_imap_family run_imap_generic = {command, describe};
