/* idle_curl.c - sessions of libcurl with a mailbox selected; it has no IDLE. See idle.h. */
#define _GNU_SOURCE

#include "idle.h"

#include <curl/curl.h>

static size_t on_data(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

int main(int argc, char **argv)
{
    struct idle idle;
    char url[128];

    idle_begin(&idle, argc, argv);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    snprintf(url, sizeof url, "imap%s://localhost:%d/INBOX", idle.tls ? "s" : "", idle.port);
    idle_start(&idle);
    for (unsigned i = 0; i < idle.count; i++) {
        CURL *c = curl_easy_init(); /* it and its connection stay until the end */
        CURLcode rc;

        if (c == NULL)
            idle_die("idle_curl", "no memory");
        curl_easy_setopt(c, CURLOPT_URL, url);
        curl_easy_setopt(c, CURLOPT_USERNAME, "alice");
        curl_easy_setopt(c, CURLOPT_PASSWORD, "secret");
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, "NOOP");
        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
        if (idle.tls) {
            curl_easy_setopt(c, CURLOPT_CAINFO, idle.ca);
            curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
        }
        rc = curl_easy_perform(c);
        if (rc != CURLE_OK)
            idle_die(url, curl_easy_strerror(rc));
    }
    idle_tell(&idle);
    putchar('\n');
    return 0;
}
