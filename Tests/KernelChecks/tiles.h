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
