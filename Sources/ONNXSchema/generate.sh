#!/bin/sh
# Makes Generated/onnx.pb.swift from the schema that Debian ships with libonnx-dev.
#
#     sudo apt-get install protobuf-compiler libonnx-dev
#     Sources/ONNXSchema/generate.sh
#
# The result is committed: swift-protobuf's build plugin would compile protoc itself in every clean build, which takes
# minutes. Run this again only to take up a newer schema or a newer swift-protobuf.
set -eu

schema=/usr/include/onnx/onnx.proto
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The plugin comes from the same release of swift-protobuf that the package is built with.
mkdir -p "$work/Sources/Plugin"
: > "$work/Sources/Plugin/empty.swift"
cat > "$work/Package.swift" <<'MANIFEST'
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "plugin",
    dependencies: [.package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")],
    targets: [
        .target(name: "Plugin", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")])
    ]
)
MANIFEST
swift build --package-path "$work" --product protoc-gen-swift
plugin=$(swift build --package-path "$work" --show-bin-path)/protoc-gen-swift

protoc --plugin="protoc-gen-swift=$plugin" --proto_path="$(dirname "$schema")" \
    --swift_opt=Visibility=Public --swift_opt=UseAccessLevelOnImports=true \
    --swift_out="$here/Generated" "$schema"
