/* run_token.c - see run_token.h */
#include "run_token.h"

#include <stdio.h>
#include <string.h>

int run_token_fill(const struct runner_word *words, size_t count, mla_credentials *c)
{
    if (strcmp(words[0].ptr, "lazy") != 0 || count < 3)
        return 0;
    c->struct_size = sizeof *c;
    c->user = words[1].ptr;
    c->token_requests = (uint32_t)runner_number(&words[2]);
    if (count > 3) {
        c->token = words[3].ptr;
        c->token_len = words[3].len;
    }
    return 1;
}

int run_token_command(struct runner *r, mla_session *ss, const struct runner_word *words,
                      size_t count, int *out_rc)
{
    const mla_token_info *i;
    char line[600];

    if (strcmp(words[0].ptr, "give") == 0 && count > 1) {
        *out_rc =
            mla_session_give_token(ss, runner_number(&words[1]), count > 2 ? words[2].ptr : NULL,
                                   count > 2 ? words[2].len : 0);
        return 1;
    }
    if (strcmp(words[0].ptr, "refused") != 0)
        return 0;
    i = mla_session_token_refused(ss);
    if (i != NULL)
        run_token_text(r, i, line, sizeof line);
    runner_log(r, "REFUSED %s", i != NULL ? line : "none");
    return 1;
}

void run_token_text(struct runner *r, const mla_token_info *i, char *out, size_t size)
{
    const struct {
        const char *name;
        mla_str text;
    } all[] = {{"json", i->json},
               {"status", i->status},
               {"scope", i->scope},
               {"configuration", i->configuration}};
    size_t n = (size_t)snprintf(out, size, "%s count=%u%s", i->mechanism, i->count,
                                i->is_refused != 0 ? " refused" : "");

    for (size_t k = 0; k < sizeof all / sizeof all[0] && n < size; k++)
        if (all[k].text.ptr != NULL)
            n += (size_t)snprintf(out + n, size - n, " %s=%s", all[k].name,
                                  runner_quote(r, all[k].text.ptr, all[k].text.len));
}
