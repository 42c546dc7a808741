"""Networks of well-known shapes with random weights, as ONNX files and as PyTorch modules that run the same graph.

How fast a layer is does not depend on what its weights are, but for the zeros that ReLUs leave: He's initialisation keeps
about half of the values, with little of the order that training brings. So these are hard cases for an engine that leaves
zeros out.
"""
import math

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper


class Graph:
    """Builds an ONNX graph a node at a time; each method returns its value's name."""

    def __init__(self, name, size):
        self.name, self.size = name, size
        self.random = np.random.default_rng(2013)
        self.nodes, self.weights, self.channels = [], [], {"data": 3}

    def node(self, kind, inputs, channels, **attributes):
        output = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        self.channels[output] = channels
        return output

    def tensor(self, name, *shape, fan):
        values = self.random.standard_normal(shape, dtype=np.float32) * math.sqrt(2 / fan)
        self.weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def conv(self, x, count, kernel, stride=1, pad=0, relu=True):
        number, inputs = len(self.nodes), self.channels[x]
        w = self.tensor(f"w{number}", count, inputs, kernel, kernel, fan=inputs * kernel * kernel)
        b = self.tensor(f"b{number}", count, fan=200)
        y = self.node("Conv", [x, w, b], count, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)
        return self.relu(y) if relu else y

    def relu(self, x):
        return self.node("Relu", [x], self.channels[x])

    def pool(self, x, kernel, stride, pad=0, ceil=0):
        return self.node("MaxPool", [x], self.channels[x], kernel_shape=[kernel] * 2, strides=[stride] * 2,
                         pads=[pad] * 4, ceil_mode=ceil)

    def dense(self, x, inputs, outputs, relu=True):
        number = len(self.nodes)
        w, b = self.tensor(f"w{number}", outputs, inputs, fan=inputs), self.tensor(f"b{number}", outputs, fan=200)
        y = self.node("Gemm", [x, w, b], outputs, transB=1)
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
    for count, repeats in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(repeats):
            x = g.conv(x, count, 3, pad=1)
        x = g.pool(x, 2, 2)
    x = g.dense(g.dense(g.flatten(x), 25088, 4096), 4096, 4096)
    return g.model(g.dense(x, 4096, 1000, relu=False))


def zfnet():
    """Zeiler & Fergus, figure 3, with the normalisation across maps of their code."""
    g = Graph("zfnet", 224)
    norm = lambda x: g.node("LRN", [x], g.channels[x], size=5, alpha=1e-4, beta=0.75, bias=1.0)
    x = norm(g.pool(g.conv("data", 96, 7, 2, 1), 3, 2, ceil=1))
    x = norm(g.pool(g.conv(x, 256, 5, 2), 3, 2, ceil=1))
    for count in (384, 384, 256):
        x = g.conv(x, count, 3, pad=1)
    x = g.flatten(g.pool(x, 3, 2))
    x = g.dense(g.dense(x, 9216, 4096), 4096, 4096)
    return g.model(g.dense(x, 4096, 1000, relu=False))


def resnet18():
    """Batch normalisation is folded, as every engine does it."""
    g = Graph("resnet18", 224)
    x = g.pool(g.conv("data", 64, 7, 2, 3), 3, 2, 1)
    for count, stride in ((64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)):
        y = g.conv(g.conv(x, count, 3, stride, 1), count, 3, 1, 1, relu=False)
        short = x if stride == 1 and g.channels[x] == count else g.conv(x, count, 1, stride, relu=False)
        x = g.relu(g.node("Add", [y, short], count))
    x = g.flatten(g.node("GlobalAveragePool", [x], g.channels[x]))
    return g.model(g.dense(x, 512, 1000, relu=False))


NETWORKS = {"vgg16": vgg16, "zfnet": zfnet, "resnet18": resnet18}


class Twin(torch.nn.Module):
    """A graph of the above as a PyTorch module."""

    def __init__(self, model):
        super().__init__()
        self.nodes, self.output = list(model.graph.node), model.graph.output[0].name
        for weight in model.graph.initializer:
            self.register_buffer(weight.name, torch.tensor(numpy_helper.to_array(weight)))

    def forward(self, x):
        values = {"data": x}
        for n in self.nodes:
            a = {attribute.name: helper.get_attribute_value(attribute) for attribute in n.attribute}
            v = values[n.input[0]]
            weights = [getattr(self, name) for name in n.input[1:] if hasattr(self, name)]
            values[n.output[0]] = self.apply_node(n, a, v, weights, values)
        return values[self.output]

    @staticmethod
    def apply_node(n, a, v, weights, values):
        match n.op_type:
            case "Conv": return F.conv2d(v, *weights, stride=a["strides"], padding=a["pads"][:2])
            case "Relu": return F.relu(v)
            case "MaxPool":
                return F.max_pool2d(v, a["kernel_shape"], a["strides"], a["pads"][:2], ceil_mode=bool(a["ceil_mode"]))
            case "LRN": return F.local_response_norm(v, a["size"], a["alpha"], a["beta"], a["bias"])
            case "Gemm": return F.linear(v, *weights)
            case "Flatten": return v.flatten(1)
            case "Add": return v + values[n.input[1]]
            case "GlobalAveragePool": return v.mean((2, 3), keepdim=True)
        raise NotImplementedError(n.op_type)
