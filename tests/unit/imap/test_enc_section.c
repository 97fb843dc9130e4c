#include "test.h"

#include "imap/enc_section.h"

static const uint32_t one_two[] = {1, 2};
static const uint32_t one_three[] = {1, 3};
static const mla_str from_to[] = {{"From", 4}, {"To", 2}};

static struct imap_section_spec spec(uint32_t what, const uint32_t *parts, size_t part_count)
{
    struct imap_section_spec s;

    memset(&s, 0, sizeof s);
    s.what = what;
    s.parts = parts;
    s.part_count = part_count;
    if (what == MLA_IMAP_PART_FIELDS || what == MLA_IMAP_PART_FIELDS_NOT) {
        s.fields = from_to;
        s.field_count = 2;
    }
    return s;
}

static const char *written(const struct imap_section_spec *s, int set_seen)
{
    static char out[200];
    struct imap_enc e;

    imap_enc_init(&e, mem_default(), 1000);
    imap_enc_open(&e);
    imap_enc_section(&e, s, set_seen);
    assert_int_equal(imap_enc_error(&e), 0);
    assert_true(e.out.len < sizeof out);
    memcpy(out, buf_text(&e.out), e.out.len + 1);
    imap_enc_free(&e);
    return out + 1;
}

static void writes(void **state)
{
    struct imap_section_spec s = spec(MLA_IMAP_PART_ALL, NULL, 0);

    (void)state;
    assert_string_equal(written(&s, 0), "BODY.PEEK[]");
    assert_string_equal(written(&s, 1), "BODY[]");
    s.offset = 5;
    assert_string_equal(written(&s, 0), "BODY.PEEK[]<5.4294967295>");
    s.length = 7;
    assert_string_equal(written(&s, 0), "BODY.PEEK[]<5.7>");
    s = spec(MLA_IMAP_PART_MIME, one_two, 2);
    assert_string_equal(written(&s, 0), "BODY.PEEK[1.2.MIME]");
    s = spec(MLA_IMAP_PART_FIELDS_NOT, one_two, 1);
    assert_string_equal(written(&s, 0), "BODY.PEEK[1.HEADER.FIELDS.NOT (From To)]");
    s = spec(MLA_IMAP_PART_ALL, one_two, 2);
    s.is_decoded = 1;
    assert_string_equal(written(&s, 0), "BINARY.PEEK[1.2]");
    s.is_size = 1;
    assert_string_equal(written(&s, 0), "BINARY.SIZE[1.2]");
}

static int is(const struct imap_section_spec *s, const char *name, uint32_t kind, int64_t origin)
{
    mla_imap_section got;

    memset(&got, 0, sizeof got);
    got.name = imap_str(name);
    got.kind = kind;
    got.has_origin = origin >= 0;
    got.origin = origin >= 0 ? (uint64_t)origin : 0;
    return imap_section_is(s, &got);
}

static void recognises(void **state)
{
    struct imap_section_spec s = spec(MLA_IMAP_PART_ALL, NULL, 0);

    (void)state;
    assert_true(is(&s, "", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "TEXT", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "", MLA_IMAP_SECTION_BINARY, -1));
    assert_false(is(&s, "", MLA_IMAP_SECTION_BODY, 0));
    s.offset = 3;
    assert_true(is(&s, "", MLA_IMAP_SECTION_BODY, 3));
    assert_false(is(&s, "", MLA_IMAP_SECTION_BODY, 4));
    assert_false(is(&s, "", MLA_IMAP_SECTION_BODY, -1));
    s = spec(MLA_IMAP_PART_ALL, one_two, 2);
    assert_true(is(&s, "1.2", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1.2.MIME", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1.3", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1.22", MLA_IMAP_SECTION_BODY, -1));
    s.is_decoded = 1;
    assert_true(is(&s, "1.2", MLA_IMAP_SECTION_BINARY, -1));
    s.is_size = 1; /* no octets come */
    assert_false(is(&s, "1.2", MLA_IMAP_SECTION_BINARY, -1));
    s = spec(MLA_IMAP_PART_HEADER, one_two, 1);
    assert_true(is(&s, "1.header", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1.HEADER.FIELDS (From To)", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "1", MLA_IMAP_SECTION_BODY, -1));
}

/* The list may come in quotes, in another order, or not at all. */
static void recognises_fields(void **state)
{
    struct imap_section_spec s = spec(MLA_IMAP_PART_FIELDS, NULL, 0);

    (void)state;
    assert_true(is(&s, "HEADER.FIELDS (From To)", MLA_IMAP_SECTION_BODY, -1));
    assert_true(is(&s, "HEADER.FIELDS (\"TO\" \"FROM\")", MLA_IMAP_SECTION_BODY, -1));
    assert_true(is(&s, "HEADER.FIELDS", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "HEADER.FIELDS (From)", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "HEADER.FIELDS.NOT (From To)", MLA_IMAP_SECTION_BODY, -1));
    s = spec(MLA_IMAP_PART_FIELDS_NOT, NULL, 0);
    assert_true(is(&s, "HEADER.FIELDS.NOT (From To)", MLA_IMAP_SECTION_BODY, -1));
    assert_false(is(&s, "HEADER.FIELDS (From To)", MLA_IMAP_SECTION_BODY, -1));
}

static void knows_what_is_alike(void **state)
{
    struct imap_section_spec a = spec(MLA_IMAP_PART_ALL, one_two, 2);
    struct imap_section_spec b = a;

    (void)state;
    assert_true(imap_section_alike(&a, &b));
    b.length = 5;
    assert_false(imap_section_alike(&a, &b));
    a.length = 9; /* the answer says where it begins, not how much was wanted */
    assert_true(imap_section_alike(&a, &b));
    b.offset = 1;
    assert_false(imap_section_alike(&a, &b));
    b = a;
    b.is_decoded = 1;
    assert_false(imap_section_alike(&a, &b));
    a.is_decoded = a.is_size = b.is_size = 1; /* sizes are the same for everybody */
    assert_false(imap_section_alike(&a, &b));
    a = spec(MLA_IMAP_PART_MIME, one_two, 2);
    b = spec(MLA_IMAP_PART_MIME, one_three, 2);
    assert_false(imap_section_alike(&a, &b));
    b.part_count = 1;
    assert_false(imap_section_alike(&a, &b));
    a = spec(MLA_IMAP_PART_HEADER, NULL, 0);
    b = spec(MLA_IMAP_PART_TEXT, NULL, 0);
    assert_false(imap_section_alike(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes),
        cmocka_unit_test(recognises),
        cmocka_unit_test(recognises_fields),
        cmocka_unit_test(knows_what_is_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
