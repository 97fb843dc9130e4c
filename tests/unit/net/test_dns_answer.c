/* test_dns_answer.c - lib/net/dns_answer */
#include "net/dns_answer.h"
#include "test.h"

#include "dns_packet.h"
#include "guard.h"

static const char name[] = "_imaps._tcp.example.org";

static struct dns_answer answer;
static mla_error error;

static int read_as(const struct packet *m, const char *asked, int type)
{
    memset(&error, 0, sizeof error);
    return dns_answer_read(m->p, m->n, asked, type, &answer, &error);
}

static int read_srv(const struct packet *m)
{
    return read_as(m, name, DNS_TYPE_SRV);
}

static void records_are_read(void **state)
{
    struct packet m;

    (void)state;
    put_head(&m, "_IMAPS._tcp.Example.ORG", 33, 3);
    put_srv(&m, 10, 5, 993, "Mail.Example.org");
    put_srv(&m, 0, 0, 1993, "a.b.c");
    put_srv(&m, 65535, 65535, 65535, "");
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 3);
    assert_int_equal(answer.unusable, 0);
    assert_int_equal(answer.records[0].priority, 10);
    assert_int_equal(answer.records[0].weight, 5);
    assert_int_equal(answer.records[0].port, 993);
    assert_string_equal(answer.records[0].target, "mail.example.org");
    assert_string_equal(answer.records[1].target, "a.b.c");
    assert_string_equal(answer.records[2].target, "");
    assert_int_equal(answer.records[2].port, 65535);
    put_head(&m, "example.org", 15, 2);
    put_mx(&m, 20, "mx2.example.org");
    put_mx(&m, 10, "");
    assert_int_equal(read_as(&m, "example.org", DNS_TYPE_MX), 0);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.records[0].priority, 20);
    assert_string_equal(answer.records[0].target, "mx2.example.org");
    assert_string_equal(answer.records[1].target, "");
}

static void names_may_be_compressed(void **state)
{
    struct packet m;
    size_t at;

    (void)state;
    put_head(&m, name, 33, 1);
    at = put_record(&m, 12, 33);
    put16(&m, 1);
    put16(&m, 2);
    put16(&m, 3);
    put8(&m, 4);
    memcpy(m.p + m.n, "imap", 4);
    m.n += 4;
    put16(&m, 0xc000 | (12 + 7 + 5)); /* "example.org" within the question */
    end_record(&m, at);
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.records[0].target, "imap.example.org");
}

/* Records of others, of another type or class are nobody's. */
static void only_what_was_asked_counts(void **state)
{
    struct packet m;
    size_t at;

    (void)state;
    put_head(&m, name, 33, 4);
    put_mx(&m, 1, "mx.example.org");
    put_name(&m, "evil.example.org");
    put16(&m, 33);
    put16(&m, 1);
    put16(&m, 0);
    put16(&m, 300);
    put16(&m, 9);
    put16(&m, 0);
    put16(&m, 0);
    put16(&m, 993);
    put_name(&m, "a");
    put_srv(&m, 1, 1, 993, "good.example.org");
    at = m.n;
    put_srv(&m, 1, 1, 993, "chaos.example.org");
    m.p[at + 5] = 3; /* class CH */
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.records[0].target, "good.example.org");
}

static void aliases_are_followed_within_the_answer(void **state)
{
    struct packet m;
    size_t at;
    size_t target;

    (void)state;
    put_head(&m, name, 33, 2);
    at = put_record(&m, 12, 5);
    target = m.n;
    put_name(&m, "other.example.net");
    end_record(&m, at);
    at = put_record(&m, (unsigned)target, 33);
    put16(&m, 0);
    put16(&m, 0);
    put16(&m, 993);
    put_name(&m, "imap.example.net");
    end_record(&m, at);
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.records[0].target, "imap.example.net");
    /* an alias of itself, for ever */
    put_head(&m, name, 33, 1);
    at = put_record(&m, 12, 5);
    put16(&m, 0xc00c);
    end_record(&m, at);
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    assert_int_equal(answer.count, 0);
}

static void no_name_and_failures_differ(void **state)
{
    struct packet m;

    (void)state;
    put_head(&m, name, 33, 0);
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 0);
    m.p[3] = 0x83; /* NXDOMAIN */
    assert_int_equal(read_srv(&m), 0);
    for (unsigned code = 1; code < 16; code++) {
        if (code == 3)
            continue;
        m.p[3] = (uint8_t)(0x80 | code);
        assert_int_equal(read_srv(&m), MLA_E_RESOLVE);
    }
}

static void targets_that_are_no_names_are_left_out(void **state)
{
    struct packet m;

    (void)state;
    put_head(&m, name, 33, 5);
    put_srv(&m, 1, 1, 993, "mail example.org");
    put_srv(&m, 1, 1, 993, "a\nb.example.org");
    put_srv(&m, 1, 1, 993, "a/b");
    put_srv(&m, 1, 1, 0, "port0.example.org");
    put_srv(&m, 1, 1, 993, "good.example.org");
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.unusable, 4);
    /* a dot within a label is not the end of one */
    put_head(&m, name, 33, 1);
    put_srv(&m, 1, 1, 993, "a_b");
    m.p[m.n - 3] = '.';
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, 0);
    assert_int_equal(answer.unusable, 1);
}

static void there_is_a_most_of_records(void **state)
{
    struct packet m;

    (void)state;
    put_head(&m, name, 33, DNS_RECORDS_MAX + 1);
    for (unsigned i = 0; i <= DNS_RECORDS_MAX; i++)
        put_srv(&m, i, 0, 993, "a.example.org");
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.count, DNS_RECORDS_MAX);
    assert_int_equal(answer.unusable, 1);
    put_head(&m, name, 33, DNS_RECORDS_MAX);
    for (unsigned i = 0; i < DNS_RECORDS_MAX; i++)
        put_srv(&m, i, 0, 993, "a.example.org");
    assert_int_equal(read_srv(&m), 0);
    assert_int_equal(answer.unusable, 0);
}

static void what_is_no_answer_to_this_is_refused(void **state)
{
    struct packet good;
    struct packet m;

    (void)state;
    put_head(&good, name, 33, 1);
    put_srv(&good, 1, 1, 993, "mail.example.org");
    assert_int_equal(read_srv(&good), 0);
    m = good;
    m.p[2] = 0x01; /* a question */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m = good;
    m.p[2] |= 0x08; /* another kind of request */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m = good;
    m.p[2] |= 0x02; /* cut off */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m = good;
    m.p[5] = 0; /* no question */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m = good;
    m.p[5] = 2; /* two */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    assert_int_equal(read_as(&good, "_imaps._tcp.example.com", DNS_TYPE_SRV), MLA_E_PROTOCOL);
    assert_int_equal(read_as(&good, name, DNS_TYPE_MX), MLA_E_PROTOCOL);
    m = good;
    m.p[7] = 2; /* more records than there are */
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    assert_int_equal(answer.count, 0);
    m.p[6] = m.p[7] = 0xff;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
}

/* Data that ends behind the message, also in a record that is of no interest. */
static void data_ends_within_the_message(void **state)
{
    struct packet m;
    size_t at;

    (void)state;
    put_head(&m, name, 33, 2);
    put_srv(&m, 1, 1, 993, "mail.example.org");
    at = put_record(&m, 12, 16);
    put16(&m, 0);
    end_record(&m, at);
    assert_int_equal(read_srv(&m), 0);
    m.p[at + 1] = 3;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
}

/* Lengths of data that do not fit what is in them. */
static void lengths_that_lie_are_refused(void **state)
{
    struct packet m;
    size_t at;

    (void)state;
    for (unsigned lie = 0; lie < 40; lie++) {
        put_head(&m, name, 33, 1);
        at = put_record(&m, 12, 33);
        put16(&m, 1);
        put16(&m, 1);
        put16(&m, 993);
        put_name(&m, "mail.example.org");
        if (lie == m.n - at - 2)
            continue;
        m.p[at + 1] = (uint8_t)lie;
        memset(m.p + m.n, 0, 40);
        m.n += 40;
        assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
        assert_int_equal(answer.count, 0);
    }
}

static void pointers_lead_backwards_alone(void **state)
{
    static const unsigned places[] = {0, 1, 2};
    struct packet m;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t at;
        size_t here;

        put_head(&m, name, 33, 1);
        at = put_record(&m, 12, 33);
        put16(&m, 1);
        put16(&m, 1);
        put16(&m, 993);
        here = m.n;
        put8(&m, 1);
        put8(&m, 'a');
        /* to the name itself, into itself, behind itself */
        put16(&m, 0xc000 | (unsigned)(here + places[i] * 2));
        end_record(&m, at);
        assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    }
    /* one that leads to itself, two that lead to each other */
    put_head(&m, name, 33, 1);
    m.p[12] = 0xc0;
    m.p[13] = 12;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m.p[13] = 14;
    m.p[14] = 0xc0;
    m.p[15] = 12;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    put_head(&m, name, 33, 2);
    {
        size_t at = put_record(&m, 12, 16);
        size_t here = m.n;

        put16(&m, 0xc000 | (unsigned)(here + 2));
        put16(&m, 0xc000 | (unsigned)here);
        end_record(&m, at);
        at = put_record(&m, 12, 33);
        put16(&m, 1);
        put16(&m, 1);
        put16(&m, 993);
        put16(&m, 0xc000 | (unsigned)(here + 2));
        end_record(&m, at);
    }
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    /* the two unused kinds of labels */
    put_head(&m, name, 33, 0);
    m.p[12] = 0x40;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    m.p[12] = 0x80;
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
    put_head(&m, name, 33, 1);
    {
        size_t at = put_record(&m, 12, 33);

        put16(&m, 1);
        put16(&m, 1);
        put16(&m, 993);
        put8(&m, 0x41); /* as if a label could have 65 octets */
        memset(m.p + m.n, 'a', 65);
        m.n += 65;
        put8(&m, 0);
        end_record(&m, at);
    }
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
}

/* A chain of labels and pointers cannot make a name longer than 255 octets. */
static void names_end(void **state)
{
    struct packet m;
    size_t before = 0;
    size_t at;

    (void)state;
    put_head(&m, name, 33, 1);
    at = put_record(&m, 12, 16); /* TXT: what is in it does not matter */
    for (int i = 0; i < 60; i++) {
        size_t here = m.n;

        put8(&m, 8);
        memcpy(m.p + m.n, "abcdefgh", 8);
        m.n += 8;
        if (i == 0)
            put8(&m, 0);
        else
            put16(&m, 0xc000 | (unsigned)before);
        before = here;
    }
    end_record(&m, at);
    m.p[7] = 2;
    at = put_record(&m, 12, 33);
    put16(&m, 1);
    put16(&m, 1);
    put16(&m, 993);
    put16(&m, 0xc000 | (unsigned)before);
    end_record(&m, at);
    assert_int_equal(read_srv(&m), MLA_E_PROTOCOL);
}

/* Cut anywhere, and each octet changed in turn: an answer or an error, and no octet beyond. */
static void no_message_reads_too_far(void **state)
{
    struct packet m;
    struct packet cut;
    struct guard g;

    (void)state;
    put_head(&m, name, 33, 3);
    put_srv(&m, 1, 1, 993, "mail.example.org");
    put_mx(&m, 1, "mx.example.org");
    put_srv(&m, 1, 1, 993, "imap.example.org");
    assert_true(guard_init(&g, sizeof m.p));
    for (size_t n = 0; n < m.n; n++)
        assert_true(dns_answer_read(guard_put(&g, m.p, n), n, name, DNS_TYPE_SRV, &answer, NULL) <
                    0);
    for (size_t i = 0; i < m.n; i++)
        for (unsigned v = 0; v < 256; v += 3) {
            cut = m;
            cut.p[i] = (uint8_t)v;
            (void)dns_answer_read(guard_put(&g, cut.p, cut.n), cut.n, name, DNS_TYPE_SRV, &answer,
                                  NULL);
            assert_true(answer.count <= 3);
        }
    guard_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read),
        cmocka_unit_test(names_may_be_compressed),
        cmocka_unit_test(only_what_was_asked_counts),
        cmocka_unit_test(aliases_are_followed_within_the_answer),
        cmocka_unit_test(no_name_and_failures_differ),
        cmocka_unit_test(targets_that_are_no_names_are_left_out),
        cmocka_unit_test(there_is_a_most_of_records),
        cmocka_unit_test(what_is_no_answer_to_this_is_refused),
        cmocka_unit_test(data_ends_within_the_message),
        cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(pointers_lead_backwards_alone),
        cmocka_unit_test(names_end),
        cmocka_unit_test(no_message_reads_too_far),
    };

    return cmocka_run_group_tests_name("net/dns_answer", tests, NULL, NULL);
}
