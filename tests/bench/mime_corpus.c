/* mime_corpus.c - see mime_corpus.h */
#include "mime_corpus.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char *const words[] = {
    "the",     "of",      "and",     "to",       "a",      "in",       "is",        "that",
    "for",     "it",      "as",      "was",      "with",   "be",       "by",        "on",
    "not",     "he",      "we",      "they",     "from",   "at",       "report",    "meeting",
    "invoice", "please",  "regards", "tomorrow", "server", "delivery", "question",  "release",
    "number",  "between", "account", "their",    "which",  "message",  "reference", "attached",
    "would",   "there",   "what",    "about",    "thanks", "schedule", "agreement", "department"};

static const char *const names[] = {"Anna Berg",    "Bruno Castell", "Carla Dunne", "David Ek",
                                    "Elena Fabris", "Farid Gul",     "Grete Holm",  "Hugo Ibarra"};

/* Words outside of US-ASCII, as UTF-8. */
static const char *const foreign[] = {
    "Gr\303\274\303\237e",
    "r\xc3\xa9sum\xc3\xa9",
    "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
    "\xe4\xbb\x8a\xe6\x97\xa5\xe3\x81\xaf",
    "na\xc3\xafve",
    "\xce\xba\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1"};

static uint64_t next(struct corpus *c)
{
    c->random ^= c->random >> 12;
    c->random ^= c->random << 25;
    c->random ^= c->random >> 27;
    return c->random * UINT64_C(2685821657736338717) >> 16;
}

/* 0 to n - 1 */
static size_t pick(struct corpus *c, size_t n)
{
    return (size_t)(next(c) % n);
}

static void *grown(void *p, size_t size)
{
    p = realloc(p, size);
    if (p == NULL) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return p;
}

static void add(struct corpus *c, const void *p, size_t n)
{
    if (c->cap - c->len < n) {
        c->cap = (c->cap + n) * 2;
        c->octets = grown(c->octets, c->cap);
    }
    memcpy(c->octets + c->len, p, n);
    c->len += n;
}

__attribute__((format(printf, 2, 3))) static void put(struct corpus *c, const char *form, ...)
{
    char text[1024];
    va_list ap;
    int n;

    va_start(ap, form);
    n = vsnprintf(text, sizeof text, form, ap);
    va_end(ap);
    add(c, text, (size_t)n);
}

static void begin(struct corpus *c)
{
    if (c->count == c->room) {
        c->room = c->room * 2 + 64;
        c->messages = grown(c->messages, c->room * sizeof *c->messages);
    }
    c->messages[c->count].at = c->len;
}

/* A message is complete; every third has the line ends of a file. */
static void finish(struct corpus *c)
{
    struct message *m = &c->messages[c->count];
    size_t to = m->at;

    if (c->count++ % 3 == 2) {
        for (size_t i = m->at; i < c->len; i++)
            if (c->octets[i] != '\r' || c->octets[i + 1] != '\n')
                c->octets[to++] = c->octets[i];
        c->len = to;
    }
    m->len = c->len - m->at;
}

static const char *word(struct corpus *c)
{
    return words[pick(c, sizeof words / sizeof words[0])];
}

static const char *person(struct corpus *c)
{
    return names[pick(c, sizeof names / sizeof names[0])];
}

static const char *stranger(struct corpus *c)
{
    return foreign[pick(c, sizeof foreign / sizeof foreign[0])];
}

static void token(struct corpus *c, size_t n)
{
    while (n-- > 0)
        add(c, &alphabet[pick(c, 62)], 1);
}

static void base64(struct corpus *c, const void *data, size_t n)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
                     (i + 2 < n ? p[i + 2] : 0);
        char four[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63], alphabet[v >> 6 & 63],
                        alphabet[v & 63]};

        if (i + 2 >= n)
            four[3] = '=';
        if (i + 1 >= n)
            four[2] = '=';
        add(c, four, 4);
    }
}

/* n octets of no meaning, in lines of 76 characters. */
static void attachment(struct corpus *c, size_t n)
{
    while (n > 0) {
        uint8_t line[57];
        size_t len = n < sizeof line ? n : sizeof line;

        for (size_t i = 0; i < len; i++)
            line[i] = (uint8_t)(next(c) >> 8);
        base64(c, line, len);
        add(c, "\r\n", 2);
        n -= len;
    }
}

enum { PLAIN, FOREIGN, QP, HTML_QP };

/* One word, encoded as the text is. */
static size_t text_word(struct corpus *c, int kind)
{
    const char *w = kind != PLAIN && pick(c, 12) == 0 ? stranger(c) : word(c);
    size_t from = c->len;

    if (kind == HTML_QP && pick(c, 8) == 0)
        put(c, "<a href=3D\"https://example.com/");
    for (; *w != '\0'; w++) {
        if ((kind == QP || kind == HTML_QP) && (*w & 0x80) != 0)
            put(c, "=%02X", (unsigned char)*w);
        else
            add(c, w, 1);
    }
    if (kind == HTML_QP && pick(c, 6) == 0)
        put(c, "\" style=3D\"color:#333\"><b>");
    return c->len - from;
}

/* Some n octets of text in lines. */
static void text(struct corpus *c, size_t n, int kind)
{
    size_t end = c->len + n;

    while (c->len < end) {
        size_t line = 40 + pick(c, 36);
        size_t at = 0;

        if (pick(c, 5) == 0)
            put(c, pick(c, 2) == 0 ? "\r\n" : "> ");
        if (pick(c, 60) == 0)
            put(c, "-- \r\n");
        while (at < line) {
            at += text_word(c, kind) + 1;
            put(c, pick(c, 12) == 0 ? ", " : " ");
        }
        put(c, (kind == QP || kind == HTML_QP) && pick(c, 3) != 0 ? "=\r\n" : ".\r\n");
    }
}

static void address(struct corpus *c)
{
    size_t how = pick(c, 6);

    if (how == 0)
        put(c, "=?utf-8?q?%s?= <", "J=C3=BCrgen_M=C3=BCller");
    else if (how == 1)
        put(c, "\"%s (%s)\" <", person(c), word(c));
    else if (how < 5)
        put(c, "%s <", person(c));
    token(c, 4 + pick(c, 8));
    put(c, "@%s.example.com%s", word(c), how < 5 ? ">" : "");
}

static void message_id(struct corpus *c)
{
    put(c, "<");
    token(c, 16 + pick(c, 20));
    put(c, "@mail.%s.example.com>", word(c));
}

static void date(struct corpus *c)
{
    static const char *const months[] = {"Jan", "Mar", "May", "Jul", "Sep", "Nov"};

    put(c, "Tue, %u %s 2025 %02u:%02u:%02u +0%u00", 1 + (unsigned)pick(c, 28), months[pick(c, 6)],
        (unsigned)pick(c, 24), (unsigned)pick(c, 60), (unsigned)pick(c, 60), (unsigned)pick(c, 5));
}

static void subject(struct corpus *c)
{
    size_t how = pick(c, 10);

    put(c, "Subject: %s", pick(c, 3) == 0 ? "Re: " : "");
    if (how == 0) {
        put(c, "=?UTF-8?B?");
        base64(c, stranger(c), 6);
        put(c, "?=\r\n =?UTF-8?B?");
        base64(c, word(c), 1);
        put(c, "?=");
    } else if (how < 3) {
        put(c, "=?iso-8859-1?Q?%s_f=FCr_%s?=", word(c), word(c));
    } else {
        for (size_t n = 3 + pick(c, 5); n > 0; n--)
            put(c, "%s ", word(c));
        put(c, "%s", word(c));
    }
    put(c, "\r\n");
}

static void received(struct corpus *c)
{
    put(c, "Received: from mx%u.%s.example.com (mx%u.example.com [192.0.2.%u])\r\n\tby ",
        (unsigned)pick(c, 30), word(c), (unsigned)pick(c, 30), (unsigned)pick(c, 250));
    put(c, "mail.%s.example.org (Postfix) with ESMTPS id ", word(c));
    token(c, 12);
    put(c, "\r\n\tfor <%s@example.org>; ", word(c));
    date(c);
    put(c, "\r\n");
}

static void signature(struct corpus *c)
{
    put(c, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s.example.com;\r\n\ts=s%u; ",
        word(c), (unsigned)pick(c, 9999));
    put(c, "h=from:to:subject:date:message-id:mime-version:content-type;\r\n\tbh=");
    token(c, 43);
    put(c, "=;\r\n\tb=");
    for (int i = 0; i < 4; i++) {
        token(c, 64);
        put(c, "\r\n\t ");
    }
    token(c, 20);
    put(c, "==\r\n");
}

static void people(struct corpus *c, const char *field, size_t n)
{
    put(c, "%s: ", field);
    for (; n > 0; n--) {
        address(c);
        put(c, n > 1 ? ",\r\n\t" : "\r\n");
    }
}

static void references(struct corpus *c, size_t n)
{
    put(c, "In-Reply-To: ");
    message_id(c);
    put(c, "\r\nReferences: ");
    for (; n > 0; n--) {
        message_id(c);
        put(c, n > 1 ? "\r\n " : "\r\n");
    }
}

/* What stands in every message, and what stands in some. */
static void header(struct corpus *c)
{
    put(c, "Return-Path: <%s@%s.example.com>\r\nDelivered-To: %s@example.org\r\n", word(c), word(c),
        word(c));
    for (size_t n = 1 + pick(c, 4); n > 0; n--)
        received(c);
    if (pick(c, 3) != 0)
        put(c,
            "Authentication-Results: mx.example.org;\r\n\tdkim=pass header.d=%s.example.com;\r\n"
            "\tspf=pass smtp.mailfrom=%s.example.com\r\n",
            word(c), word(c));
    if (pick(c, 2) == 0)
        signature(c);
    people(c, "From", 1);
    people(c, "To", 1 + pick(c, 3));
    if (pick(c, 4) == 0)
        people(c, "Cc", 1 + pick(c, 5));
    subject(c);
    put(c, "Date: ");
    date(c);
    put(c, "\r\nMessage-ID: ");
    message_id(c);
    put(c, "\r\n");
    if (pick(c, 3) == 0)
        references(c, 1 + pick(c, 5));
    if (pick(c, 4) == 0)
        put(c, "X-Mailer: %s %u.%u\r\nX-Priority: 3\r\n", word(c), (unsigned)pick(c, 9),
            (unsigned)pick(c, 99));
    if (pick(c, 5) == 0)
        put(c,
            "List-Id: <%s.lists.example.com>\r\nList-Unsubscribe: <https://example.com/u/%u>\r\n"
            "Precedence: bulk\r\n",
            word(c), (unsigned)pick(c, 1000000));
    put(c, "MIME-Version: 1.0\r\n");
}

static void leaf(struct corpus *c, const char *type, const char *encoding)
{
    put(c, "Content-Type: %s\r\n", type);
    if (encoding != NULL)
        put(c, "Content-Transfer-Encoding: %s\r\n", encoding);
    put(c, "\r\n");
}

struct boundary {
    char text[48];
};

static struct boundary multipart(struct corpus *c, const char *subtype)
{
    struct boundary b;

    snprintf(b.text, sizeof b.text, "----=_Part_%u_%u.%u", (unsigned)pick(c, 100000),
             (unsigned)pick(c, 1000000000), (unsigned)pick(c, 1000000000));
    put(c, "Content-Type: multipart/%s;\r\n\tboundary=\"%s\"\r\n\r\n", subtype, b.text);
    if (pick(c, 4) == 0)
        put(c, "This is a multi-part message in MIME format.\r\n");
    return b;
}

static void boundary(struct corpus *c, const struct boundary *b, const char *last)
{
    put(c, "\r\n--%s%s\r\n", b->text, last);
}

static void alternative(struct corpus *c, size_t n)
{
    struct boundary b = multipart(c, "alternative");

    boundary(c, &b, "");
    leaf(c, "text/plain; charset=\"utf-8\"", pick(c, 4) == 0 ? "7bit" : "quoted-printable");
    text(c, n / 3, PLAIN);
    boundary(c, &b, "");
    leaf(c, "text/html; charset=\"utf-8\"", "quoted-printable");
    text(c, n - n / 3, HTML_QP);
    boundary(c, &b, "--");
}

static void attached(struct corpus *c, const struct boundary *b, size_t n)
{
    boundary(c, b, "");
    put(c,
        "Content-Type: application/pdf; name=\"%s-%u.pdf\"\r\n"
        "Content-Disposition: attachment;\r\n\tfilename=\"%s.pdf\"; size=%u\r\n"
        "Content-ID: <",
        word(c), (unsigned)pick(c, 99), word(c), (unsigned)n);
    token(c, 12);
    put(c, "@%s>\r\nContent-Transfer-Encoding: base64\r\n\r\n", word(c));
    attachment(c, n);
}

static void mixed(struct corpus *c, size_t n)
{
    struct boundary b = multipart(c, "mixed");

    boundary(c, &b, "");
    if (pick(c, 2) == 0) {
        alternative(c, n / 2);
    } else {
        leaf(c, "text/plain; charset=us-ascii; format=flowed", NULL);
        text(c, n / 2, PLAIN);
    }
    attached(c, &b, n * 3 / 8);
    boundary(c, &b, "--");
}

static void forwarded(struct corpus *c, size_t n)
{
    struct boundary b = multipart(c, "mixed");

    boundary(c, &b, "");
    leaf(c, "text/plain", NULL);
    text(c, n / 4, PLAIN);
    boundary(c, &b, "");
    leaf(c, "message/rfc822", NULL);
    header(c);
    leaf(c, "text/plain; charset=utf-8", "8bit");
    text(c, n / 3, FOREIGN);
    boundary(c, &b, "--");
}

static void body(struct corpus *c, size_t n)
{
    size_t how = pick(c, 20);

    if (how < 6) {
        leaf(c, "text/plain; charset=us-ascii", pick(c, 2) == 0 ? "7bit" : NULL);
        text(c, n, PLAIN);
    } else if (how < 9) {
        leaf(c, "text/plain; charset=utf-8", "quoted-printable");
        text(c, n, QP);
    } else if (how < 10) {
        leaf(c, "text/plain; charset=utf-8", "8bit");
        text(c, n, FOREIGN);
    } else if (how < 11) {
        leaf(c, "text/html; charset=\"UTF-8\"", "base64");
        attachment(c, n * 3 / 4);
    } else if (how < 16) {
        alternative(c, n);
    } else if (how < 19) {
        mixed(c, n);
    } else {
        forwarded(c, n);
    }
}

static void start(struct corpus *c, const char *name, uint64_t seed)
{
    memset(c, 0, sizeof *c);
    c->name = name;
    c->random = seed * 2 + 1;
}

void corpus_small(struct corpus *c, uint64_t seed, size_t count)
{
    start(c, "small", seed);
    while (c->count < count) {
        begin(c);
        header(c);
        body(c, 600 + pick(c, 5000));
        finish(c);
    }
}

void corpus_attachments(struct corpus *c, uint64_t seed, size_t count)
{
    start(c, "attachments", seed);
    while (c->count < count) {
        struct boundary b;

        begin(c);
        header(c);
        b = multipart(c, "mixed");
        boundary(c, &b, "");
        alternative(c, 2000);
        attached(c, &b, 1000000 + pick(c, 9000000));
        boundary(c, &b, "--");
        finish(c);
    }
}

void corpus_headers(struct corpus *c, uint64_t seed, size_t count)
{
    start(c, "headers", seed);
    while (c->count < count) {
        begin(c);
        for (size_t n = 4 + pick(c, 8); n > 0; n--)
            received(c);
        for (size_t n = 2 + pick(c, 3); n > 0; n--)
            signature(c);
        for (size_t n = 10 + pick(c, 30); n > 0; n--) {
            put(c, "X-%s-%s: ", word(c), word(c));
            token(c, 10 + pick(c, 120));
            put(c, "\r\n");
        }
        people(c, "Cc", 20 + pick(c, 60));
        header(c);
        references(c, 10 + pick(c, 20));
        leaf(c, "text/plain; charset=us-ascii", "7bit");
        text(c, 200, PLAIN);
        finish(c);
    }
}

void corpus_free(struct corpus *c)
{
    free(c->octets);
    free(c->messages);
}
