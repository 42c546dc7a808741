// Floats without their signs as integers, which order alike and are quick to compare.
#include <string.h>

#include "CKernels.h"

// As signed numbers they compare faster on processors that lack unsigned comparisons.
static inline int32_t magnitude(const float *value) {
    int32_t bits;
    memcpy(&bits, value, sizeof bits);
    return bits & INT32_MAX;
}

uint32_t sb_largest_magnitude(const sb_rows *r, ptrdiff_t *nonzero) {
    int32_t largest = 0;
    *nonzero = 0;
    for (ptrdiff_t row = 0; row < r->rows; row++) {
        const float *from = r->first + row * r->step;
        int32_t count = 0;
        for (ptrdiff_t i = 0; i < r->columns; i++) {
            const int32_t bits = magnitude(from + i);
            largest = bits > largest ? bits : largest;
            count += bits > 0;
        }
        *nonzero += count;
    }
    return (uint32_t)largest;
}

ptrdiff_t sb_count_magnitudes(const sb_rows *r, uint32_t least) {
    ptrdiff_t all = 0;
    for (ptrdiff_t row = 0; row < r->rows; row++) {
        const float *from = r->first + row * r->step;
        int32_t count = 0;
        for (ptrdiff_t i = 0; i < r->columns; i++) count += magnitude(from + i) >= (int32_t)least;
        all += count;
    }
    return all;
}

ptrdiff_t sb_collect_magnitudes(const sb_rows *r, uint32_t least, uint32_t *to) {
    ptrdiff_t all = 0;
    for (ptrdiff_t row = 0; row < r->rows; row++) {
        const float *from = r->first + row * r->step;
        for (ptrdiff_t i = 0; i < r->columns; i++) {
            const int32_t bits = magnitude(from + i);
            to[all] = (uint32_t)bits;
            all += bits >= (int32_t)least;
        }
    }
    return all;
}
