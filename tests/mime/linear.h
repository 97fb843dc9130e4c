/* linear.h - rows of test_linear.c that are more than a text that repeats: values of which each has
 * a reader of its own, messages that are built, fragments that are joined. */
#ifndef LINEAR_H
#define LINEAR_H

#include <mailaccess/mailaccess.h>

struct linear_row {
    const char *name;
    const char *head; /* then unit, again and again; %u in it becomes a number that grows */
    const char *unit;
    /* NULL: head and unit. Else makes that many octets, or a few more, at data. */
    size_t (*make)(uint8_t *data, size_t octets);
    /* NULL: the message is taken apart. Else what callgrind shall count; its name begins with
     * "work". */
    void (*work)(const uint8_t *data, size_t len);
};

extern const struct linear_row linear_more[];
extern const size_t linear_more_count;

/* Asks for every value of a part that has a reader of its own. */
void linear_values(const mla_part *p);
/* Limits that none of the rows reaches, but for the depth. */
extern const mla_mime_limits linear_limits;

#endif
