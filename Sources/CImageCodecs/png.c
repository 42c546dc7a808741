#include "CImageCodecs.h"

#include <spng.h>
#include <stdio.h>

static sb_codec_status status_of(int error, char *message, size_t message_capacity) {
    if (error == 0) return SB_CODEC_OK;
    snprintf(message, message_capacity, "%s", spng_strerror(error));
    return error == SPNG_EMEM ? SB_CODEC_NO_MEMORY : SB_CODEC_CORRUPT;
}

static int decode(spng_ctx *context, const uint8_t *bytes, size_t count, int format, int flags, int32_t width,
                  int32_t height, uint8_t *pixels, size_t capacity) {
    struct spng_ihdr header;
    size_t size = 0;
    int error = spng_set_image_limits(context, (uint32_t)width, (uint32_t)height);
    if (!error) error = spng_set_crc_action(context, SPNG_CRC_ERROR, SPNG_CRC_DISCARD);
    if (!error) error = spng_set_png_buffer(context, bytes, count);
    if (!error) error = spng_get_ihdr(context, &header);
    if (!error && (header.width != (uint32_t)width || header.height != (uint32_t)height)) error = SPNG_EWIDTH;
    if (!error) error = spng_decoded_image_size(context, format, &size);
    if (!error && size > capacity) error = SPNG_EBUFSIZ;
    if (!error) error = spng_decode_image(context, pixels, size, format, flags);
    return error;
}

sb_codec_status sb_png_decode(const uint8_t *bytes, size_t count, sb_pixel_layout layout, int32_t width,
                              int32_t height, uint8_t *pixels, size_t capacity, char *message,
                              size_t message_capacity) {
    int format = layout == SB_PIXELS_RGBA ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
    int flags = layout == SB_PIXELS_RGBA ? SPNG_DECODE_TRNS : 0;
    spng_ctx *context = spng_ctx_new(0);
    if (context == NULL) return SB_CODEC_NO_MEMORY;
    int error = decode(context, bytes, count, format, flags, width, height, pixels, capacity);
    spng_ctx_free(context);
    return status_of(error, message, message_capacity);
}
