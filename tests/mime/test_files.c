/* test_files.c - files inside parts: uuencode, yEnc, TNEF. */
#include "test.h"

#include <stdio.h>

#include <mailaccess/mailaccess.h>

/* ------------------------------------------------------------------ helpers */

struct octets {
    uint8_t p[8192];
    size_t n;
};

static void add(struct octets *o, const void *p, size_t n)
{
    assert_true(o->n + n <= sizeof o->p);
    memcpy(o->p + o->n, p, n);
    o->n += n;
}

static void add_text(struct octets *o, const char *text)
{
    add(o, text, strlen(text));
}

static void add_le(struct octets *o, uint32_t v, size_t n)
{
    for (; n > 0; n--, v >>= 8) {
        uint8_t c = (uint8_t)v;

        add(o, &c, 1);
    }
}

static mla_message *parse(const struct octets *o)
{
    mla_message *m;

    assert_int_equal(mla_message_parse(NULL, NULL, o->p, o->n, &m), 0);
    return m;
}

static void same(const char *what, mla_str got, const char *wanted)
{
    if (got.len != strlen(wanted) || memcmp(got.ptr, wanted, got.len) != 0)
        fail_msg("%s: got [%.*s], wanted [%s]", what, (int)got.len, got.ptr, wanted);
}

static void check_file(const mla_files *l, uint32_t i, int32_t kind, const char *name,
                       const char *type, const void *data, size_t n)
{
    const mla_mime_file *f = mla_files_at(l, i);
    uint8_t *got;
    size_t len;

    assert_non_null(f);
    assert_int_equal(f->kind, kind);
    same("name", f->name, name);
    same("type", f->type, type);
    assert_int_equal(mla_files_data(l, i, &got, &len), 0);
    assert_int_equal(f->size, len);
    if (len != n || memcmp(got, data, n) != 0)
        fail_msg("%s: %zu octets [%.*s], not %zu", name, len, (int)len, (const char *)got, n);
    mla_free(got);
}

static mla_files *files_of(const char *text)
{
    static struct octets o;
    mla_message *m;
    mla_files *l;

    o.n = 0;
    add_text(&o, text);
    m = parse(&o);
    assert_int_equal(mla_part_files(mla_message_root(m), &l), 0);
    mla_message_free(m);
    return l;
}

/* ------------------------------------------------------------------ uuencode */

static void test_uuencode_in_a_text(void **unused)
{
    mla_files *l = files_of("\r\nHello,\r\nbegin 644 a b.txt \r\n#0V%T\r\n`\r\nend\r\nand\r\n"
                            "begin 600 caf\xc3\xa9\r\n+:&5L;&\\@=V]R;&0`\r\n \r\nend\r\n");

    (void)unused;
    assert_int_equal(mla_files_count(l), 2);
    check_file(l, 0, MLA_FILE_UUENCODE, "a b.txt ", "", "Cat", 3);
    check_file(l, 1, MLA_FILE_UUENCODE, "caf\xc3\xa9", "", "hello world", 11);
    assert_int_equal(mla_files_at(l, 0)->offset, 8);
    assert_int_equal(mla_files_at(l, 0)->length, 20 + 7 + 3 + 5);
    assert_int_equal(mla_files_at(l, 0)->flags, 0);
    assert_null(mla_files_at(l, 2));
    mla_files_free(l);
}

static void test_uuencode_that_is_cut_or_is_none(void **unused)
{
    mla_files *l = files_of("\n\nbegin 644 a\n#0V%T\n#0V%T\nA sentence.\n");
    static const char *const none[] = {"\n\nbegin 644 in your own words\nHello, this is it.\nend\n",
                                       "\n\nbegin 64x a\n#0V%T\n`\nend\n",
                                       "\n\nbegin 644 \n#0V%T\nend\n",
                                       "\n\nbegin 644 a",
                                       "\n\nbegin 644 LOUD\nHELLO\nend\n",
                                       "\n\nbegin\n",
                                       "\n\nbegin 644 a\n\nb\n"};

    (void)unused;
    assert_int_equal(mla_files_count(l), 1);
    check_file(l, 0, MLA_FILE_UUENCODE, "a", "", "CatCat", 6);
    assert_int_equal(mla_files_at(l, 0)->flags, MLA_FILE_CUT);
    mla_files_free(l);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        l = files_of(none[i]);
        if (mla_files_count(l) != 0)
            fail_msg("a file was found in [%s]", none[i]);
        mla_files_free(l);
    }
    l = files_of("\n\nbegin-base64 644 b.bin\naGVsbG8gd29y\nbGQ=\n====\nx\n");
    assert_int_equal(mla_files_count(l), 1);
    check_file(l, 0, MLA_FILE_UUENCODE, "b.bin", "", "hello world", 11);
    mla_files_free(l);
}

/* ------------------------------------------------------------------ transfer encodings */

/* Whole, and through a decoder octet by octet. */
static void decodes(const char *encoding, const char *in, const void *wanted, size_t n,
                    uint64_t warnings)
{
    size_t len = strlen(in);
    struct octets got;
    const uint8_t *data;
    mla_decoder *d;
    size_t out;

    for (size_t piece = 1; piece <= len + 1; piece += len) {
        got.n = 0;
        assert_int_equal(mla_decoder_new(NULL, encoding, &d), 0);
        for (size_t at = 0; at < len; at += piece) {
            assert_int_equal(
                mla_decoder_feed(d, (const uint8_t *)in + at, len - at < piece ? len - at : piece),
                0);
            while (mla_decoder_output(d, &data, &out) == 1)
                add(&got, data, out);
        }
        (void)mla_decoder_end(d);
        while (mla_decoder_output(d, &data, &out) == 1)
            add(&got, data, out);
        if (got.n != n || memcmp(got.p, wanted, n) != 0)
            fail_msg("%s [%s]: [%.*s]", encoding, in, (int)got.n, (const char *)got.p);
        assert_true(mla_decoder_warnings(d) == warnings);
        mla_decoder_free(d);
    }
}

static const uint64_t cut = UINT64_C(1) << MLA_MIME_WARN_FILE_CUT;
static const uint64_t checksum = UINT64_C(1) << MLA_MIME_WARN_CHECKSUM;

static void test_uuencode_as_a_transfer_encoding(void **unused)
{
    (void)unused;
    decodes("x-uuencode", "junk\nbegin 644 x\n#0V%T\n`\nend\njunk\n", "Cat", 3, 0);
    decodes("X-UUENCODE", "begin 644 x\r\n#0V%T\r\n", "Cat", 3, cut);
    decodes("uuencode", "begin 644 x\n#0V%T\n~~~\n#0V%T\nend", "CatCat", 6, cut);
    decodes("x-uue", "begin 644 x\n$!!!!\n \nend\n", "\x04\x10\x41\x00", 4, 0);
    decodes("x-uuencode", "no file", "", 0, 0);
}

static void test_yenc_as_a_transfer_encoding(void **unused)
{
    /* "Cat!" is 6d 8b 9e 4b */
    (void)unused;
    decodes("x-yenc",
            "=ybegin line=128 size=4 name=x\r\nm\x8b\x9eK\r\n=yend size=4 crc32=e6ca2574\r\n",
            "Cat!", 4, 0);
    decodes("x-yencode",
            "a\n=ybegin line=128 size=4 name=x\nm\x8b\n\x9eK\n=yend size=4 crc32=00000000\n",
            "Cat!", 4, checksum);
    decodes("x-yenc", "=ybegin line=128 size=4 name=x\nm\x8b\x9eK\n=yend size=5\n", "Cat!", 4,
            checksum);
    decodes("x-yenc", "=ybegin line=128 size=4 name=x\nm=\xcb\x9eK\n", "Cat!", 4, cut);
    decodes("x-yenc",
            "=ybegin part=1 line=128 size=9 name=x\n=ypart begin=1 end=4\nm\x8b\x9eK\n"
            "=yend size=4 part=1 pcrc32=E6CA2574 crc32=00000001",
            "Cat!", 4, 0);
    decodes("x-yenc", "=ybegin line=128 size=2 name=x\n=}=M\n=yend size=2\n", "\x13\xe3", 2, 0);
}

static void test_yenc_in_a_text(void **unused)
{
    mla_files *l = files_of("\r\nsee\r\n=ybegin line=128 size=4 name=my file.bin \r\nm\x8b\x9eK\r\n"
                            "=yend size=4 crc32=e6ca2574\r\nbegin 644 u\r\n#0V%T\r\nend\r\n"
                            "=ybegin line=128 size=9 name=second\r\nm\x8b");

    (void)unused;
    assert_int_equal(mla_files_count(l), 3);
    check_file(l, 0, MLA_FILE_YENC, "my file.bin", "", "Cat!", 4);
    check_file(l, 1, MLA_FILE_UUENCODE, "u", "", "Cat", 3);
    check_file(l, 2, MLA_FILE_YENC, "second", "", "Ca", 2);
    assert_int_equal(mla_files_at(l, 0)->flags, 0);
    assert_int_equal(mla_files_at(l, 2)->flags, MLA_FILE_CUT);
    mla_files_free(l);
}

/* "Hello, parts!" in three, and the same in other ways; yEnc adds 42. */
static const char part1[] = "=ybegin part=1 total=3 line=128 size=13 name=a total=7 x.bin\r\n"
                            "=ypart begin=1 end=5\r\nr\x8f\x96\x96\x99\r\n"
                            "=yend size=5 part=1 pcrc32=f7d18982\r\n";
static const char part2[] = "=ybegin part=2 line=128 size=13 name=a total=7 x.bin\r\n"
                            "=ypart begin=6 end=9\r\nVJ\x9a\x8b\r\n"
                            "=yend size=4 part=2 pcrc32=00000002\r\n";
static const char part3[] = "=ybegin part=3 total=3 line=128 size=13 name=a total=7 x.bin\r\n"
                            "=ypart begin=10 end=13\r\n\x9c\x9e\x9dK\r\n"
                            "=yend size=4 part=3 crc32=5e653e61\r\n";
static const char part2_plain[] = "=ybegin part=2 line=128 size=13 name=a total=7 x.bin\r\n"
                                  "=ypart begin=6 end=9\r\nVJ\x9a\x8b\r\n=yend size=4\r\n";
static const char part3_wrong[] = "=ybegin part=3 line=128 size=13 name=a total=7 x.bin\r\n"
                                  "=ypart begin=10 end=13\r\n\x9c\x9e\x9dK\r\n"
                                  "=yend size=4 part=3 crc32=00000001\r\n";
static const char part12[] = "=ybegin part=1 line=128 size=13 name=a total=7 x.bin\r\n"
                             "=ypart begin=1 end=7\r\nr\x8f\x96\x96\x99VJ\r\n=yend size=7\r\n";
static const char part2_other[] = "=ybegin part=2 line=128 size=13 name=a total=7 x.bin\r\n"
                                  "=ypart begin=6 end=9\r\nVJ\x9a\x8c\r\n=yend size=4\r\n";
static const char far_away[] = "=ybegin part=9 line=128 size=13 name=a total=7 x.bin\r\n"
                               "=ypart begin=9000000000000000000 end=9000000000000000003\r\n"
                               "VJ\x9a\x8c\r\n=yend size=4\r\n";
static const char other_name[] = "=ybegin part=2 line=128 size=13 name=b.bin\r\n"
                                 "=ypart begin=6 end=9\r\nVJ\x9a\x8b\r\n=yend size=4\r\n";
static const char other_total[] = "=ybegin part=2 total=4 line=128 size=13 name=a total=7 x.bin\r\n"
                                  "=ypart begin=6 end=9\r\nVJ\x9a\x8b\r\n=yend size=4\r\n";
static const char longer[] = "=ybegin part=3 line=128 size=13 name=a total=7 x.bin\r\n"
                             "=ypart begin=10 end=14\r\n\x9c\x9e\x9dKK\r\n=yend size=5\r\n";

static void test_a_part_of_a_yenc_file(void **unused)
{
    mla_files *l = files_of(part1);
    const mla_mime_file *f = mla_files_at(l, 0);

    (void)unused;
    check_file(l, 0, MLA_FILE_YENC, "a total=7 x.bin", "", "Hello", 5);
    assert_int_equal(f->part, 1);
    assert_int_equal(f->part_count, 3);
    assert_int_equal(f->part_offset, 0);
    assert_int_equal(f->whole_size, 13);
    assert_int_equal(f->flags, 0);
    assert_int_equal(f->verified, 1);
    mla_files_free(l);
    l = files_of(part2);
    f = mla_files_at(l, 0);
    assert_int_equal(f->part, 2);
    assert_int_equal(f->part_count, 0);
    assert_int_equal(f->part_offset, 5);
    assert_int_equal(f->flags, MLA_FILE_CHECKSUM);
    assert_int_equal(f->verified, 0);
    mla_files_free(l);
    l = files_of("=ybegin part=2 line=128 size=13 name=x\n=ypart begin=6 end=10\nVJ\x9a\x8b\n"
                 "=yend size=4\n");
    assert_int_equal(mla_files_at(l, 0)->flags, MLA_FILE_CHECKSUM); /* fewer than it says */
    mla_files_free(l);
    l = files_of("=ybegin line=128 size=4 name=x\nm\x8b\x9eK\n=yend size=4 crc32=e6ca2574\n");
    f = mla_files_at(l, 0);
    assert_int_equal(f->flags, 0);
    assert_int_equal(f->verified, 1);
    assert_int_equal(f->part, 0);
    assert_int_equal(f->whole_size, 4);
    mla_files_free(l);
}

static void joins(const char *const *parts, size_t count, int want_rc, uint32_t want_flags,
                  uint64_t want_missing)
{
    const mla_files *lists[8];
    const mla_files *order[8];
    const uint32_t indexes[8] = {0};

    for (size_t i = 0; i < count; i++)
        lists[i] = files_of(parts[i]);
    /* in every rotation, forwards and backwards */
    for (size_t turn = 0; turn < 2 * count; turn++) {
        uint64_t missing = 99;
        uint32_t flags = 99;
        uint8_t *data = NULL;
        size_t len = 99;

        for (size_t i = 0; i < count; i++)
            order[i] = lists[(turn < count ? turn + i : 2 * count - 1 - turn + count - i) % count];
        assert_int_equal(mla_files_join(NULL, order, indexes, count, &data, &len, &flags, &missing),
                         want_rc);
        assert_int_equal(flags, want_flags);
        assert_int_equal(missing, want_missing);
        if (want_rc == 0) {
            assert_int_equal(len, 13);
            assert_string_equal((char *)data, "Hello, parts!");
        } else {
            assert_null(data);
        }
        mla_free(data);
    }
    for (size_t i = 0; i < count; i++)
        mla_files_free((mla_files *)(uintptr_t)lists[i]);
}

#define JOINS(rc, flags, missing, ...)                                                             \
    joins((const char *const[]){__VA_ARGS__},                                                      \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), rc, flags, missing)

/* X11: nothing is joined by itself; what is handed in is checked. */
static void test_X11_parts_of_yenc_files_are_joined(void **unused)
{
    (void)unused;
    JOINS(0, 0, 0, part1, part2_plain, part3);
    JOINS(0, MLA_JOIN_DAMAGED, 0, part1, part2_plain, part3_wrong); /* of the whole */
    JOINS(0, MLA_JOIN_DAMAGED, 0, part1, part2, part3); /* part 2 has a wrong checksum */
    JOINS(0, MLA_JOIN_DAMAGED | MLA_JOIN_OVERLAP, 0, part12, part2, part3);
    JOINS(0, MLA_JOIN_DAMAGED | MLA_JOIN_DUPLICATE, 0, part1, part2, part3, part1, part3);
    JOINS(MLA_E_NOT_FOUND, MLA_JOIN_GAP, 5, part1, part3);
    JOINS(MLA_E_NOT_FOUND, MLA_JOIN_GAP | MLA_JOIN_DAMAGED, 9, part1, part2);
    JOINS(MLA_E_NOT_FOUND, MLA_JOIN_GAP, 0, part3);
    JOINS(MLA_E_NOT_FOUND, MLA_JOIN_GAP | MLA_JOIN_DAMAGED, 13, part1, part2, part3, far_away);
    JOINS(MLA_E_SYNTAX, MLA_JOIN_DAMAGED | MLA_JOIN_DUPLICATE | MLA_JOIN_CONFLICT, 0, part1, part2,
          part2_other, part3);
    JOINS(MLA_E_SYNTAX, 0, 0, part1, other_name, part3);
    JOINS(MLA_E_SYNTAX, 0, 0, part1, other_total, part3);
}

static void test_joining_what_is_no_part(void **unused)
{
    static const uint32_t zero = 0;
    static const uint32_t one = 1;
    mla_files *l = files_of("begin 644 u\r\n#0V%T\r\nend\r\n");
    const mla_files *lists = l;
    uint8_t *data;

    (void)unused;
    assert_int_equal(mla_files_join(NULL, &lists, &zero, 1, &data, NULL, NULL, NULL), MLA_E_ARG);
    assert_int_equal(mla_files_join(NULL, &lists, &one, 1, &data, NULL, NULL, NULL), MLA_E_ARG);
    assert_int_equal(mla_files_join(NULL, &lists, &zero, 0, &data, NULL, NULL, NULL), MLA_E_ARG);
    assert_int_equal(mla_files_join(NULL, &lists, &zero, 1, NULL, NULL, NULL, NULL), MLA_E_ARG);
    mla_files_free(l);
    l = files_of(longer);
    lists = l;
    assert_int_equal(mla_files_join(NULL, &lists, &zero, 1, &data, NULL, NULL, NULL),
                     MLA_E_NOT_FOUND);
    mla_files_free(l);
}

/* ------------------------------------------------------------------ TNEF */

static void attribute(struct octets *o, uint8_t level, uint32_t id, const void *p, size_t n)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += ((const uint8_t *)p)[i];
    add(o, &level, 1);
    add_le(o, id, 4);
    add_le(o, (uint32_t)n, 4);
    add(o, p, n);
    add_le(o, sum, 2);
}

static void prop(struct octets *o, uint32_t type, uint32_t id, const void *p, size_t n)
{
    add_le(o, type, 2);
    add_le(o, id, 2);
    add_le(o, 1, 4);
    add_le(o, (uint32_t)n, 4);
    add(o, p, n);
    add(o, "\0\0\0", (4 - n % 4) % 4);
}

static void begin_tnef(struct octets *o)
{
    o->n = 0;
    add_text(o, "\x78\x9f\x3e\x22");
    add_le(o, 1, 2);
    attribute(o, 1, 0x00069007, "\xe4\x04\0\0\0\0\0\0", 8); /* windows-1252 */
}

/* "{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}" lies in the dictionary; this is the example of
 * [MS-OXRTFCP] section 4.1.1. */
static const uint8_t rtf[] = {0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                              0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
                              0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
                              0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77,
                              0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0};

static void whole_tnef(struct octets *o)
{
    static struct octets props;
    static struct octets inner;
    static struct octets object;

    begin_tnef(o);
    props.n = 0;
    add_le(&props, 5, 4);
    add_le(&props, 0x0003, 2); /* a named property, to be passed over */
    add_le(&props, 0x8001, 2);
    add(&props, "0123456789abcdef", 16);
    add_le(&props, 1, 4);
    add_le(&props, 6, 4);
    add(&props, "a\0b\0c\0\0\0", 8);
    add_le(&props, 7, 4);
    prop(&props, 0x1f, 0x1000, "H\0i\0\xe9\0\0\0", 8);
    prop(&props, 0x102, 0x1013, "<b>\xe9</b>", 8);
    prop(&props, 0x102, 0x1009, rtf, sizeof rtf);
    add_le(&props, 0x3, 2);
    add_le(&props, 0x3fde, 2);
    add_le(&props, 28591, 4);
    attribute(o, 1, 0x00069003, props.p, props.n);

    attribute(o, 2, 0x00069002, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
    attribute(o, 2, 0x00018010, "SHORT~1.TXT\0", 12);
    attribute(o, 2, 0x0006800f, "the data", 8);
    props.n = 0;
    add_le(&props, 4, 4);
    prop(&props, 0x1e, 0x3707, "long n\xe9me.txt\0", 14);
    prop(&props, 0x1e, 0x3704, "LONGN~1.TXT\0", 12);
    prop(&props, 0x1e, 0x370e, "text/plain\0", 11);
    prop(&props, 0x1e, 0x3712, "id@x\0", 5);
    attribute(o, 2, 0x00069005, props.p, props.n);

    begin_tnef(&inner);
    attribute(&inner, 2, 0x00069002, "\0", 1);
    attribute(&inner, 2, 0x0006800f, "inner", 5);
    object.n = 0;
    add(&object, "\x07\x03\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 16);
    add(&object, inner.p, inner.n);
    attribute(o, 2, 0x00069002, "\0", 1);
    props.n = 0;
    add_le(&props, 2, 4);
    prop(&props, 0x0d, 0x3701, object.p, object.n);
    prop(&props, 0x1f, 0x3001, "F\0w\0d\0\0\0", 8);
    attribute(o, 2, 0x00069005, props.p, props.n);
}

static mla_files *files_of_tnef(const char *head, const struct octets *tnef)
{
    static struct octets o;
    mla_message *m;
    mla_files *l;

    o.n = 0;
    add_text(&o, head);
    add(&o, tnef->p, tnef->n);
    m = parse(&o);
    assert_int_equal(mla_part_files(mla_message_root(m), &l), 0);
    mla_message_free(m);
    return l;
}

static void test_tnef_is_listed(void **unused)
{
    static struct octets tnef;
    mla_files *inside;
    mla_files *l;

    (void)unused;
    whole_tnef(&tnef);
    l = files_of_tnef("Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n", &tnef);
    assert_int_equal(mla_files_count(l), 5);
    check_file(l, 0, MLA_FILE_TNEF, "long n\xc3\xa9me.txt", "text/plain", "the data", 8);
    same("content-id", mla_files_at(l, 0)->content_id, "id@x");
    assert_int_equal(mla_files_at(l, 1)->kind, MLA_FILE_TNEF_MESSAGE);
    same("name", mla_files_at(l, 1)->name, "Fwd");
    check_file(l, 2, MLA_FILE_TNEF_BODY, "", "text/plain", "Hi\xc3\xa9", 4);
    check_file(l, 3, MLA_FILE_TNEF_BODY, "", "text/html", "<b>\xc3\xa9</b>", 9);
    check_file(l, 4, MLA_FILE_TNEF_BODY, "", "text/rtf",
               "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", 43);
    assert_int_equal(mla_files_inside(l, 1, &inside), 0);
    assert_int_equal(mla_files_count(inside), 1);
    check_file(inside, 0, MLA_FILE_TNEF, "", "", "inner", 5);
    mla_files_free(inside);
    assert_int_equal(mla_files_inside(l, 0, &inside), 0);
    assert_int_equal(mla_files_count(inside), 0);
    mla_files_free(inside);
    assert_int_equal(mla_files_inside(l, 5, &inside), MLA_E_NOT_FOUND);
    mla_files_free(l);
    l = files_of_tnef("Content-Type: application/octet-stream; name=winmail.dat\r\n\r\n", &tnef);
    assert_int_equal(mla_files_count(l), 5);
    mla_files_free(l);
    l = files_of_tnef("Content-Type: image/png\r\n\r\n", &tnef);
    assert_int_equal(mla_files_count(l), 0);
    mla_files_free(l);
}

static void test_a_message_that_has_its_text_in_tnef(void **unused)
{
    static const char head[] = "Content-Type: application/ms-tnef\r\n\r\n";
    static struct octets tnef;
    static struct octets o;
    mla_message *m;
    char *text;

    (void)unused;
    whole_tnef(&tnef);
    o.n = 0;
    add_text(&o, head);
    add(&o, tnef.p, tnef.n);
    m = parse(&o);
    assert_int_equal(mla_part_readable(mla_message_root(m), 0, &text, NULL), 0);
    same("text", (mla_str){text, strlen(text)}, "Hi\xc3\xa9");
    mla_free(text);
    mla_message_free(m);
}

/* RTF is read where there is nothing better, and HTML that is hidden in it as HTML. */
static void test_a_message_that_has_its_text_in_rtf(void **unused)
{
    static const struct {
        const char *rtf, *want;
    } cases[] = {
        {"{\\rtf1\\ansi caf\\'e9\\par {\\v no}two}", "caf\xc3\xa9\ntwo"},
        {"{\\rtf1\\fromhtml1{\\*\\htmltag <p>}a\\'e9{\\*\\htmltag <script>x</script>}}",
         "a\xc3\xa9\n"},
        {"{\\rtf1 a\\u8238?\\u27?b}", "a\xef\xbf\xbd"
                                      "b"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct octets props;
        static struct octets lzfu;
        static struct octets o;
        struct octets tnef;
        mla_message *m;
        char *text;

        lzfu.n = props.n = o.n = 0;
        add_le(&lzfu, (uint32_t)strlen(cases[i].rtf) + 12, 4);
        add_le(&lzfu, (uint32_t)strlen(cases[i].rtf), 4);
        add_text(&lzfu, "MELA");
        add_le(&lzfu, 0, 4);
        add_text(&lzfu, cases[i].rtf);
        begin_tnef(&tnef);
        add_le(&props, 1, 4);
        prop(&props, 0x102, 0x1009, lzfu.p, lzfu.n);
        attribute(&tnef, 1, 0x00069003, props.p, props.n);
        add_text(&o, "Content-Type: application/ms-tnef\r\n\r\n");
        add(&o, tnef.p, tnef.n);
        m = parse(&o);
        assert_int_equal(mla_part_readable(mla_message_root(m), 0, &text, NULL), 0);
        same("text", (mla_str){text, strlen(text)}, cases[i].want);
        mla_free(text);
        mla_message_free(m);
    }
}

/* Cut anywhere, and with every octet changed: never more than is there. */
static void test_tnef_that_is_broken(void **unused)
{
    static struct octets whole;
    static struct octets broken;

    (void)unused;
    whole_tnef(&whole);
    for (size_t n = 0; n < 2 * whole.n; n++) {
        mla_files *l;

        broken = whole;
        if (n < whole.n)
            broken.n = n;
        else
            broken.p[n - whole.n] ^= 0xff;
        l = files_of_tnef("Content-Type: application/ms-tnef\r\n\r\n", &broken);
        for (uint32_t i = 0; i < mla_files_count(l); i++) {
            uint8_t *data;
            size_t len;

            assert_int_equal(mla_files_data(l, i, &data, &len), 0);
            assert_true(len <= 9 * whole.n);
            mla_free(data);
        }
        mla_files_free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uuencode_in_a_text),
        cmocka_unit_test(test_uuencode_that_is_cut_or_is_none),
        cmocka_unit_test(test_uuencode_as_a_transfer_encoding),
        cmocka_unit_test(test_yenc_as_a_transfer_encoding),
        cmocka_unit_test(test_yenc_in_a_text),
        cmocka_unit_test(test_a_part_of_a_yenc_file),
        cmocka_unit_test(test_X11_parts_of_yenc_files_are_joined),
        cmocka_unit_test(test_joining_what_is_no_part),
        cmocka_unit_test(test_tnef_is_listed),
        cmocka_unit_test(test_a_message_that_has_its_text_in_tnef),
        cmocka_unit_test(test_a_message_that_has_its_text_in_rtf),
        cmocka_unit_test(test_tnef_that_is_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
