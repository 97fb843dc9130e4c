/* sansio.c - the same library without its sockets: octets in, octets out.
 *
 * Both ends of the conversation are in this program: the "server" is a list of lines. With a real
 * one, what mla_session_output() gives is written wherever you like, and what comes from there goes
 * to mla_session_feed(). */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <string.h>

/* Sends what is to be sent, to nobody but the screen. */
static void send_all(mla_session *ss)
{
    const uint8_t *p;
    size_t n;

    while (mla_session_output(ss, &p, &n) == 1) {
        printf("C: %.*s", (int)n, (const char *)p);
        mla_session_sent(ss, n);
    }
}

static void show(const mla_imap_event *ev)
{
    const mla_imap_fetch *f = mla_imap_event_fetch(ev);
    const mla_imap_done *d = mla_imap_event_done(ev);

    if (f != NULL)
        printf("   message %u, UID %u, %llu octets\n", f->seq, f->uid, (unsigned long long)f->size);
    if (d != NULL)
        printf("   command %llu: %s\n", (unsigned long long)mla_imap_event_ticket(ev),
               d->error == 0 ? "done" : mla_error_text(d->error));
}

/* Feeds octets as they "come" and reads the events they cause. */
static int receive(mla_imap *s, const char *text)
{
    mla_session *ss = mla_imap_session(s);
    const mla_imap_event *ev;
    size_t len = strlen(text);
    size_t used;
    int rc = 0;

    printf("S: %s", text);
    while (len > 0 && rc == 0) {
        rc = mla_session_feed(ss, (const uint8_t *)text, len, &used);
        text += used;
        len -= used;
        while (rc == 0 && (rc = mla_imap_next(s, &ev)) == 1) {
            show(ev);
            rc = 0;
        }
    }
    send_all(ss);
    return rc;
}

/* The tag of the line that was sent last is needed for the answer: ask for it. */
static int answer(mla_imap *s, const char *tag, const char *text)
{
    char line[200];

    snprintf(line, sizeof line, "%s %s\r\n", tag, text);
    return receive(s, line);
}

/* How many octets stand in front of the first space: p has no final NUL. */
static size_t before_space(const uint8_t *p, size_t n)
{
    const uint8_t *space = memchr(p, ' ', n);

    return space != NULL ? (size_t)(space - p) : n;
}

/* Takes what is to be sent and keeps its tag. */
static void take_command(mla_imap *s, char tag[32])
{
    mla_session *ss = mla_imap_session(s);
    const uint8_t *p;
    size_t n;

    tag[0] = '\0';
    while (mla_session_output(ss, &p, &n) == 1) {
        if (tag[0] == '\0')
            snprintf(tag, 32, "%.*s", (int)before_space(p, n), (const char *)p);
        printf("C: %.*s", (int)n, (const char *)p);
        mla_session_sent(ss, n);
    }
}

int main(void)
{
    static const mla_range all = {1, 0};
    mla_connect_args how = {.struct_size = sizeof how, .security = MLA_SECURITY_NONE};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    mla_imap_fetch_args what = {.struct_size = sizeof what, .ranges = &all, .range_count = 1};
    mla_imap *s;
    char tag[32];
    uint64_t t;

    what.items = MLA_IMAP_ITEM_SIZE;
    if (mla_imap_new(NULL, &s, NULL) != 0 || mla_session_attach(mla_imap_session(s), &how, &t) != 0)
        return 1;
    mla_session_tick(mla_imap_session(s), 0); /* the time on a clock of ours, for deadlines */
    if (receive(s, "* PREAUTH [CAPABILITY IMAP4rev1] at your service\r\n") != 0 ||
        mla_imap_select(s, &box, &t) != 0)
        return 1;
    take_command(s, tag);
    if (receive(s, "* 2 EXISTS\r\n") != 0 || answer(s, tag, "OK selected") != 0 ||
        mla_imap_fetch_msgs(s, &what, &t) != 0)
        return 1;
    take_command(s, tag);
    if (receive(s, "* 1 FETCH (UID 7 RFC822.SIZE 120)\r\n* 2 FETCH (UID 9 RFC8") != 0 ||
        receive(s, "22.SIZE 4096)\r\n") != 0 || answer(s, tag, "OK fetched") != 0)
        return 1;
    mla_imap_free(s);
    return 0;
}
