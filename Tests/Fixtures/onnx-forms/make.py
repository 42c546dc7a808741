"""Writes small ONNX classifiers, one for every form in which exporters write the same thing, with ONNX Runtime's answers.

    python3 -m pip install numpy onnx==1.18.0 onnxruntime==1.32.0
    python3 make.py                 (into the folder of this file)

NAME.onnx is the model, NAME.input.npy its input as the network takes it ([1, C, H, W]), NAME.output.npy what ONNX
Runtime says to it. `cases.json` lists them: `softmax` tells whether the output is probabilities (else logits). Random
numbers are seeded by the name, so that a new case leaves the others as they are.
"""
import json
import os
import zlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = []
F = TensorProto.FLOAT


class Net:
    """A classifier in the making. Methods that add a node return the name of its output."""

    def __init__(self, name, opset, shape=(1, 3, 11, 9), type=F):
        self.name, self.opset, self.type = name, opset, type
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.nodes, self.weights, self.infos = [], [], []
        self.shape = list(shape)
        self.inputs = [helper.make_tensor_value_info("input", type, self.shape)]

    def node(self, op, inputs, name, domain=None, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name + "_node", domain=domain, **attributes))
        return name

    def add(self, name, value):
        """An initializer of these values, as they are."""
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def random(self, name, *shape, scale=None):
        scale = scale if scale is not None else (2 / max(1, int(np.prod(shape[1:])))) ** .5
        return self.add(name, self.rng.normal(0, scale, shape).astype(np.float32))

    def conv(self, x, name, inputs=3, outputs=4, k=3, **attributes):
        w = self.random(name + ".weight", outputs, inputs // attributes.get("group", 1), k, k)
        return self.node("Conv", [x, w, self.random(name + ".bias", outputs, scale=.3)], name, **attributes)

    def pooled(self, x):
        return self.node("Flatten", [self.node("GlobalAveragePool", [x], "gap")], "flat")

    def model(self, outputs):
        infos = [helper.make_tensor_value_info(o, self.type, None) for o in outputs]
        graph = helper.make_graph(self.nodes, self.name, self.inputs, infos, self.weights)
        ir = {9: 4, 10: 5, 11: 6, 12: 7, 13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10}[self.opset]
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=ir)

    def finish(self, output, softmax=False, twin=None, change=None, nhwc=False, **extra):
        """Writes the case. `twin` is the model to ask instead where ONNX Runtime does not run this one as it is;
        `change` alters the file after the answer was taken."""
        model = self.model([output] + extra.pop("more", []))
        x = self.rng.normal(0, 1, [d if isinstance(d, int) and d > 0 else 1 for d in self.shape]).astype(np.float32)
        asked = twin(model) if twin else model
        session = onnxruntime.InferenceSession(asked.SerializeToString(), providers=["CPUExecutionProvider"])
        y = session.run([output], {"input": x})[0]
        if change:
            change(model)
        onnx.save(model, os.path.join(HERE, self.name + ".onnx"))
        np.save(os.path.join(HERE, self.name + ".input.npy"), np.ascontiguousarray(x.transpose(0, 3, 1, 2) if nhwc else x))
        np.save(os.path.join(HERE, self.name + ".output.npy"), y.reshape(1, -1).astype(np.float32))
        CASES.append(dict(name=self.name, softmax=softmax, **extra))


def clips():
    for opset in (9, 10, 11, 12, 13):
        n = Net(f"clip-opset{opset}", opset)
        x = n.conv("input", "conv")
        if opset < 11:
            x = n.node("Clip", [x], "clip", min=-.5, max=.7)
            x = n.node("Clip", [x], "floor", min=0.0)
        else:
            x = n.node("Clip", [x, n.add("low", np.float32(-.5)), n.add("high", np.float32([.7]))], "clip")
            x = n.node("Clip", [x, n.add("zero", np.float32(0))], "floor")
            x = n.node("Clip", [x, "", n.add("top", np.float32(.6))], "ceiling")
        n.finish(n.pooled(x))


def reshaping():
    for opset in (9, 11, 12, 13, 21):
        n = Net(f"squeeze-opset{opset}", opset)
        x = n.node("GlobalAveragePool", [n.conv("input", "conv")], "gap")
        if opset < 13:
            x = n.node("Squeeze", [x], "squeeze", axes=[2, 3])
        else:
            x = n.node("Squeeze", [x, n.add("axes", np.int64([-2, -1]))], "squeeze")
        n.finish(x)
    n = Net("squeeze-one-axis-at-a-time", 11)
    x = n.node("GlobalAveragePool", [n.conv("input", "conv")], "gap")
    x = n.node("Squeeze", [n.node("Squeeze", [x], "squeeze3", axes=[3])], "squeeze2", axes=[2])
    n.finish(n.node("Softmax", [x], "prob"), softmax=True)
    n = Net("squeeze-everything", 13)
    x = n.node("Squeeze", [n.node("GlobalAveragePool", [n.conv("input", "conv")], "gap")], "squeeze")
    n.finish(n.node("Softmax", [x], "prob", axis=-1), softmax=True)
    for opset in (11, 13, 18, 21):
        for keeps in (0, 1):
            n = Net(f"reducemean-opset{opset}-keepdims{keeps}", opset)
            x = n.conv("input", "conv")
            if opset < 18:
                x = n.node("ReduceMean", [x], "mean", axes=[2, 3] if keeps else [-1, -2], keepdims=keeps)
            else:
                x = n.node("ReduceMean", [x, n.add("axes", np.int64([2, 3]))], "mean", keepdims=keeps)
            n.finish(x if not keeps else n.node("Flatten", [x], "flat", axis=1))
    for name, shape, opset in (("minus-one", [1, -1], 9), ("zero", [0, -1], 13), ("explicit", [1, 4 * 9 * 7], 14)):
        n = Net(f"reshape-{name}", opset)
        x = n.node("Reshape", [n.conv("input", "conv"), n.add("shape", np.int64(shape))], "reshape")
        n.finish(n.node("Gemm", [x, n.random("w", 5, 4 * 9 * 7), n.random("b", 5)], "fc", transB=1))
    for axis in (1, -3):
        n = Net(f"flatten-axis{axis}", 13)
        x = n.node("Flatten", [n.conv("input", "conv")], "flat", axis=axis)
        n.finish(n.node("Gemm", [x, n.random("w", 5, 4 * 9 * 7)], "fc", transB=1))


def shape_arithmetic():
    for opset in (9, 11, 13):
        n = Net(f"shape-arithmetic-opset{opset}", opset, ("batch", 3, 11, 9))
        x = n.conv("input", "conv")
        n.node("Shape", [x], "shape")
        n.node("Gather", ["shape", n.add("index", np.int64(0))], "first", axis=0)
        n.nodes.append(helper.make_node("Constant", [], ["rest"], value=numpy_helper.from_array(np.int64([-1]))))
        if opset < 13:
            n.node("Unsqueeze", ["first"], "batch_list", axes=[0])
        else:
            n.node("Unsqueeze", ["first", n.add("axes", np.int64([0]))], "batch_list")
        n.node("Concat", ["batch_list", "rest"], "target", axis=0)
        x = n.node("Reshape", [x, "target"], "reshape")
        n.finish(n.node("Gemm", [x, n.random("w", 5, 4 * 9 * 7), n.random("b", 5)], "fc", transB=1))
    n = Net("shape-arithmetic-gather", 13)
    table = n.add("table", np.int64([[9, 7, 1], [4, -1, 3]]))
    n.node("Gather", [table, n.add("column", np.int64([-1]))], "row", axis=0)
    n.node("Gather", ["row", n.add("which", np.int64(1))], "one", axis=-1)
    n.node("Concat", [n.add("first", np.int64([1])), "one"], "target", axis=0)
    x = n.node("Reshape", [n.conv("input", "conv"), "target"], "reshape")
    n.finish(n.node("MatMul", [x, n.random("w", 4 * 9 * 7, 5)], "fc"))
    n = Net("shape-arithmetic-slice", 13, ("batch", 3, 11, 9))
    x = n.conv("input", "conv")
    n.node("Shape", [x], "shape")
    n.node("Cast", ["shape"], "shape32", to=TensorProto.INT32)
    n.node("Slice", ["shape32", n.add("one", np.int64([1])), n.add("many", np.int64([2 ** 63 - 1])), n.add("axes", np.int64([0]))], "sizes")
    n.node("ReduceProd", ["sizes"], "features", keepdims=1)
    n.node("Concat", [n.add("minus", np.int32([-1])), "features"], "target32", axis=0)
    n.node("Cast", ["target32"], "target", to=TensorProto.INT64)
    x = n.node("Reshape", [x, "target"], "reshape")
    n.finish(n.node("MatMul", [x, n.random("w", 4 * 9 * 7, 5)], "fc"))


def dropouts():
    for opset in (9, 12, 13):
        n = Net(f"dropout-opset{opset}", opset)
        x = n.conv("input", "conv")
        if opset < 12:
            x = n.node("Dropout", [x], "drop", ratio=.4)
        else:
            x = n.node("Dropout", [x, n.add("ratio", np.float32(.4)), n.add("training", np.bool_(False))], "drop")
        n.finish(n.pooled(n.node("Identity", [x], "same")))


def padding():
    for opset in (9, 11, 13, 18, 21):
        n = Net(f"pad-opset{opset}", opset)
        pads = [0, 0, 2, 1, 0, 0, 0, 3]
        if opset < 11:
            x = n.node("Pad", ["input"], "pad", mode="constant", pads=pads, value=0.0)
        elif opset < 18:
            x = n.node("Pad", ["input", n.add("pads", np.int64(pads)), n.add("value", np.float32(0))], "pad")
        else:
            x = n.node("Pad", ["input", n.add("pads", np.int64([2, 1, 0, 3])), "", n.add("axes", np.int64([2, -1]))], "pad")
        n.finish(n.pooled(n.conv(x, "conv", pads=[1, 0, 0, 1], strides=[2, 2])))
    n = Net("pad-worked-out-by-pytorch", 13)            # F.pad(x, (0, 2, 1, 0)): last axis first, before and behind
    n.node("ConstantOfShape", [n.add("four", np.int64([4]))], "zeros", value=numpy_helper.from_array(np.int64([0])))
    n.node("Concat", [n.add("given", np.int64([0, 2, 1, 0])), "zeros"], "all", axis=0)
    n.node("Reshape", ["all", n.add("pairs", np.int64([-1, 2]))], "as_pairs")
    n.node("Slice", ["as_pairs", n.add("start", np.int64([-1])), n.add("end", np.int64([-2 ** 63 + 1])),
                     n.add("axis", np.int64([0])), n.add("step", np.int64([-1]))], "turned")
    n.node("Reshape", [n.node("Transpose", ["turned"], "before_then_behind", perm=[1, 0]), n.add("line", np.int64([-1]))], "list")
    x = n.node("Pad", ["input", n.node("Cast", ["list"], "pads", to=TensorProto.INT64)], "pad", mode="constant")
    n.finish(n.pooled(n.conv(x, "conv")))
    n = Net("pad-before-same", 13)
    x = n.node("Pad", ["input", n.add("pads", np.int64([0, 0, 1, 1, 0, 0, 1, 1]))], "pad")
    n.finish(n.pooled(n.conv(x, "conv", strides=[2, 2], auto_pad="SAME_UPPER")))
    n = Net("pad-before-max-pool", 13)
    x = n.node("Relu", [n.conv("input", "conv")], "relu")
    x = n.node("Pad", [x, n.add("pads", np.int64([0, 0, 1, 1, 0, 0, 1, 1]))], "pad")
    n.finish(n.pooled(n.node("MaxPool", [x], "pool", kernel_shape=[3, 3], strides=[2, 2])))
    n = Net("pad-with-infinity-before-max-pool", 13)
    x = n.node("Pad", [n.conv("input", "conv"), n.add("pads", np.int64([0, 0, 0, 1, 0, 0, 1, 0])),
                       n.add("value", np.float32(-np.inf))], "pad")
    n.finish(n.pooled(n.node("MaxPool", [x], "pool", kernel_shape=[3, 3], strides=[2, 2])))
    n = Net("pad-before-average-pool", 13)
    x = n.node("Pad", [n.conv("input", "conv"), n.add("pads", np.int64([0, 0, 0, 1, 0, 0, 1, 0]))], "pad")
    n.finish(n.pooled(n.node("AveragePool", [x], "pool", kernel_shape=[3, 3], strides=[2, 2])))


def windows():
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        n = Net(f"auto-pad-{mode.lower()}", 13, (1, 3, 12, 9))
        x = n.conv("input", "conv", k=4, strides=[2, 3], auto_pad=mode)
        x = n.node("MaxPool", [x], "max", kernel_shape=[2, 2], auto_pad=mode)
        n.finish(n.pooled(n.node("AveragePool", [x], "mean", kernel_shape=[2, 1], strides=[2, 1], auto_pad=mode)))
    for op in ("MaxPool", "AveragePool"):
        n = Net(f"{op.lower()}-ceil", 11, (1, 3, 12, 9))
        x = n.node(op, [n.conv("input", "conv")], "pool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
        n.finish(n.pooled(x))
        n = Net(f"{op.lower()}-asymmetric", 11, (1, 3, 12, 9))
        x = n.node(op, [n.conv("input", "conv")], "pool", kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 2, 1])
        n.finish(n.pooled(x))
    n = Net("averagepool-counts-padding", 19)
    x = n.node("AveragePool", [n.conv("input", "conv")], "pool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1,
               dilations=[1, 1])
    n.finish(n.pooled(x))
    n = Net("maxpool-dilated", 12)
    n.finish(n.pooled(n.node("MaxPool", [n.conv("input", "conv")], "pool", kernel_shape=[2, 2], dilations=[2, 3], storage_order=0)))
    n = Net("global-max-pool", 13)
    n.finish(n.node("Flatten", [n.node("GlobalMaxPool", [n.conv("input", "conv")], "gmp")], "flat"))
    n = Net("convolution-groups-and-dilation", 21, (1, 4, 13, 9))
    x = n.conv("input", "grouped", 4, 6, group=2, dilations=[2, 1], pads=[0, 1, 2, 1], strides=[1, 2])
    n.finish(n.pooled(n.conv(x, "depthwise", 6, 6, group=6)))
    n = Net("lrn", 13)
    n.finish(n.pooled(n.node("LRN", [n.conv("input", "conv", outputs=7)], "lrn", size=3, alpha=.5, beta=.6, bias=1.5)))
    n = Net("lrn-defaults", 13)
    n.finish(n.pooled(n.node("LRN", [n.conv("input", "conv", outputs=7)], "lrn", size=5)))


def dense():
    def start(name, opset=13):
        n = Net(name, opset)
        return n, n.node("Flatten", [n.conv("input", "conv", k=5, strides=[3, 3])], "flat")

    n, x = start("gemm-alpha-beta")
    n.finish(n.node("Gemm", [x, n.random("w", 5, 24), n.random("b", 5)], "fc", transB=1, alpha=.5, beta=-2.0))
    n, x = start("gemm-untransposed", 9)
    n.finish(n.node("Gemm", [x, n.random("w", 24, 5), n.random("b", 1, 5)], "fc"))
    n, x = start("gemm-one-bias", 11)
    n.finish(n.node("Gemm", [x, n.random("w", 24, 5), n.add("b", np.float32(.25))], "fc"))
    n, x = start("matmul-add")
    n.finish(n.node("Add", [n.node("MatMul", [x, n.random("w", 24, 5)], "product"), n.random("b", 5)], "fc"))
    n, x = start("matmul-add-constant-first")
    y = n.node("Relu", [n.node("Add", [n.random("b", 1, 6), n.node("MatMul", [x, n.random("w", 24, 6)], "product")], "fc1")], "relu")
    n.finish(n.node("MatMul", [y, n.random("w2", 6, 4)], "fc2"))
    n, x = start("weights-transposed-in-the-graph")
    n.finish(n.node("MatMul", [x, n.node("Transpose", [n.random("w", 5, 24)], "w_t", perm=[1, 0])], "fc"))
    n, x = start("batch-norm-of-features", 15)
    y = n.node("Gemm", [x, n.random("w", 24, 5)], "fc1")
    p = [n.random("scale", 5, scale=1), n.random("shift", 5), n.random("mean", 5), n.add("var", np.float32([1, 2, .5, 3, .1]))]
    n.finish(n.node("Gemm", [n.node("BatchNormalization", [y] + p, "bn"), n.random("w2", 5, 4)], "fc2"))


def normalizations():
    for opset in (9, 14, 15, 21):
        n = Net(f"batch-norm-opset{opset}", opset)
        x = n.conv("input", "conv")
        p = [n.random("scale", 4, scale=1), n.random("shift", 4), n.random("mean", 4), n.add("var", np.float32([1, 2, .5, 3]))]
        more = dict(training_mode=0) if opset >= 14 else {}
        x = n.node("BatchNormalization", [x] + p, "bn", epsilon=.01, momentum=.8, **more)
        n.finish(n.pooled(n.node("Relu", [x], "relu")))
    n = Net("scale-and-shift", 13)
    x = n.node("Sub", ["input", n.random("mean", 1, 3, 1, 1)], "centred")
    x = n.conv(n.node("Div", [x, n.add("std", np.float32(1.7))], "scaled"), "conv")
    x = n.node("Mul", [n.random("gamma", 4, 1, 1), x], "gamma_x")
    x = n.node("Add", [x, n.random("beta", 1, 4, 1, 1)], "beta_x")
    x = n.node("Sub", [n.add("one", np.float32([1])), n.node("Relu", [x], "relu")], "one_minus")
    n.finish(n.pooled(x))
    n = Net("folded-constants", 13)
    n.node("Mul", [n.random("a", 4, 1, 1), n.add("two", np.float32(2))], "doubled")
    n.node("Sub", ["doubled", n.random("b", 4, 1, 1)], "shift")
    n.finish(n.pooled(n.node("Add", [n.conv("input", "conv"), "shift"], "sum")))


def activations():
    simple = [("Relu", 14, {}), ("LeakyRelu", 9, dict(alpha=.3)), ("LeakyRelu", 16, {}), ("Elu", 9, dict(alpha=.7)),
              ("Sigmoid", 13, {}), ("Tanh", 9, {}), ("HardSigmoid", 9, {}), ("HardSigmoid", 13, dict(alpha=.3, beta=.4)),
              ("HardSwish", 14, {}), ("Softplus", 9, {})]
    for op, opset, attributes in simple:
        n = Net(f"{op.lower()}-opset{opset}", opset)
        n.finish(n.pooled(n.node(op, [n.conv("input", "conv")], "act", **attributes)))
    n = Net("prelu-one-slope", 13)
    n.finish(n.pooled(n.node("PRelu", [n.conv("input", "conv"), n.add("slope", np.full((4, 1, 1), .2, np.float32))], "act")))
    for first in (False, True):
        n = Net(f"silu-{'gate' if first else 'value'}-first", 13)
        x = n.conv("input", "conv")
        g = n.node("Sigmoid", [x], "gate")
        n.finish(n.pooled(n.node("Mul", [g, x] if first else [x, g], "silu")))
    n = Net("hard-swish-as-product", 13)
    x = n.conv("input", "conv")
    n.finish(n.pooled(n.node("Mul", [x, n.node("HardSigmoid", [x], "gate", alpha=1 / 6, beta=.5)], "act")))
    for op, opset in (("Softmax", 9), ("Softmax", 11), ("Softmax", 13), ("LogSoftmax", 13)):
        n = Net(f"{op.lower()}-opset{opset}", opset)
        x = n.node(op, [n.pooled(n.conv("input", "conv"))], "out", **(dict(axis=1) if opset == 11 else {}))
        n.finish(x, softmax=op == "Softmax", log=op == "LogSoftmax")
    n = Net("softmax-of-maps", 13)
    n.finish(n.node("Softmax", [n.node("GlobalAveragePool", [n.conv("input", "conv")], "gap")], "out", axis=1), softmax=True)


def channels_last():
    n = Net("nhwc-input", 13, (1, 11, 9, 3))
    x = n.node("Mul", ["input", n.add("scale", np.float32(.5))], "scaled")
    x = n.conv(n.node("Transpose", [x], "nchw", perm=[0, 3, 1, 2]), "conv")
    n.finish(n.pooled(x), nhwc=True)
    n = Net("nhwc-island", 13)
    x = n.node("Transpose", [n.conv("input", "conv")], "to_nhwc", perm=[0, 2, 3, 1])
    x = n.node("Add", [n.node("Relu", [x], "relu"), n.random("bias", 4)], "shifted")
    x = n.node("Concat", [x, n.node("Tanh", [x], "tanh")], "joined", axis=3)
    x = n.node("Transpose", [x], "to_nchw", perm=[0, 3, 1, 2])
    n.finish(n.pooled(n.conv(x, "conv2", 8)))
    n = Net("nhwc-flatten", 13)
    x = n.node("Transpose", [n.conv("input", "conv")], "to_nhwc", perm=[0, 2, 3, 1])
    x = n.node("Relu", [n.node("Reshape", [x, n.add("shape", np.int64([-1, 9 * 7 * 4]))], "flat")], "relu")
    n.finish(n.node("MatMul", [x, n.random("w", 9 * 7 * 4, 5)], "fc"))
    n = Net("nhwc-mean", 13)
    x = n.node("Transpose", [n.conv("input", "conv")], "to_nhwc", perm=[0, 2, 3, 1])
    x = n.node("ReduceMean", [x], "mean", axes=[1, 2], keepdims=0)
    n.finish(n.node("Gemm", [x, n.random("w", 4, 5)], "fc"))


def tensors():
    def typed(number):
        """Moves every weight into the typed field, and makes the whole file of that element type."""
        def change(model):
            for w in model.graph.initializer:
                values = numpy_helper.to_array(w)
                w.CopyFrom(helper.make_tensor(w.name, number, values.shape, values.flatten()))
            retype(model, number)
        return change

    def raw(number):
        def change(model):
            for w in model.graph.initializer:
                values = numpy_helper.to_array(w)
                if number == TensorProto.BFLOAT16:          # numpy has no such type: the upper half of a float
                    data = (np.ascontiguousarray(values).view(np.uint32) >> 16).astype(np.uint16)
                else:
                    data = values.astype(helper.tensor_dtype_to_np_dtype(number))
                w.CopyFrom(helper.make_tensor(w.name, number, values.shape, data.tobytes(), raw=True))
            retype(model, number)
        return change

    def retype(model, number):
        for v in list(model.graph.input) + list(model.graph.output):
            v.type.tensor_type.elem_type = number

    for kind, how in (("raw", raw), ("typed", typed)):
        for number, name in ((F, "float"), (TensorProto.DOUBLE, "double"), (TensorProto.FLOAT16, "float16"), (TensorProto.BFLOAT16, "bfloat16")):
            n = Net(f"weights-{kind}-{name}", 13)
            # Values that every type holds exactly.
            w = n.add("w", (n.rng.integers(-64, 64, (4, 3, 3, 3)) / 64).astype(np.float32))
            n.finish(n.pooled(n.node("Conv", ["input", w, n.add("b", np.float32([.5, -.25, 2, 0]))], "conv")), change=how(number))
    n = Net("constants-as-nodes", 13)
    w = numpy_helper.from_array(n.rng.normal(0, .3, (4, 3, 3, 3)).astype(np.float32))
    n.nodes.append(helper.make_node("Constant", [], ["w"], value=w))
    n.nodes.append(helper.make_node("Constant", [], ["b"], value_floats=[.5, -.25, 2.0, 0.0]))
    x = n.node("Conv", ["input", "w", "b"], "conv")
    n.nodes.append(helper.make_node("Constant", [], ["low"], value_float=-.25))
    n.nodes.append(helper.make_node("Constant", [], ["shape"], value_ints=[1, 4 * 9 * 7]))
    x = n.node("Reshape", [n.node("Clip", [x, "low"], "clip"), "shape"], "flat")
    n.finish(n.node("MatMul", [x, n.random("fc_w", 4 * 9 * 7, 5)], "fc"))

    def also_inputs(model):
        for w in model.graph.initializer:
            model.graph.input.append(helper.make_tensor_value_info(w.name, w.data_type, list(w.dims)))
    n = Net("initializers-also-inputs", 9)
    n.finish(n.pooled(n.conv("input", "conv")), change=also_inputs)

    for name, size in (("parameter", "N"), ("minus-one", -1), ("zero", 0), ("fixed", 4)):
        def batch(model, size=size):
            d = model.graph.input[0].type.tensor_type.shape.dim[0]
            d.Clear()
            if isinstance(size, str):
                d.dim_param = size
            else:
                d.dim_value = size
        n = Net(f"batch-{name}", 13)
        x = n.node("Flatten", [n.conv("input", "conv")], "flat")
        n.finish(n.node("Gemm", [x, n.random("w", 4 * 9 * 7, 5)], "fc"), change=batch)

    def spatial(model):
        for k in (2, 3):
            d = model.graph.input[0].type.tensor_type.shape.dim[k]
            d.Clear()
            d.dim_param = "hw"[k - 2]
    n = Net("open-height-and-width", 13)
    n.finish(n.pooled(n.conv("input", "conv")), change=spatial, size=[11, 9])

    def external(model):
        file = "external.bin"
        with open(os.path.join(HERE, file), "wb") as out:
            for w in model.graph.initializer:
                data = numpy_helper.to_array(w).tobytes()
                offset = (out.tell() + 63) // 64 * 64
                out.write(b"\0" * (offset - out.tell()) + data)
                w.ClearField("raw_data")
                w.data_location = TensorProto.EXTERNAL
                for k, v in (("location", file), ("offset", str(offset)), ("length", str(len(data)))):
                    w.external_data.add(key=k, value=v)
    n = Net("external-data", 13)
    n.finish(n.pooled(n.conv("input", "conv")), change=external)


def graphs():
    def reverse(model):
        nodes = list(model.graph.node)[::-1]
        del model.graph.node[:]
        model.graph.node.extend(nodes)
    n = Net("nodes-out-of-order", 13)
    n.finish(n.pooled(n.node("Relu", [n.conv("input", "conv")], "relu")), change=reverse)

    def nameless(model):
        for node in model.graph.node:
            node.name = ""
    n = Net("nodes-without-names", 13)
    n.finish(n.pooled(n.node("Relu", [n.conv("input", "conv")], "relu")), change=nameless)

    n = Net("several-outputs", 13)
    x = n.pooled(n.conv("input", "conv"))
    n.node("ArgMax", [x], "winner", axis=1)
    n.finish(n.node("Softmax", [x], "prob"), softmax=True, more=["flat"])
    n = Net("residual-sum", 13)
    x = n.conv("input", "conv", pads=[1, 1, 1, 1])
    y = n.conv(n.node("Relu", [x], "relu"), "conv2", 4, pads=[1, 1, 1, 1])
    n.finish(n.pooled(n.node("Sum", [x, y, x], "sum")))
    n = Net("same-value-added-twice", 13)
    x = n.conv("input", "conv")
    n.finish(n.pooled(n.node("Add", [x, x], "twice")))
    n = Net("cast-between-floats", 13)
    x = n.node("Cast", [n.conv("input", "conv")], "double", to=TensorProto.DOUBLE)
    n.finish(n.pooled(n.node("Cast", [x], "float", to=F)))


def main():
    for f in os.listdir(HERE):
        if f.endswith((".onnx", ".npy", ".bin")):
            os.remove(os.path.join(HERE, f))
    for make in (clips, reshaping, shape_arithmetic, dropouts, padding, windows, dense, normalizations, activations,
                 channels_last, tensors, graphs):
        make()
    with open(os.path.join(HERE, "cases.json"), "w") as f:
        json.dump(sorted(CASES, key=lambda c: c["name"]), f, indent=1)
        f.write("\n")
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
