/* url.h - imap://, imaps://, pop3:// and pop3s:// addresses (RFC 5092, RFC 2384), and those of
 * proxies. */
#ifndef URL_H
#define URL_H

#include <stddef.h>
#include <stdint.h>

enum { URL_IMAP = 1, URL_POP3 = 2, URL_SOCKS5 = 3, URL_SOCKS4A = 4, URL_HTTP = 5 };

struct url {
    int protocol;  /* URL_* */
    int is_tls;    /* imaps, pop3s */
    uint32_t port; /* 0: not given */
    /* Percent-decoded UTF-8 without control characters; NULL: not given. */
    char *user;
    char *auth; /* ;AUTH=, NULL also for "*" */
    char *host;
    char *mailbox;
};

/* Reads text. 0; or -1 and *out_why says what is wrong, then nothing is to be freed. */
int url_parse(struct url *u, const char *text, const char **out_why);
/* The same for a proxy: socks5://, socks4a:// or http://, a user, a host, a port. */
int url_parse_proxy(struct url *u, const char *text, const char **out_why);
void url_free(struct url *u);

#endif
