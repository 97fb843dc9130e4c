/* fail.h - the only place that formats an mla_error. */
#ifndef MLA_BASE_FAIL_H
#define MLA_BASE_FAIL_H

#include "mailaccess/types.h"

#if defined(__GNUC__)
#define FAIL_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define FAIL_PRINTF(f, a)
#endif

/* Fills *e (NULL is accepted) unless it already holds an error - the first one wins - and returns
 * code. Control characters in the message are made visible, so the text is always one safe line:
 * C0 and DEL as \xNN, octets that are not UTF-8 as \xNN, C1 controls as \u00NN. */
int fail(mla_error *e, int code, const char *fmt, ...) FAIL_PRINTF(3, 4);
/* The same with errno's number and text behind the message. */
int fail_sys(mla_error *e, int code, int sys_code, const char *fmt, ...) FAIL_PRINTF(4, 5);
/* Adds a library's TLS error number. */
int fail_tls(mla_error *e, int code, int tls_code, const char *fmt, ...) FAIL_PRINTF(4, 5);

/* The table behind mla_error_name() and mla_error_text(). */
const char *fail_name(int code);
const char *fail_text(int code);
/* 1 when the session that gave the code is dead. */
int fail_is_fatal(int code);

#endif
