/* discover.c - see discover.h */
#include "discover/discover.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "discover/account.h"
#include "discover/autoconfig.h"
#include "discover/list.h"
#include "discover/provider.h"
#include "discover/srv.h"
#include "net/hostname.h"

#include <string.h>

enum {
    HELD_MAX = 2097152, /* octets of everything a handle holds: docs/limits.md */
    SRV_MAX = 8,        /* servers of one service that are offered */
    QUESTIONS = 5,      /* the four services, and MX */
    URLS = 5,           /* the domain's two, the ISPDB's, and two of it by MX */
    EVENTS = QUESTIONS + URLS + 1,
    ALL_SOURCES = 63,
    ALL_PROTOCOLS = MLA_DISCOVER_IMAP | MLA_DISCOVER_POP3
};

/* RFC 6186 section 3.2 (STARTTLS), RFC 8314 section 5.1 (TLS). */
static const struct service {
    const char *label;
    uint32_t protocol;
    uint32_t security;
} services[] = {
    {"_imaps._tcp.", MLA_DISCOVER_IMAP, LIST_TLS},
    {"_imap._tcp.", MLA_DISCOVER_IMAP, LIST_STARTTLS},
    {"_pop3s._tcp.", MLA_DISCOVER_POP3, LIST_TLS},
    {"_pop3._tcp.", MLA_DISCOVER_POP3, LIST_STARTTLS},
};
enum { SERVICES = 4 };

struct question {
    const char *name;
    int type;
    int service;  /* of services[]; -1: MX */
    int answered; /* 1, or 2 where there was a usable answer */
    int not_offered;
    struct dns_answer *answer; /* the arena's; NULL: none */
};

struct url {
    int told_as; /* tier of its candidates */
    int given;
    int authenticated; /* what led to it may be believed */
};

struct discover {
    const struct mem *mem;
    struct arena arena;
    struct account address;
    struct list list;
    struct srv_random random;
    uint32_t protocols;
    uint32_t skip;
    int url_address;
    int cleartext;
    struct question questions[QUESTIONS];
    size_t question_count;
    size_t answered;
    struct url urls[URLS];
    uint32_t url_count;
    struct mla_discover_event events[EVENTS];
    size_t event_count;
    size_t told;
    char mx_inside[DNS_NAME_MAX + 1]; /* a mail exchanger within the domain; "": none */
};

/* --- events --- */

/* There is room for all that can happen. */
static struct mla_discover_event *add_event(struct discover *d, int32_t type)
{
    struct mla_discover_event *ev = &d->events[d->event_count++];

    memset(ev, 0, sizeof *ev);
    ev->type = type;
    ev->url.struct_size = sizeof ev->url;
    ev->lookup.struct_size = sizeof ev->lookup;
    return ev;
}

int discover_next(struct discover *d, const struct mla_discover_event **out)
{
    if (d->told == d->event_count)
        return 0;
    *out = &d->events[d->told++];
    return 1;
}

int discover_is_over(const struct discover *d)
{
    return d->told != 0 && d->events[d->told - 1].type == MLA_DISCOVER_EV_DONE;
}

/* --- text --- */

/* Up to three words joined, the arena's; NULL when memory is short. */
static const char *joined(struct discover *d, const char *a, const char *b, const char *c)
{
    struct buf text;
    const char *out = NULL;

    buf_init(&text, d->mem, 8192);
    (void)buf_add_word(&text, a);
    (void)buf_add_word(&text, b);
    (void)buf_add_word(&text, c);
    if (text.failed == 0)
        out = arena_dup(&d->arena, text.ptr, text.len);
    buf_free(&text);
    return out;
}

/* --- the table --- */

static const char *user_of(const struct discover *d, uint32_t kind)
{
    return kind == MLA_DISCOVER_USER_LOCAL ? d->address.local
           : kind == MLA_DISCOVER_USER_ASK ? NULL
                                           : d->address.text;
}

static int add_provider_server(struct discover *d, const struct provider *p, uint32_t protocol,
                               uint32_t tier, int authenticated)
{
    const struct provider_server *s = protocol == MLA_DISCOVER_IMAP ? &p->imap : &p->pop3;
    mla_discover_candidate c;

    if (s->host == NULL || (d->protocols & protocol) == 0)
        return 0;
    memset(&c, 0, sizeof c);
    c.protocol = protocol;
    c.host = s->host;
    c.port = s->port;
    c.security = s->security;
    c.sources = tier == TIER_TABLE ? MLA_DISCOVER_FROM_TABLE : MLA_DISCOVER_FROM_MX;
    /* The local part names nobody where the domain is the customer's own. */
    c.user_kind = tier == TIER_MX && p->user_kind == MLA_DISCOVER_USER_LOCAL ? MLA_DISCOVER_USER_ASK
                                                                             : p->user_kind;
    c.user = user_of(d, c.user_kind);
    c.auth = p->auth;
    c.hints = p->hints | s->hints;
    c.provider = p->name;
    c.help_url = p->help_url;
    if (p->oauth != NULL) {
        c.oauth_issuer = p->oauth->issuer;
        c.oauth_scope = protocol == MLA_DISCOVER_IMAP ? p->oauth->imap_scope : p->oauth->pop3_scope;
        c.oauth_auth_url = p->oauth->auth_url;
        c.oauth_token_url = p->oauth->token_url;
    }
    return list_add(&d->list, &c, tier, authenticated);
}

static int add_provider(struct discover *d, const struct provider *p, uint32_t tier,
                        int authenticated)
{
    int rc = add_provider_server(d, p, MLA_DISCOVER_IMAP, tier, authenticated);

    return rc != 0 ? rc : add_provider_server(d, p, MLA_DISCOVER_POP3, tier, authenticated);
}

/* --- files to fetch --- */

static int add_url(struct discover *d, const char *url, int tier, int authenticated)
{
    struct mla_discover_event *ev;

    if (url == NULL)
        return MLA_E_NOMEM;
    d->urls[d->url_count].told_as = tier;
    d->urls[d->url_count].authenticated = authenticated;
    ev = add_event(d, MLA_DISCOVER_EV_URL);
    ev->url.id = d->url_count++;
    ev->url.source =
        tier == TIER_AUTOCONFIG ? MLA_DISCOVER_FROM_AUTOCONFIG : MLA_DISCOVER_FROM_ISPDB;
    ev->url.by_mx = tier == TIER_ISPDB_MX;
    ev->url.url = url;
    return 0;
}

static const char ispdb[] = "https://autoconfig.thunderbird.net/v1.1/";

/* The address goes to nobody but the domain itself, and only where the caller wants it. */
static int add_urls(struct discover *d)
{
    static const char path[] = "/mail/config-v1.1.xml";
    const char *query = "";
    const char *own;
    int rc = 0;

    if ((d->skip & MLA_DISCOVER_FROM_AUTOCONFIG) == 0) {
        if (d->url_address) {
            const char *escaped = account_escape(d->address.text, &d->arena);

            query = escaped != NULL ? joined(d, "?emailaddress=", escaped, "") : NULL;
            if (query == NULL)
                return MLA_E_NOMEM;
        }
        own = joined(d, "https://autoconfig.", d->address.domain, path);
        rc = add_url(d, own != NULL ? joined(d, own, query, "") : NULL, TIER_AUTOCONFIG, 1);
        if (rc == 0)
            rc = add_url(d,
                         joined(d, "https://", d->address.domain,
                                "/.well-known/autoconfig/mail/config-v1.1.xml"),
                         TIER_AUTOCONFIG, 1);
    }
    if (rc == 0 && (d->skip & MLA_DISCOVER_FROM_ISPDB) == 0)
        rc = add_url(d, joined(d, ispdb, d->address.domain, ""), TIER_ISPDB, 1);
    return rc;
}

/* What is left of host when all but its last count labels go; NULL when there are no more. */
static const char *last_labels(const char *host, int count)
{
    const char *s = host + strlen(host);

    while (s > host && count > 0)
        if (*--s == '.')
            count--;
    return count == 0 ? s + 1 : NULL;
}

/* The list has the domains of hosters: those that the mail exchanger is below, with three labels
 * and with two. */
static int add_mx_urls(struct discover *d, const char *host, int authenticated)
{
    int rc = 0;

    for (int labels = 3; labels >= 2 && rc == 0; labels--) {
        const char *name = last_labels(host, labels);

        if (name != NULL)
            rc = add_url(d, joined(d, ispdb, name, ""), TIER_ISPDB_MX, authenticated);
    }
    return rc;
}

static int give_server(struct discover *d, const struct url *u, const mla_discover_candidate *from,
                       int verified)
{
    mla_discover_candidate c = *from;

    c.sources =
        u->told_as == TIER_AUTOCONFIG ? MLA_DISCOVER_FROM_AUTOCONFIG : MLA_DISCOVER_FROM_ISPDB;
    /* People are sent to these pages and asked for a password there: somebody has to vouch for
     * them, or a name that is right otherwise would bring them along. */
    if (!verified) {
        c.provider = c.help_url = c.oauth_issuer = c.oauth_scope = NULL;
        c.oauth_auth_url = c.oauth_token_url = NULL;
    }
    return list_add(&d->list, &c,
                    c.security == LIST_CLEARTEXT ? TIER_CLEARTEXT : (uint32_t)u->told_as,
                    verified && u->authenticated);
}

static int is_wanted(const struct discover *d, const mla_discover_candidate *c)
{
    return (d->protocols & c->protocol) != 0 && (c->security != LIST_CLEARTEXT || d->cleartext);
}

/* The protocol that the file names first comes first, and TLS before STARTTLS. */
static int give_servers(struct discover *d, const struct url *u, const struct autoconfig *file,
                        int verified, uint32_t *out_count)
{
    uint32_t first = file->count != 0 ? file->servers[0].protocol : 0;
    int rc = 0;

    for (uint32_t round = 0; round < 6; round++)
        for (uint32_t i = 0; i < file->count && rc == 0; i++) {
            const mla_discover_candidate *c = &file->servers[i];

            if ((c->protocol != first) != (round >= 3) || c->security != round % 3 ||
                !is_wanted(d, c))
                continue;
            rc = give_server(d, u, c, verified);
            ++*out_count;
        }
    return rc;
}

int discover_give(struct discover *d, uint32_t id, const void *data, size_t len, int verified,
                  uint32_t *out_count, mla_error *err)
{
    struct autoconfig *file;
    struct arena scratch;
    uint32_t count = 0;
    int rc;

    if (id >= d->url_count)
        return fail(err, MLA_E_ARG, "there is no file of that number");
    if (d->urls[id].given)
        return fail(err, MLA_E_STATE, "that file was given before");
    file = mem_zero(d->mem, sizeof *file);
    if (file == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    arena_init(&scratch, d->mem, HELD_MAX);
    rc = autoconfig_read(data, len, &d->address, &scratch, file, err);
    if (rc == 0) {
        rc = give_servers(d, &d->urls[id], file, verified, &count);
        if (rc != 0)
            fail(err, rc, "out of memory");
        d->urls[id].given = 1;
    }
    arena_free(&scratch);
    mem_free(d->mem, file);
    if (rc == 0 && out_count != NULL)
        *out_count = count;
    return rc;
}

/* --- SRV --- */

static struct question *question_of(struct discover *d, int service)
{
    for (size_t i = 0; i < d->question_count; i++)
        if (d->questions[i].service == service)
            return &d->questions[i];
    return NULL;
}

/* The lowest priority among a protocol's records; above all of them when it has none. */
static uint32_t best_priority(struct discover *d, uint32_t protocol)
{
    uint32_t best = UINT32_MAX;

    for (int i = 0; i < SERVICES; i++) {
        const struct question *q = question_of(d, i);

        if (services[i].protocol != protocol || q == NULL || q->answer == NULL)
            continue;
        for (size_t k = 0; k < q->answer->count; k++)
            if (q->answer->records[k].target[0] != '\0' && q->answer->records[k].priority < best)
                best = q->answer->records[k].priority;
    }
    return best;
}

static int add_service(struct discover *d, int service)
{
    const struct question *q = question_of(d, service);
    mla_discover_candidate c;
    int rc = 0;

    if (q == NULL || q->answer == NULL)
        return 0;
    srv_order(q->answer->records, q->answer->count, &d->random);
    for (size_t i = 0; i < q->answer->count && i < SRV_MAX && rc == 0; i++) {
        const struct dns_record *r = &q->answer->records[i];
        struct hostname name;

        /* RFC 2782: the target is a name; an address would be somebody's mistake, or worse. */
        if (r->target[0] == '\0' || hostname_parse(r->target, &name, NULL) != 0 || name.ip_len != 0)
            continue;
        memset(&c, 0, sizeof c);
        c.protocol = services[service].protocol;
        c.security = services[service].security;
        c.host = r->target;
        c.port = r->port;
        c.user = d->address.text;
        c.user_kind = MLA_DISCOVER_USER_GUESS;
        c.sources = MLA_DISCOVER_FROM_SRV;
        rc = list_add(&d->list, &c, TIER_SRV, q->answer->authenticated);
    }
    return rc;
}

/* All services are answered: RFC 6186 section 3.3 lets the domain prefer a protocol by its
 * priorities; RFC 8314 section 3 wants TLS from the first octet where there is both. */
static int add_services(struct discover *d)
{
    static const int orders[2][SERVICES] = {{0, 1, 2, 3}, {2, 3, 0, 1}};
    int pop3_first = best_priority(d, MLA_DISCOVER_POP3) < best_priority(d, MLA_DISCOVER_IMAP);
    int rc = 0;

    for (int i = 0; i < SERVICES && rc == 0; i++)
        rc = add_service(d, orders[pop3_first][i]);
    return rc;
}

/* --- MX --- */

static int add_mx(struct discover *d, struct dns_answer *a)
{
    const struct provider *p = NULL;
    const char *first = NULL;

    srv_order(a->records, a->count, &d->random);
    for (size_t i = 0; i < a->count; i++) {
        const char *host = a->records[i].target;

        if (host[0] == '\0') /* RFC 7505: this domain takes no mail */
            continue;
        if (first == NULL)
            first = host;
        if (p == NULL)
            p = provider_by_mx(host);
        if (account_is_within(host, d->address.domain) && d->mx_inside[0] == '\0')
            memcpy(d->mx_inside, host, strlen(host) + 1);
    }
    if (p != NULL)
        return add_provider(d, p, TIER_MX, a->authenticated);
    if (first == NULL || account_is_within(first, d->address.domain) ||
        (d->skip & MLA_DISCOVER_FROM_ISPDB) != 0)
        return 0;
    return add_mx_urls(d, first, a->authenticated);
}

/* --- guesses --- */

static int add_guess(struct discover *d, const char *host, int service)
{
    const struct question *q = question_of(d, service);
    mla_discover_candidate c;

    if ((d->protocols & services[service].protocol) == 0 || (q != NULL && q->not_offered))
        return 0;
    if (host == NULL)
        return MLA_E_NOMEM;
    memset(&c, 0, sizeof c);
    c.protocol = services[service].protocol;
    c.security = services[service].security;
    c.host = host;
    c.port = service == 0 ? 993 : service == 1 ? 143 : service == 2 ? 995 : 110;
    c.user = d->address.text;
    c.user_kind = MLA_DISCOVER_USER_GUESS;
    c.sources = MLA_DISCOVER_FROM_GUESS;
    return list_add(&d->list, &c, TIER_GUESS, 0);
}

/* Usual names, all within the domain, so that its certificates are for them. */
static int add_guesses(struct discover *d)
{
    const char *domain = d->address.domain;
    const char *mail = joined(d, "mail.", domain, "");
    const char *own[2][2];
    int rc = 0;

    own[0][0] = joined(d, "imap.", domain, "");
    own[1][0] = joined(d, "pop.", domain, "");
    own[0][1] = NULL;
    own[1][1] = joined(d, "pop3.", domain, "");
    for (int pop3 = 0; pop3 < 2 && rc == 0; pop3++)
        for (int service = 2 * pop3; service < 2 * pop3 + 2 && rc == 0; service++) {
            rc = add_guess(d, own[pop3][0], service);
            if (rc == 0)
                rc = add_guess(d, mail, service);
            if (rc == 0 && pop3)
                rc = add_guess(d, own[pop3][1], service);
            if (rc == 0 && d->mx_inside[0] != '\0')
                rc = add_guess(d, d->mx_inside, service);
            if (rc == 0)
                rc = add_guess(d, domain, service);
        }
    return rc;
}

/* --- questions and answers --- */

static int add_question(struct discover *d, const char *label, int service, int type)
{
    struct question *q = &d->questions[d->question_count];

    q->name = joined(d, label, d->address.domain, "");
    if (q->name == NULL)
        return MLA_E_NOMEM;
    q->type = type;
    q->service = service;
    d->question_count++;
    return 0;
}

static int add_questions(struct discover *d)
{
    int rc = 0;

    if ((d->skip & MLA_DISCOVER_FROM_SRV) == 0)
        for (int i = 0; i < SERVICES && rc == 0; i++)
            if ((d->protocols & services[i].protocol) != 0)
                rc = add_question(d, services[i].label, i, DNS_TYPE_SRV);
    if (rc == 0 && (d->skip & MLA_DISCOVER_FROM_MX) == 0)
        rc = add_question(d, "", -1, DNS_TYPE_MX);
    return rc;
}

size_t discover_question_count(const struct discover *d)
{
    return d->question_count;
}

const char *discover_question(const struct discover *d, size_t i, int *out_type)
{
    *out_type = d->questions[i].type;
    return d->questions[i].name;
}

int discover_is_answered(const struct discover *d, size_t i)
{
    return d->questions[i].answered != 0;
}

/* Everybody has answered. */
static int finish(struct discover *d)
{
    int rc = add_services(d);

    if (rc == 0 && (d->skip & MLA_DISCOVER_FROM_GUESS) == 0)
        rc = add_guesses(d);
    (void)add_event(d, MLA_DISCOVER_EV_DONE);
    return rc;
}

int discover_answer(struct discover *d, size_t i, int error, const struct dns_answer *a)
{
    struct question *q = &d->questions[i];
    struct mla_discover_event *ev;
    int rc = 0;
    int end;

    if (q->answered)
        return 0;
    q->answered = 1;
    ev = add_event(d, MLA_DISCOVER_EV_LOOKUP);
    ev->lookup.error = error;
    ev->lookup.name = q->name;
    ev->lookup.is_mx = q->service < 0;
    if (error == 0) {
        q->answer = arena_alloc(&d->arena, sizeof *q->answer);
        if (q->answer != NULL) {
            *q->answer = *a;
            q->not_offered = srv_not_offered(a);
            ev->lookup.count = q->not_offered ? 0 : (uint32_t)a->count;
            ev->lookup.not_offered = (uint32_t)q->not_offered;
            ev->lookup.authenticated = a->authenticated != 0;
        } else {
            rc = ev->lookup.error = MLA_E_NOMEM;
        }
    }
    if (rc == 0 && q->service < 0 && q->answer != NULL)
        rc = add_mx(d, q->answer);
    if (++d->answered < d->question_count)
        return rc;
    end = finish(d);
    return rc != 0 ? rc : end;
}

/* --- the handle --- */

static int check_args(const mla_discover_args *in, mla_error *err)
{
    if ((in->protocols & ~(uint32_t)ALL_PROTOCOLS) != 0 || (in->skip & ~(uint32_t)ALL_SOURCES) != 0)
        return fail(err, MLA_E_ARG, "protocols or skip has an unknown bit");
    if (in->name_server_port > 65535)
        return fail(err, MLA_E_ARG, "the port of the name server is out of range");
    return 0;
}

static int begin(struct discover *d, const mla_discover_args *in, mla_error *err)
{
    const struct provider *p;
    int rc = account_parse(in->address, &d->arena, &d->address, err);

    if (rc != 0)
        return rc;
    list_init(&d->list, &d->arena, d->address.domain);
    p = (d->skip & MLA_DISCOVER_FROM_TABLE) == 0 ? provider_by_domain(d->address.domain) : NULL;
    if (p != NULL)
        rc = add_provider(d, p, TIER_TABLE, 1);
    if (rc == 0 && p != NULL && in->thorough == 0) {
        (void)add_event(d, MLA_DISCOVER_EV_DONE);
        return 0;
    }
    if (rc == 0)
        rc = add_urls(d);
    if (rc == 0)
        rc = add_questions(d);
    if (rc == 0 && d->question_count == 0)
        rc = finish(d);
    return rc != 0 ? fail(err, rc, "out of memory") : 0;
}

int discover_new(const struct mem *mem, const mla_discover_args *args, uint64_t seed,
                 struct discover **out, mla_error *err)
{
    struct discover *d;
    int rc = check_args(args, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    d = mem_zero(mem, sizeof *d);
    if (d == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    d->mem = mem;
    arena_init(&d->arena, mem, HELD_MAX);
    d->random.state = seed;
    d->protocols = args->protocols != 0 ? args->protocols : (uint32_t)ALL_PROTOCOLS;
    d->skip = args->skip;
    d->url_address = args->url_address != 0;
    d->cleartext = args->cleartext != 0;
    rc = begin(d, args, err);
    if (rc != 0) {
        discover_free(d);
        return rc;
    }
    *out = d;
    return 0;
}

void discover_free(struct discover *d)
{
    if (d == NULL)
        return;
    arena_free(&d->arena);
    mem_free(d->mem, d);
}

uint32_t discover_candidate_count(const struct discover *d)
{
    return d->list.count;
}

const mla_discover_candidate *discover_candidate(const struct discover *d, uint32_t i)
{
    return i < d->list.count ? &d->list.entries[i].c : NULL;
}

const char *discover_domain(const struct discover *d)
{
    return d->address.domain;
}
