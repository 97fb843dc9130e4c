/* vec_utf8.h - vec.utf8_run() for processors that look up 16 octets in a table at once.
 *
 * Each octet and the one before it, taken as three half octets, are looked up in three tables. A
 * bit that all three have names what is wrong with the pair; one more check counts the octets that
 * follow a lead of three or four (Keiser and Lemire, "Validating UTF-8 in less than one instruction
 * per byte", 2021).
 *
 * Besides what vec_scan.h needs, the file that includes this has defined
 *
 *     V_SET(c), V_XOR(a, b), V_TABLE(t, v)   each octet of v, below 16, looked up in the 16 at t
 *     V_HALF(v)           the upper half of each octet
 *     V_LESS(a, b)        a - b, not below 0
 *     V_BACK(v, before, k)  the word k octets before v, when before is the word before v */
#ifndef MLA_CODEC_VEC_UTF8_H
#define MLA_CODEC_VEC_UTF8_H

enum {
    SHORT = 1 << 0,     /* a lead, then no octet that continues it */
    LONG = 1 << 1,      /* US-ASCII, then one that continues */
    OVER_3 = 1 << 2,    /* E0 80-9F */
    LARGE = 1 << 3,     /* F4 90-BF and all above */
    SURROGATE = 1 << 4, /* ED A0-BF */
    OVER_2 = 1 << 5,    /* C0, C1 */
    LARGE_80 = 1 << 6,  /* F5-FF 80-8F */
    OVER_4 = 1 << 6,    /* F0 80-8F */
    TWO = 1 << 7,       /* two that continue: right behind a lead of three or four only */
    ANY = SHORT | LONG | TWO
};

static const uint8_t first_upper[16] = {LONG,
                                        LONG,
                                        LONG,
                                        LONG,
                                        LONG,
                                        LONG,
                                        LONG,
                                        LONG,
                                        TWO,
                                        TWO,
                                        TWO,
                                        TWO,
                                        SHORT | OVER_2,
                                        SHORT,
                                        SHORT | OVER_3 | SURROGATE,
                                        SHORT | LARGE | LARGE_80 | OVER_4};
static const uint8_t first_lower[16] = {ANY | OVER_3 | OVER_2 | OVER_4,
                                        ANY | OVER_2,
                                        ANY,
                                        ANY,
                                        ANY | LARGE,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80 | SURROGATE,
                                        ANY | LARGE | LARGE_80,
                                        ANY | LARGE | LARGE_80};
static const uint8_t second_upper[16] = {SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         LONG | OVER_2 | TWO | OVER_3 | LARGE_80 | OVER_4,
                                         LONG | OVER_2 | TWO | OVER_3 | LARGE,
                                         LONG | OVER_2 | TWO | SURROGATE | LARGE,
                                         LONG | OVER_2 | TWO | SURROGATE | LARGE,
                                         SHORT,
                                         SHORT,
                                         SHORT,
                                         SHORT};

/* Not 0 where something is wrong with v behind before. */
static inline V utf8_faults(V v, V before)
{
    V back = V_BACK(v, before, 1);
    V pair = V_AND(
        V_AND(V_TABLE(first_upper, V_HALF(back)), V_TABLE(first_lower, V_AND(back, V_SET(15)))),
        V_TABLE(second_upper, V_HALF(v)));
    V third = V_LESS(V_BACK(v, before, 2), V_SET(0xe0 - 0x80));
    V fourth = V_LESS(V_BACK(v, before, 3), V_SET(0xf0 - 0x80));

    return V_XOR(V_AND(V_OR(third, fourth), V_SET(0x80)), pair);
}

/* All before n is right, but a character may be cut there: where it begins. */
static size_t utf8_whole(const uint8_t *p, size_t n)
{
    if (n > 0 && p[n - 1] >= 0xc0)
        return n - 1;
    if (n > 1 && p[n - 2] >= 0xe0)
        return n - 2;
    return n > 2 && p[n - 3] >= 0xf0 ? n - 3 : n;
}

static size_t scan_utf8_run(const uint8_t *p, size_t n)
{
    V before = V_SET(0);
    uint32_t high_before = 0;
    size_t i = 0;

    for (; n - i >= V_SIZE; i += V_SIZE) {
        V v = V_LOAD(p + i);
        uint32_t high = V_MASK(v);

        if ((high | high_before >> (V_SIZE - 3)) != 0 &&
            V_MASK(V_EQ(utf8_faults(v, before), 0)) != V_ALL)
            break;
        high_before = high;
        before = v;
    }
    return utf8_whole(p, i);
}

#endif
