// The inner loops for AVX-512: 14 pixels by 32 channels fill 28 of the 32 registers.
#if defined(__x86_64__)

#include <immintrin.h>

#define SB_TARGET __attribute__((target("avx512f,avx2,fma")))
#define SB_WIDTH 16
#define SB_POINTWISE 0
#define SB_NONZERO(v) ((uint32_t)_mm512_cmp_ps_mask((v), _mm512_setzero_ps(), _CMP_NEQ_UQ))

#include "templates/vectors.h"

// A position's values that are not zero, side by side, and the numbers of their lanes.
SB_INLINE ptrdiff_t compact_wide(const float *from, ptrdiff_t lanes, uint16_t first, float *values, uint16_t *numbers) {
    const __m512 all = _mm512_loadu_ps(from);
    const __mmask16 wanted = (__mmask16)(SB_NONZERO(all) & ((1u << lanes) - 1));
    const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    _mm512_storeu_ps(values, _mm512_maskz_compress_ps(wanted, all));
    const __m256i chosen = _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(wanted, lane));
    _mm256_storeu_si256((__m256i *)numbers, _mm256_add_epi16(chosen, _mm256_set1_epi16((short)first)));
    return __builtin_popcount(wanted);
}
#define SB_COMPACT compact_wide
#define SB_SLIDE(low, high, places) _mm512_permutex2var_ps((low), (__m512i)(places), (high))

#include "templates/convolution.h"
#include "templates/depthwise.h"
#include "templates/max_pooling.h"
#include "templates/unpooling.h"
#include "templates/gathering.h"
#include "templates/convolution_gathered.h"
#include "templates/spreading.h"
#include "templates/parts.h"
#include "templates/winograd.h"
#include "templates/winograd_chains.h"
#include "templates/normalization.h"
#include "variants.h"

const sb_kernels sb_avx512_kernels = {14, SB_TILE_BLOCKS, convolve, depthwise, max_pool, convolve_gathered, spread, add_parts,
                                      winograd_inputs, winograd_outputs, chain_inputs, chain_filters,
                                      chain_products, chain_outputs, normalize};

#endif
