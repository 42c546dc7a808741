// The scalar twin of the convolutions by tiles: plain loops, one number at a time, in the order of CKernelsWinograd.h.
#pragma clang fp contract(off)

#include <math.h>

#include "variants.h"

enum { INPUTS = SB_TILE_INPUTS, OUTPUTS = SB_TILE_OUTPUTS, PRODUCTS = SB_TILE_PRODUCTS };

static const float a = 0.625f, b = 1.5f, a2 = 0.390625f, b2 = 2.25f, product = 0.87890625f, sum = 2.640625f;
static const double alpha = 1 / (2 * 0.390625 * (0.390625 - 2.25)), beta = 1 / (2 * 2.25 * (2.25 - 0.390625)),
                    gamma_ = 1 / (0.390625 * 2.25);

static void transform_inputs(const float d[INPUTS], float v[INPUTS]) {
    v[0] = fmaf(product, d[0], fmaf(-sum, d[2], d[4]));
    v[1] = fmaf(a, fmaf(-b2, d[1], d[3]), fmaf(-b2, d[2], d[4]));
    v[2] = fmaf(-a, fmaf(-b2, d[1], d[3]), fmaf(-b2, d[2], d[4]));
    v[3] = fmaf(b, fmaf(-a2, d[1], d[3]), fmaf(-a2, d[2], d[4]));
    v[4] = fmaf(-b, fmaf(-a2, d[1], d[3]), fmaf(-a2, d[2], d[4]));
    v[5] = fmaf(product, d[1], fmaf(-sum, d[3], d[5]));
}

static void transform_taps(const float g[3], float u[INPUTS]) {
    u[0] = g[0];
    u[1] = fmaf(a, g[1], fmaf(a2, g[2], g[0]));
    u[2] = fmaf(-a, g[1], fmaf(a2, g[2], g[0]));
    u[3] = fmaf(b, g[1], fmaf(b2, g[2], g[0]));
    u[4] = fmaf(-b, g[1], fmaf(b2, g[2], g[0]));
    u[5] = g[2];
}

static void transform_products(const float m[INPUTS], float y[OUTPUTS]) {
    const float s = m[1] + m[2], d = m[1] - m[2], t = m[3] + m[4], w = m[3] - m[4];
    y[0] = fmaf((float)beta, t, fmaf((float)alpha, s, (float)gamma_ * m[0]));
    y[1] = fmaf((float)(1.5 * beta), w, (float)(0.625 * alpha) * d);
    y[2] = fmaf((float)(2.25 * beta), t, (float)(0.390625 * alpha) * s);
    y[3] = fmaf((float)(3.375 * beta), w, fmaf((float)(0.244140625 * alpha), d, m[5]));
}

static float *transformed(const sb_winograd *c, ptrdiff_t tile, ptrdiff_t channel, int number) {
    const ptrdiff_t at = (channel / SB_LANES * c->tile_count + tile) * PRODUCTS + number;
    return c->transformed + at * SB_LANES + channel % SB_LANES;
}

static float input(const sb_winograd *c, const sb_tile *tile, ptrdiff_t channel, int row, int column) {
    if (row < tile->first_row || row >= tile->end_row) return 0;
    if (column < tile->first_column || column >= tile->end_column) return 0;
    return c->source[tile->source + channel / SB_LANES * c->source_block + row * c->source_row +
                     column * SB_LANES + channel % SB_LANES];
}

// Transforms a tile's inputs of one channel.
static void transform_channel(const sb_winograd *c, const sb_tile *tile, ptrdiff_t channel, float to[PRODUCTS]) {
    float rows[INPUTS][INPUTS], d[INPUTS], v[INPUTS];
    for (int column = 0; column < INPUTS; column++) {
        for (int row = 0; row < INPUTS; row++) d[row] = input(c, tile, channel, row, column);
        transform_inputs(d, v);
        for (int row = 0; row < INPUTS; row++) rows[row][column] = v[row];
    }
    for (int row = 0; row < INPUTS; row++) transform_inputs(rows[row], to + row * INPUTS);
}

void sb_scalar_winograd_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t t = 0; t < c->tile_count; t++) {
        for (ptrdiff_t channel = first * SB_LANES; channel < end * SB_LANES && channel < c->channels; channel++) {
            float v[PRODUCTS];
            transform_channel(c, c->tiles + t, channel, v);
            for (int i = 0; i < PRODUCTS; i++) *transformed(c, t, channel, i) = v[i];
        }
    }
}

// The filter of one output channel from one input channel.
static void transform_filter(const sb_winograd *c, ptrdiff_t output, ptrdiff_t channel, float u[PRODUCTS]) {
    const ptrdiff_t block = channel / SB_LANES * SB_LANES, left = c->channels - block;
    const ptrdiff_t lanes = left < SB_LANES ? left : SB_LANES;
    const float *from = c->weights + output / SB_LANES * c->weights_block + block * 9 * SB_LANES;
    float rows[INPUTS][3], six[INPUTS];
    for (int column = 0; column < 3; column++) {
        float taps[3];
        for (int row = 0; row < 3; row++) {
            taps[row] = from[((row * 3 + column) * lanes + channel - block) * SB_LANES + output % SB_LANES];
        }
        transform_taps(taps, six);
        for (int row = 0; row < INPUTS; row++) rows[row][column] = six[row];
    }
    for (int row = 0; row < INPUTS; row++) transform_taps(rows[row], u + row * INPUTS);
}

// A tile's 4×4 outputs of one channel, from its sums of products, as far as they are wanted.
static void finish(const sb_winograd *c, const sb_tile *tile, ptrdiff_t output, const float m[PRODUCTS]) {
    float rows[OUTPUTS][INPUTS];
    for (int column = 0; column < INPUTS; column++) {
        float six[INPUTS], four[OUTPUTS];
        for (int row = 0; row < INPUTS; row++) six[row] = m[row * INPUTS + column];
        transform_products(six, four);
        for (int row = 0; row < OUTPUTS; row++) rows[row][column] = four[row];
    }
    for (int row = tile->first_output_row; row < tile->end_output_row; row++) {
        float four[OUTPUTS];
        transform_products(rows[row], four);
        for (int column = tile->first_output_column; column < tile->end_output_column; column++) {
            const ptrdiff_t at = row * c->destination_row + column * SB_LANES + output % SB_LANES;
            const ptrdiff_t block = output / SB_LANES;
            float y = four[column] + c->bias[output];
            if (c->addend) y = y + c->addend[tile->addend + block * c->addend_block + at];
            y = y < c->low ? c->low : y;
            c->destination[tile->destination + block * c->destination_block + at] = c->high < y ? c->high : y;
        }
    }
}

// `scratch` holds one output channel's sums of products: [tile][36].
void sb_scalar_winograd_outputs(const sb_winograd *c, float *scratch, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t output = first * SB_LANES; output < end * SB_LANES; output++) {
        for (ptrdiff_t channel = 0; channel < c->channels; channel += SB_TILE_CHAIN) {
            const ptrdiff_t left = c->channels - channel, count = left < SB_TILE_CHAIN ? left : SB_TILE_CHAIN;
            float filters[SB_TILE_CHAIN][PRODUCTS];
            for (ptrdiff_t k = 0; k < count; k++) transform_filter(c, output, channel + k, filters[k]);
            for (ptrdiff_t i = 0; i < c->tile_count * PRODUCTS; i++) {
                float chain = 0;
                for (ptrdiff_t k = 0; k < count; k++) {
                    const float v = *transformed(c, i / PRODUCTS, channel + k, (int)(i % PRODUCTS));
                    chain = fmaf(v, filters[k][i % PRODUCTS], chain);
                }
                scratch[i] = channel == 0 ? chain : chain + scratch[i];
            }
        }
        for (ptrdiff_t t = 0; t < c->tile_count; t++) finish(c, c->tiles + t, output, scratch + t * PRODUCTS);
    }
}

void sb_scalar_chain_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t t = 0; t < c->tile_count; t++) {
        for (ptrdiff_t channel = first * SB_LANES; channel < end * SB_LANES; channel++) {
            float v[PRODUCTS];
            transform_channel(c, c->tiles + t, channel, v);
            for (int i = 0; i < PRODUCTS; i++) {
                const ptrdiff_t at = (channel / SB_LANES * PRODUCTS + i) * c->tile_count + t;
                c->transformed[at * SB_LANES + channel % SB_LANES] = v[i];
            }
        }
    }
}

// [output block][channel of the chain][36][16].
void sb_scalar_chain_filters(const sb_winograd *c, ptrdiff_t channel, ptrdiff_t output, ptrdiff_t blocks, float *filters) {
    for (ptrdiff_t o = 0; o < blocks * SB_LANES; o++) {
        for (ptrdiff_t k = 0; k < SB_TILE_CHAIN && channel + k < c->channels; k++) {
            float u[PRODUCTS];
            transform_filter(c, output * SB_LANES + o, channel + k, u);
            float *to = filters + ((o / SB_LANES * SB_TILE_CHAIN + k) * PRODUCTS) * SB_LANES + o % SB_LANES;
            for (int i = 0; i < PRODUCTS; i++) to[i * SB_LANES] = u[i];
        }
    }
}

// The chain's sum of one product of a tile for one output channel, on from what it starts with.
static float chain_sum(const sb_tile_chain *chain, const float *filters, ptrdiff_t tiles, ptrdiff_t input, float sum) {
    const ptrdiff_t block = PRODUCTS * tiles * SB_LANES;
    const float *base = chain->base, *own = chain->own;
    for (ptrdiff_t k = 0; k < chain->channels; k++) {
        const bool is_own = chain->replaced >> k / SB_LANES & 1;
        sum = fmaf((is_own ? own : base)[input + k % SB_LANES],
                   filters[(chain->first_block * SB_LANES + k) * PRODUCTS * SB_LANES], sum);
        if (k % SB_LANES == SB_LANES - 1) {
            base += block;
            own += is_own ? block : 0;
        }
    }
    return sum;
}

void sb_scalar_chain_products(const float *filters, ptrdiff_t tiles, ptrdiff_t blocks, const sb_tile_chain *chains,
                              ptrdiff_t count) {
    const ptrdiff_t all = sb_chain_sums(tiles), step = all / PRODUCTS;
    for (const sb_tile_chain *chain = chains; chain < chains + count; chain++) {
        for (ptrdiff_t i = 0; i < PRODUCTS * tiles * blocks * SB_LANES; i++) {
            const ptrdiff_t lane = i % SB_LANES, b = i / SB_LANES % blocks, t = i / SB_LANES / blocks % tiles;
            const ptrdiff_t number = i / SB_LANES / blocks / tiles;
            const ptrdiff_t at = number * step + (t * SB_TILE_GROUP + b) * SB_LANES + lane;
            const float *u = filters + (b * SB_TILE_CHAIN * PRODUCTS + number) * SB_LANES + lane;
            float sum = chain_sum(chain, u, tiles, (number * tiles + t) * SB_LANES, chain->start ? chain->start[at] : 0);
            if (chain->before) sum = sum + chain->before[at];
            for (ptrdiff_t k = 0; k < chain->after_count; k++) sum = chain->after[k * all + at] + sum;
            chain->sums[at] = sum;
        }
    }
}

void sb_scalar_chain_outputs(const sb_winograd *c, const float *sums, ptrdiff_t output, ptrdiff_t blocks) {
    const ptrdiff_t step = sb_chain_sums(c->tile_count) / PRODUCTS;
    for (ptrdiff_t i = 0; i < c->tile_count * blocks * SB_LANES; i++) {
        const ptrdiff_t lane = i % SB_LANES, b = i / SB_LANES % blocks, t = i / SB_LANES / blocks;
        float m[PRODUCTS];
        for (int p = 0; p < PRODUCTS; p++) m[p] = sums[p * step + (t * SB_TILE_GROUP + b) * SB_LANES + lane];
        finish(c, c->tiles + t, (output + b) * SB_LANES + lane, m);
    }
}
