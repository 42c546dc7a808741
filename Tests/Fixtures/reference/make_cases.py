"""Writes the reference cases: small random networks and the embedded model, each with its input and expected numbers.

    python3 -m pip install torch==2.13.0 numpy onnx pillow
    python3 make_cases.py cases [NAME ...]

A case is a folder: model.onnx, input.npy, and one folder a check with request.json (what is asked) and the expected
arrays as .npy. The networks are random but seeded; what each one separates is said beside it below.
"""
import json
import os
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import reference as ref

HERE = os.path.dirname(os.path.abspath(__file__))


class Net:
    """Builds an ONNX classifier node by node. Every method returns the name of its output."""

    def __init__(self, seed, channels, height, width):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.weights, self.channels = [], [], {"input": channels}
        self.shape = [1, channels, height, width]

    def node(self, op, inputs, name, **attrs):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attrs))
        return name

    def weight(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def conv(self, x, name, out, k, stride=1, pads=0, group=1, dilation=1, relu=True, bias=True):
        kh, kw = (k, k) if isinstance(k, int) else k
        cin = self.channels[x]
        fan = cin // group * kh * kw
        inputs = [x, self.weight(name + ".weight", self.rng.normal(0, (2 / fan) ** .5, (out, cin // group, kh, kw)))]
        if bias:
            inputs.append(self.weight(name + ".bias", self.rng.normal(0, .1, out)))
        p = [pads] * 4 if isinstance(pads, int) else pads
        y = self.node("Conv", inputs, name, kernel_shape=[kh, kw], strides=[stride] * 2, pads=p, group=group,
                      dilations=[dilation] * 2)
        self.channels[y] = out
        return self.relu(y) if relu else y

    def relu(self, x, six=False):
        if six:
            y = self.node("Clip", [x, self.weight(x + "_lo", np.float32(0)), self.weight(x + "_hi", np.float32(6))], x + "_clip")
        else:
            y = self.node("Relu", [x], x + "_relu")
        self.channels[y] = self.channels[x]
        return y

    def pool(self, x, name, k, stride, pads=0, ceil=0, op="MaxPool"):
        p = [pads] * 4 if isinstance(pads, int) else pads
        y = self.node(op, [x], name, kernel_shape=[k, k], strides=[stride] * 2, pads=p, ceil_mode=ceil)
        self.channels[y] = self.channels[x]
        return y

    def same(self, op, inputs, name, **attrs):
        y = self.node(op, inputs, name, **attrs)
        self.channels[y] = sum(self.channels[i] for i in inputs) if op == "Concat" else self.channels[inputs[0]]
        return y

    def batch_norm(self, x, name):
        c = self.channels[x]
        p = [self.weight(f"{name}.{n}", v) for n, v in (
            ("scale", self.rng.normal(0, 1, c)), ("bias", self.rng.normal(0, .2, c)),
            ("mean", self.rng.normal(0, .3, c)), ("var", self.rng.uniform(.5, 2, c)))]
        y = self.node("BatchNormalization", [x] + p, name, epsilon=1e-3)
        self.channels[y] = c
        return y

    def dense(self, x, name, inputs, out, relu=False):
        y = self.node("Gemm", [x, self.weight(name + ".weight", self.rng.normal(0, (2 / inputs) ** .5, (out, inputs))),
                               self.weight(name + ".bias", self.rng.normal(0, .1, out))], name, transB=1)
        self.channels[y] = out
        return self.relu(y) if relu else y

    def finish(self, x, classes, path):
        self.node("Softmax", [x], "probabilities", axis=1)
        graph = helper.make_graph(self.nodes, "case", [helper.make_tensor_value_info("input", TensorProto.FLOAT, self.shape)],
                                  [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, classes])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)


def zfnet(n):
    """The paper's order (ReLU, overlapping ceil-mode max pooling, LRN), 7x7 stride 2, dense layers; not square."""
    x = n.pool(n.conv("input", "conv1", 8, 7, 2, 1), "pool1", 3, 2, ceil=1)
    x = n.same("LRN", [x], "norm1", size=5, alpha=1e-1, beta=.75, bias=1.0)
    x = n.pool(n.conv(x, "conv2", 12, 5, 2), "pool2", 3, 2, ceil=1)
    x = n.same("LRN", [x], "norm2", size=3, alpha=2e-1, beta=.5, bias=2.0)
    x = n.conv(n.conv(n.conv(x, "conv3", 16, 3, pads=1), "conv4", 16, 3, pads=1), "conv5", 12, 3, pads=1)
    x = n.pool(x, "pool5", 3, 2)
    x = n.same("Flatten", [x], "flatten")
    x = n.dense(x, "fc6", 12 * 2 * 3, 24, relu=True)
    return n.dense(n.same("Dropout", [x], "drop6"), "fc7", 24, 10), 10


def residual(n):
    """Fan-out and add, batch norm with negative scales, a strided 1x1 shortcut, padded stem pooling, global pooling."""
    x = n.pool(n.relu(n.batch_norm(n.conv("input", "stem", 8, 7, 2, 3, relu=False, bias=False), "stem_bn")), "stem_pool", 3, 2, pads=1)
    for k, (c, s) in enumerate([(8, 1), (16, 2)]):
        y = n.relu(n.batch_norm(n.conv(x, f"b{k}_1", c, 3, s, 1, relu=False, bias=False), f"b{k}_bn1"))
        y = n.batch_norm(n.conv(y, f"b{k}_2", c, 3, 1, 1, relu=False, bias=False), f"b{k}_bn2")
        short = x if s == 1 else n.batch_norm(n.conv(x, f"b{k}_s", c, 1, s, relu=False, bias=False), f"b{k}_sbn")
        x = n.relu(n.same("Add", [y, short], f"b{k}_add"))
    x = n.same("GlobalAveragePool", [x], "gap")
    return n.dense(n.same("Flatten", [x], "flatten"), "fc", 16, 7), 7


def inception(n):
    """Concat of four branches of different windows, a stride-1 padded max pooling inside one, average pooling, ReLU6."""
    x = n.pool(n.conv("input", "stem", 8, 3, 2, [0, 0, 1, 1]), "stem_pool", 2, 2)
    a = n.conv(x, "a1", 4, 1)
    b = n.conv(n.conv(x, "b1", 4, 1), "b2", 6, 3, pads=1)
    c = n.conv(n.conv(x, "c1", 3, (1, 3), pads=[0, 1, 0, 1]), "c2", 5, (3, 1), pads=[1, 0, 1, 0])
    d = n.relu(n.conv(n.pool(x, "d_pool", 3, 1, pads=1), "d1", 3, 1, relu=False), six=True)
    x = n.same("Concat", [a, b, c, d], "mixed", axis=1)
    x = n.pool(x, "avg", 3, 2, op="AveragePool")
    x = n.conv(x, "head", 9, 3, pads=2, dilation=2)
    x = n.same("GlobalAveragePool", [x], "gap")
    return n.dense(n.same("Flatten", [x], "flatten"), "fc", 9, 6), 6


def depthwise(n):
    """Depthwise and grouped convolutions with stride remainders, ReLU6, one input channel, no max pooling at all."""
    x = n.relu(n.conv("input", "stem", 8, 3, 2, [0, 0, 1, 1], relu=False), six=True)
    x = n.relu(n.conv(x, "dw1", 8, 3, 2, 1, group=8, relu=False), six=True)
    x = n.conv(x, "pw1", 12, 1, relu=False)
    x = n.relu(n.conv(x, "g1", 12, 5, 2, 2, group=3, relu=False), six=True)
    x = n.same("GlobalAveragePool", [x], "gap")
    return n.dense(n.same("Flatten", [x], "flatten"), "fc", 12, 5), 5


def ties(n):
    """Half the pooling windows are all zero and many hold equal values: only the tie rule decides the switches."""
    x = n.pool(n.conv("input", "conv1", 6, 3, pads=1), "pool1", 3, 2)
    x = n.pool(n.conv(x, "conv2", 6, 3, pads=1), "pool2", 2, 2)
    return n.dense(n.same("Flatten", [x], "flatten"), "fc", 6 * 6 * 6, 4), 4


NETS = {
    "zfnet": (zfnet, 11, (3, 111, 143), dict(layers=["conv1_relu", "pool2", "norm2", "conv5_relu", "fc6_relu", "fc7"], ablate="conv4_relu")),
    "residual": (residual, 12, (3, 48, 64), dict(layers=["stem_bn_relu", "b0_add_relu", "b1_add_relu", "fc"], ablate="b0_add_relu")),
    "inception": (inception, 13, (3, 53, 47), dict(layers=["b2_relu", "d1_clip", "mixed", "head_relu"], ablate="mixed")),
    "depthwise": (depthwise, 14, (1, 40, 31), dict(layers=["dw1_clip", "pw1", "g1_clip"], ablate="dw1_clip")),
    "ties": (ties, 15, (3, 28, 28), dict(layers=["pool1", "conv2_relu", "pool2"], ablate="conv1_relu")),
}


def make_input(name, rng, shape):
    x = rng.normal(0, 1, (1,) + shape).astype(np.float32)
    if name == "ties":                                  # flat areas: equal activations side by side
        x = np.repeat(np.repeat(np.round(x[:, :, ::7, ::7]), 7, 2), 7, 3)[:, :, :shape[1], :shape[2]]
    return np.ascontiguousarray(x, np.float32)


def write(folder, request, arrays):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "request.json"), "w") as f:
        json.dump(request, f, indent=1)
    for name, value in arrays.items():
        np.save(os.path.join(folder, name + ".npy"), np.asarray(value))


def checks(folder, plan, maps_per_layer=2):
    """All expected numbers of one case, from model.onnx and input.npy in `folder`."""
    graph = ref.Graph(os.path.join(folder, "model.onnx"))
    x = torch.tensor(np.load(os.path.join(folder, "input.npy")))
    with torch.no_grad():
        trace = ref.run(graph, x)
        logits = trace.values[graph.logits].reshape(1, -1)
    write(os.path.join(folder, "predict"), dict(kind="predict", logits=graph.logits),
          dict(logits=logits, probabilities=torch.softmax(logits, 1)))
    for tensor in plan["layers"]:
        value = trace.values[tensor]
        strength = value.reshape(1, value.shape[1], -1).amax(2)[0]
        strong = [int(m) for m in strength.argsort(descending=True, stable=True)[:maps_per_layer]]
        for k, m in enumerate(strong):
            variants = [("sum", "activation", "identity")]
            if k == 0:
                variants += plan.get("variants", [])
            for overlap, seed, lrn in variants:
                s, at = ref.unit_seed(value, m, None, seed)
                r = ref.project(graph, trace, tensor, s, overlap, lrn).detach()
                write(os.path.join(folder, f"project-{tensor}-{m}-{overlap}-{seed}-{lrn}"),
                      dict(kind="deconv", layer=tensor, feature_map=m, unit=at, overlap=overlap, seed=seed, lrn=lrn,
                           activation=float(value[0, m].max())), dict(projection=r[0]))
    with torch.no_grad():
        channels = trace.values[plan["ablate"]].shape[1]
        z = torch.cat([ref.ablate(graph, x, plan["ablate"], [m]) for m in range(channels)])
        whole = ref.ablate(graph, x, plan["ablate"])
        write(os.path.join(folder, f"ablate-{plan['ablate']}"), dict(kind="ablation", layer=plan["ablate"], maps="each, then all"),
              dict(logits=z, logits_all=whole))
        for patch, stride in plan["occlude"]:
            fill = torch.full((x.shape[1],), .25)
            result = ref.occlude(graph, x, patch, stride, fill)
            write(os.path.join(folder, f"occlude-{patch}-{stride}"),
                  dict(kind="occlusion", patch=patch, stride=stride, fill_in_network_units=.25, target=result.pop("target")), result)


def main():
    out, only = sys.argv[1], sys.argv[2:]
    torch.manual_seed(0)
    for name, (build, seed, shape, plan) in NETS.items():
        if only and name not in only:
            continue
        folder = os.path.join(out, name)
        os.makedirs(folder, exist_ok=True)
        net = Net(seed, *shape)
        last, classes = build(net)
        net.finish(last, classes, os.path.join(folder, "model.onnx"))
        np.save(os.path.join(folder, "input.npy"), make_input(name, net.rng, shape))
        plan = dict(plan, occlude=[(9, 4), (6, 5)], variants=[("max", "activation", "identity"), ("last", "one", "gradient")])
        checks(folder, plan)
        print(name)
    if not only or "squeezenet1.1" in only:
        from PIL import Image
        folder = os.path.join(out, "squeezenet1.1")
        os.makedirs(folder, exist_ok=True)
        source = os.path.join(HERE, "..", "..", "..", "Models", "squeezenet1.1", "model.onnx")
        with open(source, "rb") as a, open(os.path.join(folder, "model.onnx"), "wb") as b:
            b.write(a.read())
        image = Image.open(os.path.join(HERE, "..", "images", "chelsea.png")).convert("RGB").resize((227, 227), Image.BILINEAR)
        x = (np.asarray(image, np.float32) - np.array([122.679, 116.669, 104.006], np.float32)).transpose(2, 0, 1)[None]
        np.save(os.path.join(folder, "input.npy"), np.ascontiguousarray(x))
        checks(folder, dict(layers=["conv1_relu", "fire3_concat", "fire5_expand3x3_relu", "fire9_concat", "conv10_relu"],
                            ablate="fire9_concat", occlude=[(32, 32)], variants=[]), maps_per_layer=1)
        os.remove(os.path.join(folder, "model.onnx"))     # it stands in Models/squeezenet1.1 already
        print("squeezenet1.1")


if __name__ == "__main__":
    main()
