/* autoconfig.c - see autoconfig.h. Elements that are not named here mean nothing and are passed
 * over; a DTD, and with it every entity that a file could define, is refused. */
#include "discover/autoconfig.h"

#include "base/fail.h"

#if MLA_EXPAT

#include "base/ascii.h"
#include "base/buf.h"
#include "base/num.h"
#include "discover/list.h"
#include "net/hostname.h"

#include <expat.h>
#include <string.h>

enum element {
    OTHER,
    CLIENT_CONFIG,
    EMAIL_PROVIDER,
    DISPLAY_NAME,
    INCOMING,
    HOSTNAME,
    PORT,
    SOCKET_TYPE,
    USERNAME,
    AUTHENTICATION,
    DOCUMENTATION,
    OAUTH2,
    ISSUER,
    SCOPE,
    AUTH_URL,
    TOKEN_URL
};

/* An element counts only right within the other one. */
static const struct {
    const char *name;
    enum element element;
    enum element within;
} elements[] = {
    {"emailProvider", EMAIL_PROVIDER, CLIENT_CONFIG},
    {"displayName", DISPLAY_NAME, EMAIL_PROVIDER},
    {"incomingServer", INCOMING, EMAIL_PROVIDER},
    {"hostname", HOSTNAME, INCOMING},
    {"port", PORT, INCOMING},
    {"socketType", SOCKET_TYPE, INCOMING},
    {"username", USERNAME, INCOMING},
    {"authentication", AUTHENTICATION, INCOMING},
    {"documentation", DOCUMENTATION, EMAIL_PROVIDER},
    {"oAuth2", OAUTH2, CLIENT_CONFIG},
    {"issuer", ISSUER, OAUTH2},
    {"scope", SCOPE, OAUTH2},
    {"authURL", AUTH_URL, OAUTH2},
    {"tokenURL", TOKEN_URL, OAUTH2},
};

struct reading {
    XML_Parser xml;
    const struct account *address;
    struct arena *arena;
    struct autoconfig *out;
    mla_error *err;
    int error;
    enum element stack[AUTOCONFIG_DEPTH_MAX];
    size_t depth;
    size_t elements;
    struct buf text; /* of the innermost element that matters */
    mla_discover_candidate server;
    int is_known_protocol;
    int has_security;
    const char *provider;
    const char *help_url;
    const char *oauth[4]; /* issuer, scope, authorization and token endpoint */
};

static void stop(struct reading *r, int code, const char *what)
{
    if (r->error == 0)
        r->error = fail(r->err, code, "the autoconfig file %s", what);
    (void)XML_StopParser(r->xml, XML_FALSE);
}

static enum element element_of(const char *name, enum element within)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (elements[i].within == within && strcmp(elements[i].name, name) == 0)
            return elements[i].element;
    return OTHER;
}

static const char *attribute(const XML_Char **list, const char *name)
{
    for (; list[0] != NULL; list += 2)
        if (strcmp(list[0], name) == 0)
            return list[1];
    return NULL;
}

static void begin_server(struct reading *r, const char *type)
{
    memset(&r->server, 0, sizeof r->server);
    r->has_security = 0;
    r->is_known_protocol = 1;
    if (type != NULL && strcmp(type, "imap") == 0)
        r->server.protocol = MLA_DISCOVER_IMAP;
    else if (type != NULL && strcmp(type, "pop3") == 0)
        r->server.protocol = MLA_DISCOVER_POP3;
    else
        r->is_known_protocol = 0;
}

static const char *keep(struct reading *r, const char *text, size_t len)
{
    char *copy = arena_dup(r->arena, text, len);

    if (copy == NULL)
        stop(r, r->arena->over ? MLA_E_LIMIT : MLA_E_NOMEM, "is too much to hold");
    return copy;
}

/* Something, and no controls. */
static int is_clean(const char *text)
{
    for (const char *s = text; *s != '\0'; s++)
        if (ascii_is_control((unsigned char)*s))
            return 0;
    return text[0] != '\0';
}

/* Links are for people to follow and programs to open: nothing but https. */
static const char *keep_link(struct reading *r, const char *url)
{
    size_t len = strlen(url);

    if (!ascii_starts(url, len, "https://") || !is_clean(url) || strchr(url, ' ') != NULL)
        return NULL;
    return keep(r, url, len);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *r = user;
    enum element e;
    size_t count = 0;

    while (attributes[count] != NULL)
        count++;
    if (r->depth == AUTOCONFIG_DEPTH_MAX || ++r->elements > AUTOCONFIG_ELEMENTS_MAX ||
        count > 2 * AUTOCONFIG_ATTRIBUTES_MAX) {
        stop(r, MLA_E_LIMIT, "has too many elements or attributes");
        return;
    }
    if (r->depth == 0) {
        e = strcmp(name, "clientConfig") == 0 ? CLIENT_CONFIG : OTHER;
        if (e == OTHER) {
            stop(r, MLA_E_SYNTAX, "is another kind of file");
            return;
        }
    } else {
        e = element_of(name, r->stack[r->depth - 1]);
    }
    r->stack[r->depth++] = e;
    buf_clear(&r->text);
    if (e == INCOMING)
        begin_server(r, attribute(attributes, "type"));
    if (e == DOCUMENTATION && r->help_url == NULL && attribute(attributes, "url") != NULL)
        r->help_url = keep_link(r, attribute(attributes, "url"));
}

/* Elements whose text says something. */
static int has_text(enum element e)
{
    return e == DISPLAY_NAME || (e >= HOSTNAME && e <= AUTHENTICATION) || e >= ISSUER;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int len)
{
    struct reading *r = user;

    if (r->depth == 0 || !has_text(r->stack[r->depth - 1]) || r->error != 0)
        return;
    if (buf_add(&r->text, text, (size_t)len) == MLA_E_LIMIT)
        stop(r, MLA_E_LIMIT, "has an element that is too long");
    else if (r->text.failed != 0)
        stop(r, MLA_E_NOMEM, "is too much to hold");
}

/* --- what the elements say --- */

static int add_variable(struct buf *b, const struct account *a, const char **p)
{
    const struct {
        const char *word;
        const char *value;
    } rows[] = {
        {"%EMAILADDRESS%", a->text}, {"%EMAILLOCALPART%", a->local}, {"%EMAILDOMAIN%", a->given}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_starts(*p, strlen(*p), rows[i].word)) {
            *p += strlen(rows[i].word);
            return buf_add_word(b, rows[i].value) == 0;
        }
    return 0;
}

/* text with its variables replaced, at most AUTOCONFIG_TEXT_MAX + 3 * ACCOUNT_MAX octets; NULL
 * after stop(). */
static const char *replaced(struct reading *r, const char *text)
{
    struct buf b;
    const char *out = NULL;

    buf_init(&b, r->arena->mem, AUTOCONFIG_TEXT_MAX + 3 * ACCOUNT_MAX);
    while (*text != '\0' && b.failed == 0)
        if (*text != '%' || !add_variable(&b, r->address, &text))
            (void)buf_add_byte(&b, (unsigned char)*text++);
    if (b.failed != 0)
        stop(r, b.failed, "has a value that is too long");
    else if (buf_text(&b) != NULL)
        out = keep(r, (const char *)b.ptr, b.len);
    else
        stop(r, MLA_E_NOMEM, "is too much to hold");
    buf_free(&b);
    return out;
}

static void set_host(struct reading *r, const char *text)
{
    const char *host = replaced(r, text);
    struct hostname name;

    if (host != NULL && r->server.host == NULL && hostname_parse(host, &name, NULL) == 0)
        r->server.host = keep(r, name.ascii, strlen(name.ascii));
}

static void set_port(struct reading *r, const char *text)
{
    uint64_t port;

    if (num_parse(text, strlen(text), 65535, &port))
        r->server.port = (uint32_t)port;
}

static void set_security(struct reading *r, const char *text)
{
    static const char *const words[] = {
        [LIST_TLS] = "SSL", [LIST_STARTTLS] = "STARTTLS", [LIST_CLEARTEXT] = "plain"};

    r->has_security = 0;
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ascii_equal_word(text, strlen(text), words[i])) {
            r->server.security = i;
            r->has_security = 1;
        }
}

static void set_user(struct reading *r, const char *text)
{
    const char *user = replaced(r, text);

    if (user == NULL || !is_clean(user))
        return;
    r->server.user = user;
    r->server.user_kind = strcmp(user, r->address->text) == 0    ? MLA_DISCOVER_USER_ADDRESS
                          : strcmp(user, r->address->local) == 0 ? MLA_DISCOVER_USER_LOCAL
                                                                 : MLA_DISCOVER_USER_OTHER;
}

static void add_auth(struct reading *r, const char *text)
{
    static const struct {
        const char *word;
        uint32_t auth;
    } rows[] = {{"password-cleartext", MLA_DISCOVER_AUTH_PASSWORD},
                {"plain", MLA_DISCOVER_AUTH_PASSWORD}, /* as it was called at first */
                {"password-encrypted", MLA_DISCOVER_AUTH_CHALLENGE},
                {"secure", MLA_DISCOVER_AUTH_CHALLENGE},
                {"OAuth2", MLA_DISCOVER_AUTH_OAUTH2},
                {"GSSAPI", MLA_DISCOVER_AUTH_KERBEROS},
                {"TLS-client-cert", MLA_DISCOVER_AUTH_CERTIFICATE}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(text, strlen(text), rows[i].word))
            r->server.auth |= rows[i].auth;
}

static void end_server(struct reading *r)
{
    struct autoconfig *out = r->out;

    if (!r->is_known_protocol || r->server.host == NULL || r->server.port == 0 ||
        !r->has_security || out->count == AUTOCONFIG_SERVERS_MAX) {
        out->unusable++;
        return;
    }
    if (r->server.user == NULL) {
        r->server.user = r->address->text;
        r->server.user_kind = MLA_DISCOVER_USER_GUESS;
    }
    out->servers[out->count++] = r->server;
}

static void set_oauth(struct reading *r, enum element e, const char *text)
{
    const char **place = &r->oauth[e - ISSUER];

    if (*place == NULL && is_clean(text))
        *place = e == AUTH_URL || e == TOKEN_URL ? keep_link(r, text) : keep(r, text, strlen(text));
}

static const char *trimmed(struct reading *r)
{
    char *p = (char *)(uintptr_t)buf_text(&r->text);
    size_t len = r->text.len;

    if (p == NULL) {
        stop(r, MLA_E_NOMEM, "is too much to hold");
        return "";
    }
    while (len > 0 && ascii_is_space(p[len - 1]))
        p[--len] = '\0';
    while (ascii_is_space(*p))
        p++;
    return p;
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct reading *r = user;
    const enum element e = r->depth > 0 ? r->stack[r->depth - 1] : OTHER;
    const char *text;

    (void)name;
    if (r->error != 0 || r->depth == 0)
        return;
    r->depth--;
    text = has_text(e) ? trimmed(r) : "";
    if (e == DISPLAY_NAME && r->provider == NULL && is_clean(text))
        r->provider = keep(r, text, strlen(text));
    else if (e == INCOMING)
        end_server(r);
    else if (e == HOSTNAME)
        set_host(r, text);
    else if (e == PORT)
        set_port(r, text);
    else if (e == SOCKET_TYPE)
        set_security(r, text);
    else if (e == USERNAME)
        set_user(r, text);
    else if (e == AUTHENTICATION)
        add_auth(r, text);
    else if (e >= ISSUER)
        set_oauth(r, e, text);
    buf_clear(&r->text);
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    stop(user, MLA_E_SYNTAX, "has a document type definition, which is refused");
}

/* What the file says of the provider as a whole goes to each server. */
static void spread(const struct reading *r)
{
    for (uint32_t i = 0; i < r->out->count; i++) {
        mla_discover_candidate *c = &r->out->servers[i];

        c->provider = r->provider;
        c->help_url = r->help_url;
        if ((c->auth & MLA_DISCOVER_AUTH_OAUTH2) != 0 && r->oauth[0] != NULL) {
            c->oauth_issuer = r->oauth[0];
            c->oauth_scope = r->oauth[1];
            c->oauth_auth_url = r->oauth[2];
            c->oauth_token_url = r->oauth[3];
        }
    }
}

static int parse(struct reading *r, const void *data, size_t len)
{
    enum XML_Error code;

    XML_SetUserData(r->xml, r);
    XML_SetElementHandler(r->xml, on_start, on_end);
    XML_SetCharacterDataHandler(r->xml, on_text);
    XML_SetStartDoctypeDeclHandler(r->xml, on_doctype);
    if (XML_Parse(r->xml, data, (int)len, XML_TRUE) == XML_STATUS_OK)
        return r->error;
    code = XML_GetErrorCode(r->xml);
    if (r->error != 0)
        return r->error;
    if (code == XML_ERROR_NO_MEMORY)
        return fail(r->err, MLA_E_NOMEM, "out of memory");
    return fail(r->err, MLA_E_SYNTAX, "the autoconfig file is damaged in line %lu: %s",
                (unsigned long)XML_GetCurrentLineNumber(r->xml), XML_ErrorString(code));
}

int autoconfig_read(const void *data, size_t len, const struct account *address, struct arena *a,
                    struct autoconfig *out, mla_error *err)
{
    struct reading r;
    int rc;

    memset(out, 0, sizeof *out);
    if (len > AUTOCONFIG_MAX)
        return fail(err, MLA_E_LIMIT, "the autoconfig file is larger than %d KiB",
                    AUTOCONFIG_MAX / 1024);
    memset(&r, 0, sizeof r);
    r.address = address;
    r.arena = a;
    r.out = out;
    r.err = err;
    r.xml = XML_ParserCreate(NULL);
    if (r.xml == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    buf_init(&r.text, a->mem, AUTOCONFIG_TEXT_MAX);
    rc = parse(&r, data, len);
    if (rc == 0)
        spread(&r);
    else
        out->count = 0;
    buf_free(&r.text);
    XML_ParserFree(r.xml);
    return rc;
}

#else

int autoconfig_read(const void *data, size_t len, const struct account *address, struct arena *a,
                    struct autoconfig *out, mla_error *err)
{
    (void)data;
    (void)len;
    (void)address;
    (void)a;
    (void)out;
    return fail(err, MLA_E_UNSUPPORTED, "this build reads no XML: expat was not found");
}

#endif
