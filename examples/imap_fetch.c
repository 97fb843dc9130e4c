/* imap_fetch.c - writes every message of a mailbox to files, whatever its size, in constant memory.
 *
 *     imap_fetch HOST USER PASSWORD-FILE MAILBOX FOLDER [CA-FILE [PORT]] */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;

static int die(mla_imap *s, const char *what)
{
    mla_error err;

    mla_session_error(mla_imap_session(s), &err);
    fprintf(stderr, "imap_fetch: %s: %s\n", what, err.message);
    mla_imap_free(s);
    return 1;
}

/* The first line of a file, without its end. */
static int read_password(const char *path, char *to, size_t size)
{
    FILE *f = fopen(path, "r");

    if (f == NULL || fgets(to, (int)size, f) == NULL) {
        perror(path);
        return -1;
    }
    fclose(f);
    to[strcspn(to, "\r\n")] = '\0';
    return 0;
}

static void file_name(char *to, size_t size, const char *folder, uint32_t uid, const char *end)
{
    snprintf(to, size, "%s/%u%s", folder, uid, end);
}

/* A message appears under its name only when all of it is there: FETCH is the commit. */
static int on_event(const mla_imap_event *ev, const char *folder)
{
    const mla_imap_fetch *f = mla_imap_event_fetch(ev);
    uint64_t offset;
    size_t len;
    const uint8_t *chunk = mla_imap_event_chunk(ev, &len, &offset);
    char part[4096];
    char name[4096];

    snprintf(part, sizeof part, "%s/part", folder);
    if (mla_imap_event_section(ev) != NULL)
        out = fopen(part, "wb");
    if (chunk != NULL)
        return out != NULL && fwrite(chunk, 1, len, out) == len ? 0 : -1;
    if (f == NULL || f->sections == NULL || f->sections->is_nil)
        return 0;
    if (!f->sections->streamed) { /* a small one came inside the event */
        out = fopen(part, "wb");
        if (out == NULL ||
            fwrite(f->sections->data.ptr, 1, f->sections->data.len, out) != f->sections->data.len)
            return -1;
    }
    if (out == NULL || fclose(out) != 0)
        return -1;
    out = NULL;
    file_name(name, sizeof name, folder, f->uid, ".eml");
    printf("%s\n", name);
    return rename(part, name);
}

int main(int argc, char **argv)
{
    static const mla_range all = {1, 0}; /* 1:* */
    mla_connect_args where = {.struct_size = sizeof where};
    mla_credentials who = {.struct_size = sizeof who};
    mla_imap_select_args box = {.struct_size = sizeof box, .read_only = 1};
    mla_imap_section_args whole = {.struct_size = sizeof whole};
    mla_imap_fetch_args what = {.struct_size = sizeof what, .ranges = &all, .range_count = 1};
    const mla_imap_event *ev;
    mla_config *cfg;
    mla_imap *s;
    mla_error err;
    char password[256];
    uint64_t t;
    int rc;

    if (argc < 6) {
        fprintf(stderr,
                "usage: imap_fetch HOST USER PASSWORD-FILE MAILBOX FOLDER [CA-FILE [PORT]]\n");
        return 64;
    }
    if (mla_config_new(NULL, &cfg) != 0 || read_password(argv[3], password, sizeof password) != 0)
        return 1;
    if (argc > 6 && mla_config_add_ca_file(cfg, argv[6], &err) != 0) {
        fprintf(stderr, "imap_fetch: %s\n", err.message);
        return 1;
    }
    if (mla_imap_new(cfg, &s, &err) != 0)
        return 1;
    mla_config_free(cfg);
    where.host = argv[1];
    where.port = argc > 7 ? (uint32_t)strtoul(argv[7], NULL, 10) : 0;
    who.user = argv[2];
    who.password = password;
    who.password_len = strlen(password);
    box.mailbox = argv[4];
    what.sections = &whole;
    what.section_count = 1;

    /* Everything is queued at once; what cannot be sent yet waits. */
    if (mla_session_connect(mla_imap_session(s), &where, &t) != 0 ||
        mla_imap_authenticate(s, &who, &t) != 0 || mla_imap_select(s, &box, &t) != 0 ||
        mla_imap_fetch_msgs(s, &what, &t) != 0)
        return die(s, "cannot start");
    while ((rc = mla_imap_step(s, t, -1, &ev)) == 1) {
        const mla_imap_done *d = mla_imap_event_done(ev);

        if (d != NULL && d->error != 0)
            fprintf(stderr, "imap_fetch: %s: %.*s\n", mla_error_text(d->error), (int)d->text.len,
                    d->text.ptr);
        if (on_event(ev, argv[5]) != 0)
            return die(s, "cannot write");
    }
    if (rc == 0 && mla_imap_logout(s, &t) == 0)
        rc = mla_imap_finish(s, t, 10000);
    mla_imap_free(s);
    return rc == 0 ? 0 : 1;
}
