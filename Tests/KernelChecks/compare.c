// Compares every variant of the inner loops that this processor can run with the scalar one, bit for bit, and prints a
// digest of the results, so that two processors can be compared with each other.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"
#include "numbers.h"
#include "sparse.h"

#include "tiles.h"

typedef struct {
    sb_convolution c;
    sb_rectangle rectangles[6];
    ptrdiff_t pixels, outputs, count;
} convolution_case;

// Each image's outputs as two rectangles, cut somewhere; one may be empty.
static void cut_images(convolution_case *it, ptrdiff_t images, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t source_image,
                       ptrdiff_t destination_image) {
    for (ptrdiff_t image = 0; image < images; image++) {
        const ptrdiff_t cut = between(0, rows);
        const ptrdiff_t source = image * source_image, destination = image * destination_image;
        it->rectangles[2 * image] = (sb_rectangle){cut, columns, source, destination, destination};
        it->rectangles[2 * image + 1] =
            (sb_rectangle){rows - cut, columns, source + cut * it->c.source_row,
                           destination + cut * it->c.destination_row, destination + cut * it->c.destination_row};
    }
    it->pixels = images * rows * columns;
}

static convolution_case some_convolution(void) {
    // A few channels side by side, or whole blocks, the first and the last of which may be read in part.
    const ptrdiff_t lanes = between(0, 3) == 0 ? between(1, 15) : SB_LANES;
    const ptrdiff_t blocks = lanes == SB_LANES ? between(1, 4) : 1;
    const ptrdiff_t height = between(5, 14), width = between(5, 14), images = between(1, 3), outputs = between(1, 5);
    const bool is_sparse = between(0, 2) == 0;
    const ptrdiff_t kernel = is_sparse ? 1 : between(1, 3), stride = between(1, 2), dilation = between(1, 2);
    const ptrdiff_t rows = (height - (kernel - 1) * dilation - 1) / stride + 1;
    const ptrdiff_t columns = (width - (kernel - 1) * dilation - 1) / stride + 1;
    // The results of a transposed convolution's phase lie apart.
    const ptrdiff_t apart = between(1, 2), row = columns * apart * SB_LANES, result = rows * apart * row;
    const ptrdiff_t plane = height * width * lanes, count = images * outputs * result;
    const ptrdiff_t first = lanes == SB_LANES && between(0, 2) == 0 ? between(0, 7) : 0;
    const ptrdiff_t last = lanes == SB_LANES ? between(8, 16) : lanes;
    const ptrdiff_t each = kernel * kernel * (blocks * SB_LANES) * SB_LANES, chunk = between(1, 200);
    const bool is_added = between(0, 1), is_clipped = between(0, 1), is_narrow = between(0, 2) == 0;
    const float scale = some_scale();
    float *source = numbers(images * blocks * plane, scale), *weights = numbers(outputs * each, scale);
    float *bias = numbers(outputs * SB_LANES, scale * scale), *addend = is_added ? numbers(count, scale * scale) : 0;
    // Zeros of either sign, so many that whole lanes of neighbouring pixels are zero.
    for (ptrdiff_t i = 0; i < images * blocks * plane; i++) {
        if (is_sparse && next() % 8 != 0) source[i] = copysignf(0, source[i]);
    }
    // No bias is −0, nor any sum that is gone on with.
    for (ptrdiff_t i = 0; i < outputs * SB_LANES; i++) bias[i] += 0;
    const bool continues = is_added && between(0, 1);
    for (ptrdiff_t i = 0; continues && i < count; i++) addend[i] += 0;
    spoil(source, images * blocks * plane);
    const sb_convolution c = {
        .source = source, .weights = weights, .bias = bias, .addend = addend,
        .source_row = stride * width * lanes, .source_column = stride * lanes, .source_block = plane,
        .destination_row = apart * row, .destination_column = apart * SB_LANES, .destination_block = result,
        .addend_block = result, .weights_block = each, .blocks = blocks, .first_lane = first, .last_lanes = last,
        .pixel_lanes = lanes, .kernel_rows = kernel, .kernel_columns = kernel, .tap_row = dilation * width * lanes,
        .tap_column = dilation * lanes, .chunk = chunk, .is_narrow = is_narrow, .skips_zeros = is_sparse,
        .continues = continues, .low = is_clipped ? 0 : -INFINITY,
        .high = is_clipped ? scale * scale : INFINITY};
    convolution_case it = {.c = c, .outputs = outputs, .count = count};
    cut_images(&it, images, rows, columns, blocks * plane, outputs * result);
    return it;
}

static void convolution(void) {
    convolution_case it = some_convolution();
    it.c.rectangles = it.rectangles;
    // What is asked for at once is a matter of the threads: here, two spans of the pixels.
    const ptrdiff_t cut = between(0, it.pixels);
    float *expected = it.c.destination = room(it.count);
    sb_kernels_for(SB_SCALAR)->convolve(&it.c, 0, it.pixels, 0, it.outputs);
    fold(expected, it.count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        float *found = it.c.destination = room(it.count);
        kernels->convolve(&it.c, 0, cut, 0, it.outputs);
        kernels->convolve(&it.c, cut, it.pixels, 0, it.outputs);
        check("convolution", set, expected, found, it.count);
    }
    release();
}

static void depthwise(void) {
    const ptrdiff_t height = between(5, 14), width = between(5, 14), kernel = between(1, 3), stride = between(1, 2);
    const ptrdiff_t rows = (height - kernel) / stride + 1, columns = (width - kernel) / stride + 1;
    const ptrdiff_t count = rows * columns * SB_LANES;
    const bool is_added = between(0, 1), is_clipped = between(0, 1);
    const float scale = some_scale();
    float *source = numbers(height * width * SB_LANES, scale), *weights = numbers(kernel * kernel * SB_LANES, scale);
    float *bias = numbers(SB_LANES, scale * scale), *addend = is_added ? numbers(count, scale * scale) : 0;
    float *expected = room(count);
    spoil(source, height * width * SB_LANES);
    sb_depthwise c = {
        .source = source, .weights = weights, .bias = bias, .addend = addend, .destination = expected,
        .columns = columns, .source_row = stride * width * SB_LANES, .source_column = stride * SB_LANES,
        .destination_row = columns * SB_LANES, .destination_column = SB_LANES, .kernel_rows = kernel,
        .kernel_columns = kernel, .tap_row = width * SB_LANES, .tap_column = SB_LANES,
        .low = is_clipped ? 0 : -INFINITY, .high = is_clipped ? scale * scale : INFINITY};
    sb_kernels_for(SB_SCALAR)->depthwise(&c, 0, rows);
    fold(expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        c.destination = room(count);
        kernels->depthwise(&c, 0, rows);
        check("depthwise convolution", set, expected, c.destination, count);
    }
    release();
}

static sb_pooling some_pooling(ptrdiff_t *rows) {
    const ptrdiff_t height = between(5, 12), width = between(5, 12), kernel = between(2, 3), dilation = between(1, 2);
    const ptrdiff_t stride = between(1, 2), pad = between(0, 1), span = (kernel - 1) * dilation + 1;
    const ptrdiff_t count = height * width * SB_LANES;
    float *source = numbers(count, 2);
    // Few values, so that windows tie, zeros of either sign among them.
    for (ptrdiff_t i = 0; i < count; i++) source[i] = roundf(source[i]);
    spoil(source, count);
    *rows = (height + 2 * pad - span) / stride + 1;
    const ptrdiff_t columns = (width + 2 * pad - span) / stride + 1;
    return (sb_pooling){
        .source = source, .height = height, .width = width, .columns = columns, .source_row = width,
        .destination_row = columns,
        .kernel_rows = kernel, .kernel_columns = kernel, .stride_y = stride, .stride_x = stride,
        .dilation_y = dilation, .dilation_x = dilation, .pad_top = pad, .pad_left = pad};
}

static void pooling(void) {
    ptrdiff_t rows;
    sb_pooling p = some_pooling(&rows);
    const ptrdiff_t count = rows * p.columns * SB_LANES;
    const bool is_switched = between(0, 1);
    float *expected = p.destination = room(2 * count);
    p.switches = is_switched ? (int32_t *)(expected + count) : 0;
    const bool met = sb_kernels_for(SB_SCALAR)->max_pool(&p, 0, rows);
    // Where there is a NaN its window's switch means nothing.
    const ptrdiff_t meant = met ? count : 2 * count;
    fold(expected, meant);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        p.destination = room(2 * count);
        if (is_switched) p.switches = (int32_t *)(p.destination + count);
        if (kernels->max_pool(&p, 0, rows) != met) printf("%s overlooks NaN\n", names[set]), exit(1);
        check("max pooling", set, expected, p.destination, meant);
    }
    release();
}

static void normalization(void) {
    const double powers[] = {0.5, 0.75, 1, 0.6};
    const ptrdiff_t blocks = between(1, 5), pixels = between(1, 7), plane = pixels * SB_LANES, count = blocks * plane;
    const float scale = some_scale();
    float *source = numbers(count, scale);
    spoil(source, count);
    float *expected = room(count);
    sb_normalization n = {
        .source = source, .destination = expected, .source_block = plane, .destination_block = plane,
        .channels = blocks * SB_LANES - (between(0, 2) == 0 ? between(1, 15) : 0), .size = between(1, 9), .alpha = 0.1,
        .beta = powers[between(0, 3)], .bias = between(1, 2)};
    double *squares = malloc((size_t)sb_normalization_room(n.channels, n.size) * sizeof(double));
    sb_normalize(&n, pixels, squares);
    fold(expected, count);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        float *found = n.destination = room(count);
        kernels->normalize(&n, pixels, squares);
        check("normalization", set, expected, found, count);
    }
    free(squares);
    release();
}

// Many at a time as one by one, at the ends of what is finite too.
static void exponentials(void) {
    const ptrdiff_t count = between(1, 40);
    const double spread = (double)between(1, 800);
    double x[40], each[40];
    for (ptrdiff_t i = 0; i < count; i++) each[i] = x[i] = spread * between(-100000, 100000) / 100000;
    if (between(0, 9) == 0) each[0] = x[0] = (double)NAN;
    sb_exp_each(each, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const double one = sb_exp(x[i]);
        if (memcmp(&one, each + i, sizeof one) != 0 && one == one) printf("exp(%a) differs\n", x[i]), exit(1);
    }
}

static void functions(void) {
    float x[64], y[64];
    double terms[64];
    for (int i = 0; i < 64; i++) x[i] = (float)between(-3000, 3000) / 97;
    sb_softmax(x, y, 64, terms);
    fold(y, 64);
    for (sb_activation kind = SB_LEAKY_RELU; kind <= SB_CLIP; kind++) {
        sb_activate(kind, 0.25f, 0.5f, x, y, 64);
        fold(y, 64);
    }
    sb_normalization n = {.source = x, .destination = y, .source_block = 32, .destination_block = 32, .channels = 25,
                          .size = 5, .alpha = 0.1, .beta = 0.6, .bias = 1};
    double *more = malloc((size_t)sb_normalization_room(25, 5) * sizeof(double));
    memset(y, 0, sizeof y);
    sb_normalize(&n, 2, more);
    fold(y, 64);
    free(more);
}

int main(void) {
    for (int i = 0; i < 400; i++) convolution();
    for (int i = 0; i < 200; i++) depthwise();
    for (int i = 0; i < 100; i++) winograd();
    for (int i = 0; i < 100; i++) chains();
    for (int i = 0; i < 200; i++) pooling();
    for (int i = 0; i < 200; i++) parts();
    for (int i = 0; i < 400; i++) gathered();
    for (int i = 0; i < 400; i++) spreading();
    for (int i = 0; i < 200; i++) normalization();
    for (int i = 0; i < 400; i++) exponentials();
    for (int i = 0; i < 50; i++) functions();
    printf("variants:");
    for (sb_instruction_set set = SB_SCALAR; set <= SB_WIDE_TEST; set++) {
        if (sb_kernels_for(set)) printf(" %s", names[set]);
    }
    printf("\nequal: %lld values\ndigest: %016llx\n", compared, (unsigned long long)digest);
    return 0;
}
