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

// The plain loops of the sparse convolutions.
void sb_scalar_convolve_sparse(const sb_sparse_convolution *c, ptrdiff_t convolutions, ptrdiff_t first, ptrdiff_t end);
void sb_scalar_spread(const sb_spreading *c, ptrdiff_t first, ptrdiff_t end);

// The plain loops of convolutions by tiles.
void sb_scalar_winograd_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end);
void sb_scalar_winograd_outputs(const sb_winograd *c, float *scratch, ptrdiff_t first, ptrdiff_t end);
void sb_scalar_chain_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end);
void sb_scalar_chain_filters(const sb_winograd *c, ptrdiff_t channel, ptrdiff_t output, ptrdiff_t blocks, float *filters);
void sb_scalar_chain_products(const float *filters, ptrdiff_t tiles, ptrdiff_t blocks, const sb_tile_chain *chains,
                              ptrdiff_t count);
void sb_scalar_chain_outputs(const sb_winograd *c, const float *sums, ptrdiff_t output, ptrdiff_t blocks);
