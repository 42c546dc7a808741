import ONNX
import TestSupport
import Testing

/// Files that were cut off or changed on the way.
@Suite struct DamagedFileTests {
    /// Cut off anywhere and with bytes changed anywhere, a file is taken or refused, and the process lives on.
    @Test(arguments: ["relu-opset14", "nhwc-flatten", "shape-arithmetic-slice", "pad-opset18", "weights-typed-float16"])
    func survivesDamagedFiles(_ name: String) throws {
        let bytes = try Fixtures.bytes("onnx-forms/\(name).onnx")
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
            _ = try? ONNXImporter.model(from: Array(bytes[..<length]))
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? ONNXImporter.model(from: damaged)
        }
    }
}
