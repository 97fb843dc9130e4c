/* provider.c - see provider.h */
#include "discover/provider.h"

#include "discover/account.h"

#include <string.h>

/* Calls matches() with each word of list. */
static int any_word(const char *list, const char *name, int (*matches)(const char *, const char *))
{
    char word[128];

    while (*list != '\0') {
        size_t len = strcspn(list, " ");

        if (len < sizeof word) {
            memcpy(word, list, len);
            word[len] = '\0';
            if (matches(name, word))
                return 1;
        }
        list += len;
        list += strspn(list, " ");
    }
    return 0;
}

static int is_equal(const char *name, const char *word)
{
    return strcmp(name, word) == 0;
}

const struct provider *provider_by_domain(const char *domain)
{
    for (size_t i = 0; i < provider_count; i++)
        if (any_word(provider_table[i].domains, domain, is_equal))
            return &provider_table[i];
    return NULL;
}

const struct provider *provider_by_mx(const char *host)
{
    for (size_t i = 0; i < provider_count; i++)
        if (any_word(provider_table[i].mx, host, account_is_within))
            return &provider_table[i];
    return NULL;
}
