/* mime_tree.c - prints the parts of a message, in constant memory however long it is.
 *
 *     mime_tree <message.eml
 *
 * The streaming parser gives one event at a time; for each part its depth, type and size are
 * printed, and at the end a count of what was wrong with the message. */
#include <mailaccess/mailaccess.h>
#include <mailaccess/mime.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct totals {
    uint64_t parts, fields, octets, warnings;
};

/* A name may hold anything: only what is printable goes to the terminal. */
static void print_plain(mla_str text)
{
    for (size_t i = 0; i < text.len; i++)
        putchar(text.ptr[i] > ' ' && text.ptr[i] < 0x7f ? text.ptr[i] : '?');
}

static void print_event(const mla_mime_event *ev, struct totals *t)
{
    switch (ev->type) {
    case MLA_MIME_EV_HEADER:
        t->fields++;
        break;
    case MLA_MIME_EV_BODY_START:
        printf("%*s", (int)(2 * (ev->depth < 40 ? ev->depth : 40)), "");
        print_plain(ev->name);
        if (ev->data.len > 0) {
            printf(", ");
            print_plain(ev->data);
        }
        printf(", body at %" PRIu64 "\n", ev->body_offset);
        t->parts++;
        break;
    case MLA_MIME_EV_BODY:
        t->octets += ev->data.len;
        break;
    case MLA_MIME_EV_WARNING:
        printf("  (%s at %" PRIu64 ")\n", mla_mime_warning_name(ev->code), ev->offset);
        t->warnings++;
        break;
    default: /* kinds that come later */
        break;
    }
}

/* Reads all events that are there. 0, or an error. */
static int drain(mla_parser *p, struct totals *t)
{
    const mla_mime_event *ev;
    int rc;

    while ((rc = mla_parser_next(p, &ev)) == 1)
        print_event(ev, t);
    return rc;
}

int main(void)
{
    static uint8_t buf[65536];
    struct totals t;
    mla_parser *p;
    ssize_t n = 0;
    int rc = mla_parser_new(NULL, NULL, &p);

    memset(&t, 0, sizeof t);
    /* The octets must stay until next() has returned 0: drain() sees to that. */
    while (rc == 0 && (n = read(STDIN_FILENO, buf, sizeof buf)) > 0) {
        rc = mla_parser_feed(p, buf, (size_t)n, NULL);
        if (rc == 0)
            rc = drain(p, &t);
    }
    if (rc == 0 && n == 0)
        rc = mla_parser_end(p);
    if (rc == 0 && n == 0)
        rc = drain(p, &t);
    mla_parser_free(p);
    if (rc != 0 || n < 0) {
        fprintf(stderr, "mime_tree: %s\n", rc != 0 ? mla_error_text(rc) : "cannot read");
        return 1;
    }
    printf("%" PRIu64 " parts, %" PRIu64 " header fields, %" PRIu64 " octets in bodies, %" PRIu64
           " warnings\n",
           t.parts, t.fields, t.octets, t.warnings);
    return 0;
}
