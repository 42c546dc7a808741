// Measures convolution on the shapes of SqueezeNet 1.1 and a few of VGG-16, on one thread, beside the multiply-add peak of
// the same core in the same minute. An argument names the variant: 0 scalar, 1 AVX2, 2 AVX-512, 3 NEON (the best).
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"

typedef struct {
    const char *name;
    int inputs, outputs, size, kernel, stride, pad;
} layer;

static const layer layers[] = {
    {"conv1", 3, 64, 227, 3, 2, 1},          {"fire2/squeeze", 64, 16, 56, 1, 1, 0},
    {"fire2/expand1x1", 16, 64, 56, 1, 1, 0}, {"fire2/expand3x3", 16, 64, 56, 3, 1, 1},
    {"fire3/squeeze", 128, 16, 56, 1, 1, 0},  {"fire4/squeeze", 128, 32, 27, 1, 1, 0},
    {"fire4/expand1x1", 32, 128, 27, 1, 1, 0}, {"fire4/expand3x3", 32, 128, 27, 3, 1, 1},
    {"fire5/squeeze", 256, 32, 27, 1, 1, 0},  {"fire6/squeeze", 256, 48, 13, 1, 1, 0},
    {"fire6/expand1x1", 48, 192, 13, 1, 1, 0}, {"fire6/expand3x3", 48, 192, 13, 3, 1, 1},
    {"fire7/squeeze", 384, 48, 13, 1, 1, 0},  {"fire8/squeeze", 384, 64, 13, 1, 1, 0},
    {"fire8/expand1x1", 64, 256, 13, 1, 1, 0}, {"fire8/expand3x3", 64, 256, 13, 3, 1, 1},
    {"fire9/squeeze", 512, 64, 13, 1, 1, 0},  {"conv10", 512, 1000, 13, 1, 1, 0},
    {"VGG 64", 64, 64, 224, 3, 1, 1},         {"VGG 256", 256, 256, 56, 3, 1, 1},
    {"VGG 512", 512, 512, 14, 3, 1, 1},
};
enum { layer_count = sizeof layers / sizeof *layers };

// Time of this thread alone: what other programs take does not count.
static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Multiply-adds of 12 independent chains: billions of operations a second.
#if defined(__x86_64__)
__attribute__((target("avx2,fma")))
#endif
static double peak(void) {
    typedef float vector __attribute__((ext_vector_type(8)));
    vector sums[12], factor = (vector)1.0000001f;
    for (int k = 0; k < 12; k++) sums[k] = (vector)(float)k;
    const double start = seconds();
    for (int i = 0; i < 20000; i++) {
#pragma unroll
        for (int k = 0; k < 12; k++) sums[k] = __builtin_elementwise_fma(sums[k], factor, factor);
        __asm__ volatile("" : : "m"(i));
    }
    const double elapsed = seconds() - start;
    float total = 0;
    for (int k = 0; k < 12; k++) total += sums[k][0];
    return total == 0 ? 0 : 1e-9 * 20000 * 12 * 16 / elapsed;
}

static float *numbers(ptrdiff_t count) {
    float *values = aligned_alloc(64, (size_t)(count * 4 + 63) / 64 * 64);
    for (ptrdiff_t i = 0; i < count; i++) values[i] = (float)(i * 7919 % 101) / 101 - 0.5f;
    return values;
}

// A convolution of stored padding, as the Swift side makes them; its one rectangle goes to `rectangle`.
static sb_convolution make(layer l, sb_rectangle *rectangle) {
    const ptrdiff_t full = l.size + 2 * l.pad, out = (full - l.kernel) / l.stride + 1;
    const ptrdiff_t lanes = l.inputs < SB_LANES ? l.inputs : SB_LANES, blocks = (l.inputs + lanes - 1) / lanes;
    const ptrdiff_t outputs = (l.outputs + SB_LANES - 1) / SB_LANES;
    const ptrdiff_t each = (ptrdiff_t)l.inputs * l.kernel * l.kernel * SB_LANES;
    *rectangle = (sb_rectangle){out, out, 0, 0, 0};
    return (sb_convolution){
        .source = numbers(blocks * full * full * lanes), .weights = numbers(outputs * each),
        .bias = numbers(outputs * SB_LANES), .destination = numbers(outputs * out * out * SB_LANES),
        .rectangles = rectangle, .source_row = l.stride * full * lanes, .source_column = l.stride * lanes,
        .source_block = full * full * lanes, .destination_row = out * SB_LANES, .destination_column = SB_LANES,
        .destination_block = out * out * SB_LANES, .weights_block = each, .blocks = blocks, .last_lanes = lanes,
        .pixel_lanes = lanes, .kernel_rows = l.kernel, .kernel_columns = l.kernel, .tap_row = full * lanes,
        .tap_column = lanes, .chunk = l.kernel == 1 && l.inputs > 250 ? 42 : 168, .low = 0, .high = INFINITY};
}

int main(int count, char **arguments) {
    const sb_kernels *kernels = 0;
    for (sb_instruction_set set = SB_SCALAR; set <= SB_NEON; set++) {
        if (sb_kernels_for(set)) kernels = sb_kernels_for(set);
    }
    if (count > 1) kernels = sb_kernels_for((sb_instruction_set)atoi(arguments[1]));
    if (!kernels) return puts("this processor cannot run that variant"), 1;
    sb_convolution convolutions[layer_count];
    sb_rectangle rectangles[layer_count];
    double best[layer_count], limit = 0;
    for (int i = 0; i < layer_count; i++) {
        convolutions[i] = make(layers[i], &rectangles[i]);
        best[i] = INFINITY;
    }
    // In rounds, so that each has its share of quiet moments.
    for (int round = 0; round < 15; round++) {
        for (int i = 0; i < layer_count; i++) {
            limit = fmax(limit, peak());
            const sb_convolution *c = &convolutions[i];
            // The first of the runs finds the caches cold.
            for (int run = 0; run < 3; run++) {
                const double start = seconds();
                kernels->convolve(c, 0, rectangles[i].rows * rectangles[i].columns, 0, (layers[i].outputs + SB_LANES - 1) / SB_LANES);
                best[i] = fmin(best[i], seconds() - start);
            }
        }
    }
    printf("multiply-add peak of 256-bit vectors %.1f GFLOP/s\n", limit);
    for (int i = 0; i < layer_count; i++) {
        const layer l = layers[i];
        const double work = 2e-9 * l.inputs * l.outputs * l.kernel * l.kernel * rectangles[i].rows *
                            (double)rectangles[i].columns;
        printf("%-16s %4d to %4d, %dx%d at %3d: %6.1f GFLOP/s, %3.0f %% of the peak, %8.3f ms\n", l.name, l.inputs,
               l.outputs, l.kernel, l.kernel, l.size, work / best[i], 100 * work / best[i] / limit, best[i] * 1e3);
    }
    return 0;
}
