// Convolutions of signals most of which are zero, one pixel at a time: what is left of a pixel's steps is gathered in a
// list, and each step is a few neighbouring loads of weights, one multiply-add each.
//
// Within a block of 16 channels all pixels are computed before the next block, and all of them for a few output blocks
// before the next, so that these weights stay in the first-level cache. The totals wait in the destination.
//
// Convolutions that read the same positions, as the phases of a stride do, gather these once, and each its own steps.
//
// No bit changes where the weights are finite, for the reasons given in convolution_sparse.h: there is no bias.

// What is known of a pixel whose list is there.
typedef struct gathered_pixel {
    int32_t begin, length;
    ptrdiff_t destination;
} gathered_pixel;

// Where each pixel's outputs go; returns how many pixels there are.
SB_FUNCTION ptrdiff_t find_pixels(const sb_sparse_convolution *c) {
    ptrdiff_t *pixel = c->pixels;
    for (ptrdiff_t i = 0; i < c->count; i++) {
        const sb_patch *patch = c->patches + i;
        for (ptrdiff_t row = 0; row < patch->rows; row++) {
            for (ptrdiff_t column = 0; column < patch->columns; column++) {
                *pixel++ = patch->destination + row * c->destination_row + column * c->destination_column;
            }
        }
    }
    return pixel - c->pixels;
}

SB_FUNCTION ptrdiff_t count_pixels(const sb_sparse_convolution *c) {
    ptrdiff_t pixels = 0;
    for (ptrdiff_t i = 0; i < c->count; i++) pixels += c->patches[i].rows * c->patches[i].columns;
    return pixels;
}

// Orders the pixels whose lists are not empty by the lists' lengths; returns how many there are. Of some that go together
// hardly any has a longer list than another then, and the loop's end can be foretold.
SB_FUNCTION ptrdiff_t order_pixels(const ptrdiff_t *destinations, const int32_t *begins, ptrdiff_t pixels,
                                   gathered_pixel *ordered) {
    int32_t first[256 * SB_LANES];
    int32_t most = 0;
    for (ptrdiff_t i = 0; i < pixels; i++) most = begins[i + 1] - begins[i] > most ? begins[i + 1] - begins[i] : most;
    memset(first, 0, ((size_t)most + 1) * sizeof *first);
    for (ptrdiff_t i = 0; i < pixels; i++) first[begins[i + 1] - begins[i]]++;
    int32_t sum = -first[0];
    for (int32_t length = 0; length <= most; length++) {
        const int32_t count = first[length];
        first[length] = sum;
        sum += count;
    }
    for (ptrdiff_t i = 0; i < pixels; i++) {
        const int32_t length = begins[i + 1] - begins[i];
        if (length == 0) continue;
        const gathered_pixel pixel = {begins[i], length, destinations[i]};
        ordered[first[length]++] = pixel;
    }
    return sum;
}

// One step of one pixel's list for a few output blocks.
SB_INLINE void gathered_step(const int outputs, const sb_sparse_convolution *c, ptrdiff_t step, const float *weights,
                             sb_vector *sums) {
    const sb_vector x = sb_splat(c->pixel_values[step]);
    const float *w = weights + (ptrdiff_t)c->pixel_steps[step] * SB_LANES;
#pragma unroll
    for (int i = 0; i < outputs * SB_VECTORS; i++) {
        sums[i] = sb_fma(x, sb_load(w + i / SB_VECTORS * c->weights_block + i % SB_VECTORS * SB_WIDTH), sums[i]);
    }
}

// The chains of a few output blocks of some pixels, added to the totals.
SB_INLINE void gathered_together(const int outputs, const int together, const sb_sparse_convolution *c,
                                 const gathered_pixel *pixel, const float *weights, float *destination) {
    const int vectors = outputs * SB_VECTORS;
    sb_vector sums[SB_SPARSE_OUTPUTS * SB_VECTORS * 2];
#pragma unroll
    for (int i = 0; i < together * vectors; i++) sums[i] = sb_splat(0);
    const ptrdiff_t all = pixel->length;
    for (ptrdiff_t step = 0; step < all; step++) {
#pragma unroll
        for (int p = 0; p < together; p++) {
            gathered_step(outputs, c, pixel[p].begin + step, weights, sums + p * vectors);
        }
    }
#pragma unroll
    for (int p = 0; p < together; p++) {
        for (ptrdiff_t step = all; step < pixel[p].length; step++) {
            gathered_step(outputs, c, pixel[p].begin + step, weights, sums + p * vectors);
        }
#pragma unroll
        for (int i = 0; i < vectors; i++) {
            float *total = destination + pixel[p].destination + i / SB_VECTORS * c->destination_block
                           + i % SB_VECTORS * SB_WIDTH;
            sb_store(total, sums[p * vectors + i] + sb_load(total));
        }
    }
}

// One block's chains of a few output blocks of all pixels, added to the totals. As many pixels go together as there are
// registers for: the multiply-adds of one chain wait for each other.
SB_INLINE void gathered_outputs(const int outputs, const sb_sparse_convolution *c, const gathered_pixel *pixel,
                                ptrdiff_t pixels, const float *weights, float *destination) {
    const int most = 12 / (outputs * SB_VECTORS), together = most > 6 ? 6 : most > 1 ? most : 1;
    const gathered_pixel *const last = pixel + pixels;
    for (; pixel + together <= last; pixel += together) {
        gathered_together(outputs, together, c, pixel, weights, destination);
    }
    for (; pixel < last; pixel++) gathered_together(outputs, 1, c, pixel, weights, destination);
}

typedef void (*gathered_function)(const sb_sparse_convolution *, const gathered_pixel *, ptrdiff_t, const float *, float *);
#define SB_GATHERED(outputs)                                                                                        \
    SB_FUNCTION void gathered_##outputs(const sb_sparse_convolution *c, const gathered_pixel *pixel,                \
                                        ptrdiff_t pixels, const float *weights, float *destination) {               \
        gathered_outputs(outputs, c, pixel, pixels, weights, destination);                                          \
    }
SB_GATHERED(1) SB_GATHERED(2) SB_GATHERED(3) SB_GATHERED(4) SB_GATHERED(5) SB_GATHERED(6)
static const gathered_function gathered[SB_SPARSE_OUTPUTS + 1] = {
    0, gathered_1, gathered_2, gathered_3, gathered_4, gathered_5, gathered_6};

// Sets the outputs to 0, or clips them.
SB_FUNCTION void gathered_clear(const sb_sparse_convolution *c, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t output = first; output < end; output++) {
        float *destination = c->destination + output * c->destination_block;
        for (ptrdiff_t p = 0; p < pixels; p++) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) sb_store(destination + c->pixels[p] + v * SB_WIDTH, sb_splat(0));
        }
    }
}

SB_FUNCTION void gathered_clip(const sb_sparse_convolution *c, ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t end) {
    const sb_vector low = sb_splat(c->low), high = sb_splat(__builtin_inff());
    for (ptrdiff_t output = first; output < end; output++) {
        float *destination = c->destination + output * c->destination_block;
        for (ptrdiff_t p = 0; p < pixels; p++) {
#pragma unroll
            for (int v = 0; v < SB_VECTORS; v++) {
                float *at = destination + c->pixels[p] + v * SB_WIDTH;
                sb_store(at, sb_limit(sb_load(at), low, high));
            }
        }
    }
}

// What one block gives to the output blocks first ..< end of the pixels with lists.
SB_FUNCTION void gathered_block(const sb_sparse_convolution *c, ptrdiff_t block, const gathered_pixel *pixel,
                                ptrdiff_t pixels, ptrdiff_t first, ptrdiff_t end) {
    const float *weights = c->weights + block * c->kernel_rows * c->kernel_columns * SB_LANES * SB_LANES;
    for (ptrdiff_t output = first; output < end;) {
        const ptrdiff_t left = end - output, rounds = (left + c->outputs - 1) / c->outputs;
        const ptrdiff_t outputs = (left + rounds - 1) / rounds;
        gathered[outputs](c, pixel, pixels, weights + output * c->weights_block,
                          c->destination + output * c->destination_block);
        output += outputs;
    }
}

SB_FUNCTION void convolve_gathered(const sb_sparse_convolution *all, ptrdiff_t convolutions, ptrdiff_t first,
                                   ptrdiff_t end) {
    const sb_sparse_convolution *const last = all + convolutions;
    for (const sb_sparse_convolution *c = all; c < last; c++) gathered_clear(c, find_pixels(c), first, end);
    for (ptrdiff_t block = 0; block < all->blocks; block++) {
        if (gather_positions(all, block) == 0) continue;
        for (const sb_sparse_convolution *c = all; c < last; c++) {
            const ptrdiff_t pixels = count_pixels(c);
            int32_t *const begins = (int32_t *)(c->pixels + pixels);
            gathered_pixel *const ordered = (gathered_pixel *)(c->pixels + pixels + pixels / 2 + 1);
            gather_steps(c, block, begins);
            gathered_block(c, block, ordered, order_pixels(c->pixels, begins, pixels, ordered), first, end);
        }
    }
    for (const sb_sparse_convolution *c = all; c < last; c++) {
        if (c->low == 0) gathered_clip(c, count_pixels(c), first, end);
    }
}
