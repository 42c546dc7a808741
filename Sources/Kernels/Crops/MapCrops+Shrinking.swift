import CKernels

extension MapCrops {
    /// Each rectangle without the rows and columns at its borders in which the crop has the bits of the one image of
    /// `maps`; empty where all of them are the same.
    ///
    /// A comparison ends at the first difference, so that it costs next to nothing where there is one.
    public func changed(_ rectangles: [MapRectangle], from maps: BlockedMaps, _ context: KernelContext)
        -> [MapRectangle]
    {
        precondition(
            maps.images == 1 && maps.channels == channels && rectangles.count == images,
            "crops of \(channels) channels against \(maps.shapeText)")
        return rectangles.enumerated().map { image, rectangle in changed(rectangle, image, maps) }
    }

    private func changed(_ rectangle: MapRectangle, _ image: Int, _ maps: BlockedMaps) -> MapRectangle {
        if rectangle.isEmpty { return .empty }
        var (rows, columns) = (rectangle.rows, rectangle.columns)
        let same = { (rows: Range<Int>, columns: Range<Int>) in
            isSame(MapRectangle(rows: rows, columns: columns), image, maps)
        }
        while !rows.isEmpty && same(rows.lowerBound..<rows.lowerBound + 1, columns) { rows.removeFirst() }
        while !rows.isEmpty && same(rows.upperBound - 1..<rows.upperBound, columns) { rows.removeLast() }
        if rows.isEmpty { return .empty }
        while same(rows, columns.lowerBound..<columns.lowerBound + 1) { columns.removeFirst() }
        while same(rows, columns.upperBound - 1..<columns.upperBound) { columns.removeLast() }
        return MapRectangle(rows: rows, columns: columns)
    }

    private func isSame(_ rectangle: MapRectangle, _ image: Int, _ maps: BlockedMaps) -> Bool {
        precondition(maps.whole.contains(rectangle), "\(rectangle) of maps of \(maps.shapeText)")
        let lanes = BlockedMaps.lanes
        defer { withExtendedLifetime((planes, maps)) {} }
        return (0..<blocks).allSatisfy { block in
            // SAFETY: the rectangle lies within the map, as was checked, and within the crop, as pointer() checks.
            let crop = unsafe pointer(rectangle, image: image, block: block)
            let plane = unsafe maps.planes.plane(block: block)
            return rectangle.rows.allSatisfy { row in
                unsafe sb_same_bits(
                    crop + (row - rectangle.rows.lowerBound) * rowFloats,
                    plane + (row * maps.width + rectangle.columns.lowerBound) * lanes, rectangle.columns.count * lanes)
            }
        }
    }
}

extension Range<Int> {
    fileprivate mutating func removeFirst() { self = lowerBound + 1..<upperBound }
    fileprivate mutating func removeLast() { self = lowerBound..<upperBound - 1 }
}
