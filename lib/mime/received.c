/* received.c - see received.h */
#include "mime/received.h"

#include "mime/date.h"
#include "mime/lex822.h"

#include <string.h>

enum { FROM, BY, VIA, WITH, ID, FOR, CLAUSES, NONE = CLAUSES };

static const char *const words[CLAUSES] = {"from", "by", "via", "with", "id", "for"};

struct reader {
    struct store *s;
    struct slice in;
    struct buf value;   /* of the clause at hand: its words, a blank between them */
    struct slice after; /* the last comment in it */
    int clause;
    uint32_t seen; /* 1 << clause */
    uint32_t open; /* brackets that nothing closes: not to be searched for again */
    mla_hop *out;
};

static int clause_of(const uint8_t *p, size_t n)
{
    for (int i = 0; i < CLAUSES; i++)
        if (ascii_equal_word(p, n, words[i]))
            return i;
    return NONE;
}

static void put_comment(struct reader *r, mla_str *out)
{
    if (r->after.p == NULL || out->len != 0)
        return;
    buf_clear(&r->value);
    lex_comment_text(r->after, &r->value);
    store_raw(r->s, slice_of(r->value.ptr, r->value.len), out);
}

/* The clause is over. "<a@b>" is a@b. */
static void end_clause(struct reader *r)
{
    mla_hop *h = r->out;
    mla_str *const value[] = {&h->from_host, &h->by_host, &h->via,
                              &h->protocol,  &h->id,      &h->recipient};
    mla_str *const comment[] = {&h->from_comment, &h->by_comment, &h->comment, &h->protocol_comment,
                                &h->comment,      &h->comment,    &h->comment};
    struct slice v = slice_of(r->value.ptr, r->value.len);

    if (r->value.failed != 0 && r->s->rc == 0)
        r->s->rc = r->value.failed;
    if (r->clause == FOR && slice_left(&v) >= 2 && v.p[0] == '<' && v.end[-1] == '>') {
        v.p++;
        v.end--;
    }
    if (r->clause != NONE && (r->seen & 1U << r->clause) != 0)
        store_warn(r->s, MLA_MIME_WARN_BAD_RECEIVED, r->in.p);
    else if (r->clause != NONE && r->s->rc == 0)
        store_raw(r->s, v, value[r->clause]);
    else if (r->value.len != 0) /* words before all clauses */
        store_warn(r->s, MLA_MIME_WARN_BAD_RECEIVED, r->in.p);
    put_comment(r, comment[r->clause]);
    r->seen |= r->clause != NONE ? 1U << r->clause : 0;
    buf_clear(&r->value);
    r->after.p = NULL;
}

/* At "<" or "[": to behind the closing bracket, if there is one. */
static int take_bracketed(struct reader *r)
{
    int angle = *r->in.p == '<';
    const uint8_t *close;

    if ((r->open & 1U << angle) != 0)
        return 0;
    close = memchr(r->in.p, angle ? '>' : ']', slice_left(&r->in));
    if (close == NULL) {
        r->open |= 1U << angle;
        return 0;
    }
    r->in.p = close + 1;
    return 1;
}

/* A word: quotes and brackets hold it together. */
static struct slice take_word(struct reader *r)
{
    struct slice *in = &r->in;
    struct slice out = {in->p, in->p};

    if (*in->p == '"') {
        (void)lex_quoted(in, NULL);
    } else if ((*in->p != '<' && *in->p != '[') || !take_bracketed(r)) {
        in->p++;
        while (in->p < in->end && !ascii_is_space(*in->p) && *in->p != '(' && *in->p != ';')
            in->p++;
    }
    out.end = in->p;
    return out;
}

/* The date: what stands behind the last ";". */
static void read_date(struct reader *r, const uint8_t *semicolon)
{
    struct date d;
    const uint8_t *p = semicolon != NULL ? semicolon + 1 : r->in.end;

    if (semicolon == NULL || date_parse(p, (size_t)(r->in.end - p), &d) != 0) {
        store_warn(r->s, MLA_MIME_WARN_BAD_RECEIVED, p);
        return;
    }
    r->out->has_date = 1;
    r->out->seconds = d.seconds;
    r->out->zone_minutes = d.zone_minutes;
    r->out->date_notes = (d.zone_unknown ? 0U : (uint32_t)MLA_DATE_ZONE_KNOWN) |
                         (d.odd & DATE_ODD ? (uint32_t)MLA_DATE_ODD : 0) |
                         (d.odd & DATE_WRONG_WEEKDAY ? (uint32_t)MLA_DATE_WRONG_WEEKDAY : 0);
}

static void read_all(struct reader *r)
{
    const uint8_t *semicolon = NULL;

    for (;;) {
        struct slice comment = {NULL, NULL};
        struct slice w;
        int clause;

        lex_skip_cfws(&r->in, &comment);
        if (comment.p != NULL)
            r->after = comment;
        if (slice_peek(&r->in) < 0)
            break;
        if (*r->in.p == ';') {
            /* what follows is the date, if no other ";" comes */
            semicolon = r->in.p++;
            end_clause(r);
            r->clause = NONE;
            if (memchr(r->in.p, ';', slice_left(&r->in)) == NULL)
                break;
            continue;
        }
        w = take_word(r);
        clause = clause_of(w.p, slice_left(&w));
        if (clause != NONE) {
            end_clause(r);
            r->clause = clause;
            continue;
        }
        if (r->value.len != 0)
            buf_add_byte(&r->value, ' ');
        buf_add(&r->value, w.p, slice_left(&w));
    }
    if (semicolon == NULL)
        end_clause(r);
    read_date(r, semicolon);
}

int received_parse(struct store *s, const uint8_t *p, size_t n, mla_hop *out)
{
    struct reader r;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    memset(&r, 0, sizeof r);
    r.s = s;
    r.in = slice_of(p, n);
    r.clause = NONE;
    r.out = out;
    buf_init(&r.value, &s->mem, 2 * n + 16);
    read_all(&r);
    buf_free(&r.value);
    if (out->from_host.len == 0 && out->by_host.len == 0)
        store_warn(s, MLA_MIME_WARN_BAD_RECEIVED, p);
    return s->rc;
}
