/* mask.h - finds secrets in what comes back, without keeping them.
 *
 * Servers repeat what they were told: "NO alice/secret: wrong password". What is kept of a secret
 * is the length and a hash of each form in which it may come back, so that a rolling hash over a
 * text finds it, wherever reads were split and whatever became of upper and lower case. The forms:
 * as it is, and as it is quoted; what base64 makes of it at each of the three places in a group,
 * for SASL responses; and the line in which it was sent. */
#ifndef MLA_WIRE_MASK_H
#define MLA_WIRE_MASK_H

#include "base/mem.h"

#include <stdint.h>

/* Shorter ones are found in every other word, and whoever sees the gaps knows them. */
enum { MASK_SHORTEST = 4, MASK_SPOTS = 32, MASK_FORMS_MAX = 64 };

struct mask_form {
    uint64_t hash;
    uint32_t len;
    uint32_t is_base64; /* the whole word around it is part of it */
};

struct mask {
    struct mask_form *forms; /* NULL: nothing to look for */
    size_t count;
    size_t next;    /* which one is given up for a new one once there are MASK_FORMS_MAX */
    size_t longest; /* octets of the longest form */
};

/* Where secrets are, in order, apart from each other. What does not fit makes the last one longer.
 */
struct mask_spots {
    size_t count;
    struct {
        size_t from;
        size_t to;
    } at[MASK_SPOTS];
};

/* Looks for this secret from now on. 0 or MLA_E_NOMEM. */
int mask_secret(struct mask *m, const struct mem *mem, const void *secret, size_t len);
/* The same for octets that were sent, in this form alone. */
int mask_sent(struct mask *m, const struct mem *mem, const void *line, size_t len);
/* Finds the secrets in n octets; 1 when there are any. */
int mask_find(const struct mask *m, const void *text, size_t n, struct mask_spots *out);
/* Octets from to to - 1 are hidden as well. */
void mask_add_spot(struct mask_spots *s, size_t from, size_t to);
/* Writes "*" over each octet of them. */
void mask_hide(const struct mask *m, void *text, size_t n);
void mask_free(struct mask *m, const struct mem *mem);

#endif
