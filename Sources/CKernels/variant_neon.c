// The inner loops for NEON: 6 pixels by 16 channels fill 24 of the 32 registers.
#if defined(__aarch64__)

#define SB_TARGET
#define SB_WIDTH 4
#define SB_POINTWISE 1

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

const sb_kernels sb_neon_kernels = {6, SB_TILE_BLOCKS, convolve, depthwise, max_pool, convolve_gathered, spread, add_parts,
                                      winograd_inputs, winograd_outputs, chain_inputs, chain_filters,
                                      chain_products, chain_outputs, normalize};

#endif
