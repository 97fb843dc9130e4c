#include "test.h"

#include "imap/enc_search.h"

static struct imap_search search;
static struct arena arena;

static mla_imap_search_key key(uint32_t kind)
{
    mla_imap_search_key k;

    memset(&k, 0, sizeof k);
    k.struct_size = sizeof k;
    k.kind = kind;
    return k;
}

static mla_imap_search_key text_key(uint32_t kind, const char *text)
{
    mla_imap_search_key k = key(kind);

    k.text = imap_str(text);
    return k;
}

static mla_imap_search_key number_key(uint32_t kind, uint64_t n)
{
    mla_imap_search_key k = key(kind);

    k.number = n;
    return k;
}

static int copy(const mla_imap_search_key *keys, size_t count)
{
    arena_free(&arena);
    arena_init(&arena, mem_default(), 1 << 20);
    return imap_search_copy(&search, &arena, keys, count);
}

static void check(const mla_imap_search_key *keys, size_t count, const char *want)
{
    struct imap_enc e;

    imap_enc_init(&e, mem_default(), 1 << 20);
    assert_int_equal(copy(keys, count), 0);
    imap_search_encode(&e, &search);
    assert_int_equal(imap_enc_error(&e), 0);
    assert_string_equal(buf_text(&e.out), want);
    imap_enc_free(&e);
    arena_free(&arena);
}

/* Each key of RFC 9051 section 6.4.4, and what the table says about its argument. */
static void writes_every_key(void **state)
{
    static const char *const plain[] = {" ALL",
                                        NULL,
                                        NULL,
                                        NULL,
                                        " ANSWERED",
                                        " DELETED",
                                        " DRAFT",
                                        " FLAGGED",
                                        " SEEN",
                                        " UNANSWERED",
                                        " UNDELETED",
                                        " UNDRAFT",
                                        " UNFLAGGED",
                                        " UNSEEN",
                                        " KEYWORD $x",
                                        " UNKEYWORD $x",
                                        " NEW",
                                        " OLD",
                                        " RECENT",
                                        " BCC \"$x\"",
                                        " BODY \"$x\"",
                                        " CC \"$x\"",
                                        " FROM \"$x\"",
                                        " SUBJECT \"$x\"",
                                        " TEXT \"$x\"",
                                        " TO \"$x\"",
                                        " HEADER \"X-A\" \"$x\"",
                                        " BEFORE 2-Jan-2003",
                                        " ON 2-Jan-2003",
                                        " SINCE 2-Jan-2003",
                                        " SENTBEFORE 2-Jan-2003",
                                        " SENTON 2-Jan-2003",
                                        " SENTSINCE 2-Jan-2003",
                                        " LARGER 7",
                                        " SMALLER 7",
                                        " UID 4:6,9",
                                        " 4:6,9",
                                        " OLDER 7",
                                        " YOUNGER 7",
                                        " MODSEQ \"X-A\" shared 7",
                                        " SAVEDBEFORE 2-Jan-2003",
                                        " SAVEDON 2-Jan-2003",
                                        " SAVEDSINCE 2-Jan-2003",
                                        " SAVEDATESUPPORTED",
                                        " EMAILID $x",
                                        " THREADID $x",
                                        " UID 8:4294967295",
                                        " UID 1:6",
                                        NULL,
                                        " FILTER $x",
                                        " $",
                                        " ANNOTATION \"X-A\" value.shared \"$x\"",
                                        " X-GM-RAW \"$x\"",
                                        " X-GM-MSGID 7",
                                        " X-GM-THRID 7",
                                        " X-GM-LABELS \"$x\""};
    const mla_range ranges[] = {{9, 9}, {4, 6}};

    (void)state;
    for (uint32_t kind = 0; kind < sizeof plain / sizeof plain[0]; kind++) {
        mla_imap_search_key k = text_key(kind, "$x");

        k.name = imap_str("X-A");
        k.number = 7;
        k.year = 2003;
        k.month = 1;
        k.day = 2;
        k.ranges = ranges;
        k.range_count = 2;
        if (kind == MLA_IMAP_KEY_MODSEQ || kind == MLA_IMAP_KEY_ANNOTATION)
            k.scope = MLA_IMAP_KEY_SCOPE_SHARED;
        if (plain[kind] != NULL)
            check(&k, 1, plain[kind]);
    }
}

static void nests(void **state)
{
    const mla_range r = {1, 3};
    mla_imap_search_key k[] = {key(MLA_IMAP_KEY_OR),    key(MLA_IMAP_KEY_NOT),
                               key(MLA_IMAP_KEY_SEEN),  number_key(MLA_IMAP_KEY_AND, 2),
                               key(MLA_IMAP_KEY_SEQS),  number_key(MLA_IMAP_KEY_AND, 1),
                               key(MLA_IMAP_KEY_DRAFT), key(MLA_IMAP_KEY_FLAGGED)};

    (void)state;
    k[4].ranges = &r;
    k[4].range_count = 1;
    check(k, 8, " OR NOT SEEN (1:3 (DRAFT)) FLAGGED");
    assert_int_equal(copy(k, 8), 0);
    assert_true(search.uses_seqs);
    arena_free(&arena);
    check(NULL, 0, " ALL");
}

/* SORT and THREAD name a charset in any case (RFC 5256 section 5). */
static void says_charset_where_it_must(void **state)
{
    static const char *const texts[] = {"cafe", "caf\xc3\xa9"};
    static const char *const want[] = {" US-ASCII SUBJECT \"cafe\"",
                                       " UTF-8 SUBJECT {5}\r\ncaf\xc3\xa9"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        mla_imap_search_key k = text_key(MLA_IMAP_KEY_SUBJECT, texts[i]);
        struct imap_enc e;

        imap_enc_init(&e, mem_default(), 1 << 20);
        assert_int_equal(copy(&k, 1), 0);
        imap_search_encode_ordered(&e, &search);
        assert_string_equal(buf_text(&e.out), want[i]);
        imap_enc_free(&e);
        arena_free(&arena);
    }
}

/* What each key needs of the server. */
static void asks_what_the_server_can(void **state)
{
    static const struct {
        uint32_t kind;
        const char *capability; /* NULL: none */
    } rows[] = {
        {MLA_IMAP_KEY_SEEN, NULL},
        {MLA_IMAP_KEY_UIDAFTER, NULL},
        {MLA_IMAP_KEY_YOUNGER, "WITHIN"},
        {MLA_IMAP_KEY_MODSEQ, "CONDSTORE"},
        {MLA_IMAP_KEY_MODSEQ, "QRESYNC"},
        {MLA_IMAP_KEY_SAVEDATESUPPORTED, "SAVEDATE"},
        {MLA_IMAP_KEY_THREADID, "OBJECTID"},
        {MLA_IMAP_KEY_FILTER, "FILTERS"},
        {MLA_IMAP_KEY_SAVED, "SEARCHRES"},
        {MLA_IMAP_KEY_ANNOTATION, "ANNOTATE-EXPERIMENT-1"},
        {MLA_IMAP_KEY_X_GM_MSGID, "X-GM-EXT-1"},
    };
    struct imap_caps caps;

    (void)state;
    imap_caps_init(&caps, mem_default());
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mla_imap_search_key k = text_key(rows[i].kind, "x");
        mla_str words[2];

        k.name = imap_str("/comment");
        k.number = 7;
        words[0] = imap_str("IMAP4rev1");
        words[1] = imap_str(rows[i].capability != NULL ? rows[i].capability : "X");
        assert_int_equal(copy(&k, 1), 0);
        assert_int_equal(imap_caps_set(&caps, words, 1, 10), 0);
        assert_int_equal(imap_search_can(&search, &caps, 0),
                         rows[i].capability != NULL ? MLA_E_UNSUPPORTED : 0);
        assert_int_equal(imap_caps_set(&caps, words, 2, 10), 0);
        assert_int_equal(imap_search_can(&search, &caps, 0), 0);
        arena_free(&arena);
    }
    imap_caps_clear(&caps);
}

static void says_charset_only_where_needed(void **state)
{
    mla_imap_search_key k = text_key(MLA_IMAP_KEY_SUBJECT, "caf\xc3\xa9");

    (void)state;
    check(&k, 1, " CHARSET UTF-8 SUBJECT {5}\r\ncaf\xc3\xa9");
}

static void refuses_what_is_no_key(void **state)
{
    const mla_str nul = {"a\0b", 3};
    const mla_str nothing = {NULL, 3};
    mla_imap_search_key k[SEARCH_DEPTH_MAX + 2];

    (void)state;
    k[0] = key(MLA_IMAP_KEY_OR);
    k[1] = key(MLA_IMAP_KEY_SEEN);
    assert_int_equal(copy(k, 2), MLA_E_ARG);
    k[0] = key(MLA_IMAP_KEY_AND);
    assert_int_equal(copy(k, 2), MLA_E_ARG);
    k[0] = key(1000);
    assert_int_equal(copy(k, 1), MLA_E_UNSUPPORTED);
    k[0] = key(MLA_IMAP_KEY_UIDS);
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0] = key(MLA_IMAP_KEY_ON);
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0] = text_key(MLA_IMAP_KEY_KEYWORD, "a b");
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0] = text_key(MLA_IMAP_KEY_HEADER, "x");
    k[0].name = imap_str("a:b");
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0] = key(MLA_IMAP_KEY_TEXT);
    k[0].text = nul;
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0].text = nothing;
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    k[0] = number_key(MLA_IMAP_KEY_OLDER, (uint64_t)UINT32_MAX + 1);
    assert_int_equal(copy(k, 1), MLA_E_ARG);
    for (size_t i = 0; i < SEARCH_DEPTH_MAX + 1; i++)
        k[i] = key(MLA_IMAP_KEY_NOT);
    k[SEARCH_DEPTH_MAX] = key(MLA_IMAP_KEY_SEEN);
    assert_int_equal(copy(k, SEARCH_DEPTH_MAX + 1), 0);
    k[SEARCH_DEPTH_MAX] = key(MLA_IMAP_KEY_NOT);
    k[SEARCH_DEPTH_MAX + 1] = key(MLA_IMAP_KEY_SEEN);
    assert_int_equal(copy(k, SEARCH_DEPTH_MAX + 2), MLA_E_LIMIT);
    arena_free(&arena);
}

/* Records of another age (docs/abi.md). */
static void reads_records_of_any_size(void **state)
{
    struct {
        mla_imap_search_key key;
        uint64_t newer;
    } k[2];

    (void)state;
    memset(k, 0, sizeof k);
    k[0].key = key(MLA_IMAP_KEY_SEEN);
    k[1].key = key(MLA_IMAP_KEY_DRAFT);
    k[0].key.struct_size = k[1].key.struct_size = sizeof k[0];
    check(&k[0].key, 2, " SEEN DRAFT");
    k[1].newer = 1;
    assert_int_equal(copy(&k[0].key, 2), MLA_E_UNSUPPORTED);
    k[1].newer = 0;
    k[1].key.struct_size = sizeof k[0].key;
    assert_int_equal(copy(&k[0].key, 2), MLA_E_ARG);
    k[0].key.struct_size = 8;
    assert_int_equal(copy(&k[0].key, 1), MLA_E_ARG);
    arena_free(&arena);
}

static void says_what_is_needed(void **state)
{
    mla_imap_search_key k[] = {number_key(MLA_IMAP_KEY_OLDER, 5),
                               number_key(MLA_IMAP_KEY_MODSEQ, 5), key(MLA_IMAP_KEY_NEW)};

    (void)state;
    assert_int_equal(copy(k, 3), 0);
    assert_int_equal(search.needs,
                     SEARCH_NEEDS_WITHIN | SEARCH_NEEDS_CONDSTORE | SEARCH_NEEDS_REV1);
    assert_false(search.uses_seqs);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_key),
        cmocka_unit_test(nests),
        cmocka_unit_test(says_charset_only_where_needed),
        cmocka_unit_test(says_charset_where_it_must),
        cmocka_unit_test(asks_what_the_server_can),
        cmocka_unit_test(refuses_what_is_no_key),
        cmocka_unit_test(reads_records_of_any_size),
        cmocka_unit_test(says_what_is_needed),
    };

    return cmocka_run_group_tests_name("imap/enc_search", tests, NULL, NULL);
}
