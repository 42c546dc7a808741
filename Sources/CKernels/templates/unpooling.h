// Unpooling of positions as they are read: each is the sum of the windows that chose it, in row-major order.

// The windows along one axis that span a position: those numbered first ..< end.
SB_INLINE tap_range windows_over(ptrdiff_t position, ptrdiff_t span, ptrdiff_t stride, ptrdiff_t windows) {
    tap_range range = {position < span ? 0 : (position - span) / stride + 1, position < 0 ? 0 : position / stride + 1};
    if (range.end > windows) range.end = windows;
    return range;
}

// Some positions of one row of one block, 16 values each.
SB_FUNCTION void unpool_row(const sb_pooled *p, ptrdiff_t block, ptrdiff_t row, ptrdiff_t column, ptrdiff_t count,
                            float *to) {
    const float *const values = p->values + block * p->values_block;
    const int32_t *const switches = p->switches + block * p->switches_block;
    const tap_range rows = windows_over(row - p->top, p->span_y, p->stride_y, p->rows);
    tap_range columns = windows_over(column - p->left, p->span_x, p->stride_x, p->columns);
    ptrdiff_t opens = p->left + columns.end * p->stride_x, closes = p->left + columns.first * p->stride_x + p->span_x;
    const sb_vector low = sb_splat(p->rectified ? 0 : -__builtin_inff()), high = sb_splat(__builtin_inff());
    int32_t place = (int32_t)(row * p->width + column);
    for (const ptrdiff_t end = column + count; column < end; column++, place++, to += SB_LANES) {
        for (; opens <= column && columns.end < p->columns; opens += p->stride_x) columns.end++;
        for (; closes <= column && columns.first < columns.end; closes += p->stride_x) columns.first++;
        sb_vector sums[SB_VECTORS];
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) sums[v] = sb_splat(0);
        for (ptrdiff_t y = rows.first; y < rows.end; y++) {
            const float *value = values + y * p->values_row + columns.first * SB_LANES;
            const int32_t *chosen = switches + y * p->switches_row + columns.first * SB_LANES;
            for (ptrdiff_t x = columns.first; x < columns.end; x++, value += SB_LANES, chosen += SB_LANES) {
#pragma unroll
                for (int v = 0; v < SB_VECTORS; v++) {
                    const sb_mask is_here = *(const sb_unaligned_mask *)(chosen + v * SB_WIDTH) == (sb_mask)place;
                    sums[v] = is_here ? sums[v] + sb_load(value + v * SB_WIDTH) : sums[v];
                }
            }
        }
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) sb_store(to + v * SB_WIDTH, sb_limit(sums[v], low, high));
    }
}
