"""Writes font.c: DejaVu Sans, cut down to the characters that pictures use, as an array of bytes.

    apt-get install fonts-dejavu-core; python3 -m pip install fonttools
    python3 make_font.py
"""
import io
import os

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
CHARACTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) + "ΔΣ−–—…·×÷±≤≥≈→←↑↓“”‘’•"

options = subset.Options(hinting=False, layout_features=["kern"], notdef_outline=True, desubroutinize=True)
font = TTFont(SOURCE, recalcTimestamp=False)
cutter = subset.Subsetter(options)
cutter.populate(text=CHARACTERS)
cutter.subset(font)
data = io.BytesIO()
font.save(data)
data = data.getvalue()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "font.c"), "w") as out:
    out.write("// Made by make_font.py from DejaVu Sans; its licence is in LICENSE.\n#include \"CFont.h\"\n\n")
    out.write(f"const size_t sb_font_size = {len(data)};\n\nconst unsigned char sb_font_bytes[{len(data)}] = {{\n")
    for start in range(0, len(data), 24):
        out.write("    " + ",".join(map(str, data[start:start + 24])) + ",\n")
    out.write("};\n")
print(len(data), "bytes")
