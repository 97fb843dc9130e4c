/* warn.h - warnings: their names and grades, and a list of them that a value parser fills. */
#ifndef MLA_MIME_WARN_H
#define MLA_MIME_WARN_H

#include "mailaccess/mime_types.h"

/* A short name in lower case with hyphens, NULL for an unknown code. */
const char *warn_name(int code);
/* MLA_MIME_HARMLESS or MLA_MIME_AMBIGUOUS; an unknown code counts as ambiguous. */
int warn_grade(int code);

enum { WARN_CODES = 96 };

/* What one parse found: each code once, at its first place. */
struct warn_set {
    uint64_t mask[2]; /* 1 << code, 64 codes to each */
    uint64_t at[WARN_CODES];
};

void warn_add(struct warn_set *w, int code, uint64_t at);
/* 1 when code was reported; then *out_at (NULL is accepted) is where. */
int warn_has(const struct warn_set *w, int code, uint64_t *out_at);

#endif
