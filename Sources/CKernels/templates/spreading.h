// The adjoint of a convolution of few channels, such as the first of a network: as they lie side by side, all columns of a
// kernel row are a few vectors.
//
// A block's chains are kept in a ring of rows, as many as the kernel spans: a row that no further row of the source reaches
// is added to the totals and becomes zero.

// The lanes of a position that are not zero, one bit each.
SB_INLINE uint32_t nonzero_lanes(const float *from) {
    uint32_t mask = 0;
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        mask |= SB_NONZERO(sb_load(from + v * SB_WIDTH)) << (v * SB_WIDTH);
    }
    return mask;
}

// The kernel rows first ..< first + rows, `vectors` neighbouring vectors of each, for all lanes of a mask.
SB_INLINE void spread_tile(const int rows, const int vectors, const sb_spreading *c, const float *from, uint32_t mask,
                           const float *weights, float *const *to, ptrdiff_t at) {
    sb_vector sums[24];
#pragma unroll
    for (int i = 0; i < rows * vectors; i++) sums[i] = sb_load(to[i / vectors] + at + i % vectors * SB_WIDTH);
    const ptrdiff_t lane_floats = c->kernel_rows * c->weights_row;
    do {
        const ptrdiff_t lane = __builtin_ctz(mask);
        const sb_vector x = sb_splat(from[lane]);
        const float *w = weights + lane * lane_floats;
#pragma unroll
        for (int i = 0; i < rows * vectors; i++) {
            sums[i] = sb_fma(x, sb_load(w + i / vectors * c->weights_row + i % vectors * SB_WIDTH), sums[i]);
        }
        mask &= mask - 1;
    } while (mask != 0);
#pragma unroll
    for (int i = 0; i < rows * vectors; i++) sb_store(to[i / vectors] + at + i % vectors * SB_WIDTH, sums[i]);
}

// All kernel rows of one position, whatever their number and width.
SB_INLINE void spread_any(const sb_spreading *c, const float *from, uint32_t mask, const float *weights,
                          float *const *to, ptrdiff_t at) {
    const ptrdiff_t vectors = (c->width + SB_WIDTH - 1) / SB_WIDTH;
    for (ptrdiff_t row = 0; row < c->kernel_rows; row++, weights += c->weights_row) {
        ptrdiff_t v = 0;
        for (; v + 3 <= vectors; v += 3) {
            spread_tile(1, 3, c, from, mask, weights + v * SB_WIDTH, to + row, at + v * SB_WIDTH);
        }
        for (; v < vectors; v++) spread_tile(1, 1, c, from, mask, weights + v * SB_WIDTH, to + row, at + v * SB_WIDTH);
    }
}

// One row of the source.
SB_FUNCTION void spread_row(const sb_spreading *c, const float *from, uint32_t lanes, const float *weights,
                            float *const *to) {
    for (ptrdiff_t column = 0, at = 0; column < c->columns; column++, from += SB_LANES, at += c->stride_floats) {
        const uint32_t mask = nonzero_lanes(from) & lanes;
        if (mask != 0) spread_any(c, from, mask, weights, to, at);
    }
}

#if SB_VECTORS == 1
// The vector that begins within `low`, at the place that `places` begins with, and goes on in `high`.
#ifndef SB_SLIDE
#define SB_SLIDE slide
SB_INLINE sb_vector slide(sb_vector low, sb_vector high, sb_mask places) {
    float both[2 * SB_WIDTH];
    sb_store(both, low);
    sb_store(both + SB_WIDTH, high);
    return sb_load(both + places[0]);
}
#endif

// The same for the commonest kernels, whose sums all stay in registers: for the next positions they move on, and what
// leaves them on one side is stored, with what will be stored anew behind it, while what enters on the other is loaded.
// (Sums that are stored and loaded again for each position wait for each other in memory.) Two positions go together where
// both reach no more than the sums at hand: the second one's weights begin in the zeros before the kernel's row.
SB_INLINE void spread_sliding(const int rows, const int vectors, const sb_spreading *c, const float *from, uint32_t lanes,
                              const float *weights, float *const *to) {
    const ptrdiff_t weights_row = vectors * SB_WIDTH, lane_floats = rows * weights_row, stride = c->stride_floats;
    const ptrdiff_t together = c->width + stride <= weights_row && 2 * stride <= SB_WIDTH ? 2 : 1;
    const sb_mask places = sb_lane_numbers + (int32_t)(together * stride);
    sb_vector sums[24];
#pragma unroll
    for (int i = 0; i < rows * vectors; i++) sums[i] = sb_load(to[i / vectors] + i % vectors * SB_WIDTH);
    for (ptrdiff_t column = 0, at = 0;; from += together * SB_LANES) {
        uint32_t mask = nonzero_lanes(from) & lanes;
        if (together == 2 && column + 1 < c->columns) mask |= (nonzero_lanes(from + SB_LANES) & lanes) << SB_LANES;
        for (; mask != 0; mask &= mask - 1) {
            const ptrdiff_t lane = __builtin_ctz(mask);
            const sb_vector x = sb_splat(from[lane]);
            const float *w = weights + lane % SB_LANES * lane_floats - lane / SB_LANES * stride;
#pragma unroll
            for (int i = 0; i < rows * vectors; i++) sums[i] = sb_fma(x, sb_load(w + i * SB_WIDTH), sums[i]);
        }
        column += together;
        if (column >= c->columns) {
#pragma unroll
            for (int i = 0; i < rows * vectors; i++) sb_store(to[i / vectors] + at + i % vectors * SB_WIDTH, sums[i]);
            return;
        }
#pragma unroll
        for (int row = 0; row < rows; row++) {
            sb_vector *s = sums + row * vectors;
            sb_store(to[row] + at, s[0]);
            if (vectors == 2) s[0] = SB_SLIDE(s[0], s[1], places);
            s[vectors - 1] = SB_SLIDE(s[vectors - 1], sb_load(to[row] + at + weights_row), places);
        }
        at += together * stride;
    }
}

#define SB_SPREAD_ROW(name, rows, vectors)                                                                         \
    SB_FUNCTION void name(const sb_spreading *c, const float *from, uint32_t lanes, const float *weights,          \
                          float *const *to) {                                                                      \
        spread_sliding(rows, vectors, c, from, lanes, weights, to);                                                \
    }
SB_SPREAD_ROW(spread_row_3, 3, 1)
SB_SPREAD_ROW(spread_row_5, 5, 1)
SB_SPREAD_ROW(spread_row_7, 7, 2)
#endif

typedef void (*spread_function)(const sb_spreading *, const float *, uint32_t, const float *, float *const *);

SB_FUNCTION spread_function find_spread(const sb_spreading *c) {
#if SB_VECTORS == 1
    if (c->stride_floats > SB_WIDTH || c->columns < 1) return spread_row;
    if (c->kernel_rows == 3 && c->width <= 16) return spread_row_3;
    if (c->kernel_rows == 5 && c->width <= 16) return spread_row_5;
    if (c->kernel_rows == 7 && c->width > 16 && c->width <= 32) return spread_row_7;
#else
    (void)c;
#endif
    return spread_row;
}

// Adds a row of the ring to its total, if it is wanted, and clears it.
SB_FUNCTION void finish_row(const sb_spreading *c, ptrdiff_t row, ptrdiff_t ring, ptrdiff_t first, ptrdiff_t end) {
    float *sums = c->room + row % ring * c->room_row;
    if (row >= first && row < end) {
        float *total = c->destination + (row - c->first_row) * c->destination_row;
        const float *from = sums + c->first_float;
        for (ptrdiff_t i = 0; i < c->floats; i++) total[i] = from[i] + total[i];
    }
    for (ptrdiff_t i = 0; i < c->room_row; i++) sums[i] = 0;
}

// The most rows of a kernel.
#define SB_SPREAD_ROWS 64

SB_FUNCTION void spread(const sb_spreading *c, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t ring = (c->kernel_rows - 1) * c->dilation_y + 1;
    const ptrdiff_t before = first - ring + 1, start = before <= 0 ? 0 : (before + c->stride_y - 1) / c->stride_y;
    const ptrdiff_t stop = (end - 1) / c->stride_y + 1 < c->rows ? (end - 1) / c->stride_y + 1 : c->rows;
    const spread_function spread_one = find_spread(c);
    for (ptrdiff_t row = first; row < end; row++) {
        memset(c->destination + (row - c->first_row) * c->destination_row, 0, (size_t)c->floats * sizeof(float));
    }
    memset(c->room, 0, (size_t)(ring * c->room_row) * sizeof(float));
    const ptrdiff_t block_floats = SB_LANES * c->kernel_rows * c->weights_row;
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        const uint32_t lanes = block == c->blocks - 1 ? (1u << c->last_lanes) - 1 : (1u << SB_LANES) - 1;
        const float *weights = c->weights + block * block_floats;
        for (ptrdiff_t row = start; row < stop; row++) {
            float *to[SB_SPREAD_ROWS];
            for (ptrdiff_t k = 0; k < c->kernel_rows; k++) {
                to[k] = c->room + (row * c->stride_y + k * c->dilation_y) % ring * c->room_row;
            }
            const float *from = c->row_values;
            if (c->source) {
                from = c->source + block * c->source_block + row * c->source_row;
            } else {
                unpool_row(c->pooled, block, c->map_row + row, c->map_column, c->columns, c->row_values);
            }
            spread_one(c, from, lanes, weights, to);
            const ptrdiff_t done = row == stop - 1 || c->stride_y > ring ? ring : c->stride_y;
            for (ptrdiff_t k = 0; k < done; k++) finish_row(c, row * c->stride_y + k, ring, first, end);
        }
    }
}
