// The inner loops for AVX2 with FMA: 6 pixels by 16 channels fill 12 of the 16 registers.
#if defined(__x86_64__)

#include <immintrin.h>

#define SB_TARGET __attribute__((target("avx2,fma")))
#define SB_WIDTH 8
#define SB_POINTWISE 1
#define SB_NONZERO(v) ((uint32_t)_mm256_movemask_ps(_mm256_cmp_ps((v), _mm256_setzero_ps(), _CMP_NEQ_UQ)))

#include "templates/vectors.h"
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

const sb_kernels sb_avx2_kernels = {6, SB_TILE_BLOCKS, convolve, depthwise, max_pool, convolve_gathered, spread, add_parts,
                                      winograd_inputs, winograd_outputs, chain_inputs, chain_filters,
                                      chain_products, chain_outputs, normalize};

#endif
