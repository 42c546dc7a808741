// Filters are transformed while they are used, a row of their 6×6 products at a time: of so many most stay in the first-level
// cache until they have been multiplied.

// Floats from the filters of one product of a row to those of the next, and from one output block to the next.
#define SB_FILTER_STEP (SB_TILE_CHAIN * SB_LANES + SB_TILE_GAP)
#define SB_FILTER_OUTPUT (SB_TILE_INPUTS * SB_FILTER_STEP)
// Channels ahead whose places are brought in to be written: without it each of six stores waits for the second-level cache.
#define SB_FILTERS_AHEAD 6

// Some output blocks' filters from a chain's channels.
typedef struct {
    ptrdiff_t output, blocks;
    ptrdiff_t channel, count;
} filter_chain;

// One vector of a filter's output channels, transformed to a row of six products; its taps lie `tap` floats apart.
SB_INLINE void filter_products(const int row, const float *from, ptrdiff_t tap, sb_vector *u) {
    sb_vector g[3];
#pragma unroll
    for (int column = 0; column < 3; column++) {
        sb_vector taps[3], all[SB_TILE_INPUTS];
#pragma unroll
        for (int i = 0; i < 3; i++) taps[i] = sb_load(from + (i * 3 + column) * tap);
        transform_taps(taps, 1, all, 1);
        g[column] = all[row];
    }
    transform_taps(g, 1, u, 1);
}

// Transforms one vector of a filter's output channels to a row of products; its taps lie `tap` floats apart.
SB_INLINE void transform_filter(const int row, const float *from, ptrdiff_t tap, float *to) {
    sb_vector u[SB_TILE_INPUTS];
    filter_products(row, from, tap, u);
#pragma unroll
    for (int j = 0; j < SB_TILE_INPUTS; j++) sb_store(to + j * SB_FILTER_STEP, u[j]);
}

// Transforms a chain's filters to a row of products: [output block][6][channel][16], with gaps.
SB_INLINE void transform_row(const int row, const sb_winograd *c, const filter_chain *chain, float *to) {
    for (ptrdiff_t b = 0; b < chain->blocks; b++) {
        const float *from = c->weights + (chain->output + b) * c->weights_block + chain->channel * 9 * SB_LANES;
        float *filters = to + b * SB_FILTER_OUTPUT;
        for (ptrdiff_t left = chain->count; left > 0; left -= SB_LANES) {
            const ptrdiff_t lanes = left < SB_LANES ? left : SB_LANES;
            for (ptrdiff_t lane = 0; lane < lanes; lane++, from += SB_LANES, filters += SB_LANES) {
                // The first row brings what the others read again from far away.
#pragma unroll
                for (int i = 0; i < 9; i++) {
                    if (row == 0) __builtin_prefetch(from + (9 + i) * lanes * SB_LANES);
                }
#pragma unroll
                for (int j = 0; j < SB_TILE_INPUTS; j++) {
                    __builtin_prefetch(filters + j * SB_FILTER_STEP + SB_FILTERS_AHEAD * SB_LANES, 1);
                }
                for (int v = 0; v < SB_VECTORS; v++) {
                    transform_filter(row, from + v * SB_WIDTH, lanes * SB_LANES, filters + v * SB_WIDTH);
                }
            }
            from += 8 * lanes * SB_LANES;
        }
    }
}

typedef void (*filter_function)(const sb_winograd *, const filter_chain *, float *);

#define SB_FILTERS_OF(row)                                                                                 \
    SB_FUNCTION void transform_row_##row(const sb_winograd *c, const filter_chain *chain, float *to) {   \
        transform_row(row, c, chain, to);                                                                  \
    }
SB_FILTERS_OF(0) SB_FILTERS_OF(1) SB_FILTERS_OF(2) SB_FILTERS_OF(3) SB_FILTERS_OF(4) SB_FILTERS_OF(5)
static const filter_function filter_functions[SB_TILE_INPUTS] = {transform_row_0, transform_row_1, transform_row_2,
                                                                 transform_row_3, transform_row_4, transform_row_5};
