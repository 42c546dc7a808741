/// Convolutions of signals most of which are zero.
#ifndef SWITCHBACK_CKERNELS_SPARSE_H
#define SWITCHBACK_CKERNELS_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A rectangle of the windows of a max pooling, with values that stand for what unpooling makes of them: kernels unpool each
/// position when they read it, so that maps of mostly zeros are never written.
///
/// A position is the sum from zero of the values whose windows chose it, in row-major order.
typedef struct sb_pooled {
    /// The first window's value and switch in the first block; a switch is a position of the map: row · width + column.
    const float *_Nonnull values;
    const int32_t *_Nonnull switches;
    /// Values, and switches, from row to row and from block to block; windows of a row lie side by side.
    ptrdiff_t values_row, values_block, switches_row, switches_block;
    ptrdiff_t rows, columns;
    /// Where the first window begins in the map, in the padding if negative; positions from one window to the next, and
    /// that one spans.
    ptrdiff_t top, left, stride_y, stride_x, span_y, span_x;
    /// Columns of the map.
    ptrdiff_t width;
    /// Whether negative results become 0.
    bool rectified;
} sb_pooled;

/// Some outputs of a convolution of stride 1, and the positions of the source that are not zero as a whole.
typedef struct sb_patch {
    /// Floats from the source to the first position; how many there are. Around them there are zeros.
    ptrdiff_t source, source_rows, source_columns;
    /// Floats from the destination to the first output; how many there are.
    ptrdiff_t destination, rows, columns;
    /// The position that the first tap of the first output reads, which may be outside.
    ptrdiff_t top, left;
    /// Of a source to be unpooled: its number, and where its first position lies in the map.
    ptrdiff_t pooled, map_row, map_column;
} sb_patch;

/// A convolution without a bias, whose outputs are summed in the order that ``sb_convolution`` gives.
///
/// What is multiplied by zeros is left out; all weights must be finite, so that this changes no bit. Of some that are computed
/// together, the source, its blocks and lanes, and what patches read are the same, in the same order; each has a room for
/// pixels of its own.
typedef struct sb_sparse_convolution {
    const float *_Nullable source;
    /// What is read in the place of the source if that is null, from this block on.
    const sb_pooled *_Nullable pooled;
    ptrdiff_t first_block;
    /// [output block][block][kernel row][kernel column][lane][16 output channels].
    const float *_Nullable weights;
    float *_Nullable destination;
    const sb_patch *_Nullable patches;
    ptrdiff_t count;
    /// Floats from row to row and from block to block; positions of a row lie side by side.
    ptrdiff_t source_row, source_block;
    ptrdiff_t destination_row, destination_column, destination_block;
    /// Floats of one output block's weights.
    ptrdiff_t weights_block;
    /// Input blocks, the last of which is read up to `last_lanes`.
    ptrdiff_t blocks, last_lanes;
    /// At most 255 taps; positions from one to the next.
    ptrdiff_t kernel_rows, kernel_columns, tap_row, tap_column;
    /// Output blocks at a time, at most ``SB_SPARSE_OUTPUTS``.
    ptrdiff_t outputs;
    /// Negative results become 0, but for −∞ as well as for NaN.
    float low;
    /// Room for what is made of all patches together: 16 values and 16 numbers a position and 16 each on top; as many
    /// values and numbers as there are pixels times taps times 16, and 16 on top; where each position's begin, and one on
    /// top; four numbers a pixel, and one on top; and of a source to be unpooled 16 values for each position of the longest
    /// row.
    float *_Nullable row_values, *_Nullable position_values, *_Nullable pixel_values;
    uint16_t *_Nullable position_numbers, *_Nullable pixel_steps;
    int32_t *_Nullable position_starts;
    ptrdiff_t *_Nullable pixels;
} sb_sparse_convolution;

/// Output blocks that are computed at a time at most.
#define SB_SPARSE_OUTPUTS 6

/// The adjoint of a convolution of few channels: each value that is not zero is spread over the outputs it reaches, whose
/// channels lie side by side.
///
/// The sums have the order that ``sb_convolution`` gives, for the same reasons as above. All values must be finite.
typedef struct sb_spreading {
    /// The positions of the source that are not zero as a whole; those of a row lie side by side.
    const float *_Nullable source;
    /// What is read in the place of the source if that is null, from this position of the map on, and room for a row of it.
    const sb_pooled *_Nullable pooled;
    ptrdiff_t map_row, map_column;
    float *_Nullable row_values;
    ptrdiff_t rows, columns, source_row, source_block;
    /// Input blocks, the last of which is read up to `last_lanes`.
    ptrdiff_t blocks, last_lanes;
    /// [block][lane][kernel row][kernel columns · channels, and zeros up to `weights_row`, a multiple of 16], and 16 zeros
    /// before all of that.
    const float *_Nullable weights;
    ptrdiff_t weights_row;
    /// Floats of a kernel row, without the zeros: at most ``SB_SPREAD_FLOATS``.
    ptrdiff_t width;
    /// Output rows from one kernel row to the next and from one row of the source to the next, and floats from column to
    /// column.
    ptrdiff_t kernel_rows, dilation_y, stride_y, stride_floats;
    /// The outputs wanted, in floats of each row, among those reached: and where the first of the first row goes.
    ptrdiff_t first_float, floats;
    float *_Nullable destination;
    ptrdiff_t first_row, destination_row;
    /// Room for as many rows as the kernel spans, each of what a row reaches, with `weights_row` for the last position; and
    /// 16 floats more.
    float *_Nullable room;
    ptrdiff_t room_row;
} sb_spreading;

/// Floats of a kernel row at most.
#define SB_SPREAD_FLOATS 48

/// The values that are not zero, of some pixels of 16.
ptrdiff_t sb_count_nonzero(const float *_Nonnull values, ptrdiff_t pixels);

/// The values that are greater than zero, of some pixels of 16.
ptrdiff_t sb_count_positive(const float *_Nonnull values, ptrdiff_t pixels);

#endif
