#include "variants.h"

const sb_kernels *sb_kernels_for(sb_instruction_set set) {
    switch (set) {
    case SB_SCALAR:
        return &sb_scalar_kernels;
#if defined(__x86_64__)
    // __builtin_cpu_supports asks the operating system too: without its help the wide registers cannot be used.
    case SB_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &sb_avx2_kernels : 0;
    case SB_WIDE_TEST:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &sb_wide_test_kernels : 0;
    case SB_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                   ? &sb_avx512_kernels
                   : 0;
#elif defined(__aarch64__)
    case SB_NEON:
        return &sb_neon_kernels;
#endif
    default:
        return 0;
    }
}
