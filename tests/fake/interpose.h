/* interpose.h - whether a test may stand in for malloc() and free(): a sanitizer does already. */
#ifndef INTERPOSE_H
#define INTERPOSE_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INTERPOSE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define INTERPOSE 0
#endif
#endif
#if !defined(INTERPOSE) && defined(__GLIBC__)
#define INTERPOSE 1
#elif !defined(INTERPOSE)
#define INTERPOSE 0
#endif

#if INTERPOSE
/* The C library's own, by the names that it keeps for this. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);
/* Shared libraries are to find these, too. */
__attribute__((visibility("default"))) void *malloc(size_t n);
__attribute__((visibility("default"))) void *calloc(size_t count, size_t n);
__attribute__((visibility("default"))) void *realloc(void *p, size_t n);
__attribute__((visibility("default"))) void free(void *p);
#endif

#endif
