/* cli.c - reading the command line, and saying what went wrong. */
#include "cli.h"

#include <mailaccess/mailaccess.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What an option takes, and where it goes. */
enum { TAKES_NOTHING, TAKES_TEXT, TAKES_LIST, TAKES_NUMBER };

struct option {
    const char *name;
    int takes;
    size_t offset; /* in struct cli_options */
    const char *argument;
    const char *meaning;
};

#define AT(field) offsetof(struct cli_options, field)

static const struct option options[] = {
    {"security", TAKES_TEXT, AT(security), "tls|starttls|none",
     "protection, instead of what the URL says"},
    {"allow-cleartext-password", TAKES_NOTHING, AT(allow_cleartext_password), NULL,
     "with none: let a password leave unprotected"},
    {"ca-file", TAKES_LIST, AT(ca_file), "FILE", "trust these roots instead of the system's"},
    {"ca-path", TAKES_LIST, AT(ca_path), "DIR", "the same, each file of a folder"},
    {"pin-sha256", TAKES_LIST, AT(pin_sha256), "HEX", "the server's public key must be this one"},
    {"ask-certificate", TAKES_NOTHING, AT(ask_certificate), NULL,
     "ask on the terminal about one that is not trusted"},
    {"insecure", TAKES_NOTHING, AT(insecure), NULL, "do not verify the certificate"},
    {"tls-min", TAKES_TEXT, AT(tls_min), "1.2|1.3", "refuse older TLS"},
    {"client-cert", TAKES_TEXT, AT(client_cert), "FILE", "show this certificate to the server"},
    {"client-key", TAKES_TEXT, AT(client_key), "FILE", "its key, where that is in another file"},
    {"auth", TAKES_TEXT, AT(auth), "MECH[,MECH...]", "only these mechanisms, in this order"},
    {"auth-min", TAKES_TEXT, AT(auth_min), "hidden|mutual|bound", "no weaker way to log in"},
    {"password-file", TAKES_TEXT, AT(password_file), "FILE", "the password is its first line"},
    {"password-env", TAKES_TEXT, AT(password_env), "NAME", "the password is in the environment"},
    {"password-command", TAKES_TEXT, AT(password_command), "COMMAND",
     "the password is the first line of its output"},
    {"token-file", TAKES_TEXT, AT(token_file), "FILE", "an OAuth 2 access token instead"},
    {"token-env", TAKES_TEXT, AT(token_env), "NAME", "the same"},
    {"token-command", TAKES_TEXT, AT(token_command), "COMMAND", "the same"},
    {"timeout", TAKES_NUMBER, AT(timeout), "SECONDS", "longest silence of the server (30)"},
    {"deadline", TAKES_NUMBER, AT(deadline), "SECONDS", "longest time for the whole command"},
    {"compress", TAKES_NOTHING, AT(compress), NULL, "IMAP: compress, where the server can"},
    {"max-message", TAKES_NUMBER, AT(max_message), "BYTES", "refuse larger messages"},
    {"tunnel", TAKES_TEXT, AT(tunnel), "COMMAND", "talk to the input and output of a command"},
    {"proxy", TAKES_TEXT, AT(proxy), "URL", "go through socks5://, socks4a:// or http://HOST:PORT"},
    {"proxy-password-file", TAKES_TEXT, AT(proxy_password_file), "FILE", "for the user in its URL"},
    {"proxy-password-env", TAKES_TEXT, AT(proxy_password_env), "NAME", "the same"},
    {"unix", TAKES_TEXT, AT(unix_path), "PATH", "talk to a socket of this machine"},
    {"json", TAKES_NOTHING, AT(json), NULL, "one JSON object a line"},
    {"trace", TAKES_TEXT, AT(trace), "FILE", "the conversation, secrets replaced; - is stderr"},
    {"quiet", TAKES_NOTHING, AT(quiet), NULL, "no progress bar"},
    {"to", TAKES_TEXT, AT(to), "DIR|FILE", "download, extract: where to"},
    {"format", TAKES_TEXT, AT(format), "eml|maildir", "download: how to store"},
    {"sort", TAKES_TEXT, AT(sort), "KEY,...", "list: by date, from, size ... (-KEY: turned round)"},
    {"thread", TAKES_NOTHING, AT(thread), NULL, "list: answers below what they answer"},
    {"uids", TAKES_TEXT, AT(uids), "SET", "download: only these"},
    {"delete", TAKES_NOTHING, AT(del), NULL, "download: delete what is safe on disk"},
    {"flags", TAKES_TEXT, AT(flags), "FLAG[,FLAG...]", "append: flags of the new message"},
    {"date", TAKES_TEXT, AT(date), "DATE", "append: the time it was received, RFC 3339"},
    {"state", TAKES_TEXT, AT(state), "FILE", "watch: begin with what an earlier run knew"},
    {"all", TAKES_NOTHING, AT(all), NULL, "extract: every attachment; discover: ask everybody"},
    {"autoconfig", TAKES_TEXT, AT(autoconfig), "FILE",
     "discover: a file that you fetched; - is stdin"},
    {"name-server", TAKES_TEXT, AT(name_server), "ADDRESS[:PORT]",
     "discover: ask this one instead of the system's"},
    {"digest", TAKES_NOTHING, AT(digest), NULL, "parse: SHA-256 of each part"},
    {"help", TAKES_NOTHING, AT(help), NULL, "this text"},
    {"version", TAKES_NOTHING, AT(version), NULL, "the version"},
};

void cli_print_options(FILE *f)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        char left[48];

        if (options[i].meaning == NULL)
            continue;
        snprintf(left, sizeof left, "--%s%s%s", options[i].name,
                 options[i].argument != NULL ? "=" : "",
                 options[i].argument != NULL ? options[i].argument : "");
        fprintf(f, "  %-32s %s\n", left, options[i].meaning);
    }
}

int cli_number(const char *text, uint64_t max, uint64_t *out_value)
{
    uint64_t value = 0;

    if (*text == 0)
        return 0;
    for (; *text != 0; text++) {
        uint64_t digit = (uint64_t)(unsigned char)*text - '0';

        if (digit > 9 || value > (max - digit) / 10)
            return 0;
        value = value * 10 + digit;
    }
    *out_value = value;
    return 1;
}

/* `--name` or `--name=value`; also `--name value` for those that take one. */
static const struct option *find_option(const char *arg, const char **out_value)
{
    const char *equals = strchr(arg, '=');
    size_t len = equals != NULL ? (size_t)(equals - arg) : strlen(arg);

    *out_value = equals != NULL ? equals + 1 : NULL;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strlen(options[i].name) == len && memcmp(options[i].name, arg, len) == 0)
            return &options[i];
    return NULL;
}

static int set_option(struct cli_options *o, const struct option *opt, const char *value)
{
    char *place = (char *)o + opt->offset;

    switch (opt->takes) {
    case TAKES_NOTHING: {
        int on = 1;

        memcpy(place, &on, sizeof on);
        return 0;
    }
    case TAKES_TEXT:
        memcpy(place, &value, sizeof value);
        return 0;
    case TAKES_LIST: {
        struct cli_list list;

        memcpy(&list, place, sizeof list);
        if (list.count == CLI_MAX_LIST)
            return cli_fail(EXIT_USAGE, "--%s: given too often", opt->name);
        list.item[list.count++] = value;
        memcpy(place, &list, sizeof list);
        return 0;
    }
    default: {
        uint64_t number;

        if (!cli_number(value, UINT64_MAX / 1000, &number) || number == 0)
            return cli_fail(EXIT_USAGE, "--%s: %s is not a number above 0", opt->name, value);
        memcpy(place, &number, sizeof number);
        return 0;
    }
    }
}

/* One option at argv[*i]; moves *i over its value. */
static int read_option(struct cli *c, int argc, char **argv, int *i)
{
    const char *value;
    const struct option *opt = find_option(argv[*i] + 2, &value);
    int wants;

    if (opt == NULL)
        return cli_fail(EXIT_USAGE, "%s: no such option (--help lists them)", argv[*i]);
    wants = opt->takes != TAKES_NOTHING;
    if (!wants && value != NULL)
        return cli_fail(EXIT_USAGE, "--%s: takes no value", opt->name);
    if (wants && value == NULL) {
        if (*i + 1 >= argc)
            return cli_fail(EXIT_USAGE, "--%s: wants a value", opt->name);
        value = argv[++*i];
    }
    return set_option(&c->opt, opt, value);
}

static int one_of(const char *what, const char *value, const char *a, const char *b, const char *d)
{
    if (value == NULL || strcmp(value, a) == 0 || strcmp(value, b) == 0 ||
        (d != NULL && strcmp(value, d) == 0))
        return 0;
    return cli_fail(EXIT_USAGE, "--%s: %s is not one of %s, %s%s%s", what, value, a, b,
                    d != NULL ? ", " : "", d != NULL ? d : "");
}

static int check_options(const struct cli_options *o)
{
    int secrets = (o->password_file != NULL) + (o->password_env != NULL) +
                  (o->password_command != NULL) + (o->token_file != NULL) + (o->token_env != NULL) +
                  (o->token_command != NULL);
    int rc = one_of("security", o->security, "tls", "starttls", "none");

    if (rc == 0)
        rc = one_of("tls-min", o->tls_min, "1.2", "1.3", NULL);
    if (rc == 0)
        rc = one_of("auth-min", o->auth_min, "hidden", "mutual", "bound");
    if (rc == 0)
        rc = one_of("format", o->format, "eml", "maildir", NULL);
    if (rc == 0 && secrets > 1)
        rc = cli_fail(EXIT_USAGE,
                      "more than one of --password-file, -env, -command and --token-file, ...");
    if (rc == 0 && o->tunnel != NULL && o->unix_path != NULL)
        rc = cli_fail(EXIT_USAGE, "--tunnel and --unix exclude each other");
    if (rc == 0 && (o->timeout > 1000000 || o->deadline > 1000000000))
        rc = cli_fail(EXIT_USAGE, "--timeout or --deadline: too long");
    return rc;
}

/* Options may stand anywhere before "--"; what begins with a single dash is an argument, such as
 * the flags of `flag`. Arguments move to the front of argv. */
int cli_parse(struct cli *c, int argc, char **argv)
{
    int options_over = 0, kept = 1, rc;

    memset(c, 0, sizeof *c);
    for (int i = 1; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = 1;
        } else if (!options_over && strncmp(argv[i], "--", 2) == 0) {
            rc = read_option(c, argc, argv, &i);
            if (rc != 0)
                return rc;
        } else {
            argv[kept++] = argv[i];
        }
    }
    out_init(&c->out, stdout, c->opt.json);
    if (kept > 1) {
        c->command = argv[1];
        c->args = argv + 2;
        c->arg_count = kept - 2;
    }
    if (c->opt.deadline != 0)
        c->end_ms = cli_now_ms() + c->opt.deadline * 1000;
    return check_options(&c->opt);
}

uint64_t cli_now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

__attribute__((format(printf, 2, 0))) static void say(const char *prefix, const char *format,
                                                      va_list args)
{
    char line[4096];
    int n = vsnprintf(line, sizeof line, format, args);

    if (n < 0)
        return;
    fputs("mailaccess: ", stderr);
    fputs(prefix, stderr);
    out_visible(stderr, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
    putc('\n', stderr);
}

int cli_fail(int exit_status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say("", format, args);
    va_end(args);
    return exit_status;
}

void cli_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say("warning: ", format, args);
    va_end(args);
}

int cli_fail_file(int exit_status, const char *what, const char *path, int err)
{
    return cli_fail(exit_status, "cannot %s %s: %s", what, path, strerror(err));
}

int cli_exit_status(int32_t code, int logged_in)
{
    switch (code) {
    case MLA_OK:
        return EXIT_DONE;
    case MLA_E_NO:
    case MLA_E_BAD:
    case MLA_E_SYNTAX:
    case MLA_E_CHARSET:
    case MLA_E_NOT_FOUND:
    case MLA_E_LIMIT:
        return EXIT_DATA;
    case MLA_E_ARG:
        return EXIT_USAGE;
    case MLA_E_RESOLVE:
        return EXIT_NO_HOST;
    case MLA_E_UNSUPPORTED:
    case MLA_E_CONNECT:
        return EXIT_UNAVAILABLE;
    case MLA_E_DEADLINE:
    case MLA_E_TIMEOUT:
        return logged_in ? EXIT_TRY_AGAIN : EXIT_UNAVAILABLE;
    case MLA_E_IO:
    case MLA_E_CLOSED:
    case MLA_E_UNKNOWN_OUTCOME:
    case MLA_E_THROTTLED:
    case MLA_E_CANCELLED:
        return EXIT_TRY_AGAIN;
    case MLA_E_PROTOCOL:
    case MLA_E_FLOOD:
    case MLA_E_TLS:
        return EXIT_PROTOCOL;
    case MLA_E_AUTH:
    case MLA_E_TRUST:
    case MLA_E_CERT:
    case MLA_E_POLICY:
    case MLA_E_INSECURE:
        return EXIT_NO_PERMISSION;
    default:
        return EXIT_INTERNAL;
    }
}
