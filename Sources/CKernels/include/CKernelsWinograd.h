/// Convolutions of 3×3 and stride 1 with a quarter of the multiplications, after Winograd: F(4×4, 3×3) of Lavin and Gray,
/// "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
#ifndef SWITCHBACK_CKERNELS_WINOGRAD_H
#define SWITCHBACK_CKERNELS_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

/// Outputs and inputs on a side of a tile.
#define SB_TILE_OUTPUTS 4
#define SB_TILE_INPUTS 6
/// Products of a tile and a filter.
#define SB_TILE_PRODUCTS 36
/// Input channels whose products are one chain.
#define SB_TILE_CHAIN 64
/// Output blocks that are computed together.
#define SB_TILE_GROUP 2
/// Floats that keep what lies a power of two apart out of each other's way in the caches.
#define SB_TILE_GAP 16

/// 4×4 outputs, whose rows and columns begin at multiples of 4 of the whole map's, and the 6×6 inputs that they look at.
typedef struct sb_tile {
    /// Floats from the convolution's source, destination and addend to the tile's first input and output, which need not
    /// be there.
    ptrdiff_t source, destination, addend;
    /// The inputs that are within the map; the others are 0.
    uint8_t first_row, end_row, first_column, end_column;
    /// The outputs that are wanted.
    uint8_t first_output_row, end_output_row, first_output_column, end_output_column;
} sb_tile;

/// Some tiles of a convolution of 3×3, stride 1 and one group.
///
/// Every output is worked out in one order. With a = 5/8 and b = 3/2:
///
/// 1. The tile's inputs, first each column d_0 … d_5, then each row of what comes out:
///    v_0 = fma(a²b², d_0, fma(−(a² + b²), d_2, d_4)), v_5 = fma(a²b², d_1, fma(−(a² + b²), d_3, d_5)); with
///    e = fma(−b², d_2, d_4) and o = fma(−b², d_1, d_3): v_1 = fma(a, o, e), v_2 = fma(−a, o, e); with
///    e = fma(−a², d_2, d_4) and o = fma(−a², d_1, d_3): v_3 = fma(b, o, e), v_4 = fma(−b, o, e).
/// 2. The filter, first each column g_0 … g_2, then each row: u_0 = g_0, u_5 = g_2; with e = fma(a², g_2, g_0):
///    u_1 = fma(a, g_1, e), u_2 = fma(−a, g_1, e); with e = fma(b², g_2, g_0): u_3 = fma(b, g_1, e), u_4 = fma(−b, g_1, e).
/// 3. For each of the 36 products and each run of 64 input channels one chain of fused multiply-adds of v and u from zero,
///    in the order of the channels; m = S_0; m = S_1 + m; m = S_2 + m …
/// 4. The outputs, first of each column m_0 … m_5, then of each row: s = m_1 + m_2, d = m_1 − m_2, t = m_3 + m_4,
///    w = m_3 − m_4; y_0 = fma(β, t, fma(α, s, γ m_0)), y_1 = fma(bβ, w, aα d), y_2 = fma(b²β, t, a²α s),
///    y_3 = fma(b³β, w, fma(a³α, d, m_5)), where α = 1 / (2a² (a² − b²)), β = 1 / (2b² (b² − a²)), γ = 1 / (a²b²), each
///    coefficient rounded once.
/// 5. y + bias; y + addend; the clip.
///
/// It does not depend on which tiles are computed together or on the instruction set. It does depend on where the output
/// lies in its tile, and on all of the tile's inputs.
typedef struct sb_winograd {
    /// Lane 0 of the first block.
    const float *_Nonnull source;
    /// [output block][block][3][3][lane][16 output channels], as for `sb_convolution`.
    const float *_Nonnull weights;
    /// [output block][16].
    const float *_Nonnull bias;
    /// Added before the clip, with the destination's row step; or null.
    const float *_Nullable addend;
    float *_Nonnull destination;
    const sb_tile *_Nullable tiles;
    /// The tiles transformed: `sb_winograd_room` floats, in blocks and within them as the instruction set has them.
    float *_Nullable transformed;
    ptrdiff_t tile_count;
    ptrdiff_t source_row, source_block;
    ptrdiff_t destination_row, destination_block;
    ptrdiff_t addend_block;
    /// Floats of one output block's weights.
    ptrdiff_t weights_block;
    /// Input channels.
    ptrdiff_t channels;
    /// The result is clipped to these; −∞ and +∞ leave it as it is. NaN passes.
    float low, high;
} sb_winograd;

/// Floats of so many tiles of so many channels, transformed.
static inline ptrdiff_t sb_winograd_room(ptrdiff_t tiles, ptrdiff_t channels) {
    return (channels + 15) / 16 * tiles * SB_TILE_PRODUCTS * 16;
}

/// Floats that computing the outputs of so many tiles takes besides: filters transformed and sums of products.
static inline ptrdiff_t sb_winograd_scratch(ptrdiff_t tiles) {
    const ptrdiff_t filters = SB_TILE_CHAIN * 16 + SB_TILE_CHAIN / 16 * SB_TILE_GAP, sums = tiles * 16;
    return SB_TILE_PRODUCTS * (SB_TILE_GROUP * (filters + sums) + SB_TILE_GAP);
}

/// The products of one chain of input channels, of some tiles of an image that is like another, the base, but for some blocks;
/// and what other chains came to, added in its place. Sums of products lie [36][tile][output block of a group][16], the
/// products `sb_chain_sums` / 36 floats apart.
typedef struct sb_tile_chain {
    /// The blocks of the chain that are to be added, transformed: [block][36][tile][16].
    const float *_Nonnull base;
    /// Those that stand in the place of the base's, a bit of `replaced` for each, one behind another.
    const float *_Nullable own;
    uint32_t replaced;
    /// The number of the first of them within the chain, and the channels of all of them.
    ptrdiff_t first_block, channels;
    /// What the blocks before it came to, from which the chain goes on; null: from zero.
    const float *_Nullable start;
    /// m = S_0 + … + S_{k−1}, to which the chain's sum is added; null for the first chain.
    const float *_Nullable before;
    /// The sums of chains behind it that are then added, one behind another.
    const float *_Nullable after;
    ptrdiff_t after_count;
    /// What comes out; it may be where any of these sums were.
    float *_Nonnull sums;
} sb_tile_chain;

/// Floats of the sums of products of so many tiles and one group of output blocks.
static inline ptrdiff_t sb_chain_sums(ptrdiff_t tiles) {
    return SB_TILE_PRODUCTS * (tiles * SB_TILE_GROUP * 16 + SB_TILE_GAP);
}

/// Floats of a chain's filters, transformed, for one group of output blocks.
static inline ptrdiff_t sb_chain_filters(void) {
    return SB_TILE_GROUP * SB_TILE_CHAIN / 16 * SB_TILE_PRODUCTS * (16 * 16 + SB_TILE_GAP);
}

#endif
