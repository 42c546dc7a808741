extension Preprocessing {
    static let members = ["resize", "crop", "color", "scale", "mean", "std"]

    /// Reads the member `input` of a `model.json`.
    ///
    /// `color` must be there. Without `scale`, `mean` or `std` pixels are not scaled, moved or divided.
    init(_ json: JSONMembers) throws(ModelsError) {
        guard let name = try json.string("color"), let color = Color(rawValue: name) else {
            throw json.invalid("color", expected: Color.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let channels = color == .gray ? 1 : 3
        let resize = try Self.resize(json)
        let crop = try json.pixelSize("crop")
        if case .shorterSide = resize, crop == nil {
            throw json.invalid("crop", expected: "[height, width], since shorter_side leaves the longer side open")
        }
        guard Self.fits(crop, resize) else {
            throw json.invalid("crop", expected: "a part of what the resize makes")
        }
        let scale = try json.number("scale") ?? 1
        guard scale != 0 else { throw json.invalid("scale", expected: "a number other than 0") }
        let deviations = try json.numbers("std", count: channels)
        guard deviations?.contains(0) != true else { throw json.invalid("std", expected: "numbers other than 0") }
        self.init(
            resize: resize, crop: crop, color: color, scale: scale,
            mean: try json.numbers("mean", count: channels) ?? [Float](repeating: 0, count: channels),
            standardDeviation: deviations ?? [Float](repeating: 1, count: channels))
    }

    private static func resize(_ json: JSONMembers) throws(ModelsError) -> Resize? {
        guard let resize = try json.object("resize", known: ["shorter_side", "exact"]) else { return nil }
        switch (try resize.size("shorter_side"), try resize.pixelSize("exact")) {
        case (let side?, nil): return .shorterSide(side)
        case (nil, let size?): return .exact(size)
        default: throw json.invalid("resize", expected: "either shorter_side or exact")
        }
    }
}
