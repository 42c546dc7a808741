// The products of few tiles: their filters are transformed in registers, for a row of six products at a time, as often as
// there are groups of tiles. For two such groups that is less work than to write them down and read them again; with half
// the registers for one.

#if SB_WIDTH == 8
// 12 sums of 16 registers.
#define SB_FEW_TILES 2
// Tiles up to which it is less work.
#define SB_FEW 2
#else
// 24 sums of 32 registers.
#define SB_FEW_TILES 4
#define SB_FEW 8
#endif

// Some tiles' products over a chain of channels for one output block.
typedef struct {
    const sb_winograd *c;
    // The filters and the transformed inputs of the chain's first channel, and how many channels there are.
    const float *filters, *source;
    ptrdiff_t count;
    // [36][tile][output block][16], the products `step` floats apart; whether what earlier chains came to is there.
    float *sums;
    ptrdiff_t step;
    bool is_first;
} few_chain;

// One channel's products: of one vector of the filters for each of the tiles.
SB_INLINE void few_step(const int row, const int tiles, const float *filters, ptrdiff_t tap, const float *source,
                        sb_vector *sums) {
    sb_vector u[SB_TILE_INPUTS];
    filter_products(row, filters, tap, u);
#pragma unroll
    for (int i = 0; i < tiles * SB_TILE_INPUTS; i++) {
        const int t = i / SB_TILE_INPUTS, j = i % SB_TILE_INPUTS;
        sums[i] = sb_fma(sb_splat(source[t * SB_TILE_STEP + (row * SB_TILE_INPUTS + j) * SB_LANES]), u[j], sums[i]);
    }
}

// One row of the products of some tiles, from the first on.
SB_INLINE void few_row(const int row, const int tiles, const few_chain *chain, ptrdiff_t first) {
    for (ptrdiff_t part = 0; part < SB_LANES; part += SB_WIDTH) {
        sb_vector sums[SB_FEW_TILES * SB_TILE_INPUTS];
#pragma unroll
        for (int i = 0; i < tiles * SB_TILE_INPUTS; i++) sums[i] = sb_splat(0);
        const float *filters = chain->filters + part, *block = chain->source + first * SB_TILE_STEP;
        for (ptrdiff_t left = chain->count; left > 0; left -= SB_LANES) {
            const ptrdiff_t lanes = left < SB_LANES ? left : SB_LANES;
#pragma nounroll
            for (const float *source = block, *end = block + lanes; source < end; source++, filters += SB_LANES) {
                // The first row brings what the others read again from far away.
                if (row == 0) {
#pragma unroll
                    for (int i = 0; i < 9; i++) __builtin_prefetch(filters + (18 + i) * lanes * SB_LANES);
                }
                few_step(row, tiles, filters, lanes * SB_LANES, source, sums);
            }
            filters += 8 * lanes * SB_LANES;
            block += chain->c->tile_count * SB_TILE_STEP;
        }
#pragma unroll
        for (int i = 0; i < tiles * SB_TILE_INPUTS; i++) {
            const int t = i / SB_TILE_INPUTS, j = i % SB_TILE_INPUTS;
            float *at = chain->sums + (row * SB_TILE_INPUTS + j) * chain->step +
                        (first + t) * SB_TILE_GROUP * SB_LANES + part;
            sb_store(at, chain->is_first ? sums[i] : sums[i] + sb_load(at));
        }
    }
}

typedef void (*few_function)(const few_chain *, ptrdiff_t);

#define SB_FEW_OF(row, tiles)                                                                \
    SB_FUNCTION void few_##row##_##tiles(const few_chain *chain, ptrdiff_t first) {          \
        few_row(row, tiles, chain, first);                                                   \
    }
#if SB_FEW_TILES == 4
#define SB_FEW_ROW(row) SB_FEW_OF(row, 1) SB_FEW_OF(row, 2) SB_FEW_OF(row, 3) SB_FEW_OF(row, 4)
#define SB_FEW_NAMES(row) {few_##row##_1, few_##row##_2, few_##row##_3, few_##row##_4}
#else
#define SB_FEW_ROW(row) SB_FEW_OF(row, 1) SB_FEW_OF(row, 2)
#define SB_FEW_NAMES(row) {few_##row##_1, few_##row##_2}
#endif
SB_FEW_ROW(0) SB_FEW_ROW(1) SB_FEW_ROW(2) SB_FEW_ROW(3) SB_FEW_ROW(4) SB_FEW_ROW(5)
static const few_function few_functions[SB_TILE_INPUTS][SB_FEW_TILES] = {
    SB_FEW_NAMES(0), SB_FEW_NAMES(1), SB_FEW_NAMES(2), SB_FEW_NAMES(3), SB_FEW_NAMES(4), SB_FEW_NAMES(5)};

// All products of all tiles.
SB_FUNCTION void multiply_few(const few_chain *chain) {
    const ptrdiff_t tiles = chain->c->tile_count, number = (tiles + SB_FEW_TILES - 1) / SB_FEW_TILES;
    const ptrdiff_t size = tiles / number, larger = tiles % number;
    for (int row = 0; row < SB_TILE_INPUTS; row++) {
        ptrdiff_t first = 0;
        for (ptrdiff_t i = 0; i < number; first += size + (i < larger), i++) {
            few_functions[row][size + (i < larger) - 1](chain, first);
        }
    }
}
