// Convolutions of signals most of which are zero, one pixel at a time: what is left of a pixel's steps is gathered in a
// list, and each step is a few neighbouring loads of weights, one multiply-add each.
//
// Within a block of 16 channels all pixels are computed before the next block, and all of them for a few output blocks
// before the next, so that these weights stay in the first-level cache. The totals wait in the destination.
//
// No bit changes where the weights are finite, for the reasons given in convolution_sparse.h: there is no bias.

// The values of a position that are not zero, and their lanes, at the beginning of 16 places; returns how many there are.
// A variant may know a way of its own.
#ifndef SB_COMPACT
#define SB_COMPACT compact
SB_INLINE ptrdiff_t compact(const float *from, ptrdiff_t lanes, float *values, uint16_t *numbers) {
    ptrdiff_t count = 0;
    for (ptrdiff_t lane = 0; lane < lanes; lane++) {
        values[count] = from[lane];
        numbers[count] = (uint16_t)lane;
        count += from[lane] != 0;
    }
    return count;
}
#endif

// The values of each position that are not zero, and their lanes, at the beginning of its 16 places. Returns how many
// there are of all.
SB_FUNCTION ptrdiff_t gather_positions(const sb_sparse_convolution *c, ptrdiff_t block) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    float *values = c->position_values;
    uint16_t *numbers = c->position_lanes, *counts = c->position_counts;
    ptrdiff_t all = 0;
    for (ptrdiff_t i = 0; i < c->count; i++) {
        const sb_patch *patch = c->patches + i;
        for (ptrdiff_t row = 0; row < patch->source_rows; row++) {
            const float *from = c->source + patch->source + block * c->source_block + row * c->source_row;
            for (ptrdiff_t column = 0; column < patch->source_columns; column++, from += SB_LANES) {
                const ptrdiff_t count = SB_COMPACT(from, lanes, values, numbers);
                *counts++ = (uint16_t)count;
                all += count;
                values += SB_LANES;
                numbers += SB_LANES;
            }
        }
    }
    return all;
}

// A tap's values and steps, 16 of each, of which those of the tap count.
SB_INLINE void append_steps(const float *values, const uint16_t *lanes, uint16_t first, float *to, uint16_t *steps) {
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) sb_store(to + v * SB_WIDTH, sb_load(values + v * SB_WIDTH));
    typedef uint16_t numbers __attribute__((ext_vector_type(SB_LANES), aligned(2)));
    *(numbers *)steps = *(const numbers *)lanes + first;
}

// The taps along one axis that read a position within the source: those numbered first ..< end.
SB_INLINE tap_range taps_inside(ptrdiff_t start, ptrdiff_t taps, ptrdiff_t step, ptrdiff_t size) {
    tap_range range = {start < 0 ? (-start + step - 1) / step : 0, taps};
    if (start + (taps - 1) * step >= size) range.end = size - start <= 0 ? 0 : (size - start - 1) / step + 1;
    return range;
}

// Each pixel's list, in the order of its steps. Fills in where the lists begin, in the even places of `pixels`.
SB_FUNCTION void gather_steps(const sb_sparse_convolution *c, ptrdiff_t block) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    ptrdiff_t *pixel = c->pixels, length = 0, before = 0;
    for (ptrdiff_t i = 0; i < c->count; i++) {
        const sb_patch *patch = c->patches + i;
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            const tap_range rows = taps_inside(row + patch->top, c->kernel_rows, c->tap_row, patch->source_rows);
            for (ptrdiff_t column = 0; column < patch->columns; column++, pixel += 2) {
                const ptrdiff_t left = column + patch->left;
                const tap_range columns = taps_inside(left, c->kernel_columns, c->tap_column, patch->source_columns);
                *pixel = length;
                for (ptrdiff_t y = rows.first; y < rows.end; y++) {
                    ptrdiff_t at = before + (row + patch->top + y * c->tap_row) * patch->source_columns + left;
                    at += columns.first * c->tap_column;
                    for (ptrdiff_t x = columns.first; x < columns.end; x++, at += c->tap_column) {
                        append_steps(c->position_values + at * SB_LANES, c->position_lanes + at * SB_LANES,
                                     (uint16_t)((y * c->kernel_columns + x) * lanes), c->pixel_values + length,
                                     c->pixel_steps + length);
                        length += c->position_counts[at];
                    }
                }
            }
        }
        before += patch->source_rows * patch->source_columns;
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

// One block's chains of a few output blocks of all pixels, added to the totals.
SB_INLINE void gathered_outputs(const int outputs, const sb_sparse_convolution *c, ptrdiff_t pixels,
                                const float *weights, float *destination) {
    for (const ptrdiff_t *pixel = c->pixels, *last = pixel + pixels * 2; pixel < last; pixel += 2) {
        ptrdiff_t step = pixel[0];
        const ptrdiff_t end = pixel[2];
        if (step == end) continue;
        sb_vector sums[SB_SPARSE_OUTPUTS * SB_VECTORS];
#pragma unroll
        for (int i = 0; i < outputs * SB_VECTORS; i++) sums[i] = sb_splat(0);
        for (; step < end; step++) {
            const sb_vector x = sb_splat(c->pixel_values[step]);
            const float *w = weights + (ptrdiff_t)c->pixel_steps[step] * SB_LANES;
#pragma unroll
            for (int i = 0; i < outputs * SB_VECTORS; i++) {
                sums[i] = sb_fma(x, sb_load(w + i / SB_VECTORS * c->weights_block + i % SB_VECTORS * SB_WIDTH), sums[i]);
            }
        }
        float *to = destination + pixel[1];
#pragma unroll
        for (int i = 0; i < outputs * SB_VECTORS; i++) {
            float *total = to + i / SB_VECTORS * c->destination_block + i % SB_VECTORS * SB_WIDTH;
            sb_store(total, sums[i] + sb_load(total));
        }
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
