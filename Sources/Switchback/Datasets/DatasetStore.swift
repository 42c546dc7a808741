package import Blobs
internal import Concurrency

/// The data sets that were uploaded, in a store of blobs: the images, and the list of each set.
///
/// A set is an owner (`BlobOwner`) of its images and its list, whose name says the set's name and the list's digest. So a
/// set is there exactly when its list is, on every machine that uses the store; the list comes last, and until it has come
/// there is no set. Nothing of a set goes for age or room.
public final class DatasetStore: Sendable {
    private let blobs: any BlobStore
    private let pruning: BlobPruning
    private let beingChanged = Guarded<Set<String>>([])

    /// Sets in `blobs`.
    package init(blobs: any BlobStore) {
        self.blobs = blobs
        pruning = BlobPruning(blobs)
    }

    /// Sets in the store that `make` makes with these limits.
    ///
    /// What no set keeps is left over from one that was removed, or that was never finished, and goes after a day.
    ///
    /// - Parameter maximumBytes: how much all sets together may take.
    /// - Throws: `SwitchbackError.brokenStore` with what is wrong with the store.
    package convenience init(
        maximumBytes: Int, make: (BlobLimits) throws -> any BlobStore
    ) throws {
        do {
            self.init(blobs: try make(BlobLimits(maximumBytes: maximumBytes, maximumAge: 86_400)))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Sets in a directory, which is made unless it is there.
    public convenience init(directory: String, maximumBytes: Int) throws {
        try self.init(maximumBytes: maximumBytes) { try DirectoryBlobStore(directory: directory, limits: $0) }
    }

    /// The longest name of a set, in letters.
    public static let maximumNameLength = 48

    /// Whether a set can have that name: letters and digits of ASCII, `-` and `_`.
    public static func isName(_ name: String) -> Bool {
        name.utf8.count <= maximumNameLength && BlobOwner(name) != nil
    }

    /// All sets, by name.
    func datasets() throws -> [Dataset] {
        try translated { try keys().compactMap { try list(of: $0) }.sorted { $0.name < $1.name } }
    }

    /// The set with that name; nil where there is none.
    func dataset(named name: String) throws -> OpenDataset? {
        try translated {
            guard let set = try keys().filter({ $0.name == name }).lazy.compactMap({ try list(of: $0) }).first else {
                return nil
            }
            return OpenDataset(set) { [self] image in
                guard let bytes = try bytes(image.sha256) else {
                    throw SwitchbackError.brokenDataset(
                        reason: "image '\(image.name)' of data set '\(name)' is no longer kept")
                }
                return bytes
            }
        }
    }

    /// The bytes of an image of any set; nil if there are none.
    func bytes(_ sha256: String) throws -> [UInt8]? {
        try translated { try Digest(hex: sha256).flatMap { try blobs.get($0) } }
    }

    /// The names of all sets, sorted.
    func names() throws -> [String] { try translated { Set(try keys().map(\.name)).sorted() } }

    /// Whether there is exactly this set.
    func has(_ dataset: Dataset) throws -> Bool {
        try translated {
            let key = Key(name: dataset.name, list: Digest.sha256(of: try dataset.document()))
            return try keys().contains(key) && list(of: key) != nil
        }
    }

    /// Runs `body`, which changes the set of that name, unless another thread does so already.
    ///
    /// - Throws: `SwitchbackError.datasetInUse`.
    func changing<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        guard beingChanged.withLock({ $0.insert(name).inserted }) else { throw Self.isBeingChanged(name) }
        defer { beingChanged.withLock { _ = $0.remove(name) } }
        return try body()
    }

    private static func isBeingChanged(_ name: String) -> SwitchbackError {
        .datasetInUse(reason: "the data set '\(name)' is being changed just now: try again")
    }

    /// Keeps a set, in place of the one with its name; `read` gives the bytes of those images that are not here yet.
    ///
    /// - Throws: `SwitchbackError.noRoom`, `badDataset` for too long a list, and `datasetInUse` where another machine has
    ///   changed the set meanwhile; nothing then has changed.
    func keep(
        _ dataset: Dataset, limits: DatasetLimits = DatasetLimits(),
        read: (DatasetImage) throws -> [UInt8]
    ) throws {
        try translated {
            let document = try dataset.document()
            guard document.count <= limits.maximumListBytes else {
                throw SwitchbackError.badDataset(
                    .tooLarge,
                    reason: "the list of the data set would have \(document.count) bytes; at most "
                        + "\(limits.maximumListBytes) are allowed")
            }
            let key = Key(name: dataset.name, list: Digest.sha256(of: document))
            // Also of a set that is here already: it may have lost an image to a damaged disk.
            let known = try keys()
            let others = known.filter { $0.name == dataset.name && $0 != key }
            do {
                for image in dataset.images {
                    guard let digest = Digest(hex: image.sha256) else { continue }
                    if try blobs.keep(digest, for: key.owner) { continue }
                    try blobs.put(try read(image), for: key.owner)
                }
                try blobs.put(document, for: key.owner)
                if try keys().contains(where: { $0.name == dataset.name && $0 != key && !others.contains($0) }) {
                    try blobs.remove(key.list)
                    throw Self.isBeingChanged(dataset.name)
                }
            } catch {
                if !known.contains(key) { try blobs.letGo(key.owner) }
                throw error
            }
            for other in others { try forget(other) }
        }
    }

    /// Removes a set; whether there was one.
    ///
    /// - Parameter requireUnused: throws where something still needs the set; asked once more while its list is away, so
    ///   that nobody has begun with it meanwhile, and what it throws leaves the set as it was.
    func remove(_ name: String, unless requireUnused: () throws -> Void = {}) throws -> Bool {
        try translated {
            try requireUnused()
            let mine = try keys().filter { $0.name == name }
            for key in mine {
                guard let document = try blobs.get(key.list) else { continue }
                try blobs.remove(key.list)
                do {
                    try requireUnused()
                } catch {
                    try blobs.put(document, for: key.owner)
                    throw error
                }
            }
            for key in mine { try blobs.letGo(key.owner) }
            return !mine.isEmpty
        }
    }

    /// A set by its owner's name.
    private struct Key: Hashable {
        let name: String
        let list: Digest

        init(name: String, list: Digest) {
            self.name = name
            self.list = list
        }

        /// Nil for an owner that is no set.
        init?(_ owner: BlobOwner) {
            let parts = owner.name.split(separator: "-", maxSplits: 2)
            guard parts.count == 3, parts[0] == "dataset", let list = Digest(hex: String(parts[1])) else { return nil }
            self.init(name: String(parts[2]), list: list)
        }

        var owner: BlobOwner {
            guard let owner = BlobOwner("dataset-\(list.hex)-\(name)") else {
                preconditionFailure("no data set can be called '\(name)'")
            }
            return owner
        }
    }

    private func keys() throws -> [Key] { try blobs.owners().compactMap(Key.init) }

    private func list(of key: Key) throws -> Dataset? {
        try blobs.get(key.list).map { try Dataset(document: $0) }
    }

    /// The list goes first: without it there is no set.
    private func forget(_ key: Key) throws {
        try blobs.remove(key.list)
        try blobs.letGo(key.owner)
    }

    private func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
