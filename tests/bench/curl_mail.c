/* curl_mail.c - the same work by libcurl: one transfer a message over one connection, as its
 * interface has it. */
#include "bench.h"

#include <curl/curl.h>

static size_t on_data(char *data, size_t size, size_t count, void *user)
{
    struct bench *b = user;

    (void)data;
    b->octets += size * count;
    return size * count;
}

int main(int argc, char **argv)
{
    struct bench b;
    CURL *c;
    CURLcode rc;
    char url[128];

    bench_args(&b, argc, argv);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    c = curl_easy_init();
    if (c == NULL)
        bench_die("curl_mail", "cannot start");
    curl_easy_setopt(c, CURLOPT_USERNAME, "alice");
    curl_easy_setopt(c, CURLOPT_PASSWORD, "secret");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &b);
    curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 100L * 1024);
    if (b.tls)
        curl_easy_setopt(c, CURLOPT_CAINFO, b.ca);
    for (unsigned i = 1; i <= b.count; i++) {
        if (b.pop3)
            snprintf(url, sizeof url, "pop3%s://localhost:%d/%u", b.tls ? "s" : "", b.port, i);
        else
            snprintf(url, sizeof url, "imap%s://localhost:%d/INBOX;UID=%u", b.tls ? "s" : "",
                     b.port, i);
        curl_easy_setopt(c, CURLOPT_URL, url);
        rc = curl_easy_perform(c);
        if (rc != CURLE_OK)
            bench_die(url, curl_easy_strerror(rc));
        b.messages++;
    }
    curl_easy_cleanup(c);
    curl_global_cleanup();
    return bench_done(&b);
}
