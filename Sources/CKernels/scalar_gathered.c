// The plain loops that the sparse convolutions are held to.
#pragma clang fp contract(off)

#include <math.h>

#include "variants.h"

// The first of the windows along one axis that span a position, and the end of them.
static ptrdiff_t first_over(ptrdiff_t position, ptrdiff_t span, ptrdiff_t stride) {
    return position < span ? 0 : (position - span) / stride + 1;
}

static ptrdiff_t end_over(ptrdiff_t position, ptrdiff_t stride, ptrdiff_t windows) {
    const ptrdiff_t end = position < 0 ? 0 : position / stride + 1;
    return end < windows ? end : windows;
}

// 16 values at a position of a map that is to be unpooled.
static void unpool_position(const sb_pooled *p, ptrdiff_t block, ptrdiff_t row, ptrdiff_t column, float *to) {
    for (int lane = 0; lane < SB_LANES; lane++) to[lane] = 0;
    const ptrdiff_t bottom = end_over(row - p->top, p->stride_y, p->rows);
    for (ptrdiff_t y = first_over(row - p->top, p->span_y, p->stride_y); y < bottom; y++) {
        const ptrdiff_t end = end_over(column - p->left, p->stride_x, p->columns);
        for (ptrdiff_t x = first_over(column - p->left, p->span_x, p->stride_x); x < end; x++) {
            const float *values = p->values + block * p->values_block + y * p->values_row + x * SB_LANES;
            const int32_t *switches = p->switches + block * p->switches_block + y * p->switches_row + x * SB_LANES;
            for (int lane = 0; lane < SB_LANES; lane++) {
                if (switches[lane] == row * p->width + column) to[lane] += values[lane];
            }
        }
    }
    for (int lane = 0; lane < SB_LANES && p->rectified; lane++) to[lane] = to[lane] < 0 ? 0 : to[lane];
}

// One output block at one pixel: all taps, zeros included; outside of the patch there are zeros, which are left out.
static void convolve_pixel(const sb_sparse_convolution *c, const sb_patch *patch, ptrdiff_t row, ptrdiff_t column,
                           const float *weights, float *destination) {
    float totals[SB_LANES] = {0};
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
        float sums[SB_LANES] = {0};
        for (ptrdiff_t y = 0; y < c->kernel_rows; y++) {
            for (ptrdiff_t x = 0; x < c->kernel_columns; x++, weights += lanes * SB_LANES) {
                const ptrdiff_t i = patch->top + row + y * c->tap_row, j = patch->left + column + x * c->tap_column;
                if (i < 0 || i >= patch->source_rows || j < 0 || j >= patch->source_columns) continue;
                float unpooled[SB_LANES];
                const float *from = unpooled;
                if (c->source) {
                    from = c->source + patch->source + block * c->source_block + i * c->source_row + j * SB_LANES;
                } else {
                    unpool_position(c->pooled + patch->pooled, c->first_block + block, patch->map_row + i,
                                    patch->map_column + j, unpooled);
                }
                for (ptrdiff_t lane = 0; lane < lanes; lane++) {
                    for (int o = 0; o < SB_LANES; o++) sums[o] = fmaf(from[lane], weights[lane * SB_LANES + o], sums[o]);
                }
            }
        }
        for (int o = 0; o < SB_LANES; o++) totals[o] = sums[o] + totals[o];
    }
    for (int o = 0; o < SB_LANES; o++) destination[o] = totals[o] < c->low ? c->low : totals[o];
}

static void convolve_patches(const sb_sparse_convolution *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t i = 0; i < c->count; i++) {
        const sb_patch *patch = c->patches + i;
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            for (ptrdiff_t column = 0; column < patch->columns; column++) {
                const ptrdiff_t within = row * c->destination_row + column * c->destination_column;
                for (ptrdiff_t output = first; output < end; output++) {
                    convolve_pixel(c, patch, row, column, c->weights + output * c->weights_block,
                                   c->destination + patch->destination + output * c->destination_block + within);
                }
            }
        }
    }
}

void sb_scalar_convolve_sparse(const sb_sparse_convolution *c, ptrdiff_t convolutions, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t i = 0; i < convolutions; i++) convolve_patches(c + i, first, end);
}

ptrdiff_t sb_count_nonzero(const float *values, ptrdiff_t pixels) {
    int32_t counts[SB_LANES] = {0};
    for (ptrdiff_t p = 0; p < pixels; p++, values += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) counts[lane] += values[lane] != 0;
    }
    ptrdiff_t all = 0;
    for (int lane = 0; lane < SB_LANES; lane++) all += counts[lane];
    return all;
}

ptrdiff_t sb_count_positive(const float *values, ptrdiff_t pixels) {
    int32_t counts[SB_LANES] = {0};
    for (ptrdiff_t p = 0; p < pixels; p++, values += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) counts[lane] += values[lane] > 0;
    }
    ptrdiff_t all = 0;
    for (int lane = 0; lane < SB_LANES; lane++) all += counts[lane];
    return all;
}

// What one position of one block gives to an output row, in the ring's place of it.
static void spread_position(const sb_spreading *c, const float *from, const float *weights, ptrdiff_t lanes, float *to) {
    for (ptrdiff_t lane = 0; lane < lanes; lane++, weights += c->kernel_rows * c->weights_row) {
        for (ptrdiff_t i = 0; i < c->width; i++) to[i] = fmaf(from[lane], weights[i], to[i]);
    }
}

void sb_scalar_spread(const sb_spreading *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t out = first; out < end; out++) {
        float *totals = c->destination + (out - c->first_row) * c->destination_row;
        for (ptrdiff_t i = 0; i < c->floats; i++) totals[i] = 0;
        for (ptrdiff_t block = 0; block < c->blocks; block++) {
            const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
            float *sums = c->room;
            for (ptrdiff_t i = 0; i < c->room_row; i++) sums[i] = 0;
            for (ptrdiff_t row = 0; row < c->rows; row++) {
                const ptrdiff_t reach = out - row * c->stride_y, k = reach / c->dilation_y;
                if (reach < 0 || reach % c->dilation_y != 0 || k >= c->kernel_rows) continue;
                const float *weights = c->weights + (block * SB_LANES * c->kernel_rows + k) * c->weights_row;
                for (ptrdiff_t column = 0; column < c->columns; column++) {
                    float unpooled[SB_LANES];
                    const float *from = unpooled;
                    if (c->source) {
                        from = c->source + block * c->source_block + row * c->source_row + column * SB_LANES;
                    } else {
                        unpool_position(c->pooled, block, c->map_row + row, c->map_column + column, unpooled);
                    }
                    spread_position(c, from, weights, lanes, sums + column * c->stride_floats);
                }
            }
            for (ptrdiff_t i = 0; i < c->floats; i++) totals[i] = sums[c->first_float + i] + totals[i];
        }
    }
}
