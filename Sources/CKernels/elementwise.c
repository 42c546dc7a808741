#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

// The comparisons are false for NaN, which therefore passes.
static inline float clip(float value, float low, float high) {
    value = value < low ? low : value;
    return high < value ? high : value;
}

void sb_add(const float *a, const float *b, float *destination, ptrdiff_t count, float low, float high) {
    for (ptrdiff_t i = 0; i < count; i++) destination[i] = clip(a[i] + b[i], low, high);
}

void sb_clip(const float *source, float *destination, ptrdiff_t count, float low, float high) {
    for (ptrdiff_t i = 0; i < count; i++) destination[i] = clip(source[i], low, high);
}

void sb_scale_shift(const float *source, const float *scale, const float *shift, float *destination, ptrdiff_t pixels,
                    float low, float high) {
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, source += SB_LANES, destination += SB_LANES) {
        for (ptrdiff_t lane = 0; lane < SB_LANES; lane++) {
            const float product = source[lane] * scale[lane];
            destination[lane] = clip(product + shift[lane], low, high);
        }
    }
}

bool sb_has_nan(const float *values, ptrdiff_t count) {
    uint32_t met = 0;
    for (ptrdiff_t i = 0; i < count; i++) met |= values[i] != values[i];
    return met != 0;
}

bool sb_all_finite(const float *values, ptrdiff_t count) {
    uint32_t met = 0;
    // The difference of an infinity and itself is NaN.
    for (ptrdiff_t i = 0; i < count; i++) met |= values[i] - values[i] != 0;
    return met == 0;
}

bool sb_same_bits(const float *a, const float *b, ptrdiff_t count) {
    return memcmp(a, b, (size_t)count * sizeof(float)) == 0;
}
