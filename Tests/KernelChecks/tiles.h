// Convolutions by tiles: every variant against the scalar one.

// The tiles of whole maps of so many images, with or without padding.
static ptrdiff_t cut_tiles(sb_tile *tiles, const sb_winograd *c, ptrdiff_t images, ptrdiff_t height, ptrdiff_t width,
                           ptrdiff_t pad, ptrdiff_t source_image, ptrdiff_t destination_image) {
    const ptrdiff_t rows = height + 2 * pad - 2, columns = width + 2 * pad - 2;
    ptrdiff_t count = 0;
    for (ptrdiff_t image = 0; image < images; image++) {
        for (ptrdiff_t y = 0; y < rows; y += SB_TILE_OUTPUTS) {
            for (ptrdiff_t x = 0; x < columns; x += SB_TILE_OUTPUTS) {
                const ptrdiff_t row = y - pad, column = x - pad;
                const ptrdiff_t to = image * destination_image + y * c->destination_row + x * SB_LANES;
                tiles[count++] = (sb_tile){
                    .source = image * source_image + row * c->source_row + column * SB_LANES,
                    .destination = to, .addend = to,
                    .first_row = row < 0 ? (uint8_t)-row : 0,
                    .end_row = height - row < SB_TILE_INPUTS ? (uint8_t)(height - row) : SB_TILE_INPUTS,
                    .first_column = column < 0 ? (uint8_t)-column : 0,
                    .end_column = width - column < SB_TILE_INPUTS ? (uint8_t)(width - column) : SB_TILE_INPUTS,
                    .first_output_row = (uint8_t)between(0, 1),
                    .end_output_row = rows - y < SB_TILE_OUTPUTS ? (uint8_t)(rows - y) : SB_TILE_OUTPUTS,
                    .first_output_column = (uint8_t)between(0, 1),
                    .end_output_column = columns - x < SB_TILE_OUTPUTS ? (uint8_t)(columns - x) : SB_TILE_OUTPUTS};
            }
        }
    }
    return count;
}

static void winograd(void) {
    const ptrdiff_t channels = between(1, 150), blocks = (channels + SB_LANES - 1) / SB_LANES, outputs = between(1, 5);
    const ptrdiff_t height = between(3, 16), width = between(3, 16), pad = between(0, 2), images = between(1, 2);
    const ptrdiff_t rows = height + 2 * pad - 2, columns = width + 2 * pad - 2;
    const ptrdiff_t plane = height * width * SB_LANES, result = rows * columns * SB_LANES;
    const ptrdiff_t each = channels * 9 * SB_LANES, count = images * outputs * result;
    const bool is_added = between(0, 1), is_clipped = between(0, 1);
    const float scale = some_scale();
    float *source = numbers(images * blocks * plane, scale), *weights = numbers(outputs * each, scale);
    float *bias = numbers(outputs * SB_LANES, scale * scale), *addend = is_added ? numbers(count, scale * scale) : 0;
    spoil(source, images * blocks * plane);
    sb_winograd c = {
        .source = source, .weights = weights, .bias = bias, .addend = addend, .source_row = width * SB_LANES,
        .source_block = plane, .destination_row = columns * SB_LANES, .destination_block = result,
        .addend_block = result, .weights_block = each, .channels = channels, .low = is_clipped ? 0 : -INFINITY,
        .high = is_clipped ? scale * scale : INFINITY};
    sb_tile tiles[64];
    c.tiles = tiles;
    c.tile_count = cut_tiles(tiles, &c, images, height, width, pad, blocks * plane, outputs * result);
    c.transformed = room(sb_winograd_room(c.tile_count, channels));
    float *scratch = room(sb_winograd_scratch(c.tile_count)), *expected = c.destination = room(count);
    sb_kernels_for(SB_SCALAR)->winograd_inputs(&c, 0, blocks);
    sb_kernels_for(SB_SCALAR)->winograd_outputs(&c, scratch, 0, outputs);
    fold(expected, count);
    const ptrdiff_t cut = between(0, blocks), split = between(0, outputs);
    for (sb_instruction_set set = SB_AVX2; set <= SB_WIDE_TEST; set++) {
        const sb_kernels *kernels = sb_kernels_for(set);
        if (!kernels) continue;
        float *found = c.destination = room(count);
        kernels->winograd_inputs(&c, cut, blocks);
        kernels->winograd_inputs(&c, 0, cut);
        kernels->winograd_outputs(&c, scratch, split, outputs);
        kernels->winograd_outputs(&c, scratch, 0, split);
        check("convolution by tiles", set, expected, found, count);
    }
    release();
}

// The sums of products of an image like the base but for the blocks that `replaced` has a bit for, chain by chain.
typedef struct {
    const sb_kernels *kernels;
    const sb_winograd *c;
    // The base's blocks transformed, and the replaced ones.
    const float *base, *own;
    uint32_t replaced;
    // Whether the base's chains are taken in two steps.
    bool is_cut;
    float *filters;
    // Of all chains of the base, of the chains up to the one at hand, and of the image.
    float *each, *before, *sums;
} chain_check;

// One chain of the base, from `first` blocks on that are there already, or of the image.
static sb_tile_chain some_chain(const chain_check *it, ptrdiff_t number, ptrdiff_t first, float *sums) {
    const ptrdiff_t block = SB_TILE_PRODUCTS * it->c->tile_count * SB_LANES, channel = number * SB_TILE_CHAIN;
    const ptrdiff_t left = it->c->channels - channel, count = left < SB_TILE_CHAIN ? left : SB_TILE_CHAIN;
    return (sb_tile_chain){
        .base = it->base + (channel / SB_LANES + first) * block, .first_block = first,
        .channels = count - first * SB_LANES, .start = first > 0 ? sums : 0, .sums = sums};
}

// The base's sums.
static void base_chains(const chain_check *it, ptrdiff_t chains, ptrdiff_t output, ptrdiff_t blocks) {
    const ptrdiff_t tiles = it->c->tile_count;
    for (ptrdiff_t k = 0; k < chains; k++) {
        float *sums = it->each + k * sb_chain_sums(tiles);
        it->kernels->chain_filters(it->c, k * SB_TILE_CHAIN, output, blocks, it->filters);
        sb_tile_chain chain = some_chain(it, k, 0, sums);
        if (chain.channels > SB_LANES && it->is_cut) {
            chain.channels = SB_LANES;
            it->kernels->chain_products(it->filters, tiles, blocks, &chain, 1);
            chain = some_chain(it, k, 1, sums);
        }
        it->kernels->chain_products(it->filters, tiles, blocks, &chain, 1);
    }
}

static void follow_chains(const chain_check *it, ptrdiff_t output, ptrdiff_t blocks) {
    const ptrdiff_t tiles = it->c->tile_count, all = sb_chain_sums(tiles);
    const ptrdiff_t chains = (it->c->channels + SB_TILE_CHAIN - 1) / SB_TILE_CHAIN;
    base_chains(it, chains, output, blocks);
    memcpy(it->sums, it->each, (size_t)all * sizeof(float));
    const float *own = it->own;
    bool is_first = true;
    for (ptrdiff_t k = 0; k < chains; k++) {
        const uint32_t bits = it->replaced >> k * 4 & 15;
        if (bits == 0) continue;
        sb_tile_chain chain = some_chain(it, k, 0, it->sums);
        if (is_first && k > 0) {
            memcpy(it->before, it->each, (size_t)all * sizeof(float));
            it->kernels->add_parts(it->each + all, all, k - 1, it->before, all, -INFINITY, INFINITY);
        }
        chain.own = own;
        chain.replaced = bits;
        chain.before = !is_first ? it->sums : k > 0 ? it->before : 0;
        chain.after = it->each + (k + 1) * all;
        while (k + 1 < chains && (it->replaced >> (k + 1) * 4 & 15) == 0) chain.after_count++, k++;
        it->kernels->chain_filters(it->c, (k - chain.after_count) * SB_TILE_CHAIN, output, blocks, it->filters);
        it->kernels->chain_products(it->filters, tiles, blocks, &chain, 1);
        own += __builtin_popcount(bits) * SB_TILE_PRODUCTS * tiles * SB_LANES;
        is_first = false;
    }
    if (is_first) it->kernels->add_parts(it->each + all, all, chains - 1, it->sums, all, -INFINITY, INFINITY);
    it->kernels->chain_outputs(it->c, it->sums, output, blocks);
}

// Chains of an image that is like another but for some blocks: the bits of its whole convolution.
static void chains(void) {
    const ptrdiff_t channels = between(1, 300), blocks = (channels + SB_LANES - 1) / SB_LANES, outputs = between(1, 5);
    const ptrdiff_t height = between(3, 12), width = between(3, 12), pad = between(0, 2);
    const ptrdiff_t rows = height + 2 * pad - 2, columns = width + 2 * pad - 2;
    const ptrdiff_t plane = height * width * SB_LANES, result = rows * columns * SB_LANES, count = outputs * result;
    const float scale = some_scale();
    const uint32_t replaced = next() & next() & ((1u << blocks) - 1);
    float *base = numbers(blocks * plane, scale), *image = numbers(blocks * plane, scale), *own = room(blocks * plane);
    float *weights = numbers(outputs * channels * 9 * SB_LANES, scale);
    float *bias = numbers(outputs * SB_LANES, scale * scale);
    spoil(base, blocks * plane);
    ptrdiff_t number = 0;
    for (ptrdiff_t k = 0; k < blocks; k++) {
        const bool is_own = replaced >> k & 1;
        float *to = is_own ? own + number++ * plane : image + k * plane;
        memcpy(to, (is_own ? image : base) + k * plane, (size_t)plane * sizeof(float));
    }
    sb_tile tiles[64];
    sb_winograd c = {
        .weights = weights, .bias = bias, .source_row = width * SB_LANES, .source_block = plane, .tiles = tiles,
        .destination_row = columns * SB_LANES, .destination_block = result, .weights_block = channels * 9 * SB_LANES,
        .channels = channels, .low = 0, .high = INFINITY};
    c.tile_count = cut_tiles(tiles, &c, 1, height, width, pad, 0, 0);
    float *expected = c.destination = room(count);
    float *whole = c.transformed = room(sb_winograd_room(c.tile_count, channels));
    c.source = image;
    sb_kernels_for(SB_SCALAR)->winograd_inputs(&c, 0, blocks);
    sb_kernels_for(SB_SCALAR)->winograd_outputs(&c, room(sb_winograd_scratch(c.tile_count)), 0, outputs);
    fold(expected, count);
    const ptrdiff_t all = sb_chain_sums(c.tile_count);
    chain_check it = {.c = &c, .base = whole, .replaced = replaced, .is_cut = between(0, 1),
                      .filters = room(sb_chain_filters()),
                      .each = room(all * (blocks / 4 + 2)), .before = room(all), .sums = room(all)};
    it.own = room(sb_winograd_room(c.tile_count, channels));
    for (sb_instruction_set set = SB_SCALAR; set <= SB_WIDE_TEST; set++) {
        if (!(it.kernels = sb_kernels_for(set))) continue;
        c.source = base, c.transformed = whole;
        it.kernels->chain_inputs(&c, 0, blocks);
        c.source = own, c.transformed = (float *)it.own;
        it.kernels->chain_inputs(&c, 0, number);
        float *found = c.destination = room(count);
        for (ptrdiff_t output = 0; output < outputs; output += SB_TILE_GROUP) {
            follow_chains(&it, output, outputs - output < SB_TILE_GROUP ? outputs - output : SB_TILE_GROUP);
        }
        check("chains of tiles", set, expected, found, count);
    }
    release();
}
