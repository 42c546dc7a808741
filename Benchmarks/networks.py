"""Networks of well-known shapes with random weights, as ONNX files and as PyTorch modules that run the same graph.

How fast a layer is does not depend on what its weights are, but for the zeros that ReLUs leave: He's initialisation keeps
about half of the values, with little of the order that training brings. So these are hard cases for an engine that leaves
zeros out.
"""
import math

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper


class Graph:
    """Builds an ONNX graph a node at a time; each method returns its value's name."""

    def __init__(self, name, size):
        self.name, self.size = name, size
        self.random = np.random.default_rng(2013)
        self.nodes, self.weights, self.channels = [], [], {"data": 3}

    def node(self, kind, inputs, channels, name=None, **attributes):
        output = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        self.channels[output] = channels
        return output

    def tensor(self, name, *shape, fan):
        values = self.random.standard_normal(shape, dtype=np.float32) * math.sqrt(2 / fan)
        self.weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def conv(self, x, count, kernel, stride=1, pad=0, relu=True, name=None):
        name, inputs = name or f"conv_{len(self.nodes)}", self.channels[x]
        w = self.tensor(f"{name}_w", count, inputs, kernel, kernel, fan=inputs * kernel * kernel)
        b = self.tensor(f"{name}_b", count, fan=200)
        y = self.node("Conv", [x, w, b], count, name, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)
        return self.relu(y) if relu else y

    def relu(self, x):
        return self.node("Relu", [x], self.channels[x], f"{x}_relu")

    def pool(self, x, kernel, stride, pad=0, ceil=0):
        return self.node("MaxPool", [x], self.channels[x], kernel_shape=[kernel] * 2, strides=[stride] * 2,
                         pads=[pad] * 4, ceil_mode=ceil)

    def dense(self, x, inputs, outputs, relu=True):
        name = f"fc_{len(self.nodes)}"
        w, b = self.tensor(f"{name}_w", outputs, inputs, fan=inputs), self.tensor(f"{name}_b", outputs, fan=200)
        y = self.node("Gemm", [x, w, b], outputs, name, transB=1)
        return self.relu(y) if relu else y

    def flatten(self, x):
        return self.node("Flatten", [x], None, axis=1)

    def model(self, output):
        value = lambda name, *shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", *shape])
        graph = helper.make_graph(self.nodes, self.name, [value("data", 3, self.size, self.size)],
                                  [value(output, 1000)], self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def vgg16():
    g = Graph("vgg16", 224)
    x = "data"
    for stage, (count, repeats) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        for k in range(1, repeats + 1):
            x = g.conv(x, count, 3, pad=1, name=f"conv{stage}_{k}")
        x = g.pool(x, 2, 2)
    x = g.dense(g.dense(g.flatten(x), 25088, 4096), 4096, 4096)
    return g.model(g.dense(x, 4096, 1000, relu=False))


def zfnet():
    """Zeiler & Fergus, figure 3, with the normalisation across maps of their code."""
    g = Graph("zfnet", 224)
    norm = lambda x: g.node("LRN", [x], g.channels[x], size=5, alpha=1e-4, beta=0.75, bias=1.0)
    x = norm(g.pool(g.conv("data", 96, 7, 2, 1, name="conv1"), 3, 2, ceil=1))
    x = norm(g.pool(g.conv(x, 256, 5, 2, name="conv2"), 3, 2, ceil=1))
    for k, count in ((3, 384), (4, 384), (5, 256)):
        x = g.conv(x, count, 3, pad=1, name=f"conv{k}")
    x = g.flatten(g.pool(x, 3, 2))
    x = g.dense(g.dense(x, 9216, 4096), 4096, 4096)
    return g.model(g.dense(x, 4096, 1000, relu=False))


def resnet18(size=224):
    """Batch normalisation is folded, as every engine does it."""
    g = Graph("resnet18", size)
    x = g.pool(g.conv("data", 64, 7, 2, 3), 3, 2, 1)
    for count, stride in ((64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)):
        y = g.conv(g.conv(x, count, 3, stride, 1), count, 3, 1, 1, relu=False)
        short = x if stride == 1 and g.channels[x] == count else g.conv(x, count, 1, stride, relu=False)
        x = g.relu(g.node("Add", [y, short], count))
    x = g.flatten(g.node("GlobalAveragePool", [x], g.channels[x]))
    return g.model(g.dense(x, 512, 1000, relu=False))


NETWORKS = {"vgg16": vgg16, "zfnet": zfnet, "resnet18": resnet18}


class Sum(torch.nn.Module):
    def forward(self, a, b):
        return a + b


class Joined(torch.nn.Module):
    def forward(self, *parts):
        return torch.cat(parts, 1)


def module(node, weights):
    """The PyTorch module of an ONNX node."""
    a = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    tensors = [torch.tensor(numpy_helper.to_array(weights[name])) for name in node.input if name in weights]
    pads, strides = tuple(a.get("pads", (0, 0))[:2]), tuple(a.get("strides", (1, 1)))
    match node.op_type:
        case "Conv":
            made = torch.nn.Conv2d(tensors[0].shape[1], tensors[0].shape[0], tensors[0].shape[2:], strides, pads)
            made.weight.data, made.bias.data = tensors
        case "Gemm":
            made = torch.nn.Linear(tensors[0].shape[1], tensors[0].shape[0])
            made.weight.data, made.bias.data = tensors
        case "Relu": made = torch.nn.ReLU()
        case "MaxPool":
            made = torch.nn.MaxPool2d(tuple(a["kernel_shape"]), strides, pads, ceil_mode=bool(a.get("ceil_mode", 0)))
        case "LRN": made = torch.nn.LocalResponseNorm(a["size"], a["alpha"], a["beta"], a["bias"])
        case "Flatten": made = torch.nn.Flatten(1)
        case "GlobalAveragePool": made = torch.nn.AdaptiveAvgPool2d(1)
        case "Add": made = Sum()
        case "Concat": made = Joined()
        case kind: raise NotImplementedError(kind)
    return made


class Twin(torch.nn.Module):
    """An ONNX graph as a PyTorch module: one module a node, so that Captum finds the layers. Ends with the logits."""

    def __init__(self, model):
        super().__init__()
        weights = {weight.name: weight for weight in model.graph.initializer}
        nodes = [node for node in model.graph.node if node.op_type not in ("Softmax", "Dropout")]
        self.steps = [(f"m_{node.output[0]}", [i for i in node.input if i not in weights], node.output[0])
                      for node in nodes]
        for node, (name, _, _) in zip(nodes, self.steps):
            self.add_module(name, module(node, weights))
        self.eval().requires_grad_(False)

    def layer(self, output):
        """The module that makes a value."""
        return getattr(self, f"m_{output}")

    def place(self, output):
        return next(k for k, step in enumerate(self.steps) if step[2] == output)

    def run(self, values, steps):
        for name, inputs, output in steps:
            values[output] = getattr(self, name)(*[values[i] for i in inputs])
        return values[output]

    def forward(self, x):
        return self.run({"data": x}, self.steps)

    def prefix(self, output, x):
        """A value from the input."""
        return self.run({"data": x}, self.steps[:self.place(output) + 1])

    def rest(self, output, value):
        """The logits from a value that all paths go through."""
        return self.run({output: value}, self.steps[self.place(output) + 1:])
