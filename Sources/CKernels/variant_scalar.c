// The scalar twins: plain loops that define what every variant must give, bit for bit.
//
// fmaf is a library call on a processor that lacks the instruction: slow, but rounded once, as the standard asks.
#pragma clang fp contract(off)

#include <math.h>

#include "variants.h"

static float clip(float value, float low, float high) {
    value = value < low ? low : value;
    return high < value ? high : value;
}

// The 16 outputs of one block at one pixel.
static void convolve_pixel(const sb_convolution *c, const float *source, const float *weights, const float *bias,
                           const float *addend, float *destination) {
    float totals[SB_LANES];
    for (int o = 0; o < SB_LANES; o++) totals[o] = c->continues ? addend[o] : bias[o];
    for (ptrdiff_t block = 0; block < c->blocks; block++) {
        const ptrdiff_t first = block == 0 ? c->first_lane : 0;
        const ptrdiff_t end = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
        float sums[SB_LANES] = {0};
        for (ptrdiff_t y = 0; y < c->kernel_rows; y++) {
            for (ptrdiff_t x = 0; x < c->kernel_columns; x++) {
                const float *tap = source + block * c->source_block + y * c->tap_row + x * c->tap_column;
                for (ptrdiff_t lane = first; lane < end; lane++, weights += SB_LANES) {
                    for (int o = 0; o < SB_LANES; o++) sums[o] = fmaf(tap[lane], weights[o], sums[o]);
                }
            }
        }
        for (int o = 0; o < SB_LANES; o++) totals[o] = sums[o] + totals[o];
    }
    for (int o = 0; o < SB_LANES; o++) {
        const float total = addend && !c->continues ? totals[o] + addend[o] : totals[o];
        destination[o] = c->is_narrow && o >= SB_LANES / 2 ? 0 : clip(total, c->low, c->high);
    }
}

static void convolve(const sb_convolution *c, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_block,
                     ptrdiff_t end_block) {
    const sb_rectangle *r = c->rectangles;
    for (ptrdiff_t pixel = first, before = 0; pixel < end; pixel++) {
        for (; pixel - before >= r->rows * r->columns; r++) before += r->rows * r->columns;
        const ptrdiff_t row = (pixel - before) / r->columns, column = (pixel - before) % r->columns;
        const ptrdiff_t within = row * c->destination_row + column * c->destination_column;
        const float *source = c->source + r->source + row * c->source_row + column * c->source_column;
        for (ptrdiff_t output = first_block; output < end_block; output++) {
            const float *addend = c->addend;
            if (addend) addend += r->addend + output * c->addend_block + within;
            convolve_pixel(c, source, c->weights + output * c->weights_block, c->bias + output * SB_LANES, addend,
                           c->destination + r->destination + output * c->destination_block + within);
        }
    }
}

static void depthwise(const sb_depthwise *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t row = first; row < end; row++) {
        for (ptrdiff_t column = 0; column < c->columns; column++) {
            const float *source = c->source + row * c->source_row + column * c->source_column;
            const ptrdiff_t at = row * c->destination_row + column * c->destination_column;
            for (int lane = 0; lane < SB_LANES; lane++) {
                const float *weights = c->weights + lane;
                float sum = 0;
                for (ptrdiff_t y = 0; y < c->kernel_rows; y++) {
                    for (ptrdiff_t x = 0; x < c->kernel_columns; x++, weights += SB_LANES) {
                        sum = fmaf(source[y * c->tap_row + x * c->tap_column + lane], *weights, sum);
                    }
                }
                float total = sum + c->bias[lane];
                if (c->addend) total = total + c->addend[at + lane];
                c->destination[at + lane] = clip(total, c->low, c->high);
            }
        }
    }
}

// The greatest value of a window in one lane; its position; NaN if the window holds one.
static float maximum(const sb_pooling *p, ptrdiff_t top, ptrdiff_t left, int lane, ptrdiff_t *position) {
    float best = 0;
    bool met = false;
    *position = -1;
    for (ptrdiff_t i = 0; i < p->kernel_rows; i++) {
        for (ptrdiff_t j = 0; j < p->kernel_columns; j++) {
            const ptrdiff_t y = top + i * p->dilation_y, x = left + j * p->dilation_x;
            if (y < 0 || y >= p->height || x < 0 || x >= p->width) continue;
            const float value = p->source[(y * p->source_row + x) * SB_LANES + lane];
            met |= value != value;
            if (*position >= 0 && !(value > best)) continue;
            best = value;
            *position = y * p->source_row + x;
        }
    }
    return met ? __builtin_nanf("") : best;
}

static bool max_pool(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    bool met = false;
    for (ptrdiff_t row = first; row < end; row++) {
        for (ptrdiff_t column = 0; column < p->columns; column++) {
            for (int lane = 0; lane < SB_LANES; lane++) {
                const ptrdiff_t at = (row * p->destination_row + column) * SB_LANES + lane;
                ptrdiff_t position;
                const float value =
                    maximum(p, row * p->stride_y - p->pad_top, column * p->stride_x - p->pad_left, lane, &position);
                met |= value != value;
                p->destination[at] = value;
                if (p->switches) p->switches[at] = (int32_t)position;
            }
        }
    }
    return met;
}

static void add_parts(const float *parts, ptrdiff_t step, ptrdiff_t number, float *destination, ptrdiff_t count,
                      float low, float high) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float total = destination[i];
        for (ptrdiff_t part = 0; part < number; part++) total = total + parts[part * step + i];
        destination[i] = clip(total, low, high);
    }
}

const sb_kernels sb_scalar_kernels = {1, 1, convolve, depthwise, max_pool, sb_scalar_convolve_sparse,
                                      sb_scalar_spread, add_parts, sb_scalar_winograd_inputs, sb_scalar_winograd_outputs,
                                      sb_scalar_chain_inputs, sb_scalar_chain_filters, sb_scalar_chain_products,
                                      sb_scalar_chain_outputs, sb_normalize};
