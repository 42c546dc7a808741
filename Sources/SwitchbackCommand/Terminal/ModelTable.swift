import Switchback

/// A model's layers as a table for people.
struct ModelTable {
    private let model: ModelAnswer

    init(_ model: ModelAnswer) { self.model = model }

    var text: String {
        var table = TextTable(["layer", "kind", "C × H × W", "receptive field", "step"], rightAligned: [2, 3, 4])
        for layer in model.layers {
            let field = layer.receptiveField
            table.rows.append([
                layer.name, layer.kind, layer.shape.map(String.init).joined(separator: " × "),
                "\(field.height) × \(field.width)", "\(field.strideY) × \(field.strideX)",
            ])
        }
        return """
            \(model.identity.name): \(model.summary ?? "no description")
            input \(model.channels) × \(model.height) × \(model.width), \(model.classes) classes\
            \(model.labels == nil ? " without labels" : ""), \(model.takesPictures ? "pictures or NPY" : "NPY only")
            default layer \(model.defaultLayer); licence \(model.license ?? "not stated")
            SHA-256 \(model.identity.sha256)


            """ + table.text
    }
}
