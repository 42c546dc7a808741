"""Reference semantics of Switchback in PyTorch: slow, plain, and the arbiter of every number.

It reads an ONNX classifier, runs it, and computes DeconvNet projections, occlusion maps and ablation deltas as
README.md and ARCHITECTURE.md define them. The Swift code is checked against what this prints; it shares no code with it.

    python3 -m pip install torch==2.13.0 numpy onnx
    python3 reference.py summary  MODEL.onnx
    python3 reference.py predict  MODEL.onnx INPUT.npy                                -> probabilities, logits
    python3 reference.py project  MODEL.onnx INPUT.npy --tensor NAME --map 7 [--at y,x] [--overlap sum] [--seed activation]
    python3 reference.py occlude  MODEL.onnx INPUT.npy --patch 32 --stride 8 --baseline=-0.1,0.2,0.0 [--target 281]
    python3 reference.py ablate   MODEL.onnx INPUT.npy --tensor NAME [--maps 0,3,5]
Each writes OUT.npy files beside OUT (default: reference-out).

INPUT.npy is the network's input, float32 [1, C, H, W], already preprocessed: image decoding and resizing are not
judged here. NAME is an ONNX value name (the output of the ReLU, where one follows the convolution).
"""
import argparse
import json
from collections import OrderedDict

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


# ------------------------------------------------------------------------------------------------ graph

def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def spatial(attrs, name, default, count=2):
    return list(attrs.get(name, [default] * count))


class Graph:
    """An ONNX graph with its constants as torch tensors and its nodes in topological order."""

    def __init__(self, path):
        model = onnx.load(path)
        self.nodes = list(model.graph.node)
        self.constants = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in model.graph.initializer}
        for node in self.nodes:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = torch.tensor(numpy_helper.to_array(attributes(node)["value"]))
        self.nodes = [n for n in self.nodes if n.op_type != "Constant"]
        self.input = next(i.name for i in model.graph.input if i.name not in self.constants)
        self.output = model.graph.output[0].name
        producer = {o: n for n in self.nodes for o in n.output}
        last = producer[self.output]
        self.logits = last.input[0] if last.op_type == "Softmax" else self.output


def pads(attrs, kernel, stride, size, dilation):
    """(top, left, bottom, right) of a window operator, from pads or auto_pad."""
    auto = attrs.get("auto_pad", b"NOTSET")
    if auto in (b"NOTSET", b""):
        p = spatial(attrs, "pads", 0, 4)
        return p
    if auto == b"VALID":
        return [0, 0, 0, 0]
    out = []
    for k, s, n, d in zip(kernel, stride, size, dilation):
        total = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        small, large = total // 2, total - total // 2
        out.append((small, large) if auto == b"SAME_UPPER" else (large, small))
    return [out[0][0], out[1][0], out[0][1], out[1][1]]


# ------------------------------------------------------------------------------------------------ forward

class Trace:
    """One forward pass: every value by name, and the switches of every max pooling by its output's name."""

    def __init__(self):
        self.values = OrderedDict()
        self.switches = {}      # output name -> (int64 [N,C,h,w] flat row-major index into the input plane, input shape)


def max_pool(x, attrs):
    """Values and switches. The first maximum in row-major order wins; padding never does."""
    k, s = spatial(attrs, "kernel_shape", 1), spatial(attrs, "strides", 1)
    d = spatial(attrs, "dilations", 1)
    n, c, h, w = x.shape
    t, l, b, r = pads(attrs, k, s, (h, w), d)
    ceil = attrs.get("ceil_mode", 0)

    def out_size(size, before, after, k, s, d):
        span = size + before + after - ((k - 1) * d + 1)
        out = (-(-span // s) if ceil else span // s) + 1
        if ceil and (out - 1) * s >= size + before:     # a window may not start in the padding behind the image
            out -= 1
        return out

    oh, ow = out_size(h, t, b, k[0], s[0], d[0]), out_size(w, l, r, k[1], s[1], d[1])
    value = torch.full((n, c, oh, ow), -float("inf"))
    switch = torch.full((n, c, oh, ow), -1, dtype=torch.int64)
    ys = torch.arange(oh) * s[0] - t
    xs = torch.arange(ow) * s[1] - l
    for ky in range(k[0]):
        for kx in range(k[1]):
            y, xx = ys + ky * d[0], xs + kx * d[1]
            inside = ((y >= 0) & (y < h))[:, None] & ((xx >= 0) & (xx < w))[None, :]
            yc, xc = y.clamp(0, h - 1), xx.clamp(0, w - 1)
            candidate = x[:, :, yc][:, :, :, xc]
            better = inside & (candidate > value)
            value = torch.where(better, candidate, value)
            switch = torch.where(better, (yc[:, None] * w + xc[None, :]).expand_as(switch), switch)
    return value, switch


def conv(x, weight, bias, attrs):
    k = list(weight.shape[2:])
    s, d = spatial(attrs, "strides", 1), spatial(attrs, "dilations", 1)
    t, l, b, r = pads(attrs, k, s, x.shape[2:], d)
    return F.conv2d(F.pad(x, (l, r, t, b)), weight, bias, s, 0, d, attrs.get("group", 1))


def conv_adjoint(r, weight, attrs, shape):
    k = list(weight.shape[2:])
    s, d = spatial(attrs, "strides", 1), spatial(attrs, "dilations", 1)
    t, l, b, rr = pads(attrs, k, s, shape[2:], d)
    padded = (shape[0], shape[1], shape[2] + t + b, shape[3] + l + rr)
    full = torch.nn.grad.conv2d_input(padded, weight, r, s, 0, d, attrs.get("group", 1))
    return full[:, :, t:t + shape[2], l:l + shape[3]]


def average_pool(x, attrs):
    k, s = spatial(attrs, "kernel_shape", 1), spatial(attrs, "strides", 1)
    t, l, b, r = pads(attrs, k, s, x.shape[2:], [1, 1])
    include = bool(attrs.get("count_include_pad", 0))
    assert (t, l) == (b, r), "reference: symmetric average-pool padding only"
    return F.avg_pool2d(x, k, s, (t, l), bool(attrs.get("ceil_mode", 0)), include)


def lrn(x, attrs):
    size, alpha = attrs["size"], attrs.get("alpha", 1e-4)
    beta, bias = attrs.get("beta", 0.75), attrs.get("bias", 1.0)
    before = (size - 1) // 2
    after = size - 1 - before
    square = F.pad((x * x).transpose(1, 3), (before, after)).unfold(3, size, 1).sum(-1).transpose(1, 3)
    return x / (bias + alpha / size * square) ** beta


def batch_norm(x, g, values):
    scale, bias, mean, var = (values[n] for n in g.input[1:5])
    eps = attributes(g).get("epsilon", 1e-5)
    k = scale / torch.sqrt(var + eps)
    return x * k[:, None, None] + (bias - mean * k)[:, None, None]


def clip_bounds(node, values):
    a = attributes(node)
    low, high = a.get("min"), a.get("max")
    if len(node.input) > 1 and node.input[1]:
        low = float(values[node.input[1]])
    if len(node.input) > 2 and node.input[2]:
        high = float(values[node.input[2]])
    return low, high


def gemm(x, node, values):
    a = attributes(node)
    w = values[node.input[1]]
    w = w.T if a.get("transB", 0) else w
    y = a.get("alpha", 1.0) * (x @ w)
    return y + a.get("beta", 1.0) * values[node.input[2]] if len(node.input) > 2 else y


def run(graph, x, edit=None):
    """Forward pass. `edit(name, value)`, if given, may replace a value right after it is computed (ablation)."""
    t = Trace()
    v = t.values
    lookup = dict(graph.constants)

    def put(name, value):
        if edit is not None:
            value = edit(name, value)
        v[name] = value
        lookup[name] = value

    put(graph.input, x)
    for n in graph.nodes:
        a = attributes(n)
        i = [lookup[name] if name else None for name in n.input]
        op = n.op_type
        if op == "Conv":
            y = conv(i[0], i[1], i[2] if len(i) > 2 else None, a)
        elif op == "Relu":
            y = F.relu(i[0])
        elif op == "Clip":
            low, high = clip_bounds(n, lookup)
            y = torch.clamp(i[0], low, high)
        elif op == "MaxPool":
            y, switch = max_pool(i[0], a)
            t.switches[n.output[0]] = (switch, i[0].shape)
        elif op == "AveragePool":
            y = average_pool(i[0], a)
        elif op == "GlobalAveragePool":
            y = i[0].mean((2, 3), keepdim=True)
        elif op == "LRN":
            y = lrn(i[0], a)
        elif op == "BatchNormalization":
            y = batch_norm(i[0], n, lookup)
        elif op == "Gemm":
            y = gemm(i[0], n, lookup)
        elif op == "MatMul":
            y = i[0] @ i[1]
        elif op == "Add":
            y = i[0] + i[1]
        elif op == "Concat":
            y = torch.cat(i, a["axis"])
        elif op == "Flatten":
            y = i[0].reshape(int(np.prod(i[0].shape[:a.get("axis", 1)])), -1)
        elif op == "Reshape":
            shape = [i[0].shape[k] if d == 0 else int(d) for k, d in enumerate(i[1].tolist())]
            y = i[0].reshape(shape)
        elif op == "ReduceMean":
            axes = a.get("axes") or i[1].tolist()
            y = i[0].mean(list(axes), keepdim=bool(a.get("keepdims", 1)))
        elif op == "Squeeze":
            y = i[0].flatten(1)
        elif op in ("Dropout", "Identity"):
            y = i[0]
        elif op == "Softmax":
            y = torch.softmax(i[0], a.get("axis", 1 if i[0].dim() < 4 else 1))
        else:
            raise NotImplementedError(op)
        put(n.output[0], y)
    return t


# ------------------------------------------------------------------------------------------------ DeconvNet

def project(graph, trace, tensor, seed, overlap="sum", lrn_rule="identity"):
    """DeconvNet projection of `seed` (shaped like the value `tensor`) down to the input (1311.2901, section 2.1).

    Crossing a ReLU (or a Clip that starts at 0) rectifies the signal; crossing a max pooling places each value at its
    switch; crossing a convolution applies its transpose without the bias. Signals that meet at a fan-out are summed.
    Nothing rectifies after the last transposed convolution.
    """
    v = {**graph.constants, **trace.values}
    signal = {tensor: seed}

    def add(name, r):
        if name in graph.constants:
            return
        signal[name] = signal[name] + r if name in signal else r

    for n in reversed(graph.nodes):
        out = n.output[0]
        if out not in signal:
            continue
        r = signal.pop(out)
        a = attributes(n)
        op = n.op_type
        x = v[n.input[0]]
        if op == "Conv":
            add(n.input[0], conv_adjoint(r, v[n.input[1]], a, x.shape))
        elif op == "Relu":
            add(n.input[0], r.clamp(min=0))
        elif op == "Clip":
            low, _ = clip_bounds(n, v)
            add(n.input[0], r.clamp(min=0) if low == 0 else r)
        elif op == "MaxPool":
            switch, shape = trace.switches[out]
            add(n.input[0], unpool(r, switch, shape, overlap))
        elif op in ("AveragePool", "GlobalAveragePool", "ReduceMean"):
            probe = x.detach().clone().requires_grad_(True)
            if op == "AveragePool":
                y = average_pool(probe, a)
            else:
                y = probe.mean((2, 3), keepdim=r.dim() == 4)
            add(n.input[0], torch.autograd.grad(y, probe, r)[0])
        elif op == "LRN":
            if lrn_rule == "identity":
                add(n.input[0], r)
            else:
                probe = x.detach().clone().requires_grad_(True)
                add(n.input[0], torch.autograd.grad(lrn(probe, a), probe, r)[0])
        elif op == "BatchNormalization":
            k = v[n.input[1]] / torch.sqrt(v[n.input[4]] + a.get("epsilon", 1e-5))
            add(n.input[0], r * k[:, None, None])
        elif op == "Gemm":
            w = v[n.input[1]]
            add(n.input[0], a.get("alpha", 1.0) * (r @ (w if a.get("transB", 0) else w.T)))
        elif op == "MatMul":
            add(n.input[0], r @ v[n.input[1]].T)
        elif op == "Add":
            add(n.input[0], r)
            add(n.input[1], r)
        elif op == "Concat":
            start = 0
            for name in n.input:
                size = v[name].shape[a["axis"]]
                add(name, r.narrow(a["axis"], start, size))
                start += size
        elif op in ("Flatten", "Reshape", "Squeeze"):
            add(n.input[0], r.reshape(x.shape))
        elif op in ("Dropout", "Identity"):
            add(n.input[0], r)
        else:
            raise NotImplementedError(op)
    return signal[graph.input]


def unpool(r, switch, shape, overlap):
    n, c, h, w = shape
    flat = torch.zeros(n, c, h * w)
    s, r = switch.reshape(n, c, -1), r.reshape(n, c, -1)
    if overlap == "sum":
        flat.scatter_add_(2, s, r)
    elif overlap == "max":      # of the values that share a position, the largest
        flat.scatter_reduce_(2, s, r, "amax", include_self=False)
    elif overlap == "last":     # of the windows that share a position, the last in row-major order
        for k in range(s.shape[2]):
            flat.scatter_(2, s[:, :, k:k + 1], r[:, :, k:k + 1])
    else:
        raise ValueError(overlap)
    return flat.reshape(n, c, h, w)


def unit_seed(activation, feature_map, at=None, seed="activation"):
    """Zero but for one unit: the strongest of the map (first in row-major order), or the one at (y, x)."""
    out = torch.zeros_like(activation)
    if activation.dim() == 2:
        out[0, feature_map] = activation[0, feature_map] if seed == "activation" else 1.0
        return out, None
    if at is None:
        flat = activation[0, feature_map].reshape(-1)
        at = divmod(int(flat.argmax()), activation.shape[3])
    y, x = at
    out[0, feature_map, y, x] = activation[0, feature_map, y, x] if seed == "activation" else 1.0
    return out, at


# ------------------------------------------------------------------------------------------------ occlusion

def centres(size, stride):
    """Patch centres along one axis: the middle of each stride-wide cell, stride // 2, then every `stride`."""
    return list(range(stride // 2, size, stride)) if stride // 2 < size else [size // 2]


def occluded(x, cy, cx, patch, baseline):
    """x with the patch centred at (cy, cx) filled with `baseline` per channel, clipped at the border."""
    y0, x0 = cy - patch // 2, cx - patch // 2
    out = x.clone()
    h, w = x.shape[2:]
    out[:, :, max(0, y0):min(h, y0 + patch), max(0, x0):min(w, x0 + patch)] = baseline.reshape(1, -1, 1, 1)
    return out


def occlude(graph, x, patch, stride, baseline, target=None):
    """H_c(i, j) = S_c(x) - S_c(O_ij(x)) for probability and logit, and the most probable class at each position."""
    base = run(graph, x).values
    logits = base[graph.logits].reshape(1, -1)
    target = int(logits.argmax()) if target is None else target
    ys, xs = centres(x.shape[2], stride), centres(x.shape[3], stride)
    prob = np.zeros((len(ys), len(xs)), np.float32)
    logit, label = prob.copy(), np.zeros(prob.shape, np.int64)
    for r, cy in enumerate(ys):
        for c, cx in enumerate(xs):
            z = run(graph, occluded(x, cy, cx, patch, baseline)).values[graph.logits].reshape(1, -1)
            prob[r, c] = torch.softmax(z, 1)[0, target]
            logit[r, c] = z[0, target]
            label[r, c] = int(z.argmax())
    p0 = float(torch.softmax(logits, 1)[0, target])
    return dict(target=target, probability=prob, probability_delta=p0 - prob, logit=logit,
                logit_delta=float(logits[0, target]) - logit, label=label)


# ------------------------------------------------------------------------------------------------ ablation

def ablate(graph, x, tensor, maps=None):
    """Logits with the given feature maps of `tensor` set to 0 right after it is computed (all maps where None)."""
    def edit(name, value):
        if name != tensor:
            return value
        value = value.clone()
        if maps is None:
            value.zero_()
        else:
            value[:, maps] = 0
        return value
    return run(graph, x, edit).values[graph.logits].reshape(1, -1)


# ------------------------------------------------------------------------------------------------ command line

def main():
    p = argparse.ArgumentParser()
    p.add_argument("command", choices=["summary", "predict", "project", "occlude", "ablate"])
    p.add_argument("model")
    p.add_argument("input", nargs="?")
    p.add_argument("--tensor")
    p.add_argument("--map", type=int, default=0)
    p.add_argument("--at")
    p.add_argument("--seed", default="activation")
    p.add_argument("--overlap", default="sum")
    p.add_argument("--lrn", default="identity")
    p.add_argument("--patch", type=int, default=32)
    p.add_argument("--stride", type=int, default=8)
    p.add_argument("--baseline", default="0,0,0")
    p.add_argument("--target", type=int)
    p.add_argument("--maps")
    p.add_argument("--out", default="reference-out")
    a = p.parse_args()
    torch.manual_seed(0)
    graph = Graph(a.model)
    if a.command == "summary":
        for n in graph.nodes:
            print(n.op_type, list(n.input), "->", list(n.output))
        print("input", graph.input, "logits", graph.logits)
        return
    x = torch.tensor(np.load(a.input))
    save = lambda name, value: np.save(f"{a.out}.{name}.npy", np.asarray(value))
    with torch.no_grad():
        if a.command == "predict":
            z = run(graph, x).values[graph.logits].reshape(1, -1)
            save("logits", z)
            save("probabilities", torch.softmax(z, 1))
            print(json.dumps(dict(top5=torch.softmax(z, 1)[0].topk(5).indices.tolist())))
        elif a.command == "ablate":
            maps = [int(m) for m in a.maps.split(",")] if a.maps else None
            z0, z = run(graph, x).values[graph.logits].reshape(1, -1), ablate(graph, x, a.tensor, maps)
            save("logit_delta", z0 - z)
            save("probability_delta", torch.softmax(z0, 1) - torch.softmax(z, 1))
        elif a.command == "occlude":
            baseline = torch.tensor([float(b) for b in a.baseline.split(",")])
            result = occlude(graph, x, a.patch, a.stride, baseline, a.target)
            print(json.dumps(dict(target=result.pop("target"))))
            for k, value in result.items():
                save(k, value)
    if a.command == "project":
        with torch.no_grad():
            trace = run(graph, x)
        at = tuple(int(k) for k in a.at.split(",")) if a.at else None
        seed, at = unit_seed(trace.values[a.tensor], a.map, at, a.seed)
        save("projection", project(graph, trace, a.tensor, seed, a.overlap, a.lrn).detach())
        print(json.dumps(dict(unit=at)))


if __name__ == "__main__":
    main()
