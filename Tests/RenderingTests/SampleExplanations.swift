import Explainers
import Imaging
import Tensors

/// Small explanations made by hand, of an input of 30 × 40 pixels.
enum Sample {
    static let height = 30
    static let width = 40

    /// A photo with edges, a gradient and a bright corner.
    static let frame: Image = {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let ground = UInt8(x * 4 + (y / 6 % 2) * 60)
                pixels += [ground, UInt8(y * 8), x > 30 && y < 8 ? 255 : 40]
            }
        }
        return Image(width: width, height: height, pixels: pixels)
    }()

    static let input = Tensor(shape: [3, height, width])

    static func prediction(_ index: Int, _ probability: Float, label: String? = nil) -> Prediction {
        Prediction(classIndex: index, label: label ?? "class name \(index)", probability: probability, logit: 3)
    }

    static func tensor(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> Tensor {
        Tensor(shape: [rows, columns], values: (0..<rows * columns).map { value($0 / columns, $0 % columns) })
    }

    static func projection(featureMap: Int = 7, field: PixelRectangle? = nil) -> Projection {
        let field = field ?? PixelRectangle(y0: 5, x0: 10, y1: 15, x1: 25)
        var values = Tensor(shape: [3, height, width])
        for y in field.y0..<field.y1 {
            for x in field.x0..<field.x1 { values[(y + x) % 3, y, x] = Float((y * 7 + x * 3) % 21 - 10) / 5 }
        }
        values[0, field.y0, field.x0] = 2
        values[1, field.y0, field.x0] = -2
        return Projection(
            featureMap: featureMap, unit: UnitPosition(y: 1, x: 2), activation: 12.5, receptiveField: field, scale: 2,
            values: values)
    }

    static func deconv(_ count: Int = 1) -> DeconvNetExplanation {
        DeconvNetExplanation(
            layer: "fire9", options: DeconvNetOptions(),
            projections: (0..<count).map { index in
                let field = PixelRectangle(y0: index, x0: 0, y1: min(height, index + 12), x1: 20 + index)
                return projection(featureMap: index, field: index == 0 ? nil : field)
            })
    }

    static func occlusion(
        classes: Int = 3, of quantity: ClassQuantity = .probability, refusal: String? = nil,
        delta: ((Int, Int) -> Float)? = nil
    ) throws -> OcclusionExplanation {
        let grid = try OcclusionGrid(height: height, width: width, patch: 8, stride: 4)
        let delta = tensor(grid.rows, grid.columns, delta ?? { Float($0 - 3) / 20 + Float($1) / 40 })
        let top = (0..<grid.count).map { Int32($0 * $0 % classes) }
        return OcclusionExplanation(
            grid: grid, fill: OcclusionFill(units: .pixel, values: [128], networkValues: [0, 0, 0]), of: quantity,
            target: prediction(0, 0.625), coversAllClasses: false, delta: delta,
            occluded: tensor(grid.rows, grid.columns) { 0.625 - delta[$0, $1] },
            topClass: IndexTensor(shape: [grid.rows, grid.columns], values: top),
            classes: Set(top).sorted().map { ClassName(classIndex: Int($0), label: "class name \($0)") },
            logits: Tensor(shape: [classes]), probabilities: Tensor(shape: [classes]),
            activity: OcclusionActivity(
                layer: "fire9", featureMap: 426, unoccluded: 321, map: delta,
                projection: refusal == nil ? projection() : nil, refusal: refusal))
    }

    static func ablation(_ count: Int) -> AblationExplanation {
        func ablation(_ index: Int, _ delta: Float) -> Ablation {
            Ablation(
                featureMaps: [index], deltaLogit: delta, deltaProbability: delta, topClass: index % 2,
                topLabel: "class name \(index % 2)", flipped: index % 2 == 1)
        }
        let deltas = (0..<count).map { Float($0 * 37 % 50) / 100 - 0.1 }
        let ablations = deltas.enumerated().map { ablation($0, $1) }
        return AblationExplanation(
            layer: "fire9", target: prediction(0, 0.625), coversAllClasses: false,
            ranked: ablations.sorted { $0.deltaProbability > $1.deltaProbability }, layerRemoved: ablation(1, 0.6),
            ablations: ablations, logits: Tensor(shape: [count, 2]),
            deltaLogit: Tensor(shape: [count], values: deltas),
            deltaProbability: Tensor(shape: [count], values: deltas),
            unablatedLogits: Tensor(shape: [2]), unablatedProbabilities: Tensor(shape: [2]))
    }
}
