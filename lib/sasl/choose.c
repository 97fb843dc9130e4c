/* choose.c - see choose.h */
#include "sasl/choose.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "base/slice.h"
#include "sasl/saslprep.h"

#include <string.h>

static size_t mech_index(const struct sasl_mech *mech)
{
    size_t count;
    const struct sasl_mech *const *all = sasl_all(&count);
    size_t i = 0;

    while (i < count && all[i] != mech)
        i++;
    return i;
}

static size_t binding_count(const struct sasl_bindings *b)
{
    return b != NULL ? b->count : 0;
}

static int is_plus(const struct sasl_mech *mech)
{
    return (mech->flags & SASL_BINDS) != 0;
}

void sasl_tried_add(struct sasl_tried *t, const struct sasl_mech *mech,
                    const struct sasl_bindings *bindings)
{
    size_t count;
    const struct sasl_mech *const *all = sasl_all(&count);

    if (!is_plus(mech)) {
        t->skipped |= (uint32_t)1 << mech_index(mech);
        return;
    }
    if (++t->binding < binding_count(bindings))
        return;
    for (size_t i = 0; i < count; i++)
        if (is_plus(all[i]))
            t->skipped |= (uint32_t)1 << i;
}

int sasl_strength(const struct sasl_mech *mech)
{
    if (is_plus(mech))
        return SASL_STRENGTH_BOUND;
    if ((mech->flags & SASL_MUTUAL) != 0)
        return SASL_STRENGTH_MUTUAL;
    if ((mech->flags & SASL_PLAINTEXT) != 0)
        return SASL_STRENGTH_SHOWN;
    if ((mech->flags & SASL_NO_SECRET) == 0)
        return SASL_STRENGTH_HIDDEN;
    /* EXTERNAL: the certificates of both ends, of this very connection */
    return (mech->flags & SASL_NAMED) != 0 ? SASL_STRENGTH_NONE : SASL_STRENGTH_BOUND;
}

void sasl_bindings_known(struct sasl_bindings *b, mla_str text, int *is_cyrus)
{
    static const char name[] = "Cyrus ";
    const size_t n = sizeof name - 1;
    size_t kept = 0;

    for (size_t i = 0; text.ptr != NULL && i + n <= text.len; i++)
        if (memcmp(text.ptr + i, name, n) == 0)
            *is_cyrus = 1;
    if (!*is_cyrus)
        return;
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->list[i].name, "tls-unique") == 0)
            b->list[kept++] = b->list[i];
    b->count = kept;
}

static int is_announced(const struct sasl_choice *c, const struct sasl_mech *mech)
{
    for (size_t i = 0; i < c->word_count; i++)
        if (ascii_equal_word(c->words[i].ptr, c->words[i].len, mech->name))
            return 1;
    return 0;
}

/* Does the server offer anything that binds? */
static int offers_plus(const struct sasl_choice *c)
{
    size_t count;
    const struct sasl_mech *const *all = sasl_all(&count);

    for (size_t i = 0; i < count; i++)
        if (is_plus(all[i]) && is_announced(c, all[i]))
            return 1;
    return 0;
}

void sasl_bind(const struct sasl_choice *c, const struct sasl_mech *mech, struct sasl_peer *peer)
{
    size_t at = c->tried != NULL ? c->tried->binding : 0;

    memset(&peer->binding, 0, sizeof peer->binding);
    if (is_plus(mech) && at < binding_count(c->bindings))
        peer->binding = c->bindings->list[at];
    peer->no_plus = binding_count(c->bindings) != 0 && !offers_plus(c);
}

/* Why the configuration has something against a mechanism. */
enum { POLICY_TLS = 1, POLICY_WEAK = 2, POLICY_TEXT = 4 };

/* Passwords have characters that Unicode 3.2 did not know, which SASLprep forbids (RFC 4013 section
 * 2.5): with them a mechanism that sends what was typed is the strongest that there is. */
static const char *not_preparable(const struct sasl_creds *c)
{
    if (!saslprep_fits(c->mem, c->user, SASLPREP_QUERY))
        return "the user name";
    if (!saslprep_fits(c->mem, c->password, SASLPREP_STORED))
        return "the password";
    if (c->authzid.len != 0 && !saslprep_fits(c->mem, c->authzid, SASLPREP_QUERY))
        return "the authorization identity";
    return NULL;
}

/* 1: take it. *policy gets POLICY_* when that alone speaks against it. */
static int is_usable(const struct sasl_choice *c, const struct sasl_mech *mech, int *policy)
{
    if (c->tried != NULL && (c->tried->skipped & ((uint32_t)1 << mech_index(mech))) != 0)
        return 0;
    if (!is_announced(c, mech) || !sasl_fits(mech, c->creds))
        return 0;
    if (is_plus(mech) && binding_count(c->bindings) == 0)
        return 0;
    if (sasl_strength(mech) < c->min) {
        *policy |= POLICY_WEAK;
        return 0;
    }
    if ((mech->flags & SASL_PLAINTEXT) != 0 && !c->tls && !c->cleartext) {
        *policy |= POLICY_TLS;
        return 0;
    }
    if ((mech->flags & SASL_PREPARES) != 0 && not_preparable(c->creds) != NULL) {
        *policy |= POLICY_TEXT;
        return 0;
    }
    return 1;
}

/* The next word of a list: 1, or 0 at its end. */
static int next_word(struct slice *list, struct slice *word)
{
    slice_skip_spaces(list);
    if (list->p == list->end)
        return 0;
    *word = slice_until(list, ' ');
    return 1;
}

static const struct sasl_mech *choose_listed(const struct sasl_choice *c, int *policy)
{
    struct slice list = slice_of(c->list, strlen(c->list));
    struct slice word;

    while (next_word(&list, &word)) {
        const struct sasl_mech *m = sasl_find((const char *)word.p, slice_left(&word));

        if (m != NULL && is_usable(c, m, policy))
            return m;
    }
    return NULL;
}

/* The strongest of those that come early (last: late) over this connection. */
static const struct sasl_mech *choose_strongest(const struct sasl_choice *c, int last, int *policy)
{
    size_t count;
    const struct sasl_mech *const *all = sasl_all(&count);

    for (size_t i = 0; i < count; i++) {
        int is_last = c->tls && (all[i]->flags & SASL_NO_TLS) != 0;

        if ((all[i]->flags & SASL_NAMED) == 0 && is_last == last && is_usable(c, all[i], policy))
            return all[i];
    }
    return NULL;
}

int sasl_choose(const struct sasl_choice *c, const struct sasl_mech **out, mla_error *err)
{
    const struct sasl_mech *found = NULL;
    int policy = 0;

    if (c->list != NULL) {
        found = choose_listed(c, &policy);
    } else {
        found = choose_strongest(c, 0, &policy);
        if (found == NULL)
            found = choose_strongest(c, 1, &policy);
    }
    if (found == NULL && (policy & POLICY_TEXT) != 0)
        return fail(err, MLA_E_ARG,
                    "%s has characters that SASLprep (RFC 4013) does not let through",
                    not_preparable(c->creds));
    if (found == NULL && (policy & POLICY_WEAK) != 0)
        return fail(err, MLA_E_POLICY,
                    "the ways to log in that the server offers are weaker than what is demanded");
    if (found == NULL && policy != 0)
        return fail(err, MLA_E_POLICY, "no password is sent without TLS");
    if (found == NULL)
        return fail(err, MLA_E_UNSUPPORTED,
                    "the server offers no way to log in that is allowed and fits the credentials");
    *out = found;
    return 0;
}

int sasl_list_valid(const char *list)
{
    struct slice s = slice_of(list, strlen(list));
    struct slice word;
    int any = 0;

    while (next_word(&s, &word)) {
        if (sasl_find((const char *)word.p, slice_left(&word)) == NULL)
            return 0;
        any = 1;
    }
    return any;
}
