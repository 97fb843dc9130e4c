/* test_corpus.c FILE.eml... - each message against what FILE.expect says about it; then whole,
 * octet by octet, in every split in two and in random splits; stream against tree; mutations of it;
 * and each allocation failing in turn. `--light` leaves out splits in two and mutations, for
 * messages whose structure is nothing special. `--write` writes the expectations instead: read them
 * before they are checked in. */
#include "corpus_more.h"
#include "mime_seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPLITS_UP_TO = 3000, RANDOM_SPLITS = 40, MUTATIONS = 80, OOM_UP_TO = 3000 };

/* --- the expectation --- */

static void put_visible(FILE *f, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c == '\\' || c < 0x20 || c == 0x7f)
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
}

static void put_text(FILE *f, const char *key, int rc, char *text, size_t len)
{
    if (rc != 0)
        return;
    fprintf(f, "%s ", key);
    put_visible(f, text, len);
    fputc('\n', f);
    mla_free(text);
}

static void put_addresses(FILE *f, const mla_part *p, const char *name)
{
    mla_addresses *l;

    if (mla_part_addresses(p, name, &l) != 0)
        return;
    fprintf(f, "%s", name);
    for (uint32_t i = 0; i < mla_addresses_count(l); i++) {
        const mla_address *a = mla_addresses_at(l, i);

        if (a->kind == MLA_ADDRESS_GROUP_END) {
            fprintf(f, " ]");
            continue;
        }
        fprintf(f, a->kind == MLA_ADDRESS_GROUP_BEGIN ? " [" : " ");
        put_visible(f, a->name.ptr, a->name.len);
        if (a->kind == MLA_ADDRESS_GROUP_BEGIN)
            continue;
        fputc('<', f);
        put_visible(f, a->mailbox.ptr, a->mailbox.len);
        fputc('|', f);
        put_visible(f, a->host.ptr, a->host.len);
        fputc('>', f);
    }
    fputc('\n', f);
    mla_addresses_free(l);
}

static void put_ids(FILE *f, const mla_part *p, const char *name)
{
    mla_strings *l;

    if (mla_part_ids(p, name, &l) != 0)
        return;
    fprintf(f, "%s", name);
    for (uint32_t i = 0; i < mla_strings_count(l); i++) {
        size_t n;
        const char *text = mla_strings_at(l, i, &n);

        fputc(' ', f);
        put_visible(f, text, n);
    }
    fputc('\n', f);
    mla_strings_free(l);
}

static void put_envelope(FILE *f, const mla_part *p)
{
    static const char *const lists[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"};
    static const char *const ids[] = {"Message-ID", "In-Reply-To", "References"};
    int64_t seconds;
    int32_t zone;
    int32_t known;
    size_t len = 0;
    char *text = NULL;
    int rc = mla_part_header(p, "Subject", 0, &text, &len);

    put_text(f, "Subject", rc, text, len);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        put_addresses(f, p, lists[i]);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        put_ids(f, p, ids[i]);
    rc = mla_part_date(p, "Date", &seconds, &zone, &known);
    if (rc == 0)
        fprintf(f, "Date %lld %d%s\n", (long long)seconds, (int)zone, known ? "" : " unknown");
    else if (rc != MLA_E_NOT_FOUND)
        fprintf(f, "Date %s\n", mla_error_name(rc));
}

/* What protects it, and the files inside. */
static void put_inside(FILE *f, const mla_part *p)
{
    int32_t kind = 0;
    mla_files *l;

    if (mla_part_protection(p, &kind) == 0 && kind != MLA_PROTECTION_NONE)
        fprintf(f, "  protection %s\n", mla_mime_protection_name(kind));
    if (mla_part_files(p, &l) != 0) {
        fprintf(f, "  no files\n");
        return;
    }
    for (uint32_t i = 0; i < mla_files_count(l); i++) {
        const mla_mime_file *file = mla_files_at(l, i);

        fprintf(f, "  file %d at %llu %llu size %llu flags %u type %.*s\n", (int)file->kind,
                (unsigned long long)file->offset, (unsigned long long)file->length,
                (unsigned long long)file->size, file->flags, (int)file->type.len, file->type.ptr);
        fprintf(f, "    name ");
        put_visible(f, file->name.ptr, file->name.len);
        fputc('\n', f);
    }
    mla_files_free(l);
}

static void put_part(FILE *f, const mla_part *p)
{
    size_t len = 0;
    uint64_t size = 0;
    char *text = NULL;
    int rc = mla_part_path(p, &text, &len);

    put_text(f, "part", rc, text, len);
    fprintf(f, "  type %s charset %s encoding %s\n", mla_part_content_type(p),
            mla_part_charset(p) != NULL ? mla_part_charset(p) : "-",
            mla_part_transfer_encoding(p) != NULL ? mla_part_transfer_encoding(p) : "-");
    rc = mla_part_decoded_size(p, &size);
    fprintf(
        f, "  at %llu %llu %llu size %llu%s%s%s\n", (unsigned long long)mla_part_header_offset(p),
        (unsigned long long)mla_part_body_offset(p), (unsigned long long)mla_part_body_length(p),
        (unsigned long long)size, (mla_part_flags(p) & MLA_PART_DECODED) != 0 ? " decoded" : "",
        (mla_part_flags(p) & MLA_PART_LIMIT) != 0 ? " limit" : "",
        mla_part_is_attachment(p) ? " attachment" : "");
    rc = mla_part_disposition(p, &text, &len);
    put_text(f, "  disposition", rc, text, len);
    rc = mla_part_filename(p, &text, &len);
    put_text(f, "  filename", rc, text, len);
    rc = mla_part_safe_filename(p, &text, &len);
    put_text(f, "  safe", rc, text, len);
    rc = mla_part_content_id(p, &text, &len);
    put_text(f, "  id", rc, text, len);
    if (strncmp(mla_part_content_type(p), "text/", 5) == 0) {
        rc = mla_part_text(p, &text, &len);
        put_text(f, "  text", rc, text, rc == 0 && len > 200 ? 200 : len);
    }
    put_meanings(f, p);
    put_inside(f, p);
}

/* Where that is more than the text as it stands, of HTML and format=flowed. */
static void put_readable(FILE *f, const mla_message *m)
{
    const mla_part *p = mla_message_text(m);
    char *plain = NULL;
    char *read = NULL;
    size_t plain_len = 0;
    size_t len = 0;
    size_t n = 0;
    int is_flowed = p != NULL && mla_part_param(p, "Content-Type", "format", &read, NULL) == 0;
    int rc;

    if (is_flowed)
        mla_free(read);
    if (!is_flowed && mla_message_html(m) == NULL)
        return;
    rc = mla_part_readable(mla_message_root(m), 0, &read, &len);
    if (p != NULL)
        (void)mla_part_text(p, &plain, &plain_len);
    for (size_t i = 0; i < plain_len; i++)
        if (plain[i] != '\r' || i + 1 == plain_len || plain[i + 1] != '\n')
            plain[n++] = plain[i];
    if (rc == 0 && (n != len || memcmp(plain, read, n) != 0))
        put_text(f, "readable", rc, read, len > 400 ? 400 : len);
    else if (rc == 0)
        mla_free(read);
    mla_free(plain);
}

static void put_message(FILE *f, mla_message *m)
{
    const mla_part *text = mla_message_text(m);
    const mla_part *html = mla_message_html(m);

    put_envelope(f, mla_message_root(m));
    for (uint32_t i = 0; i < mla_message_part_count(m); i++) {
        const mla_part *p = mla_message_part_at(m, i);

        put_part(f, p);
        if (p == text || p == html)
            fprintf(f, "  shown\n");
    }
    put_readable(f, m);
    if (mla_message_check(m) != 0)
        fprintf(f, "check failed\n");
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++) {
        uint64_t at = 0;
        int32_t code = mla_message_warning(m, i, &at);

        fprintf(f, "warning %s %llu%s\n", mla_mime_warning_name(code), (unsigned long long)at,
                mla_mime_warning_grade(code) == MLA_MIME_AMBIGUOUS ? " !" : "");
    }
}

/* --- files --- */

static uint8_t *read_file(const char *path, size_t *out_len)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(1 << 20);
    size_t n;

    if (f == NULL || data == NULL) {
        free(data);
        if (f != NULL)
            fclose(f);
        return NULL;
    }
    n = fread(data, 1, (1 << 20) - 1, f);
    fclose(f);
    data[n] = '\0';
    *out_len = n;
    return data;
}

static const char *expect_path(const char *eml)
{
    static char path[4096];
    size_t n = strlen(eml);

    if (n < 4 || n + 4 > sizeof path)
        return "";
    snprintf(path, sizeof path, "%.*s.expect", (int)(n - 4), eml);
    return path;
}

static const char *compare_expectation(const char *path, mla_message *m, int write)
{
    char *got = NULL;
    size_t got_len = 0;
    size_t want_len = 0;
    FILE *f = open_memstream(&got, &got_len);
    uint8_t *want;
    const char *wrong = NULL;

    put_message(f, m);
    fclose(f);
    if (write) {
        f = fopen(expect_path(path), "wb");
        if (f == NULL || fwrite(got, 1, got_len, f) != got_len)
            wrong = "cannot write the expectation";
        if (f != NULL)
            fclose(f);
        free(got);
        return wrong;
    }
    want = read_file(expect_path(path), &want_len);
    if (want == NULL)
        wrong = "no expectation";
    else if (want_len != got_len || memcmp(want, got, got_len) != 0)
        wrong = "not as expected";
    if (wrong != NULL)
        printf("# got:\n%s# end\n", got);
    free(want);
    free(got);
    return wrong;
}

/* --- splits --- */

static size_t by_one(void *user, size_t left)
{
    (void)user;
    return left != 0;
}

struct two {
    size_t first;
};

static size_t in_two(void *user, size_t left)
{
    struct two *t = user;
    size_t n = t->first != 0 && t->first < left ? t->first : left;

    t->first = 0;
    return n;
}

static size_t at_random(void *user, size_t left)
{
    uint64_t *state = user;
    size_t n =
        seen_random(state) % 2 != 0 ? 1 + seen_random(state) % 4 : 1 + seen_random(state) % 200;

    return n < left ? n : left;
}

static struct seen whole;
static struct seen other;

static const char *try_split(const uint8_t *data, size_t len, seen_chunk_fn fn, void *user)
{
    const char *wrong = seen_stream(&other, data, len, NULL, fn, user);

    return wrong != NULL ? wrong : seen_equal(&whole, &other);
}

static const char *all_splits(const uint8_t *data, size_t len, int light)
{
    const char *wrong = try_split(data, len, by_one, NULL);
    uint64_t state = 1;

    for (size_t i = 1; wrong == NULL && !light && i < len && len <= SPLITS_UP_TO; i++) {
        struct two two = {i};

        wrong = try_split(data, len, in_two, &two);
        if (wrong != NULL)
            printf("# split at %zu\n", i);
    }
    for (int i = 0; wrong == NULL && i < (light ? 2 : RANDOM_SPLITS); i++)
        wrong = try_split(data, len, at_random, &state);
    return wrong;
}

static const char *both_faces(const uint8_t *data, size_t len)
{
    mla_message *m;
    const char *wrong = seen_stream(&whole, data, len, NULL, NULL, NULL);

    if (wrong != NULL)
        return wrong;
    if (mla_message_parse(NULL, NULL, data, len, &m) != 0)
        return "parse failed";
    wrong = seen_tree(&whole, m, data, len);
    mla_message_free(m);
    return wrong;
}

static const char *mutations(const uint8_t *data, size_t len)
{
    size_t cap = len + 1000;
    uint8_t *copy = malloc(cap);
    uint64_t state = 20260101;
    const char *wrong = NULL;

    for (int i = 0; wrong == NULL && i < MUTATIONS; i++) {
        uint64_t before = state;
        size_t n;

        memcpy(copy, data, len);
        n = seen_mutate(copy, len, cap, &state);
        wrong = both_faces(copy, n);
        if (wrong == NULL)
            wrong = try_split(copy, n, by_one, NULL);
        for (int k = 0; wrong == NULL && k < 4; k++)
            wrong = try_split(copy, n, at_random, &state);
        if (wrong != NULL)
            printf("# mutation %d, state %llu\n", i, (unsigned long long)before);
    }
    free(copy);
    return wrong;
}

/* --- allocations that fail --- */

struct failing {
    size_t calls;
    size_t fail_at;
    size_t held;
};

static void *failing_alloc(void *user, size_t size)
{
    struct failing *f = user;
    void *p = ++f->calls == f->fail_at ? NULL : malloc(size);

    f->held += p != NULL;
    return p;
}

static void *failing_resize(void *user, void *ptr, size_t size)
{
    struct failing *f = user;
    void *p = ++f->calls == f->fail_at ? NULL : realloc(ptr, size);

    f->held += p != NULL && ptr == NULL;
    return p;
}

static void failing_release(void *user, void *ptr)
{
    struct failing *f = user;

    f->held--;
    free(ptr);
}

/* Everything that asks for memory, once. 0 or MLA_E_NOMEM; anything else is wrong. */
static int use_all(const mla_config *cfg, struct failing *f, const uint8_t *data, size_t len)
{
    mla_message *m;
    int rc = mla_message_parse(cfg, NULL, data, len, &m);

    if (rc != 0)
        return rc;
    rc = mla_message_check(m);
    for (uint32_t i = 0; i < mla_message_part_count(m); i++) {
        const mla_part *p = mla_message_part_at(m, i);
        char *text = NULL;

        if (mla_part_path(p, &text, NULL) == 0)
            failing_release(f, text);
        if (mla_part_safe_filename(p, &text, NULL) == 0)
            failing_release(f, text);
        if (mla_part_content_id(p, &text, NULL) == 0)
            failing_release(f, text);
        if (mla_part_disposition(p, &text, NULL) == 0)
            failing_release(f, text);
    }
    mla_message_free(m);
    return rc;
}

static const char *oom(const uint8_t *data, size_t len)
{
    struct failing f = {0, 0, 0};
    mla_allocator allocator = {sizeof allocator, 0, failing_alloc, failing_resize,
                               failing_release,  &f};
    mla_config *cfg;
    size_t held;
    const char *wrong = NULL;

    if (mla_config_new(&allocator, &cfg) != 0)
        return "no configuration";
    held = f.held;
    for (size_t n = 0; wrong == NULL; n++) {
        int rc;

        f.calls = 0;
        f.fail_at = n;
        rc = use_all(cfg, &f, data, len);
        if (f.held != held)
            wrong = "memory was not given back";
        else if (n == 0 && rc != 0)
            wrong = "it fails without a failure";
        else if (rc != 0 && rc != MLA_E_NOMEM)
            wrong = "another error than MLA_E_NOMEM";
        if (n != 0 && f.calls < n)
            break;
    }
    f.fail_at = 0;
    mla_config_free(cfg);
    return wrong;
}

/* --- one file --- */

static const char *run(const char *path, int write, int light)
{
    size_t len = 0;
    uint8_t *file = read_file(path, &len);
    uint8_t *data;
    mla_message *m;
    const char *wrong = NULL;

    if (file == NULL)
        return "cannot read it";
    data = malloc(len != 0 ? len : 1); /* of exactly its size */
    memcpy(data, file, len);
    free(file);
    if (mla_message_parse(NULL, NULL, data, len, &m) != 0) {
        free(data);
        return "parse failed";
    }
    wrong = compare_expectation(path, m, write);
    mla_message_free(m);
    if (wrong == NULL && !write)
        wrong = both_faces(data, len);
    if (wrong == NULL && !write)
        wrong = all_splits(data, len, light);
    if (wrong == NULL && !write && !light)
        wrong = mutations(data, len);
    if (wrong == NULL && !write && len <= OOM_UP_TO)
        wrong = oom(data, len);
    free(data);
    return wrong;
}

int main(int argc, char **argv)
{
    int write = argc > 1 && strcmp(argv[1], "--write") == 0;
    int light = argc > 1 && strcmp(argv[1], "--light") == 0;
    int failed = argc < 2 + write + light;

    printf("1..%d\n", argc - 1 - write - light);
    for (int i = 1 + write + light; i < argc; i++) {
        const char *wrong = run(argv[i], write, light);
        const char *slash = strrchr(argv[i], '/');

        printf("%s %d - %s%s%s\n", wrong == NULL ? "ok" : "not ok", i - write - light,
               slash != NULL ? slash + 1 : argv[i], wrong != NULL ? " # " : "",
               wrong != NULL ? wrong : "");
        fflush(stdout);
        failed |= wrong != NULL;
    }
    seen_free(&whole);
    seen_free(&other);
    return failed;
}
