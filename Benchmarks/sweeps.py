"""Measures occlusion of networks with random weights against ONNX Runtime and Captum.

Started by ./run --networks. The peers run at their best batch of 1, 8, 32 and 64, on a stated sample of positions: the
time of a position does not depend on how many there are. All take turns in one run; what counts is the median of the
ratios of neighbouring measurements.
"""
import os
import statistics
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from captum.attr import Occlusion

import networks

BATCHES = (1, 8, 32, 64)
SAMPLE = 64


def picture(size):
    """A picture in the range of a network's input: the reference photo, cut and scaled."""
    here = os.path.dirname(os.path.abspath(__file__))
    x = np.load(os.path.join(here, "..", "Tests", "Fixtures", "reference", "cases", "squeezenet1.1", "input.npy"))
    return np.ascontiguousarray(x[:, :, :size, :size] / 60, dtype=np.float32)


class Sweep:
    """One network in all engines."""

    def __init__(self, name, ours, threads, patch, stride):
        self.name, self.patch, self.stride = name, patch, stride
        model = networks.NETWORKS[name]()
        self.x = picture(model.graph.input[0].type.tensor_type.shape.dim[2].dim_value)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                    providers=["CPUExecutionProvider"])
        self.torch = networks.Twin(model).eval().requires_grad_(False)
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, name)
        os.mkdir(path)
        onnx.save(model, os.path.join(path, "model.onnx"))
        np.save(os.path.join(path, "input.npy"), self.x)
        self.ours = ours(os.path.join(path, "model.onnx"), os.path.join(path, "input.npy"))
        self.centres = range(stride // 2, self.x.shape[2], stride)

    def occluded(self, count):
        """So many occluded inputs, spread evenly over the sweep."""
        every = [(y, x) for y in self.centres for x in self.centres]
        half = self.patch // 2
        for k in range(count):
            y, x = every[k * len(every) // count]
            out = self.x.copy()
            out[:, :, max(0, y - half):y - half + self.patch, max(0, x - half):x - half + self.patch] = 0
            yield out

    def check(self):
        """Our sweep against plain passes, bit for bit, and our logits against the peers'."""
        checked = self.ours.ask("check", self.patch, self.patch, 7)["checked"]
        mine = np.asarray(self.ours.ask("logits")["logits"])
        for theirs in (self.session.run(None, {"data": self.x})[0][0], self.torch(torch.tensor(self.x))[0].numpy()):
            worst = np.abs(mine - theirs).max() / np.abs(theirs).max()
            if worst > 1e-5:
                raise SystemExit(f"{self.name}: logits differ by {worst:.1e} of the largest")
        print(f"{self.name}: {checked} positions have the bits of a plain pass", flush=True)

    def onnx(self, timed):
        """Seconds a position, by batch size."""
        inputs = np.concatenate(list(self.occluded(SAMPLE)))
        def run(batch):
            parts = [inputs[i:i + batch] for i in range(0, SAMPLE, batch)]
            return timed(lambda: [self.session.run(None, {"data": p}) for p in parts])[0] / SAMPLE
        return run

    def captum(self, timed):
        """Seconds a position; a stride that makes about as many positions as the sample has."""
        stride = (self.x.shape[2] - self.patch) // 7
        steps = -(-(self.x.shape[2] - self.patch) // stride) + 1
        x, occlusion = torch.tensor(self.x), Occlusion(self.torch)
        target = int(self.torch(x).argmax())
        def run(batch):
            work = lambda: occlusion.attribute(x, (3, self.patch, self.patch), strides=(3, stride, stride),
                                               target=target, baselines=0, perturbations_per_eval=batch)
            return timed(work)[0] / steps ** 2
        return run

    def row(self, timed, rounds):
        peers = {}
        for name, make in (("ONNX Runtime", self.onnx), ("Captum", self.captum)):
            run = make(timed)
            best = min(BATCHES, key=run)
            peers[f"{name}, {best} at once"] = lambda run=run, best=best: run(best)
        count = len(self.centres) ** 2
        mine, others = [], {name: [] for name in peers}
        for _ in range(rounds):
            mine.append(self.ours.ask("occlusion", self.patch, self.stride)["seconds"] / count)
            for name, work in peers.items():
                others[name].append(work())
        row = [f"occlusion {self.patch}/{self.stride} of {self.name}, a position", statistics.median(mine) * 1e3]
        for name, times in others.items():
            row.append((name, statistics.median(times) * 1e3, statistics.median(t / m for t, m in zip(times, mine))))
        return row
