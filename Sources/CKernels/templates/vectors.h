// The vector type of a variant. A variant's file defines, before it includes the templates:
//   SB_TARGET     the function attribute that allows its instructions
//   SB_WIDTH      floats in a vector: 4, 8 or 16
//   SB_POINTWISE  1 for a loop of its own for 1×1 convolutions
// Everything in the templates is static: each variant is a translation unit of its own.
#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

typedef float sb_vector __attribute__((ext_vector_type(SB_WIDTH)));
// The same at any address that a float may have.
typedef float sb_unaligned __attribute__((ext_vector_type(SB_WIDTH), aligned(4)));
typedef int32_t sb_mask __attribute__((ext_vector_type(SB_WIDTH)));
typedef int32_t sb_unaligned_mask __attribute__((ext_vector_type(SB_WIDTH), aligned(4)));

// One bit for each lane of the first vector of a block.
#if SB_WIDTH == 16
static const sb_mask sb_lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const sb_mask sb_lane_bits = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
#elif SB_WIDTH == 8
static const sb_mask sb_lane_bits = {1, 2, 4, 8, 16, 32, 64, 128};
#else
static const sb_mask sb_lane_bits = {1, 2, 4, 8};
#endif

// The lanes of a vector that are not zero (−0 is), one bit each; a variant may know a way of its own.
#ifndef SB_NONZERO
#define SB_NONZERO(v) ((uint32_t)__builtin_reduce_or(((v) != 0) & sb_lane_bits))
#endif

// Vectors in a block of 16 channels.
#define SB_VECTORS (SB_LANES / SB_WIDTH)
#define SB_INLINE SB_TARGET static inline __attribute__((always_inline))
#define SB_FUNCTION SB_TARGET static

SB_INLINE sb_vector sb_load(const float *from) { return *(const sb_unaligned *)from; }
SB_INLINE void sb_store(float *to, sb_vector v) { *(sb_unaligned *)to = v; }
SB_INLINE sb_vector sb_splat(float value) { return (sb_vector)value; }
SB_INLINE sb_vector sb_fma(sb_vector a, sb_vector b, sb_vector c) { return __builtin_elementwise_fma(a, b, c); }

// v limited to low … high; NaN passes, and −0 stays where low is 0.
SB_INLINE sb_vector sb_limit(sb_vector v, sb_vector low, sb_vector high) {
    v = v < low ? low : v;
    return high < v ? high : v;
}
