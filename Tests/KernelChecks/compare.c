// Compares every variant of the inner loops that this processor can run with the scalar one, bit for bit, and prints a
// digest of the results, so that two processors can be compared with each other.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static uint64_t state = 20131112;

static uint32_t next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static ptrdiff_t between(ptrdiff_t low, ptrdiff_t high) { return low + (ptrdiff_t)(next() % (uint32_t)(high - low + 1)); }

static float *numbers(ptrdiff_t count) {
    float *values = malloc((size_t)count * sizeof(float));
    for (ptrdiff_t i = 0; i < count; i++) values[i] = (float)((int32_t)next() - (1 << 30)) / (float)(1 << 30);
    return values;
}

static uint64_t digest = 14695981039346656037u;

// Folds the results into the digest; exits if they differ from the expected ones.
static void check(const char *what, int set, const float *expected, const float *found, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits, other;
        memcpy(&bits, expected + i, sizeof bits);
        memcpy(&other, found + i, sizeof other);
        if (bits != other) {
            printf("%s of variant %d: value %td is %a, not %a\n", what, set, i, found[i], expected[i]);
            exit(1);
        }
        if (set == SB_SCALAR) digest = (digest ^ bits) * 1099511628211u;
    }
}

static void convolution(void) {
    const ptrdiff_t lanes = between(0, 3) == 0 ? between(1, 15) : SB_LANES, blocks = lanes == SB_LANES ? between(1, 4) : 1;
    const ptrdiff_t height = between(5, 14), width = between(5, 14), images = between(1, 3), outputs = between(1, 5);
    const ptrdiff_t kernel = between(1, 3), stride = between(1, 2), dilation = between(1, 2);
    const ptrdiff_t rows = (height - (kernel - 1) * dilation - 1) / stride + 1;
    const ptrdiff_t columns = (width - (kernel - 1) * dilation - 1) / stride + 1;
    const ptrdiff_t plane = height * width * lanes, result = rows * columns * SB_LANES;
    const ptrdiff_t first = lanes == SB_LANES && between(0, 2) == 0 ? between(0, 7) : 0;
    const ptrdiff_t last = lanes == SB_LANES ? between(8, 16) : lanes;
    const ptrdiff_t each = kernel * kernel * (blocks * SB_LANES) * SB_LANES, count = images * outputs * result;
    float *source = numbers(images * blocks * plane), *weights = numbers(outputs * each);
    float *bias = numbers(outputs * SB_LANES), *addend = numbers(count);
    float *expected = malloc((size_t)count * sizeof(float)), *found = malloc((size_t)count * sizeof(float));
    const bool added = between(0, 1), clipped = between(0, 1);
    sb_convolution c = {
        .source = source, .weights = weights, .bias = bias, .addend = added ? addend : 0, .destination = expected,
        .rows = rows, .columns = columns, .source_image = blocks * plane, .source_row = stride * width * lanes,
        .source_column = stride * lanes, .source_block = plane, .destination_image = outputs * result,
        .destination_row = columns * SB_LANES, .destination_column = SB_LANES, .destination_block = result,
        .addend_image = outputs * result, .addend_block = result, .weights_block = each, .blocks = blocks,
        .first_lane = first, .last_lanes = last, .pixel_lanes = lanes, .kernel_rows = kernel, .kernel_columns = kernel,
        .tap_row = dilation * width * lanes, .tap_column = dilation * lanes, .chunk = between(1, 200), .is_narrow = between(0, 2) == 0,
        .low = clipped ? 0 : -INFINITY, .high = clipped ? 1 : INFINITY};
    sb_kernels_for(SB_SCALAR)->convolve(&c, 0, images * rows * columns, 0, outputs);
    check("convolution", SB_SCALAR, expected, expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        c.destination = found;
        kernels->convolve(&c, 0, images * rows * columns, 0, outputs);
        check("convolution", set, expected, found, count);
    }
    free(source), free(weights), free(bias), free(addend), free(expected), free(found);
}

static void depthwise(void) {
    const ptrdiff_t height = between(5, 14), width = between(5, 14), kernel = between(1, 3), stride = between(1, 2);
    const ptrdiff_t rows = (height - kernel) / stride + 1, columns = (width - kernel) / stride + 1;
    const ptrdiff_t count = rows * columns * SB_LANES;
    float *source = numbers(height * width * SB_LANES), *weights = numbers(kernel * kernel * SB_LANES);
    float *bias = numbers(SB_LANES);
    float *expected = malloc((size_t)count * sizeof(float)), *found = malloc((size_t)count * sizeof(float));
    sb_depthwise c = {
        .source = source, .weights = weights, .bias = bias, .destination = expected, .columns = columns,
        .source_row = stride * width * SB_LANES, .source_column = stride * SB_LANES,
        .destination_row = columns * SB_LANES, .destination_column = SB_LANES, .kernel_rows = kernel,
        .kernel_columns = kernel, .tap_row = width * SB_LANES, .tap_column = SB_LANES, .low = 0, .high = 6};
    sb_kernels_for(SB_SCALAR)->depthwise(&c, 0, rows);
    check("depthwise convolution", SB_SCALAR, expected, expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        c.destination = found;
        kernels->depthwise(&c, 0, rows);
        check("depthwise convolution", set, expected, found, count);
    }
    free(source), free(weights), free(bias), free(expected), free(found);
}

static void pooling(void) {
    const ptrdiff_t height = between(4, 12), width = between(4, 12), kernel = between(2, 3), pad = between(0, 1);
    const ptrdiff_t stride = between(1, 2), rows = (height + 2 * pad - kernel) / stride + 1;
    const ptrdiff_t columns = (width + 2 * pad - kernel) / stride + 1, count = rows * columns * SB_LANES;
    float *source = numbers(height * width * SB_LANES);
    // Few values, so that windows tie; sometimes a NaN.
    for (ptrdiff_t i = 0; i < height * width * SB_LANES; i++) source[i] = floorf(source[i] * 2);
    if (between(0, 3) == 0) source[between(0, height * width * SB_LANES - 1)] = NAN;
    float *expected = malloc((size_t)count * 2 * sizeof(float)), *found = malloc((size_t)count * 2 * sizeof(float));
    sb_pooling p = {
        .source = source, .destination = expected, .switches = (int32_t *)(expected + count), .height = height,
        .width = width, .columns = columns, .kernel_rows = kernel, .kernel_columns = kernel, .stride_y = stride,
        .stride_x = stride, .dilation_y = 1, .dilation_x = 1, .pad_top = pad, .pad_left = pad};
    const bool met = sb_kernels_for(SB_SCALAR)->max_pool(&p, 0, rows);
    // Where there is a NaN its window's switch means nothing.
    check("max pooling", SB_SCALAR, expected, expected, met ? count : 2 * count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        p.destination = found;
        p.switches = (int32_t *)(found + count);
        if (kernels->max_pool(&p, 0, rows) != met) puts("a NaN was missed"), exit(1);
        check("max pooling", set, expected, found, met ? count : 2 * count);
    }
    free(source), free(expected), free(found);
}

static void functions(void) {
    float x[64], y[64];
    double room[64];
    for (int i = 0; i < 64; i++) x[i] = (float)between(-3000, 3000) / 97;
    sb_softmax(x, y, 64, room);
    check("softmax", SB_SCALAR, y, y, 64);
    for (sb_activation kind = SB_LEAKY_RELU; kind <= SB_CLIP; kind++) {
        sb_activate(kind, 0.25f, 0.5f, x, y, 64);
        check("activation", SB_SCALAR, y, y, 64);
    }
    sb_normalization n = {.source = x, .destination = y, .source_block = 32, .destination_block = 32, .channels = 25,
                          .size = 5, .alpha = 0.1, .beta = 0.6, .bias = 1};
    double *more = malloc((size_t)sb_normalization_room(25, 5) * sizeof(double));
    memset(y, 0, sizeof y);
    sb_normalize(&n, 2, more);
    check("normalisation", SB_SCALAR, y, y, 64);
    free(more);
}

int main(void) {
    for (int i = 0; i < 400; i++) convolution();
    for (int i = 0; i < 200; i++) depthwise();
    for (int i = 0; i < 200; i++) pooling();
    for (int i = 0; i < 50; i++) functions();
    printf("variants:");
    for (sb_instruction_set set = SB_SCALAR; set <= SB_WIDE_TEST; set++) {
        static const char *const names[] = {"scalar", "avx2", "avx512", "neon", "wide-test"};
        if (sb_kernels_for(set)) printf(" %s", names[set]);
    }
    printf("\ndigest: %016llx\n", (unsigned long long)digest);
    return 0;
}
