import CFuzzer
import Tensors

/// The NPY door: no bytes trap or reach outside, and what is read survives writing and reading again.
private func check(_ bytes: [UInt8]) {
    do throws(NPYError) {
        let tensor = try NPY.decode(bytes, maximumElements: 1 << 20)
        let again = try NPY.decode(NPY.encode(tensor), maximumElements: 1 << 20)
        precondition(again.isIdentical(to: tensor), "\(tensor.shape) changed on its way")
    } catch {
        precondition(!error.description.isEmpty && error.description.utf8.count < 2000, "an error without fit words")
    }
}

@main
struct FuzzNPY {
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
