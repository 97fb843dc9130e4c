/* test_journal.c - examples/mailaccess/journal */
#include "tool_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "journal.h"

static const char some_sha[] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

static char *file_path(void **state)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/.mailaccess", (char *)*state);
    return path;
}

static struct journal *open_it(void **state)
{
    struct store s;
    struct journal *j;

    assert_int_equal(store_open(&s, *state, 1), 0);
    assert_int_equal(journal_open(&j, &s), 0);
    store_close(&s);
    return j;
}

static void add(struct journal *j, const char *source, const char *id, const char *file)
{
    struct journal_entry e = {source, id, file, 17, some_sha};

    assert_int_equal(journal_add(j, &e), 0);
}

static void remembers(void **state)
{
    struct journal *j = open_it(state);
    struct journal_entry e;

    add(j, "imap:a@h:INBOX", "1-1", "1-1.eml");
    add(j, "imap:a b@h:Entw\303\274rfe %\n", "x y", "d/x%20y.eml");
    add(j, "", "", "");
    assert_int_equal(journal_sync(j), 0);
    assert_int_equal(journal_find(j, "imap:a@h:INBOX", "1-1", &e), 1);
    journal_close(j);
    j = open_it(state);
    assert_int_equal(journal_count(j), 3);
    assert_int_equal(journal_damaged(j), 0);
    assert_int_equal(journal_find(j, "imap:a b@h:Entw\303\274rfe %\n", "x y", &e), 1);
    assert_string_equal(e.file, "d/x%20y.eml");
    assert_int_equal(e.size, 17);
    assert_string_equal(e.sha256, some_sha);
    assert_int_equal(journal_find(j, "", "", &e), 1);
    assert_int_equal(journal_find(j, "imap:a@h:INBOX", "1-2", &e), 0);
    assert_int_equal(journal_find(j, "imap:a@h:Sent", "1-1", &e), 0);
    assert_true(journal_has_file(j, "1-1.eml"));
    assert_false(journal_has_file(j, "1-2.eml"));
    journal_close(j);
}

static void what_was_not_synced_is_not_there(void **state)
{
    struct journal *j = open_it(state);

    add(j, "s", "1", "1.eml");
    assert_int_equal(journal_sync(j), 0);
    add(j, "s", "2", "2.eml");
    journal_close(j);
    j = open_it(state);
    assert_int_equal(journal_count(j), 1);
    journal_close(j);
}

/* Cut at every length: what was whole before stays, and the next record is whole again. */
static void a_torn_last_line_is_dropped(void **state)
{
    struct journal *j = open_it(state);
    struct journal_entry e;
    struct stat st;
    off_t one;

    add(j, "s", "1", "1.eml");
    assert_int_equal(journal_sync(j), 0);
    assert_int_equal(stat(file_path(state), &st), 0);
    one = st.st_size;
    add(j, "s", "2", "2.eml");
    assert_int_equal(journal_sync(j), 0);
    journal_close(j);
    assert_int_equal(stat(file_path(state), &st), 0);
    for (off_t cut = st.st_size - 1; cut >= 0; cut--) {
        assert_int_equal(truncate(file_path(state), cut), 0);
        j = open_it(state);
        assert_int_equal(journal_count(j), cut >= one);
        assert_int_equal(journal_damaged(j), 0);
        add(j, "s", "3", "3.eml");
        assert_int_equal(journal_sync(j), 0);
        journal_close(j);
        j = open_it(state);
        assert_int_equal(journal_find(j, "s", "3", &e), 1);
        assert_int_equal(journal_find(j, "s", "1", &e), cut >= one);
        journal_close(j);
    }
}

static void a_damaged_line_costs_only_itself(void **state)
{
    struct journal *j = open_it(state);
    struct journal_entry e;
    struct stat st;

    add(j, "s", "1", "1.eml");
    add(j, "s", "2", "2.eml");
    add(j, "s", "3", "3.eml");
    assert_int_equal(journal_sync(j), 0);
    journal_close(j);
    assert_int_equal(stat(file_path(state), &st), 0);
    {
        int fd = open(file_path(state), O_WRONLY);
        off_t line = (st.st_size - 21) / 3;

        assert_int_equal(pwrite(fd, "?", 1, 21 + line + line / 2), 1);
        close(fd);
    }
    j = open_it(state);
    assert_int_equal(journal_count(j), 2);
    assert_int_equal(journal_damaged(j), 1);
    assert_int_equal(journal_find(j, "s", "1", &e), 1);
    assert_int_equal(journal_find(j, "s", "2", &e), 0);
    assert_int_equal(journal_find(j, "s", "3", &e), 1);
    journal_close(j);
}

static void many_are_found_again(void **state)
{
    struct journal *j = open_it(state);
    char id[32];

    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "1-%d", i);
        add(j, "s", id, id);
    }
    assert_int_equal(journal_sync(j), 0);
    journal_close(j);
    j = open_it(state);
    assert_int_equal(journal_count(j), 5000);
    for (int i = 0; i < 5000; i++) {
        struct journal_entry e;

        snprintf(id, sizeof id, "1-%d", i);
        assert_int_equal(journal_find(j, "s", id, &e), 1);
        assert_string_equal(e.id, id);
    }
    journal_close(j);
}

static void another_process_is_kept_out(void **state)
{
    struct journal *j = open_it(state);
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        struct store s;
        struct journal *mine;

        if (store_open(&s, *state, 1) != 0)
            _exit(1);
        _exit(journal_open(&mine, &s) == EWOULDBLOCK ? 0 : 2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    journal_close(j);
}

static void foreign_files_are_left_alone(void **state)
{
    struct store s;
    struct journal *j;
    FILE *f = fopen(file_path(state), "w");

    fputs("my own notes\n", f);
    fclose(f);
    assert_int_equal(store_open(&s, *state, 1), 0);
    assert_int_equal(journal_open(&j, &s), EINVAL);
    assert_int_equal(unlink(file_path(state)), 0);
    assert_int_equal(mkfifo(file_path(state), 0600), 0);
    assert_int_equal(journal_open(&j, &s), EINVAL);
    assert_int_equal(unlink(file_path(state)), 0);
    assert_int_equal(symlink("/dev/null", file_path(state)), 0);
    assert_int_equal(journal_open(&j, &s), ELOOP);
    store_close(&s);
}

#define WITH_FOLDER(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(remembers),
        WITH_FOLDER(what_was_not_synced_is_not_there),
        WITH_FOLDER(a_torn_last_line_is_dropped),
        WITH_FOLDER(a_damaged_line_costs_only_itself),
        WITH_FOLDER(many_are_found_again),
        WITH_FOLDER(another_process_is_kept_out),
        WITH_FOLDER(foreign_files_are_left_alone),
    };

    return cmocka_run_group_tests_name("tool/journal", tests, NULL, NULL);
}
