import FuzzDriver
import Tensors

/// The NPY door: no bytes trap or reach outside, and what is read survives writing and reading again.
///
/// A change of the header alone hardly ever fits the length of the data, so where that is all that is wrong the file is
/// tried again with data as long as it must be.
private func check(_ bytes: [UInt8]) {
    guard case .dataLength(let shape, let elementSize, let found) = fault(in: bytes) else { return }
    let needed = shape.reduce(elementSize, *)
    if needed > 1 << 16 { return }
    let kept = bytes.dropLast(max(0, found - needed))
    let repaired = kept + (0..<max(0, needed - found)).map { UInt8(truncatingIfNeeded: $0) }
    precondition(fault(in: Array(repaired)) == nil, "data of \(needed) bytes does not fit \(shape) either")
}

/// Why the file is refused, or nil if it is read, and then comes back the same.
private func fault(in bytes: [UInt8]) -> NPYError? {
    do throws(NPYError) {
        let tensor = try NPY.decode(bytes, maximumElements: 1 << 20)
        let again = try NPY.decode(NPY.encode(tensor), maximumElements: 1 << 20)
        precondition(again.isIdentical(to: tensor), "\(tensor.shape) changed on its way")
        return nil
    } catch {
        precondition(!error.description.isEmpty && error.description.utf8.count < 2000, "an error without fit words")
        return error
    }
}

@main
struct FuzzNPY {
    static func main() {
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
