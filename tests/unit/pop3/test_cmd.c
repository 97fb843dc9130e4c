/* test_cmd.c - lib/pop3/cmd */
#include "pop3/cmd.h"
#include "test.h"

static void writes(uint32_t id, uint32_t number, uint32_t lines, const char *expected)
{
    struct pop3_cmd cmd = {.row = pop3_row_of(id), .number = number, .lines = lines};
    struct outq out;
    const uint8_t *p;
    size_t n;

    outq_init(&out, mem_default(), 1000);
    assert_int_equal(pop3_cmd_write(&cmd, &out), 0);
    assert_int_equal(outq_peek(&out, &p, &n, NULL), 1);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(p, expected, n);
    outq_free(&out);
}

static void every_command_is_written(void **state)
{
    (void)state;
    writes(MLA_POP3_CMD_CAPA, 0, 0, "CAPA\r\n");
    writes(MLA_POP3_CMD_STAT, 7, 7, "STAT\r\n");
    writes(MLA_POP3_CMD_LIST, 0, 0, "LIST\r\n");
    writes(MLA_POP3_CMD_LIST, 7, 0, "LIST 7\r\n");
    writes(MLA_POP3_CMD_UIDL, 4294967295U, 0, "UIDL 4294967295\r\n");
    writes(MLA_POP3_CMD_TOP, 1, 0, "TOP 1 0\r\n");
    writes(MLA_POP3_CMD_TOP, 4294967295U, 4294967295U, "TOP 4294967295 4294967295\r\n");
    writes(MLA_POP3_CMD_RETR, 1, 9, "RETR 1\r\n");
    writes(MLA_POP3_CMD_DELE, 1, 0, "DELE 1\r\n");
    writes(MLA_POP3_CMD_NOOP, 0, 0, "NOOP\r\n");
    writes(MLA_POP3_CMD_RSET, 0, 0, "RSET\r\n");
    writes(MLA_POP3_CMD_QUIT, 0, 0, "QUIT\r\n");
    assert_null(pop3_row_of(0));
    assert_null(pop3_row_of(99));
}

static void the_queue_has_a_limit(void **state)
{
    const struct pop3_row *noop = pop3_row_of(MLA_POP3_CMD_NOOP);
    struct fail_mem f;
    struct pop3_queue q;
    struct pop3_cmd *cmd;

    (void)state;
    fail_mem_init(&f, 0, 0);
    pop3_queue_init(&q, &f.mem, 2 * sizeof *cmd);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &cmd), 0);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &cmd), 0);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &cmd), MLA_E_LIMIT);
    pop3_queue_pop(&q);
    f.fail_at = f.calls + 1;
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &cmd), MLA_E_NOMEM);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &cmd), 0);
    pop3_queue_free(&q);
    assert_int_equal(f.held, 0);
    assert_int_equal(q.held, 0);
}

static void credentials_are_taken_over_only_on_success(void **state)
{
    const struct pop3_row *row = pop3_row_of(MLA_POP3_CMD_AUTHENTICATE);
    mla_credentials in = {0};
    struct sasl_creds creds;
    struct pop3_queue q;
    struct pop3_cmd *cmd;

    (void)state;
    in.struct_size = sizeof in;
    in.user = "u";
    in.password = "p";
    in.password_len = 1;
    assert_int_equal(sasl_creds_copy(&creds, mem_default(), &in, NULL), 0);
    pop3_queue_init(&q, mem_default(), 10);
    assert_int_equal(pop3_queue_push(&q, row, &creds, &cmd), MLA_E_LIMIT);
    assert_string_equal(creds.user.ptr, "u");
    q.max = 10000;
    assert_int_equal(pop3_queue_push(&q, row, &creds, &cmd), 0);
    assert_null(creds.block);
    assert_string_equal(cmd->creds.user.ptr, "u");
    pop3_queue_free(&q);
}

static void commands_of_ours_have_their_place(void **state)
{
    const struct pop3_row *noop = pop3_row_of(MLA_POP3_CMD_NOOP);
    struct pop3_cmd *at[5];
    struct fail_mem f;
    struct pop3_queue q;

    (void)state;
    fail_mem_init(&f, 0, 0);
    pop3_queue_init(&q, &f.mem, 4 * sizeof *at[0]);
    assert_int_equal(pop3_queue_insert(&q, noop, NULL, &at[0]), 0);
    assert_ptr_equal(q.head, at[0]);
    assert_ptr_equal(q.tail, at[0]);
    assert_int_equal(q.held, 0);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &at[1]), 0);
    assert_int_equal(pop3_queue_insert(&q, noop, at[1], &at[2]), 0);
    assert_ptr_equal(at[0]->next, at[2]);
    assert_ptr_equal(at[2]->next, at[1]);
    assert_ptr_equal(q.tail, at[1]);
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &at[3]), 0);
    assert_int_equal(pop3_queue_words(&q, at[3], "words", NULL), 0);
    assert_string_equal(at[3]->arg, "words");
    pop3_queue_drop(&q);
    assert_ptr_equal(q.tail, at[1]);
    assert_null(at[1]->next);
    f.fail_at = f.calls + 1;
    assert_int_equal(pop3_queue_insert(&q, noop, NULL, &at[4]), MLA_E_NOMEM);
    pop3_queue_free(&q);
    assert_int_equal(q.held, 0);
    /* a word costs what it is long */
    q.max = sizeof *at[0] + 5;
    assert_int_equal(pop3_queue_push(&q, noop, NULL, &at[0]), 0);
    assert_int_equal(pop3_queue_words(&q, at[0], "words", NULL), MLA_E_LIMIT);
    assert_int_equal(pop3_queue_words(&q, at[0], NULL, "word"), 0);
    f.fail_at = f.calls + 1;
    q.max = 10000;
    assert_int_equal(pop3_queue_words(&q, at[0], "words", NULL), MLA_E_NOMEM);
    pop3_queue_drop(&q);
    assert_null(q.head);
    assert_null(q.tail);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_written),
        cmocka_unit_test(the_queue_has_a_limit),
        cmocka_unit_test(commands_of_ours_have_their_place),
        cmocka_unit_test(credentials_are_taken_over_only_on_success),
    };

    return cmocka_run_group_tests_name("pop3/cmd", tests, NULL, NULL);
}
