import CKernels

/// Signals at rectangles of a max pooling's windows that stand for what unpooling makes of them, by the sum.
///
/// Kernels that read one position after another unpool as they read, so that maps of mostly zeros are never written.
public struct PooledCrops: Sendable {
    let values: MapCrops
    let windows: [MapRectangle]
    let switches: Switches
    let geometry: WindowGeometry
    let rectified: Bool

    /// What the signals in these rectangles of windows become, with negative results 0 if `rectified`; all other windows
    /// have zeros.
    ///
    /// The switches are those of the pooling with that geometry, for as many images as there are crops.
    public init(
        _ values: MapCrops, at windows: [MapRectangle], _ switches: Switches, _ geometry: WindowGeometry,
        rectified: Bool
    ) {
        precondition(
            values.channels == switches.channels && values.images == switches.images && windows.count == values.images,
            "crops of \(values.channels) channels of \(values.images) images to unpool with switches of "
                + "\(switches.channels) of \(switches.images)")
        for (image, rectangle) in windows.enumerated() where !rectangle.isEmpty {
            precondition(
                values.area(of: image).contains(rectangle) && rectangle.rows.upperBound <= switches.height
                    && rectangle.columns.upperBound <= switches.width,
                "windows \(rectangle) of \(switches.height)×\(switches.width), in a crop of \(values.area(of: image))")
        }
        (self.values, self.windows, self.switches, self.geometry) = (values, windows, switches, geometry)
        self.rectified = rectified
    }

    /// The rectangles of the map before pooling outside of which there are zeros.
    public var reached: [MapRectangle] {
        windows.map { geometry.inputs(of: $0, height: switches.inputHeight, width: switches.inputWidth) }
    }

    /// The same, unpooled.
    public func unpooled(_ context: KernelContext) -> MapCrops {
        Unpooling.forward(
            values, at: windows, switches, geometry, overlap: .sum, rectified: rectified, context
        ).maps
    }

    /// Those of some of the images, without a copy.
    public func view(images range: Range<Int>) -> PooledCrops {
        PooledCrops(
            values.view(images: range), at: Array(windows[range]), switches.view(images: range), geometry,
            rectified: rectified)
    }

    /// The values that are not zero when they are unpooled, at most.
    var mostNonzero: Int { values.countNonzero(windows, positive: rectified) }

    /// The signal of one image, as kernels read it.
    ///
    /// The pointers are good as long as the crops and the switches live.
    func signal(image: Int) -> sb_pooled {
        let (rectangle, lanes) = (windows[image], BlockedMaps.lanes)
        let position = rectangle.isEmpty ? 0 : rectangle.rows.lowerBound * switches.width + rectangle.columns.lowerBound
        let offset = rectangle.isEmpty ? 0 : values.offset(of: rectangle, image: image)
        // SAFETY: init has checked that the crops hold the rectangle and that these windows have switches; who calls keeps
        // both alive.
        return unsafe switches.withPlane(image: image, block: 0) { plane in
            unsafe sb_pooled(
                values: values.planes.plane(image: image) + offset, switches: plane + position * lanes,
                values_row: values.rowFloats, values_block: values.planes.planeFloats,
                switches_row: switches.width * lanes, switches_block: switches.planes.planeFloats,
                rows: rectangle.rows.count, columns: rectangle.columns.count,
                top: geometry.vertical.start(of: rectangle.rows.lowerBound),
                left: geometry.horizontal.start(of: rectangle.columns.lowerBound), stride_y: geometry.strideY,
                stride_x: geometry.strideX, span_y: geometry.effectiveKernelHeight,
                span_x: geometry.effectiveKernelWidth, width: switches.inputWidth, rectified: rectified)
        }
    }
}

/// What an adjoint reads rectangles of signals from.
public enum SignalCrops: Sendable {
    /// Values at the rectangles' positions.
    case maps(MapCrops)
    /// Values behind a max pooling, whose ``PooledCrops/reached`` are the rectangles.
    case pooled(PooledCrops)

    /// The number of images.
    public var images: Int {
        switch self {
        case .maps(let crops): crops.images
        case .pooled(let crops): crops.values.images
        }
    }

    /// The number of channels.
    public var channels: Int {
        switch self {
        case .maps(let crops): crops.channels
        case .pooled(let crops): crops.values.channels
        }
    }

    var blocks: Int { (channels + BlockedMaps.lanes - 1) / BlockedMaps.lanes }

    /// What is to be unpooled, if so.
    public var pooled: PooledCrops? {
        if case .pooled(let crops) = self { crops } else { nil }
    }

    /// Those of some of the images, without a copy.
    public func view(images range: Range<Int>) -> SignalCrops {
        switch self {
        case .maps(let crops): .maps(crops.view(images: range))
        case .pooled(let crops): .pooled(crops.view(images: range))
        }
    }

    /// Crops with the values at the rectangles' positions.
    public func maps(_ context: KernelContext) -> MapCrops {
        switch self {
        case .maps(let crops): crops
        case .pooled(let crops): crops.unpooled(context)
        }
    }

    /// How many values of the rectangles are not zero, or how many at most.
    func mostNonzero(_ rectangles: [MapRectangle]) -> Int {
        switch self {
        case .maps(let crops): crops.countNonzero(rectangles, positive: false)
        case .pooled(let crops): crops.mostNonzero
        }
    }

    /// Whether kernels find these rectangles in it.
    func holds(_ rectangles: [MapRectangle]) -> Bool {
        switch self {
        case .maps(let crops): zip(rectangles.indices, rectangles).allSatisfy { crops.area(of: $0).contains($1) }
        case .pooled(let crops): crops.reached == rectangles
        }
    }
}
