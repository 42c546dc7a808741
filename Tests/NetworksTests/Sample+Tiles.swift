import Kernels
import Networks

extension Sample {
    /// Convolutions of enough channels to be computed in tiles, one of them with filters that are worth sharing: one behind
    /// another, one beside an addition, into a place in a concatenation, and behind a pooling that moves their tiles against
    /// each other.
    static func makeTiled() -> NetworkGraph {
        var g = SampleGraph(seed: 13, channels: 2, height: 9, width: 3)
        let one = g.convRelu("input", "conv1", 176, Window(kernel: 1))
        let two = g.conv(one, "conv2", 176, Window(kernel: 3, pad: 1))
        let sum = g.relu(g.add([two, one], "sum"))
        let pool = g.maxPool(sum, "pool", Window(kernel: 3, stride: 1))
        let three = g.convRelu(pool, "conv3", 112, Window(kernel: 3, pad: 1))
        let mixed = g.concat([g.convRelu(pool, "conv4", 16, Window(kernel: 1)), three], "mixed")
        return g.classify(g.convRelu(mixed, "conv5", 66, Window(kernel: 3, pad: 1)))
    }
}
