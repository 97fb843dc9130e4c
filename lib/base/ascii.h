/* ascii.h - character classes that do not change with the locale. */
#ifndef MLA_BASE_ASCII_H
#define MLA_BASE_ASCII_H

#include <stddef.h>
#include <stdint.h>

static inline int ascii_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static inline int ascii_is_alpha(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline int ascii_is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* C0 controls and DEL. */
static inline int ascii_is_control(int c)
{
    return (c >= 0 && c < 0x20) || c == 0x7f;
}

static inline int ascii_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static inline int ascii_upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

/* The value of a hexadecimal digit, or -1. */
static inline int ascii_hex(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* 1 when both have the same length and the same octets, A-Z and a-z taken as equal. */
int ascii_equal(const void *a, size_t a_len, const void *b, size_t b_len);
/* The same against a NUL-terminated word. */
int ascii_equal_word(const void *a, size_t a_len, const char *word);
/* 1 when the octets at a begin with word, case ignored. */
int ascii_starts(const void *a, size_t a_len, const char *word);
/* -1, 0, 1: order with case ignored. */
int ascii_compare(const void *a, size_t a_len, const void *b, size_t b_len);

#endif
