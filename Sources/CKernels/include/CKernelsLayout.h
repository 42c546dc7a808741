/// Copies between layouts, and elementwise operations: every processor rounds these alike, so one version serves all.
#ifndef SWITCHBACK_CKERNELS_LAYOUT_H
#define SWITCHBACK_CKERNELS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The rows first ..< end of a plane of `rows` rows of `row_floats` with `top` rows of zeros above it, zeros below it, and
/// zeros on both sides.
void sb_pad_rows(const float *_Nonnull source, ptrdiff_t rows, ptrdiff_t row_floats, float *_Nonnull destination,
                 ptrdiff_t top, ptrdiff_t left_floats, ptrdiff_t right_floats, ptrdiff_t first, ptrdiff_t end);

/// Some rows and columns of a map, end-exclusive.
typedef struct sb_bounds {
    ptrdiff_t first_row, end_row, first_column, end_column;
} sb_bounds;

/// Maps, and crops of them that begin at some corner, which may lie before the map.
typedef struct sb_crop {
    /// [blocks][height][width][lanes].
    const float *_Nonnull maps;
    float *_Nonnull crop;
    ptrdiff_t blocks, height, width, lanes, maps_block;
    ptrdiff_t crop_block, crop_row, corner_row, corner_column;
} sb_crop;

/// Copies what is in `outer` and not in `inner` from the maps to the crop, zeros where it is outside of the maps.
///
/// The inner lies within the outer, or one of its sides is empty.
void sb_copy_frame(const sb_crop *_Nonnull, sb_bounds outer, sb_bounds inner);

/// Planes of channels, `channel_step` apart, to pixels of `lanes` channels; lanes past `channels` are 0.
void sb_interleave(const float *_Nonnull source, ptrdiff_t channel_step, ptrdiff_t channels, ptrdiff_t pixels,
                   float *_Nonnull destination, ptrdiff_t lanes);

/// Pixels of `lanes` channels to planes of channels, `channel_step` apart.
void sb_deinterleave(const float *_Nonnull source, ptrdiff_t lanes, ptrdiff_t channels, ptrdiff_t pixels,
                     float *_Nonnull destination, ptrdiff_t channel_step);

/// Pixels of `lanes` channels to pixels of 16; the further lanes are 0.
void sb_widen(const float *_Nonnull source, ptrdiff_t lanes, float *_Nonnull destination, ptrdiff_t pixels);

/// Copies `count` lanes of every pixel, from lane `from` of the source to lane `to` of the destination.
void sb_copy_lanes(const float *_Nonnull source, ptrdiff_t from, float *_Nonnull destination, ptrdiff_t to,
                   ptrdiff_t count, ptrdiff_t pixels);

/// Sets the lanes first ..< end of every pixel.
void sb_set_lanes(float *_Nonnull destination, ptrdiff_t first, ptrdiff_t end, ptrdiff_t pixels, float value);

/// `rows` rows of 16 floats, the other way about: destination[i][row] = source[row][i]; columns past `rows` are 0.
void sb_transpose_block(const float *_Nonnull source, ptrdiff_t rows, float *_Nonnull destination);

/// min(max(a + b, low), high); NaN passes.
void sb_add(const float *_Nonnull a, const float *_Nonnull b, float *_Nonnull destination, ptrdiff_t count, float low,
            float high);

/// min(max(source, low), high); NaN passes. The two may be the same.
void sb_clip(const float *_Nonnull source, float *_Nonnull destination, ptrdiff_t count, float low, float high);

/// source · scale + shift, rounded after each, with 16 scales and shifts; then the clip.
void sb_scale_shift(const float *_Nonnull source, const float *_Nonnull scale, const float *_Nonnull shift,
                    float *_Nonnull destination, ptrdiff_t pixels, float low, float high);

/// Whether any value is NaN.
bool sb_has_nan(const float *_Nonnull values, ptrdiff_t count);

/// Whether no value is infinite or NaN.
bool sb_all_finite(const float *_Nonnull values, ptrdiff_t count);

/// Whether all values have the same bits.
bool sb_same_bits(const float *_Nonnull a, const float *_Nonnull b, ptrdiff_t count);

/// Some rows of numbers.
typedef struct sb_rows {
    const float *_Nonnull first;
    ptrdiff_t rows, columns, step;
} sb_rows;

/// The largest of the values' bits without their signs, which order as their magnitudes do and NaN last; and how many are
/// not zero.
uint32_t sb_largest_magnitude(const sb_rows *_Nonnull, ptrdiff_t *_Nonnull nonzero);

/// How many of the values' bits, without their signs, are `least` or more.
ptrdiff_t sb_count_magnitudes(const sb_rows *_Nonnull, uint32_t least);

/// The same, the bits themselves put one behind the other to where there is room for so many and one more.
ptrdiff_t sb_collect_magnitudes(const sb_rows *_Nonnull, uint32_t least, uint32_t *_Nonnull to);

#endif
