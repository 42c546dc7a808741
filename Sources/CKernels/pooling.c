#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

// The part of a window along one axis: start ..< end within the image, and how many of its taps count.
typedef struct {
    ptrdiff_t start, end, counted;
} window_range;

static window_range range_of(ptrdiff_t start, ptrdiff_t kernel, ptrdiff_t size, ptrdiff_t pad_after, bool counts_padding) {
    window_range range = {start < 0 ? 0 : start, start + kernel < size ? start + kernel : size, 0};
    // What lies past the stated padding, where the output size was rounded up, never counts.
    const ptrdiff_t limit = start + kernel < size + pad_after ? start + kernel : size + pad_after;
    range.counted = counts_padding ? limit - start : range.end - range.start;
    return range;
}

void sb_average_pool(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t row = first; row < end; row++) {
        const window_range y =
            range_of(row * p->stride_y - p->pad_top, p->kernel_rows, p->height, p->pad_bottom, p->counts_padding);
        for (ptrdiff_t column = 0; column < p->columns; column++) {
            const window_range x = range_of(column * p->stride_x - p->pad_left, p->kernel_columns, p->width,
                                            p->pad_right, p->counts_padding);
            float sums[SB_LANES] = {0};
            for (ptrdiff_t i = y.start; i < y.end; i++) {
                const float *source = p->source + (i * p->source_row + x.start) * SB_LANES;
                for (ptrdiff_t j = x.start; j < x.end; j++, source += SB_LANES) {
                    for (int lane = 0; lane < SB_LANES; lane++) sums[lane] += source[lane];
                }
            }
            const float divisor = (float)(y.counted * x.counted);
            float *destination = p->destination + (row * p->destination_row + column) * SB_LANES;
            for (int lane = 0; lane < SB_LANES; lane++) destination[lane] = sums[lane] / divisor;
        }
    }
}

void sb_average_unpool(const sb_pooling *p, ptrdiff_t rows, float *larger, const float *pooled) {
    memset(larger, 0, (size_t)(p->height * p->width * SB_LANES) * sizeof(float));
    for (ptrdiff_t row = 0; row < rows; row++) {
        const window_range y =
            range_of(row * p->stride_y - p->pad_top, p->kernel_rows, p->height, p->pad_bottom, p->counts_padding);
        for (ptrdiff_t column = 0; column < p->columns; column++) {
            const window_range x = range_of(column * p->stride_x - p->pad_left, p->kernel_columns, p->width,
                                            p->pad_right, p->counts_padding);
            const float divisor = (float)(y.counted * x.counted);
            const float *source = pooled + (row * p->columns + column) * SB_LANES;
            float shares[SB_LANES];
            for (int lane = 0; lane < SB_LANES; lane++) shares[lane] = source[lane] / divisor;
            for (ptrdiff_t i = y.start; i < y.end; i++) {
                float *to = larger + (i * p->width + x.start) * SB_LANES;
                for (ptrdiff_t j = x.start; j < x.end; j++, to += SB_LANES) {
                    for (int lane = 0; lane < SB_LANES; lane++) to[lane] += shares[lane];
                }
            }
        }
    }
}

static void add_row(const float *source, ptrdiff_t columns, float *sums) {
    for (ptrdiff_t column = 0; column < columns; column++, source += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) sums[lane] += source[lane];
    }
}

void sb_sum_row(const float *before, ptrdiff_t columns_before, const float *middle, ptrdiff_t columns,
                const float *behind, ptrdiff_t columns_behind, float *sums) {
    float total[SB_LANES] = {0};
    add_row(before, columns_before, total);
    add_row(middle, columns, total);
    add_row(behind, columns_behind, total);
    memcpy(sums, total, sizeof total);
}

void sb_average_of_rows(const float *sums, ptrdiff_t rows, float divisor, float *destination) {
    float total[SB_LANES] = {0};
    add_row(sums, rows, total);
    for (int lane = 0; lane < SB_LANES; lane++) destination[lane] = total[lane] / divisor;
}

void sb_sums_of_rows(const float *pixels, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t columns, float *sums) {
    for (ptrdiff_t row = 0; row < rows; row++, sums += SB_LANES) {
        float total[SB_LANES] = {0};
        for (ptrdiff_t column = 0; column < columns; column++, pixels += step) add_row(pixels, 1, total);
        memcpy(sums, total, sizeof total);
    }
}

void sb_mean_with(const float *pixels, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t columns, const float *sums,
                  const int32_t *positions, const int32_t *entries, ptrdiff_t count, const float *own, float divisor,
                  float *destination) {
    float total[SB_LANES] = {0};
    ptrdiff_t next = 0;
    for (ptrdiff_t row = 0; row < rows; row++) {
        const ptrdiff_t end = (row + 1) * columns;
        if (next == count || positions[next] >= end) {
            add_row(sums + row * SB_LANES, 1, total);
            continue;
        }
        float sum[SB_LANES] = {0};
        for (ptrdiff_t position = row * columns; position < end; position++) {
            const bool is_own = next < count && positions[next] == position;
            add_row(is_own ? own + entries[next] * step : pixels + position * step, 1, sum);
            next += is_own;
        }
        add_row(sum, 1, total);
    }
    for (int lane = 0; lane < SB_LANES; lane++) destination[lane] = total[lane] / divisor;
}

void sb_spread(const float *values, float divisor, float *destination, ptrdiff_t pixels) {
    float shares[SB_LANES];
    for (int lane = 0; lane < SB_LANES; lane++) shares[lane] = values[lane] / divisor;
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, destination += SB_LANES) {
        memcpy(destination, shares, sizeof shares);
    }
}
