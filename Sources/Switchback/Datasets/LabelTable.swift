/// Labels of images by their names, read from a CSV file.
///
/// The first line names the columns. The image's path stands in the first of `path`, `file`, `filename`, `image` and
/// `name` that there is, its label in the first of `label`, `labels`, `class`, `class_id` and `class_ids`; upper and lower
/// case are one. Other columns are left alone. A line without a label is an image without one. Paths are relative and lead
/// nowhere but into the folder or archive.
struct LabelTable: Equatable, Sendable {
    /// The name of the table in a folder or archive.
    static let fileName = "labels.csv"

    static let pathColumns = ["path", "file", "filename", "image", "name"]
    static let labelColumns = ["label", "labels", "class", "class_id", "class_ids"]

    /// The images in the order of the table, with their labels.
    private(set) var labels: [(name: String, label: String?)] = []

    /// Reads the bytes of a table; `place` names it in messages.
    ///
    /// - Throws: `SwitchbackError.badDataset` with the line at fault, and for more bytes or images than `limits` allow.
    init(_ bytes: [UInt8], at place: String, limits: DatasetLimits = DatasetLimits()) throws(SwitchbackError) {
        guard bytes.count <= limits.maximumTableBytes else {
            throw .badDataset(
                .tooLarge,
                reason: "\(place) has \(bytes.count) bytes; at most \(limits.maximumTableBytes) are allowed")
        }
        // The heading is a row too.
        let most = min(limits.maximumImages, .max - 1) + 1
        var rows = try CommaSeparatedValues.rows(of: bytes, at: place, maximumRows: most)[...]
        let header = rows.popFirst()?.fields.map { $0.lowercased() } ?? []
        guard let path = Self.pathColumns.lazy.compactMap({ header.firstIndex(of: $0) }).first,
            let label = Self.labelColumns.lazy.compactMap({ header.firstIndex(of: $0) }).first
        else {
            throw .badDataset(
                .malformed,
                reason: """
                    \(place): the first line names the columns: the image's path (\(Self.pathColumns.joined(separator: ", "))) \
                    and its label (\(Self.labelColumns.joined(separator: ", ")))
                    """)
        }
        var seen: Set<String> = []
        for row in rows {
            guard row.fields.count == header.count else {
                throw .badDataset(
                    .malformed,
                    reason: "\(place):\(row.line): \(row.fields.count) fields; the first line has \(header.count)")
            }
            let name = try Self.name(of: row.fields[path], at: "\(place):\(row.line)")
            guard seen.insert(name).inserted else {
                throw .badDataset(
                    .malformed,
                    reason: "\(place):\(row.line): image '\(Spelling.shortened(name))' is named a second time")
            }
            labels.append((name: name, label: row.fields[label].isEmpty ? nil : row.fields[label]))
        }
    }

    /// A path without what says nothing, `.` and empty parts.
    ///
    /// Throws `SwitchbackError.badDataset` for none, and for one that may lead out of where it is looked for.
    private static func name(of path: String, at place: String) throws(SwitchbackError) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !path.hasPrefix("/"), !path.contains("\0"), !parts.contains("..") else {
            throw .badDataset(
                .malformed,
                reason: """
                    \(place): the path '\(Spelling.shortened(path))' leads out of the data set; paths are relative to it
                    """)
        }
        guard !parts.isEmpty else {
            throw .badDataset(.malformed, reason: "\(place): image '\(Spelling.shortened(path))' is not named")
        }
        return parts.joined(separator: "/")
    }

    static func == (left: LabelTable, right: LabelTable) -> Bool {
        left.labels.elementsEqual(right.labels) { $0 == $1 }
    }
}
