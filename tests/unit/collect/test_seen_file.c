/* test_seen_file.c - lib/collect/seen_file */
#include "collect/seen_file.h"

#include "collect/seen_line.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/seen-XXXXXX";
static char path[64];
static struct seen_file *file;
static mla_seen_store store;

static mla_str str(const char *text)
{
    mla_str s = {text, strlen(text)};

    return s;
}

static int make_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/seen", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when something else was left in it */
}

static void open_it(void)
{
    mla_error err = {0};

    if (seen_file_open(mem_default(), path, &file, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(seen_file_store(file, str("pop3:alice@x"), &store), 0);
}

static int open_code(void)
{
    mla_error err = {0};
    int rc = seen_file_open(mem_default(), path, &file, &err);

    assert_int_equal(err.code, rc);
    if (rc == 0)
        seen_file_close(file);
    else
        assert_null(file);
    return rc;
}

static int add_note(const char *id, uint64_t size, const char *note)
{
    mla_seen_record r = {.struct_size = sizeof r, .count = 1, .size = size};

    r.id = str(id);
    r.note = str(note);
    return store.add(store.user, &r);
}

static void add(const char *id, uint64_t size)
{
    assert_int_equal(add_note(id, size, ""), 0);
}

/* The size that is recorded; 0: none. */
static uint64_t size_of(const char *id)
{
    mla_seen_record r;

    return store.lookup(store.user, (const uint8_t *)id, strlen(id), &r) == 1 ? r.size : 0;
}

static size_t read_file(char *out, size_t room)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    n = fread(out, 1, room, f);
    fclose(f);
    return n;
}

static void write_file(const void *data, size_t len)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

static void remembers(void **state)
{
    struct stat st;
    mla_seen_store other;

    (void)state;
    open_it();
    assert_int_equal(seen_file_store(file, str("pop3:bob@x"), &other), 0);
    assert_ptr_not_equal(other.user, store.user);
    add("1", 10);
    add("2", 20);
    add("1", 11);
    add("3", 30);
    assert_int_equal(store.remove(store.user, (const uint8_t *)"2", 1), 0);
    assert_int_equal(store.remove(store.user, (const uint8_t *)"none", 4), 0);
    assert_int_equal(store.commit(store.user), 0);
    add("4", 40); /* never committed */
    assert_int_equal(size_of("4"), 40);
    seen_file_close(file);
    open_it();
    assert_int_equal(size_of("1"), 11);
    assert_int_equal(size_of("2"), 0);
    assert_int_equal(size_of("3"), 30);
    assert_int_equal(size_of("4"), 0);
    assert_int_equal(seen_file_count(file), 2);
    assert_int_equal(seen_file_damaged(file), 0);
    assert_int_equal(seen_file_store(file, str("pop3:bob@x"), &store), 0);
    assert_int_equal(size_of("1"), 0);
    seen_file_close(file);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void sources_and_notes_are_told_apart(void **state)
{
    mla_seen_record r;
    uint64_t at = 0;
    char id[2] = "a";
    int n = 0;

    (void)state;
    open_it();
    for (; id[0] <= 'e'; id[0]++)
        assert_int_equal(add_note(id, 1, id), 0);
    assert_int_equal(seen_file_store(file, str("imap:alice@x:INBOX"), &store), 0);
    assert_int_equal(add_note("z", 1, "zz"), 0);
    assert_int_equal(seen_file_has_note(file, str("c")), 1);
    assert_int_equal(seen_file_has_note(file, str("zz")), 1);
    assert_int_equal(seen_file_has_note(file, str("z")), 0);
    while (store.each(store.user, &at, &r) == 1)
        n++;
    assert_int_equal(n, 1);
    assert_int_equal(seen_file_store(file, str(""), &store), MLA_E_ARG);
    seen_file_close(file);
}

static void records_out_of_range_are_refused(void **state)
{
    static char long_text[SEEN_ID_MAX + 1];
    mla_seen_record r = {.struct_size = sizeof r};

    (void)state;
    memset(long_text, 'x', sizeof long_text);
    open_it();
    assert_int_equal(store.add(store.user, &r), MLA_E_ARG);
    r.id = (mla_str){long_text, SEEN_ID_MAX + 1};
    assert_int_equal(store.add(store.user, &r), MLA_E_ARG);
    r.id.len = SEEN_ID_MAX;
    r.note = (mla_str){long_text, SEEN_NOTE_MAX};
    r.header = (mla_str){long_text, SEEN_HEADER_MAX};
    assert_int_equal(store.add(store.user, &r), 0);
    r.note.len++;
    assert_int_equal(store.add(store.user, &r), MLA_E_ARG);
    r.note.len--;
    r.header.len++;
    assert_int_equal(store.add(store.user, &r), MLA_E_ARG);
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    open_it();
    assert_int_equal(seen_file_count(file), 1);
    seen_file_close(file);
}

/* A file cut at any octet gives a beginning of what was recorded, and goes on. */
static void a_torn_end_is_dropped(void **state)
{
    static char whole[4096];
    size_t len;
    size_t most = 0;

    (void)state;
    open_it();
    for (int i = 0; i < 5; i++) {
        char id[8];

        snprintf(id, sizeof id, "m%d", i);
        add(id, 100);
    }
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    len = read_file(whole, sizeof whole);
    for (size_t n = 0; n <= len; n++) {
        write_file(whole, n);
        open_it();
        assert_int_equal(seen_file_damaged(file), 0);
        assert_true(seen_file_count(file) >= most);
        most = (size_t)seen_file_count(file);
        add("later", 5);
        assert_int_equal(store.commit(store.user), 0);
        seen_file_close(file);
        open_it();
        assert_int_equal(seen_file_count(file), most + 1);
        assert_int_equal(seen_file_damaged(file), 0);
        assert_int_equal(size_of("later"), 5);
        seen_file_close(file);
    }
    assert_int_equal(most, 5);
}

static void damage_costs_a_line(void **state)
{
    static char text[4096];
    static char longest[300000];
    size_t len;

    (void)state;
    open_it();
    add("a", 1);
    add("b", 2);
    add("c", 3);
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    len = read_file(text, sizeof text);
    text[len / 2] ^= 0x55;
    memcpy(text + len, "\nrubbish\n", 9);
    write_file(text, len + 9);
    open_it();
    assert_int_equal(seen_file_count(file), 2);
    assert_int_equal(seen_file_damaged(file), 3); /* the empty line is one */
    seen_file_close(file);
    /* a line without end, and one that is longer than any can be */
    memcpy(longest, "mailaccess journal 1\n", 21);
    memset(longest + 21, 'x', sizeof longest - 21);
    write_file(longest, sizeof longest);
    open_it();
    assert_int_equal(seen_file_count(file), 0);
    add("a", 1);
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    assert_int_equal(read_file(text, sizeof text), 21 + 36);
    longest[200000] = '\n';
    memcpy(longest + 200001, text + 21, 36);
    write_file(longest, 200001 + 36);
    open_it();
    assert_int_equal(seen_file_count(file), 1);
    assert_int_equal(seen_file_damaged(file), 1);
    assert_int_equal(size_of("a"), 1);
    seen_file_close(file);
}

static void other_files_are_left_alone(void **state)
{
    char text[64];

    (void)state;
    write_file("From alice\n", 11);
    assert_int_equal(open_code(), MLA_E_SYNTAX);
    assert_int_equal(read_file(text, sizeof text), 11);
    write_file("mailaccess journal 2\n", 21);
    assert_int_equal(open_code(), MLA_E_SYNTAX);
    unlink(path);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(open_code(), MLA_E_IO);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(open_code(), MLA_E_IO);
    rmdir(path);
    snprintf(path, sizeof path, "%s/none/seen", folder);
    assert_int_equal(open_code(), MLA_E_IO);
    snprintf(path, sizeof path, "%s/", folder);
    assert_int_equal(open_code(), MLA_E_ARG);
    snprintf(path, sizeof path, "%s/seen", folder);
}

static void a_second_process_is_kept_out(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    open_it();
    add("a", 1);
    assert_int_equal(seen_file_compact(file), 0); /* the lock goes with the new file */
    pid = fork();
    if (pid == 0) {
        struct seen_file *second;

        _exit(seen_file_open(mem_default(), path, &second, NULL) == MLA_E_BUSY ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
#ifdef __linux__
    {
        struct seen_file *second;

        assert_int_equal(seen_file_open(mem_default(), path, &second, NULL), MLA_E_BUSY);
    }
#endif
    seen_file_close(file);
    assert_int_equal(open_code(), 0);
}

static void history_is_dropped(void **state)
{
    struct stat st;
    char left[80];
    int fd;

    (void)state;
    snprintf(left, sizeof left, "%s.tmp", path);
    fd = open(left, O_CREAT | O_WRONLY, 0600); /* of a process that was killed */
    assert_true(fd >= 0);
    close(fd);
    open_it();
    assert_int_equal(access(left, F_OK), -1);
    for (int i = 0; i < 3000; i++) {
        add("same", (uint64_t)i + 1);
        if (i % 100 == 0)
            assert_int_equal(store.commit(store.user), 0);
    }
    assert_int_equal(add_note("other", 7, "a name"), 0);
    assert_int_equal(store.commit(store.user), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 1200 * 60);
    assert_int_equal(seen_file_compact(file), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 200);
    assert_int_equal(st.st_mode & 0777, 0600);
    add("more", 9); /* goes to the new file */
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    open_it();
    assert_int_equal(size_of("same"), 3000);
    assert_int_equal(size_of("other"), 7);
    assert_int_equal(size_of("more"), 9);
    assert_int_equal(seen_file_has_note(file, str("a name")), 1);
    assert_int_equal(seen_file_count(file), 3);
    seen_file_close(file);
}

/* A file size limit stands in for a full disk. */
static void a_full_disk_loses_nothing(void **state)
{
    struct rlimit old;
    struct rlimit small;
    mla_error err;
    struct stat st;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    open_it();
    add("a", 1);
    assert_int_equal(store.commit(store.user), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 3; i++)
        add("a long name, so that the limit is met soon", 2);
    assert_int_equal(store.commit(store.user), MLA_E_IO);
    seen_file_error(file, &err);
    assert_int_equal(err.code, MLA_E_IO);
    assert_int_equal(err.sys_code, EFBIG);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 60); /* no part of a line was left */
    assert_int_equal(seen_file_compact(file), MLA_E_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    add("b", 3);
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    open_it();
    assert_int_equal(size_of("a"), 1);
    assert_int_equal(size_of("a long name, so that the limit is met soon"), 2);
    assert_int_equal(size_of("b"), 3);
    assert_int_equal(seen_file_damaged(file), 0);
    seen_file_close(file);
}

/* Many lines are written without being asked for, so memory stays bounded. */
static void lines_do_not_pile_up(void **state)
{
    struct stat st;
    char id[900];

    (void)state;
    open_it();
    memset(id, 0xff, sizeof id);
    id[sizeof id - 1] = '\0';
    for (int i = 0; i < 200; i++) {
        id[0] = (char)(1 + i);
        add(id, 1);
    }
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size > 200000);
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    open_it();
    assert_int_equal(seen_file_count(file), 200);
    seen_file_close(file);
}

/* Files of before, by the tool. */
static void older_files_go_on(void **state)
{
    char text[512] = "mailaccess journal 1\n";
    static const char *const lines[] = {"got pop3:alice@x 0001 0001.eml 10 -",
                                        "got pop3:alice@x 0002 0002.eml 20 -"};

    (void)state;
    for (size_t i = 0; i < 2; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%08x %s\n",
                 (unsigned)seen_line_crc(lines[i], strlen(lines[i])), lines[i]);
    write_file(text, strlen(text));
    for (int i = 0; i < 2; i++) { /* as it is, and written anew */
        mla_seen_record r;

        open_it();
        assert_int_equal(seen_file_count(file), 2);
        assert_int_equal(seen_file_damaged(file), 0);
        assert_int_equal(store.lookup(store.user, (const uint8_t *)"0002", 4, &r), 1);
        assert_int_equal(r.octets, 20);
        assert_int_equal(r.count, 1);
        assert_int_equal(seen_file_has_note(file, str("0001.eml")), 1);
        assert_int_equal(seen_file_compact(file), 0);
        seen_file_close(file);
    }
}

static int use(const struct mem *mem)
{
    mla_seen_record r = {.struct_size = sizeof r, .id = {"b", 1}, .note = {"n", 1}};
    struct seen_file *f;
    mla_seen_store s;
    int rc = seen_file_open(mem, path, &f, NULL);

    if (rc != 0)
        return rc;
    rc = seen_file_store(f, str("pop3:carol@x"), &s);
    if (rc == 0)
        rc = s.add(s.user, &r);
    if (rc == 0)
        rc = s.commit(s.user);
    if (rc == 0)
        rc = seen_file_compact(f);
    if (rc == 0)
        rc = s.remove(s.user, (const uint8_t *)"b", 1);
    if (rc == 0)
        rc = s.commit(s.user);
    seen_file_close(f);
    return rc;
}

static void survives_failing_memory(void **state)
{
    static char text[1024];
    size_t len;

    (void)state;
    open_it();
    for (int i = 0; i < 10; i++) {
        char id[8];

        snprintf(id, sizeof id, "m%d", i);
        add(id, 1);
    }
    assert_int_equal(store.commit(store.user), 0);
    seen_file_close(file);
    len = read_file(text, sizeof text);
    for (int way = 0; way < 2; way++)
        for (size_t n = 1;; n++) {
            struct fail_mem f;
            int rc;

            write_file(text, len); /* as long as ever: history would be dropped some time */
            fail_mem_init(&f, n, way);
            rc = use(&f.mem);
            assert_int_equal(f.held, 0);
            assert_int_equal(rc, f.calls < n ? 0 : MLA_E_NOMEM);
            if (f.calls < n)
                break;
        }
    open_it();
    for (int i = 0; i < 10; i++) {
        char id[8];

        snprintf(id, sizeof id, "m%d", i);
        assert_int_equal(size_of(id), 1);
    }
    assert_int_equal(seen_file_damaged(file), 0);
    seen_file_close(file);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(remembers),
        TEST(sources_and_notes_are_told_apart),
        TEST(records_out_of_range_are_refused),
        TEST(a_torn_end_is_dropped),
        TEST(damage_costs_a_line),
        TEST(other_files_are_left_alone),
        TEST(a_second_process_is_kept_out),
        TEST(history_is_dropped),
        TEST(a_full_disk_loses_nothing),
        TEST(lines_do_not_pile_up),
        TEST(older_files_go_on),
        TEST(survives_failing_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
