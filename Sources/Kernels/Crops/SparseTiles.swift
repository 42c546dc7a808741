import CKernels

// SAFETY: of the parameters only numbers are read here; no pointer is followed.

extension sb_patch {
    var pixels: Int { rows * columns }

    /// One patch of each of some convolutions, which read the same positions, in tiles of at most so many pixels each, of
    /// which those of one place read the same positions again: what any of them reads.
    static func tiles(
        _ patches: [sb_patch], most: Int, _ parameters: [sb_sparse_convolution]
    ) -> [[sb_patch]] {
        let (rows, columns) = (patches.map(\.rows).max() ?? 0, patches.map(\.columns).max() ?? 0)
        if rows * columns <= most { return [patches] }
        let width = min(columns, most, 32)
        // As many bands as it takes, of nearly the same height.
        let height = max(1, most / width)
        let bands = (rows + height - 1) / height
        return (0..<bands).flatMap { band in
            stride(from: 0, to: columns, by: width).map { column in
                unsafe tile(
                    of: patches, rows: rows * band / bands..<rows * (band + 1) / bands,
                    columns: column..<min(columns, column + width), parameters)
            }
        }
    }

    /// The outputs in these rows and columns of each patch, where it has them.
    private static func tile(
        of patches: [sb_patch], rows: Range<Int>, columns: Range<Int>, _ parameters: [sb_sparse_convolution]
    ) -> [sb_patch] {
        let wanted = patches.map {
            MapRectangle(rows: rows.clamped(to: 0..<$0.rows), columns: columns.clamped(to: 0..<$0.columns))
        }
        let reads = patches.indices.reduce(MapRectangle.empty) { reads, index in
            unsafe reads.union(patches[index].reads(wanted[index], parameters[index]))
        }
        return unsafe zip(parameters, zip(patches, wanted)).map { parameters, part in
            unsafe part.0.tile(part.1, reading: reads, parameters)
        }
    }

    /// The positions of the source that some outputs read.
    private func reads(_ outputs: MapRectangle, _ parameters: sb_sparse_convolution) -> MapRectangle {
        let taps = unsafe (rows: parameters.kernel_rows, columns: parameters.kernel_columns)
        if outputs.isEmpty || taps.rows == 0 || taps.columns == 0 { return .empty }
        let (tapRows, tapColumns) = unsafe (
            (taps.rows - 1) * parameters.tap_row, (taps.columns - 1) * parameters.tap_column
        )
        return MapRectangle(
            rows: (top + outputs.rows.lowerBound..<top + outputs.rows.upperBound + tapRows)
                .clamped(to: 0..<source_rows),
            columns: (left + outputs.columns.lowerBound..<left + outputs.columns.upperBound + tapColumns)
                .clamped(to: 0..<source_columns))
    }

    private func tile(
        _ outputs: MapRectangle, reading reads: MapRectangle, _ parameters: sb_sparse_convolution
    ) -> sb_patch {
        let (sourceRow, rowStep, columnStep) = unsafe (
            parameters.source_row, parameters.destination_row, parameters.destination_column
        )
        let (row, column) = (outputs.rows.lowerBound, outputs.columns.lowerBound)
        return sb_patch(
            source: source + reads.rows.lowerBound * sourceRow + reads.columns.lowerBound * BlockedMaps.lanes,
            source_rows: reads.rows.count, source_columns: reads.columns.count,
            destination: destination + row * rowStep + column * columnStep, rows: outputs.rows.count,
            columns: outputs.columns.count, top: top + row - reads.rows.lowerBound,
            left: left + column - reads.columns.lowerBound, pooled: pooled,
            map_row: map_row + reads.rows.lowerBound, map_column: map_column + reads.columns.lowerBound)
    }
}
