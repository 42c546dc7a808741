// The tables of inner loops that this processor's architecture has.
#include "CKernels.h"

extern const sb_kernels sb_scalar_kernels;
#if defined(__x86_64__)
extern const sb_kernels sb_avx2_kernels;
extern const sb_kernels sb_avx512_kernels;
extern const sb_kernels sb_wide_test_kernels;
#elif defined(__aarch64__)
extern const sb_kernels sb_neon_kernels;
#endif
