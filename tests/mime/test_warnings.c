/* test_warnings.c - the closed list of warnings: each code, with its grade, in a message that shows
 * it, at the place that the message marks; and each limit, by default and as it is set: what fits
 * exactly, and what is one over. */
#include "test.h"

#include <mailaccess/mailaccess.h>
#include <stdio.h>

#define H MLA_MIME_HARMLESS
#define A MLA_MIME_AMBIGUOUS
/* The warning is about the octet behind this mark. */
#define HERE "\1"
#define CTE  "Content-Transfer-Encoding: "

struct row {
    int32_t code;
    int32_t grade;
    const char *text;
    size_t len;
};

#define ROW(code, grade, text)                                                                     \
    {                                                                                              \
        MLA_MIME_WARN_##code, grade, text, sizeof(text) - 1                                        \
    }

static const struct row rows[] = {
    ROW(BOM, H, HERE "\xef\xbb\xbfSubject: a\r\n\r\n"),
    ROW(MBOX_FROM, H, HERE "From a@b Mon Jan  1 00:00:00 2024\r\nSubject: a\r\n\r\n"),
    ROW(MIXED_LINE_ENDS, A, "Subject: a\r\nX: b" HERE "\n\r\n"),
    ROW(BARE_CR, A, "Subject: a" HERE "\rb\r\n\r\n"),
    ROW(NUL, A, "Subject: a" HERE "\0b\r\n\r\n"),
    ROW(NO_HEADER_END, A, "Subject: a\r\n" HERE "no field\r\n"),
    ROW(BAD_CONTINUATION, A, HERE " folded\r\nSubject: a\r\n\r\n"),
    ROW(SPACE_BEFORE_COLON, A, HERE "Subject : a\r\n\r\n"),
    ROW(RAW_8BIT, H, "Subject: " HERE "\xc3\xa9\r\n\r\n"),
    ROW(DUPLICATE_HEADER, A, "Subject: a\r\nSubject:" HERE " b\r\n\r\n"),
    ROW(DUPLICATE_TYPE, A, "Content-Type: text/plain\r\nContent-Type:" HERE " text/html\r\n\r\n"),
    ROW(DUPLICATE_ENCODING, A, CTE "7bit\r\nContent-Transfer-Encoding:" HERE " base64\r\n\r\n"),
    ROW(DUPLICATE_DISPOSITION, A,
        "Content-Disposition: inline\r\nContent-Disposition:" HERE " attachment\r\n\r\n"),
    ROW(DUPLICATE_PARAMETER, A, "Content-Type: text/plain; a=1; " HERE "a=2\r\n\r\n"),
    ROW(BAD_PARAMETER, H, "Content-Type: text/plain; a=1 " HERE "b=2\r\n\r\n"),
    ROW(BAD_TYPE, A, "Content-Type:" HERE " text\r\n\r\n"),
    ROW(BAD_ENCODING, A, "Content-Transfer-Encoding:" HERE " x-nonsense\r\n\r\n"),
    ROW(NO_BOUNDARY, A, HERE "Content-Type: multipart/mixed\r\n\r\n"),
    ROW(BAD_BOUNDARY, A, "Content-Type:" HERE " multipart/mixed; boundary=\"a?*b\"\r\n\r\n"),
    ROW(REPEATED_BOUNDARY, A,
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" HERE
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n"),
    ROW(MISSING_FINAL_BOUNDARY, H,
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n" HERE),
    ROW(EMPTY_MULTIPART, A, "Content-Type: multipart/mixed; boundary=b\r\n\r\n" HERE "text\r\n"),
    ROW(ENCODED_COMPOSITE, A,
        HERE "Content-Type: multipart/mixed; boundary=b\r\n" CTE "base64\r\n\r\n--b--\r\n"),
    ROW(TRUNCATED, H, "Subject: a" HERE),
    ROW(BASE64_JUNK, A, CTE "base64\r\n\r\nYW" HERE "!Jj\r\n"),
    ROW(BASE64_AFTER, A, CTE "base64\r\n\r\nYQ==" HERE "YQ==\r\n"),
    ROW(BASE64_UNPADDED, H, CTE "base64\r\n\r\nYQ" HERE),
    ROW(BASE64_CUT, H, CTE "base64\r\n\r\nYWJjY" HERE),
    ROW(QP_BAD, A, CTE "quoted-printable\r\n\r\na=" HERE "zz\r\n"),
    ROW(QP_CUT, H, CTE "quoted-printable\r\n\r\na=4" HERE),
    ROW(QP_LOWER, H, CTE "quoted-printable\r\n\r\na=c" HERE "3=a9\r\n"),
    ROW(UNKNOWN_CHARSET, A, "Content-Type: text/plain; charset=x-none\r\n\r\n" HERE "a\r\n"),
    ROW(INVALID_TEXT, H, "Content-Type: text/plain; charset=utf-8\r\n\r\n" HERE "a\xff\r\n"),
    ROW(GUESSED_CHARSET, H, "Subject: " HERE "\xe9\r\n\r\n"),
    ROW(UTF7, A, "Content-Type: text/plain; charset=utf-7\r\n\r\n" HERE "+AOk-\r\n"),
    ROW(BAD_WORD, H, "Subject: =?utf-8?b?" HERE "YQ?=\r\n\r\n"),
    ROW(BAD_ADDRESS, A, "To: nobody" HERE "\r\n\r\n"),
    ROW(MANY_FROM, A, "From:" HERE " a@b, c@d\r\n\r\n"),
    ROW(BAD_DATE, H, "Date:" HERE " once upon a time\r\n\r\n"),
    ROW(BAD_ID, H, "Message-ID: " HERE "a@b\r\n\r\n"),
    ROW(FILENAME_CONFLICT, A,
        "Content-Type: text/plain; name=a\r\nContent-Disposition:" HERE
        " attachment; filename=b\r\n\r\n"),
    ROW(FILE_CUT, H, CTE "x-uuencode\r\n\r\n" HERE "begin 644 a\r\n#0V%T\r\n"),
    ROW(CHECKSUM, H,
        CTE "x-yenc\r\n\r\n" HERE "=ybegin line=128 size=1 name=a\r\n=8b\r\n=yend size=9\r\n"),
    ROW(UNENDED_WORD, H, "Subject: =?utf-8?q?" HERE "a\r\n\r\n"),
    ROW(QUOTED_WORD, H, "To: " HERE "\"=?utf-8?q?=C3=A9?=\" <a@b>\r\n\r\n"),
    ROW(OBSOLETE_ADDRESS, H, "To: <@a,@b:" HERE "c@d>\r\n\r\n"),
    ROW(ADDRESS_SEPARATOR, A, "To: a@b" HERE "; c@d\r\n\r\n"),
    ROW(UNQUOTED_NAME, A, "To: a, b <c@d>" HERE "\r\n\r\n"),
    ROW(ADDRESS_BRACKET, A, "To: a " HERE "<b@c\r\n\r\n"),
    ROW(ODD_DATE, H, "Date:" HERE " 2024-01-01 00:00:00\r\n\r\n"),
    ROW(WRONG_WEEKDAY, H, "Date:" HERE " Tue, 1 Jan 2024 00:00:00 +0000\r\n\r\n"),
    ROW(UNKNOWN_ZONE, H, "Date:" HERE " Mon, 1 Jan 2024 00:00:00\r\n\r\n"),
    ROW(ENCODED_PARAMETER, A,
        "Content-Disposition:" HERE " attachment; filename=\"=?utf-8?q?=C3=A9?=\"\r\n\r\n"),
    ROW(PARAMETER_PIECES, A, "Content-Disposition: attachment; " HERE "filename*1=a\r\n\r\n"),
    ROW(PARAMETER_CONFLICT, A,
        "Content-Disposition: attachment; " HERE "filename=a; filename*=utf-8''b\r\n\r\n"),
    ROW(RAW_PARAMETER, H, "Content-Disposition:" HERE " attachment; filename=\"\xc3\xa9\"\r\n\r\n"),
    ROW(COMMENT, A, "Content-Type: text/plain; " HERE "(c) a=b\r\n\r\n"),
    ROW(BAD_RECEIVED, H, "Received:" HERE " ; 1 Jan 2024 00:00:00 +0000\r\n\r\n"),
    ROW(BAD_LIST_FIELD, H, "List-Post:" HERE " nothing\r\n\r\n"),
    ROW(BAD_REPORT, H,
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: " HERE
        "lost\r\nFinal-Recipient: rfc822; a@b\r\nStatus: 5.0.0\r\n"),
    ROW(BAD_EXTERNAL_BODY, H, "Content-Type:" HERE " message/external-body\r\n\r\n"),
};

enum { ROWS = sizeof rows / sizeof rows[0], CODES = 1000 };

/* 1 and the place of the first such warning. */
static int find(mla_message *m, int32_t code, uint64_t *out_at)
{
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++)
        if (mla_message_warning(m, i, out_at) == code)
            return 1;
    return 0;
}

static void shows(const struct row *r)
{
    const char *name = mla_mime_warning_name(r->code);
    const char *mark = memchr(r->text, *HERE, r->len);
    uint8_t *data = malloc(r->len);
    mla_message *m = NULL;
    uint64_t at = 0;
    size_t n;

    assert_non_null(name);
    assert_non_null(mark);
    assert_non_null(data);
    n = (size_t)(mark - r->text);
    memcpy(data, r->text, n);
    memcpy(data + n, mark + 1, r->len - n - 1);
    assert_int_equal(mla_message_parse(NULL, NULL, data, r->len - 1, &m), 0);
    assert_int_equal(mla_message_check(m), 0);
    if (!find(m, r->code, &at))
        fail_msg("%s is not reported", name);
    if (at != n)
        fail_msg("%s is at %llu, not at %zu", name, (unsigned long long)at, n);
    if (mla_mime_warning_grade(r->code) != r->grade)
        fail_msg("%s: grade %d", name, (int)mla_mime_warning_grade(r->code));
    mla_message_free(m);
    free(data);
}

static void test_each_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        shows(&rows[i]);
}

/* ------------------------------------------------------------------ limits */

struct text {
    char *p;
    size_t len;
};

/* A message of n things; what else it has is the same for all n. */
struct limit {
    const char *name;
    int32_t code;
    size_t field;      /* of mla_mime_limits */
    uint64_t standard; /* the default */
    uint32_t set;      /* another one, to be tried */
    const char *head;  /* then n times, with its number for %u: */
    const char *unit;  /* then, once: */
    const char *tail;  /* "%" in it: as many of these as units, for what must be closed */
    uint64_t besides;  /* of the units that count: how many head and tail have */
    const char *place; /* what the warning's offset must be at */
    void (*rest)(const mla_message *m, uint64_t kept); /* what is left, when it was one too many */
};

static void add(struct text *t, const char *format, unsigned n)
{
    for (const char *p = format; *p != '\0'; p++)
        if (p[0] == '%' && p[1] == 'u')
            t->len += (size_t)sprintf(t->p + t->len, "%u", n), p++;
        else
            t->p[t->len++] = *p;
    t->p[t->len] = '\0';
}

static struct text make(const struct limit *l, uint64_t n)
{
    struct text t = {malloc(strlen(l->head) + strlen(l->tail) + n * (strlen(l->unit) + 20) + 1), 0};

    assert_non_null(t.p);
    add(&t, l->head, 0);
    for (uint64_t i = 0; i < n; i++)
        add(&t, l->unit, (unsigned)i);
    add(&t, l->tail, 0);
    return t;
}

static const mla_part *root(const mla_message *m)
{
    return mla_message_root(m);
}

/* The body is there, whatever was cut from the header. */
static void body_is_there(const mla_message *m)
{
    size_t len;
    const uint8_t *body = mla_part_body_octets(root(m), &len);

    assert_int_equal(len, 6);
    assert_memory_equal(body, "body\r\n", 6);
}

static void rest_depth(const mla_message *m, uint64_t kept)
{
    const mla_part *p = mla_message_part_at(m, mla_message_part_count(m) - 1);
    size_t len;
    const uint8_t *body = mla_part_body_octets(p, &len);

    assert_int_equal(mla_part_depth(p), kept);
    assert_int_equal(mla_part_child_count(p), 0);
    assert_true((mla_part_flags(p) & MLA_PART_LIMIT) != 0);
    assert_int_equal(len, 8); /* the rest of the message, undivided */
    assert_memory_equal(body, "\r\nbody\r\n", 8);
}

static void rest_parts(const mla_message *m, uint64_t kept)
{
    const mla_part *p = mla_message_part_at(m, (uint32_t)kept - 1);
    size_t len;
    const uint8_t *body = mla_part_body_octets(root(m), &len);

    assert_int_equal(mla_message_part_count(m), kept);
    assert_true((mla_part_flags(root(m)) & MLA_PART_LIMIT) != 0);
    assert_memory_equal(body + len - 23, "last\r\n--b--\r\nepilogue\r\n", 23);
    body = mla_part_body_octets(p, &len);
    assert_int_equal(len, 1);
    assert_int_equal(*body, 'x');
}

static void rest_headers(const mla_message *m, uint64_t kept)
{
    assert_int_equal(mla_part_header_count(root(m)), kept);
    body_is_there(m);
}

static void rest_header_size(const mla_message *m, uint64_t kept)
{
    mla_str value;

    assert_int_equal(mla_part_header_count(root(m)), 1);
    assert_int_equal(mla_part_header_at(root(m), 0, NULL, &value, NULL), 0);
    assert_true(value.len <= kept);
    assert_true(value.len + 12 >= kept);
    body_is_there(m);
}

static void rest_params(const mla_message *m, uint64_t kept)
{
    mla_strings *names;

    assert_int_equal(mla_part_param_names(root(m), "Content-Type", &names), 0);
    assert_int_equal(mla_strings_count(names), kept);
    mla_strings_free(names);
    body_is_there(m);
}

static void rest_addresses(const mla_message *m, uint64_t kept)
{
    mla_addresses *list;

    assert_int_equal(mla_part_addresses(root(m), "To", &list), 0);
    assert_int_equal(mla_addresses_count(list), kept);
    mla_addresses_free(list);
    body_is_there(m);
}

/* Words over the limit stay as they are written. */
static void rest_words(const mla_message *m, uint64_t kept)
{
    char *text;
    size_t len;

    assert_int_equal(mla_part_header(root(m), "Subject", 0, &text, &len), 0);
    assert_int_equal(len, kept + 1 + 13);
    assert_string_equal(text + kept, " =?utf-8?q?a?=");
    mla_free(text);
    body_is_there(m);
}

static void rest_ids(const mla_message *m, uint64_t kept)
{
    mla_strings *ids;

    assert_int_equal(mla_part_ids(root(m), "References", &ids), 0);
    assert_int_equal(mla_strings_count(ids), kept);
    mla_strings_free(ids);
    body_is_there(m);
}

#define OF(field) offsetof(mla_mime_limits, field)

static const struct limit limits[] = {
    {"depth", MLA_MIME_WARN_LIMIT_DEPTH, OF(max_depth), 64, 5, "",
     "Content-Type: message/rfc822\r\n\r\n", "\r\nbody\r\n", 0,
     "Content-Type: message/rfc822\r\n\r\n\r\nbody", rest_depth},
    {"parts", MLA_MIME_WARN_LIMIT_PARTS, OF(max_parts), 10000, 7,
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\r\n\r\nx\r\n",
     "--b\r\n\r\nlast\r\n--b--\r\nepilogue\r\n", 2, "\r\nlast", rest_parts},
    {"headers", MLA_MIME_WARN_LIMIT_HEADERS, OF(max_headers), 10000, 7, "", "A: b\r\n",
     "Last: c\r\n\r\nbody\r\n", 1, "Last", rest_headers},
    {"header octets", MLA_MIME_WARN_LIMIT_HEADER_BYTES, OF(max_header_size), 4 << 20, 50,
     "Subject: ", "a", "\r\n\r\nbody\r\n", 11, "", rest_header_size},
    {"parameters", MLA_MIME_WARN_LIMIT_PARAMS, OF(max_params), 500, 7, "Content-Type: text/plain",
     "; a%u=b", "; last=c\r\n\r\nbody\r\n", 1, "last", rest_params},
    {"addresses", MLA_MIME_WARN_LIMIT_ADDRESSES, OF(max_addresses), 50000, 7, "To: ", "a@b, ",
     "last@c\r\n\r\nbody\r\n", 1, "\r\n\r\nbody", rest_addresses},
    {"words", MLA_MIME_WARN_LIMIT_WORDS, OF(max_words), 10000, 7,
     "Subject:", " =?utf-8?q?a?=", "\r\n\r\nbody\r\n", 0, "=?utf-8?q?a?=\r\n\r\n", rest_words},
    {"ids", MLA_MIME_WARN_LIMIT_IDS, OF(max_ids), 10000, 7, "References: ", "<a@b> ",
     "<last@c>\r\n\r\nbody\r\n", 1, "<last", rest_ids},
};

enum { LIMITS = sizeof limits / sizeof limits[0] };

static int is_reached(const struct limit *l, const mla_mime_limits *set, const struct text *t,
                      uint64_t kept)
{
    uint64_t at = 0;
    mla_message *m;
    int reached;

    assert_int_equal(mla_message_parse(NULL, set, (const uint8_t *)t->p, t->len, &m), 0);
    assert_int_equal(mla_message_check(m), 0);
    reached = find(m, l->code, &at);
    if (reached) {
        if (strncmp(t->p + at, l->place, strlen(l->place)) != 0)
            fail_msg("%s: the warning is at %llu, \"%.20s\"", l->name, (unsigned long long)at,
                     t->p + at);
        l->rest(m, kept);
    }
    mla_message_free(m);
    return reached;
}

static void exactly(const struct limit *l, const mla_mime_limits *set, uint64_t most)
{
    struct text fits = make(l, most - l->besides);
    struct text more = make(l, most - l->besides + 1);

    if (is_reached(l, set, &fits, most))
        fail_msg("%s: %llu are too many", l->name, (unsigned long long)most);
    if (!is_reached(l, set, &more, most))
        fail_msg("%s: more than %llu fit", l->name, (unsigned long long)most);
    free(fits.p);
    free(more.p);
}

static void set_limit(mla_mime_limits *m, const struct limit *l, uint32_t value)
{
    uint64_t octets = value;

    if (l->field == OF(max_header_size))
        memcpy((char *)m + l->field, &octets, sizeof octets);
    else
        memcpy((char *)m + l->field, &value, sizeof value);
}

static void test_limits_are_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIMITS; i++) {
        mla_mime_limits set;

        memset(&set, 0, sizeof set);
        set.struct_size = sizeof set;
        exactly(&limits[i], NULL, limits[i].standard);
        set_limit(&set, &limits[i], limits[i].set);
        exactly(&limits[i], &set, limits[i].set);
    }
}

/* ------------------------------------------------------------------ the list is closed */

static int is_covered(int32_t code)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].code == code)
            return 1;
    for (size_t i = 0; i < LIMITS; i++)
        if (limits[i].code == code)
            return 1;
    return 0;
}

/* Every code that has a name has a row here. */
static void test_none_is_left_out(void **state)
{
    size_t named = 0;

    (void)state;
    for (int32_t code = 0; code < CODES; code++) {
        if (mla_mime_warning_name(code) == NULL)
            continue;
        named++;
        if (!is_covered(code))
            fail_msg("no message shows %s", mla_mime_warning_name(code));
    }
    assert_int_equal(named, ROWS + LIMITS);
}

/* A warning about a limit is of the graver kind, since what is behind it is read elsewhere; every
 * field of the record is one of the limits. */
static void test_limits_are_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIMITS; i++)
        assert_int_equal(mla_mime_warning_grade(limits[i].code), MLA_MIME_AMBIGUOUS);
    /* struct_size besides, and the 64 bits of max_header_size */
    assert_int_equal(sizeof(mla_mime_limits), (LIMITS + 2) * sizeof(uint32_t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_shown),
        cmocka_unit_test(test_none_is_left_out),
        cmocka_unit_test(test_limits_are_exact),
        cmocka_unit_test(test_limits_are_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
