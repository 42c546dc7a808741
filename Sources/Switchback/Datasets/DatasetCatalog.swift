internal import Foundation

/// The data sets that a service knows by name.
///
/// Those of configuration are read once, when the catalogue is made: every entry of a folder that is itself a folder, or
/// a file ending in `.tar`, is a set with that name.
public final class DatasetCatalog: Sendable {
    private let configured: [String: OpenDataset]

    /// A catalogue without a set.
    public static var empty: DatasetCatalog { DatasetCatalog(configured: [:]) }

    private init(configured: [String: OpenDataset]) { self.configured = configured }

    /// The sets in these folders, the first one where a name comes twice.
    ///
    /// - Throws: `SwitchbackError.brokenDataset` for a folder that cannot be listed, or a set that cannot be read or is
    ///   over a limit.
    public convenience init(
        directories: [String], limits: DatasetLimits = DatasetLimits(), images: EngineLimits = EngineLimits()
    ) throws {
        var configured: [String: OpenDataset] = [:]
        for directory in directories {
            for (name, path) in try Self.sets(in: directory) where configured[name] == nil {
                configured[name] =
                    path.hasSuffix(Self.archiveEnding)
                    ? try DatasetArchive(limits: limits, images: images).open(file: path, name: name)
                    : try DatasetFolder(path: path, limits: limits, images: images).open(name: name)
            }
        }
        self.init(configured: configured)
    }

    /// All sets, by name.
    public func datasets() throws -> [Dataset] {
        configured.values.map(\.dataset).sorted { $0.name < $1.name }
    }

    /// The set with that name.
    ///
    /// - Throws: `SwitchbackError.noDataset` with the names that there are.
    public func dataset(named name: String) throws -> OpenDataset {
        if let set = configured[name] { return set }
        let names = try datasets().map(\.name)
        let known = names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))"
        throw SwitchbackError.noDataset(reason: "no data set '\(Spelling.shortened(name))'; \(known)")
    }

    /// A set as a job keeps it, with its images from wherever they are now.
    func open(_ dataset: Dataset) -> OpenDataset {
        OpenDataset(dataset) { [self] image in
            for set in configured.values {
                if let known = set.dataset.images.first(where: { $0.sha256 == image.sha256 }) {
                    return try set.bytes(of: known)
                }
            }
            throw SwitchbackError.brokenDataset(
                reason:
                    "image '\(image.name)' of data set '\(dataset.name)' is no longer among the data sets of this service"
            )
        }
    }

    private static let archiveEnding = ".tar"

    private static func sets(in directory: String) throws -> [(name: String, path: String)] {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw SwitchbackError.brokenDataset(reason: "the folder of data sets '\(directory)' cannot be listed")
        }
        return entries.sorted().filter { !$0.hasPrefix(".") }.compactMap { entry in
            let path = directory + "/" + entry
            if DatasetFolder.isFolder(path) { return (entry, path) }
            return entry.hasSuffix(archiveEnding) ? (String(entry.dropLast(archiveEnding.count)), path) : nil
        }
    }
}
