/* via.c - see via.h */
#include "via.h"

#include "cli.h"
#include "secret.h"
#include "url.h"

static int password_of(const struct cli_options *o, struct secret *s)
{
    if (o->proxy_password_file != NULL)
        return secret_from_file(s, o->proxy_password_file);
    return o->proxy_password_env != NULL ? secret_from_env(s, o->proxy_password_env) : 0;
}

int via_load(mla_config *cfg, const struct cli_options *o)
{
    static const uint32_t kinds[] = {[URL_SOCKS5] = MLA_PROXY_SOCKS5,
                                     [URL_SOCKS4A] = MLA_PROXY_SOCKS4A,
                                     [URL_HTTP] = MLA_PROXY_HTTP};
    mla_proxy proxy = {.struct_size = sizeof proxy};
    struct secret password = {NULL, 0};
    const char *why;
    struct url u;
    int status;

    if (o->proxy == NULL)
        return 0;
    if (url_parse_proxy(&u, o->proxy, &why) != 0)
        return cli_fail(EXIT_USAGE, "--proxy=%s: %s", o->proxy, why);
    status = password_of(o, &password);
    if (status == 0) {
        proxy.kind = kinds[u.protocol];
        proxy.host = u.host;
        proxy.port = u.port;
        proxy.user = u.user;
        proxy.password = password.text;
        if (mla_config_set_proxy(cfg, &proxy) != 0)
            status = cli_fail(EXIT_USAGE, "--proxy=%s: its user or password cannot be used so",
                              o->proxy);
    }
    secret_wipe(&password);
    url_free(&u);
    return status;
}
