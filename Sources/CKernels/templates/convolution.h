// Direct convolution with register tiles: up to SB_TILE_PIXELS pixels by SB_TILE_BLOCKS blocks of output channels are
// kept in registers while one input block's taps run past them. The pixels of a tile are wherever their offsets say, so
// that rows of any width, strides, several images and the phases of a transposed convolution share one kernel.

// Pixels whose offsets are worked out at a time; a multiple of every tile size used.
#define SB_CHUNK 168

// The offsets of the pixels at hand from the first pixel's, in floats.
typedef struct {
    ptrdiff_t source[SB_CHUNK], destination[SB_CHUNK], addend[SB_CHUNK];
} pixel_offsets;

// One multiply-add of every accumulator: pixel p's value at offset `at` times the weights of one input channel.
SB_INLINE void convolution_step(const int pixels, const int blocks, const float *const *source, ptrdiff_t at,
                                const float *weights, ptrdiff_t weights_block, sb_vector *sums) {
    sb_vector w[SB_TILE_BLOCKS * SB_VECTORS];
#pragma unroll
    for (int v = 0; v < blocks * SB_VECTORS; v++) {
        w[v] = sb_load(weights + (v / SB_VECTORS) * weights_block + (v % SB_VECTORS) * SB_WIDTH);
    }
#pragma unroll
    for (int p = 0; p < pixels; p++) {
        const sb_vector x = sb_splat(source[p][at]);
#pragma unroll
        for (int v = 0; v < blocks * SB_VECTORS; v++) {
            sb_vector *sum = sums + p * blocks * SB_VECTORS + v;
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
SB_INLINE const float *convolution_run(const int pixels, const int blocks, const sb_convolution *c,
                                       const float *const *source, ptrdiff_t start, ptrdiff_t run,
                                       const float *weights, sb_vector *sums) {
    const ptrdiff_t end = start + run;
    __asm__("" : "+r"(start));
#pragma nounroll
    for (ptrdiff_t at = start; at < end; at++, weights += SB_LANES) {
        convolution_step(pixels, blocks, source, at, weights, c->weights_block, sums);
    }
    return weights;
}

// One input block's chains, from zero; returns where the next block's weights begin.
SB_INLINE const float *convolution_block(const int pixels, const int blocks, const bool pointwise,
                                         const tile_context *context, ptrdiff_t block, const float *const *source,
                                         const float *weights, sb_vector *sums) {
    const sb_convolution *c = context->c;
#pragma unroll
    for (int i = 0; i < pixels * blocks * SB_VECTORS; i++) sums[i] = sb_splat(0);
    const ptrdiff_t start = block * c->source_block;
    if (pointwise) {
        return convolution_run(pixels, blocks, c, source, start, SB_LANES, weights, sums);
    }
    const block_taps taps = block == 0 ? context->first : block == c->blocks - 1 ? context->last : context->middle;
    ptrdiff_t row = start + taps.first;
    for (ptrdiff_t y = 0; y < c->kernel_rows; y++, row += c->tap_row) {
        ptrdiff_t at = row;
        for (ptrdiff_t x = 0; x < taps.runs; x++, at += c->tap_column) {
            weights = convolution_run(pixels, blocks, c, source, at, taps.run, weights, sums);
        }
    }
    return weights;
}

// The tile's results: the addend, if there is one, and the clip.
SB_INLINE void convolution_finish(const int pixels, const int blocks, const bool added, const tile_context *context,
                                  ptrdiff_t first, ptrdiff_t output, const sb_vector *sums) {
    const sb_convolution *c = context->c;
    const sb_vector low = sb_splat(c->low), high = sb_splat(c->high);
    float *destination = c->destination + output * c->destination_block;
    const float *addend = c->addend + output * c->addend_block;
#pragma unroll
    for (int p = 0; p < pixels; p++) {
        float *to = destination + context->offsets->destination[first + p];
        const float *from = added ? addend + context->offsets->addend[first + p] : 0;
#pragma unroll
        for (int v = 0; v < blocks * SB_VECTORS; v++) {
            const ptrdiff_t lane = v % SB_VECTORS * SB_WIDTH, block = v / SB_VECTORS;
            sb_vector total = sums[p * blocks * SB_VECTORS + v];
            if (added) total = total + sb_load(from + block * c->addend_block + lane);
            sb_store(to + block * c->destination_block + lane, sb_limit(total, low, high));
        }
    }
}

// One tile: `pixels` from number `first` of the offsets on, `blocks` output blocks from `output` on.
SB_INLINE void convolution_tile(const int pixels, const int blocks, const bool pointwise, const tile_context *context,
                                ptrdiff_t first, ptrdiff_t output) {
    const sb_convolution *c = context->c;
    const int vectors = blocks * SB_VECTORS;
    const float *source[SB_TILE_PIXELS];
#pragma unroll
    for (int p = 0; p < pixels; p++) {
        source[p] = c->source + context->offsets->source[first + p];
        // Keeps the pointers in registers, each to be indexed alike, where the compiler would work out six of each.
        __asm__("" : "+r"(source[p]));
    }
    sb_vector sums[SB_TILE_PIXELS * SB_TILE_BLOCKS * SB_VECTORS];
    const float *weights = c->weights + output * c->weights_block, *bias = c->bias + output * SB_LANES;
    weights = convolution_block(pixels, blocks, pointwise, context, 0, source, weights, sums);
#pragma unroll
    for (int i = 0; i < pixels * vectors; i++) sums[i] = sums[i] + sb_load(bias + i % vectors * SB_WIDTH);

    sb_vector memory[SB_TILE_PIXELS * SB_TILE_BLOCKS * SB_VECTORS], *totals = memory;
    for (ptrdiff_t block = 1; block < c->blocks; block++) {
#pragma unroll
        for (int i = 0; i < pixels * vectors; i++) totals[i] = sums[i];
        // The totals wait in memory: there are no registers for them, and moving them about would cost more.
        __asm__("" : "+r"(totals) : : "memory");
        weights = convolution_block(pixels, blocks, pointwise, context, block, source, weights, sums);
#pragma unroll
        for (int i = 0; i < pixels * vectors; i++) sums[i] = sums[i] + totals[i];
    }
    if (c->addend) {
        convolution_finish(pixels, blocks, true, context, first, output, sums);
    } else {
        convolution_finish(pixels, blocks, false, context, first, output, sums);
    }
}

typedef void (*strip_function)(const tile_context *, ptrdiff_t, ptrdiff_t, ptrdiff_t);

// A strip is some tiles of one size, the pixels first ..< end. Where there is but one tap it has a loop of its own, whose
// blocks are short enough for the bookkeeping of the general one to show.
#define SB_STRIP(pixels, blocks)                                                                                  \
    SB_FUNCTION void strip_##pixels##_##blocks(const tile_context *context, ptrdiff_t first, ptrdiff_t end,      \
                                               ptrdiff_t output) {                                               \
        if (SB_POINTWISE && context->is_pointwise) {                                                             \
            for (; first < end; first += pixels) convolution_tile(pixels, blocks, true, context, first, output); \
        } else {                                                                                                 \
            for (; first < end; first += pixels) convolution_tile(pixels, blocks, false, context, first, output); \
        }                                                                                                        \
    }
#define SB_SMALL_STRIPS(blocks)                                                                          \
    SB_STRIP(1, blocks) SB_STRIP(2, blocks) SB_STRIP(3, blocks) SB_STRIP(4, blocks) SB_STRIP(5, blocks) \
    SB_STRIP(6, blocks)
#define SB_LARGE_STRIPS(blocks)                                                                              \
    SB_STRIP(7, blocks) SB_STRIP(8, blocks) SB_STRIP(9, blocks) SB_STRIP(10, blocks) SB_STRIP(11, blocks)   \
    SB_STRIP(12, blocks) SB_STRIP(13, blocks) SB_STRIP(14, blocks)
#define SB_SMALL_NAMES(blocks) \
    0, strip_1_##blocks, strip_2_##blocks, strip_3_##blocks, strip_4_##blocks, strip_5_##blocks, strip_6_##blocks
#define SB_LARGE_NAMES(blocks)                                                                                \
    strip_7_##blocks, strip_8_##blocks, strip_9_##blocks, strip_10_##blocks, strip_11_##blocks,              \
        strip_12_##blocks, strip_13_##blocks, strip_14_##blocks

SB_SMALL_STRIPS(1)
#if SB_TILE_PIXELS > 6
SB_LARGE_STRIPS(1)
#endif
#if SB_TILE_BLOCKS > 1
SB_SMALL_STRIPS(2)
SB_LARGE_STRIPS(2)
#endif

static const strip_function strips[SB_TILE_BLOCKS][SB_TILE_PIXELS + 1] = {
#if SB_TILE_PIXELS > 6
    {SB_SMALL_NAMES(1), SB_LARGE_NAMES(1)},
#else
    {SB_SMALL_NAMES(1)},
#endif
#if SB_TILE_BLOCKS > 1
    {SB_SMALL_NAMES(2), SB_LARGE_NAMES(2)},
#endif
};

// The offsets of `count` pixels from number `first` on.
SB_FUNCTION void find_pixels(const sb_convolution *c, ptrdiff_t first, ptrdiff_t count, pixel_offsets *offsets) {
    ptrdiff_t column = first % c->columns, row = first / c->columns % c->rows, image = first / c->columns / c->rows;
    for (ptrdiff_t p = 0; p < count; p++) {
        const ptrdiff_t within = row * c->destination_row + column * c->destination_column;
        offsets->source[p] = image * c->source_image + row * c->source_row + column * c->source_column;
        offsets->destination[p] = image * c->destination_image + within;
        offsets->addend[p] = image * c->addend_image + within;
        if (++column < c->columns) continue;
        column = 0;
        if (++row < c->rows) continue;
        row = 0;
        image++;
    }
}

// As few tiles as will do, of sizes that differ by at most one.
SB_FUNCTION void convolve_chunk(const tile_context *context, ptrdiff_t count, ptrdiff_t output, ptrdiff_t blocks) {
    const ptrdiff_t number = (count + SB_TILE_PIXELS - 1) / SB_TILE_PIXELS;
    const ptrdiff_t size = count / number, larger = count % number * (size + 1);
    if (larger > 0) strips[blocks - 1][size + 1](context, 0, larger, output);
    strips[blocks - 1][size](context, larger, count, output);
}

SB_FUNCTION void convolve(const sb_convolution *c, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_block,
                          ptrdiff_t end_block) {
    // Nearly equal chunks, of whole tiles but for the last.
    const ptrdiff_t most = c->chunk < SB_CHUNK ? c->chunk : SB_CHUNK, number = (end - first + most - 1) / most;
    const ptrdiff_t share = number > 0 ? (end - first + number - 1) / number : 1;
    const ptrdiff_t chunk = (share + SB_TILE_PIXELS - 1) / SB_TILE_PIXELS * SB_TILE_PIXELS;
    pixel_offsets offsets;
    const tile_context context = {c, &offsets, find_taps(c, 0), find_taps(c, c->blocks > 2 ? 1 : 0),
                                  find_taps(c, c->blocks - 1),
                                  c->kernel_rows == 1 && c->kernel_columns == 1 && c->first_lane == 0 &&
                                      c->last_lanes == SB_LANES};
    for (ptrdiff_t pixel = first; pixel < end; pixel += chunk) {
        const ptrdiff_t count = end - pixel < chunk ? end - pixel : chunk;
        find_pixels(c, pixel, count, &offsets);
        for (ptrdiff_t output = first_block; output < end_block; output += SB_TILE_BLOCKS) {
            const ptrdiff_t blocks = end_block - output < SB_TILE_BLOCKS ? end_block - output : SB_TILE_BLOCKS;
            convolve_chunk(&context, count, output, blocks);
        }
    }
}
