/* saslprep_tables.h - what saslprep.c knows of Unicode 3.2 (RFC 3454). Everything is sorted. */
#ifndef MLA_SASL_SASLPREP_TABLES_H
#define MLA_SASL_SASLPREP_TABLES_H

#include <stddef.h>
#include <stdint.h>

struct prep_range {
    uint32_t first;
    uint32_t last;
};

extern const struct prep_range prep_unassigned[]; /* RFC 3454 table A.1 */
extern const size_t prep_unassigned_count;
extern const struct prep_range prep_dropped[]; /* B.1: mapped to nothing */
extern const size_t prep_dropped_count;
extern const struct prep_range prep_blanks[]; /* C.1.2: mapped to SPACE */
extern const size_t prep_blanks_count;
extern const struct prep_range prep_prohibited[]; /* C.1.2, C.2.1, C.2.2, C.3 to C.9 */
extern const size_t prep_prohibited_count;
extern const struct prep_range prep_right[]; /* D.1: RandALCat */
extern const size_t prep_right_count;
extern const struct prep_range prep_left[]; /* D.2: LCat */
extern const size_t prep_left_count;

/* Canonical combining classes that are not 0. */
struct prep_class {
    uint32_t first;
    uint32_t last;
    uint8_t class;
};
extern const struct prep_class prep_classes[];
extern const size_t prep_classes_count;

/* a and b become composed (all of them in the Basic Multilingual Plane). */
struct prep_pair {
    uint16_t a;
    uint16_t b;
    uint16_t composed;
};
extern const struct prep_pair prep_pairs[];
extern const size_t prep_pairs_count;

/* count characters from first on have a full compatibility decomposition of units units of UTF-16
 * each, one behind the other from prep_pool[at] on. */
struct prep_run {
    uint32_t first;
    uint16_t count;
    uint16_t units;
    uint16_t at;
};
extern const struct prep_run prep_runs[];
extern const size_t prep_runs_count;
extern const uint16_t prep_pool[];

#endif
