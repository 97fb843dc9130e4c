/* test_scan_plain.c - lib/base/scan.h where there is no SSE2. */
#define MLA_SCAN_PLAIN
#include "test_scan.c"
