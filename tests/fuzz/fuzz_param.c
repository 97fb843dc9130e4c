/* fuzz_param.c - a value of Content-Disposition and one of Content-Type: whatever is in them, names
 * and values come out as clean UTF-8, and a safe file name is safe. */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void check(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
            abort();
    if (text[len] != '\0')
        abort();
}

static void use(const mla_part *p, const char *field)
{
    mla_strings *names;
    char *text;
    size_t len;

    if (mla_part_param_names(p, field, &names) != 0)
        return;
    for (uint32_t i = 0; i < mla_strings_count(names); i++) {
        const char *name = mla_strings_at(names, i, &len);

        check(name, len);
        if (mla_part_param(p, field, name, &text, &len) == 0) {
            check(text, len);
            mla_free(text);
        }
    }
    mla_strings_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char one[] = "Content-Disposition: ";
    static const char two[] = "\nContent-Type: ";
    char *all = malloc(2 * size + 64);
    size_t n = 0;
    mla_message *m;
    char *text;
    size_t len;

    memcpy(all, one, sizeof one - 1);
    n += sizeof one - 1;
    memcpy(all + n, data, size);
    n += size;
    memcpy(all + n, two, sizeof two - 1);
    n += sizeof two - 1;
    memcpy(all + n, data, size);
    n += size;
    if (mla_message_parse(NULL, NULL, (const uint8_t *)all, n, &m) == 0) {
        const mla_part *p = mla_message_root(m);

        use(p, "Content-Disposition");
        use(p, "Content-Type");
        if (mla_part_safe_filename(p, &text, &len) == 0) {
            check(text, len);
            if (len == 0 || len > 201 || strchr(text, '/') != NULL || *text == '.')
                abort();
            mla_free(text);
        }
        (void)mla_message_check(m);
        mla_message_free(m);
    }
    free(all);
    return 0;
}
