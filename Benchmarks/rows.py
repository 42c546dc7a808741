"""The rows of the table: what is measured, against whom, and how far it should reach."""
import json
import os
import statistics
import subprocess
import sys

import torch

import work
from engines import HERE, ROOT, Ours, best, take_turns, timed

PATCH, STRIDE = 32, 8
COARSE = 28                     # the stride of sweeps that are compared with themselves: 64 positions
POSITIONS, UNITS = 64, 32       # the samples of the peers that are slow
MAPS = 256
REQUESTS = 400


class Row:
    """One row: our times, each peer's, the ratios, and what part of the limit we reach."""

    def __init__(self, title, unit="ms"):
        self.title, self.unit = title, unit
        self.mine, self.peers, self.target, self.limit, self.exact, self.note = None, [], "", None, "", ""
        self.rounds = 1

    def fill(self, found, names, targets, scale=1e3, multiply_adds=None):
        """From the times of a run in turns; peers by name with the ratio to reach, if any."""
        mine = found["Switchback"]
        self.rounds = len(mine)
        self.mine = statistics.median(mine) * scale
        for name, target in zip(names, targets):
            ratio = statistics.median(t / m for t, m in zip(found[name], mine))
            self.peers.append({"name": name, "time": statistics.median(found[name]) * scale, "ratio": ratio,
                               "target": target})
        if multiply_adds is not None:
            # `peak` is the time of a billion multiply-adds.
            self.limit = statistics.median(multiply_adds * 1e-9 * p / m for p, m in zip(found["peak"], mine))
        return self


class Table:
    """Measures rows by their keys."""

    def __init__(self, subjects, arguments):
        self.subject, self.arguments = subjects, arguments
        self.work = {}
        for name, batch, target in (("squeezenet", 1, 1.25), ("squeezenet", 32, 1.15), ("vgg16", 1, 1.5),
                                    ("resnet18", 1, 1.2)):
            self.add(f"forward-{name}-{batch}", self.forward, name, batch, target)
        for name, captum, onnx in (("squeezenet", 7, 2.5), ("vgg16", 14, 9), ("zfnet", 9, 5), ("resnet18", 3.5, 2.4)):
            self.add(f"occlusion-{name}", self.occlusion, name, captum, onnx)
        self.add("unit-zfnet-kept", self.one_unit, True)
        self.add("unit-zfnet", self.one_unit, False)
        self.add("units-zfnet", self.units, "zfnet", "conv5", 40, 15, (1, 8, 32, 64))
        self.add("units-vgg16", self.units, "vgg16", "conv5_3", 8, None, (1, 8, 32))
        for name, layer, captum in (("squeezenet", "fire9", 200), ("squeezenet", "fire5", 8), ("zfnet", "conv5", 100),
                                    ("zfnet", "conv3", 15), ("vgg16", "conv3_3", 8)):
            self.add(f"ablation-{name}-{layer}", self.ablation, name, layer, captum)
        for name in ("squeezenet", "resnet18", "vgg16", "zfnet"):
            self.add(f"threads-forward-{name}", self.threads, name, True)
            self.add(f"threads-sweep-{name}", self.threads, name, False)
        for name in ("squeezenet", "zfnet", "vgg16"): self.add(f"waiting-{name}", self.waiting, name)
        self.add("start", self.start)
        self.add("every-pixel", self.every_pixel)

    def add(self, key, function, *parameters):
        self.work[key] = lambda: function(*parameters)

    def turns(self, subject, ours, peers, rounds=None, block=1):
        peak = lambda: 1 / subject.ours.ask("peak")["giga_multiply_adds"]
        rounds = max(3, rounds or 0) if self.arguments.rounds is None else self.arguments.rounds
        # The peak right behind our turn: behind a peer's, whose threads go on spinning, it would come out too low, and
        # our part of the limit too high.
        return take_turns({"Switchback": ours, "peak": peak, **peers}, rounds, block)

    def forward(self, name, batch, target):
        s = self.subject(name)
        images = s.x.repeat(batch, 0)
        tensor = torch.tensor(images)
        peers = {"ONNX Runtime": lambda: timed(lambda: s.onnx(images)),
                 "PyTorch": lambda: timed(lambda: s.torch(tensor))}
        is_short = name != "vgg16" and batch == 1
        found = self.turns(s, lambda: s.ours.seconds("forward", batch), peers, 20 if is_short else 7,
                           20 if is_short else 4)
        row = Row(f"{name}: forward pass, batch {batch}")
        row.exact = "logits to 1e-5 of the peers'"
        return row.fill(found, list(peers), (target, None),
                        multiply_adds=batch * s.ours.ask("cost", "forward")["multiply_adds"])

    def occlusion(self, name, captum_target, onnx_target):
        s = self.subject(name)
        checked = s.ours.ask("check-occlusion", PATCH, PATCH, 3)["checked"]
        captum, onnx = work.captum_occlusion(s, PATCH), work.onnx_occlusion(s, PATCH, STRIDE, POSITIONS)
        many, more = best(captum), best(onnx)
        names = f"Captum, {many} at once", f"ONNX Runtime, {more} at once"
        count = len(range(STRIDE // 2, s.x.shape[2], STRIDE)) ** 2
        found = self.turns(s, lambda: s.ours.seconds("occlusion", PATCH, STRIDE) / count,
                           {names[0]: lambda: captum(many), names[1]: lambda: onnx(more)})
        row = Row(f"{name}: occlusion {PATCH}/{STRIDE}, a position")
        row.exact = f"{checked} positions have the bits of a plain pass"
        row.note = f"the peers on {POSITIONS} positions"
        cost = s.ours.ask("cost", "occlusion", PATCH, STRIDE)["multiply_adds"] / count
        return row.fill(found, names, (captum_target, onnx_target), multiply_adds=cost)

    def projections(self, name, layer):
        s = self.subject(name)
        p = work.Projections(s, f"{layer}_relu")
        p.keep()
        worst = p.check()
        if worst > 1e-4:
            raise SystemExit(f"{name}: a projection differs from PyTorch's by {worst:.1e} of its largest value")
        checked = s.ours.ask("check-projections", f"{layer}_relu", UNITS)["checked"]
        return s, p, f"{checked} have the bits of a plain pass back; {worst:.0e} of the largest value from PyTorch's"

    def one_unit(self, is_kept):
        s, p, exact = self.projections("zfnet", "conv5")
        words = ("deconv", "conv5_relu", "strongest") + (("kept",) if is_kept else ())
        ours = lambda: s.ours.seconds(*words)
        needed = p.needed(1)
        if is_kept:
            row = Row("zfnet: one conv5 unit, photo already seen")
            peers = {"PyTorch by hand, pass kept": lambda: p.hand_run(1, 1), "Captum": lambda: p.captum_run(1, 1)}
            row.target = "2 ms"
            targets = None, None
        else:
            row = Row("zfnet: one conv5 unit, with its forward pass")
            peers = {"Captum": lambda: p.captum_run(1, 1)}
            targets = (4,)
            needed += s.ours.ask("cost", "forward")["multiply_adds"]
        row.exact = exact
        return row.fill(self.turns(s, ours, peers, 10, 6), list(peers), targets, multiply_adds=needed)

    def units(self, name, layer, captum_target, hand_target, batches):
        s, p, exact = self.projections(name, layer)
        many, more = best(p.captum_run, batches), best(p.hand_run, batches)
        names = f"Captum, {many} at once", f"PyTorch by hand, pass kept, {more} at once"
        found = self.turns(s, lambda: s.ours.seconds("deconv", f"{layer}_relu", f"top:{MAPS}"),
                           {names[0]: lambda: p.captum_run(many, max(UNITS, many)) * MAPS,
                            names[1]: lambda: p.hand_run(more, max(UNITS, more)) * MAPS})
        row = Row(f"{name}: {MAPS} {layer} units", "s")
        row.exact, row.note = exact, f"the peers on {UNITS} units, or a batch"
        needed = p.needed(MAPS) + s.ours.ask("cost", "forward")["multiply_adds"]
        return row.fill(found, names, (captum_target, hand_target), 1, needed)

    def ablation(self, name, layer, captum_target):
        s = self.subject(name)
        value = f"{layer}_concat" if name == "squeezenet" else f"{layer}_relu"
        found = s.ours.ask("check-ablation", value, MAPS, 8)
        if found["worst"] > 1e-5:
            raise SystemExit(f"{name}: an ablation differs from a plain pass by {found['worst']:.1e} of the largest")
        a = work.Ablations(s, value)
        many, more = best(a.captum_run), best(a.hand_run)
        names = f"Captum, {many} at once", f"PyTorch, pass kept, {more} at once"
        times = self.turns(s, lambda: s.ours.seconds("ablation", value, MAPS),
                           {names[0]: lambda: a.captum_run(many, max(UNITS, many)) * MAPS,
                            names[1]: lambda: a.hand_run(more, max(UNITS, more)) * MAPS})
        row = Row(f"{name}: each of {MAPS} maps of {layer} removed", "s")
        row.exact = f"{found['checked']} to {max(found['worst'], 1e-9):.0e} of the largest logit"
        row.note = f"the peers on {UNITS} maps, or a batch"
        forward = s.ours.ask("cost", "forward")["multiply_adds"]
        return row.fill(times, names, (captum_target, None), 1, MAPS * s.behind_next(value) + forward)

    def threads(self, name, is_pass):
        """All threads against one, of our own."""
        s, threads = self.subject(name), self.arguments.threads
        alone = Ours(s.binary, 1, s.path, s.array)
        words = ("forward", 1) if is_pass else ("occlusion", PATCH, COARSE)
        items = 1 if is_pass else len(range(COARSE // 2, s.x.shape[2], COARSE)) ** 2
        is_quick = is_pass and name != "vgg16"
        found = self.turns(s, lambda: s.ours.seconds(*words) / items,
                           {"1 thread": lambda: alone.seconds(*words) / items}, 20 if is_quick else 7,
                           20 if is_quick else 2)
        alone.end()
        what = "forward pass, batch 1" if is_pass else f"occlusion {PATCH}/{COARSE}, a position"
        row = Row(f"{name}: {what}, on {threads} threads").fill(found, ["1 thread"], (1.7 if is_pass else 1.9,))
        row.exact = "the tests compare the bits"
        return row

    def waiting(self, name):
        """An interactive request behind a background sweep."""
        s = self.subject(name)
        found = s.ours.ask("waiting", PATCH, STRIDE, REQUESTS)
        row = Row(f"{name}: an interactive request's wait for its turn behind a background sweep, median")
        row.mine, row.target = found["median"] * 1e3, "50 ms at most"
        worst, longest = found["p99"] * 1e3, found["longest"] * 1e3
        row.note = f"99 % within {worst:.0f} ms, the longest {longest:.0f} ms, of {REQUESTS}"
        return row

    def start(self):
        photo = os.path.join(ROOT, "Tests", "Fixtures", "images", "chelsea.png")
        resnet = self.subject("resnet18").path
        python = lambda what: [sys.executable, os.path.join(HERE, "start.py"), what, resnet]
        commands = {"Switchback": [self.arguments.switchback, "predict", photo],
                    "PyTorch + Captum (resnet18)": python("captum"), "ONNX Runtime (resnet18)": python("onnx")}
        memory = {}
        def process(name):
            seconds, megabytes, _ = run(commands[name])
            memory.setdefault(name, []).append(megabytes)
            return seconds
        names = list(commands)[1:]
        found = take_turns({name: lambda name=name: process(name) for name in commands}, self.arguments.rounds or 7)
        row = Row("process start to first prediction", "s").fill(found, names, (None, None), 1)
        row.target = "0.2 s, 120 MB"
        row.note = "; ".join(f"{name}: {statistics.median(used):.0f} MB" for name, used in memory.items())
        return row

    def every_pixel(self):
        photo = os.path.join(ROOT, "Tests", "Fixtures", "images", "chelsea.png")
        seconds, megabytes, output = run([self.arguments.switchback, "occlusion", photo, "--stride", "1",
                                          "--format", "npy"])
        row = Row("squeezenet: occlusion of chelsea.png at 51,529 positions, the whole command", "s")
        row.mine, row.target, row.note = seconds, "finishes under 300 MB", f"{megabytes:.0f} MB; {output} bytes of NPY"
        return row


def run(command):
    """Seconds, peak memory in MB and bytes of output of a process."""
    found = json.loads(subprocess.run([sys.executable, os.path.join(HERE, "process.py"), *command],
                                      stdout=subprocess.PIPE, check=True).stdout)
    return found["seconds"], found["megabytes"], found["output"]
