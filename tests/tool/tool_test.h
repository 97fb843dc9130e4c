/* tool_test.h - what the tests of the tool share: cmocka, a folder of their own, signals that never
 * come. */
#ifndef TOOL_TEST_H
#define TOOL_TEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli.h"

/* main.c has the real one. */
int cli_stopped(void)
{
    return 0;
}

/* A folder that is gone afterwards: give these two to cmocka_unit_test_setup_teardown(). */
static inline int make_folder(void **state)
{
    char *path = strdup("/tmp/mailaccess-test-XXXXXX");

    *state = path;
    return path != NULL && mkdtemp(path) != NULL ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command);
}

#endif
