/* list.c - see list.h */
#include "discover/list.h"

#include "base/ascii.h"
#include "discover/account.h"
#include "mailaccess/types.h"

#include <stddef.h>
#include <string.h>

void list_init(struct list *l, struct arena *arena, const char *domain)
{
    memset(l, 0, sizeof *l);
    l->arena = arena;
    l->domain = domain;
}

/* The arena's old array is left to the arena: all of them together are twice the last one. */
static int list_grow(struct list *l)
{
    uint32_t cap = l->cap == 0 ? 16 : l->cap * 2;
    struct list_entry *e = arena_array(l->arena, cap, sizeof *e);

    if (e == NULL)
        return MLA_E_NOMEM;
    if (l->count != 0)
        memcpy(e, l->entries, sizeof *e * l->count);
    l->entries = e;
    l->cap = cap;
    return 0;
}

static int keep(struct list *l, const char **text)
{
    if (*text == NULL)
        return 0;
    *text = arena_dup(l->arena, *text, strlen(*text));
    return *text != NULL ? 0 : MLA_E_NOMEM;
}

static int keep_texts(struct list *l, mla_discover_candidate *c)
{
    const char **texts[] = {&c->host,           &c->user,           &c->provider,
                            &c->help_url,       &c->oauth_issuer,   &c->oauth_scope,
                            &c->oauth_auth_url, &c->oauth_token_url};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (keep(l, texts[i]) != 0)
            return MLA_E_NOMEM;
    return 0;
}

static int is_same(const mla_discover_candidate *a, const mla_discover_candidate *b)
{
    return a->protocol == b->protocol && a->port == b->port && a->security == b->security &&
           ascii_equal(a->host, strlen(a->host), b->host, strlen(b->host));
}

/* What the better one does not know is taken from the other. */
static void join(mla_discover_candidate *better, const mla_discover_candidate *other)
{
    better->sources |= other->sources;
    if (better->user_kind == MLA_DISCOVER_USER_GUESS) {
        better->user = other->user;
        better->user_kind = other->user_kind;
    }
    if (better->auth == 0)
        better->auth = other->auth;
    better->hints |= other->hints;
    if (better->provider == NULL) {
        better->provider = other->provider;
        better->help_url = other->help_url;
    }
    if (better->oauth_issuer == NULL) {
        better->oauth_issuer = other->oauth_issuer;
        better->oauth_scope = other->oauth_scope;
        better->oauth_auth_url = other->oauth_auth_url;
        better->oauth_token_url = other->oauth_token_url;
    }
    better->flags |= other->flags & MLA_DISCOVER_AUTHENTICATED;
}

static void set_confirm(mla_discover_candidate *c)
{
    c->flags &= ~(uint32_t)MLA_DISCOVER_CONFIRM;
    if ((c->flags & (MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_AUTHENTICATED)) == MLA_DISCOVER_OUTSIDE)
        c->flags |= MLA_DISCOVER_CONFIRM;
}

static void take_out(struct list *l, uint32_t i)
{
    l->count--;
    memmove(l->entries + i, l->entries + i + 1, sizeof *l->entries * (l->count - i));
}

/* Behind all of its tier. */
static void put_in(struct list *l, const struct list_entry *e)
{
    uint32_t i = l->count;

    while (i > 0 && l->entries[i - 1].tier > e->tier)
        i--;
    memmove(l->entries + i + 1, l->entries + i, sizeof *l->entries * (l->count - i));
    l->entries[i] = *e;
    l->count++;
}

int list_add(struct list *l, const mla_discover_candidate *c, uint32_t tier, int authenticated)
{
    struct list_entry e = {*c, tier};
    uint32_t i = 0;

    e.c.struct_size = sizeof e.c;
    e.c.flags = (account_is_within(c->host, l->domain) ? 0 : MLA_DISCOVER_OUTSIDE) |
                (authenticated ? MLA_DISCOVER_AUTHENTICATED : 0);
    while (i < l->count && !is_same(&l->entries[i].c, c))
        i++;
    if (i == l->count && l->count == LIST_MAX)
        return 0;
    if ((l->count == l->cap && list_grow(l) != 0) || keep_texts(l, &e.c) != 0)
        return MLA_E_NOMEM;
    if (i == l->count) {
        set_confirm(&e.c);
        put_in(l, &e);
    } else if (l->entries[i].tier <= tier) {
        join(&l->entries[i].c, &e.c);
        set_confirm(&l->entries[i].c);
    } else {
        join(&e.c, &l->entries[i].c);
        set_confirm(&e.c);
        take_out(l, i);
        put_in(l, &e);
    }
    return 0;
}
