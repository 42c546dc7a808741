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
        switch words.first {
        case "kernels": return #"{"kernels": "\#(context.instructionSet.rawValue)"}"#
        case "logits": return #"{"logits": \#(try forward(input).logits.values)}"#
        case "forward": return seconds(try forward(images: Int(words[1]) ?? 1))
        case "occlusion":
            let options = OcclusionOptions(patch: Int(words[1]), stride: Int(words[2]), fill: [0])
            return try sweep { try OcclusionExplainer(model: model, input: prepared(), options: options) }
        case "check":
            let options = OcclusionOptions(
                patch: Int(words[1]), stride: Int(words[2]), fill: [0], of: .logit, target: .all)
            return try check(options, every: Int(words[3]) ?? 1)
        case "deconv": return try sweep { try deconv(words[1], words[2]) }
        case "ablation":
            return try sweep {
                try AblationExplainer(model: model, input: prepared(), options: AblationOptions(layer: words[1]))
            }
        case "strongest", "units": return try units(words)
        default: throw Failure("no such work: \(words)")
        }
    }

    /// Whether every so many positions of a sweep have the bits of a plain pass over the occluded input.
    private func check(_ options: OcclusionOptions, every step: Int) throws -> String {
        let explainer = try OcclusionExplainer(model: model, input: prepared(), options: options)
        let found = try Sweep.run(explainer, pool: pool, context: context)
        let grid = found.grid
        for position in stride(from: 0, to: grid.count, by: step) {
            let (row, column) = (position / grid.columns, position % grid.columns)
            let patch = grid.rectangle(row: row, column: column)
            var occluded = input.reshaped(to: model.network.inputShape)
            for channel in 0..<model.network.inputShape[0] {
                for y in patch.y0..<patch.y1 { for x in patch.x0..<patch.x1 { occluded[channel, y, x] = 0 } }
            }
            let plain = try forward(occluded).logits
            for index in 0..<model.network.classes
            where plain[0, index].bitPattern != found.occluded[index, row, column].bitPattern {
                throw Failure("position \(row), \(column), class \(index) differs from a plain pass")
            }
        }
        return #"{"checked": \#((grid.count - 1) / step + 1)}"#
    }

    private func prepared() throws -> PreparedInput { try model.prepare(input) }

    private func forward(_ images: Tensor) throws -> ForwardTrace {
        try pool.turn(priority: .interactive, token: .never) { team in
            try ForwardPass.run(model.network, images, context: context.with(team: team))
        }
    }

    private func forward(images: Int) throws -> Double {
        let single = input.reshaped(to: model.network.inputShape)
        let batch = Tensor.stacked(Array(repeating: single, count: images))
        return try time { _ = try forward(batch) }
    }

    private func deconv(_ layer: String, _ maps: String) throws -> DeconvNetExplainer {
        let selection: FeatureMapSelection =
            maps.hasPrefix("top:") ? .top(Int(maps.dropFirst(4)) ?? 1) : .strongest
        return try DeconvNetExplainer(model: model, input: prepared(), layer: layer, featureMaps: selection)
    }

    private func units(_ words: [String]) throws -> String {
        let maps = words[0] == "strongest" ? "strongest" : "top:\(words[2])"
        let explanation = try Sweep.run(deconv(words[1], maps), pool: pool, context: context)
        let units = explanation.projections.map { projection in
            "[\(projection.featureMap), [\(projection.unit?.y ?? 0), \(projection.unit?.x ?? 0)]]"
        }
        guard let first = explanation.projections.first, words[0] == "strongest" else {
            return #"{"units": [\#(units.joined(separator: ", "))]}"#
        }
        return #"{"feature_map": \#(first.featureMap), "unit": [\#(first.unit?.y ?? 0), \#(first.unit?.x ?? 0)]}"#
    }

    private func sweep<Method: Explainer>(_ explainer: () throws -> Method) throws -> String {
        seconds(try time { _ = try Sweep.run(explainer(), pool: pool, context: context) })
    }

    private func time(_ work: () throws -> Void) rethrows -> Double {
        let clock = MonotonicTime()
        let start = clock.now
        try work()
        return (clock.now - start).seconds
    }

    private func seconds(_ value: Double) -> String { #"{"seconds": \#(value)}"# }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
