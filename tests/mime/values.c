/* values.c - reads requests on standard input and says what this library makes of a value. Other
 * programs are compared with it (test_differ.py).
 *
 * A request is "KIND NAME-LENGTH LENGTH\n", that many octets of name, that many of value; the
 * answer "LENGTH\n" and that many octets. Kinds: charset (name: of the set), header, addresses,
 * date, ids, filename (the value is a whole header), subject (the same), message (what is said of a
 * whole message: lines of words, texts and octets in hexadecimal digits). */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 20 };

static char answer[4 * ROOM];
static size_t used;

static void add(const char *p, size_t n)
{
    if (n > sizeof answer - used)
        n = sizeof answer - used;
    if (n != 0)
        memcpy(answer + used, p, n);
    used += n;
}

static void charset(const char *name, const uint8_t *data, size_t len)
{
    const char *text;
    mla_charset *c;
    size_t n;

    if (mla_charset_new(NULL, name, &c) != 0)
        return;
    (void)mla_charset_feed(c, data, len);
    while (mla_charset_output(c, &text, &n) == 1)
        add(text, n);
    (void)mla_charset_end(c);
    while (mla_charset_output(c, &text, &n) == 1)
        add(text, n);
    mla_charset_free(c);
}

static void take(int rc, char *text, size_t n)
{
    if (rc == 0) {
        add(text, n);
        mla_free(text);
    }
}

static void addresses(const char *data, size_t len)
{
    const mla_address *a;
    mla_addresses *l;

    if (mla_mime_parse_addresses(NULL, data, len, &l) != 0)
        return;
    for (uint32_t i = 0; (a = mla_addresses_at(l, i)) != NULL; i++) {
        if (a->kind != MLA_ADDRESS_MAILBOX)
            continue;
        add(a->name.ptr, a->name.len);
        add("\n", 1);
        add(a->mailbox.ptr, a->mailbox.len);
        add("@", a->host.len != 0);
        add(a->host.ptr, a->host.len);
        add("\n", 1);
    }
    mla_addresses_free(l);
}

static void ids(const char *data, size_t len)
{
    mla_strings *l;

    if (mla_mime_parse_ids(NULL, data, len, &l) != 0)
        return;
    for (uint32_t i = 0; i < mla_strings_count(l); i++) {
        size_t n = 0;
        const char *text = mla_strings_at(l, i, &n);

        add(text, n);
        add("\n", 1);
    }
    mla_strings_free(l);
}

static void date(const char *data, size_t len)
{
    char text[100];
    int64_t seconds;
    int32_t zone;
    int32_t known;

    if (mla_mime_parse_date(data, len, &seconds, &zone, &known) == 0)
        add(text, (size_t)snprintf(text, sizeof text, "%lld %d %d", (long long)seconds, (int)zone,
                                   (int)known));
}

static void of_message(const char *kind, const uint8_t *data, size_t len)
{
    mla_message *m;
    char *text = NULL;
    size_t n = 0;
    int rc;

    if (mla_message_parse(NULL, NULL, data, len, &m) != 0)
        return;
    rc = strcmp(kind, "filename") == 0
             ? mla_part_filename(mla_message_root(m), &text, &n)
             : mla_part_header(mla_message_root(m), "Subject", 0, &text, &n);
    take(rc, text, n);
    mla_message_free(m);
}

/* ------------------------------------------------------------------ whole messages */

static void add_word(const char *word)
{
    add(word, strlen(word));
}

static void add_hex(const void *data, size_t n)
{
    const unsigned char *p = data;

    for (size_t i = 0; i < n; i++) {
        char two[2] = {"0123456789abcdef"[p[i] >> 4], "0123456789abcdef"[p[i] & 15]};

        add(two, 2);
    }
}

/* " -" where there is none, " =" and digits. */
static void add_value(int rc, void *data, size_t n)
{
    add_word(rc == 0 ? " =" : " -");
    if (rc != 0)
        return;
    add_hex(data, n);
    mla_free(data);
}

static void envelope(const mla_part *root)
{
    mla_addresses *l = NULL;
    int64_t seconds;
    char *text = NULL;
    size_t n = 0;
    int rc = mla_part_header(root, "Subject", 0, &text, &n);

    add_word("subject");
    add_value(rc, text, n);
    add_word("\ndate ");
    if (mla_part_date(root, "Date", &seconds, NULL, NULL) == 0) {
        char digits[40];

        add(digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)seconds));
    }
    if (mla_part_addresses(root, "From", &l) != 0)
        l = NULL;
    for (uint32_t i = 0; l != NULL && i < mla_addresses_count(l); i++) {
        const mla_address *a = mla_addresses_at(l, i);

        if (a->kind != MLA_ADDRESS_MAILBOX)
            continue;
        add_word("\nfrom =");
        add_hex(a->name.ptr, a->name.len);
        add_word(" =");
        add_hex(a->mailbox.ptr, a->mailbox.len);
        if (a->host.len != 0)
            add_word("40");
        add_hex(a->host.ptr, a->host.len);
    }
    mla_addresses_free(l);
}

/* "part DEPTH FLAGS TYPE =CHARSET =FILENAME =BODY" */
static void one_part(const mla_part *p)
{
    uint8_t *data = NULL;
    char *text = NULL;
    char number[60];
    size_t n = 0;
    int rc;

    add(number, (size_t)snprintf(number, sizeof number, "\npart %u %u ", mla_part_depth(p),
                                 mla_part_flags(p)));
    add_word(mla_part_content_type(p));
    add_word(" =");
    if (mla_part_charset(p) != NULL)
        add_hex(mla_part_charset(p), strlen(mla_part_charset(p)));
    rc = mla_part_filename(p, &text, &n);
    add_value(rc, text, n);
    rc = mla_part_child_count(p) == 0 ? mla_part_decode(p, &data, &n) : 1;
    add_value(rc, data, n);
}

static void whole(const uint8_t *data, size_t len)
{
    mla_message *m;

    if (mla_message_parse(NULL, NULL, data, len, &m) != 0)
        return;
    envelope(mla_message_root(m));
    for (uint32_t i = 0; i < mla_message_part_count(m); i++)
        one_part(mla_message_part_at(m, i));
    (void)mla_message_check(m);
    add_word("\nwarnings");
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++) {
        add_word(" ");
        add_word(mla_mime_warning_name(mla_message_warning(m, i, NULL)));
    }
    mla_message_free(m);
}

static void answer_to(const char *kind, const char *name, const uint8_t *data, size_t len)
{
    char *text = NULL;
    size_t n = 0;

    used = 0;
    if (strcmp(kind, "charset") == 0) {
        charset(name, data, len);
    } else if (strcmp(kind, "header") == 0) {
        int rc = mla_mime_decode_header(NULL, (const char *)data, len, &text, &n);

        take(rc, text, n);
    } else if (strcmp(kind, "addresses") == 0) {
        addresses((const char *)data, len);
    } else if (strcmp(kind, "ids") == 0) {
        ids((const char *)data, len);
    } else if (strcmp(kind, "date") == 0) {
        date((const char *)data, len);
    } else if (strcmp(kind, "message") == 0) {
        whole(data, len);
    } else {
        of_message(kind, data, len);
    }
}

int main(void)
{
    static uint8_t data[ROOM];
    char name[256];
    char kind[32];
    size_t name_len;
    size_t len;

    while (scanf("%31s %zu %zu", kind, &name_len, &len) == 3) {
        if (getchar() != '\n' || name_len >= sizeof name || len > sizeof data ||
            fread(name, 1, name_len, stdin) != name_len || fread(data, 1, len, stdin) != len)
            return 1;
        name[name_len] = '\0';
        answer_to(kind, name, data, len);
        printf("%zu\n", used);
        fwrite(answer, 1, used, stdout);
        fflush(stdout);
    }
    return 0;
}
