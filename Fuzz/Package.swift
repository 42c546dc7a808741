// swift-tools-version: 6.2
import PackageDescription

/// The settings of the main package.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// One door to the outside: an executable that libFuzzer drives.
func door(_ name: String, _ modules: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["CFuzzer"] + modules.map { .product(name: $0, package: "switchback") },
        swiftSettings: strict
    )
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "switchback", path: "..")],
    targets: [
        .target(name: "CFuzzer"),
        door("FuzzNPY", "Tensors"),
        door("FuzzImage", "Imaging"),
        door("FuzzONNX", "ONNX"),
        door("FuzzRequests", "HTTP"),
    ],
    swiftLanguageModes: [.v6]
)
