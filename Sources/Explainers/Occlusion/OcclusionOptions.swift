/// How the patch moves and what is watched.
public struct OcclusionOptions: Hashable, Sendable {
    /// The side of the square patch in pixels of the network's input; nil means ⌊min(height, width) / 7⌋, at least 1.
    public var patch: Int?
    /// The distance of neighbouring patches in pixels; nil means ⌊patch / 4⌋, at least 1.
    public var stride: Int?
    /// What the patch is filled with: one number, or one a channel.
    ///
    /// For an image they are pixel values, preprocessed like any pixel; three are red, green and blue, whatever the
    /// network's own order. For an input given as an array they are in the network's units. Nil means 128, or 0 there.
    public var fill: [Float]?
    /// Whether the maps hold probabilities or logits.
    public var of: ClassQuantity
    /// The class watched.
    public var target: Target
    /// The layer whose strongest feature map is watched, by any of its names; nil means the model's default layer.
    public var layer: String?
    /// How that feature map's strongest unit is projected.
    public var projection: DeconvNetOptions

    /// Options, with the defaults of the project.
    public init(
        patch: Int? = nil, stride: Int? = nil, fill: [Float]? = nil, of: ClassQuantity = .probability,
        target: Target = .strongest, layer: String? = nil, projection: DeconvNetOptions = DeconvNetOptions()
    ) {
        self.patch = patch
        self.stride = stride
        self.fill = fill
        self.of = of
        self.target = target
        self.layer = layer
        self.projection = projection
    }
}

extension OcclusionOptions {
    /// The side of the patch on an input of that size.
    package func patch(height: Int, width: Int) -> Int { patch ?? max(1, min(height, width) / 7) }

    /// The distance of neighbouring patches of that side.
    package func stride(patch: Int) -> Int { stride ?? max(1, patch / 4) }
}
