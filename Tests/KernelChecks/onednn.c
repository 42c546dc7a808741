// Compares forward convolution with oneDNN's, which was written by others and sums in another order: to a tolerance.
#include <math.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

#define CHECK(call)                                                          \
    do {                                                                     \
        dnnl_status_t status = call;                                         \
        if (status != dnnl_success) printf("%s: %d\n", #call, status), exit(1); \
    } while (0)

// A square problem: [images, inputs, size, size] to `outputs` channels.
typedef struct {
    int images, inputs, outputs, size, kernel, stride, dilation, pad;
} problem;

static uint64_t state = 1311;

static float *numbers(size_t count) {
    float *values = malloc(count * sizeof(float));
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        values[i] = (float)((int32_t)(state >> 33) - (1 << 30)) / (float)(1 << 30);
    }
    return values;
}

static dnnl_memory_t memory(dnnl_engine_t engine, int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag, float *data) {
    dnnl_memory_t result;
#if DNNL_VERSION_MAJOR < 3
    dnnl_memory_desc_t description;
    CHECK(dnnl_memory_desc_init_by_tag(&description, rank, sizes, dnnl_f32, tag));
    CHECK(dnnl_memory_create(&result, &description, engine, data));
#else
    dnnl_memory_desc_t description;
    CHECK(dnnl_memory_desc_create_with_tag(&description, rank, sizes, dnnl_f32, tag));
    CHECK(dnnl_memory_create(&result, description, engine, data));
#endif
    return result;
}

// What oneDNN makes of it, all in plain layouts.
static void theirs(problem p, int out, float *x, float *w, float *b, float *y) {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    CHECK(dnnl_engine_create(&engine, dnnl_cpu, 0));
    CHECK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    const dnnl_dims_t xs = {p.images, p.inputs, p.size, p.size}, ws = {p.outputs, p.inputs, p.kernel, p.kernel};
    const dnnl_dims_t bs = {p.outputs}, ys = {p.images, p.outputs, out, out};
    const dnnl_dims_t strides = {p.stride, p.stride}, dilations = {p.dilation - 1, p.dilation - 1}, pads = {p.pad, p.pad};
    dnnl_memory_t mx = memory(engine, 4, xs, dnnl_nchw, x), mw = memory(engine, 4, ws, dnnl_oihw, w);
    dnnl_memory_t mb = memory(engine, 1, bs, dnnl_x, b), my = memory(engine, 4, ys, dnnl_nchw, y);
    dnnl_primitive_desc_t description;
#if DNNL_VERSION_MAJOR < 3
    const dnnl_memory_desc_t *dx, *dw, *db, *dy;
    dnnl_memory_get_memory_desc(mx, &dx), dnnl_memory_get_memory_desc(mw, &dw);
    dnnl_memory_get_memory_desc(mb, &db), dnnl_memory_get_memory_desc(my, &dy);
    dnnl_convolution_desc_t operation;
    CHECK(dnnl_dilated_convolution_forward_desc_init(&operation, dnnl_forward_inference, dnnl_convolution_direct, dx, dw,
                                                     db, dy, strides, dilations, pads, pads));
    CHECK(dnnl_primitive_desc_create(&description, &operation, 0, engine, 0));
#else
    const_dnnl_memory_desc_t dx, dw, db, dy;
    dnnl_memory_get_memory_desc(mx, &dx), dnnl_memory_get_memory_desc(mw, &dw);
    dnnl_memory_get_memory_desc(mb, &db), dnnl_memory_get_memory_desc(my, &dy);
    CHECK(dnnl_convolution_forward_primitive_desc_create(&description, engine, dnnl_forward_inference,
                                                         dnnl_convolution_direct, dx, dw, db, dy, strides, dilations,
                                                         pads, pads, 0));
#endif
    dnnl_primitive_t primitive;
    CHECK(dnnl_primitive_create(&primitive, description));
    const dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, mx}, {DNNL_ARG_WEIGHTS, mw}, {DNNL_ARG_BIAS, mb}, {DNNL_ARG_DST, my}};
    CHECK(dnnl_primitive_execute(primitive, stream, 4, arguments));
    CHECK(dnnl_stream_wait(stream));
    dnnl_primitive_destroy(primitive), dnnl_primitive_desc_destroy(description);
    dnnl_memory_destroy(mx), dnnl_memory_destroy(mw), dnnl_memory_destroy(mb), dnnl_memory_destroy(my);
    dnnl_stream_destroy(stream), dnnl_engine_destroy(engine);
}

// What the best kernels here make of it, packed from the plain layouts and back.
static void ours(const sb_kernels *kernels, problem p, int out, const float *x, const float *w, const float *b, float *y) {
    const ptrdiff_t full = p.size + 2 * p.pad, blocks = (p.inputs + 15) / 16, outputs = (p.outputs + 15) / 16;
    const ptrdiff_t plane = full * full * SB_LANES, result = (ptrdiff_t)out * out * SB_LANES;
    const ptrdiff_t taps = p.kernel * p.kernel, each = taps * p.inputs * SB_LANES;
    float *source = calloc((size_t)(p.images * blocks * plane), sizeof(float)), *to;
    float *packed = calloc((size_t)(outputs * each), sizeof(float)), *bias = calloc((size_t)outputs * 16, sizeof(float));
    float *destination = calloc((size_t)(p.images * outputs * result), sizeof(float));
    for (int n = 0; n < p.images; n++)
        for (int c = 0; c < p.inputs; c++)
            for (int i = 0; i < p.size; i++)
                for (int j = 0; j < p.size; j++) {
                    to = source + (n * blocks + c / 16) * plane;
                    to[((i + p.pad) * full + j + p.pad) * 16 + c % 16] = x[((n * p.inputs + c) * p.size + i) * p.size + j];
                }
    for (int o = 0; o < p.outputs; o++) {
        bias[o] = b[o];
        for (int c = 0; c < p.inputs; c++)
            for (int t = 0; t < taps; t++) {
                const ptrdiff_t start = c / 16 * 16, lanes = p.inputs - start < 16 ? p.inputs - start : 16;
                packed[o / 16 * each + (start * taps + t * lanes + c - start) * 16 + o % 16] = w[(o * p.inputs + c) * taps + t];
            }
    }
    sb_rectangle rectangles[4];
    for (int n = 0; n < p.images; n++)
        rectangles[n] = (sb_rectangle){out, out, n * blocks * plane, n * outputs * result, 0};
    sb_convolution c = {
        .source = source, .weights = packed, .bias = bias, .destination = destination, .rectangles = rectangles,
        .source_row = p.stride * full * 16, .source_column = p.stride * 16,
        .source_block = plane, .destination_row = out * 16,
        .destination_column = 16, .destination_block = result, .weights_block = each, .blocks = blocks,
        .last_lanes = p.inputs - (blocks - 1) * 16, .pixel_lanes = 16, .kernel_rows = p.kernel,
        .kernel_columns = p.kernel, .tap_row = p.dilation * full * 16, .tap_column = p.dilation * 16, .chunk = 168,
        .low = -INFINITY, .high = INFINITY};
    kernels->convolve(&c, 0, (ptrdiff_t)p.images * out * out, 0, outputs);
    for (int n = 0; n < p.images; n++)
        for (int o = 0; o < p.outputs; o++)
            for (int i = 0; i < out * out; i++)
                y[(n * p.outputs + o) * out * out + i] = destination[(n * outputs + o / 16) * result + i * 16 + o % 16];
    free(source), free(packed), free(bias), free(destination);
}

int main(void) {
    static const problem problems[] = {
        {1, 3, 64, 61, 3, 2, 1, 1}, {1, 16, 64, 27, 3, 1, 1, 1}, {2, 64, 48, 13, 3, 1, 1, 1}, {1, 128, 16, 28, 1, 1, 1, 0},
        {3, 20, 33, 17, 5, 3, 1, 2}, {1, 40, 24, 19, 3, 1, 2, 2}, {1, 256, 64, 13, 1, 2, 1, 0}, {1, 3, 96, 57, 7, 2, 1, 0}};
    const sb_kernels *kernels = 0;
    for (sb_instruction_set set = SB_SCALAR; set <= SB_NEON; set++) {
        if (sb_kernels_for(set)) kernels = sb_kernels_for(set);
    }
    for (size_t k = 0; k < sizeof problems / sizeof *problems; k++) {
        const problem p = problems[k];
        const int out = (p.size + 2 * p.pad - (p.kernel - 1) * p.dilation - 1) / p.stride + 1;
        const size_t count = (size_t)p.images * (size_t)p.outputs * (size_t)out * (size_t)out;
        float *x = numbers((size_t)p.images * (size_t)p.inputs * (size_t)p.size * (size_t)p.size);
        float *w = numbers((size_t)p.outputs * (size_t)p.inputs * (size_t)p.kernel * (size_t)p.kernel);
        float *b = numbers((size_t)p.outputs), *a = malloc(count * sizeof(float)), *y = malloc(count * sizeof(float));
        theirs(p, out, x, w, b, a);
        ours(kernels, p, out, x, w, b, y);
        double largest = 0, worst = 0;
        for (size_t i = 0; i < count; i++) {
            largest = fmax(largest, fabs((double)a[i]));
            worst = fmax(worst, fabs((double)a[i] - (double)y[i]));
        }
        printf("oneDNN, problem %zu: differs by %.1e of the largest value\n", k, worst / largest);
        if (!(worst <= 4e-6 * largest)) return 1;
        free(x), free(w), free(b), free(a), free(y);
    }
    return 0;
}
