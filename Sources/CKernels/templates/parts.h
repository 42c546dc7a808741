// Sums of parts of a convolution, with as many running totals in registers as hide what an addition takes.

#define SB_PART_BLOCKS 4

SB_INLINE void add_parts_tile(const int blocks, const float *parts, ptrdiff_t step, ptrdiff_t number, float *destination,
                              sb_vector low, sb_vector high) {
    sb_vector totals[SB_PART_BLOCKS * SB_VECTORS];
#pragma unroll
    for (int i = 0; i < blocks * SB_VECTORS; i++) totals[i] = sb_load(destination + i * SB_WIDTH);
    for (; number > 0; number--, parts += step) {
#pragma unroll
        for (int i = 0; i < blocks * SB_VECTORS; i++) totals[i] = totals[i] + sb_load(parts + i * SB_WIDTH);
    }
#pragma unroll
    for (int i = 0; i < blocks * SB_VECTORS; i++) sb_store(destination + i * SB_WIDTH, sb_limit(totals[i], low, high));
}

SB_FUNCTION void add_parts(const float *parts, ptrdiff_t step, ptrdiff_t number, float *destination, ptrdiff_t count,
                           float low, float high) {
    const sb_vector lows = sb_splat(low), highs = sb_splat(high);
    ptrdiff_t i = 0;
    for (; i + SB_PART_BLOCKS * SB_LANES <= count; i += SB_PART_BLOCKS * SB_LANES) {
        add_parts_tile(SB_PART_BLOCKS, parts + i, step, number, destination + i, lows, highs);
    }
    for (; i + 2 * SB_LANES <= count; i += 2 * SB_LANES) {
        add_parts_tile(2, parts + i, step, number, destination + i, lows, highs);
    }
    for (; i < count; i += SB_LANES) add_parts_tile(1, parts + i, step, number, destination + i, lows, highs);
}
