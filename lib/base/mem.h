/* mem.h - the one place that allocates: a caller's allocator or the C library's. */
#ifndef MLA_BASE_MEM_H
#define MLA_BASE_MEM_H

#include <stddef.h>

#if defined(__GNUC__)
#define MLA_MUST_CHECK __attribute__((warn_unused_result))
#else
#define MLA_MUST_CHECK
#endif

/* An allocator. It is copied by value and must outlive everything it made. */
struct mem {
    void *(*alloc)(void *user, size_t size);
    void *(*resize)(void *user, void *ptr, size_t size);
    void (*release)(void *user, void *ptr);
    void *user;
};

/* The C library's allocator. */
const struct mem *mem_default(void);

/* All return NULL when memory is short or the size overflows; a size of 0 is treated as 1. */
void *mem_alloc(const struct mem *m, size_t size) MLA_MUST_CHECK;
void *mem_zero(const struct mem *m, size_t size) MLA_MUST_CHECK;
void *mem_array(const struct mem *m, size_t count, size_t size) MLA_MUST_CHECK;
void *mem_resize(const struct mem *m, void *ptr, size_t size) MLA_MUST_CHECK;
/* Grows an array to count elements of size octets each; ptr stays valid on failure. */
void *mem_resize_array(const struct mem *m, void *ptr, size_t count, size_t size) MLA_MUST_CHECK;
/* A copy of len octets with a final NUL added. */
char *mem_dup(const struct mem *m, const void *ptr, size_t len) MLA_MUST_CHECK;
/* NULL is accepted. */
void mem_free(const struct mem *m, void *ptr);
/* Wipes len octets, then frees. */
void mem_free_secret(const struct mem *m, void *ptr, size_t len);
/* 1 while a function of a caller's allocator runs on this thread: whatever made it run is in the
 * middle of its work, so nothing that it works on may be used. */
int mem_inside(void);

#endif
