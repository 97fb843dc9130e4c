/* run_imap.c - IMAP for the runner.
 *
 * SET is "1:3,7,9:*", or "$" for what a search saved. Tickets in commands are numbers: 3 is t3.
 * Commands:
 *
 *   auth USER PASSWORD · token USER TOKEN · nobody [USER [AUTHZID]] · login USER PASSWORD ·
 * capability · noop · logout · compress · select NAME · examine NAME · select-raw OCTETS · close ·
 * unselect · create NAME [USE-BITS] · delete NAME · delete-raw OCTETS · rename OLD NEW · subscribe
 * NAME · unsubscribe NAME · lsub REF PATTERN · list REF PATTERN [select=BITS] [return=BITS]
 * [status=BITS] [entry=NAME ...] [pattern=P ...] · status NAME [ITEM-BITS] · idle · idle-done
 * TICKET · expunge · expunge-uids SET · copy SET NAME · move SET NAME · seq-copy SET NAME ·
 * seq-move SET NAME fetch SET WORD ... · seq-fetch SET WORD ... a word is flags uid envelope size
 * date body structure modseq seen (sets \Seen) or a section: [] [1.2] [HEADER] [1.TEXT] [1.MIME]
 * [FIELDS:From,To] [NOT:Received] [binary:1], each with <OFFSET.LENGTH> behind it if wanted store
 * SET add|remove|replace[,silent] [FLAG-BITS [KEYWORD ...]] · seq-store ... search KEY ... ·
 * seq-search KEY ... keys: ALL AND=N OR NOT SEEN ... and FROM=x HEADER=name:text SINCE=2024-02-29
 * LARGER=9 UID=SET SEQ=SET ANNOTATION=entry:[SCOPE:]text MODSEQ=[entry:SCOPE:]N; RETURN=BITS asks
 * for results, PARTIAL=A:B names the window append NAME FLAG-BITS DATA [KEYWORD] · append-date NAME
 * SECONDS ZONE DATA append-stream NAME SIZE · data TICKET OCTETS (logs how many were taken)
 *   commands of extensions: run_imap_*.c
 *   enable WORD ... · has NAME (logs it) · caps · mailbox (logs what is known of the selected one)
 *
 * Every event is taken as well, and the copy must print the same. */
#include "run_imap.h"
#include "run_token.h"

enum { MAX_FIELDS = 16 };

/* Whose files say what commands they have. */
static const struct run_imap_family *const families[] = {
    &run_imap_generic, &run_imap_admin, &run_imap_notify, &run_imap_view, &run_imap_urlauth};
enum { FAMILIES = sizeof families / sizeof families[0] };

static int on_open(mla_config *cfg, void **out_handle, mla_error *out_err)
{
    mla_imap *s = NULL;
    int rc = mla_imap_new(cfg, &s, out_err);

    *out_handle = s;
    return rc;
}

static void on_close(void *handle)
{
    mla_imap_free(handle);
}

static mla_session *on_session(void *handle)
{
    return mla_imap_session(handle);
}

/* --- the other commands --- */

static int log_in(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_credentials c = {0};
    mla_imap_login_args l = {0};

    if (is(&words[0], "login")) {
        l.struct_size = sizeof l;
        l.user = words[1].ptr;
        l.password = words[2].ptr;
        l.password_len = words[2].len;
        return mla_imap_login(s, &l, out_ticket);
    }
    if (run_token_fill(words, count, &c))
        return mla_imap_authenticate(s, &c, out_ticket);
    c.struct_size = sizeof c;
    c.user = count > 1 ? words[1].ptr : NULL;
    if (is(&words[0], "nobody")) {
        c.authzid = count > 2 ? words[2].ptr : NULL;
    } else if (is(&words[0], "token")) {
        c.token = words[2].ptr;
        c.token_len = words[2].len;
    } else {
        c.password = words[2].ptr;
        c.password_len = words[2].len;
    }
    return mla_imap_authenticate(s, &c, out_ticket);
}

static int select_box(mla_imap *s, const struct runner_word *words, uint64_t *out_ticket)
{
    mla_imap_select_args a = {0};

    a.struct_size = sizeof a;
    a.read_only = (uint32_t)is(&words[0], "examine");
    if (is(&words[0], "select-raw"))
        a.raw_mailbox = str_of(&words[1]);
    else
        a.mailbox = words[1].ptr;
    return mla_imap_select(s, &a, out_ticket);
}

static int enable(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_str names[MAX_FIELDS];
    size_t n = 0;

    for (size_t i = 1; i < count && n < MAX_FIELDS; i++)
        names[n++] = str_of(&words[i]);
    return mla_imap_enable(s, names, n, out_ticket);
}

static int name_command(mla_imap *s, const struct runner_word *words, size_t count,
                        uint64_t *out_ticket)
{
    mla_imap_mailbox_args a = {0};
    mla_imap_rename_args r = {0};

    a.struct_size = sizeof a;
    a.mailbox = words[1].ptr;
    if (is(&words[0], "create")) {
        a.special_use = (uint32_t)number_at(words, count, 2);
        return mla_imap_create(s, &a, out_ticket);
    }
    if (is(&words[0], "delete"))
        return mla_imap_delete(s, &a, out_ticket);
    if (is(&words[0], "subscribe"))
        return mla_imap_subscribe(s, &a, out_ticket);
    if (is(&words[0], "unsubscribe"))
        return mla_imap_unsubscribe(s, &a, out_ticket);
    if (is(&words[0], "delete-raw")) {
        a.mailbox = NULL;
        a.raw_mailbox = str_of(&words[1]);
        return mla_imap_delete(s, &a, out_ticket);
    }
    r.struct_size = sizeof r;
    r.mailbox = words[1].ptr;
    r.new_mailbox = count > 2 ? words[2].ptr : NULL;
    return mla_imap_rename(s, &r, out_ticket);
}

static int list(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_str entries[MAX_FIELDS];
    mla_str patterns[MAX_FIELDS];
    mla_imap_list_args a = {0};

    a.struct_size = sizeof a;
    a.reference = words[1].ptr;
    a.pattern = words[2].ptr;
    a.metadata = entries;
    a.patterns = patterns;
    for (size_t i = 3; i < count; i++) {
        char *value = strchr(words[i].ptr, '=');
        mla_str text = {value != NULL ? value + 1 : "", 0};
        uint32_t number = (uint32_t)strtoul(text.ptr, NULL, 10);

        text.len = strlen(text.ptr);
        if (strncmp(words[i].ptr, "select=", 7) == 0)
            a.selections = number;
        else if (strncmp(words[i].ptr, "return=", 7) == 0)
            a.returns = number;
        else if (strncmp(words[i].ptr, "status=", 7) == 0)
            a.status_items = number;
        else if (words[i].ptr[0] == 'e' && a.metadata_count < MAX_FIELDS)
            entries[a.metadata_count++] = text;
        else if (words[i].ptr[0] == 'p' && a.pattern_count < MAX_FIELDS)
            patterns[a.pattern_count++] = text;
    }
    return is(&words[0], "lsub") ? mla_imap_lsub(s, &a, out_ticket)
                                 : mla_imap_list_mailboxes(s, &a, out_ticket);
}

static int status(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_imap_status_args a = {0};

    a.struct_size = sizeof a;
    a.mailbox = words[1].ptr;
    a.items = (uint32_t)number_at(words, count, 2);
    return mla_imap_status_mailbox(s, &a, out_ticket);
}

static int copy(mla_imap *s, int by_seq, int move, const struct runner_word *words,
                uint64_t *out_ticket)
{
    mla_range ranges[MAX_RANGES];
    mla_imap_copy_args a = {0};

    a.struct_size = sizeof a;
    a.by_seq = (uint32_t)by_seq;
    a.ranges = ranges;
    a.saved = words[1].ptr[0] == '$';
    a.range_count = a.saved ? 0 : ranges_of(words[1].ptr, ranges);
    a.mailbox = words[2].ptr;
    return move ? mla_imap_move(s, &a, out_ticket) : mla_imap_copy(s, &a, out_ticket);
}

static int append_data(struct runner *r, mla_imap *s, const struct runner_word *words)
{
    size_t used = 0;
    int rc = mla_imap_append_data(s, runner_number(&words[1]), (const uint8_t *)words[2].ptr,
                                  words[2].len, &used);

    if (rc == 0)
        runner_log(r, "USED %zu", used);
    return rc;
}

/* What only looks: 1, or 0 when it is no such word. */
static int look(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count)
{
    static const char *const states[] = {"START", "NOT_AUTHENTICATED", "AUTHENTICATED", "SELECTED",
                                         "LOGOUT"};
    const char *name;

    if (is(&words[0], "has") && count > 1) {
        runner_log(r, "HAS %s %d", words[1].ptr, mla_imap_has_capability(s, words[1].ptr));
    } else if (is(&words[0], "caps")) {
        for (uint32_t i = 0; (name = mla_imap_capability_word(s, i)) != NULL; i++)
            runner_log(r, "CAP %s", name);
        runner_log(r, "CAPS %u", mla_imap_capability_count(s));
    } else if (is(&words[0], "mailbox")) {
        name = mla_imap_selected(s);
        runner_log(r, "MAILBOX %s %s exists=%u validity=%u next=%u ro=%d flags=%u%s auth=%s",
                   states[mla_imap_state(s)],
                   name != NULL ? runner_quote(r, name, strlen(name)) : "none", mla_imap_exists(s),
                   mla_imap_uidvalidity(s), mla_imap_uidnext(s), mla_imap_is_read_only(s),
                   mla_imap_permanent_flags(s), mla_imap_uid_not_sticky(s) ? " notsticky" : "",
                   mla_imap_auth_name(s));
    } else {
        return 0;
    }
    return 1;
}

static int plain_command(mla_imap *s, const struct runner_word *words, int *out_rc,
                         uint64_t *out_ticket)
{
    static const struct {
        const char *name;
        int (*fn)(mla_imap *, uint64_t *);
    } plain[] = {{"capability", mla_imap_capability}, {"noop", mla_imap_noop},
                 {"logout", mla_imap_logout},         {"close", mla_imap_close},
                 {"unselect", mla_imap_unselect},     {"expunge", mla_imap_expunge},
                 {"compress", mla_imap_compress},     {"idle", mla_imap_idle}};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (!is(&words[0], plain[i].name))
            continue;
        *out_rc = plain[i].fn(s, out_ticket);
        return 1;
    }
    return 0;
}

static int on_command(struct runner *r, void *handle, const struct runner_word *words, size_t count,
                      int *out_rc, uint64_t *out_ticket)
{
    mla_imap *s = handle;
    const struct runner_word *w = &words[0];
    const int seq = strncmp(w->ptr, "seq-", 4) == 0;
    const char *name = w->ptr + (seq ? 4 : 0);
    mla_range ranges[MAX_RANGES];

    if (plain_command(s, words, out_rc, out_ticket) ||
        run_imap_search(r, s, words, count, out_rc, out_ticket) ||
        run_imap_messages(s, words, count, out_rc, out_ticket))
        return 1;
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->command(r, s, words, count, out_rc, out_ticket))
            return 1;
    if ((count > 2 && (is(w, "auth") || is(w, "token") || is(w, "login"))) || is(w, "nobody") ||
        is(w, "lazy"))
        *out_rc = log_in(s, words, count, out_ticket);
    else if (is(w, "enable"))
        *out_rc = enable(s, words, count, out_ticket);
    else if (count > 1 && (is(w, "select") || is(w, "examine") || is(w, "select-raw")))
        *out_rc = select_box(s, words, out_ticket);
    else if (count > 1 && (is(w, "create") || is(w, "delete") || is(w, "delete-raw") ||
                           is(w, "rename") || is(w, "subscribe") || is(w, "unsubscribe")))
        *out_rc = name_command(s, words, count, out_ticket);
    else if (count > 2 && (is(w, "list") || is(w, "lsub")))
        *out_rc = list(s, words, count, out_ticket);
    else if (count > 1 && is(w, "status"))
        *out_rc = status(s, words, count, out_ticket);
    else if (count > 2 && (strcmp(name, "copy") == 0 || strcmp(name, "move") == 0))
        *out_rc = copy(s, seq, strcmp(name, "move") == 0, words, out_ticket);
    else if (count > 2 && is(w, "data"))
        *out_rc = append_data(r, s, words);
    else if (count > 1 && is(w, "expunge-uids"))
        *out_rc = mla_imap_expunge_uids(s, ranges, ranges_of(words[1].ptr, ranges), out_ticket);
    else if (count > 1 && is(w, "idle-done"))
        *out_rc = mla_imap_idle_done(s, runner_number(&words[1]));
    else
        return run_token_command(r, mla_imap_session(s), words, count, out_rc) ||
               look(r, s, words, count);
    return 1;
}

/* --- printing --- */

static void add_code(struct text *t, const mla_imap_code *c)
{
    if (c == NULL)
        return;
    add(t, " [%.*s", (int)c->atom.len, c->atom.ptr);
    if (c->number != 0)
        add(t, " %llu", (unsigned long long)c->number);
    if (c->goal != 0)
        add(t, " of %llu", (unsigned long long)c->goal);
    if (c->uid != 0)
        add(t, " uid=%u", c->uid);
    if (c->id != MLA_IMAP_CODE_INPROGRESS &&
        c->id != MLA_IMAP_CODE_NOUPDATE && /* a tag: never the same twice */
        ((c->fields & MLA_IMAP_CODE_HAS_TEXT) != 0))
        add(t, " text=%.*s", (int)c->text.len, c->text.ptr);
    if (c->uidvalidity != 0)
        add(t, " %u", c->uidvalidity);
    if (c->source_count != 0) {
        add(t, " from=");
        add_ranges(t, c->source, c->source_count);
    }
    if (c->destination_count != 0) {
        add(t, " to=");
        add_ranges(t, c->destination, c->destination_count);
    }
    for (uint32_t i = 0; i < c->word_count; i++)
        add(t, " %.*s", (int)c->words[i].len, c->words[i].ptr);
    add(t, "]");
}

static void add_reason(struct text *t, uint32_t reason, uint32_t wait_ms)
{
    if (reason != 0)
        add(t, " reason=%s", mla_reason_name(reason) + strlen("MLA_REASON_"));
    if (wait_ms != 0)
        add(t, " wait=%u", wait_ms);
}

static void add_words(struct text *t, const mla_imap_event *ev)
{
    size_t n;
    const mla_str *w = mla_imap_event_words(ev, &n);

    for (size_t i = 0; i < n; i++)
        add(t, " %.*s", (int)w[i].len, w[i].ptr);
}

static const char *const statuses[] = {"-", "OK", "NO", "BAD", "BYE", "PREAUTH"};

static void print_status(struct runner *r, struct text *t, const mla_imap_status *s)
{
    static const char *const names[] = {
        "messages", "uidnext", "uidvalidity",   "unseen",          "recent",
        "deleted",  "size",    "highestmodseq", "deleted-storage", "append-limit"};
    const uint64_t values[] = {s->messages,        s->uidnext,     s->uidvalidity, s->unseen,
                               s->recent,          s->deleted,     s->size,        s->highestmodseq,
                               s->deleted_storage, s->append_limit};

    add_str(r, t, "", s->name);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if ((s->fields >> i & 1) != 0)
            add(t, " %s=%llu", names[i], (unsigned long long)values[i]);
    if ((s->fields & MLA_IMAP_STATUS_MAILBOXID) != 0)
        add_str(r, t, "mailbox-id=", s->mailbox_id);
}

/* One line, without the octets of a chunk. */
static void describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    static const char *const names[80] = {"?",
                                          "DONE",
                                          "GREETING",
                                          "TEXT",
                                          "CAPABILITY",
                                          "FLAGS",
                                          "EXISTS",
                                          "RECENT",
                                          "EXPUNGE",
                                          "FETCH",
                                          "BEGIN",
                                          "CHUNK",
                                          "LIST",
                                          "STATUS",
                                          "SEARCH",
                                          "VANISHED",
                                          "ENABLED",
                                          "OTHER",
                                          "WARNING",
                                          "SEND",
                                          [MLA_IMAP_EV_THREAD] = "THREAD",
                                          [MLA_IMAP_EV_TOKEN] = "TOKEN",
                                          [MLA_IMAP_EV_UIDBATCHES] = "UIDBATCHES"};
    int32_t type = mla_imap_event_type(ev);
    char token[600];
    const mla_imap_done *d = mla_imap_event_done(ev);
    const mla_imap_text *x = mla_imap_event_text(ev);
    const mla_imap_list *l = mla_imap_event_list(ev);
    const mla_imap_warning *w = mla_imap_event_warning(ev);
    const mla_imap_section *s = mla_imap_event_section(ev);

    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->describe(r, t, ev))
            return;
    add(t, "%s %s", names[type], runner_ticket(r, mla_imap_event_ticket(ev)));
    if (d != NULL) {
        add(t, " %s %s", d->error == 0 ? "OK" : mla_error_name(d->error), statuses[d->status]);
        add_code(t, d->code);
        add_str(r, t, "", d->text);
        add_reason(t, d->reason, d->wait_ms);
    } else if (x != NULL) {
        add(t, " %s%s", statuses[x->status], x->is_tls ? "" : " clear");
        add_code(t, x->code);
        add_str(r, t, "", x->text);
        add_reason(t, x->reason, x->wait_ms);
    } else if (mla_imap_event_fetch(ev) != NULL) {
        run_imap_add_fetch(r, t, mla_imap_event_fetch(ev));
    } else if (s != NULL) {
        add(t, " seq=%u uid=%u [%.*s] size=%llu", s->seq, s->uid, (int)s->name.len,
            s->name.ptr != NULL ? s->name.ptr : "", (unsigned long long)s->size);
    } else if (l != NULL) {
        add_str(r, t, "", l->name);
        add_str(r, t, "raw=", l->raw_name);
        add(t, " '%c' attributes=%u%s", l->delimiter != 0 ? (int)l->delimiter : '-', l->attributes,
            l->is_lsub ? " lsub" : "");
        if (l->is_surplus)
            add(t, " surplus");
        if (l->child_info != 0)
            add(t, " children=%u", l->child_info);
        if (l->is_renamed)
            add_str(r, t, "old=", l->old_name);
    } else if (mla_imap_event_status(ev) != NULL) {
        print_status(r, t, mla_imap_event_status(ev));
    } else if (mla_imap_event_search(ev) != NULL) {
        run_imap_add_search(r, t, mla_imap_event_search(ev));
    } else if (mla_imap_event_thread(ev) != NULL) {
        run_imap_add_thread(t, mla_imap_event_thread(ev));
    } else if (type == MLA_IMAP_EV_TOKEN) {
        run_token_text(r, mla_imap_event_token(ev), token, sizeof token);
        add(t, " %s", token);
    } else if (w != NULL) {
        add(t, " %u", w->id);
        add_str(r, t, "", run_imap_without_tag(w->raw));
    } else if (type == MLA_IMAP_EV_EXISTS || type == MLA_IMAP_EV_RECENT ||
               type == MLA_IMAP_EV_EXPUNGE) {
        add(t, " %u", mla_imap_event_number(ev));
    } else {
        add_words(t, ev);
    }
}

static int on_next(struct runner *r, void *handle)
{
    static struct text said;
    static struct text taken;
    const mla_imap_event *ev;
    mla_imap_event *copy = NULL;
    const uint8_t *chunk;
    uint64_t offset;
    size_t len;
    int rc = mla_imap_next(handle, &ev);

    if (rc != 1)
        return rc;
    said.n = taken.n = 0;
    describe(r, &said, ev);
    chunk = mla_imap_event_chunk(ev, &len, &offset);
    if (chunk != NULL)
        runner_chunk(r, "CHUNK", offset, chunk, len);
    else
        runner_log(r, "%s", said.p);
    if (mla_imap_event_take(handle, &copy) == 0) {
        describe(r, &taken, copy);
        if (strcmp(said.p, taken.p) != 0)
            runner_log(r, "TAKEN DIFFERS: %s", taken.p);
    }
    mla_imap_event_free(copy);
    return 1;
}

int main(int argc, char **argv)
{
    static const struct runner_protocol protocol = {on_open, on_close, on_session, on_command,
                                                    on_next};

    return runner_main(&protocol, argc, argv);
}
