/* cli.h - what every command of the tool works with: options, output, errors. */
#ifndef CLI_H
#define CLI_H

#include <stddef.h>
#include <stdint.h>

#include "out.h"

/* Exit statuses, as in sysexits.h. Scripts rely on them: docs/mailaccess.md. */
enum {
    EXIT_DONE = 0,
    EXIT_USAGE = 64,       /* the command line is wrong */
    EXIT_DATA = 65,        /* the message or data is not what it should be; the server says no */
    EXIT_NO_INPUT = 66,    /* an input file is missing */
    EXIT_NO_HOST = 68,     /* host not found */
    EXIT_UNAVAILABLE = 69, /* cannot connect; not supported */
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_CREATE = 73, /* an output file */
    EXIT_IO = 74,            /* on this machine */
    EXIT_TRY_AGAIN = 75,     /* lost midway: running again is right */
    EXIT_PROTOCOL = 76,      /* the server broke the protocol or a limit */
    EXIT_NO_PERMISSION = 77, /* log-in or certificate refused, or policy forbids */
    EXIT_CONFIGURATION = 78
};

enum { CLI_MAX_LIST = 16 };

/* An option that may be given several times. */
struct cli_list {
    const char *item[CLI_MAX_LIST];
    size_t count;
};

/* NULL and 0: not given. The strings are those of argv. */
struct cli_options {
    const char *security;
    struct cli_list ca_file, ca_path, pin_sha256;
    const char *client_cert, *client_key;
    const char *proxy, *proxy_password_file, *proxy_password_env;
    const char *tls_min;
    const char *auth;
    const char *auth_min;
    const char *password_file, *password_env, *password_command;
    const char *token_file, *token_env, *token_command;
    const char *tunnel, *unix_path;
    const char *trace;
    const char *to;     /* --to: a folder or a file */
    const char *format; /* --format */
    const char *uids;   /* --uids */
    const char *sort;   /* --sort */
    const char *flags;  /* --flags */
    const char *date;   /* --date */
    const char *state;  /* --state */
    const char *autoconfig, *name_server;
    uint64_t timeout;  /* seconds; 0: the default */
    uint64_t deadline; /* seconds; 0: none */
    uint64_t max_message;
    int allow_cleartext_password, ask_certificate, insecure, json, quiet, compress;
    int del;    /* --delete */
    int all;    /* --all */
    int thread; /* --thread */
    int digest;
    int help, version;
};

struct cli {
    struct cli_options opt;
    struct out out;
    const char *command;
    char **args; /* what stands behind the command, options taken out: the URL first */
    int arg_count;
    uint64_t end_ms; /* --deadline on the clock of cli_now_ms(); 0: none */
};

/* Reads the command line; the strings stay argv's. 0, or EXIT_USAGE after a line on stderr. */
int cli_parse(struct cli *c, int argc, char **argv);

/* The list of options for --help. */
void cli_print_options(FILE *f);

/* One line on stderr, "mailaccess: " and the text; what a terminal would obey is made visible.
 * Returns exit_status, so that a command can say `return cli_fail(EXIT_DATA, ...)`. */
int cli_fail(int exit_status, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The exit status that belongs to an error of the library. logged_in: the log-in was over. */
int cli_exit_status(int32_t mla_error_code, int logged_in);

/* The sentence for an error of the local system: "cannot read FILE: No such file". */
int cli_fail_file(int exit_status, const char *what, const char *path, int err);

/* Milliseconds on a clock that only goes forward. */
uint64_t cli_now_ms(void);

/* Has SIGINT or SIGTERM come? */
int cli_stopped(void);

/* A whole decimal number of at most max. 1 when it is one, else 0. */
int cli_number(const char *text, uint64_t max, uint64_t *out_value);

/* The commands: each returns an exit status and has said on stderr why when that is not 0. */
int cmd_acl(struct cli *c);
int cmd_append(struct cli *c);
int cmd_capabilities(struct cli *c);
int cmd_copy(struct cli *c); /* copy and move */
int cmd_delete(struct cli *c);
int cmd_discover(struct cli *c);
int cmd_download(struct cli *c);
int cmd_extract(struct cli *c);
int cmd_flag(struct cli *c);
int cmd_list(struct cli *c);
int cmd_mailbox(struct cli *c);
int cmd_mailboxes(struct cli *c);
int cmd_metadata(struct cli *c);
int cmd_parse(struct cli *c);
int cmd_quota(struct cli *c);
int cmd_search(struct cli *c);
int cmd_show(struct cli *c);
int cmd_status(struct cli *c);
int cmd_watch(struct cli *c);

/* For the signal handler: ends the wait of `discover`. */
void discover_interrupt(void);

#endif
