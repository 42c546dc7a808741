// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "switchback-benchmarks",
    dependencies: [.package(name: "switchback", path: "..")],
    targets: [
        .target(name: "CPeak"),
        .executableTarget(
            name: "switchback-measure",
            dependencies: [
                "CPeak", .product(name: "SwitchbackEngine", package: "switchback"),
                .product(name: "Imaging", package: "switchback"),
            ],
            path: "Sources/Measure",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
