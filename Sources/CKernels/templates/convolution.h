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

// Pixels whose offsets are worked out at a time; a multiple of the largest tiles.
#define SB_CHUNK 168

// The offsets of the pixels at hand from the first pixel's, in floats.
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

// Writes the tile's results: the sums, the addend if there is one, and the clip; lanes that are not wanted are zero.
SB_INLINE void convolution_finish(const tile_shape shape, const bool added, const tile_context *context,
                                  ptrdiff_t first, ptrdiff_t output, const sb_vector *sums) {
    const sb_convolution *c = context->c;
    const sb_vector low = sb_splat(c->low), high = sb_splat(c->high);
    float *destination = c->destination + output * c->destination_block;
    const float *addend = added ? c->addend + output * c->addend_block : 0;
#pragma unroll
    for (int i = 0; i < of_tile(shape); i++) {
        const ptrdiff_t p = first + pixel_of(shape, i), block = block_of(shape, i), lane = lane_of(shape, i);
        sb_vector total = sums[i];
        if (added) total = total + sb_load(addend + context->offsets->addend[p] + block * c->addend_block + lane);
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
#pragma unroll
    for (int i = 0; i < of_tile(shape); i++) {
        sums[i] = sums[i] + sb_load(bias + block_of(shape, i) * SB_LANES + lane_of(shape, i));
    }
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
    if (c->addend) {
        convolution_finish(shape, true, context, first, output, sums);
    } else {
        convolution_finish(shape, false, context, first, output, sums);
    }
}

typedef void (*strip_function)(const tile_context *, ptrdiff_t, ptrdiff_t, ptrdiff_t);

// A strip is some tiles of one size, the pixels first ..< end. Where there is but one tap it has a loop of its own, whose
// blocks are short enough for the bookkeeping of the general one to show.
SB_INLINE void convolution_strip(const tile_shape shape, const tile_context *context, ptrdiff_t first, ptrdiff_t end,
                                 ptrdiff_t output) {
    if (SB_POINTWISE && context->is_pointwise) {
        for (; first < end; first += shape.pixels) convolution_tile(shape, true, context, first, output);
    } else {
        for (; first < end; first += shape.pixels) convolution_tile(shape, false, context, first, output);
    }
}

#define SB_STRIP(name, pixels, blocks, vectors)                                                                  \
    SB_FUNCTION void name(const tile_context *context, ptrdiff_t first, ptrdiff_t end, ptrdiff_t output) {      \
        convolution_strip((tile_shape){pixels, blocks, vectors}, context, first, end, output);                  \
    }
#define SB_STRIPS_6(kind, ...)                                                                  \
    SB_STRIP(kind##_1, 1, __VA_ARGS__) SB_STRIP(kind##_2, 2, __VA_ARGS__)                      \
    SB_STRIP(kind##_3, 3, __VA_ARGS__) SB_STRIP(kind##_4, 4, __VA_ARGS__)                      \
    SB_STRIP(kind##_5, 5, __VA_ARGS__) SB_STRIP(kind##_6, 6, __VA_ARGS__)
#define SB_STRIPS_8(kind, ...) \
    SB_STRIPS_6(kind, __VA_ARGS__) SB_STRIP(kind##_7, 7, __VA_ARGS__) SB_STRIP(kind##_8, 8, __VA_ARGS__)
#define SB_STRIPS_14(kind, ...)                                                                 \
    SB_STRIPS_8(kind, __VA_ARGS__)                                                              \
    SB_STRIP(kind##_9, 9, __VA_ARGS__) SB_STRIP(kind##_10, 10, __VA_ARGS__)                    \
    SB_STRIP(kind##_11, 11, __VA_ARGS__) SB_STRIP(kind##_12, 12, __VA_ARGS__)                  \
    SB_STRIP(kind##_13, 13, __VA_ARGS__) SB_STRIP(kind##_14, 14, __VA_ARGS__)
#define SB_NAMES_6(kind) 0, kind##_1, kind##_2, kind##_3, kind##_4, kind##_5, kind##_6
#define SB_NAMES_8(kind) SB_NAMES_6(kind), kind##_7, kind##_8
#define SB_NAMES_14(kind) SB_NAMES_8(kind), kind##_9, kind##_10, kind##_11, kind##_12, kind##_13, kind##_14

// The strips by the pixels of their tiles, and how many those are at most.
typedef struct {
    ptrdiff_t most;
    strip_function by_pixels[15];
} strip_table;

#if SB_VECTORS > 1
// One block of output channels, of which all or no more than 8 are wanted: half the accumulators, more pixels.
SB_STRIPS_6(whole, 1, SB_VECTORS)
SB_STRIPS_8(half, 1, SB_VECTORS / 2)
static const strip_table whole_strips = {6, {SB_NAMES_6(whole)}}, half_strips = {8, {SB_NAMES_8(half)}};
#else
SB_STRIPS_14(single, 1, 1)
SB_STRIPS_14(pair, 2, 1)
static const strip_table single_strips = {14, {SB_NAMES_14(single)}}, pair_strips = {14, {SB_NAMES_14(pair)}};
#endif

SB_FUNCTION const strip_table *find_strips(const sb_convolution *c, ptrdiff_t blocks) {
#if SB_VECTORS > 1
    (void)blocks;
    return c->is_narrow ? &half_strips : &whole_strips;
#else
    (void)c;
    return blocks > 1 ? &pair_strips : &single_strips;
#endif
}

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
    const strip_table *strips = find_strips(context->c, blocks);
    const ptrdiff_t number = (count + strips->most - 1) / strips->most;
    const ptrdiff_t size = count / number, larger = count % number * (size + 1);
    if (larger > 0) strips->by_pixels[size + 1](context, 0, larger, output);
    strips->by_pixels[size](context, larger, count, output);
}

SB_FUNCTION void convolve(const sb_convolution *c, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_block,
                          ptrdiff_t end_block) {
    // Nearly equal chunks, of whole tiles but for the last.
    const ptrdiff_t most = c->chunk < SB_CHUNK ? c->chunk : SB_CHUNK, number = (end - first + most - 1) / most;
    const ptrdiff_t share = number > 0 ? (end - first + number - 1) / number : 1;
    const ptrdiff_t tile = find_strips(c, end_block - first_block)->most;
    const ptrdiff_t chunk = (share + tile - 1) / tile * tile;
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
