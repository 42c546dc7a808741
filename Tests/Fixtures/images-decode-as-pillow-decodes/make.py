"""Makes image files of every kind, and beside each NAME.EXT the picture NAME.ppm it shows: python3 make.py PHOTO

PHOTO is any RGB photo (the committed files were made of scikit-image's chelsea.png, CC0, with Pillow 13.0.0).
What Pillow reads, Pillow says; 16-bit samples and transparent PNGs are worked out here, from the standard.
YCCK, which Pillow does not write, comes from libturbojpeg (Debian's libturbojpeg0)."""
import ctypes
import io
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
ORIENTATION = 0x0112


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def show(name, pixels):
    """The picture that the file of this name shows."""
    Image.fromarray(np.ascontiguousarray(pixels.astype(np.uint8)), "RGB").save(os.path.join(HERE, name + ".ppm"))


def on_white(image):
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return np.asarray(white)


def pillow(name, extension, image, seen_as_stored=False, **options):
    """A file that Pillow writes and reads."""
    data = io.BytesIO()
    image.save(data, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[extension], **options)
    write(f"{name}.{extension}", data.getvalue())
    show(name, on_white(ImageOps.exif_transpose(Image.open(data))))


# PNG, written here so that every depth, colour type and interlacing can be had.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def rows(samples, depth):
    """Rows of whole bytes, filter 0 (and 1 on odd rows of 8 bits, so that filters are met)."""
    out = b""
    for number, row in enumerate(samples):
        flat = row.reshape(-1)
        if depth == 16:
            line = flat.astype(">u2").tobytes()
        elif depth == 8:
            line = flat.astype(np.uint8).tobytes()
        else:
            bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth:].reshape(-1)
            line = np.packbits(bits).tobytes()
        step = row.shape[1] * max(1, depth // 8)
        if number % 2 and depth >= 8:
            line = b"\1" + bytes((line[i] - (line[i - step] if i >= step else 0)) & 255 for i in range(len(line)))
        else:
            line = b"\0" + line
        out += line
    return out


def png(name, samples, depth, color_type, interlaced=False, extra=b""):
    height, width, _ = samples.shape
    if interlaced:
        data = b"".join(rows(samples[y::dy, x::dx], depth) for x, y, dx, dy in PASSES if samples[y::dy, x::dx].size)
    else:
        data = rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    packed = zlib.compress(data)
    middle = len(packed) // 2                                      # two IDAT chunks
    write(name + ".png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", packed[:middle])
          + chunk(b"IDAT", packed[middle:]) + chunk(b"IEND", b""))


def blend(rgb, alpha):
    """Composited on white, rounded to the nearest level."""
    return (rgb.astype(int) * alpha + 255 * (255 - alpha.astype(int)) + 127) // 255


photo = Image.open(sys.argv[1]).convert("RGB").crop((130, 70, 177, 105))     # 47 × 35 pixels
photo.info.clear()                                                           # no colour profile
rgb = np.asarray(photo)
gray = np.asarray(photo.convert("L"))
y, x = np.mgrid[0:35, 0:47]
alpha = np.clip(x * 255 // 40, 0, 255)
fraction = (x * 37 + y * 101) % 256                                          # the lower byte of 16-bit samples

# JPEG
pillow("jpeg-420", "jpg", photo, quality=85)
pillow("jpeg-422", "jpg", photo, quality=85, subsampling="4:2:2")
pillow("jpeg-444-restarts", "jpg", photo, quality=90, subsampling="4:4:4", restart_marker_blocks=3)
pillow("jpeg-progressive", "jpg", photo, quality=80, progressive=True)
pillow("jpeg-gray", "jpg", photo.convert("L"), quality=85)
pillow("jpeg-rgb", "jpg", photo, quality=85, keep_rgb=True)
pillow("jpeg-cmyk", "jpg", photo.convert("CMYK"), quality=90)

ink = np.ascontiguousarray(255 - np.asarray(photo.convert("CMYK")))          # Adobe's way round
turbo = ctypes.CDLL("libturbojpeg.so.0")
turbo.tjInitCompress.restype = ctypes.c_void_p
buffer, size = ctypes.c_void_p(), ctypes.c_ulong()
turbo.tjCompress2(ctypes.c_void_p(turbo.tjInitCompress()), ink.ctypes.data_as(ctypes.c_void_p), 47, 0, 35, 11,
                  ctypes.byref(buffer), ctypes.byref(size), 0, 90, 0)
ycck = ctypes.string_at(buffer, size.value)
write("jpeg-ycck.jpg", ycck)
show("jpeg-ycck", np.asarray(Image.open(io.BytesIO(ycck)).convert("RGB")))

# Orientations: JPEG's APP1, PNG's eXIf, WebP's EXIF.
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    pillow(f"oriented-{orientation}", "jpg", photo.crop((0, 0, 24, 16)), quality=90, exif=exif)
exif = Image.Exif()
exif[ORIENTATION] = 6
pillow("oriented-png", "png", photo.crop((0, 0, 24, 16)), exif=exif)
pillow("oriented-webp", "webp", photo.crop((0, 0, 24, 16)), quality=90, exif=exif)

# WebP
pillow("webp-lossy", "webp", photo, quality=85)
pillow("webp-lossless", "webp", photo, lossless=True)
with_alpha = Image.fromarray(np.dstack([rgb, alpha.astype(np.uint8)]), "RGBA")
pillow("webp-alpha-lossy", "webp", with_alpha, quality=85)
pillow("webp-alpha-lossless", "webp", with_alpha, lossless=True, exact=True)
data = io.BytesIO()
photo.save(data, "WEBP", save_all=True, append_images=[ImageOps.mirror(photo)], duration=100)
write("animated.webp", data.getvalue())

# PNG
pillow("png-rgb", "png", photo)
pillow("png-rgba", "png", with_alpha)
for interlaced in (False, True):
    mark = "-interlaced" if interlaced else ""
    for depth in (1, 2, 4, 8):
        levels = gray.astype(int) >> (8 - depth)
        png(f"png-gray{depth}{mark}", levels[..., None], depth, 0, interlaced)
        show(f"png-gray{depth}{mark}", np.repeat((levels * 255 // (2 ** depth - 1))[..., None], 3, 2))
    png(f"png-gray16{mark}", (gray.astype(int) * 256 + fraction)[..., None], 16, 0, interlaced)
    show(f"png-gray16{mark}", np.repeat(gray[..., None], 3, 2))
    png(f"png-rgb16{mark}", rgb.astype(int) * 256 + fraction[..., None], 16, 2, interlaced)
    show(f"png-rgb16{mark}", rgb)
    png(f"png-rgb8{mark}", rgb, 8, 2, interlaced)
    show(f"png-rgb8{mark}", rgb)
png("png-rgba16", np.dstack([rgb.astype(int) * 256 + fraction[..., None], alpha * 256 + fraction]), 16, 6)
show("png-rgba16", blend(rgb, alpha[..., None]))
png("png-gray-alpha8", np.dstack([gray, alpha]), 8, 4)
show("png-gray-alpha8", np.repeat(blend(gray, alpha)[..., None], 3, 2))

# Palettes, with and without transparency; a colour and a grey declared transparent.
for depth in (1, 2, 4, 8):
    paletted = photo.quantize(2 ** depth)
    indices, colors = np.asarray(paletted), np.asarray(paletted.getpalette()[:3 * 2 ** depth]).reshape(-1, 3)
    colors = np.vstack([colors, np.zeros((2 ** depth - len(colors), 3), int)])
    palette = chunk(b"PLTE", colors.astype(np.uint8).tobytes())
    png(f"png-palette{depth}", indices[..., None], depth, 3, extra=palette)
    show(f"png-palette{depth}", colors[indices])
    if depth == 4:
        opacity = np.array([0, 40, 80, 120, 160, 200, 240], np.uint8)        # shorter than the palette: the rest opaque
        png("png-palette-transparent", indices[..., None], depth, 3, extra=palette + chunk(b"tRNS", opacity.tobytes()))
        full = np.append(opacity, np.full(2 ** depth - 7, 255))
        show("png-palette-transparent", blend(colors[indices], full[indices][..., None]))
key = rgb[10, 10].astype(int)
png("png-rgb-key", rgb, 8, 2, extra=chunk(b"tRNS", struct.pack(">HHH", *key)))
show("png-rgb-key", np.where((rgb == key).all(2)[..., None], 255, rgb))
key = int(gray[5, 5]) * 256 + int(fraction[5, 5])
deep = gray.astype(int) * 256 + fraction
png("png-gray16-key", deep[..., None], 16, 0, extra=chunk(b"tRNS", struct.pack(">H", key)))
show("png-gray16-key", np.repeat(np.where(deep == key, 255, gray)[..., None], 3, 2))
# Text, a gamma and a broken colour profile: none of them changes the picture.
profile = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"broken\0\0not zlib") + chunk(b"tEXt", b"a\0b")
png("png-extra-chunks", rgb, 8, 2, extra=profile)
show("png-extra-chunks", rgb)

# Tiny files, to be cut and broken at every byte.
tiny = photo.crop((10, 10, 21, 19))
tiny_alpha = with_alpha.crop((10, 10, 21, 19))
exif = Image.Exif()
exif[ORIENTATION] = 8
for name, extension, image, options in [
        ("tiny-baseline", "jpg", tiny, dict(quality=60, exif=exif)),
        ("tiny-progressive", "jpg", tiny, dict(quality=60, progressive=True)),
        ("tiny-cmyk", "jpg", tiny.convert("CMYK"), dict(quality=50)),
        ("tiny-palette", "png", tiny.quantize(5), dict(exif=exif)),
        ("tiny-lossy", "webp", tiny, dict(quality=60)),
        ("tiny-lossless", "webp", tiny, dict(lossless=True)),
        ("tiny-alpha", "webp", tiny_alpha, dict(quality=60, exif=exif))]:
    pillow(name, extension, image, **options)
png("tiny-interlaced", np.asarray(tiny_alpha), 8, 6, interlaced=True)
show("tiny-interlaced", on_white(tiny_alpha))
