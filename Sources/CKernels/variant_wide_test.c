// The AVX-512 variant's tiles compiled for AVX2, for tests alone: slow, but what goes through them is the same.
#if defined(__x86_64__)

// The vectors are wider than this target's registers; they never cross a call.
#pragma clang diagnostic ignored "-Wpsabi"

#define SB_TARGET __attribute__((target("avx2,fma")))
#define SB_WIDTH 16
#define SB_POINTWISE 0

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

const sb_kernels sb_wide_test_kernels = {14, SB_TILE_BLOCKS, convolve, depthwise, max_pool, convolve_gathered, spread, add_parts,
                                      winograd_inputs, winograd_outputs, chain_inputs, chain_filters,
                                      chain_products, chain_outputs, normalize};

#endif
