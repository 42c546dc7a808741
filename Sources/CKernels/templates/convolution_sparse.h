// Convolutions of one tap from a source with many zeros, as a ReLU leaves them: lanes that are zero in all pixels of a
// small tile are left out.
//
// That changes no bit as long as the weights are finite: fma(0, w, s) is s, but where s is a zero, whose sign does not
// matter. A block's chain S is a zero of some sign or not zero; the total it is added to is never −0, since no bias is,
// and a sum is −0 only if both of its terms are.

#if SB_VECTORS > 1
// 3 pixels by 16 channels, sums and totals, are 12 of 16 registers, or (NEON) 24 of 32.
#define SB_SPARSE_PIXELS 3
#define SB_SPARSE_BLOCKS 1
#else
// 7 pixels by 32 channels, sums and totals, are 28 of 32 registers.
#define SB_SPARSE_PIXELS 7
#define SB_SPARSE_BLOCKS 2
#endif
#define SB_SPARSE_VECTORS (SB_SPARSE_PIXELS * SB_SPARSE_BLOCKS * SB_VECTORS)

// The lanes of each block that are not zero in every pixel, one bit a lane, for each tile of a chunk.
#define SB_MASKS 8192
typedef struct {
    uint16_t lanes[SB_MASKS];
} chunk_masks;

typedef void (*sparse_function)(const tile_context *, const uint16_t *, ptrdiff_t, ptrdiff_t, ptrdiff_t);

// The number of bits that are set for the lanes of some neighbouring pixels in each block.
SB_FUNCTION ptrdiff_t find_lanes(const tile_context *context, ptrdiff_t first, ptrdiff_t end, uint16_t *lanes) {
    const sb_convolution *c = context->c;
    ptrdiff_t count = 0;
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        sb_mask bits[SB_VECTORS];
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) bits[v] = (sb_mask)0;
        for (ptrdiff_t p = first; p < end; p++) {
            const float *source = c->source + context->offsets->source[p] + block * c->source_block;
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) bits[v] |= *(const sb_unaligned_mask *)(source + v * SB_WIDTH);
        }
        uint32_t mask = 0;
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) {
            // Shifted, so that a −0 counts as nothing.
            const sb_mask set = ((bits[v] << 1) != 0) & (sb_lane_bits << (v * SB_WIDTH));
            mask |= (uint32_t)__builtin_reduce_or(set);
        }
        if (block == c->blocks - 1) mask &= (1u << c->last_lanes) - 1;
        lanes[block] = (uint16_t)mask;
        count += __builtin_popcount(mask);
    }
    return count;
}

// One tile: sums and totals are both in registers.
SB_INLINE void sparse_tile(const tile_shape shape, const tile_context *context, const uint16_t *lanes, ptrdiff_t first,
                           ptrdiff_t output) {
    const sb_convolution *c = context->c;
    const float *source[SB_SPARSE_PIXELS];
#pragma unroll
    for (int p = 0; p < shape.pixels; p++) {
        source[p] = c->source + context->offsets->source[first + p];
        __asm__("" : "+r"(source[p]));
    }
    sb_vector totals[SB_SPARSE_VECTORS], sums[SB_SPARSE_VECTORS];
    if (c->continues) {
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) totals[i] = addend_of(shape, context, first, output, i);
    } else {
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) {
            totals[i] = sb_load(c->bias + (output + block_of(shape, i)) * SB_LANES + lane_of(shape, i));
        }
    }
    const float *weights = c->weights + output * c->weights_block;
    for (ptrdiff_t block = 0; block < c->blocks; block++, weights += SB_LANES * SB_LANES) {
        uint32_t mask = lanes[block];
        if (mask == 0) continue;
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) sums[i] = sb_splat(0);
        const ptrdiff_t start = block * c->source_block;
        do {
            const ptrdiff_t lane = __builtin_ctz(mask);
            convolution_step(shape, source, start + lane, weights + lane * SB_LANES, c->weights_block, sums);
            mask &= mask - 1;
        } while (mask != 0);
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) totals[i] = sums[i] + totals[i];
    }
    if (c->addend && !c->continues) {
        convolution_finish(shape, true, context, first, output, totals);
    } else {
        convolution_finish(shape, false, context, first, output, totals);
    }
}

#define SB_SPARSE(name, ...)                                                                                    \
    SB_FUNCTION void name(const tile_context *context, const uint16_t *lanes, ptrdiff_t first, ptrdiff_t end,   \
                          ptrdiff_t output) {                                                                   \
        const tile_shape shape = {__VA_ARGS__, SB_VECTORS};                                                    \
        for (; first < end; first += shape.pixels, lanes += context->c->blocks) {                               \
            sparse_tile(shape, context, lanes, first, output);                                                  \
        }                                                                                                       \
    }

SB_SPARSE(sparse_1, 1, 1) SB_SPARSE(sparse_2, 2, 1) SB_SPARSE(sparse_3, 3, 1)
#if SB_VECTORS > 1
static const sparse_function sparse_strips[SB_SPARSE_BLOCKS + 1][SB_SPARSE_PIXELS + 1] = {
    {0}, {0, sparse_1, sparse_2, sparse_3}};
#else
SB_SPARSE(sparse_4, 4, 1) SB_SPARSE(sparse_5, 5, 1) SB_SPARSE(sparse_6, 6, 1) SB_SPARSE(sparse_7, 7, 1)
SB_SPARSE(sparse_pair_1, 1, 2) SB_SPARSE(sparse_pair_2, 2, 2) SB_SPARSE(sparse_pair_3, 3, 2)
SB_SPARSE(sparse_pair_4, 4, 2) SB_SPARSE(sparse_pair_5, 5, 2) SB_SPARSE(sparse_pair_6, 6, 2)
SB_SPARSE(sparse_pair_7, 7, 2)
static const sparse_function sparse_strips[SB_SPARSE_BLOCKS + 1][SB_SPARSE_PIXELS + 1] = {
    {0}, {0, sparse_1, sparse_2, sparse_3, sparse_4, sparse_5, sparse_6, sparse_7},
    {0, sparse_pair_1, sparse_pair_2, sparse_pair_3, sparse_pair_4, sparse_pair_5, sparse_pair_6, sparse_pair_7}};
#endif

// Whether leaving out zeros could pay: one tap, and enough outputs to make up for looking at the source.
SB_FUNCTION bool may_skip(const sb_convolution *c, ptrdiff_t outputs) {
    return c->skips_zeros && c->kernel_rows == 1 && c->kernel_columns == 1 && c->first_lane == 0 &&
           c->pixel_lanes == SB_LANES && !c->is_narrow && outputs >= SB_SKIPPING_BLOCKS && c->blocks <= SB_MASKS;
}

// Computes a chunk so if there are enough zeros in it; returns false, with nothing done, if not.
SB_FUNCTION bool convolve_sparse(const tile_context *context, ptrdiff_t count, ptrdiff_t first_block,
                                 ptrdiff_t end_block) {
    const sb_convolution *c = context->c;
    const ptrdiff_t number = (count + SB_SPARSE_PIXELS - 1) / SB_SPARSE_PIXELS;
    const ptrdiff_t size = count / number, larger = count % number * (size + 1);
    if (number * c->blocks > SB_MASKS) return false;
    chunk_masks masks;
    ptrdiff_t set = 0;
    uint16_t *lanes = masks.lanes;
    for (ptrdiff_t p = 0; p < count; lanes += c->blocks) {
        const ptrdiff_t end = p + (p < larger ? size + 1 : size);
        set += find_lanes(context, p, end, lanes);
        p = end;
    }
    // The small tiles take longer for a step and a block.
    if (set * 3 > number * c->blocks * SB_LANES * 2) return false;
    const uint16_t *rest = masks.lanes + count % number * c->blocks;
    for (ptrdiff_t output = first_block; output < end_block; output += SB_SPARSE_BLOCKS) {
        const ptrdiff_t blocks = end_block - output < SB_SPARSE_BLOCKS ? end_block - output : SB_SPARSE_BLOCKS;
        if (larger > 0) sparse_strips[blocks][size + 1](context, masks.lanes, 0, larger, output);
        sparse_strips[blocks][size](context, rest, larger, count, output);
    }
    return true;
}
