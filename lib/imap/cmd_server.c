/* cmd_server.c - ID, NAMESPACE, UNAUTHENTICATE, LANGUAGE, COMPARATOR, GETJMAPACCESS. */
#include "base/ascii.h"
#include "base/fail.h"
#include "imap/cmd_admin.h"
#include "imap/engine.h"

#include <string.h>

/* --- ID, RFC 2971 section 3.1 --- */

enum { ID_PAIRS_MAX = 30, ID_NAME_MAX = 30, ID_VALUE_MAX = 1024 };

struct id_args {
    const mla_str *fields;
    size_t count; /* 0: NIL, for servers refuse "ID ()" */
    int is_ascii;
};

/* Writes a value with "?" for each character beyond US-ASCII. */
static void enc_ascii(struct imap_enc *e, mla_str s)
{
    char text[ID_VALUE_MAX];
    mla_str out = {text, 0};

    for (size_t i = 0; i < s.len && out.len < sizeof text; i++) {
        unsigned char ch = (unsigned char)s.ptr[i];

        if (ch < 0x80)
            text[out.len++] = (char)ch;
        else if (ch >= 0xc0) /* the octets that follow belong to it */
            text[out.len++] = '?';
    }
    imap_enc_string(e, out);
}

static int id_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct id_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, a->count == 0 ? "ID NIL" : "ID ");
    if (a->count == 0)
        return 0;
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_between(c->enc);
        if (a->fields[i].ptr == NULL)
            imap_enc_word(c->enc, "NIL");
        else if (c->stage == 1)
            enc_ascii(c->enc, a->fields[i]);
        else
            imap_enc_string(c->enc, a->fields[i]);
    }
    imap_enc_close(c->enc);
    return 0;
}

/* Several servers refuse 8-bit octets. */
static int id_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct id_args *a = c->args;

    (void)e;
    if ((d->error != MLA_E_NO && d->error != MLA_E_BAD) || a->is_ascii || c->stage == 1)
        return CMD_OVER;
    c->stage = 1;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_id = {
    .verb = "ID",
    .states = IN_ANY,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "ID",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_IDENTITY),
    .encode = id_encode,
    .done = id_done,
};

/* RFC 2971 section 3.3. */
static int is_id_field(const mla_str *fields, size_t i)
{
    mla_str s = fields[i];

    if (s.ptr == NULL)
        return s.len == 0 && i % 2 == 1;
    if (s.len > (i % 2 == 0 ? ID_NAME_MAX : ID_VALUE_MAX) || !imap_enc_is_utf8(s))
        return 0;
    for (size_t k = 0; i % 2 == 0 && k < i; k += 2)
        if (ascii_equal(s.ptr, s.len, fields[k].ptr, fields[k].len))
            return 0;
    return 1;
}

static int copy_fields(struct imap_cmd *c, const mla_imap_id_args *in, struct id_args *a)
{
    mla_str *copy;

    a->is_ascii = 1;
    if (in->is_nil || in->field_count == 0)
        return 0;
    if (in->fields == NULL || in->field_count % 2 != 0 || in->field_count > 2 * ID_PAIRS_MAX)
        return MLA_E_ARG;
    copy = arena_array(&c->arena, in->field_count, sizeof *copy);
    if (copy == NULL)
        return imap_cmd_nomem(c);
    for (size_t i = 0; i < in->field_count; i++) {
        int rc = is_id_field(in->fields, i) ? 0 : MLA_E_ARG;

        copy[i] = in->fields[i];
        if (rc == 0 && copy[i].ptr != NULL) {
            a->is_ascii &= imap_enc_is_ascii(copy[i]);
            rc = imap_cmd_str(c, in->fields[i], &copy[i]);
        }
        if (rc != 0)
            return rc;
    }
    a->fields = copy;
    a->count = in->field_count;
    return 0;
}

int imap_cmd_id(struct imap_engine *e, const mla_imap_id_args *in, uint64_t *out_ticket,
                mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_id, sizeof(struct id_args), &c);

    if (rc != 0)
        return rc;
    rc = copy_fields(c, in, c->args);
    return imap_cmd_queue(e, c, rc, "a field is too long, there are too many, or one is no text",
                          out_ticket, err);
}

/* --- NAMESPACE, RFC 2342 section 5, RFC 9051 section 6.3.10 --- */

struct namespace_args {
    int has_delimiter;
};

static int namespace_encode(struct imap_engine *e, struct imap_cmd *c)
{
    if (c->stage == 0 && imap_caps_can(&e->caps, "NAMESPACE")) {
        imap_enc_word(c->enc, "NAMESPACE");
        return 0;
    }
    c->stage = 1;
    imap_enc_word(c->enc, "LIST \"\" \"\"");
    return 0;
}

static void namespace_heard(struct imap_cmd *c, const struct mla_imap_event *ev)
{
    struct namespace_args *a = c->args;
    const mla_imap_namespaces *n = ev->record;

    if (ev->type == MLA_IMAP_EV_NAMESPACES)
        a->has_delimiter = n->personal != NULL && n->personal->delimiter != 0;
}

/* "User is authenticated but not connected." Exchange says OK to a log-in that has failed, and then
 * this. */
static int is_not_connected(mla_str text)
{
    static const char words[] = "authenticated but not connected";

    for (size_t i = 0; i + sizeof words - 1 <= text.len; i++)
        if (ascii_starts(text.ptr + i, text.len - i, words))
            return 1;
    return 0;
}

static int namespace_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct namespace_args *a = c->args;

    (void)e;
    if (d->error != 0 && is_not_connected(d->text)) {
        d->error = MLA_E_AUTH;
        return CMD_OVER;
    }
    if (c->stage == 1 || a->has_delimiter ||
        (d->error != 0 && d->error != MLA_E_NO && d->error != MLA_E_BAD))
        return CMD_OVER;
    c->stage = 1;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_namespace = {
    .verb = "NAMESPACE",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS | CMD_LISTS,
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_NAMESPACES),
    .encode = namespace_encode,
    .done = namespace_done,
    .heard = namespace_heard,
};

int imap_cmd_namespace(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_namespace, sizeof(struct namespace_args), &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

/* --- UNAUTHENTICATE, RFC 8437 section 3 --- */

static int unauthenticate_encode(struct imap_engine *e, struct imap_cmd *c)
{
    /* Compression would end with it (section 4.1), but nothing says with which octet of the stream:
     * what is left of a block could be taken for text. */
    if (e->compressed)
        return MLA_E_STATE;
    imap_enc_word(c->enc, c->def->verb);
    e->caps_fresh = 0;
    return 0;
}

/* A21: all but TLS is as at the beginning. The state and the mailbox follow from the row. */
static int unauthenticate_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)c;
    if (d->error != 0)
        return CMD_OVER;
    if (!e->caps_fresh)
        imap_caps_clear(&e->caps);
    e->caps.enabled = 0;
    e->setup_due = 0;
    e->list_refused = 0;
    e->notify_on = e->notify_expunges = 0;
    e->auth_name = "";
    /* Cyrus 3.6 still offers -PLUS then, but has forgotten the channel, and refuses the proof. */
    if (e->is_cyrus)
        e->bindings.count = 0;
    return CMD_OVER;
}

static const struct imap_cmd_def def_unauthenticate = {
    .verb = "UNAUTHENTICATE",
    .states = IN_AUTHENTICATED,
    .flags = CMD_ALONE | CMD_CAPS,
    .next_state = IMAP_STATE_NOT_AUTHENTICATED,
    .capability = "UNAUTHENTICATE",
    .encode = unauthenticate_encode,
    .done = unauthenticate_done,
};

int imap_cmd_unauthenticate(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_unauthenticate, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

/* --- LANGUAGE and COMPARATOR, RFC 5255 sections 3.2, 4.7 --- */

struct words_args {
    const mla_str *words;
    size_t count;
};

static int words_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct words_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, c->def->verb);
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_space(c->enc);
        imap_enc_string(c->enc, a->words[i]);
    }
    return 0;
}

static const struct imap_cmd_def def_language = {
    .verb = "LANGUAGE",
    .states = IN_ANY,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "LANGUAGE",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_LANGUAGES) | IMAP_ANSWERS(MLA_IMAP_EV_NAMESPACES),
    .encode = words_encode,
};

/* What is found and how it is sorted depends on it. */
static const struct imap_cmd_def def_comparator = {
    .verb = "COMPARATOR",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS | CMD_WRITES,
    .capability = "I18NLEVEL=2",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_COMPARATORS),
    .encode = words_encode,
};

static int queue_words(struct imap_engine *e, const struct imap_cmd_def *def,
                       const mla_imap_words_args *in, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct words_args *a;
    int rc = imap_cmd_new(e, def, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->count = in->word_count;
    rc = imap_cmd_strs(c, in->words, in->word_count, &a->words);
    for (size_t i = 0; rc == 0 && i < a->count; i++)
        if (a->words[i].len == 0 || !imap_enc_is_ascii(a->words[i]) ||
            memchr(a->words[i].ptr, 0, a->words[i].len) != NULL)
            rc = MLA_E_ARG;
    return imap_cmd_queue(e, c, rc, "a word is missing or is not US-ASCII", out_ticket, err);
}

int imap_cmd_language(struct imap_engine *e, const mla_imap_words_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    return queue_words(e, &def_language, in, out_ticket, err);
}

int imap_cmd_comparator(struct imap_engine *e, const mla_imap_words_args *in, uint64_t *out_ticket,
                        mla_error *err)
{
    return queue_words(e, &def_comparator, in, out_ticket, err);
}

/* --- GETJMAPACCESS, RFC 9698 section 3 --- */

static int jmap_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    imap_enc_word(c->enc, c->def->verb);
    return 0;
}

static const struct imap_cmd_def def_getjmapaccess = {
    .verb = "GETJMAPACCESS",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .capability = "JMAPACCESS",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_JMAPACCESS),
    .encode = jmap_encode,
};

int imap_cmd_getjmapaccess(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_getjmapaccess, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}
