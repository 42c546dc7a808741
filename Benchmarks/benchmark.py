"""Measures Switchback against ONNX Runtime and PyTorch + Captum on the embedded SqueezeNet v1.1.

Started by ./run, which builds the Swift side and the Python environment. All engines use the same number of threads and
take turns in one run: clocks drift, so what counts is the median of the ratios of neighbouring measurements. Before
anything is timed, the engines' numbers are compared: a fast wrong answer is not a result.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
import torch
from captum.attr import LayerFeatureAblation, NeuronDeconvolution, Occlusion
from onnx import numpy_helper

import sweeps

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
MODEL = os.path.join(ROOT, "Models", "squeezenet1.1", "model.onnx")
INPUT = os.path.join(ROOT, "Tests", "Fixtures", "reference", "cases", "squeezenet1.1", "input.npy")
PATCH, STRIDE = 32, 8


class Fire(torch.nn.Module):
    def __init__(self, weights, name):
        super().__init__()
        part = lambda which, **k: convolution(weights, f"{name}_{which}", **k)
        self.squeeze, self.expand1, self.expand3 = part("squeeze1x1"), part("expand1x1"), part("expand3x3", padding=1)
        self.relus = torch.nn.ModuleList([torch.nn.ReLU() for _ in range(3)])

    def forward(self, x):
        x = self.relus[0](self.squeeze(x))
        return torch.cat([self.relus[1](self.expand1(x)), self.relus[2](self.expand3(x))], 1)


def convolution(weights, name, **options):
    w, b = weights[name + "_w"], weights[name + "_b"]
    layer = torch.nn.Conv2d(w.shape[1], w.shape[0], w.shape[2:], **options)
    layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
    return layer


def squeezenet():
    """The embedded model as a PyTorch module, with the weights of its ONNX file; ends with the logits."""
    weights = {i.name: numpy_helper.to_array(i) for i in onnx.load(MODEL).graph.initializer}
    pool = lambda: torch.nn.MaxPool2d(3, 2)
    fire = lambda k: Fire(weights, f"fire{k}")
    body = [convolution(weights, "conv1", stride=2, padding=1), torch.nn.ReLU(), pool(), fire(2), fire(3), pool(),
            fire(4), fire(5), pool(), fire(6), fire(7), fire(8), fire(9), convolution(weights, "conv10"),
            torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()]
    return torch.nn.Sequential(*body).eval().requires_grad_(False)


FIRE5, FIRE9 = 7, 12        # places of the modules in the sequence


class Ours:
    """The Swift side: one long-lived process that does what a line asks and answers with one line."""

    def __init__(self, binary, threads, model=MODEL, array=INPUT):
        self.process = subprocess.Popen([binary, model, array, str(threads)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the Swift side ended")
        return json.loads(line)


def positions(size):
    return list(range(STRIDE // 2, size, STRIDE))


def occluded(x):
    """Every occluded input of the sweep, as DESIGN defines the patches (centred, clipped), filled with 0."""
    n = x.shape[2]
    for cy in positions(n):
        for cx in positions(n):
            y0, x0 = cy - PATCH // 2, cx - PATCH // 2
            out = x.copy()
            out[:, :, max(0, y0):y0 + PATCH, max(0, x0):x0 + PATCH] = 0
            yield out


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        torch.set_num_threads(arguments.threads)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = arguments.threads
        self.session = onnxruntime.InferenceSession(self.dynamic_model(), options, providers=["CPUExecutionProvider"])
        self.torch = squeezenet()
        self.x = np.load(INPUT)
        self.ours = Ours(arguments.binary, arguments.threads)
        self.rows = []

    @staticmethod
    def dynamic_model():
        """The model with a free batch dimension, so that ONNX Runtime may take batches too."""
        model = onnx.load(MODEL)
        for value in list(model.graph.input) + list(model.graph.output):
            value.type.tensor_type.shape.dim[0].dim_param = "N"
        return model.SerializeToString()

    def onnx_logits(self, x):
        return self.session.run(["logits"], {"data": x})[0]

    def check(self):
        ours = np.asarray(self.ours.ask("logits")["logits"])
        theirs, third = self.onnx_logits(self.x)[0], self.torch(torch.tensor(self.x))[0].numpy()
        scale = np.abs(theirs).max()
        for name, other in (("ONNX Runtime", theirs), ("PyTorch", third)):
            worst = np.abs(ours - other).max() / scale
            if worst > 1e-5:
                raise SystemExit(f"logits differ from {name}'s by {worst:.1e} of the largest")
        print(f"logits agree to {np.abs(ours - theirs).max() / scale:.1e} of the largest")

    def compare(self, title, ours, peers, rounds, block=1):
        """One row: our time (its own clock, inside the process) against each peer's, taking turns.

        Short work is done `block` times a turn, of which the later half counts: an engine's threads go on spinning for
        a while after its turn and would slow the first passes of the next.
        """
        mine, others = [], {name: [] for name in peers}
        turn = lambda work: statistics.median([work() for _ in range(block)][block // 2:])
        ours(), [work() for work in peers.values()]     # once for warmth
        for _ in range(rounds):
            mine.append(turn(ours))
            for name, work in peers.items():
                others[name].append(turn(work))
        row = [title, statistics.median(mine) * 1e3]
        for name, times in others.items():
            ratio = statistics.median(t / m for t, m in zip(times, mine))
            row.append((name, statistics.median(times) * 1e3, ratio))
        self.rows.append(row)
        cells = "; ".join(f"{n} {t:.2f} ms, ratio {r:.2f}" for n, t, r in row[2:])
        print(f"{title}: Switchback {row[1]:.2f} ms; {cells}", flush=True)

    def run(self):
        rounds = self.arguments.rounds
        ask = lambda *words: lambda: self.ours.ask(*words)["seconds"]
        x, tx = self.x, torch.tensor(self.x)
        self.compare("forward pass, batch 1", ask("forward", 1), {
            "ONNX Runtime": lambda: timed(lambda: self.onnx_logits(x))[0],
            "PyTorch": lambda: timed(lambda: self.torch(tx))[0]}, rounds * 2, block=20)
        batch = np.repeat(x, 32, 0)
        tb = torch.tensor(batch)
        self.compare("forward pass, batch 32", ask("forward", 32), {
            "ONNX Runtime": lambda: timed(lambda: self.onnx_logits(batch))[0],
            "PyTorch": lambda: timed(lambda: self.torch(tb))[0]}, rounds, block=2)
        if self.arguments.forward_only:
            return
        self.networks(max(3, rounds // 4))
        if self.arguments.networks_only:
            return
        self.occlusion(ask, tx, max(2, rounds // 4))
        self.projections(ask, tx, max(3, rounds // 2))
        self.ablation(ask, tx, max(2, rounds // 4))

    def networks(self, rounds):
        """Occlusion of networks with random weights, of the shapes that people know."""
        for name in filter(None, self.arguments.networks.split(",")):
            sweep = sweeps.Sweep(name, lambda *paths: Ours(self.arguments.binary, self.arguments.threads, *paths),
                                 self.arguments.threads, PATCH, STRIDE)
            sweep.check()
            self.rows.append(sweep.row(timed, rounds))
            print(self.rows[-1], flush=True)

    def occlusion(self, ask, tx, rounds):
        count = len(positions(self.x.shape[2])) ** 2
        inputs = np.concatenate(list(occluded(self.x)))
        batches = [inputs[i:i + 32] for i in range(0, count, 32)]
        target = int(self.torch(tx).argmax())
        captum = Occlusion(self.torch)
        # Captum's patches start at the border and do not hang over it: its own count of positions divides its time.
        steps = -(-(self.x.shape[2] - PATCH) // STRIDE) + 1
        attribute = lambda: captum.attribute(tx, (3, PATCH, PATCH), strides=(3, STRIDE, STRIDE), target=target,
                                             baselines=0, perturbations_per_eval=32)
        self.compare(f"occlusion {PATCH}/{STRIDE}, a position", lambda: ask("occlusion", PATCH, STRIDE)() / count, {
            "ONNX Runtime, batches of 32": lambda: timed(lambda: [self.onnx_logits(b) for b in batches])[0] / count,
            "Captum, 32 at once": lambda: timed(attribute)[0] / steps ** 2}, rounds)

    def projections(self, ask, tx, rounds):
        layer = self.torch[FIRE9]
        found = self.ours.ask("strongest", "fire9")
        unit = (found["feature_map"], *found["unit"])
        captum = NeuronDeconvolution(self.torch, layer)
        def one():
            return captum.attribute(tx.clone().requires_grad_(True), unit)
        self.compare("one projection of fire9, with its forward pass", ask("deconv", "fire9", "strongest"),
                     {"Captum": lambda: timed(one)[0]}, rounds)
        units = [(m, *u) for m, u in self.ours.ask("units", "fire9", 256)["units"]]
        def many():
            for u in units:
                captum.attribute(tx.clone().requires_grad_(True), u)
        self.compare("256 projections of fire9", ask("deconv", "fire9", "top:256"),
                     {"Captum": lambda: timed(many)[0]}, 2)

    def ablation(self, ask, tx, rounds):
        target = int(self.torch(tx).argmax())
        for name, place, size, maps in (("fire9", FIRE9, 13, 512), ("fire5", FIRE5, 28, 256)):
            captum = LayerFeatureAblation(self.torch, self.torch[place])
            size = self.torch[:place + 1](tx).shape[2]
            mask = torch.arange(maps).reshape(1, maps, 1, 1).expand(1, maps, size, size)
            prefix, rest = self.torch[:place + 1], self.torch[place + 1:]
            def kept():
                base = prefix(tx)
                for start in range(0, maps, 32):
                    part = base.repeat(min(32, maps - start), 1, 1, 1)
                    for i in range(part.shape[0]):
                        part[i, start + i] = 0
                    rest(part)
            attribute = lambda: captum.attribute(tx, target=target, layer_baselines=0, layer_mask=mask)
            self.compare(f"each of the {maps} maps of {name} removed", ask("ablation", name), {
                "Captum": lambda: timed(attribute)[0],
                "PyTorch, prefix kept, batches of 32": lambda: timed(kept)[0]}, rounds)

    def table(self):
        lines = ["| Work | Switchback, ms | Peer | Peer, ms | Ratio (peer ÷ Switchback) |", "|---|---|---|---|---|"]
        for title, mine, *peers in self.rows:
            for name, theirs, ratio in peers:
                lines.append(f"| {title} | {mine:.2f} | {name} | {theirs:.2f} | {ratio:.2f} |")
        return "\n".join(lines)


def processor():
    with open("/proc/cpuinfo") as f:
        name = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    return f"{name}, {os.cpu_count()} cores"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--rounds", type=int, default=10)
    p.add_argument("--forward-only", action="store_true", help="leave out the sweeps")
    p.add_argument("--networks", default="zfnet,resnet18,vgg16", help="random networks to sweep, by default all")
    p.add_argument("--networks-only", action="store_true", help="of the sweeps only these")
    p.add_argument("--output", help="write the table to this Markdown file")
    arguments = p.parse_args()
    bench = Bench(arguments)
    bench.check()
    bench.run()
    kernels = bench.ours.ask("kernels")["kernels"]
    text = (f"{processor()}; {arguments.threads} threads; {kernels} kernels. ONNX Runtime {onnxruntime.__version__}, "
            f"PyTorch {torch.__version__}, Captum {__import__('captum').__version__}. Medians; the ratio is the median of "
            f"the ratios of neighbouring measurements, so above 1 Switchback is faster.\n\n{bench.table()}\n")
    print("\n" + text)
    if arguments.output:
        with open(arguments.output, "w") as f:
            f.write("# Results\n\nWritten by `Benchmarks/run`.\n\n" + text)


if __name__ == "__main__":
    sys.exit(main())
