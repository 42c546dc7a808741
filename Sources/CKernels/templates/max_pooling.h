// Max pooling, with switches if asked: the first maximum in row-major order; padding takes no part.

// The taps of a window that lie within the image along one axis: those numbered first ..< end.
typedef struct {
    ptrdiff_t first, end;
} tap_range;

SB_INLINE tap_range taps_within(ptrdiff_t start, ptrdiff_t taps, ptrdiff_t dilation, ptrdiff_t size) {
    tap_range range = {0, taps};
    if (start < 0) range.first = (-start + dilation - 1) / dilation;
    if (start + (taps - 1) * dilation >= size) range.end = (size - start + dilation - 1) / dilation;
    return range;
}

// What the windows of one pooling have in common: with switches or without, NaN looked for or known not to be there.
typedef struct {
    bool switched, checked;
} pool_mode;

// Takes the tap at position `at` of the plane into the window's results so far.
SB_INLINE void max_pool_tap(const pool_mode mode, const sb_pooling *p, ptrdiff_t at, sb_vector *best, sb_mask *position,
                            sb_mask *bad) {
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        const sb_vector value = sb_load(p->source + at * SB_LANES + v * SB_WIDTH);
        if (mode.checked) bad[v] |= value != value;
        if (mode.switched) position[v] = value > best[v] ? (sb_mask)(int32_t)at : position[v];
        best[v] = value > best[v] ? value : best[v];
    }
}

SB_INLINE void max_pool_window(const pool_mode mode, const sb_pooling *p, ptrdiff_t top, ptrdiff_t left, tap_range rows,
                               tap_range columns, float *destination, int32_t *switches) {
    const ptrdiff_t start = (top + rows.first * p->dilation_y) * p->source_row + left + columns.first * p->dilation_x;
    sb_vector best[SB_VECTORS];
    sb_mask position[SB_VECTORS], bad[SB_VECTORS];
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        best[v] = sb_load(p->source + start * SB_LANES + v * SB_WIDTH);
        position[v] = (sb_mask)(int32_t)start;
        bad[v] = (sb_mask)0;
    }
    ptrdiff_t row = start;
    for (ptrdiff_t y = rows.first; y < rows.end; y++, row += p->dilation_y * p->source_row) {
        if (columns.end - columns.first == 3 && p->dilation_x == 1) {
            // The commonest window, without a loop.
            max_pool_tap(mode, p, row, best, position, bad);
            max_pool_tap(mode, p, row + 1, best, position, bad);
            max_pool_tap(mode, p, row + 2, best, position, bad);
            continue;
        }
        ptrdiff_t at = row;
        for (ptrdiff_t x = columns.first; x < columns.end; x++, at += p->dilation_x) {
            max_pool_tap(mode, p, at, best, position, bad);
        }
    }
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        const sb_vector nan = sb_splat(__builtin_nanf(""));
        sb_store(destination + v * SB_WIDTH, mode.checked && bad[v] ? nan : best[v]);
        if (mode.switched) *(sb_unaligned_mask *)(switches + v * SB_WIDTH) = position[v];
    }
}

// Whole windows of `rows` by 3 side by side, of which no switches are wanted, without a NaN: the commonest by far.
SB_INLINE void max_pool_threes(const int rows, const sb_pooling *p, const float *source, ptrdiff_t count,
                               float *destination) {
    const ptrdiff_t row = p->source_row * SB_LANES, step = p->stride_x * SB_LANES;
    for (; count > 0; count--, source += step, destination += SB_LANES) {
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) {
            sb_vector best = sb_load(source + v * SB_WIDTH);
#pragma unroll
            for (int i = 1; i < rows * 3; i++) {
                const sb_vector value = sb_load(source + i / 3 * row + i % 3 * SB_LANES + v * SB_WIDTH);
                best = value > best ? value : best;
            }
            sb_store(destination + v * SB_WIDTH, best);
        }
    }
}

// Those of a row that can be computed so: first ..< end.
SB_FUNCTION tap_range max_pool_middle(const sb_pooling *p, ptrdiff_t row) {
    const tap_range none = {0, 0};
    const ptrdiff_t top = row * p->stride_y - p->pad_top;
    if (p->kernel_columns != 3 || p->kernel_rows != 3 || p->dilation_x != 1 || p->dilation_y != 1) return none;
    if (top < 0 || top + 3 > p->height || p->width + p->pad_left < 3) return none;
    const ptrdiff_t first = p->pad_left > 0 ? (p->pad_left + p->stride_x - 1) / p->stride_x : 0;
    ptrdiff_t end = (p->width + p->pad_left - 3) / p->stride_x + 1;
    if (end > p->columns) end = p->columns;
    if (first >= end) return none;
    const float *source = p->source + (top * p->source_row + first * p->stride_x - p->pad_left) * SB_LANES;
    max_pool_threes(3, p, source, end - first, p->destination + (row * p->destination_row + first) * SB_LANES);
    return (tap_range){first, end};
}

SB_INLINE void max_pool_row(const pool_mode mode, const sb_pooling *p, ptrdiff_t row) {
    const ptrdiff_t top = row * p->stride_y - p->pad_top;
    const tap_range rows = taps_within(top, p->kernel_rows, p->dilation_y, p->height);
    const tap_range done = mode.switched || mode.checked ? (tap_range){0, 0} : max_pool_middle(p, row);
    for (ptrdiff_t column = 0; column < p->columns; column++) {
        if (column == done.first && done.end > done.first) column = done.end;
        if (column == p->columns) break;
        const ptrdiff_t left = column * p->stride_x - p->pad_left;
        const ptrdiff_t at = (row * p->destination_row + column) * SB_LANES;
        const tap_range columns = taps_within(left, p->kernel_columns, p->dilation_x, p->width);
        max_pool_window(mode, p, top, left, rows, columns, p->destination + at, mode.switched ? p->switches + at : 0);
    }
}

// Whether one of some rows could hold a NaN: one look at each value, where it may be in many windows. A value times 0 is 0,
// but of a NaN or an infinity, which are looked at more closely.
SB_FUNCTION bool may_hold_nan(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    const sb_vector zero = sb_splat(0);
    // Independent sums, as many as hide what an addition takes.
    sb_vector sums[4 * SB_VECTORS];
#pragma unroll
    for (int i = 0; i < 4 * SB_VECTORS; i++) sums[i] = zero;
    for (ptrdiff_t y = first; y < end; y++) {
        const float *from = p->source + y * p->source_row * SB_LANES;
        ptrdiff_t left = p->width;
        for (; left >= 4; left -= 4, from += 4 * SB_LANES) {
#pragma unroll
            for (int i = 0; i < 4 * SB_VECTORS; i++) sums[i] = sb_fma(sb_load(from + i * SB_WIDTH), zero, sums[i]);
        }
        for (; left > 0; left--, from += SB_LANES) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) sums[v] = sb_fma(sb_load(from + v * SB_WIDTH), zero, sums[v]);
        }
    }
    sb_mask bad = (sb_mask)0;
#pragma unroll
    for (int i = 0; i < 4 * SB_VECTORS; i++) bad |= sums[i] != zero;
    return __builtin_reduce_or(bad) != 0;
}

SB_FUNCTION bool max_pool(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    bool met = false, checked = false;
    // Rows up to here have been looked at.
    ptrdiff_t seen = 0;
    for (ptrdiff_t row = first; row < end; row++) {
        const ptrdiff_t top = row * p->stride_y - p->pad_top, bottom = top + (p->kernel_rows - 1) * p->dilation_y + 1;
        if (seen < top) seen = top;
        const ptrdiff_t until = bottom < p->height ? bottom : p->height;
        if (!checked && seen < until) checked = may_hold_nan(p, seen, until);
        if (seen < until) seen = until;
        if (p->switches) {
            checked ? max_pool_row((pool_mode){true, true}, p, row) : max_pool_row((pool_mode){true, false}, p, row);
        } else {
            checked ? max_pool_row((pool_mode){false, true}, p, row) : max_pool_row((pool_mode){false, false}, p, row);
        }
        if (!checked) continue;
        // A NaN may lie between windows, where it does no harm.
        const float *results = p->destination + row * p->destination_row * SB_LANES;
        for (ptrdiff_t i = 0; i < p->columns * SB_LANES; i++) met |= results[i] != results[i];
    }
    return met;
}
