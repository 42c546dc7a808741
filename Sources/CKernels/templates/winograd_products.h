// One of a tile's 36 products, summed over a chain of channels, for some tiles and output blocks: a matrix product.

// Tiles of a register tile.
#if SB_VECTORS > 1
#define SB_PRODUCT_TILES 6
#else
#define SB_PRODUCT_TILES 14
#endif

// Floats from a tile's products to the next's where they lie side by side.
#define SB_TILE_STEP (SB_TILE_PRODUCTS * SB_LANES)

// Tiles that are multiplied together: as few register tiles as will do, of sizes that differ by at most one. Their
// transformed inputs lie together, [block][group][36][tile][16], so that a register tile reads lines side by side.
typedef struct {
    ptrdiff_t number, size, larger;
} tile_groups;

SB_INLINE tile_groups groups_of(ptrdiff_t tiles) {
    const ptrdiff_t number = (tiles + SB_PRODUCT_TILES - 1) / SB_PRODUCT_TILES;
    return (tile_groups){number, tiles / number, tiles % number};
}

SB_INLINE ptrdiff_t size_of(const tile_groups *groups, ptrdiff_t group) {
    return groups->size + (group < groups->larger);
}

// A product's filters and the transformed inputs of a group of tiles, and its sums.
typedef struct {
    // [tile][16], the blocks this many floats apart; and what is multiplied after it.
    const float *source, *next;
    ptrdiff_t source_block;
    // [output block][product of a row][channel][16], with gaps.
    const float *filters;
    // Channels.
    ptrdiff_t count;
    // [tile][output block][16]; whether what earlier chains came to is there.
    float *sums;
    bool is_first;
} product_chain;

// Adds some lanes' products to the sums of tiles that lie side by side; the filters of one output block to the next lie
// `output` floats apart.
SB_INLINE void multiply_lanes(const int tiles, const int each, const float *source, const float *end,
                              const float *filters, ptrdiff_t output, sb_vector *sums) {
#pragma nounroll
    for (; source < end; source++, filters += SB_LANES) {
        sb_vector w[SB_TILE_BLOCKS * SB_VECTORS];
#pragma unroll
        for (int i = 0; i < each; i++) {
            w[i] = sb_load(filters + i / SB_VECTORS * output + i % SB_VECTORS * SB_WIDTH);
        }
#pragma unroll
        for (int t = 0; t < tiles; t++) {
            const sb_vector v = sb_splat(source[t * SB_LANES]);
#pragma unroll
            for (int i = 0; i < each; i++) sums[t * each + i] = sb_fma(v, w[i], sums[t * each + i]);
        }
    }
}

// The sums of some tiles, of one or two blocks, are kept in registers.
SB_INLINE void multiply_tiles(const int tiles, const int blocks, const product_chain *chain) {
    sb_vector sums[SB_PRODUCT_TILES * SB_TILE_BLOCKS * SB_VECTORS];
    const int each = blocks * SB_VECTORS;
#pragma unroll
    for (int i = 0; i < tiles * each; i++) sums[i] = sb_splat(0);
    const float *block = chain->source, *u = chain->filters;
    for (ptrdiff_t left = chain->count; left > 0; left -= SB_LANES) {
        const float *source = block, *end = block + (left < SB_LANES ? left : SB_LANES);
        block = left > SB_LANES ? block + chain->source_block : chain->next;
#pragma unroll
        for (int t = 0; t < tiles; t++) __builtin_prefetch(block + t * SB_LANES);
        if (left <= SB_LANES && !chain->is_first) {
#pragma unroll
            for (int i = 0; i < tiles * blocks; i++) {
                __builtin_prefetch(chain->sums + (i / blocks * SB_TILE_GROUP + i % blocks) * SB_LANES);
            }
        }
        multiply_lanes(tiles, each, source, end, u, SB_FILTER_OUTPUT, sums);
        u += (end - source) * SB_LANES;
    }
#pragma unroll
    for (int i = 0; i < tiles * each; i++) {
        float *at = chain->sums + (i / each * SB_TILE_GROUP + i % each / SB_VECTORS) * SB_LANES + i % SB_VECTORS * SB_WIDTH;
        sb_store(at, chain->is_first ? sums[i] : sums[i] + sb_load(at));
    }
}

typedef void (*product_function)(const product_chain *);

#define SB_PRODUCT_OF(name, tiles, blocks) \
    SB_FUNCTION void name(const product_chain *chain) { multiply_tiles(tiles, blocks, chain); }
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

// Weights that are transformed next: lines for each of some output blocks, which lie `step` floats apart.
typedef struct {
    const float *from;
    ptrdiff_t step;
} weights_ahead;

// Lines of an output block's weights of a chain for each of the 36 products.
#define SB_LINES_AHEAD (SB_TILE_CHAIN * 9 / SB_TILE_PRODUCTS)

// Brings one of several parts of them into the second-level cache, so that transforming does not wait for those beyond.
SB_INLINE void bring_in(const weights_ahead *ahead, ptrdiff_t part, ptrdiff_t parts) {
    for (ptrdiff_t i = SB_LINES_AHEAD * part / parts; i < SB_LINES_AHEAD * (part + 1) / parts; i++) {
        __builtin_prefetch(ahead->from + i * SB_LANES, 0, 2);
        __builtin_prefetch(ahead->from + ahead->step + i * SB_LANES, 0, 2);
    }
}

// The sums of one of the products of all tiles: `inputs` are those of the chain's first block, the chain's own are the sums of
// the first group; `next` is what is multiplied then. Meanwhile a part of the next chain's weights is brought in, `ahead`.
SB_FUNCTION void multiply(product_chain chain, const float *inputs, ptrdiff_t product, ptrdiff_t tiles, ptrdiff_t blocks,
                          const float *next, weights_ahead ahead) {
    const tile_groups groups = groups_of(tiles);
    const float *filters = chain.filters;
    float *sums = chain.sums;
    for (ptrdiff_t output = 0; output < blocks; output += SB_TILE_BLOCKS) {
        const ptrdiff_t these = blocks - output < SB_TILE_BLOCKS ? blocks - output : SB_TILE_BLOCKS;
        const float *group = inputs;
        chain.filters = filters + output * SB_FILTER_OUTPUT;
        chain.sums = sums + output * SB_LANES;
        chain.next = group + product * size_of(&groups, 0) * SB_LANES;
        for (ptrdiff_t i = 0; i < groups.number; i++) {
            const ptrdiff_t size = size_of(&groups, i);
            group += size * SB_TILE_STEP;
            chain.source = chain.next;
            chain.next = i + 1 < groups.number ? group + product * size_of(&groups, i + 1) * SB_LANES : next;
            bring_in(&ahead, i, groups.number);
            product_functions[these - 1][size](&chain);
            chain.sums += size * SB_TILE_GROUP * SB_LANES;
        }
    }
}
