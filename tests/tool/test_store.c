/* test_store.c - examples/mailaccess/store */
#include "tool_test.h"

#include <dirent.h>
#include <sys/stat.h>

#include "store.h"

static int entries(const char *path)
{
    DIR *d = opendir(path);
    int n = -2; /* . and .. */

    assert_non_null(d);
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static void whole_files_get_their_name_o08_o10(void **state)
{
    struct store s;
    struct store_file f;
    struct stat st;
    char path[128];

    assert_int_equal(store_open(&s, *state, 1), 0);
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_write(&f, "hello", 5), 0);
    assert_false(store_has(&s, "a.eml"));
    assert_int_equal(store_commit(&f, &s, "a.eml"), 0);
    assert_true(store_has(&s, "a.eml"));
    assert_int_equal(entries(*state), 1);
    snprintf(path, sizeof path, "%s/a.eml", (char *)*state);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 5);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_nlink, 1);
    store_discard(&f); /* nothing is left to discard */
    assert_true(store_has(&s, "a.eml"));
    store_close(&s);
}

static void no_file_is_replaced_o07(void **state)
{
    struct store s;
    struct store_file f;

    assert_int_equal(store_open(&s, *state, 1), 0);
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_write(&f, "one", 3), 0);
    assert_int_equal(store_commit(&f, &s, "a"), 0);
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_write(&f, "two", 3), 0);
    assert_int_equal(store_commit(&f, &s, "a"), EEXIST);
    assert_false(store_equal(&f, &s, "a"));
    assert_int_equal(store_publish(&f, &s, "b"), 0);
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_write(&f, "two", 3), 0);
    assert_true(store_equal(&f, &s, "b"));
    assert_false(store_equal(&f, &s, "none"));
    assert_int_equal(store_write(&f, "x", 1), 0);
    assert_false(store_equal(&f, &s, "b"));
    store_discard(&f);
    assert_int_equal(entries(*state), 2);
    store_close(&s);
}

static void links_are_not_followed_o08(void **state)
{
    struct store s, sub;
    struct store_file f;
    char link_path[128];

    assert_int_equal(store_open(&s, *state, 1), 0);
    snprintf(link_path, sizeof link_path, "%s/a", (char *)*state);
    assert_int_equal(symlink("/tmp/mailaccess-no-such-file", link_path), 0);
    assert_true(store_has(&s, "a"));
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_commit(&f, &s, "a"), EEXIST);
    assert_false(store_equal(&f, &s, "a"));
    store_discard(&f);
    snprintf(link_path, sizeof link_path, "%s/sub", (char *)*state);
    assert_int_equal(symlink("/tmp", link_path), 0);
    assert_int_not_equal(store_open_within(&sub, &s, "sub"), 0);
    store_close(&s);
}

static void leftovers_are_swept(void **state)
{
    struct store s;
    struct store_file f, other;

    assert_int_equal(store_open(&s, *state, 1), 0);
    assert_int_equal(store_create(&s, &f), 0);
    assert_int_equal(store_create(&s, &other), 0);
    assert_string_not_equal(f.temp, other.temp);
    assert_int_equal(store_commit(&other, &s, ".mailaccess-x"), 0);
    assert_int_equal(entries(*state), 2);
    store_sweep(&s);
    assert_int_equal(entries(*state), 1);
    assert_true(store_has(&s, ".mailaccess-x"));
    store_discard(&f);
    store_close(&s);
}

static void many_are_synced_together(void **state)
{
    struct store s;
    struct store_file f[6], *all[6];
    char name[8];

    assert_int_equal(store_open(&s, *state, 1), 0);
    for (size_t count = 1; count <= 6; count += 5) {
        for (size_t i = 0; i < count; i++) {
            all[i] = &f[i];
            assert_int_equal(store_create(&s, &f[i]), 0);
            assert_int_equal(store_write(&f[i], "x", 1), 0);
        }
        assert_int_equal(store_sync_many(all, count), 0);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(f[i].fd, -1);
            snprintf(name, sizeof name, "%zu-%zu", count, i);
            assert_int_equal(store_publish(&f[i], &s, name), 0);
        }
    }
    assert_int_equal(entries(*state), 7);
    store_close(&s);
}

static void folders_are_made(void **state)
{
    struct store s, sub;
    char path[128];

    snprintf(path, sizeof path, "%s/x/y/z", (char *)*state);
    assert_int_equal(store_open(&s, path, 0), ENOENT);
    assert_int_equal(store_open(&s, path, 1), 0);
    assert_int_equal(store_open_within(&sub, &s, "new"), 0);
    store_close(&sub);
    assert_int_equal(store_open_within(&sub, &s, "new"), 0);
    store_close(&sub);
    store_close(&s);
    assert_int_equal(entries(path), 1);
}

#define WITH_FOLDER(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(whole_files_get_their_name_o08_o10), WITH_FOLDER(no_file_is_replaced_o07),
        WITH_FOLDER(links_are_not_followed_o08),         WITH_FOLDER(leftovers_are_swept),
        WITH_FOLDER(many_are_synced_together),           WITH_FOLDER(folders_are_made),
    };

    return cmocka_run_group_tests_name("tool/store", tests, NULL, NULL);
}
