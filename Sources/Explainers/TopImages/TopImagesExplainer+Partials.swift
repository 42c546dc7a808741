import Models
import Networks

extension TopImagesExplainer: DurableExplainer {
    /// A partial result as bytes: for each map the number of its images, then image, row, column and activation of each.
    public func encoded(_ partial: Partial) -> [UInt8] {
        var writer = PartialWriter()
        for excitations in partial.best {
            writer.write(excitations.count)
            for excitation in excitations {
                writer.write(excitation.image)
                writer.write(excitation.unit.y)
                writer.write(excitation.unit.x)
                writer.write(excitation.activation)
            }
        }
        return writer.bytes
    }

    /// The partial result of `shard` that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        let layer = projector.layer
        var reader = PartialReader(bytes)
        var best: [[Excitation]] = []
        for _ in 0..<layer.featureMaps {
            var excitations: [Excitation] = []
            for _ in 0..<(try reader.integer(in: 0..<[Excitation].mostImages + 1)) {
                let image = try reader.integer(in: shard.items)
                let unit = UnitPosition(
                    y: try reader.integer(in: 0..<layer.height), x: try reader.integer(in: 0..<layer.width))
                excitations.append(Excitation(image: image, unit: unit, activation: try reader.float()))
            }
            best.append(excitations)
        }
        try reader.finish()
        return Partial(shard: shard, best: best)
    }

    /// Images that nobody has looked at.
    public func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial? {
        Partial(shard: shard, best: [])
    }
}
