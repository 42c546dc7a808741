internal import Concurrency
internal import Foundation

/// Reads a tar archive of images as a data set, by the rules of ``DatasetFolder``: `labels.csv` at its root says which
/// files are images and what is to be seen in them, or else the first folder of a path does.
struct DatasetArchive {
    private let builder: DatasetBuilder
    private let limits: DatasetLimits

    init(limits: DatasetLimits, images: EngineLimits) {
        builder = DatasetBuilder(limits: limits, images: images)
        self.limits = limits
    }

    /// The set in an archive of `size` bytes, and where the bytes of each image lie.
    ///
    /// - Parameter read: the bytes of a range of the archive.
    /// - Throws: `SwitchbackError.badDataset` for an archive or a table that is damaged or over a limit, and `Stopped` when
    ///   `token` says so.
    func dataset(
        named name: String, size: Int, token: CancellationToken = .never, read: (Range<Int>) throws -> [UInt8]
    ) throws -> (dataset: Dataset, places: [String: Range<Int>]) {
        let archive = try TarArchive(size: size, maximumEntries: limits.maximumImages, read: read)
        let places = Dictionary(uniqueKeysWithValues: archive.entries.map { ($0.name, $0.range) })
        var builder = builder
        for (name, label) in try wanted(places, read) {
            try token.check()
            try builder.add(name: name, label: label) {
                guard let place = places[name] else { throw UnreadableFile(reason: "there is no such file") }
                return try read(place)
            }
        }
        return (builder.dataset(named: name), places)
    }

    private func wanted(
        _ places: [String: Range<Int>], _ read: (Range<Int>) throws -> [UInt8]
    ) throws -> [(name: String, label: String?)] {
        guard let table = places[LabelTable.fileName] else {
            return places.keys.filter(DatasetBuilder.looksLikeAnImage).sorted()
                .map { (name: $0, label: DatasetBuilder.folderLabel(of: $0)) }
        }
        guard table.count <= limits.maximumTableBytes else {
            throw SwitchbackError.badDataset(
                .malformed,
                reason:
                    "\(LabelTable.fileName) has \(table.count) bytes; at most \(limits.maximumTableBytes) are allowed")
        }
        return try LabelTable(try read(table), at: LabelTable.fileName, limits: limits).labels
    }
}

extension DatasetArchive {
    /// The set in a tar file on this machine.
    func open(file path: String, name: String) throws -> OpenDataset {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw SwitchbackError.badDataset(.malformed, reason: "there is no file '\(path)', or it cannot be read")
        }
        defer { try? handle.close() }
        let size = Int(clamping: try handle.seekToEnd())
        let (dataset, places) = try dataset(named: name, size: size) { try Self.read($0, of: handle) }
        return OpenDataset(dataset) { image in
            guard let place = places[image.name], let handle = FileHandle(forReadingAtPath: path) else {
                // By its name alone: clients of a service are told this too.
                throw SwitchbackError.brokenDataset(reason: "the archive of data set '\(name)' cannot be read any more")
            }
            defer { try? handle.close() }
            return try Self.read(place, of: handle)
        }
    }

    private static func read(_ range: Range<Int>, of handle: FileHandle) throws -> [UInt8] {
        try handle.seek(toOffset: UInt64(range.lowerBound))
        let data = try handle.read(upToCount: range.count) ?? Data()
        guard data.count == range.count else { throw UnreadableFile(reason: "the archive has become shorter") }
        return [UInt8](data)
    }
}
