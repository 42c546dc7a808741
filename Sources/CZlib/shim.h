/* The door to zlib. Macros that Swift does not import become functions; the one-shot functions keep every
 * pointer of a z_stream inside C. Sizes are size_t throughout: zlib's own 32-bit counters are fed in pieces.
 * windowBits: 15 = zlib format (PNG), 15 + 16 = gzip format, -15 = raw deflate. */
#ifndef SB_CZLIB_SHIM_H
#define SB_CZLIB_SHIM_H

#ifndef ZLIB_CONST
#define ZLIB_CONST
#endif
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/* deflateInit2 with the default memory and strategy; next_in, avail_in and the allocators are cleared first. */
static inline int sb_deflate_init(z_stream *stream, int level, int windowBits) {
    memset(stream, 0, sizeof(*stream));
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

/* inflateInit2; next_in, avail_in and the allocators are cleared first. */
static inline int sb_inflate_init(z_stream *stream, int windowBits) {
    memset(stream, 0, sizeof(*stream));
    return inflateInit2(stream, windowBits);
}

/* The largest output that sb_deflate can make of `length` bytes in the zlib or the gzip format. */
static inline size_t sb_compress_bound(size_t length) {
    return length + (length >> 12) + (length >> 14) + (length >> 25) + 13 + 18 + (length >> 7) + 64;
}

/* CRC-32 (the one of gzip and PNG) of `length` bytes, going on from `crc`; start with 0. */
static inline uint32_t sb_crc32(uint32_t crc, const uint8_t *_Nullable bytes, size_t length) {
    uLong value = crc;
    while (length > 0) {
        uInt piece = length > UINT_MAX ? UINT_MAX : (uInt)length;
        value = crc32(value, bytes, piece);
        bytes += piece;
        length -= piece;
    }
    return (uint32_t)value;
}

/* Runs a stream to its end over whole buffers; `run` is deflate or inflate. Returns zlib's last status. */
static inline int sb_run_whole(z_stream *stream, int (*run)(z_stream *, int), const uint8_t *_Nullable input,
                               size_t inputLength, uint8_t *output, size_t outputCapacity, size_t *written) {
    size_t inputLeft = inputLength, outputLeft = outputCapacity;
    int status = Z_OK;
    stream->next_in = input;
    stream->next_out = output;
    while (status == Z_OK) {
        if (stream->avail_in == 0 && inputLeft > 0) {
            stream->avail_in = inputLeft > UINT_MAX ? UINT_MAX : (uInt)inputLeft;
            inputLeft -= stream->avail_in;
        }
        if (stream->avail_out == 0 && outputLeft > 0) {
            stream->avail_out = outputLeft > UINT_MAX ? UINT_MAX : (uInt)outputLeft;
            outputLeft -= stream->avail_out;
        }
        uInt inBefore = stream->avail_in, outBefore = stream->avail_out;
        status = run(stream, inputLeft == 0 ? Z_FINISH : Z_NO_FLUSH);
        if (status == Z_BUF_ERROR && (stream->avail_in != inBefore || stream->avail_out != outBefore)
            && (inputLeft > 0 || outputLeft > 0)) {
            status = Z_OK; /* a piece is used up, not the whole */
        }
    }
    *written = outputCapacity - outputLeft - stream->avail_out;
    return status;
}

/* Compresses `input` whole. Z_STREAM_END: done, `*written` bytes stand in `output`. Z_BUF_ERROR: no room. */
static inline int sb_deflate(int level, int windowBits, const uint8_t *_Nullable input, size_t inputLength,
                             uint8_t *output, size_t outputCapacity, size_t *written) {
    z_stream stream;
    int status = sb_deflate_init(&stream, level, windowBits);
    *written = 0;
    if (status != Z_OK) return status;
    status = sb_run_whole(&stream, deflate, input, inputLength, output, outputCapacity, written);
    deflateEnd(&stream);
    return status;
}

/* Expands `input`. Z_STREAM_END: done, `*written` bytes stand in `output`. Z_BUF_ERROR: `output` is too small, or
 * `input` is cut short. Z_DATA_ERROR: not such a stream. Never writes more than `outputCapacity` bytes. */
static inline int sb_inflate(int windowBits, const uint8_t *_Nullable input, size_t inputLength, uint8_t *output,
                             size_t outputCapacity, size_t *written) {
    z_stream stream;
    int status = sb_inflate_init(&stream, windowBits);
    *written = 0;
    if (status != Z_OK) return status;
    status = sb_run_whole(&stream, inflate, input, inputLength, output, outputCapacity, written);
    inflateEnd(&stream);
    return status;
}

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
