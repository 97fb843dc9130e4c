/* test_received.c - Received fields of many programs */
#include "mime_test.h"

#include <stdio.h>

#include "mime/received.h"

struct row {
    const char *text;
    const char
        *want; /* from|comment|by|comment|via|with|comment|id|for|comment|seconds zone notes */
    int bad;
};

static const struct row rows[] = {
    {"from mail.a.test (mail.a.test [192.0.2.1]) by mx.b.test (Postfix) with ESMTPS id ABC123 "
     "for <bob@b.test>; Thu, 13 Feb 2020 10:00:00 +0100 (CET)",
     "mail.a.test|mail.a.test [192.0.2.1]|mx.b.test|Postfix||ESMTPS||ABC123|bob@b.test||"
     "1581584400 60 1",
     0},
    {"from a.test by b.test with SMTP;\r\n\tThu, 13 Feb 2020 10:00:00 +0000",
     "a.test||b.test|||SMTP|||||1581588000 0 1", 0},
    {"from [192.0.2.1] (helo=a.test) by b.test with esmtp (Exim 4.96) (envelope-from "
     "<a@a.test>) id 1-2-3; Thu, 13 Feb 2020 10:00:00 +0000",
     "[192.0.2.1]|helo=a.test|b.test|||esmtp|envelope-from <a@a.test>|1-2-3|||1581588000 0 1", 0},
    {"by 2002:a05:6402:: with SMTP id x1csp; Thu, 13 Feb 2020 02:00:00 -0800 (PST)",
     "||2002:a05:6402::|||SMTP||x1csp|||1581588000 -480 1", 0},
    {"from EX1.a.test ([::1]) by EX2.a.test\r\n ([fe80::1%3]) with Microsoft SMTP Server id "
     "15.1.2; Thu, 13 Feb 2020 10:00:00 +0000",
     "EX1.a.test|[::1]|EX2.a.test|[fe80::1%3]||Microsoft SMTP Server||15.1.2|||1581588000 0 1", 0},
    {"(qmail 1234 invoked by uid 89); 13 Feb 2020 10:00:00 -0000",
     "|||||||||qmail 1234 invoked by uid 89|1581588000 0 0", 1},
    {"from unknown (HELO a.test) (a@192.0.2.1)\r\n by b.test with SMTP; 13 Feb 2020 10:00:00 "
     "-0000",
     "unknown|a@192.0.2.1|b.test|||SMTP|||||1581588000 0 0", 0},
    {"from a by b via TCP with UUCP id 5;x; Thu, 13 Feb 2020 10:00 GMT",
     "a||b||TCP|UUCP||5|||1581588000 0 1", 1},
    {"FROM a BY b FOR c@d (x); Thu, 13 Feb 2020 10:00 GMT", "a||b||||||c@d|x|1581588000 0 1", 0},
    {"from a by b; today", "a||b||||||||0 0 0", 1},
    {"from a by b", "a||b||||||||0 0 0", 1},
    {"from a from b by c; Fri, 13 Feb 2020 10:00 GMT", "a||c||||||||1581588000 0 5", 1},
    {"", "||||||||||0 0 0", 1},
    {"from \"a b\" by <c; Thu, 13 Feb 2020 10:00 GMT", "\"a b\"||<c||||||||1581588000 0 1", 0},
    {"from gr\xfc.test by b; Thu, 13 Feb 2020 10:00 GMT",
     "gr\xc3\xbc.test||b||||||||1581588000 0 1", 0},
};

static void show(const mla_hop *h, char *out, size_t size)
{
    const mla_str *const texts[] = {
        &h->from_host, &h->from_comment,     &h->by_host, &h->by_comment, &h->via,
        &h->protocol,  &h->protocol_comment, &h->id,      &h->recipient,  &h->comment};
    size_t n = 0;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        n += (size_t)snprintf(out + n, size - n, "%.*s|", (int)texts[i]->len,
                              texts[i]->ptr != NULL ? texts[i]->ptr : "");
    (void)snprintf(out + n, size - n, "%lld %d %u", (long long)h->seconds, (int)h->zone_minutes,
                   (unsigned)h->date_notes);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct warn_set w;
        struct store s;
        char got[1000];
        mla_hop hop;

        memset(&w, 0, sizeof w);
        store_init(&s, mem_default());
        s.warn = &w;
        store_at(&s, (const uint8_t *)rows[i].text, 0);
        assert_int_equal(
            received_parse(&s, (const uint8_t *)rows[i].text, strlen(rows[i].text), &hop), 0);
        show(&hop, got, sizeof got);
        assert_string_equal(got, rows[i].want);
        assert_int_equal(warn_has(&w, MLA_MIME_WARN_BAD_RECEIVED, NULL), rows[i].bad);
        store_free(&s);
    }
}

/* Pieces that a reader which is not linear would not come back from. */
static void test_many(void **state)
{
    static const char *const pieces[] = {";", "< ", "[ ", "from ", "(", "\"", "a ", "; a", "<>"};

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t len = strlen(pieces[i]);
        size_t times = 200000;
        char *text = malloc(len * times);
        struct store s;
        mla_hop hop;

        for (size_t k = 0; k < times; k++)
            memcpy(text + k * len, pieces[i], len);
        store_init(&s, mem_default());
        store_at(&s, (const uint8_t *)text, 0);
        assert_int_equal(received_parse(&s, (const uint8_t *)text, len * times, &hop), 0);
        store_free(&s);
        free(text);
    }
}

static int parse_with(const struct mem *m)
{
    static const char in[] =
        "from a (b) by c (d) with e (f) id g for <h@i>; 1 Jan 2020 10:00 +0000";
    struct store s;
    mla_hop hop;
    int rc;

    store_init(&s, m);
    store_at(&s, (const uint8_t *)in, 0);
    rc = received_parse(&s, (const uint8_t *)in, sizeof in - 1, &hop);
    store_free(&s);
    return rc;
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(parse_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_many),
                                       cmocka_unit_test(test_oom)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
