// The inner loops for AVX-512: 14 pixels by 32 channels fill 28 of the 32 registers.
#if defined(__x86_64__)

#define SB_TARGET __attribute__((target("avx512f,avx2,fma")))
#define SB_WIDTH 16
#define SB_POINTWISE 0

#include "templates/vectors.h"
#include "templates/convolution.h"
#include "templates/depthwise.h"
#include "templates/max_pooling.h"
#include "variants.h"

const sb_kernels sb_avx512_kernels = {14, SB_TILE_BLOCKS, convolve, depthwise, max_pool};

#endif
