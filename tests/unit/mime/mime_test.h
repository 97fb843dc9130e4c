/* mime_test.h - one loop for "fail the n-th allocation, for every n". */
#ifndef MIME_TEST_H
#define MIME_TEST_H

#include "test.h"

#include "mailaccess/types.h"

/* fn returns 0 when it worked. It must work without failures, and with each failure either work or
 * say MLA_E_NOMEM, and give everything back. */
static inline void oom_sweep(int (*fn)(const struct mem *m))
{
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        size_t n = 0;
        struct fail_mem f;

        do {
            int rc;

            fail_mem_init(&f, n, from_then_on);
            rc = fn(&f.mem);
            assert_int_equal(f.held, 0);
            if (n == 0)
                assert_int_equal(rc, 0);
            else if (rc != 0)
                assert_int_equal(rc, MLA_E_NOMEM);
            n++;
        } while (n == 1 || f.calls >= n - 1);
        assert_true(n > 2);
    }
}

#endif
