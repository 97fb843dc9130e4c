/* script.h - a transcript as steps; the format is described in runner.h. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "runner.h"

enum step_kind {
    STEP_SERVER = 1,
    STEP_CLIENT,
    STEP_EVENT,
    STEP_DO,
    STEP_TLS,
    STEP_COMPRESS,
    STEP_TICK,
    STEP_EOF,
    STEP_WANT,
    STEP_NOTSENT
};

enum { SCRIPT_WORDS = 32 };

struct step {
    enum step_kind kind;
    int line;
    /* S, C, E: the text, escapes as written; \(name) must be filled in when it is played */
    char *text;
    struct runner_word words[SCRIPT_WORDS]; /* DO */
    size_t word_count;
    uint64_t number; /* TICK; EOF: 1 clean; TLS: 1 verified; WANT: bits */
};

/* OPTIONS, each at its default unless named. */
struct options {
    uint32_t security;
    int verified;
    int cleartext;
    int compress;
    int rev1; /* IMAP4rev2 is not enabled by itself */
    int insecure;
    char *mechanisms;
    uint64_t limits[8];
    uint64_t deadlines[9];
    int has_deadline[9];
};

struct script {
    struct step *steps;
    size_t count;
    struct options options;
};

/* 0, or -1 when the file cannot be read or understood (said on stdout as a TAP comment). */
int script_read(const char *path, struct script *s);
void script_free(struct script *s);
/* Undoes the escapes of one text, \(name) excepted, which is left as it is; returns a copy with a
 * NUL behind it. NULL: bad escape. */
char *script_unescape(const char *text, size_t *out_len);

#endif
