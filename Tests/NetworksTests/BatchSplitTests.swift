import Concurrency
import Kernels
import Networks
import TestSupport
import Tensors
import Testing

@Suite struct BatchSplitTests {
    @Test(arguments: 1...9, 1...4) func everyImageIsComputedOnceInOrder(_ images: Int, _ threads: Int) {
        for most in 1...4 {
            let split = BatchSplit(images: images, threads: threads, most: most)
            #expect((split.chunks + split.rest).flatMap(Array.init) == Array(0..<images))
            #expect(split.rest.reduce(0) { $0 + $1.count } < threads)
            #expect(split.chunks.count % threads == 0)
            #expect(split.chunks.allSatisfy { !$0.isEmpty && $0.count <= most })
        }
    }

    @Test(arguments: 1...9, 1...4) func imagesAreComputedByAllTogetherIfAsked(_ images: Int, _ threads: Int) {
        for most in 1...4 {
            let split = BatchSplit(images: images, threads: threads, most: most, together: true)
            #expect(split.chunks.isEmpty && split.rest.flatMap(Array.init) == Array(0..<images))
            #expect(split.rest.allSatisfy { !$0.isEmpty && $0.count <= most * threads })
        }
    }

    @Test func theErrorOfTheFirstImageIsThrown() throws {
        let network = try Network(Sample.plain.graph)
        var batch = Sample.plain.graph.picture(images: 7)
        for image in [3, 5] { batch[image, 0, 2, 2] = .nan }
        let pool = ComputePool(threads: 2)
        defer { pool.shutDown() }
        #expect(throws: NetworksError.notFinite(layer: "fc")) {
            try pool.turn(priority: .interactive, token: .never) { team in
                try ForwardPass.run(network, batch, context: KernelContext(team: team))
            }
        }
    }

    @Test(arguments: Sample.allCases, [1, 2, 3]) func theBitsAreThoseOfOneImage(_ sample: Sample, _ threads: Int) throws
    {
        let graph = sample.graph
        let network = try Network(graph)
        let batch = graph.picture(images: 5)
        let layer = network.layers[network.layers.count / 2]
        let lists = (0..<5).map { [$0 % layer.featureMaps] }
        let pool = ComputePool(threads: threads)
        defer { pool.shutDown() }
        let (together, resumed) = try pool.turn(priority: .interactive, token: .never) { team in
            let context = KernelContext(team: team)
            let removal = FeatureMapRemoval(layer: layer, featureMaps: lists)
            let together = try ForwardPass.run(
                network, batch, keeping: .layers([layer.index]), removing: [removal], context: context)
            let whole = try ForwardPass.run(network, batch, keeping: .trace, context: context)
            let resumed = try ForwardPass.resume(
                whole, after: layer, with: together.activation(layer), keeping: .layers([layer.index]), context: context
            )
            return (together, resumed)
        }
        for image in 0..<5 {
            let alone = try ForwardPass.run(
                network, batch.slice(image), keeping: .trace,
                removing: [FeatureMapRemoval(layer: layer, featureMaps: [lists[image]])], context: KernelContext())
            for one in [together.image(image), resumed.image(image)] {
                #expect(one.logits.isIdentical(to: alone.logits))
                #expect(one.activation(layer).isIdentical(to: alone.activation(layer)))
            }
        }
    }
}
