#!/usr/bin/env python3
"""How the cost of explanations grows with positions, patch, image size, maps and threads, as one picture of plots.

Started by `Benchmarks/plots`. Each point is the best of a few runs: what is asked is the shape of a curve on one machine, not
a ratio against somebody else. A dashed line is what growth in proportion would be, from the first point.
"""
import argparse
import os
import tempfile

import matplotlib
import numpy as np
import onnx

import networks
from engines import INPUT, MODEL, Ours, processor

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

# The same file from the same figures.
matplotlib.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3})
REPEATS = 5


def best(ours, *words):
    """Seconds, once the kernels are warm."""
    return min(ours.seconds(*words) for _ in range(REPEATS + 1))


def positions(stride, size=227):
    return len(range(stride // 2, size, stride)) ** 2


class Sized:
    """ResNet-18, which takes images of any size, for images of one."""

    def __init__(self, binary, threads, size, folder):
        place = os.path.join(folder, str(size))
        os.mkdir(place)
        model, array = os.path.join(place, "model.onnx"), os.path.join(place, "input.npy")
        onnx.save(networks.resnet18(size), model)
        picture = np.load(INPUT)[0]
        rows = np.arange(size) % picture.shape[1]
        np.save(array, np.ascontiguousarray(picture[:, rows][:, :, rows][None] / 60, dtype=np.float32))
        self.ours = Ours(binary, threads, model, array)


def by_positions(ours):
    counts, seconds = [], []
    for stride in (64, 32, 16, 8, 4, 2):
        counts.append(positions(stride))
        seconds.append(best(ours, "occlusion", 32, stride))
    return counts, seconds


def by_patch(ours, stride=16):
    patches = (1, 4, 8, 16, 32, 48, 64, 96, 128, 192, 227)
    return patches, [best(ours, "occlusion", patch, stride) / positions(stride) * 1e3 for patch in patches]


def by_size(binary, threads):
    sizes, passes, sweeps = (112, 160, 224, 320, 448), [], []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            ours = Sized(binary, threads, size, folder).ours
            passes.append(best(ours, "forward", 1) * 1e3)
            stride = size // 8
            sweeps.append(best(ours, "occlusion", 32, stride) / positions(stride, size) * 1e3)
    return sizes, passes, sweeps


def by_maps(ours):
    counts = (1, 4, 16, 64, 128, 256)
    removed = {layer: [best(ours, "ablation", f"{layer}_concat", n) * 1e3 for n in counts] for layer in ("fire5", "fire9")}
    projected = [best(ours, "deconv", "fire9_concat", f"top:{n}", "kept") * 1e3 for n in counts]
    return counts, removed, projected


def by_threads(binary, threads):
    works = {"forward pass": ("forward", 1), "32 forward passes": ("forward", 32), "occlusion": ("occlusion", 32, 16),
             "64 maps of fire5\nremoved": ("ablation", "fire5_concat", 64),
             "64 units of fire9": ("deconv", "fire9_concat", "top:64", "kept")}
    alone, together = Ours(binary, 1, MODEL, INPUT), Ours(binary, threads, MODEL, INPUT)
    # In turns, so that what else the machine does meets both.
    return {name: np.median([alone.seconds(*words) / together.seconds(*words) for _ in range(2 * REPEATS)])
            for name, words in works.items()}


def in_proportion(axes, x, y):
    axes.plot(x, [y[0] * value / x[0] for value in x], "--", color="gray", linewidth=0.8, label="in proportion")


def draw(measured, threads, output):
    figure, ((a, b, c), (d, e, f)) = plt.subplots(2, 3, figsize=(12, 6.6), layout="constrained")
    counts, seconds = measured["positions"]
    a.loglog(counts, seconds, "o-", label="SqueezeNet, patch 32")
    in_proportion(a, counts, seconds)
    a.set(title="Occlusion by positions", xlabel="positions", ylabel="seconds")
    patches, milliseconds = measured["patch"]
    b.plot(patches, milliseconds, "o-", label="SqueezeNet, stride 16")
    b.axhline(measured["pass"], linestyle="--", color="gray", linewidth=0.8, label="a whole pass, of 32 together")
    b.set(title="Occlusion by patch", xlabel="side of the patch, pixels", ylabel="ms a position", ylim=0)
    sizes, passes, sweeps = measured["size"]
    c.loglog(sizes, passes, "o-", label="ResNet-18, forward pass")
    c.loglog(sizes, sweeps, "s-", label="ResNet-18, an occluded position")
    c.plot(sizes, [passes[0] * (s / sizes[0]) ** 2 for s in sizes], "--", color="gray", linewidth=0.8, label="as the pixels")
    c.set(title="By image size, patch 32", xlabel="side of the image, pixels", ylabel="ms", xticks=sizes)
    c.set_xticks(sizes, [str(size) for size in sizes])
    c.set_xticks([], minor=True)
    counts, removed, projected = measured["maps"]
    for layer, values in removed.items():
        d.loglog(counts, values, "o-", label=f"SqueezeNet, {layer}")
    d.set(title="Ablation by feature maps removed", xlabel="maps, each by itself", ylabel="ms")
    e.loglog(counts, projected, "o-", label="SqueezeNet, fire9, pass kept")
    in_proportion(e, counts, projected)
    e.set(title="DeconvNet by units", xlabel="units", ylabel="ms")
    names, gains = list(measured["threads"]), list(measured["threads"].values())
    bars = f.barh(names, gains)
    f.bar_label(bars, [f"{gain:.2f}" for gain in gains], padding=3)
    f.invert_yaxis()
    f.set(title=f"{threads} threads against 1", xlabel="times faster", xlim=(0, threads + 0.3))
    for axes in (a, b, c, d, e):
        axes.legend(fontsize=8)
    figure.suptitle(f"{processor()}, {threads} threads", fontsize=9)
    figure.savefig(output, metadata={"Date": None})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary", help="switchback-measure")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--output", required=True, help="the SVG file to write")
    arguments = p.parse_args()
    ours = Ours(arguments.binary, arguments.threads, MODEL, INPUT)
    measured = {"positions": by_positions(ours), "patch": by_patch(ours), "pass": best(ours, "forward", 32) / 32 * 1e3,
                "size": by_size(arguments.binary, arguments.threads), "maps": by_maps(ours),
                "threads": by_threads(arguments.binary, arguments.threads)}
    for name, values in measured.items():
        print(name, values, flush=True)
    draw(measured, arguments.threads, arguments.output)


main()
