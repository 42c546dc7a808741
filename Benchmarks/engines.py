"""The engines that are compared, and how they take turns."""
import gc
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
import torch

import networks

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
MODEL = os.path.join(ROOT, "Models", "squeezenet1.1", "model.onnx")
INPUT = os.path.join(ROOT, "Tests", "Fixtures", "reference", "cases", "squeezenet1.1", "input.npy")
BATCHES = (1, 8, 32, 64)


def processor():
    """What the measurements ran on."""
    with open("/proc/cpuinfo") as f:
        name = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    return f"{name}, {os.cpu_count()} cores"


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Ours:
    """The Swift side: one long-lived process that does what a line asks and answers with one line."""

    def __init__(self, binary, threads, model, array):
        self.process = subprocess.Popen([binary, model, array, str(threads)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the Swift side ended")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def seconds(self, *words):
        return self.ask(*words)["seconds"]


class Subject:
    """One network in all engines, with a picture that they all look at."""

    def __init__(self, name, binary, threads):
        self.name = name
        if name == "squeezenet":
            model = onnx.load(MODEL)
            for value in list(model.graph.input) + list(model.graph.output):
                value.type.tensor_type.shape.dim[0].dim_param = "N"
            self.x = np.load(INPUT)
        else:
            model = networks.NETWORKS[name]()
            size = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
            # In the range of such a network's input.
            self.x = np.ascontiguousarray(np.load(INPUT)[:, :, :size, :size] / 60, dtype=np.float32)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                    providers=["CPUExecutionProvider"])
        self.output = "logits" if name == "squeezenet" else model.graph.output[0].name
        self.torch, self.tx = networks.Twin(model), torch.tensor(self.x)
        path, array = MODEL, INPUT
        if name != "squeezenet":
            self.folder = tempfile.TemporaryDirectory()
            place = os.path.join(self.folder.name, name)
            os.mkdir(place)
            path, array = os.path.join(place, "model.onnx"), os.path.join(place, "input.npy")
            onnx.save(model, path)
            np.save(array, self.x)
        self.path = path
        self.array, self.binary = array, binary
        self.ours = Ours(binary, threads, path, array)
        self.target = int(self.torch(self.tx).argmax())
        self.check()

    def onnx(self, x):
        return self.session.run([self.output], {"data": x})[0]

    def check(self):
        """All engines' logits, before anything is timed: a fast wrong answer is not a result."""
        mine = np.asarray(self.ours.ask("logits")["logits"])
        for name, theirs in (("ONNX Runtime", self.onnx(self.x)[0]), ("PyTorch", self.torch(self.tx)[0].numpy())):
            worst = np.abs(mine - theirs).max() / np.abs(theirs).max()
            if worst > 1e-5:
                raise SystemExit(f"{self.name}: logits differ from {name}'s by {worst:.1e} of the largest")

    def multiply_adds(self):
        """Of each convolution and dense layer, by the value that it makes."""
        found, handles = {}, []
        for name, _, output in self.torch.steps:
            made = getattr(self.torch, name)
            if not isinstance(made, (torch.nn.Conv2d, torch.nn.Linear)): continue
            def hook(made, inputs, result, output=output):
                found[output] = result[0].numel() * made.weight[0].numel()
            handles.append(made.register_forward_hook(hook))
        self.torch(self.tx)
        for handle in handles: handle.remove()
        return found

    def behind_next(self, layer):
        """Multiply-adds of what follows the next convolution or dense layer behind a layer.

        The next one takes but one channel's share when a map is removed.
        """
        reached, total, each = {layer: False}, 0, self.multiply_adds()
        for _, inputs, output in self.torch.steps[self.torch.place(layer) + 1:]:
            behind = any(reached.get(i, False) for i in inputs)
            if behind: total += each.get(output, 0)
            reached[output] = behind or output in each
        return total


class Subjects:
    """One subject at a time: what the one before holds, gigabytes in some engines, is given back before the next is made."""

    def __init__(self, binary, threads):
        self.binary, self.threads, self.last = binary, threads, None

    def __call__(self, name):
        if self.last is None or self.last.name != name:
            if self.last is not None: self.last.ours.end()
            self.last = None
            gc.collect()
            self.last = Subject(name, self.binary, self.threads)
        return self.last


def best(run, batches=BATCHES):
    """The best batch size, by seconds an item: run(batch, items)."""
    return min(batches, key=lambda batch: run(batch, batch))


def take_turns(works, rounds, block=1):
    """Seconds of each work in each round, by name.

    Short work is done `block` times a turn, of which the later half counts: an engine's threads go on spinning for a
    while after its turn and would slow the first passes of the next.
    """
    turn = lambda work: statistics.median([work() for _ in range(block)][block // 2:])
    if rounds > 3:
        for work in works.values(): work()      # once for warmth
    found = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(turn(work))
    return found
