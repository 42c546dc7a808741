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
func door(_ name: String, _ module: String, _ others: Target.Dependency...) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzDriver", .product(name: module, package: "switchback")] + others,
        swiftSettings: strict
    )
}

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(name: "switchback", path: ".."),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CFuzzer"], swiftSettings: strict),
        .target(name: "FuzzRecipes", swiftSettings: strict),
        door("FuzzNPY", "Tensors"),
        door("FuzzImage", "Imaging"),
        door("FuzzONNX", "ONNX", .product(name: "SwitchbackEngine", package: "switchback")),
        door("FuzzRequests", "HTTP", "FuzzRecipes", .product(name: "HTTPTypes", package: "swift-http-types")),
        door("FuzzMultipart", "HTTP", "FuzzRecipes", .product(name: "HTTPTypes", package: "swift-http-types")),
        door("FuzzConnection", "HTTP", "FuzzRecipes", .product(name: "HTTPTypes", package: "swift-http-types")),
    ],
    swiftLanguageModes: [.v6]
)
