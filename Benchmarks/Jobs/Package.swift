// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "switchback-jobs-benchmark",
    dependencies: [.package(name: "switchback", path: "../..")],
    targets: [
        .executableTarget(
            name: "measure-jobs",
            dependencies: [
                .product(name: "SQLiteStore", package: "switchback"),
                .product(name: "PostgresStore", package: "switchback"),
            ],
            path: "Sources/MeasureJobs",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
