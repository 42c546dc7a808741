import CKernels
import Concurrency

extension Elementwise {
    /// Applies an activation to a rectangle of each image, into other crops or the same.
    public static func activate(
        _ x: MapCrops, _ activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        precondition(x.channels == result.channels && x.images == result.images, "an activation of unlike crops")
        let code = activation.code
        let used = activation.value(0).bitPattern == 0 ? 0 : x.channels % BlockedMaps.lanes
        result.forEachBlock(rectangles, context) { image, block in
            // SAFETY: rows(of:) checks that both crops hold the rectangle, of rows of so many pixels.
            let (source, target, rows, pixels) = unsafe result.rows(of: rectangles[image], x, image, block)
            for row in 0..<rows {
                let (from, to) = unsafe (source + row * x.rowFloats, target + row * result.rowFloats)
                if let bounds = activation.bounds {
                    unsafe sb_clip(from, to, pixels * BlockedMaps.lanes, bounds.low, bounds.high)
                } else {
                    unsafe sb_activate(code.kind, code.a, code.b, from, to, pixels * BlockedMaps.lanes)
                }
                if used > 0 && block == result.blocks - 1 {
                    unsafe sb_set_lanes(to, used, BlockedMaps.lanes, pixels, 0)
                }
            }
        }
        withExtendedLifetime(x) {}
    }

    /// Adds rectangles of two images' crops and applies an activation that only clips, into other crops or one of them.
    public static func add(
        _ a: MapCrops, _ b: MapCrops, activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        precondition(
            a.channels == result.channels && b.channels == result.channels && a.images == result.images
                && b.images == result.images, "an addition of unlike crops")
        let tail = ActivationTail(activation)
        result.forEachBlock(rectangles, context) { image, block in
            // SAFETY: pointer() and rows(of:) check that the crops hold the rectangle.
            let (source, target, rows, pixels) = unsafe result.rows(of: rectangles[image], a, image, block)
            let other = unsafe b.pointer(rectangles[image], image: image, block: block)
            for row in 0..<rows {
                unsafe sb_add(
                    source + row * a.rowFloats, other + row * b.rowFloats, target + row * result.rowFloats,
                    pixels * BlockedMaps.lanes, tail.bounds.low, tail.bounds.high)
            }
        }
        withExtendedLifetime((a, b)) {}
        tail.finish(result, at: rectangles, context)
    }
}

extension ScaleShift {
    /// scale · x + shift and then the activation, in a rectangle of each image.
    public func forward(
        _ x: MapCrops, activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        precondition(
            x.channels == scale.count && result.channels == scale.count && x.images == result.images,
            "crops of \(x.channels) channels for \(scale.count) scales")
        let tail = ActivationTail(activation)
        let padding = [Float](repeating: 0, count: x.blocks * BlockedMaps.lanes - scale.count)
        let (scales, shifts) = (scale + padding, shift + padding)
        result.forEachBlock(rectangles, context) { image, block in
            // SAFETY: there are 16 scales and shifts a block; rows(of:) checks that both crops hold the rectangle.
            let (source, target, rows, pixels) = unsafe result.rows(of: rectangles[image], x, image, block)
            unsafe scales.withUnsafeBufferPointer { scales in
                unsafe shifts.withUnsafeBufferPointer { shifts in
                    guard let scale = scales.baseAddress, let shift = shifts.baseAddress else { return }
                    for row in 0..<rows {
                        unsafe sb_scale_shift(
                            source + row * x.rowFloats, scale + block * BlockedMaps.lanes,
                            shift + block * BlockedMaps.lanes, target + row * result.rowFloats, pixels,
                            tail.bounds.low, tail.bounds.high)
                    }
                }
            }
        }
        withExtendedLifetime(x) {}
        tail.finish(result, at: rectangles, context)
    }
}

extension ActivationTail {
    /// What is left to do in rectangles of crops that a kernel has written.
    func finish(_ crops: MapCrops, at rectangles: [MapRectangle], _ context: KernelContext) {
        if activation.isFused && activation.value(0).bitPattern == 0 { return }
        Elementwise.activate(crops, activation, at: rectangles, into: crops, context)
    }
}

extension MapCrops {
    /// The first position of a rectangle in one block of an image of these crops and of others, its rows, and the pixels
    /// of each.
    func rows(
        of rectangle: MapRectangle, _ x: MapCrops, _ image: Int, _ block: Int
    ) -> (source: UnsafeMutablePointer<Float>, target: UnsafeMutablePointer<Float>, rows: Int, pixels: Int) {
        // SAFETY: pointer() checks that the crops hold the rectangle; who calls keeps them alive.
        unsafe (
            x.pointer(rectangle, image: image, block: block), pointer(rectangle, image: image, block: block),
            rectangle.rows.count, rectangle.columns.count
        )
    }
}
