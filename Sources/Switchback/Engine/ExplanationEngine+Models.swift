internal import Blobs
internal import Models
internal import Networks
internal import Tensors

extension ExplanationEngine {
    /// The names of the models there are, sorted.
    public var modelNames: [String] { library.names }

    /// The name of the model that is explained unless told.
    public var defaultModelName: String { library.defaultName }

    /// The model called `name`, loaded if it was not; the default one where `name` is nil.
    ///
    /// - Throws: `SwitchbackError.noModel`, or `brokenModel` with what is wrong in its folder.
    public func model(named name: String?) throws -> ModelAnswer {
        do {
            return ModelAnswer(try library.model(named: name))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}

extension ModelAnswer {
    init(_ model: Model) {
        let network = model.network
        identity = ModelIdentity(name: model.name, sha256: model.digest.hex)
        summary = model.description
        license = model.license
        classes = network.classes
        labels = model.labels
        channels = network.inputShape[0]
        height = network.inputShape[1]
        width = network.inputShape[2]
        takesPictures = model.preprocessing != nil
        defaultLayer = network.defaultLayer.name
        layers = network.layers.map(LayerAnswer.init)
    }
}

extension ModelAnswer.LayerAnswer {
    init(_ layer: Layer) {
        name = layer.name
        kind = layer.kind.rawValue
        values = layer.values + layer.nodes.filter { !layer.values.contains($0) }
        shape = [layer.featureMaps, layer.height, layer.width]
        let field = layer.receptiveField
        receptiveField = ModelAnswer.ReceptiveFieldAnswer(
            height: field.height, width: field.width, strideY: field.strideY, strideX: field.strideX)
    }
}
