#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

void sb_pad_rows(const float *source, ptrdiff_t rows, ptrdiff_t row_floats, float *destination, ptrdiff_t top,
                 ptrdiff_t left_floats, ptrdiff_t right_floats, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t width = left_floats + row_floats + right_floats;
    float *to = destination + first * width;
    for (ptrdiff_t row = first - top; row < end - top; row++, to += width) {
        if (row < 0 || row >= rows) {
            memset(to, 0, (size_t)width * sizeof(float));
            continue;
        }
        memset(to, 0, (size_t)left_floats * sizeof(float));
        memcpy(to + left_floats, source + row * row_floats, (size_t)row_floats * sizeof(float));
        memset(to + left_floats + row_floats, 0, (size_t)right_floats * sizeof(float));
    }
}

// Three channels, as nearly all inputs have: a loop that the compiler can make vectors of.
static void interleave_three(const float *restrict a, const float *restrict b, const float *restrict c,
                             ptrdiff_t pixels, float *restrict destination) {
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        destination[3 * pixel] = a[pixel];
        destination[3 * pixel + 1] = b[pixel];
        destination[3 * pixel + 2] = c[pixel];
    }
}

void sb_interleave(const float *source, ptrdiff_t channel_step, ptrdiff_t channels, ptrdiff_t pixels,
                   float *destination, ptrdiff_t lanes) {
    if (channels == 3 && lanes == 3) {
        interleave_three(source, source + channel_step, source + 2 * channel_step, pixels, destination);
        return;
    }
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, destination += lanes) {
        for (ptrdiff_t lane = 0; lane < channels; lane++) destination[lane] = source[lane * channel_step + pixel];
        for (ptrdiff_t lane = channels; lane < lanes; lane++) destination[lane] = 0;
    }
}

void sb_deinterleave(const float *source, ptrdiff_t lanes, ptrdiff_t channels, ptrdiff_t pixels, float *destination,
                     ptrdiff_t channel_step) {
    for (ptrdiff_t lane = 0; lane < channels; lane++) {
        float *to = destination + lane * channel_step;
        for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) to[pixel] = source[pixel * lanes + lane];
    }
}

void sb_widen(const float *source, ptrdiff_t lanes, float *destination, ptrdiff_t pixels) {
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, source += lanes, destination += SB_LANES) {
        for (ptrdiff_t lane = 0; lane < SB_LANES; lane++) destination[lane] = lane < lanes ? source[lane] : 0;
    }
}

void sb_copy_lanes(const float *source, ptrdiff_t from, float *destination, ptrdiff_t to, ptrdiff_t count,
                   ptrdiff_t pixels) {
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, source += SB_LANES, destination += SB_LANES) {
        for (ptrdiff_t lane = 0; lane < count; lane++) destination[to + lane] = source[from + lane];
    }
}

void sb_set_lanes(float *destination, ptrdiff_t first, ptrdiff_t end, ptrdiff_t pixels, float value) {
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++, destination += SB_LANES) {
        for (ptrdiff_t lane = first; lane < end; lane++) destination[lane] = value;
    }
}

typedef float quad __attribute__((ext_vector_type(4), aligned(4)));

// Four rows of four, the other way about.
static void transpose_four(const float *source, float *destination) {
    const quad a = *(const quad *)source, b = *(const quad *)(source + SB_LANES);
    const quad c = *(const quad *)(source + 2 * SB_LANES), d = *(const quad *)(source + 3 * SB_LANES);
    const quad ac = __builtin_shufflevector(a, c, 0, 4, 1, 5), bd = __builtin_shufflevector(b, d, 0, 4, 1, 5);
    const quad ac2 = __builtin_shufflevector(a, c, 2, 6, 3, 7), bd2 = __builtin_shufflevector(b, d, 2, 6, 3, 7);
    *(quad *)destination = __builtin_shufflevector(ac, bd, 0, 4, 1, 5);
    *(quad *)(destination + SB_LANES) = __builtin_shufflevector(ac, bd, 2, 6, 3, 7);
    *(quad *)(destination + 2 * SB_LANES) = __builtin_shufflevector(ac2, bd2, 0, 4, 1, 5);
    *(quad *)(destination + 3 * SB_LANES) = __builtin_shufflevector(ac2, bd2, 2, 6, 3, 7);
}

void sb_transpose_block(const float *source, ptrdiff_t rows, float *destination) {
    if (rows == SB_LANES) {
        for (ptrdiff_t row = 0; row < SB_LANES; row += 4) {
            for (ptrdiff_t i = 0; i < SB_LANES; i += 4) {
                transpose_four(source + row * SB_LANES + i, destination + i * SB_LANES + row);
            }
        }
        return;
    }
    for (ptrdiff_t i = 0; i < SB_LANES; i++) {
        for (ptrdiff_t row = 0; row < rows; row++) destination[i * SB_LANES + row] = source[row * SB_LANES + i];
        for (ptrdiff_t row = rows; row < SB_LANES; row++) destination[i * SB_LANES + row] = 0;
    }
}
