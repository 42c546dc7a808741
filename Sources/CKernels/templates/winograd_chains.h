// Single chains of convolutions by tiles, of images that are like one image but for some blocks of channels: what the other
// chains came to is added to them in its place. Filters are transformed once for many images.

// Tiles of a register tile: enough sums to hide what a multiply-add takes.
#if SB_VECTORS > 1
#define SB_CHAIN_TILES 6
#else
#define SB_CHAIN_TILES 8
#endif
// Floats from the filters of one product, one block or one output block to those of the next: the 36 filters of a block lie
// within ten pages, [output block][block][36][lane][16].
#define SB_CHAIN_STEP (SB_LANES * SB_LANES + SB_TILE_GAP)
#define SB_CHAIN_BLOCK (SB_TILE_PRODUCTS * SB_CHAIN_STEP)
#define SB_CHAIN_OUTPUT (SB_TILE_CHAIN / SB_LANES * SB_CHAIN_BLOCK)

SB_FUNCTION void chain_inputs(const sb_winograd *c, ptrdiff_t first, ptrdiff_t end) {
    const ptrdiff_t step = c->tile_count * SB_LANES;
    for (ptrdiff_t block = first; block < end; block++) {
        float *to = c->transformed + block * SB_TILE_PRODUCTS * step;
        for (ptrdiff_t t = 0; t < c->tile_count; t++) transform_block(c, c->tiles + t, block, to + t * SB_LANES, step);
    }
}

// Transforms one vector of a filter's output channels; its taps lie `tap` floats apart.
SB_INLINE void chain_filter(const float *from, ptrdiff_t tap, float *to) {
    sb_vector g[18], u[SB_TILE_INPUTS];
#pragma unroll
    for (int column = 0; column < 3; column++) {
        sb_vector taps[3];
#pragma unroll
        for (int row = 0; row < 3; row++) taps[row] = sb_load(from + (row * 3 + column) * tap);
        transform_taps(taps, 1, g + column, 3);
    }
#pragma unroll
    for (int row = 0; row < SB_TILE_INPUTS; row++) {
        transform_taps(g + row * 3, 1, u, 1);
#pragma unroll
        for (int j = 0; j < SB_TILE_INPUTS; j++) sb_store(to + (row * SB_TILE_INPUTS + j) * SB_CHAIN_STEP, u[j]);
    }
}

SB_FUNCTION void chain_filters(const sb_winograd *c, ptrdiff_t channel, ptrdiff_t output, ptrdiff_t blocks, float *to) {
    const ptrdiff_t all = c->channels - channel, count = all < SB_TILE_CHAIN ? all : SB_TILE_CHAIN;
    for (ptrdiff_t b = 0; b < blocks; b++) {
        const float *from = c->weights + (output + b) * c->weights_block + channel * 9 * SB_LANES;
        for (ptrdiff_t first = 0; first < count; first += SB_LANES) {
            const ptrdiff_t lanes = count - first < SB_LANES ? count - first : SB_LANES;
            float *filters = to + b * SB_CHAIN_OUTPUT + first / SB_LANES * SB_CHAIN_BLOCK;
            for (ptrdiff_t lane = 0; lane < lanes; lane++, from += SB_LANES, filters += SB_LANES) {
#pragma unroll
                for (int i = 0; i < 9; i++) __builtin_prefetch(from + (9 + i) * lanes * SB_LANES);
                for (int v = 0; v < SB_VECTORS; v++) {
                    chain_filter(from + v * SB_WIDTH, lanes * SB_LANES, filters + v * SB_WIDTH);
                }
            }
            from += 8 * lanes * SB_LANES;
        }
    }
}

// One of the 36 products of some of an image's tiles: where its inputs, filters and sums begin.
typedef struct {
    const sb_tile_chain *chain;
    // Floats to the tiles, and from one block to the next.
    ptrdiff_t first, block;
    // The next product's inputs, which are fetched meanwhile.
    ptrdiff_t next;
    const float *filters;
    // Floats to the sums, and from a chain's sums to the next one's.
    ptrdiff_t at, chain_step;
} chain_product;

// Floats from the first of a register tile's sums to another.
SB_INLINE ptrdiff_t chain_place(const int i, const int each) {
    return (i / each * SB_TILE_GROUP + i % each / SB_VECTORS) * SB_LANES + i % SB_VECTORS * SB_WIDTH;
}

// Adds the chain's blocks to the sums of some tiles, which are kept in registers.
SB_INLINE void multiply_blocks(const int tiles, const int each, const chain_product *p, sb_vector *sums) {
    const sb_tile_chain *chain = p->chain;
    const float *base = chain->base + p->first, *own = chain->own, *filters = p->filters;
    uint32_t replaced = chain->replaced;
    for (ptrdiff_t left = chain->channels; left > 0; left -= SB_LANES, replaced >>= 1) {
        const float *source = base;
        base += p->block;
        if (replaced & 1) {
            source = own + p->first;
            own += p->block;
        }
        const float *end = source + (left < SB_LANES ? left : SB_LANES);
#pragma unroll
        for (int t = 0; t < tiles; t++) __builtin_prefetch(source + p->next + t * SB_LANES);
        multiply_lanes(tiles, each, source, end, filters, SB_CHAIN_OUTPUT, sums);
        filters += SB_CHAIN_BLOCK;
    }
}

SB_INLINE void multiply_chain(const int tiles, const int blocks, const chain_product *p) {
    const sb_tile_chain *chain = p->chain;
    sb_vector sums[SB_CHAIN_TILES * SB_TILE_BLOCKS * SB_VECTORS];
    const int each = blocks * SB_VECTORS;
    if (chain->start) {
#pragma unroll
        for (int i = 0; i < tiles * each; i++) sums[i] = sb_load(chain->start + p->at + chain_place(i, each));
    } else {
#pragma unroll
        for (int i = 0; i < tiles * each; i++) sums[i] = sb_splat(0);
    }
    multiply_blocks(tiles, each, p, sums);
    if (chain->before) {
#pragma unroll
        for (int i = 0; i < tiles * each; i++) sums[i] = sums[i] + sb_load(chain->before + p->at + chain_place(i, each));
    }
    for (ptrdiff_t k = 0; k < chain->after_count; k++) {
        const float *after = chain->after + k * p->chain_step + p->at;
#pragma unroll
        for (int i = 0; i < tiles * each; i++) sums[i] = sb_load(after + chain_place(i, each)) + sums[i];
    }
#pragma unroll
    for (int i = 0; i < tiles * each; i++) sb_store(chain->sums + p->at + chain_place(i, each), sums[i]);
}

typedef void (*chain_function)(const chain_product *);

#define SB_CHAIN_OF(name, tiles, blocks) \
    SB_FUNCTION void name(const chain_product *p) { multiply_chain(tiles, blocks, p); }
#define SB_CHAINS_6(kind, blocks)                                                                   \
    SB_CHAIN_OF(kind##_1, 1, blocks) SB_CHAIN_OF(kind##_2, 2, blocks) SB_CHAIN_OF(kind##_3, 3, blocks) \
    SB_CHAIN_OF(kind##_4, 4, blocks) SB_CHAIN_OF(kind##_5, 5, blocks) SB_CHAIN_OF(kind##_6, 6, blocks)
#define SB_CHAINS_8(kind, blocks) \
    SB_CHAINS_6(kind, blocks) SB_CHAIN_OF(kind##_7, 7, blocks) SB_CHAIN_OF(kind##_8, 8, blocks)

#if SB_VECTORS > 1
SB_CHAINS_6(chain_single, 1)
static const chain_function chain_functions[][SB_CHAIN_TILES + 1] = {{SB_NAMES_6(chain_single)}};
#else
SB_CHAINS_8(chain_single, 1)
SB_CHAINS_8(chain_pair, 2)
static const chain_function chain_functions[][SB_CHAIN_TILES + 1] = {{SB_NAMES_8(chain_single)},
                                                                     {SB_NAMES_8(chain_pair)}};
#endif

// Product by product for all chains, so that its filters stay in the first-level cache; as few register tiles as will do.
SB_FUNCTION void chain_products(const float *filters, ptrdiff_t tiles, ptrdiff_t blocks, const sb_tile_chain *chains,
                                ptrdiff_t count) {
    const ptrdiff_t number = (tiles + SB_CHAIN_TILES - 1) / SB_CHAIN_TILES;
    const ptrdiff_t size = tiles / number, larger = tiles % number, step = sb_chain_sums(tiles) / SB_TILE_PRODUCTS;
    for (ptrdiff_t i = 0; i < SB_TILE_PRODUCTS; i++) {
        for (const sb_tile_chain *chain = chains; chain < chains + count; chain++) {
            for (ptrdiff_t output = 0; output < blocks; output += SB_TILE_BLOCKS) {
                const ptrdiff_t these = blocks - output < SB_TILE_BLOCKS ? blocks - output : SB_TILE_BLOCKS;
                chain_product p = {.chain = chain, .block = SB_TILE_PRODUCTS * tiles * SB_LANES, .next = tiles * SB_LANES,
                                   .chain_step = SB_TILE_PRODUCTS * step};
                p.filters = filters + output * SB_CHAIN_OUTPUT + chain->first_block * SB_CHAIN_BLOCK + i * SB_CHAIN_STEP;
                ptrdiff_t first = 0;
                for (ptrdiff_t k = 0; k < number; k++) {
                    p.first = (i * tiles + first) * SB_LANES;
                    p.at = i * step + (first * SB_TILE_GROUP + output) * SB_LANES;
                    chain_functions[these - 1][size + (k < larger)](&p);
                    first += size + (k < larger);
                }
            }
        }
    }
}

SB_FUNCTION void chain_outputs(const sb_winograd *c, const float *sums, ptrdiff_t output, ptrdiff_t blocks) {
    const ptrdiff_t step = sb_chain_sums(c->tile_count) / SB_TILE_PRODUCTS;
    for (ptrdiff_t t = 0; t < c->tile_count; t++) {
        for (ptrdiff_t b = 0; b < blocks; b++) {
            finish_tile(c, c->tiles + t, output + b, sums + (t * SB_TILE_GROUP + b) * SB_LANES, step);
        }
    }
}
