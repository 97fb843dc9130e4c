/* oom_mime.c - a message as a tree and as a stream, and its decoded values, on failing memory. */
#include "oom.h"

#include <mailaccess/compose.h>
#include <mailaccess/mime_body.h>

static const char message[] =
    "From: =?utf-8?Q?J=C3=BCrgen?= <juergen@example.test>, group: a@b.test, \"c d\"@e.test;\r\n"
    "To: undisclosed-recipients:;\r\n"
    "Subject: =?iso-8859-1?B?Z3L832U=?= and\r\n more of it\r\n"
    "Date: Thu, 29 Feb 2024 12:00:00 +0100\r\n"
    "Message-ID: <1@example.test>\r\n"
    "References: <2@example.test> <3@example.test>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"outer\"\r\n"
    "\r\n"
    "preamble\r\n"
    "--outer\r\n"
    "Content-Type: text/plain; charset=iso-8859-1; format=flowed; delsp=yes\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "gr=FC=DFe, =\r\nall on one line\r\n"
    "--outer\r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "Subject: inner\r\n"
    "Content-Type: multipart/alternative; boundary=inner\r\n"
    "\r\n"
    "--inner\r\n"
    "\r\n"
    "plain\r\n"
    "--inner\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "\r\n"
    "<p>html</p>\r\n"
    "--inner--\r\n"
    "--outer\r\n"
    "Content-Type: application/octet-stream\r\n"
    "Content-Disposition: attachment; filename*0*=utf-8''%C3%BC; filename*1=\"../x.bin\"\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "AAECAwQFBgcICQ==\r\n"
    "--outer--\r\n";

enum { SIZE = sizeof message - 1 };

/* A value that is ours: looked at and given back. */
static int saw_text(struct oom *o, const char *who, int rc, char **text, const size_t *len)
{
    if (rc == MLA_E_NOT_FOUND || rc == MLA_E_STATE) {
        oom_saw_number(o, (uint64_t)rc);
        return 1;
    }
    if (!oom_good(o, who, rc))
        return 0;
    oom_saw(o, *text, *len);
    o->allocator.release(o, *text);
    return 1;
}

static int saw_values(struct oom *o, const mla_part *p)
{
    char *text = NULL;
    uint8_t *data = NULL;
    mla_addresses *list = NULL;
    mla_strings *ids = NULL;
    size_t n = 0;
    int64_t when;
    int32_t kind = 0;
    int rc;

    if (!saw_text(o, "path", mla_part_path(p, &text, &n), &text, &n) ||
        !saw_text(o, "header", mla_part_header(p, "Subject", 0, &text, &n), &text, &n) ||
        !saw_text(o, "param", mla_part_param(p, "Content-Type", "charset", &text, &n), &text, &n) ||
        !saw_text(o, "disposition", mla_part_disposition(p, &text, &n), &text, &n) ||
        !saw_text(o, "filename", mla_part_filename(p, &text, &n), &text, &n) ||
        !saw_text(o, "safe filename", mla_part_safe_filename(p, &text, &n), &text, &n) ||
        !saw_text(o, "text", mla_part_text(p, &text, &n), &text, &n) ||
        !saw_text(o, "readable", mla_part_readable(p, 0, &text, &n), &text, &n) ||
        !oom_good(o, "protection", mla_part_protection(p, &kind)))
        return 0;
    oom_saw_number(o, (uint64_t)kind);
    rc = mla_part_decode(p, &data, &n);
    text = (char *)data;
    if (!saw_text(o, "decode", rc, &text, &n))
        return 0;
    rc = mla_part_addresses(p, "From", &list);
    if (rc != MLA_E_NOT_FOUND && !oom_good(o, "addresses", rc))
        return 0;
    for (uint32_t i = 0; list != NULL && i < mla_addresses_count(list); i++)
        oom_saw(o, mla_addresses_at(list, i)->mailbox.ptr, mla_addresses_at(list, i)->mailbox.len);
    mla_addresses_free(list);
    rc = mla_part_ids(p, "References", &ids);
    if (rc != MLA_E_NOT_FOUND && !oom_good(o, "ids", rc))
        return 0;
    for (uint32_t i = 0; ids != NULL && i < mla_strings_count(ids); i++)
        oom_saw(o, mla_strings_at(ids, i, NULL), 3);
    mla_strings_free(ids);
    if (mla_part_date(p, "Date", &when, NULL, NULL) == 0)
        oom_saw_number(o, (uint64_t)when);
    return 1;
}

static const char files[] = "\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n"
                            "=ybegin line=128 size=1 name=b\r\nm\r\n=yend size=1\r\n";
static const char tnef[] = "Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\1\0"
                           "\2\2\x90\6\0\1\0\0\0\0\0\0"      /* an attachment begins */
                           "\2\x10\x80\1\0\2\0\0\0x\0\x78\0" /* its name */
                           "\2\x0f\x80\6\0\2\0\0\0hi\xd1\0"  /* its octets */
                           "\1\x0c\x80\2\0\4\0\0\0text\0\0"; /* the body */

static int inside(struct oom *o, const mla_config *cfg, const char *text, size_t size,
                  uint32_t wanted)
{
    mla_message *m = NULL;
    mla_files *l = NULL;
    char *data = NULL;
    size_t n = 0;
    int good =
        oom_good(o, "parse", mla_message_parse(cfg, NULL, (const uint8_t *)text, size, &m)) &&
        oom_good(o, "files", mla_part_files(mla_message_root(m), &l));

    mla_message_free(m);
    for (uint32_t i = 0; good && i < wanted; i++) {
        uint8_t *octets = NULL;
        int rc = mla_files_data(l, i, &octets, &n);

        data = (char *)octets;
        good = saw_text(o, "data", rc, &data, &n);
    }
    mla_files_free(l);
    return good;
}

static int tree(struct oom *o, const mla_config *cfg)
{
    mla_message *m = NULL;
    int good =
        oom_good(o, "parse", mla_message_parse(cfg, NULL, (const uint8_t *)message, SIZE, &m)) &&
        oom_good(o, "check", mla_message_check(m));

    for (uint32_t i = 0; good && i < mla_message_part_count(m); i++) {
        const mla_part *p = mla_message_part_at(m, i);
        const char *type = mla_part_content_type(p);

        oom_saw(o, type, strlen(type));
        oom_saw_number(o, mla_part_body_offset(p));
        good = saw_values(o, p);
    }
    if (good)
        oom_saw_number(o, mla_message_warning_count(m));
    mla_message_free(m);
    return good;
}

static int stream(struct oom *o, const mla_config *cfg)
{
    mla_parser *p = NULL;
    const mla_mime_event *ev;
    int good = oom_good(o, "parser", mla_parser_new(cfg, NULL, &p));
    int rc = 0;

    /* in pieces, so that lines and boundaries are cut */
    for (size_t at = 0; good && at <= SIZE; at += 7) {
        size_t n = SIZE - at < 7 ? SIZE - at : 7;

        good = at < SIZE
                   ? oom_good(o, "feed", mla_parser_feed(p, (const uint8_t *)message + at, n, NULL))
                   : 1;
        if (good && n < 7)
            good = oom_good(o, "end", mla_parser_end(p));
        while (good && (rc = mla_parser_next(p, &ev)) == 1) {
            oom_saw_number(o, (uint64_t)ev->type);
            oom_saw_number(o, ev->offset);
            oom_saw(o, ev->name.ptr, ev->name.len);
            oom_saw(o, ev->data.ptr, ev->data.len);
        }
        good = good && oom_good(o, "next", rc);
    }
    mla_parser_free(p);
    return good;
}

/* Fields and parts that are refused leave a message that can go on, so nothing is counted. */
static int filled(struct oom *o, mla_compose *c)
{
    uint32_t part = 0;

    return oom_good(o, "header",
                    mla_compose_header(c, 0, "Subject",
                                       "gr\xc3\xbc\xc3\x9f"
                                       "e")) &&
           oom_good(o, "mailbox", mla_compose_mailbox(c, 0, "To", "J\xc3\xbcrgen", "a b@c.test")) &&
           oom_good(o, "mailbox", mla_compose_mailbox(c, 0, "To", "second", "\"x\"@c.test")) &&
           oom_good(o, "date", mla_compose_date(c, 0, "Date", 0, 60, 1)) &&
           oom_good(o, "id", mla_compose_id(c, 0, "Message-ID", "1@example.test")) &&
           oom_good(o, "add", mla_compose_add(c, 0, "text/plain", &part)) &&
           oom_good(o, "text", mla_compose_text(c, part, "a \n> b\n", 7, MLA_COMPOSE_FLOWED)) &&
           oom_good(o, "add", mla_compose_add(c, 0, "message/rfc822", &part)) &&
           oom_good(o, "add", mla_compose_add(c, part, "image/png", &part)) &&
           oom_good(o, "body", mla_compose_body(c, part, (const uint8_t *)"\x89PNG", 4)) &&
           oom_good(o, "disposition", mla_compose_disposition(c, part, "inline", "\xc3\xa9.png")) &&
           oom_good(o, "add", mla_compose_add(c, 0, "text/html", &part)) &&
           oom_good(o, "add", mla_compose_add(c, 0, "text/csv", &part));
}

static int composed(struct oom *o, const mla_config *cfg)
{
    mla_compose *c = NULL;
    const uint8_t *data;
    uint64_t size = 0;
    size_t len;
    int rc = 0;
    int good = oom_good(o, "compose", mla_compose_new(cfg, "multipart/mixed", 0, &c)) &&
               filled(o, c) && oom_good(o, "size", mla_compose_size(c, &size));

    oom_saw_number(o, size);
    while (good && (rc = mla_compose_output(c, &data, &len, NULL)) == 1)
        oom_saw_number(o, len);
    good = good && oom_good(o, "output", rc);
    mla_compose_free(c);
    return good;
}

static const char meant[] =
    "Received: from a (b) by c with d id e for <f@g>; Thu, 29 Feb 2024 12:00:00 +0100\r\n"
    "List-Id: \"x\" <y.test>\r\nList-Post: <mailto:l@y.test>, <https://y.test/>\r\n"
    "Content-Type: message/delivery-status; x*0=y; x*1=z; w=v\r\n\r\n"
    "Reporting-MTA: dns; a.test\r\n\r\nFinal-Recipient: utf-8; \\x{E9}@b.test\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n";
static const char noticed[] = "Content-Type: message/disposition-notification\r\n\r\n"
                              "Final-Recipient: rfc822; a@b.test\r\nError: x\r\nError: y\r\n"
                              "Disposition: manual-action/MDN-sent-manually; displayed\r\n";
static const char elsewhere[] =
    "Content-Type: message/external-body; access-type=url; url=\"https://a.test/\"\r\n\r\n"
    "Content-Type: text/plain\r\n\r\n";
static const char cut[] = "Content-Type: message/partial; id=i; number=1; total=1\r\n\r\n"
                          "Subject: x\r\n\r\nbody";

static mla_message *parsed(struct oom *o, const mla_config *cfg, const char *text, size_t size)
{
    mla_message *m = NULL;

    (void)oom_good(o, "parse", mla_message_parse(cfg, NULL, (const uint8_t *)text, size, &m));
    return m;
}

/* What header fields and reports mean, as records. */
static int records(struct oom *o, const mla_config *cfg)
{
    mla_message *m = parsed(o, cfg, meant, sizeof meant - 1);
    const mla_part *p = m != NULL ? mla_message_root(m) : NULL;
    mla_mailing_list *list = NULL;
    mla_strings *names = NULL;
    mla_hops *hops = NULL;
    mla_dsn *dsn = NULL;
    int good = p != NULL && oom_good(o, "hops", mla_part_hops(p, &hops)) &&
               oom_good(o, "list", mla_part_mailing_list(p, &list)) &&
               oom_good(o, "names", mla_part_param_names(p, "Content-Type", &names)) &&
               oom_good(o, "dsn", mla_part_dsn(p, &dsn)) &&
               oom_good(o, "check", mla_message_check(m));

    mla_message_free(m);
    if (good) {
        oom_saw(o, mla_hops_at(hops, 0)->recipient.ptr, mla_hops_at(hops, 0)->recipient.len);
        oom_saw(o, list->post[1].ptr, list->post[1].len);
        oom_saw_number(o, mla_strings_count(names));
        oom_saw(o, mla_dsn_recipient_at(dsn, 0)->final_address.ptr,
                mla_dsn_recipient_at(dsn, 0)->final_address.len);
    }
    mla_hops_free(hops);
    mla_mailing_list_free(list);
    mla_strings_free(names);
    mla_dsn_free(dsn);
    return good;
}

static int more_records(struct oom *o, const mla_config *cfg)
{
    mla_message *m = parsed(o, cfg, noticed, sizeof noticed - 1);
    mla_message *e = m != NULL ? parsed(o, cfg, elsewhere, sizeof elsewhere - 1) : NULL;
    mla_message *f = e != NULL ? parsed(o, cfg, cut, sizeof cut - 1) : NULL;
    const mla_message *const fragments[] = {f};
    mla_external_body *body = NULL;
    mla_mdn *mdn = NULL;
    uint8_t *data = NULL;
    char *text = NULL;
    size_t n = 0;
    int good = f != NULL && oom_good(o, "mdn", mla_part_mdn(mla_message_root(m), &mdn)) &&
               oom_good(o, "external", mla_part_external_body(mla_message_root(e), &body)) &&
               oom_good(o, "join", mla_partial_join(cfg, fragments, 1, &data, &n));

    mla_message_free(m);
    mla_message_free(e);
    mla_message_free(f);
    if (good) {
        oom_saw(o, mdn->errors[1].ptr, mdn->errors[1].len);
        oom_saw(o, body->url.ptr, body->url.len);
    }
    mla_mdn_free(mdn);
    mla_external_body_free(body);
    text = (char *)data;
    return good && saw_text(o, "joined", 0, &text, &n);
}

static int converted(struct oom *o, const mla_config *cfg)
{
    mla_charset *c = NULL;
    const char *text;
    size_t n;
    int rc = 0;
    int good = oom_good(o, "charset", mla_charset_new(cfg, "koi8-r", &c)) &&
               oom_good(o, "feed", mla_charset_feed(c, (const uint8_t *)"\xf0\xd2", 2));

    while (good && (rc = mla_charset_output(c, &text, &n)) == 1)
        oom_saw(o, text, n);
    good = good && oom_good(o, "output", rc);
    mla_charset_free(c);
    return good;
}

static void run(struct oom *o)
{
    mla_config *cfg = NULL;

    if (oom_good(o, "config", mla_config_new(&o->allocator, &cfg)))
        oom_saw_number(o, (uint64_t)(tree(o, cfg) && stream(o, cfg) && composed(o, cfg) &&
                                     records(o, cfg) && more_records(o, cfg) && converted(o, cfg) &&
                                     inside(o, cfg, files, sizeof files - 1, 2) &&
                                     inside(o, cfg, tnef, sizeof tnef - 1, 2)));
    mla_config_free(cfg);
}

int main(void)
{
    int bad = oom_sweep("mime", run, 1);

    printf("1..3\n");
    return bad;
}
