/* cmd_enable.c - ENABLE (RFC 5161, RFC 9051 section 6.3.1), by the caller and by the library. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/ascii.h"

#include <string.h>

enum { ENABLE_WORDS_MAX = 100 };

static const struct {
    const char *word;
    uint32_t bits;
    int assumed; /* on after OK also where the server forgets to say ENABLED (iCloud) */
} known[] = {
    {"CONDSTORE", IMAP_ENABLED_CONDSTORE, 1},
    {"QRESYNC", IMAP_ENABLED_QRESYNC | IMAP_ENABLED_CONDSTORE, 1},
    {"IMAP4rev2", IMAP_ENABLED_REV2, 0},
    {"UTF8=ACCEPT", IMAP_ENABLED_UTF8, 0},
    {"UIDONLY", IMAP_ENABLED_UIDONLY, 0},
};

static const size_t known_count = sizeof known / sizeof known[0];

struct enable_args {
    const mla_str *words;
    size_t count;
    int told; /* ENABLED came */
};

static size_t find(mla_str word)
{
    size_t i = 0;

    while (i < known_count && !ascii_equal_word(word.ptr, word.len, known[i].word))
        i++;
    return i;
}

int imap_enabled(struct imap_engine *e, const mla_str *words, size_t count)
{
    struct imap_cmd *c = imap_queue_answered(&e->queue, MLA_IMAP_EV_ENABLED);

    if (c == NULL)
        return 0;
    ((struct enable_args *)c->args)->told = 1;
    for (size_t i = 0; i < count; i++) {
        size_t at = find(words[i]);

        if (at < known_count)
            e->caps.enabled |= known[at].bits;
    }
    return 1;
}

/* RFC 5161 section 3.1: only what was announced may be asked for. */
static int enable_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct enable_args *a = c->args;
    int any = 0;

    imap_enc_word(c->enc, "ENABLE");
    for (size_t i = 0; i < a->count; i++) {
        size_t at = find(a->words[i]);

        /* UTF8=ONLY is enabled by the word UTF8=ACCEPT (RFC 6855 section 6). */
        if (!imap_caps_has_str(&e->caps, a->words[i]) &&
            !(at < known_count && known[at].bits == IMAP_ENABLED_UTF8 &&
              imap_caps_has(&e->caps, "UTF8=ONLY")))
            continue;
        imap_enc_space(c->enc);
        imap_enc_atom(c->enc, a->words[i]);
        any = 1;
    }
    return any ? 0 : MLA_E_UNSUPPORTED;
}

static int enable_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    const struct enable_args *a = c->args;

    for (size_t i = 0; i < a->count && d->error == 0 && !a->told; i++) {
        size_t at = find(a->words[i]);

        if (at < known_count && known[at].assumed && imap_caps_has_str(&e->caps, a->words[i]))
            e->caps.enabled |= known[at].bits;
    }
    return CMD_OVER;
}

/* RFC 5161 section 3.1: not once a mailbox is selected. */
static const struct imap_cmd_def def_enable = {
    .verb = "ENABLE",
    .states = 1 << IMAP_STATE_AUTHENTICATED,
    .flags = CMD_CAPS | CMD_ENABLES,
    .capability = "ENABLE",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_ENABLED),
    .encode = enable_encode,
    .done = enable_done,
};

static int fill(struct imap_cmd *c, const mla_str *words, size_t count)
{
    struct enable_args *a = c->args;

    if (count == 0 || count > ENABLE_WORDS_MAX || words == NULL)
        return MLA_E_ARG;
    for (size_t i = 0; i < count; i++)
        if (words[i].ptr == NULL || !imap_enc_is_atom(words[i]))
            return MLA_E_ARG;
    a->count = count;
    return imap_cmd_strs(c, words, count, &a->words);
}

int imap_cmd_enable(struct imap_engine *e, const mla_str *words, size_t count, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_enable, sizeof(struct enable_args), &c);

    if (rc != 0)
        return rc;
    rc = fill(c, words, count);
    return imap_cmd_queue(e, c, rc, "no extension is named, or a name is no atom", out_ticket, err);
}

int imap_enable_rev2(struct imap_engine *e)
{
    const mla_str word = imap_str("IMAP4rev2");
    struct imap_cmd *c;
    int rc;

    if (e->opts->stay_rev1 || !imap_caps_has(&e->caps, "IMAP4rev2") ||
        !imap_caps_has(&e->caps, "IMAP4rev1") || !imap_caps_can(&e->caps, "ENABLE"))
        return 0;
    rc = imap_cmd_new(e, &def_enable, sizeof(struct enable_args), &c);
    if (rc == 0) {
        rc = fill(c, &word, 1);
        if (rc != 0)
            imap_cmd_free(e, c);
    }
    if (rc != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    imap_queue_add_first(&e->queue, c);
    return 0;
}
