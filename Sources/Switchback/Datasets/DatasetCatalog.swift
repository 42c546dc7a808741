internal import Concurrency
internal import Foundation
internal import Jobs

/// The data sets that a service knows by name.
///
/// Those of configuration are read once, when the catalogue is made: every entry of a folder that is itself a folder, or
/// a file ending in `.tar`, is a set with that name. One of them goes before an uploaded set of its name, which stays where
/// it is and is seen again where the configuration has none of that name.
public final class DatasetCatalog: Sendable {
    private let configured: [String: OpenDataset]
    let uploaded: DatasetStore?
    let limits: DatasetLimits
    let images: EngineLimits
    private let isShared: Bool
    private let sharing = SharedWork<String, Void>()

    /// A catalogue without a set.
    public static var empty: DatasetCatalog {
        DatasetCatalog(
            configured: [:], uploaded: nil, limits: DatasetLimits(), images: EngineLimits(), isShared: false)
    }

    private init(
        configured: [String: OpenDataset], uploaded: DatasetStore?, limits: DatasetLimits, images: EngineLimits,
        isShared: Bool
    ) {
        (self.configured, self.uploaded, self.isShared) = (configured, uploaded, isShared)
        (self.limits, self.images) = (limits, images)
    }

    /// The sets in these folders, the first one where a name comes twice.
    ///
    /// - Parameters:
    ///   - uploaded: where uploaded sets are kept; nil where nothing can be uploaded.
    ///   - isShared: whether other machines look there for the images of jobs, so that those of configuration have to be
    ///     kept there too.
    /// - Throws: `SwitchbackError.badDataset` for a folder that cannot be listed, or a set that cannot be read or is
    ///   over a limit.
    public convenience init(
        directories: [String], limits: DatasetLimits = DatasetLimits(), images: EngineLimits = EngineLimits(),
        uploaded: DatasetStore? = nil, isShared: Bool = false
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
        self.init(
            configured: configured, uploaded: uploaded, limits: limits, images: images, isShared: isShared)
    }

    /// All sets, by name.
    public func datasets() throws -> [Dataset] {
        let others = try uploaded?.datasets().filter { configured[$0.name] == nil } ?? []
        return (configured.values.map(\.dataset) + others).sorted { $0.name < $1.name }
    }

    /// The set with that name.
    ///
    /// - Throws: `SwitchbackError.noDataset` with the names that there are.
    public func dataset(named name: String) throws -> OpenDataset {
        if let set = try configured[name] ?? uploaded?.dataset(named: name) { return set }
        throw try unknown(name)
    }

    /// The error that says which sets there are.
    func unknown(_ name: String) throws -> SwitchbackError {
        let names = Set(configured.keys).union(try uploaded?.names() ?? []).sorted()
        let known = names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))"
        return .noDataset(reason: "no data set '\(Spelling.shortened(name))'; \(known)")
    }

    /// A set as a job keeps it, with its images from wherever they are now; its user is told with `noDataset` of one that
    /// is gone.
    func open(_ dataset: Dataset) -> OpenDataset {
        OpenDataset(dataset) { [self] image in
            if let bytes = try uploaded?.bytes(image.sha256) { return bytes }
            for set in configured.values {
                if let known = set.dataset.images.first(where: { $0.sha256 == image.sha256 }) {
                    return try set.bytes(of: known)
                }
            }
            throw SwitchbackError.noDataset(
                reason: """
                    image '\(image.name)' of data set '\(dataset.name)' is no longer among the data sets of this service; \
                    what was computed is there again when the set is
                    """)
        }
    }

    /// Whether a set of that name is one of configuration.
    func isConfigured(_ name: String) -> Bool { configured[name] != nil }

    /// The names of uploaded sets that are not seen because the configuration has others of these names.
    public func hidden() throws -> [String] {
        try (uploaded?.names() ?? []).filter { try isConfigured($0) && uploaded?.dataset(named: $0) != nil }
    }

    /// Lets go what nobody will use of the sets that are kept: uploads that were killed, and sets of configuration that no
    /// job is about, as `isNeeded` says.
    func tidy(now: WallTime, isNeeded: (Dataset) throws -> Bool) throws {
        try uploaded?.tidy(now: now, isNeeded: isNeeded)
    }

    /// Has every machine see the images of a set that a job is about.
    ///
    /// - Parameter isCertain: whether that was done and has only to be done again where it was undone meanwhile.
    func share(_ set: OpenDataset, isCertain: Bool = false) throws {
        guard isShared, let uploaded, isConfigured(set.dataset.name) else { return }
        if isCertain, try uploaded.has(set.dataset, as: .shared) { return }
        guard DatasetStore.isName(set.dataset.name) else {
            throw SwitchbackError.badDataset(
                .malformed,
                reason: """
                    the data set '\(set.dataset.name)' cannot be kept where other machines see it: its name may have \
                    \(DatasetStore.maximumNameLength) letters of ASCII, digits, '-' and '_'
                    """)
        }
        // Once for all who ask at this time: each would have to look at every image.
        try sharing.value(for: "\(set.dataset.digest) \(set.dataset.name)", token: .never) { _ in
            try uploaded.share(set.dataset) { try set.bytes(of: $0) }
        }
    }

    private static let archiveEnding = ".tar"

    private static func sets(in directory: String) throws -> [(name: String, path: String)] {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw SwitchbackError.badDataset(
                .malformed, reason: "the folder of data sets '\(directory)' cannot be listed")
        }
        return entries.sorted().filter { !$0.hasPrefix(".") }.compactMap { entry in
            let path = directory + "/" + entry
            if DatasetFolder.isFolder(path) { return (entry, path) }
            return entry.hasSuffix(archiveEnding) ? (String(entry.dropLast(archiveEnding.count)), path) : nil
        }
    }
}
