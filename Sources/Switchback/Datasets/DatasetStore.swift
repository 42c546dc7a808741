package import Blobs
internal import Concurrency
internal import Jobs

/// The data sets that were uploaded, in a store of blobs: the images, and the list of each set.
///
/// Sets of configuration that jobs on other machines are about lie beside them, under owners of another kind, and are no
/// sets of the store.
///
/// A set is an owner (`BlobOwner`) of its images and its list, whose name says the set's name and the list's digest. So a
/// set is there exactly when its list is, on every machine that uses the store; the list comes last, and until it has come
/// there is no set. Nothing of a set goes for age or room.
public final class DatasetStore: Sendable {
    let blobs: any BlobStore
    private let pruning: BlobPruning
    let beingChanged = Guarded<Set<String>>([])
    /// Lists that were read, by their digests.
    private let lists = BoundedCache<Digest, Dataset>(byteLimit: listCacheBytes)
    /// What nobody uses, and since when that is known.
    let leftOver = Guarded<[DatasetKey: WallTime]>([:])

    /// What lists that were read may take in memory; a set of 100,000 images takes two thirds of it.
    public static let listCacheBytes = 32 << 20

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
    func has(_ dataset: Dataset, as kind: DatasetKey.Kind = .uploaded) throws -> Bool {
        try translated { try keys(kind).contains { try $0.name == dataset.name && list(of: $0) == dataset } }
    }

    /// Runs `body`, which changes the set of that name, unless another thread does so already.
    ///
    /// - Throws: `SwitchbackError.datasetInUse`.
    func changing<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        guard beingChanged.withLock({ $0.insert(name).inserted }) else { throw Self.isBeingChanged(name) }
        defer { beingChanged.withLock { _ = $0.remove(name) } }
        return try body()
    }

    static func isBeingChanged(_ name: String) -> SwitchbackError {
        .datasetInUse(reason: "the data set '\(name)' is being changed just now: try again")
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

    /// The sets, or what there is of them, that were uploaded.
    func keys(_ kind: DatasetKey.Kind = .uploaded) throws -> [DatasetKey] {
        try blobs.owners().compactMap(DatasetKey.init).filter { $0.kind == kind }
    }

    /// The list of a set; nil where it is not there, and so no set.
    func list(of key: DatasetKey) throws -> Dataset? {
        if let known = lists.value(for: key.list) { return try blobs.contains(key.list) ? known : nil }
        guard let bytes = try blobs.get(key.list) else { return nil }
        let set = try Dataset(document: bytes)
        lists.keep(set, for: key.list, bytes: set.byteCount)
        return set
    }

    /// The list goes first: without it there is no set.
    func forget(_ key: DatasetKey) throws {
        try blobs.remove(key.list)
        try blobs.letGo(key.owner)
    }

    func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
