internal import Kernels
internal import Tensors

/// The channels of several values one after the other.
///
/// A pass lets its inputs write into views of one map where their channels fill whole blocks; `forward` is for the rest.
struct ConcatLayer: CropOperation {
    let kind = LayerKind.concat
    let shape: Shape
    let writesIntoViews = true
    /// The channels of each input.
    let channels: [Int]

    /// All inputs have one height and width.
    init(_ site: LayerSite) throws(NetworksError) {
        let first = site.input
        var sum = 0
        for other in site.inputs {
            guard other.rank == first.rank, other.dimensions.dropFirst() == first.dimensions.dropFirst() else {
                throw site.mismatch(expected: "inputs of one height and width", actual: "\(first) and \(other)")
            }
            sum += other[0]
        }
        channels = site.inputs.map { $0[0] }
        shape = try site.shape([sum] + first.dimensions.dropFirst())
    }

    /// Whether each input fills whole blocks of channels, but for the last.
    var isAligned: Bool { Concatenation.isAligned(channels) }

    /// The channels that each input becomes.
    var ranges: [Range<Int>] {
        var start = 0
        return channels.map { count in
            defer { start += count }
            return start..<start + count
        }
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        let joined = Concatenation.forward(inputs, context)
        guard let destination else { return joined }
        Elementwise.copy(joined, into: destination, context)
        return destination
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        for (part, range) in zip(inputs, ranges) {
            Concatenation.place(part, at: range.lowerBound, of: result, in: rectangles, context)
        }
        result.clearUnusedLanes(at: rectangles)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        Concatenation.split(signal, channels: channels, context)
    }
}
