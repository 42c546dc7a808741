// Unpooling of positions as they are read: each is the sum of the windows that chose it, in row-major order.

// The windows along one axis that span a position: those numbered first ..< end.
SB_INLINE tap_range windows_over(ptrdiff_t position, ptrdiff_t span, ptrdiff_t stride, ptrdiff_t windows) {
    tap_range range = {position < span ? 0 : (position - span) / stride + 1, position < 0 ? 0 : position / stride + 1};
    if (range.end > windows) range.end = windows;
    return range;
}

// A sum with the value of a window that chose a place.
SB_INLINE sb_vector with_chosen(sb_vector sum, const float *value, const int32_t *chosen, int32_t place) {
    const sb_mask is_here = *(const sb_unaligned_mask *)chosen == (sb_mask)place;
    return is_here ? sum + sb_load(value) : sum;
}

// Some positions of one row of one block that these rows of windows span, 16 values each.
SB_FUNCTION void unpool_any(const sb_pooled *p, ptrdiff_t block, tap_range rows, ptrdiff_t row, ptrdiff_t column,
                            ptrdiff_t count, float *to) {
    const float *const values = p->values + block * p->values_block;
    const int32_t *const switches = p->switches + block * p->switches_block;
    tap_range columns = windows_over(column - p->left, p->span_x, p->stride_x, p->columns);
    ptrdiff_t opens = p->left + columns.end * p->stride_x, closes = p->left + columns.first * p->stride_x + p->span_x;
    const sb_vector low = sb_splat(p->rectified ? 0 : -__builtin_inff());
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
                    sums[v] = with_chosen(sums[v], value + v * SB_WIDTH, chosen + v * SB_WIDTH, place);
                }
            }
        }
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) sb_store(to + v * SB_WIDTH, sums[v] < low ? low : sums[v]);
    }
}

// The same where windows are two columns apart and span two or three, in pairs of positions: of each pair the first is
// spanned by a window and, if they are three wide, by the one before it; the second by this window alone.
SB_INLINE void unpool_pairs(const int window_rows, const int span, const sb_pooled *p, const float *value,
                            const int32_t *chosen, int32_t place, ptrdiff_t pairs, float *to) {
    const sb_vector low = sb_splat(p->rectified ? 0 : -__builtin_inff());
    for (; pairs > 0; pairs--, place += 2, value += SB_LANES, chosen += SB_LANES, to += 2 * SB_LANES) {
#pragma unroll
        for (int v = 0; v < SB_VECTORS; v++) {
            sb_vector first = sb_splat(0), second = sb_splat(0);
#pragma unroll
            for (int y = 0; y < window_rows; y++) {
                const float *at = value + y * p->values_row + v * SB_WIDTH;
                const int32_t *number = chosen + y * p->switches_row + v * SB_WIDTH;
                if (span == 3) first = with_chosen(first, at - SB_LANES, number - SB_LANES, place);
                first = with_chosen(first, at, number, place);
                second = with_chosen(second, at, number, place + 1);
            }
            sb_store(to + v * SB_WIDTH, first < low ? low : first);
            sb_store(to + SB_LANES + v * SB_WIDTH, second < low ? low : second);
        }
    }
}

// Some positions of one row of one block, 16 values each.
SB_FUNCTION void unpool_row(const sb_pooled *p, ptrdiff_t block, ptrdiff_t row, ptrdiff_t column, ptrdiff_t count,
                            float *to) {
    const tap_range rows = windows_over(row - p->top, p->span_y, p->stride_y, p->rows);
    const ptrdiff_t window_rows = rows.end - rows.first;
    if (p->stride_x == 2 && (p->span_x == 2 || p->span_x == 3) && (window_rows == 1 || window_rows == 2)) {
        // The first pair whose windows are all there, and how many there are from it on.
        const ptrdiff_t least = p->left + (p->span_x == 3 ? 2 : 0), before = column < least ? least : column;
        const ptrdiff_t start = before + ((before - p->left) & 1), window = (start - p->left) / 2;
        const ptrdiff_t there = p->columns - window, wanted = (column + count - start) / 2;
        const ptrdiff_t pairs = there < wanted ? there : wanted;
        if (pairs > 0) {
            unpool_any(p, block, rows, row, column, start - column, to);
            to += (start - column) * SB_LANES;
            const float *value = p->values + block * p->values_block + rows.first * p->values_row + window * SB_LANES;
            const int32_t *chosen =
                p->switches + block * p->switches_block + rows.first * p->switches_row + window * SB_LANES;
            const int32_t place = (int32_t)(row * p->width + start);
            if (window_rows == 1 && p->span_x == 2) unpool_pairs(1, 2, p, value, chosen, place, pairs, to);
            if (window_rows == 2 && p->span_x == 2) unpool_pairs(2, 2, p, value, chosen, place, pairs, to);
            if (window_rows == 1 && p->span_x == 3) unpool_pairs(1, 3, p, value, chosen, place, pairs, to);
            if (window_rows == 2 && p->span_x == 3) unpool_pairs(2, 3, p, value, chosen, place, pairs, to);
            to += 2 * pairs * SB_LANES;
            count -= start - column + 2 * pairs;
            column = start + 2 * pairs;
        }
    }
    unpool_any(p, block, rows, row, column, count, to);
}
