/* imap_keep.c - says what happens in a mailbox for as long as it runs, whatever the line does.
 *
 *     MAIL_PASSWORD=... imap_keep HOST USER MAILBOX [NEWS]
 *
 * TLS, port 993; MAIL_PORT and MAIL_CA_FILE in the environment are for test servers. Without NEWS
 * it goes on for ever. */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_news(mla_imap_keep *k, const char *what, const mla_imap_keep_news *news)
{
    for (size_t i = 0; i < news->range_count; i++) {
        for (uint32_t uid = news->ranges[i].first; uid <= news->ranges[i].last; uid++) {
            const mla_imap_message *m = mla_imap_keep_message_uid(k, uid);

            printf("%s %u", what, uid);
            for (uint32_t w = 0; m != NULL && w < m->word_count; w++)
                printf(" %.*s", (int)m->words[w].len, m->words[w].ptr);
            printf("%s\n", news->is_missed != 0 ? " (missed)" : "");
        }
    }
}

/* How many messages it was about. */
static uint64_t tell(mla_imap_keep *k, const mla_imap_keep_event *ev)
{
    const mla_imap_keep_line *line = mla_imap_keep_event_line(ev);
    const mla_imap_keep_news *news = mla_imap_keep_event_news(ev);

    switch (mla_imap_keep_event_type(ev)) {
    case MLA_KEEP_EV_ONLINE:
        printf("online: %u messages\n", line->exists);
        break;
    case MLA_KEEP_EV_OFFLINE:
        printf("offline: %s; again in %llu ms\n", line->text, (unsigned long long)line->wait_ms);
        break;
    case MLA_KEEP_EV_VOID:
        printf("forget all: %s\n", line->text);
        break;
    case MLA_KEEP_EV_GONE:
        print_news(k, "gone", news);
        break;
    case MLA_KEEP_EV_NEW:
        print_news(k, "new", news);
        break;
    case MLA_KEEP_EV_CHANGED:
        print_news(k, "changed", news);
        break;
    default:
        break;
    }
    fflush(stdout);
    return news != NULL && news->is_missed == 0 ? news->messages : 0;
}

static int watch(mla_imap_keep *k, uint64_t wanted)
{
    const mla_imap_keep_event *ev;
    uint64_t told = 0;
    int rc;

    while ((rc = mla_imap_keep_step(k, -1, &ev)) == 1) {
        const mla_imap_keep_line *line = mla_imap_keep_event_line(ev);

        told += tell(k, ev);
        if (wanted != 0 && told >= wanted)
            (void)mla_imap_keep_close(k); /* OVER follows */
        if (mla_imap_keep_event_type(ev) == MLA_KEEP_EV_OVER && line->error != 0)
            fprintf(stderr, "imap_keep: %s\n", line->text);
    }
    return rc == MLA_E_CLOSED ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *port = getenv("MAIL_PORT"), *password = getenv("MAIL_PASSWORD");
    const char *ca = getenv("MAIL_CA_FILE");
    mla_credentials who = {.struct_size = sizeof who};
    mla_imap_keep_args args = {.struct_size = sizeof args, .read_only = 1};
    mla_config *cfg;
    mla_imap_keep *k;
    mla_error err;
    int status;

    if (argc < 4 || password == NULL) {
        fprintf(stderr, "usage: MAIL_PASSWORD=... imap_keep HOST USER MAILBOX [NEWS]\n");
        return 64;
    }
    if (mla_config_new(NULL, &cfg) != 0)
        return 1;
    (void)mla_config_set_deadline(cfg, MLA_DEADLINE_QUIET, 4 * 60 * 1000);
    if (ca != NULL && mla_config_add_ca_file(cfg, ca, &err) != 0) {
        fprintf(stderr, "imap_keep: %s\n", err.message);
        return 1;
    }
    who.user = argv[2];
    who.password = password;
    who.password_len = strlen(password);
    args.host = argv[1];
    args.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    args.mailbox = argv[3];
    args.credentials = &who;
    if (mla_imap_keep_new(cfg, &args, &k, &err) != 0) {
        fprintf(stderr, "imap_keep: %s\n", err.message);
        return 1;
    }
    mla_config_free(cfg); /* the keeper holds a reference of its own */
    status = watch(k, argc > 4 ? strtoul(argv[4], NULL, 10) : 0);
    mla_imap_keep_free(k);
    return status;
}
