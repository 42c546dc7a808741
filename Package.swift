// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target but the generated one (generated code does not pass strict memory safety).
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "switchback",
    products: [
        .executable(name: "switchback", targets: ["SwitchbackCommand"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Imaging", targets: ["Imaging"]),
        .library(name: "ONNX", targets: ["ONNX"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        .library(name: "HTTPServer", targets: ["HTTPServer"]),
        .library(name: "SQLiteStore", targets: ["Jobs", "SQLJobs", "SQLiteStore"]),
        .library(name: "PostgresStore", targets: ["Jobs", "SQLJobs", "PostgresStore"]),
        .library(
            name: "SwitchbackEngine",
            targets: ["Concurrency", "Explainers", "Kernels", "Models", "Networks", "Tensors"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(
            name: "CKernels"
        ),
        .target(
            name: "CImageCodecs",
            linkerSettings: [.linkedLibrary("turbojpeg"), .linkedLibrary("spng"), .linkedLibrary("webp")]
        ),
        .systemLibrary(
            name: "CFreeType",
            pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]
        ),
        .target(
            name: "CFont",
            exclude: ["LICENSE", "make_font.py"]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]
        ),
        .target(
            name: "COpenSSL",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        .target(
            name: "CLinux"
        ),
        .target(
            name: "Tensors",
            swiftSettings: strict
        ),
        .target(
            name: "Concurrency",
            swiftSettings: strict
        ),
        .target(
            name: "Kernels",
            dependencies: ["Tensors", "Concurrency", "CKernels"],
            swiftSettings: strict
        ),
        .target(
            name: "Networks",
            dependencies: ["Kernels", "Tensors", "Concurrency"],
            swiftSettings: strict
        ),
        .target(
            name: "Imaging",
            dependencies: ["CImageCodecs", "CZlib"],
            swiftSettings: strict
        ),
        .target(
            name: "ONNXSchema",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["generate.sh"]
        ),
        .target(
            name: "ONNX",
            dependencies: [
                "Networks",
                "Kernels",
                "Tensors",
                "ONNXSchema",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Blobs",
            dependencies: ["Concurrency", "COpenSSL"],
            swiftSettings: strict
        ),
        .target(
            name: "Jobs",
            dependencies: ["Concurrency", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .target(
            name: "SQLJobs",
            dependencies: ["Jobs"],
            swiftSettings: strict
        ),
        .target(
            name: "SQLiteStore",
            dependencies: ["SQLJobs", "Jobs", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .systemLibrary(
            name: "CPostgres",
            pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]
        ),
        .target(
            name: "PostgresStore",
            dependencies: ["SQLJobs", "Jobs", "Blobs", "Concurrency", "CPostgres"],
            swiftSettings: strict
        ),
        .target(
            name: "Models",
            dependencies: ["ONNX", "Networks", "Imaging", "Blobs", "Tensors", "Concurrency"],
            swiftSettings: strict
        ),
        .target(
            name: "Explainers",
            dependencies: ["Models", "Networks", "Kernels", "Imaging", "Tensors", "Concurrency"],
            swiftSettings: strict
        ),
        .target(
            name: "Rendering",
            dependencies: ["Explainers", "Imaging", "Tensors", "CFreeType", "CFont"],
            exclude: ["Drawing/make_color_maps.py"],
            swiftSettings: strict
        ),
        .target(
            name: "Switchback",
            dependencies: [
                "Explainers",
                "Rendering",
                "Models",
                "Networks",
                "Kernels",
                "Imaging",
                "Jobs",
                "Blobs",
                "Tensors",
                "Concurrency",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HTTP",
            dependencies: ["CZlib", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict
        ),
        .target(
            name: "HTTPServer",
            dependencies: [
                "HTTP",
                "Concurrency",
                "CLinux",
                "COpenSSL",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "WebService",
            dependencies: [
                "Switchback",
                "Jobs",
                "HTTPServer",
                "HTTP",
                "Blobs",
                "Tensors",
                "Concurrency",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SwitchbackCommand",
            dependencies: [
                "Switchback",
                "Jobs",
                "SQLiteStore",
                "PostgresStore",
                "WebService",
                "HTTPServer",
                "HTTP",
                "Models",
                "Tensors",
                "Concurrency",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Tensors"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "TensorsTests",
            dependencies: ["Tensors", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConcurrencyTests",
            dependencies: ["Concurrency", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "KernelsTests",
            dependencies: ["Kernels", "Tensors", "Concurrency", "CKernels", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NetworksTests",
            dependencies: ["Networks", "Kernels", "Tensors", "Concurrency", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ImagingTests",
            dependencies: ["Imaging", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ONNXTests",
            dependencies: [
                "ONNX",
                "Networks",
                "Kernels",
                "Tensors",
                "Concurrency",
                "ONNXSchema",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BlobsTests",
            dependencies: ["Blobs", "BlobStoreConformance", "Concurrency", "TestSupport"],
            swiftSettings: strict
        ),
        .target(
            name: "Conformance",
            path: "Tests/Conformance",
            swiftSettings: strict
        ),
        .target(
            name: "BlobStoreConformance",
            dependencies: ["Blobs", "Conformance", "Concurrency"],
            path: "Tests/BlobStoreConformance",
            swiftSettings: strict
        ),
        .target(
            name: "JobStoreConformance",
            dependencies: ["Jobs", "Conformance", "Concurrency"],
            path: "Tests/JobStoreConformance",
            swiftSettings: strict
        ),
        .testTarget(
            name: "JobsTests",
            dependencies: [
                "Jobs",
                "JobStoreConformance",
                "Concurrency",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "SQLiteStore",
                "SQLJobs",
                "Jobs",
                "JobStoreConformance",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PostgresStoreTests",
            dependencies: [
                "PostgresStore",
                "SQLJobs",
                "Jobs",
                "Blobs",
                "JobStoreConformance",
                "BlobStoreConformance",
                "Concurrency",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "Models",
                "ONNX",
                "Networks",
                "Kernels",
                "Imaging",
                "Blobs",
                "Tensors",
                "Concurrency",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ExplainersTests",
            dependencies: [
                "Explainers",
                "Models",
                "Blobs",
                "Networks",
                "Kernels",
                "Imaging",
                "Tensors",
                "Concurrency",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RenderingTests",
            dependencies: ["Rendering", "Explainers", "Imaging", "Tensors", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SwitchbackTests",
            dependencies: [
                "Switchback",
                "Explainers",
                "Rendering",
                "Models",
                "Networks",
                "Imaging",
                "Jobs",
                "SQLiteStore",
                "Tensors",
                "Concurrency",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HTTPTests",
            dependencies: ["HTTP", "TestSupport", .product(name: "HTTPTypes", package: "swift-http-types")],
            exclude: ["Requests"],
            swiftSettings: strict
        ),
        .target(
            name: "CTLSPeer",
            path: "Tests/CTLSPeer",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        .target(
            name: "TestClients",
            dependencies: ["CTLSPeer", "HTTPServer"],
            path: "Tests/TestClients",
            swiftSettings: strict
        ),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: [
                "TestClients",
                "HTTPServer",
                "HTTP",
                "Concurrency",
                "CLinux",
                "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebServiceTests",
            dependencies: [
                "WebService",
                "Switchback",
                "Jobs",
                "HTTPServer",
                "HTTP",
                "Models",
                "Tensors",
                "Concurrency",
                "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "SwitchbackCommand",
                "Switchback",
                "WebService",
                "Jobs",
                "PostgresStore",
                "HTTPServer",
                "HTTP",
                "Models",
                "Concurrency",
                "TestClients",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RepositoryTests",
            dependencies: ["TestSupport"],
            exclude: ["exceptions.txt"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
