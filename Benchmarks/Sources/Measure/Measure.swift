import CPeak
import Concurrency
import Explainers
import Foundation
import Imaging
import Kernels
import Models
import Networks
import Tensors

/// Does what each line of standard input asks, and answers with one line of JSON: how long it took, by its own clock.
///
///     switchback-measure MODEL.onnx INPUT.npy THREADS
@main
struct Measure {
    let model: Model
    let input: Tensor
    let pool: ComputePool
    let context = KernelContext()

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let threads = Int(arguments[3]) else {
            throw Failure("usage: switchback-measure MODEL.onnx INPUT.npy THREADS")
        }
        let folder = URL(fileURLWithPath: arguments[1]).deletingLastPathComponent()
        let library = try ModelLibrary(directories: [folder.deletingLastPathComponent().path])
        let array = try NPY.decode([UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[2]))))
        let measure = Measure(
            model: try library.model(named: folder.lastPathComponent), input: array, pool: ComputePool(threads: threads)
        )
        while let line = readLine() {
            print(try measure.answer(line.split(separator: " ").map(String.init)))
            fflush(nil)
        }
    }

    private func answer(_ words: [String]) throws -> String {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "kernels": return #"{"kernels": "\#(context.instructionSet.rawValue)"}"#
        case "peak": return peak()
        case "logits": return #"{"logits": \#(try forward(input).logits.values)}"#
        case "cost": return #"{"multiply_adds": \#(try cost(rest))}"#
        case "forward": return try forward(images: Int(rest[0]) ?? 1)
        case "occlusion": return try time(occlusion(rest))
        case "deconv": return try time(deconv(rest[0], rest[1]), passes: rest.last == "kept" ? kept() : FreshPasses())
        case "ablation": return try time(ablation(rest[0], maps: Int(rest[1]) ?? 1))
        case "waiting": return try waiting(rest)
        case "projection": return try projection(rest[0])
        case "check-occlusion": return try checkOcclusion(rest)
        case "check-projections": return try checkProjections(rest[0], count: Int(rest[1]) ?? 1)
        case "check-ablation": return try checkAblation(rest[0], maps: Int(rest[1]) ?? 1, every: Int(rest[2]) ?? 1)
        default: throw Failure("no such work: \(words)")
        }
    }

    func prepared() throws -> PreparedInput { try model.prepare(input) }

    func forward(_ images: Tensor) throws -> ForwardTrace {
        try pool.turn(priority: .interactive, token: .never) { team in
            try ForwardPass.run(model.network, images, context: context.with(team: team))
        }
    }

    func occlusion(_ words: [String], of: ClassQuantity = .probability, target: Target = .strongest) throws
        -> OcclusionExplainer
    {
        let options = OcclusionOptions(patch: Int(words[0]), stride: Int(words[1]), fill: [0], of: of, target: target)
        return try OcclusionExplainer(model: model, input: prepared(), options: options)
    }

    func deconv(_ layer: String, _ maps: String) throws -> DeconvNetExplainer {
        let selection: FeatureMapSelection =
            maps.hasPrefix("top:") ? .top(Int(maps.dropFirst(4)) ?? 1) : .strongest
        return try DeconvNetExplainer(model: model, input: prepared(), layer: layer, featureMaps: selection)
    }

    /// The layer's first maps, each removed by itself.
    func ablation(_ layer: String, maps: Int) throws -> AblationExplainer {
        let options = AblationOptions(layer: layer, removals: .groups((0..<maps).map { [$0] }))
        return try AblationExplainer(model: model, input: prepared(), options: options)
    }

    func run<Method: Explainer>(
        _ explainer: Method, passes: any PassSource = FreshPasses()
    ) throws -> Method.Explanation {
        try Sweep.run(explainer, pool: pool, context: context, passes: passes)
    }
}

extension Measure {
    private func forward(images: Int) throws -> String {
        let single = input.reshaped(to: model.network.inputShape)
        let batch = Tensor.stacked(Array(repeating: single, count: images))
        return seconds(try time { _ = try forward(batch) })
    }

    private func time<Method: Explainer>(
        _ explainer: Method, passes: any PassSource = FreshPasses()
    ) throws -> String {
        seconds(try time { _ = try run(explainer, passes: passes) })
    }

    private func cost(_ words: [String]) throws -> Int {
        words[0] == "forward"
            ? model.network.multiplyAdds : try occlusion(Array(words.dropFirst())).estimate.multiplyAdds
    }

    /// The pass over the input, as one who looks at it again finds it.
    func kept() throws -> KeptPass {
        let trace = try pool.turn(priority: .interactive, token: .never) { team in
            try FreshPasses().whole(model.network, prepared().tensor, context.with(team: team))
        }
        return KeptPass(trace: trace)
    }

    /// The strongest unit's projection, flat.
    private func projection(_ layer: String) throws -> String {
        let values = try run(deconv(layer, "strongest")).projections[0].values.values
        return #"{"values": [\#(values.map(\.description).joined(separator: ", "))]}"#
    }

    /// Multiply-adds a second of all threads together, in billions.
    private func peak() -> String {
        let rounds = 4_000_000
        let done = Guarded(0.0)
        let elapsed =
            (try? pool.turn(priority: .interactive, token: .never) { team in
                time {
                    team.forEach(team.threads) { _ in
                        let made = peak_multiply_adds(rounds)
                        done.withLock { $0 += made }
                    }
                }
            }) ?? .infinity
        return #"{"giga_multiply_adds": \#(done.withLock { $0 } / elapsed * 1e-9)}"#
    }

    private func time(_ work: () throws -> Void) rethrows -> Double {
        let clock = MonotonicTime()
        let start = clock.now
        try work()
        return (clock.now - start).seconds
    }

    private func seconds(_ value: Double) -> String { #"{"seconds": \#(value)}"# }
}

/// A pass computed before.
struct KeptPass: PassSource {
    let trace: ForwardTrace
    var kept: ForwardTrace? { trace }
    func trace(
        _ network: Network, _ input: Tensor, upTo layer: Layer?, from begun: ForwardTrace?, _ context: KernelContext
    ) -> ForwardTrace { trace }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
