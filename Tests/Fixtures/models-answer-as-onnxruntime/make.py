"""What ONNX Runtime says to the models of the tree, with pictures prepared by Pillow.

    python3 -m pip install numpy onnxruntime==1.32.0 pillow
    ../../../Models/efficientnet-lite0/make.sh
    python3 make.py                 (into the folder of this file)

MODEL.PHOTO.probabilities.npy: the photo, prepared as model.json says. MODEL.pattern.logits.npy: an input made of whole
numbers by a formula, in which no decoder, resize or normalisation has a part: value i (row-major) is
((i * 2654435761) mod 2^32 >> 24) / 128 - 1, exact as a float.
"""
import json
import os

import numpy as np
import onnxruntime
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "..", "..", "..", "Models")
PHOTOS = os.path.join(HERE, "..", "images")


def prepared(photo, how):
    image = Image.open(os.path.join(PHOTOS, photo + ".png")).convert("RGB")
    resize = how["resize"]
    if "exact" in resize:
        height, width = resize["exact"]
    else:
        short = resize["shorter_side"]
        width, height = image.size
        nearest = lambda longer, shorter: (2 * short * longer + shorter) // (2 * shorter)
        width, height = (short, nearest(height, width)) if width <= height else (nearest(width, height), short)
    image = image.resize((width, height), Image.BILINEAR)
    if "crop" in how:
        h, w = how["crop"]
        top, left = int(round((height - h) / 2)), int(round((width - w) / 2))
        image = image.crop((left, top, left + w, top + h))
    if how["color"] == "gray":
        x = np.asarray(image.convert("L"), np.float32)[None]
    else:
        x = np.asarray(image, np.float32).transpose(2, 0, 1)
    per_channel = lambda name: np.float32(how[name])[:, None, None]
    return ((x * np.float32(how["scale"]) - per_channel("mean")) / per_channel("std"))[None]


def pattern(shape):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    return (((i * 2654435761 % 2 ** 32) >> 24).astype(np.float32) / 128 - 1).reshape(shape)


def main():
    for model in sorted(os.listdir(MODELS)):
        folder = os.path.join(MODELS, model)
        if not os.path.exists(os.path.join(folder, "model.onnx")):
            print("skipped", model, "(no model.onnx)")
            continue
        with open(os.path.join(folder, "model.json")) as f:
            description = json.load(f)
        session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
        source = session.get_inputs()[0]
        for photo in ("chelsea", "coffee"):
            p = session.run(["prob"], {source.name: np.ascontiguousarray(prepared(photo, description["input"]))})[0]
            np.save(os.path.join(HERE, f"{model}.{photo}.probabilities.npy"), p.reshape(1, -1))
            print(model, photo, [(int(k), round(float(p[0, k]), 3)) for k in p[0].argsort()[::-1][:3]])
        z = session.run(["logits"], {source.name: pattern(source.shape)})[0]
        np.save(os.path.join(HERE, f"{model}.pattern.logits.npy"), z.reshape(1, -1))


if __name__ == "__main__":
    main()
