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

SB_INLINE bool max_pool_window(const bool switched, const sb_pooling *p, ptrdiff_t top, ptrdiff_t left, tap_range rows,
                               tap_range columns, float *destination, int32_t *switches) {
    const ptrdiff_t start = (top + rows.first * p->dilation_y) * p->width + left + columns.first * p->dilation_x;
    sb_vector best[SB_VECTORS];
    sb_mask position[SB_VECTORS], bad[SB_VECTORS];
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        best[v] = sb_load(p->source + start * SB_LANES + v * SB_WIDTH);
        position[v] = (sb_mask)(int32_t)start;
        bad[v] = best[v] != best[v];
    }
    for (ptrdiff_t y = rows.first; y < rows.end; y++) {
        ptrdiff_t at = (top + y * p->dilation_y) * p->width + left + columns.first * p->dilation_x;
        for (ptrdiff_t x = columns.first; x < columns.end; x++, at += p->dilation_x) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) {
                const sb_vector value = sb_load(p->source + at * SB_LANES + v * SB_WIDTH);
                bad[v] |= value != value;
                if (switched) position[v] = value > best[v] ? (sb_mask)(int32_t)at : position[v];
                best[v] = value > best[v] ? value : best[v];
            }
        }
    }
    bool met = false;
#pragma unroll
    for (int v = 0; v < SB_VECTORS; v++) {
        const sb_vector nan = sb_splat(__builtin_nanf(""));
        sb_store(destination + v * SB_WIDTH, bad[v] ? nan : best[v]);
        if (switched) *(sb_unaligned_mask *)(switches + v * SB_WIDTH) = position[v];
        met |= __builtin_reduce_or(bad[v]) != 0;
    }
    return met;
}

SB_INLINE bool max_pool_rows(const bool switched, const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    bool met = false;
    for (ptrdiff_t row = first; row < end; row++) {
        const ptrdiff_t top = row * p->stride_y - p->pad_top;
        const tap_range rows = taps_within(top, p->kernel_rows, p->dilation_y, p->height);
        for (ptrdiff_t column = 0; column < p->columns; column++) {
            const ptrdiff_t left = column * p->stride_x - p->pad_left;
            const ptrdiff_t at = (row * p->columns + column) * SB_LANES;
            const tap_range columns = taps_within(left, p->kernel_columns, p->dilation_x, p->width);
            met |= max_pool_window(switched, p, top, left, rows, columns, p->destination + at,
                                   switched ? p->switches + at : 0);
        }
    }
    return met;
}

SB_FUNCTION bool max_pool(const sb_pooling *p, ptrdiff_t first, ptrdiff_t end) {
    return p->switches ? max_pool_rows(true, p, first, end) : max_pool_rows(false, p, first, end);
}
