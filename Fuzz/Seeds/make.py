"""Writes the seeds that are bytes rather than text: one recipe (see PNGRecipe.swift) for each kind of PNG.

Run in this folder: python3 make.py
"""

from pathlib import Path

Path("image").mkdir(exist_ok=True)
for kind in range(15):
    for interlaced in (0, 1):
        head = bytes([16, 9, kind, interlaced, 15, 2 + kind % 6])
        body = bytes(place * 7 % 251 for place in range(300))
        Path(f"image/recipe-{kind}-{interlaced}").write_bytes(b"PNG:" + head + body)
