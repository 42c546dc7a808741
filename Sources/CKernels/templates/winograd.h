// Convolutions by Winograd's F(4×4, 3×3): tiles and filters are transformed, multiplied as 36 matrices, and transformed back.
// Filters are transformed while they are used, for few output blocks and input channels at a time: so what is read of them
// from memory is a quarter, and nothing is kept.
#include "winograd_transforms.h"
#include "winograd_filters.h"
#include "winograd_products.h"
#include "winograd_few.h"

// A tile's 6×6 inputs of one block, zeros where there are none.
SB_FUNCTION void copy_tile(const sb_winograd *c, const sb_tile *tile, const float *source, float *to) {
    memset(to, 0, SB_TILE_PRODUCTS * SB_LANES * sizeof(float));
    if (tile->first_column >= tile->end_column) return;
    for (ptrdiff_t row = tile->first_row; row < tile->end_row; row++) {
        memcpy(to + (row * SB_TILE_INPUTS + tile->first_column) * SB_LANES,
               source + row * c->source_row + tile->first_column * SB_LANES,
               (size_t)(tile->end_column - tile->first_column) * SB_LANES * sizeof(float));
    }
}

// Transforms one vector of a tile's channels; those of one product to the next lie `step` floats apart.
SB_INLINE void transform_tile(const float *source, ptrdiff_t row, float *to, ptrdiff_t step) {
    sb_vector d[SB_TILE_PRODUCTS], v[SB_TILE_INPUTS];
#pragma unroll
    for (int column = 0; column < SB_TILE_INPUTS; column++) {
        sb_vector inputs[SB_TILE_INPUTS];
#pragma unroll
        for (int i = 0; i < SB_TILE_INPUTS; i++) inputs[i] = sb_load(source + i * row + column * SB_LANES);
        transform_inputs(inputs, 1, d + column, SB_TILE_INPUTS);
    }
#pragma unroll
    for (int i = 0; i < SB_TILE_INPUTS; i++) {
        transform_inputs(d + i * SB_TILE_INPUTS, 1, v, 1);
#pragma unroll
        for (int j = 0; j < SB_TILE_INPUTS; j++) sb_store(to + (i * SB_TILE_INPUTS + j) * step, v[j]);
    }
}

// Transforms a block of a tile.
SB_FUNCTION void transform_block(const sb_winograd *c, const sb_tile *tile, ptrdiff_t block, float *to, ptrdiff_t step) {
    float copy[SB_TILE_PRODUCTS * SB_LANES];
    const float *source = c->source + block * c->source_block + tile->source;
    ptrdiff_t row = c->source_row;
    if (tile->first_row > 0 || tile->end_row < SB_TILE_INPUTS || tile->first_column > 0 ||
        tile->end_column < SB_TILE_INPUTS) {
        copy_tile(c, tile, source, copy);
        source = copy;
        row = SB_TILE_INPUTS * SB_LANES;
    }
    // The next tile's places are brought in to be written meanwhile.
#pragma unroll
    for (int i = 0; i < SB_TILE_PRODUCTS; i++) __builtin_prefetch(to + i * step + SB_LANES, 1);
    for (int v = 0; v < SB_VECTORS; v++) transform_tile(source + v * SB_WIDTH, row, to + v * SB_WIDTH, step);
}

SB_FUNCTION void winograd_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t tiles = c->tile_count;
    const tile_groups groups = tiles > SB_FEW ? groups_of(tiles) : (tile_groups){tiles, 1, 0};
    for (ptrdiff_t block = first; block < end; block++) {
        float *to = c->transformed + block * c->tile_count * SB_TILE_STEP;
        const sb_tile *tile = c->tiles;
        for (ptrdiff_t i = 0; i < groups.number; i++) {
            const ptrdiff_t size = groups.size + (i < groups.larger);
            for (ptrdiff_t t = 0; t < size; t++, tile++) transform_block(c, tile, block, to + t * SB_LANES, size * SB_LANES);
            to += size * SB_TILE_STEP;
        }
    }
}

// Transforms the sums of products of one vector of a tile's channels back; those of one product to the next lie `step`
// floats apart.
SB_INLINE void transform_back(const float *sums, ptrdiff_t step, sb_vector *y) {
    sb_vector z[SB_TILE_OUTPUTS * SB_TILE_INPUTS];
#pragma unroll
    for (int column = 0; column < SB_TILE_INPUTS; column++) {
        sb_vector m[SB_TILE_INPUTS];
#pragma unroll
        for (int i = 0; i < SB_TILE_INPUTS; i++) m[i] = sb_load(sums + (i * SB_TILE_INPUTS + column) * step);
        transform_products(m, 1, z + column, SB_TILE_INPUTS);
    }
#pragma unroll
    for (int row = 0; row < SB_TILE_OUTPUTS; row++) {
        transform_products(z + row * SB_TILE_INPUTS, 1, y + row * SB_TILE_OUTPUTS, 1);
    }
}

// Transforms the sums of products of one block of a tile's channels back and writes what is wanted of it.
SB_FUNCTION void finish_tile(const sb_winograd *c, const sb_tile *tile, ptrdiff_t output, const float *sums,
                             ptrdiff_t step) {
    const sb_vector low = sb_splat(c->low), high = sb_splat(c->high);
    for (ptrdiff_t part = 0; part < SB_LANES; part += SB_WIDTH) {
        sb_vector y[SB_TILE_OUTPUTS * SB_TILE_OUTPUTS];
        transform_back(sums + part, step, y);
        const sb_vector bias = sb_load(c->bias + output * SB_LANES + part);
        const float *addend = c->addend ? c->addend + tile->addend + output * c->addend_block + part : 0;
        float *destination = c->destination + tile->destination + output * c->destination_block + part;
#pragma unroll
        for (int i = 0; i < SB_TILE_OUTPUTS * SB_TILE_OUTPUTS; i++) {
            const int row = i / SB_TILE_OUTPUTS, column = i % SB_TILE_OUTPUTS;
            if (row < tile->first_output_row || row >= tile->end_output_row) continue;
            if (column < tile->first_output_column || column >= tile->end_output_column) continue;
            const ptrdiff_t at = row * c->destination_row + column * SB_LANES;
            sb_vector total = y[i] + bias;
            if (addend) total = total + sb_load(addend + at);
            sb_store(destination + at, sb_limit(total, low, high));
        }
    }
}

// The sums of products of one output block.
SB_FUNCTION void multiply_few_tiles(const sb_winograd *c, ptrdiff_t output, float *sums, ptrdiff_t step) {
    for (ptrdiff_t channel = 0; channel < c->channels; channel += SB_TILE_CHAIN) {
        const ptrdiff_t left = c->channels - channel, count = left < SB_TILE_CHAIN ? left : SB_TILE_CHAIN;
        const float *filters = c->weights + output * c->weights_block + channel * 9 * SB_LANES;
        const float *source = c->transformed + channel * c->tile_count * SB_TILE_PRODUCTS;
        multiply_few(&(few_chain){c, filters, source, count, sums, step, channel == 0});
    }
}

// Those of some output blocks: by chains, of these by rows of products.
SB_FUNCTION void multiply_many_tiles(const sb_winograd *c, ptrdiff_t output, ptrdiff_t blocks, float *filters,
                                     float *sums, ptrdiff_t step) {
    const ptrdiff_t tiles = c->tile_count, blocks_apart = tiles * SB_TILE_STEP;
    const tile_groups groups = groups_of(tiles);
    for (ptrdiff_t channel = 0; channel < c->channels; channel += SB_TILE_CHAIN) {
        const ptrdiff_t left = c->channels - channel, count = left < SB_TILE_CHAIN ? left : SB_TILE_CHAIN;
        const float *inputs = c->transformed + channel / SB_LANES * blocks_apart;
        const filter_chain these = {output, blocks, channel, count};
        const float *weights = left > count ? c->weights + output * c->weights_block + (channel + count) * 9 * SB_LANES
                                            : c->weights + (output + blocks) * c->weights_block;
        for (ptrdiff_t i = 0; i < SB_TILE_PRODUCTS; i++) {
            const ptrdiff_t row = i / SB_TILE_INPUTS, column = i % SB_TILE_INPUTS;
            if (column == 0) filter_functions[row](c, &these, filters);
            const product_chain chain = {.source_block = blocks_apart, .filters = filters + column * SB_FILTER_STEP,
                                         .count = count, .sums = sums + i * step, .is_first = channel == 0};
            // Behind the last product come those of the next chain, whose first lies there.
            const float *next = i + 1 < SB_TILE_PRODUCTS ? inputs + (i + 1) * size_of(&groups, 0) * SB_LANES
                              : left > count             ? inputs + count / SB_LANES * blocks_apart
                                                         : c->transformed;
            const weights_ahead ahead = {weights + i * SB_LINES_AHEAD * SB_LANES, c->weights_block};
            multiply(chain, inputs, i, tiles, blocks, next, ahead);
        }
    }
}

SB_FUNCTION void winograd_outputs(const sb_winograd *c, float *scratch, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t step = c->tile_count * SB_TILE_GROUP * SB_LANES + SB_TILE_GAP;
    float *sums = scratch + SB_TILE_GROUP * SB_FILTER_OUTPUT;
    for (ptrdiff_t output = first; output < end; output += SB_TILE_GROUP) {
        const ptrdiff_t blocks = end - output < SB_TILE_GROUP ? end - output : SB_TILE_GROUP;
        if (c->tile_count <= SB_FEW) {
            for (ptrdiff_t b = 0; b < blocks; b++) multiply_few_tiles(c, output + b, sums + b * SB_LANES, step);
        } else {
            multiply_many_tiles(c, output, blocks, scratch, sums, step);
        }
        for (ptrdiff_t t = 0; t < c->tile_count; t++) {
            for (ptrdiff_t b = 0; b < blocks; b++) {
                finish_tile(c, c->tiles + t, output + b, sums + (t * SB_TILE_GROUP + b) * SB_LANES, step);
            }
        }
    }
}
