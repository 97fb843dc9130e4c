/* test_report.c - delivery and disposition reports, as they should be and as they are */
#include "mime_test.h"

#include <stdio.h>

#include "mime/report.h"

struct out {
    char text[2000];
    size_t n;
};

static void put(struct out *o, const char *key, const mla_str *s)
{
    if (s->len != 0)
        o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "%s=%.*s ", key,
                                 (int)s->len, s->ptr);
}

static void number(struct out *o, const char *key, long long v)
{
    if (v != 0)
        o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "%s=%lld ", key, v);
}

static int dsn(const struct mem *mem, const char *text, struct out *o, int *bad)
{
    mla_dsn_recipient *r = NULL;
    struct warn_set w;
    struct store s;
    mla_dsn d;
    int rc;

    memset(&w, 0, sizeof w);
    memset(o, 0, sizeof *o);
    store_init(&s, mem);
    s.warn = &w;
    store_at(&s, (const uint8_t *)text, 0);
    rc = report_read_dsn(&s, (const uint8_t *)text, strlen(text), &d, &r);
    if (rc == 0) {
        put(o, "env", &d.envelope_id);
        put(o, "mta", &d.reporting_mta_type);
        put(o, "mta", &d.reporting_mta);
        put(o, "gw", &d.gateway);
        put(o, "from", &d.received_from);
        number(o, "at", d.arrival);
        for (uint32_t i = 0; i < d.recipient_count; i++) {
            number(o, "[action", r[i].action);
            number(o, "class",
                   r[i].status_class * 10000LL + r[i].status_subject * 100LL + r[i].status_detail);
            put(o, "otype", &r[i].original_type);
            put(o, "orig", &r[i].original_address);
            put(o, "ftype", &r[i].final_type);
            put(o, "final", &r[i].final_address);
            put(o, "remote", &r[i].remote_mta);
            put(o, "dtype", &r[i].diagnostic_type);
            put(o, "diag", &r[i].diagnostic);
            put(o, "log", &r[i].final_log_id);
            number(o, "last", r[i].last_attempt);
            number(o, "until", r[i].will_retry);
        }
    }
    *bad = warn_has(&w, MLA_MIME_WARN_BAD_REPORT, NULL);
    store_free(&s);
    return rc;
}

static const struct {
    const char *text;
    const char *want;
    int bad;
} dsns[] = {
    {"Reporting-MTA: dns; a.test\r\nArrival-Date: Thu, 13 Feb 2020 10:00:00 +0000\r\n\r\n"
     "Final-Recipient: RFC822; b@c.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
     "Diagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n",
     "mta=dns mta=a.test at=1581588000 [action=1 class=50101 ftype=rfc822 final=b@c.test "
     "dtype=smtp diag=550 5.1.1 no such user ",
     0},
    {"Original-Envelope-Id: q1\nReporting-MTA: dns;a\nDSN-Gateway: dns;g\n"
     "Received-From-MTA: dns;f\n\n"
     "Original-Recipient: rfc822;o@a\nFinal-Recipient: rfc822;f@a\nAction: delayed (2 days)\n"
     "Status: 4.4.7 (timeout)\nRemote-MTA: dns; r\nFinal-Log-Id: L1\n"
     "Last-Attempt-Date: Thu, 13 Feb 2020 10:00 GMT\nWill-Retry-Until: Thu, 13 Feb 2020 11:00 "
     "GMT\n\n"
     "Final-Recipient: rfc822;g@a\nAction: Delivered\nStatus: 2.0.0\n",
     "env=q1 mta=dns mta=a gw=g from=f [action=2 class=40407 otype=rfc822 orig=o@a ftype=rfc822 "
     "final=f@a remote=r log=L1 last=1581588000 until=1581591600 [action=3 class=20000 "
     "ftype=rfc822 final=g@a ",
     0},
    {"Reporting-MTA: dns;a\n\nFinal-Recipient: rfc822;b@c\nAction: relayed\nStatus: 2.1.9\n\n"
     "Final-Recipient: x400;/C=DE\nAction: expanded\nStatus: 2.1.5\n",
     "mta=dns mta=a [action=4 class=20109 ftype=rfc822 final=b@c [action=5 class=20105 ftype=x400 "
     "final=/C=DE ",
     0},
    /* RFC 6533 */
    {"Reporting-MTA: dns;a\n\nFinal-Recipient: utf-8; gr\\x{FC}n@b\nAction: failed\nStatus: "
     "5.1.1\n",
     "mta=dns mta=a [action=1 class=50101 ftype=utf-8 final=gr\xc3\xbcn@b ", 0},
    {"Reporting-MTA: dns;a\n\nFinal-Recipient: utf-8; \\x{0A}\\x{D800}\\x{110000}\\x{}\\x{4\n"
     "Action: failed\nStatus: 5.1.1\n",
     "mta=dns mta=a [action=1 class=50101 ftype=utf-8 final=\\x{0A}\\x{D800}\\x{110000}\\x{}\\x{4 ",
     0},
    /* one block for all */
    {"Reporting-MTA: dns;a\nFinal-Recipient: rfc822;b@c\nAction: failed\nStatus: 5.0.0\n",
     "mta=dns mta=a [action=1 class=50000 ftype=rfc822 final=b@c ", 0},
    /* empty lines before, several between, white space in them */
    {"\n\nReporting-MTA: dns;a\n \n\t\n\nFinal-Recipient: rfc822;b@c\nAction: failed\nStatus: "
     "5.0.0\n\n\n",
     "mta=dns mta=a [action=1 class=50000 ftype=rfc822 final=b@c ", 0},
    {"Final-Recipient: b@c\nAction: bounced\nStatus: 9.9\nWill-Retry-Until: soon\n", "final=b@c ",
     1},
    {"Reporting-MTA: dns;a\nReporting-MTA: dns;z\n\njunk\nStatus: 5.1\n", "mta=dns mta=a ", 1},
    {"", "", 1},
};

static void test_dsn(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dsns / sizeof dsns[0]; i++) {
        struct out o;
        int bad;

        assert_int_equal(dsn(mem_default(), dsns[i].text, &o, &bad), 0);
        if (strcmp(o.text, dsns[i].want) != 0 || bad != dsns[i].bad)
            fail_msg("%s: %s (%d)", dsns[i].text, o.text, bad);
    }
}

static int mdn(const struct mem *mem, const char *text, struct out *o, int *bad)
{
    struct warn_set w;
    struct store s;
    mla_mdn m;
    int rc;

    memset(&w, 0, sizeof w);
    memset(o, 0, sizeof *o);
    store_init(&s, mem);
    s.warn = &w;
    store_at(&s, (const uint8_t *)text, 0);
    rc = report_read_mdn(&s, (const uint8_t *)text, strlen(text), &m);
    if (rc == 0) {
        number(o, "action", m.action_mode);
        number(o, "sending", m.sending_mode);
        number(o, "type", m.type);
        put(o, "mod", &m.modifiers);
        put(o, "ua", &m.reporting_ua);
        put(o, "product", &m.ua_product);
        put(o, "gw", &m.gateway);
        put(o, "orig", &m.original_address);
        put(o, "final", &m.final_address);
        put(o, "id", &m.original_message_id);
        for (size_t i = 0; i < m.error_count; i++)
            put(o, "error", &m.errors[i]);
        for (size_t i = 0; i < m.failure_count; i++)
            put(o, "failure", &m.failures[i]);
        for (size_t i = 0; i < m.warning_count; i++)
            put(o, "warning", &m.warnings[i]);
    }
    *bad = warn_has(&w, MLA_MIME_WARN_BAD_REPORT, NULL);
    store_free(&s);
    return rc;
}

static const struct {
    const char *text;
    const char *want;
    int bad;
} mdns[] = {
    {"Reporting-UA: pc.test; Foomail 97.1\r\nOriginal-Recipient: rfc822;o@a\r\n"
     "Final-Recipient: rfc822;f@a\r\nOriginal-Message-ID: <1@a>\r\n"
     "Disposition: manual-action/MDN-sent-manually; displayed\r\n",
     "action=1 sending=1 type=1 ua=pc.test product=Foomail 97.1 orig=o@a final=f@a id=<1@a> ", 0},
    {"MDN-Gateway: dns;g\nFinal-Recipient: rfc822;f@a\n"
     "Disposition: automatic-action / MDN-sent-automatically ; processed / error, expired\n"
     "Error: one\nError: two\nFailure: three\nWarning: four\n",
     "action=2 sending=2 type=4 mod=error, expired gw=g final=f@a error=one error=two "
     "failure=three warning=four ",
     0},
    {"Final-Recipient: rfc822;f@a\n\nDisposition: automatic-action; Deleted\n",
     "action=2 type=2 final=f@a ", 1},
    {"Disposition: x/y; eaten\nDisposition: z\n", "", 1},
    {"", "", 1},
};

static void test_mdn(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mdns / sizeof mdns[0]; i++) {
        struct out o;
        int bad;

        assert_int_equal(mdn(mem_default(), mdns[i].text, &o, &bad), 0);
        if (strcmp(o.text, mdns[i].want) != 0 || bad != mdns[i].bad)
            fail_msg("%s: %s (%d)", mdns[i].text, o.text, bad);
    }
}

static int read_with(const struct mem *m)
{
    struct out o;
    int bad;
    int rc = dsn(m, dsns[1].text, &o, &bad);

    return rc != 0 ? rc : mdn(m, mdns[1].text, &o, &bad);
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(read_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dsn), cmocka_unit_test(test_mdn),
                                       cmocka_unit_test(test_oom)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
