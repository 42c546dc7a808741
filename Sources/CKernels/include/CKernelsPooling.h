/// Pooling and unpooling of one block of one image, in one fixed order; every processor rounds these alike.
#ifndef SWITCHBACK_CKERNELS_POOLING_H
#define SWITCHBACK_CKERNELS_POOLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sb_pooling;

/// The rows first ..< end of an average pooling: the sum of a window from zero in row-major order, divided by its size.
void sb_average_pool(const struct sb_pooling *_Nonnull, ptrdiff_t first, ptrdiff_t end);

/// The adjoint, over all `rows` of the pooled map in row-major order; the pointers of the geometry are not used.
void sb_average_unpool(const struct sb_pooling *_Nonnull, ptrdiff_t rows, float *_Nonnull larger,
                       const float *_Nonnull pooled);

/// The sum of a row of pixels from left to right, from zero, the row given in three parts; 16 results.
void sb_sum_row(const float *_Nonnull before, ptrdiff_t columns_before, const float *_Nonnull middle,
                ptrdiff_t columns, const float *_Nonnull behind, ptrdiff_t columns_behind, float *_Nonnull sums);

/// The sums of rows added up from top to bottom, from zero, divided by `divisor`. 16 results.
void sb_average_of_rows(const float *_Nonnull sums, ptrdiff_t rows, float divisor, float *_Nonnull destination);

/// The sum of each row of a map of 16 channels from left to right, from zero; its pixels lie `step` floats apart.
void sb_sums_of_rows(const float *_Nonnull pixels, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t columns,
                     float *_Nonnull sums);

/// The mean of a map of 16 channels that is like another but at some positions, whose numbers rise: there it has the values
/// of `own` at these entries. `sums` are those of the other map's rows; only rows with such a position are summed again.
void sb_mean_with(const float *_Nonnull pixels, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t columns,
                  const float *_Nonnull sums, const int32_t *_Nullable positions, const int32_t *_Nullable entries,
                  ptrdiff_t count, const float *_Nonnull own, float divisor, float *_Nonnull destination);

/// 16 values, each divided by `divisor`, at every pixel.
void sb_spread(const float *_Nonnull values, float divisor, float *_Nonnull destination, ptrdiff_t pixels);

/// Whether every switch is in 0 ..< limit.
bool sb_switches_in_range(const int32_t *_Nonnull switches, ptrdiff_t count, int32_t limit);

typedef enum sb_overlap : int32_t { SB_OVERLAP_SUM = 0, SB_OVERLAP_MAX = 1, SB_OVERLAP_LAST = 2 } sb_overlap;

/// Places the values of `windows` pooled pixels at their switches in a map of `pixels` pixels, 0 elsewhere.
///
/// Windows come in row-major order. Those that chose the same position are added up, or the largest is kept, or the
/// last. The switches must be below `pixels`.
void sb_unpool(sb_overlap overlap, const float *_Nonnull values, const int32_t *_Nonnull switches, ptrdiff_t windows,
               float *_Nonnull destination, ptrdiff_t pixels);

/// The unpooling of some windows of one block of one image, a rectangle of them, into a rectangle that holds all that they
/// span of the map.
typedef struct sb_unpooling {
    /// The first window's value, and its switch, which is a position of the whole map: row · width + column.
    const float *_Nonnull values;
    const int32_t *_Nonnull switches;
    /// The position in the first row and column of the rectangle written.
    float *_Nonnull destination;
    /// Windows, and pixels from one row of their values and of their switches to the next.
    ptrdiff_t rows, columns, values_row, switches_row;
    /// The row of the map that the first row of windows starts at, in the padding if negative; and from row to row.
    ptrdiff_t start, stride;
    /// Rows that a window spans.
    ptrdiff_t span;
    /// Columns of the map.
    ptrdiff_t width;
    /// The rectangle written: where it lies in the map, its size, and pixels from one row to the next.
    ptrdiff_t top, left, height, breadth, destination_row;
    sb_overlap overlap;
    /// Whether negative results become 0.
    bool rectified;
} sb_unpooling;

/// The same numbers as ``sb_unpool`` gives for the whole map, where the windows left out have zeros.
///
/// Each switch must lie in what its window spans of the rectangle.
void sb_unpool_part(const sb_unpooling *_Nonnull);

#endif
