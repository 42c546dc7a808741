import Kernels
import ONNXSchema

/// What a value name of the file stands for while its graph is imported.
enum GraphValue {
    /// Known at import. Weights of the file stay encoded until somebody reads them.
    case constant(Constant)
    case stored(Onnx_TensorProto)
    /// Computed by the network.
    case maps(MapsValue)
}

/// An activation: a value of the network graph, and how the file sees it.
///
/// The network holds one image as `[C, H, W]` or `[F]`. The file sees those axes and the batch's in some order, axes of
/// size 1 possibly left out: `axes` holds, for each axis of the file, 0 for the batch, 1 for channels or features, 2 for
/// rows, 3 for columns. A Transpose changes only that, so that an island of NHWC between two of them costs nothing.
struct MapsValue {
    /// The value's name in the network graph.
    var name: String
    /// The sizes for one image, `[C, H, W]` or `[F]`.
    let sizes: [Int]
    var axes: [Int]
    /// The size of the batch axis, `nil` where the file leaves it open.
    let batch: Int?
    /// Zeros (or another value) that a Pad has put around the maps and that the next window has to take over.
    var padding: PendingPadding?
    /// Set on the output of a Sigmoid or HardSigmoid: multiplied by its input it makes a SiLU or HardSwish.
    var gate: Gate?
    /// Whether no value can be below zero.
    var isNonnegative = false
    /// Set on features flattened from maps that the file held in another order.
    var order: FeatureOrder?

    init(name: String, sizes: [Int], axes: [Int]? = nil, batch: Int?) {
        self.name = name
        self.sizes = sizes
        self.axes = axes ?? Array(0...sizes.count)
        self.batch = batch
    }

    struct Gate {
        let activation: Activation
        let input: String
    }

    /// The shape that the file's shape arithmetic sees; an open batch counts as 1.
    var fileShape: [Int] { axes.map { $0 == 0 ? batch ?? 1 : sizes[$0 - 1] } }

    /// Whether the file's axes are the network's: N, C, H, W or N, F.
    var isPlain: Bool { axes == Array(0...sizes.count) && order == nil }

    /// The values of one image.
    var count: Int { sizes.reduce(1, *) }

    /// The axis of the network that an axis of the file stands for, counted from the end where negative.
    func axis(_ fileAxis: Int) -> Int? {
        let index = fileAxis < 0 ? fileAxis + axes.count : fileAxis
        return axes.indices.contains(index) ? axes[index] : nil
    }
}

/// Padding a Pad node has announced.
struct PendingPadding: Equatable {
    var top = 0
    var left = 0
    var bottom = 0
    var right = 0
    let value: Float
}

/// The order in which a file flattened maps: it saw the axes of `[C, H, W]` in the order `axes` (1, 2, 3 permuted).
struct FeatureOrder: Equatable {
    let sizes: [Int]
    let axes: [Int]

    /// For each feature in the network's order, its place in the file's.
    var positions: [Int] {
        var strides = [0, 0, 0]
        var stride = 1
        for axis in axes.reversed() {
            strides[axis - 1] = stride
            stride *= sizes[axis - 1]
        }
        var positions: [Int] = []
        positions.reserveCapacity(stride)
        for channel in 0..<sizes[0] {
            for y in 0..<sizes[1] {
                for x in 0..<sizes[2] {
                    positions.append(channel * strides[0] + y * strides[1] + x * strides[2])
                }
            }
        }
        return positions
    }
}
