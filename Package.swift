// swift-tools-version: 6.2
import PackageDescription

extension [SwiftSetting] {
    /// The settings of every Swift target but the generated one.
    static let strict: [SwiftSetting] = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}

extension Target {
    /// A module in `Sources`.
    static func module(_ name: String, uses: [Dependency] = [], exclude: [String] = []) -> Target {
        .target(name: name, dependencies: uses, exclude: exclude, swiftSettings: .strict)
    }

    /// A program in `Sources`.
    static func program(_ name: String, uses: [Dependency]) -> Target {
        .executableTarget(name: name, dependencies: uses, swiftSettings: .strict)
    }

    /// Tests.
    static func tests(_ name: String, uses: [Dependency], exclude: [String] = []) -> Target {
        .testTarget(name: name, dependencies: uses, exclude: exclude, swiftSettings: .strict)
    }

    /// A module that tests share, in `Tests`.
    static func testLibrary(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Tests/" + name, swiftSettings: .strict)
    }
}

extension Target.Dependency {
    // Products of other packages.
    static var arguments: Target.Dependency { .product(name: "ArgumentParser", package: "swift-argument-parser") }
    static var protobuf: Target.Dependency { .product(name: "SwiftProtobuf", package: "swift-protobuf") }
    static var logging: Target.Dependency { .product(name: "Logging", package: "swift-log") }
    static var metrics: Target.Dependency { .product(name: "CoreMetrics", package: "swift-metrics") }
    static var httpTypes: Target.Dependency { .product(name: "HTTPTypes", package: "swift-http-types") }
    static var yaml: Target.Dependency { .product(name: "Yams", package: "Yams") }
    static var sqlite: Target.Dependency { .product(name: "GRDB", package: "GRDB.swift") }
}

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
    // One target a line: its name and what it uses, as ARCHITECTURE.md's table has it (Tests/RepositoryTests compares).
    targets: [
        // C, and the generated code, which does not pass strict memory safety
        .target(name: "CKernels"),
        .target(
            name: "CImageCodecs",
            linkerSettings: [.linkedLibrary("turbojpeg"), .linkedLibrary("spng"), .linkedLibrary("webp")]),
        .systemLibrary(name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
        .target(name: "CFont", exclude: ["LICENSE", "make_font.py"]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CLinux"),
        .target(name: "ONNXSchema", dependencies: [.protobuf], exclude: ["generate.sh"]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Swift
        .module("Tensors"),
        .module("Concurrency", uses: ["CLinux"]),
        .module("Kernels", uses: ["Tensors", "Concurrency", "CKernels"]),
        .module("Networks", uses: ["Kernels", "Tensors", "Concurrency"]),
        .module("Imaging", uses: ["CImageCodecs", "CZlib"]),
        .module("ONNX", uses: ["Networks", "Kernels", "Tensors", "ONNXSchema", .protobuf]),
        .module("Blobs", uses: ["Concurrency", "COpenSSL"]),
        .module("Jobs", uses: ["Concurrency", .logging]),
        .module("SQLJobs", uses: ["Jobs"]),
        .module("SQLiteStore", uses: ["SQLJobs", "Jobs", .sqlite]),
        .module("PostgresStore", uses: ["SQLJobs", "Jobs", "Blobs", "Concurrency", "CPostgres"]),
        .module("Models", uses: ["ONNX", "Networks", "Imaging", "Blobs", "Tensors", "Concurrency"]),
        .module("Explainers", uses: ["Models", "Networks", "Kernels", "Imaging", "Tensors", "Concurrency"]),
        .module(
            "Rendering",
            uses: [
                "Explainers", "Imaging", "Tensors", "CFreeType", "CFont",
            ],
            exclude: ["Drawing/make_color_maps.py"]),
        .module(
            "Switchback",
            uses: [
                "Explainers", "Rendering", "Models", "Networks", "Kernels", "Imaging", "Jobs", "Blobs", "Tensors",
                "Concurrency",
            ]),
        .module("HTTP", uses: ["CZlib", .httpTypes]),
        .module("HTTPServer", uses: ["HTTP", "Concurrency", "CLinux", "COpenSSL", .httpTypes, .logging]),
        .module(
            "WebService",
            uses: [
                "Switchback", "Jobs", "HTTPServer", "HTTP", "Blobs", "Tensors", "Concurrency", .httpTypes, .logging,
                .metrics,
            ]),
        .program(
            "SwitchbackCommand",
            uses: [
                "Switchback", "Jobs", "SQLiteStore", "PostgresStore", "WebService", "HTTPServer", "HTTP", "Models",
                "Tensors", "Concurrency", .arguments, .logging, .yaml,
            ]),

        // Tests, and what they share
        .testLibrary("TestSupport", uses: ["Tensors"]),
        .testLibrary("TestLogs", uses: [.logging]),
        .tests("TensorsTests", uses: ["Tensors", "TestSupport"]),
        .tests("ConcurrencyTests", uses: ["Concurrency", "TestSupport"]),
        .tests("KernelsTests", uses: ["Kernels", "Tensors", "Concurrency", "CKernels", "TestSupport"]),
        .tests("NetworksTests", uses: ["Networks", "Kernels", "Tensors", "Concurrency", "TestSupport"]),
        .tests("ImagingTests", uses: ["Imaging", "TestSupport"]),
        .tests(
            "ONNXTests",
            uses: [
                "ONNX", "Networks", "Kernels", "Tensors", "Concurrency", "ONNXSchema", "TestSupport", .protobuf,
            ]),
        .tests("BlobsTests", uses: ["Blobs", "BlobStoreConformance", "Concurrency", "TestSupport"]),
        .testLibrary("Conformance"),
        .testLibrary("BlobStoreConformance", uses: ["Blobs", "Conformance", "Concurrency"]),
        .testLibrary("JobStoreConformance", uses: ["Jobs", "Conformance", "Concurrency"]),
        .tests("JobsTests", uses: ["Jobs", "JobStoreConformance", "Concurrency", "TestLogs", .logging]),
        .tests("SQLiteStoreTests", uses: ["SQLiteStore", "SQLJobs", "Jobs", "JobStoreConformance", .sqlite]),
        .tests(
            "PostgresStoreTests",
            uses: [
                "PostgresStore", "SQLJobs", "Jobs", "Blobs", "JobStoreConformance", "BlobStoreConformance",
                "Concurrency", .logging,
            ]),
        .tests(
            "ModelsTests",
            uses: [
                "Models", "ONNX", "Networks", "Kernels", "Imaging", "Blobs", "Tensors", "Concurrency", "TestSupport",
            ]),
        .tests(
            "ExplainersTests",
            uses: [
                "Explainers", "Models", "Blobs", "Networks", "Kernels", "Imaging", "Tensors", "Concurrency",
                "TestSupport",
            ]),
        .tests("RenderingTests", uses: ["Rendering", "Explainers", "Imaging", "Tensors", "TestSupport"]),
        .tests(
            "SwitchbackTests",
            uses: [
                "Switchback", "Blobs", "Explainers", "Rendering", "Models", "Networks", "Imaging", "Jobs",
                "SQLiteStore", "Tensors", "Concurrency", "TestSupport", .logging,
            ]),
        .tests("HTTPTests", uses: ["HTTP", "TestSupport", .httpTypes], exclude: ["Requests"]),
        .target(
            name: "CTLSPeer", path: "Tests/CTLSPeer", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .testLibrary("TestClients", uses: ["CTLSPeer", "HTTPServer"]),
        .tests(
            "HTTPServerTests",
            uses: [
                "TestClients", "HTTPServer", "HTTP", "Concurrency", "CLinux", "TestLogs", "TestSupport", .httpTypes,
                .logging,
            ]),
        .tests(
            "WebServiceTests",
            uses: [
                "WebService", "Switchback", "Blobs", "Jobs", "HTTPServer", "HTTP", "Models", "Tensors", "Concurrency",
                "TestLogs", "TestSupport", .httpTypes, .logging, .yaml, .metrics,
            ]),
        .tests(
            "CommandTests",
            uses: [
                "SwitchbackCommand", "Switchback", "WebService", "Jobs", "PostgresStore", "HTTPServer", "HTTP",
                "Models", "Concurrency", "TestClients", "TestSupport", .arguments, .logging,
            ]),
        .tests("RepositoryTests", uses: ["TestSupport"], exclude: ["exceptions.txt"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
