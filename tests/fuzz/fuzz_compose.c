/* fuzz_compose.c - lines of "what it is, value": what is taken is built, and must be read again as
 * it was given, in a message of just these fields and parts; what is refused leaves no trace. */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { LINE = 4000 };

struct wanted {
    char subject[LINE];
    char filename[LINE];
    char name[LINE];
    int has_subject, has_filename, has_name;
    size_t comments;
};

static void fail_with(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

/* One call; leaf is the part that holds the rest of the input. */
static void call(mla_compose *c, uint32_t leaf, int kind, const char *value, struct wanted *w)
{
    switch (kind % 8) {
    case 0:
        if (!w->has_subject && mla_compose_header(c, 0, "Subject", value) == 0) {
            w->has_subject = 1;
            memcpy(w->subject, value, strlen(value) + 1);
        }
        break;
    case 1:
        w->comments += mla_compose_header(c, 0, "Comments", value) == 0;
        break;
    case 2:
        if (!w->has_filename && mla_compose_disposition(c, leaf, "attachment", value) == 0) {
            w->has_filename = 1;
            memcpy(w->filename, value, strlen(value) + 1);
        }
        break;
    case 3:
        if (!w->has_name && mla_compose_mailbox(c, 0, "To", value, "a@b.example") == 0) {
            w->has_name = 1;
            memcpy(w->name, value, strlen(value) + 1);
        }
        break;
    case 4:
        (void)mla_compose_mailbox(c, 0, "Cc", NULL, value);
        break;
    case 5:
        (void)mla_compose_id(c, 0, "References", value);
        break;
    case 6:
        (void)mla_compose_param(c, leaf, "x", value);
        break;
    default:
        (void)mla_compose_header(c, 0, value, "x");
    }
}

static void same(const char *what, int rc, char **text, const char *wanted)
{
    if (rc != 0 || strcmp(*text, wanted) != 0)
        fail_with(what);
    mla_free(*text);
}

static void check(const uint8_t *p, size_t n, const struct wanted *w, const uint8_t *body,
                  size_t len)
{
    const mla_part *root;
    uint8_t *data = NULL;
    char *text = NULL;
    size_t got = 0;
    mla_message *m;

    if (mla_message_parse(NULL, NULL, p, n, &m) != 0)
        abort();
    root = mla_message_root(m);
    if (mla_message_part_count(m) != 2)
        fail_with("other parts");
    if (w->has_subject)
        same("subject", mla_part_header(root, "Subject", 0, &text, NULL), &text, w->subject);
    if (w->has_filename)
        same("filename", mla_part_filename(mla_message_part_at(m, 1), &text, NULL), &text,
             w->filename);
    if (w->comments != 0 &&
        (mla_part_header(root, "Comments", (uint32_t)w->comments - 1, &text, NULL) != 0))
        fail_with("a field is missing");
    if (w->comments != 0)
        mla_free(text);
    if (mla_part_header(root, "Bcc", 0, &text, NULL) == 0)
        fail_with("a field that nobody asked for");
    if (mla_part_decode(mla_message_part_at(m, 1), &data, &got) != 0 || got != len ||
        (len != 0 && memcmp(data, body, len) != 0))
        fail_with("another body");
    mla_free(data);
    mla_message_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wanted w;
    const uint8_t *out;
    uint8_t *message;
    mla_compose *c;
    uint64_t said;
    uint32_t leaf;
    size_t at = 0;
    size_t n = 0;
    size_t len;

    if (size == 0 || mla_compose_new(NULL, "multipart/mixed", data[0] % 8, &c) != 0)
        return 0;
    memset(&w, 0, sizeof w);
    if (mla_compose_add(c, 0, "application/octet-stream", &leaf) != 0)
        abort();
    for (at = 1; at < size && data[at] != 0xff;) { /* a kind, a value, 0 */
        const uint8_t *end = memchr(data + at, 0, size - at);
        char value[LINE];

        len = end != NULL ? (size_t)(end - data) - at : size - at;
        if (len > 1 && len < LINE) {
            memcpy(value, data + at + 1, len - 1);
            value[len - 1] = '\0';
            call(c, leaf, data[at], value, &w);
        }
        at += len + 1;
    }
    at = at < size ? at : size;
    if (mla_compose_body(c, leaf, data + at, size - at) != 0 || mla_compose_size(c, &said) != 0)
        abort();
    message = malloc((size_t)said + 1);
    if (message == NULL)
        abort();
    while (mla_compose_output(c, &out, &len, NULL) == 1) {
        if (n + len > said)
            fail_with("longer than was said");
        memcpy(message + n, out, len);
        n += len;
    }
    if (n != said)
        fail_with("shorter than was said");
    mla_compose_free(c);
    check(message, n, &w, data + at, size - at);
    free(message);
    return 0;
}
