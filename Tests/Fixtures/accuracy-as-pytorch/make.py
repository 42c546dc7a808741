"""What plain PyTorch answers about 111 labelled photos, with feature maps of the embedded model set to zero and without.

    apt-get install tuxpaint-stamps-default       (Debian: photos, GPL-2; they are fetched, never committed)
    python3 -m pip install torch==2.13.0 numpy onnx pillow
    python3 make.py SWITCHBACK [/usr/share/tuxpaint/stamps]      (the built program; writes expected.json beside itself)

Each photo of labels.csv goes through the whole network once for every removal, with ../reference/reference.py, which is
plain PyTorch on the weights of Models/squeezenet1.1/model.onnx. The network's input is the one that SWITCHBACK makes of
the photo (its array `input`), so that nothing but the network is compared; the same is done once with the photo prepared
by Pillow (alpha on white, bilinear resize, centre crop), and expected.json says which answers that changes.

expected.json: `layers`: for each layer the list of removals (a list of maps; null is the whole layer). `images`: for each
photo its name, the SHA-256 of its file, and `answers`: an entry for the whole network, then one for each removal of each
layer in their order: [most probable class, 1 if a right class is first, 1 if one is among the first five]. `close`: every
answer that a change of the logits by less than 0.001 could change, as [photo, index of the answer, what: 1 or 5, margin].
`pillow`: [photo, what changes with Pillow's input] for the whole network.
"""
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "reference"))
import reference  # noqa: E402

MODEL = os.path.join(HERE, "..", "..", "..", "Models", "squeezenet1.1")
TOLERANCE = 1e-3
LAYERS = {
    "fire9_concat": [[m] for m in range(0, 512, 16)] + [[426], [31], [426, 31, 232], list(range(0, 256)), None],
    "fire5_concat": [[m] for m in range(0, 256, 32)] + [[3, 5, 200], None],
}


def answer(logits, right):
    """(class, first, among five), and the margins of the last two."""
    order = sorted(range(len(logits)), key=lambda c: (-logits[c], c))
    rank = min(order.index(c) for c in right)
    first = float(logits[order[0]] - logits[order[1]])
    best = logits[order[rank]]
    five = float(best - logits[order[5]]) if rank < 5 else float(logits[order[4]] - best)
    return [order[0], int(rank == 0), int(rank < 5)], first, five


def pillow_input(path):
    with open(os.path.join(MODEL, "model.json")) as f:
        how = json.load(f)["input"]
    image = Image.open(path).convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    image = Image.alpha_composite(white, image).convert("RGB")
    width, height = image.size
    short = how["resize"]["shorter_side"]
    scaled = lambda longer, shorter: (2 * short * longer + shorter) // (2 * shorter)
    size = (short, scaled(height, width)) if width <= height else (scaled(width, height), short)
    image = image.resize(size, Image.BILINEAR)
    h, w = how["crop"]
    top, left = int(round((size[1] - h) / 2)), int(round((size[0] - w) / 2))
    x = np.asarray(image.crop((left, top, left + w, top + h)), np.float32).transpose(2, 0, 1)
    return ((x - np.float32(how["mean"])[:, None, None]) / np.float32(how["std"])[:, None, None])[None]


def switchback_input(program, path):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "input.npy")
        subprocess.run([program, "predict", path, "--array", "input", "-o", out], check=True)
        return np.load(out)[None]


def main():
    program = sys.argv[1]
    stamps = sys.argv[2] if len(sys.argv) > 2 else "/usr/share/tuxpaint/stamps"
    graph = reference.Graph(os.path.join(MODEL, "model.onnx"))
    images, close, pillow = [], [], []
    with open(os.path.join(HERE, "labels.csv"), newline="") as f:
        rows = list(csv.DictReader(f))
    with torch.no_grad():
        for row in rows:
            path = os.path.join(stamps, row["path"])
            right = [int(c) for c in row["class_ids"].split()]
            x = torch.tensor(switchback_input(program, path))
            logits = [reference.run(graph, x).values[graph.logits].reshape(-1)]
            for layer, removals in LAYERS.items():
                logits += [reference.ablate(graph, x, layer, maps).reshape(-1) for maps in removals]
            answers = []
            for index, values in enumerate(logits):
                found, first, five = answer(values.tolist(), right)
                answers.append(found)
                for what, margin in ((1, first), (5, five)):
                    if margin < TOLERANCE:
                        close.append([row["path"], index, what, round(margin, 6)])
            other, _, _ = answer(
                reference.run(graph, torch.tensor(pillow_input(path))).values[graph.logits].reshape(-1).tolist(), right)
            if other != answers[0]:
                pillow.append([row["path"], other])
            with open(path, "rb") as f:
                digest = hashlib.sha256(f.read()).hexdigest()
            images.append({"name": row["path"], "sha256": digest, "answers": answers})
            print(len(images), row["path"], answers[0], flush=True)
    with open(os.path.join(HERE, "expected.json"), "w") as f:
        f.write("{\n\"layers\": %s,\n\"close\": %s,\n\"pillow\": %s,\n\"images\": [\n%s\n]}\n" % (
            json.dumps(LAYERS), json.dumps(close), json.dumps(pillow),
            ",\n".join(json.dumps(i, separators=(",", ":")) for i in images)))


main()
