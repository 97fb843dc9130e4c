/* cmd_parse.c - the structure of messages on disk. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mailaccess.h>

#include "cli.h"
#include "fields.h"
#include "held.h"
#include "sha256.h"

enum { HELD_MOST = 64 << 20 }; /* of what comes through a pipe, unless --max-message says more */

/* --- values --- */

static void json_header(struct out *o, const char *key, const mla_part *p, const char *name)
{
    char *text;
    size_t len;

    if (mla_part_header(p, name, 0, &text, &len) != 0)
        return;
    json_text(o, key, text, len);
    mla_free(text);
}

static void json_addresses(struct out *o, const char *key, const mla_part *p, const char *name)
{
    mla_addresses *l;

    if (mla_part_addresses(p, name, &l) != 0)
        return;
    json_array(o, key);
    for (uint32_t i = 0; i < mla_addresses_count(l); i++)
        field_json_address(o, mla_addresses_at(l, i), 1);
    json_array_end(o);
    mla_addresses_free(l);
}

static void json_ids(struct out *o, const char *key, const mla_part *p, const char *name)
{
    mla_strings *l;

    if (mla_part_ids(p, name, &l) != 0)
        return;
    json_array(o, key);
    for (uint32_t i = 0; i < mla_strings_count(l); i++) {
        size_t len = 0;
        const char *id = mla_strings_at(l, i, &len);

        json_text(o, NULL, id, len);
    }
    json_array_end(o);
    mla_strings_free(l);
}

static void json_first_id(struct out *o, const char *key, const mla_part *p, const char *name)
{
    mla_strings *l;
    size_t len = 0;
    const char *id;

    if (mla_part_ids(p, name, &l) != 0)
        return;
    id = mla_strings_at(l, 0, &len);
    if (id != NULL)
        json_text(o, key, id, len);
    mla_strings_free(l);
}

/* RFC 3339 section 4.3: an unknown zone is "-00:00". */
static int date_text(const mla_part *p, char out[FIELD_TIME_SIZE], int64_t *out_seconds)
{
    int32_t zone;
    int32_t known;
    char *plus;

    if (mla_part_date(p, "Date", out_seconds, &zone, &known) != 0)
        return 0;
    field_time(out, *out_seconds, zone);
    plus = strrchr(out, '+');
    if (!known && plus != NULL)
        *plus = '-';
    return 1;
}

static void json_date(struct out *o, const mla_part *p)
{
    char text[FIELD_TIME_SIZE];
    int64_t seconds;

    if (!date_text(p, text, &seconds))
        return;
    json_string(o, "date", text);
    json_signed(o, "date_epoch", seconds);
}

/* --- digests --- */

/* Of the decoded octets, a piece at a time. */
static int octets_digest(const mla_part *p, char out[65])
{
    const char *type = mla_part_content_type(p);
    int is_multipart = strncmp(type, "multipart/", 10) == 0;
    struct sha256 sha;
    mla_decoder *d;
    const uint8_t *data;
    size_t len;

    if (mla_decoder_new(NULL, is_multipart ? NULL : mla_part_transfer_encoding(p), &d) != 0)
        return -1;
    sha256_init(&sha);
    data = mla_part_body_octets(p, &len);
    (void)mla_decoder_feed(d, data, len);
    (void)mla_decoder_end(d);
    while (mla_decoder_output(d, &data, &len) == 1)
        sha256_update(&sha, data, len);
    mla_decoder_free(d);
    sha256_final_hex(&sha, out);
    return 0;
}

/* Of the text in UTF-8: line ends LF, those at the very end dropped. */
static int text_digest(const mla_part *p, char out[65])
{
    char *text;
    size_t len;
    size_t n = 0;

    if (mla_part_text(p, &text, &len) != 0)
        return -1;
    for (size_t i = 0; i < len; i++)
        if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
            text[n++] = text[i];
    while (n > 0 && text[n - 1] == '\n')
        n--;
    sha256_hex(text, n, out);
    mla_free(text);
    return 0;
}

/* --- JSON --- */

typedef int (*text_fn)(const mla_part *p, char **out_text, size_t *out_len);

static void json_text_of(struct out *o, const char *key, const mla_part *p, text_fn fn)
{
    char *text;
    size_t len;

    if (fn(p, &text, &len) != 0)
        return;
    json_text(o, key, text, len);
    mla_free(text);
}

static int is_text(const mla_part *p)
{
    return strncmp(mla_part_content_type(p), "text/", 5) == 0;
}

/* Files inside of a part; there is no key where there are none. */
static void json_files(struct out *o, const mla_part *p)
{
    static const char *const kinds[] = {"",     "uuencode",  "yenc",
                                        "tnef", "tnef-body", "tnef-message"};
    mla_files *l;

    if (mla_part_files(p, &l) != 0)
        return;
    if (mla_files_count(l) != 0)
        json_array(o, "files");
    for (uint32_t i = 0; i < mla_files_count(l); i++) {
        const mla_mime_file *f = mla_files_at(l, i);

        json_object(o, NULL);
        json_string(o, "kind", f->kind <= MLA_FILE_TNEF_MESSAGE ? kinds[f->kind] : "");
        if (f->name.len != 0)
            json_text(o, "filename", f->name.ptr, f->name.len);
        if (f->type.len != 0)
            json_text(o, "content_type", f->type.ptr, f->type.len);
        if (f->content_id.len != 0)
            json_text(o, "content_id", f->content_id.ptr, f->content_id.len);
        json_number(o, "size", f->size);
        if ((f->flags & MLA_FILE_CUT) != 0)
            json_bool(o, "cut", 1);
        if ((f->flags & MLA_FILE_CHECKSUM) != 0)
            json_bool(o, "checksum_wrong", 1);
        json_object_end(o);
    }
    if (mla_files_count(l) != 0)
        json_array_end(o);
    mla_files_free(l);
}

static void json_part(struct out *o, const mla_part *p, int digest)
{
    int32_t protection;
    uint64_t size = 0;
    char hex[65];

    json_object(o, NULL);
    json_text_of(o, "path", p, mla_part_path);
    json_string(o, "content_type", mla_part_content_type(p));
    if (mla_part_charset(p) != NULL)
        json_string(o, "charset", mla_part_charset(p));
    json_text_of(o, "disposition", p, mla_part_disposition);
    json_text_of(o, "filename", p, mla_part_filename);
    if (mla_part_transfer_encoding(p) != NULL)
        json_string(o, "transfer_encoding", mla_part_transfer_encoding(p));
    json_text_of(o, "content_id", p, mla_part_content_id);
    if (mla_part_protection(p, &protection) == 0 && mla_mime_protection_name(protection) != NULL)
        json_string(o, "protection", mla_mime_protection_name(protection));
    (void)mla_part_decoded_size(p, &size);
    json_number(o, "size", size);
    if (digest && octets_digest(p, hex) == 0)
        json_string(o, "sha256", hex);
    if (digest && is_text(p) && text_digest(p, hex) == 0)
        json_string(o, "text_sha256", hex);
    json_number(o, "header_offset", mla_part_header_offset(p));
    json_number(o, "body_offset", mla_part_body_offset(p));
    json_number(o, "body_length", mla_part_body_length(p));
    if ((mla_part_flags(p) & MLA_PART_DECODED) != 0)
        json_bool(o, "decoded", 1);
    json_files(o, p);
    json_object_end(o);
}

static void json_warnings(struct out *o, const mla_message *m)
{
    json_array(o, "warnings");
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++) {
        uint64_t offset = 0;
        int32_t code = mla_message_warning(m, i, &offset);

        json_object(o, NULL);
        json_string(o, "code", mla_mime_warning_name(code));
        json_number(o, "offset", offset);
        json_object_end(o);
    }
    json_array_end(o);
}

static void print_json(struct out *o, const char *file, const mla_message *m, size_t size,
                       int digest)
{
    const mla_part *root = mla_message_root(m);

    json_begin(o);
    json_string(o, "file", file);
    json_number(o, "size", size);
    json_header(o, "subject", root, "Subject");
    json_addresses(o, "from", root, "From");
    json_addresses(o, "sender", root, "Sender");
    json_addresses(o, "reply_to", root, "Reply-To");
    json_addresses(o, "to", root, "To");
    json_addresses(o, "cc", root, "Cc");
    json_addresses(o, "bcc", root, "Bcc");
    json_date(o, root);
    json_first_id(o, "message_id", root, "Message-ID");
    json_ids(o, "in_reply_to", root, "In-Reply-To");
    json_ids(o, "references", root, "References");
    json_array(o, "parts");
    for (uint32_t i = 0; i < mla_message_part_count(m); i++)
        json_part(o, mla_message_part_at(m, i), digest);
    json_array_end(o);
    json_warnings(o, m);
    json_end(o);
}

/* --- for a person --- */

static void print_label(struct out *o, const char *label)
{
    out_column(o, 10, label, strlen(label));
}

static void print_header(struct out *o, const mla_part *p, const char *name)
{
    char *text;
    size_t len;

    if (mla_part_header(p, name, 0, &text, &len) != 0)
        return;
    print_label(o, name);
    out_column(o, 0, text, len);
    out_end_line(o);
    mla_free(text);
}

static void print_part(struct out *o, const mla_part *p, int digest)
{
    const char *charset = mla_part_charset(p);
    const char *encoding = mla_part_transfer_encoding(p);
    char *path = NULL, *name = NULL;
    size_t path_len = 0, name_len = 0;
    uint64_t size = 0;
    char hex[65];

    (void)mla_part_path(p, &path, &path_len);
    (void)mla_part_filename(p, &name, &name_len);
    (void)mla_part_decoded_size(p, &size);
    out_column(o, 10, path != NULL ? path : "", path_len);
    out_column(o, 26, mla_part_content_type(p), strlen(mla_part_content_type(p)));
    out_column(o, 13, charset != NULL ? charset : "-", charset != NULL ? strlen(charset) : 1);
    out_column(o, 17, encoding != NULL ? encoding : "-", encoding != NULL ? strlen(encoding) : 1);
    out_column_number(o, 10, size);
    if (digest && octets_digest(p, hex) == 0)
        out_column(o, 65, hex, 64);
    out_column(o, 0, name != NULL ? name : "", name_len);
    out_end_line(o);
    mla_free(path);
    mla_free(name);
}

static void print_columns(struct out *o, const char *file, const mla_message *m, size_t size,
                          int digest)
{
    static const char *const names[] = {"From", "To", "Cc", "Subject"};
    const mla_part *root = mla_message_root(m);
    char text[FIELD_TIME_SIZE];
    int64_t seconds;

    print_label(o, "File");
    out_column(o, strlen(file) + 1, file, strlen(file));
    out_column_number(o, 0, size);
    out_end_line(o);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        print_header(o, root, names[i]);
    if (date_text(root, text, &seconds)) {
        print_label(o, "Date");
        out_column(o, 0, text, strlen(text));
        out_end_line(o);
    }
    for (uint32_t i = 0; i < mla_message_part_count(m); i++)
        print_part(o, mla_message_part_at(m, i), digest);
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++) {
        uint64_t offset = 0;
        int32_t code = mla_message_warning(m, i, &offset);
        const char *name = mla_mime_warning_name(code);

        print_label(o,
                    mla_mime_warning_grade(code) == MLA_MIME_AMBIGUOUS ? "ambiguous" : "warning");
        out_column(o, 30, name, strlen(name));
        out_column_number(o, 0, offset);
        out_end_line(o);
    }
    out_end_line(o);
}

/* --- the command --- */

static int parse(struct cli *c, const char *file)
{
    struct held h;
    mla_message *m = NULL;
    int rc;

    memset(&h, 0, sizeof h);
    h.most = c->opt.max_message != 0 ? c->opt.max_message : HELD_MOST;
    rc = held_file(&h, file);
    if (rc == 0 && (h.is_too_large || (c->opt.max_message != 0 && h.len > h.most)))
        rc = cli_fail(EXIT_DATA, "parse: %s is larger than %" PRIu64 " octets", file, h.most);
    if (rc == 0 &&
        (mla_message_parse(NULL, NULL, h.data, h.len, &m) != 0 || mla_message_check(m) != 0))
        rc = cli_fail(EXIT_INTERNAL, "not enough memory");
    if (rc == 0 && c->opt.json)
        print_json(&c->out, file, m, h.len, c->opt.digest);
    else if (rc == 0)
        print_columns(&c->out, file, m, h.len, c->opt.digest);
    mla_message_free(m);
    held_free(&h);
    return rc;
}

int cmd_parse(struct cli *c)
{
    int rc = 0;

    if (c->arg_count == 0)
        return cli_fail(EXIT_USAGE, "parse: wants files, or - for standard input");
    for (int i = 0; i < c->arg_count && !cli_stopped(); i++) {
        int one = parse(c, c->args[i]);

        if (rc == 0)
            rc = one;
    }
    return cli_stopped() ? EXIT_TRY_AGAIN : rc;
}
