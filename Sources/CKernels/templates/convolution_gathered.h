// Convolutions of signals most of which are zero, one pixel at a time: what is left of a pixel's steps is gathered in a
// list, and each step is a few neighbouring loads of weights, one multiply-add each.
//
// Within a block of 16 channels all pixels are computed before the next block, and all of them for a few output blocks
// before the next, so that these weights stay in the first-level cache. The totals wait in the destination.
//
// No bit changes where the weights are finite, for the reasons given in convolution_sparse.h: there is no bias.

// The values of a position that are not zero, side by side, and their lanes, of which the first has the number `first`, in
// 16 places, of which those behind the values get whatever there is; returns how many values there are. A variant may know a
// way of its own.
#ifndef SB_COMPACT
#define SB_COMPACT compact
SB_INLINE ptrdiff_t compact(const float *from, ptrdiff_t lanes, uint16_t first, float *values, uint16_t *numbers) {
    ptrdiff_t count = 0;
    for (ptrdiff_t lane = 0; lane < lanes; lane++) {
        values[count] = from[lane];
        numbers[count] = (uint16_t)(first + lane);
        count += from[lane] != 0;
    }
    return count;
}
#endif

// The values that are not zero, position by position, each with its number in its row: column · lanes + lane, of which the
// last 16 bits count. Fills in where each position's begin. Returns how many there are of all.
SB_FUNCTION ptrdiff_t gather_positions(const sb_sparse_convolution *c, ptrdiff_t block) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    float *const values = c->position_values;
    uint16_t *const numbers = c->position_numbers;
    int32_t *start = c->position_starts;
    ptrdiff_t length = 0;
    for (const sb_patch *patch = c->patches, *last = patch + c->count; patch < last; patch++) {
        for (ptrdiff_t row = 0; row < patch->source_rows; row++) {
            const float *from = c->row_values;
            if (c->source) {
                from = c->source + patch->source + block * c->source_block + row * c->source_row;
            } else {
                unpool_row(c->pooled + patch->pooled, c->first_block + block, patch->map_row + row, patch->map_column,
                           patch->source_columns, c->row_values);
            }
            ptrdiff_t number = 0;
            for (const ptrdiff_t end = patch->source_columns * lanes; number < end; number += lanes, from += SB_LANES) {
                *start++ = (int32_t)length;
                length += SB_COMPACT(from, lanes, (uint16_t)number, values + length, numbers + length);
            }
        }
    }
    *start = (int32_t)length;
    return length;
}

// Some neighbouring positions' values and their steps, which are numbered `first` more than in the row; 16 at a time, of
// which the last few may not count.
SB_INLINE void append_steps(const float *values, const uint16_t *numbers, ptrdiff_t count, uint16_t first, float *to,
                            uint16_t *steps) {
    typedef uint16_t sixteen __attribute__((ext_vector_type(SB_LANES), aligned(2)));
    ptrdiff_t i = 0;
    do {
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) sb_store(to + i + v * SB_WIDTH, sb_load(values + i + v * SB_WIDTH));
        *(sixteen *)(steps + i) = *(const sixteen *)(numbers + i) + first;
        i += SB_LANES;
    } while (i < count);
}

// The taps along one axis that read a position within the source: those numbered first ..< end.
SB_INLINE tap_range taps_inside(ptrdiff_t start, ptrdiff_t taps, ptrdiff_t step, ptrdiff_t size) {
    if (step == 1) {
        const tap_range range = {start < 0 ? -start : 0, size - start < taps ? size - start : taps};
        return range;
    }
    tap_range range = {start < 0 ? (-start + step - 1) / step : 0, taps};
    if (start + (taps - 1) * step >= size) range.end = size - start <= 0 ? 0 : (size - start - 1) / step + 1;
    return range;
}

// The steps of one pixel of a patch whose positions' lists begin at `starts`, behind the `length` steps of those before;
// returns how many there are then. The taps of a kernel row that read neighbours are one piece of the row's list.
SB_INLINE ptrdiff_t gather_pixel(const sb_sparse_convolution *c, const sb_patch *patch, ptrdiff_t lanes,
                                 const int32_t *starts, tap_range rows, ptrdiff_t top, ptrdiff_t left, ptrdiff_t length) {
    const float *const values = c->position_values;
    const uint16_t *const numbers = c->position_numbers;
    float *const to = c->pixel_values;
    uint16_t *const steps = c->pixel_steps;
    const ptrdiff_t across = c->kernel_columns, step = c->tap_column;
    const tap_range columns = taps_inside(left, across, step, patch->source_columns);
    if (columns.first >= columns.end) return length;
    const ptrdiff_t each = step == 1 ? columns.end - columns.first : 1;
    for (ptrdiff_t y = rows.first; y < rows.end; y++) {
        const int32_t *row = starts + (top + y * c->tap_row) * patch->source_columns;
        for (ptrdiff_t x = columns.first; x < columns.end; x += each) {
            const ptrdiff_t column = left + x * step, begin = row[column], end = row[column + each];
            append_steps(values + begin, numbers + begin, end - begin, (uint16_t)((y * across + x - column) * lanes),
                         to + length, steps + length);
            length += end - begin;
        }
    }
    return length;
}

// Each pixel's list, in the order of its steps. Fills in where the lists begin, in the even places of `pixels`.
SB_FUNCTION void gather_steps(const sb_sparse_convolution *c, ptrdiff_t block) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    const int32_t *starts = c->position_starts;
    ptrdiff_t *pixel = c->pixels, length = 0;
    for (const sb_patch *patch = c->patches, *last = patch + c->count; patch < last; patch++) {
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            const tap_range rows = taps_inside(row + patch->top, c->kernel_rows, c->tap_row, patch->source_rows);
            for (ptrdiff_t column = 0; column < patch->columns; column++, pixel += 2) {
                *pixel = length;
                length = gather_pixel(c, patch, lanes, starts, rows, row + patch->top, column + patch->left, length);
            }
        }
        starts += patch->source_rows * patch->source_columns;
    }
    *pixel = length;
}

// Where each pixel's outputs go, in the odd places of `pixels`; returns how many pixels there are.
SB_FUNCTION ptrdiff_t find_pixels(const sb_sparse_convolution *c) {
    ptrdiff_t *pixel = c->pixels;
    for (ptrdiff_t i = 0; i < c->count; i++) {
        const sb_patch *patch = c->patches + i;
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            for (ptrdiff_t column = 0; column < patch->columns; column++, pixel += 2) {
                pixel[1] = patch->destination + row * c->destination_row + column * c->destination_column;
            }
        }
    }
    return (pixel - c->pixels) / 2;
}

// The steps of one pixel's list for a few output blocks.
SB_INLINE void gathered_steps(const int outputs, const sb_sparse_convolution *c, ptrdiff_t step, ptrdiff_t end,
                              const float *weights, sb_vector *sums) {
    for (; step < end; step++) {
        const sb_vector x = sb_splat(c->pixel_values[step]);
        const float *w = weights + (ptrdiff_t)c->pixel_steps[step] * SB_LANES;
#pragma unroll
        for (int i = 0; i < outputs * SB_VECTORS; i++) {
            sums[i] = sb_fma(x, sb_load(w + i / SB_VECTORS * c->weights_block + i % SB_VECTORS * SB_WIDTH), sums[i]);
        }
    }
}

SB_INLINE void gathered_total(const int outputs, const sb_sparse_convolution *c, const sb_vector *sums, float *to) {
#pragma unroll
    for (int i = 0; i < outputs * SB_VECTORS; i++) {
        float *total = to + i / SB_VECTORS * c->destination_block + i % SB_VECTORS * SB_WIDTH;
        sb_store(total, sums[i] + sb_load(total));
    }
}

// One block's chains of a few output blocks of all pixels, added to the totals. Where there are registers enough two pixels
// go together: the multiply-adds of one chain wait for each other.
SB_INLINE void gathered_outputs(const int outputs, const sb_sparse_convolution *c, ptrdiff_t pixels,
                                const float *weights, float *destination) {
    const int most = SB_WIDTH == 8 ? 12 : 24, vectors = outputs * SB_VECTORS, together = 2 * vectors <= most ? 2 : 1;
    const ptrdiff_t *pixel = c->pixels, *const last = pixel + pixels * 2;
    for (; pixel + 2 * together <= last; pixel += 2 * together) {
        sb_vector sums[2 * SB_SPARSE_OUTPUTS * SB_VECTORS];
#pragma unroll
        for (int i = 0; i < together * vectors; i++) sums[i] = sb_splat(0);
        ptrdiff_t step = pixel[0], next = pixel[2];
        const ptrdiff_t end = next, end_next = pixel[2 * together];
        if (together == 2) {
            if (step == end_next) continue;
            const ptrdiff_t both = end - step < end_next - next ? end - step : end_next - next;
            for (const ptrdiff_t until = step + both; step < until; step++, next++) {
                gathered_steps(outputs, c, step, step + 1, weights, sums);
                gathered_steps(outputs, c, next, next + 1, weights, sums + vectors);
            }
            gathered_steps(outputs, c, next, end_next, weights, sums + vectors);
            gathered_total(outputs, c, sums + vectors, destination + pixel[3]);
        }
        gathered_steps(outputs, c, step, end, weights, sums);
        gathered_total(outputs, c, sums, destination + pixel[1]);
    }
    for (; pixel < last; pixel += 2) {
        sb_vector sums[SB_SPARSE_OUTPUTS * SB_VECTORS];
#pragma unroll
        for (int i = 0; i < vectors; i++) sums[i] = sb_splat(0);
        gathered_steps(outputs, c, pixel[0], pixel[2], weights, sums);
        gathered_total(outputs, c, sums, destination + pixel[1]);
    }
}

typedef void (*gathered_function)(const sb_sparse_convolution *, ptrdiff_t, const float *, float *);
#define SB_GATHERED(outputs)                                                                                         \
    SB_FUNCTION void gathered_##outputs(const sb_sparse_convolution *c, ptrdiff_t pixels, const float *weights,      \
                                        float *destination) {                                                        \
        gathered_outputs(outputs, c, pixels, weights, destination);                                                  \
    }
SB_GATHERED(1) SB_GATHERED(2) SB_GATHERED(3) SB_GATHERED(4) SB_GATHERED(5) SB_GATHERED(6)
static const gathered_function gathered[SB_SPARSE_OUTPUTS + 1] = {
    0, gathered_1, gathered_2, gathered_3, gathered_4, gathered_5, gathered_6};

// Sets the outputs to 0, or clips them.
SB_FUNCTION void gathered_clear(const sb_sparse_convolution *c, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t output = first; output < end; output++) {
        float *destination = c->destination + output * c->destination_block;
        for (ptrdiff_t p = 0; p < pixels; p++) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) sb_store(destination + c->pixels[2 * p + 1] + v * SB_WIDTH, sb_splat(0));
        }
    }
}

SB_FUNCTION void gathered_clip(const sb_sparse_convolution *c, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t end) {
    const sb_vector low = sb_splat(c->low), high = sb_splat(__builtin_inff());
    for (ptrdiff_t output = first; output < end; output++) {
        float *destination = c->destination + output * c->destination_block;
        for (ptrdiff_t p = 0; p < pixels; p++) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) {
                float *at = destination + c->pixels[2 * p + 1] + v * SB_WIDTH;
                sb_store(at, sb_limit(sb_load(at), low, high));
            }
        }
    }
}

SB_FUNCTION void convolve_gathered(const sb_sparse_convolution *c, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t pixels = find_pixels(c), taps = c->kernel_rows * c->kernel_columns;
    gathered_clear(c, pixels, first, end);
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        if (gather_positions(c, block) == 0) continue;
        gather_steps(c, block);
        const float *weights = c->weights + block * taps * SB_LANES * SB_LANES;
        for (ptrdiff_t output = first; output < end;) {
            const ptrdiff_t left = end - output, rounds = (left + c->outputs - 1) / c->outputs;
            const ptrdiff_t outputs = (left + rounds - 1) / rounds;
            gathered[outputs](c, pixels, weights + output * c->weights_block,
                              c->destination + output * c->destination_block);
            output += outputs;
        }
    }
    if (c->low == 0) gathered_clip(c, pixels, first, end);
}
