#!/usr/bin/env python3
"""Writes a model of the size of VGG-16 (Simonyan & Zisserman, arXiv:1409.1556, configuration D) with random weights:
15.5 billion multiply-adds an image, for trials of long computations. Needs the packages onnx and numpy."""

import json
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS = [64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool", 512, 512, 512, "pool", 512, 512, 512, "pool"]


def main(folder):
    random = numpy.random.default_rng(16)
    nodes, weights, value, channels, side = [], [], "data", 3, 224

    def weight(name, shape, fan_in):
        array = (random.standard_normal(shape, dtype=numpy.float32) * numpy.sqrt(2 / fan_in)).astype(numpy.float32)
        weights.append(numpy_helper.from_array(array, name))
        weights.append(numpy_helper.from_array(numpy.zeros(shape[0], numpy.float32), name + "_bias"))
        return [name, name + "_bias"]

    for index, layer in enumerate(LAYERS):
        name = f"{'pool' if layer == 'pool' else 'conv'}{index}"
        if layer == "pool":
            nodes.append(helper.make_node("MaxPool", [value], [name], name, kernel_shape=[2, 2], strides=[2, 2]))
            value, side = name, side // 2
            continue
        inputs = [value] + weight(name + "_weight", (layer, channels, 3, 3), 9 * channels)
        nodes.append(helper.make_node("Conv", inputs, [name], name, kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [name], [name + "_relu"], name + "_relu"))
        value, channels = name + "_relu", layer
    nodes.append(helper.make_node("Flatten", [value], ["flat"], "flat"))
    value, size = "flat", channels * side * side
    for name, count in [("fc6", 4096), ("fc7", 4096), ("fc8", 1000)]:
        inputs = [value] + weight(name + "_weight", (count, size), size)
        nodes.append(helper.make_node("Gemm", inputs, [name], name, transB=1))
        value, size = name, count
        if name != "fc8":
            nodes.append(helper.make_node("Relu", [name], [name + "_relu"], name + "_relu"))
            value = name + "_relu"
    nodes.append(helper.make_node("Softmax", [value], ["prob"], "prob", axis=1))
    graph = helper.make_graph(
        nodes, "vgg16",
        [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 224, 224])],
        [helper.make_tensor_value_info("prob", TensorProto.FLOAT, [1, 1000])], weights)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "model.json").write_text(json.dumps({
        "name": folder.name, "output": "prob",
        "input": {"resize": {"shorter_side": 256}, "crop": [224, 224], "color": "RGB", "scale": 1,
                  "mean": [124, 117, 104], "std": [58, 57, 57]},
    }))


if len(sys.argv) != 2:
    sys.exit("usage: make_vgg16.py FOLDER")
main(sys.argv[1])
