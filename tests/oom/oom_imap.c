/* oom_imap.c - an IMAP session from the greeting to LOGOUT, on failing memory. */
#include "oom.h"

#include <stdarg.h>

#include <mailaccess/imap.h>

static const char *const greeting =
    "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS LITERAL+ "
    "ESEARCH MOVE IDLE UNSELECT] hello\r\n";

/* What the server says to a verb, before its tagged OK. */
static const struct {
    const char *verb;
    const char *answer;
} answers[] = {
    {"LIST", "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
             "* LIST (\\Sent \\HasNoChildren) \"/\" {12}\r\nGesendet &- x\r\n"},
    {"SELECT", "* FLAGS (\\Seen \\Answered $Forwarded)\r\n* 2 EXISTS\r\n* 0 RECENT\r\n"
               "* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 100] .\r\n"
               "* OK [PERMANENTFLAGS (\\Seen \\*)] .\r\n"},
    {"STATUS", "* STATUS \"Sent\" (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 5 UNSEEN 0)\r\n"},
    {"SEARCH", "* ESEARCH (TAG \"x\") UID ALL 11:12\r\n* SEARCH 11 12\r\n"},
    {"FETCH",
     "* 1 FETCH (UID 11 FLAGS (\\Seen work) INTERNALDATE \"29-Feb-2024 12:00:00 +0100\" "
     "RFC822.SIZE "
     "42 ENVELOPE (\"Thu, 29 Feb 2024 12:00:00 +0100\" \"hello\" ((\"Bob\" NIL \"bob\" "
     "\"example.test\")) NIL NIL ((NIL NIL \"group\" NIL)(NIL NIL \"a\" \"b.test\")(NIL NIL NIL "
     "NIL)) "
     "NIL NIL NIL \"<1@example.test>\") BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") "
     "NIL "
     "NIL \"7BIT\" 5 1 NIL NIL NIL NIL)(\"IMAGE\" \"PNG\" (\"NAME\" \"x.png\") \"<i@x>\" \"d\" "
     "\"BASE64\" 100 NIL (\"ATTACHMENT\" (\"FILENAME\" \"x.png\")) (\"de\" \"en\") NIL) \"MIXED\" "
     "(\"BOUNDARY\" \"b\") NIL NIL NIL) BODY[HEADER] {16}\r\nSubject: hello\r\n BODY[TEXT] "
     "\"x\")\r\n"
     "* 2 FETCH (UID 12 BODY[HEADER] NIL)\r\n* 1 FETCH (FLAGS ())\r\n"},
    {"STORE", "* 1 FETCH (UID 11 FLAGS (\\Seen \\Flagged))\r\n"},
    {"EXPUNGE", "* 2 EXPUNGE\r\n* 1 EXISTS\r\n"},
    {"LOGOUT", "* BYE until later\r\n"},
};

struct talk {
    mla_imap *s;
    uint64_t open; /* the last ticket */
};

static void saw_str(struct oom *o, mla_str s)
{
    oom_saw_number(o, s.len);
    if (s.ptr != NULL)
        oom_saw(o, s.ptr, s.len);
}

static void saw_body(struct oom *o, const mla_imap_body *b)
{
    while (b != NULL) {
        saw_str(o, b->type);
        saw_str(o, b->subtype);
        saw_str(o, b->section);
        for (size_t i = 0; i < b->param_count; i++)
            saw_str(o, b->params[i]);
        if (b->child != NULL) {
            b = b->child;
            continue;
        }
        while (b != NULL && b->next == NULL)
            b = b->parent;
        b = b != NULL ? b->next : NULL;
    }
}

static void saw_fetch(struct oom *o, const mla_imap_fetch *f)
{
    oom_saw_number(o, f->fields);
    oom_saw_number(o, f->uid);
    for (uint32_t i = 0; i < f->word_count; i++)
        saw_str(o, f->words[i]);
    if (f->envelope != NULL) {
        saw_str(o, f->envelope->subject);
        for (size_t i = 0; i < f->envelope->to_count; i++)
            saw_str(o, f->envelope->to[i].mailbox);
    }
    saw_body(o, f->body);
    for (const mla_imap_section *x = f->sections; x != NULL; x = x->next)
        saw_str(o, x->data);
}

static void saw_event(struct oom *o, const mla_imap_event *ev)
{
    const mla_imap_done *done = mla_imap_event_done(ev);
    const mla_imap_fetch *f = mla_imap_event_fetch(ev);
    const mla_imap_list *list = mla_imap_event_list(ev);
    const mla_imap_search *search = mla_imap_event_search(ev);
    const uint8_t *chunk;
    const mla_str *words;
    size_t n;

    oom_saw_number(o, (uint64_t)mla_imap_event_type(ev));
    oom_saw_number(o, mla_imap_event_ticket(ev));
    oom_saw_number(o, mla_imap_event_number(ev));
    if (done != NULL) {
        oom_saw_number(o, (uint64_t)done->error);
        oom_good(o, "DONE", done->error);
    }
    if (f != NULL)
        saw_fetch(o, f);
    if (list != NULL)
        saw_str(o, list->name);
    for (size_t i = 0; search != NULL && i < search->range_count; i++)
        oom_saw(o, &search->ranges[i], sizeof search->ranges[i]);
    if ((chunk = mla_imap_event_chunk(ev, &n, NULL)) != NULL)
        oom_saw(o, chunk, n);
    words = mla_imap_event_words(ev, &n);
    for (size_t i = 0; words != NULL && i < n; i++)
        saw_str(o, words[i]);
}

/* Reads what there is; every second event is taken as well. */
static int drain(struct oom *o, void *user)
{
    struct talk *t = user;
    const mla_imap_event *ev;
    int rc;

    for (unsigned i = 0; (rc = mla_imap_next(t->s, &ev)) == 1; i++) {
        mla_imap_event *mine = NULL;

        if (i % 2 == 0) {
            saw_event(o, ev);
        } else if (oom_good(o, "take", mla_imap_event_take(t->s, &mine))) {
            saw_event(o, mine);
        }
        mla_imap_event_free(mine);
    }
    return oom_good(o, "next", rc);
}

__attribute__((format(printf, 3, 4))) static int say(struct oom *o, struct talk *t, const char *fmt,
                                                     ...)
{
    char text[4096];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return oom_feed(o, mla_imap_session(t->s), text, (size_t)n, drain, t);
}

/* Answers the client's first command when it is whole, literals included: 1 done, 0 not yet, -1 the
 * session is over. */
static int answer(struct oom *o, struct talk *t)
{
    char line[1024];
    char tag[32];
    const char *verb = NULL;
    size_t n = oom_line(o);

    if (n == 0)
        return 0;
    if (n >= sizeof line)
        return -1;
    memcpy(line, o->in, n);
    line[n] = '\0';
    if (strncmp(line, "DONE", 4) == 0) {
        oom_eat(o, n);
        return say(o, t, "%s OK done\r\n", "idle") ? 1 : -1;
    }
    if (n > 4 && line[n - 3] == '}') { /* all literals are non-synchronising here */
        const char *brace = strrchr(line, '{');
        size_t size = strtoul(brace + 1, NULL, 10);

        if (o->in_len < n + size)
            return 0;
        memmove(o->in + (brace - line), o->in + n + size, o->in_len - n - size);
        o->in_len -= n + size - (size_t)(brace - line);
        return 1; /* the line goes on */
    }
    snprintf(tag, sizeof tag, "%.*s", (int)strcspn(line, " "), line);
    oom_eat(o, n);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        verb = strstr(line, answers[i].verb);
        if (verb != NULL && verb < line + strlen(tag) + 6) {
            if (!say(o, t, "%s", answers[i].answer))
                return -1;
            break;
        }
    }
    return say(o, t, "%s OK done\r\n", tag) ? 1 : -1;
}

/* Plays until nobody has anything to say; 1 when the session lives. */
static int play(struct oom *o, struct talk *t)
{
    for (;;) {
        int came = oom_receive(o, mla_imap_session(t->s));
        int answered = came < 0 ? -1 : answer(o, t);

        if (answered < 0)
            return 0;
        if (came == 0 && answered == 0)
            return drain(o, t);
    }
}

static int messages(struct oom *o, struct talk *t)
{
    mla_range all = {1, 0};
    mla_imap_section_args parts[2] = {
        {.struct_size = sizeof parts[0], .what = MLA_IMAP_PART_HEADER},
        {.struct_size = sizeof parts[0], .what = MLA_IMAP_PART_TEXT}};
    mla_imap_fetch_args get = {.struct_size = sizeof get, .ranges = &all, .range_count = 1};
    mla_imap_search_key key = {.struct_size = sizeof key, .kind = MLA_IMAP_KEY_SUBJECT};
    mla_imap_search_args find = {.struct_size = sizeof find, .keys = &key, .key_count = 1};
    mla_imap_store_args set = {.struct_size = sizeof set, .ranges = &all, .range_count = 1};
    mla_imap_append_args put = {.struct_size = sizeof put, .mailbox = "Sent"};

    get.items = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS | MLA_IMAP_ITEM_ENVELOPE |
                MLA_IMAP_ITEM_BODYSTRUCTURE | MLA_IMAP_ITEM_SIZE | MLA_IMAP_ITEM_INTERNALDATE;
    get.sections = parts;
    get.section_count = 2;
    key.text = (mla_str){"gr\xc3\xbc\xc3\x9f", 6};
    set.flags = MLA_IMAP_FLAG_FLAGGED;
    put.data = (const uint8_t *)"Subject: x\r\n\r\nbody\r\n";
    put.size = 20;
    return oom_good(o, "search", mla_imap_search_msgs(t->s, &find, &t->open)) &&
           oom_good(o, "fetch", mla_imap_fetch_msgs(t->s, &get, &t->open)) &&
           oom_good(o, "store", mla_imap_store(t->s, &set, &t->open)) && play(o, t) &&
           oom_good(o, "append", mla_imap_append(t->s, &put, &t->open)) &&
           oom_good(o, "expunge", mla_imap_expunge(t->s, &t->open)) && play(o, t);
}

static int conversation(struct oom *o, struct talk *t)
{
    mla_connect_args where = {.struct_size = sizeof where, .security = MLA_SECURITY_NONE};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    mla_imap_list_args names = {.struct_size = sizeof names};
    mla_imap_status_args status = {.struct_size = sizeof status, .mailbox = "Sent"};

    where.host = "mail.example.test";
    who.password_len = 6;
    return oom_good(o, "attach", mla_session_attach(mla_imap_session(t->s), &where, &t->open)) &&
           oom_good(o, "tick", mla_session_tick(mla_imap_session(t->s), 1000)) &&
           oom_good(o, "authenticate", mla_imap_authenticate(t->s, &who, &t->open)) &&
           say(o, t, "%s", greeting) && play(o, t) &&
           oom_good(o, "list", mla_imap_list_mailboxes(t->s, &names, &t->open)) &&
           oom_good(o, "status", mla_imap_status_mailbox(t->s, &status, &t->open)) &&
           oom_good(o, "select", mla_imap_select(t->s, &box, &t->open)) && play(o, t) &&
           messages(o, t) && oom_good(o, "logout", mla_imap_logout(t->s, &t->open)) && play(o, t);
}

static void run(struct oom *o)
{
    struct talk t = {NULL, 0};
    mla_config *cfg = NULL;
    mla_error err;

    memset(&err, 0, sizeof err);
    if (oom_good(o, "config", mla_config_new(&o->allocator, &cfg)) &&
        oom_good(o, "cleartext", mla_config_set_cleartext_password(cfg, 1)) &&
        oom_good(o, "mechanisms", mla_config_set_mechanisms(cfg, "PLAIN IMAPLOGIN")) &&
        oom_good(o, "new", mla_imap_new(cfg, &t.s, &err)))
        oom_saw_number(o, (uint64_t)conversation(o, &t));
    mla_config_free(cfg);
    mla_imap_free(t.s);
}

int main(void)
{
    int bad = oom_sweep("imap", run, 1);

    printf("1..3\n");
    return bad;
}
