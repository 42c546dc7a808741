# The engines that Switchback is compared with, in a Python environment of their own: sourced by the scripts here.
peers=$PWD/Benchmarks/.build-peers

# Makes the environment unless it is there, and adds the packages that are named.
require_peers() {
    if [ ! -x "$peers/bin/python" ]; then
        python3 -m venv "$peers"
        # An unpinned torch brings gigabytes of accelerator libraries; this version resolves to the plain processor build.
        "$peers/bin/pip" install --quiet torch==2.13.0 captum==0.9.0 onnxruntime==1.32.0 onnx==1.18.0 numpy==2.4.6
    fi
    [ $# -eq 0 ] || "$peers/bin/pip" install --quiet "$@"
}
