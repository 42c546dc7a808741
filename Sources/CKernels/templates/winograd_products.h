// One of a tile's 36 products, summed over a chain of channels, for some tiles and output blocks: a matrix product.

// Tiles of a register tile.
#if SB_VECTORS > 1
#define SB_PRODUCT_TILES 6
#else
#define SB_PRODUCT_TILES 14
#endif

// A product's filters and transformed inputs, and its sums.
typedef struct {
    // [block][tile][36][16]; the blocks lie this many floats apart.
    const float *source;
    ptrdiff_t source_block;
    // [output block][block][36][16][16], with gaps.
    const float *filters;
    // Channels.
    ptrdiff_t count;
    // [tile][output block][16]; whether what earlier chains came to is there.
    float *sums;
    bool is_first;
} product_chain;

// Floats from a tile's products to the next's, and from the filters of one product, one block or one output block to those
// of the next.
#define SB_TILE_STEP (SB_TILE_PRODUCTS * SB_LANES)
#define SB_FILTER_STEP (SB_LANES * SB_LANES + SB_TILE_GAP)
#define SB_FILTER_BLOCK (SB_TILE_PRODUCTS * SB_FILTER_STEP)
#define SB_FILTER_OUTPUT (SB_TILE_CHAIN / SB_LANES * SB_FILTER_BLOCK)

// The sums of some tiles, of one or two blocks, are kept in registers.
SB_INLINE void multiply_tiles(const int tiles, const int blocks, const product_chain *chain, ptrdiff_t first,
                              ptrdiff_t output) {
    sb_vector sums[SB_PRODUCT_TILES * SB_TILE_BLOCKS * SB_VECTORS];
    const int each = blocks * SB_VECTORS;
#pragma unroll
    for (int i = 0; i < tiles * each; i++) sums[i] = sb_splat(0);
    const float *block = chain->source + first * SB_TILE_STEP, *filters = chain->filters + output * SB_FILTER_OUTPUT;
    for (ptrdiff_t left = chain->count; left > 0; left -= SB_LANES) {
        const float *source = block, *end = block + (left < SB_LANES ? left : SB_LANES);
        block += chain->source_block;
#pragma unroll
        for (int t = 0; t < tiles; t++) __builtin_prefetch(block + t * SB_TILE_STEP);
#pragma nounroll
        for (const float *u = filters; source < end; source++, u += SB_LANES) {
            sb_vector w[SB_TILE_BLOCKS * SB_VECTORS];
#pragma unroll
            for (int i = 0; i < each; i++) {
                w[i] = sb_load(u + i / SB_VECTORS * SB_FILTER_OUTPUT + i % SB_VECTORS * SB_WIDTH);
            }
#pragma unroll
            for (int t = 0; t < tiles; t++) {
                const sb_vector v = sb_splat(source[t * SB_TILE_STEP]);
#pragma unroll
                for (int i = 0; i < each; i++) sums[t * each + i] = sb_fma(v, w[i], sums[t * each + i]);
            }
        }
        filters += SB_FILTER_BLOCK;
    }
    float *to = chain->sums + (first * SB_TILE_GROUP + output) * SB_LANES;
#pragma unroll
    for (int i = 0; i < tiles * each; i++) {
        float *at = to + (i / each * SB_TILE_GROUP + i % each / SB_VECTORS) * SB_LANES + i % SB_VECTORS * SB_WIDTH;
        sb_store(at, chain->is_first ? sums[i] : sums[i] + sb_load(at));
    }
}

typedef void (*product_function)(const product_chain *, ptrdiff_t, ptrdiff_t);

#define SB_PRODUCT_OF(name, tiles, blocks)                                                    \
    SB_FUNCTION void name(const product_chain *chain, ptrdiff_t first, ptrdiff_t output) {  \
        multiply_tiles(tiles, blocks, chain, first, output);                                 \
    }
#define SB_PRODUCTS_6(kind, blocks)                                                                       \
    SB_PRODUCT_OF(kind##_1, 1, blocks) SB_PRODUCT_OF(kind##_2, 2, blocks) SB_PRODUCT_OF(kind##_3, 3, blocks) \
    SB_PRODUCT_OF(kind##_4, 4, blocks) SB_PRODUCT_OF(kind##_5, 5, blocks) SB_PRODUCT_OF(kind##_6, 6, blocks)
#define SB_PRODUCTS_14(kind, blocks)                                                                          \
    SB_PRODUCTS_6(kind, blocks)                                                                               \
    SB_PRODUCT_OF(kind##_7, 7, blocks) SB_PRODUCT_OF(kind##_8, 8, blocks) SB_PRODUCT_OF(kind##_9, 9, blocks)      \
    SB_PRODUCT_OF(kind##_10, 10, blocks) SB_PRODUCT_OF(kind##_11, 11, blocks) SB_PRODUCT_OF(kind##_12, 12, blocks) \
    SB_PRODUCT_OF(kind##_13, 13, blocks) SB_PRODUCT_OF(kind##_14, 14, blocks)

#if SB_VECTORS > 1
SB_PRODUCTS_6(product_single, 1)
static const product_function product_functions[][15] = {{SB_NAMES_6(product_single)}};
#else
SB_PRODUCTS_14(product_single, 1)
SB_PRODUCTS_14(product_pair, 2)
static const product_function product_functions[][15] = {{SB_NAMES_14(product_single)}, {SB_NAMES_14(product_pair)}};
#endif

// The sums of all tiles: as few register tiles as will do, of sizes that differ by at most one.
SB_FUNCTION void multiply(const product_chain *chain, ptrdiff_t tiles, ptrdiff_t blocks) {
    const ptrdiff_t number = (tiles + SB_PRODUCT_TILES - 1) / SB_PRODUCT_TILES;
    const ptrdiff_t size = tiles / number, larger = tiles % number;
    for (ptrdiff_t output = 0; output < blocks; output += SB_TILE_BLOCKS) {
        const ptrdiff_t these = blocks - output < SB_TILE_BLOCKS ? blocks - output : SB_TILE_BLOCKS;
        const product_function *sizes = product_functions[these - 1];
        ptrdiff_t first = 0;
        for (ptrdiff_t i = 0; i < number; first += size + (i < larger), i++) sizes[size + (i < larger)](chain, first, output);
    }
}
