#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

void sb_pad_plane(const float *source, ptrdiff_t rows, ptrdiff_t row_floats, float *destination, ptrdiff_t top,
                  ptrdiff_t bottom, ptrdiff_t left_floats, ptrdiff_t right_floats) {
    const ptrdiff_t width = left_floats + row_floats + right_floats;
    // What lies between two rows of the source is one run of zeros: the right margin and the next left one.
    memset(destination, 0, (size_t)(top * width + left_floats) * sizeof(float));
    float *to = destination + top * width + left_floats;
    for (ptrdiff_t row = 0; row < rows; row++, source += row_floats, to += width) {
        memcpy(to, source, (size_t)row_floats * sizeof(float));
        const ptrdiff_t gap = row < rows - 1 ? right_floats + left_floats : right_floats;
        memset(to + row_floats, 0, (size_t)gap * sizeof(float));
    }
    memset(destination + (top + rows) * width, 0, (size_t)(bottom * width) * sizeof(float));
}

void sb_interleave(const float *source, ptrdiff_t channel_step, ptrdiff_t channels, ptrdiff_t pixels,
                   float *destination, ptrdiff_t lanes) {
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

void sb_transpose_block(const float *source, ptrdiff_t rows, float *destination) {
    for (ptrdiff_t i = 0; i < SB_LANES; i++) {
        for (ptrdiff_t row = 0; row < rows; row++) destination[i * SB_LANES + row] = source[row * SB_LANES + i];
        for (ptrdiff_t row = rows; row < SB_LANES; row++) destination[i * SB_LANES + row] = 0;
    }
}
