/* ask.c - see ask.h */
#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static void print_time(FILE *tty, const char *what, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    char text[40] = "?";

    if (gmtime_r(&t, &tm) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
    fprintf(tty, "    %s %s\n", what, text);
}

static void print_digest(FILE *tty, const char *what, const uint8_t digest[32])
{
    fprintf(tty, "    %s ", what);
    for (int i = 0; i < 32; i++)
        fprintf(tty, "%02x", digest[i]);
    fputc('\n', tty);
}

/* The library's texts have nothing in them that a terminal would obey. */
static void print_one(FILE *tty, uint32_t number, const mla_certificate *c)
{
    static const char *const kinds[] = {"unknown", "RSA", "EC", "Edwards"};

    fprintf(tty, "%u.  subject     %s\n", number, c->subject);
    fprintf(tty, "    issuer      %s\n", c->issuer);
    fprintf(tty, "    serial      %s\n", c->serial);
    for (uint32_t i = 0; i < c->name_count && i < 8; i++)
        fprintf(tty, "    for         %s\n", c->names[i].ptr);
    if (c->name_count > 8 || c->names_left != 0)
        fprintf(tty, "    for         ... and more\n");
    print_time(tty, "from       ", c->not_before);
    print_time(tty, "until      ", c->not_after);
    fprintf(tty, "    key         %s, %u bits; signed over %s\n",
            kinds[c->key_kind <= MLA_KEY_ED ? c->key_kind : 0], c->key_bits,
            c->hash[0] != 0 ? c->hash : "an unknown hash");
    print_digest(tty, "certificate", c->sha256);
    print_digest(tty, "public key ", c->key_sha256);
}

int ask_certificate(const mla_certificate_chain *q)
{
    FILE *tty = fopen("/dev/tty", "r+");
    char line[16] = "";
    int yes;

    if (tty == NULL)
        return 0;
    fprintf(tty, "The certificate of %s is not trusted:\n", q->host);
    for (uint32_t i = 0; i < q->sentence_count; i++)
        fprintf(tty, "  - %s\n", q->sentences[i].ptr);
    for (uint32_t i = 0; i < q->count; i++)
        print_one(tty, i + 1, q->certificates[i]);
    fprintf(tty, "Somebody else may answer in its place and read the password. Go on all the same? "
                 "(yes/no) ");
    fflush(tty);
    /* A signal ends the read. */
    yes = fgets(line, sizeof line, tty) != NULL && strcmp(line, "yes\n") == 0 && !cli_stopped();
    fclose(tty);
    return yes;
}
