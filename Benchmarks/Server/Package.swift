// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "switchback-server-benchmark",
    dependencies: [
        .package(name: "switchback", path: "../.."),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(name: "requester", path: "Sources/Requester"),
        .executableTarget(
            name: "http-anchor",
            dependencies: [
                .product(name: "HTTP", package: "switchback"),
                .product(name: "HTTPServer", package: "switchback"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/Anchor",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
