import Concurrency
import Kernels
import Networks
import Tensors
import Testing

/// A pass is stopped between two layers, wherever it is.
@Suite struct StopTests {
    /// A clock that moves on by a second whenever it is looked at: a deadline on it comes after so many looks.
    private final class CountingTime: TimeSource {
        private let looks = Guarded<UInt64>(0)

        var now: Instant {
            looks.withLock { looks in
                looks += 1
                return Instant(nanoseconds: looks * 1_000_000_000)
            }
        }
    }

    private let graph = Sample.inception.graph

    /// How often `pass` asks whether it is to stop; each time it is told to, it must.
    private func countLooks(_ pass: (KernelContext) throws -> Void) throws -> Int {
        for count in 0..<1000 {
            let time = CountingTime()
            // The deadline has passed at the look after so many.
            let token = CancellationToken(deadline: Instant(nanoseconds: UInt64(count + 1) * 1_000_000_000), time: time)
            do {
                try pass(KernelContext().with(token: token))
                return count
            } catch NetworksError.stopped(let reason) {
                #expect(reason == .deadlineExceeded)
            }
        }
        Issue.record("it asks without end")
        return 0
    }

    @Test func aForwardPassAsksBeforeEachLayer() throws {
        let network = try Network(graph)
        let looks = try countLooks { _ = try ForwardPass.run(network, graph.picture(), context: $0) }
        #expect(looks == network.layers.count)
    }

    @Test func soDoesOneResumed() throws {
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: KernelContext())
        let layer = network.layers[1]
        let looks = try countLooks { context in
            _ = try ForwardPass.resume(trace, removing: [[0]], of: layer, context: context)
        }
        #expect(looks > 1 && looks < network.layers.count)
    }

    @Test func soDoesOneBack() throws {
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: KernelContext())
        let layer = network.defaultLayer
        let seed = BlockedMaps(Tensor(shape: [1, layer.featureMaps, layer.height, layer.width], repeating: 1))
        let looks = try countLooks { context in
            _ = try BackwardPass.project(from: layer, seed: seed, trace: trace, rules: Rectifying(), context: context)
        }
        #expect(looks > 2)
    }

    @Test func soDoesOneBackFromUnits() throws {
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: KernelContext())
        let unit = UnitSeed(featureMap: 0, y: 0, x: 0, value: 1)
        let looks = try countLooks { context in
            _ = try BackwardPass.project(
                from: network.defaultLayer, units: [unit], trace: trace, rules: Rectifying(), context: context)
        }
        #expect(looks > 2)
    }

    @Test func soDoesOneOverChanges() throws {
        let network = try Network(graph)
        let input = graph.picture()
        let trace = try ForwardPass.run(network, input, keeping: .trace, context: KernelContext())
        let pass = IncrementalPass(trace, of: input, context: KernelContext())
        let values = [Float](repeating: 0.5, count: network.inputShape[0])
        let change = InputChange(rectangle: MapRectangle(rows: 2..<6, columns: 2..<6), values: values)
        let looks = try countLooks { _ = try pass.run([change], context: $0) }
        #expect(looks >= network.layers.count)
    }

    @Test func eachThreadAsksForItsOwnImages() throws {
        let network = try Network(graph)
        let token = CancellationToken()
        token.cancel()
        let pool = ComputePool(threads: 2)
        try pool.turn(priority: .interactive, token: .never) { team in
            let context = KernelContext().with(team: team).with(token: token)
            #expect(throws: NetworksError.stopped(.cancelled)) {
                try ForwardPass.run(network, graph.picture(images: 5), context: context)
            }
        }
    }
}
