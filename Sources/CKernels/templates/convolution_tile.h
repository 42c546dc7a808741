// Direct convolution with register tiles: some pixels by one or two blocks of output channels are kept in registers while
// one input block's taps run past them. The pixels of a tile are wherever their offsets say, so that rows of any width,
// strides, several images and the phases of a transposed convolution share one kernel.

#if SB_VECTORS > 1
// 6 pixels by 16 channels, or 8 by 8: 12 or 8 accumulators, of 16 registers or (NEON) 24 or 16 of 32.
#define SB_TILE_PIXELS 8
#define SB_TILE_BLOCKS 1
#else
// 14 pixels by 32 channels: 28 accumulators of 32 registers.
#define SB_TILE_PIXELS 14
#define SB_TILE_BLOCKS 2
#endif

// Steps whose weights are fetched ahead: they stream from the second-level cache or the third, and without that a sixth
// of the time went by waiting for them.
#define SB_AHEAD 16

// Pixels whose offsets are worked out at a time; a multiple of the largest tiles.
#define SB_CHUNK 168

// The offsets of the pixels at hand from the beginnings of source, destination and addend, in floats.
typedef struct {
    ptrdiff_t source[SB_CHUNK], destination[SB_CHUNK], addend[SB_CHUNK];
} pixel_offsets;

// The shape of a register tile: pixels, blocks of output channels, and vectors of each block that are wanted.
typedef struct {
    int pixels, blocks, vectors;
} tile_shape;

#define SB_TILE_VECTORS (SB_TILE_PIXELS * SB_TILE_BLOCKS * SB_VECTORS)

// Accumulators of a pixel, and of a tile.
SB_INLINE int of_pixel(const tile_shape shape) { return shape.blocks * shape.vectors; }
SB_INLINE int of_tile(const tile_shape shape) { return shape.pixels * shape.blocks * shape.vectors; }

// Whether there are registers for the tile's sums and for its totals.
SB_INLINE bool fits_twice(const tile_shape shape) { return SB_WIDTH == 16 && of_tile(shape) <= 14; }

// The block, the lane and the pixel of an accumulator.
SB_INLINE ptrdiff_t block_of(const tile_shape shape, int i) { return i % of_pixel(shape) / shape.vectors; }
SB_INLINE ptrdiff_t lane_of(const tile_shape shape, int i) { return i % shape.vectors * SB_WIDTH; }
SB_INLINE ptrdiff_t pixel_of(const tile_shape shape, int i) { return i / of_pixel(shape); }

// One multiply-add of every accumulator: each pixel's value at offset `at` times the weights of one input channel.
SB_INLINE void convolution_step(const tile_shape shape, const float *const *source, ptrdiff_t at, const float *weights,
                                ptrdiff_t weights_block, sb_vector *sums) {
    sb_vector w[SB_TILE_BLOCKS * SB_VECTORS];
#pragma unroll
    for (int v = 0; v < of_pixel(shape); v++) {
        w[v] = sb_load(weights + block_of(shape, v) * weights_block + lane_of(shape, v));
    }
#pragma unroll
    for (int p = 0; p < shape.pixels; p++) {
        const sb_vector x = sb_splat(source[p][at]);
#pragma unroll
        for (int v = 0; v < of_pixel(shape); v++) {
            sb_vector *sum = sums + p * of_pixel(shape) + v;
            *sum = sb_fma(x, w[v], *sum);
        }
    }
}

// How one input block's taps lie: `runs` of `run` neighbouring floats in each kernel row.
typedef struct {
    ptrdiff_t first, runs, run;
} block_taps;

SB_INLINE block_taps find_taps(const sb_convolution *c, ptrdiff_t block) {
    const ptrdiff_t first = block == 0 ? c->first_lane : 0;
    const ptrdiff_t lanes = (block == c->blocks - 1 ? c->last_lanes : SB_LANES) - first;
    // Where a kernel row's taps lie side by side it is one long run.
    const bool joined = lanes == c->pixel_lanes && c->tap_column == lanes;
    return joined ? (block_taps){first, 1, c->kernel_columns * lanes}
                  : (block_taps){first, c->kernel_columns, lanes};
}

// The tiles' common surroundings.
typedef struct {
    const sb_convolution *c;
    const pixel_offsets *offsets;
    block_taps first, middle, last;
    // One tap, and whole blocks.
    bool is_pointwise;
} tile_context;

// The steps of `run` neighbouring floats; returns where the next weights begin.
SB_INLINE const float *convolution_run(const tile_shape shape, const sb_convolution *c, const float *const *source,
                                       ptrdiff_t start, ptrdiff_t run, const float *weights, sb_vector *sums) {
    const ptrdiff_t end = start + run;
    // One index for all pixels, as it is; and a short loop, which was faster than any unrolled one.
    __asm__("" : "+r"(start));
#pragma nounroll
    for (ptrdiff_t at = start; at < end; at++, weights += SB_LANES) {
#pragma unroll
        for (int b = 0; b < shape.blocks; b++) {
            __builtin_prefetch(weights + b * c->weights_block + SB_AHEAD * SB_LANES);
        }
        convolution_step(shape, source, at, weights, c->weights_block, sums);
    }
    return weights;
}

// One input block's chains, from zero; returns where the next block's weights begin.
SB_INLINE const float *convolution_block(const tile_shape shape, const bool pointwise, const tile_context *context,
                                         ptrdiff_t block, const float *const *source, const float *weights,
                                         sb_vector *sums) {
    const sb_convolution *c = context->c;
#pragma unroll
    for (int i = 0; i < of_tile(shape); i++) sums[i] = sb_splat(0);
    const ptrdiff_t start = block * c->source_block;
    if (pointwise) return convolution_run(shape, c, source, start, SB_LANES, weights, sums);
    const block_taps taps = block == 0 ? context->first : block == c->blocks - 1 ? context->last : context->middle;
    ptrdiff_t row = start + taps.first;
    for (ptrdiff_t y = 0; y < c->kernel_rows; y++, row += c->tap_row) {
        ptrdiff_t at = row;
        for (ptrdiff_t x = 0; x < taps.runs; x++, at += c->tap_column) {
            weights = convolution_run(shape, c, source, at, taps.run, weights, sums);
        }
    }
    return weights;
}

#if SB_VECTORS == 1
// The first 8 lanes; the others are zero.
SB_INLINE sb_vector lower_half(sb_vector v) {
    return __builtin_shufflevector(v, sb_splat(0), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
#endif

// What stands in the addend for an accumulator of the tile.
SB_INLINE sb_vector addend_of(const tile_shape shape, const tile_context *context, ptrdiff_t first, ptrdiff_t output,
                              int i) {
    const sb_convolution *c = context->c;
    return sb_load(c->addend + context->offsets->addend[first + pixel_of(shape, i)] +
                   (output + block_of(shape, i)) * c->addend_block + lane_of(shape, i));
}

// Writes the tile's results: the sums, the addend if there is one, and the clip; lanes that are not wanted are zero.
SB_INLINE void convolution_finish(const tile_shape shape, const bool added, const tile_context *context,
                                  ptrdiff_t first, ptrdiff_t output, const sb_vector *sums) {
    const sb_convolution *c = context->c;
    const sb_vector low = sb_splat(c->low), high = sb_splat(c->high);
    float *destination = c->destination + output * c->destination_block;
#pragma unroll
    for (int i = 0; i < of_tile(shape); i++) {
        const ptrdiff_t p = first + pixel_of(shape, i), block = block_of(shape, i), lane = lane_of(shape, i);
        sb_vector total = sums[i];
        if (added) total = total + addend_of(shape, context, first, output, i);
        total = sb_limit(total, low, high);
#if SB_VECTORS == 1
        if (c->is_narrow) total = lower_half(total);
#endif
        sb_store(destination + context->offsets->destination[p] + block * c->destination_block + lane, total);
    }
    if (shape.vectors == SB_VECTORS) return;
#pragma unroll
    for (int p = 0; p < shape.pixels; p++) {
        float *to = destination + context->offsets->destination[first + p];
#pragma unroll
        for (int v = shape.vectors; v < SB_VECTORS; v++) sb_store(to + v * SB_WIDTH, sb_splat(0));
    }
}

// One tile: the pixels from number `first` of the offsets on, the output blocks from `output` on.
SB_INLINE void convolution_tile(const tile_shape shape, const bool pointwise, const tile_context *context,
                                ptrdiff_t first, ptrdiff_t output) {
    const sb_convolution *c = context->c;
    const float *source[SB_TILE_PIXELS];
#pragma unroll
    for (int p = 0; p < shape.pixels; p++) {
        source[p] = c->source + context->offsets->source[first + p];
        // Keeps the pointers in registers, each to be indexed alike, where the compiler would work out several of each.
        __asm__("" : "+r"(source[p]));
    }
    sb_vector sums[SB_TILE_VECTORS];
    const float *weights = c->weights + output * c->weights_block, *bias = c->bias + output * SB_LANES;
    weights = convolution_block(shape, pointwise, context, 0, source, weights, sums);
    if (c->continues) {
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) sums[i] = sums[i] + addend_of(shape, context, first, output, i);
    } else {
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) {
            sums[i] = sums[i] + sb_load(bias + block_of(shape, i) * SB_LANES + lane_of(shape, i));
        }
    }
    if (fits_twice(shape)) {
        sb_vector totals[SB_TILE_VECTORS];
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) totals[i] = sums[i];
        for (ptrdiff_t block = 1; block < c->blocks; block++) {
            weights = convolution_block(shape, pointwise, context, block, source, weights, sums);
#pragma unroll
            for (int i = 0; i < of_tile(shape); i++) totals[i] = sums[i] + totals[i];
        }
#pragma unroll
        for (int i = 0; i < of_tile(shape); i++) sums[i] = totals[i];
    } else {
        sb_vector memory[SB_TILE_VECTORS], *totals = memory;
        for (ptrdiff_t block = 1; block < c->blocks; block++) {
#pragma unroll
            for (int i = 0; i < of_tile(shape); i++) totals[i] = sums[i];
            // The totals wait in memory: there are no registers for them, and moving them about would cost more.
            __asm__("" : "+r"(totals) : : "memory");
            weights = convolution_block(shape, pointwise, context, block, source, weights, sums);
#pragma unroll
            for (int i = 0; i < of_tile(shape); i++) sums[i] = sums[i] + totals[i];
        }
    }
    if (c->addend && !c->continues) {
        convolution_finish(shape, true, context, first, output, sums);
    } else {
        convolution_finish(shape, false, context, first, output, sums);
    }
}
