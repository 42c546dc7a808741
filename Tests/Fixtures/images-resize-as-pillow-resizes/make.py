"""Makes photo.ppm and the resized and grey pictures beside it with Pillow: python3 make.py PHOTO

PHOTO is any RGB photo (the committed files were made of scikit-image's chelsea.png, CC0, with Pillow 13.0.0)."""
import os
import sys

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = [(48, 64), (31, 17), (72, 30), (20, 96), (150, 201), (1, 1), (5, 200), (73, 95), (71, 97), (144, 7)]


def save(image, name):
    image.save(os.path.join(HERE, name))


photo = Image.open(sys.argv[1]).convert("RGB").crop((130, 70, 226, 142))  # 96 × 72 pixels around an eye
save(photo, "photo.ppm")
save(photo.convert("L"), "photo-gray.pgm")
for height, width in SIZES:
    save(photo.resize((width, height), Image.BILINEAR), f"resized-{height}x{width}.ppm")
save(photo.convert("L").resize((33, 29), Image.BILINEAR), "gray-resized-29x33.pgm")
# torchvision's Resize(50): the longer side is int(size * long / short).
save(photo.resize((int(50 * 96 / 72), 50), Image.BILINEAR), "shorter-side-50.ppm")
upright = photo.transpose(Image.Transpose.ROTATE_90)
save(upright.resize((50, int(50 * 96 / 72)), Image.BILINEAR), "shorter-side-50-upright.ppm")
# torchvision's CenterCrop: the margin is int(round(difference / 2)), which rounds a half to the even number.
for height, width in [(50, 60), (51, 61), (49, 57), (72, 95)]:
    top, left = int(round((72 - height) / 2)), int(round((96 - width) / 2))
    save(photo.crop((left, top, left + width, top + height)), f"center-{height}x{width}.ppm")
