/// The inner loops of Switchback's kernels. Each instruction set gives the same bits.
///
/// Maps are blocked: [images][blocks of 16 channels][height][width][16 lanes]. Steps between elements are counted in
/// floats. Nothing here allocates, keeps state or checks its arguments: the Swift side does, at its door.
#ifndef SWITCHBACK_CKERNELS_H
#define SWITCHBACK_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Channels in a block.
#define SB_LANES 16
/// Output blocks from which on zeros of the source are looked for: fewer would not make up for looking.
#define SB_SKIPPING_BLOCKS 4

/// A rectangle of a convolution's outputs. Its pixels are numbered in row-major order, on from those of the rectangle
/// before it.
typedef struct sb_rectangle {
    ptrdiff_t rows, columns;
    /// Floats from the convolution's source, destination and addend to those of the rectangle's first pixel.
    ptrdiff_t source, destination, addend;
} sb_rectangle;

/// A convolution over a source whose padding is already there.
///
/// Every output is summed in one order. For each input block one chain of fused multiply-adds from zero over (kernel
/// row, kernel column, lane); y = S_0 + bias; y = S_1 + y; y = S_2 + y …; y + addend; then the clip. It does not depend
/// on where the output lies, on its neighbours or on the instruction set. So a sum may be cut between two blocks, and be
/// gone on with from what the blocks before have given.
typedef struct sb_convolution {
    /// Lane 0 of the first block; the rectangles say where their first taps are from here.
    const float *_Nonnull source;
    /// [output block][block][kernel row][kernel column][lane][16 output channels].
    const float *_Nonnull weights;
    /// [output block][16].
    const float *_Nonnull bias;
    /// Added before the clip, with the destination's row and column steps; or null. It may be the destination.
    const float *_Nullable addend;
    float *_Nonnull destination;
    /// The outputs: one rectangle an image, or any others; at least one where there are pixels to compute.
    const sb_rectangle *_Nullable rectangles;
    ptrdiff_t source_row, source_column, source_block;
    ptrdiff_t destination_row, destination_column, destination_block;
    ptrdiff_t addend_block;
    /// Floats of one output block's weights.
    ptrdiff_t weights_block;
    /// Input blocks; the first is read from `first_lane`, the last up to `last_lanes`.
    ptrdiff_t blocks, first_lane, last_lanes;
    /// Floats from a pixel of the source to its right neighbour: 16, or the channels of an unblocked source.
    ptrdiff_t pixel_lanes;
    ptrdiff_t kernel_rows, kernel_columns;
    /// Floats between the taps of neighbouring kernel rows and columns.
    ptrdiff_t tap_row, tap_column;
    /// Pixels that one output block is computed for before the next.
    ptrdiff_t chunk;
    /// Whether only the first 8 channels of each output block are wanted; the others' results are then 0, as long as
    /// their weights and bias are.
    bool is_narrow;
    /// Whether what is multiplied by zeros of the source may be left out, which changes nothing as long as all weights
    /// are finite and no bias is −0.
    bool skips_zeros;
    /// Whether the sums go on from the addend, which then takes the place of the bias: y = S_0 + addend; y = S_1 + y ….
    bool continues;
    /// The result is clipped to these; −∞ and +∞ leave it as it is. NaN passes.
    float low, high;
} sb_convolution;

/// A convolution of each channel with its own filter: a chain of fused multiply-adds from zero over (kernel row, kernel
/// column), + bias, + addend, then the clip. One block of one image.
typedef struct sb_depthwise {
    const float *_Nonnull source;
    /// [kernel row][kernel column][16].
    const float *_Nonnull weights;
    const float *_Nonnull bias;
    const float *_Nullable addend;
    float *_Nonnull destination;
    ptrdiff_t columns;
    ptrdiff_t source_row, source_column;
    ptrdiff_t destination_row, destination_column;
    ptrdiff_t kernel_rows, kernel_columns;
    ptrdiff_t tap_row, tap_column;
    float low, high;
} sb_depthwise;

/// A pooling of one block of one image, without stored padding.
///
/// Of a part of a map, `height` and `width` are those of the part, and the padding what lies between its corner and the
/// first window: less than none where that begins within it.
typedef struct sb_pooling {
    const float *_Nonnull source;
    float *_Nonnull destination;
    /// The position of each maximum, row · source_row + column, or null. Not used by average pooling.
    int32_t *_Nullable switches;
    ptrdiff_t height, width;
    ptrdiff_t columns;
    /// Pixels from one row to the next.
    ptrdiff_t source_row, destination_row;
    ptrdiff_t kernel_rows, kernel_columns;
    ptrdiff_t stride_y, stride_x, dilation_y, dilation_x;
    ptrdiff_t pad_top, pad_left;
    /// Average pooling only: padding behind the image, and whether padding counts in the divisor.
    ptrdiff_t pad_bottom, pad_right;
    bool counts_padding;
} sb_pooling;

#include "CKernelsMath.h"
#include "CKernelsSparse.h"
#include "CKernelsWinograd.h"

/// One set of inner loops.
typedef struct sb_kernels {
    /// The largest register tile of a convolution; splits at multiples of it waste nothing.
    ptrdiff_t tile_pixels, tile_blocks;
    /// Output blocks first_block ..< end_block of the pixels first ..< end.
    void (*_Nonnull convolve)(const sb_convolution *_Nonnull, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_block,
                              ptrdiff_t end_block);
    /// The rows first ..< end.
    void (*_Nonnull depthwise)(const sb_depthwise *_Nonnull, ptrdiff_t first, ptrdiff_t end);
    /// The rows first ..< end. The first maximum in row-major order wins; padding never does. True if a NaN was met;
    /// it is then the output of every window that holds one.
    bool (*_Nonnull max_pool)(const sb_pooling *_Nonnull, ptrdiff_t first, ptrdiff_t end);
    /// Output blocks first ..< end of all patches of some convolutions, whose patches read the same positions of the same
    /// source, one by one.
    void (*_Nonnull convolve_sparse)(const sb_sparse_convolution *_Nonnull, ptrdiff_t convolutions, ptrdiff_t first,
                                     ptrdiff_t end);
    /// The rows first ..< end of those reached.
    void (*_Nonnull spread)(const sb_spreading *_Nonnull, ptrdiff_t first, ptrdiff_t end);
    /// destination + part 0 + part 1 …, in this order, and then the clip. `count` is a multiple of 16; the parts lie
    /// `step` floats apart.
    void (*_Nonnull add_parts)(const float *_Nonnull parts, ptrdiff_t step, ptrdiff_t number, float *_Nonnull destination,
                               ptrdiff_t count, float low, float high);
    /// Transforms the blocks first ..< end of all tiles.
    void (*_Nonnull winograd_inputs)(const sb_winograd *_Nonnull, ptrdiff_t first, ptrdiff_t end);
    /// Output blocks first ..< end of all tiles, which are transformed; `scratch` is `sb_winograd_scratch` floats.
    void (*_Nonnull winograd_outputs)(const sb_winograd *_Nonnull, float *_Nonnull scratch, ptrdiff_t first, ptrdiff_t end);
    /// Transforms the blocks first ..< end of all tiles, each to [36][tile][16].
    void (*_Nonnull chain_inputs)(const sb_winograd *_Nonnull, ptrdiff_t first, ptrdiff_t end);
    /// Transforms the filters of the chain from this channel on, for `blocks` output blocks of a group, into
    /// `sb_chain_filters` floats.
    void (*_Nonnull chain_filters)(const sb_winograd *_Nonnull, ptrdiff_t channel, ptrdiff_t output, ptrdiff_t blocks,
                                   float *_Nonnull filters);
    /// The products of several images' chains with the same filters.
    void (*_Nonnull chain_products)(const float *_Nonnull filters, ptrdiff_t tiles, ptrdiff_t blocks,
                                    const sb_tile_chain *_Nonnull chains, ptrdiff_t count);
    /// Output blocks `output` and on of all tiles, from their sums of products.
    void (*_Nonnull chain_outputs)(const sb_winograd *_Nonnull, const float *_Nonnull sums, ptrdiff_t output,
                                   ptrdiff_t blocks);
    /// As `sb_normalize`, which is the scalar one.
    void (*_Nonnull normalize)(const sb_normalization *_Nonnull, ptrdiff_t pixels, double *_Nonnull room);
} sb_kernels;

typedef enum sb_instruction_set : int32_t {
    SB_SCALAR = 0,
    SB_AVX2 = 1,
    SB_AVX512 = 2,
    SB_NEON = 3,
    /// The AVX-512 code made for AVX2, so that its logic is tested where there is no AVX-512.
    SB_WIDE_TEST = 4,
} sb_instruction_set;

/// The loops for an instruction set, or null where this processor or its operating system cannot run them.
const sb_kernels *_Nullable sb_kernels_for(sb_instruction_set set);

#include "CKernelsLayout.h"
#include "CKernelsPooling.h"

#endif
