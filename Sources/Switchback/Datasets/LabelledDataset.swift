internal import Blobs
internal import Explainers
internal import Models

/// A set in the words of one model: the labels as its classes, the images as its network takes them.
struct LabelledDataset: LabelledImages {
    private let plain: PlainDataset
    private let right: [[Int]]

    /// Finds the classes of all labels.
    ///
    /// - Throws: `SwitchbackError.outOfRange` for an image without a label, or with one that the model does not have.
    init(_ plain: PlainDataset) throws {
        self.plain = plain
        let (open, model) = (plain.open, plain.model)
        var known: [String: [Int]] = [:]
        right = try open.dataset.images.map { image in
            guard let label = image.label else {
                throw SwitchbackError.outOfRange(
                    option: "dataset", reason: "image '\(image.name)' of data set '\(open.dataset.name)' has no label")
            }
            if let classes = known[label] { return classes }
            let classes = try Self.classes(named: label, of: model, image: image)
            known[label] = classes
            return classes
        }
    }

    var count: Int { right.count }

    func classes(of index: Int) -> [Int] { right[index] }

    func input(_ index: Int) throws -> PreparedInput { try plain.input(index) }

    /// The classes that a label names: `281`; `281 282`, indices with spaces; `tabby|tiger cat`, labels with bars.
    private static func classes(named label: String, of model: Model, image: DatasetImage) throws -> [Int] {
        let words = label.split(separator: " ")
        let areIndices = words.count > 1 && words.allSatisfy { OptionReader.wholeNumber($0) != nil }
        let names = areIndices ? words : label.split(separator: "|", omittingEmptySubsequences: false)
        do {
            return try names.map { try model.classIndex(named: String($0)) }
        } catch {
            throw SwitchbackError.outOfRange(
                option: "dataset", reason: "the label of image '\(image.name)' is no class of '\(model.name)': \(error)"
            )
        }
    }
}
