/* clock.h - the only reader of clocks. Engines never call it: time is handed to them. */
#ifndef MLA_BASE_CLOCK_H
#define MLA_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds on a monotonic clock whose start means nothing. It goes on while the machine sleeps,
 * where the system has such a clock (Linux, macOS): servers and routers do not sleep with us. */
uint64_t clock_now_ms(void);
/* Seconds since 1970-01-01 UTC, for certificates. */
int64_t clock_wall_seconds(void);

/* Milliseconds since then, for people to read. */
int64_t clock_wall_ms(void);

/* "No deadline". */
#define CLOCK_NEVER UINT64_MAX

#endif
