/* fuzz_dns.c - an answer of DNS to one of the questions of account discovery: whatever it says,
 * names are names, and nothing is offered in clear or without its flags. The first octet chooses
 * the question. */
#include <stdlib.h>
#include <string.h>

#include "discover/account.h"
#include "discover/discover.h"
#include "discover/list.h"
#include "fuzz.h"
#include "net/dns_answer.h"

static void must(int truth)
{
    if (!truth)
        abort();
}

static void check_answer(const struct dns_answer *a)
{
    must(a->count <= DNS_RECORDS_MAX);
    for (size_t i = 0; i < a->count; i++) {
        const char *t = a->records[i].target;

        must(strlen(t) <= DNS_NAME_MAX);
        for (; *t != '\0'; t++)
            must((*t >= 'a' && *t <= 'z') || (*t >= '0' && *t <= '9') || strchr(".-_", *t) != NULL);
    }
}

static void check_candidates(const struct discover *d)
{
    for (uint32_t i = 0; i < discover_candidate_count(d); i++) {
        const mla_discover_candidate *c = discover_candidate(d, i);
        int inside = account_is_within(c->host, "example.org");

        must(c->port != 0 && c->port <= 65535 && c->security != LIST_CLEARTEXT);
        must(inside == ((c->flags & MLA_DISCOVER_OUTSIDE) == 0));
        must(inside || (c->flags & MLA_DISCOVER_CONFIRM) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mla_discover_args args = {.struct_size = sizeof args, .address = "alice@example.org"};
    static struct dns_answer a;
    struct discover *d = NULL;
    size_t which;
    const char *name;
    int type;
    int rc;

    if (size < 1)
        return 0;
    must(discover_new(mem_default(), &args, data[0], &d, NULL) == 0);
    which = data[0] % discover_question_count(d);
    name = discover_question(d, which, &type);
    rc = dns_answer_read(data + 1, size - 1, name, type, &a, NULL);
    must(rc == 0 || rc == MLA_E_PROTOCOL || rc == MLA_E_RESOLVE);
    check_answer(&a);
    must(rc == 0 || a.count == 0);
    must(discover_answer(d, which, rc, &a) == 0);
    for (size_t i = 0; i < discover_question_count(d); i++)
        must(discover_answer(d, i, MLA_E_RESOLVE, NULL) == 0);
    check_candidates(d);
    discover_free(d);
    return 0;
}
