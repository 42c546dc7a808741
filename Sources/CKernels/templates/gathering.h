// Lists of what is not zero: of each position, and of each pixel's steps, which are the positions that its taps read.

// The values of a position that are not zero, side by side, and their lanes, of which the first has the number `first`, in
// 16 places, of which those behind the values get whatever there is; returns how many values there are. A variant may know a
// way of its own.
#ifndef SB_COMPACT
#define SB_COMPACT compact
SB_INLINE ptrdiff_t compact(const float *from, ptrdiff_t lanes, uint16_t first, float *values, uint16_t *numbers) {
    ptrdiff_t count = 0;
    for (ptrdiff_t lane = 0; lane < lanes; lane++) {
        values[count] = from[lane];
        numbers[count] = (uint16_t)(first + lane);
        count += from[lane] != 0;
    }
    return count;
}
#endif

// The values that are not zero, position by position, each with its number in its row: column · lanes + lane, of which the
// last 16 bits count. Fills in where each position's begin. Returns how many there are of all.
SB_FUNCTION ptrdiff_t gather_positions(const sb_sparse_convolution *c, ptrdiff_t block) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    float *const values = c->position_values;
    uint16_t *const numbers = c->position_numbers;
    int32_t *start = c->position_starts;
    ptrdiff_t length = 0;
    for (const sb_patch *patch = c->patches, *last = patch + c->count; patch < last; patch++) {
        for (ptrdiff_t row = 0; row < patch->source_rows; row++) {
            const float *from = c->row_values;
            if (c->source) {
                from = c->source + patch->source + block * c->source_block + row * c->source_row;
            } else {
                unpool_row(c->pooled + patch->pooled, c->first_block + block, patch->map_row + row, patch->map_column,
                           patch->source_columns, c->row_values);
            }
            ptrdiff_t number = 0;
            for (const ptrdiff_t end = patch->source_columns * lanes; number < end; number += lanes, from += SB_LANES) {
                *start++ = (int32_t)length;
                length += SB_COMPACT(from, lanes, (uint16_t)number, values + length, numbers + length);
            }
        }
    }
    *start = (int32_t)length;
    return length;
}

// Some neighbouring positions' values and their steps, which are numbered `first` more than in the row; 16 at a time, of
// which the last few may not count.
SB_INLINE void append_steps(const float *values, const uint16_t *numbers, ptrdiff_t count, uint16_t first, float *to,
                            uint16_t *steps) {
    typedef uint16_t sixteen __attribute__((ext_vector_type(SB_LANES), aligned(2)));
    ptrdiff_t i = 0;
    do {
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) sb_store(to + i + v * SB_WIDTH, sb_load(values + i + v * SB_WIDTH));
        *(sixteen *)(steps + i) = *(const sixteen *)(numbers + i) + first;
        i += SB_LANES;
    } while (i < count);
}

// The taps along one axis that read a position within the source: those numbered first ..< end.
SB_INLINE tap_range taps_inside(ptrdiff_t start, ptrdiff_t taps, ptrdiff_t step, ptrdiff_t size) {
    if (step == 1) {
        const tap_range range = {start < 0 ? -start : 0, size - start < taps ? size - start : taps};
        return range;
    }
    tap_range range = {start < 0 ? (-start + step - 1) / step : 0, taps};
    if (start + (taps - 1) * step >= size) range.end = size - start <= 0 ? 0 : (size - start - 1) / step + 1;
    return range;
}

// The steps of one pixel of a patch whose positions' lists begin at `starts`, behind the `length` steps of those before;
// returns how many there are then. The taps of a kernel row that read neighbours are one piece of the row's list.
SB_INLINE ptrdiff_t gather_pixel(const sb_sparse_convolution *c, const sb_patch *patch, ptrdiff_t lanes,
                                 const int32_t *starts, tap_range rows, ptrdiff_t top, ptrdiff_t left, ptrdiff_t length) {
    const float *const values = c->position_values;
    const uint16_t *const numbers = c->position_numbers;
    float *const to = c->pixel_values;
    uint16_t *const steps = c->pixel_steps;
    const ptrdiff_t across = c->kernel_columns, step = c->tap_column;
    const tap_range columns = taps_inside(left, across, step, patch->source_columns);
    if (columns.first >= columns.end) return length;
    const ptrdiff_t each = step == 1 ? columns.end - columns.first : 1;
    for (ptrdiff_t y = rows.first; y < rows.end; y++) {
        const int32_t *row = starts + (top + y * c->tap_row) * patch->source_columns;
        for (ptrdiff_t x = columns.first; x < columns.end; x += each) {
            const ptrdiff_t column = left + x * step, begin = row[column], end = row[column + each];
            append_steps(values + begin, numbers + begin, end - begin, (uint16_t)((y * across + x - column) * lanes),
                         to + length, steps + length);
            length += end - begin;
        }
    }
    return length;
}

// Each pixel's list, in the order of its steps; fills in where the lists begin.
SB_FUNCTION void gather_steps(const sb_sparse_convolution *c, ptrdiff_t block, int32_t *begin) {
    const ptrdiff_t lanes = block == c->blocks - 1 ? c->last_lanes : SB_LANES;
    const int32_t *starts = c->position_starts;
    ptrdiff_t length = 0;
    for (const sb_patch *patch = c->patches, *last = patch + c->count; patch < last; patch++) {
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            const tap_range rows = taps_inside(row + patch->top, c->kernel_rows, c->tap_row, patch->source_rows);
            for (ptrdiff_t column = 0; column < patch->columns; column++) {
                *begin++ = (int32_t)length;
                length = gather_pixel(c, patch, lanes, starts, rows, row + patch->top, column + patch->left, length);
            }
        }
        starts += patch->source_rows * patch->source_columns;
    }
    *begin = (int32_t)length;
}
