/* cmd_generic.c - commands that the library does not know: a name, and arguments by kind. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/ascii.h"
#include "base/record.h"
#include "base/wipe.h"

#include <string.h>

enum { GENERIC_ARGS_MAX = 100000, GENERIC_NAME_MAX = 64 };

struct generic_arg {
    uint32_t kind;
    mla_str text;
    uint64_t number;
    struct imap_set set;
};

struct generic_args {
    const char *name;
    const char *capability;
    struct generic_arg *args;
    size_t count;
};

/* --- what may be said --- */

/* They change what the engine itself has to know. */
static const char *const own[] = {
    "APPEND", "AUTHENTICATE", "CLOSE",  "COMPRESS", "ENABLE",         "EXAMINE",  "IDLE",
    "LOGIN",  "LOGOUT",       "SELECT", "STARTTLS", "UNAUTHENTICATE", "UNSELECT",
};

/* One word, or "UID" and one. */
static int is_name(const char *name)
{
    const char *word = name;
    size_t len;

    if (name == NULL || strlen(name) > GENERIC_NAME_MAX)
        return 0;
    if (ascii_starts(name, strlen(name), "UID "))
        word = name + 4;
    len = strlen(word);
    for (size_t i = 0; i < len; i++)
        if (!(ascii_is_alpha((unsigned char)word[i]) || ascii_is_digit((unsigned char)word[i])) &&
            strchr("-._", word[i]) == NULL)
            return 0;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (ascii_equal_word(word, len, own[i]))
            return 0;
    return len != 0;
}

/* Wider than RFC 9051's atom: "BODY.PEEK[]<0.9>" and the like are words of commands, too. */
static int is_word(mla_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c >= 0x7f || strchr("(){\"%*\\", c) != NULL)
            return 0;
    }
    return s.len != 0;
}

static int is_flag(mla_str s)
{
    if (s.len != 0 && s.ptr[0] == '\\') {
        s.ptr++;
        s.len--;
    }
    return imap_enc_is_atom(s);
}

static int has_nul(mla_str s)
{
    return s.len != 0 && memchr(s.ptr, 0, s.len) != NULL;
}

static int check_text(uint32_t kind, mla_str s)
{
    if (s.ptr == NULL)
        return 0;
    switch (kind) {
    case MLA_IMAP_ARG_ATOM:
        return is_word(s);
    case MLA_IMAP_ARG_FLAG:
        return is_flag(s);
    case MLA_IMAP_ARG_MAILBOX:
        return imap_enc_is_utf8(s);
    case MLA_IMAP_ARG_STRING:
    case MLA_IMAP_ARG_SECRET:
    case MLA_IMAP_ARG_RAW_NAME:
        return !has_nul(s);
    default:
        return 1;
    }
}

static int has_text(uint32_t kind)
{
    return kind == MLA_IMAP_ARG_ATOM ||
           (kind >= MLA_IMAP_ARG_STRING && kind <= MLA_IMAP_ARG_RAW_NAME) ||
           kind == MLA_IMAP_ARG_FLAG;
}

/* --- copying --- */

static int copy_arg(struct imap_cmd *c, const mla_imap_arg *in, struct generic_arg *to)
{
    to->kind = in->kind;
    to->number = in->number;
    if (in->kind < MLA_IMAP_ARG_ATOM || in->kind > MLA_IMAP_ARG_CLOSE)
        return MLA_E_ARG;
    if (in->kind == MLA_IMAP_ARG_SET) {
        return imap_set_copy(&to->set, &c->arena, in->ranges, in->range_count);
    }
    if (!has_text(in->kind))
        return 0;
    if (!check_text(in->kind, in->text))
        return MLA_E_ARG;
    if (!imap_enc_is_ascii(in->text))
        c->flags |= CMD_TEXT;
    return imap_cmd_str(c, in->text, &to->text);
}

static int copy_args(struct imap_cmd *c, const mla_imap_command_args *in)
{
    struct generic_args *a = c->args;
    int depth = 0;

    if (in->arg_count == 0)
        return 0;
    if (in->args == NULL || in->arg_count > GENERIC_ARGS_MAX)
        return MLA_E_ARG;
    a->args = arena_array(&c->arena, in->arg_count, sizeof *a->args);
    if (a->args == NULL)
        return imap_cmd_nomem(c);
    for (; a->count < in->arg_count; a->count++) {
        mla_imap_arg one;
        int rc = record_at(in->args, a->count, sizeof one, sizeof one, &one);

        if (rc == 0)
            rc = copy_arg(c, &one, &a->args[a->count]);
        if (rc != 0)
            return rc;
        depth += (a->args[a->count].kind == MLA_IMAP_ARG_OPEN) -
                 (a->args[a->count].kind == MLA_IMAP_ARG_CLOSE);
        if (depth < 0)
            return MLA_E_ARG;
    }
    return depth == 0 ? 0 : MLA_E_ARG;
}

static int fill(struct imap_cmd *c, const mla_imap_command_args *in)
{
    struct generic_args *a = c->args;

    if (!is_name(in->name))
        return MLA_E_ARG;
    a->name = arena_dup(&c->arena, in->name, strlen(in->name));
    if (a->name == NULL)
        return imap_cmd_nomem(c);
    if (in->capability != NULL) {
        c->flags |= CMD_CAPS;
        a->capability = arena_dup(&c->arena, in->capability, strlen(in->capability));
        if (a->capability == NULL)
            return imap_cmd_nomem(c);
    }
    /* tells how numbers in SEARCH answers are meant */
    if (ascii_starts(in->name, strlen(in->name), "UID "))
        c->flags |= CMD_MAY_EXPUNGE;
    return copy_args(c, in);
}

/* --- writing --- */

static void put_octets(struct imap_enc *enc, mla_str s)
{
    if (!has_nul(s)) {
        imap_enc_string(enc, s);
        return;
    }
    imap_enc_literal_header(enc, s.len, 1, 0);
    buf_add(&enc->out, s.ptr, s.len);
}

static void put_arg(struct imap_cmd *c, const struct generic_arg *a)
{
    struct imap_enc *enc = c->enc;
    size_t at = 0;

    switch (a->kind) {
    case MLA_IMAP_ARG_ATOM:
    case MLA_IMAP_ARG_FLAG: /* checked by fill() */
        buf_add(&enc->out, a->text.ptr, a->text.len);
        break;
    case MLA_IMAP_ARG_NUMBER:
        imap_enc_number(enc, a->number);
        break;
    case MLA_IMAP_ARG_STRING:
        imap_enc_string(enc, a->text);
        break;
    case MLA_IMAP_ARG_SECRET:
        imap_enc_secret(enc, a->text);
        break;
    case MLA_IMAP_ARG_OCTETS:
        put_octets(enc, a->text);
        break;
    case MLA_IMAP_ARG_MAILBOX:
    case MLA_IMAP_ARG_RAW_NAME:
        imap_enc_mailbox(enc, a->text, a->kind == MLA_IMAP_ARG_RAW_NAME);
        break;
    case MLA_IMAP_ARG_SET:
        imap_set_add(&a->set, &at, SIZE_MAX, &enc->out);
        break;
    default:
        imap_enc_word(enc, "NIL");
        break;
    }
}

/* Secrets are looked for in answers, and no copy of them is left in memory. */
static int know_secrets(struct imap_engine *e, const struct generic_args *a)
{
    int rc = 0;

    for (size_t i = 0; i < a->count && rc == 0; i++)
        if (a->args[i].kind == MLA_IMAP_ARG_SECRET)
            rc = engine_knows(&e->port, a->args[i].text.ptr, a->args[i].text.len);
    return rc;
}

static void generic_forget(struct imap_cmd *c)
{
    const struct generic_args *a = c->args;

    for (size_t i = 0; a != NULL && i < a->count; i++)
        if (a->args[i].kind == MLA_IMAP_ARG_SECRET && a->args[i].text.ptr != NULL)
            wipe((char *)(uintptr_t)a->args[i].text.ptr, a->args[i].text.len);
}

static int generic_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct generic_args *a = c->args;
    int after_open = 0;

    if (a->capability != NULL && !imap_caps_can(&e->caps, a->capability))
        return MLA_E_UNSUPPORTED;
    imap_enc_word(c->enc, a->name);
    for (size_t i = 0; i < a->count; i++) {
        uint32_t kind = a->args[i].kind;

        if (!after_open && kind != MLA_IMAP_ARG_CLOSE)
            imap_enc_space(c->enc);
        after_open = kind == MLA_IMAP_ARG_OPEN;
        if (kind == MLA_IMAP_ARG_OPEN || kind == MLA_IMAP_ARG_CLOSE)
            buf_add_byte(&c->enc->out, kind == MLA_IMAP_ARG_OPEN ? '(' : ')');
        else
            put_arg(c, &a->args[i]);
    }
    return 0;
}

enum { GENERIC_FLAGS = CMD_ALONE | CMD_GENERIC | CMD_SEARCHES | CMD_LISTS | CMD_STATUS };

static const struct imap_cmd_def def_generic = {
    .verb = "command",
    .states = IN_AUTHENTICATED,
    .flags = GENERIC_FLAGS,
    .answers = UINT64_MAX,
    .encode = generic_encode,
    .forget = generic_forget,
};
static const struct imap_cmd_def def_generic_any = {
    .verb = "command",
    .states = IN_ANY,
    .flags = GENERIC_FLAGS,
    .answers = UINT64_MAX,
    .encode = generic_encode,
    .forget = generic_forget,
};

int imap_cmd_generic(struct imap_engine *e, const mla_imap_command_args *in, uint64_t *out_ticket,
                     mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, in->before_login != 0 ? &def_generic_any : &def_generic,
                          sizeof(struct generic_args), &c);

    if (rc != 0)
        return rc;
    rc = fill(c, in);
    if (rc == 0)
        rc = know_secrets(e, c->args);
    return imap_cmd_queue(e, c, rc,
                          "no name, one that has a function of its own, or an argument that cannot "
                          "be said in IMAP",
                          out_ticket, err);
}
