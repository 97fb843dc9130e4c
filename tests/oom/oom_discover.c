/* oom_discover.c - account discovery on failing memory: the table, files, guesses, and lookups that
 * a proxy forbids (so that all of it is the same each time). */
#include "oom.h"

static const char file[] =
    "<clientConfig><emailProvider><displayName>Example</displayName>"
    "<incomingServer type='imap'><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port>"
    "<socketType>SSL</socketType><username>%EMAILLOCALPART%</username>"
    "<authentication>OAuth2</authentication></incomingServer>"
    "<incomingServer type='pop3'><hostname>pop.example.net</hostname><port>110</port>"
    "<socketType>STARTTLS</socketType></incomingServer>"
    "<documentation url='https://example.test/help'/></emailProvider>"
    "<oAuth2><issuer>login.example.test</issuer><scope>mail</scope></oAuth2></clientConfig>";

static void saw_text(struct oom *o, const char *text)
{
    if (text != NULL)
        oom_saw(o, text, strlen(text) + 1);
}

static void saw_candidates(struct oom *o, const mla_discover *d)
{
    for (uint32_t i = 0; i < mla_discover_candidate_count(d); i++) {
        const mla_discover_candidate *c = mla_discover_candidate_at(d, i);

        saw_text(o, c->host);
        saw_text(o, c->user);
        saw_text(o, c->provider);
        saw_text(o, c->oauth_issuer);
        oom_saw_number(o, c->port);
        oom_saw_number(o, c->flags);
    }
}

static int give(struct oom *o, mla_discover *d)
{
    uint32_t count = 0;
    int rc = mla_discover_give(d, 1, (const uint8_t *)file, sizeof file - 1, 1, &count);

    oom_saw_number(o, count);
    return rc == MLA_E_UNSUPPORTED || oom_good(o, "give", rc);
}

static int whole(struct oom *o, mla_config *cfg, const char *address)
{
    mla_discover_args args = {.struct_size = sizeof args, .address = address, .url_address = 1};
    const mla_discover_event *ev;
    mla_discover *d = NULL;
    int rc = 0;
    int good;

    args.thorough = 1;
    good = oom_good(o, "new", mla_discover_new(cfg, &args, &d, NULL));
    while (good && (rc = mla_discover_step(d, -1, &ev)) == 1) {
        const mla_discover_url *u = mla_discover_event_url(ev);

        oom_saw_number(o, (uint64_t)mla_discover_event_type(ev));
        saw_text(o, u != NULL ? u->url : NULL);
    }
    good = good && oom_good(o, "step", rc) && give(o, d);
    if (good)
        saw_candidates(o, d);
    mla_discover_free(d);
    return good;
}

static void run(struct oom *o)
{
    mla_proxy proxy = {.struct_size = sizeof proxy, .kind = MLA_PROXY_SOCKS5};
    mla_config *cfg = NULL;

    proxy.host = "127.0.0.1";
    if (oom_good(o, "config", mla_config_new(&o->allocator, &cfg)) &&
        oom_good(o, "proxy", mla_config_set_proxy(cfg, &proxy)))
        oom_saw_number(o, (uint64_t)(whole(o, cfg, "alice@gmail.com") && whole(o, cfg,
                                                                               "alice@b\xc3\xbc"
                                                                               "cher.example")));
    mla_config_free(cfg);
}

int main(void)
{
    int bad = oom_sweep("discover", run, 1);

    printf("1..3\n");
    return bad;
}
