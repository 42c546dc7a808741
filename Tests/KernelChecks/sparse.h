// The comparisons of the kernels that take sums apart and that leave zeros out.
#pragma once
#include "CKernels.h"
#include "check.h"
#include "numbers.h"

// Sums in parts, by the blocks and the vectors that a tile takes.
static void parts(void) {
    const ptrdiff_t count = between(1, 11) * SB_LANES, number = between(0, 9), step = count + between(0, 2) * SB_LANES;
    const bool is_clipped = between(0, 1);
    const float scale = some_scale(), low = is_clipped ? 0 : -INFINITY, high = is_clipped ? scale : INFINITY;
    float *added = numbers((number + 1) * step, scale), *start = numbers(count, scale), *expected = room(count);
    spoil(added, (number + 1) * step);
    memcpy(expected, start, (size_t)count * sizeof(float));
    sb_kernels_for(SB_SCALAR)->add_parts(added, step, number, expected, count, low, high);
    fold(expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        float *found = room(count);
        memcpy(found, start, (size_t)count * sizeof(float));
        kernels->add_parts(added, step, number, found, count, low, high);
        check("sum of parts", set, expected, found, count);
    }
    release();
}

// Makes most of the values zeros of either sign.
static void thin(float *values, ptrdiff_t count) {
    const ptrdiff_t left = between(1, 8);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (next() % (uint32_t)left != 0) values[i] = copysignf(0, values[i]);
    }
}

// Windows of a pooling that span a map of that size, in any geometry whose windows all meet it, and their switches; some
// windows have none in the map, which no position is the sum of.
static sb_pooled pooled(ptrdiff_t blocks, ptrdiff_t height, ptrdiff_t width) {
    sb_pooled p = {.values = 0, .stride_y = between(1, 3), .stride_x = between(1, 3), .span_y = between(1, 4),
                   .span_x = between(1, 4), .top = between(-2, 1), .left = between(-2, 1), .width = width,
                   .rectified = between(0, 1)};
    p.rows = between(1, height / p.stride_y + 1);
    p.columns = between(1, width / p.stride_x + 1);
    p.values_row = (p.columns + between(0, 2)) * SB_LANES;
    p.switches_row = (p.columns + between(0, 2)) * SB_LANES;
    p.values_block = p.rows * p.values_row;
    p.switches_block = p.rows * p.switches_row;
    float *values = numbers(blocks * p.values_block, 1);
    thin(values, blocks * p.values_block);
    int32_t *switches = (int32_t *)room(blocks * p.switches_block);
    for (ptrdiff_t i = 0; i < blocks * p.switches_block; i++) {
        const ptrdiff_t y = i % p.switches_block / p.switches_row, x = i % p.switches_row / SB_LANES;
        const ptrdiff_t row = p.top + y * p.stride_y + between(0, p.span_y - 1);
        const ptrdiff_t column = p.left + x * p.stride_x + between(0, p.span_x - 1);
        const bool is_inside = row >= 0 && row < height && column >= 0 && column < width;
        switches[i] = is_inside ? (int32_t)(row * width + column) : -1;
    }
    p.values = values;
    p.switches = switches;
    return p;
}

// Another convolution that reads the same positions as one, with fewer or no kernel rows, fewer or no output rows and windows
// elsewhere.
static sb_sparse_convolution beside(const sb_sparse_convolution *one, sb_patch *list) {
    sb_sparse_convolution c = *one;
    c.kernel_rows = between(0, one->kernel_rows);
    c.weights_block = one->weights_block / one->kernel_rows * c.kernel_rows;
    c.outputs = between(1, SB_SPARSE_OUTPUTS);
    c.low = between(0, 1) ? 0 : -INFINITY;
    ptrdiff_t pixels = 0;
    for (ptrdiff_t i = 0; i < one->count; i++) {
        list[i] = one->patches[i];
        list[i].rows = between(0, one->patches[i].rows);
        list[i].top = between(-3, 3);
        list[i].left = between(-3, 3);
        pixels += one->patches[i].rows * one->patches[i].columns;
    }
    c.patches = list;
    c.pixels = (ptrdiff_t *)room(2 * (4 * pixels + 1));
    return c;
}

// Patches of convolutions whose source is read where it is not zero; they may reach out of it on every side.
static void gathered(void) {
    const ptrdiff_t blocks = between(1, 4), last = between(1, 16), outputs = between(1, 8), patches = between(1, 3);
    const ptrdiff_t rows = between(1, 8), columns = between(1, 8), taps_y = between(1, 3), taps_x = between(1, 5);
    const ptrdiff_t height = between(1, 9), width = between(1, 9), plane = height * width * SB_LANES;
    const ptrdiff_t apart = between(1, 2), row = columns * apart * SB_LANES, result = rows * apart * row;
    const ptrdiff_t each = taps_y * taps_x * ((blocks - 1) * SB_LANES + last) * SB_LANES;
    const ptrdiff_t count = patches * outputs * result, sources = patches * blocks * plane;
    const ptrdiff_t positions = patches * height * width, pixels = patches * rows * columns;
    const float scale = some_scale();
    float *source = numbers(sources, scale), *weights = numbers(outputs * each, scale);
    thin(source, sources);
    spoil(source, sources);
    sb_patch list[3], other[3];
    for (ptrdiff_t i = 0; i < patches; i++) {
        const ptrdiff_t top = between(0, height - 1), left = between(0, width - 1);
        list[i] = (sb_patch){
            .source = i * blocks * plane + (top * width + left) * SB_LANES, .source_rows = height - top,
            .source_columns = width - left, .destination = i * outputs * result, .rows = rows, .columns = columns,
            .top = between(-3, 3), .left = between(-3, 3), .pooled = i, .map_row = top, .map_column = left};
    }
    const ptrdiff_t before = between(0, 1), all = before + blocks;
    const sb_pooled signals[3] = {pooled(all, height, width), pooled(all, height, width), pooled(all, height, width)};
    sb_sparse_convolution c = {
        .source = between(0, 1) ? source : 0, .pooled = signals, .first_block = before, .row_values = room(width * SB_LANES),
        .weights = weights, .patches = list, .count = patches, .source_row = width * SB_LANES,
        .source_block = plane, .destination_row = apart * row, .destination_column = apart * SB_LANES,
        .destination_block = result, .weights_block = each, .blocks = blocks, .last_lanes = last,
        .kernel_rows = taps_y, .kernel_columns = taps_x, .tap_row = between(1, 2), .tap_column = between(1, 2),
        .outputs = between(1, SB_SPARSE_OUTPUTS), .low = between(0, 1) ? 0 : -INFINITY,
        .position_values = room((positions + 1) * SB_LANES), .pixel_values = room((pixels * taps_y * taps_x + 1) * SB_LANES),
        .position_numbers = (uint16_t *)room((positions + 1) * SB_LANES),
        .pixel_steps = (uint16_t *)room((pixels * taps_y * taps_x + 1) * SB_LANES),
        .position_starts = (int32_t *)room(positions + 1), .pixels = (ptrdiff_t *)room(2 * (4 * pixels + 1))};
    sb_sparse_convolution both[2] = {c, beside(&c, other)};
    const ptrdiff_t convolutions = between(1, 2);
    float *expected = both[0].destination = room(2 * count);
    both[1].destination = expected + count;
    sb_kernels_for(SB_SCALAR)->convolve_sparse(both, convolutions, 0, outputs);
    fold(expected, 2 * count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        float *found = both[0].destination = room(2 * count);
        both[1].destination = found + count;
        kernels->convolve_sparse(both, convolutions, 0, outputs);
        check("gathered convolutions", set, expected, found, 2 * count);
    }
    release();
}

// Values spread over the few channels of an input; of the rows and the floats reached only some are wanted.
static void spreading(void) {
    const ptrdiff_t channels = between(1, 4), taps_y = between(1, 7), taps_x = between(1, 48 / channels < 11 ? 48 / channels : 11);
    const ptrdiff_t rows = between(1, 6), columns = between(1, 6), blocks = between(1, 3), dilation = between(1, 2);
    const ptrdiff_t stride = between(1, 3), step = between(1, 3) * channels, width = taps_x * channels;
    const ptrdiff_t padded = (width + SB_LANES - 1) / SB_LANES * SB_LANES, plane = rows * columns * SB_LANES;
    const ptrdiff_t span = (taps_y - 1) * dilation + 1, reached = (rows - 1) * stride + span;
    const ptrdiff_t floats = (columns - 1) * step + width, first_float = between(0, floats - 1);
    const ptrdiff_t first = between(0, reached - 1), end = between(first + 1, reached), row = floats + between(0, 3);
    const ptrdiff_t count = (end - first) * row, room_row = (columns - 1) * step + padded;
    const ptrdiff_t weight_floats = blocks * SB_LANES * taps_y * padded;
    float *source = numbers(blocks * plane, 1), *weights = numbers(weight_floats + SB_LANES, 1) + SB_LANES;
    thin(source, blocks * plane);
    for (ptrdiff_t i = -SB_LANES; i < weight_floats; i++) {
        if (i < 0 || i % padded >= width) weights[i] = 0;
    }
    const ptrdiff_t top = between(0, 2), left = between(0, 2);
    const sb_pooled signal = pooled(blocks, top + rows, left + columns);
    sb_spreading c = {
        .source = between(0, 1) ? source : 0, .pooled = &signal, .map_row = top, .map_column = left,
        .row_values = room(columns * SB_LANES), .rows = rows, .columns = columns, .source_row = columns * SB_LANES, .source_block = plane,
        .blocks = blocks, .last_lanes = between(1, 16), .weights = weights, .weights_row = padded, .width = width,
        .kernel_rows = taps_y, .dilation_y = dilation, .stride_y = stride, .stride_floats = step,
        .first_float = first_float, .floats = between(1, floats - first_float), .first_row = first,
        .destination_row = row, .room = room(span * room_row + SB_LANES), .room_row = room_row};
    float *expected = c.destination = room(count);
    sb_kernels_for(SB_SCALAR)->spread(&c, first, end);
    fold(expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        c.destination = room(count);
        kernels->spread(&c, first, end);
        check("spreading", set, expected, c.destination, count);
    }
    release();
}
