"""A peer from start to first prediction: start.py onnx|captum MODEL.onnx. Started by the row `start`."""
import sys

import numpy as np

image = np.zeros((1, 3, 224, 224), np.float32)
if sys.argv[1] == "onnx":
    import onnxruntime
    session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
    answer = session.run(None, {"data": image})[0]
else:
    import captum.attr
    import onnx
    import torch

    import networks
    answer = networks.Twin(onnx.load(sys.argv[2]))(torch.tensor(image)).numpy()
print(answer.argmax())
