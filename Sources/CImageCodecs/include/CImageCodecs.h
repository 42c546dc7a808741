#ifndef SB_IMAGE_CODECS_H
#define SB_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

// Thin doors to TurboJPEG, libspng and libwebp. Every function takes the whole file in memory and writes into a
// buffer of the caller's, never past `capacity`; nothing is kept, nothing jumps or throws across, and no function
// uses state shared between threads. The picture's size is read from the file by the caller and passed in: a codec
// that sees another size answers SB_CODEC_CORRUPT.

typedef enum sb_codec_status {
    SB_CODEC_OK = 0,
    /// The file is broken or incomplete; `message` holds the codec's own words.
    SB_CODEC_CORRUPT = 1,
    /// The codec could not get memory.
    SB_CODEC_NO_MEMORY = 2,
    /// The buffer is smaller than the picture.
    SB_CODEC_TOO_SMALL = 3
} sb_codec_status;

/// How pixels are written: interleaved, 8 bits a component, rows without padding.
typedef enum sb_pixel_layout {
    SB_PIXELS_RGB = 3,
    SB_PIXELS_RGBA = 4,
    /// As stored in the JPEG (YCCK turned into CMYK); Adobe's files hold 255 for no ink.
    SB_PIXELS_CMYK = 5
} sb_pixel_layout;

/// Decodes a JPEG (8 bits; baseline or progressive; grey, YCbCr, RGB as RGB; CMYK or YCCK as CMYK).
/// Missing or broken data is SB_CODEC_CORRUPT even where libjpeg would go on with grey.
sb_codec_status sb_jpeg_decode(const uint8_t *_Nonnull bytes, size_t count, sb_pixel_layout layout, int32_t width,
                               int32_t height, uint8_t *_Nonnull pixels, size_t capacity, char *_Nonnull message,
                               size_t message_capacity);

/// Decodes a PNG of any colour type and depth as RGB or RGBA. 16-bit samples keep their upper byte; tRNS becomes
/// alpha (RGBA only); gamma is ignored.
sb_codec_status sb_png_decode(const uint8_t *_Nonnull bytes, size_t count, sb_pixel_layout layout, int32_t width,
                              int32_t height, uint8_t *_Nonnull pixels, size_t capacity, char *_Nonnull message,
                              size_t message_capacity);

/// What a WebP file says of itself.
typedef struct sb_webp_features {
    int32_t width;
    int32_t height;
    int32_t has_alpha;
    int32_t is_animated;
} sb_webp_features;

/// Reads the header of a WebP file.
sb_codec_status sb_webp_read_features(const uint8_t *_Nonnull bytes, size_t count, sb_webp_features *_Nonnull features);

/// Decodes a still WebP (lossy or lossless) as RGB or RGBA.
sb_codec_status sb_webp_decode(const uint8_t *_Nonnull bytes, size_t count, sb_pixel_layout layout, int32_t width,
                               int32_t height, uint8_t *_Nonnull pixels, size_t capacity);

#endif
