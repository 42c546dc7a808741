// Depthwise convolution: 16 channels at a time, a few pixels of a row in registers.

#define SB_DEPTHWISE_PIXELS 4

SB_INLINE void depthwise_tile(const int pixels, const sb_depthwise *c, const float *source, float *destination,
                              const float *addend) {
    sb_vector sums[SB_DEPTHWISE_PIXELS * SB_VECTORS];
#pragma unroll
    for (int i = 0; i < pixels * SB_VECTORS; i++) sums[i] = sb_splat(0);
    const float *weights = c->weights;
    for (ptrdiff_t y = 0; y < c->kernel_rows; y++) {
        const float *tap = source + y * c->tap_row;
        for (ptrdiff_t x = 0; x < c->kernel_columns; x++, tap += c->tap_column, weights += SB_LANES) {
#pragma unroll
            for (int i = 0; i < pixels * SB_VECTORS; i++) {
                const int lane = i % SB_VECTORS * SB_WIDTH;
                const sb_vector value = sb_load(tap + (i / SB_VECTORS) * c->source_column + lane);
                sums[i] = sb_fma(value, sb_load(weights + lane), sums[i]);
            }
        }
    }
    const sb_vector low = sb_splat(c->low), high = sb_splat(c->high);
#pragma unroll
    for (int i = 0; i < pixels * SB_VECTORS; i++) {
        const int lane = i % SB_VECTORS * SB_WIDTH;
        const ptrdiff_t at = (i / SB_VECTORS) * c->destination_column + lane;
        sb_vector total = sums[i] + sb_load(c->bias + lane);
        if (addend) total = total + sb_load(addend + at);
        sb_store(destination + at, sb_limit(total, low, high));
    }
}

SB_FUNCTION void depthwise(const sb_depthwise *c, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t row = first; row < end; row++) {
        const float *source = c->source + row * c->source_row;
        float *destination = c->destination + row * c->destination_row;
        const float *addend = c->addend ? c->addend + row * c->destination_row : 0;
        ptrdiff_t left = c->columns;
        for (; left >= SB_DEPTHWISE_PIXELS; left -= SB_DEPTHWISE_PIXELS) {
            depthwise_tile(SB_DEPTHWISE_PIXELS, c, source, destination, addend);
            source += SB_DEPTHWISE_PIXELS * c->source_column;
            destination += SB_DEPTHWISE_PIXELS * c->destination_column;
            if (addend) addend += SB_DEPTHWISE_PIXELS * c->destination_column;
        }
        for (; left > 0; left--) {
            depthwise_tile(1, c, source, destination, addend);
            source += c->source_column;
            destination += c->destination_column;
            if (addend) addend += c->destination_column;
        }
    }
}
