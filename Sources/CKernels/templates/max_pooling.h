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

SB_INLINE void max_pool_row(const pool_mode mode, const sb_pooling *p, ptrdiff_t row) {
    const ptrdiff_t top = row * p->stride_y - p->pad_top;
    const tap_range rows = taps_within(top, p->kernel_rows, p->dilation_y, p->height);
    for (ptrdiff_t column = 0; column < p->columns; column++) {
        const ptrdiff_t left = column * p->stride_x - p->pad_left;
        const ptrdiff_t at = (row * p->destination_row + column) * SB_LANES;
        const tap_range columns = taps_within(left, p->kernel_columns, p->dilation_x, p->width);
        max_pool_window(mode, p, top, left, rows, columns, p->destination + at, mode.switched ? p->switches + at : 0);
    }
}

// Whether the windows of a row could meet a NaN: one look at each value, where it may be in many windows.
SB_FUNCTION bool meets_nan(const sb_pooling *p, ptrdiff_t row) {
    const ptrdiff_t top = row * p->stride_y - p->pad_top, bottom = top + (p->kernel_rows - 1) * p->dilation_y + 1;
    sb_mask bad[SB_VECTORS];
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) bad[v] = (sb_mask)0;
    for (ptrdiff_t y = top < 0 ? 0 : top; y < bottom && y < p->height; y++) {
        const float *from = p->source + y * p->source_row * SB_LANES, *to = from + p->width * SB_LANES;
        for (; from < to; from += SB_LANES) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) {
                const sb_vector value = sb_load(from + v * SB_WIDTH);
                bad[v] |= value != value;
            }
        }
    }
    int32_t met = 0;
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) met |= __builtin_reduce_or(bad[v]);
    return met != 0;
}

SB_FUNCTION bool max_pool(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    bool met = false;
    for (ptrdiff_t row = first; row < end; row++) {
        const bool checked = meets_nan(p, row);
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
