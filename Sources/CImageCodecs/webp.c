#include "CImageCodecs.h"

#include <webp/decode.h>

sb_codec_status sb_webp_read_features(const uint8_t *bytes, size_t count, sb_webp_features *features) {
    WebPBitstreamFeatures found;
    if (WebPGetFeatures(bytes, count, &found) != VP8_STATUS_OK) return SB_CODEC_CORRUPT;
    features->width = found.width;
    features->height = found.height;
    features->has_alpha = found.has_alpha;
    features->is_animated = found.has_animation;
    return SB_CODEC_OK;
}

sb_codec_status sb_webp_decode(const uint8_t *bytes, size_t count, sb_pixel_layout layout, int32_t width,
                               int32_t height, uint8_t *pixels, size_t capacity) {
    sb_webp_features features;
    if (sb_webp_read_features(bytes, count, &features) != SB_CODEC_OK) return SB_CODEC_CORRUPT;
    if (features.width != width || features.height != height || features.is_animated) return SB_CODEC_CORRUPT;
    size_t row = (size_t)width * (layout == SB_PIXELS_RGBA ? 4 : 3);
    if (row * (size_t)height > capacity) return SB_CODEC_TOO_SMALL;
    uint8_t *end = layout == SB_PIXELS_RGBA ? WebPDecodeRGBAInto(bytes, count, pixels, capacity, (int)row)
                                            : WebPDecodeRGBInto(bytes, count, pixels, capacity, (int)row);
    return end == NULL ? SB_CODEC_CORRUPT : SB_CODEC_OK;
}
