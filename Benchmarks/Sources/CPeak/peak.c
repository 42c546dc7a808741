#include "CPeak.h"

// Chains enough for two multiply-adds a cycle of a latency of up to 6 cycles.
enum { chains = 12 };

#define PEAK(name, lanes, ...)                                                                              \
    __VA_ARGS__ static double name(long rounds) {                                                           \
        typedef float vector __attribute__((ext_vector_type(lanes)));                                       \
        vector sums[chains], factor = (vector)1.0000001f;                                                   \
        for (int k = 0; k < chains; k++) sums[k] = (vector)(float)k;                                        \
        for (long i = 0; i < rounds; i++) {                                                                 \
            _Pragma("unroll") for (int k = 0; k < chains; k++) {                                            \
                sums[k] = __builtin_elementwise_fma(sums[k], factor, factor);                               \
            }                                                                                               \
            __asm__ volatile("" : "+r"(i));                                                               \
        }                                                                                                   \
        float total = 0;                                                                                    \
        for (int k = 0; k < chains; k++) total += sums[k][0];                                               \
        return total == 0 ? 0 : (double)rounds * chains * lanes;                                            \
    }

#if defined(__x86_64__)
PEAK(peak_512, 16, __attribute__((target("avx512f"))))
PEAK(peak_256, 8, __attribute__((target("avx2,fma"))))

double peak_multiply_adds(long rounds) {
    return __builtin_cpu_supports("avx512f") ? peak_512(rounds) : peak_256(rounds);
}
#else
PEAK(peak_128, 4, )

double peak_multiply_adds(long rounds) { return peak_128(rounds); }
#endif
