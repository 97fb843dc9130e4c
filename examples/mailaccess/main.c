/* main.c - the mailaccess tool: which command, signals, help. The manual is docs/mailaccess.md. */
#include <mailaccess/mailaccess.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "connect.h"

enum { ANY = 1000000 };

struct command {
    const char *name;
    int (*run)(struct cli *c);
    int most; /* arguments */
    const char *arguments;
    const char *meaning;
};

static const struct command commands[] = {
    {"capabilities", cmd_capabilities, 1, "URL", "log in and say what the server can do"},
    {"mailboxes", cmd_mailboxes, 2, "URL [PATTERN]", "list mailboxes"},
    {"status", cmd_status, 1, "URL", "counts of a mailbox or of the maildrop"},
    {"list", cmd_list, ANY, "URL [KEY...]", "one line a message"},
    {"search", cmd_search, ANY, "URL KEY...", "the UIDs of matching messages"},
    {"show", cmd_show, 2, "URL ID", "a message for a person"},
    {"discover", cmd_discover, 1, "ADDRESS", "the servers of a mail address"},
    {"download", cmd_download, 1, "URL --to=DIR",
     "every message, octet for octet; only what is new"},
    {"append", cmd_append, ANY, "URL FILE...", "upload messages"},
    {"flag", cmd_flag, ANY, "URL SET (+|-)FLAG...", "change flags: +seen -flagged +$Junk"},
    {"copy", cmd_copy, 3, "URL SET MAILBOX", "copy messages"},
    {"move", cmd_copy, 3, "URL SET MAILBOX", "move messages"},
    {"delete", cmd_delete, ANY, "URL SET", "delete messages (POP3: UIDLs, one an argument)"},
    {"mailbox", cmd_mailbox, 3, "VERB URL [NEW]", "create, rename, delete, subscribe, unsubscribe"},
    {"quota", cmd_quota, 1, "URL", "how much is used, and how much may be"},
    {"acl", cmd_acl, 3, "URL [WHO RIGHTS]", "who may do what; RIGHTS: lrs, +w, -w, or '' for none"},
    {"metadata", cmd_metadata, ANY, "URL [ENTRY[=VALUE]...]",
     "entries of a mailbox or the server; ENTRY= removes one"},
    {"watch", cmd_watch, 1, "URL", "say what changes until stopped"},
#ifdef HAVE_PARSE
    {"parse", cmd_parse, ANY, "FILE...|-", "the structure of messages on disk"},
#endif
#ifdef HAVE_EXTRACT
    {"extract", cmd_extract, ANY, "FILE PART [--to=FILE]",
     "one decoded part; with --all --to=DIR every attachment"},
#endif
};

static const char *const exit_statuses[] = {
    "0   done",
    "64  the command line is wrong",
    "65  the message or data is not what it should be, or the server said no",
    "66  an input file is missing",
    "68  host not found",
    "69  cannot connect, refused, timed out, or not supported",
    "70  internal error, out of memory",
    "73  cannot create an output file",
    "74  input or output on this machine failed",
    "75  lost midway, stopped, or the server said try later: running again is right",
    "76  the server broke the protocol or a limit, or TLS failed",
    "77  log-in or certificate refused, or policy forbids it",
    "78  configuration",
};

static volatile sig_atomic_t stopped;

int cli_stopped(void)
{
    return stopped;
}

/* The first signal stops in order; a second one of the same kind ends the process at once. */
static void on_signal(int sig)
{
    (void)sig;
    stopped = 1;
    connect_interrupt();
    discover_interrupt();
}

static void on_limit(int sig)
{
    (void)sig;
}

static void catch_signals(void)
{
    struct sigaction sa;

    memset(&sa, 0, sizeof sa);
    sigemptyset(&sa.sa_mask);
    sa.sa_handler = on_signal;
    sa.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &sa, NULL);
    (void)sigaction(SIGTERM, &sa, NULL);
    /* A file that may not grow is an error of write(), not an end. (A handler, since programs that
     * are started would inherit SIG_IGN.) */
    sa.sa_handler = on_limit;
    sa.sa_flags = SA_RESTART;
    (void)sigaction(SIGXFSZ, &sa, NULL);
}

static void print_help(FILE *f)
{
    fputs("usage: mailaccess [OPTION...] COMMAND [URL] [ARGUMENT...]\n"
          "\n"
          "Reads and changes mail over IMAP and POP3.\n"
          "\n"
          "URL: imaps://USER@HOST[:PORT]/[MAILBOX]   TLS, port 993\n"
          "     pop3s://USER@HOST[:PORT]             TLS, port 995\n"
          "     imap://USER@HOST[:PORT]/[MAILBOX]    STARTTLS, port 143\n"
          "     pop3://USER@HOST[:PORT]              STLS, port 110\n"
          "     Names are percent-encoded. A password does not belong in a URL.\n"
          "SET: UIDs, such as 4,7:9,20:*\n"
          "KEY: as in RFC 9051 section 6.4.4, such as UNSEEN FROM alice SINCE 1-Feb-2025\n"
          "\n"
          "Commands:\n",
          f);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(f, "  %-13s%-24s %s\n", commands[i].name, commands[i].arguments,
                commands[i].meaning);
    fputs("\nOptions:\n", f);
    cli_print_options(f);
    fputs("\nExit status:\n", f);
    for (size_t i = 0; i < sizeof exit_statuses / sizeof exit_statuses[0]; i++)
        fprintf(f, "  %s\n", exit_statuses[i]);
}

static int run_command(struct cli *c)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, c->command) == 0) {
            if (c->arg_count > commands[i].most)
                return cli_fail(EXIT_USAGE, "%s: too many arguments (usage: %s %s)", c->command,
                                c->command, commands[i].arguments);
            return commands[i].run(c);
        }
    return cli_fail(EXIT_USAGE, "%s: no such command (--help lists them)", c->command);
}

int main(int argc, char **argv)
{
    struct cli c;
    int status = cli_parse(&c, argc, argv), err;

    if (status != 0)
        return status;
    catch_signals();
    if (c.opt.help) {
        print_help(stdout);
    } else if (c.opt.version) {
        printf("mailaccess %s\n", mla_version_text());
    } else if (c.command == NULL) {
        return cli_fail(EXIT_USAGE, "no command is given (--help lists them)");
    } else {
        status = run_command(&c);
    }
    err = out_flush(&c.out);
    if (err != 0 && status == 0)
        status = cli_fail(EXIT_IO, "cannot write the output: %s", strerror(err));
    return status;
}
