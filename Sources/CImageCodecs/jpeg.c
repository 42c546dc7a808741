#include "CImageCodecs.h"

#include <stdio.h>
#include <string.h>
#include <turbojpeg.h>

/// Whether libjpeg's warning leaves the picture whole. TurboJPEG keeps the first warning of a picture.
static int is_harmless(const char *warning) {
    return strstr(warning, "extraneous bytes before marker") != NULL ||
           strstr(warning, "Invalid SOS parameters for sequential JPEG") != NULL ||
           strstr(warning, "Unknown Adobe color transform code") != NULL;
}

sb_codec_status sb_jpeg_decode(const uint8_t *bytes, size_t count, sb_pixel_layout layout, int32_t width,
                               int32_t height, uint8_t *pixels, size_t capacity, char *message,
                               size_t message_capacity) {
    int format = layout == SB_PIXELS_CMYK ? TJPF_CMYK : TJPF_RGB;
    size_t row = (size_t)width * (layout == SB_PIXELS_CMYK ? 4 : 3);
    if (width < 1 || height < 1 || row > INT32_MAX || row * (size_t)height > capacity) return SB_CODEC_TOO_SMALL;
    tjhandle decoder = tjInitDecompress();
    if (decoder == NULL) return SB_CODEC_NO_MEMORY;
    sb_codec_status status = SB_CODEC_OK;
    int found_width = 0, found_height = 0, subsampling = 0, color_space = 0;
    // The answer is looked at through the sizes alone: an uncommon chroma subsampling is an error here, not below.
    int header = tjDecompressHeader3(decoder, bytes, count, &found_width, &found_height, &subsampling, &color_space);
    if (found_width != width || found_height != height) {
        status = SB_CODEC_CORRUPT;
        snprintf(message, message_capacity, "%s", header ? tjGetErrorStr2(decoder) : "contradictory sizes");
    } else if (tjDecompress2(decoder, bytes, count, pixels, width, (int)row, height, format,
                             TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0) {
        const char *words = tjGetErrorStr2(decoder);
        if (tjGetErrorCode(decoder) != TJERR_WARNING || !is_harmless(words)) {
            status = SB_CODEC_CORRUPT;
            snprintf(message, message_capacity, "%s", words);
        }
    }
    tjDestroy(decoder);
    return status;
}
