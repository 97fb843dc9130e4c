/* resp_batch.c - lines about many messages, whole or in pieces. */
#include "imap/resp_numbers.h"

static int run_line(struct imap_run *r, int head, struct mla_imap_event *ev)
{
    return r->state->kind == IMAP_LINE_THREAD ? imap_run_thread(r, head, ev)
                                              : imap_run_numbers(r, head, ev);
}

int imap_read_numbers(struct ilex *l, int kind, struct mla_imap_event *ev)
{
    struct imap_batch state;
    struct imap_run r;

    imap_batch_clear(&state);
    state.kind = kind;
    memset(&r, 0, sizeof r);
    r.l = l;
    r.state = &state;
    r.max = SIZE_MAX;
    r.limit = l->end;
    r.complete = 1;
    return run_line(&r, 1, ev);
}

/* The kind of line that begins at l, whose name is taken, or 0. */
static int take_kind(struct ilex *l, const uint8_t *limit)
{
    static const struct {
        const char *name;
        int kind;
    } rows[] = {
        {"* SEARCH ", IMAP_LINE_SEARCH},   {"* SORT ", IMAP_LINE_SORT},
        {"* ESEARCH ", IMAP_LINE_ESEARCH}, {"* VANISHED ", IMAP_LINE_VANISHED},
        {"* THREAD ", IMAP_LINE_THREAD},   {"* UIDBATCHES ", IMAP_LINE_UIDBATCHES},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_starts(l->p, (size_t)(limit - l->p), rows[i].name)) {
            l->p += strlen(rows[i].name);
            return rows[i].kind;
        }
    return 0;
}

/* Behind the last octet of [p, end) that no word goes on over. */
static const uint8_t *certain(const uint8_t *p, const uint8_t *end, int parentheses)
{
    while (end > p && end[-1] != ' ' && end[-1] != ',' &&
           !(parentheses && (end[-1] == '(' || end[-1] == ')')))
        end--;
    return end;
}

int imap_resp_batch(const struct imap_raw *raw, int complete, const struct imap_resp_opts *opts,
                    struct imap_batch *state, struct mla_imap_event *ev, size_t *out_used)
{
    const uint8_t *end = raw->ptr + raw->len;
    const struct imap_batch before = *state;
    int head = state->kind == 0;
    struct imap_resp out;
    struct imap_run r;
    struct ilex l;
    int rc;

    memset(&out, 0, sizeof out);
    memset(&l, 0, sizeof l);
    memset(&r, 0, sizeof r);
    l.base = l.p = raw->ptr;
    l.arena = &ev->arena;
    l.opts = opts;
    l.out = &out;
    if (complete && ilex_init(&l, raw, opts, &ev->arena, &out) != 0)
        return 0;
    if (head) {
        state->kind = take_kind(&l, complete ? l.end : end);
        if (state->kind == 0)
            return 0;
    }
    if (!complete)
        l.end = l.limit = certain(l.p, end, state->kind == IMAP_LINE_THREAD);
    if (!complete && l.end == l.p) {
        *state = before;
        return 0;
    }
    r.l = &l;
    r.state = state;
    r.limit = l.end;
    r.max = IMAP_BATCH_RANGES;
    r.complete = complete;
    rc = run_line(&r, head, ev);
    if (rc == MLA_E_NOMEM)
        return rc;
    if (rc != 0 && !head) { /* over the event's limit: the octets go, unread */
        ev->type = 0;
        state->dropped++;
        *out_used = complete ? raw->len : (size_t)(r.limit - raw->ptr);
        return 1;
    }
    if (rc != 0 || (!complete && l.p == raw->ptr)) {
        *state = before;
        return 0;
    }
    *out_used = complete && l.p >= l.end ? raw->len : (size_t)(l.p - raw->ptr);
    return 1;
}
