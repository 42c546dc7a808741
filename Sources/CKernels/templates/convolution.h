// The strips of a direct convolution: as few register tiles as will do for any number of pixels, one function for each
// size of a tile, so that all of its accumulators are in registers.
#include "convolution_tile.h"

typedef void (*strip_function)(const tile_context *, ptrdiff_t, ptrdiff_t, ptrdiff_t);

// A strip is some tiles of one size, the pixels first ..< end. Where there is but one tap it has a loop of its own, whose
// blocks are short enough for the bookkeeping of the general one to show.
SB_INLINE void convolution_strip(const tile_shape shape, const tile_context *context, ptrdiff_t first, ptrdiff_t end,
                                 ptrdiff_t output) {
    if (SB_POINTWISE && context->is_pointwise) {
        for (; first < end; first += shape.pixels) convolution_tile(shape, true, context, first, output);
    } else {
        for (; first < end; first += shape.pixels) convolution_tile(shape, false, context, first, output);
    }
}

#define SB_STRIP(name, pixels, blocks, vectors)                                                                  \
    SB_FUNCTION void name(const tile_context *context, ptrdiff_t first, ptrdiff_t end, ptrdiff_t output) {      \
        convolution_strip((tile_shape){pixels, blocks, vectors}, context, first, end, output);                  \
    }
#define SB_STRIPS_6(kind, ...)                                                                  \
    SB_STRIP(kind##_1, 1, __VA_ARGS__) SB_STRIP(kind##_2, 2, __VA_ARGS__)                      \
    SB_STRIP(kind##_3, 3, __VA_ARGS__) SB_STRIP(kind##_4, 4, __VA_ARGS__)                      \
    SB_STRIP(kind##_5, 5, __VA_ARGS__) SB_STRIP(kind##_6, 6, __VA_ARGS__)
#define SB_STRIPS_8(kind, ...) \
    SB_STRIPS_6(kind, __VA_ARGS__) SB_STRIP(kind##_7, 7, __VA_ARGS__) SB_STRIP(kind##_8, 8, __VA_ARGS__)
#define SB_STRIPS_14(kind, ...)                                                                 \
    SB_STRIPS_8(kind, __VA_ARGS__)                                                              \
    SB_STRIP(kind##_9, 9, __VA_ARGS__) SB_STRIP(kind##_10, 10, __VA_ARGS__)                    \
    SB_STRIP(kind##_11, 11, __VA_ARGS__) SB_STRIP(kind##_12, 12, __VA_ARGS__)                  \
    SB_STRIP(kind##_13, 13, __VA_ARGS__) SB_STRIP(kind##_14, 14, __VA_ARGS__)
#define SB_NAMES_6(kind) 0, kind##_1, kind##_2, kind##_3, kind##_4, kind##_5, kind##_6
#define SB_NAMES_8(kind) SB_NAMES_6(kind), kind##_7, kind##_8
#define SB_NAMES_14(kind) SB_NAMES_8(kind), kind##_9, kind##_10, kind##_11, kind##_12, kind##_13, kind##_14

// The strips by the pixels of their tiles, and how many those are at most.
typedef struct {
    ptrdiff_t most;
    strip_function by_pixels[15];
} strip_table;

#if SB_VECTORS > 1
// One block of output channels, of which all or no more than 8 are wanted: half the accumulators, more pixels.
SB_STRIPS_6(whole, 1, SB_VECTORS)
SB_STRIPS_8(half, 1, SB_VECTORS / 2)
static const strip_table whole_strips = {6, {SB_NAMES_6(whole)}}, half_strips = {8, {SB_NAMES_8(half)}};
#else
SB_STRIPS_14(single, 1, 1)
SB_STRIPS_14(pair, 2, 1)
static const strip_table single_strips = {14, {SB_NAMES_14(single)}}, pair_strips = {14, {SB_NAMES_14(pair)}};
#endif

SB_FUNCTION const strip_table *find_strips(const sb_convolution *c, ptrdiff_t blocks) {
#if SB_VECTORS > 1
    (void)blocks;
    return c->is_narrow ? &half_strips : &whole_strips;
#else
    (void)c;
    return blocks > 1 ? &pair_strips : &single_strips;
#endif
}

#include "convolution_sparse.h"

// A pixel among those of all rectangles.
typedef struct {
    const sb_rectangle *rectangle;
    ptrdiff_t row, column;
} pixel_cursor;

SB_FUNCTION pixel_cursor find_pixel(const sb_convolution *c, ptrdiff_t number) {
    pixel_cursor at = {c->rectangles, 0, 0};
    for (; number >= at.rectangle->rows * at.rectangle->columns; at.rectangle++) {
        number -= at.rectangle->rows * at.rectangle->columns;
    }
    at.row = number / at.rectangle->columns;
    at.column = number % at.rectangle->columns;
    return at;
}

// The offsets of the next `count` pixels, of which there must be so many; returns where they end.
SB_FUNCTION pixel_cursor find_offsets(const sb_convolution *c, pixel_cursor at, ptrdiff_t count, pixel_offsets *offsets) {
    for (ptrdiff_t p = 0; p < count;) {
        const sb_rectangle *r = at.rectangle;
        if (at.row == r->rows || r->columns == 0) {
            at = (pixel_cursor){r + 1, 0, 0};
            continue;
        }
        const ptrdiff_t within = at.row * c->destination_row + at.column * c->destination_column;
        ptrdiff_t source = r->source + at.row * c->source_row + at.column * c->source_column;
        ptrdiff_t destination = r->destination + within, addend = r->addend + within;
        const ptrdiff_t run = r->columns - at.column < count - p ? r->columns - at.column : count - p;
        for (const ptrdiff_t end = p + run; p < end; p++) {
            offsets->source[p] = source;
            offsets->destination[p] = destination;
            offsets->addend[p] = addend;
            source += c->source_column;
            destination += c->destination_column;
            addend += c->destination_column;
        }
        at.column += run;
        if (at.column < r->columns) continue;
        at.column = 0;
        at.row++;
    }
    return at;
}

// Pixels first ..< end, with as few tiles as will do, of sizes that differ by at most one.
SB_FUNCTION void convolve_tiles(const tile_context *context, ptrdiff_t first, ptrdiff_t end, ptrdiff_t output,
                                ptrdiff_t blocks) {
    const strip_table *strips = find_strips(context->c, blocks);
    const ptrdiff_t count = end - first, number = (count + strips->most - 1) / strips->most;
    const ptrdiff_t size = count / number, larger = first + count % number * (size + 1);
    if (larger > first) strips->by_pixels[size + 1](context, first, larger, output);
    strips->by_pixels[size](context, larger, end, output);
}

// How many pixels to take at a time, so that the parts are nearly equal and of whole tiles but for the last.
SB_FUNCTION ptrdiff_t share(ptrdiff_t count, ptrdiff_t most, ptrdiff_t tile) {
    const ptrdiff_t number = (count + most - 1) / most;
    return ((count + number - 1) / number + tile - 1) / tile * tile;
}

SB_FUNCTION void convolve_chunk(const tile_context *context, ptrdiff_t count, ptrdiff_t first_block,
                                ptrdiff_t end_block) {
    const ptrdiff_t most = context->c->chunk < SB_CHUNK ? context->c->chunk : SB_CHUNK;
    const ptrdiff_t part = share(count, most, find_strips(context->c, end_block - first_block)->most);
    for (ptrdiff_t first = 0; first < count; first += part) {
        const ptrdiff_t end = first + part < count ? first + part : count;
        for (ptrdiff_t output = first_block; output < end_block; output += SB_TILE_BLOCKS) {
            const ptrdiff_t blocks = end_block - output < SB_TILE_BLOCKS ? end_block - output : SB_TILE_BLOCKS;
            convolve_tiles(context, first, end, output, blocks);
        }
    }
}

SB_FUNCTION void convolve(const sb_convolution *c, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_block,
                          ptrdiff_t end_block) {
    if (first == end) return;
    pixel_offsets offsets;
    const tile_context context = {c, &offsets, find_taps(c, 0), find_taps(c, c->blocks > 2 ? 1 : 0),
                                  find_taps(c, c->blocks - 1),
                                  c->kernel_rows == 1 && c->kernel_columns == 1 && c->first_lane == 0 &&
                                      c->last_lanes == SB_LANES};
    const bool is_sparse = may_skip(c, end_block - first_block);
    const ptrdiff_t most = is_sparse ? SB_CHUNK : c->chunk < SB_CHUNK ? c->chunk : SB_CHUNK;
    const ptrdiff_t chunk = share(end - first, most, find_strips(c, end_block - first_block)->most);
    pixel_cursor at = find_pixel(c, first);
    for (ptrdiff_t pixel = first; pixel < end; pixel += chunk) {
        const ptrdiff_t count = end - pixel < chunk ? end - pixel : chunk;
        at = find_offsets(c, at, count, &offsets);
        if (is_sparse && convolve_sparse(&context, count, first_block, end_block)) continue;
        convolve_chunk(&context, count, first_block, end_block);
    }
}
