/* fuzz_autoconfig.c - a file of autoconfig: whatever it says, hosts are hosts, texts have no
 * controls, links are https, and nothing is offered in clear. */
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mailaccess.h>

#include "fuzz.h"

static void must(int truth)
{
    if (!truth)
        abort();
}

static void check_text(const char *text, size_t most)
{
    if (text == NULL)
        return;
    must(text[0] != '\0' && strlen(text) <= most);
    for (; *text != '\0'; text++)
        must((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_link(const char *url)
{
    check_text(url, 1024);
    must(url == NULL || ((url[0] | 0x20) == 'h' && strncmp(url + 5, "://", 3) == 0));
}

static void check(const mla_discover_candidate *c)
{
    check_text(c->host, 253);
    must(c->host != NULL && strchr(c->host, ' ') == NULL);
    must(c->port != 0 && c->port <= 65535);
    must(c->security == MLA_SECURITY_TLS || c->security == MLA_SECURITY_STARTTLS);
    check_text(c->user, 1024 + 3 * 1024);
    must(c->user != NULL && c->user_kind >= MLA_DISCOVER_USER_ADDRESS &&
         c->user_kind <= MLA_DISCOVER_USER_GUESS);
    must((c->auth & ~31U) == 0);
    check_text(c->provider, 1024);
    check_link(c->help_url);
    check_text(c->oauth_issuer, 1024);
    check_text(c->oauth_scope, 1024);
    check_link(c->oauth_auth_url);
    check_link(c->oauth_token_url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mla_discover_args args = {.struct_size = sizeof args, .address = "a.b+c@example.org"};
    static const uint8_t nothing[1];
    mla_discover *d = NULL;
    uint32_t count = 0;
    int rc;

    args.skip = MLA_DISCOVER_FROM_GUESS;
    must(mla_discover_new(NULL, &args, &d, NULL) == 0);
    rc = mla_discover_give(d, 0, size != 0 ? data : nothing, size, 1, &count);
    must(rc == 0 || rc == MLA_E_SYNTAX || rc == MLA_E_LIMIT || rc == MLA_E_UNSUPPORTED);
    must(rc == 0 || count == 0);
    must(mla_discover_candidate_count(d) <= count && count <= 16);
    for (uint32_t i = 0; i < mla_discover_candidate_count(d); i++)
        check(mla_discover_candidate_at(d, i));
    mla_discover_free(d);
    return 0;
}
