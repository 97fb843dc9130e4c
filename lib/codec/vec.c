/* vec.c - see vec.h */
#include "codec/vec.h"

_Atomic(const struct vec *) vec_chosen;

const struct vec *vec_table(size_t i)
{
    const struct vec *tables[5] = {&vec_plain};
    size_t n = 1;

#ifdef MLA_VEC_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse2"))
        tables[n++] = &vec_sse2;
    if (__builtin_cpu_supports("ssse3"))
        tables[n++] = &vec_ssse3;
    if (__builtin_cpu_supports("avx2"))
        tables[n++] = &vec_avx2;
#endif
#ifdef MLA_VEC_NEON
    tables[n++] = &vec_neon; /* every processor of that architecture has it */
#endif
    return i < n ? tables[i] : NULL;
}

const struct vec *vec_choose(void)
{
    const struct vec *best = &vec_plain;
    const struct vec *v;

    for (size_t i = 0; (v = vec_table(i)) != NULL; i++)
        best = v;
    /* Two threads may both come here: they store the same. */
    atomic_store_explicit(&vec_chosen, best, memory_order_relaxed);
    return best;
}
