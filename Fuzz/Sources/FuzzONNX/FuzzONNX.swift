import CFuzzer
import ONNX

/// The ONNX door: no bytes trap, reach outside or take a huge amount of memory.
private func check(_ bytes: [UInt8]) {
    do throws(ONNXError) {
        _ = try ONNXImporter.model(from: bytes)
    } catch {
        precondition(!error.description.isEmpty && error.description.utf8.count < 10_000, "an error without fit words")
    }
}

@main
struct FuzzONNX {
    static func main() {
        var count = CommandLine.argc
        var arguments = unsafe CommandLine.unsafeArgv
        // SAFETY: libFuzzer reads the arguments during the call; the bytes it hands in are copied before they are used.
        let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
            unsafe check(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        }
        precondition(status == 0, "libFuzzer ended with status \(status)")
    }
}
